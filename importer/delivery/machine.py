"""A scope's life, as a pure machine: what is known → the first state, then (state, event, context) → (state, action).

    new                 INTENT → SENDING → CREATED | REFUSED | FAILED
                                         SENDING → WAITING → SENDING     proven not applied: sent again
                                         SENDING → CHECKING              it may have arrived: the list decides
    interrupted         CHECKING → CREATED | SENDING | UNKNOWN
    created long ago    CONFIRMING → ALREADY CREATED | READY             gone: a new life

It reads no clock and touches nothing: the dispatcher brings the events and does the actions. Nobody else chooses, ends
or changes a state; what the ledger is told is part of the action. All times are seconds of the steady clock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from importer.catalogue.outcomes import COMMENTS
from importer.delivery import states
from importer.delivery.pacing import backoff
from importer.delivery.states import (
    Absent,
    Action,
    Answered,
    Cancelled,
    CertificateRejected,
    Check,
    Confirm,
    Conflicting,
    EarlierCreation,
    Event,
    Finish,
    Found,
    IntentStored,
    ListUnavailable,
    NotSentYet,
    Phase,
    Proof,
    ResponseLost,
    RunContext,
    Send,
    State,
    Wait,
    WaitOver,
    WriteIntent,
)
from importer.ledger import LIVE, OPEN, LedgerStatus
from importer.model import AlreadyCreated, Created, Failed, NotSent, Outcome, Refused, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.ledger import Entry

ATTEMPTS = 3
"""Creates of one scope in a run, at most; a 429 and the one clock correction do not count."""

RESENDS = 2
"""How often a scope may be sent again because the list says that it is absent."""

LIST_TRIALS = 4
"""How often a list that cannot be read, or not be relied upon, is read again for one scope before it stays unknown."""

FIRST_LOOK = 1.0
"""Seconds after a lost answer: a scope that is there is adopted as soon as it is seen."""

STOPPING = {401: "key", 403: "forbidden", 404: "tracker", 407: "proxy"}


class MisuseError(Exception):
    """An event came that cannot come in this phase: a mistake of the caller's."""


def start(known: Entry | None, *, again: bool, now: float) -> tuple[State, Action]:
    """The first state and what to do: the scope is new, was interrupted, or was created before.

    `known` is what the ledger holds of it, `again` whether what exists is to be sent all the same.
    """
    if known is None:
        return states.NEW, WriteIntent()
    earlier = _earlier(known)
    if known.status in OPEN:
        acknowledged = known.status is LedgerStatus.ACKNOWLEDGED
        state = State(Phase.CHECKING, earlier, again, in_ledger=True, acknowledged=acknowledged, given_up=now)
        return state, Check(0.0)
    if known.status in LIVE and not again:
        return State(Phase.CONFIRMING, earlier), Confirm()
    return State(Phase.INTENT, earlier, again), WriteIntent()


def _earlier(known: Entry) -> EarlierCreation | None:
    if known.id is None:
        return None
    since = None if known.since is None else datetime.fromtimestamp(known.since, UTC)
    found = known.status is LedgerStatus.FOUND
    return EarlierCreation(known.id, since, known.run if known.status in LIVE else 0, found)


def step(state: State, event: Event, context: RunContext) -> tuple[State, Action]:
    """The next state, and what to do now. Raises `MisuseError` for an event that cannot come in this phase."""
    return _STEPS[state.phase](state, event, context)


def _before(state: State, event: Event, context: RunContext) -> tuple[State, Action]:
    """Nothing of it is in flight, and it is proven that it was not created."""
    stored = state.phase is Phase.INTENT and isinstance(event, IntentStored)
    if isinstance(event, Cancelled) or context.stopping:
        return _not_created(state._replace(in_ledger=state.in_ledger or stored), "stopped-before-retry")
    if not stored and not (state.phase is Phase.WAITING and isinstance(event, WaitOver)):
        raise MisuseError(f"{event!r} in {state.phase}")
    return state._replace(phase=Phase.SENDING, in_ledger=state.in_ledger or stored), Send()


