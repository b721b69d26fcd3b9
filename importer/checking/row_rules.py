"""The rules of one row, as a pandera schema made from the table of columns.

A row breaks these rules by its pattern, not by its values: which cells are empty, which of the closed words they hold,
whether the position is a place, global or block. However many rows a sheet has, their distinct patterns are a few
dozen. So pandera checks each distinct pattern once, and all rows of that pattern get what it finds. A cell that nobody
could read is null in a pattern: it has its own problem already, and no check looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import attrgetter

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray

from importer.checking.codes import combined, first_of_each, numbered
from importer.checking.coercion import Coerced
from importer.checking.problems import Collector
from importer.columns import BY_NAME, COLUMNS, PIN_COLUMNS, CellType, Column

EMPTY, FILLED, OTHER = "", "filled", "other"
"""Words of a pattern: a cell with nothing in it, one with a value, one whose word is none of the choices."""

_SETTLED, _PINLESS, _PERIOD, _REVERSED = "settled", "pinless", "period", "reversed"
_NO_ROWS = np.empty(0, dtype=np.int64)
_PLACES = {-1: "global", 0: "block"}
_FIXED, _BELOW = "fixed", "below"
_LATE, _EARLY = np.iinfo(np.int64).max, np.iinfo(np.int64).min

Words = tuple[NDArray[np.int64], list[str | None]]


def check_rows(
    coerced: Mapping[str, Coerced],
    rows: int,
    problems: Collector,
    *,
    but: NDArray[np.int64],
    pinless: NDArray[np.int64] = _NO_ROWS,
) -> None:
    """Add to `problems` which rows break which rule of a single row.

    The rows at `but` have their problem already; of those that are `pinless` only the target counts.
    """
    patterns, pattern_of_row = distinct_patterns(coerced, rows, but, pinless)
    for code, column, broken, details in broken_rules(patterns):
        place = np.full(len(patterns), -1, dtype=np.int64)
        place[broken] = np.arange(len(broken))
        per_row = place[pattern_of_row]
        positions = np.flatnonzero(per_row >= 0)
        problems.add(code, column, positions, details=details, which=per_row[positions])


def distinct_patterns(
    coerced: Mapping[str, Coerced], rows: int, but: NDArray[np.int64], pinless: NDArray[np.int64] = _NO_ROWS
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Each distinct pattern of row once, and per row the number of its pattern; the rows at `but` have a null one, and
    those that are `pinless` one whose pin is null."""
    nothing = np.zeros(rows, dtype=np.int64)
    words: dict[str, Words] = {}
    for column in COLUMNS:
        found = coerced.get(column.name)
        words[column.name] = (nothing, [EMPTY]) if found is None else _words(column, found)
    if "active_from" in coerced and "active_to" in coerced:
        start = instants(coerced, "active_from", rows, missing=_EARLY)
        reversed_ = instants(coerced, "active_to", rows, missing=_LATE) < start
        words[_PERIOD] = (reversed_.astype(np.int64), [EMPTY, _REVERSED])
    else:
        words[_PERIOD] = (nothing, [EMPTY])
    settled = nothing.copy()
    settled[pinless] = 2
    settled[but] = 1
    words[_SETTLED] = (settled, [EMPTY, _SETTLED, _PINLESS])
    pattern_of_row, count = numbered(combined([(codes, len(pool)) for codes, pool in words.values()]))
    first = first_of_each(pattern_of_row, count)
    table: dict[str, NDArray[np.object_]] = {}
    for name, (codes, pool) in words.items():
        texts = np.array(pool, dtype=object)
        table[name] = texts[codes[first]]
    patterns = pd.DataFrame(table, dtype=object)
    if len(but):
        patterns.loc[patterns[_SETTLED] == _SETTLED, [column.name for column in COLUMNS] + [_PERIOD]] = None
    if len(pinless):
        patterns.loc[patterns[_SETTLED] == _PINLESS, [column.name for column in PIN_COLUMNS] + [_PERIOD]] = None
    return patterns, pattern_of_row


