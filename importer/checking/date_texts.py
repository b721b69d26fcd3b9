"""Texts that name a day, with or without a time of day (pure). A text with several possible readings is an error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from importer.cells import Cell
from importer.checking import date_names
from importer.checking.values import CellError
from importer.patterns import Pattern
from importer.settings import DateOrder

FIRST_YEAR = 2000
"""Earlier years are typing errors, or the day 0 of a spreadsheet."""

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"))
_CLOCK = r"""
    (?P<hour>\d{1,2}) (?:[:.](?P<minute>\d{2}) (?:[:.](?P<second>\d{2}) (?:[.,](?P<fraction>\d{1,9}))?)?)?
    \s* (?P<half>[ap]\.?\s?m\.?)? \s* (?P<unit>h|hod|hodin[ay]?|hodín|uhr)?\.? (?:(?<=[hHrR])\s*(?P<late>\d{2}))?
"""
_TIME = rf"""
    (?: (?P<by>T|,\s?|\s) (?:(?:o|v|ve|um|at)\s)? {_CLOCK} \s* (?P<zone>Z|UTC|GMT|[+-]\d{{2}}(?::?\d{{2}})?)? )?
"""
_DAY = r"(?P<a>\d{1,2})(?:st|nd|rd|th)?\.?"
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_YEAR_FIRST = r"(?P<year>\d{4})\s?(?P<mark>[-/.])\s*(?P<b>\d{1,2})\s*(?P=mark)\s*(?P<c>\d{1,2})\.?"
_YEAR_LAST = r"(?P<a>\d{1,2})\s*(?P<mark>[-/.])\s*(?P<b>\d{1,2})\s*(?P=mark)\s*(?P<year>\d{1,4})\.?"
_NAMED = (
    rf"{_DAY}[\s/-]*(?:of\s)?{_MONTH}[\s,/-]*(?P<year>\d{{1,4}})\.?",
    rf"{_MONTH}[\s/-]*{_DAY}(?:\s*,\s*|[\s/-]+)(?P<year>\d{{1,4}})",
    rf"(?P<year>\d{{4}})[\s./-]*{_MONTH}[\s./-]*{_DAY}",
)
_FORMS = [Pattern(form + _TIME, re.X | re.I) for form in (_YEAR_FIRST, _YEAR_LAST, *_NAMED)]
_YEAR_LAST_ALONE = Pattern(_YEAR_LAST + _TIME, re.X | re.I)
_WEEKDAY = Pattern(r"(?P<name>[^\W\d_]{2,11})(?P<mark>[.,]{0,2})\s*(?=\S)")
_CLOCK_ALONE = Pattern(_CLOCK, re.X | re.I)
_PARTIAL = Pattern(r"\d{1,2}\.?(?:\s*\d{1,2}\.?)?(?:\s*[^\W\d_]{3,12})?|[^\W\d_]{3,12}\.?\s*\d{1,2}", re.I)
_BETWEEN = Pattern(r"\s*-\s*|\s(?:do|to|until|till|bis|až)\s(?:do\s|zum\s)?|\s*/\s*", re.I)
_FROM = Pattern(r"(?:od|from|von|vom)\s", re.I)
_LONGEST_SPAN = 80


@dataclass(frozen=True, slots=True)
class Found:
    """What a cell says of a date."""

    local: datetime
    """The local time as written."""
    has_time: bool
    """Whether a time of day is part of it."""
    zone: tzinfo | None = None
    """The zone that is part of it."""


def read_date_text(text: str, order: DateOrder | None) -> Found | CellError:
    """The one day, and time of day, that a text can mean."""
    text = _plain(text)
    found = _match(text)
    if found:
        return _date(found, order)
    weekday = _WEEKDAY.re.match(text)
    days = date_names.weekdays(weekday["name"], marked=bool(weekday["mark"])) if weekday else None
    found = _match(text[weekday.end() :]) if weekday and days else None
    if found is None:
        return CellError("date-span" if _is_span(text) else "date-unreadable")
    read = _date(found, order)
    if isinstance(read, Found) and days and read.local.weekday() not in days:
        return CellError("date-weekday", f"{read.local:%A}")
    return read


def _plain(text: str) -> str:
    """A text with ordinary hyphens, single blanks and whole letters."""
    return unicodedata.normalize("NFC", " ".join(text.translate(_DASHES).split()))


def _match(text: str) -> re.Match[str] | None:
    return next(filter(None, (form.re.fullmatch(text) for form in _FORMS)), None)


def _date(found: re.Match[str], order: DateOrder | None) -> Found | CellError:
    parts = found.groupdict()
    if len(parts["year"]) == 2:
        return _two_digits(found, order)
    year = int(parts["year"])
    if year < FIRST_YEAR:
        return CellError("date-year", parts["year"])
    days = _readings(parts, order)
    if isinstance(days, CellError):
        return days
    possible = _existing(year, days)
    if not possible:
        return CellError("date-impossible")
    if len(possible) > 1:
        return CellError("date-ambiguous", " / ".join(day.isoformat() for day in possible))
    return _with_time(possible[0], parts)


def _readings(parts: dict[str, str | None], order: DateOrder | None) -> list[tuple[int, int]] | CellError:
    """The (day, month) pairs that the parts of a date may mean."""
    first = int(parts.get("a") or parts["c"] or 0)
    if "month" in parts:
        month = date_names.month(parts["month"] or "")
        return [(first, month)] if month else CellError("date-unreadable")
    second = int(parts["b"] or 0)
    if "c" in parts or parts["mark"] == ".":
        return [(first, second)]
    dmy, mdy = (first, second), (second, first)
    if order not in ("dmy", "mdy"):
        return [dmy, mdy]
    wanted, other = (dmy, mdy) if order == "dmy" else (mdy, dmy)
    if wanted[1] > 12 >= other[1]:
        return CellError("date-order-other", "month first" if order == "dmy" else "day first")
    return [wanted]


def _existing(year: int, days: Sequence[tuple[int, int]]) -> list[date]:
    """Those days that exist, each once."""
    found = []
    for day, month in days:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _two_digits(found: re.Match[str], order: DateOrder | None) -> CellError:
    """The fault of a year with two digits, with the date as it may be spelled."""
    parts = found.groupdict()
    days = _readings(parts, order)
    if isinstance(days, CellError):
        return days
    possible = _existing(2000 + int(parts["year"]), days)
    if parts.get("mark") in ("-", "/"):
        possible += _existing(2000 + int(parts["a"]), [(int(parts["year"]), int(parts["b"]))])
    if not possible:
        return CellError("date-impossible")
    if len(set(possible)) > 1:
        return CellError("date-two-digits", " or ".join(day.isoformat() for day in dict.fromkeys(possible)))
    start = found.start("year")
    return CellError("date-two-digits", f"{found.string[:start]}20{found.string[start:]}")


def _with_time(day: date, parts: dict[str, str | None]) -> Found | CellError:
    if parts["hour"] is None:
        return Found(datetime.combine(day, time()), has_time=False)
    zone, minute = parts["zone"] or "", parts["minute"] or parts["late"]
    if zone.startswith("-") and len(zone) != len("-0500") and parts["second"] is None and parts["by"] not in ("T", "t"):
        return CellError("date-span")  # between people `08:00-09:30` is a span; programs write the T, or the seconds
    if minute is None and not parts["half"] and not parts["unit"]:
        return CellError("date-unreadable")
    try:
        clock = time(_hour(int(parts["hour"]), parts["half"]), int(minute or 0), *_fine(parts))
        return Found(datetime.combine(day, clock), has_time=True, zone=_zone(zone))
    except ValueError:
        return CellError("date-time-impossible")


def _hour(hour: int, half: str | None) -> int:
    """The hour of 24. Raises `ValueError` for one that the half of the day does not have."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.lower().startswith("p") else 0)


