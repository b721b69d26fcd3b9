"""OpenDocument spreadsheets: their tables, rows and merged ranges. Runs in the child process.

Empty rows and cells are stated by their number, often a million: they cost nothing unless something stands after
them. Blanks between elements, which some writers put there for looks, mean nothing.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import Any
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

from importer.reading.format_code import GENERAL
from importer.reading.formats.ods_cells import OFFICE, TABLE, raw_cell
from importer.reading.formats.ods_styles import CellStyles
from importer.reading.formats.xlsx_engines import SheetName
from importer.reading.package import Package
from importer.reading.raw import EMPTY, SHEET_COLUMNS, SHEET_ROWS, Encoder, Raw, RawSheet, RefusalError

CONTENT = "content.xml"
MIMETYPE, MANIFEST = "mimetype", "meta-inf/manifest.xml"
STYLES = "styles.xml"
_ROW = f"{TABLE}table-row"
_CELL = f"{TABLE}table-cell"
_COVERED = f"{TABLE}covered-table-cell"
_COLUMN = f"{TABLE}table-column"
_LOOKS = {f"{TABLE}style-name", f"{TABLE}number-columns-repeated"}
_CHANGING = re.compile(r"\b(?:TODAY|NOW)\(")
_DEFAULT = f"{TABLE}default-cell-style-name"


def _refuse_others(package: Package) -> None:
    """What has the same parts and is no spreadsheet, or is encrypted (ODF 1.2, part 3)."""
    if not {MIMETYPE, MANIFEST} & package.names.keys():
        raise RefusalError("archive")
    if MANIFEST in package.names and b"encryption-data" in b"".join(package.chunks(MANIFEST)):
        raise RefusalError("password")
    kind = b"".join(package.chunks(MIMETYPE)) if MIMETYPE in package.names else b""
    if kind and b"spreadsheet" not in kind:
        raise RefusalError("other-office")


class OdsReader:
    """An ods spreadsheet, all of whose tables are read at once. Raises `RefusalError` if it is damaged."""

    format = "ods"

    def __init__(self, package: Package, most_cells: int) -> None:
        _refuse_others(package)
        self._package = package
        self._most_cells = most_cells
        self._styles = CellStyles()
        self._tables: dict[str, _Table] = {}
        try:
            if STYLES in package.names:
                for parent in fromstring(b"".join(package.chunks(STYLES))):
                    self._styles.gather(parent)
            self._parse()
        except (ET.ParseError, ValueError) as error:
            raise RefusalError("damaged") from error

    def sheets(self) -> list[SheetName]:
        """The sheets, in the spreadsheet's order."""
        return [SheetName(name, table.visible) for name, table in self._tables.items()]

    def read(self, name: str) -> RawSheet:
        """One sheet, whole."""
        return self._tables[name].sheet()

    def _parse(self) -> None:
        parser: Any = ET.XMLPullParser(("start", "end"))
        parents: list[ET.Element] = []
        table: _Table | None = None
        for chunk in self._package.chunks(CONTENT):
            parser.feed(chunk)
            for event, element in parser.read_events():
                if event == "start":
                    if element.tag == f"{TABLE}table" and parents[-1].tag == f"{OFFICE}spreadsheet":
                        name = element.get(f"{TABLE}name", "")
                        visible = element.get(f"{TABLE}style-name") not in self._styles.hidden_tables
                        table = self._tables[name] = _Table(name, visible, self._styles, self._most_cells)
                    parents.append(element)
                    continue
                parents.pop()
                if element.tag == f"{OFFICE}automatic-styles":
                    self._styles.gather(element)
                elif element.tag == f"{TABLE}table" and parents[-1].tag == f"{OFFICE}spreadsheet":
                    table = None
                    parents[-1].clear()
                elif table is not None and element.tag == _COLUMN:
                    table.add_column(element)
                elif table is not None and element.tag == _ROW and _ROW not in [parent.tag for parent in parents]:
                    table.add_row(element)
                    del parents[-1][:]
        parser.close()


class _Table:
    """One sheet, row by row."""

    def __init__(self, name: str, visible: bool, styles: CellStyles, most_cells: int) -> None:  # noqa: FBT001
        self.visible = visible
        self._sheet = RawSheet(name)
        self._styles = styles
        self._encoder = Encoder(most_cells)
        self._columns: list[tuple[int, str]] = []
        self._row = 0
        self._refusal: RefusalError | None = None

    def sheet(self) -> RawSheet:
        """The sheet. Raises `RefusalError` if it has too many cells."""
        if self._refusal is not None:
            raise self._refusal
        self._sheet.rows, self._sheet.columns = self._encoder.rows, self._encoder.columns()
        return self._sheet

    def add_column(self, element: ET.Element) -> None:
        """Take the style that a column's cells have unless they name their own."""
        repeats = _repeats(element, "columns")
        if element.get(f"{TABLE}visibility") in ("collapse", "filter"):
            place = sum(count for count, _ in self._columns)
            self._sheet.hidden_columns.append((place, place + repeats - 1))
        self._columns.append((repeats, element.get(_DEFAULT, "")))

    def add_row(self, element: ET.Element) -> None:
        """Take a row, as often as it is repeated."""
        repeats = _repeats(element, "rows")
        if self._row >= SHEET_ROWS:
            raise RefusalError("damaged")
        cells = self._cells(element)
        if cells and self._refusal is None:
            try:
                self._encoder.feed(repeat([], self._row - self._encoder.rows))
                self._encoder.feed(repeat(cells, min(repeats, SHEET_ROWS - self._row)))
            except RefusalError as refusal:
                self._refusal = refusal
            if element.get(f"{TABLE}visibility") in ("collapse", "filter"):
                self._sheet.hidden_rows += repeats
        self._row += repeats

    def _cells(self, element: ET.Element) -> list[Raw | bool]:
        """The cells up to the last one that holds anything."""
        cells: list[Raw | bool] = []
        place = 0
        for cell in element:
            if cell.tag not in (_CELL, _COVERED):
                continue
            repeats = _repeats(cell, "columns")
            raw: Raw | bool = EMPTY
            # What stands in a covered cell is not seen.
            if cell.tag == _CELL and (len(cell) or cell.attrib.keys() - _LOOKS):
                style = cell.get(f"{TABLE}style-name") or element.get(_DEFAULT) or self._style_of_column(place)
                raw = raw_cell(cell, self._styles.code(style) if style else GENERAL)
                self._note_span(cell, place)
                if _CHANGING.search(cell.get(f"{TABLE}formula", "")):
                    self._sheet.changing.setdefault(place, self._row)
            if raw != EMPTY:
                if place + repeats > SHEET_COLUMNS:
                    raise RefusalError("damaged")
                cells += [EMPTY] * (place - len(cells))
                cells += [raw] * repeats
            place += repeats
        return cells

    def _style_of_column(self, place: int) -> str:
        for count, style in self._columns:
            if place < count:
                return style
            place -= count
        return ""

    def _note_span(self, cell: ET.Element, place: int) -> None:
        rows = _count(cell, "number-rows-spanned")
        columns = _count(cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            self._sheet.merged.append((self._row, place, self._row + rows - 1, place + columns - 1))


def _repeats(element: ET.Element, what: str) -> int:
    return _count(element, f"number-{what}-repeated")


def _count(element: ET.Element, name: str) -> int:
    value = element.get(f"{TABLE}{name}", "1")
    return max(1, int(value)) if value.isdigit() else 1
