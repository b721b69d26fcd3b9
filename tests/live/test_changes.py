"""The life of one change, as tables and under any order of events."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.catalogue.changes import COMMENTS
from importer.ledger.records import ChangeKind, ChangeStatus
from importer.live.changes import (
    FIRST_LOOK,
    LOOKS,
    REACHES,
    SENDS,
    MisuseError,
    resume,
    start,
    step,
)
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
    Store,
    Stored,
    Unmakeable,
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


NOTHING = {
    "kind": DELETE, "id": "id-1", "phase": Phase.LOOKING, "sent": 0, "refused": 0, "missed": 0, "looks": 0,
    "doubtful": False, "intended": False, "resumed": False, "visible_after": 0.0, "clock_fixed": False, "undoes": False,
    "aired": False, "status": None,
}  # fmt: skip


def test_it_begins_with_a_fresh_get():
    state, action = start(DELETE, "id-1")
    assert (state._asdict(), action) == (NOTHING, Look(0.0, 0.0))
    assert start(DELETE, "id-1", undoes=True)[0]._asdict() == NOTHING | {"undoes": True}


def test_one_that_was_interrupted_begins_in_doubt():
    state, action = resume(DELETE, "id-1", visible_after=8.0)
    doubt = {
        "phase": Phase.SETTLING,
        "sent": 1,
        "doubtful": True,
        "intended": True,
        "resumed": True,
        "visible_after": 8.0,
    }
    assert (state._asdict(), action) == (NOTHING | doubt, Look(0.0, 0.0))


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        (Seen(BEFORE), (BEFORE, 0.0, "")),
        (Unmakeable("gone"), ("gone", "")),
        (NotSeen(), ("", False)),
        (Answered(204), (204, True, False, "", None)),
        (Cancelled(), (False,)),
        (Finish(NotSent("x")), (NotSent("x"), None, "")),
    ],
)
def test_what_need_not_be_said(short, whole):
    assert tuple(short) == whole


def test_the_bounds():
    assert (LOOKS, SENDS, REACHES, FIRST_LOOK) == (4, 3, 3, 0.5)
    assert (Context().stopping, Context().jitter()) == (False, 1.0)


def test_a_good_day():
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
def test_what_ends_it_before_anything_is_sent(kind, event, outcome, words):
    finish = ends(start(kind, "id-1")[0], event)
    assert isinstance(finish.outcome, outcome)
    assert finish.record is None
    assert words in str(getattr(finish.outcome, "comment", ""))
    assert finish.stop == (event.stop if isinstance(event, NotSeen) else "")


INTENDED = SETTLING._replace(sent=0, doubtful=False)
UNDOING = LOOKING._replace(undoes=True)
TIRED = SENDING._replace(sent=1, refused=2, missed=1)
WHAT = "ID id-1; tags: a / b"


@pytest.mark.parametrize(
    ("state", "event", "finish"),
    [
        (LOOKING, Seen(WANTED), Finish(Unchanged("id-1", COMMENTS["same-already"]))),
        (INTENDED, Seen(WANTED), Finish(Unchanged("id-1", COMMENTS["same-already"]), ChangeStatus.NOT_DONE)),
        (LOOKING._replace(kind=DELETE), Seen(GONE), Finish(Unchanged("id-1", COMMENTS["deleted-already"]))),
        (SETTLING, Seen(WANTED), Finish(Replaced("id-1", None, 1, COMMENTS["settled"]), ChangeStatus.DONE)),
        (
            SETTLING._replace(kind=DELETE, sent=2),
            Seen(GONE),
            Finish(Deleted("id-1", None, 2, COMMENTS["settled"]), ChangeStatus.DONE),
        ),
        (TIRED, Answered(204), Finish(Replaced("id-1", 204, 5, ""), ChangeStatus.DONE)),
        (TIRED._replace(kind=DELETE), Answered(204), Finish(Deleted("id-1", 204, 5, ""), ChangeStatus.DONE)),
        (TIRED, Answered(422, reason="No", details=[1]), Finish(Refused(422, "No", [1], 4), ChangeStatus.NOT_DONE)),
        (TIRED, Answered(499), Finish(Refused(499, "", None, 4), ChangeStatus.NOT_DONE)),
    ],
)
def test_how_it_ends_well_or_refused(state, event, finish):
    assert ends(state, event) == finish


@pytest.mark.parametrize(
    ("state", "event", "comment", "record"),
    [
        (LOOKING, Seen(OTHER, 0.0, "tags: a / b"), COMMENTS["conflict"].format(what=WHAT), None),
        (LOOKING, Seen(OTHER), COMMENTS["conflict"].format(what="ID id-1"), None),
        (INTENDED, Seen(OTHER), COMMENTS["conflict"].format(what="ID id-1"), ChangeStatus.NOT_DONE),
        (SETTLING, Seen(OTHER), COMMENTS["conflict-sent"].format(what="ID id-1"), ChangeStatus.CONFLICT),
        (LOOKING, Seen(GONE), COMMENTS["gone"].format(id="id-1"), None),
        (SENDING, Answered(404), COMMENTS["gone"].format(id="id-1"), ChangeStatus.NOT_DONE),
        (LOOKING, Unmakeable("metadata-hidden"), COMMENTS["metadata-hidden"].format(id="id-1"), None),
        (LOOKING, Unmakeable("pins-alike", "tags"), COMMENTS["pins-alike"].format(id="id-1", detail="tags"), None),
        (LOOKING, Unmakeable("pins-alike"), COMMENTS["pins-alike"].format(id="id-1", detail=""), None),
        (UNDOING, Seen(OTHER), COMMENTS["kept-edited"].format(what="ID id-1"), None),
        (UNDOING, Seen(GONE), COMMENTS["kept-gone"].format(id="id-1"), None),
        (
            SETTLING._replace(undoes=True),
            Seen(OTHER),
            COMMENTS["kept-edited-meanwhile"].format(what="ID id-1"),
            ChangeStatus.CONFLICT,
        ),
        (UNDOING, Unmakeable("pins-alike"), COMMENTS["pins-alike"].format(id="id-1", detail=""), None),
    ],
)
def test_why_it_is_left_as_it_is(state, event, comment, record):
    assert ends(state, event) == Finish(HeldBack(comment, "id-1"), record)


@pytest.mark.parametrize(
    ("state", "event", "code", "attempts", "status", "stop"),
    [
        (LOOKING, Unmakeable("unreadable"), "unreadable", 0, None, ""),
        (LOOKING, Unmakeable("metadata-unknown"), "metadata-unknown", 0, None, ""),
        (LOOKING, NotSeen("forbidden"), "denied", 0, None, "forbidden"),
        (LOOKING._replace(looks=3), NotSeen(), "unreadable", 0, None, ""),
        (TIRED, NeverLeft(), "", 0, None, ""),
        (SENDING._replace(missed=2), NeverLeft(), "not-reached", 3, None, ""),
        (TIRED, CertificateRejected(), "certificate", 4, None, "certificate"),
        (SENDING, Answered(300), "redirect", 0, 300, "redirect"),
        (SENDING, Answered(399), "redirect", 0, 399, "redirect"),
        (SENDING, Answered(401), "denied", 0, 401, "key"),
        (SENDING, Answered(403), "denied", 0, 403, "forbidden"),
        (SENDING, Answered(407), "denied", 0, 407, "proxy"),
    ],
)
def test_how_it_fails(state, event, code, attempts, status, stop):
    after, action = step(state, event, GOING)
    if not code:
        assert (after.phase, action) == (Phase.SETTLING, Look(1.0))
        return
    assert isinstance(action, Finish)
    record = ChangeStatus.NOT_DONE if state.intended else None
    assert action == Finish(Failed(COMMENTS[code].format(id="id-1"), attempts, status), record, stop)


@pytest.mark.parametrize(
    ("state", "event", "context", "code", "attempts", "status", "stop"),
    [
        (SENDING, Cancelled(in_flight=True), GOING, "unknown-cut", 0, None, ""),
        (SETTLING, Cancelled(), GOING, "unknown", 1, None, ""),
        (SENDING, Lost(), STOPPING, "unknown", 1, None, ""),
        (SENDING._replace(status=500), Lost(), STOPPING, "unknown", 1, None, ""),
        (SENDING, Answered(500), STOPPING, "unknown", 1, 500, ""),
        (SETTLING._replace(status=500), NotSeen("key"), GOING, "unknown", 1, 500, "key"),
        (SETTLING._replace(sent=3), Seen(BEFORE), GOING, "unknown-still", 3, None, ""),
        (SENDING._replace(doubtful=True, sent=1), Answered(403), GOING, "unknown", 1, 403, "forbidden"),
    ],
)
def test_how_it_stays_unknown(state, event, context, code, attempts, status, stop):
    finish = Finish(Unknown(COMMENTS[code], attempts, status), ChangeStatus.UNKNOWN, stop)
    assert ends(state, event, context) == finish


@pytest.mark.parametrize(
    ("state", "event", "context", "code"),
    [
        (LOOKING, Cancelled(), GOING, "not-sent"),
        (INTENDED, Cancelled(), GOING, "stopped"),
        (LOOKING, Seen(BEFORE), STOPPING, "stopped"),
        (LOOKING, NotSeen(), STOPPING, "stopped"),
        (INTENDED._replace(phase=Phase.STORING, intended=False), Stored(), STOPPING, "stopped"),
        (resume(REPLACE, "id-1", visible_after=8.0)[0], Seen(BEFORE, 8.0), GOING, "stopped"),
    ],
)
def test_how_it_is_not_sent(state, event, context, code):
    kept = state.intended or isinstance(event, Stored)
    assert ends(state, event, context) == Finish(NotSent(COMMENTS[code]), ChangeStatus.NOT_DONE if kept else None)


@pytest.mark.parametrize(
    ("event", "changed", "action"),
    [
        (Answered(429), {"refused": 1, "status": 429}, Look()),
        (Answered(401, clock_explains=True), {"refused": 1, "status": 401, "clock_fixed": True}, Look()),
        (Answered(408), {"sent": 1, "doubtful": True, "status": 408}, Look(0.5)),
        (Answered(404, own=False), {"sent": 1, "doubtful": True, "status": 404}, Look(0.5)),
        (Answered(299), {"sent": 1, "doubtful": True, "status": 299}, Look(0.5)),
        (Answered(500), {"sent": 1, "doubtful": True, "status": 500}, Look(0.5)),
        (Lost(), {"sent": 1, "doubtful": True}, Look(0.5)),
        (NeverLeft(), {"missed": 1}, Look(0.5)),
        (Stale(), {"aired": True}, Look()),
    ],
)
def test_what_is_known_while_a_get_is_to_decide(event, changed, action):
    assert step(SENDING, event, GOING) == (SENDING._replace(phase=Phase.SETTLING, **changed), action)
    fixed = SENDING._replace(clock_fixed=True)
    assert step(fixed, Answered(429), GOING)[0].clock_fixed


def test_a_get_that_says_nothing_is_asked_again_a_few_times():
    state, waits = LOOKING, []
    for _ in range(LOOKS - 1):
        state, action = step(state, NotSeen(), GOING)
        assert isinstance(action, Look)
        waits.append(action.delay)
    assert waits == [0.5, 1.0, 2.0]
    assert isinstance(ends(state, NotSeen()).outcome, Failed)
    state, action = step(state, Seen(BEFORE), GOING)
    assert state.looks == 0


def test_a_get_that_came_too_soon_is_asked_again_as_long_as_the_run_is_patient():
    state = LOOKING
    for _ in range(3 * LOOKS):
        state, action = step(state, NotSeen(throttled=True), GOING)
        assert action == Look()


def test_nothing_is_sent_once_the_run_ends():
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
def test_what_comes_of_a_put(event, action):
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


def test_a_wrong_clock_is_believed_once():
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
def test_a_get_settles_what_got_no_answer(kind, event, outcome, record):
    finish = ends(SETTLING._replace(kind=kind), event)
    assert isinstance(finish.outcome, outcome)
    assert finish.record is record


def test_what_is_still_as_it_was_is_sent_again_a_few_times():
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


def test_what_is_in_doubt_stays_unknown_where_the_run_ends():
    assert ends(SENDING, Lost(), STOPPING).record is ChangeStatus.UNKNOWN
    assert ends(SETTLING, Seen(BEFORE), STOPPING).record is ChangeStatus.UNKNOWN
    assert isinstance(ends(SETTLING, Seen(WANTED), STOPPING).outcome, Replaced)


def test_a_server_out_of_reach_is_tried_a_few_times_and_nothing_was_changed():
    state: State = SENDING
    for _ in range(REACHES - 1):
        state, _ = step(state, NeverLeft(), GOING)
        state, action = step(state, Seen(BEFORE), GOING)
        assert action == Send()
    finish = ends(state, NeverLeft())
    assert isinstance(finish.outcome, Failed)
    assert finish.record is ChangeStatus.NOT_DONE


def test_someone_elses_same_change_is_not_taken_for_ours():
    """A 429 proves that nothing was changed: what is as wanted then was made so by someone else."""
    state, _ = step(SENDING, Answered(429), GOING)
    finish = ends(state, Seen(WANTED))
    assert isinstance(finish.outcome, Unchanged)
    assert finish.record is ChangeStatus.NOT_DONE


@pytest.mark.parametrize(("doubtful", "outcome"), [(True, Deleted), (False, Unchanged)])
def test_404_to_a_delete(doubtful, outcome):
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
def test_what_an_earlier_run_began_is_settled_and_never_sent(event, record):
    state, action = resume(REPLACE, "id-1", visible_after=8.0)
    assert action == Look()
    assert ends(state, event).record is record


def test_what_an_earlier_run_sent_may_still_arrive_so_it_is_looked_at_again_after_the_fence():
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
def test_an_event_that_cannot_come_is_the_callers_mistake(state, event):
    with pytest.raises(MisuseError, match=f"^{re.escape(f'{event!r} in {state.phase}')}$"):
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
def test_any_order_of_events_ends_and_nothing_is_sent_before_it_is_kept(data, kind, resumed):
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
