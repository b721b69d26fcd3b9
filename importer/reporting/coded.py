"""Columns made row by row, kept as their distinct values and a code for each row."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.xlsx import Value


@dataclass(frozen=True)
class Coded:
    """Distinct `values`, and for each row the place of its value or -1 for none."""

    values: Sequence[Value]
    codes: NDArray[np.int32]


def coded(values: Iterable[Value | None]) -> Coded:
    """Codes values; `None` and "" are empty cells."""
    places: dict[Value, int] = {}
    codes = array("i")
    for value in values:
        codes.append(-1 if value is None or value == "" else places.setdefault(value, len(places)))
    return Coded(list(places), np.frombuffer(codes, dtype=np.int32) if codes else np.empty(0, np.int32))


def paired(first: Coded, second: Coded, join: str = " ") -> Coded:
    """Two columns of texts as one: where a row has both, they are joined."""
    width = len(second.values) + 1
    pairs = (first.codes.astype(np.int64) + 1) * width + (second.codes + 1)
    used, codes = np.unique(pairs, return_inverse=True)
    texts = []
    for one, other in zip(*np.divmod(used, width), strict=True):
        parts = [str(first.values[one - 1])] if one else []
        parts += [str(second.values[other - 1])] if other else []
        texts.append(join.join(parts))
    filled = coded(texts)
    return Coded(filled.values, filled.codes[codes])
