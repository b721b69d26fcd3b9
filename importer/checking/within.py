"""The rules within a scope: pins that repeat or collide, and rows that contradict one another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.checking.coercion import Coerced
from importer.checking.keys import Codes, combined, first_of_each, numbered
from importer.checking.metadata import check_metadata
from importer.checking.problems import Collector
from importer.checking.schema import instants
from importer.columns import COLUMNS

_EARLIEST, _LATEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
_PIN_COLUMNS = tuple(column.name for column in COLUMNS if column.level == "pin")
_TYPES = {"item": 0, "criteria": 1, "all": 2}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def scope_of_rows(coerced: Mapping[str, Coerced], rows: int) -> NDArray[np.int32]:
    """Per row the number of its target, by first rows; -1 where model, target type or target cannot be told."""
    model, models = _same(coerced, "model", rows)
    kind = coerced["target_type"].per_value(lambda value: _TYPES.get(str(value), -1), missing=-1)
    identity, identities = _same(coerced, "target_identity", rows)
    criteria, criterias = _same(coerced, "target_criteria", rows)
    target = np.select([kind == 0, kind == 1, kind == 2], [identity, criteria, 0], default=-1)
    known = np.flatnonzero((model >= 0) & (target >= 0))
    key = combined([(model[known], models), (kind[known], 3), (target[known], max(identities, criterias, 1))])
    of_row = np.full(rows, -1, dtype=np.int32)
    of_row[known] = numbered(key)[0]
    return of_row


def check_scopes(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], now: datetime, found: Collector) -> None:
    """Tells `found` what is wrong between the rows of a scope, and which periods are over at `now`."""
    rows = len(of_row)
    pins = _whole_pins(coerced, of_row)
    repeats = _check_repeats(coerced, of_row, pins, found)
    pins = np.setdiff1d(pins, repeats, assume_unique=True)
    _check_positions(coerced, of_row, pins, found)
    _check_blocked(coerced, of_row, pins, found)
    _check_itself(coerced, pins, found)
    check_metadata(coerced, of_row, found)
    over = instants(coerced, "active_to", rows, missing=_LATEST) < (now - _EPOCH) // timedelta(milliseconds=1)
    found.add("period-over", "active_to", np.flatnonzero(over))


def _same(coerced: Mapping[str, Coerced], name: str, rows: int) -> tuple[Codes, int]:
    return coerced[name].same() if name in coerced else (np.full(rows, -1, dtype=np.int64), 0)


def _whole_pins(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32]) -> Codes:
    """The rows whose scope is known and whose pin could be read: only these are compared with one another."""
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


def _check_repeats(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], pins: Codes, found: Collector) -> Codes:
    """Pins that stand a second time; returns their rows."""
    alike = _alike(coerced, of_row, _PIN_COLUMNS, pins)
    first = first_of_each(alike, int(alike.max(initial=-1)) + 1)[alike]
    again = np.flatnonzero(first != np.arange(len(pins)))
    found.add("pin-repeated", None, pins[again], others=pins[first[again]])
    return pins[again]


def _check_positions(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], pins: Codes, found: Collector) -> None:
    """Two fixed pins that want one place at one time."""
    shows = _same(coerced, "is_block_pin", len(of_row))[0] < 0
    fixed = pins[(coerced["position"].per_value(int, missing=0) > 0)[pins] & shows[pins]]
    place = _alike(coerced, of_row, ("widget_id", "position"), fixed)
    shared = np.bincount(place)[place] > 1 if len(place) else np.zeros(0, dtype=np.bool_)
    fixed, place = fixed[shared], place[shared]
    start = instants(coerced, "active_from", len(of_row), missing=_EARLIEST)[fixed]
    end = instants(coerced, "active_to", len(of_row), missing=_LATEST)[fixed]
    one, other = _overlaps(place, start, end)
    later, earlier = np.maximum(fixed[one], fixed[other]), np.minimum(fixed[one], fixed[other])
    found.add("position-shared", "position", later, others=earlier)


def _overlaps(place: Codes, start: Codes, end: Codes) -> tuple[Codes, Codes]:
    """Pairs of entries on one place whose times overlap: each entry with the one before it that lasts longest."""
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


def _check_blocked(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], pins: Codes, found: Collector) -> None:
    """Items that a scope both pins and blocks: said on each row that blocks."""
    rows = len(of_row)
    items = pins[_same(coerced, "pin_identity", rows)[0][pins] >= 0]
    item = _alike(coerced, of_row, ("pin_identity",), items)
    blocks = coerced["position"].per_value(int, missing=1)[items] == 0
    pinned_at = np.full(int(item.max(initial=-1)) + 1, -1, dtype=np.int64)
    pinned_at[item[~blocks][::-1]] = items[~blocks][::-1]
    clash = np.flatnonzero(blocks & (pinned_at[item] >= 0))
    found.add("pinned-and-blocked", "pin_identity", items[clash], others=pinned_at[item[clash]])


def _check_itself(coerced: Mapping[str, Coerced], pins: Codes, found: Collector) -> None:
    """Products shown beside themselves."""
    if "target_identity" not in coerced or "pin_identity" not in coerced:
        return
    target, item = (coerced[name] for name in ("target_identity", "pin_identity"))
    beside = np.array([*target.values, None], dtype=object)[target.codes[pins]]
    same = beside == np.array([*item.values, ""], dtype=object)[item.codes[pins]]
    shows = coerced["position"].per_value(int, missing=0)[pins] != 0
    found.add("pins-itself", "pin_identity", pins[same & shows])
