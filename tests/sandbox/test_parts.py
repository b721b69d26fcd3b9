"""The pure parts: the throttle, the spellings of a list; and the server's coming and going."""

from __future__ import annotations

import asyncio
import errno
import json
import threading
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.sandbox import Sandbox, running_sandbox
from importer.sandbox.listing import respelled, whole
from importer.sandbox.store import Store
from importer.sandbox.throttle import Throttle


def test_a_second_s_worth_goes_at_once_then_the_rate():
    throttle = Throttle()
    assert [throttle.wait(4, 0.0) for _ in range(4)] == [0, 0, 0, 0]
    assert throttle.wait(4, 0.0) == pytest.approx(0.25)
    assert throttle.wait(4, 0.25) == 0
    assert throttle.wait(4, 0.3) == pytest.approx(0.2)


def test_a_rate_below_one_still_lets_one_through():
    throttle = Throttle()
    assert throttle.wait(0.5, 0.0) == 0
    assert throttle.wait(0.5, 1.0) == pytest.approx(1.0)
    assert throttle.wait(0.5, 2.0) == 0


@given(rate=st.floats(0.5, 50), gaps=st.lists(st.floats(0, 2), min_size=1, max_size=200))
def test_never_more_than_the_rate_and_one_second_s_worth(rate, gaps):
    throttle, now, let_in = Throttle(), 0.0, 0
    for gap in gaps:
        now += gap
        let_in += throttle.wait(rate, now) == 0
    assert let_in <= max(1, rate) + now * rate + 1e-6


PIN = {"position": 3, "pin_type": "item", "pin_identity": "x", "active_from": "2027-03-01T00:00:00+01:00"}
BODY = {
    "model": "basket",
    "target_type": "criteria",
    "target_criteria": {"price": 10, "in": [1, True, "2027-03-01T00:00:00+01:00"]},
    "tags": ["a", "b"],
    "pin_definitions": [PIN, {"position": 0, "pin_type": "item", "pin_identity": "y", "is_block_pin": True}],
}


def test_another_spelling_has_the_same_content_and_looks_different():
    shown = whole(Store().add(json.dumps(BODY).encode(), BODY, now=1.5))
    other = respelled(shown)
    assert list(other) != list(shown)
    assert sorted(other["tags"]) == shown["tags"]
    assert other["tags"] != shown["tags"]
    assert other["target_criteria"] == shown["target_criteria"]
    assert str(other["target_criteria"]) != str(shown["target_criteria"])
    assert [pin["position"] for pin in other["pin_definitions"]] == [3, 0]
    assert other["pin_definitions"][1]["is_block_pin"] is True
    assert other["pin_definitions"][0]["active_from"] != PIN["active_from"]
    assert datetime.fromisoformat(other["pin_definitions"][0]["active_from"]) == datetime.fromisoformat(
        PIN["active_from"]
    )


def test_over_the_wire_another_spelling_is_not_the_same_bytes(call, sandbox, scope):
    call("POST", "/scope", scope())
    plain = call("POST", "/scopes").raw
    sandbox.behaviour.respells = True
    assert call("POST", "/scopes").raw != plain
    assert call("POST", "/scopes").json["results"][0]["pin_definitions"][0]["position"] == 1.0


def test_a_sandbox_in_a_loop_starts_and_stops():
    async def run() -> tuple[str, str]:
        async with Sandbox() as first, Sandbox() as second:
            return first.url, second.url

    first, second = asyncio.run(run())
    assert first != second
    assert first.startswith("http://127.0.0.1:")


def test_a_taken_port_is_reported_to_the_caller(sandbox):
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(OSError) as caught, running_sandbox(port=port):  # noqa: PT011 - judged by its number
        pass
    assert caught.value.errno == errno.EADDRINUSE


def test_nothing_is_left_running_behind():
    before = threading.active_count()
    with running_sandbox() as sandbox:
        assert sandbox.url
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_each_sandbox_has_a_key_of_its_own_unless_told():
    assert Sandbox().private_key != Sandbox().private_key
    assert Sandbox(private_key="told").private_key == "told"


def test_what_was_created_stays_readable_after_the_end(scope):
    with running_sandbox() as sandbox:
        sandbox.seed(scope())
    assert sandbox.store.bodies() == [scope()]


def test_the_most_calls_at_one_time_are_counted(call, scope, sandbox):
    sandbox.behaviour.latency = 0.3
    threads = [threading.Thread(target=call, args=("POST", "/scope", scope())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sandbox.peak_in_flight == 3
    sandbox.behaviour.latency = 0.0
    call("POST", "/scope", scope())
    assert sandbox.peak_in_flight == 3
