"""The rules within a scope: pins that repeat or collide, and rows that contradict one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.canonical import canonical_metadata_text
from importer.checking.codes import Codes, combined, first_of_each, numbered
from importer.checking.coercion import Coerced
from importer.checking.json_cells import members
from importer.checking.problems import Collector
from importer.checking.row_rules import instants
from importer.checking.values import Json, Typed
from importer.columns import BY_NAME, METADATA, METADATA_PREFIX, PIN_COLUMNS

EARLIEST, LATEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
_PIN_COLUMNS = tuple(column.name for column in PIN_COLUMNS)
_TYPES = pd.Index(["item", "criteria", "all"])
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


def scope_of_rows(coerced: Mapping[str, Coerced], rows: int) -> NDArray[np.int32]:
    """Per row the number of its target, by first rows; -1 where model, target type or target have no usable value."""
    model, models = _same(coerced, "model", rows)
    types = coerced["target_type"]
    of_value = _TYPES.get_indexer(pd.Index(types.values, dtype=object))  # -1 for any other word
    kind = np.append(of_value, -1)[types.codes]
    identity, identities = _same(coerced, "target_identity", rows)
    criteria, criterias = _same(coerced, "target_criteria", rows)
    target = np.select([kind == 0, kind == 1, kind == 2], [identity, criteria, 0], default=-1)
    known = np.flatnonzero((model >= 0) & (target >= 0))
    key = combined([(model[known], models), (kind[known], 3), (target[known], max(identities, criterias, 1))])
    of_row = np.full(rows, -1, dtype=np.int32)
    of_row[known] = numbered(key)[0]
    return of_row


def check_scopes(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], now: datetime, problems: Collector) -> None:
    """Add to `problems` what is wrong between the rows of a scope, and which periods are over at `now`."""
    pins = whole_pins(coerced, of_row)
    together = pins[np.bincount(of_row[pins])[of_row[pins]] > 1]
    if len(together):  # a scope's only pin collides with none
        repeats = _check_repeats(coerced, of_row, together, problems)
        pins = np.setdiff1d(pins, repeats, assume_unique=True)
        together = np.setdiff1d(together, repeats, assume_unique=True)
        _check_positions(coerced, of_row, together, problems)
        _check_blocked(coerced, of_row, together, problems)
    if "target_identity" in coerced and "pin_identity" in coerced:
        _check_itself(coerced, pins, problems)
    if METADATA in coerced or coerced.keys() - BY_NAME.keys():
        _check_metadata(coerced, of_row, problems)
    if "active_to" in coerced:
        over = coerced["active_to"].per_value(attrgetter("at"), missing=LATEST) < (now - _EPOCH) // _MILLISECOND
        problems.add("period-over", "active_to", np.flatnonzero(over))


def _same(coerced: Mapping[str, Coerced], name: str, rows: int) -> tuple[Codes, int]:
    return coerced[name].same() if name in coerced else (np.full(rows, -1, dtype=np.int64), 0)


def whole_pins(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32]) -> Codes:
    """The rows with a known scope and a readable pin. Rules compare only these with one another."""
    rows = len(of_row)
    whole = (of_row >= 0) & (_same(coerced, "position", rows)[0] >= 0)
    whole &= (_same(coerced, "pin_identity", rows)[0] >= 0) | (_same(coerced, "pin_criteria", rows)[0] >= 0)
    for name in _PIN_COLUMNS:
        if name in coerced:
            whole &= ~coerced[name].faulty
    return np.flatnonzero(whole)


def _alike(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], names: tuple[str, ...], chosen: Codes) -> Codes:
    """Numbers for the chosen rows, equal where the scope and all these columns are."""
    columns: list[tuple[NDArray[np.integer], int]] = [(of_row[chosen], len(of_row))]
    for name in names:
        same, count = _same(coerced, name, len(of_row))
        columns.append((same[chosen], count))
    return numbered(combined(columns))[0]


def _check_repeats(
    coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], pins: Codes, problems: Collector
) -> Codes:
    """Add pins that stand a second time to `problems`; returns their rows."""
    alike = _alike(coerced, of_row, _PIN_COLUMNS, pins)
    first = first_of_each(alike, int(alike.max(initial=-1)) + 1)[alike]
    again = np.flatnonzero(first != np.arange(len(pins)))
    problems.add("pin-repeated", None, pins[again], others=pins[first[again]])
    return pins[again]


def fixed_pins(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], pins: Codes) -> tuple[Codes, Codes]:
    """Those of these pins that take a place of their own, and a number for each, equal where the place is the same."""
    shows = _same(coerced, "is_block_pin", len(of_row))[0] < 0
    fixed = pins[(coerced["position"].per_value(int, missing=0) > 0)[pins] & shows[pins]]
    return fixed, _alike(coerced, of_row, ("widget_id", "position"), fixed)


def _check_positions(
    coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], pins: Codes, problems: Collector
) -> None:
    """Add two fixed pins that want one place at one time to `problems`."""
    fixed, place = fixed_pins(coerced, of_row, pins)
    shared = np.bincount(place)[place] > 1 if len(place) else np.zeros(0, dtype=np.bool_)
    fixed, place = fixed[shared], place[shared]
    start = instants(coerced, "active_from", len(of_row), missing=EARLIEST)[fixed]
    end = instants(coerced, "active_to", len(of_row), missing=LATEST)[fixed]
    one, other = _overlaps(place, start, end)
    later, earlier = np.maximum(fixed[one], fixed[other]), np.minimum(fixed[one], fixed[other])
    problems.add("position-shared", "position", later, others=earlier)


def _overlaps(place: Codes, start: Codes, end: Codes) -> tuple[Codes, Codes]:
    """Pairs of entries on one place whose times overlap: each entry with the earlier one that lasts longest."""
    if not len(place):
        return place, place
    order = np.lexsort((start, place))
    place, start, end = place[order], start[order], end[order]
    reached = pd.Series(end).groupby(place).cummax().to_numpy()
    opens = np.r_[True, place[1:] != place[:-1]]
    longest = np.maximum.accumulate(np.where(opens | (reached == end), np.arange(len(end)), 0))
    at = np.flatnonzero(~opens)
    at = at[start[at] < reached[at - 1]]
    return order[at], order[longest[at - 1]]


def _check_blocked(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], pins: Codes, problems: Collector) -> None:
    """Add each row that blocks an item which its scope also pins to `problems`."""
    rows = len(of_row)
    items = pins[_same(coerced, "pin_identity", rows)[0][pins] >= 0]
    item = _alike(coerced, of_row, ("pin_identity",), items)
    blocks = coerced["position"].per_value(int, missing=1)[items] == 0
    pinned_at = np.full(int(item.max(initial=-1)) + 1, -1, dtype=np.int64)
    pinned_at[item[~blocks][::-1]] = items[~blocks][::-1]
    clash = np.flatnonzero(blocks & (pinned_at[item] >= 0))
    problems.add("pinned-and-blocked", "pin_identity", items[clash], others=pinned_at[item[clash]])


def _check_itself(coerced: Mapping[str, Coerced], pins: Codes, problems: Collector) -> None:
    """Add products that are shown beside themselves to `problems`."""
    target, item = coerced["target_identity"], coerced["pin_identity"]
    beside = np.array([*target.values, None], dtype=object)[target.codes[pins]]
    same = beside == np.array([*item.values, ""], dtype=object)[item.codes[pins]]
    shows = coerced["position"].per_value(int, missing=0)[pins] != 0
    problems.add("pins-itself", "pin_identity", pins[same & shows])


# ── Metadata of a target, on any row of its scope, in one column or in one for each key ─────────────────


@dataclass(frozen=True)
class _Entries:
    """Every value of a metadata key on every row."""

    row: Codes
    """Per entry the position of its row."""
    key: Codes
    """Per entry which of `keys` it has."""
    value: Codes
    """Per entry a number that is equal where values are equal."""
    column: Codes
    """Per entry in which of `columns` it stands."""
    keys: list[str]
    columns: list[str]


def _check_metadata(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], problems: Collector) -> None:
    """Add two different values of one key in one scope to `problems`: on both rows, or once where it is one row."""
    entries = _entries(coerced, of_row)
    if not len(entries.row):
        return
    pair = combined([(of_row[entries.row], len(of_row)), (entries.key, len(entries.keys))])
    number, count = numbered(pair)
    first = first_of_each(number, count)[number]
    differs = np.flatnonzero(entries.value != entries.value[first])
    _report_metadata(entries, differs, first[differs], problems)


def _report_metadata(entries: _Entries, one: Codes, other: Codes, problems: Collector) -> None:
    same_row = entries.row[one] == entries.row[other]
    apart = ~same_row
    _add("metadata-twice", entries, one[same_row], None, problems)
    _add("metadata-conflict", entries, one[apart], other[apart], problems)
    # The first row of all gets one problem, about the first row that contradicts it.
    back, at = np.unique(other[apart], return_index=True)
    _add("metadata-conflict", entries, back, one[apart][at], problems)


def _add(code: str, entries: _Entries, at: Codes, others: Codes | None, problems: Collector) -> None:
    for number, column in enumerate(entries.columns):
        mine = entries.column[at] == number
        chosen = at[mine]
        problems.add(
            code,
            column,
            entries.row[chosen],
            others=None if others is None else entries.row[others[mine]],
            details=entries.keys,
            which=entries.key[chosen],
        )


def _entries(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32]) -> _Entries:
    """All entries of the rows whose scope is known, in the order of the rows."""
    keys: dict[str, int] = {}
    values: dict[str, int] = {}
    columns = [name for name in coerced if name == METADATA or name.startswith(METADATA_PREFIX)]
    parts = [_of_column(coerced[name], _keyed(name), of_row, keys, values) for name in columns]
    rows, key, value = (np.concatenate([part[of] for part in parts] or [np.empty(0, np.int64)]) for of in range(3))
    column = np.repeat(np.arange(len(columns)), [len(part[0]) for part in parts])
    order = np.argsort(rows, kind="stable")
    return _Entries(rows[order], key[order], value[order], column[order], list(keys), columns)


def _keyed(name: str) -> str | None:
    """The key of a column; `None` for the column of whole objects."""
    return None if name == METADATA else name.removeprefix(METADATA_PREFIX)


def _of_column(
    column: Coerced, key: str | None, of_row: NDArray[np.int32], keys: dict[str, int], values: dict[str, int]
) -> tuple[Codes, Codes, Codes]:
    """The rows of a column's entries, and the numbers of their keys and values."""
    pairs = [[*_pairs(value, key)] for value in column.values]
    starts = np.cumsum([0, *map(len, pairs)])
    key_of = np.array([keys.setdefault(k, len(keys)) for found in pairs for k, _ in found], dtype=np.int64)
    value_of = np.array([values.setdefault(v, len(values)) for found in pairs for _, v in found], dtype=np.int64)
    rows = np.flatnonzero((column.codes >= 0) & (of_row >= 0))
    codes = column.codes[rows]
    lengths = starts[codes + 1] - starts[codes]
    ends = np.cumsum(lengths)
    flat = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths - starts[codes], lengths)
    return np.repeat(rows, lengths), key_of[flat], value_of[flat]


def _pairs(value: Typed, key: str | None) -> list[tuple[str, str]]:
    """The keys of a typed cell with the canonical text of their values."""
    assert isinstance(value, Json)  # noqa: S101 - metadata columns hold nothing else
    if key is not None:
        return [(key, value.canonical)]
    return [(name, canonical_metadata_text(text)) for name, text in members(value.text)]
