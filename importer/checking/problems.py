"""All problems and warnings of a file, kept in columns: half a million cost little until they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.catalogue import rows as catalogue
from importer.cells import Cell, shown
from importer.checking.codes import combined, first_of_each, join_runs, numbered
from importer.model import Sheet

_NAMED_ROWS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with, or worth a warning about, one row."""

    row: int
    """The sheet's row."""
    column: str | None
    """The column of the cell it is about; `None` where it is about the whole row."""
    code: str
    """A key of the catalogue, which makes the message from the other fields."""
    value: str | None = None
    """The cell as a person sees it."""
    other: int | None = None
    """Another sheet row it is about."""
    detail: str = ""
    """What only this code knows."""
    source: str = ""
    """Of a mapped sheet, the export's cell and header (`K17 relatedProduct3`); `row` and `other` are the export's."""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in plain words."""
        return catalogue.message(self)


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one code in one column."""

    code: str
    """A key of the catalogue."""
    column: str | None
    """The column; `None` where they are about whole rows."""
    severity: catalogue.Severity
    """Whether they make rows invalid, or only warn."""
    count: int
    """How many there are."""
    rows: tuple[int, ...]
    """The first few sheet rows."""


class Collector:
    """Gathers problems while the rules run. Rows are given by their position in the frame."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._details: dict[str, int] = {"": 0}
        self._codes: dict[str, int] = {}
        self._columns: dict[str | None, int] = {None: 0}
        self._parts: list[NDArray[np.int64]] = []

    def add(
        self,
        code: str,
        column: str | None,
        positions: NDArray[np.integer],
        *,
        others: NDArray[np.integer] | None = None,
        details: Sequence[str] = ("",),
        which: NDArray[np.integer] | None = None,
    ) -> None:
        """Add one problem a position. `others` are positions of the other row each is about.

        `details` are the distinct details, `which` says which of them each problem has (all the first, if not given).
        """
        if not len(positions):
            return
        part = np.zeros((5, len(positions)), dtype=np.int64)
        part[0] = positions
        part[1] = self._columns.setdefault(column, len(self._columns))
        part[2] = self._codes.setdefault(code, len(self._codes))
        if others is not None:
            part[3] = self._sheet.frame.index.to_numpy()[others]
        interned = np.array([self._details.setdefault(text, len(self._details)) for text in details], dtype=np.int64)
        part[4] = interned[0 if which is None else which]
        self._parts.append(part)

    def problems(self) -> Problems:
        """All that was added, in the order of the sheet."""
        if not self._parts:
            return Problems(self._sheet, np.zeros((5, 0), dtype=np.int64), [], [], [])
        table = np.concatenate(self._parts, axis=1)
        place = {column.key: number for number, column in enumerate(self._sheet.columns)}
        from_left = np.array([place.get(column or "", len(place)) for column in self._columns], dtype=np.int64)
        order = np.lexsort((table[2], from_left[table[1]], table[0]))
        return Problems(self._sheet, table[:, order], list(self._columns), list(self._codes), list(self._details))


@dataclass(frozen=True, slots=True)
class _Cells:
    """A column as found: the code of each row's cell, and the distinct cells."""

    codes: NDArray[np.integer]
    distinct: list[Cell]


