"""A scope's life, as a pure machine: (state, event, world) → (state, action).

    READY → INTENT → SENDING → CREATED | REFUSED | FAILED
                     SENDING → WAITING → SENDING          proven not applied: sent again
                     SENDING → CHECKING                   it may have arrived: only the server's list can tell
                     CHECKING → CREATED | SENDING | UNKNOWN

It reads no clock and touches nothing: whoever runs it brings the events and does the actions. All times are Unix
seconds by the server's clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.catalogue.run import COMMENTS
from importer.delivery.life import (
    Absent,
    Action,
    Ambiguous,
    Answered,
    Begin,
    Check,
    Commit,
    Committed,
    Cut,
    Distrusted,
    Due,
    Event,
    Finish,
    Found,
    Listless,
    Phase,
    Proof,
    Send,
    State,
    Stopped,
    Unsent,
    Vanished,
    Wait,
    World,
)
from importer.delivery.pacing import backoff
from importer.model import Created, Failed, NotSent, Refused, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 3
"""Creates of one scope in a run, at most; a 429 and the one clock correction do not count."""

RESENDS = 2
"""How often a scope may be sent again because the list says that it is absent."""

LIST_TRIALS = 4
"""How often a list that does not answer is asked again for one scope before it stays unknown."""

SKEW = 2.0
"""A clock that is off by this many seconds or more explains a 401, and is corrected."""


STOPPING = {401: "key", 403: "forbidden", 404: "tracker"}


class MisuseError(Exception):
    """An event came that cannot come in this phase: a mistake of the caller's."""


def step(state: State, event: Event, world: World) -> tuple[State, Action]:
    """The next state, and what to do now. Raises `MisuseError` for an event that cannot come in this phase."""
    return _STEPS[state.phase](state, event, world)


_NEXT: dict[Phase, type[Begin | Committed | Due]] = {
    Phase.READY: Begin,
    Phase.INTENT: Committed,
    Phase.WAITING: Due,
}


def _before(state: State, event: Event, world: World) -> tuple[State, Action]:
    """Nothing of it is in flight, and it is proven that it was not created."""
    if isinstance(event, Stopped) or world.stopping:
        return _given_up(state, "stopped-before-retry")
    comes = _NEXT[state.phase]
    if not isinstance(event, comes):
        raise MisuseError(f"{event!r} in {state.phase}")
    if comes is Begin:
        return state._replace(phase=Phase.INTENT), Commit()
    return state._replace(phase=Phase.SENDING), Send()


def _sending(state: State, event: Event, world: World) -> tuple[State, Action]:
    match event:
        case Answered():
            return _answered(state._replace(sent=state.sent + 1, status=event.status), event, world)
        case Unsent():
            return _retried(state._replace(attempts=state.attempts + 1, sent=state.sent + 1), "unreachable", world)
        case Distrusted():
            state = state._replace(phase=Phase.DONE, sent=state.sent + 1)
            return state, Finish(Failed(COMMENTS["certificate"], state.sent), "certificate")
        case Vanished(signed):
            return _doubtful(state._replace(sent=state.sent + 1, signed=signed, status=None), world)
        case Cut(signed):
            if signed is None:
                return _given_up(state, "stopped-before-retry")
            return _unknown(state._replace(sent=state.sent + 1, signed=signed), "unknown-cut")
    raise MisuseError(f"{event!r} in {state.phase}")


def _answered(state: State, event: Answered, world: World) -> tuple[State, Action]:  # noqa: PLR0911 - one line a class
    status = event.status
    if 200 <= status < 300:
        return _accepted(state, event, world)
    if status == 429:
        wait = Wait(0.0, throttled=True, retry_after=event.retry_after)
        return state._replace(phase=Phase.WAITING), wait
    if status == 401 and not state.clock_fixed and event.date is not None and abs(event.date - event.signed) >= SKEW:
        return state._replace(phase=Phase.WAITING, clock_fixed=True), Wait(0.0)
    if status == 408 or status >= 500 or status < 200:
        return _doubtful(state._replace(signed=event.signed), world)
    done = state._replace(phase=Phase.DONE)
    if status < 400:
        return done, Finish(Failed(COMMENTS["redirect"], state.sent, status), "redirect")
    if status in STOPPING:
        return done, Finish(Failed(COMMENTS[STOPPING[status]], state.sent, status), STOPPING[status])
    return done, Finish(Refused(status, event.reason, event.details, state.sent))


def _accepted(state: State, event: Answered, world: World) -> tuple[State, Action]:
    if event.given is None:
        seen = state.seen or event.status in {201, 202}
        return _doubtful(state._replace(signed=event.signed, seen=seen), world)
    odd = COMMENTS["odd-status"].format(status=event.status) if event.status != 201 else ""
    warning = " ".join(part for part in (state.warning, odd) if part)
    outcome = Created(event.given.id, event.status, state.sent, event.given.created_at, warning=warning)
    return state._replace(phase=Phase.DONE, seen=True), Finish(outcome)


