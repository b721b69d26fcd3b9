"""The two engines for xlsx workbooks behind one small interface. Runs in the child process.

python-calamine reads them fast; openpyxl, more than ten times slower, reads some that the first one gives up on,
and tells what every single cell is.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO, Protocol

from importer.reading.format_code import GENERAL
from importer.reading.number_format import raw_iso, raw_number, raw_text
from importer.reading.package import NO_FACTS, WorkbookFacts
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

    def __init__(self, file: BinaryIO, facts: WorkbookFacts = NO_FACTS) -> None:
        from openpyxl import load_workbook  # noqa: PLC0415 - takes long to load, and few files need it
        from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: PLC0415

        warnings.simplefilter("ignore")
        file.seek(0)
        content = file.read()
        self._placeholders = facts.placeholders
        self._calculated = facts.calculated
        self._values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        self._formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        self._epoch1904 = self._values.epoch == CALENDAR_MAC_1904
        # It would make dates by an understanding of its own.
        self._values._date_formats = self._values._timedelta_formats = set()  # type: ignore[attr-defined]  # noqa: SLF001

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
        # Whether nothing is a result, too. It takes one more reading, and few sheets have a cell that asks for it.
        calculates = cache(lambda: self._calculated or self._has_results(values, formulas))
        for row, formula_row in zip(values.iter_rows(), formulas.iter_rows(), strict=True):
            yield [self._cell(cell, other, calculates) for cell, other in zip(row, formula_row, strict=False)]

    @staticmethod
    def _has_results(values: Any, formulas: Any) -> bool:
        """Whether any formula's result is more than 0 or "", so that the writing program calculates."""
        return any(
            formula.data_type == "f" and cell.value not in (None, 0, "")
            for row, formula_row in zip(values.iter_rows(), formulas.iter_rows(), strict=True)
            for cell, formula in zip(row, formula_row, strict=False)
        )

    def _cell(self, cell: Any, formula: Any, calculates: Callable[[], bool]) -> Raw:
        from openpyxl.utils.escape import unescape  # noqa: PLC0415

        value = cell.value
        kind = getattr(cell, "data_type", "n")
        is_formula = formula.data_type == "f"
        if kind == "e":
            return ("e", str(value or "#VALUE!"))
        if is_formula and self._has_no_result(value, kind, calculates):
            return ("u", str(getattr(formula.value, "text", formula.value) or "").lstrip("=") or "…")
        if value is None:
            return EMPTY
        code = cell.number_format or GENERAL
        if kind == "d":
            return raw_iso(value.isoformat(), code)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return raw_number(value, code, epoch1904=self._epoch1904)
        return raw_text(unescape(value), code) if isinstance(value, str) else value

    def _has_no_result(self, value: Any, kind: str, calculates: Callable[[], bool]) -> bool:
        if value is None:
            return kind != "str" or self._placeholders or not calculates()
        return self._placeholders and not isinstance(value, bool) and value in (0, "")
