"""Names and identities that look like something else than one: what a program wrote for an empty cell, a spoilt number,
a date (pure). All are sent as they stand, with a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_EMPTY = frozenset(["null", "NULL", "Null", "(null)", "(NULL)", "<null>", "nan", "NaN", "none", "None", "NONE"])
_EMPTY |= {"undefined", "n/a", "N/A", "<NA>", "-", "--", "\u2013", "\u2014", "\\N"}
"""What programs and people write where there is nothing."""

_DECIMALS = re.compile(r"\d+\.0")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATE = re.compile(
    rf"{_DAY}\. ?{_MONTH}\. ?20\d\d|20\d\d-{_MONTH}-{_DAY}(?:[ T]00:00:00)?"
    rf"|{_DAY}-(?:{_MONTHS})|(?:{_MONTHS})-\d\d"  # as Excel shows what was `1-3` or `MAR1`
    rf"|{_DAY}\.(?:jan|feb|mar|apr|máj|jún|júl|aug|sep|okt|nov|dec|[IVX]{{1,4}})"
)
_APOSTROPHE = re.compile(r"'[^']+")
_SWITCHED_OFF = re.compile(r"(?:#|//).*")


def odd_names(column: str, values: Sequence[str], joined: str) -> Iterator[tuple[str, dict[int, str]]]:
    """Warnings about a column's distinct texts: a code, and a detail for each number of a text.

    `joined` is all texts in one, each after a NUL: to see quickly what none of a million holds.
    """
    end = f"{joined}\0"
    if any(f"\0{word}\0" in end for word in _EMPTY):
        yield "looks-empty", {number: "" for number, value in enumerate(values) if value in _EMPTY}
    if column == "model":
        if "\0#" in end or "\0//" in end:
            yield "switched-off", _found(_SWITCHED_OFF, values)
        return
    if "\0'" in end:
        yield "apostrophe-first", {number: values[number][1:] for number in _found(_APOSTROPHE, values)}
    if ".0\0" in end:
        yield "number-with-decimals", {number: values[number][:-2] for number in _found(_DECIMALS, values)}
    if re.search(rf"\0(?:{_DATE.pattern})\0", end):
        yield "looks-like-date", _found(_DATE, values)


def _found(pattern: re.Pattern[str], values: Sequence[str]) -> dict[int, str]:
    return {number: "" for number, value in enumerate(values) if pattern.fullmatch(value)}
