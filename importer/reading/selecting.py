"""Which sheet of a workbook is read. Runs in the child process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from importer.reading.engines import SheetName
from importer.reading.raw import RawBook, RawSheet, RefusalError

RESULTS = "Results"
SUMMARY = "Summary"
_CONTINUED = re.compile(r"\AResults (\d+)\Z")


class Reader(Protocol):
    """A workbook whose sheets can be read one by one."""

    def sheets(self) -> list[SheetName]:
        """The sheets that hold cells, in the workbook's order."""
        ...

    def read(self, name: str) -> RawSheet:
        """One sheet, whole."""
        ...


def choose(reader: Reader, file_format: str, wanted: str | None) -> RawBook:
    """Read the wanted sheet, else the first visible one that holds anything; of a results workbook all its rows.

    Raises `RefusalError` where there is no such sheet, or only hidden ones hold anything.
    """
    sheets = reader.sheets()
    if not sheets:
        raise RefusalError("no-sheets")
    sheet = _wanted(reader, sheets, wanted) if wanted is not None else _first_with_data(reader, sheets)
    book = RawBook(file_format, [sheet])
    names = [other.name for other in sheets]
    if sheet.name == RESULTS:
        book.sheets += [reader.read(name) for name in _continued(names)]
        if SUMMARY in names:
            book.summary = reader.read(SUMMARY)
    read = {each.name for each in book.sheets} | ({SUMMARY} if book.summary else set())
    book.others = [other.name for other in sheets if other.visible and other.name not in read]
    return book


def _wanted(reader: Reader, sheets: list[SheetName], wanted: str) -> RawSheet:
    def plain(name: str) -> str:
        return " ".join(name.split()).casefold()

    exact = [sheet.name for sheet in sheets if sheet.name == wanted]
    alike = [sheet.name for sheet in sheets if plain(sheet.name) == plain(wanted)]
    for name in exact or alike:
        return reader.read(name)
    raise RefusalError("no-such-sheet", sheet=wanted, sheets=[sheet.name for sheet in sheets])


def _first_with_data(reader: Reader, sheets: list[SheetName]) -> RawSheet:
    visible = (sheet for sheet in sheets if sheet.visible)
    hidden = (sheet for sheet in sheets if not sheet.visible)
    found = next(_with_data(reader, visible), None)
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


def _continued(names: list[str]) -> list[str]:
    """`Results 2`, `Results 3` and so on, in the order of their numbers."""
    numbered = {int(found[1]): name for name in names if (found := _CONTINUED.match(name))}
    return [numbered[number] for number in sorted(numbered)]
