"""The contract's rules for a customization, as `exception_details`.

The contract: https://docs.luigisbox.com/recommendations/customization/create-customization
The texts go over the wire in the shape of the contract's example; they are a server's words, not the importer's.
Stricter than the contract says in one thing: a field it does not name is refused, so that a misspelt one is seen
in a rehearsal rather than never.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import datetime
from typing import Any

Details = dict[str, list[str]]
Rule = Callable[[Any], str | None]


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "Must be a non-empty string"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "Must be true or false"


def _object(value: Any) -> str | None:
    return None if isinstance(value, dict) else "Must be an object"


def _criteria(value: Any) -> str | None:
    return None if isinstance(value, dict) and value else "Must be a non-empty object"


def _texts(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    return None if good else "Must be an array of strings"


def _position(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return "Must be an integer"
    return None if value >= -1 else "Must be -1, 0 or a positive integer"


def _moment(value: Any) -> str | None:
    try:
        good = datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        good = False
    return None if good else "Must be an ISO 8601 date-time with an offset"


def _pins(value: Any) -> str | None:
    return None if isinstance(value, list) else "Must be an array"


def _one_of(*words: str) -> Rule:
    def rule(value: Any) -> str | None:
        """What is wrong with a value; `None` if it is one of the words."""
        return None if isinstance(value, str) and value in words else f"Must be one of: {', '.join(words)}"

    return rule


SCOPE_RULES: Mapping[str, Rule] = {
    "model": _text,
    "target_type": _one_of("item", "criteria", "all"),
    "target_identity": _text,
    "target_criteria": _criteria,
    "tags": _texts,
    "target_metadata": _object,
    "pin_definitions": _pins,
}
PIN_RULES: Mapping[str, Rule] = {
    "position": _position,
    "pin_type": _one_of("item", "criteria"),
    "pin_identity": _text,
    "pin_criteria": _criteria,
    "widget_id": _text,
    "is_block_pin": _flag,
    "is_bundle_pin": _flag,
    "active_from": _moment,
    "active_to": _moment,
}

_SCOPE_NEEDS = ("model", "target_type", "pin_definitions")


def details(customization: Mapping[str, Any], known: Container[str] = ()) -> Details:
    """Everything that breaks the contract, by field; empty where nothing does.

    `known` are further fields that the server has shown itself, and takes back.
    https://docs.luigisbox.com/recommendations/customization/create-customization#request-body-attributes
    https://docs.luigisbox.com/recommendations/customization/create-customization#pin-object-attributes
    """
    found: Details = {}
    for field, text in _broken(customization, SCOPE_RULES, _SCOPE_NEEDS, "target", known):
        found.setdefault(field, []).append(text)
    pins = customization.get("pin_definitions")
    texts = list(_pin_texts(pins, known)) if isinstance(pins, list) else []
    if texts:
        found.setdefault("pin_definitions", []).extend(texts)
    return found


def _pin_texts(pins: list[Any], known: Container[str]) -> Iterator[str]:
    for number, pin in enumerate(pins, 1):
        place = f"pin {number}: " if len(pins) > 1 else ""
        for text in _pin_faults(pin, known):
            yield place + text


def _pin_faults(pin: Any, known: Container[str]) -> Iterator[str]:
    if not isinstance(pin, dict):
        yield "Must be an object"
        return
    for field, text in _broken(pin, PIN_RULES, ("position", "pin_type"), "pin", known):
        yield text if text.endswith(f"field: {field}") else f"{field}: {text}"
    if _position(pin.get("position")) is None and (pin["position"] == 0) != (pin.get("is_block_pin") is True):
        yield "is_block_pin: Must be true with position 0, and only there"


def _broken(
    thing: Mapping[str, Any], rules: Mapping[str, Rule], required: tuple[str, ...], what: str, known: Container[str]
) -> Iterator[tuple[str, str]]:
    """Field and text of each broken rule of one object; `what` is the prefix of its `_type` and its companions."""
    for field in required:
        if field not in thing:
            yield field, f"Missing required field: {field}"
    for field, value in thing.items():
        rule = rules.get(field)
        text = rule(value) if rule else f"Unknown field: {field}"
        if text and (rule or field not in known):
            yield field, text
    yield from _companions(thing, what)


def _companions(thing: Mapping[str, Any], what: str) -> Iterator[tuple[str, str]]:
    """The identity goes with type item, the criteria with type criteria, neither without."""
    for kind, field in (("item", f"{what}_identity"), ("criteria", f"{what}_criteria")):
        if thing.get(f"{what}_type") == kind and field not in thing:
            yield field, f"Missing required field: {field}"
        elif thing.get(f"{what}_type") != kind and field in thing:
            yield field, f"Only allowed when {what}_type is {kind}"
