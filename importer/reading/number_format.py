"""The one place where a stored number and its cell's format become a raw cell. Runs in the child process.

What is shown decides: a format with days makes a moment, one with hours alone a time, and any other a number, with
the text that the format makes of it where that is not the plain number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from typing import Any

from importer.cells import plain_number
from importer.headers import zone_in
from importer.reading.built_in_formats import BUILT_IN
from importer.reading.format_code import GENERAL, Section, sections_of, text_section
from importer.reading.raw import Raw, duration
from importer.reading.shown_number import render, render_moment

# The days that a sheet can show: from 1 January 1900, or 1904, to the end of 9999.
_LAST_DAY = 2_958_466
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
# In the sheets' own calendar 1900 is a leap year: its 29 February is the day of this number.
_NO_DAY = 60
_DAYS_1904 = (_EPOCH_1904 - _EPOCH_1900).days
"""The days from the one first day to the other."""
_OVERFULL = "#####"
_TENTH = timedelta(microseconds=100)
_LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001
_ZONE = re.compile(r"(?<![^\W\d_])(?:Z|MES?Z|SEL?Č)(?![^\W\d_])|(?<![\d-])[+-]\d\d?:\d\d|\+\d")
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)?T?(?P<clock>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[-+]\d\d:?\d\d)?", re.IGNORECASE
)


def format_code(number: int, own: dict[int, str]) -> str:
    """The code of a format that a file names by its number; `own` are the codes that the file itself states."""
    return own.get(number) or BUILT_IN.get(number, GENERAL)


def raw_number(value: float, code: str, *, epoch1904: bool = False) -> Raw:
    """A number as the raw cell that its format shows."""
    sections = sections_of(code)
    if not isfinite(value):
        return ("e", "#NUM!")
    if not sections:
        return value
    section = _chosen(sections, value)
    if section is None:
        return ("n", value, _OVERFULL)
    if section.is_date:
        return _moment(value, section, epoch1904=epoch1904)
    text = render(value, section, signed=_is_signed(sections, section)).strip()
    return value if text == plain_number(value) else ("n", value, text)


def raw_text(text: str, code: str) -> Raw:
    """A text as the raw cell that its format shows."""
    section = text_section(code)
    if section is None or not text.strip():
        return text
    shown = "".join(text if token.kind in ("text", "general") else token.text for token in section.tokens).strip()
    return text if shown == text.strip() else ("t", text, shown)


@lru_cache(maxsize=4096)
def is_date(code: str) -> bool:
    """Whether a format shows days or times of the numbers above zero."""
    sections = sections_of(code)
    return bool(sections) and sections[0].is_date


def _chosen(sections: Sequence[Section], value: float) -> Section | None:
    usual: list[Callable[[float], bool]] = [
        lambda number: number > 0 if len(sections) > 2 else number >= 0,
        lambda number: number < 0,
    ]
    for place, section in enumerate(sections):
        is_last = place == len(sections) - 1 and (place != 1 or sections[0].holds is not None)
        holds = section.holds or ((lambda _: True) if is_last else usual[min(place, 1)])
        if holds(value):
            return section
    # A condition that stands alone leaves the other numbers as they are; with others it leaves nothing to show.
    return sections[-1] if len(sections) > 1 and sections[-1].holds is None else None


def _is_signed(sections: Sequence[Section], section: Section) -> bool:
    """Whether a minus is put before what the section shows: not by a section that is for numbers below zero alone."""
    place = next(place for place, each in enumerate(sections) if each is section)
    if section.holds is not None:
        return section.holds(1.0) or place == 0
    return place == 0 or sections[0].holds is not None


def _moment(value: float, section: Section, *, epoch1904: bool) -> Raw:
    elapsed = any(token.kind == "elapsed" for token in section.tokens)
    has_time = _has_time(section)
    has_day = section.shows("ymd")
    if elapsed and not has_day and abs(value) < _LAST_DAY * 24:
        return ("c", duration(timedelta(days=value)))
    if not 0 <= value < _LAST_DAY - _DAYS_1904 * epoch1904:
        return ("n", value, _OVERFULL)
    if not has_day or (value < 1 and has_time and not epoch1904):
        clock = _rounded(_EPOCH_1900 + timedelta(days=value % 1), has_time=True)
        return ("c", clock.strftime("%H:%M:%S"))
    if not epoch1904 and (value < 1 or int(value) == _NO_DAY):
        return ("n", value, "1900-02-29" if value >= 1 else "1900-01-00")
    raw = moment(value, has_time=has_time, lacks=_lacks(section), epoch1904=epoch1904)
    text = _shown_otherwise(datetime.fromisoformat(raw[1]), section)
    return raw if text is None else ("n", value + _DAYS_1904 * epoch1904, text)


def _shown_otherwise(when: datetime, section: Section) -> str | None:
    """What a section shows of a moment where that is no day or another time of day; `None` where it is the moment.

    Such are a zone or a clock among its words, an hour without its minutes, and a year or a weekday alone.
    """
    literals = "".join(token.text if token.kind == "literal" else "\0" for token in section.tokens)
    year = f"{when:%Y}"
    other = names_zone(literals) or not {year, year[:2]}.issuperset(re.findall(r"\d+", literals))
    cut = section.shows("h") and not section.shows("n") and when.minute != 0
    no_day = _lacks(section) == "day" and not section.shows("m")
    return render_moment(when, section) if other or cut or no_day else None


def names_zone(text: str) -> bool:
    """Whether a text beside a time of day says in which zone it is."""
    return bool(zone_in(text)) or _ZONE.search(text) is not None


def moment(value: float, *, has_time: bool, lacks: str = "", epoch1904: bool = False) -> tuple[Any, ...]:
    """The raw cell of a moment from the number of days that a sheet keeps."""
    epoch = _EPOCH_1904 if epoch1904 else _EPOCH_1900 + timedelta(days=value < _NO_DAY)
    return raw_moment(epoch + timedelta(days=value), has_time=has_time, lacks=lacks)


def raw_moment(when: datetime, *, has_time: bool, lacks: str = "") -> tuple[Any, ...]:
    """The raw cell of a moment."""
    when = _rounded(when, has_time=has_time)
    text = when.isoformat() if has_time or when.time() != datetime.min.time() else when.date().isoformat()
    return ("m", text, has_time, lacks) if lacks else ("m", text, has_time)


def _rounded(when: datetime, *, has_time: bool) -> datetime:
    """Sheets keep moments as fractions of a day, so that 14:00 is read as 13:59:59.9999995: round as they show it.

    What does not show hours shows the day that it is, up to its very last moment.
    """
    if when.microsecond and when < _LAST_MOMENT:
        when += timedelta(microseconds=500_000) if has_time else _TENTH
    return when.replace(microsecond=0)


def _has_time(section: Section) -> bool:
    return section.shows("hns") or any(token.kind in ("elapsed", "half") for token in section.tokens)


def _lacks(section: Section) -> str:
    days = any(token.kind == "date" and token.text in ("d", "dd") for token in section.tokens)
    if not days or not section.shows("m"):
        return "day"
    return "" if section.shows("y") else "year"


def raw_iso(text: str, code: str) -> Raw:
    """A moment that a file states as text, `2026-12-24T14:30:00`; a zone is ignored, since sheets have none."""
    found = _ISO.fullmatch(text.strip())
    day, clock = (found["day"], found["clock"]) if found else (None, None)
    try:
        if day is None:
            return ("c", time.fromisoformat(clock).isoformat("seconds")) if clock else text
        when = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
    except ValueError:
        return text
    section = next(iter(sections_of(code)), None)
    if section is None or not section.is_date:
        return raw_moment(when, has_time=clock is not None)
    has_time = _has_time(section)
    if not section.shows("ymd"):
        return ("c", _rounded(when, has_time=True).strftime("%H:%M:%S"))
    shown = _shown_otherwise(when, section)
    return raw_moment(when, has_time=has_time, lacks=_lacks(section)) if shown is None else otherwise(when, shown)


def otherwise(when: datetime, text: str) -> Raw:
    """The raw cell of a moment that is shown as a text that says something else."""
    return ("n", (when - _EPOCH_1900) / timedelta(days=1), text)
