"""What the ledger holds, as values. Times are Unix seconds by this computer's clock; they decide nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from importer.model import Scope
    from importer.settings import Tracker


class LedgerStatus(IntEnum):
    """What the ledger knows of a scope."""

    INTENT = 1
    """It may have been sent, and nothing more is known."""
    CREATED = 2
    UNKNOWN = 3
    ACKNOWLEDGED = 4
    """The server said that it was created; its ID was not read."""
    ABSENT = 5
    """Proven not created."""
    FOUND = 6
    """It is live, and no run of this ledger made it. Such a one belongs to no run (0), so that none takes it back."""


LIVE = frozenset({LedgerStatus.CREATED, LedgerStatus.FOUND})
"""What is a customization, as far as this ledger knows."""


OPEN = frozenset({LedgerStatus.INTENT, LedgerStatus.UNKNOWN, LedgerStatus.ACKNOWLEDGED})
"""What only the server's list, or a person, can settle."""


class Entry(NamedTuple):
    """One scope in the ledger."""

    fingerprint: bytes
    """Of its content, as the function of that name makes it."""
    target_key: int
    """Of its target, as the function of that name makes it."""
    status: LedgerStatus
    """What became of it, as far as this is known."""
    run: int
    """The run that last sent it."""
    model: str
    """The recommendation."""
    target_type: str
    """The kind of its target."""
    target: str
    """The identity, the criteria, or "" for `all`."""
    intent_at: float
    """When it was last about to be sent (Unix seconds)."""
    baseline: int | None
    """Which baseline its first intent had; `None` where none was known."""
    id: str | None
    """Its customization; while a later life of it is open, that of the earlier one."""
    created_at: str | None
    """When it was created, as the answer says."""
    since: float | None
    """When it was created."""


class Baseline(NamedTuple):
    """The customizations that were live before a create was sent: what they are not is new."""

    ids: frozenset[str]
    """Their IDs."""
    total: int | None
    """What the list said it holds in all, where it said so."""
    complete: bool
    """Whether these are all IDs, and not only the newest ones."""
    oldest: str | None = None
    """Where they are not all and IDs rise with time, the lowest of them. Only the run that read them knows it."""


class Intent(NamedTuple):
    """A scope that is about to be sent."""

    fingerprint: bytes
    """As of `Entry`."""
    target_key: int
    """As of `Entry`."""
    model: str
    """The recommendation."""
    target_type: str
    """The kind of its target."""
    target: str
    """As of `Entry`."""
    intent_at: float
    """The moment (Unix seconds)."""
    baseline: int | None
    """The number of the baseline that was live then; `None` where none was known."""
    body: bytes = b""
    """What is sent: a later replacement must know what a get may not show, and undo what we made."""


class OutcomeRecord(NamedTuple):
    """What became of a scope that had an intent."""

    fingerprint: bytes
    """As of the intent."""
    target_key: int
    """As of the intent."""
    status: LedgerStatus
    """What became of it."""
    id: str | None = None
    """The customization, where its ID is known."""
    created_at: str | None = None
    """When it was created, as the answer says."""
    since: float | None = None
    """When it was created (Unix seconds)."""
    run: int | None = None
    """The run that created it, where that is not the one that writes."""
    adopted: bool | None = None
    """Whether the ID was found in the list, or is a person's word; `None` leaves it as it is known."""


class ChangeKind(IntEnum):
    """What is done to a customization that is live."""

    REPLACE = 1
    DELETE = 2


class ChangeStatus(IntEnum):
    """What the ledger knows of a change."""

    INTENT = 1
    """It may have been sent, and nothing more is known."""
    DONE = 2
    UNKNOWN = 3
    """It was sent, and no answer and no get said whether it took effect."""
    NOT_DONE = 4
    """The customization stayed as it was."""
    CONFLICT = 5
    """The customization is neither as it was nor as it was to become: someone else changed it meanwhile."""


