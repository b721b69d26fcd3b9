"""What is to become of live customizations, as values: decided beforehand, shown to people, carried out elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
    """One live customization that is to be replaced or deleted."""

    kind: Literal["replace", "delete"]
    scope: int
    """The scope's number in the sheet."""
    id: str
    """The customization's ID."""
    version: str
    """The `Live Version` that the plan was made from: a fresh get must show it, or nothing is sent."""
    wanted: Wanted | None = None
    """What it is to be replaced by; `None` for a delete."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a replacement cannot be made of what is live and what the sheet says; nothing is sent then."""

    code: Literal["unreadable", "metadata-hidden", "pins-alike"]
    """A key of the catalogue."""
    detail: str = ""
    """What only this case knows, such as the columns that would tell two pins apart."""
