"""Find the pins of each row, in filled columns and in lists in cells. This multiplies codes, never texts (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from importer.cells import Cell, Unmapped, shown
from importer.characters import trimmed
from importer.mapping.columns import Encoded, unite
from importer.model import Sheet, SheetColumn

_LINES = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Pins:
    """The pins that a block takes from a sheet; all arrays have one entry for each, in the order of the sheet."""

    rows: NDArray[np.int32]
    """The position of the row in the sheet's frame."""
    cells: Encoded
    """What is pinned."""
    places: NDArray[np.int16]
    """The place of its column in the sheet, -1 for none."""
    places_among: NDArray[np.int16]
    """The place of its column among the block's own ones."""
    numbers: NDArray[np.int32]
    """Where it stands in its cell's list, counted from 0, empty entries included."""
    lengths: NDArray[np.int32]
    """How many entries that list has."""
    by_order: NDArray[np.bool_]
    """Whether its position is its place among the pins of its target."""


def pins_of(sheet: Sheet, columns: Sequence[tuple[int, SheetColumn]], split: str, on: NDArray[np.bool_]) -> Pins:
    """The pins of the rows that are on, in these columns with their places; without columns every row is one pin."""
    if not columns:
        rows = np.flatnonzero(on).astype(np.int32)
        none, zero = np.full(len(rows), -1, np.int32), np.zeros(len(rows), np.int32)
        return Pins(rows, Encoded([], none), none.astype(np.int16), zero.astype(np.int16), zero, zero + 1, zero > 0)
    parts = [_part(sheet.frame[column.key].array, split, on) for _, column in columns]
    rows = np.concatenate([part[0] for part in parts])
    order = np.argsort(rows, kind="stable") if len(parts) > 1 else np.arange(len(rows))
    among = np.repeat(np.arange(len(parts), dtype=np.int16), [len(part[0]) for part in parts])[order]
    numbers, lengths = (np.concatenate([part[which] for part in parts])[order] for which in (2, 3))
    return Pins(
        rows[order],
        unite([part[1] for part in parts], order),
        np.array([place for place, _ in columns], dtype=np.int16)[among],
        among,
        numbers,
        lengths,
        np.zeros(len(rows), np.bool_),
    )


def _part(
    array: Any,
    split: str,
    on: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], Encoded, NDArray[np.int32], NDArray[np.int32]]:
    """One column: for each pin its row, its item, its number in the list, and the list's length."""
    if not split:
        return _whole_cells(array, on)
    lists = [entries(cell, split) for cell in array.categories]
    pool: dict[Cell, int] = {}
    items: list[int] = []
    numbers: list[int] = []
    counts: list[int] = []
    for each in lists:
        filled = [number for number, item in enumerate(each) if item != ""]
        items += [pool.setdefault(each[number], len(pool)) for number in filled]
        numbers += filled
        counts.append(len(filled))
    many = np.array([*counts, 0], dtype=np.int64)
    codes = np.where(on, array.codes, -1)
    there = np.flatnonzero(many[codes]).astype(np.int32)
    rows = np.repeat(there, many[codes[there]])
    flat = _spread((np.cumsum(many) - many)[codes[there]], many[codes[there]])
    return (
        rows,
        Encoded(list(pool), np.array(items, dtype=np.int32)[flat]),
        np.array(numbers, dtype=np.int32)[flat],
        np.array([*map(len, lists), 0], dtype=np.int32)[codes[rows]],
    )


def _whole_cells(
    array: Any, on: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], Encoded, NDArray[np.int32], NDArray[np.int32]]:
    """One column whose filled cells are one pin each. `unite` joins cells later that are alike without blanks."""
    items = [_trimmed(cell) if isinstance(cell, str) else cell for cell in array.categories]
    filled = np.array([*(item != "" for item in items), False])
    rows = np.flatnonzero(filled[array.codes] & on).astype(np.int32)
    zero = np.zeros(len(rows), dtype=np.int32)
    return rows, Encoded(items, array.codes[rows].astype(np.int32)), zero, zero + 1


def _trimmed(text: str) -> str:
    # Nearly every text begins and ends with a visible sign: a million searches take seconds.
    return text if "!" <= text[:1] <= "~" and "!" <= text[-1] <= "~" else trimmed(text)


def _spread(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """`start, start + 1 …` as often as each count says."""
    ends = np.cumsum(counts)
    places: NDArray[np.int64] = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(
        starts - (ends - counts), counts
    )
    return places


def entries(cell: Cell, split: str) -> list[Cell]:
    """The entries of a cell's list, without blanks around them; an empty entry is ""."""
    if not isinstance(cell, str):
        return [cell]
    if not split:
        return [_trimmed(cell)]
    pieces = _LINES.split(cell) if split == "\n" else cell.split(split)
    return [_trimmed(piece) for piece in pieces]


def parallel(array: Any, split: str, pins: Pins) -> Encoded:
    """For each pin the entry of another column's list that stands where the pin stands in its own.

    A list with no entry filled is an empty cell. Where two lists differ in length, nobody knows which entry belongs to
    which pin: that is a problem of each.
    """
    lists = [entries(cell, split) for cell in array.categories]
    lists = [each if any(item != "" for item in each) else [] for each in lists]
    pool: dict[Cell, int] = {}
    items = [pool.setdefault(item, len(pool)) if item != "" else -1 for each in lists for item in each]
    lengths = np.array([*map(len, lists), 0], dtype=np.int64)
    codes = array.codes[pins.rows]
    fits = lengths[codes] == pins.lengths
    at = np.where(fits, (np.cumsum(lengths) - lengths)[codes] + pins.numbers, -1)
    found = np.array([*items, -1], dtype=np.int32)[at]
    wrong = np.flatnonzero(~fits & (lengths[codes] > 0))
    pairs, which = np.unique(np.stack([codes[wrong], pins.lengths[wrong]]), axis=1, return_inverse=True)
    cells = [Unmapped(shown(array.categories[code]), "list-length", str(length)) for code, length in pairs.T.tolist()]
    found[wrong] = np.array([pool.setdefault(cell, len(pool)) for cell in cells], dtype=np.int32)[which]
    return Encoded(list(pool), found)


def without_entries(positions: Encoded, pins: Pins) -> NDArray[np.bool_]:
    """For each pin whether no pin of its row has an entry: an empty one among filled ones is missing, not left out."""
    filled = np.zeros(int(pins.rows.max(initial=-1)) + 1, dtype=np.bool_)
    filled[pins.rows[positions.codes >= 0]] = True
    return ~filled[pins.rows]
