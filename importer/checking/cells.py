"""One cell to one typed value, or to what is wrong with it (pure).

A function a kind of column; each takes a cell that holds something and is called once for each distinct cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from json.encoder import encode_basestring

from importer.cells import Broken, Cell, Clock, Covered, Flag, Moment, Number, Uncalculated, plain_number, shown
from importer.checking import text as texts
from importer.checking.values import Doubt, Fault, Json, Read, Typed

LARGEST_POSITION = 2**31 - 1

_YES = frozenset({"yes", "y", "true", "1", "áno", "ano", "a", "pravda", "ja", "j", "wahr"})
_NO = frozenset({"no", "n", "false", "0", "nie", "ne", "nepravda", "nein", "falsch"})

_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+\d+")
_MINUSES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))
_WHOLE = re.compile(r"[+-]?\d{1,12}(?:[.,]0*)?")
_FRACTION = re.compile(r"[+-]?\d*[.,]\d+")
_TAG_SEPARATORS = re.compile(r"[,;\r\n\t\u2028\u2029]")
_LEADING_ZERO = re.compile(r"0\d")
_MOST_DIGITS = 10**15


def unreadable(cell: Cell) -> Fault | None:
    """The fault of a cell that has no value in any column: an error, a formula without a result, a bad character."""
    match cell:
        case Broken():
            return Fault("cell-error")
        case Uncalculated():
            return Fault("cell-uncalculated")
        case Covered():
            return Fault("cell-covered")
        case str():
            if texts.is_error_token(cell):
                return Fault("cell-error")
            character = texts.forbidden(cell)
            return Fault("character-forbidden", character) if character else None
        case _:
            return None


def read_text(cell: Cell) -> Read:  # noqa: PLR0911 - one line a kind
    """An identity or a name: the text as it stands. A number is its digits, unless digits may have been lost."""
    match cell:
        case str():
            if _EXPONENT.fullmatch(cell):
                return Fault("number-exponent")
            if texts.has_line_break(cell):
                return Fault("text-line-break")
            return doubted(cell, cell)
        case Number():
            return _number_as_text(cell)
        case Flag():
            return Doubt(shown(cell), "became-flag")
        case Moment():
            return Fault("became-date")
        case Clock():
            return Fault("became-time")
        case _:
            return unreadable(cell)


def _number_as_text(cell: Number) -> Read:
    plain = plain_number(cell.value)
    if not abs(cell.value) < _MOST_DIGITS:
        return Fault("number-too-long")
    if cell.shown is not None and cell.shown != plain:
        return Fault("number-reformatted", plain)
    if float(cell.value) != int(cell.value):
        return Fault("number-fraction")
    return plain


def doubted(value: Typed, text: str) -> Typed | Doubt:
    """A value made of a text, with a warning beside it where the text looks spoilt."""
    doubt = texts.doubt(text)
    return Doubt(value, *doubt) if doubt else value


def read_choice(cell: Cell) -> Read:
    """A closed word, without regard to case; whether it is one of the choices is for the schema to say."""
    return shown(cell).casefold()


def read_tags(cell: Cell) -> Read:
    """Tags in order, each once."""
    if not isinstance(cell, str):
        read = read_text(cell)
        if isinstance(read, Doubt):
            return replace(read, value=(str(read.value),))
        return (read,) if isinstance(read, str) else read
    tags = tuple(dict.fromkeys(filter(None, map(texts.trimmed, _TAG_SEPARATORS.split(cell)))))
    return doubted(tags, cell) if tags else None


def read_position(cell: Cell) -> Read:
    """A whole number, whichever minus and however many zeros after its comma; its range is for the schema to say."""
    match cell:
        case Number(value):
            return _whole(value) if abs(value) <= LARGEST_POSITION else Fault("position-unreadable")
        case str():
            text = cell.translate(_MINUSES)
            if _WHOLE.fullmatch(text):
                number = int(re.split("[.,]", text)[0])
                return number if abs(number) <= LARGEST_POSITION else Fault("position-unreadable")
            return Fault("position-fraction" if _FRACTION.fullmatch(text) else "position-unreadable")
        case _:
            return Fault("position-unreadable")


def _whole(value: float) -> Read:
    return int(value) if value == int(value) else Fault("position-fraction")


def read_yes_no(cell: Cell) -> Read:
    """Yes or no in English, Slovak, Czech or German, 1 or 0, TRUE or FALSE."""
    if isinstance(cell, Flag):
        return cell.value
    word = unicodedata.normalize("NFC", shown(cell)).casefold()
    if word in _YES:
        return True
    return False if word in _NO else Fault("yes-no-unknown")


def read_metadata_value(cell: Cell) -> Read:
    """The value of one metadata key as JSON: text, a number, or true and false."""
    match cell:
        case str():
            text = encode_basestring(cell)
            return doubted(Json(text, text), cell)
        case Flag(value):
            text = "true" if value else "false"
            return Json(text, text)
        case Number():
            return _number_as_json(cell)
        case _:
            return read_text(cell)


def _number_as_json(cell: Number) -> Read:
    plain = plain_number(cell.value)
    if not abs(cell.value) < _MOST_DIGITS:
        return Fault("number-too-long")
    if cell.shown is not None and _LEADING_ZERO.match(cell.shown):
        return Fault("number-reformatted", plain)
    return Json(plain, plain)


def trimming(read: Callable[[Cell], Read]) -> Callable[[Cell], Read]:
    """The reader for cells as found: it takes blanks off first, and sets aside cells that have no value anywhere."""

    def reader(cell: Cell) -> Read:
        if type(cell) is Number or (type(cell) is str and texts.is_clean(cell)):
            return read(cell)
        if isinstance(cell, str):
            cell = texts.trimmed(cell)
            if not cell:
                return None
        return unreadable(cell) or read(cell)

    return reader
