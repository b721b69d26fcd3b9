"""A sheet's cells as found, a type for each kind. Imports neither pandas nor aiohttp.

A text cell is a plain `str`, untouched. The other kinds have a type each, so that the text "1", the number 1 and the
yes/no TRUE are never equal, whatever Python thinks of 1 == True. An empty cell is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Number:
    """A number cell. `shown` is what the cell's format makes of it where that differs in digits (`00123`)."""

    value: int | float
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A TRUE or FALSE cell."""

    value: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A date cell, without a zone. `has_time` is whether a time of day is part of it."""

    value: datetime
    has_time: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A cell that holds a time of day or a duration, and no date; `text` is how it reads."""

    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """An error cell; `token` is what Excel shows, such as `#N/A`."""

    token: str


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula whose result is not stored in the file."""

    formula: str


Cell = str | Number | Flag | Moment | Clock | Broken | Uncalculated


def shown(cell: Cell) -> str:  # noqa: PLR0911 - one line a kind
    """A cell as a person sees it, for messages."""
    match cell:
        case str():
            return cell
        case Number(value, text):
            return text or plain_number(value)
        case Flag(value):
            return "TRUE" if value else "FALSE"
        case Moment(value, has_time):
            return value.isoformat(" ", "seconds") if has_time else value.date().isoformat()
        case Clock(text):
            return text
        case Broken(token):
            return token
        case Uncalculated(formula):
            return f"={formula}"


def plain_number(value: float) -> str:
    """A number without an exponent and without a needless `.0`."""
    return f"{Decimal(repr(value)).normalize():f}"
