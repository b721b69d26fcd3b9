"""The input's own columns as the results carry them: every cell gives the same verdict when it is read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from importer.cells import Broken, Cell, Covered, Number, Uncalculated, Unmapped
from importer.model import ColumnKind, Sheet, SheetColumn
from importer.reporting.places import own, positions
from importer.xlsx.table import Encoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.run import Run

NOT_AS_TEXT = frozenset({"number-reformatted", "number-too-long", "number-fraction", "became-date", "became-time"})
"""Problems of a cell's kind, which is lost in CSV: as text the same characters would pass for a good value."""

_NO_VALUE = Broken("#VALUE!")


def own_cells(run: Run, *, as_text: bool) -> Iterator[tuple[SheetColumn, Encoded]]:
    """Those columns and their cells; `as_text` where only the characters of a cell will be kept."""
    lost = _lost(run) if as_text else {}
    for column in own(run.sheet):
        cells = run.sheet.frame[column.key].array
        values = list(cells.categories)
        if column.kind is not ColumnKind.OTHER:
            values = [_meaning(cell, as_text=as_text) for cell in values]
        for code in lost.get(column.key, ()):
            values[code] = _NO_VALUE
        yield column, Encoded(values, cells.codes)


def surplus(sheet: Sheet) -> Encoded | None:
    """What rows hold past the last header, to stand past it again without a header; `None` if no row does."""
    if not sheet.surplus:
        return None
    codes = np.full(len(sheet.frame), -1, dtype=np.int32)
    codes[positions(sheet, list(sheet.surplus))] = np.arange(len(sheet.surplus))
    return Encoded(list(sheet.surplus.values()), codes)


def _meaning(cell: Cell, *, as_text: bool) -> Cell:
    match cell:
        case Uncalculated() | Covered() | Unmapped():
            # A formula would run against other rows than it was written for, and as text it would pass for a value: an
            # error cell is as wrong as the formula was. Its text stands in the comment and among the problems. A cell
            # that a merged range covers would pass for an empty one.
            return Broken("#N/A")
        case Number(value, shown) if as_text and shown is not None:
            return Number(value)
        case _:
            return cell


def _lost(run: Run) -> dict[str, Sequence[int]]:
    problems = run.checked.problems.frame()
    problems = problems[problems["code"].isin(NOT_AS_TEXT)]
    places: NDArray[np.int64] = positions(run.sheet, problems["row"].to_numpy())
    columns = problems["column"].array
    lost = {}
    for number, key in enumerate(columns.categories):
        codes = run.sheet.frame[key].array.codes if key in run.sheet.frame else None
        if codes is not None:
            lost[key] = np.unique(codes[places[columns.codes == number]]).tolist()
    return lost
