"""A sheet's cells as found, a type for each kind. Imports neither pandas nor aiohttp.

A text cell is a plain `str`, untouched. The other kinds have a type each, so that the text "1", the number 1 and the
yes/no TRUE are never equal, whatever Python thinks of 1 == True. An empty cell is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from importer.characters import trimmed

LONGEST_TEXT = 32_767
"""UTF-16 units that one cell of a workbook can hold."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number cell."""

    value: int | float
    """The number that is stored."""
    shown: str | None = None
    """What the cell's format makes of it, where that is not the plain number: `00123`, `1.20E+03`, `50%`, or ""."""


@dataclass(frozen=True, slots=True)
class Reformatted:
    """A text cell whose format shows another text."""

    text: str
    """The text that is stored."""
    shown: str
    """What the cell's format makes of it, or "" where it shows nothing."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A TRUE or FALSE cell."""

    value: bool
    """Whether it is TRUE."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date cell, without a zone. What its format shows decides, not what hides below."""

    value: datetime
    """The moment that is stored, whatever of it is shown."""
    has_time: bool
    """Whether the cell's format shows a time of day, midnight included."""
    lacks: str = ""
    """What of the day the cell's format does not show: "day" (`mmm-yy`), "year" (`d.m.`), or nothing."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A cell that holds a time of day or a duration, and no date."""

    text: str
    """What the cell shows."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An error cell."""

    token: str
    """What Excel shows, such as `#N/A`."""


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula whose result the file does not hold."""

    formula: str
    """The formula without its equals sign."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A further cell of a merged range whose one value cannot hold for several rows or columns."""

    text: str
    """What the range shows."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A cell of another system's sheet of which the mapping cannot make a value."""

    text: str
    """What the cell shows."""
    code: str
    """What is wrong, as the catalogue's code."""
    detail: str = ""
    """What only this cell knows."""


Cell = str | Number | Reformatted | Flag | Moment | Clock | Broken | Uncalculated | Covered | Unmapped


def shown(cell: Cell) -> str:  # noqa: PLR0911 - one line a kind
    """A cell as a person sees it, for messages."""
    match cell:
        case str():
            return cell
        case Number(value, text):
            return plain_number(value) if text is None else text
        case Reformatted(_, text):
            return text
        case Flag(value):
            return "TRUE" if value else "FALSE"
        case Moment(value, has_time, lacks):
            return _moment(value, has_time=has_time, lacks=lacks)
        case Clock(text) | Covered(text) | Unmapped(text):
            return text
        case Broken(token):
            return token
        case Uncalculated(formula):
            return f"={formula}"


def _moment(value: datetime, *, has_time: bool, lacks: str) -> str:
    if lacks == "day":
        return f"{value:%m/%Y}"
    day = f"{value:%m-%d}" if lacks == "year" else value.date().isoformat()
    return f"{day} {value:%H:%M:%S}" if has_time else day


def shows_nothing(text: str) -> bool:
    """Whether there is nothing in a text but blanks and invisible characters."""
    return not text or text.isspace() or (not text.isascii() and not trimmed(text))


def plain_number(value: float) -> str:
    """A number without an exponent and without a needless `.0`."""
    return f"{Decimal(repr(value)).normalize():f}"


@cache
def column_letter(place: int) -> str:
    """A column as Excel names it, by its place counted from 0: 0 is `A`, 26 is `AA`."""
    before, letter = divmod(place, 26)
    return (column_letter(before - 1) if before else "") + chr(65 + letter)


def column_number(letters: str) -> int:
    """The place of a column, counted from 0, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