def _retried(state: State, why: str, world: World) -> tuple[State, Action]:
    """Proven not applied: again, if attempts and budget allow."""
    if state.attempts >= ATTEMPTS:
        return state._replace(phase=Phase.DONE), Finish(Failed(COMMENTS[f"failed-{why}"], state.sent, state.status))
    if world.budget <= 0:
        return state._replace(phase=Phase.DONE), Finish(Failed(COMMENTS["failed-budget"], state.sent, state.status))
    if world.stopping:
        return _given_up(state, "stopped-before-retry")
    return state._replace(phase=Phase.WAITING), Wait(backoff(state.attempts, world.luck()), spends=True)


def _doubtful(state: State, world: World) -> tuple[State, Action]:
    """It may have arrived."""
    state = state._replace(phase=Phase.CHECKING, attempts=state.attempts + 1, trials=0, checks=0)
    if world.stopping:
        return _unknown(state, "unknown-stopped")
    return state, Check(min(1.0, world.fence))


def _checking(state: State, event: Event, world: World) -> tuple[State, Action]:
    match event:
        case Found(given):
            outcome = Created(
                given.id, state.status, state.sent, given.created_at, adopted=True, warning=COMMENTS["adopted"]
            )
            return state._replace(phase=Phase.DONE, seen=True), Finish(outcome)
        case Absent():
            return _absent(state._replace(trials=0, checks=state.checks + 1), event, world)
        case Ambiguous():
            return _unknown(state, "unknown-several")
        case Listless(forever):
            trials = state.trials + 1
            if forever or trials >= LIST_TRIALS:
                return _unknown(state, "unknown-list" if not forever else "unknown-no-list")
            return state._replace(trials=trials), Check(backoff(trials + 1, world.luck()))
        case Stopped() | Cut():
            return _unknown(state, "unknown-stopped")
    raise MisuseError(f"{event!r} in {state.phase}")


def wants_proof(state: State, date: float | None, world: World) -> bool:
    """Whether an absence of that date would have a scope sent again, if the list can be relied upon."""
    known = date is not None and state.signed is not None and not state.seen
    return known and _missing(state, date or 0.0, world) <= 0


def _missing(state: State, date: float, world: World) -> float:
    """Seconds that the list's date is too early for its absence to count."""
    return (state.signed or 0.0) + world.fence - date


def _absent(state: State, event: Absent, world: World) -> tuple[State, Action]:
    if event.date is None:
        return _unknown(state, "unknown-undated")
    if state.signed is None:
        # Another process signed it, at the latest just now, with a clock that was off by the tolerance at most.
        state = state._replace(signed=event.date + world.tolerance)
    missing = _missing(state, event.date, world) + (world.fence if event.proof is Proof.WELL_FORMED else 0.0)
    if missing > 0:
        return state, Check(_until(missing, state.checks))
    if state.seen:
        return _unknown(state, "unknown-seen")
    if event.proof is Proof.PENDING:
        return state, Check(min(5.0, world.fence / 4))
    if event.proof is Proof.FAILED:
        return _unknown(state, "unknown-untrusted")
    return _resent(state, world)


def _resent(state: State, world: World) -> tuple[State, Action]:
    """The list proves that it was not created."""
    if world.stopping:
        return _given_up(state, "stopped-before-retry")
    if state.resends >= RESENDS or state.attempts >= ATTEMPTS:
        return state._replace(phase=Phase.DONE), Finish(Failed(COMMENTS["failed-absent"], state.sent, state.status))
    # What a killed run left unsent is sent for the first time here: however much that is, it costs no budget.
    spends = state.sent > 0
    if spends and world.budget <= 0:
        return state._replace(phase=Phase.DONE), Finish(Failed(COMMENTS["failed-budget"], state.sent, state.status))
    return state._replace(phase=Phase.SENDING, resends=state.resends + spends), Send(spends=spends)


def _until(missing: float, checks: int) -> float:
    """When to look again: soon at first, for a scope that is there is adopted as soon as it is seen."""
    return min(missing + 0.05, 2.0**checks) if checks < 3 else missing + 0.05


def _given_up(state: State, why: str) -> tuple[State, Action]:
    done = state._replace(phase=Phase.DONE)
    if state.sent:
        return done, Finish(Failed(COMMENTS[why], state.sent, state.status))
    return done, Finish(NotSent(COMMENTS["not-sent"]))


def _unknown(state: State, why: str) -> tuple[State, Action]:
    return state._replace(phase=Phase.DONE), Finish(Unknown(COMMENTS[why], state.sent, state.status))


def _ended(_: State, event: Event, __: World) -> tuple[State, Action]:
    raise MisuseError(f"{event!r} after the end")


_STEPS: dict[Phase, Callable[[State, Event, World], tuple[State, Action]]] = {
    Phase.READY: _before,
    Phase.INTENT: _before,
    Phase.WAITING: _before,
    Phase.SENDING: _sending,
    Phase.CHECKING: _checking,
    Phase.DONE: _ended,
}
