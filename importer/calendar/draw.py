"""The picture, drawn by matplotlib, which only this file knows. Nothing here decides what is shown.

The horizontal axis counts days from the window's start, the vertical one inches from the top.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, Literal

from importer.calendar.fonts import UNKNOWN, families, known_letters
from importer.calendar.lanes import BLOCKED, Lane, Stretch
from importer.calendar.words import fitting, one_line, width
from importer.catalogue import calendar as texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from importer.calendar.picture import Picture, Row
    from importer.calendar.window import Week

_DAY = 86_400_000
_WIDTH, _LEFT, _RIGHT, _BETWEEN = 16.0, 0.2, 0.25, 0.15
_MODEL, _TARGET, _PLACE = 2.3, 2.6, 1.3
"""The most that the words before a line may take."""
_TOP, _BOTTOM, _LINE, _APART = 1.15, 0.75, 0.26, 0.09
_REST = 0.7
_DOTS = 110
_SMALL, _USUAL = 7.0, 8.5
_MOST_WEEK_LINES = 80
_WEEK = 0.42
"""The least that a week's number and its Monday take."""

_PINNED, _EVERYWHERE, _BLOCKED, _CLASH, _GAP = "#4C78A8", "#54A24B", "#9D9D9D", "#D62728", "#FFF3B0"
_INK, _PALE, _GRID, _STRIPE, _GAP_INK = "#222222", "#666666", "#E3E3E3", "#F6F6F6", "#B59A00"
"""Blue, green and red differ in lightness too; overlaps and gaps have a hatch besides their colour."""