class Problems:
    """The problems and warnings of a file, in the order of the sheet; each `Problem` is made when it is due."""

    def __init__(
        self,
        sheet: Sheet,
        table: NDArray[np.int64],
        columns: Sequence[str | None],
        codes: Sequence[str],
        details: Sequence[str],
    ) -> None:
        self._sheet = sheet
        self._position, self._column, self._code, self._other, self._detail = table
        self._columns, self._codes, self._details = columns, codes, details
        self._row: NDArray[np.int64] = sheet.frame.index.to_numpy().astype(np.int64)
        self._serious = np.array([*map(catalogue.is_problem, codes)], dtype=np.bool_)
        serious = self._serious[self._code]
        self.problem_count = int(serious.sum())
        """How many make a row invalid."""
        self.warning_count = len(serious) - self.problem_count
        """How many only warn."""
        self.invalid = np.zeros(len(sheet.frame), dtype=np.bool_)
        """Per row of the frame whether a problem, not only a warning, stands against it."""
        self.invalid[self._position[serious]] = True

    @cached_property
    def _cells(self) -> Mapping[int, _Cells]:
        """The cells of each column that problems are about, by its number."""
        frame = self._sheet.frame
        return {
            number: _Cells(frame[column].array.codes, list(frame[column].array.categories))
            for number, column in enumerate(self._columns)
            if column in frame.columns
        }

    def __len__(self) -> int:
        return len(self._position)

    def rows_with(self, code: str | None = None, column: str | None = None) -> NDArray[np.int64]:
        """Positions of the rows with a problem of this code in this column; without a code, of those with a warning."""
        chosen = ~self._serious[self._code]
        if code is not None:
            number = self._codes.index(code) if code in self._codes else -1
            place = self._columns.index(column) if column in self._columns else -1
            chosen = (self._code == number) & (self._column == place)
        return np.unique(self._position[chosen])

    def at(self, position: int) -> list[Problem]:
        """Those of the row at this position of the frame."""
        first, end = np.searchsorted(self._position, (position, position + 1)).tolist()
        return [self._problem(place) for place in range(first, end)]

    def groups(self) -> list[Group]:
        """Problems by code and column: problems before warnings, the most frequent first."""
        if not len(self):
            return []
        kinds, count = numbered(combined([(self._code, len(self._codes)), (self._column, len(self._columns))]))
        sizes, first = np.bincount(kinds, minlength=count), first_of_each(kinds, count)
        found = [self._group(kinds, kind, int(sizes[kind]), int(first[kind])) for kind in range(count)]
        return sorted(found, key=lambda group: (group.severity != "problem", -group.count, group.rows))

    def _group(self, kinds: NDArray[np.int64], kind: int, size: int, first: int) -> Group:
        code = self._codes[self._code[first]]
        column = self._columns[self._column[first]]
        rows = self._rows(_first_where(kinds, kind, first))
        return Group(code, column, catalogue.entry(code).severity, size, tuple(rows.tolist()))

    def _rows(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        rows: NDArray[np.int64] = self._row[self._position[chosen]]
        return rows

    def __iter__(self) -> Iterator[Problem]:
        return map(self._problem, range(len(self)))

    def first(self, n: int) -> list[Problem]:
        """The first `n` in the order of the sheet."""
        return [self._problem(at) for at in range(min(n, len(self)))]

    def of_group(self, group: Group) -> Iterator[Problem]:
        """Those of one group, in the order of the sheet."""
        return (problem for problem in self.of_code(group.code) if problem.column == group.column)

    def first_of(self, group: Group) -> Problem:
        """The first of a group."""
        return next(self.of_group(group))

    def of_code(self, code: str) -> Iterator[Problem]:
        """Those of one code, in the order of the sheet."""
        number = self._codes.index(code) if code in self._codes else -1
        return map(self._problem, np.flatnonzero(self._code == number).tolist())

    def _problem(self, at: int) -> Problem:
        return Problem(
            row=int(self._row[self._position[at]]),
            column=self._columns[self._column[at]],
            code=self._codes[self._code[at]],
            value=self._value(at),
            other=int(self._other[at]) or None,
            detail=self._details[self._detail[at]],
        )

    def _value(self, at: int) -> str | None:
        cells = self._cells.get(self._column[at])
        code = -1 if cells is None else cells.codes[self._position[at]]
        return None if cells is None or code < 0 else shown(cells.distinct[code])

    def frame(self) -> pd.DataFrame:
        """As a frame: row, column, code, value, other (0 for none), detail; texts as Categoricals."""
        values, pool = self._values() if len(self) else (self._detail, [])
        return pd.DataFrame(
            {
                "row": self._row[self._position],
                "column": _categorical(self._column - 1, list(map(str, self._columns[1:]))),
                "code": _categorical(self._code, self._codes),
                "value": _categorical(values, pool),
                "other": self._other,
                "detail": _categorical(self._detail, self._details),
            }
        )

    def _cell_codes(self) -> tuple[NDArray[np.int64], int]:
        """Per problem: the code of its cell among its column's distinct cells, and a bound for all codes."""
        cells = np.full(len(self), -1, dtype=np.int64)
        bound = 0
        for number, found in self._cells.items():
            mine = self._column == number
            cells[mine] = found.codes[self._position[mine]]
            bound = max(bound, len(found.distinct))
        return cells, bound

    def _values(self) -> tuple[NDArray[np.int64], list[str]]:
        """Per problem: which of the distinct values it has (-1 for none), and those values."""
        cells, bound = self._cell_codes()
        kinds, count = numbered(combined([(self._column, len(self._columns)), (cells, bound)]))
        pool: dict[str, int] = {}
        number = np.empty(count, dtype=np.int64)
        for kind, at in enumerate(first_of_each(kinds, count).tolist()):
            value = self._value(at)
            number[kind] = -1 if value is None else pool.setdefault(value, len(pool))
        return number[kinds], list(pool)

    def comments(self, place: Callable[[int], object] = str) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
        """What to say on each row that has a problem or warning: sheet rows, which text each gets, and the texts.

        All of a row is joined, and each distinct text is made once. `place` is how other rows are called in them.
        """
        if not len(self):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), []
        kinds, count = self._distinct()
        sentences = [catalogue.comment(self._problem(at), place) for at in first_of_each(kinds, count).tolist()]
        starts = np.flatnonzero(np.r_[True, self._position[1:] != self._position[:-1]])
        which, texts = join_runs(kinds, starts, sentences)
        return self._rows(starts), which, texts

    def _distinct(self) -> tuple[NDArray[np.int64], int]:
        cells, bound = self._cell_codes()
        others, other_count = numbered(self._other)
        return numbered(
            combined(
                [
                    (self._code, len(self._codes)),
                    (self._column, len(self._columns)),
                    (cells, bound),
                    (others, other_count),
                    (self._detail, len(self._details)),
                ]
            )
        )


def _first_where(kinds: NDArray[np.int64], kind: int, start: int) -> NDArray[np.int64]:
    """The first few places of a kind, without a look at all of them."""
    found: list[int] = []
    step = 64
    while len(found) < _NAMED_ROWS and start < len(kinds):
        found += (start + np.flatnonzero(kinds[start : start + step] == kind)).tolist()
        start += step
        step *= 4
    return np.array(found[:_NAMED_ROWS], dtype=np.int64)


def _categorical(codes: NDArray[np.integer], categories: Sequence[str]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(pd.Index(categories, dtype=object)))
