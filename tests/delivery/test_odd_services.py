"""Services that behave a little otherwise than expected: nothing is there twice, nothing is lost, it ends, it says so.

Each test is one way in which an importer that trusts clocks, filters or a single reading creates twice or loops.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest

from importer.api.messages import Answer, page
from importer.ledger import Ledger
from importer.sandbox import Arrival, always, scripted, together
from tests.delivery.shop import Few, Ran, Shop, scope, several

LOST = {2: "drop-after", 4: "drop-before"}
"""One that was created and one that was not, neither with an answer."""


def finished_right(shop: Shop, scopes: Few, **options: Any) -> Ran:
    """The run creates each scope once, and knows their IDs."""
    ran = shop.run(scopes, **options)
    assert ran.words == ["Created"] * len(scopes), [getattr(ran[n], "comment", "") for n in range(len(scopes))]
    shop.check(ran, scopes)
    return ran


def never_twice(shop: Shop, scopes: Few, **options: Any) -> Ran:
    """Whatever the run says, no target of the sheet has two customizations, now or after the same command again."""
    ran = shop.run(scopes, **options)
    shop.server.faults = scripted({})
    shop.run(scopes, **options)
    assert {len(ids) for target, ids in shop.truth().items() if target in {one.target for one in scopes}} == {1}
    return ran


# ── No clock tells one's own from someone else's ────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["utc", "naive", "local", "minute", "date", "12-hour"])
@pytest.mark.parametrize("offset", [0.0, -3.0, -3600.0, 90.0])
def test_created_at_in_any_form_and_by_any_clock(shop, form, offset):
    shop.server.behaviour.created_at, shop.server.behaviour.created_offset = form, offset
    shop.server.faults = scripted(LOST)
    finished_right(shop, several(6), concurrency=1)


@pytest.mark.parametrize("offset", [-1.9, -1.2, 1.2, 1.9])
def test_this_computers_clock_a_little_wrong(shop, offset):
    shop.server.behaviour.clock_offset = offset
    shop.server.faults = scripted(LOST)
    finished_right(shop, several(6), concurrency=1)


@pytest.mark.parametrize("offset", [-3600.0, -60.0, 60.0])
def test_a_list_node_with_a_clock_of_its_own(shop, offset):
    shop.server.behaviour.list_clock_offset = offset
    shop.server.faults = scripted(LOST)
    started = time.monotonic()
    finished_right(shop, several(6), concurrency=1)
    assert time.monotonic() - started < 15, "it neither counts an absence at once nor sleeps for an hour"


def test_the_date_of_an_edge_that_is_not_the_clock_of_the_app(shop):
    shop.server.behaviour.edge_offset = 600.0
    ran = finished_right(shop, several(6))
    assert "clock" not in ran.codes
    assert {attempt.status for attempt in ran.attempts} == {200, 201}


def test_an_accepted_clock_is_not_given_up_for_the_date_of_one_stray_401(shop):
    shop.server.behaviour.edge_offset = 600.0
    shop.server.faults = scripted({4: "401"})
    ran = shop.run(several(6), concurrency=1)
    assert ran.stop == "key"
    assert ran.words == ["Created"] * 3 + ["Failed"] + ["NotSent"] * 2
    assert shop.creates() == 4


# ── The list respells, pages badly, filters wrongly ─────────────────────────────────────────────────────


def rich(count: int) -> Few:
    pins = [
        {"position": place, "pin_type": "item", "pin_identity": "7", "active_from": "2027-01-01T00:00:00+01:00"}
        for place in (3, 1, 2)
    ]
    return Few(
        [
            scope(n, f"/p/{n}", tags=["B", "a"], target_metadata={"n": 2**60 + 1}, pin_definitions=pins)
            for n in range(count)
        ]
    )


def test_a_list_in_another_spelling_of_the_same(shop):
    shop.server.behaviour.respells = True
    shop.server.faults = scripted(LOST)
    plain = Few([scope(n, f"/p/{n}", pins=3, tags=["b", "a"]) for n in range(6)])
    finished_right(shop, plain, concurrency=1)


def test_line_33_a_list_that_gives_back_other_content_than_was_sent(shop):
    shop.server.behaviour.alters = True
    shop.server.faults = scripted(LOST)
    ran = finished_right(shop, rich(6), concurrency=1)
    assert "other content" in ran[1].warning


def test_line_33_other_content_where_the_service_gives_back_what_was_sent_is_never_sent_again(shop):
    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "create" and arrival.number == 2:
            shop.server.seed({**json.loads(scope(1, "/p/1").body), "tags": ["another"]})
            return "drop-before"
        return None

    shop.server.faults = plan
    ran = never_twice(shop, several(3), concurrency=1)
    assert ran.words == ["Created", "Unknown", "Created"]
    assert 'tags: — / ["another"]' in ran[1].comment
    assert shop.truth()["/p/1"][0] in ran[1].comment


@pytest.mark.parametrize("omitted", ["created_at", "creator", "target_metadata", "available"])
def test_a_list_that_leaves_a_field_out(shop, omitted):
    shop.server.behaviour.omits = (omitted,)
    shop.server.faults = scripted(LOST)
    finished_right(shop, Few([scope(n, f"/p/{n}", target_metadata={"n": 1}) for n in range(6)]), concurrency=1)


@pytest.mark.parametrize("omitted", ["model", "target_type", "target_identity", "pin_definitions"])
def test_a_list_that_leaves_out_what_is_compared_hides_nothing(shop, omitted):
    shop.server.behaviour.omits = (omitted,)
    shop.server.faults = scripted({2: "drop-after"})
    never_twice(shop, several(4), concurrency=1)


def older(shop: Shop, count: int, age: float = 3600.0) -> None:
    for number in range(count):
        shop.server.seed(json.loads(scope(number, f"/older/{number}").body), age=age + number // 7)


@pytest.mark.parametrize("total", [None, 0])
@pytest.mark.parametrize("count", [30, 250])
def test_line_30_pages_that_tie_by_second(shop, count, total):
    older(shop, count)
    shop.server.behaviour.ties, shop.server.behaviour.page_cap = True, 20
    if total is not None:
        shop.server.behaviour.shape = "list"
    shop.server.faults = scripted(LOST)
    never_twice(shop, several(6), concurrency=1)


def test_line_30_pages_that_lose_the_very_row(shop):
    older(shop, 30)

    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "list" and len(shop.server.store) > 30 and shop.server.behaviour.loses is None:
            lost = [r.id for r in shop.server.store.records() if r.target_identity == "/p/1"]
            shop.server.behaviour.loses = lost[0] if lost else None
        return "drop-after" if arrival.call == "create" and arrival.number == 2 else None

    shop.server.faults = plan
    ran = shop.run(several(4), concurrency=1)
    assert ran.words == ["Created", "Unknown", "Created", "Created"]
    assert len(shop.truth()["/p/1"]) == 1
    shop.server.behaviour.loses = ""
    later = shop.run(several(4))
    assert later.words == ["AlreadyCreated", "Created", "AlreadyCreated", "AlreadyCreated"]


def test_a_shop_that_ignores_the_order_asked_for(shop):
    older(shop, 250)
    shop.server.behaviour.ignores_sort = True
    shop.server.faults = scripted(LOST)
    finished_right_here(shop, several(6))


def finished_right_here(shop: Shop, scopes: Few) -> None:
    ran = shop.run(scopes, concurrency=1)
    assert ran.words == ["Created"] * len(scopes)
    assert {ran[one.number].id for one in scopes} == {shop.truth()[one.target][0] for one in scopes}
    assert all(len(shop.truth()[one.target]) == 1 for one in scopes)


def test_a_list_that_gives_its_first_page_for_ever(shop):
    older(shop, 30)
    shop.server.behaviour.ignores_offset, shop.server.behaviour.page_cap = True, 10
    shop.server.faults = scripted(LOST)
    never_twice(shop, several(6), concurrency=1)


def test_a_list_that_changes_each_time_it_is_read_is_not_believed_for_an_absence(shop):
    shop.server.behaviour.changes = True
    shop.server.faults = scripted({2: "drop-before"})
    ran = shop.run(several(3), concurrency=1)
    assert ran.words == ["Created", "Unknown", "Created"]
    assert shop.creates() == 3


@pytest.mark.parametrize("target", ["/p/a,b", "/P/Upper", "/p/%252F", "/p/" + "x" * 80, "/p/slash/"])
def test_no_filter_by_identity_is_trusted(shop, target):
    shop.server.behaviour.filters = "nothing"
    shop.server.faults = scripted(LOST)
    scopes = Few([scope(n, f"{target}{n if n else ''}") for n in range(6)])
    finished_right(shop, scopes, concurrency=1)


def test_an_older_equal_one_deep_in_a_large_shop_is_never_taken_for_the_lost_one(shop):
    other = shop.server.seed(json.loads(scope(1, "/p/1").body), age=90_000)
    older(shop, 150)
    shop.server.faults = scripted({2: "drop-before"})
    ran = shop.run(several(4), concurrency=1)
    assert ran.words == ["Created"] * 4
    assert ran[1].id != other.id
    assert len(shop.truth()["/p/1"]) == 2


def test_a_lost_answer_costs_a_bounded_number_of_pages_however_large_the_shop(shop):
    older(shop, 50_000)
    shop.server.faults = scripted(LOST)
    ran = shop.run(several(12), timeout=20.0, concurrency=1)
    assert ran.words == ["Created"] * 12
    assert len(shop.server.calls("list")) <= 20


def test_a_clean_run_asks_little_besides(shop):
    shop.run(several(40))
    assert len(shop.server.log) <= 40 + 3
    older(shop, 250)
    shop.run(Few([scope(n, f"/more/{n}") for n in range(40)]))
    assert len(shop.server.log) <= 80 + 6


# ── An absence needs proof ──────────────────────────────────────────────────────────────────────────────


def test_a_list_that_is_frozen_is_not_believed(shop):
    older(shop, 5)
    shop.server.behaviour.frozen_at = time.time()
    shop.server.faults = scripted({2: "drop-after"})
    ran = shop.run(several(5), concurrency=1)
    assert ran.words == ["Created", "Unknown", "Created", "Created", "Created"]
    assert "list-untrusted" in ran.codes
    assert len(shop.truth()["/p/1"]) == 1
    shop.server.behaviour.frozen_at = None
    assert shop.run(several(5)).words.count("Created") == 1
    assert shop.creates() == 5


def test_a_list_that_turns_empty_in_mid_run_is_not_believed(shop):
    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "create" and arrival.number == 3:
            shop.server.behaviour.empty = True
            return "drop-after"
        return None

    shop.server.faults = plan
    ran = shop.run(several(5), concurrency=1)
    assert ran.words == ["Created", "Created", "Unknown", "Created", "Created"]
    assert shop.creates() == 5


def test_a_list_that_is_always_empty_is_not_believed_by_a_single_scope(shop):
    shop.server.behaviour.empty = True
    shop.server.faults = scripted({1: "drop-after"})
    assert shop.run(several(1)).words == ["Unknown"]
    assert shop.run(several(1)).words == ["Unknown"]
    assert shop.creates() == 1


def test_line_34_a_server_that_commits_after_the_client_gave_up(shop):
    shop.server.behaviour.slow = 0.6
    shop.server.faults = scripted({2: "commit-late"})
    scopes = several(4)
    finished_right(shop, scopes, concurrency=1, settle_time=1.0)


def test_line_36_a_page_for_maintenance_to_the_get_of_an_older_scope(shop):
    scopes = several(3)
    shop.run(scopes)
    shop.server.faults = always("404", call="get")
    ran = shop.run(scopes, later=timedelta(hours=25))
    assert ran.words == ["AlreadyCreated"] * 3
    assert shop.creates() == 3


def test_line_36_what_is_gone_by_get_and_by_list_is_sent_again_but_not_where_the_list_is_not_believed(
    shop,
):
    scopes = several(3)
    shop.run(scopes)
    shop.server.store.delete(shop.truth()["/p/1"][0])
    shop.server.behaviour.total = 7
    ran = shop.run(scopes, later=timedelta(hours=25))
    assert ran.words == ["AlreadyCreated"] * 3
    assert ran[1].warning
    shop.server.behaviour.total = None
    assert shop.run(scopes, later=timedelta(hours=25)).words == ["AlreadyCreated", "Created", "AlreadyCreated"]


# ── Answers about something else ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", ["other-id", "other-target"])
def test_line_38_an_answer_about_another_scope_gives_no_row_a_foreign_id(shop, fault):
    shop.server.faults = scripted({2: fault})
    finished_right(shop, several(4), concurrency=1)


@pytest.mark.parametrize("shape", ["paged", "list"])
def test_line_38_an_id_that_is_older_than_the_newest_hundred_is_told_by_its_number(shop, shape):
    shop.server.behaviour.numbered, shop.server.behaviour.shape = True, shape
    for number in range(150):
        shop.server.seed(json.loads(scope(number, f"/older/{number}").body), age=3600.0 - number // 3)
    shop.server.faults = scripted({2: "other-id"})
    finished_right_here(shop, several(4))


def test_line_38_an_answer_with_the_id_of_a_scope_that_is_looked_for_has_that_one_not_sent_again(shop):
    shop.server.behaviour.list_lag = 1.3
    shop.server.faults = scripted({1: "drop-after", 2: "other-id"})
    ran = shop.run(several(3), concurrency=1, settle_time=2.0)
    assert ran.words[0] == "Unknown"
    assert {len(ids) for ids in shop.truth().values()} == {1}


def test_an_error_that_holds_an_id_is_no_customization(shop):
    shop.server.faults = scripted({2: "error-with-id"})
    finished_right(shop, several(4), concurrency=1)


@pytest.mark.parametrize("odd", ["\ud800", "\x1b[2J", "x" * 1_000_000, 17, ["a"], {"b": 1}, True])
def test_odd_ids_in_the_list_stop_nothing(shop, odd):
    body = json.dumps([{"id": odd, "model": "basket"}, {"id": "right"}]).encode()
    found = page(Answer(200, body, None, None, 0))
    assert found is not None
    assert found.items[1].id == "right"
    assert len(found.items[0].id) <= 256
    assert found.items[0].id.isprintable()
    found.items[0].id.encode()


def test_list_pages_that_are_too_large_are_asked_for_smaller(shop, monkeypatch):
    monkeypatch.setattr("importer.api.client.ANSWER_LIMIT", 20_000)
    older(shop, 150)
    shop.server.faults = scripted(LOST)
    finished_right_here(shop, several(6))


def test_a_server_that_closes_idle_connections_is_asked_again_at_once(shop):
    shop.server.faults = together(scripted({2: "drop-after"}), scripted({3: "drop-before"}, call="list"))
    finished_right(shop, several(4), concurrency=1)


# ── --again is one wish ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", ["422", "drop-before"])
def test_again_that_did_not_end_well_is_finished_by_the_same_command_and_sends_nothing_a_third_time(shop, fault):
    shop.run(several(4))
    trouble = scripted(dict.fromkeys([6, *range(9, 30)], fault)) if fault == "422" else scripted({6: fault})
    lists = always("404", call="list") if fault == "drop-before" else scripted({})
    shop.server.faults = together(scripted({6: fault}), lists)
    first = shop.run(several(4), again=True, concurrency=1)
    assert first.words[1] in {"Refused", "Unknown"}
    del trouble
    shop.server.faults = scripted({})
    second = shop.run(several(4), again=True, sha256="the results workbook")
    assert max(len(ids) for ids in shop.truth().values()) == 2
    assert second.words[0] == "AlreadyCreated"


def test_again_that_fails_before_it_sends_forgets_nothing(shop):
    first = shop.run(several(4))
    shop.server.faults = always("403")
    stopped = shop.run(several(4), again=True)
    assert stopped.stop == "forbidden"
    shop.server.faults = scripted({})
    after = shop.run(several(4))
    assert after.words == ["AlreadyCreated"] * 4
    assert [after[n].id for n in range(4)] == [first[n].id for n in range(4)]
    assert shop.creates() == 5
    assert shop.run(several(4), again=True).words == ["Created"] * 4


def test_the_wish_can_be_closed(shop):
    shop.run(several(2))
    shop.server.faults = scripted({4: "422"})
    shop.run(several(2), again=True, concurrency=1)
    with Ledger.open(shop.path) as ledger:
        assert ledger.upkeep.close_again() == 1
    assert shop.run(several(2), again=True).words == ["Created"] * 2


# ── Everything ends ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("retry_after", [0.0, -5.0, 1e-9])
def test_line_35_a_429_to_everything_ends_and_is_never_hammered(shop, retry_after):
    shop.server.behaviour.retry_after = retry_after
    shop.server.faults = always("429")
    ran = shop.run(several(50), patience=4.0)
    assert ran.stop == "no-progress"
    assert ran.delivered.stop is not None
    assert ran.delivered.stop.exit_code == 3
    assert set(ran.words) <= {"NotSent", "Failed"}
    assert shop.creates() <= 7


def test_line_35_a_long_wait_is_said_with_its_reason_and_its_end(shop):
    shop.server.behaviour.retry_after = 30
    shop.server.faults = always("429")
    ran = shop.run(several(3), patience=2.0)
    assert "Waiting until " in ran.waits[0]
    assert "more slowly" in ran.waits[0]
    assert shop.creates() == 1


@pytest.mark.parametrize("fault", ["405", "html-200", "418"])
def test_the_same_odd_answer_to_the_first_creates_is_a_wrong_base_url(shop, fault):
    shop.server.seed(json.loads(scope(0, "/older").body))
    shop.server.faults = always(fault)
    ran = shop.run(several(30))
    assert ran.stop == "base-url"
    assert shop.creates() == 5


def test_five_refusals_by_the_services_own_words_are_no_wrong_base_url(shop):
    shop.server.faults = scripted(dict.fromkeys(range(1, 8), "422"))
    assert sorted(shop.run(several(10)).words) == ["Created"] * 3 + ["Refused"] * 7


def test_a_server_that_is_gone_for_a_few_seconds_does_not_end_the_run(shop):
    gone: list[float] = []

    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "create" and arrival.number == 5:
            gone.append(time.monotonic())
        return "503-before" if gone and time.monotonic() - gone[0] < 3.0 else None

    shop.server.faults = plan
    finished_right(shop, several(12), hooks={"jitter": lambda: 0.5})


def test_a_list_that_is_throttled_does_not_slow_the_creates(shop):
    shop.server.faults = together(
        scripted({2: "drop-after", 30: "drop-after"}),
        lambda arrival: "429" if arrival.call == "list" and arrival.number % 3 == 0 else None,
    )
    shop.server.behaviour.retry_after = 0
    started = time.monotonic()
    finished_right(shop, several(60))
    assert time.monotonic() - started < 20
