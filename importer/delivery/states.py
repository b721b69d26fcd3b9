"""The values of a scope's life: its phases and state, the events that come to it, the actions that follow.

All times are seconds of the steady clock.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from importer.api.messages import CreatedScope
    from importer.ledger import LedgerStatus
    from importer.model import Outcome


class Phase(StrEnum):
    """Where a scope is."""

    INTENT = "intent"
    SENDING = "sending"
    WAITING = "waiting"
    CHECKING = "checking"
    CONFIRMING = "confirming"
    DONE = "done"


class EarlierCreation(NamedTuple):
    """The customization that this scope is known to be from before."""

    id: str
    since: datetime | None
    run: int
    """The run that created it; 0 where that is not known any more, or none did."""
    found: bool = False
    """Whether it was found live, made by no run of this ledger."""


class State(NamedTuple):
    """What is known of one scope in this run."""

    phase: Phase = Phase.INTENT
    earlier: EarlierCreation | None = None
    """What it was before this life."""
    wished: bool = False
    """Whether it is sent although it exists: `--again`."""
    in_ledger: bool = False
    """Whether the ledger holds an intent of this life."""
    attempts: int = 0
    """Creates that count: neither those refused by a 429 nor the one that a wrong clock explains."""
    sent: int = 0
    """All creates."""
    resends: int = 0
    clock_fixed: bool = False
    acknowledged: bool = False
    """Whether the server said that it was created."""
    given_up: float = 0.0
    """When this computer stopped waiting for the answer; after a restart, when this run began."""
    status: int | None = None
    failed_list_reads: int = 0
    looks: int = 0
    """How often the list was looked into since the answer was lost."""
    warning: str = ""


NEW = State()
"""A scope of which nothing is known."""


def _whole() -> float:
    """No jitter: the whole wait."""
    return 1.0


class RunContext(NamedTuple):
    """What is true of the run at this moment."""

    visible_after: float
    """Seconds after which the list must show what a lost request created: settle time and signature window."""
    budget: int
    """How many more times anything may be sent again."""
    stopping: str = ""
    """Why the run ends, or ""."""
    jitter: Callable[[], float] = _whole
    """Gives a number from 0 to 1."""


class Proof(Enum):
    """What it is worth that a reading of the list does not show a scope."""

    RELIABLE = "it can be relied upon"
    PENDING = "no customization was accepted since that the list would have to show, but one may yet be"
    UNSTABLE = "its pages shifted under every pair of passes"
    INCOMPLETE = "it does not show all that it must"
    NO_CANARY = "nothing can show that it lists what is new"
    NO_BASELINE = "what was there before the create is not known"


# ── Events ──────────────────────────────────────────────────────────────────────────────────────────────


class IntentStored(NamedTuple):
    """The intent is durable."""


class WaitOver(NamedTuple):
    """The time it was to wait is over."""


class Answered(NamedTuple):
    """An answer to its create."""

    status: int
    at: float
    created: CreatedScope | None = None
    """The customization that a good answer names, if it is about this scope."""
    names_target: bool = False
    """Whether a good answer names this scope's target."""
    clock_explains: bool = False
    """Whether a 401 is explained by a wrong clock, which has been corrected."""
    reason: str = ""
    details: Any = None


class NotSentYet(NamedTuple):
    """No byte of its create left."""


class CertificateRejected(NamedTuple):
    """The server's certificate does not hold; no byte left."""


class ResponseLost(NamedTuple):
    """Its create may have left, and no answer came; the wait for it was given up at that moment."""

    at: float


class Found(NamedTuple):
    """The list shows it: one new customization of its target that is its own. `note` is a comment's code."""

    created: CreatedScope
    note: str = "adopted"


class Conflicting(NamedTuple):
    """The list shows new customizations of its target, and none of them is surely its own."""

    ids: tuple[str, ...]
    why: str
    """A comment's code."""
    difference: str = ""


class Absent(NamedTuple):
    """A reading that began at that moment does not show it."""

    began: float
    proof: Proof


class ListUnavailable(NamedTuple):
    """The list cannot be read. `forever`: there is none, asking again does not help."""

    forever: bool


class Confirmed(NamedTuple):
    """The service has the customization that was created long ago."""


class NotConfirmed(NamedTuple):
    """The service did not say whether it has the customization that was created long ago."""


class Missing(NamedTuple):
    """A get of the customization that was created long ago was answered 404: a hint."""


class Cancelled(NamedTuple):
    """The run ends. `at` is when the wait for its create in flight was given up, `None` where none was."""

    at: float | None = None


Event = (
    IntentStored
    | WaitOver
    | Answered
    | NotSentYet
    | CertificateRejected
    | ResponseLost
    | Found
    | Conflicting
    | Absent
    | ListUnavailable
    | Confirmed
    | NotConfirmed
    | Missing
    | Cancelled
)


# ── Actions ─────────────────────────────────────────────────────────────────────────────────────────────


class WriteIntent(NamedTuple):
    """Make the intent durable."""


class Send(NamedTuple):
    """Sign and send the create. `spends` is whether that costs the budget of the run."""

    spends: bool = False


class Wait(NamedTuple):
    """Wait so many seconds, then bring `WaitOver`."""

    delay: float
    spends: bool = False


class Check(NamedTuple):
    """Look into the list, after so many seconds. `record` is what the ledger is told first, if anything."""

    delay: float
    record: LedgerStatus | None = None


class Confirm(NamedTuple):
    """Get the customization that was created long ago."""


class Finish(NamedTuple):
    """Its life in this run is over. `record` is what the ledger is told, if anything; `stop` ends the whole run."""

    outcome: Outcome
    record: LedgerStatus | None = None
    stop: str = ""


Action = WriteIntent | Send | Wait | Check | Confirm | Finish
