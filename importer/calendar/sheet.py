"""Make the sheet `Calendar`: a line for each place, a column for each week. It needs no drawing library."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice, pairwise, takewhile

import numpy as np

from importer.calendar.lanes import BLOCKED, EVERYWHERE, MINUTE, Lane, lanes_by_place
from importer.calendar.picture import place_name
from importer.calendar.pins import Season
from importer.calendar.window import Week, Window, milliseconds, window
from importer.catalogue import calendar as texts
from importer.catalogue.screen import counted
from importer.columns import CALENDAR_SHEET
from importer.xlsx import CellStyle, Column, Note, Table, Value, encode

MOST_CELLS = 300_000
"""Cells of weeks at most; the last line counts the targets for which there is no room."""

_STYLES = (
    CellStyle(),
    CellStyle(fill="C9D7E8", color="1F3864"),
    CellStyle(fill="CFE8CB", color="1E4620"),
    CellStyle(fill="E0E0E0", color="404040"),
    CellStyle(fill="F4B6B6", color="7A0000", bold=True),
    CellStyle(fill="FFF3B0", color="7F6000"),
    CellStyle(bold=True),
)
_PLAIN, _PINNED, _EVERYWHERE, _BLOCKED, _CLASH, _GAP, _BOLD = range(7)
_HEADER, _TODAY = (
    CellStyle(fill="1F3864", color="FFFFFF", bold=True),
    CellStyle(fill="D62728", color="FFFFFF", bold=True),
)
_WIDTHS = (16.0, 11.0, 24.0, 14.0, 12.0, 8.0, 10.0, 8.0)
_WEEK_WIDTH = 11.0
_LONGEST = 60


def calendar_table(season: Season, now: datetime, zone: tzinfo) -> Table:
    """The sheet of a season. Each week shows its pins, with a word where two of them meet or where there is none."""
    lanes = lanes_by_place(season.pins)
    seen = window(season.dates(), now, zone)
    shown = _with_room(lanes, len(seen.weeks))
    rest = _rest(season, shown)
    lines = [*_facts(season, shown, rest)]
    facts = [encode(line[place] for line in lines) for place in range(len(texts.HEADERS))]
    bold = np.array([_PLAIN] * len(shown) + [_BOLD] * bool(rest), dtype=np.int8)
    columns = [
        Column(header, cells, width, bold, _HEADER)
        for header, cells, width in zip(texts.HEADERS, facts, _WIDTHS, strict=True)
    ]
    columns += _weeks(shown, seen, milliseconds(now), len(bold))
    return Table(
        name=CALENDAR_SHEET,
        columns=columns,
        rows=len(bold),
        styles=_STYLES,
        notes=[Note(-1, len(texts.HEADERS), texts.WEEKS_NOTE.format(zone=zone))],
        header_style=_HEADER,
    )


def _with_room(lanes: Sequence[Lane], weeks: int) -> Sequence[Lane]:
    """The lanes of as many whole targets as there is room for, one at least."""
    most = MOST_CELLS // weeks
    if len(lanes) <= most:
        return lanes
    target = max(lanes[most].target, 1)
    return [lane for lane in lanes if lane.target < target]


def _rest(season: Season, shown: Sequence[Lane]) -> str:
    targets = {lane.target for lane in shown}
    more = len(season.targets) - len(targets) + season.more_targets
    if not more:
        return ""
    pins = len(season.pins) + season.more_pins - sum(lane.pins for lane in shown)
    return texts.MORE.format(targets=counted(more, "target"), pins=counted(pins, "pin"))


def _facts(season: Season, shown: Sequence[Lane], rest: str) -> Iterator[tuple[Value | None, ...]]:
    for lane in shown:
        target = season.targets[lane.target]
        assert lane.place is not None  # noqa: S101 - these are lanes of places
        yield (
            target.model,
            target.kind,
            target.name,
            lane.place.widget,
            place_name(lane.place, widget=False),
            lane.pins,
            len(lane.overlaps) or None,
            len(lane.gaps) or None,
        )
    if rest:
        yield (rest, *(None,) * (len(texts.HEADERS) - 1))


def _weeks(shown: Sequence[Lane], seen: Window, today: int, rows: int) -> Iterator[Column]:
    starts = [[stretch.start for stretch in lane.stretches] for lane in shown]
    for week in seen.weeks:
        cells = [_cell(lane, begun, week) for lane, begun in zip(shown, starts, strict=True)]
        cells += [("", _PLAIN)] * (rows - len(shown))
        style = _TODAY if week.start <= today < week.end else _HEADER
        looks = np.array([look for _, look in cells], dtype=np.int8)
        yield Column(week.name, encode(text for text, _ in cells), _WEEK_WIDTH, looks, style)


def _cell(lane: Lane, starts: Sequence[int], week: Week) -> tuple[str, int]:
    """The text and the style of a lane's week. A gap of any length marks its week."""
    first = bisect_right(starts, week.start) - 1
    following = islice(lane.stretches, max(first, 0), None)
    begun = takewhile(lambda stretch: stretch.start < week.end, following)
    active = [stretch for stretch in begun if stretch.end > week.start]
    clashes = [stretch for stretch in active if stretch.clash]
    if clashes:
        most = max(clashes, key=lambda stretch: stretch.pins)
        said = [texts.NAMED.format(count=most.pins, what=most.what)]
    else:
        said = [stretch.what for stretch in active]
    has_gap = _has_gap(lane, max(first, 0), week)
    if has_gap:
        said.append(texts.GAP)
    text = ", ".join(dict.fromkeys(said))
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    if clashes:
        return text, _CLASH
    if has_gap:
        return text, _GAP
    return text, _look(lane) if active else _PLAIN


def _has_gap(lane: Lane, first: int, week: Week) -> bool:
    """Whether a week lies in part between two stretches, the first of which is no earlier than this one."""
    if lane.place is not None and lane.place.position == BLOCKED:
        return False
    pairs = pairwise(islice(lane.stretches, first, None))
    near = takewhile(lambda pair: pair[0].end < week.end, pairs)
    return any(min(two.start, week.end) - max(one.end, week.start) > MINUTE for one, two in near)


def _look(lane: Lane) -> int:
    position = lane.place.position if lane.place else 1
    return {EVERYWHERE: _EVERYWHERE, BLOCKED: _BLOCKED}.get(position, _PINNED)
