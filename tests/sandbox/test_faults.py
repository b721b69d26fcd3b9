"""Each fault on a real connection: what the caller sees, and what the server has kept."""

from __future__ import annotations

import contextlib
import http.client
import json
import time

import pytest

from importer.sandbox import (
    FAULTS,
    Arrival,
    always,
    no_faults,
    scripted,
    seeded,
    together,
)


@pytest.mark.parametrize("name", ["drop-before", "reset-before", "drop-after", "reset-after"])
def test_a_lost_connection_leaves_no_answer(call, scope, sandbox, name):
    sandbox.faults = scripted({1: name})
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        call("POST", "/scope", scope())
    assert len(sandbox.store) == (1 if name.endswith("after") else 0)
    assert call("POST", "/scope", scope()).status == 201


def test_a_reset_is_told_from_a_mere_end(call, scope, sandbox):
    sandbox.faults = scripted({1: "reset-before", 2: "drop-before"})
    with pytest.raises(ConnectionResetError):
        call("POST", "/scope", scope())
    with pytest.raises(http.client.RemoteDisconnected):
        call("POST", "/scope", scope())


@pytest.mark.parametrize(("name", "kept"), [("hang-before", 0), ("hang-after", 1)])
def test_a_hanging_call_is_never_answered_and_stops_with_the_server(call, scope, sandbox, name, kept):
    sandbox.faults = always(name)
    call.timeout = 0.5
    with pytest.raises(TimeoutError):
        call("POST", "/scope", scope())
    assert len(sandbox.store) == kept


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_errors_come_before_or_after_the_effect(call, scope, sandbox, status):
    sandbox.faults = scripted({1: f"{status}-before", 2: f"{status}-after"})
    assert call("POST", "/scope", scope()).status == status
    assert len(sandbox.store) == 0
    assert call("POST", "/scope", scope()).status == status
    assert len(sandbox.store) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 418, 422])
def test_a_refusal_has_no_effect_and_a_reason(call, scope, sandbox, status):
    sandbox.faults = always(str(status))
    answer = call("POST", "/scope", scope())
    assert (answer.status, len(sandbox.store)) == (status, 0)
    assert answer.json["reason"]


@pytest.mark.parametrize("status", [200, 202])
def test_an_odd_success_has_its_id(call, scope, sandbox, status):
    sandbox.faults = always(str(status))
    answer = call("POST", "/scope", scope())
    assert answer.status == status
    assert answer.json["id"] == sandbox.store.records()[0].id


def test_204_has_taken_effect_and_says_nothing(call, scope, sandbox):
    sandbox.faults = always("204")
    answer = call("POST", "/scope", scope())
    assert (answer.status, answer.raw, len(sandbox.store)) == (204, b"", 1)


@pytest.mark.parametrize(("name", "status"), [("no-id", 201), ("200-no-id", 200), ("202-no-id", 202)])
def test_an_answer_without_its_id(call, scope, sandbox, name, status):
    sandbox.faults = always(name)
    answer = call("POST", "/scope", scope())
    assert (answer.status, len(sandbox.store)) == (status, 1)
    assert answer.json["model"] == "basket"
    assert "id" not in answer.json


def test_a_truncated_answer_ends_before_its_length(call, scope, sandbox):
    sandbox.faults = always("truncated")
    with pytest.raises(http.client.IncompleteRead) as caught:
        call("POST", "/scope", scope())
    assert caught.value.partial.startswith(b'{"id":')
    assert len(sandbox.store) == 1


def test_an_unreadable_answer_is_whole_and_not_json(call, scope, sandbox):
    sandbox.faults = always("unreadable")
    answer = call("POST", "/scope", scope())
    assert answer.status == 201
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.raw)
    assert len(sandbox.store) == 1


@pytest.mark.parametrize(
    ("name", "status", "kept"), [("html-200", 200, 0), ("html-502-before", 502, 0), ("html-502-after", 502, 1)]
)
def test_a_web_page_instead_of_an_answer(call, scope, sandbox, name, status, kept):
    sandbox.faults = always(name)
    answer = call("POST", "/scope", scope())
    assert (answer.status, len(sandbox.store)) == (status, kept)
    assert answer.headers.get_content_type() == "text/html"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_names_another_place(call, scope, sandbox, status):
    sandbox.faults = always(str(status))
    answer = call("POST", "/scope", scope())
    assert (answer.status, answer.headers["Location"], len(sandbox.store)) == (status, "/elsewhere", 0)


def test_a_followed_redirect_shows_in_the_log(call, sandbox):
    call("GET", "", url="/elsewhere")
    assert [seen.path for seen in sandbox.calls("other")] == ["/elsewhere"]


