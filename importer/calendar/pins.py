"""Take the pins out of a checked sheet for the calendar, the busiest targets first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from importer.calendar.lanes import ALWAYS, FOREVER, Pin, Place
from importer.checking.values import Instant, Json

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.checking import Checked
    from importer.model import TargetType
    from importer.scopes import Scopes

MOST_TARGETS = 2_000
"""Targets of a calendar at most; it only counts the others."""
MOST_PINS = 200_000
"""Pins of a calendar at most."""


@dataclass(frozen=True, slots=True)
class Target:
    """One target."""

    model: str
    """The recommender."""
    kind: TargetType
    """Whether it is an item, criteria or all."""
    name: str
    """Its identity or criteria, as written; "" for all."""


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """The pins of a sheet."""

    targets: tuple[Target, ...]
    """The targets that have room, the busiest first. Pins name them by their places here."""
    pins: tuple[Pin, ...]
    """The pins of those."""
    more_targets: int
    """How many targets have no room."""
    more_pins: int
    """The pins of those."""
    unplaced: int
    """Rows that have no place because something in them is wrong."""
    dated: bool
    """Whether any pin has a start or an end."""
    more_starts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """When the pins begin whose targets have no room, from the earliest on."""
    more_ends: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """When they end, from the earliest on."""

    def dates(self) -> list[int]:
        """All starts and ends, each as often as it is one."""
        shown = np.array([moment for pin in self.pins for moment in (pin.start, pin.end)], dtype=np.int64)
        every = np.concatenate([shown, self.more_starts, self.more_ends])
        found: list[int] = every[(every != ALWAYS) & (every != FOREVER)].tolist()
        return found


def season(checked: Checked, scopes: Scopes, most_targets: int = MOST_TARGETS, most_pins: int = MOST_PINS) -> Season:
    """The pins of the rows with which nothing is wrong, also where another row holds their customization back.

    A customization to delete is not part of the season, nor is a row for a customization without pins.
    """
    of_row = checked.scope_of_row
    pinless = ~checked.invalid & (checked.typed["position"].array.codes < 0)
    goes = np.append(scopes.deletes, np.False_)[of_row] | pinless
    usable = (of_row >= 0) & ~checked.invalid & ~goes
    counts = np.bincount(of_row[usable], minlength=len(scopes))
    order = np.argsort(-counts, kind="stable")
    busy = order[counts[order] > 0]
    fits = np.cumsum(counts[busy]) <= most_pins
    fits[:1] = True
    chosen = busy[fits][:most_targets]
    rank = np.full(len(scopes), -1, dtype=np.int64)
    rank[chosen] = np.arange(len(chosen))
    rows = np.flatnonzero(usable)
    has_room = rank[of_row[rows]] >= 0
    shown, more = rows[has_room], rows[~has_room]
    return Season(
        targets=tuple(Target(*scopes.label(number)) for number in chosen.tolist()),
        pins=tuple(_pins(checked, rank[of_row[shown]], shown)),
        more_targets=len(busy) - len(chosen),
        more_pins=len(more),
        unplaced=int((~usable & ~goes).sum()),
        dated=any(_has_dates(checked, name, rows) for name in ("active_from", "active_to")),
        more_starts=np.sort(_moments(checked, "active_from", more, ALWAYS)),
        more_ends=np.sort(_moments(checked, "active_to", more, FOREVER)),
    )


def _moments(checked: Checked, name: str, rows: NDArray[np.int64], missing: int) -> NDArray[np.int64]:
    """The moments of a date column at these rows."""
    if name not in checked.typed:
        return np.full(len(rows), missing, dtype=np.int64)
    array = checked.typed[name].array
    values: NDArray[np.int64] = np.array([*(date.at for date in array.categories), missing], dtype=np.int64)
    found: NDArray[np.int64] = values[array.codes[rows]]
    return found


def _has_dates(checked: Checked, name: str, rows: NDArray[np.int64]) -> bool:
    return name in checked.typed and bool((checked.typed[name].array.codes[rows] >= 0).any())


def _pins(checked: Checked, targets: NDArray[np.int64], rows: NDArray[np.int64]) -> list[Pin]:
    columns = [
        _values(checked, name, rows)
        for name in ("widget_id", "position", "pin_identity", "pin_criteria", "active_from", "active_to")
    ]
    return [
        Pin(Place(target, widget or "", position), _what(identity, criteria), *_period(start, end))
        for target, widget, position, identity, criteria, start, end in zip(targets.tolist(), *columns, strict=True)
    ]


def _what(identity: str | None, criteria: Json | None) -> str:
    return identity or (criteria.text if criteria is not None else "")


def _period(start: Instant | None, end: Instant | None) -> tuple[int, int]:
    """A pin's first moment and the one after its last; a pin of no length lasts a millisecond, so that it shows."""
    first = start.at if start is not None else ALWAYS
    return first, max(end.at, first + 1) if end is not None else FOREVER


def _values(checked: Checked, name: str, rows: NDArray[np.int64]) -> list[Any]:
    """The typed values of a column at these rows; `None` where a cell is empty, or the sheet lacks the column."""
    if name not in checked.typed:
        return [None] * len(rows)
    array = checked.typed[name].array
    values = [*array.categories, None]
    return [values[code] for code in array.codes[rows].tolist()]