def _sending(state: State, event: Event, context: RunContext) -> tuple[State, Action]:
    if isinstance(event, Cancelled) and event.at is None:
        return _not_created(state, "stopped-before-retry")
    status = event.status if isinstance(event, Answered) else state.status
    state = state._replace(sent=state.sent + 1, status=status)
    match event:
        case Answered():
            return _answered(state, event, context)
        case NotSentYet():
            return _retried(state._replace(attempts=state.attempts + 1), context)
        case CertificateRejected():
            return _not_created(state, "certificate", "certificate")
        case ResponseLost(at):
            return _doubtful(state._replace(status=None), at, context)
        case Cancelled(at) if at is not None:
            return _unknown(state._replace(given_up=at), "unknown-cut")
    raise MisuseError(f"{event!r} in {state.phase}")


def _answered(state: State, event: Answered, context: RunContext) -> tuple[State, Action]:  # noqa: PLR0911 - a class each
    status = event.status
    if 200 <= status < 300:
        return _accepted(state, event, context)
    if status == 429:
        return state._replace(phase=Phase.WAITING), Wait(0.0)
    if status == 401 and event.clock_explains and not state.clock_fixed:
        return state._replace(phase=Phase.WAITING, clock_fixed=True), Wait(0.0)
    if status == 408 or not 300 <= status < 500:
        return _doubtful(state, event.at, context)
    if status < 400:
        return _not_created(state, "redirect", "redirect")
    if status in STOPPING:
        return _not_created(state, STOPPING[status], STOPPING[status])
    return _done(state, Refused(status, event.reason, event.details, state.sent))


def _accepted(state: State, event: Answered, context: RunContext) -> tuple[State, Action]:
    if event.created is None:
        said = event.status in {201, 202} or event.names_target
        return _doubtful(state._replace(acknowledged=state.acknowledged or said), event.at, context)
    odd = COMMENTS["odd-status"].format(status=event.status) if event.status != 201 else ""
    warning = " ".join(filter(None, (state.warning, odd)))
    outcome = Created(event.created.id, event.status, state.sent, event.created.created_at, warning=warning)
    return state._replace(phase=Phase.DONE, acknowledged=True), Finish(outcome, LedgerStatus.CREATED)


def _retried(state: State, context: RunContext) -> tuple[State, Action]:
    """Not one byte left: again, if attempts and budget allow."""
    if state.attempts >= ATTEMPTS:
        return _not_created(state, "failed-unreachable")
    if context.budget <= 0:
        return _not_created(state, "failed-budget")
    if context.stopping:
        return _not_created(state, "stopped-before-retry")
    return state._replace(phase=Phase.WAITING), Wait(backoff(state.attempts, context.jitter()), spends=True)


def _doubtful(state: State, at: float, context: RunContext) -> tuple[State, Action]:
    """It may have arrived."""
    state = state._replace(phase=Phase.CHECKING, attempts=state.attempts + 1, given_up=at, failed_list_reads=0, looks=0)
    if context.stopping:
        return _unknown(state, "unknown-stopped")
    record = LedgerStatus.ACKNOWLEDGED if state.acknowledged else None
    return state, Check(min(FIRST_LOOK, context.visible_after), record)


def _checking(state: State, event: Event, context: RunContext) -> tuple[State, Action]:
    match event:
        case Found(created, note):
            warning = " ".join(part for part in (state.warning, COMMENTS[note]) if part)
            outcome = Created(created.id, state.status, state.sent, created.created_at, adopted=True, warning=warning)
            return state._replace(phase=Phase.DONE), Finish(outcome, LedgerStatus.CREATED)
        case Conflicting(ids, why, difference):
            return _unknown(state, why, ids=", ".join(ids), difference=difference)
        case Absent(began, proof):
            return _absent(state._replace(looks=state.looks + 1), began, proof, context)
        case ListUnavailable(forever):
            if forever:
                return _unknown(state, "unknown-no-list")
            return _read_again(state, "unknown-list", context)
        case Cancelled():
            return _unknown(state, "unknown-stopped")
    raise MisuseError(f"{event!r} in {state.phase}")


_UNPROVEN = {
    Proof.UNSTABLE: "unknown-unstable",
    Proof.INCOMPLETE: "unknown-untrusted",
    Proof.NO_CANARY: "unknown-no-canary",
    Proof.NO_BASELINE: "unknown-no-baseline",
}


