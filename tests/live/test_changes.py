"""The life of one change, as tables and under any order of events."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.ledger.records import ChangeKind, ChangeStatus
from importer.live.changes import (
    LOOKS,
    REACHES,
    SENDS,
    Answered,
    Cancelled,
    CertificateRejected,
    Context,
    Event,
    Finish,
    Look,
    Lost,
    MisuseError,
    NeverLeft,
    NotSeen,
    Phase,
    Seen,
    Send,
    Stale,
    Standing,
    State,
    Store,
    Stored,
    Unmakeable,
    resume,
    start,
    step,
)
from importer.model import Deleted, Failed, HeldBack, NotSent, Refused, Replaced, Unchanged, Unknown

REPLACE, DELETE = ChangeKind.REPLACE, ChangeKind.DELETE
WANTED, BEFORE, OTHER, GONE = Standing
LOOKING = State(REPLACE, "id-1")
SENDING = State(REPLACE, "id-1", Phase.SENDING, intended=True)
SETTLING = State(REPLACE, "id-1", Phase.SETTLING, sent=1, doubtful=True, intended=True)
GOING, STOPPING = Context(), Context(stopping=True)


def ends(state: State, event: Event, context: Context = GOING) -> Finish:
    state, action = step(state, event, context)
    assert state.phase is Phase.DONE
    assert isinstance(action, Finish)
    return action


def test_it_begins_with_a_fresh_get() -> None:
    assert start(DELETE, "id-1") == (State(DELETE, "id-1", Phase.LOOKING), Look())


def test_a_good_day() -> None:
    state, action = start(REPLACE, "id-1")
    assert action == Look()
    state, action = step(state, Seen(BEFORE), GOING)
    assert (state.phase, action) == (Phase.STORING, Store())
    state, action = step(state, Stored(), GOING)
    assert (state.phase, action) == (Phase.SENDING, Send())
    finish = ends(state, Answered(204))
    assert finish == Finish(Replaced("id-1", 204, 1), ChangeStatus.DONE)


@pytest.mark.parametrize(
    ("kind", "event", "outcome", "words"),
    [
        (REPLACE, Seen(WANTED), Unchanged, "like this already"),
        (REPLACE, Seen(OTHER, 0.0, "tags: a / b"), HeldBack, "changed in Luigi's Box since it was read (ID id-1; tags"),
        (REPLACE, Seen(OTHER), HeldBack, "since it was read (ID id-1), so"),
        (REPLACE, Seen(GONE), HeldBack, "not in Luigi's Box any more"),
        (REPLACE, Unmakeable("metadata-hidden"), HeldBack, "metadata of its target"),
        (REPLACE, Unmakeable("pins-alike", "widget_id"), HeldBack, "widget_id"),
        (REPLACE, NotSeen("key"), Failed, "did not let the request in"),
        (REPLACE, Cancelled(), NotSent, "before its turn"),
        (DELETE, Seen(GONE), Unchanged, "not there any more"),
        (DELETE, Seen(OTHER), HeldBack, "changed"),
    ],
)
def test_what_ends_it_before_anything_is_sent(kind: ChangeKind, event: Event, outcome: Any, words: str) -> None:
    finish = ends(start(kind, "id-1")[0], event)
    assert isinstance(finish.outcome, outcome)
    assert finish.record is None
    assert words in str(getattr(finish.outcome, "comment", ""))
    assert finish.stop == (event.stop if isinstance(event, NotSeen) else "")


def test_a_get_that_says_nothing_is_asked_again_a_few_times() -> None:
    state, waits = LOOKING, []
    for _ in range(LOOKS - 1):
        state, action = step(state, NotSeen(), GOING)
        assert isinstance(action, Look)
        waits.append(action.delay)
    assert waits == sorted(waits)
    assert waits[0] > 0
    assert isinstance(ends(state, NotSeen()).outcome, Failed)
    state, action = step(state, Seen(BEFORE), GOING)
    assert state.looks == 0


def test_a_get_that_came_too_soon_is_asked_again_as_long_as_the_run_is_patient() -> None:
    state = LOOKING
    for _ in range(3 * LOOKS):
        state, action = step(state, NotSeen(throttled=True), GOING)
        assert action == Look()


def test_nothing_is_sent_once_the_run_ends() -> None:
    assert isinstance(ends(LOOKING, Seen(BEFORE), STOPPING).outcome, NotSent)
    assert isinstance(ends(LOOKING, NotSeen(), STOPPING).outcome, NotSent)
    stored = LOOKING._replace(phase=Phase.STORING)
    assert ends(stored, Stored(), STOPPING).record is ChangeStatus.NOT_DONE
    assert ends(stored, Cancelled()).record is None


@pytest.mark.parametrize(
    ("event", "action"),
    [
        (Answered(204), Replaced),
        (Answered(200), Look),
        (Answered(202), Look),
        (Answered(302), "redirect"),
        (Answered(400), Refused),
        (Answered(401), "key"),
        (Answered(401, clock_explains=True), Look),
        (Answered(403), "forbidden"),
        (Answered(404), HeldBack),
        (Answered(404, own=False), Look),
        (Answered(405), Refused),
        (Answered(407), "proxy"),
        (Answered(408), Look),
        (Answered(409), Refused),
        (Answered(422), Refused),
        (Answered(429), Look),
        (Answered(500), Look),
        (Answered(599), Look),
        (Answered(100), Look),
        (Stale(), Look),
        (NeverLeft(), Look),
        (CertificateRejected(), "certificate"),
        (Lost(), Look),
        (Cancelled(in_flight=True), Unknown),
        (Cancelled(in_flight=False), NotSent),
    ],
)
def test_what_comes_of_a_put(event: Event, action: Any) -> None:
    state, found = step(SENDING, event, GOING)
    if action is Look:
        assert isinstance(found, Look)
        assert state.phase is Phase.SETTLING
        doubtful = not isinstance(event, NeverLeft | Stale) and getattr(event, "status", 0) not in {401, 429}
        assert state.doubtful is doubtful
        assert state.sent == doubtful
        return
    assert isinstance(found, Finish)
    if isinstance(action, str):
        assert found.stop == action
        assert isinstance(found.outcome, Failed)
    else:
        assert isinstance(found.outcome, action)
    expected = {Replaced: ChangeStatus.DONE, Unknown: ChangeStatus.UNKNOWN}
    assert found.record is expected.get(type(found.outcome), ChangeStatus.NOT_DONE)


def test_a_wrong_clock_is_believed_once() -> None:
    state, _ = step(SENDING, Answered(401, clock_explains=True), GOING)
    state, action = step(state, Seen(BEFORE), GOING)
    assert action == Send()
    assert ends(state, Answered(401, clock_explains=True)).stop == "key"


@pytest.mark.parametrize(
    ("kind", "event", "outcome", "record"),
    [
        (REPLACE, Seen(WANTED), Replaced, ChangeStatus.DONE),
        (REPLACE, Seen(OTHER), HeldBack, ChangeStatus.CONFLICT),
        (REPLACE, Seen(GONE), HeldBack, ChangeStatus.CONFLICT),
        (DELETE, Seen(GONE), Deleted, ChangeStatus.DONE),
        (DELETE, Seen(OTHER), HeldBack, ChangeStatus.CONFLICT),
        (REPLACE, NotSeen("key"), Unknown, ChangeStatus.UNKNOWN),
        (REPLACE, Cancelled(), Unknown, ChangeStatus.UNKNOWN),
    ],
)
def test_a_get_settles_what_got_no_answer(kind: ChangeKind, event: Event, outcome: Any, record: ChangeStatus) -> None:
    finish = ends(SETTLING._replace(kind=kind), event)
    assert isinstance(finish.outcome, outcome)
    assert finish.record is record


def test_what_is_still_as_it_was_is_sent_again_a_few_times() -> None:
    state: State = SETTLING
    for number in range(2, SENDS + 1):
        state, action = step(state, Seen(BEFORE), GOING)
        assert action == Send()
        state, action = step(state, Lost(), GOING)
        assert isinstance(action, Look)
        assert state.sent == number
    finish = ends(state, Seen(BEFORE))
    assert isinstance(finish.outcome, Unknown)
    assert finish.record is ChangeStatus.UNKNOWN


def test_what_is_in_doubt_stays_unknown_where_the_run_ends() -> None:
    assert ends(SENDING, Lost(), STOPPING).record is ChangeStatus.UNKNOWN
    assert ends(SETTLING, Seen(BEFORE), STOPPING).record is ChangeStatus.UNKNOWN
    assert isinstance(ends(SETTLING, Seen(WANTED), STOPPING).outcome, Replaced)


def test_a_server_out_of_reach_is_tried_a_few_times_and_nothing_was_changed() -> None:
    state: State = SENDING
    for _ in range(REACHES - 1):
        state, _ = step(state, NeverLeft(), GOING)
        state, action = step(state, Seen(BEFORE), GOING)
        assert action == Send()
    finish = ends(state, NeverLeft())
    assert isinstance(finish.outcome, Failed)
    assert finish.record is ChangeStatus.NOT_DONE


def test_someone_elses_same_change_is_not_taken_for_ours() -> None:
    """A 429 proves that nothing was changed: what is as wanted then was made so by someone else."""
    state, _ = step(SENDING, Answered(429), GOING)
    finish = ends(state, Seen(WANTED))
    assert isinstance(finish.outcome, Unchanged)
    assert finish.record is ChangeStatus.NOT_DONE


@pytest.mark.parametrize(("doubtful", "outcome"), [(True, Deleted), (False, Unchanged)])
def test_404_to_a_delete(doubtful: bool, outcome: Any) -> None:
    finish = ends(SENDING._replace(kind=DELETE, doubtful=doubtful), Answered(404))
    assert isinstance(finish.outcome, outcome)


@pytest.mark.parametrize(
    ("event", "record"),
    [
        (Seen(WANTED, 1.0), ChangeStatus.DONE),
        (Seen(OTHER, 1.0), ChangeStatus.CONFLICT),
        (Seen(GONE, 1.0), ChangeStatus.CONFLICT),
        (Seen(BEFORE, 9.0), ChangeStatus.NOT_DONE),
        (NotSeen("key"), ChangeStatus.UNKNOWN),
        (Cancelled(), ChangeStatus.UNKNOWN),
    ],
)
def test_what_an_earlier_run_began_is_settled_and_never_sent(event: Event, record: ChangeStatus) -> None:
    state, action = resume(REPLACE, "id-1", visible_after=8.0)
    assert action == Look()
    assert ends(state, event).record is record


def test_what_an_earlier_run_sent_may_still_arrive_so_it_is_looked_at_again_after_the_fence() -> None:
    state, _ = resume(REPLACE, "id-1", visible_after=8.0)
    state, action = step(state, Seen(BEFORE, 1.0), GOING)
    assert action == Look(until=8.0)
    assert ends(state, Seen(BEFORE, 8.0)).record is ChangeStatus.NOT_DONE


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (LOOKING, Answered(204)),
        (LOOKING, Stored()),
        (SENDING, Seen(BEFORE)),
        (SETTLING, Lost()),
        (SETTLING, Unmakeable("unreadable")),
        (SENDING._replace(phase=Phase.DONE), Cancelled()),
        (SENDING._replace(phase=Phase.STORING), Lost()),
    ],
)
def test_an_event_that_cannot_come_is_the_callers_mistake(state: State, event: Event) -> None:
    with pytest.raises(MisuseError):
        step(state, event, GOING)


SIGHTS = st.one_of(
    st.builds(Seen, st.sampled_from(Standing), st.floats(0, 20), st.just("")),
    st.builds(NotSeen, st.sampled_from(["", "", "", "key"]), st.booleans()),
)
ANSWERS = st.one_of(
    st.builds(Answered, st.sampled_from([100, 200, 204, 302, 400, 401, 403, 404, 408, 422, 429, 500, 503]),
              st.booleans(), st.booleans(), st.just(""), st.none()),
    st.sampled_from([Lost(), NeverLeft(), CertificateRejected(), Stale()]),
)  # fmt: skip


class Played:
    """One life under events of chance, and what was seen of it."""

    def __init__(self, data: st.DataObject, kind: ChangeKind, *, resumed: bool) -> None:
        self._data = data
        self.state, self.action = resume(kind, "id-1", visible_after=8.0) if resumed else start(kind, "id-1")
        self.resumed = self.kept = self.may_have_arrived = resumed
        self.sends = self._steps = 0
        self.context = GOING

    def play(self) -> Finish:
        while not isinstance(self.action, Finish):
            self._steps += 1
            if self._steps > 200 or self._chance(30):
                self.context = STOPPING
            event, before = self._event(), self.state.phase
            self.state, self.action = step(self.state, event, self.context)
            if isinstance(self.action, Send):
                assert not self.context.stopping
                assert before in {Phase.STORING, Phase.SETTLING}, "an answer or a get is between two that are sent"
        return self.action

    def _chance(self, one_in: int) -> bool:
        return self._data.draw(st.integers(0, one_in)) == 0

    def _event(self) -> Event:
        match self.action:
            case Look():
                event = Cancelled() if self._chance(40) else self._data.draw(SIGHTS)
                return NotSeen(event.stop) if self._steps > 100 and isinstance(event, NotSeen) else event
            case Store():
                assert not self.kept
                self.kept = not self._chance(40)
                return Stored() if self.kept else Cancelled()
            case _:
                return self._sent()

    def _sent(self) -> Event:
        assert self.kept, "the old object is durable before the first byte"
        assert not self.resumed, "what an earlier run began is only looked at"
        self.sends += 1
        event = Cancelled(in_flight=True) if self._chance(40) else self._data.draw(ANSWERS)
        match event:
            case Answered(429) if self._steps > 100:
                event = Answered(500)
            case Answered(404, own=False) | Answered(100 | 200 | 408 | 503) | Lost() | Cancelled():
                self.may_have_arrived = True
        if event == Answered(500) or getattr(event, "status", 0) == 500:
            self.may_have_arrived = True
        return event


@given(st.data(), st.sampled_from(ChangeKind), st.booleans())
def test_any_order_of_events_ends_and_nothing_is_sent_before_it_is_kept(
    data: st.DataObject, kind: ChangeKind, resumed: bool
) -> None:
    played = Played(data, kind, resumed=resumed)
    outcome, record, _ = played.play()
    assert played.state.phase is Phase.DONE
    assert (record is None) == (not played.kept)
    if isinstance(outcome, Failed | NotSent | Unchanged) and not resumed:
        assert not played.may_have_arrived, "what may have arrived is never said not to have been done"
    if record is ChangeStatus.DONE:
        assert isinstance(outcome, Replaced | Deleted)
        assert played.sends or resumed
    if isinstance(outcome, Unknown):
        assert record is ChangeStatus.UNKNOWN
    assert played.state.sent <= SENDS
