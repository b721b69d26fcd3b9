"""Blank scope cells that stand for the cell above them: in merged ranges always, elsewhere on request."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from importer.columns import BY_NAME, METADATA_PREFIX
from importer.reading.assemble import Codes, Table, codes_of, is_blank

TARGET = ("target_type", "target_identity", "target_criteria")


def fill_merged(table: Table, places: Mapping[str, int]) -> dict[str, int]:
    """Fill merged ranges downwards in scope columns; how many cells of data rows were filled, by column.

    A range over several columns is filled in its first one only: the others belong to other columns.
    """
    filled: dict[str, int] = {}
    by_place = {place: key for key, place in places.items() if _of_scope(key)}
    header = -1 if table.header is None else table.header
    for top, left, bottom, _ in table.raw.merged:
        key = by_place.get(left)
        if key is None or bottom <= top or top <= header or top >= table.raw.rows:
            continue
        column = table.raw.columns[left]
        codes = codes_of(column)
        below = codes[top + 1 : bottom + 1]
        empty = (below == 0) & table.filled[top + 1 : bottom + 1]
        if codes[top] and empty.any():
            below[empty] = codes[top]
            filled[key] = filled.get(key, 0) + int(empty.sum())
    return filled


def _of_scope(key: str) -> bool:
    return key.startswith(METADATA_PREFIX) or (key in BY_NAME and BY_NAME[key].level == "scope")


def fill_down(table: Table, places: Mapping[str, int]) -> int:
    """Fill blank cells of the model and of the target from the data row above; how many were filled.

    The target's three columns go together: a row goes on with the target above where all of them are
    blank, or all but the same type: the identity of one
    target never meets the type of another. Tags and metadata need no filling: they count for the whole scope from any
    of its rows.
    """
    rows = table.rows
    columns = {
        key: table.raw.columns[places[key]] for key in ("model", *TARGET) if places.get(key) in table.raw.columns
    }
    codes = {key: codes_of(column)[rows] for key, column in columns.items()}
    blank = {key: is_blank(columns[key].values)[codes[key]] for key in columns}
    changed = 0
    if "model" in columns:
        changed += _take_from_above(codes["model"], blank["model"], blank["model"])
    target = [key for key in TARGET if key in columns]
    if target:
        none = np.logical_and.reduce([blank[key] for key in target])
        for key in target:
            changed += _take_from_above(codes[key], none, none & blank[key])
            blank[key] = is_blank(columns[key].values)[codes[key]]
        if "target_type" in columns:
            changed += _take_from_above(codes["target_type"], blank["target_type"], blank["target_type"])
            changed += _take_targets(codes, {key: is_blank(columns[key].values)[codes[key]] for key in target})
    for key, column in columns.items():
        codes_of(column)[rows] = codes[key]
    return changed


def _take_targets(codes: Mapping[str, Codes], blank: Mapping[str, NDArray[np.bool_]]) -> int:
    """Rows that repeat the target type and leave the target itself blank go on with the target above, if that is of
    the same type; how many cells were filled."""
    named = [key for key in codes if key in blank and key != "target_type"]
    if not named:
        return 0
    lacking = np.logical_and.reduce([blank[key] for key in named])
    source = np.maximum.accumulate(np.where(lacking, -1, np.arange(len(lacking))))
    ready = lacking & (source >= 0)
    ready[ready] = codes["target_type"][ready] == codes["target_type"][source[ready]]
    changed = 0
    for key in named:
        before = codes[key].copy()
        codes[key][ready] = before[source[ready]]
        changed += int((codes[key] != before).sum())
    return changed


def _take_from_above(codes: Codes, without: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> int:
    """Give each wanted row the code of the nearest row above that is not `without`; how many got another one."""
    source = np.maximum.accumulate(np.where(without, -1, np.arange(len(codes))))
    ready = wanted & (source >= 0)
    before = codes.copy()
    codes[ready] = before[source[ready]]
    return int((codes != before).sum())