def _fine(parts: dict[str, str | None]) -> tuple[int, int]:
    """Seconds and microseconds; what is finer is left out."""
    return int(parts["second"] or 0), int((parts["fraction"] or "").ljust(6, "0")[:6])


def _zone(text: str) -> tzinfo | None:
    """The zone a text names. Raises `ValueError` for an offset that no clock has."""
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if int(digits[2:]) > 59 or minutes > 14 * 60:
        raise ValueError(text)
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _is_span(text: str) -> bool:
    """Whether a text that is no date names a start and an end: `1.-24.12.2026`, `24.12.2026 8:00 - 9:30`."""
    if len(text) > _LONGEST_SPAN:
        return False
    for found in _BETWEEN.re.finditer(text):
        start, end = _FROM.re.sub("", text[: found.start()], count=1), text[found.end() :]
        whole = _match(start) is not None
        if _match(end) and (whole or ("/" not in found[0] and _PARTIAL.re.fullmatch(start))):
            return True
        if whole and "/" not in found[0] and _CLOCK_ALONE.re.fullmatch(end):
            return True
    return False


def contradicting(cells: Sequence[Cell]) -> dict[int, int]:
    """Which of a column's distinct cells have day and month in another order than others; each with one of these.

    Dates with points are day first. Only dates with `/` or `-` can be in doubt.
    """
    seen: dict[str, list[int]] = {"dmy": [], "mdy": [], ".": [], "": []}
    for number, cell in enumerate(cells):
        if isinstance(cell, str):
            seen[_order_of(cell)].append(number)
    against_mdy = seen["dmy"] or seen["."]
    if not seen["mdy"] or not against_mdy:
        return {}
    return dict.fromkeys(seen["mdy"], against_mdy[0]) | dict.fromkeys(seen["dmy"], seen["mdy"][0])


def _order_of(text: str) -> str:
    """The only order in which a date can be read; "." for points, "" where there are several or none."""
    found = _YEAR_LAST_ALONE.re.fullmatch(_plain(text))
    if not found or len(found["year"]) != 4:
        return ""
    if found["mark"] == ".":
        return "."
    first, second = int(found["a"]), int(found["b"])
    if first > 12 >= second:
        return "dmy"
    return "mdy" if second > 12 >= first else ""
