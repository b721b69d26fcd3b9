"""Weeks, months and today on the paper of a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from importer.calendar.paper import GRID, PALE, SMALL, USUAL
from importer.catalogue import calendar as texts

if TYPE_CHECKING:
    from importer.calendar.paper import Paper
    from importer.calendar.window import Week, Window

_MOST_WEEK_LINES = 80
"""With more weeks, their lines and stripes would hide the pins."""
_WEEK = 0.42
"""The least inches that a week's number and its Monday take."""
_STRIPE, _MONTH_LINE, _TODAY_LINE = "#F6F6F6", "#C8C8C8", "#D62728"


def draw_weeks(paper: Paper, window: Window, zone: tzinfo) -> None:
    """Draw the weeks behind the lines and their names above them, then the months."""
    weeks = window.weeks
    for number, week in enumerate(weeks if len(weeks) <= _MOST_WEEK_LINES else ()):
        start = paper.x(week.start)
        if number % 2:
            paper.rectangle(start, 0, paper.x(week.end) - start, paper.height, facecolor=_STRIPE, zorder=0)
        paper.axes.plot([start] * 2, [0, paper.height], color=GRID, linewidth=0.5, zorder=1)
    look: dict[str, Any] = {"fontsize": SMALL, "color": PALE}
    for week in _some(weeks, paper.room / _WEEK):
        paper.say(paper.x(week.start) + paper.days * 0.001, -0.12, f"W{week.number:02}", **look)
    if len(weeks) <= paper.room / _WEEK:
        for week in weeks:
            day = _local(week.start, zone)
            paper.say(paper.x(week.start) + paper.days * 0.001, -0.30, f"{day.day} {day:%b}", **look)
    _draw_months(paper, window, zone)


def _draw_months(paper: Paper, window: Window, zone: tzinfo) -> None:
    """The months, or the years where these are too narrow for names."""
    spans = [*_calendar(window.start, window.end, zone, months=True)]
    if paper.inches(30) < 0.28:
        spans = [*_calendar(window.start, window.end, zone, months=False)]
    for name, short, start, end in spans:
        left = paper.x(start)
        paper.axes.plot([left] * 2, [-0.62, paper.height], color=_MONTH_LINE, linewidth=0.8, zorder=1, clip_on=False)
        room = paper.inches(paper.x(end) - left) - 0.08
        words = next((each for each in (name, short) if len(each) * 0.085 <= room), "")
        if words:
            paper.say(left + paper.days * 0.002, -0.50, words, weight="bold")


def draw_today(paper: Paper, today: int, zone: tzinfo) -> None:
    """Draw a line at today, or say on which side of the picture it is."""
    day = _local(today, zone).strftime("%Y-%m-%d")
    x, y = paper.days_to(today), paper.height + 0.13
    look: dict[str, Any] = {"color": _TODAY_LINE, "fontsize": USUAL, "weight": "bold"}
    if x < 0:
        paper.say(0, y, texts.TODAY_BEFORE.format(day=day), **look)
    elif x > paper.days:
        paper.say(paper.days, y, texts.TODAY_AFTER.format(day=day), ha="right", **look)
    else:
        paper.axes.plot([x, x], [-0.05, paper.height + 0.05], color=_TODAY_LINE, linewidth=1.4, zorder=6, clip_on=False)
        side = "left" if x < paper.days * 0.05 else "right" if x > paper.days * 0.95 else "center"
        paper.say(x, y, texts.TODAY.format(day=day), ha=side, **look)


def _some(weeks: Sequence[Week], most: float) -> Iterator[Week]:
    """So many weeks at most, evenly: each, or those whose number fits a step."""
    step = next(step for step in (1, 2, 4, 13, 26, 53, 10**6) if len(weeks) / step <= most)
    return (week for week in weeks if (week.number - 1) % step == 0 and (step == 1 or week.number < 53))


def _local(moment: int, zone: tzinfo) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)).astimezone(zone)


def _calendar(start: int, end: int, zone: tzinfo, *, months: bool) -> Iterator[tuple[str, str, int, int]]:
    """The months or years that begin before the end: a long and a short name, start and end."""
    first = _local(start, zone)
    year, month = first.year, first.month if months else 1
    while True:
        opened = datetime(year, month, 1, tzinfo=zone)
        following = year + (month == 12 or not months), month % 12 + 1 if months else 1
        closed = datetime(*following, 1, tzinfo=zone)
        left, right = (int(moment.timestamp() * 1000) for moment in (opened, closed))
        if left >= end:
            return
        name = opened.strftime("%B %Y") if months else str(year)
        yield name, opened.strftime("%b") if months else name, max(left, start), min(right, end)
        year, month = following
