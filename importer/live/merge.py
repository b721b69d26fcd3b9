"""What a replacement sends: what is live by a fresh get, changed where the sheet has a column for it (pure).

A replacement takes the place of all that is there, so what the sheet does not speak of goes back as it came: fields
that nobody here knows, numbers and dates in the service's own spelling, values that are equal anyway.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from importer.canonical import PIN_FIELDS, SCOPE_FIELDS, canonical_metadata_text, canonical_tags, is_empty
from importer.columns import METADATA, METADATA_PREFIX, PINS
from importer.live.pins import PRODUCT, Alike, Pair, paired, value_of
from importer.live.plan import Doubt, Wanted
from importer.live.raw import items, list_of, members, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NEVER_SENT = frozenset({"id", "created_at", "creator", "available"})
"""Fields of a customization that the service sets."""

TAGS = "tags"


def merged(answer: bytes, wanted: Wanted) -> bytes | Doubt:
    """The body of the replacement, of the bytes that a fresh get answered and of what the sheet wants.

    The caller has seen that the answer is of the customization and version that the plan was made from.
    """
    try:
        live = members(answer.decode("utf-8-sig"))
        sheet = members(wanted.body.decode())
        pins = _pins(live.get(PINS, "[]"), sheet[PINS], wanted)
        metadata = _metadata(live.get(METADATA), sheet.get(METADATA), wanted)
    except (ValueError, RecursionError):
        return Doubt("unreadable")
    if isinstance(pins, Doubt):
        return pins
    if isinstance(metadata, Doubt):
        return metadata
    ours = {TAGS: _tags(live.get(TAGS), sheet.get(TAGS), wanted), METADATA: metadata, PINS: pins}
    kept = {name: text for name, text in live.items() if name in ours or goes_back(name, text, SCOPE_FIELDS)}
    return object_of({name: text for name, text in (kept | ours).items() if text}).encode()


def goes_back(name: str, text: str, known: Mapping[str, Any]) -> bool:
    """Whether a live field is sent at all: a null never is, nor a field of the contract without content."""
    if text == "null" or (known is SCOPE_FIELDS and name in NEVER_SENT):
        return False
    return name not in known or text == "false" or not is_empty(json.loads(text))


def _tags(live: str | None, sheet: str | None, wanted: Wanted) -> str:
    """The tags to send, "" for none."""
    if TAGS not in wanted.columns or _same_tags(live, sheet):
        return "" if live is None or is_empty(json.loads(live)) else live
    return sheet or ""


def _same_tags(live: str | None, sheet: str | None) -> bool:
    found = [json.loads(text or "null") for text in (live, sheet)]
    return len({"" if is_empty(tags) else canonical_tags(tags) for tags in found}) == 1


def _metadata(live: str | None, sheet: str | None, wanted: Wanted) -> str | Doubt:
    """The target's metadata to send, "" for none."""
    new = members(sheet) if sheet else {}
    base = _shown_metadata(live, wanted)
    if base is None:
        # Nobody knows what is there. Only a cell with the whole object says all that is to be there afterwards.
        return object_of(new) if new and METADATA in wanted.columns else Doubt("metadata-hidden")
    keys = {name.removeprefix(METADATA_PREFIX) for name in wanted.columns if name.startswith(METADATA_PREFIX)}
    gone = base.keys() if METADATA in wanted.columns else keys
    found = {key: text for key, text in base.items() if key not in gone or key in new}
    found |= {key: text for key, text in new.items() if key not in base or not _same_metadata(base[key], text)}
    return object_of(found) if found else ""


def _same_metadata(one: str, other: str) -> bool:
    return canonical_metadata_text(one) == canonical_metadata_text(other)


def _shown_metadata(live: str | None, wanted: Wanted) -> dict[str, str] | None:
    """The metadata that are live; `None` where neither the get shows them nor anybody else knows them."""
    if live is not None:
        return {} if is_empty(json.loads(live)) else members(live)
    return None if wanted.metadata is None else members(wanted.metadata.decode())


def _pins(live: str, sheet: str, wanted: Wanted) -> str | Doubt:
    olds = items("[]" if live == "null" else live)
    news = items(sheet)
    old_values = [json.loads(text) for text in olds]
    new_values = [json.loads(text) for text in news]
    if not all(isinstance(pin, dict) for pin in old_values):
        return Doubt("unreadable")
    pairs = paired(old_values, new_values, wanted.columns)
    if isinstance(pairs, Alike):
        return Doubt("pins-alike", ", ".join(pairs.fields))
    return list_of(
        text
        for pair, new in zip(pairs, news, strict=True)
        for text in ([_pin(olds[at], new, wanted, pair) for at in pair.live] or [new])
    )


def _pin(live: str, new: str, wanted: Wanted, pair: Pair) -> str:
    """One pin of the sheet, upon the live one that it is."""
    old, sheet = members(live), members(new)
    found = {
        name: sheet.get(name, "") if _is_changed(name, text, sheet.get(name), wanted) else text
        for name, text in old.items()
        if goes_back(name, text, PIN_FIELDS) and (pair.same_product or name in PIN_FIELDS)
    }
    found |= {name: text for name, text in sheet.items() if name not in found}
    return object_of({name: text for name, text in found.items() if text})


def _is_changed(name: str, live: str, sheet: str | None, wanted: Wanted) -> bool:
    """Whether the sheet speaks of a pin's field, and says something else. The place is always the sheet's: services
    spell whole numbers as 1.0 and need not take them so."""
    if name == "position":
        return True
    if name not in wanted.columns and name not in PRODUCT:
        return False
    one, other = ({name: json.loads(text or "null")} for text in (live, sheet))
    return value_of(one, name) != value_of(other, name)
