"""A column as its distinct cells and a code for each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.cells import Cell


@dataclass(frozen=True, slots=True)
class Encoded:
    """A column of cells."""

    cells: Sequence[Cell]
    """Every distinct cell, once."""
    codes: NDArray[np.int32]
    """Per row which of `cells` it has, -1 where it is empty."""

    def categorical(self) -> pd.Categorical[Any]:
        """The column for a sheet's frame, with only the cells that a row uses."""
        used = np.bincount(self.codes + 1, minlength=len(self.cells) + 1)[1:] > 0
        cells = [cell for cell, is_used in zip(self.cells, used.tolist(), strict=True) if is_used]
        numbers = np.append(np.where(used, np.cumsum(used) - 1, -1), -1).astype(np.int32)
        dtype = pd.CategoricalDtype(pd.Index(cells, dtype=object))
        return pd.Categorical.from_codes(numbers[self.codes], dtype=dtype)


def encode(cells: Sequence[Cell | None], codes: NDArray[np.integer]) -> Encoded:
    """Make a column of cells that may be alike or empty, and keep each of them once."""
    pool: dict[Cell, int] = {}
    numbers = [-1 if cell is None or cell == "" else pool.setdefault(cell, len(pool)) for cell in cells]
    return Encoded(list(pool), np.array([*numbers, -1], dtype=np.int32)[codes])


def take_rows(array: Any, rows: NDArray[np.integer]) -> Encoded:
    """Take some rows of a sheet's column."""
    return Encoded(list(array.categories), array.codes[rows].astype(np.int32))


def unite(parts: Sequence[Encoded], order: NDArray[np.integer]) -> Encoded:
    """Put several columns one below the other, and their rows into an order."""
    pool: dict[Cell, int] = {}
    codes = []
    for part in parts:
        numbers = np.array([*(pool.setdefault(cell, len(pool)) for cell in part.cells), -1], dtype=np.int32)
        codes.append(numbers[part.codes])
    return Encoded(list(pool), np.concatenate(codes)[order])
