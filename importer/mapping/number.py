"""Number the pins of a target in the order of the sheet (pure)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.cells import Cell, Number
from importer.mapping.columns import Encoded

_OF_A_LIST = ("model", "target_type", "target_identity", "target_criteria", "widget_id")
"""Pins that are alike in these stand in one list."""


def numbered_by_order(cells: Mapping[str, Encoded], by_order: NDArray[np.bool_]) -> Encoded:
    """The positions, with 1, 2, 3 … where they go by order."""
    positions = cells["position"]
    at = np.flatnonzero(by_order)
    if not len(at):
        return positions
    lists = np.zeros(len(at), dtype=np.int64)
    for name in _OF_A_LIST:
        if name in cells:
            combined = lists * (len(cells[name].cells) + 1) + cells[name].codes[at] + 1
            lists = pd.factorize(combined)[0].astype(np.int64)
    order = np.argsort(lists, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(lists[order]) != 0])
    rank = np.empty(len(at), dtype=np.int64)
    rank[order] = np.arange(len(at)) - np.repeat(starts, np.diff(np.r_[starts, len(at)]))
    codes = positions.codes.copy()
    codes[at] = len(positions.cells) + rank
    numbers: list[Cell] = [Number(number + 1) for number in range(int(rank.max()) + 1)]
    return _held_once([*positions.cells, *numbers], codes)


def _held_once(cells: list[Cell], codes: NDArray[np.int32]) -> Encoded:
    pool: dict[Cell, int] = {}
    numbers = np.array([*(pool.setdefault(cell, len(pool)) for cell in cells), -1], dtype=np.int32)
    return Encoded(list(pool), numbers[codes])
