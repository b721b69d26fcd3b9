"""What the engines hand over: columns of cells, each distinct cell once.

Nothing large is imported here, because the child process that parses workbooks imports this module and has to start
in milliseconds. A raw cell is a `str`, a number, or a tuple whose first item says its kind:
`("b", bool)` yes/no, `("m", iso text, shows a time[, lacks])` a moment (`lacks` as in `importer.cells.Moment`),
`("c", text)` a time of day or duration, `("e", token)` an error, `("u", formula)` a formula without a stored result,
`("n", number, shown)` a number and `("t", text, shown)` a text shown otherwise, `("g", text)` a cell that a merged
range covers.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, islice, zip_longest
from math import isfinite
from typing import Any

from importer.columns import CALENDAR_SHEET, PLAN_SHEET, PROBLEMS_SHEET, SCOPES_SHEET

Raw = str | int | float | tuple[Any, ...]

EMPTY = ""
ROWS_AT_ONCE = 256
"""So few that their cells are still in the processor's cache when they are numbered: that halves the time."""
SHEET_COLUMNS = 16_384
"""The columns that a sheet of Excel can have,"""
SHEET_ROWS = 1_048_576
"""and its rows."""
OWN_SHEETS = (SCOPES_SHEET, PROBLEMS_SHEET, PLAN_SHEET, CALENDAR_SHEET)
"""What the importer writes beside its results, and never reads."""


class RefusalError(Exception):
    """The file cannot be used: the catalogue's `code`, and what its sentence needs. It becomes a `FileError`."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(slots=True)
class RawColumn:
    """One column of a sheet."""

    values: list[Raw]
    """The distinct cells. The first is the empty one."""
    codes: array[int]
    """For each row, which of them it has."""


@dataclass(slots=True)
class RawSheet:
    """One sheet, from its row 1 on. Rows and columns are counted from 0."""

    name: str
    rows: int = 0
    """How many rows it has."""
    columns: dict[int, RawColumn] = field(default_factory=dict)
    """The columns by their place, without those that are empty."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged ranges: first row, first column, last row, last column."""
    hidden_rows: int = 0
    """How many rows are hidden."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """Hidden columns: the first and the last of each group, counted from 0."""
    changing: dict[int, int] = field(default_factory=dict)
    """Columns with formulas whose result changes from day to day: the first row of such a one, all counted from 0."""
    surplus: dict[int, str] = field(default_factory=dict)
    """What rows hold past the last column that has a name."""
    swallowed: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """Rows of a text file that hold others in one cell: its column's place, and the first and last line."""
    cut: int | None = None
    """The last row of a text file that seems to break off within it, counted from 0."""

    @property
    def holds_anything(self) -> bool:
        """Whether any cell has more in it than blanks."""
        for column in self.columns.values():
            for cell in column.values:
                if not isinstance(cell, str) or cell.strip():
                    return True
        return bool(self.surplus)


SENT = ("name", "rows", "merged", "hidden_rows", "hidden_columns", "changing")
"""What the child sends of a sheet beside its columns."""


@dataclass(slots=True)
class RawBook:
    """What was read of a file."""

    format: str
    """As `ReadFacts` names it."""
    sheets: list[RawSheet]
    """The one sheet that was chosen, or all `Results` sheets of a results workbook."""
    encoding: str | None = None
    """A text file's encoding, by Python's name."""
    delimiter: str | None = None
    """What separates the cells of a text file."""
    guessed: str | None = None
    """A sample of a text whose encoding was guessed."""
    likelier: tuple[tuple[str, str], ...] = ()
    """Other encodings, as `Encoding` has them."""
    summary: RawSheet | None = None
    """The `Summary` of a results workbook."""
    others: list[str] = field(default_factory=list)
    """The sheets that were not read, in order."""
    hidden: list[str] = field(default_factory=list)
    """All hidden sheets."""
    alike: list[str] = field(default_factory=list)
    """Sheets that were not read and have all needed columns as well."""

    def unread(self, *, results: bool) -> list[str]:
        """The sheets to name as not read. In a results workbook the importer's own are none of them."""
        if results:
            return [name for name in self.others if name not in OWN_SHEETS]
        more = [sheet.name for sheet in self.sheets[1:]] + ([self.summary.name] if self.summary else [])
        return [*more, *self.others]


