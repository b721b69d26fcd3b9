"""What is known of one change, what happens to it, and what to do: values of the machine in `changes`."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from importer.ledger.records import ChangeKind, ChangeStatus
from importer.model import Outcome


class Phase(Enum):
    """Where a change is."""

    LOOKING = "a fresh get, before anything is sent"
    STORING = "the old object on its way into the ledger"
    SENDING = "in flight"
    SETTLING = "sent, or kept from being sent: a get decides"
    DONE = "over"


class State(NamedTuple):
    """What is known of one change."""

    kind: ChangeKind
    """Whether it replaces or deletes."""
    id: str
    """The customization."""
    phase: Phase = Phase.LOOKING
    """Where it is."""
    sent: int = 0
    """How often it was sent and may have arrived."""
    refused: int = 0
    """How often the answer was that it came too soon or with a wrong clock."""
    missed: int = 0
    """How often the server could not be reached."""
    looks: int = 0
    """How many gets in a row said nothing."""
    doubtful: bool = False
    """Whether one that was sent may yet take effect, as far as the answers say."""
    intended: bool = False
    """Whether its intent is in the ledger."""
    resumed: bool = False
    """Whether an earlier run began it: it is settled, and nothing more is sent for it."""
    visible_after: float = 0.0
    """Of a resumed one: the moment (steady seconds) after which nothing that the earlier run sent can arrive."""
    clock_fixed: bool = False
    """Whether it was sent again for a wrong clock that is corrected now."""
    undoes: bool = False
    """Whether it takes back what an earlier run did: then comments have other words."""
    aired: bool = False
    """Whether it was looked at once more because it had waited long for its turn."""
    status: int | None = None
    """The last answer's HTTP status, if there was one."""


class Standing(Enum):
    """How a customization stands to a change, by a get."""

    WANTED = "as it is to become"
    BEFORE = "as it was when the change was decided"
    OTHER = "neither"
    GONE = "the service says 404"


class Context(NamedTuple):
    """What is true of the run at this moment."""

    stopping: bool = False
    """Whether the run is about to end."""
    jitter: Callable[[], float] = lambda: 1.0
    """Gives a number from 0 to 1."""


# ── Events ──────────────────────────────────────────────────────────────────────────────────────────────


class Seen(NamedTuple):
    """A get shows the customization, or that there is none."""

    standing: Standing
    """How the customization stands to the change."""
    began: float = 0.0
    """When the get began (steady seconds)."""
    difference: str = ""
    """The first thing in which it differs from what was expected, for people."""


class Unmakeable(NamedTuple):
    """Nothing can be made of what a get shows that could be sent."""

    code: str
    """The catalogue's name for why."""
    detail: str = ""
    """What only this case knows."""


class NotSeen(NamedTuple):
    """A get said nothing that can be read."""

    stop: str = ""
    """Where nothing else will get through either: a stop's code."""
    throttled: bool = False
    """Whether it came too soon: then the pace waits, and the run's patience ends it."""


class Stored(NamedTuple):
    """The intent is durable."""


class Answered(NamedTuple):
    """An answer to its PUT or DELETE."""

    status: int
    """The HTTP status."""
    own: bool = True
    """Whether it is of the service's own making, and not a web page."""
    clock_explains: bool = False
    """Whether a wrong clock explains it."""
    reason: str = ""
    """The answer's `reason`."""
    details: Any = None
    """The answer's `exception_details`."""


class Stale(NamedTuple):
    """It had to wait so long for its turn that the get is not fresh any more. Nothing was sent."""


class NeverLeft(NamedTuple):
    """No byte of it left."""


class CertificateRejected(NamedTuple):
    """The server's certificate does not hold; no byte left."""


class Lost(NamedTuple):
    """It may have left, and no answer came."""


class Cancelled(NamedTuple):
    """The run ends."""

    in_flight: bool = False
    """Whether it was on its way then."""


Event = Seen | Unmakeable | NotSeen | Stored | Answered | Stale | NeverLeft | CertificateRejected | Lost | Cancelled


# ── Actions ─────────────────────────────────────────────────────────────────────────────────────────────


class Look(NamedTuple):
    """Get the customization."""

    delay: float = 0.0
    """After how many seconds."""
    until: float = 0.0
    """At what moment (steady seconds) at the earliest."""


class Store(NamedTuple):
    """Make the intent durable, with the whole object that the get gave."""


class Send(NamedTuple):
    """Sign and send the PUT or DELETE."""


class Finish(NamedTuple):
    """Its life in this run is over."""

    outcome: Outcome
    """What became of it."""
    record: ChangeStatus | None = None
    """What the ledger keeps of it; `None` where that is nothing."""
    stop: str = ""
    """The code of the stop that ends the whole run; "" where it goes on."""


Action = Look | Store | Send | Finish
Step = tuple[State, Action]