def _absent(state: State, began: float, proof: Proof, context: RunContext) -> tuple[State, Action]:
    missing = state.given_up + context.visible_after - began
    if missing > 0:
        # Soon at first, for a scope that is there is adopted as soon as it is seen.
        return state, Check(min(missing + 0.05, 2.0**state.looks) if state.looks < 3 else missing + 0.05)
    if state.acknowledged:
        return _unknown(state, "unknown-seen")
    if proof is Proof.PENDING:
        return state, Check(min(5.0, context.visible_after / 4))
    if proof is Proof.INCOMPLETE:
        return _read_again(state, _UNPROVEN[proof], context)
    if proof is not Proof.RELIABLE:
        return _unknown(state, _UNPROVEN[proof])
    return _resent(state, context)


def _resent(state: State, context: RunContext) -> tuple[State, Action]:
    """The list proves that it was not created."""
    if state.earlier is not None and not state.wished and not state.sent:
        # An earlier run was to send it again, and did not get to it: nobody wishes that now.
        return _as_before(state)
    if context.stopping:
        return _not_created(state, "stopped-before-retry")
    if state.resends >= RESENDS or state.attempts >= ATTEMPTS:
        return _not_created(state, "failed-absent")
    # What a killed run left unsent is sent for the first time here: however much that is, it costs no budget.
    spends = state.sent > 0
    if spends and context.budget <= 0:
        return _not_created(state, "failed-budget")
    return state._replace(phase=Phase.SENDING, resends=state.resends + spends), Send(spends=spends)


def _confirming(state: State, event: Event, context: RunContext) -> tuple[State, Action]:
    """It was created long ago: only a list that can be relied upon says that it is gone."""
    match event:
        case states.Confirmed():
            return _as_before(state)
        case states.Missing() if not context.stopping:
            return state, Check(0.0)
        case Absent(_, Proof.RELIABLE) if state.earlier is not None and not context.stopping:
            warning = COMMENTS["gone"].format(id=state.earlier.id)
            return state._replace(phase=Phase.INTENT, warning=warning), WriteIntent()
        case states.Missing() | states.NotConfirmed() | Absent() | ListUnavailable() | Cancelled():
            return _as_before(state, COMMENTS["not-confirmed"])
    raise MisuseError(f"{event!r} in {state.phase}")


def _as_before(state: State, warning: str = "") -> tuple[State, Action]:
    """What is known to exist counts until something newer is known."""
    assert state.earlier is not None  # noqa: S101 - only what was created before is confirmed or restored
    outcome = AlreadyCreated(state.earlier.id, state.earlier.since, warning, state.earlier.found)
    return _done(state, outcome)


def _read_again(state: State, why: str, context: RunContext) -> tuple[State, Action]:
    failed_reads = state.failed_list_reads + 1
    if failed_reads >= LIST_TRIALS:
        return _unknown(state, why)
    return state._replace(failed_list_reads=failed_reads), Check(backoff(failed_reads + 1, context.jitter()))


def _not_created(state: State, why: str, stop: str = "") -> tuple[State, Action]:
    """Proven not created, and given up."""
    if state.sent or stop:
        return _done(state, Failed(COMMENTS[why], state.sent, state.status), stop)
    return _done(state, NotSent(COMMENTS["not-sent"]), stop)


def _done(state: State, outcome: Outcome, stop: str = "") -> tuple[State, Action]:
    """Proven that this life created nothing: what the ledger knows from before stands."""
    record = LedgerStatus.ABSENT
    if state.earlier is not None:
        record = LedgerStatus.FOUND if state.earlier.found else LedgerStatus.CREATED
    return state._replace(phase=Phase.DONE), Finish(outcome, record if state.in_ledger else None, stop)


def _unknown(state: State, why: str, **facts: str) -> tuple[State, Action]:
    record = LedgerStatus.ACKNOWLEDGED if state.acknowledged else LedgerStatus.UNKNOWN
    outcome = Unknown(COMMENTS[why].format(**facts), state.sent, state.status)
    return state._replace(phase=Phase.DONE), Finish(outcome, record)


def _ended(_: State, event: Event, __: RunContext) -> tuple[State, Action]:
    raise MisuseError(f"{event!r} after the end")


_STEPS: dict[Phase, Callable[[State, Event, RunContext], tuple[State, Action]]] = {
    Phase.INTENT: _before,
    Phase.SENDING: _sending,
    Phase.WAITING: _before,
    Phase.CHECKING: _checking,
    Phase.CONFIRMING: _confirming,
    Phase.DONE: _ended,
}
