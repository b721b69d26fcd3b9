"""Turn one cell into one typed value, or into what is wrong with it (pure).

There is a function for each kind of column. It takes a cell that holds something, once for each distinct cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from json.encoder import encode_basestring

from importer.canonical import canonical_metadata_value
from importer.cells import (
    Broken,
    Cell,
    Clock,
    Covered,
    Flag,
    Moment,
    Number,
    Reformatted,
    Uncalculated,
    Unmapped,
    plain_number,
    shown,
)
from importer.checking import text as texts
from importer.checking.values import CellError, CellWarning, Json, Read, Typed

LARGEST_POSITION = 2**31 - 1
"""What a whole number of 32 bits holds. No recommendation has so many places."""

_YES = frozenset({"yes", "y", "true", "1", "áno", "ano", "a", "pravda", "ja", "j", "wahr"})
_NO = frozenset({"no", "n", "false", "0", "nie", "ne", "nepravda", "nein", "falsch"})

_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+\d+")
_MINUSES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))
_WHOLE = re.compile(r"[+-]?\d{1,12}(?:[.,]0*)?")
_FRACTION = re.compile(r"[+-]?\d*[.,]\d+")
_DECIMALS = re.compile(r"(?<=\A[01])[.,]0+\Z")
_MOST_DIGITS = 10**15
"""A spreadsheet keeps 15 digits of a number. The others of a longer one are lost."""


def unreadable(  # noqa: PLR0911 - one line a kind
    cell: Cell, is_error: Callable[[str], bool] = texts.is_error_token
) -> CellError | None:
    """Why a cell has no value in any column: it is an error, a formula without a result, or has a bad character."""
    match cell:
        case Broken():
            return CellError("cell-error")
        case Uncalculated():
            return CellError("cell-uncalculated")
        case Reformatted(text, otherwise):
            return CellError("text-reformatted" if otherwise else "text-hidden", text)
        case Covered():
            return CellError("cell-covered")
        case Unmapped(_, code, detail):
            return CellError(code, detail)
        case str():
            if is_error(cell):
                return CellError("cell-error")
            if cell in texts.DITTOS:
                return CellError("cell-ditto")
            character = texts.forbidden(cell)
            return CellError("character-forbidden", character) if character else None
        case _:
            return None


def read_text(cell: Cell, *, blanks: bool = False) -> Read:
    """Read a name: the text as it stands. A number is its digits, unless its format shows something else.

    With `blanks`, a blank inside that only looks like the ordinary one is as wrong as an invisible character.
    """
    match cell:
        case str():
            return _text(cell, blanks=blanks)
        case Number():
            return _number_as_text(cell)
        case Flag():
            return CellWarning(shown(cell), "became-flag")
        case Moment():
            return CellError("became-date")
        case Clock():
            return CellError("became-time")
        case _:
            return unreadable(cell)


def read_identity(cell: Cell) -> Read:
    """Read an identity: a text without a strange blank inside."""
    return read_text(cell, blanks=True)


def _text(text: str, *, blanks: bool) -> Read:
    if _EXPONENT.fullmatch(text):
        return CellError("number-exponent")
    if texts.has_line_break(text):
        return CellError("text-line-break")
    if text.isascii():
        return text
    read = doubted(text, text)
    spelled = texts.hidden(text, blanks=blanks)
    return CellError("text-invisible", spelled) if spelled and not isinstance(read, CellWarning) else read


def _number_as_text(cell: Number) -> Read:
    plain = plain_number(cell.value)
    fault = _unclear(cell, plain)
    if fault is None and float(cell.value) != int(cell.value):
        return CellError("number-fraction")
    return fault or plain


def _unclear(cell: Number, plain: str) -> CellError | None:
    """Why nobody can rely on the digits of a number: it has too many, or its format shows others."""
    if not abs(cell.value) < _MOST_DIGITS:
        return CellError("number-too-long")
    text = plain if cell.shown is None else cell.shown.strip()
    return None if text == plain else _two_readings(text, plain)


def _two_readings(text: str, plain: str) -> CellError:
    return CellError("number-reformatted" if text else "number-hidden", plain)


def doubted(value: Typed, text: str) -> Typed | CellWarning:
    """A value made of a text, with a warning beside it where the text looks spoilt."""
    doubt = texts.doubt(text)
    return CellWarning(value, *doubt) if doubt else value


def read_choice(cell: Cell) -> Read:
    """Read a word in any case. The schema says whether it is one of the choices."""
    return shown(cell).casefold()


def read_position(cell: Cell) -> Read:
    """Read a whole number with any kind of minus, and any zeros after its comma. The schema says which it may be.

    What the format of a number cell shows must read as the same number.
    """
    match cell:
        case Number(value, None):
            return _whole(value) if abs(value) <= LARGEST_POSITION else CellError("position-unreadable")
        case Number(value, str(text)):
            read = _position(text.strip())
            return read if read == value else _two_readings(text.strip(), plain_number(value))
        case str():
            return _position(cell)
        case _:
            return CellError("position-unreadable")


def _position(text: str) -> int | CellError:
    text = text.translate(_MINUSES)
    if _WHOLE.fullmatch(text):
        number = int(re.split("[.,]", text)[0])
        return number if abs(number) <= LARGEST_POSITION else CellError("position-unreadable")
    return CellError("position-fraction" if _FRACTION.fullmatch(text) else "position-unreadable")


def _whole(value: float) -> Read:
    seen = float(f"{value:.15g}")  # a spreadsheet shows and keeps no more digits: 3.0000000000000004 is its 3
    return int(seen) if seen == int(seen) else CellError("position-fraction")


def read_yes_no(cell: Cell) -> Read:
    """Read yes or no in English, Slovak, Czech or German, 1 or 0, TRUE or FALSE.

    If the format of a number cell shows a word, the word decides; if it shows a number, it must be the same number.
    """
    match cell:
        case Flag(value):
            return value
        case Number(value, str(text)):
            text = text.strip()
            read = bool(value) if value in (0, 1) and _position(text) == value else CellError("yes-no-unknown")
            if any(map(str.isalpha, text)):
                read = _yes_no(text)
            return _two_readings(text, plain_number(value)) if isinstance(read, CellError) else read
        case _:
            return _yes_no(shown(cell))


def _yes_no(text: str) -> bool | CellError:
    word = _DECIMALS.sub("", unicodedata.normalize("NFC", text).casefold())
    if word in _YES:
        return True
    return False if word in _NO else CellError("yes-no-unknown")


def read_metadata_value(cell: Cell) -> Read:
    """Read the value of one metadata key as JSON: text, a number, or true and false."""
    match cell:
        case str():
            return doubted(Json(encode_basestring(cell), canonical_metadata_value(cell)), cell)
        case Flag(value):
            return Json("true" if value else "false", canonical_metadata_value(value))
        case Number():
            return _number_as_json(cell)
        case _:
            return read_text(cell)


def _number_as_json(cell: Number) -> Read:
    plain = plain_number(cell.value)
    return _unclear(cell, plain) or Json(plain, canonical_metadata_value(cell.value))


def trimming(read: Callable[[Cell], Read], *, free: bool = False) -> Callable[[Cell], Read]:
    """The reader for cells as found: it takes blanks off first, and refuses cells that have no value in any column.

    `free` is for words that people choose, such as `#SALE!`: what only looks like an error is a value there.
    """
    is_error = texts.is_known_error if free else texts.is_error_token

    def reader(cell: Cell) -> Read:
        """What a cell holds without spaces around it."""
        if type(cell) is Number or (type(cell) is str and (texts.is_plain(cell) or texts.is_clean(cell))):
            return read(cell)
        if isinstance(cell, str):
            cell = texts.trimmed(cell)
            if not cell:
                return None
        return unreadable(cell, is_error) or read(cell)

    return reader
