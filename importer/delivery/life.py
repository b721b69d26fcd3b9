"""The values of a scope's life: its phases and state, the events that come to it, the actions that follow.

All times are Unix seconds by the server's clock.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.api.messages import Given
    from importer.model import Outcome


class Phase(StrEnum):
    """Where a scope is."""

    READY = "ready"
    INTENT = "intent"
    SENDING = "sending"
    WAITING = "waiting"
    CHECKING = "checking"
    DONE = "done"


class State(NamedTuple):
    """What is known of one scope in this run.

    `attempts` counts the creates that count, `sent` all of them. `signed` is the latest `Date` of a request that may
    still be at large, `None` where another process signed it at an unknown moment. `seen` is whether the server said
    that it was created. `trials` counts checks that got no usable list, `checks` those that did.
    """

    phase: Phase = Phase.READY
    attempts: int = 0
    sent: int = 0
    resends: int = 0
    clock_fixed: bool = False
    seen: bool = False
    signed: float | None = None
    status: int | None = None
    trials: int = 0
    checks: int = 0
    warning: str = ""


def _full() -> float:
    """No jitter: the whole wait."""
    return 1.0


class World(NamedTuple):
    """What is true of the run at this moment. `budget` is how many more times anything may be sent again.

    `fence` is how long a signed request may be accepted plus how long the list may lag, `tolerance` how far its `Date`
    may be from the server's clock, both in seconds; `luck` gives a number from 0 to 1 for the jitter.
    """

    fence: float
    tolerance: float
    budget: int
    stopping: str = ""
    luck: Callable[[], float] = _full


# ── Events ──────────────────────────────────────────────────────────────────────────────────────────────


class Begin(NamedTuple):
    """Its turn has come."""


class Committed(NamedTuple):
    """The intent is durable."""


class Due(NamedTuple):
    """The time it was to wait is over."""


class Answered(NamedTuple):
    """An answer to its create. `date` is the server's, `signed` the request's; `given` the ID that was read."""

    status: int
    signed: float
    date: float | None = None
    given: Given | None = None
    reason: str = ""
    details: Any = None
    retry_after: float | None = None


class Unsent(NamedTuple):
    """No byte of its create left."""


class Distrusted(NamedTuple):
    """The server's certificate does not hold; no byte left."""


class Vanished(NamedTuple):
    """Its create may have left, and no answer came."""

    signed: float


class Found(NamedTuple):
    """The list shows it, once, and it is this run's or an earlier one's own."""

    given: Given


class Absent(NamedTuple):
    """Two equal passes of the list, the first of them dated `date`, do not show it.

    `proof` is what the list's word is worth: shown by the self-test, at least well formed, or not to be relied upon;
    `pending` while the self-test cannot be made yet.
    """

    date: float | None
    proof: Proof


class Proof(Enum):
    """What an absence in the list is worth."""

    TESTED = "tested"
    WELL_FORMED = "well formed"
    PENDING = "pending"
    FAILED = "failed"


class Ambiguous(NamedTuple):
    """The list shows it more than once, or once without saying since when."""


class Listless(NamedTuple):
    """The list cannot be had or read. `forever`: there is none, asking again does not help."""

    forever: bool


class Stopped(NamedTuple):
    """The run ends; nothing of this scope is in flight."""


class Cut(NamedTuple):
    """The run ends with its create in flight, whose answer is not waited for."""

    signed: float | None


Event = (
    Begin
    | Committed
    | Due
    | Answered
    | Unsent
    | Distrusted
    | Vanished
    | Found
    | Absent
    | Ambiguous
    | Listless
    | Stopped
    | Cut
)


# ── Actions ─────────────────────────────────────────────────────────────────────────────────────────────


class Commit(NamedTuple):
    """Make the intent durable."""


class Send(NamedTuple):
    """Sign and send the create, after `delay` seconds."""

    delay: float = 0.0
    spends: bool = False


class Wait(NamedTuple):
    """Wait, then bring `Due`. `throttled`: the server asked all senders to pause for `retry_after` seconds."""

    delay: float
    spends: bool = False
    throttled: bool = False
    retry_after: float | None = None


class Check(NamedTuple):
    """Ask the list, after `delay` seconds."""

    delay: float


class Finish(NamedTuple):
    """Its life in this run is over. `stop` is the code of the reason to end the whole run, or ""."""

    outcome: Outcome
    stop: str = ""


Action = Commit | Send | Wait | Check | Finish
