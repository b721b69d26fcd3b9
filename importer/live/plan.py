"""What an update does with live customizations, as values: decided first, shown to people, carried out elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importer.ledger import Entry
    from importer.model import HeldBack


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sheet says of one customization."""

    body: bytes
    """The body that would create it, as JSON: what the sheet's cells say, numbers as they are spelled there."""
    columns: frozenset[str]
    """The columns that the sheet has, by the contract's names, a metadata key as `target_metadata.title`: what it has
    no column for stays as it is live, and an empty cell of a column that it has clears."""
    metadata: bytes | None = None
    """The target's metadata as they are live, a JSON object, where the get does not show them: as the ledger or the
    list has them. `None` where nobody knows them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One live customization, and the change that it needs."""

    kind: Literal["replace", "delete"]
    """Whether it is replaced or deleted."""
    scope: int
    """The scope's number in the sheet."""
    id: str
    """The customization's ID."""
    version: str
    """The `Live Version` that the plan was made from: a fresh get must show it, or nothing is sent."""
    wanted: Wanted | None = None
    """What replaces it; `None` for a delete."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a replacement cannot be made of what is live and what the sheet says; nothing is sent then."""

    code: Literal["unreadable", "metadata-hidden", "metadata-unknown", "pins-alike"]
    """A key of the catalogue."""
    detail: str = ""
    """What only this case knows, such as the columns in which two pins differ."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell, or one pin, in which a sheet and what is live differ."""

    row: int | None
    """The sheet's row; `None` for a pin that the sheet has no row for."""
    column: str
    """The column, a metadata key as `target_metadata.title`; "" for a whole pin that is added or removed."""
    live: Any
    """The value as the service has it; `None` where it has none. Of a pin that is removed the whole of it."""
    new: Any
    """The value as it will be; `None` for none. Of a pin that is added the whole of it."""

    @property
    def kind(self) -> Literal["changed", "added", "removed"]:
        """Whether a cell is changed, or a whole pin is added or removed."""
        if self.column:
            return "changed"
        return "removed" if self.row is None else "added"


# ── What becomes of a scope ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Create:
    """Nothing of its target is live: it is sent like every new customization."""

    known: Entry | None = None
    """What the ledger holds of it."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What is live is what the sheet says."""

    id: str | None = None
    """The customization; `None` where it was to be deleted and is not live."""
    version: str = ""
    """Its `Live Version`."""


@dataclass(frozen=True, slots=True)
class Replace:
    """The live one is not what the sheet says."""

    change: Change
    """What is sent."""
    differences: tuple[Difference, ...]
    """In what the two differ, cell by cell."""
    creator: str = ""
    """Who made what is live, as the service says; "" where it does not."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Its rows say delete, and it is live."""

    change: Change
    """What is sent."""
    pins: int
    """How many pins go with it."""
    creator: str = ""
    """As of `Replace`."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Its rows name a customization that is not live: what someone deleted is never brought back."""

    id: str
    """The customization that they name."""
    others: tuple[str, ...] = ()
    """The IDs that are live for its target instead."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is meant would be a guess, or what is live has changed since: nothing is sent."""

    code: str
    """A key of the catalogue."""
    id: str | None = None
    """The customization that it is about, where it is one."""
    ids: tuple[str, ...] = ()
    """The customizations that it may be, where they are several."""
    detail: str = ""
    """What only this case knows."""
    held: HeldBack | None = None
    """What its rows say of an earlier run, where that is why."""


Decision = Create | Unchanged | Replace | Delete | Gone | Conflict


@dataclass(frozen=True)
class UpdatePlan:
    """What an update will do: one decision for each scope that no wrong row holds back, by its number."""

    decisions: Mapping[int, Decision]
    """What becomes of each scope, by its number."""
    live: int = 0
    """How many customizations are live for the sheet's models."""

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What the update replaces or deletes, in the sheet's order."""
        found = (self.decisions[number] for number in sorted(self.decisions))
        return tuple(each.change for each in found if isinstance(each, Replace | Delete))

    @property
    def needs_number(self) -> bool:
        """Whether so much is changed that a person must type how much: over 20, or over half of what is live and over
        5."""
        count = len(self.changes)
        return count > MANY or (count > SOME and count > self.live / 2)


NOUNS: tuple[tuple[Literal["changed", "added", "removed"], str], ...] = (
    ("changed", "cell"),
    ("added", "pin"),
    ("removed", "pin"),
)
"""Kinds of differences, and what they are counted in."""

MANY = 20
"""Changes above which their number must be typed, however much is live."""

SOME = 5
"""Changes above which it must be typed where they are more than half of what is live."""
