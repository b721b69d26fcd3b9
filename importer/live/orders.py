"""The changes to carry out, and how a fresh get stands to each (pure)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from importer.canonical import canonical_projection
from importer.columns import METADATA
from importer.delivery.contents import content_of, difference
from importer.ledger.records import ChangeKind, ScopeName, fingerprint, key_of
from importer.live.customization import Live, same_version, target_of
from importer.live.merge import merged
from importer.live.plan import Doubt
from importer.live.states import Event, Seen, Standing, State, Step, Unmakeable

if TYPE_CHECKING:
    from importer.api.client import InFlight
    from importer.live.plan import Change
    from importer.model import Outcome
    from importer.settings import Tracker


@dataclass(frozen=True, slots=True)
class Order:
    """One change to carry out."""

    number: int
    """What its outcome is given back by; no two have the same, nor the same ID."""
    kind: ChangeKind
    """Whether it replaces or deletes."""
    id: str
    """The customization."""
    expects: Callable[[Live], str | None]
    """Of what a fresh get shows: `None` where the change was decided on that; else in what it differs, for people."""
    body: Callable[[bytes], bytes | Doubt] | None = None
    """The body to send, of the bytes that the fresh get answered; `None` for a deletion."""
    undoes: bool = False
    """Whether it takes back what an earlier run did."""


def order_of(change: Change) -> Order:
    """What a plan decided on."""
    wanted = change.wanted

    def expects(live: Live) -> str | None:
        """Whether what is live is still what was planned on: `None`, or why not."""
        return None if same_version(live.version, change.version) else ""

    if wanted is None:
        return Order(change.scope, ChangeKind.DELETE, change.id, expects)
    return Order(change.scope, ChangeKind.REPLACE, change.id, expects, lambda answer: merged(answer, wanted))


@dataclass(eq=False, slots=True)
class Job:
    """One change on its way."""

    order: Order | None
    """`None` for what an earlier run began."""
    begin: Step
    run: int
    """The run whose intent it is."""
    old: bytes = b""
    """The whole object, as the get gave it."""
    body: bytes | None = None
    looked: float = 0.0
    """When the last get began (steady seconds)."""
    flight: InFlight | None = None
    outcome: Outcome | None = None
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.state = self.begin[0]


def judged(job: Job, live: Live, answer: bytes) -> Event:
    """How what a get shows stands to a change. Takes it up as the old object where that is what was expected."""
    if job.state.intended:
        return _judged_again(job, live)
    order = job.order
    assert order is not None  # noqa: S101 - what an earlier run began has its intent
    unlike = order.expects(live)
    body = order.body(answer) if order.body is not None else None
    if isinstance(body, Doubt):
        return Unmakeable(body.code, body.detail) if unlike is None else _other(job, unlike)
    if body is not None and _is_wanted(live, body):
        return Seen(Standing.WANTED, job.looked)
    if unlike is not None:
        return _other(job, unlike)
    job.old, job.body = answer, body
    return Seen(Standing.BEFORE, job.looked)


def _judged_again(job: Job, live: Live) -> Event:
    if live.equals(content_of(json.loads(job.old))):
        return Seen(Standing.BEFORE, job.looked)
    if job.body is None:
        return _other(job, difference(content_of(json.loads(job.old)), live.content))
    wanted = content_of(json.loads(job.body))
    if live.equals(wanted):
        return Seen(Standing.WANTED, job.looked)
    return _other(job, difference(wanted, live.content))


def _other(job: Job, unlike: str) -> Seen:
    return Seen(Standing.OTHER, job.looked, unlike)


def _is_wanted(live: Live, body: bytes) -> bool:
    """Whether nothing needs to be sent: also metadata that a get does not show may differ."""
    fields = json.loads(body)
    return live.equals(content_of(fields)) and (live.has_metadata or METADATA not in fields)


def name_of(tracker: Tracker, body: bytes) -> ScopeName | None:
    """What a customization is in the ledger, once it has this body."""
    fields = json.loads(body)
    found = target_of(fields)
    if found is None:
        return None
    key = key_of(tracker.tracker_id, tracker.base_url, *found)
    return ScopeName(fingerprint(tracker, canonical_projection(fields)), key, *found)
