"""Names and IDs that look like something else: an empty cell, a spoilt number, a date, a word to be replaced (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

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
_PLACEHOLDER = re.compile(
    r"tb[ad]|todo|x{3,}|\?+|\*+|\.{3,}|…|doplni[tť]|doplníme|doplňte|bude doplnen[éýá]|uzupełnić|do uzupełnienia|"
    r"pótolni|pótlandó|ergänzen|wird ergänzt|à compléter|to be (?:filled|added|done)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«»](.+)[\"“”“«»]")
_IN_POWERS = re.compile(r"\d\.\d{2,}[eE]\d{1,2}")
_FORMULA = re.compile(r"=.+", re.DOTALL)
_LISTED = re.compile(r"\s*[,;|]\s*")
_BETWEEN_NAMES = ",;|/"
# Cyrillic and Greek letters that look like Latin ones.
_ALIKE = "АВЕКМНОРСТУХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"  # noqa: RUF001
_TWO_ALPHABETS = re.compile(rf"[A-Za-z][{_ALIKE}]|[{_ALIKE}][A-Za-z]")


class _Kind(NamedTuple):
    """Texts that look like something else."""

    code: str
    pattern: re.Pattern[str]
    begins: str = ""
    """Signs one of which every such text begins with, if there are some, as in a character class."""
    detail: Callable[[str], str] = lambda _: ""
    """What the text may have been."""


_OF_ALL = (
    _Kind("looks-empty", re.compile("|".join(map(re.escape, _EMPTY)))),
    _Kind("placeholder", _PLACEHOLDER),
)
_OF_MODELS = (_Kind("switched-off", _SWITCHED_OFF, "#/"),)
_OF_IDENTITIES = (
    _Kind("apostrophe-first", _APOSTROPHE, "'", lambda value: value[1:]),
    _Kind("number-with-decimals", _DECIMALS, "", lambda value: value[:-2]),
    _Kind("looks-like-date", _DATE),
    _Kind("looks-like-formula", _FORMULA, "="),
    _Kind("quotes-around", _QUOTED, '"“”„«»', lambda value: value[1:-1]),
    _Kind("number-in-powers", _IN_POWERS, "", lambda value: f"{float(value):.0f}"),
)


def odd_names(column: str, values: Sequence[str], joined: str) -> Iterator[tuple[str, dict[int, str]]]:
    """Find names that look like something else: what a program wrote for an empty cell, a spoilt number, a date.

    `joined` is all of them, each after a NUL: one look shows what none of a million holds. The importer sends all of
    them as they stand. Yields a code, and a detail for each number of a text.
    """
    end = f"{joined}\0"
    own = {"model": _OF_MODELS, "widget_id": ()}.get(column, _OF_IDENTITIES)
    for code, pattern, begins, detail in (*_OF_ALL, *own):
        if re.search(rf"\0[{begins}]" if begins else rf"\0(?:{pattern.pattern})\0", end, pattern.flags):
            yield code, {number: detail(value) for number, value in enumerate(values) if pattern.fullmatch(value)}
    if own is not _OF_IDENTITIES and any(sign in end for sign in _BETWEEN_NAMES):
        yield "several-names", _several_names(values)
    if not joined.isascii():
        yield from _odd_signs(values, joined)


def _odd_signs(values: Sequence[str], joined: str) -> Iterator[tuple[str, dict[int, str]]]:
    """Find letters of another alphabet that look like those beside them, and digits that are not the ordinary ones."""
    if _TWO_ALPHABETS.search(joined):
        found = ((number, _TWO_ALPHABETS.search(value)) for number, value in enumerate(values))
        yield "two-alphabets", {number: _letter(hit[0]) for number, hit in found if hit}
    if any(sign.isdecimal() and not sign.isascii() for sign in set(joined)):
        plain = ((number, value, _ordinary(value)) for number, value in enumerate(values))
        yield "odd-digits", {number: ordinary for number, value, ordinary in plain if ordinary != value}


def _letter(pair: str) -> str:
    letter = next(sign for sign in pair if not sign.isascii())
    return f"{letter} (U+{ord(letter):04X})"


def _ordinary(value: str) -> str:
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in value)


def _several_names(values: Sequence[str]) -> dict[int, str]:
    """Names with a separator that no name has, and names made of other names: `basket/cart` beside `cart`."""
    names, found = {*values}, {}
    for number, value in enumerate(values):
        listed = [*filter(None, _LISTED.split(value))]
        if len(listed) > 1 or (all(parts := value.split("/")) and names.intersection(parts[1:] and parts)):
            found[number] = ""
    return found
