"""Rows and cells of the input, as people find them in Excel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from importer.model import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray


def positions(sheet: Sheet, rows: Sequence[int] | NDArray[np.integer]) -> NDArray[np.int64]:
    """Where sheet rows stand in the frame, counted from 0."""
    return sheet.frame.index.get_indexer(pd.Index(rows)).astype(np.int64)


def row_label(sheet: Sheet, row: int) -> int | str:
    """The row's number; with the sheet's name where the rows came from several sheets and it is not the first."""
    return sheet.row_label(row)


def cell_label(sheet: Sheet, row: int, key: str | None) -> str:
    """The cell's address, or "" where the file lacks the column."""
    address = sheet.address(row, key)
    name, _ = sheet.place(row)
    return f"{name}: {address}" if address and name not in ("", *sheet.sheets[:1]) else address