def _words(column: Column, coerced: Coerced) -> Words:
    """Per row which word it has, and the words."""
    pool: dict[str | None, int] = {EMPTY: 0, None: 1}
    if column.cell in (CellType.CHOICE, CellType.POSITION, CellType.YES_NO):
        numbers = []
        for value in coerced.values:
            match value:
                case bool():
                    word = "yes" if value else "no"
                case int():
                    word = _BELOW if value < -1 else _PLACES.get(value, _FIXED)
                case _:
                    word = str(value) if value in column.choices else OTHER
            numbers.append(pool.setdefault(word, len(pool)))
        codes = np.array([*numbers, 0], dtype=np.int64)[coerced.codes]
    else:
        pool[FILLED] = 2
        codes = np.where(coerced.codes >= 0, 2, 0)
    codes[coerced.faulty] = 1
    return codes, list(pool)


def instants(coerced: Mapping[str, Coerced], name: str, rows: int, *, missing: int) -> NDArray[np.int64]:
    """Per row: the milliseconds since 1970 of a date column, or `missing`."""
    if name not in coerced:
        return np.full(rows, missing, dtype=np.int64)
    return coerced[name].per_value(attrgetter("at"), missing=missing)


def broken_rules(patterns: pd.DataFrame) -> list[tuple[str, str | None, NDArray[np.int64], list[str]]]:
    """What pandera finds wrong: code, column, the numbers of the patterns, and a detail for each of these."""
    try:
        schema().validate(patterns, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases
    else:
        return []
    found = []
    for code, cases in failures.groupby("check", sort=False):
        broken = np.unique(cases["index"].to_numpy(dtype=np.int64))
        column, depends_on = _about()[str(code)]
        details = patterns[depends_on].iloc[broken].tolist() if depends_on else [""] * len(broken)
        found.append((str(code), column, broken, details))
    return found


# A code's column, and the column whose choice its message names.
@cache
def _about() -> dict[str, tuple[str | None, str | None]]:
    about: dict[str, tuple[str | None, str | None]] = {
        "position-zero": ("position", None),
        "block-position": ("position", None),
        "position-below": ("position", None),
        "period-reversed": ("active_to", None),
    }
    for column in COLUMNS:
        name = _slug(column)
        about |= {f"{name}-missing": (column.name, None), f"{name}-unknown": (column.name, None)}
        if column.only_if:
            about[f"{name}-unwanted"] = (column.name, column.only_if[0])
    return about


def _slug(column: Column) -> str:
    return column.name.replace("_", "-")


@cache
def schema() -> pa.DataFrameSchema:
    """The schema of a row's pattern: required cells and closed words, then what columns ask of one another."""
    return pa.DataFrameSchema(
        {column.name: pa.Column(object, checks=_checks(column), nullable=True) for column in COLUMNS},
        checks=[*_row_checks()],
    )


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.required:
        checks.append(pa.Check.ne(EMPTY, error=f"{_slug(column)}-missing"))
    if column.choices:
        checks.append(pa.Check.isin((EMPTY, *column.choices), error=f"{_slug(column)}-unknown"))
    if column.cell is CellType.POSITION:
        checks.append(pa.Check.ne(_BELOW, error="position-below"))
    return checks


def _row_checks() -> list[pa.Check]:
    """A rule a line: the words that no row may have together."""
    checks = []
    for column in COLUMNS:
        if column.only_if:
            depends_on, choice = column.only_if
            checks.append(_never(f"{_slug(column)}-missing", {depends_on: (choice,), column.name: (EMPTY,)}))
    for column in COLUMNS:
        if column.only_if:
            depends_on, choice = column.only_if
            others = tuple(other for other in BY_NAME[depends_on].choices if other != choice)
            checks.append(_never(f"{_slug(column)}-unwanted", {depends_on: others, column.name: (FILLED,)}))
    return [
        *checks,
        _never("position-zero", {"position": ("block",), "is_block_pin": (EMPTY, "no")}),
        _never("block-position", {"position": ("global", _FIXED), "is_block_pin": ("yes",)}),
        _never("period-reversed", {_PERIOD: (_REVERSED,)}),
    ]


def _never(code: str, words: Mapping[str, tuple[str, ...]]) -> pa.Check:
    return pa.Check(_allowed, error=code, ignore_na=False, words=words)


def _allowed(patterns: pd.DataFrame, *, words: Mapping[str, tuple[str, ...]]) -> pd.Series[bool]:
    """Which patterns do not have one of these words in every one of these columns."""
    broken = pd.Series(data=True, index=patterns.index)
    for name, forbidden in words.items():
        broken &= patterns[name].isin(forbidden)
    return ~broken
