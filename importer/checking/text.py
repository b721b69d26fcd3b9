"""Text in cells: blanks around it, characters that cannot be sent, encodings gone wrong (pure)."""

from __future__ import annotations

import re
from functools import partial

_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_EDGE = re.compile(rf"\A[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+\Z")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_BREAK = re.compile("[\t\n\r\u2028\u2029]")
_PLAIN = re.compile(r"(?!#|[\d.,]+[eE]\+)[!-~](?:[ -~]*[!-~])?")
_SUSPECT = re.compile("[ÂĂÃÄĹÅâ][\x80-\U0010ffff]|\ufffd")  # how Latin letters in UTF-8 begin when misread
_RUN = re.compile("[\x80-\U0010ffff]{2,}")
_LATIN = re.compile("[\u00a1-\u017f\u2010-\u203a\u20ac\u2122]+")
_ODD_STARTS = ("", " ", "#")
_HASHES = re.compile("#{3,}")

# What Excel shows for an error in English, Czech, Slovak and German; CSV exports hold them as text.
# fmt: off
_ERROR_TOKENS = frozenset({
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!",
    "#BLOCKED!", "#CONNECT!", "#GETTING_DATA", "#NENÍ_K_DISPOZICI", "#ODKAZ!", "#HODNOTA!", "#DĚLENÍ_NULOU!",
    "#NÁZEV?", "#ČÍSLO!", "#PŘESAH!", "#NEDOSTUPNÝ", "#DELENIENULOU!", "#NÁZOV?", "#NV", "#BEZUG!", "#WERT!",
    "#ZAHL!", "#ÜBERLAUF!",
})
# fmt: on

is_plain = _PLAIN.fullmatch
"""Matches an identity that needs no work: printable ASCII, no blanks around it, no look of a number gone wrong."""


def is_clean(text: str) -> bool:
    """Whether a text has no blanks around it, no character that cannot be sent, and is no error (a quick look)."""
    return text.isprintable() and text[:1] not in _ODD_STARTS and text[-1] != " "


def trimmed(text: str) -> str:
    """The text without blanks and invisible characters around it."""
    return _EDGE.sub("", text)


def is_error_token(text: str) -> bool:
    """Whether a trimmed text is what a spreadsheet shows instead of a value (`#N/A`, `####`)."""
    return text.startswith("#") and (text.upper() in _ERROR_TOKENS or _HASHES.fullmatch(text) is not None)


def forbidden(text: str) -> str | None:
    """Names the first character that no request may carry and its place, or `None`."""
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}, character {found.start() + 1}" if found else None


def has_line_break(text: str) -> bool:
    """Whether a line break or tab stands inside a trimmed text."""
    return _LINE_BREAK.search(text) is not None


def doubt(text: str) -> tuple[str, str] | None:
    """The code and the detail of a warning about letters that an encoding has spoilt, or `None`."""
    if text.isascii() or not _SUSPECT.search(text):
        return None
    if "\ufffd" in text:
        return "letters-lost", ""
    for encoding in ("cp1250", "cp1252"):
        meant = _RUN.sub(partial(_ungarbled, encoding), text)
        if meant != text:
            return "text-garbled", meant
    return None


def _ungarbled(encoding: str, run: re.Match[str]) -> str:
    """What accented letters were before UTF-8 was read as another encoding; as they stand, if that makes no sense.

    Only Latin letters and common signs make sense: "NÔŽ" in capitals happens to spell an Armenian letter.
    """
    try:
        meant = run[0].encode(encoding).decode("utf-8")
    except UnicodeError:
        return run[0]
    return meant if _LATIN.fullmatch(meant) else run[0]
