"""The two workbook engines behind one small interface. Runs in the child process.

python-calamine reads every kind of workbook fast; openpyxl, more than ten times slower, reads some xlsx files that
the first one gives up on, and tells what every single cell is.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from importer.reading.number_format import shown_as
from importer.reading.raw import EMPTY, Raw


@dataclass(frozen=True, slots=True)
class SheetName:
    """One sheet of a workbook that holds cells; charts and macro sheets do not."""

    name: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Cells:
    """A sheet's cells. `rows` begin at the sheet's row 1 and at `first_column` (counted from 0)."""

    first_column: int
    rows: Iterator[Sequence[Any]]
    merged: list[tuple[int, int, int, int]]


class Engine(Protocol):
    """What the worker needs of an engine. Anything may be raised by any of these, panics included."""

    exact: bool

    def sheets(self) -> list[SheetName]:
        """The sheets, in the workbook's order."""
        ...

    def cells(self, name: str) -> Cells:
        """One sheet's cells."""
        ...


class Calamine:
    """The fast engine. It reads error cells and formulas without a result as empty: `exact` is False."""

    exact = False

    def __init__(self, file: BinaryIO) -> None:
        from python_calamine import load_workbook  # noqa: PLC0415 - an engine is loaded by who uses it

        file.seek(0)
        self._book = load_workbook(io.BytesIO(file.read()))

    def sheets(self) -> list[SheetName]:
        """The sheets, in the workbook's order."""
        from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

        return [
            SheetName(sheet.name, sheet.visible == SheetVisibleEnum.Visible)
            for sheet in self._book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]

    def cells(self, name: str) -> Cells:
        """One sheet's cells."""
        sheet = self._book.get_sheet_by_name(name)
        if sheet.start is None:
            return Cells(0, iter(()), [])
        merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        return Cells(sheet.start[1], sheet.iter_rows(), merged)


class OpenPyxl:
    """The slow engine for xlsx; it tells errors and missing results itself."""

    exact = True

    def __init__(self, file: BinaryIO) -> None:
        from openpyxl import load_workbook  # noqa: PLC0415 - takes long to load, and few files need it

        warnings.simplefilter("ignore")
        file.seek(0)
        content = file.read()
        self._values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        self._formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False)

    def sheets(self) -> list[SheetName]:
        """The sheets, in the workbook's order."""
        return [SheetName(sheet.title, sheet.sheet_state == "visible") for sheet in self._values.worksheets]

    def cells(self, name: str) -> Cells:
        """One sheet's cells."""
        return Cells(0, self._rows(name), [])

    def _rows(self, name: str) -> Iterator[Sequence[Any]]:
        values, formulas = self._values[name], self._formulas[name]
        for sheet in (values, formulas):
            # The dimension that a file states is not to be trusted.
            sheet.reset_dimensions()
        for row, formula_row in zip(values.iter_rows(), formulas.iter_rows(), strict=True):
            yield [_exact_cell(cell, other) for cell, other in zip(row, formula_row, strict=False)]


def _exact_cell(cell: Any, formula: Any) -> Raw:
    value = cell.value
    if value is None:
        is_formula = formula.data_type == "f" and getattr(cell, "data_type", "n") != "str"
        return ("u", str(formula.value).lstrip("=")) if is_formula else EMPTY
    if cell.data_type == "e":
        return ("e", str(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown = shown_as(value, cell.number_format or "General")
        return value if shown is None else ("n", value, shown)
    return value  # type: ignore[no-any-return]
