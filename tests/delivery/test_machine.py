"""A scope's life as tables, and under any order of events."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.api.messages import Given
from importer.delivery import life
from importer.delivery.life import Check, Commit, Finish, Phase, Proof, Send, State, Wait, World
from importer.delivery.machine import ATTEMPTS, RESENDS, MisuseError, step
from importer.model import Created, Failed, NotSent, Outcome, Refused, Unknown

WORLD = World(fence=23.0, tolerance=4.0, budget=20)
GIVEN = Given("id-1", "2027-01-01T00:00:00Z")
SENDING = State(Phase.SENDING)
CHECKING = State(Phase.CHECKING, attempts=1, sent=1, signed=1000.0)


def answered(status: int, **more: object) -> life.Answered:
    return life.Answered(status, 1000.0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "phase", "action"),
    [
        (answered(201, given=GIVEN), Phase.DONE, Created),
        (answered(200, given=GIVEN), Phase.DONE, Created),
        (answered(299, given=GIVEN), Phase.DONE, Created),
        (answered(201), Phase.CHECKING, Check),
        (answered(204), Phase.CHECKING, Check),
        (answered(300), Phase.DONE, "redirect"),
        (answered(399), Phase.DONE, "redirect"),
        (answered(400), Phase.DONE, Refused),
        (answered(422), Phase.DONE, Refused),
        (answered(499), Phase.DONE, Refused),
        (answered(401), Phase.DONE, "key"),
        (answered(401, date=1001.9), Phase.DONE, "key"),
        (answered(401, date=1002.0), Phase.WAITING, Wait),
        (answered(401, date=998.0), Phase.WAITING, Wait),
        (answered(403), Phase.DONE, "forbidden"),
        (answered(404), Phase.DONE, "tracker"),
        (answered(408), Phase.CHECKING, Check),
        (answered(429), Phase.WAITING, Wait),
        (answered(500), Phase.CHECKING, Check),
        (answered(599), Phase.CHECKING, Check),
        (answered(100), Phase.CHECKING, Check),
        (life.Unsent(), Phase.WAITING, Wait),
        (life.Distrusted(), Phase.DONE, "certificate"),
        (life.Vanished(1000.0), Phase.CHECKING, Check),
        (life.Cut(1000.0), Phase.DONE, Unknown),
        (life.Cut(None), Phase.DONE, NotSent),
    ],
)
def test_what_comes_of_a_create(event: life.Event, phase: Phase, action: type | str) -> None:
    state, found = step(SENDING, event, WORLD)
    assert state.phase is phase
    match found:
        case Finish(outcome, stop):
            assert stop == action if isinstance(action, str) else isinstance(outcome, action)
            assert isinstance(outcome, Failed) or not stop
        case _:
            assert isinstance(found, action)  # type: ignore[arg-type]


def test_a_second_401_stops_even_if_the_clock_is_wrong() -> None:
    state, _ = step(SENDING, answered(401, date=2000.0), WORLD)
    assert state.attempts == 0, "the one clock correction counts as no attempt"
    state, _ = step(state, life.Due(), WORLD)
    _, action = step(state, answered(401, date=2000.0), WORLD)
    assert isinstance(action, Finish)
    assert action.stop == "key"


def test_three_times_unsent_is_failed() -> None:
    state, action = SENDING, None
    for _ in range(ATTEMPTS):
        state, action = step(state._replace(phase=Phase.SENDING), life.Unsent(), WORLD)
    assert isinstance(action, Finish)
    assert action.outcome == Failed(action.outcome.comment, ATTEMPTS)  # type: ignore[union-attr]


@pytest.mark.parametrize("event", [life.Unsent(), life.Absent(2000.0, Proof.TESTED)])
def test_without_budget_nothing_is_sent_again(event: life.Event) -> None:
    before = SENDING if isinstance(event, life.Unsent) else CHECKING
    _, action = step(before, event, WORLD._replace(budget=0))
    assert isinstance(action, Finish)
    assert isinstance(action.outcome, Failed)


def test_what_a_killed_run_left_unsent_costs_no_budget() -> None:
    left = State(Phase.CHECKING, signed=1000.0)
    state, action = step(left, life.Absent(2000.0, Proof.TESTED), WORLD._replace(budget=0))
    assert action == Send(spends=False)
    assert state.resends == 0


def test_a_429_costs_neither_attempt_nor_budget() -> None:
    state, action = step(SENDING, answered(429, retry_after=7.0), WORLD._replace(budget=0))
    assert state.attempts == 0
    assert action == Wait(0.0, throttled=True, retry_after=7.0)


@pytest.mark.parametrize(
    ("date", "proof", "seen", "expected"),
    [
        (1022.9, Proof.TESTED, False, Check),
        (1023.0, Proof.TESTED, False, Send),
        (1045.9, Proof.WELL_FORMED, False, Check),
        (1046.0, Proof.WELL_FORMED, False, Send),
        (1099.0, Proof.PENDING, False, Check),
        (1099.0, Proof.FAILED, False, Unknown),
        (1022.9, Proof.FAILED, False, Check),
        (1022.9, Proof.TESTED, True, Check),
        (1023.0, Proof.TESTED, True, Unknown),
        (None, Proof.TESTED, False, Unknown),
    ],
)
def test_what_an_absence_is_worth(date: float | None, proof: Proof, seen: bool, expected: type) -> None:
    _, action = step(CHECKING._replace(seen=seen), life.Absent(date, proof), WORLD)
    assert isinstance(action.outcome if isinstance(action, Finish) else action, expected)


def test_a_request_signed_by_a_dead_process_may_have_been_signed_just_now() -> None:
    state, action = step(CHECKING._replace(signed=None), life.Absent(5000.0, Proof.TESTED), WORLD)
    assert state.signed == 5004.0
    assert isinstance(action, Check)
    _, action = step(state, life.Absent(5027.0, Proof.TESTED), WORLD)
    assert isinstance(action, Send)


def test_checks_come_soon_at_first_and_last_when_the_fence_has_passed() -> None:
    state, action, delays = CHECKING, None, []
    for date in (1000.5, 1001.6, 1004.0, 1008.0):
        state, action = step(state, life.Absent(date, Proof.PENDING), WORLD)
        assert isinstance(action, Check)
        delays.append(round(action.delay, 2))
    assert delays == [2.0, 4.0, 19.05, 15.05]


@pytest.mark.parametrize("phase", [Phase.READY, Phase.INTENT, Phase.WAITING])
def test_stopping_before_a_send(phase: Phase) -> None:
    _, action = step(State(phase), life.Stopped(), WORLD)
    assert isinstance(action, Finish)
    assert isinstance(action.outcome, NotSent)
    _, action = step(State(phase, sent=1, attempts=1), life.Stopped(), WORLD)
    assert isinstance(action, Finish)
    assert isinstance(action.outcome, Failed)


def test_stopping_while_checking_is_unknown() -> None:
    _, action = step(CHECKING, life.Stopped(), WORLD)
    assert isinstance(action, Finish)
    assert isinstance(action.outcome, Unknown)


def test_an_event_that_cannot_come_is_a_mistake() -> None:
    for state, event in ((State(Phase.DONE), life.Begin()), (State(), life.Due()), (SENDING, life.Begin())):
        with pytest.raises(MisuseError):
            step(state, event, WORLD)
    with pytest.raises(MisuseError):
        step(CHECKING, life.Begin(), WORLD)


STATUSES = st.sampled_from([200, 201, 202, 204, 302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 503])
ANSWERS = st.builds(
    life.Answered,
    STATUSES,
    st.just(1000.0),
    st.none() | st.sampled_from([1000.0, 1060.0]),
    st.none() | st.just(GIVEN),
)
IN_FLIGHT = ANSWERS | st.just(life.Unsent()) | st.just(life.Distrusted()) | st.just(life.Vanished(1000.0))
IN_LIST = (
    st.just(life.Found(GIVEN))
    | st.builds(life.Absent, st.none() | st.sampled_from([1001.0, 1030.0, 1050.0]), st.sampled_from(Proof))
    | st.just(life.Ambiguous())
    | st.builds(life.Listless, st.booleans())
)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_under_any_events_no_scope_is_lost_or_sent_when_it_must_not_be(  # noqa: C901
    data: st.DataObject,
) -> None:
    """Never two creates in flight, none after a 201, none again without a completed check; every scope ends."""
    state, action = State(), None
    event: life.Event = life.Begin()
    in_flight, doubtful, accepted, sends, budget = False, False, False, 0, data.draw(st.integers(0, 3))
    for turn in range(200):
        stopping = "interrupted" if turn > 150 or data.draw(st.integers(0, 30)) == 0 else ""
        if isinstance(event, life.Answered | life.Unsent | life.Distrusted | life.Vanished | life.Cut):
            in_flight = False
        if isinstance(event, life.Vanished) or (
            isinstance(event, life.Answered) and (event.status in {408, 500, 503} or 200 <= event.status < 300)
        ):
            doubtful = True
        if isinstance(event, life.Answered) and event.status == 201:
            accepted = True
        absent = isinstance(event, life.Absent) and event.date is not None and event.proof is not Proof.FAILED
        state, action = step(state, event, WORLD._replace(budget=budget, stopping=stopping))
        if isinstance(action, Send):
            assert not in_flight
            assert not accepted
            assert absent or not doubtful
            assert not stopping
            in_flight, doubtful, sends = True, False, sends + 1
        match action:
            case Finish(outcome):
                _ends_well(outcome, state, accepted=accepted, open_question=doubtful and not absent)
                return
            case Send(_, spends):
                budget -= spends
                event = data.draw(IN_FLIGHT)
            case Wait(_, spends):
                budget -= spends
                event = life.Stopped() if stopping else life.Due()
            case Check():
                event = life.Stopped() if stopping else data.draw(IN_LIST)
            case Commit():
                event = life.Committed()
    pytest.fail("it never ended")


def _ends_well(outcome: Outcome, state: State, *, accepted: bool, open_question: bool) -> None:
    assert state.phase is Phase.DONE
    assert state.resends <= RESENDS
    assert state.attempts <= ATTEMPTS
    if accepted:
        assert isinstance(outcome, Created | Unknown)
    if isinstance(outcome, NotSent):
        assert not state.sent
    if open_question:
        assert isinstance(outcome, Created | Unknown), "only a completed check may say that it was not created"
