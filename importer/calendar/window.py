"""Choose the weeks of a calendar (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FAR = timedelta(days=15 * 365)
"""A date farther off, such as one in 2099 or 9999, only says that there is no end."""
_UNDATED_WEEKS = 12
"""Weeks from today on that a calendar shows where no pin has a date."""
_OUTLIERS = 0.1
"""The part of all dates that may lie outside the picture,"""
_WORTH = 3
"""if the picture is so many times as long with them."""


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week."""

    start: int
    """Its Monday's first moment."""
    end: int
    """The next Monday's."""
    year: int
    """The year that the number counts in, which is not always that of the day."""
    number: int
    """Which week of that year it is."""

    @property
    def name(self) -> str:
        """As ISO 8601 writes it: `2026-W49`."""
        return f"{self.year}-W{self.number:02}"


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a calendar shows."""

    weeks: tuple[Week, ...]
    """Its weeks, one after the other."""
    outside: int = 0
    """How many dates lie outside."""

    @property
    def start(self) -> int:
        """The first moment."""
        return self.weeks[0].start

    @property
    def end(self) -> int:
        """The moment after the last."""
        return self.weeks[-1].end


def window(dates: Collection[int], now: datetime, zone: tzinfo) -> Window:
    """Whole weeks around all dates, and around today unless that is far away.

    A few dates so far off that they would crowd all others stay outside: an end in 2099 must not hide this season.
    """
    today, far = milliseconds(now), _FAR // _MILLISECOND
    edges = sorted(edge for edge in dates if abs(edge - today) <= far)
    if not edges:
        monday = _monday(now.astimezone(zone))
        weeks = _weeks(monday - timedelta(weeks=1), monday + timedelta(weeks=_UNDATED_WEEKS))
        return Window(tuple(weeks), len(dates))
    first, last = _without_outliers(edges)
    room = max(last - first, timedelta(weeks=4) // _MILLISECOND) // 2
    if first - room <= today <= last + room:
        start, end = min(first, today), max(last, today)
    else:
        start, end = first, last
    outside = sum(not start <= edge <= end for edge in dates)
    return Window(tuple(_weeks(_monday(_local(start, zone)), _local(end, zone))), outside)


def milliseconds(moment: datetime) -> int:
    """A moment in milliseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def _without_outliers(edges: list[int]) -> tuple[int, int]:
    """The first and the last of these dates, without a few far ones on either side if those crowd the others."""
    spare, low, high = int(len(edges) * _OUTLIERS), 0, len(edges) - 1
    best = low, high
    while spare and low < high:
        if edges[low + 1] - edges[low] > edges[high] - edges[high - 1]:
            low += 1
        else:
            high -= 1
        spare -= 1
        if (edges[best[1]] - edges[best[0]]) > _WORTH * max(edges[high] - edges[low], 1):
            best = low, high
    return edges[best[0]], edges[best[1]]


def _weeks(monday: datetime, last: datetime) -> Iterator[Week]:
    while True:
        following = monday + timedelta(weeks=1)  # by the calendar: the hour stays, whatever clocks do
        year, number, _ = monday.isocalendar()
        yield Week(milliseconds(monday), milliseconds(following), year, number)
        if following > last:
            return
        monday = following


def _monday(day: datetime) -> datetime:
    start = day.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return start - timedelta(days=start.weekday())


def _local(moment: int, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=moment)).astimezone(zone)
