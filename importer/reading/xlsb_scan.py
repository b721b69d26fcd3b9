"""What the fast engine hides in an xlsb sheet, found in its records. Runs in the child process."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from importer.reading.number_format import looks_otherwise, shown_as
from importer.reading.package import Package, part_name
from importer.reading.raw import Found
from importer.reading.xls_scan import ERRORS, rk_number

_ROW, _RK, _ERROR, _REAL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 9, 11
_FORMAT, _XF, _SHEET, _CELL_STYLES, _CELL_STYLES_END = 44, 47, 156, 617, 618
_HIDDEN = 0x10


class XlsbScan:
    """The records of an xlsb package's parts."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._parts = self._sheet_parts()
        self._styles = self._strange_styles()

    def find(self, name: str) -> Found:
        """A sheet's error cells, its numbers that look otherwise, and its hidden rows."""
        found = Found()
        row = 0
        for kind, data in self._records(self._parts.get(name, "")):
            if kind == _ROW and len(data) >= 12:
                row = struct.unpack_from("<I", data)[0]
                found.hidden_rows += bool(data[11] & _HIDDEN)
            elif kind in (_ERROR, _FORMULA_ERROR) and len(data) >= 9:
                column = struct.unpack_from("<I", data)[0]
                found.cells.append((row, column, ("e", ERRORS.get(data[8], "#VALUE!"))))
            elif self._styles and kind in (_RK, _REAL, _FORMULA_NUMBER) and len(data) >= 12:
                column, style = struct.unpack_from("<II", data)
                code = self._styles.get(style & 0xFFFFFF)
                number = rk_number(struct.unpack_from("<I", data, 8)[0]) if kind == _RK else _real(data)
                text = shown_as(number, code) if code else None
                if text is not None:
                    found.cells.append((row, column, ("n", number, text)))
        return found

    def _sheet_parts(self) -> dict[str, str]:
        try:
            links = self._package.xml("xl/_rels/workbook.bin.rels")
        except (ET.ParseError, ValueError, KeyError):
            return {}
        targets = {link.get("Id"): part_name(link.get("Target") or "") for link in links}
        parts = {}
        for kind, data in self._records("xl/workbook.bin"):
            if kind == _SHEET:
                link, place = _wide_text(data, 8)
                parts[_wide_text(data, place)[0]] = targets.get(link, "")
        return parts

    def _strange_styles(self) -> dict[int, str]:
        formats: dict[int, str] = {}
        used: list[int] = []
        of_cells = False
        for kind, data in self._records("xl/styles.bin"):
            if kind == _FORMAT:
                formats[struct.unpack_from("<H", data)[0]] = _wide_text(data, 2)[0]
            elif kind in (_CELL_STYLES, _CELL_STYLES_END):
                of_cells = kind == _CELL_STYLES
            elif kind == _XF and of_cells:
                used.append(struct.unpack_from("<H", data, 2)[0])
        strange = {number: code for number, code in formats.items() if looks_otherwise(code)}
        return {style: strange[number] for style, number in enumerate(used) if number in strange}

    def _records(self, part: str) -> Iterator[tuple[int, bytes]]:
        if part not in self._package.names:
            return
        data = b"".join(self._package.chunks(part))
        place = 0
        while place < len(data):
            kind, place = _packed(data, place, 2)
            length, place = _packed(data, place, 4)
            yield kind, data[place : place + length]
            place += length


def _packed(data: bytes, place: int, most: int) -> tuple[int, int]:
    """A number in seven bits a byte, the low ones first."""
    number = 0
    for step in range(most):
        byte = data[place] if place < len(data) else 0
        place += 1
        number |= (byte & 0x7F) << (7 * step)
        if not byte & 0x80:
            break
    return number, place


def _real(data: bytes) -> float:
    return float(struct.unpack_from("<d", data, 8)[0]) if len(data) >= 16 else 0.5


def _wide_text(data: bytes, place: int) -> tuple[str, int]:
    """A text of two-byte characters with its length before it, and where it ends."""
    if place + 4 > len(data):
        return "", place
    length = struct.unpack_from("<I", data, place)[0]
    end = place + 4 + 2 * length
    return data[place + 4 : end].decode("utf-16-le", "replace"), end