def test_slow_is_right_but_late(call, scope, sandbox):
    sandbox.behaviour.slow = 0.1
    sandbox.faults = always("slow")
    began = time.monotonic()
    assert call("POST", "/scope", scope()).status == 201
    assert time.monotonic() - began >= 0.1


def test_a_late_request_takes_effect_after_its_caller_has_gone(call, scope, sandbox):
    sandbox.behaviour.slow = 0.3
    sandbox.faults = always("late")
    call.timeout = 0.1
    with pytest.raises(TimeoutError):
        call("POST", "/scope", scope())
    assert len(sandbox.store) == 0
    deadline = time.monotonic() + 5
    while not len(sandbox.store) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(sandbox.store) == 1


def test_a_late_request_is_judged_by_the_clock_of_its_arrival(call, scope, sandbox):
    sandbox.behaviour.slow = 0.1
    sandbox.faults = always("late")
    assert call("POST", "/scope", scope(), skew=-3).status == 201
    sandbox.behaviour.slow = 1.2
    assert call("POST", "/scope", scope(), skew=-4).status == 401


def test_429_says_how_long_in_seconds_or_as_a_date(call, scope, sandbox):
    sandbox.faults = always("429")
    assert call("POST", "/scope", scope()).headers["Retry-After"] == "1"
    sandbox.behaviour.retry_after = 0.25
    assert call("POST", "/scope", scope()).headers["Retry-After"] == "0.25"
    sandbox.behaviour.retry_after_date = True
    assert call("POST", "/scope", scope()).headers["Retry-After"].endswith("GMT")


def test_a_rate_limit_answers_429_with_the_wait(call, scope, sandbox):
    sandbox.behaviour.rate_limit = 2
    answers = [call("POST", "/scope", scope()) for _ in range(4)]
    assert [answer.status for answer in answers][:2] == [201, 201]
    assert answers[-1].status == 429
    assert answers[-1].headers["Retry-After"] == "1"
    assert len(sandbox.store) < 4


def test_latency_is_what_every_call_takes(call, scope, sandbox):
    sandbox.behaviour.latency = 0.1
    began = time.monotonic()
    call("POST", "/scope", scope())
    call("POST", "/scopes")
    assert 0.2 <= time.monotonic() - began < 2


def test_a_missing_date_and_added_headers(call, scope, sandbox):
    sandbox.behaviour.sends_date = False
    sandbox.behaviour.headers = {"Age": "120"}
    answer = call("POST", "/scope", scope())
    assert "Date" not in answer.headers
    assert answer.headers["Age"] == "120"


@pytest.mark.parametrize(
    ("name", "status"),
    [("404", 404), ("405", 405), ("429", 429), ("500-before", 500), ("html-200", 200), ("unreadable", 200)],
)
def test_lists_have_faults_of_their_own(call, scope, sandbox, name, status):
    sandbox.faults = always(name, call="list")
    assert call("POST", "/scope", scope()).status == 201
    answer = call("POST", "/scopes")
    assert answer.status == status
    assert not answer.raw.endswith(b"}") or answer.json.get("results") is None


def test_an_effect_that_the_contract_refuses_is_no_fault(call, scope, sandbox):
    sandbox.faults = always("drop-after")
    assert call("POST", "/scope", scope(model="")).status == 422


def test_the_log_names_what_each_call_met(call, scope, sandbox):
    sandbox.faults = scripted({2: "500-after"})
    for _ in range(3):
        call("POST", "/scope", scope())
    assert [seen.answer for seen in sandbox.calls()] == ["201", "500-after", "201"]


# ── Plans ───────────────────────────────────────────────────────────────────────────────────────────────


def arrivals(count: int, call: str = "create") -> list[Arrival]:
    return [Arrival(call, number, b"") for number in range(1, count + 1)]


def test_a_scripted_plan_counts_only_calls_of_its_kind():
    plan = scripted({2: "drop-after"})
    assert [plan(each) for each in arrivals(3)] == [None, "drop-after", None]
    assert [plan(each) for each in arrivals(3, "list")] == [None, None, None]


def test_a_seeded_plan_is_the_same_in_any_order():
    plan = seeded(7, {"drop-after": 0.3, "500-before": 0.2})
    forwards = [plan(each) for each in arrivals(500)]
    backwards = [plan(each) for each in reversed(arrivals(500))][::-1]
    assert forwards == backwards
    assert 110 < forwards.count("drop-after") < 190
    assert 60 < forwards.count("500-before") < 140
    assert forwards != [seeded(8, {"drop-after": 0.3, "500-before": 0.2})(each) for each in arrivals(500)]


