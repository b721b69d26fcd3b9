"""Rows that are alike: several columns of codes made into one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Codes = NDArray[np.int64]

_ROOM = 2**62
"""Half of what 64 bits with a sign can count: past it, keys are renumbered before another column joins."""


def combined(columns: Sequence[tuple[NDArray[np.integer], int]]) -> Codes:
    """One number for each row, equal exactly where all columns are equal. Give each column with the count of its codes.

    Codes count from -1. The numbers themselves mean nothing.
    """
    first, size = columns[0]
    key = first.astype(np.int64) + 1
    room = size + 1
    for codes, count in columns[1:]:
        if room * (count + 1) > _ROOM:
            key, uniques = pd.factorize(key)
            room = len(uniques)
        key = key * (count + 1) + (codes + 1)
        room *= count + 1
    return key


def numbered(key: Codes) -> tuple[Codes, int]:
    """Keys renumbered from 0 in the order of their first row, and how many there are."""
    numbers, uniques = pd.factorize(key)
    return numbers.astype(np.int64, copy=False), len(uniques)


def first_of_each(numbers: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    """The position of the first row of each number from 0 to `count`; every number must occur."""
    first = np.empty(count, dtype=np.int64)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    return first


def join_runs(
    kinds: NDArray[np.int64], starts: NDArray[np.int64], sentences: Sequence[str]
) -> tuple[NDArray[np.int64], list[str]]:
    """Join runs of sentences with blanks: which text each run gets, and each distinct text.

    `kinds` says which sentence stands at each place, `starts` where each run begins.
    """
    lengths = np.diff(np.r_[starts, len(kinds)])
    which = kinds[starts]
    texts = list(sentences)
    for depth in range(1, int(lengths.max())):
        longer = np.flatnonzero(lengths > depth)
        pairs = combined([(which[longer], len(texts)), (kinds[starts[longer] + depth], len(sentences))])
        numbers, count = numbered(pairs)
        for at in first_of_each(numbers, count).tolist():
            texts.append(f"{texts[which[longer[at]]]} {sentences[kinds[starts[longer[at]] + depth]]}")
        which[longer] = numbers + len(texts) - count
    runs, used = pd.factorize(which)  # a run's beginning is a text of its own only where a run ends with it
    return runs.astype(np.int64), [texts[at] for at in used.tolist()]
