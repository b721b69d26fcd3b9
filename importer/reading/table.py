"""Finds the table in a sheet, and makes its frame: rows numbered as in the file, each distinct cell once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress, repeat
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.cells import (
    Broken,
    Cell,
    Clock,
    Covered,
    Flag,
    Moment,
    Number,
    Reformatted,
    Uncalculated,
    shown,
    shows_nothing,
)
from importer.columns import BY_NAME, METADATA_PREFIX
from importer.headers import LOOKED_AT_ROWS, known_names
from importer.model import SheetColumn
from importer.reading.header import Named, find_names
from importer.reading.raw import SHEET_ROWS, Raw, RawColumn, RawSheet

Codes = NDArray[np.int32]


@dataclass(slots=True)
class Table:
    """One sheet's table. Rows are counted from 0."""

    raw: RawSheet
    blank: dict[int, NDArray[np.bool_]]
    """For each distinct cell of a column, by its place, whether there is nothing in it but blanks."""
    filled: NDArray[np.bool_]
    """The rows that hold more than blanks."""
    not_empty: int
    """How many rows hold any character at all."""
    header: int | None
    """The header's row, if there is one."""
    likeliest: int
    """The same, or else the row that is most like a header."""
    named: list[Named] = field(default_factory=list)
    """What stands in that row."""
    groups: int | None = None
    """The row above it that its names are read together with, if there is one."""

    @property
    def rows(self) -> NDArray[np.int64]:
        """The data rows that hold more than blanks, counted from 0."""
        below = np.flatnonzero(self.filled)
        return below[below > (-1 if self.header is None else self.header)]


class Part(NamedTuple):
    """A table whose columns are known. A sheet of results may have several, one after the other."""

    table: Table
    columns: tuple[SheetColumn, ...]
    places: dict[str, int]
    """The place of each column by its key."""
    unread: Sequence[SheetColumn]
    """Those of the columns that are not known."""


def table_of(sheet: RawSheet, theirs: Sequence[str] | None = None) -> Table:
    """Find the table in a sheet. `theirs` are some headers of another system's."""
    blank, filled, not_empty = _filled_rows(sheet)
    first = np.flatnonzero(filled)[:LOOKED_AT_ROWS].tolist()
    columns = dict(sorted(sheet.columns.items()))
    texts = [list(map(text_at, columns.values(), repeat(row))) for row in first]
    header = find_names(texts, theirs)
    if header is None:
        row = _likeliest(texts)
        names = list(map(Named, columns, texts[row])) if texts else []
        return Table(sheet, blank, filled, not_empty, None, first[row] if first else 0, names)
    row = first[header.row]
    groups = first[header.row - 1] if header.in_two_rows else None
    return Table(sheet, blank, filled, not_empty, row, row, list(map(Named, columns, header.names)), groups)


def is_ours(key: str) -> bool:
    """Whether a column is one that pins have, by its key."""
    return key in BY_NAME or key.startswith(METADATA_PREFIX)


def codes_of(column: RawColumn) -> Codes:
    """View a column's codes as an array over the same memory."""
    return np.frombuffer(column.codes, dtype=np.int32)


def is_blank(values: Sequence[Raw]) -> NDArray[np.bool_]:
    """Tell for each distinct cell whether there is nothing in it but blanks."""
    # Nearly every text begins with a visible sign. To call no function for those halves the time of a million.
    blank = [type(cell) is str and not "!" <= cell[:1] <= "~" and shows_nothing(cell) for cell in values]
    return np.array(blank, dtype=np.bool_)


def _filled_rows(sheet: RawSheet) -> tuple[dict[int, NDArray[np.bool_]], NDArray[np.bool_], int]:
    """What `Table` knows of them: `blank`, `filled` and `not_empty`."""
    blank: dict[int, NDArray[np.bool_]] = {}
    filled = np.zeros(sheet.rows, dtype=np.bool_)
    filled[list(sheet.surplus)] = True
    only_blanks = np.zeros(sheet.rows, dtype=np.bool_)
    for place, column in sheet.columns.items():
        codes = codes_of(column)
        blank[place] = is_blank(column.values)
        filled |= ~blank[place][codes]
        if blank[place][1:].any():
            only_blanks |= codes > 0
    return blank, filled, int((filled | only_blanks).sum())


def text_at(column: RawColumn, row: int) -> str:
    """The text that a person sees in a cell."""
    cell = cell_of(column.values[column.codes[row]])
    return "" if cell is None else shown(cell)


def _likeliest(texts: Sequence[Sequence[str]]) -> int:
    """The row that is most like a header, where none is one."""
    return max(range(len(texts)), key=lambda row: (len(known_names(texts[row])), sum(map(bool, texts[row]))), default=0)


def cell_of(raw: Raw) -> Cell | None:
    """Make the cell of a raw one; `None` of an empty one."""
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
    "t": Reformatted,
    "g": Covered,
}


def categorical(values: Sequence[Cell | None], codes: Codes) -> pd.Categorical:
    """Make a column of the frame: only the cells that are used, each once, in the order of the file."""
    used = np.bincount(codes, minlength=len(values)) > 0
    used &= np.array([cell is not None for cell in values], dtype=np.bool_)
    numbers = np.where(used, np.cumsum(used) - 1, -1).astype(np.int32)
    cells = cast("list[Cell]", list(compress(values, used.tolist())))
    try:
        dtype = pd.CategoricalDtype(pd.Index(cells, dtype=object))
    except ValueError:
        cells, numbers = _distinct(cells, numbers)
        dtype = pd.CategoricalDtype(pd.Index(cells, dtype=object))
    return pd.Categorical.from_codes(numbers[codes], dtype=dtype)


def _distinct(cells: list[Cell], numbers: Codes) -> tuple[list[Cell], Codes]:
    """Make one of cells that are equal: those of several sheets, or `="1"` beside `1` in a CSV file."""
    place_of: dict[Cell, int] = {}
    again = np.array([place_of.setdefault(cell, len(place_of)) for cell in cells], dtype=np.int32)
    return list(place_of), np.where(numbers >= 0, again[numbers], -1).astype(np.int32)


def frame_of(
    columns: Sequence[SheetColumn], parts: Sequence[Part], as_meant: Callable[[Cell | None], Cell | None] | None
) -> pd.DataFrame:
    """Make the frame of all data rows. `as_meant`, if given, turns each distinct cell into what it stands for."""
    index = np.concatenate([part.table.rows + 1 + number * SHEET_ROWS for number, part in enumerate(parts)])
    data = {}
    for column in columns:
        values: list[Cell | None] = [None]
        codes: list[Codes] = []
        for table, _, places, _ in parts:
            raw = table.raw.columns.get(places.get(column.key, -1))
            if raw is None:
                codes.append(np.zeros(len(table.rows), dtype=np.int32))
                continue
            codes.append(codes_of(raw)[table.rows] + np.int32(len(values)))
            cells = map(cell_of, raw.values)
            values += cells if as_meant is None else map(as_meant, cells)
        data[column.key] = categorical(values, np.concatenate(codes))
    return pd.DataFrame(data, index=pd.Index(index, dtype="int64", name="row"), copy=False)
