"""Bodies that bring back what was live before: spelled as it came, as far as the service takes it (pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from importer.canonical import PIN_FIELDS, SCOPE_FIELDS, canonical_json
from importer.columns import METADATA, PINS
from importer.live.merge import goes_back
from importer.live.plan import Doubt
from importer.live.raw import items, list_of, members, object_of

if TYPE_CHECKING:
    from importer.ledger.records import ChangeEntry

PLACE = "position"


def restored(entry: ChangeEntry, before: bytes | None, fresh: bytes) -> bytes | Doubt:
    """The body that brings back what was there before a change, fields that nobody here knows included.

    A get may not show the target's metadata. `before` is what was sent for the customization before the change, as far
    as the ledger has it; `fresh` is what a get shows now: where that has metadata, the service shows them, so what was
    there before had none.
    """
    try:
        old = members(entry.old.decode("utf-8-sig"))
        known = members(before.decode()) if before is not None else None
        shows = METADATA in members(fresh.decode("utf-8-sig"))
        gave = entry.body is not None and METADATA in members(entry.body.decode())
        found = {name: text for name, text in old.items() if goes_back(name, text, SCOPE_FIELDS)}
        if PINS in found:
            found[PINS] = _pins_back(found[PINS])
    except (ValueError, RecursionError):
        return Doubt("unreadable")
    if METADATA not in old:
        if known is not None and METADATA in known:
            found[METADATA] = known[METADATA]
        elif known is None and gave and not shows:
            return Doubt("metadata-unknown")
    return object_of(found).encode()


def _pins_back(pins: str) -> str:
    """The pins, each without what a service shows and does not take: nulls, and fields of the contract that are empty.

    A place is spelled as a whole number: services that show 1.0 need not take it so.
    """
    return list_of(_pin_back(pin) if isinstance(pin, dict) else pin for pin in map(_members_or_text, items(pins)))


def _pin_back(pin: Mapping[str, str]) -> str:
    found = {name: text for name, text in pin.items() if goes_back(name, text, PIN_FIELDS)}
    if PLACE in found:
        found[PLACE] = canonical_json(json.loads(found[PLACE]))
    return object_of(found)


def creatable(body: bytes) -> tuple[bytes, list[str]]:
    """What of a body a create takes, and the names of the other fields.

    A field that the contract does not name is the service's own, such as the ID of a pin: it is taken back where it
    was shown, but nobody knows whether it is taken from anyone for something new.
    """
    fields = members(body.decode())
    dropped = {name: None for name in fields if name not in SCOPE_FIELDS}
    found = {name: text for name, text in fields.items() if name in SCOPE_FIELDS}
    if PINS in found:
        pins = [_members_or_text(pin) for pin in items(found[PINS])]
        dropped |= {name: None for pin in pins if isinstance(pin, dict) for name in pin if name not in PIN_FIELDS}
        found[PINS] = list_of(_creatable_pin(pin) if isinstance(pin, dict) else pin for pin in pins)
    return object_of(found).encode(), list(dropped)


def _creatable_pin(pin: Mapping[str, str]) -> str:
    return object_of({name: text for name, text in pin.items() if name in PIN_FIELDS})


def _members_or_text(pin: str) -> dict[str, str] | str:
    return members(pin) if pin.lstrip().startswith("{") else pin
