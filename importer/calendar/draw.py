"""Draw the picture with matplotlib, which only this file, `paper` and `time_axis` know. Nothing here decides what is
shown."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal

from importer.calendar.fonts import UNKNOWN, families, known_letters
from importer.calendar.lanes import BLOCKED, Lane, Stretch
from importer.calendar.paper import APART, BETWEEN, GRID, INK, LEFT, LINE, PALE, REST, RIGHT, SMALL, USUAL, WIDTH, Paper
from importer.calendar.time_axis import draw_today, draw_weeks
from importer.calendar.words import fitting, one_line, width
from importer.catalogue import calendar as texts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from importer.calendar.picture import Picture, Row

_DOTS = 110
"""An inch: a picture that is legible on a screen, and small enough for a mail."""

_PINNED, _EVERYWHERE, _BLOCKED, _CLASH, _GAP, _GAP_INK = (
    "#4C78A8",
    "#54A24B",
    "#9D9D9D",
    "#D62728",
    "#FFF3B0",
    "#B59A00",
)
"""Blue, green and red differ in lightness too; overlaps and gaps have a hatch besides their colour."""

Format = Literal["png", "svg"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What nobody sees in the picture itself."""

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
        figure = _Page(picture, Paper(picture, letters)).drawn()
        figure.savefig(stream, format=form, dpi=_DOTS, metadata={"Date": None} if form == "svg" else None)
    return Drawn(unknown)


def _all_words(picture: Picture) -> Iterator[str]:
    yield picture.title + picture.rest + UNKNOWN
    for row in picture.rows:
        yield row.model + row.target + row.place
        yield from (stretch.what for stretch in row.lane.stretches)


