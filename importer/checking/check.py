"""The way of a sheet through all the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.catalogue.run import ERRORS
from importer.catalogue.screen import counted, verbs
from importer.checking.coercion import Coerced, coerce
from importer.checking.problems import Collector, Problems
from importer.checking.schema import check_rows
from importer.checking.values import Instant
from importer.checking.within import check_scopes, scope_of_rows
from importer.columns import BY_NAME, CellType
from importer.errors import UsageError
from importer.model import Sheet
from importer.settings import CheckOptions

_DATE_COLUMNS = tuple(name for name, column in BY_NAME.items() if column.cell in (CellType.FROM, CellType.TO))


@dataclass(frozen=True)
class Checked:
    """A sheet whose cells are understood.

    `typed` has one column for each known column and metadata key of the sheet, Categoricals of typed values (see
    `importer.checking.values`) over the index of the sheet's frame; a cell without a usable value is missing.
    Per row of the frame, `invalid` says whether a problem stands against it, and `scope_of_row` has the number of its
    scope by first rows, or -1 where that cannot be told. `zoneless_dates` counts the date cells that took the zone of
    the options, `whole_days` those without a time of day.
    """

    sheet: Sheet
    typed: pd.DataFrame
    invalid: NDArray[np.bool_]
    scope_of_row: NDArray[np.int32]
    problems: Problems
    zoneless_dates: int
    whole_days: int


def check(sheet: Sheet, options: CheckOptions, now: datetime) -> Checked:
    """Types every cell and tries every rule; nothing wrong with a row is ever raised.

    `now`, with a zone, is what periods are over by. Raises `UsageError` where dates name no zone and neither do the
    options.
    """
    rows = len(sheet.frame)
    found = Collector(sheet)
    coerced = coerce(sheet, options, found)
    zoneless = _count(coerced, lambda date: date.zoneless)
    if zoneless and options.timezone is None:
        said = verbs(zoneless) | {"dates": counted(zoneless, "date")}
        raise UsageError(ERRORS["timezone-missing"].format(**said), code="timezone-missing")
    _check_surplus(sheet, found)
    check_rows(coerced, rows, found)
    scopes = scope_of_rows(coerced, rows)
    check_scopes(coerced, scopes, now, found)
    problems = found.problems()
    typed = pd.DataFrame({name: column.categorical() for name, column in coerced.items()}, index=sheet.frame.index)
    return Checked(
        sheet, typed, problems.invalid(), scopes, problems, zoneless, _count(coerced, lambda date: date.whole_day)
    )


def _count(coerced: Mapping[str, Coerced], fact: Callable[[Instant], bool]) -> int:
    """How many date cells something holds for."""
    return sum(
        int(column.per_value(lambda date: isinstance(date, Instant) and fact(date), missing=0).sum())
        for name, column in coerced.items()
        if name in _DATE_COLUMNS
    )


def _check_surplus(sheet: Sheet, found: Collector) -> None:
    """Rows with more fields than the header: what stands in their columns may belong elsewhere."""
    positions = sheet.frame.index.get_indexer(pd.Index(list(sheet.surplus)))
    found.add(
        "row-too-long", None, positions, details=list(sheet.surplus.values()) or [""], which=np.arange(len(positions))
    )
