"""JSON taken apart without respelling it: what is not ours to change goes back as it came (pure)."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BLANKS = re.compile(r"[ \t\n\r]*")
_EXTENT = json.JSONDecoder(parse_int=str, parse_float=str)
"""Only to find where a value ends: its numbers may be of any size."""


def members(text: str) -> dict[str, str]:
    """The members of a JSON object: each key, and its value as it is spelled; of a repeated key the last.

    Raises `ValueError` for what is no JSON object, `RecursionError` for one nested deeper than Python can follow.
    """
    found: dict[str, str] = {}
    at = _opened(text, "{")
    while text[at] != "}":
        key, at = _EXTENT.raw_decode(text, at)
        start = _after_blanks(text, _after_blanks(text, at) + 1)
        _, end = _EXTENT.raw_decode(text, start)
        found[key] = text[start:end]
        at = _next(text, end)
    return found


def items(text: str) -> list[str]:
    """The items of a JSON list as they are spelled. Raises as `members` does."""
    found: list[str] = []
    at = _opened(text, "[")
    while text[at] != "]":
        _, end = _EXTENT.raw_decode(text, at)
        found.append(text[at:end])
        at = _next(text, end)
    return found


def object_of(found: Mapping[str, str]) -> str:
    """An object of members whose values are spelled already."""
    return "{" + ",".join(f"{encode_basestring(key)}:{value}" for key, value in found.items()) + "}"


def list_of(found: Iterable[str]) -> str:
    """A list of items that are spelled already."""
    return "[" + ",".join(found) + "]"


def _opened(text: str, bracket: str) -> int:
    """Where the first thing inside of a text that is one object or list stands."""
    start = _after_blanks(text, 0)
    _, end = _EXTENT.raw_decode(text, start)
    if text[start] != bracket or _after_blanks(text, end) != len(text):
        raise ValueError(f"not one JSON value that begins with {bracket}")
    return _after_blanks(text, start + 1)


def _next(text: str, end: int) -> int:
    at = _after_blanks(text, end)
    return _after_blanks(text, at + 1) if text[at] == "," else at


def _after_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at
