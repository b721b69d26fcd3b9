"""The paper of a picture: where on it a moment and a line lie, and how to write and colour there.

The horizontal axis counts days from the window's start, the vertical one inches from the top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from importer.calendar.words import one_line, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from importer.calendar.picture import Picture, Row

_DAY = 86_400_000

WIDTH, LEFT, RIGHT, BETWEEN = 16.0, 0.2, 0.25, 0.15
"""Inches: of the whole paper, of its empty edges, and between the words before a line."""
LINE, APART, REST = 0.26, 0.09, 0.7
"""Inches: the height of a line, the room between two targets, the height of the columns for targets without a line."""
SMALL, USUAL = 7.0, 8.5
"""Points of letters."""
INK, PALE, GRID = "#222222", "#666666", "#E3E3E3"

_MODEL, _TARGET, _PLACE = 2.3, 2.6, 1.3
"""The most that the words before a line may take."""
_TOP, _BOTTOM = 1.15, 0.75


class Paper:
    """The paper of one picture."""

    def __init__(self, picture: Picture, letters: Callable[[str], str]) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra, and heavy

        self._letters = letters
        self._start = picture.window.start
        self.days = (picture.window.end - self._start) / _DAY
        """How many days the axis counts."""
        self.columns = _columns(picture)
        """The inches that models, targets and places take before a line."""
        names = LEFT + sum(self.columns) + BETWEEN * 3
        self.room = WIDTH - names - RIGHT
        """The inches of the axis."""
        self._before = names / self.room * self.days
        self.tops = list(_tops(picture.rows))
        """Where each line begins."""
        self.lines = self.tops[-1] + LINE if self.tops else 0.0
        """The height of all lines."""
        self.height = self.lines + (REST + LINE if picture.rest else 0) + APART
        """The height below the weeks."""
        self.whole = self.height + _TOP + _BOTTOM
        """The height of the paper."""
        self.figure: Figure = Figure(figsize=(WIDTH, self.whole), facecolor="white")
        box = (names / WIDTH, _BOTTOM / self.whole, self.room / WIDTH, self.height / self.whole)
        self.axes: Axes = self.figure.add_axes(box)
        self.axes.set_xlim(0, self.days)
        self.axes.set_ylim(self.height, 0)
        self.axes.set_axis_off()

    def x(self, moment: int) -> float:
        """Days from the window's start; what lies outside is at its edge."""
        return min(max(self.days_to(moment), 0.0), self.days)

    def days_to(self, moment: int) -> float:
        """Days from the window's start to a moment inside or outside of it."""
        return (moment - self._start) / _DAY

    def margin(self, inches: float) -> float:
        """Where on the axis something stands that is this many inches from the paper's left side."""
        return inches / self.room * self.days - self._before

    def inches(self, days: float) -> float:
        """The inches that a number of days takes."""
        return days / self.days * self.room

    def say(self, x: float, y: float, words: str, **look: Any) -> Text:
        """Write words beside or among the lines."""
        usual: dict[str, Any] = {"fontsize": USUAL, "color": INK, "va": "center", "parse_math": False}
        return self.axes.text(x, y, self._letters(one_line(words)), **(usual | look))

    def say_at_edge(self, left: float, bottom: float, words: str, **look: Any) -> None:
        """Write words above or below the lines, in parts of the paper's width and height."""
        usual: dict[str, Any] = {"va": "center", "parse_math": False}
        self.figure.text(left, bottom, self._letters(one_line(words)), **(usual | look))

    def rectangle(self, start: float, top: float, width: float, height: float, **look: Any) -> None:
        """Colour a part of the lines."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - an extra

        self.axes.add_patch(Rectangle((start, top), width, height, **({"linewidth": 0} | look)))


def _columns(picture: Picture) -> tuple[float, float, float]:
    """The inches that models, targets and places take."""
    words = [(row.model, row.target, row.place) for row in picture.rows]
    most = [max((width(text, USUAL) for text in texts_), default=0.0) for texts_ in zip(*words, strict=True)]
    model, target, place = (
        min(need * 1.08, room) for need, room in zip(most or [0.0] * 3, (_MODEL, _TARGET, _PLACE), strict=True)
    )
    if picture.rest:
        target = max(target, min(width(picture.rest, USUAL), _MODEL + _TARGET) - model)
    return model, target, place


def _tops(rows: Sequence[Row]) -> Iterator[float]:
    top = APART - LINE
    for row in rows:
        top += LINE + (APART if row.target else 0)
        yield top
