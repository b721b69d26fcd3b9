"""Rows and cells as people find them: in the input, and in the results, where they are fixed."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from importer.catalogue import results as texts
from importer.cells import column_letter
from importer.columns import RESULT_COLUMNS, RESULTS_SHEET
from importer.model import SHEET_ROWS, ColumnKind, Sheet, SheetColumn

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BYTES_A_CELL = 56
_PART = 2**31 - 2**20


def rows_of_a_sheet(sheet: Sheet, most: int = SHEET_ROWS) -> int:
    """The rows of each sheet of the results, header included: fewer where its XML would pass 2 GiB, which not every
    program can open."""
    width = len(own(sheet)) + len(RESULT_COLUMNS) + bool(sheet.surplus)
    return max(2, min(most, 1 + _PART // (_BYTES_A_CELL * width)))


def own(sheet: Sheet) -> list[SheetColumn]:
    """The input's columns that are carried over: all but the result columns of an earlier run."""
    return [column for column in sheet.columns if column.kind is not ColumnKind.RESULT]


def positions(sheet: Sheet, rows: Sequence[int] | NDArray[np.integer]) -> NDArray[np.int64]:
    """Where sheet rows stand in the frame, counted from 0."""
    return sheet.frame.index.get_indexer(pd.Index(rows)).astype(np.int64)


class Places:
    """Where the input's rows and cells stand in the results.

    A sheet `Results` has `sheet_rows` rows at most, header included; then another goes on.
    """

    def __init__(self, sheet: Sheet, sheet_rows: int) -> None:
        columns = own(sheet)
        self._sheet = sheet
        self._file = Path(sheet.file).name
        self._rows = array("q", sheet.frame.index.tolist())
        self._letters = {column.key: column_letter(place) for place, column in enumerate(columns)}
        self.size = sheet_rows - 1

    def row_label(self, row: int) -> int | str:
        """The row's number in the results; with the sheet's name where it is not on the first."""
        number, at = self._at(row)
        return at if number == 1 else f"{results_name(number)}: {at}"

    def cell_label(self, row: int, key: str | None) -> str:
        """The cell's address in the results, or "" where the file lacks the column."""
        letter = self._letters.get(key or "")
        if letter is None:
            return ""
        number, at = self._at(row)
        return f"{letter}{at}" if number == 1 else f"{results_name(number)}: {letter}{at}"

    def link(self, row: int, key: str | None) -> str:
        """The cell as a link within the workbook names it; the row's first cell where the file lacks the column."""
        number, at = self._at(row)
        return f"'{results_name(number)}'!{self._letters.get(key or '', 'A')}{at}"

    def row(self, row: int) -> str:
        """The row's number in the results, and beside it the one in the input, if that is another."""
        here, there = str(self.row_label(row)), str(self._sheet.row_label(row))
        return here if here == there else texts.ROW_AND_SOURCE.format(row=here, source=there, file=self._file)

    def _at(self, row: int) -> tuple[int, int]:
        """The number of the sheet, counted from 1, and the row on it."""
        number, rest = divmod(bisect_left(self._rows, row), self.size)
        return number + 1, rest + 2


def results_name(number: int) -> str:
    """The name of the n-th sheet of results."""
    return RESULTS_SHEET if number == 1 else f"{RESULTS_SHEET} {number}"


def cell_label(sheet: Sheet, row: int, key: str | None) -> str:
    """The cell's address in the input, or "" where the file lacks the column."""
    address = sheet.address(row, key)
    name, _ = sheet.place(row)
    return f"{name}: {address}" if address and name not in ("", *sheet.sheets[:1]) else address
