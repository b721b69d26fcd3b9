"""One customization as the service answers it, and what is derived from that (pure).

Total over what `json.loads` returns: a field may be missing or of any type. What cannot be understood is kept as it
came and equals nothing.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from importer.api.messages import Listed, instant_of, tame
from importer.canonical import canonical_json, canonical_metadata, is_empty
from importer.columns import METADATA, PINS
from importer.delivery.contents import Content, TargetName, content_of

if TYPE_CHECKING:
    pass

LONGEST_NAME = 200
"""Characters of a creator, a model or a date that people are shown."""

WITHOUT_ZONE = 24 * 3600.0
"""Seconds by which an end without a zone must be past to be past in every zone."""

_VERSION_LETTERS = 12
_METADATA_LETTERS = 6


@dataclass(frozen=True)
class Live:
    """One live customization. Two are equal by ID and fields; what else is here is derived from these."""

    id: str
    """As list or get name it, in plain text; one that begins with `?` is no ID and only says that two differ."""
    fields: Mapping[str, Any] = field(repr=False, hash=False)
    """All that was answered, the fields that the importer does not know included."""

    @cached_property
    def target(self) -> TargetName | None:
        """What it is for; `None` where it does not say."""
        return target_of(self.fields)

    @property
    def model(self) -> str:
        """Its recommender; "" where it does not say."""
        return _plain(self.fields.get("model"))

    @property
    def target_type(self) -> str:
        """Its kind of target as it says, mostly `item`, `criteria` or `all`; "" where it does not say."""
        return _plain(self.fields.get("target_type"))

    @cached_property
    def content(self) -> Content:
        """What it is compared by; empty where it is nested too deeply to be compared."""
        return content_of(self.fields)

    @property
    def has_metadata(self) -> bool:
        """Whether the answer speaks of the target's metadata at all: not every answer does."""
        return METADATA in self.fields

    @cached_property
    def version(self) -> str:
        """`Live Version`: a short fingerprint of its content. One that shows its metadata has a second part for it;
        compare two with `same_version`. "" where it cannot be compared."""
        if not self.version_without_metadata or not self.has_metadata:
            return self.version_without_metadata
        found = self.fields[METADATA]
        try:
            text = "" if is_empty(found) else canonical_metadata(found)
        except RecursionError:
            return ""
        return f"{self.version_without_metadata}-{_letters(text.encode('utf-8', 'surrogatepass'), _METADATA_LETTERS)}"

    @cached_property
    def version_without_metadata(self) -> str:
        """The first part of its version, which every answer has."""
        content = self.content.without_metadata
        # The letter in front keeps a spreadsheet from taking it for a number.
        return f"v{_letters(content, _VERSION_LETTERS)}" if content else ""

    @property
    def creator(self) -> str:
        """Who made it, for people; "" where that is not said."""
        return tame(_plain(self.fields.get("creator")), LONGEST_NAME)

    @property
    def created_at(self) -> str:
        """When it was made, as the service spells it; "" where it does not say."""
        found = self.fields.get("created_at")
        return tame(found, LONGEST_NAME) if isinstance(found, str) else ""

    @property
    def since(self) -> datetime | None:
        """When it was made; for people alone, it decides nothing."""
        seconds = instant_of(self.created_at)
        try:
            return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    @property
    def available(self) -> bool | None:
        """Whether the service says that it can be shown; `None` where it does not say."""
        found = self.fields.get("available")
        return found if isinstance(found, bool) else None

    @property
    def pins(self) -> list[Mapping[str, Any]]:
        """Its pins, as answered; what is no pin is left out."""
        found = self.fields.get(PINS)
        return [pin for pin in found if isinstance(pin, dict)] if isinstance(found, list) else []

    def is_over(self, now: float) -> bool:
        """Whether it has pins, and the period of each one is past at that moment (Unix seconds)."""
        return bool(self.pins) and all(_is_past(pin.get("active_to"), now) for pin in self.pins)

    def equals(self, content: Content) -> bool:
        """Whether it has this content. Its metadata counts only where the answer shows it."""
        return bool(self.content.whole) and content.equals(self.content, metadata=self.has_metadata)


def live_of(listed: Listed) -> Live:
    """A customization of the list."""
    return Live(listed.id, listed.fields)


def target_of(fields: Mapping[str, Any]) -> TargetName | None:
    """What a customization is for, by the name that a sheet's scope of the same target has; `None` where it does not
    say."""
    model, kind = _plain(fields.get("model")), _plain(fields.get("target_type"))
    if not model or not kind:
        return None
    if kind == "all":
        return TargetName(model, kind, "")
    named = fields.get("target_identity" if kind == "item" else "target_criteria")
    if is_empty(named):
        return None
    try:
        return TargetName(model, kind, _plain(named) if kind == "item" else canonical_json(named))
    except RecursionError:
        return None


def same_version(one: str, other: str) -> bool:
    """Whether two versions are of the same content, as far as both show it; never where one cannot be compared."""
    first, _, first_metadata = one.partition("-")
    second, _, second_metadata = other.partition("-")
    if not first or first != second:
        return False
    return not first_metadata or not second_metadata or first_metadata == second_metadata


def _plain(value: object) -> str:
    """A text as it is, a number as its digits; of anything else the JSON."""
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else canonical_json(value)
    except (RecursionError, TypeError, ValueError):
        return ""


def _letters(content: bytes, count: int) -> str:
    return b32encode(hashlib.sha256(content).digest()).decode().lower()[:count]


def _is_past(end: object, now: float) -> bool:
    if not isinstance(end, str):
        return False
    seconds = instant_of(end)
    if seconds is None:
        return False
    return seconds + (0.0 if _has_zone(end) else WITHOUT_ZONE) < now


def _has_zone(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
