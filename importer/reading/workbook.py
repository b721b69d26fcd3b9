"""Chooses the sheet of a workbook that is read. Runs in the child process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from importer.columns import LIVE_SHEET, RESULTS_SHEET, SUMMARY_SHEET
from importer.headers import ENOUGH_KNOWN, LOOKED_AT_ROWS, NEEDED, known_names
from importer.reading.formats.xlsx_engines import SheetName
from importer.reading.raw import RawBook, RawSheet, RefusalError

FARTHEST_ROW = 1_000
"""The header of a sheet stands before it, or the sheet has none."""
MOST_LOOKED_AT = 5
"""How many other sheets are looked at to see whether they hold pins as well."""
SMALL_BOOK = 1024**2
"""Bytes of a workbook up to which that look costs next to nothing."""

_OWN = (RESULTS_SHEET, LIVE_SHEET)
"""The importer's own sheets of rows, which go on in others and have a summary beside them."""


class Reader(Protocol):
    """A workbook whose sheets can be read one by one."""

    @property
    def format(self) -> str:
        """What `read.format` says."""
        ...

    def sheets(self) -> list[SheetName]:
        """The sheets that hold cells, in the workbook's order."""
        ...

    def read(self, name: str) -> RawSheet:
        """One sheet, whole."""
        ...


def choose(reader: Reader, wanted: str | None, size: int) -> RawBook:
    """Read the sheet that is wanted, or the first visible one with the header.

    Results and exports may have several sheets of rows: all are read. `size` is how many bytes the whole workbook
    unpacks to. Raises `RefusalError` where there is no such sheet, or where only hidden ones hold anything.
    """
    sheets = reader.sheets()
    if not sheets:
        raise RefusalError("no-sheets")
    sheet = _wanted(reader, sheets, wanted) if wanted is not None else _first_with_header(reader, sheets)
    book = RawBook(reader.format, [sheet])
    names = [other.name for other in sheets]
    if sheet.name in _OWN:
        book.sheets += [reader.read(name) for name in _continued(names, sheet.name)]
        if SUMMARY_SHEET in names:
            book.summary = reader.read(SUMMARY_SHEET)
    read = {each.name for each in book.sheets} | ({SUMMARY_SHEET} if book.summary else set())
    book.others = [other.name for other in sheets if other.name not in read]
    book.hidden = [other.name for other in sheets if not other.visible]
    if size <= SMALL_BOOK:
        others = [other.name for other in sheets if other.visible and other.name not in read]
        book.alike = [name for name in others[:MOST_LOOKED_AT] if _has_header(reader, name)]
    return book


def _has_header(reader: Reader, name: str) -> bool:
    try:
        return named_columns(reader.read(name)) >= NEEDED
    except BaseException:  # noqa: BLE001 - nobody asked for this sheet, so nothing wrong with it matters
        return False


def named_columns(sheet: RawSheet) -> set[str]:
    """Find the known columns that the likeliest header among a sheet's first rows names."""
    best: set[str] = set()
    columns = list(sheet.columns.values())
    seen = 0
    for row in range(min(sheet.rows, FARTHEST_ROW)):
        cells = [column.values[column.codes[row]] for column in columns]
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        best = max(best, known_names(texts), key=len)
        seen += bool(texts) or any(not isinstance(cell, str) for cell in cells)
        if seen == LOOKED_AT_ROWS:
            break
    return best


def _wanted(reader: Reader, sheets: list[SheetName], wanted: str) -> RawSheet:
    def plain(name: str) -> str:
        """A name without regard to case and spaces."""
        return " ".join(name.split()).casefold()

    exact = [sheet.name for sheet in sheets if sheet.name == wanted]
    alike = [sheet.name for sheet in sheets if plain(sheet.name) == plain(wanted)]
    for name in exact or alike:
        return reader.read(name)
    raise RefusalError("no-such-sheet", sheet=wanted, sheets=[sheet.name for sheet in sheets])


def _first_with_header(reader: Reader, sheets: list[SheetName]) -> RawSheet:
    """The first visible sheet with all needed columns, else with some known ones, else with anything in it."""
    visible = (sheet for sheet in sheets if sheet.visible)
    hidden = (sheet for sheet in sheets if not sheet.visible)
    some = anything = None
    for sheet in _with_data(reader, visible):
        named = named_columns(sheet)
        if named >= NEEDED:
            return sheet
        if some is None and len(named) >= ENOUGH_KNOWN:
            some = sheet
        anything = anything or sheet
    found = some or anything
    if found is not None:
        return found
    concealed = next(_with_data(reader, hidden), None)
    if concealed is not None:
        raise RefusalError("only-hidden", sheet=concealed.name)
    raise RefusalError("nothing-in-it")


def _with_data(reader: Reader, sheets: Iterator[SheetName]) -> Iterator[RawSheet]:
    for sheet in sheets:
        read = reader.read(sheet.name)
        if read.holds_anything:
            yield read


def _continued(names: list[str], first: str) -> list[str]:
    """`Results 2`, `Results 3` and so on, in the order of their numbers."""
    form = re.compile(rf"{first} (\d+)")
    numbered = {int(found[1]): name for name in names if (found := form.fullmatch(name))}
    return [numbered[number] for number in sorted(numbered)]
