"""Choose what of a season a picture has room for, and its words (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np

from importer.calendar.lanes import BLOCKED, EVERYWHERE, Lane, Pin, Place, lanes_by_place, lanes_by_target
from importer.calendar.pins import Season
from importer.calendar.window import Window, milliseconds, window
from importer.catalogue import calendar as texts
from importer.catalogue.screen import counted

MOST_LANES = 60
"""Lines of a picture at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture."""

    lane: Lane
    """What it shows."""
    model: str
    """The target's model; "" where the line before has the same target."""
    target: str
    """The target; "" where the line before has the same."""
    place: str
    """The place, where the line is one."""


@dataclass(frozen=True)
class Picture:
    """Everything that `draw` draws."""

    title: str
    """The words above the picture."""
    rows: tuple[Row, ...]
    """Its lines from top to bottom."""
    rest: str
    """What has no line; "" where all targets have one."""
    rest_counts: tuple[int, ...]
    """For each week how many pins of the targets without a line are active; empty where all have one."""
    window: Window
    """The time that it shows."""
    today: int
    """The moment of today's line, in milliseconds since 1970 UTC."""
    zone: tzinfo
    """The zone in which days begin."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a calendar shows of a season, as counts."""

    targets: int
    """Targets, with those that have no room."""
    pins: int
    """Pins, with those of targets that have no room."""
    overlaps: int
    """Stretches in which two pins want one fixed place."""
    gaps: int
    """Stretches in which a place stands empty that has pins before and after."""


def findings(season: Season, lanes: list[Lane]) -> Findings:
    """Count what all lanes by place show."""
    return Findings(
        len(season.targets) + season.more_targets,
        len(season.pins) + season.more_pins,
        sum(len(lane.overlaps) for lane in lanes),
        sum(len(lane.gaps) for lane in lanes),
    )


def picture(season: Season, file: str, now: datetime, zone: tzinfo, most_lanes: int = MOST_LANES) -> Picture:
    """A line for each place where there is room for all, else one for each target, the busiest first."""
    lanes = lanes_by_place(season.pins)
    found = findings(season, lanes)
    shown, each_place = lanes, True
    if len(lanes) > most_lanes or season.more_targets:
        shown, each_place = lanes_by_target(season.pins)[:most_lanes], False
    seen = window(season.dates(), now, zone)
    rest = [pin for pin in season.pins if pin.place.target >= len(shown)] if not each_place else []
    more = len(season.targets) - len(shown) if not each_place else 0
    return Picture(
        title=_title(file, found),
        rows=tuple(_rows(shown, season)),
        rest=_rest(more + season.more_targets, len(rest) + season.more_pins),
        rest_counts=_per_week(rest, season, seen) if more + season.more_targets else (),
        window=seen,
        today=milliseconds(now),
        zone=zone,
    )


def _title(file: str, found: Findings) -> str:
    facts = [counted(found.targets, "target"), counted(found.pins, "pin")]
    facts += [counted(found.overlaps, "overlap")] if found.overlaps else []
    facts += [counted(found.gaps, "gap")] if found.gaps else []
    return texts.TITLE.format(file=file, facts=", ".join(facts))


def _rest(targets: int, pins: int) -> str:
    if not targets:
        return ""
    return texts.REST.format(targets=counted(targets, "target"), pins=counted(pins, "pin"))


def _rows(lanes: list[Lane], season: Season) -> list[Row]:
    rows: list[Row] = []
    for lane in lanes:
        first = not rows or rows[-1].lane.target != lane.target
        target = season.targets[lane.target]
        place = place_name(lane.place) if lane.place else ""
        rows.append(Row(lane, target.model, target.name or texts.ALL, place) if first else Row(lane, "", "", place))
    return rows


def place_name(place: Place, *, widget: bool = True) -> str:
    """A place in few letters, with its widget or without."""
    if place.position == EVERYWHERE:
        name = texts.EVERYWHERE
    elif place.position == BLOCKED:
        name = texts.BLOCKED
    else:
        name = str(place.position)
    return texts.IN_WIDGET.format(widget=place.widget, place=name) if widget and place.widget else name


def _per_week(pins: list[Pin], season: Season, seen: Window) -> tuple[int, ...]:
    """For each week the number of active pins, of these and of those that the season only counts."""
    starts = np.concatenate([np.array([pin.start for pin in pins], dtype=np.int64), season.more_starts])
    ends = np.concatenate([np.array([pin.end for pin in pins], dtype=np.int64), season.more_ends])
    begun = np.searchsorted(np.sort(starts), [week.end for week in seen.weeks], "left")
    over = np.searchsorted(np.sort(ends), [week.start for week in seen.weeks], "right")
    return tuple((begun - over).tolist())
