"""A scope's life as tables, and under any order of events."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.api.messages import CreatedScope
from importer.catalogue.outcomes import COMMENTS
from importer.delivery import states
from importer.delivery.machine import ATTEMPTS, LIST_TRIALS, RESENDS, MisuseError, start, step
from importer.delivery.states import (
    Absent,
    Check,
    Confirm,
    EarlierCreation,
    Finish,
    Phase,
    Proof,
    RunContext,
    Send,
    State,
    Wait,
    WriteIntent,
)
from importer.ledger import LIVE, Entry, LedgerStatus
from importer.model import AlreadyCreated, Created, Failed, NotSent, Outcome, Refused, Unknown

CONTEXT = RunContext(visible_after=23.0, budget=20)
GIVEN = CreatedScope("id-1", "2027-01-01T00:00:00Z")
SENDING = State(Phase.SENDING, in_ledger=True)
CHECKING = State(Phase.CHECKING, in_ledger=True, attempts=1, sent=1, given_up=1000.0)
EARLIER = EarlierCreation("id-0", None, 3)


def entry(status: LedgerStatus, scope_id: str | None = None) -> Entry:
    return Entry(b"f", 1, status, 3, "basket", "item", "/p/1", 0.0, 1, scope_id, None, None)


def answered(status: int, **more: Any) -> states.Answered:
    return states.Answered(status, 1000.0, **more)


def ends(action: states.Action) -> Finish:
    assert isinstance(action, Finish)
    return action


# ── The first state ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("known", "again", "phase", "action"),
    [
        (None, False, Phase.INTENT, WriteIntent()),
        (None, True, Phase.INTENT, WriteIntent()),
        (entry(LedgerStatus.ABSENT), False, Phase.INTENT, WriteIntent()),
        (entry(LedgerStatus.INTENT), False, Phase.CHECKING, Check(0.0)),
        (entry(LedgerStatus.UNKNOWN), True, Phase.CHECKING, Check(0.0)),
        (entry(LedgerStatus.ACKNOWLEDGED), False, Phase.CHECKING, Check(0.0)),
        (entry(LedgerStatus.CREATED, "id-0"), False, Phase.CONFIRMING, Confirm()),
        (entry(LedgerStatus.CREATED, "id-0"), True, Phase.INTENT, WriteIntent()),
        (entry(LedgerStatus.FOUND, "id-0"), False, Phase.CONFIRMING, Confirm()),
        (entry(LedgerStatus.FOUND, "id-0"), True, Phase.INTENT, WriteIntent()),
    ],
)
def test_how_a_life_begins(known, again, phase, action):
    state, found = start(known, again=again, now=50.0)
    assert (state.phase, found) == (phase, action)
    assert state.acknowledged is (known is not None and known.status is LedgerStatus.ACKNOWLEDGED)
    assert state.in_ledger is (phase is Phase.CHECKING)
    assert (state.earlier is not None) == (known is not None and known.id is not None)
    if state.earlier is not None and known is not None:
        assert state.earlier.run == 3
    if phase is Phase.CHECKING:
        assert state.given_up == 50.0, "after a restart its time is counted anew"


def test_of_an_interrupted_life_the_run_that_made_the_earlier_customization_is_not_known():
    state, _ = start(entry(LedgerStatus.INTENT, "id-0"), again=True, now=0.0)
    assert state.earlier == EarlierCreation("id-0", None, 0)


# ── Answers ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("event", "phase", "action"),
    [
        (answered(201, created=GIVEN), Phase.DONE, Created),
        (answered(200, created=GIVEN), Phase.DONE, Created),
        (answered(299, created=GIVEN), Phase.DONE, Created),
        (answered(201), Phase.CHECKING, Check),
        (answered(204), Phase.CHECKING, Check),
        (answered(300), Phase.DONE, "redirect"),
        (answered(399), Phase.DONE, "redirect"),
        (answered(400), Phase.DONE, Refused),
        (answered(422), Phase.DONE, Refused),
        (answered(499), Phase.DONE, Refused),
        (answered(401), Phase.DONE, "key"),
        (answered(401, clock_explains=True), Phase.WAITING, Wait),
        (answered(403), Phase.DONE, "forbidden"),
        (answered(404), Phase.DONE, "tracker"),
        (answered(407), Phase.DONE, "proxy"),
        (answered(408), Phase.CHECKING, Check),
        (answered(429), Phase.WAITING, Wait),
        (answered(500), Phase.CHECKING, Check),
        (answered(599), Phase.CHECKING, Check),
        (answered(100), Phase.CHECKING, Check),
        (states.NotSentYet(), Phase.WAITING, Wait),
        (states.CertificateRejected(), Phase.DONE, "certificate"),
        (states.ResponseLost(1000.0), Phase.CHECKING, Check),
        (states.Cancelled(1000.0), Phase.DONE, Unknown),
        (states.Cancelled(None), Phase.DONE, NotSent),
    ],
)
def test_what_comes_of_a_create(event, phase, action):
    state, found = step(SENDING, event, CONTEXT)
    assert state.phase is phase
    match found:
        case Finish(outcome, record, stop):
            assert stop == action if isinstance(action, str) else isinstance(outcome, action)
            assert isinstance(outcome, Failed) or not stop
            assert record is {Created: LedgerStatus.CREATED, Unknown: LedgerStatus.UNKNOWN}.get(
                type(outcome), LedgerStatus.ABSENT
            )
        case _:
            assert isinstance(found, action)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_an_id_is_created_and_only_an_odd_status_is_warned_of(status):
    state, action = step(SENDING._replace(warning="Gone before."), answered(status, created=GIVEN), CONTEXT)
    outcome = ends(action).outcome
    assert isinstance(outcome, Created)
    assert (outcome.attempts, state.sent, state.acknowledged) == (1, 1, True)
    odd = "" if status == 201 else " Luigi's Box gave an ID"
    assert outcome.warning.startswith(f"Gone before.{odd}")
    assert (outcome.warning == "Gone before.") == (status == 201)


@pytest.mark.parametrize(
    ("status", "named", "said"),
    [(200, False, False), (200, True, True), (201, False, True), (202, False, True), (204, False, False)],
)
def test_without_an_id_some_answers_say_that_it_is_there_and_the_ledger_is_told(status, named, said):
    state, action = step(SENDING, answered(status, names_target=named), CONTEXT)
    assert state.acknowledged is said
    assert action == Check(1.0, LedgerStatus.ACKNOWLEDGED if said else None)
    assert (state.attempts, state.sent, state.given_up) == (1, 1, 1000.0)


def test_a_second_401_stops_even_if_the_clock_is_wrong():
    state, action = step(SENDING, answered(401, clock_explains=True), CONTEXT)
    assert action == Wait(0.0)
    assert state.attempts == 0, "the one clock correction counts as no attempt"
    state, action = step(state, states.WaitOver(), CONTEXT)
    assert action == Send()
    _, action = step(state, answered(401, clock_explains=True), CONTEXT)
    assert ends(action).stop == "key"


def test_three_times_unsent_is_failed():
    state, action = SENDING, None
    for _ in range(ATTEMPTS):
        state, action = step(state._replace(phase=Phase.SENDING), states.NotSentYet(), CONTEXT)
    assert action is not None
    outcome = ends(action).outcome
    assert isinstance(outcome, Failed)
    assert outcome.attempts == ATTEMPTS == 3


@pytest.mark.parametrize("event", [states.NotSentYet(), Absent(2000.0, Proof.RELIABLE)])
def test_without_budget_nothing_is_sent_again(event):
    before = SENDING if isinstance(event, states.NotSentYet) else CHECKING
    _, action = step(before, event, CONTEXT._replace(budget=0))
    assert isinstance(ends(action).outcome, Failed)


def test_with_a_budget_of_one_it_is_sent_again_once_more():
    last = CONTEXT._replace(budget=1)
    assert step(SENDING, states.NotSentYet(), last)[1] == Wait(0.5, spends=True)
    state, action = step(CHECKING, Absent(2000.0, Proof.RELIABLE), last)
    assert (state.resends, action) == (1, Send(spends=True))


@pytest.mark.parametrize(
    ("resends", "attempts", "again"), [(0, 1, True), (1, 2, True), (2, 2, False), (2, 1, False), (0, 3, False)]
)
def test_what_the_list_says_is_absent_is_sent_again_twice_at_most(resends, attempts, again):
    before = CHECKING._replace(resends=resends, attempts=attempts)
    state, action = step(before, Absent(2000.0, Proof.RELIABLE), CONTEXT)
    assert (state.phase is Phase.SENDING) is again
    if not again:
        assert ends(action).outcome == Failed(COMMENTS["failed-absent"], 1, None)


def test_what_a_killed_run_left_unsent_costs_no_budget():
    left = State(Phase.CHECKING, in_ledger=True, given_up=1000.0)
    state, action = step(left, Absent(2000.0, Proof.RELIABLE), CONTEXT._replace(budget=0))
    assert action == Send(spends=False)
    assert state.resends == 0


def test_a_429_costs_neither_attempt_nor_budget():
    state, action = step(SENDING, answered(429), CONTEXT._replace(budget=0))
    assert state.attempts == 0
    assert action == Wait(0.0)


# ── The list ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("began", "proof", "acknowledged", "expected"),
    [
        (1022.9, Proof.RELIABLE, False, Check),
        (1023.0, Proof.RELIABLE, False, Send),
        (1099.0, Proof.PENDING, False, Check),
        (1099.0, Proof.INCOMPLETE, False, Check),
        (1099.0, Proof.UNSTABLE, False, Unknown),
        (1099.0, Proof.NO_CANARY, False, Unknown),
        (1099.0, Proof.NO_BASELINE, False, Unknown),
        (1022.9, Proof.NO_CANARY, False, Check),
        (1022.9, Proof.RELIABLE, True, Check),
        (1023.0, Proof.RELIABLE, True, Unknown),
    ],
)
def test_what_an_absence_is_worth(began, proof, acknowledged, expected):
    _, action = step(CHECKING._replace(acknowledged=acknowledged), Absent(began, proof), CONTEXT)
    assert isinstance(action.outcome if isinstance(action, Finish) else action, expected)
    if expected is Unknown:
        record = LedgerStatus.ACKNOWLEDGED if acknowledged else LedgerStatus.UNKNOWN
        assert ends(action).record is record


@pytest.mark.parametrize("event", [Absent(2000.0, Proof.INCOMPLETE), states.ListUnavailable(forever=False)])
def test_a_list_in_trouble_is_read_a_few_times(event):
    state, action, delays = CHECKING, None, []
    for _ in range(LIST_TRIALS - 1):
        state, action = step(state, event, CONTEXT)
        assert isinstance(action, Check)
        delays.append(action.delay)
    assert delays == [1.0, 2.0, 4.0]
    _, action = step(state, event, CONTEXT)
    assert isinstance(ends(action).outcome, Unknown)


def test_no_list_is_unknown_at_once():
    assert isinstance(ends(step(CHECKING, states.ListUnavailable(forever=True), CONTEXT)[1]).outcome, Unknown)


def test_what_is_found_is_created_and_what_is_in_conflict_is_unknown_with_its_ids():
    found = ends(step(CHECKING._replace(warning="Gone before."), states.Found(GIVEN), CONTEXT)[1])
    assert found.record is LedgerStatus.CREATED
    assert isinstance(found.outcome, Created)
    assert found.outcome.adopted
    assert found.outcome.warning == f"Gone before. {COMMENTS['adopted']}"
    conflict = states.Conflicting(("a", "b"), "unknown-other", "tags: 1 / 2")
    unknown = ends(step(CHECKING, conflict, CONTEXT)[1]).outcome
    assert isinstance(unknown, Unknown)
    assert "a, b" in unknown.comment
    assert "tags: 1 / 2" in unknown.comment


def test_checks_come_soon_at_first_and_last_when_the_time_is_over():
    state, action, delays = CHECKING, None, []
    for began in (1000.5, 1001.6, 1004.0, 1008.0):
        state, action = step(state, Absent(began, Proof.PENDING), CONTEXT)
        assert isinstance(action, Check)
        delays.append(round(action.delay, 2))
    assert delays == [2.0, 4.0, 19.05, 15.05]


def test_a_check_is_not_put_off_beyond_the_moment_from_which_its_absence_counts():
    _, action = step(CHECKING, Absent(1022.75, Proof.PENDING), CONTEXT)
    assert isinstance(action, Check)
    assert action.delay == pytest.approx(0.3)


@pytest.mark.parametrize(("visible_after", "delay"), [(40.0, 5.0), (8.0, 2.0)])
def test_what_may_yet_be_shown_is_waited_for_a_few_seconds(visible_after, delay):
    _, action = step(CHECKING, Absent(1099.0, Proof.PENDING), CONTEXT._replace(visible_after=visible_after))
    assert action == Check(delay)


def test_a_new_doubt_is_looked_into_from_the_beginning():
    state, _ = step(SENDING._replace(looks=3, failed_list_reads=3), states.ResponseLost(1000.0), CONTEXT)
    assert (state.looks, state.failed_list_reads) == (0, 0)


# ── Created long ago, and sent again ────────────────────────────────────────────────────────────────────

CONFIRMING = State(Phase.CONFIRMING, EARLIER)


@pytest.mark.parametrize(
    ("event", "warned"),
    [
        (states.Confirmed(), False),
        (states.NotConfirmed(), True),
        (Absent(1.0, Proof.NO_CANARY), True),
        (Absent(1.0, Proof.INCOMPLETE), True),
        (states.ListUnavailable(forever=True), True),
        (states.Cancelled(), True),
    ],
)
def test_what_is_known_to_exist_counts_until_something_newer_is_known(event, warned):
    finish = ends(step(CONFIRMING, event, CONTEXT)[1])
    assert isinstance(finish.outcome, AlreadyCreated)
    assert (finish.outcome.id, bool(finish.outcome.warning), finish.record) == ("id-0", warned, None)


def test_a_404_is_a_hint_and_the_list_decides():
    state, action = step(CONFIRMING, states.Missing(), CONTEXT)
    assert (state.phase, action) == (Phase.CONFIRMING, Check(0.0))
    state, action = step(state, Absent(1.0, Proof.RELIABLE), CONTEXT)
    assert (state.phase, action) == (Phase.INTENT, WriteIntent())
    assert "id-0" in state.warning


@pytest.mark.parametrize("event", [states.Missing(), Absent(1.0, Proof.RELIABLE)])
def test_what_is_gone_begins_no_new_life_once_the_run_ends(event):
    outcome = ends(step(CONFIRMING, event, CONTEXT._replace(stopping="interrupted"))[1]).outcome
    assert outcome == AlreadyCreated("id-0", None, COMMENTS["not-confirmed"])


@pytest.mark.parametrize("event", [answered(403), answered(422), states.Cancelled(None)])
def test_a_new_life_that_creates_nothing_leaves_the_earlier_one_as_it_was(event):
    wished = State(Phase.SENDING, EARLIER, wished=True, in_ledger=True)
    assert ends(step(wished, event, CONTEXT)[1]).record is LedgerStatus.CREATED


def test_what_was_found_and_is_not_doubled_after_all_stays_found():
    state, _ = start(entry(LedgerStatus.FOUND, "id-0"), again=True, now=0.0)
    for event in (states.IntentStored(), answered(422)):
        state, action = step(state, event, CONTEXT)
    assert ends(action).record is LedgerStatus.FOUND
    confirmed = step(start(entry(LedgerStatus.FOUND, "id-0"), again=False, now=0.0)[0], states.Confirmed(), CONTEXT)
    outcome = ends(confirmed[1]).outcome
    assert isinstance(outcome, AlreadyCreated)
    assert outcome.found


def test_an_interrupted_wish_is_fulfilled_only_while_it_is_wished():
    left = entry(LedgerStatus.INTENT, "id-0")
    for again, expected in ((True, Send()), (False, None)):
        state, _ = start(left, again=again, now=0.0)
        _, action = step(state, Absent(50.0, Proof.RELIABLE), CONTEXT)
        if expected is not None:
            assert action == expected
        else:
            finish = ends(action)
            assert finish.record is LedgerStatus.CREATED
            assert isinstance(finish.outcome, AlreadyCreated)


# ── The end of the run ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("phase", [Phase.INTENT, Phase.WAITING])
def test_stopping_before_a_send(phase):
    _, action = step(State(phase), states.Cancelled(), CONTEXT)
    assert isinstance(ends(action).outcome, NotSent)
    assert ends(action).record is None, "the ledger was told nothing"
    _, action = step(State(phase, in_ledger=True, sent=1, attempts=1), states.Cancelled(), CONTEXT)
    assert isinstance(ends(action).outcome, Failed)
    assert ends(action).record is LedgerStatus.ABSENT


def test_an_intent_that_became_durable_while_the_run_ends_is_taken_back():
    _, action = step(State(), states.IntentStored(), CONTEXT._replace(stopping="interrupted"))
    assert ends(action) == Finish(ends(action).outcome, LedgerStatus.ABSENT)
    assert isinstance(ends(action).outcome, NotSent)


@pytest.mark.parametrize(
    ("state", "event", "sent"),
    [
        (SENDING._replace(sent=1), states.Cancelled(None), 1),
        (SENDING, states.NotSentYet(), 1),
        (CHECKING, Absent(2000.0, Proof.RELIABLE), 1),
    ],
)
def test_what_would_be_sent_again_is_failed_once_the_run_ends(state, event, sent):
    _, action = step(state, event, CONTEXT._replace(stopping="interrupted"))
    assert ends(action).outcome == Failed(COMMENTS["stopped-before-retry"], sent, None)


def test_stopping_while_checking_is_unknown():
    assert isinstance(ends(step(CHECKING, states.Cancelled(), CONTEXT)[1]).outcome, Unknown)


def test_an_event_that_cannot_come_is_a_mistake():
    impossible = [
        (State(), states.WaitOver()),
        (SENDING, states.WaitOver()),
        (CHECKING, states.IntentStored()),
        (CONFIRMING, states.IntentStored()),
    ]
    for state, event in impossible:
        with pytest.raises(MisuseError, match=f"^{re.escape(f'{event!r} in {state.phase}')}$"):
            step(state, event, CONTEXT)
    with pytest.raises(MisuseError, match=r"^WaitOver\(\) after the end$"):
        step(State(Phase.DONE), states.WaitOver(), CONTEXT)


# ── Any order of events ─────────────────────────────────────────────────────────────────────────────────

STATUSES = st.sampled_from([200, 201, 202, 204, 302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 503])
ANSWERS = st.builds(
    states.Answered,
    STATUSES,
    st.just(1000.0),
    st.none() | st.just(GIVEN),
    st.booleans(),
    st.booleans(),
)
IN_FLIGHT = ANSWERS | st.sampled_from([states.NotSentYet(), states.CertificateRejected(), states.ResponseLost(1000.0)])
IN_LIST = (
    st.sampled_from([states.Found(GIVEN), states.Conflicting(("a",), "unknown-several")])
    | st.builds(Absent, st.sampled_from([1001.0, 1030.0, 1050.0]), st.sampled_from(Proof))
    | st.builds(states.ListUnavailable, st.booleans())
)
CONFIRMATIONS = st.sampled_from([states.Confirmed(), states.NotConfirmed(), states.Missing()])
KNOWN = st.none() | st.builds(entry, st.sampled_from(LedgerStatus), st.none() | st.just("id-0")).filter(
    lambda known: known.status not in LIVE or known.id is not None
)


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_under_any_events_no_scope_is_lost_or_sent_when_it_must_not_be(data):  # noqa: C901
    """Never two creates in flight, none after an answer that says it was created, none from doubt without a reading
    that can be relied upon; every scope ends."""
    known, again = data.draw(KNOWN), data.draw(st.booleans())
    state, action = start(known, again=again, now=1000.0)
    doubtful = known is not None and known.status in {
        LedgerStatus.INTENT, LedgerStatus.UNKNOWN, LedgerStatus.ACKNOWLEDGED,
    }  # fmt: skip
    accepted = known is not None and known.status is LedgerStatus.ACKNOWLEDGED
    in_flight, event, budget = False, None, data.draw(st.integers(0, 3))
    for turn in range(200):
        reliable = isinstance(event, Absent) and event.proof is Proof.RELIABLE and event.began >= 1023.0
        match action:
            case Finish(outcome, record):
                _ends_well(outcome, record, state, accepted=accepted, open_question=doubtful and not reliable)
                return
            case Send(spends):
                assert not in_flight
                assert not accepted
                assert reliable or not doubtful
                in_flight, doubtful, budget = True, False, budget - spends
                event = data.draw(IN_FLIGHT)
            case Wait(_, spends):
                budget -= spends
                event = states.WaitOver()
            case Check(_, record):
                assert record in {None, LedgerStatus.ACKNOWLEDGED}
                found = Absent(1.0, data.draw(st.sampled_from(Proof)))
                event = found if state.phase is Phase.CONFIRMING else data.draw(IN_LIST)
            case Confirm():
                event = data.draw(CONFIRMATIONS)
            case WriteIntent():
                event = states.IntentStored()
        stopping = "interrupted" if turn > 150 or data.draw(st.integers(0, 30)) == 0 else ""
        if stopping and not in_flight:
            event = states.Cancelled()
        in_flight = False
        if isinstance(event, states.ResponseLost) or (
            isinstance(event, states.Answered) and (event.status in {408, 500, 503} or 200 <= event.status < 300)
        ):
            doubtful = True
        if isinstance(event, states.Answered):
            accepted = accepted or event.status in {201, 202} or (event.names_target and 200 <= event.status < 300)
        state, action = step(state, event, CONTEXT._replace(budget=budget, stopping=stopping))
    pytest.fail("it never ended")


def _ends_well(
    outcome: Outcome, record: LedgerStatus | None, state: State, *, accepted: bool, open_question: bool
) -> None:
    assert state.phase is Phase.DONE
    assert state.resends <= RESENDS
    assert state.attempts <= ATTEMPTS
    if accepted:
        assert isinstance(outcome, Created | Unknown)
    if isinstance(outcome, NotSent):
        assert not state.sent
    if open_question:
        assert isinstance(outcome, Created | Unknown), "only a reading to rely upon may say that it was not created"
    if isinstance(outcome, Unknown):
        assert record is (LedgerStatus.ACKNOWLEDGED if state.acknowledged else LedgerStatus.UNKNOWN)
    if isinstance(outcome, Created):
        assert record is LedgerStatus.CREATED
    if record is LedgerStatus.ABSENT:
        assert state.earlier is None
