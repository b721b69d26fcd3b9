"""Rows under the header that are no pins: nothing but what was filled down beside them, or the template's examples."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from importer.columns import BY_NAME, METADATA_PREFIX, CellType
from importer.reading.assemble import Table, codes_of, is_blank
from importer.reading.raw import Raw, RawColumn

Rows = NDArray[np.int64]


def take_out_blank(table: Table, places: Mapping[str, int]) -> Rows:
    """Take for blank the rows that hold no cell of a pin or target; which rows, counted from 0.

    Flags, the words of drop-downs, and columns that are not ours are often filled down below the last pin.
    """
    rows = table.rows
    bare = np.ones(len(rows), dtype=np.bool_)
    bare[np.isin(rows, list(table.raw.surplus))] = False
    for key, place in places.items():
        if not bare.any():
            break
        column = table.raw.columns.get(place)
        tells = None if column is None else _tells(key, column)
        if column is not None and tells is not None:
            bare &= ~tells[codes_of(column)[rows]]
    table.filled[rows[bare]] = False
    return rows[bare]


def _tells(key: str, column: RawColumn) -> NDArray[np.bool_] | None:
    """For each distinct cell of a column whether it tells of a pin; `None` for a column that never does."""
    if key.startswith(METADATA_PREFIX):
        return ~is_blank(column.values)
    known = BY_NAME.get(key)
    if known is None or known.cell is CellType.YES_NO:
        return None
    tells = ~is_blank(column.values)
    if known.choices:
        tells[[place for place, cell in enumerate(column.values) if _is_word(cell, known.choices)]] = False
    return tells


def _is_word(cell: Raw, words: tuple[str, ...]) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in words