UNSETTLED = frozenset({ChangeStatus.INTENT, ChangeStatus.UNKNOWN})
"""What a get must settle before anything else is done to the customization."""


class ScopeName(NamedTuple):
    """What a customization is in the ledger: its content, and its target in words."""

    fingerprint: bytes
    """As of `Entry`."""
    target_key: int
    """As of `Entry`."""
    model: str
    """The recommendation."""
    target_type: str
    """The kind of its target."""
    target: str
    """As of `Entry`."""


class ChangeIntent(NamedTuple):
    """A customization that is about to be replaced or deleted."""

    id: str
    """The customization."""
    kind: ChangeKind
    """Whether it is replaced or deleted."""
    old: bytes
    """The whole object, byte for byte as the get gave it."""
    old_version: str
    """The `Live Version` of that object."""
    body: bytes | None
    """What is sent in its place; `None` for a deletion."""
    version: str | None
    """The `Live Version` that it will have; `None` for a deletion."""
    at: float
    """The moment (Unix seconds)."""


class ChangeEnd(NamedTuple):
    """What became of a change that had an intent."""

    run: int
    """The run whose intent it was."""
    id: str
    """The customization."""
    status: ChangeStatus
    """What became of the change."""
    at: float
    """The moment (Unix seconds)."""
    now: ScopeName | None = None
    """What the customization is now, where it was replaced."""


class ChangeEntry(NamedTuple):
    """One change in the ledger; its fields as those of its intent."""

    run: int
    id: str
    kind: ChangeKind
    status: ChangeStatus
    old: bytes
    old_version: str
    body: bytes | None
    version: str | None
    at: float
    ended: float | None


class Made(NamedTuple):
    """A customization that a run created."""

    id: str
    """The customization."""
    name: ScopeName
    """By the content that it was last given through this ledger."""
    body: bytes | None
    """What was sent for it; `None` where an earlier version, which did not keep it, did."""
    adopted: bool
    """Whether its answer was lost and its ID found in the list, or a person gave it."""


class RunFact(NamedTuple):
    """A run, as far as undoing needs to know it."""

    run: int
    """Its number."""
    tracker_number: int
    """The number under which the ledger keeps the tracker."""
    file: str
    """The file that it sent."""
    started: float
    """When it began (Unix seconds)."""
    finished: bool
    """Whether it ended with nothing left to do."""
    undoes: int | None
    """The run that it takes back; `None` for an import."""


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run in the ledger."""

    run: int
    """Its number."""
    tracker_id: str
    """The tracker that it sent to."""
    base_url: str
    """The service that it sent to."""
    file: str
    """The file that it sent."""
    started: float
    """When it began (Unix seconds)."""
    ended: float | None
    """`None` while it runs, or for ever where it was killed."""
    created: int
    """How many customizations it created that are not undone since."""
    unknown: int
    """Scopes and changes of which it is not known whether they took effect."""
    replaced: int = 0
    """How many it replaced."""
    deleted: int = 0
    """How many it deleted."""
    undoes: int | None = None
    """The run that this one takes back."""


def storable(text: str) -> str:
    """A text as the ledger can hold it: sheets, file names and answers can carry halves of characters."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def fingerprint(tracker: Tracker, canonical: bytes) -> bytes:
    """SHA-256 over tracker, base URL and canonical projection: what makes a scope the same scope."""
    head = f"{tracker.tracker_id}\n{tracker.base_url}\n".encode()
    return hashlib.sha256(head + canonical).digest()


def target_key(tracker: Tracker, scope: Scope) -> int:
    """A short key of what a scope is for on this tracker, the same for every content."""
    return key_of(tracker.tracker_id, tracker.base_url, scope.model, scope.target_type, scope.target)


def key_of(*parts: str) -> int:
    """The same, of tracker ID, base URL, model, target type and target."""
    text = "\n".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)