class Encoder:
    """Turns rows into `RawColumn`s, a few hundred rows at a time. It refuses more than `most_cells` cells."""

    def __init__(self, most_cells: int) -> None:
        self.rows = 0
        self._most_cells = most_cells
        self._numbers: list[defaultdict[Any, int]] = []
        self._kinds: list[set[type]] = []
        self._codes: list[array[int]] = []

    def feed(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take all rows of an engine. Empty cells make up for what is missing in short ones."""
        source = iter(rows)
        while chunk := list(islice(source, ROWS_AT_ONCE)):
            self._add(list(zip_longest(*chunk, fillvalue=EMPTY)), len(chunk))

    def _add(self, columns: list[tuple[Any, ...]], rows: int) -> None:
        while len(self._numbers) < len(columns):
            # Each cell that was not met before gets the next number.
            self._numbers.append(defaultdict(count(1).__next__, {EMPTY: 0}))
            self._kinds.append(set())
            self._codes.append(array("i", bytes(4 * self.rows)))
        if (self.rows + rows) * len(self._numbers) > self._most_cells:
            raise RefusalError("too-big")
        for place, numbers in enumerate(self._numbers):
            if place >= len(columns):
                self._codes[place].frombytes(bytes(4 * rows))
                continue
            cells: Iterable[Any] = columns[place]
            kinds = set(map(type, columns[place]))
            self._kinds[place] |= kinds
            if bool in kinds:
                # To Python True and 1 are equal; in a sheet they are not.
                cells = [("b", cell) if isinstance(cell, bool) else cell for cell in cells]
            self._codes[place].fromlist(list(map(numbers.__getitem__, cells)))
        self.rows += rows

    def columns(self, first: int = 0) -> dict[int, RawColumn]:
        """The columns that hold anything, by place; `first` is the place of the first one fed."""
        found = {}
        for place, numbers in enumerate(self._numbers):
            if len(numbers) > 1:
                found[first + place] = RawColumn(_raw(numbers, self._kinds[place]), self._codes[place])
        return found


def put(sheet: RawSheet, cells: Iterable[tuple[int, int, Raw]]) -> None:
    """Set single cells, given as (row, column, cell), to what a closer look found."""
    numbers: dict[int, dict[Raw, int]] = {}
    for row, place, cell in cells:
        column = sheet.columns.get(place)
        if column is None:
            column = sheet.columns[place] = RawColumn([EMPTY], array("i", bytes(4 * sheet.rows)))
        known = numbers.setdefault(place, {})
        if cell not in known:
            known[cell] = len(column.values)
            column.values.append(cell)
        if row >= sheet.rows:
            _lengthen(sheet, row + 1)
        column.codes[row] = known[cell]


def _lengthen(sheet: RawSheet, rows: int) -> None:
    for column in sheet.columns.values():
        column.codes.frombytes(bytes(4 * (rows - len(column.codes))))
    sheet.rows = rows


def _whole_seconds(moment: datetime) -> datetime:
    """Round a moment as sheets show it: they keep fractions of a day, in which 14:00 is 13:59:59.9999995."""
    if moment.microsecond and moment.year < 9999:
        moment += timedelta(microseconds=500_000)
    return moment.replace(microsecond=0)


def duration(length: timedelta) -> str:
    """Write a length of time as hours, minutes and seconds."""
    sign = "-" if length < timedelta(0) else ""
    seconds = round(abs(length.total_seconds()))
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_CONVERTED: dict[type, Callable[[Any], Raw]] = {
    datetime: lambda moment: ("m", _whole_seconds(moment).isoformat(), True),
    date: lambda day: ("m", day.isoformat(), False),
    time: lambda clock: ("c", clock.isoformat("seconds")),
    timedelta: lambda length: ("c", duration(length)),
}
_NO_NUMBER: Raw = ("e", "#NUM!")


def _raw(cells: Iterable[Any], kinds: set[type]) -> list[Raw]:
    """Make raw cells of an engine's, which are of these types."""
    if float in kinds:
        cells = [cell if type(cell) is not float or isfinite(cell) else _NO_NUMBER for cell in cells]
    if kinds.isdisjoint(_CONVERTED):
        return list(cells)
    return [convert(cell) if (convert := _CONVERTED.get(type(cell))) else cell for cell in cells]
