"""Binary Excel workbooks, read record by record ([MS-XLSB] 2.1.4). Runs in the child process."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from importer.reading.formats.xls import ERRORS
from importer.reading.formats.xlsx_engines import SheetName
from importer.reading.number_format import format_code, raw_number, raw_text
from importer.reading.package import Package, part_name
from importer.reading.raw import EMPTY, SHEET_COLUMNS, SHEET_ROWS, Encoder, Raw, RawSheet, RefusalError

WORKBOOK = "xl/workbook.bin"
_ROW, _ITEM, _FORMAT, _XF, _COLUMNS, _PROPERTIES, _SHEET, _MERGED, _CELL_STYLES, _CELL_STYLES_END = (
    0, 19, 44, 47, 60, 153, 156, 176, 617, 618,
)  # fmt: skip
_HIDDEN = 0x10


class XlsbReader:
    """An xlsb workbook. Raises `RefusalError` if it is damaged."""

    format = "xlsb"

    def __init__(self, package: Package, most_cells: int) -> None:
        self._package = package
        self._most_cells = most_cells
        self._parts: dict[str, str] = {}
        self._visible: dict[str, bool] = {}
        self._epoch1904 = False
        self._read_workbook()
        self._codes = self._format_codes()
        self._texts = [_wide_text(data, 1)[0] for kind, data in self._records("xl/sharedstrings.bin") if kind == _ITEM]
        self._known: dict[tuple[float, int], Raw] = {}

    def sheets(self) -> list[SheetName]:
        """The sheets that hold cells, in the workbook's order."""
        return [SheetName(name, self._visible[name]) for name in self._parts]

    def read(self, name: str) -> RawSheet:
        """One sheet, whole."""
        found = RawSheet(name)
        encoder = Encoder(self._most_cells)
        try:
            encoder.feed(self._rows(self._parts[name], found))
        except (struct.error, IndexError) as error:
            raise RefusalError("damaged") from error
        found.rows, found.columns = encoder.rows, encoder.columns()
        return found

    def _rows(self, part: str, found: RawSheet) -> Iterator[list[Raw | bool]]:
        """The rows in order, empty ones between them; what is hidden and merged ranges are noted in `found`."""
        at = 0
        row: list[Raw | bool] | None = None
        for kind, data in self._records(part):
            if kind == _ROW:
                if row is not None:
                    yield row
                    at += 1
                number = struct.unpack_from("<I", data)[0]
                if not at <= number < SHEET_ROWS:
                    raise RefusalError("damaged")
                for _ in range(number - at):
                    yield []
                at, row = number, []
                found.hidden_rows += bool(data[11] & _HIDDEN)
            elif kind in _VALUES and row is not None:
                column, style = struct.unpack_from("<II", data)
                if not len(row) <= column < SHEET_COLUMNS:
                    raise RefusalError("damaged")
                row += [EMPTY] * (column - len(row))
                row.append(self._cell(kind, data, style & 0xFFFFFF))
            else:
                _note(kind, data, found)
        if row is not None:
            yield row

    def _cell(self, kind: int, data: bytes, style: int) -> Raw | bool:
        code = self._codes[style] if style < len(self._codes) else ""
        if kind == _SHARED_TEXT:
            number: int = struct.unpack_from("<I", data, 8)[0]
            return raw_text(self._texts[number], code)
        value = _VALUES[kind](data)
        if type(value) is not float:
            return raw_text(value, code) if isinstance(value, str) else value
        known = self._known.get((value, style))
        if known is None:
            known = self._known[value, style] = raw_number(value, code, epoch1904=self._epoch1904)
        return known

    def _read_workbook(self) -> None:
        try:
            links = {link.get("Id"): link for link in self._package.xml("xl/_rels/workbook.bin.rels")}
        except (ET.ParseError, ValueError, KeyError) as error:
            raise RefusalError("damaged") from error
        for kind, data in self._records(WORKBOOK):
            if kind == _PROPERTIES and data:
                self._epoch1904 = bool(data[0] & 1)
            elif kind == _SHEET and len(data) >= 8:
                target, place = _wide_text(data, 8)
                link = links.get(target)
                part = part_name(link.get("Target") or "") if link is not None else ""
                if link is not None and (link.get("Type") or "").endswith("/worksheet") and part in self._package.names:
                    name = _wide_text(data, place)[0]
                    self._parts[name] = part
                    self._visible[name] = struct.unpack_from("<I", data)[0] == 0

    def _format_codes(self) -> list[str]:
        """The format code of each cell style."""
        own: dict[int, str] = {}
        used: list[int] = []
        of_cells = False
        for kind, data in self._records("xl/styles.bin"):
            if kind == _FORMAT and len(data) >= 2:
                own[struct.unpack_from("<H", data)[0]] = _wide_text(data, 2)[0]
            elif kind in (_CELL_STYLES, _CELL_STYLES_END):
                of_cells = kind == _CELL_STYLES
            elif kind == _XF and of_cells and len(data) >= 4:
                used.append(struct.unpack_from("<H", data, 2)[0])
        return [format_code(number, own) for number in used]

    def _records(self, part: str) -> Iterator[tuple[int, bytes]]:
        if part not in self._package.names:
            return
        data = b"".join(self._package.chunks(part))
        place = 0
        while place < len(data):
            kind, place = _packed(data, place, 2)
            length, place = _packed(data, place, 4)
            if place + length > len(data):
                raise RefusalError("damaged")
            yield kind, data[place : place + length]
            place += length


def _note(kind: int, data: bytes, found: RawSheet) -> None:
    """Note a merged range, or hidden columns."""
    if kind == _MERGED:
        top, bottom, left, right = struct.unpack_from("<IIII", data)
        found.merged.append((top, left, bottom, right))
    elif kind == _COLUMNS and data[16] & 1:
        first, last = struct.unpack_from("<II", data)
        found.hidden_columns.append((first, last))


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


def rk_number(packed: int) -> float:
    """A number in Excel's packed form: 30 bits of an integer or of a float, maybe a hundredth of it."""
    if packed & 2:
        whole = packed >> 2
        number = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return number / 100 if packed & 1 else number


def _wide_text(data: bytes, place: int) -> tuple[str, int]:
    """A text of two-byte characters with its length before it, and where it ends."""
    if place + 4 > len(data):
        return "", place
    length = struct.unpack_from("<I", data, place)[0]
    end = place + 4 + 2 * length
    return data[place + 4 : end].decode("utf-16-le", "replace"), end


def _real(data: bytes) -> float:
    return float(struct.unpack_from("<d", data, 8)[0])


def _error(data: bytes) -> Raw:
    return ("e", ERRORS.get(data[8], "#VALUE!"))


def _flag(data: bytes) -> bool:
    return bool(data[8])


def _text(data: bytes) -> str:
    return _wide_text(data, 8)[0]


_SHARED_TEXT = 7
# The records of cells, and how to take out what they hold; those of formulas begin like those of plain cells.
_VALUES: dict[int, Callable[[bytes], Raw | bool]] = {
    1: lambda _: EMPTY,
    2: lambda data: rk_number(struct.unpack_from("<I", data, 8)[0]),
    3: _error,
    4: _flag,
    5: _real,
    6: _text,
    _SHARED_TEXT: _text,
    8: _text,
    9: _real,
    10: _flag,
    11: _error,
    62: lambda data: _wide_text(data, 9)[0],
}