class _Page:
    """One picture under way."""

    def __init__(self, picture: Picture, paper: Paper) -> None:
        self._picture, self._paper = picture, paper

    def drawn(self) -> Figure:
        """Draw everything, from the back to the front."""
        picture, paper = self._picture, self._paper
        draw_weeks(paper, picture.window, picture.zone)
        title = fitting(picture.title, WIDTH - 0.5, 12)
        paper.say_at_edge(0.25 / WIDTH, 1 - 0.28 / paper.whole, title, fontsize=12, weight="bold", color=INK)
        for number, (row, top) in enumerate(zip(picture.rows, paper.tops, strict=True)):
            following = picture.rows[number + 1 :]
            self._row(row, top, last=not following or bool(following[0].target))
        if picture.rest:
            self._rest(paper.lines + APART)
        draw_today(paper, picture.today, picture.zone)
        self._legend()
        return paper.figure

    def _row(self, row: Row, top: float, *, last: bool) -> None:
        middle = top + LINE / 2
        model, target, place = self._paper.columns
        self._paper.say(self._paper.margin(LEFT), middle, fitting(row.model, model, USUAL), color=PALE)
        at = LEFT + model + BETWEEN
        self._paper.say(self._paper.margin(at), middle, fitting(row.target, target, USUAL), weight="bold")
        at += target + BETWEEN + place
        self._paper.say(self._paper.margin(at), middle, fitting(row.place, place, USUAL), ha="right", color=PALE)
        for stretch in row.lane.stretches:
            self._stretch(row.lane, stretch, top)
        for start, end in row.lane.gaps:
            self._gap(row.lane, start, end, top)
        if last:
            self._paper.axes.plot(
                [self._paper.margin(LEFT), self._paper.days],
                [top + LINE + APART / 2] * 2,
                color=GRID,
                linewidth=0.8,
                zorder=1,
                clip_on=False,
            )

    def _gap(self, lane: Lane, start: int, end: int, top: float) -> None:
        left, right = self._paper.x(start), self._paper.x(end)
        if right <= left:
            return
        look: dict[str, Any] = {"facecolor": _GAP, "edgecolor": _GAP_INK, "linewidth": 0.5}
        self._paper.rectangle(left, top + 0.06, right - left, LINE - 0.12, hatch="||", zorder=2, **look)
        if lane.place is None:
            # The gap of one place lies under what the others show: a strip along the edge makes it visible.
            self._paper.rectangle(left, top + LINE - 0.075, right - left, 0.055, zorder=4, **look)

    def _stretch(self, lane: Lane, stretch: Stretch, top: float) -> None:
        left, right = self._paper.x(stretch.start), self._paper.x(stretch.end)
        if stretch.end <= self._picture.window.start or stretch.start >= self._picture.window.end:
            return
        least = self._paper.days * 0.03 / self._paper.room
        right = max(right, min(left + least, self._paper.days))
        color = _color(lane, stretch)
        look: dict[str, Any] = {"facecolor": color, "edgecolor": "white", "linewidth": 0.8, "zorder": 3}
        if stretch.clash:
            look |= {"hatch": "////", "edgecolor": "white"}
        elif color == _BLOCKED:
            look |= {"hatch": "xx"}
        self._paper.rectangle(left, top + 0.02, right - left, LINE - 0.04, **look)
        before, after = stretch.start < self._picture.window.start, stretch.end > self._picture.window.end
        for shown, x, sign, side in ((before, 0.0, "◀", "left"), (after, self._paper.days, "▶", "right")):
            if shown:
                self._paper.say(x, top + LINE / 2, sign, ha=side, fontsize=6, color="white", zorder=5)
        room = self._paper.inches(right - left) - 0.1 - 0.12 * (before + after)
        words = _words(lane, stretch, room)
        if words:
            middle = (left + right) / 2
            box = {"facecolor": color, "edgecolor": "none", "pad": 1.2} if look.get("hatch") else None
            self._paper.say(
                middle, top + LINE / 2, words, ha="center", fontsize=SMALL, color="white", zorder=4, bbox=box
            )

    def _goes_on(self, stretch: Stretch) -> bool:
        return stretch.start < self._picture.window.start or stretch.end > self._picture.window.end

    def _rest(self, top: float) -> None:
        """The targets without a line: for each week a column as high as the number of their pins."""
        counts = self._picture.rest_counts
        words = fitting(self._picture.rest, sum(self._paper.columns) + 2 * BETWEEN, USUAL)
        self._paper.say(self._paper.margin(LEFT), top + REST / 2, words, weight="bold")
        most = max(counts, default=0) or 1
        wide = self._paper.inches(self._paper.days / len(counts)) >= 0.3
        for week, count in zip(self._picture.window.weeks, counts, strict=True):
            left, right = self._paper.x(week.start), self._paper.x(week.end)
            height = REST * 0.8 * count / most
            gap = (right - left) * 0.08
            self._paper.rectangle(
                left + gap, top + REST - height, right - left - 2 * gap, height, facecolor="#A9BCD3", zorder=3
            )
            if wide and count:
                self._paper.say(
                    (left + right) / 2,
                    top + REST - height - 0.07,
                    f"{count:,}",
                    ha="center",
                    fontsize=SMALL,
                    color=PALE,
                    zorder=4,
                )

    def _legend(self) -> None:
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
            self._paper.figure.legend(
                handles=patches,
                loc="lower left",
                ncols=len(patches),
                frameon=False,
                fontsize=USUAL,
                bbox_to_anchor=(0.15 / WIDTH, 0.08 / self._paper.whole),
                borderaxespad=0,
            )
        zone = texts.ZONE.format(zone=self._picture.zone)
        arrows = any(self._goes_on(stretch) for row in self._picture.rows for stretch in row.lane.stretches)
        words = f"{texts.ARROWS} {zone}" if arrows else zone
        at = 1 - RIGHT / WIDTH, 0.2 / self._paper.whole
        self._paper.say_at_edge(*at, words, ha="right", fontsize=SMALL, color=PALE)


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
        return fitting(str(stretch.pins), room, SMALL, least=len(str(stretch.pins)))
    if stretch.pins == 1:
        return fitting(one_line(stretch.what), room, SMALL, least=4)
    named = texts.NAMED.format(count=stretch.pins, what=one_line(stretch.what))
    several = texts.SEVERAL.format(count=stretch.pins)
    for words in (named, several, str(stretch.pins)):
        if width(words, SMALL) <= room:
            return words
    return ""
