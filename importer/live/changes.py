"""The life of one change, as a pure machine: what is known → the first state, then (state, event) → (state, action).

    new           LOOKING → STORING → SENDING → DONE          a fresh get, the old object durable, then PUT or DELETE
                                      SENDING → SETTLING      it may have arrived: a get decides
    interrupted   SETTLING → DONE                             begun by an earlier run: a get decides, nothing is sent

It reads no clock and touches nothing: `importer.live.apply` brings the events and does the actions. A get is of one
customization, so that it decides where a list could only hint: as it is to become, as it was, or neither.
"""

from __future__ import annotations

from typing import Literal

from importer.catalogue.changes import COMMENTS
from importer.delivery.pacing import backoff
from importer.ledger.records import ChangeKind, ChangeStatus
from importer.live.states import (
    Answered,
    Cancelled,
    CertificateRejected,
    Context,
    Event,
    Finish,
    Look,
    Lost,
    NeverLeft,
    NotSeen,
    Phase,
    Seen,
    Send,
    Stale,
    Standing,
    State,
    Step,
    Store,
    Stored,
    Unmakeable,
)
from importer.model import Deleted, Failed, HeldBack, NotSent, Outcome, Refused, Replaced, Unchanged, Unknown

LOOKS = 4
"""How often a get that says nothing is asked again, with growing waits."""

SENDS = 3
"""How often a change is sent at most: once, and again where a get shows that nothing came of it. What a 429, a wrong
clock or a server out of reach kept from arriving does not count."""

REACHES = 3
"""How often a server that cannot be reached is tried."""

FIRST_LOOK = 0.5
"""Seconds after a lost answer until the first get."""

UNDOING = {"conflict": "kept-edited", "conflict-sent": "kept-edited-meanwhile", "gone": "kept-gone"}
"""How it is said where a change takes something back."""

STOPPING = {401: "key", 403: "forbidden", 407: "proxy"}


class MisuseError(Exception):
    """An event came that cannot come in this phase: a mistake of the caller's."""


def start(kind: ChangeKind, scope_id: str, *, undoes: bool = False) -> Step:
    """The first state of a change that is decided on, and what to do. `undoes` as of `State`."""
    return State(kind, scope_id, undoes=undoes), Look()


def resume(kind: ChangeKind, scope_id: str, *, visible_after: float) -> Step:
    """The first state of a change that an earlier run began, and what to do. `visible_after` as of `State`."""
    state = State(
        kind, scope_id, Phase.SETTLING, sent=1, doubtful=True, intended=True, resumed=True, visible_after=visible_after
    )
    return state, Look()


def step(state: State, event: Event, context: Context) -> Step:  # noqa: PLR0911 - a case each
    """The next state, and what to do now. Raises `MisuseError` for an event that cannot come in this phase."""
    match state.phase, event:
        case ((Phase.LOOKING | Phase.SETTLING), Seen()):
            return _seen(state._replace(looks=0), event, context)
        case ((Phase.LOOKING | Phase.SETTLING), NotSeen()):
            return _not_seen(state._replace(looks=state.looks + (not event.throttled)), event, context)
        case Phase.LOOKING, Unmakeable("metadata-unknown" | "unreadable" as code):
            return _over(state, code)
        case Phase.LOOKING, Unmakeable(code, detail):
            return _held(state, code, detail=detail)
        case Phase.STORING, Stored():
            state = state._replace(intended=True)
            return _over(state, "stopped") if context.stopping else (state._replace(phase=Phase.SENDING), Send())
        case ((Phase.LOOKING | Phase.STORING | Phase.SENDING | Phase.SETTLING), Cancelled(in_flight)):
            return _cancelled(state, in_flight=in_flight)
        case Phase.SENDING, Stale():
            return state._replace(phase=Phase.SETTLING, aired=True), Look()
        case Phase.SENDING, (Answered() | NeverLeft() | CertificateRejected() | Lost()):
            return _sending(state, event, context)
    raise MisuseError(f"{event!r} in {state.phase}")


# ── What a get says ─────────────────────────────────────────────────────────────────────────────────────


def _seen(state: State, event: Seen, context: Context) -> Step:
    standing = event.standing
    if standing is Standing.GONE:
        standing = Standing.WANTED if state.kind is ChangeKind.DELETE else standing
    match standing:
        case Standing.WANTED:
            return _done(state, "settled") if state.doubtful else _was_so(state)
        case Standing.BEFORE:
            return _as_before(state, event, context)
        case Standing.GONE:
            return _held(state, "gone")
        case _:
            what = f"ID {state.id}; {event.difference}" if event.difference else f"ID {state.id}"
            return _held(state, "conflict-sent" if state.doubtful else "conflict", what=what)


def _as_before(state: State, event: Seen, context: Context) -> Step:
    if state.resumed:
        if event.began < state.visible_after:
            return state, Look(until=state.visible_after)
        return _finished(state, NotSent(COMMENTS["stopped"]), ChangeStatus.NOT_DONE)
    if context.stopping:
        return _over(state, "stopped")
    if not state.intended:
        return state._replace(phase=Phase.STORING), Store()
    if state.sent >= SENDS:
        return _unknown(state, "unknown-still")
    return state._replace(phase=Phase.SENDING), Send()


