"""A scope, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

TargetType = Literal["item", "criteria", "all"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One customization, ready to be sent (contract, "Request body attributes")."""

    number: int
    """Counted from 0, in the order of the scopes' first rows."""
    model: str
    """The recommendation that it is for."""
    target_type: TargetType
    """Beside what it is shown."""
    target: str
    """The identity, the canonical criteria, or "" for `all`."""
    rows: tuple[int, ...]
    """The sheet's rows, one a pin, in order."""
    body: bytes
    """What is sent, byte for byte."""
    canonical: bytes
    """Its canonical projection (see `importer.canonical`), by which contents are compared."""


class Result(StrEnum):
    """The words of `Import Result`, and of the JSON's counts."""

    CREATED = "Created"
    ALREADY_CREATED = "Already created"
    REPLACED = "Replaced"
    DELETED = "Deleted"
    UNCHANGED = "Unchanged"
    INVALID = "Invalid"
    HELD_BACK = "Held back"
    REFUSED = "Refused"
    FAILED = "Failed"
    UNKNOWN = "Unknown"
    NOT_SENT = "Not sent"
    READY = "Ready"


DONE = frozenset({Result.CREATED, Result.ALREADY_CREATED, Result.REPLACED, Result.DELETED, Result.UNCHANGED})
"""Results of rows that are as their sheet wants them."""

MAY_BE_LIVE = frozenset({Result.CREATED, Result.ALREADY_CREATED, Result.REPLACED, Result.UNCHANGED, Result.UNKNOWN})
"""Results of rows that have a customization, or may have one."""


@dataclass(frozen=True, slots=True)
class Created:
    """This run created it."""

    id: str
    """The customization's ID."""
    status: int | None
    """The answer's HTTP status; `None` where the answer was lost."""
    attempts: int
    """How often it was sent."""
    created_at: str | None = None
    """When, by the answer."""
    adopted: bool = False
    """Whether the ID was found in the server's list after the answer was lost."""
    warning: str = ""
    """What was odd about the answer."""


@dataclass(frozen=True, slots=True)
class AlreadyCreated:
    """An earlier run created it, or it is live anyway."""

    id: str
    """The customization's ID."""
    since: datetime | None = None
    """When it was created, if that is known."""
    warning: str = ""
    """What is odd about it."""
    found: bool = False
    """Whether it was found live: no run of this ledger made it."""
    creator: str = ""
    """Who made it, where the service says so."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """This run replaced what was live."""

    id: str
    """The customization's ID."""
    status: int | None
    """The answer's HTTP status; `None` where the answer was lost and a get showed it."""
    attempts: int
    """How often it was sent."""
    warning: str = ""
    """What was odd about the answer."""
    version: str = ""
    """Its `Live Version` now."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """This run deleted it. Its fields are those of `Replaced`."""

    id: str
    status: int | None
    attempts: int
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What is live is as the sheet wants it; nothing was sent."""

    id: str
    """The customization's ID; "" where nothing is live."""
    comment: str = ""
    """What is worth saying of it, such as that it was deleted before."""
    version: str = ""
    """Its `Live Version`; "" where nothing is live."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Not sent on purpose."""

    comment: str
    """Why, and what to do."""
    id: str | None = None
    """The customization that it would double."""
    may_be_live: bool = False
    """Whether it may be live though its ID is not known: the results go on saying so."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The server said no to this scope: proven not created."""

    status: int
    """The answer's HTTP status."""
    reason: str
    """The answer's `reason`."""
    details: Any
    """The answer's `exception_details`."""
    attempts: int
    """How often it was sent."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Proven not created, and given up for this run."""

    comment: str
    """Why, and what to do."""
    attempts: int
    """How often it was sent."""
    status: int | None = None
    """The last answer's HTTP status, if there was one."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have been created; never folded into `Failed`. Its fields are those of `Failed`."""

    comment: str
    attempts: int
    status: int | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The run ended before its turn."""

    comment: str
    """Why, and what to do."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Nothing is wrong with it: an import would send it."""

    comment: str = ""
    """What an import would do, where that is not to create it."""


Outcome = (
    Created | AlreadyCreated | Replaced | Deleted | Unchanged | HeldBack | Refused | Failed | Unknown | NotSent | Ready
)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why sending ended early."""

    code: str
    """The catalogue's name for it."""
    text: str
    """Ready to show."""
    exit_code: int = 3
    """What the command line ends with: 3, or 130 where a person ended it."""
