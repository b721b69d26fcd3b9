"""What one answer to a create means, at the edges: counts, statuses, whose it is."""

from __future__ import annotations

import json

import pytest

from importer.api.messages import Answer, names_target, parse_created
from importer.delivery import states
from importer.delivery.dispatcher import event_of
from importer.delivery.jobs import Job
from importer.delivery.machine import step
from importer.delivery.states import Check, Finish, Phase, RunContext, State
from importer.delivery.transport import Reply
from importer.model import Failed, Refused
from importer.settings import Tracker
from tests.delivery.shop import scope

CONTEXT = RunContext(visible_after=23.0, budget=20)
SENDING = State(Phase.SENDING, attempts=1, sent=1)


@pytest.mark.parametrize(
    ("status", "kind"), [(199, Check), (300, Failed), (399, Failed), (400, Refused), (499, Refused)]
)
def test_the_edges_of_the_classes_of_status(status, kind):
    _, action = step(SENDING, states.Answered(status, 100.0), CONTEXT)
    assert isinstance(action.outcome if isinstance(action, Finish) else action, kind)


@pytest.mark.parametrize("event", [states.NotSentYet(), states.ResponseLost(100.0), states.Cancelled(100.0)])
def test_every_way_without_an_answer_counts_as_sent(event):
    state, _ = step(SENDING, event, CONTEXT)
    assert state.sent == 2


def test_a_distrusted_server_counts_as_sent_too():
    _, action = step(SENDING, states.CertificateRejected(), CONTEXT)
    assert isinstance(action, Finish)
    assert isinstance(action.outcome, Failed)
    assert (action.outcome.attempts, action.stop) == (2, "certificate")


@pytest.mark.parametrize("status", [199, 200, 299, 300, 399, 400, 499, 500])
def test_the_answer_is_read_for_what_its_class_can_hold(status):
    body = b'{"id": "id-1", "reason": "No"}'
    answer = Answer(status, body, 100.0, None, 100)
    job = Job(scope(0, "/p/0"), Tracker("1-1"), None)
    job.parse(answer)
    event = event_of(Reply(answer, 7.0, clock_explains=True), job)
    assert isinstance(event, states.Answered)
    good = 200 <= status < 300
    assert (event.created is not None) == good
    assert (event.clock_explains, event.at) == (not good, 7.0)
    assert event.reason == ("No" if 400 <= status < 500 else "")
    assert event.names_target is good


@pytest.mark.parametrize(
    ("body", "named"), [({"model": "basket", "target_type": "item"}, True), ({"model": "basket"}, False)]
)
def test_an_answer_without_an_id_may_still_name_its_target(body, named):
    job = Job(scope(0, "/p/0"), Tracker("1-1"), None)
    event = event_of(Reply(Answer(200, json.dumps(body).encode(), None, None, 0), 7.0, clock_explains=False), job)
    assert event == states.Answered(200, 7.0, None, named)


MINE = ("basket", "item", "/p/1")


@pytest.mark.parametrize(
    ("body", "mine", "named"),
    [
        ({"id": "a"}, True, False),
        ({"id": 7}, True, False),
        ({"id": "a", "model": "basket", "target_type": "item", "target_identity": "/p/1"}, True, True),
        ({"id": "a", "model": "other", "target_type": "item"}, False, False),
        ({"id": "a", "model": "basket", "target_type": "all"}, False, False),
        ({"id": "a", "target_identity": "/p/2"}, False, False),
        ({"model": "basket", "target_type": "item"}, False, True),
        ({"id": "a", "error": "no"}, False, False),
        ({"id": "a", "errors": []}, False, False),
        ({"id": True}, False, False),
        ({"id": ""}, False, False),
        ({"id": "x" * 257}, False, False),
        ({"id": "a b"}, False, False),
        ([], False, False),
    ],
)
def test_an_answer_is_believed_only_if_it_is_about_this_scope(body, mine, named):
    answer = Answer(201, json.dumps(body).encode(), None, None, 0)
    assert (parse_created(answer, *MINE) is not None) is mine
    assert names_target(answer, *MINE) is named
