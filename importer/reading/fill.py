"""Blank cells that stand for the cell above them: in merged ranges always, elsewhere on request."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from importer.columns import BY_NAME
from importer.headings import find_headings, weights
from importer.reading.raw import Raw, put
from importer.reading.table import Codes, Table, cell_of, codes_of, is_blank, is_ours, text_at

TARGET = ("target_type", "target_identity", "target_criteria")
_ITS_OWN = ("position", "pin_identity", "pin_criteria")
"""What every pin has to itself."""


def fill_merged(table: Table, places: Mapping[str, int]) -> dict[str, int]:
    """Give the value of a merged range to all of its data rows; how many cells were filled, by column.

    Several rows cannot share what each pin has to itself, and several columns cannot share one value: such cells become
    covered ones, which are problems. A range over a whole row stays a heading.
    """
    filled: dict[str, int] = {}
    by_place = {place: key for key, place in places.items() if is_ours(key)}
    covered: list[tuple[int, int, Raw]] = []
    header = -1 if table.header is None else table.header
    for top, left, bottom, right in table.raw.merged:
        column = table.raw.columns.get(left)
        if column is None or top <= header or top >= table.raw.rows or not column.codes[top]:
            continue
        rows = top + np.flatnonzero(table.filled[top : bottom + 1])
        text = ("g", text_at(column, top))
        key = by_place.get(left)
        if key in _ITS_OWN:
            covered += [(row, left, text) for row in rows[rows > top].tolist()]
        elif key is not None:
            codes = codes_of(column)
            below = rows[(rows > top) & (codes[rows] != codes[top])]
            if len(below):
                codes[below] = codes[top]
                filled[key] = filled.get(key, 0) + len(below)
        further = [place for place in by_place if left < place <= right] if right > left else []
        if further and not _is_heading(table, top, left, bottom, right):
            of_pin = key is not None and _is_of_pin(key)
            covered += [
                (row, place, text)
                for place in further
                if of_pin or _is_of_pin(by_place[place])
                for row in rows.tolist()
            ]
    put(table.raw, covered)
    return filled


def _is_of_pin(key: str) -> bool:
    return key in BY_NAME and BY_NAME[key].level == "pin"


def _is_heading(table: Table, top: int, left: int, bottom: int, right: int) -> bool:
    """Whether a range is alone in its one row."""
    return top == bottom and not any(
        column.codes[top] for place, column in table.raw.columns.items() if not left <= place <= right
    )


def fill_down(table: Table, places: Mapping[str, int]) -> int:
    """Fill blank cells of the model and of the target from the data row above; how many were filled.

    The target's three columns go together. A row takes the target above where all three are blank, or all but the same
    type, so that the identity of one target never meets the type of another. Tags and metadata need no filling: they
    count for the whole scope from any of its rows. Headings between rows take no part.
    """
    rows = np.setdiff1d(table.rows, _headings(table, places), assume_unique=True)
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


def _headings(table: Table, places: Mapping[str, int]) -> NDArray[np.int64]:
    """The data rows that are headings or totals: they take nothing from a pin, and no pin takes anything from them."""
    columns = {}
    for key in sorted(filter(is_ours, places), key=lambda key: places[key]):
        column = table.raw.columns.get(places[key])
        if column is not None:
            columns[key] = codes_of(column)[table.rows], weights(key, map(cell_of, column.values))
    return table.rows[find_headings(columns, len(table.rows)).positions]


def _take_targets(codes: Mapping[str, Codes], blank: Mapping[str, NDArray[np.bool_]]) -> int:
    """Give the target above to rows that only repeat its type; how many cells were filled."""
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
    """Give each wanted row the code of the nearest row above that is not `without` one; how many codes changed."""
    source = np.maximum.accumulate(np.where(without, -1, np.arange(len(codes))))
    ready = wanted & (source >= 0)
    before = codes.copy()
    codes[ready] = before[source[ready]]
    return int((codes != before).sum())
