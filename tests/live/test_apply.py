"""Replacing and deleting against a real server: what each fault ends in. The numbers are the matrix's."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import threading
import time
from typing import Any

import pytest

from importer.ledger import Ledger
from importer.ledger.records import ChangeKind, ChangeStatus
from importer.live.orders import order_of
from importer.live.plan import Change, Wanted
from importer.sandbox import Arrival, always, scripted, together
from importer.settings import Tracker
from tests.delivery.shop import Shop, several
from tests.live.changing import COLUMNS, body, change, deleting, kept, replacing, version


def tags(shop: Shop, scope_id: str) -> list[str]:
    record = shop.server.store.get(scope_id)
    assert record is not None
    return record.body["tags"]


def test_a_good_day_replaces_and_deletes_and_keeps_what_was_there(shop):
    one, other = shop.server.seed(body("/p/1", odd={"kept": [1.50]})), shop.server.seed(body("/p/2"))
    ran = change(shop, replacing(one, 0), deleting(other, 1))
    assert ran.words == ["Replaced", "Deleted"]
    assert (ran[0].id, ran[0].status, ran[0].attempts, ran[0].warning) == (one.id, 204, 1, "")
    assert ran.delivered.stop is None
    assert not ran.delivered.notices
    assert tags(shop, one.id) == ["new"]
    assert shop.server.store.get(one.id).body["odd"] == {"kept": [1.50]}  # type: ignore[union-attr]
    assert shop.server.store.get(other.id) is None
    replaced, deleted = sorted(kept(shop), key=lambda entry: entry.kind)
    assert (replaced.status, deleted.status) == (ChangeStatus.DONE, ChangeStatus.DONE)
    assert json.loads(replaced.old)["tags"] == ["old"]
    assert json.loads(deleted.old)["id"] == other.id
    assert deleted.body is None
    assert json.loads(replaced.body or b"")["tags"] == ["new"]


def test_each_is_looked_at_once_and_sent_once(shop):
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(20)]
    ran = change(shop, *(replacing(record, number) for number, record in enumerate(records)))
    assert ran.words == ["Replaced"] * 20
    calls = [seen.call for seen in shop.server.log]
    assert calls.count("get") == calls.count("replace") == len(calls) / 2 == 20
    assert ran.delivered.requests == 40


def test_what_is_as_wanted_already_costs_one_get(shop):
    one, other = shop.server.seed(body()), shop.server.seed(body("/p/2"))
    shop.server.store.delete(other.id)
    ran = change(shop, replacing(one, 0, tags=["old"]), deleting(other, 1))
    assert ran.words == ["Unchanged", "Unchanged"]
    assert {seen.call for seen in shop.server.log} == {"get"}
    assert kept(shop) == []


def test_line_45_what_changed_since_the_plan_is_left_alone(shop):
    one, other = shop.server.seed(body()), shop.server.seed(body("/p/2"))
    orders = replacing(one, 0), deleting(other, 1)
    for record in (one, other):
        shop.server.store.replace(record.id, json.dumps(body(tags=["theirs"])).encode(), body(tags=["theirs"]))
    ran = change(shop, *orders)
    assert ran.words == ["HeldBack", "HeldBack"]
    assert one.id in ran[0].comment
    assert tags(shop, one.id) == tags(shop, other.id) == ["theirs"]


def test_what_someone_else_made_as_wanted_meanwhile_needs_nothing(shop):
    one = shop.server.seed(body())
    order = replacing(one)
    shop.server.store.replace(one.id, json.dumps(body(tags=["new"])).encode(), body(tags=["new"]))
    assert change(shop, order).words == ["Unchanged"]


def test_a_replacement_that_would_wipe_what_is_not_shown_is_held_back(shop):
    shop.server.behaviour.omits = ("target_metadata",)
    one = shop.server.seed(body(target_metadata={"title": "Watch"}))
    wanted = Wanted(json.dumps(body(tags=["new"])).encode(), COLUMNS)
    ran = change(shop, order_of(Change("replace", 0, one.id, version(one).partition("-")[0], wanted)))
    assert ran.words == ["HeldBack"]
    assert "metadata" in ran[0].comment
    known = Wanted(wanted.body, COLUMNS, metadata=b'{"title": "Watch"}')
    ran = change(shop, order_of(Change("replace", 0, one.id, version(one).partition("-")[0], known)))
    assert ran.words == ["Replaced"]
    assert shop.server.store.get(one.id).body["target_metadata"] == {"title": "Watch"}  # type: ignore[union-attr]


def test_metadata_that_a_get_does_not_show_are_sent_though_it_looks_the_same(shop):
    shop.server.behaviour.omits = ("target_metadata",)
    one = shop.server.seed(body(target_metadata={"title": "Watch"}))
    new = json.dumps(body(target_metadata={"title": "Strap"})).encode()
    wanted = Wanted(new, COLUMNS | {"target_metadata"}, metadata=b'{"title": "Watch"}')
    ran = change(shop, order_of(Change("replace", 0, one.id, version(one).partition("-")[0], wanted)))
    assert ran.words == ["Replaced"]
    assert shop.server.store.get(one.id).body["target_metadata"] == {"title": "Strap"}  # type: ignore[union-attr]


# ── The matrix ──────────────────────────────────────────────────────────────────────────────────────────

LOST = ["drop", "reset", "hang", "500", "502", "503", "504", "408"]


@pytest.mark.parametrize("call", ["replace", "delete"])
def test_line_43_no_answer_and_not_done_is_seen_by_a_get_and_sent_again(shop, call):
    faults = {number * 4 + 1: f"{name}-before" for number, name in enumerate(LOST)}
    shop.server.faults = scripted(faults, call=call)
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(40)]
    make = replacing if call == "replace" else deleting
    ran = change(shop, *(make(record, number) for number, record in enumerate(records)), timeout=0.3)
    assert set(ran.words) == {"Replaced" if call == "replace" else "Deleted"}
    assert len(shop.server.calls(call)) == 40 + len(LOST)
    assert {entry.status for entry in kept(shop)} == {ChangeStatus.DONE}


@pytest.mark.parametrize("call", ["replace", "delete"])
def test_line_43_no_answer_but_done_is_seen_by_a_get_and_not_sent_again(shop, call):
    names = [*(f"{name}-after" for name in LOST), "200", "202", "html-200", "html-502-after"]
    faults = {number * 4 + 1: name for number, name in enumerate(names)}
    shop.server.faults = scripted(faults, call=call)
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(60)]
    make = replacing if call == "replace" else deleting
    ran = change(shop, *(make(record, number) for number, record in enumerate(records)), timeout=0.3)
    assert set(ran.words) == {"Replaced" if call == "replace" else "Deleted"}
    settled = [outcome for outcome in ran.delivered.outcomes.values() if outcome.status is None]  # type: ignore[union-attr]
    again = sum(name == "html-200" for name in names)
    assert len(settled) == len(names) - again
    assert all("answer was lost" in outcome.warning for outcome in settled)  # type: ignore[union-attr]
    assert len(shop.server.calls(call)) == 60 + again


def test_line_44_what_someone_else_changed_while_the_answer_was_lost_is_left_alone(shop):
    one = shop.server.seed(body())
    theirs = body(tags=["theirs"])

    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "replace":
            shop.server.store.replace(one.id, json.dumps(theirs).encode(), theirs)
            return "drop-before"
        return None

    shop.server.faults = plan
    ran = change(shop, replacing(one))
    assert ran.words == ["HeldBack"]
    assert "neither as it was" in ran[0].comment
    assert "tags" in ran[0].comment
    assert [entry.status for entry in kept(shop)] == [ChangeStatus.CONFLICT]
    assert len(shop.server.calls("replace")) == 1


def test_line_43_what_gets_no_answer_again_and_again_stays_unknown_and_the_next_run_finishes(shop):
    one = shop.server.seed(body())
    shop.server.faults = always("drop-before", call="replace")
    ran = change(shop, replacing(one))
    assert ran.words == ["Unknown"]
    assert len(shop.server.calls("replace")) == 3
    assert [entry.status for entry in kept(shop)] == [ChangeStatus.UNKNOWN]
    shop.server.faults = lambda _: None
    again = change(shop, replacing(one))
    assert again.words == ["Replaced"]
    assert [notice.code for notice in again.delivered.notices] == ["changes-settled"]
    assert [entry.status for entry in kept(shop)] == [ChangeStatus.NOT_DONE, ChangeStatus.DONE]


def test_line_44_a_conflict_is_never_decided_by_guessing_after_a_restart_either(shop):
    one = shop.server.seed(body())
    shop.server.faults = always("drop-before", call="replace")
    change(shop, replacing(one))
    shop.server.faults = lambda _: None
    theirs = body(tags=["theirs"])
    shop.server.store.replace(one.id, json.dumps(theirs).encode(), theirs)
    assert change(shop, replacing(one)).words == ["HeldBack"]
    assert [entry.status for entry in kept(shop)] == [ChangeStatus.CONFLICT]
    assert tags(shop, one.id) == ["theirs"]


@pytest.mark.parametrize(
    ("name", "word"), [("400", "Refused"), ("422", "Refused"), ("405", "Refused"), ("409", "Refused")]
)
def test_line_46_what_the_service_refuses_stays_as_it_was(shop, name, word):
    one = shop.server.seed(body())
    shop.server.faults = scripted({1: name}, call="replace")
    ran = change(shop, replacing(one))
    assert ran.words == [word]
    assert (ran[0].status, ran[0].reason) == (int(name), f"The sandbox was asked to answer {name}")
    assert [entry.status for entry in kept(shop)] == [ChangeStatus.NOT_DONE]
    assert tags(shop, one.id) == ["old"]


@pytest.mark.parametrize(("name", "stop"), [("401", "key"), ("403", "forbidden"), ("302", "redirect")])
@pytest.mark.parametrize("call", ["get", "replace"])
def test_line_48_what_is_no_fault_of_the_row_stops_the_run(shop, call, name, stop):
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(20)]
    shop.server.faults = always(name, call=call)
    ran = change(shop, *(replacing(record, number) for number, record in enumerate(records)), concurrency=1)
    assert ran.stop == stop
    assert ran.delivered.stop is not None
    assert ran.delivered.stop.exit_code == 3
    assert ran.words == ["Failed"] + ["NotSent"] * 19
    assert all(tags(shop, record.id) == ["old"] for record in records)


def test_line_48_a_wrong_key_changes_nothing(shop):
    one = shop.server.seed(body())
    ran = change(shop, replacing(one), key="wrong")
    assert ran.stop == "key"
    assert ran.delivered.stop is not None
    assert "Invalid signature" in ran.delivered.stop.text
    assert {seen.call for seen in shop.server.log} == {"get"}


def test_line_48_a_wrong_clock_is_corrected_for_each_kind_of_call(shop):
    shop.server.behaviour.clock_offset = 600.0
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(6)]
    ran = change(shop, *(replacing(record, number) for number, record in enumerate(records)))
    assert ran.words == ["Replaced"] * 6
    assert [notice.code for notice in ran.delivered.notices] == ["clock"]


@pytest.mark.parametrize("call", ["get", "replace", "delete"])
def test_line_49_429_pauses_everyone_and_nothing_is_lost(shop, call):
    shop.server.behaviour.retry_after = 0.05
    shop.server.faults = scripted({2: "429", 5: "429"}, call=call)
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(8)]
    make = deleting if call == "delete" else replacing
    ran = change(shop, *(make(record, number) for number, record in enumerate(records)))
    assert set(ran.words) == {"Deleted" if call == "delete" else "Replaced"}
    assert "throttled" in {notice.code for notice in ran.delivered.notices}


@pytest.mark.parametrize("call", ["get", "replace"])
def test_line_49_429_to_everything_ends(shop, call):
    one = shop.server.seed(body())
    shop.server.faults = always("429", call=call)
    began = time.monotonic()
    ran = change(shop, replacing(one), patience=3.0)
    assert ran.stop == "no-progress"
    assert ran.words in (["NotSent"], ["Failed"])
    assert time.monotonic() - began < 30
    assert tags(shop, one.id) == ["old"]


def test_line_50_a_server_that_is_down_changes_nothing(shop, monkeypatch):
    monkeypatch.setattr("importer.delivery.pacing.PROBING", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(20)]
    orders = [replacing(record, number) for number, record in enumerate(records)]
    ran = change(shop, *orders, tracker=Tracker("1234-5678", f"http://127.0.0.1:{port}"))
    assert ran.stop == "network"
    assert set(ran.words) <= {"NotSent", "Failed"}
    assert kept(shop) == []


def test_line_50_five_without_a_usable_answer_stop_new_ones(shop, monkeypatch):
    monkeypatch.setattr("importer.delivery.pacing.PROBING", 1.0)
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(30)]
    shop.server.faults = always("503-before", call="replace")
    ran = change(shop, *(replacing(record, number) for number, record in enumerate(records)))
    assert ran.stop == "incident"
    assert len(shop.server.calls("replace")) == 6, "five, and after a probe one alone"
    assert set(ran.words) <= {"Unknown", "NotSent"}
    shop.server.faults = lambda _: None
    assert set(change(shop, *(replacing(each, n) for n, each in enumerate(records))).words) == {"Replaced"}


@pytest.mark.parametrize("call", ["replace", "delete"])
def test_line_47_404_is_gone_and_a_web_page_is_not(shop, call):
    one, other = shop.server.seed(body()), shop.server.seed(body("/p/2"))
    make = replacing if call == "replace" else deleting
    shop.server.faults = scripted({1: "404"}, call=call)
    first = change(shop, make(one))
    assert first.words == ["HeldBack" if call == "replace" else "Unchanged"]
    assert [entry.status for entry in kept(shop)] == [ChangeStatus.NOT_DONE]
    shop.server.faults = scripted({1: "html-502-before", 2: "unreadable", 3: "truncated"}, call="get")
    assert change(shop, make(other)).words == ["Replaced" if call == "replace" else "Deleted"]


def test_line_51_a_ledger_that_cannot_be_written_stops_before_anything_is_sent(shop, monkeypatch):
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(5)]

    def full(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("importer.ledger.changes.packed", full)
    ran = change(shop, *(replacing(record, number) for number, record in enumerate(records)))
    assert ran.stop == "ledger"
    assert set(ran.words) == {"NotSent"}
    assert shop.server.calls("replace") == []


def test_line_52_what_the_ledger_cannot_take_afterwards_is_settled_by_the_next_run(shop, monkeypatch):
    one = shop.server.seed(body())
    with monkeypatch.context() as patched:

        def full(*_: Any) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        patched.setattr("importer.ledger.changes.Changes._apply", full)
        ran = change(shop, replacing(one))
    assert ran.stop == "ledger"
    assert ran.words == ["Replaced"], "what is known is said"
    assert [entry.status for entry in kept(shop)] == [ChangeStatus.INTENT]
    assert change(shop).words == []
    assert [entry.status for entry in kept(shop)] == [ChangeStatus.DONE]


def test_line_53_ctrl_c_lets_what_is_in_flight_finish(shop):
    shop.server.behaviour.latency = 0.2
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(30)]
    ran = interrupted(shop, records, times=1)
    assert ran.stop == "interrupted"
    assert ran.delivered.stop is not None
    assert ran.delivered.stop.exit_code == 130
    assert set(ran.words) == {"Replaced", "NotSent"}
    assert {entry.status for entry in kept(shop)} <= {ChangeStatus.DONE, ChangeStatus.NOT_DONE}
    done = sum(shop.server.store.get(record.id).body["tags"] == ["new"] for record in records)  # type: ignore[union-attr]
    assert done == ran.words.count("Replaced")


def test_line_53_a_second_ctrl_c_leaves_what_is_in_flight_unknown_and_the_next_run_finishes(shop):
    shop.server.behaviour.slow = 5.0
    shop.server.faults = always("slow", call="replace")
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(10)]
    ran = interrupted(shop, records, times=2, timeout=30.0)
    assert set(ran.words) == {"Unknown", "NotSent"}
    shop.server.faults = lambda _: None
    again = change(shop, *(replacing(record, number) for number, record in enumerate(records)))
    assert set(again.words) <= {"Replaced", "Unchanged"}
    assert all(tags(shop, record.id) == ["new"] for record in records)
    assert {entry.status for entry in kept(shop)} <= {ChangeStatus.DONE, ChangeStatus.NOT_DONE}


def interrupted(shop: Shop, records: list[Any], *, times: int, **options: Any) -> Any:
    """A run that is told to end once the first replacements are on their way."""

    def when_replacing() -> None:
        until = time.monotonic() + 10
        while not shop.server.calls("replace") and time.monotonic() < until:
            time.sleep(0.01)
        for _ in range(times):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)

    thread = threading.Thread(target=when_replacing)
    thread.start()
    try:
        return change(shop, *(replacing(each, number) for number, each in enumerate(records)), **options)
    finally:
        thread.join()


def test_what_was_created_here_is_known_by_its_new_content_and_forgotten_when_deleted(shop):
    ran = shop.run(several(2))
    one, other = (shop.server.store.get(ran[number].id) for number in (0, 1))
    assert one is not None
    assert other is not None
    assert change(shop, replacing(one, 0, tags=["new"]), deleting(other, 1)).words == ["Replaced", "Deleted"]
    again = shop.run(several(2))
    assert again.words == ["HeldBack", "Created"], "the first is there with other tags, the second is not there"


def test_two_orders_of_one_customization_are_a_mistake_of_the_planner(shop):
    one = shop.server.seed(body())
    with pytest.raises(ValueError, match="two changes"):
        change(shop, replacing(one, 0), deleting(one, 1))


def test_an_id_that_cannot_stand_in_a_path_is_never_asked_for(shop):
    ran = change(shop, order_of(Change("delete", 0, "../x", "v")))
    assert ran.words == ["Failed"]
    assert shop.server.log == []


def test_kinds_meet_their_faults_together(shop):
    shop.server.faults = together(
        scripted({2: "drop-after", 4: "500-before"}, call="replace"), scripted({1: "drop-after"}, call="delete")
    )
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(12)]
    orders = [(replacing if number % 2 else deleting)(record, number) for number, record in enumerate(records)]
    assert change(shop, *orders).words == ["Deleted", "Replaced"] * 6
    with Ledger.open(shop.path) as ledger:
        assert {entry.kind for entry in ledger.changes.of_run(1)} == set(ChangeKind)
