"""What an answer's `exception_details` are about: which pin, which column. Pure.

The contract shows one shape, `{"pin_definitions": ["Missing required field: position"]}`; services of this kind also
name pins by an index in the key, the nesting or the text. Whatever is not understood is about the whole scope:
https://docs.luigisbox.com/recommendations/customization/create-customization#error-handling
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from importer.api.messages import tame
from importer.columns import BY_NAME, PINS

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 12
MOST = 500
LONGEST = 1000

_STEP = re.compile(r"[^.\[\]/]+")
_PIN_IN_TEXT = re.compile(r"^\s*(?:pin_definitions\s*)?(?:\[(\d{1,6})\]|pin\s+#?(\d{1,6})\b)[\s:.,/-]*", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+(?:_[a-z]+)+|position")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One complaint. `pin` is the pin's place in its scope from 0, `None` for the whole scope."""

    pin: int | None
    column: str | None
    text: str


def parse_details(details: Any, pins: int) -> tuple[FieldError, ...]:
    """The complaints of `exception_details` about a scope with this number of pins, in order. Never raises.

    https://docs.luigisbox.com/recommendations/customization/create-customization#error-handling
    """
    marks: list[FieldError] = []
    for mark in _walk(details, _Place(pins), 0):
        if mark not in marks:
            marks.append(mark)
        if len(marks) >= MOST:
            break
    return tuple(marks)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the scope one is: inside the pins or not, at which pin, at which column."""

    pins: int
    inside: bool = False
    pin: int | None = None
    column: str | None = None

    def at(self, step: str) -> _Place:
        """One step of a key further."""
        if step == PINS:
            return _Place(self.pins, inside=True)
        if self.inside and self.pin is None and step.isdecimal() and len(step) < 7:
            return self.at_pin(int(step))
        if self.column is None and step in BY_NAME:
            return _Place(self.pins, self.inside, self.pin, step)
        return self

    def at_pin(self, number: int) -> _Place:
        """At a pin, counted from 0; a number that no pin has says nothing."""
        return _Place(self.pins, self.inside, number if number < self.pins else None, self.column)

    def mark(self, text: str) -> FieldError:
        """A complaint about this place; its text may say more precisely where."""
        # Cut before anything looks at it: a search in a text of a megabyte can take hours.
        text = tame(text, LONGEST)
        place, found = self, _PIN_IN_TEXT.match(text)
        if self.inside and self.pin is None and found:
            place = self.at_pin(int(found[1]) if found[1] else max(0, int(found[2]) - 1))
            text = text[found.end() :] if place.pin is not None else text
        column = place.column or _column_in(text, place)
        return FieldError(place.pin, column, text)


def _walk(value: Any, place: _Place, depth: int) -> Iterator[FieldError]:
    if depth > DEEPEST or value in (None, "", [], {}):
        return
    match value:
        case dict():
            for key, inner in value.items():
                below = place
                for step in _STEP.findall(str(key)[:LONGEST]):
                    below = below.at(step)
                yield from _walk(inner, below, depth + 1)
        case list() if place.inside and place.pin is None and any(isinstance(each, dict | list) for each in value):
            for number, inner in enumerate(value):
                yield from _walk(inner, place.at_pin(number), depth + 1)
        case list():
            for inner in value:
                yield from _walk(inner, place, depth + 1)
        case str():
            yield place.mark(value)
        case _:
            yield place.mark(str(json.dumps(value))[:LONGEST])


def _column_in(text: str, place: _Place) -> str | None:
    """The one column of this level that the text names."""
    level = "pin" if place.inside else "scope"
    first, colon, _ = text.partition(":")
    if colon and first.strip() in BY_NAME:
        return first.strip()
    named = {word for word in _WORD.findall(text.lower()) if word in BY_NAME and BY_NAME[word].level == level}
    return named.pop() if len(named) == 1 else None
