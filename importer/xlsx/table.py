"""A sheet of a workbook, as its writer takes it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from importer.cells import Cell
from importer.xlsx.styles import PLAIN, CellStyle

Value = Cell | int | float
"""What a cell can hold: the kinds of the model, or a plain number."""

BOLD = CellStyle(bold=True)


@dataclass(frozen=True)
class Encoded:
    """The cells of a column: each distinct one once, and a code for each row."""

    values: Sequence[Value]
    codes: NDArray[np.signedinteger]
    """For each row the place of its cell among `values`, or -1 for an empty cell."""


def encode(cells: Iterable[Value | None]) -> Encoded:
    """Encode cells given row by row; `None` and "" are empty cells."""
    places: dict[Value, int] = {}
    codes = array("i")
    for cell in cells:
        codes.append(-1 if cell is None or cell == "" else places.setdefault(cell, len(places)))
    return Encoded(list(places), np.frombuffer(codes, dtype=np.int32) if codes else np.empty(0, np.int32))


@dataclass(frozen=True)
class Column:
    """One column."""

    header: str
    """Its text in row 1; "" for none."""
    cells: Encoded
    width: float = 16.0
    """In characters."""
    styles: NDArray[np.integer] | None = None
    """For each row the number of its style in the table's `styles`; `None` is style 0 throughout."""
    header_style: CellStyle | None = None
    """The style of its header; `None` is the table's."""
    as_text: bool = False
    """Whether empty cells are cells of text too, so that what a person types into them keeps its zeros."""


@dataclass(frozen=True, slots=True)
class Note:
    """A comment on one cell."""

    row: int
    """Counted from 0 below the header; -1 is the header."""
    column: int
    """Counted from 0."""
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one cell to another cell of the workbook."""

    row: int
    """Counted as that of a `Note`."""
    column: int
    target: str
    """Such as `'Results'!C17`."""


@dataclass(frozen=True, slots=True)
class Choices:
    """A drop-down on cells of a column."""

    column: int
    """Counted from 0."""
    choices: tuple[str, ...]
    """The values to choose from."""
    first: int
    """The first row that has it, counted as that of a `Note`."""
    last: int
    """The last row that has it."""
    strict: bool = True
    """Whether Excel refuses other values."""
    title: str = ""
    """The heading of the hint."""
    text: str = ""
    """A hint that shows beside the cell."""


@dataclass(frozen=True)
class Table:
    """One sheet: a header in row 1, frozen, and the rows below it."""

    name: str
    """The sheet's name."""
    columns: Sequence[Column]
    """The columns, from the left."""
    rows: int
    """How many rows stand below the header."""
    styles: Sequence[CellStyle] = (PLAIN,)
    """What the columns' `styles` name."""
    notes: Sequence[Note] = ()
    """Several on one cell are joined."""
    choices: Sequence[Choices] = ()
    """Drop-downs."""
    links: Sequence[Link] = ()
    """Cells that lead to another cell when clicked."""
    header_style: CellStyle = BOLD
    """The style of headers that have none of their own."""
    filters: bool = True
    """Whether the header has filters."""
    fitted: bool = False
    """Whether each row is as high as its wrapped texts need: for small tables."""
    tab_color: str = ""
