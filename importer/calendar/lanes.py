"""What each place of a target shows when (pure). Moments are milliseconds since 1970 UTC."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

ALWAYS, FOREVER = -(2**62), 2**62
"""Where a pin without a start begins, and one without an end ends."""

_NAMED = 3
"""How many pins of a stretch have their names in it: more would not fit."""

MINUTE = 60_000
"""A shorter pause is none: days end with their last second, or with 23:59."""

EVERYWHERE, BLOCKED = -1, 0
"""Positions that are no place of their own: any number of pins can share them."""


Span = tuple[int, int]
"""A time: its first moment and the one after its last."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where pins stand."""

    target: int
    """The number of the target."""
    widget: str = ""
    """The widget; "" where the pin names none."""
    position: int = 1
    """The position in the recommendation."""

    @property
    def is_fixed(self) -> bool:
        """Whether one pin alone can stand there at a time."""
        return self.position > BLOCKED


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin."""

    place: Place
    """Where it stands."""
    what: str
    """What is pinned, in words for people."""
    start: int = ALWAYS
    """Its first moment."""
    end: int = FOREVER
    """The moment after its last."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a lane shows the same."""

    start: int
    """Its first moment."""
    end: int
    """The moment after its last."""
    pins: int
    """How many pins are active."""
    what: str = ""
    """What they pin: the first ones, and how many more."""
    clash: bool = False
    """Whether two of them want one fixed place."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the calendar: a place of a target, or a target as a whole."""

    target: int
    """The number of the target."""
    place: Place | None
    """`None` where the lane stands for all places of the target."""
    stretches: tuple[Stretch, ...]
    """In the order of time. None overlaps another, and nothing is pinned between them."""
    pins: int
    """How many pins the lane has in all."""
    gaps: tuple[Span, ...] = ()
    """When a place stands empty between its first pin and its last. What is blocked leaves no gap."""

    @property
    def overlaps(self) -> tuple[Span, ...]:
        """When two pins or more want one fixed place."""
        return _united((stretch.start, stretch.end) for stretch in self.stretches if stretch.clash)


def lanes_by_place(pins: Iterable[Pin]) -> list[Lane]:
    """A lane for each place, by target, widget and position; places of one target stand together."""
    found: dict[Place, list[Pin]] = {}
    for pin in pins:
        found.setdefault(pin.place, []).append(pin)
    places = sorted(found, key=lambda place: (place.target, place.widget, _order(place.position)))
    return [_lane_of_place(place, found[place]) for place in places]


def _lane_of_place(place: Place, pins: Sequence[Pin]) -> Lane:
    shown = stretches(pins)
    gaps = [(one.end, two.start) for one, two in pairwise(shown) if one.end < two.start]
    return Lane(place.target, place, shown, len(pins), () if place.position == BLOCKED else tuple(gaps))


def _united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, as one where they touch or overlap."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def lanes_by_target(pins: Sequence[Pin]) -> list[Lane]:
    """A lane for each target, by its number; it has the gaps of all its places."""
    found: dict[int, list[Pin]] = {}
    for pin in pins:
        found.setdefault(pin.place.target, []).append(pin)
    gaps: dict[int, list[Span]] = {}
    for lane in lanes_by_place(pins):
        gaps.setdefault(lane.target, []).extend(lane.gaps)
    return [
        Lane(target, None, stretches(found[target]), len(found[target]), _united(gaps[target]))
        for target in sorted(found)
    ]


def _order(position: int) -> tuple[bool, int]:
    """Fixed places first, then global pins, then blocked ones."""
    return position <= BLOCKED, abs(position) if position > BLOCKED else -abs(position)


def stretches(pins: Sequence[Pin]) -> tuple[Stretch, ...]:
    """The stretches that the pins of one lane make, from the first moment to the last."""
    events = sorted(
        [(pin.start, 1, number) for number, pin in enumerate(pins) if pin.start < pin.end]
        + [(pin.end, 0, number) for number, pin in enumerate(pins) if pin.start < pin.end]
    )
    active: dict[int, None] = {}
    fixed: Counter[Place] = Counter()
    clashes = 0
    found: list[Stretch] = []
    since = ALWAYS
    for moment, begins, number in events:
        if active and moment > since:
            found.append(Stretch(since, moment, len(active), _what(active, pins), clashes > 0))
        since, place = moment, pins[number].place
        if begins:
            active[number] = None
            clashes += place.is_fixed and fixed[place] == 1
            fixed[place] += 1
        else:
            del active[number]
            fixed[place] -= 1
            clashes -= place.is_fixed and fixed[place] == 1
    return _joined(found)


def _what(active: Mapping[int, None], pins: Sequence[Pin]) -> str:
    named = [pins[number].what for number in islice(active, _NAMED)]
    more = len(active) - len(named)
    return " + ".join([*named, f"{more}"] if more else named)


def _joined(found: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Close pauses that are none, and join stretches that show the same."""
    joined: list[Stretch] = []
    for stretch in found:
        if joined:
            last = joined[-1]
            if stretch.start - last.end <= MINUTE:
                last = replace(last, end=stretch.start)
                same = (last.pins, last.what, last.clash) == (stretch.pins, stretch.what, stretch.clash)
                joined[-1] = replace(last, end=stretch.end) if same else last
                if same:
                    continue
        joined.append(stretch)
    return tuple(joined)
