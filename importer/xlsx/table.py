"""A sheet of a workbook, as its writer is given it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from importer.cells import Cell
from importer.xlsx.styles import PLAIN, Look

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Value = Cell | int | float
"""What a cell can hold: the kinds of the model, or a bare number."""


@dataclass(frozen=True)
class Column:
    """One column: its distinct `values`, and `codes`, for each row the place of its value or -1 for an empty cell.

    `width` counts characters. `looks` holds for each row the number of its look in the table's `looks`; `None` is
    look 0 throughout. With `as_text` a cell is one of text even while it is empty, so that what a person types into
    it keeps its zeros.
    """

    header: str
    values: Sequence[Value]
    codes: NDArray[np.signedinteger]
    width: float = 16.0
    looks: NDArray[np.integer] | None = None
    header_look: Look | None = None
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A comment on one cell. `row` counts from 0 below the header (-1 is the header), `column` from 0."""

    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one cell to another of the workbook, such as `'Results'!C17`. Rows and columns as of a `Note`."""

    row: int
    column: int
    target: str


@dataclass(frozen=True, slots=True)
class Choices:
    """A drop-down on the cells of a column, from `first` to `last` (counted as `Note.row`).

    With `strict` Excel refuses other values.
    """

    column: int
    choices: tuple[str, ...]
    first: int
    last: int
    strict: bool = True
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class Table:
    """One sheet: a header in row 1, frozen, with filters on, and as many rows as the columns' codes."""

    name: str
    columns: Sequence[Column]
    rows: int
    looks: Sequence[Look] = (PLAIN,)
    notes: Sequence[Note] = ()
    choices: Sequence[Choices] = ()
    links: Sequence[Link] = ()
    header_look: Look = field(default=Look(bold=True))
    filters: bool = True
    tab_color: str = ""


def letters(column: int) -> str:
    """A column's letters, counted from 0: 0 is `A`, 26 is `AA`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
