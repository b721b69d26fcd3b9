"""Date cells to instants (pure). Every reading is the only one possible, or it is a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from importer.cells import Cell, Clock, Moment, Number
from importer.checking.values import Fault, Instant
from importer.settings import DateOrder

FIRST_YEAR = 2000

_TIME = r"""(?:
    (?:[ T]|,)\s* (?P<hour>\d{1,2}) [:.] (?P<minute>\d{2})
    (?:[:.] (?P<second>\d{2}) (?:[.,] (?P<fraction>\d{1,9}))?)?
    \s* (?P<half>[ap]\.?m\.?)? \s* (?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?
)?"""
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})([-/.])\s*(?P<b>\d{{1,2}})\2\s*(?P<c>\d{{1,2}}){_TIME}", re.X | re.I)
_YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}})\s*([-/.])\s*(?P<b>\d{{1,2}})\s*\2\s*(?P<year>\d{{1,4}}){_TIME}", re.X | re.I
)
_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day 0 has no zone
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73051  # 2000-01-01 and 2100-01-01
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - arithmetic without zones cannot overflow at the year 9999
_LAST_SECOND = time(23, 59, 59)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a cell says: the local time as written, whether a time of day and which zone are part of it."""

    local: datetime
    has_time: bool
    zone: tzinfo | None = None


def read_date(cell: Cell, *, end: bool, zone: tzinfo | None, order: DateOrder | None) -> Instant | Fault:
    """The instant a cell names. A day alone is its first second, or with `end` its last.

    `zone` is that of cells which name none; with `None` they are read as UTC, marked as zoneless.
    """
    match cell:
        case Moment(value, has_time):
            found: _Found | Fault = _Found(value, has_time)
        case str():
            found = _from_text(" ".join(cell.split()), order)
        case Number(value):
            return _bare(value)
        case Clock():
            return Fault("date-only-time")
        case _:
            return Fault("date-unreadable")
    if isinstance(found, Fault):
        return found
    if found.local.year < FIRST_YEAR:
        return Fault("date-year", str(found.local.year))
    return _instant(found, end=end, zone=zone)


def _bare(value: float) -> Fault:
    """A number is no date; if a spreadsheet would show a day of our times for it, that is said."""
    if not _FIRST_SERIAL <= value < _LAST_SERIAL:
        return Fault("date-unreadable")
    return Fault("date-bare-number", (_SERIAL_EPOCH + timedelta(days=int(value))).date().isoformat())


def _from_text(text: str, order: DateOrder | None) -> _Found | Fault:
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        days = [(int(found["c"]), int(found["b"]))]
    else:
        found = _YEAR_LAST.fullmatch(text)
        if not found:
            return _bare(float(text.replace(",", "."))) if _BARE.fullmatch(text) else Fault("date-unreadable")
        days = _readings(int(found["a"]), int(found["b"]), found[2], order)
    if int(found["year"]) < FIRST_YEAR:
        return Fault("date-year", found["year"])
    possible = [day for day in (_day(int(found["year"]), month, day) for day, month in days) if day]
    if not possible:
        return Fault("date-impossible")
    if len(set(possible)) > 1:
        return Fault("date-ambiguous", " / ".join(day.isoformat() for day in possible))
    return _with_time(possible[0], found)


def _readings(first: int, second: int, separator: str, order: DateOrder | None) -> list[tuple[int, int]]:
    """The (day, month) pairs that two numbers before a year may mean."""
    dmy, mdy = (first, second), (second, first)
    if separator == ".":
        return [dmy]
    preferred = {"dmy": dmy, "mdy": mdy}.get(order or "")
    if preferred and preferred[1] <= 12:
        return [preferred]
    return [dmy, mdy]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_time(day: date, found: re.Match[str]) -> _Found | Fault:
    if found["hour"] is None:
        return _Found(datetime.combine(day, time()), has_time=False)
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return Fault("date-time-impossible")
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    fraction = int((found["fraction"] or "").ljust(3, "0")[:3]) * 1000
    try:
        clock = time(hour, int(found["minute"]), int(found["second"] or 0), fraction)
        return _Found(datetime.combine(day, clock), has_time=True, zone=_zone(found["zone"]))
    except ValueError:
        return Fault("date-time-impossible")


def _zone(text: str | None) -> tzinfo | None:
    """The zone a text names. Raises `ValueError` for an offset that no clock has."""
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if int(digits[2:]) > 59 or minutes > 14 * 60:
        raise ValueError(text)
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _instant(found: _Found, *, end: bool, zone: tzinfo | None) -> Instant | Fault:
    where = found.zone or zone or UTC
    local = found.local
    if not found.has_time:
        local = datetime.combine(local.date(), _LAST_SECOND if end else time())
    early, late = (local.replace(tzinfo=where, fold=fold) for fold in (0, 1))
    moment = late if end and not found.has_time else early
    if early.utcoffset() != late.utcoffset():
        if found.has_time:
            return _at_clock_change(early, late)
        moment = moment.astimezone(UTC).astimezone(where)  # the first or last second of a day may itself be skipped
    return _sent(moment, zoneless=found.zone is None, whole_day=not found.has_time)


def _at_clock_change(early: datetime, late: datetime) -> Fault:
    """Why a local time whose two readings differ cannot be used; both, where they exist."""
    either = f"{early.isoformat()} / {late.isoformat()}"
    skipped = (early.utcoffset() or timedelta()) < (late.utcoffset() or timedelta())
    return Fault("date-skipped", str(early.tzinfo)) if skipped else Fault("date-twice", either)


def _sent(moment: datetime, *, zoneless: bool, whole_day: bool) -> Instant:
    text = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    at = (moment.replace(tzinfo=None) - _EPOCH - (moment.utcoffset() or timedelta())) // _MILLISECOND
    return Instant(text, at, zoneless, whole_day)