def _not_seen(state: State, event: NotSeen, context: Context) -> Step:
    if event.stop or context.stopping or state.looks >= LOOKS:
        code = "denied" if event.stop else "stopped" if context.stopping else "unreadable"
        return _over(state, code, stop=event.stop)
    return state, Look(0.0 if event.throttled else backoff(state.looks, context.jitter()))


# ── What an answer says ─────────────────────────────────────────────────────────────────────────────────


def _sending(state: State, event: Event, context: Context) -> Step:
    match event:
        case Answered():
            return _answered(state._replace(status=event.status), event, context)
        case NeverLeft():
            state = state._replace(missed=state.missed + 1)
            if state.missed >= REACHES:
                return _over(state, "not-reached")
            return state._replace(phase=Phase.SETTLING), Look(backoff(state.missed, context.jitter()))
        case CertificateRejected():
            return _over(state, "certificate", stop="certificate")
        case _:
            return _in_doubt(state._replace(status=None), context)


def _answered(state: State, event: Answered, context: Context) -> Step:  # noqa: PLR0911 - a class each
    status = event.status
    if status == 204:
        return _done(state, "")
    if status == 429 or (status == 401 and event.clock_explains and not state.clock_fixed):
        fixed = state.clock_fixed or status == 401
        return state._replace(phase=Phase.SETTLING, refused=state.refused + 1, clock_fixed=fixed), Look()
    if status in STOPPING:
        return _over(state, "denied", stop=STOPPING[status])
    if 300 <= status < 400:
        return _over(state, "redirect", stop="redirect")
    if status == 404 and event.own:
        return _not_found(state)
    if 400 <= status < 500 and status not in {404, 408}:
        refusal = Refused(status, event.reason, event.details, state.sent + state.refused + 1)
        return _finished(state, refusal, ChangeStatus.NOT_DONE)
    return _in_doubt(state, context)


def _not_found(state: State) -> Step:
    """There is none of that ID: one that was sent before may have done it, else someone else did."""
    if state.kind is ChangeKind.REPLACE:
        return _held(state, "gone")
    return _done(state, "settled") if state.doubtful else _was_so(state)


def _in_doubt(state: State, context: Context) -> Step:
    """It may have arrived."""
    state = state._replace(phase=Phase.SETTLING, sent=state.sent + 1, doubtful=True)
    return _unknown(state, "unknown") if context.stopping else (state, Look(FIRST_LOOK))


# ── How it ends ─────────────────────────────────────────────────────────────────────────────────────────


def _cancelled(state: State, *, in_flight: bool) -> Step:
    if in_flight:
        return _unknown(state, "unknown-cut")
    return _over(state, "stopped" if state.intended else "not-sent")


def _over(state: State, code: str, *, stop: str = "") -> Step:
    """Nothing more comes of it in this run, and unless it is in doubt it is proven that nothing was changed."""
    if state.doubtful:
        return _unknown(state, "unknown", stop=stop)
    record = ChangeStatus.NOT_DONE if state.intended else None
    outcome: Outcome = NotSent(COMMENTS[code])
    if code not in {"not-sent", "stopped"}:
        outcome = Failed(COMMENTS[code].format(id=state.id), _attempts(state), state.status)
    return _finished(state, outcome, record, stop)


def _unknown(state: State, code: str, *, stop: str = "") -> Step:
    return _finished(state, Unknown(COMMENTS[code], _attempts(state), state.status), ChangeStatus.UNKNOWN, stop)


def _held(state: State, code: str, **facts: str) -> Step:
    """It is left as it is: what is live is not what the change was decided on, or cannot be changed without loss."""
    if state.undoes:
        code = UNDOING.get(code, code)
    comment = COMMENTS[code].format(id=state.id, **facts)
    record = None
    if state.intended:
        record = ChangeStatus.CONFLICT if state.doubtful else ChangeStatus.NOT_DONE
    return _finished(state, HeldBack(comment, state.id), record)


def _was_so(state: State) -> Step:
    """It is as wanted, and nothing that was sent from here can have made it so."""
    code = "same-already" if state.kind is ChangeKind.REPLACE else "deleted-already"
    return _finished(state, Unchanged(state.id, COMMENTS[code]), ChangeStatus.NOT_DONE if state.intended else None)


def _done(state: State, code: Literal["", "settled"]) -> Step:
    comment = COMMENTS[code] if code else ""
    status = None if code else state.status
    attempts = _attempts(state) + (0 if code else 1)
    made = Replaced if state.kind is ChangeKind.REPLACE else Deleted
    return _finished(state, made(state.id, status, attempts, comment), ChangeStatus.DONE)


def _finished(state: State, outcome: Outcome, record: ChangeStatus | None, stop: str = "") -> Step:
    return state._replace(phase=Phase.DONE), Finish(outcome, record, stop)


def _attempts(state: State) -> int:
    return state.sent + state.refused + state.missed
