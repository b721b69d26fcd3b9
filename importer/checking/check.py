"""Run every rule over a sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from pathlib import PurePath
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.catalogue import files
from importer.catalogue.errors import ERRORS
from importer.catalogue.run import NOTICES
from importer.catalogue.screen import counted, verbs
from importer.checking.coercion import Coerced, coerce
from importer.checking.commands import check_commands, customizations, without_pin
from importer.checking.dates import hides_time
from importer.checking.evidence import check_columns
from importer.checking.gaps import report_gaps
from importer.checking.problems import Collector, Problems
from importer.checking.row_rules import check_rows
from importer.checking.scope_rules import check_scopes, scope_of_rows
from importer.columns import COLUMNS, COMMAND, CUSTOMIZATION_ID, LIVE_VERSION, PERIOD
from importer.errors import FileError, UsageError
from importer.headings import find_headings, weights
from importer.model import ColumnKind, Notice, Sheet
from importer.reading.header import label, nearest
from importer.settings import CheckOptions

_NO_ROWS = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Checked:
    """A sheet whose cells are understood."""

    sheet: Sheet
    typed: pd.DataFrame
    """A column for each known column and metadata key of the sheet, Categoricals of typed values (see
    `importer.checking.values`) over the index of the sheet's frame; a cell without a usable value is missing."""
    invalid: NDArray[np.bool_]
    """Per row of the frame whether a problem stands against it."""
    scope_of_row: NDArray[np.int32]
    """Per row of the frame the number of its scope by first rows; -1 where the row does not show it."""
    no_pins: NDArray[np.int64]
    """Positions of rows that are headings or totals: no scope beside them lacks a pin."""
    gaps: NDArray[np.int64]
    """Positions of rows that hold others, unread: any scope beside them may lack a pin."""
    problems: Problems
    zoneless_dates: int
    """How many date cells took the zone of the options."""
    whole_days: int
    """How many date cells have no time of day."""
    notices: tuple[Notice, ...] = ()
    """What people should know of cells that mean something else than they may seem to mean."""


def check(sheet: Sheet, options: CheckOptions, now: datetime) -> Checked:
    """Type every cell and try every rule; nothing wrong with a row is ever raised.

    `now`, with a zone, is what periods are over by. Raises `UsageError` where dates name no zone and neither do the
    options.
    """
    problems, columns = Collector(sheet), set(sheet.frame.columns)
    pinless = without_pin(sheet) if {CUSTOMIZATION_ID, LIVE_VERSION} <= columns else _NO_ROWS
    odd = _report_odd_rows(sheet, pinless, problems)
    coerced = coerce(sheet, options, problems, silent=odd.silent)
    dated = coerced.keys() & PERIOD
    dates = _check_dates(sheet, coerced, dated, options) if dated else _Dates()
    check_rows(coerced, len(sheet.frame), problems, but=odd.settled, pinless=pinless)
    scopes = scope_of_rows(coerced, len(sheet.frame))
    if options.by_id or LIVE_VERSION in columns:
        scopes = customizations(sheet, scopes)
    if COMMAND in columns:
        check_commands(sheet, scopes, problems)
    check_scopes(coerced, scopes, now, problems)
    check_columns(coerced, problems, but=odd.silent)
    found = problems.problems()
    columns_of_values = dict(zip(coerced, map(Coerced.categorical, coerced.values()), strict=True))
    return Checked(
        sheet=sheet,
        typed=pd.DataFrame(columns_of_values, index=sheet.frame.index),
        invalid=found.invalid,
        scope_of_row=scopes,
        no_pins=odd.no_pins,
        gaps=odd.gaps,
        problems=found,
        zoneless_dates=dates.zoneless,
        whole_days=dates.whole_days,
        notices=(*dates.notices, *(report_gaps(sheet, coerced, scopes) if dated.issuperset(PERIOD) else ())),
    )


class _OddRows(NamedTuple):
    """Positions of rows that do not hold a pin, or not only one."""

    no_pins: NDArray[np.int64]
    """Headings and totals that cannot be what is left of a pin."""
    gaps: NDArray[np.int64]
    """Rows that hold others, unread."""
    silent: NDArray[np.int64]
    """Rows whose cells get no problem of their own: all headings and totals, and those that hold others."""
    settled: NDArray[np.int64]
    """Rows that no rule of a single row is for: these, and those with nothing but cells past the header."""


