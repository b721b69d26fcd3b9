"""A scope, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

TargetType = Literal["item", "criteria", "all"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One customization, ready to be sent (contract, "Request body attributes").

    `number` counts scopes in the order of their first row, from 0. `target` is the identity, the canonical criteria,
    or "" for `all`. `rows` are sheet rows, one a pin, in order. `body` is what is sent, byte for byte; `canonical` is
    its canonical projection (see `importer.canonical`), by which contents are compared.
    """

    number: int
    model: str
    target_type: TargetType
    target: str
    rows: tuple[int, ...]
    body: bytes
    canonical: bytes


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
    """The server has it, by this run. `warning` says what was odd about the answer; `adopted` that the ID was
    found in the server's list after the answer was lost."""

    id: str
    status: int | None
    attempts: int
    created_at: str | None = None
    adopted: bool = False
    warning: str = ""


@dataclass(frozen=True, slots=True)
class AlreadyCreated:
    """An earlier run created it, or it is live anyway. `since` is when it was created, if known."""

    id: str
    since: datetime | None = None
    warning: str = ""
    found: bool = False
    """Whether it was found live: no run of this ledger made it."""
    creator: str = ""
    """Who made it, where the service says so."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """This run replaced what was live. `status` is `None` where the answer was lost and a get showed it."""

    id: str
    status: int | None
    attempts: int
    warning: str = ""
    version: str = ""
    """Its `Live Version` now."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """This run deleted it. `status` as of `Replaced`."""

    id: str
    status: int | None
    attempts: int
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What is live is as the sheet wants it; nothing was sent."""

    id: str
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
    """The server said no to this scope: proven not created. `details` is the answer's `exception_details`."""

    status: int
    reason: str
    details: Any
    attempts: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Proven not created, and given up for this run."""

    comment: str
    attempts: int
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have been created; never folded into `Failed`."""

    comment: str
    attempts: int
    status: int | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The run ended before its turn."""

    comment: str


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
    """Why sending ended early: `code` from the catalogue, `text` ready to show, `exit_code` 3 or 130."""

    code: str
    text: str
    exit_code: int = 3
