"""Rows under the header that are no pins: nothing but what was filled down beside them, or the template's examples."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from importer.cells import Cell, Moment, shown
from importer.columns import BY_NAME, METADATA_PREFIX, CellType
from importer.reading.raw import Raw, RawColumn
from importer.reading.table import Table, cell_of, codes_of, is_blank
from importer.template_rows import EXAMPLES

Rows = NDArray[np.int64]

_LONGEST_DATE = 30
_DIGITS = re.compile("[0-9]+")


def take_out_blank(table: Table, places: Mapping[str, int]) -> Rows:
    """Take for blank the rows that hold no cell of a pin or target; which rows, counted from 0.

    Flags, the words of drop-downs, and columns that are not ours are often filled down below the last pin.
    """
    rows = table.rows
    bare = np.ones(len(rows), dtype=np.bool_)
    bare[np.isin(rows, [*table.raw.surplus, *table.raw.swallowed])] = False
    for key, place in places.items():
        if not bare.any():
            break
        column = table.raw.columns.get(place)
        tells = None if column is None else _tells(key, column)
        if column is not None and tells is not None:
            bare &= ~tells[codes_of(column)[rows]]
    table.filled[rows[bare]] = False
    return rows[bare]


def take_out_examples(table: Table, places: Mapping[str, int]) -> Rows:
    """Take out the template's example rows that were left unchanged; which rows, counted from 0."""
    rows = table.rows
    found = np.zeros(len(rows), dtype=np.bool_)
    for example in EXAMPLES:
        if example.keys() <= places.keys():
            found |= _is_example(table, places, rows, example)
    found &= ~np.isin(rows, list(table.raw.surplus))
    table.filled[rows[found]] = False
    return rows[found]


def _is_example(table: Table, places: Mapping[str, int], rows: Rows, example: Mapping[str, Cell]) -> NDArray[np.bool_]:
    """For each row whether all its cells are the example's. The cells that are like no other are looked for first."""
    left = np.ones(len(rows), dtype=np.bool_)
    for key in sorted(filter(_is_known, places), key=lambda key: not key.endswith(("_metadata", "_criteria"))):
        column = table.raw.columns.get(places[key])
        if column is None:
            left &= key not in example
        else:
            wanted = example.get(key)
            same = is_blank(column.values) if wanted is None else [_is_cell(cell, wanted) for cell in column.values]
            left &= np.array(same, dtype=np.bool_)[codes_of(column)[rows]]
        if not left.any():
            break
    return left


def _is_known(key: str) -> bool:
    return key.startswith(METADATA_PREFIX) or key in BY_NAME


def _is_cell(raw: Raw, wanted: Cell) -> bool:
    """Whether a cell shows what another does; programs that save a template show its date in ways of their own."""
    if isinstance(wanted, str):
        return isinstance(raw, str) and raw.strip() == wanted
    cell = cell_of(raw)
    text = "" if cell is None else shown(cell).strip()
    if isinstance(wanted, Moment):
        return len(text) <= _LONGEST_DATE and _numbers(text) == _numbers(shown(wanted))
    return text == shown(wanted)


def _numbers(text: str) -> list[int]:
    return sorted(filter(None, map(int, _DIGITS.findall(text))))


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
