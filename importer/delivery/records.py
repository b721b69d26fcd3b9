"""What the ledger holds, as values. Times are Unix seconds by the server's clock."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from importer.model import Scope
    from importer.settings import Target


class Fate(IntEnum):
    """What the ledger knows of a scope.

    INTENT: it may have been sent, and nothing more is known. SEEN: the server said that it was created, its ID was
    not read. ABSENT: proven not created.
    """

    INTENT = 1
    CREATED = 2
    UNKNOWN = 3
    SEEN = 4
    ABSENT = 5


OPEN = frozenset({Fate.INTENT, Fate.UNKNOWN, Fate.SEEN})
"""Fates that only the server's list can settle."""


class Entry(NamedTuple):
    """One scope in the ledger.

    `run` is the run that last sent it, `intent_at` when the first intent was made by the server's clock, give or take
    `doubt` seconds, `signed_at` the `Date` of its last request where that is known.
    """

    fingerprint: bytes
    target_key: int
    fate: Fate
    run: int
    model: str
    target_type: str
    target: str
    intent_at: float
    doubt: float
    signed_at: float | None
    id: str | None
    created_at: str | None
    since: float | None


class Intent(NamedTuple):
    """A scope that is about to be sent. `target_key` is as the function of that name makes it.

    `replaces` is whether the ledger knows the scope as created, and that ID is to be kept beside the new one.
    """

    fingerprint: bytes
    target_key: int
    model: str
    target_type: str
    target: str
    intent_at: float
    doubt: float
    replaces: bool = False


class Verdict(NamedTuple):
    """What became of a scope that had an intent."""

    fingerprint: bytes
    target_key: int
    fate: Fate
    id: str | None = None
    created_at: str | None = None
    since: float | None = None
    signed_at: float | None = None


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run in the ledger. `ended` is `None` while it runs, or for ever where it was killed."""

    run: int
    tracker_id: str
    base_url: str
    file: str
    started: float
    ended: float | None
    created: int
    unknown: int


def storable(text: str) -> str:
    """A text as the ledger can hold it: sheets, file names and answers can carry halves of characters."""
    return text.encode("utf-8", "backslashreplace").decode()


def fingerprint(target: Target, canonical: bytes) -> bytes:
    """SHA-256 over tracker, base URL and canonical projection: what makes a scope the same scope."""
    head = f"{target.tracker_id}\n{target.base_url}\n".encode()
    return hashlib.sha256(head + canonical).digest()


def target_key(target: Target, scope: Scope) -> int:
    """A short key of what a scope is for on this tracker, whatever its content."""
    return key_of(target.tracker_id, target.base_url, scope.model, scope.target_type, scope.target)


def key_of(*parts: str) -> int:
    """The same, of tracker ID, base URL, model, target type and target."""
    text = "\n".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)
