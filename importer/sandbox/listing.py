"""Lists of what is kept: filters, order, pages, and other spellings of the same content (pure)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Protocol
from urllib.parse import unquote

from importer.sandbox.store import Record

DEFAULT_LIMIT = 20
"""Customizations on a page where the request names no limit."""


class Query(Protocol):
    """The part of a multi-valued query that is used here."""

    def getall(self, key: str, default: list[str]) -> Sequence[str]:
        """All values of a key."""

    def get(self, key: str) -> str | None:
        """The first value of a key."""


def chosen(records: Iterable[Record], query: Query, criteria: Any, *, now: float) -> list[Record]:
    """The records that lists show now and that every filter lets through, in the order asked for."""
    models = set(query.getall("model", []))
    kinds = set(query.getall("target_type", []))
    identities = set(query.getall("target_identity", []))
    tags = set(query.getall("tag", []))
    found = [
        record
        for record in records
        if record.visible_at <= now
        and (not models or record.model in models)
        and (not kinds or record.target_type in kinds)
        and (not identities or record.target_identity in identities)
        and (not tags or not tags.isdisjoint(record.tags))
        and (not criteria or record.body.get("target_criteria") == criteria)
    ]
    return sorted(found, key=attrgetter("created_at"), reverse=query.get("sort") == "created_at:desc")


def page(records: Sequence[Record], query: Query, cap: int) -> Sequence[Record]:
    """The page that `limit` and `offset` name, at most `cap` long. Raises `ValueError` if they are not counts."""
    limit = int(query.get("limit") or DEFAULT_LIMIT)
    offset = int(query.get("offset") or 0)
    if limit < 0 or offset < 0:
        raise ValueError("limit and offset are counts")
    return records[offset : offset + min(limit, cap)]


def tied(records: Sequence[Record]) -> list[Record]:
    """What is of one second in an order of chance, which another page does not know of."""
    shuffled = random.sample(records, len(records))
    return sorted(shuffled, key=lambda record: int(record.created_at), reverse=True)


def oldest_first(records: Iterable[Record]) -> list[Record]:
    """The order of creation, no matter which order was asked for."""
    return sorted(records, key=attrgetter("created_at"))


class Misheard:
    """A query of which one thing is not heard as it was asked."""

    def __init__(self, query: Query, *, offset: bool = True, filters: str = "heard") -> None:
        self._query = query
        self._offset = offset
        self._filters = MISHEARD[filters]

    def getall(self, key: str, default: list[str]) -> Sequence[str]:
        """The values of a filter as they are understood."""
        return list(self._filters(self._query.getall(key, default)))

    def get(self, key: str) -> str | None:
        """The first value of a key."""
        return None if key == "offset" and not self._offset else self._query.get(key)


MISHEARD: Mapping[str, Callable[[Sequence[str]], Iterable[str]]] = {
    "heard": lambda values: values,
    "ignored": lambda _: (),
    "last": lambda values: values[-1:],
    "split": lambda values: [part for value in values for part in value.split(",")],
    "folded": lambda values: [value.casefold() for value in values],
    "decoded": lambda values: [unquote(value) for value in values],
    "cut": lambda values: [value[:64] for value in values],
    "slash": lambda values: [value.removesuffix("/") for value in values],
}
"""What a service may make of the values of a filter."""


def altered(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Other content than was sent: a service that thinks it knows better."""
    pins = [_altered_pin(pin) for pin in scope["pin_definitions"]]
    changed = {**scope, "pin_definitions": sorted(pins, key=lambda pin: pin.get("position") or 0)}
    changed["tags"] = [str(tag).lower() for tag in scope.get("tags") or ()] or ["default"]
    return changed


def _altered_pin(pin: Mapping[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {"widget_id": "default", **pin}
    for key in ("active_from", "active_to"):
        if key in pin:
            changed[key] = pin[key][:19]
    return {
        key: float(value) if isinstance(value, int) and abs(value) >= 2**53 else value for key, value in changed.items()
    }


def whole(record: Record) -> dict[str, Any]:
    """A scope as `GET /scope/{ID}` shows it."""
    return {
        "id": record.id,
        **record.body,
        "creator": record.creator,
        "created_at": record.created,
        "available": True,
    }


def respelled(scope: Mapping[str, Any]) -> dict[str, Any]:
    """The same content in another spelling: key order, numbers, dates, tags' order, added and emptied fields."""
    pins = [_respelled_pin(number, pin) for number, pin in enumerate(scope["pin_definitions"], 1)]
    changed = {
        "target_identity": None,
        "target_metadata": {},
        "updated_at": scope["created_at"],
        **{key: _numbers(value) for key, value in scope.items()},
        "created_at": scope["created_at"].replace("Z", ".000+00:00"),
        "tags": scope.get("tags", [])[::-1],
        "pin_definitions": pins,
    }
    return dict(reversed(changed.items()))


def _respelled_pin(number: int, pin: Mapping[str, Any]) -> dict[str, Any]:
    changed = {
        "id": number,
        "pin_criteria": None,
        "widget_id": "",
        "is_block_pin": False,
        "is_bundle_pin": False,
        **{key: _numbers(value) for key, value in pin.items()},
    }
    for key in ("active_from", "active_to"):
        if key in pin:
            changed[key] = datetime.fromisoformat(pin[key]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
    return dict(reversed(changed.items()))


def _numbers(value: Any) -> Any:
    """Whole numbers as `1.0`, wherever they stand; the order of keys turned round."""
    match value:
        case bool():
            return value
        case int() if abs(value) < 2**53:
            return float(value)
        case dict():
            return {key: _numbers(item) for key, item in reversed(value.items())}
        case list():
            return [_numbers(item) for item in value]
    return value


def without_expired(scope: Mapping[str, Any], now: float) -> dict[str, Any]:
    """A scope without the pins whose period is over."""
    pins = [pin for pin in scope["pin_definitions"] if not _is_over(pin, now)]
    return {**scope, "pin_definitions": pins}


def _is_over(pin: Mapping[str, Any], now: float) -> bool:
    ends = pin.get("active_to")
    return ends is not None and datetime.fromisoformat(ends).timestamp() < now
