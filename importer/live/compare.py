"""Cell by cell, what a sheet says otherwise than what is live (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from importer.canonical import PIN_FIELDS, canonical_metadata_value, canonical_tags, is_empty
from importer.columns import METADATA, METADATA_PREFIX, PINS
from importer.live.merge import TAGS
from importer.live.pins import PRODUCT, Alike, Pair, paired, value_of
from importer.live.plan import Difference, Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from importer.live.customization import Live


@dataclass(frozen=True, slots=True)
class Said:
    """What a sheet says of one customization."""

    fields: Mapping[str, Any]
    """As they would be sent."""
    rows: Sequence[int]
    """The sheet's row of each pin."""
    first_row: int
    """The first row of all, for differences of the whole customization."""
    columns: Set[str]
    """The columns that the sheet has, as in `Wanted`."""


def compared(live: Live, said: Said, metadata: Mapping[str, Any] | None) -> tuple[Difference, ...] | Doubt:
    """All that the sheet says otherwise, in the order of its rows; nothing where the two are equal.

    Only of columns that the sheet has. `metadata` are those that are live, `None` where nobody knows them: then they
    make no difference.
    """
    pins = live.fields.get(PINS)
    pins = [] if pins is None else pins
    if not live.content.whole or not isinstance(pins, list) or not all(isinstance(pin, dict) for pin in pins):
        return Doubt("unreadable")
    pairs = paired(pins, said.fields[PINS], said.columns)
    if isinstance(pairs, Alike):
        return Doubt("pins-alike", ", ".join(pairs.fields))
    found = [*_tags(live, said), *_metadata(metadata, said)]
    for pair, row, new in zip(pairs, said.rows, said.fields[PINS], strict=True):
        found += _pin(pair, row, pins, new, said.columns)
    return (*found, *_removed(pins, pairs))


def _tags(live: Live, said: Said) -> Iterator[Difference]:
    if TAGS in said.columns:
        old, new = live.fields.get(TAGS), said.fields.get(TAGS)
        if ("" if is_empty(old) else canonical_tags(old)) != ("" if is_empty(new) else canonical_tags(new)):
            yield Difference(said.first_row, TAGS, old, new)


def _metadata(old: Mapping[str, Any] | None, said: Said) -> Iterator[Difference]:
    if old is None:
        return
    new = said.fields.get(METADATA) or {}
    spoken = {name.removeprefix(METADATA_PREFIX) for name in said.columns if name.startswith(METADATA_PREFIX)}
    for key in dict.fromkeys([*old, *new]):
        if METADATA not in said.columns and key not in spoken:
            continue
        if key not in old or key not in new or not _same(old[key], new[key]):
            yield Difference(said.first_row, METADATA_PREFIX + key, old.get(key), new.get(key))


def _same(one: object, other: object) -> bool:
    return canonical_metadata_value(one) == canonical_metadata_value(other)


def _pin(
    pair: Pair, row: int, pins: Sequence[Mapping[str, Any]], new: Mapping[str, Any], columns: Set[str]
) -> Iterator[Difference]:
    if not pair.live:
        yield Difference(row, "", None, new)
        return
    old = pins[pair.live[0]]
    for name in PIN_FIELDS:
        if (name in columns or name in PRODUCT) and value_of(old, name) != value_of(new, name):
            yield Difference(row, name, old.get(name), new.get(name))


def _removed(pins: Sequence[Mapping[str, Any]], pairs: Sequence[Pair]) -> Iterator[Difference]:
    """The live pins that the sheet has no row for."""
    stays = {at for pair in pairs for at in pair.live}
    for at, pin in enumerate(pins):
        if at not in stays:
            yield Difference(None, "", pin, None)
