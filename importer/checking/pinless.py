"""Rows of an export that stand for a customization without pins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from importer.cells import shown, shows_nothing
from importer.columns import CUSTOMIZATION_ID, LIVE_VERSION, PIN_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.model import Sheet


def without_pin(sheet: Sheet) -> NDArray[np.int64]:
    """The positions of rows that name a live customization and its version, and have nothing in any column of a pin.

    Only an export says so. Anywhere else such a row has lost its pin.
    """
    if not {CUSTOMIZATION_ID, LIVE_VERSION} <= set(sheet.frame.columns):
        return np.empty(0, dtype=np.int64)
    found = _filled(sheet, CUSTOMIZATION_ID) & _filled(sheet, LIVE_VERSION)
    for column in PIN_COLUMNS:
        if column.name in sheet.frame.columns:
            found &= ~_filled(sheet, column.name)
    return np.flatnonzero(found)


def _filled(sheet: Sheet, name: str) -> NDArray[np.bool_]:
    cells = sheet.frame[name].array
    filled = np.array([*(not shows_nothing(shown(cell)) for cell in cells.categories), False], dtype=np.bool_)
    found: NDArray[np.bool_] = filled[cells.codes]
    return found
