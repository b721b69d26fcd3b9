"""What rows say besides data: which live customization they are, whether to delete it, and that it has no pins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from importer.cells import shown, shows_nothing
from importer.characters import trimmed
from importer.checking.codes import combined, first_of_each, numbered
from importer.columns import COMMAND, CUSTOMIZATION_ID, DELETE, LIVE_VERSION, PIN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from importer.cells import Cell
    from importer.checking.problems import Collector
    from importer.model import Sheet

_NOTHING, _DELETE, _UNKNOWN = 0, 1, 2


def customizations(sheet: Sheet, of_row: NDArray[np.int32]) -> NDArray[np.int32]:
    """Per row the number of its customization, by first rows, where rows of one target may name several; -1 as in
    `of_row`, the numbers of their targets.

    A row that names none belongs to the one that the other rows of its target name; where those name several, such
    rows stand by themselves.
    """
    known = np.flatnonzero(of_row >= 0)
    if CUSTOMIZATION_ID not in sheet.frame.columns or not len(known):
        return of_row
    ids, count = _ids(sheet, known)
    target = of_row[known]
    named = np.flatnonzero(ids >= 0)
    only = np.full(int(target.max()) + 1, -1, dtype=np.int64)
    only[target[named]] = ids[named]
    several = np.zeros(len(only), dtype=np.bool_)
    several[target[named[ids[named] != only[target[named]]]]] = True
    joins = (ids < 0) & ~several[target]
    ids[joins] = only[target[joins]]
    found = np.full(len(of_row), -1, dtype=np.int32)
    found[known] = numbered(combined([(target, len(only)), (ids, count)]))[0]
    return found


def _ids(sheet: Sheet, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """The number of the customization that each of these rows names, -1 for none, and how many there are."""
    cells = sheet.frame[CUSTOMIZATION_ID].array
    numbers: dict[str, int] = {"": -1}
    of_cell = [numbers.setdefault(shown(cell).strip(), len(numbers) - 1) for cell in cells.categories]
    return np.array([*of_cell, -1], dtype=np.int64)[cells.codes[rows]], len(numbers)


def deletes(sheet: Sheet) -> NDArray[np.bool_]:
    """Per row of a sheet with commands whether its command is to delete."""
    cells = sheet.frame[COMMAND].array
    found: NDArray[np.bool_] = _commands(cells.categories)[cells.codes] == _DELETE
    return found


def check_commands(sheet: Sheet, of_row: NDArray[np.int32], problems: Collector) -> None:
    """Add to `problems` which commands there are not, and which rows do not say what the others of their scope do."""
    cells = sheet.frame[COMMAND].array
    said = _commands(cells.categories)[cells.codes]
    problems.add("command-unknown", COMMAND, np.flatnonzero(said == _UNKNOWN))
    delete = np.flatnonzero((said == _DELETE) & (of_row >= 0))
    if not len(delete):
        return
    scopes, count = numbered(of_row[delete].astype(np.int64))
    first = np.full(int(of_row.max()) + 1, -1, dtype=np.int64)
    first[of_row[delete[first_of_each(scopes, count)]]] = delete[first_of_each(scopes, count)]
    other = np.flatnonzero((said == _NOTHING) & (of_row >= 0))
    differs = other[first[of_row[other]] >= 0]
    problems.add("command-differs", COMMAND, differs, others=first[of_row[differs]])


def _commands(cells: Iterable[Cell]) -> NDArray[np.int8]:
    """What each distinct cell says, and at the end what no cell says, whose code is -1."""
    return np.array([*map(_command, cells), _NOTHING], dtype=np.int8)


def _command(cell: Cell) -> int:
    # A formula without a result, or a cell that a merged range covers, says nothing that anything is deleted for.
    words = {"": _NOTHING, DELETE: _DELETE}
    return words.get(trimmed(cell).casefold(), _UNKNOWN) if isinstance(cell, str) else _UNKNOWN


def without_pin(sheet: Sheet) -> NDArray[np.int64]:
    """The positions of rows that name a live customization and its version, and have nothing in any column of a pin.

    Only an export says so. Anywhere else such a row has lost its pin.
    """
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
