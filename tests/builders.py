"""Literal sheets for tests: a header and rows as a person would type them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from importer.cells import Cell, Flag, Moment, Number
from importer.checking import Checked, check
from importer.columns import LIVE_COLUMNS, METADATA_PREFIX, RESULT_COLUMNS
from importer.headers import known_name
from importer.model import ColumnKind, Provenance, ReadFacts, Sheet, SheetColumn
from importer.settings import CheckOptions, DateOrder

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
BRATISLAVA = ZoneInfo("Europe/Bratislava")


def cell(value: Any) -> Cell | None:
    """A Python value as the cell that Excel would make of it; a text is a text cell, None and "" are empty."""
    match value:
        case None | "":
            return None
        case bool():
            return Flag(value)
        case int() | float():
            return Number(value)
        case datetime():
            return Moment(value, has_time=True)
        case date():
            return Moment(datetime(value.year, value.month, value.day), has_time=False)
        case _:
            return value


def sheet(
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    first_row: int = 2,
    surplus: Mapping[int, str] | None = None,
    provenance: Provenance | None = None,
) -> Sheet:
    """A sheet with these rows from `first_row` on; short rows are filled with empty cells."""
    columns = tuple(_column(name, number) for number, name in enumerate(header))
    padded = [[cell(value) for value in row] + [None] * (len(header) - len(row)) for row in rows]
    index = pd.RangeIndex(first_row, first_row + len(rows), name="row")
    frame = pd.DataFrame(
        {column.key: categorical([row[at] for row in padded]) for at, column in enumerate(columns)}, index=index
    )
    facts = ReadFacts("xlsx", None, None, "Pins", first_row - 1, len(rows) + 1)
    return Sheet(
        "pins.xlsx", "0" * 64, facts, columns, frame, ("Pins",), surplus=dict(surplus or {}), provenance=provenance
    )


def categorical(cells: Sequence[Cell | None]) -> pd.Categorical:
    """Cells as a reader hands them over: each distinct one is a category, in the order they are found."""
    numbers: dict[Cell, int] = {}
    codes = [-1 if found is None else numbers.setdefault(found, len(numbers)) for found in cells]
    pool = np.empty(len(numbers), dtype=object)
    pool[:] = list(numbers)
    return pd.Categorical.from_codes(codes, categories=pd.Index(pool, dtype=object))


def _column(name: str, number: int) -> SheetColumn:
    key = known_name(name)
    if key is None:
        return SheetColumn(name, name, _letter(number), ColumnKind.OTHER)
    if key in RESULT_COLUMNS:
        return SheetColumn(key, name, _letter(number), ColumnKind.RESULT)
    if key in LIVE_COLUMNS:
        return SheetColumn(key, name, _letter(number), ColumnKind.LIVE)
    kind = ColumnKind.METADATA if key.startswith(METADATA_PREFIX) else ColumnKind.KNOWN
    return SheetColumn(key, name, _letter(number), kind)


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else "A" + chr(ord("A") + number - 26)


def pins(*rows: Mapping[str, Any], **shared: Any) -> Sheet:
    """A sheet with a row for each mapping; cells that are not given are those of one ordinary pin."""
    usual = {"model": "basket", "target_type": "item", "target_identity": "/p/1", "pin_type": "item"}
    full = [
        {**usual, "position": at + 1, "pin_identity": f"/p/{100 + at}", **shared, **row} for at, row in enumerate(rows)
    ]
    header = list(dict.fromkeys(name for row in full for name in row))
    return sheet(header, [[row.get(name) for name in header] for row in full])


def checked(
    found: Sheet, *, timezone: ZoneInfo | None = BRATISLAVA, order: DateOrder | None = None, now: datetime = NOW
) -> Checked:
    """The sheet, checked."""
    return check(found, CheckOptions(timezone, order), now)