Format = Literal["png", "svg"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What drawing came to."""

    unknown_letters: str = ""
    """Letters that no font of this computer has; a box stands for each."""


def draw(picture: Picture, stream: IO[bytes], form: Format) -> Drawn:
    """Draw the picture. Raises `ImportError` where matplotlib is not installed, `OSError` as the stream does."""
    import matplotlib.style  # noqa: PLC0415 - an extra, and heavy

    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with matplotlib.style.context("default", after_reset=True), warnings.catch_warnings():
        if form == "svg":
            # An SVG holds its words as text: who shows it chooses the fonts.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            letters: Callable[[str], str] = str
            known = ["DejaVu Sans"]
            unknown = ""
        else:
            said = "".join(_all_words(picture))
            known, unknown = families(said)
            letters = known_letters(unknown)
        matplotlib.rcParams["font.family"] = known
        matplotlib.rcParams["svg.fonttype"] = "none"
        matplotlib.rcParams["svg.hashsalt"] = "pin-importer"
        matplotlib.rcParams["hatch.linewidth"] = 0.6
        figure = _Page(picture, letters).figure
        figure.savefig(stream, format=form, dpi=_DOTS, metadata={"Date": None} if form == "svg" else None)
    return Drawn(unknown)


def _all_words(picture: Picture) -> Iterator[str]:
    yield picture.title + picture.rest + UNKNOWN
    for row in picture.rows:
        yield row.model + row.target + row.place
        yield from (stretch.what for stretch in row.lane.stretches)


class _Page:
    """One picture under way."""

    def __init__(self, picture: Picture, letters: Callable[[str], str]) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra, and heavy

        self._picture = picture
        self._letters = letters
        self._start = picture.window.start
        self._days = (picture.window.end - self._start) / _DAY
        self._columns = _columns(picture)
        names = _LEFT + sum(self._columns) + _BETWEEN * 3
        self._room = _WIDTH - names - _RIGHT
        self._before = names / self._room * self._days
        tops = list(_tops(picture.rows))
        lines = tops[-1] + _LINE if tops else 0.0
        height = lines + (_REST + _LINE if picture.rest else 0) + _APART
        whole = height + _TOP + _BOTTOM
        self.figure: Figure = Figure(figsize=(_WIDTH, whole), facecolor="white")
        box = (names / _WIDTH, _BOTTOM / whole, self._room / _WIDTH, height / whole)
        self._axes: Axes = self.figure.add_axes(box)
        self._axes.set_xlim(0, self._days)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self._height = height
        self._weeks()
        self._head(whole)
        for number, (row, top) in enumerate(zip(picture.rows, tops, strict=True)):
            following = picture.rows[number + 1 :]
            self._row(row, top, last=not following or bool(following[0].target))
        if picture.rest:
            self._rest(lines + _APART)
        self._today()
        self._legend(whole)

    # ── Where and what ──────────────────────────────────────────────────────────────────────────────────

    def _x(self, moment: int) -> float:
        """Days from the window's start; what lies outside is at its edge."""
        return min(max((moment - self._start) / _DAY, 0.0), self._days)

    def _margin(self, inches: float) -> float:
        """Where on the axis something stands so many inches from the paper's left side."""
        return inches / self._room * self._days - self._before

    def _inches(self, days: float) -> float:
        return days / self._days * self._room

    def _say(self, x: float, y: float, words: str, **look: Any) -> Text:
        usual: dict[str, Any] = {"fontsize": _USUAL, "color": _INK, "va": "center", "parse_math": False}
        return self._axes.text(x, y, self._letters(one_line(words)), **(usual | look))

    def _rectangle(self, start: float, top: float, width: float, height: float, **look: Any) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - an extra

        self._axes.add_patch(Rectangle((start, top), width, height, **({"linewidth": 0} | look)))

    # ── Head and weeks ──────────────────────────────────────────────────────────────────────────────────

    def _head(self, whole: float) -> None:
        words = self._letters(one_line(fitting(self._picture.title, _WIDTH - 0.5, 12)))
        self.figure.text(
            0.25 / _WIDTH,
            1 - 0.28 / whole,
            words,
            fontsize=12,
            weight="bold",
            color=_INK,
            va="center",
            parse_math=False,
        )

    def _weeks(self) -> None:
        weeks = self._picture.window.weeks
        lines = len(weeks) <= _MOST_WEEK_LINES
        for number, week in enumerate(weeks):
            if lines:
                if number % 2:
                    self._rectangle(
                        self._x(week.start),
                        0,
                        self._x(week.end) - self._x(week.start),
                        self._height,
                        facecolor=_STRIPE,
                        zorder=0,
                    )
                self._axes.plot([self._x(week.start)] * 2, [0, self._height], color=_GRID, linewidth=0.5, zorder=1)
        for week in _some(weeks, self._room / _WEEK):
            self._say(
                self._x(week.start) + self._days * 0.001, -0.12, f"W{week.number:02}", fontsize=_SMALL, color=_PALE
            )
        if len(weeks) <= self._room / _WEEK:
            for week in weeks:
                day = _local(week.start, self._picture.zone)
                self._say(
                    self._x(week.start) + self._days * 0.001, -0.30, f"{day.day} {day:%b}", fontsize=_SMALL, color=_PALE
                )
        self._months()

    def _months(self) -> None:
        """The months, or the years where these are too narrow for names."""
        window, zone = self._picture.window, self._picture.zone
        spans = [*_calendar(window.start, window.end, zone, months=True)]
        if self._inches(30) < 0.28:
            spans = [*_calendar(window.start, window.end, zone, months=False)]
        for name, short, start, end in spans:
            self._axes.plot(
                [self._x(start)] * 2, [-0.62, self._height], color="#C8C8C8", linewidth=0.8, zorder=1, clip_on=False
            )
            room = self._inches(self._x(end) - self._x(start)) - 0.08
            words = next((each for each in (name, short) if len(each) * 0.085 <= room), "")
            if words:
                self._say(self._x(start) + self._days * 0.002, -0.50, words, weight="bold")

    # ── Lines ───────────────────────────────────────────────────────────────────────────────────────────

    def _row(self, row: Row, top: float, *, last: bool) -> None:
        middle = top + _LINE / 2
        model, target, place = self._columns
        self._say(self._margin(_LEFT), middle, fitting(row.model, model, _USUAL), color=_PALE)
        at = _LEFT + model + _BETWEEN
        self._say(self._margin(at), middle, fitting(row.target, target, _USUAL), weight="bold")
        at += target + _BETWEEN + place
        self._say(self._margin(at), middle, fitting(row.place, place, _USUAL), ha="right", color=_PALE)
        for stretch in row.lane.stretches:
            self._stretch(row.lane, stretch, top)
        for start, end in row.lane.gaps:
            self._gap(row.lane, start, end, top)
        if last:
            self._axes.plot(
                [self._margin(_LEFT), self._days],
                [top + _LINE + _APART / 2] * 2,
                color=_GRID,
                linewidth=0.8,
                zorder=1,
                clip_on=False,
            )

    def _gap(self, lane: Lane, start: int, end: int, top: float) -> None:
        left, right = self._x(start), self._x(end)
        if right <= left:
            return
        look: dict[str, Any] = {"facecolor": _GAP, "edgecolor": _GAP_INK, "linewidth": 0.5}
        self._rectangle(left, top + 0.06, right - left, _LINE - 0.12, hatch="||", zorder=2, **look)
        if lane.place is None:
            # The gap of one place lies under what the others show: a strip along the edge tells of it.
            self._rectangle(left, top + _LINE - 0.075, right - left, 0.055, zorder=4, **look)

    def _stretch(self, lane: Lane, stretch: Stretch, top: float) -> None:
        left, right = self._x(stretch.start), self._x(stretch.end)
        if stretch.end <= self._start or stretch.start >= self._picture.window.end:
            return
        least = self._days * 0.03 / self._room
        right = max(right, min(left + least, self._days))
        color = _color(lane, stretch)
        look: dict[str, Any] = {"facecolor": color, "edgecolor": "white", "linewidth": 0.8, "zorder": 3}
        if stretch.clash:
            look |= {"hatch": "////", "edgecolor": "white"}
        elif color == _BLOCKED:
            look |= {"hatch": "xx"}
        self._rectangle(left, top + 0.02, right - left, _LINE - 0.04, **look)
        before, after = stretch.start < self._start, stretch.end > self._picture.window.end
        for shown, x, sign, side in ((before, 0.0, "◀", "left"), (after, self._days, "▶", "right")):
            if shown:
                self._say(x, top + _LINE / 2, sign, ha=side, fontsize=6, color="white", zorder=5)
        room = self._inches(right - left) - 0.1 - 0.12 * (before + after)
        words = _words(lane, stretch, room)
        if words:
            middle = (left + right) / 2
            box = {"facecolor": color, "edgecolor": "none", "pad": 1.2} if look.get("hatch") else None
            self._say(middle, top + _LINE / 2, words, ha="center", fontsize=_SMALL, color="white", zorder=4, bbox=box)

    def _goes_on(self, stretch: Stretch) -> bool:
        return stretch.start < self._start or stretch.end > self._picture.window.end

    def _rest(self, top: float) -> None:
        """The targets without a line: for each week a column as high as the number of their pins."""
        counts = self._picture.rest_counts
        words = fitting(self._picture.rest, sum(self._columns) + 2 * _BETWEEN, _USUAL)
        self._say(self._margin(_LEFT), top + _REST / 2, words, weight="bold")
        most = max(counts, default=0) or 1
        wide = self._inches(self._days / len(counts)) >= 0.3
        for week, count in zip(self._picture.window.weeks, counts, strict=True):
            left, right = self._x(week.start), self._x(week.end)
            height = _REST * 0.8 * count / most
            gap = (right - left) * 0.08
            self._rectangle(
                left + gap, top + _REST - height, right - left - 2 * gap, height, facecolor="#A9BCD3", zorder=3
            )
            if wide and count:
                self._say(
                    (left + right) / 2,
                    top + _REST - height - 0.07,
                    f"{count:,}",
                    ha="center",
                    fontsize=_SMALL,
                    color=_PALE,
                    zorder=4,
                )

    # ── Today and the legend ────────────────────────────────────────────────────────────────────────────

    def _today(self) -> None:
        day = _local(self._picture.today, self._picture.zone).strftime("%Y-%m-%d")
        x = (self._picture.today - self._start) / _DAY
        look: dict[str, Any] = {"color": _CLASH, "fontsize": _USUAL, "weight": "bold"}
        y = self._height + 0.13
        if x < 0:
            self._say(0, y, texts.TODAY_BEFORE.format(day=day), **look)
        elif x > self._days:
            self._say(self._days, y, texts.TODAY_AFTER.format(day=day), ha="right", **look)
        else:
            self._axes.plot([x, x], [-0.05, self._height + 0.05], color=_CLASH, linewidth=1.4, zorder=6, clip_on=False)
            side = "left" if x < self._days * 0.05 else "right" if x > self._days * 0.95 else "center"
            self._say(x, y, texts.TODAY.format(day=day), ha=side, **look)

    def _legend(self, whole: float) -> None:
        from matplotlib.patches import Patch  # noqa: PLC0415 - an extra

        looks: Sequence[tuple[str, dict[str, Any]]] = (
            ("pinned", {"facecolor": _PINNED}),
            ("everywhere", {"facecolor": _EVERYWHERE}),
            ("blocked", {"facecolor": _BLOCKED, "hatch": "xx"}),
            ("clash", {"facecolor": _CLASH, "hatch": "////"}),
            ("gap", {"facecolor": _GAP, "hatch": "||", "edgecolor": _GAP_INK}),
        )
        used = {word for row in self._picture.rows for word in _kinds(row.lane)}
        patches = [
            Patch(**({"edgecolor": "white"} | look), label=texts.LEGEND[word]) for word, look in looks if word in used
        ]
        if patches:
            self.figure.legend(
                handles=patches,
                loc="lower left",
                ncols=len(patches),
                frameon=False,
                fontsize=_USUAL,
                bbox_to_anchor=(0.15 / _WIDTH, 0.08 / whole),
                borderaxespad=0,
            )
        zone = texts.ZONE.format(zone=self._picture.zone)
        arrows = any(self._goes_on(stretch) for row in self._picture.rows for stretch in row.lane.stretches)
        words = f"{texts.ARROWS} {zone}" if arrows else zone
        self.figure.text(
            1 - _RIGHT / _WIDTH,
            0.2 / whole,
            words,
            ha="right",
            va="center",
            fontsize=_SMALL,
            color=_PALE,
            parse_math=False,
        )


def _columns(picture: Picture) -> tuple[float, float, float]:
    """The inches that models, targets and places take."""
    words = [(row.model, row.target, row.place) for row in picture.rows]
    most = [max((width(text, _USUAL) for text in texts_), default=0.0) for texts_ in zip(*words, strict=True)]
    model, target, place = (
        min(need * 1.08, room) for need, room in zip(most or [0.0] * 3, (_MODEL, _TARGET, _PLACE), strict=True)
    )
    if picture.rest:
        target = max(target, min(width(picture.rest, _USUAL), _MODEL + _TARGET) - model)
    return model, target, place


def _tops(rows: Sequence[Row]) -> Iterator[float]:
    top = _APART - _LINE
    for row in rows:
        top += _LINE + (_APART if row.target else 0)
        yield top


def _color(lane: Lane, stretch: Stretch) -> str:
    if stretch.clash:
        return _CLASH
    if lane.place is None or lane.place.is_fixed:
        return _PINNED
    return _BLOCKED if lane.place.position == BLOCKED else _EVERYWHERE


def _kinds(lane: Lane) -> Iterator[str]:
    names = {_PINNED: "pinned", _EVERYWHERE: "everywhere", _BLOCKED: "blocked", _CLASH: "clash"}
    yield from (names[_color(lane, stretch)] for stretch in lane.stretches)
    if lane.gaps:
        yield "gap"


def _words(lane: Lane, stretch: Stretch, room: float) -> str:
    """What stands in a stretch: what is pinned where it is one pin, else how many; nothing where it does not fit."""
    if lane.place is None:
        return fitting(str(stretch.pins), room, _SMALL, least=len(str(stretch.pins)))
    if stretch.pins == 1:
        return fitting(one_line(stretch.what), room, _SMALL, least=4)
    named = texts.NAMED.format(count=stretch.pins, what=one_line(stretch.what))
    several = texts.SEVERAL.format(count=stretch.pins)
    for words in (named, several, str(stretch.pins)):
        if width(words, _SMALL) <= room:
            return words
    return ""


def _some(weeks: Sequence[Week], most: float) -> Iterator[Week]:
    """So many weeks at most, evenly: each, or those whose number fits a step."""
    step = next(step for step in (1, 2, 4, 13, 26, 53, 10**6) if len(weeks) / step <= most)
    return (week for week in weeks if (week.number - 1) % step == 0 and (step == 1 or week.number < 53))


def _local(moment: int, zone: Any) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)).astimezone(zone)


def _calendar(start: int, end: int, zone: Any, *, months: bool) -> Iterator[tuple[str, str, int, int]]:
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
