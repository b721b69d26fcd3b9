"""What one answer to a create means, at the edges: counts, statuses, warnings."""

import pytest

from importer.api.messages import Answer, Given
from importer.delivery.dispatcher import event_of
from importer.delivery.life import Answered, Check, Cut, Distrusted, Finish, Phase, State, Unsent, Vanished, World
from importer.delivery.machine import step
from importer.model import Created, Failed, Refused

WORLD = World(fence=23.0, tolerance=4.0, budget=20, stopping="", luck=lambda: 1.0)
SENDING = State(Phase.SENDING, attempts=1, sent=1)
GIVEN = Given("id-1", "2026-01-01T00:00:00Z")


def answered(status, given=None):
    return step(SENDING, Answered(status, 100.0, 100.0, given), WORLD)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_an_id_is_created_and_only_an_odd_status_is_warned_of(status):
    state, action = answered(status, GIVEN)
    assert isinstance(action, Finish)
    assert isinstance(action.outcome, Created)
    assert (action.outcome.attempts, state.sent, state.seen) == (2, 2, True)
    assert (action.outcome.warning == "") == (status == 201)


@pytest.mark.parametrize(("status", "seen"), [(200, False), (201, True), (202, True), (204, False), (203, False)])
def test_without_an_id_only_201_and_202_say_that_it_is_there(status, seen):
    state, action = answered(status)
    assert isinstance(action, Check)
    assert (state.seen, state.attempts, state.sent) == (seen, 2, 2)
    assert action.delay == 1.0


def test_a_warning_from_before_is_kept_beside_a_new_one():
    state = SENDING._replace(warning="Gone before.")
    _, action = step(state, Answered(200, 100.0, 100.0, GIVEN), WORLD)
    assert action.outcome.warning.startswith("Gone before. Luigi's Box gave an ID")


@pytest.mark.parametrize(
    ("status", "kind"), [(199, Check), (300, Failed), (399, Failed), (400, Refused), (499, Refused)]
)
def test_the_edges_of_the_classes_of_status(status, kind):
    _, action = answered(status)
    assert isinstance(action if kind is Check else action.outcome, kind)


@pytest.mark.parametrize("event", [Unsent(), Vanished(100.0), Cut(100.0)])
def test_every_way_without_an_answer_counts_as_sent(event):
    state, _ = step(SENDING, event, WORLD)
    assert state.sent == 2


def test_a_distrusted_server_counts_as_sent_too():
    _, action = step(SENDING, Distrusted(), WORLD)
    assert (action.outcome.attempts, action.stop) == (2, "certificate")


@pytest.mark.parametrize("status", [199, 200, 299, 300, 399, 400, 499, 500])
def test_the_answer_is_read_for_what_its_class_can_hold(status):
    body = b'{"id": "id-1", "reason": "No", "exception_details": {"a": ["b"]}}'
    event = event_of(Answer(status, body, 100.0, None, 100))
    assert (event.given is not None) == (200 <= status < 300)
    assert (event.reason, event.details) == (("No", {"a": ["b"]}) if 400 <= status < 500 else ("", None))
