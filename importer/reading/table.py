"""Raw columns into the `Sheet` that travels on: header found, rows numbered, each distinct cell held once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.cells import Broken, Cell, Clock, Covered, Flag, Moment, Number, Uncalculated, shown, shows_nothing
from importer.model import SheetColumn
from importer.reading.header import LOOKED_AT_ROWS, Named, find_foreign_header, find_header, known_count
from importer.reading.raw import SHEET_ROWS, Raw, RawColumn, RawSheet
from importer.reading.two_rows import find_pair

Codes = NDArray[np.int32]


@dataclass(slots=True)
class Table:
    """One sheet's table.

    `filled` are the rows that hold more than blanks, `not_empty` counts those with any character at all. `header` is
    the header's row, counted from 0, or `None`; `likeliest` that row, or the one most like it; `named` its texts.
    `groups` is the row above it that its names are read together with, if there is one.
    """

    raw: RawSheet
    filled: NDArray[np.bool_]
    not_empty: int
    header: int | None
    likeliest: int
    named: list[Named] = field(default_factory=list)
    groups: int | None = None

    @property
    def rows(self) -> NDArray[np.int64]:
        """The data rows that hold more than blanks, counted from 0."""
        below = np.flatnonzero(self.filled)
        return below[below > (-1 if self.header is None else self.header)]


def table_of(sheet: RawSheet, theirs: Sequence[str] | None = None) -> Table:
    """Find the table in a sheet; `theirs` are some headers of another system's."""
    filled, not_empty = _filled_rows(sheet)
    first = np.flatnonzero(filled)[:LOOKED_AT_ROWS].tolist()
    places = sorted(sheet.columns)
    texts = [[_text_at(sheet.columns[place], row) for place in places] for row in first]
    found = find_header(texts) if theirs is None else find_foreign_header(texts, theirs)
    pair = find_pair(texts, found) if theirs is None else None
    if pair is not None:
        found, texts[pair[0]] = pair
    likeliest = found if found is not None else _likeliest(texts)
    named = [Named(place, text) for place, text in zip(places, texts[likeliest], strict=True)] if texts else []
    row = first[likeliest] if first else 0
    groups = first[pair[0] - 1] if pair is not None else None
    return Table(sheet, filled, not_empty, row if found is not None else None, row, named, groups)


def codes_of(column: RawColumn) -> Codes:
    """A column's codes as an array over the same memory."""
    return np.frombuffer(column.codes, dtype=np.int32)


def is_blank(values: Sequence[Raw]) -> NDArray[np.bool_]:
    """For each distinct cell, whether there is nothing in it but blanks."""
    # Nearly every text begins with a visible sign: not to call a function for each of a million is half as long.
    blank = [type(cell) is str and not "!" <= cell[:1] <= "~" and shows_nothing(cell) for cell in values]
    return np.array(blank, dtype=np.bool_)


def _filled_rows(sheet: RawSheet) -> tuple[NDArray[np.bool_], int]:
    filled = np.zeros(sheet.rows, dtype=np.bool_)
    filled[list(sheet.surplus)] = True
    only_blanks = np.zeros(sheet.rows, dtype=np.bool_)
    for column in sheet.columns.values():
        codes = codes_of(column)
        blank = is_blank(column.values)
        filled |= ~blank[codes]
        if blank[1:].any():
            only_blanks |= codes > 0
    return filled, int((filled | only_blanks).sum())


def _text_at(column: RawColumn, row: int) -> str:
    cell = cell_of(column.values[column.codes[row]])
    return "" if cell is None else shown(cell)


def _likeliest(texts: Sequence[Sequence[str]]) -> int:
    """The row that looks most like a header though hardly anything in it is known."""
    return max(range(len(texts)), key=lambda row: (known_count(texts[row]), sum(map(bool, texts[row]))), default=0)


def cell_of(raw: Raw) -> Cell | None:
    """A raw cell as the cell it is; `None` for an empty one."""
    if isinstance(raw, str):
        return raw or None
    if not isinstance(raw, tuple):
        return Number(raw)
    cell: Cell = _KINDS[raw[0]](*raw[1:])
    return cell


def _moment(text: str, has_time: bool, lacks: str = "") -> Moment:  # noqa: FBT001 - as it is in the raw cell
    return Moment(datetime.fromisoformat(text), has_time, lacks)


_KINDS: dict[str, Any] = {
    "b": Flag,
    "m": _moment,
    "c": Clock,
    "e": Broken,
    "u": Uncalculated,
    "n": Number,
    "g": Covered,
}


def categorical(values: Sequence[Cell | None], codes: Codes) -> pd.Categorical:
    """A column of the frame: only the cells that are used, each once, in the order they were met."""
    used = np.bincount(codes, minlength=len(values)) > 0
    used[[place for place, cell in enumerate(values) if cell is None]] = False
    numbers = np.where(used, np.cumsum(used) - 1, -1).astype(np.int32)
    cells = [cell for cell, is_used in zip(values, used.tolist(), strict=True) if is_used and cell is not None]
    try:
        dtype = pd.CategoricalDtype(pd.Index(cells, dtype=object))
    except ValueError:
        cells, numbers = _distinct(cells, numbers)
        dtype = pd.CategoricalDtype(pd.Index(cells, dtype=object))
    return pd.Categorical.from_codes(numbers[codes], dtype=dtype)


def _distinct(cells: list[Cell], numbers: Codes) -> tuple[list[Cell], Codes]:
    """Cells that became equal are one: those of several sheets, or `="1"` beside `1` in a CSV file."""
    place_of: dict[Cell, int] = {}
    again = np.array([place_of.setdefault(cell, len(place_of)) for cell in cells], dtype=np.int32)
    return list(place_of), np.where(numbers >= 0, again[numbers], -1).astype(np.int32)


def frame_of(
    columns: Sequence[SheetColumn],
    parts: Sequence[tuple[Table, Sequence[int]]],
    as_meant: Callable[[Cell | None], Cell | None],
) -> pd.DataFrame:
    """The frame of all data rows of one or more tables; `parts` give each table and its columns' places.

    `as_meant` is asked for every distinct cell.
    """
    index = np.concatenate([table.rows + 1 + number * SHEET_ROWS for number, (table, _) in enumerate(parts)])
    data = {}
    for which, column in enumerate(columns):
        values: list[Cell | None] = [None]
        codes: list[Codes] = []
        for table, places in parts:
            raw = table.raw.columns.get(places[which])
            if raw is None:
                codes.append(np.zeros(len(table.rows), dtype=np.int32))
                continue
            codes.append(codes_of(raw)[table.rows] + np.int32(len(values)))
            values += [as_meant(cell_of(cell)) for cell in raw.values]
        data[column.key] = categorical(values, np.concatenate(codes))
    return pd.DataFrame(data, index=pd.Index(index, dtype="int64", name="row"), copy=False)
