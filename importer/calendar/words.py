"""Cut the words of a picture to one line, and to the room that there is (pure)."""

from __future__ import annotations

import unicodedata

_POINT = 1 / 72
_NARROW, _WIDE = 0.62, 1.0
"""The width of a letter, in parts of its height: Latin ones on average, and those of East Asia."""


def one_line(text: str) -> str:
    """A text without line breaks and without what no picture can hold."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split(" ")).strip()


def width(text: str, size: float) -> float:
    """About how many inches a text takes in letters of this size in points."""
    return sum(_of_letter(mark) for mark in text) * size * _POINT


def _of_letter(mark: str) -> float:
    if unicodedata.combining(mark):
        return 0.0
    return _WIDE if unicodedata.east_asian_width(mark) in "WF" else _NARROW


def fitting(text: str, room: float, size: float, *, least: int = 1) -> str:
    """The text, or its beginning and its end around "…" where it is too long; "" for fewer letters than `least`.

    IDs differ in their ends as often as in their beginnings.
    """
    if width(text, size) <= room:
        return text
    letters = len(text) - 1
    while letters >= least:
        head = (letters + 1) // 2
        short = f"{text[:head]}…{text[len(text) - (letters - head) :]}"
        if width(short, size) <= room:
            return short
        letters -= max(1, int((width(short, size) - room) / (_WIDE * size * _POINT)))
    return ""
