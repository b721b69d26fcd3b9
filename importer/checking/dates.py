"""Date cells to instants (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from importer.cells import Cell, Clock, Moment, Number, plain_number
from importer.checking.date_texts import FIRST_YEAR, Found, read_date_text
from importer.checking.values import CellError, CellWarning, Instant
from importer.settings import DateOrder

_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_APART = re.compile(r"(?<=\d)[, '\u00a0\u202f](?=\d{3})")
_SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day 0 has no zone
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73051  # 2000-01-01 and 2100-01-01: other numbers are no days of our times
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - arithmetic without zones cannot overflow at the year 9999
_LAST_SECOND = time(23, 59, 59)
_MILLISECOND = timedelta(milliseconds=1)


def read_date(
    cell: Cell, *, end: bool, zone: tzinfo | None, order: DateOrder | None
) -> Instant | CellWarning | CellError:
    """The instant that a cell names. A day alone is its first second, or with `end` its last.

    `zone` is for cells that name none; with `None` these are UTC, marked as zoneless.
    """
    match cell:
        case Moment(value, has_time, lacks):
            if lacks == "day":
                return CellError("date-no-day", value.date().isoformat())
            read = _in_reach(Found(value, has_time), end=end, zone=zone)
            return CellWarning(read, "date-no-year", str(value.year)) if lacks and isinstance(read, Instant) else read
        case str():
            found = _bare_text(cell) if _BARE.fullmatch(cell) else read_date_text(cell, order)
            return found if isinstance(found, CellError) else _in_reach(found, end=end, zone=zone)
        case Number(value, text):
            return _bare(value) if text is None or _is_same(text, value) else _shown_otherwise(value, text)
        case Clock():
            return CellError("date-only-time")
        case _:
            return CellError("date-unreadable")


def hides_time(cell: Cell) -> bool:
    """Whether a date cell shows a day alone over a time of day that is stored."""
    return isinstance(cell, Moment) and not cell.has_time and cell.value.time() != time()


def _in_reach(found: Found, *, end: bool, zone: tzinfo | None) -> Instant | CellError:
    if found.local.year < FIRST_YEAR:
        return CellError("date-year", str(found.local.year))
    return _instant(found, end=end, zone=zone)


def _bare_text(text: str) -> CellError:
    return _bare(float(text.replace(",", ".")))


def _bare(value: float) -> CellError:
    """A number is no date; if a spreadsheet would show a day of our times for it, the error names that day."""
    if not _FIRST_SERIAL <= value < _LAST_SERIAL:
        return CellError("date-unreadable")
    return CellError("date-bare-number", (_SERIAL_EPOCH + timedelta(days=int(value))).date().isoformat())


def _is_same(text: str, value: float) -> bool:
    """Whether a text shows the number itself, maybe with its thousands set apart or with decimals."""
    try:
        return float(_APART.sub("", text)) == value
    except ValueError:
        return False


def _shown_otherwise(value: float, text: str) -> CellError:
    """The fault of a number, maybe a date, that its format shows as words or not at all."""
    held = plain_number(value)
    if _FIRST_SERIAL <= value < _LAST_SERIAL:
        when = _SERIAL_EPOCH + timedelta(seconds=round(value * 86_400))
        held = f"{when:%Y-%m-%d}" if when.time() == time() else f"{when:%Y-%m-%d %H:%M}"
    return CellError("date-reformatted" if text else "date-hidden", held)


def _instant(found: Found, *, end: bool, zone: tzinfo | None) -> Instant | CellError:
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


def _at_clock_change(early: datetime, late: datetime) -> CellError:
    """Why nobody can use a local time whose two readings differ; names both, where they exist."""
    either = f"{early.isoformat()} / {late.isoformat()}"
    skipped = (early.utcoffset() or timedelta()) < (late.utcoffset() or timedelta())
    return CellError("date-skipped", str(early.tzinfo)) if skipped else CellError("date-twice", either)


def timespec_of(moment: datetime) -> str:
    """As fine as a moment is, for `isoformat`: seconds, milliseconds or microseconds."""
    if not moment.microsecond:
        return "seconds"
    return "microseconds" if moment.microsecond % 1000 else "milliseconds"


def _sent(moment: datetime, *, zoneless: bool, whole_day: bool) -> Instant:
    text = moment.isoformat(timespec=timespec_of(moment))
    at = (moment.replace(tzinfo=None) - _EPOCH - (moment.utcoffset() or timedelta())) // _MILLISECOND
    return Instant(text, at, zoneless, whole_day)