def _report_odd_rows(sheet: Sheet, pinless: NDArray[np.int64], problems: Collector) -> _OddRows:
    """Add one problem for each such row, instead of one for each cell that a pin would need."""
    cells, weighed = {}, {}
    for column in sheet.columns:
        if column.kind in (ColumnKind.KNOWN, ColumnKind.METADATA):
            cells[column.key] = array = sheet.frame[column.key].array
            weighed[column.key] = array.codes, weights(column.key, array.categories)
    headings = find_headings(weighed, len(sheet.frame))
    if len(pinless):
        headings = headings.without(pinless)
    for number, key in enumerate(cells):
        mine = headings.columns == number
        problems.add("row-alone", key, headings.positions[mine & ~headings.totals])
        problems.add("row-total", key, headings.positions[mine & headings.totals])
    surplus = sheet.frame.index.get_indexer(pd.Index(list(sheet.surplus)))
    problems.add(
        "row-too-long", None, surplus, details=[*sheet.surplus.values()] or [""], which=np.arange(len(surplus))
    )
    gaps = sheet.frame.index.get_indexer(pd.Index(list(sheet.swallowed)))
    for position, (name, first, last) in zip(gaps, sheet.swallowed.values(), strict=True):
        details = [f"{first} to {last}"]
        problems.add("row-swallows", name if name in cells else None, np.array([position]), details=details)
    if sheet.cut is not None:
        problems.add("row-cut", None, sheet.frame.index.get_indexer(pd.Index([sheet.cut])))
    filled = np.zeros(len(surplus), dtype=np.bool_)
    for array in cells.values():
        filled |= array.codes[surplus] >= 0
    silent = np.union1d(headings.positions, gaps)
    no_pins = headings.positions[~headings.may_be_pins]
    return _OddRows(no_pins, gaps, silent, np.union1d(silent, surplus[~filled]))


class _Dates(NamedTuple):
    """Facts about a sheet's date cells."""

    zoneless: int = 0
    """How many took the zone of the options."""
    whole_days: int = 0
    """How many have no time of day."""
    notices: tuple[Notice, ...] = ()
    """What people should know of them."""


def _check_dates(sheet: Sheet, coerced: Mapping[str, Coerced], names: Collection[str], options: CheckOptions) -> _Dates:
    """Count the date cells by what they lack. Raises `UsageError` where a date has no zone at all."""
    zoneless = whole_days = 0
    for name in names:
        zoneless += int(coerced[name].per_value(attrgetter("zoneless"), missing=0).sum())
        whole_days += int(coerced[name].per_value(attrgetter("whole_day"), missing=0).sum())
    if zoneless and options.timezone is None:
        said = verbs(zoneless) | {"dates": counted(zoneless, "date")}
        raise UsageError(ERRORS["timezone-missing"].format(**said), code="timezone-missing")
    return _Dates(zoneless, whole_days, _hidden_times(sheet, names))


def _hidden_times(sheet: Sheet, names: Collection[str]) -> tuple[Notice, ...]:
    """Say once that date cells which show a day alone, over a stored time of day, count as whole days."""
    count, places = 0, []
    for name in names:
        cells = sheet.frame[name].array
        hides = np.array([*map(hides_time, cells.categories), False], dtype=np.bool_)
        if hides.any():
            rows = np.flatnonzero(hides[cells.codes])
            count += len(rows)
            places.append((rows[0], sheet.address(int(sheet.frame.index[rows[0]]), name)))
    if not count:
        return ()
    said = verbs(count) | {"dates": counted(count, "date"), "place": min(places)[1]}
    return (Notice("hidden-times", NOTICES["hidden-times"].format(**said)),)


def refuse_missing_columns(checked: Checked) -> None:
    """Raise `FileError` for missing columns that at least half of the rows need by their type."""
    sheet, rows = checked.sheet, len(checked.sheet.frame)
    needed: dict[str, str] = {}
    for column in COLUMNS:
        if column.only_if is None or column.name in checked.typed or column.only_if[0] not in checked.typed:
            continue
        depends_on, choice = column.only_if
        count = int((checked.typed[depends_on] == choice).sum())
        if count and 2 * count >= rows:
            needed[column.name] = files.NEEDED_BY.format(
                column=column.name, choice=f"{depends_on} {choice}", count=f"{count:,}", rows=f"{rows:,}"
            )
    if needed:
        other = [column for column in sheet.columns if column.kind is not ColumnKind.RESULT]
        headers = [label(column.header, column.letter) for column in other]
        details = {
            "needed": list(needed.values()),
            "row": sheet.facts.header_row,
            "headers": headers,
            "nearest": nearest([column.header for column in other], list(needed)),
        }
        name = PurePath(sheet.file).name
        text = files.refusal("columns-needed", name, details, sheet=sheet.facts.sheet, others=sheet.unread_sheets)
        raise FileError(text, code="columns-needed", read=sheet.facts)