def test_the_first_plan_with_a_fault_decides():
    plan = together(no_faults, scripted({1: "429"}), always("drop-before"), always("404", call="list"))
    assert [plan(each) for each in arrivals(2)] == ["429", "drop-before"]
    assert plan(Arrival("list", 1, b"")) == "404"


@pytest.mark.parametrize(
    "make", [lambda: scripted({1: "nope"}), lambda: always("nope"), lambda: seeded(1, {"nope": 1})]
)
def test_an_unknown_fault_is_noticed_when_the_plan_is_made(make):
    with pytest.raises(KeyError):
        make()


@pytest.mark.parametrize("chances", [{"drop-after": 0.7, "429": 0.4}, {"429": -0.1}])
def test_chances_add_up_to_one_at_most(chances):
    with pytest.raises(ValueError, match="at most 1"):
        seeded(1, chances)


def test_names_say_when_the_effect_happens():
    for name, fault in FAULTS.items():
        assert fault.name == name
        assert fault.commits != name.endswith("-before") or not name.endswith(("-before", "-after"))


def test_every_fault_can_be_met_and_the_server_goes_on(call, scope, sandbox):
    sandbox.behaviour.slow = 0.01
    call.timeout = 0.5
    for name in FAULTS:
        sandbox.faults = always(name)
        before = len(sandbox.store)
        with contextlib.suppress(OSError, http.client.HTTPException):
            call("POST", "/scope", scope())
        if name == "commit-late":
            time.sleep(0.1)
        effect = FAULTS[name].commits or name == "late"
        assert len(sandbox.store) - before == effect, name
    sandbox.faults = no_faults
    assert call("POST", "/scope", scope()).status == 201


# ── Every call meets them ───────────────────────────────────────────────────────────────────────────────


CHANGING = ("PUT", "DELETE")
CALL_NAMES = {"GET": "get", "PUT": "replace", "DELETE": "delete"}


@pytest.fixture
def kept(call, scope):
    """The ID of a customization that is there already."""
    return call("POST", "/scope", scope(tags=["old"])).json["id"]


@pytest.mark.parametrize("method", CHANGING)
@pytest.mark.parametrize("name", ["drop-before", "reset-before", "drop-after", "reset-after", "truncated"])
def test_a_change_without_an_answer_has_taken_effect_or_not(call, scope, sandbox, kept, method, name):
    sandbox.faults = scripted({1: name}, call=CALL_NAMES[method])
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        call(method, f"/scope/{kept}", scope(tags=["new"]))
    tags = [body["tags"] for body in sandbox.store.bodies()]
    changed = [["new"]] if method == "PUT" else []
    assert tags == ([["old"]] if name.endswith("before") else changed)


@pytest.mark.parametrize("method", CHANGING)
@pytest.mark.parametrize(("name", "status"), [("500-after", 500), ("html-200", 200), ("202", 202), ("unreadable", 200)])
def test_a_change_with_another_answer(call, scope, sandbox, kept, method, name, status):
    sandbox.faults = always(name, call=CALL_NAMES[method])
    assert call(method, f"/scope/{kept}", scope()).status == status


@pytest.mark.parametrize("name", sorted(FAULTS))
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "LIST"])
def test_no_fault_of_any_call_breaks_the_server_itself(call, scope, sandbox, kept, method, name):
    sandbox.behaviour.slow = 0.01
    call.timeout = 0.2
    path, name_of_call = ("/scopes", "list") if method == "LIST" else (f"/scope/{kept}", CALL_NAMES[method])
    sandbox.faults = always(name, call=name_of_call)
    answer = None
    with contextlib.suppress(OSError, http.client.HTTPException):
        answer = call("POST" if method == "LIST" else method, path, scope() if method == "PUT" else None)
    assert sandbox.calls(name_of_call)[0].answer in (name, "200", "204")
    assert answer is None or answer.status != 500 or name.startswith("500")


@pytest.mark.parametrize("shape", ["paged", "list"])
def test_a_list_without_ids(call, sandbox, kept, shape):
    sandbox.behaviour.shape = shape
    sandbox.faults = always("no-id", call="list")
    found = call("POST", "/scopes").json
    (shown,) = found["results"] if shape == "paged" else found
    assert "id" not in shown
    assert shown["tags"] == ["old"]


def test_the_answer_to_another_get_has_the_status_of_a_good_one(call, scope, sandbox, kept):
    other = call("POST", "/scope", scope()).json["id"]
    sandbox.faults = always("other-id", call="get")
    answer = call("GET", f"/scope/{other}")
    assert (answer.status, answer.json["id"]) == (200, kept)
