"""What a customization is for and what it holds, and how two are compared (pure)."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from importer.canonical import canonical_json, canonical_projection
from importer.columns import METADATA, PINS

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELDS = {"item": "target_identity", "criteria": "target_criteria"}


class TargetName(NamedTuple):
    """What a scope is for: an item's identity, criteria as canonical JSON, or ""."""

    model: str
    target_type: str
    target: str


class Content(NamedTuple):
    """What a customization is compared by, with its metadata and without."""

    whole: bytes
    without_metadata: bytes

    def equals(self, other: Content, *, metadata: bool) -> bool:
        """Whether two are equal, as far as the other one's fields can tell."""
        return self.whole == other.whole if metadata else self.without_metadata == other.without_metadata


def content_of(fields: Mapping[str, Any]) -> Content:
    """The content of a customization; pins and tags are sets. Never raises."""
    try:
        changed = dict(fields)
        for name in (PINS, "tags"):
            if isinstance(fields.get(name), list):
                changed[name] = _as_set(name, fields[name])
        return Content(canonical_projection(changed), canonical_projection({**changed, METADATA: None}))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Content(b"", b"")


def _as_set(name: str, values: list[Any]) -> list[Any]:
    by_text = {canonical_projection({name: [value]}): value for value in values}
    return [by_text[text] for text in sorted(by_text)]


def likeness_of(fields: Mapping[str, Any], target: TargetName) -> bool | None:
    """Whether a customization is of a target exactly, or only might be; `None` where it is not.

    A service that spells targets in its own way must not hide a customization: another spelling, or a field that is
    left out, might be it.
    """
    exact = True
    for name, ours in (("model", target.model), ("target_type", target.target_type)):
        theirs = fields.get(name)
        if theirs is None:
            exact = False
        elif str(theirs) != ours:
            return None
    field = _FIELDS.get(target.target_type)
    if field is None:
        return exact
    theirs = fields.get(field)
    if theirs is None or field == "target_criteria":
        return exact and theirs is not None and _criteria(theirs) == target.target
    if str(theirs) == target.target:
        return exact
    return False if _folded(str(theirs)) == _folded(target.target) else None


def _criteria(value: Any) -> str:
    try:
        return canonical_json(value)
    except (ValueError, TypeError, RecursionError):
        return ""


def _folded(identity: str) -> str:
    return "".join(unquote(identity).casefold().split()).strip("/")


def difference(ours: Content, theirs: Content) -> str:
    """The first thing in which two contents differ, for people."""
    try:
        one, other = json.loads(ours.without_metadata), json.loads(theirs.without_metadata)
    except ValueError:
        return ""
    for name in itertools.chain(one, (name for name in other if name not in one)):
        if one.get(name) != other.get(name):
            return f"{name}: {_cut(one.get(name))} / {_cut(other.get(name))}"
    return METADATA


def _cut(value: Any) -> str:
    text = "—" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:119] + "…"
