"""Values that are no text: what their cells hold, and the number formats that show them as people saw them."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from importer.cells import Broken, Clock, Covered, Flag, Moment, Number, Reformatted, Uncalculated, shown
from importer.reading.number_format import raw_number
from importer.xlsx.styles import DAY, DAY_OF_YEAR, DURATION, GENERAL, MONTH, TIME, WHOLE
from importer.xlsx.text import escape

if TYPE_CHECKING:
    from importer.xlsx.table import Value

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no zone
_LEAP_BUG = datetime(1900, 3, 1)  # noqa: DTZ001
"""Excel counts 29 February 1900, a day that never was: days before this moment have one number less."""
_CLOCK = re.compile(r"(-?)(\d+):([0-5]\d)(?::([0-5]\d)(\.\d+)?)?")
_OF_DAY = re.compile(r"[01]\d:|2[0-3]:")
_SPELLING = re.compile(r"[.,'\s]")
_NUMBER = re.compile(r"(\D*?)(\d{1,3}(?:[,.'\s]\d{3})+(?=\D|$)|\d+)([.,]\d+)?(E[+-]\d+)?(\D*)", re.DOTALL)
_NOTHING = ";;;"
"""The format that shows nothing of any value."""

_LONGEST_FORMAT = 200
"""Excel takes no format of more than 255 characters; the quotes around a text count."""

_LONG, _EXACT = 10**11, 10**15
"""Whole numbers from the first on are abbreviated by the general format, from the second on Excel drops digits."""

_DAY_SECONDS = 86_400


def is_text(value: Value) -> bool:
    """Whether a cell can hold a value only as text."""
    match value:
        case str():
            return True
        case Moment(moment, _):
            return serial(moment) is None
        case Clock(text):
            return _CLOCK.fullmatch(text) is None
        case Number(number, _) | (int() | float() as number):
            return not math.isfinite(number)
        case _:
            return isinstance(value, Uncalculated | Covered)


def text_of(value: Value) -> str:
    """A value that is no text as one."""
    return str(value) if isinstance(value, int | float) else shown(value)


def plain(value: Value) -> tuple[str, str, str]:  # noqa: PLR0911 - one line a kind
    """A value that is not text: the attribute of its kind, what its cell holds, its number format."""
    match value:
        case Flag(yes):
            return ' t="b"', str(int(yes)), GENERAL
        case Broken(token):
            return ' t="e"', token if token in _ERRORS else "#VALUE!", GENERAL
        case Moment(moment):
            return "", repr(serial(moment)), _moment_format(value)
        case Clock(text):
            return "", repr(_day_part(text)), TIME if _OF_DAY.match(text) else DURATION
        case Reformatted(text, otherwise):
            return ' t="str"', escape(text), _text_format(otherwise)
        case Number(number, text):
            return "", repr(number), _usual_format(number) if text is None else format_showing(number, text)
        case _:
            return "", repr(value), GENERAL


def _moment_format(moment: Moment) -> str:
    day = {"": DAY, "day": MONTH, "year": DAY_OF_YEAR}[moment.lacks]
    return f"{day} {TIME}" if moment.has_time else day


def _text_format(text: str) -> str:
    """A number format that shows this text in place of the text that the cell holds."""
    quoted = text.replace('"', '"\\""')
    return f'{_NOTHING}"{quoted}"' if 0 < len(quoted) < _LONGEST_FORMAT else _NOTHING


def _usual_format(number: float) -> str:
    # In the general format Excel shows 1234567890123 as 1.23457E+12.
    return WHOLE if _LONG <= abs(number) < _EXACT and number == int(number) else GENERAL


def serial(moment: datetime) -> float | int | None:
    """Excel's number for a moment (days, in the 1900 system); `None` for those before 1900, which have none."""
    passed = moment - _EPOCH
    if moment < _LEAP_BUG:
        passed -= timedelta(days=1)
    if passed < timedelta(days=1):
        return None
    seconds = passed.seconds + passed.microseconds / 1e6
    return passed.days + seconds / _DAY_SECONDS if seconds else passed.days


def _day_part(text: str) -> float:
    sign, hours, minutes, seconds, fraction = _CLOCK.findall(text)[0]
    days = (int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0) + float(fraction or 0)) / _DAY_SECONDS
    return -days if sign else days


def format_showing(number: float, text: str) -> str:
    """A number format that shows a number as a text, in this or the other spelling of decimals and thousands.

    One that fits other numbers, too, is preferred: a workbook holds only some thousand formats.
    """
    if not text:
        return _NOTHING
    for form in (_number_format(text), _digits_format(text)):
        shown = raw_number(number, form)
        if isinstance(shown, tuple) and shown[0] == "n" and _SPELLING.sub("", shown[2]) == _SPELLING.sub("", text):
            return form
    return _literal(text[:_LONGEST_FORMAT])


def _number_format(text: str) -> str:
    """`1,234.50 ks` by the parts of a number: thousands, decimals, power of ten, and what stands around them."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return GENERAL
    before, whole, split, power, after = found.groups()
    form = "#,##0" if _SPELLING.search(whole) else "0"
    form += "." + "0" * (len(split) - 1) if split else ""
    form += "E+" + "0" * (len(power) - 2) if power else ""
    return _literal(before) + form + _literal(after)


def _digits_format(text: str) -> str:
    """As many digits as the text has, and its other characters as they are."""
    parts = re.findall(r"[0-9]+|[.]|[^0-9.]+", text)
    return "".join(_digits_part(part) for part in parts)


def _digits_part(part: str) -> str:
    if part[0].isascii() and part[0].isdigit():
        return "0" * len(part)
    return part if part == "." else _literal(part)


def _literal(text: str) -> str:
    """A text as a format shows it; a percent sign means what it says."""
    pieces = re.split(r'(["%])', text)
    return "".join({'"': '\\"', "%": "%"}.get(piece, f'"{piece}"' if piece else "") for piece in pieces)
