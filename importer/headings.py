"""Finds rows between pins that are headings, totals, or what is left of a pin: one cell, or a text beside numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from importer.cells import Cell, Moment, Number, shows_nothing
from importer.columns import BY_NAME, CellType

Column = tuple[NDArray[np.integer], NDArray[np.int64]]
"""A column: for each row the code of its cell, and for each code the weight of that cell."""

# The sum of a row's weights says how many cells of each kind it has.
_NUMBER, _OTHER, _HELPER = 1, 1 << 20, 1 << 40
_DIGITS = re.compile(r"[+-]?\d[\d ]*(?:[.,]\d+)?")
_NAMES = tuple(name for name, column in BY_NAME.items() if column.required and name != "position")
"""Needed columns in which no total has a number."""


@dataclass(frozen=True)
class Headings:
    """Rows that hold one cell, or a text and else only numbers; all arrays have one entry for each.

    Yes, no and the words of drop-downs do not count beside a heading: they are often filled down over all rows.
    """

    positions: NDArray[np.int64]
    """Where the rows are."""
    columns: NDArray[np.int64]
    """The column of the cell, or of the text, counted from left to right."""
    totals: NDArray[np.bool_]
    """Whether there are numbers besides."""
    may_be_pins: NDArray[np.bool_]
    """Whether the cell could be what is left of a pin, so that a scope beside the row may lack that pin."""

    def without(self, rows: NDArray[np.int64]) -> Headings:
        """Leave out these rows."""
        kept = ~np.isin(self.positions, rows)
        return Headings(self.positions[kept], self.columns[kept], self.totals[kept], self.may_be_pins[kept])


def weights(key: str, cells: Iterable[Cell | None]) -> NDArray[np.int64]:
    """Weigh each distinct cell of a column, and at the end no cell, whose code is -1."""
    known = BY_NAME.get(key)
    is_flag = known is not None and known.cell is CellType.YES_NO
    is_number = known is not None and known.cell is CellType.POSITION
    is_date = known is not None and known.cell in (CellType.FROM, CellType.TO)
    words = known.choices if known else ()
    weigh = partial(_weight, words=words, is_flag=is_flag, is_number=is_number, is_date=is_date)
    return np.array([*map(weigh, cells), 0], dtype=np.int64)


def _weight(cell: Cell | None, words: tuple[str, ...], *, is_flag: bool, is_number: bool, is_date: bool) -> int:
    if cell is None or (isinstance(cell, str) and shows_nothing(cell)):
        return 0
    if is_flag or (words and isinstance(cell, str) and cell.strip().casefold() in words):
        return _HELPER
    if is_number and isinstance(cell, str) and _DIGITS.fullmatch(cell.strip()):
        return _NUMBER  # as every cell of a text file is a text
    if is_date and isinstance(cell, Moment):
        return _NUMBER  # as the total of a column of dates is one
    return _NUMBER if isinstance(cell, Number) else _OTHER


def find_headings(columns: Mapping[str, Column], rows: int) -> Headings:
    """Find them among the known columns of a sheet, given from left to right."""
    sums = np.zeros(rows, dtype=np.int64)
    for codes, weight in columns.values():
        sums += weight[codes]
    at = np.flatnonzero((sums // _OTHER % _OTHER == 1) | (sums % _HELPER == _NUMBER))
    if not len(at):
        return Headings(at, at, at.astype(np.bool_), at.astype(np.bool_))
    helped, alone = sums[at] >= _HELPER, np.isin(sums[at] % _HELPER, (_NUMBER, _OTHER))
    column = np.full(len(at), -1, dtype=np.int64)
    again, no_sums, has_position = np.zeros((3, len(at)), dtype=np.bool_)
    for number, (name, (codes, weight)) in enumerate(columns.items()):
        mine = weight[codes[at]]
        its = (mine == _OTHER) | (alone & (mine == _NUMBER))
        # Numbers before the text, or where a name belongs, are no sums.
        no_sums |= (mine == _NUMBER) & ((column < 0) | (name in _NAMES))
        has_position |= (mine == _NUMBER) & (name == "position")
        column[its] = number
        if its.any():
            again[its] = _stands_elsewhere(codes, at[its], at)
    of_pin = np.array([name in BY_NAME and BY_NAME[name].level == "pin" for name in columns])[column]
    only_here = ~of_pin & ~again
    chosen = np.where(alone, ~helped | only_here, ~(of_pin | helped | no_sums) & (only_here | ~has_position))
    is_model = column == (list(columns).index("model") if "model" in columns else -1)
    may_be_pin = of_pin | (again & ~(alone & is_model))
    return Headings(at[chosen], column[chosen], ~alone[chosen], may_be_pin[chosen])


def _stands_elsewhere(codes: NDArray[np.integer], at: NDArray[np.int64], among: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each row at these places, whether a row that is not `among` those chosen has the same cell."""
    used = np.bincount(codes.astype(np.int64) + 1)
    here = np.bincount(codes[among].astype(np.int64) + 1, minlength=len(used))
    found: NDArray[np.bool_] = (used > here)[codes[at].astype(np.int64) + 1]
    return found
