"""What kind of thing the cells of a column hold: dates, JSON, yes and no, numbers (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from importer.cells import Cell, Clock, Flag, Moment, Number, shown
from importer.headers import plain
from importer.patterns import Pattern
from importer.reading.time_words import ABOUT_TIME, END, FROM, MONTH_NAMES, PART_OF_DAY, SPAN, START, TO, WEEKDAY
from importer.reading.words import LETTERS, one_of, only, words_of

Counted = Sequence[tuple[Cell, int]]
"""Some distinct cells of a column, and how many rows hold each."""

_MONTH = (
    r"(?:jan|feb|mar|maer|apr|maj|mai|may|jun|jul|aug|sep|oct|okt|nov|dec|dez|leden|ledn|unor|brez|dub[ne]|kvet|cerv|srp|"
    r"zari|rij|list|pros)[a-z]*\.?"
)
_DATE = Pattern(
    r"\b\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(?!\d)"
    r"|\b\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(?:\d{4}|\d{2})\b"
    rf"|\b\d{{1,2}}\.?\s*{_MONTH}[\s,]*\d{{4}}\b|\b{_MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?[\s,]+\d{{4}}\b"
)
_TIME = Pattern(
    r"(?:\bt)?(?<!\d)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\b\.?)?\s*"
    r"(?:z\b|utc|gmt|cet|cest|[+-]\d{2}:?\d{2})?"
    r"|\b\d{1,2}\s*(?:[ap]\.?m\b\.?|h\b|hod\b\.?|uhr\b)|\b\d{1,2}\.\s?\d{1,2}\."
)
_DAY, _MONTH_NUMBER, _DASH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"\s*[-–—]\s*"  # noqa: RUF001
_YEAR = r"20\d\d"
_WEEKS = "kw|cw|weeks?|tyzden|tyzdne|tyden|tydny|woche|tydzien|het|semaine"
_QUARTERS = "kvartal|ctvrtleti|quarter|quartal|kwartal|negyedev|trimestre"
_IN_YEAR = rf"(?:\s*/?\s*{_YEAR})?"
_ROUGH = Pattern(
    # days without a year: `1.12.`, `1.–24.12.2026`  # noqa: RUF003
    rf"(?<![\d.])(?:{_DAY}\.?{_DASH})?{_DAY}\.\s?{_MONTH_NUMBER}\.(?:\s*{_YEAR})?(?!\d)"
    # months, with a day or a year: `1 grudnia 2026`, `2026. december 1.`, `december 2026`
    rf"|(?:\b{_YEAR}\.?\s*)?(?:\b{_DAY}(?:\.|er|st|nd|rd|th)?\s*)?\b(?:{MONTH_NAMES})\b\.?"
    rf"(?:\s*{_DAY}\.?(?!\d))?(?:[\s,/]*{_YEAR})?"
    # months by number: `12/2026`, `2026-12`
    rf"|(?<![\d./-]){_MONTH_NUMBER}\s?[./]\s?{_YEAR}(?![\d./-])|(?<![\d./-]){_YEAR}\s?[-/]\s?{_MONTH_NUMBER}(?![\d./-])"
    # weeks and quarters: `KW 49–51`, `52. týždeň`, `Q4/2026`  # noqa: RUF003
    rf"|\b(?:{_WEEKS})\.?\s*\d{{1,2}}(?:{_DASH}\d{{1,2}})?\b{_IN_YEAR}"
    rf"|\b\d{{1,2}}\.?(?:{_DASH}\d{{1,2}}\.?)?\s*(?:{_WEEKS}){_IN_YEAR}\b"
    rf"|\bq[1-4]\s*/?\s*{_YEAR}\b|\b{_YEAR}\s*[-/]?\s*q[1-4]\b|\b[1-4]\.?\s*(?:{_QUARTERS}){_IN_YEAR}\b"
)
_MONTH_OF_YEAR = Pattern(rf"\s*(?:{_MONTH_NUMBER}\s?[./]\s?{_YEAR}|{_YEAR}\s?[-/]\s?{_MONTH_NUMBER})\s*")
_CLOCK = Pattern(r"\s*(?:o|at|um|od|do|from|to)?\s*\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:h|hod\.?|uhr|[ap]m)?\s*")
_LENGTH = Pattern(r"\s*\d{1,3}\s*(?:d|dn\w*|days?|tage?|nap|jours?|tyzd\w*|tydn\w*|weeks?|wochen?)?\.?\s*")
_LAST_WEEK = 53
_OBJECT = Pattern(r"\s*\{.*:.*\}\s*", re.DOTALL)
_LINK = Pattern(r"\s*(?:https?://|www\.|/)\S*\s*")
_PLAIN_NUMBER = Pattern(r"\s*[-+]?[\d\s]*\d(?:[.,]\d+)?\s*(?:€|eur|kc|%|\$|ks)?\s*", re.IGNORECASE)
_IDENTITY = Pattern(r"\s*(?=\S*[/\d])[^\s€%]{2,}\s*")
_WHOLE = Pattern(r"\s*-?\d{1,4}\s*")
YES = "yes y x 1 true ano ja wahr on tak igen oui ✓ ✔ ☑"
"""What people write for yes."""
NO = "no n 0 false nie ne nein falsch off nem non"
"""And for no."""
_YES_NO = one_of(f"{YES} {NO} ☒ ✗ ✘")
_SERIALS = range(36_526, 73_051)


def most(cells: Counted, holds: Callable[[Cell], bool]) -> bool:
    """Whether more than half of the filled cells are so."""
    return 2 * sum(count for cell, count in cells if holds(cell)) > sum(count for _, count in cells)


def is_date(cell: Cell) -> bool:
    """Whether it is a date, or a text that is nothing but dates, times and words like `from`."""
    if isinstance(cell, Moment):
        return True
    if not isinstance(cell, str) or len(cell) > 100 or not any(map(str.isdigit, cell)):
        return False
    return _is_nothing_but(_DATE, plain(cell), WEEKDAY)


def is_rough_time(cell: Cell, *, alone: bool = False) -> bool:
    """Whether it is nothing but days without a year, months, weeks or quarters.

    A month without a number beside it may be a name (`June`): it counts only where it may stand `alone`.
    """
    if not isinstance(cell, str) or len(cell) > 100 or not (alone or any(map(str.isdigit, cell))):
        return False
    return _is_nothing_but(_ROUGH, _DATE.re.sub(" ", plain(cell)), PART_OF_DAY)


def _is_nothing_but(told: Pattern, text: str, words: Pattern) -> bool:
    """Whether a text is something that is told so, with nothing beside it but times of day and words about time."""
    rest, found = told.re.subn(" ", text)
    rest = _TIME.re.sub(" ", rest)
    if not found or any(map(str.isdigit, rest)):
        return False
    return only(LETTERS.re.findall(rest), FROM, TO, START, END, SPAN, ABOUT_TIME, words)


def tells_time(cell: Cell) -> bool:
    """Whether it is a date, a rough time or a time of day."""
    if isinstance(cell, Clock) or is_date(cell) or is_rough_time(cell):
        return True
    return isinstance(cell, str) and _CLOCK.re.fullmatch(plain(cell)) is not None


def is_week(cell: Cell) -> bool:
    """Whether it may be the number of a week or of a month."""
    text = shown(cell)
    return text.isdecimal() and 0 < int(text) <= _LAST_WEEK


def is_month(cell: Cell) -> bool:
    """Whether it is a month with its year, in numbers."""
    return isinstance(cell, str) and _MONTH_OF_YEAR.re.fullmatch(cell) is not None


def is_length(cell: Cell) -> bool:
    """Whether it may be a number of days or weeks."""
    return _LENGTH.re.fullmatch(plain(shown(cell))) is not None


def is_weekdays(cell: Cell) -> bool:
    """Whether it names days of the week and nothing else."""
    return isinstance(cell, str) and bool(words := words_of(cell)) and only(words, WEEKDAY, FROM, TO, ABOUT_TIME)


def is_object(cell: Cell) -> bool:
    """Whether it is a JSON object, at least nearly."""
    return isinstance(cell, str) and _OBJECT.re.fullmatch(cell) is not None


def is_something_else(cell: Cell) -> bool:
    """Whether it is surely no time: a price, a number of pieces, a link."""
    text = shown(cell)
    if isinstance(cell, Number | str) and text.isdecimal():
        return int(text) not in _SERIALS
    return isinstance(cell, Number) or (_LINK.re.fullmatch(text) or _PLAIN_NUMBER.re.fullmatch(text)) is not None


def is_yes_no(cell: Cell) -> bool:
    """Whether it says yes or no, or is a tick."""
    return isinstance(cell, Flag) or says(cell, _YES_NO)


def says(cell: Cell, answer: Pattern) -> bool:
    """Whether a cell shows this answer and nothing else."""
    return answer.re.fullmatch(plain(shown(cell)).strip()) is not None


def is_identity(cell: Cell) -> bool:
    """Whether it may be a product's ID or path: one word with a slash or a digit in it."""
    return isinstance(cell, Number | str) and _IDENTITY.re.fullmatch(shown(cell)) is not None


def is_whole(cell: Cell) -> bool:
    """Whether it is a short whole number."""
    return isinstance(cell, Number | str) and _WHOLE.re.fullmatch(shown(cell)) is not None
