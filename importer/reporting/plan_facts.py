"""What an update will do, in values for people: for the screen, the sheet `Plan` and the JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never
from zoneinfo import ZoneInfo

from importer.catalogue import plan as texts
from importer.catalogue.screen import counted
from importer.columns import PERIOD
from importer.live.plan import Conflict, Create, Decision, Delete, Difference, Gone, Replace, Unchanged, UpdatePlan

if TYPE_CHECKING:
    from importer.run import Run

WORDS = ("create", "unchanged", "replace", "delete", "gone", "conflict")
"""What may become of a scope, as the JSON counts it."""

FIRST = 20
"""Lines of the plan that the JSON has."""


class PlanLine(NamedTuple):
    """One change to what is live."""

    scope: int
    """The number of the customization's scope."""
    id: str
    """The ID of the customization."""
    what: str
    """A key of `catalogue.plan.WHAT`."""
    row: int | None
    """The sheet's row; `None` for a pin that it has no row for."""
    column: str
    """The column of a cell; "" for a whole pin or customization."""
    live: str
    """What is live now, as a person reads it; "" for nothing."""
    new: str
    """What it becomes."""
    creator: str
    """Who made what is live."""


def word(decision: Decision) -> str:
    """The word for a decision."""
    match decision:
        case Create():
            return "create"
        case Unchanged():
            return "unchanged"
        case Replace():
            return "replace"
        case Delete():
            return "delete"
        case Gone():
            return "gone"
        case Conflict():
            return "conflict"
        case _:
            assert_never(decision)


def plan_lines(run: Run) -> Iterator[PlanLine]:
    """Every change to what is live, in the order of the sheet's scopes."""
    update = run.update or UpdatePlan({})
    for number in sorted(update.decisions):
        match update.decisions[number]:
            case Delete(change, pins, creator):
                row = int(run.scopes.rows(number)[0])
                yield PlanLine(number, change.id, "deleted", row, "", counted(pins, "pin"), "", creator)
            case Replace(change, differences, creator):
                for each in differences:
                    values = (shown(each.column, each.live, run.timezone), shown(each.column, each.new, run.timezone))
                    yield PlanLine(number, change.id, each.kind, each.row, each.column, *values, creator)


def shown(column: str, value: Any, timezone: str) -> str:  # noqa: PLR0911 - one line a kind
    """A value of a customization as a person reads it; "" for none. Times are those of the sheet's zone."""
    match value:
        case None:
            return ""
        case dict() if not column:
            return _pin(value, timezone)
        case str() if column in PERIOD:
            return _moment(value, timezone)
        case str():
            return value
        case bool():
            return texts.YES if value else texts.NO
        case list() if all(isinstance(each, str) for each in value):
            return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _moment(text: str, timezone: str) -> str:
    """A time in the sheet's zone; a text that is no time as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is not None and timezone:
        moment = moment.astimezone(ZoneInfo(timezone))
        return f"{moment.replace(tzinfo=None).isoformat(' ', 'seconds')}"
    return text


def _pin(pin: Mapping[str, Any], timezone: str) -> str:
    """A whole pin in one line."""
    named = pin.get("pin_identity") or shown("pin_criteria", pin.get("pin_criteria"), timezone)
    parts = [texts.PIN.format(position=pin.get("position", "?"), product=named)]
    for column, text in texts.PIN_PARTS.items():
        if pin.get(column):
            parts.append(text.format(value=shown(column, pin[column], timezone)))
    return ", ".join(parts)


def plan_counts(update: UpdatePlan) -> dict[str, int]:
    """How many scopes there are of each word."""
    found = Counter(map(word, update.decisions.values()))
    return {each: found[each] for each in WORDS}


def differences(update: UpdatePlan) -> Iterator[Difference]:
    """All cells and pins that are changed."""
    for decision in update.decisions.values():
        if isinstance(decision, Replace):
            yield from decision.differences


def plan_json(run: Run) -> dict[str, Any] | None:
    """The plan for the JSON: counts, and the first changes; `None` where no update was asked for."""
    if run.update is None:
        return None
    kinds = Counter(each.kind for each in differences(run.update))
    first = [
        {"row": line.row and run.sheet.source_row(line.row), "column": line.column or None, "change": line.what}
        | {"live": line.live or None, "new": line.new or None, "id": line.id}
        for line in islice(plan_lines(run), FIRST)
    ]
    counts = {"cells": kinds["changed"], "pins_added": kinds["added"], "pins_removed": kinds["removed"]}
    return {**plan_counts(run.update), **counts, "first": first}
