"""Workbooks of Excel 97 to 2003 and before, as xlrd reads them. Runs in the child process."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from importer.reading.formats.ole import open_container
from importer.reading.formats.xlsx_engines import SheetName
from importer.reading.number_format import format_code, raw_number, raw_text
from importer.reading.raw import EMPTY, Encoder, Raw, RawSheet, RefusalError

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}

_FORMULAS = (0x0006, 0x0206, 0x0406)
_BEGINNINGS = (0x0009, 0x0209, 0x0409, 0x0809)
_END = 0x000A
_ENGINE = 0x01C1
_ZERO, _EMPTY_TEXT = bytes(8), b"\x03\x00\x00\x00\x00\x00\xff\xff"


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part of a workbook, of the charts within it none."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        depth += (kind in _BEGINNINGS) - (kind == _END)
        if not depth:
            return
        if depth == 1:
            yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def uncalculated(stream: bytes, place: int) -> set[tuple[int, int]]:
    """The formulas of the sheet at `place` whose result is 0 or "", as writers put it there that do not calculate.

    None, where the workbook names the engine that calculated it, or any formula of the sheet has another result.
    """
    found = set()
    if any(kind == _ENGINE and any(data[4:8]) for kind, data in _records(stream, 0)):
        return set()
    for kind, data in _records(stream, place):
        if kind not in _FORMULAS or len(data) < 14:
            continue
        if data[6:14] not in (_ZERO, _EMPTY_TEXT):
            return set()
        found.add((data[0] | data[1] << 8, data[2] | data[3] << 8))
    return found


class XlsReader:
    """An xls workbook. Raises `RefusalError` if it is protected, damaged, or something else."""

    format = "xls"

    def __init__(self, content: bytes, most_cells: int) -> None:
        from xlrd import open_workbook  # noqa: PLC0415 - few files need it
        from xlrd.biffh import XLRDError  # noqa: PLC0415

        stream = open_container(content)
        try:
            # What it has to say would stand amid the answer on the standard output.
            self._book: Any = open_workbook(
                file_contents=stream, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
            )
        except XLRDError as error:
            raise RefusalError("password" if "encrypted" in str(error) else "damaged") from error
        self._stream = bytes(stream)
        self._most_cells = most_cells
        own = {number: shape.format_str for number, shape in self._book.format_map.items()}
        self._codes = [format_code(style.format_key, own) for style in self._book.xf_list]
        self._known: dict[tuple[float, int], Raw] = {}

    def sheets(self) -> list[SheetName]:
        """The sheets that hold cells, in the workbook's order."""
        return [SheetName(sheet.name, sheet.visibility == 0) for sheet in self._book.sheets()]

    def read(self, name: str) -> RawSheet:
        """One sheet, whole."""
        sheet = self._book.sheet_by_name(name)
        encoder = Encoder(self._most_cells)
        place = self._book._sh_abs_posn[self._book.sheet_names().index(name)]  # noqa: SLF001 - said nowhere else
        encoder.feed(self._rows(sheet, uncalculated(self._stream, place)))
        merged = [(top, left, below - 1, right - 1) for top, below, left, right in sheet.merged_cells]
        hidden = sum(bool(row.hidden) for row in sheet.rowinfo_map.values())
        hidden_columns = [(place, place) for place, column in sheet.colinfo_map.items() if column.hidden]
        return RawSheet(name, encoder.rows, encoder.columns(), merged, hidden, hidden_columns)

    def _rows(self, sheet: Any, without_result: set[tuple[int, int]]) -> Iterator[list[Raw | bool]]:
        odd = {row for row, _ in without_result}
        for row in range(sheet.nrows):
            cells = [self._cell(cell.ctype, cell.value, cell.xf_index) for cell in sheet.row(row)]
            if row in odd:
                cells = [("u", "…") if (row, place) in without_result else cell for place, cell in enumerate(cells)]
            yield cells

    def _cell(self, kind: int, value: Any, style: int) -> Raw | bool:
        match kind:
            case 1:
                return raw_text(str(value), self._codes[style] if style < len(self._codes) else "")
            case 2 | 3:
                known = self._known.get((value, style))
                if known is None:
                    code = self._codes[style] if style < len(self._codes) else ""
                    known = raw_number(value, code, epoch1904=bool(self._book.datemode))
                    self._known[value, style] = known
                return known
            case 4:
                return bool(value)
            case 5:
                return ("e", ERRORS.get(value, "#VALUE!"))
            case _:
                return EMPTY
