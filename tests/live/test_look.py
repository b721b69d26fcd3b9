"""How a look reads: few requests, never more than it may, and what counts as seen has been seen, whatever happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.delivery import Hooks
from importer.delivery.contents import TargetName
from importer.live.customization import target_of
from importer.live.identities import TOGETHER, batches, traits
from importer.live.look import allowed, look
from importer.live.reading import Snapshot
from importer.live.service import Service, with_service
from importer.sandbox import Behaviour, Sandbox, running_sandbox, scripted, seeded
from importer.settings import Secret, SendOptions, Tracker

OPTIONS = SendOptions(timeout=2.0, connect_timeout=2.0)
FILTERS = ("heard", "ignored", "nothing", "last", "split", "folded", "decoded", "cut", "slash")
ODD = ("A,B", "A", "b,c,", "%2Fp%2F7", "Größe 38/", "x" * 70, "X" * 64, "/p/1//", "abc", "ABC")


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


def see(server: Sandbox, targets: list[TargetName], most: int, *, ids: tuple[str, ...] = (), **hooks: Any) -> Snapshot:
    async def work(service: Service) -> Snapshot:
        return await look(service, targets, ids, most)

    where = Tracker(server.tracker_id, server.url)
    return with_service(work, where, Secret(server.private_key), OPTIONS, Hooks(jitter=lambda: 0.0, **hooks))


def truth(server: Sandbox) -> dict[TargetName | None, set[str]]:
    found: dict[TargetName | None, set[str]] = defaultdict(set)
    for record in server.store.records():
        found[target_of(record.body)].add(record.id)
    return found


def holds(server: Sandbox, targets: list[TargetName], seen: Snapshot) -> None:
    """What is shown is there, and what counts as seen is all there is."""
    there = truth(server)
    for target in targets:
        shown = {live.id for live in seen.of(target)}
        assert shown <= there[target]
        if seen.covers(target):
            assert shown == there[target], target


def item(identity: str, model: str = "basket") -> TargetName:
    return TargetName(model, "item", identity)


def seed(server: Sandbox, *identities: str, model: str = "basket", age: float = 0.0) -> None:
    for identity in identities:
        body = {"model": model, "target_type": "item", "target_identity": identity, "pin_definitions": []}
        server.seed(body, age=age)


def every(server: Sandbox, model: str = "basket") -> list[TargetName]:
    return [target for target in truth(server) if target is not None and target.model == model]


# ── How many requests ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("live", "requests"), [(0, 1), (1, 2), (99, 2), (250, 4)])
def test_a_small_shop_is_read_whole(server, live, requests):
    server.fill(live)
    targets = [*every(server), item("/p/new")]
    seen = see(server, targets, allowed(len(targets)))
    holds(server, targets, seen)
    assert not seen.missing
    assert len(server.log) == requests


def test_a_models_pages_where_they_are_fewer_than_its_targets(server):
    server.fill(1000)
    targets = [*every(server)[:60], *(item(f"/new/{number}") for number in range(60))]
    seen = see(server, targets, allowed(1000))
    holds(server, targets, seen)
    assert not seen.missing
    pages = -(-sum(len(ids) for target, ids in truth(server).items() if target and target.model == "basket") // 100)
    assert len(server.log) == 1 + pages + 1


def test_one_request_for_each_target_where_that_is_fewer(server):
    server.fill(3000)
    targets = [*every(server)[:3], item("/p/new/"), item("/p/newer/")]
    seen = see(server, targets, allowed(5))
    holds(server, targets, seen)
    assert not seen.missing
    assert len(server.log) <= 1 + 1 + 3 + 5, "the first page, the model's, the tests of the filter, the targets"


def test_criteria_and_everywhere_are_asked_for_by_their_kind(server):
    server.fill(3000)
    kinds = {target.target_type: target for target in every(server) if target.target_type != "item"}
    targets = [*kinds.values(), TargetName("basket", "criteria", '{"no":"such"}')]
    seen = see(server, targets, allowed(3))
    holds(server, targets, seen)
    assert not seen.missing


@pytest.mark.parametrize("most", [1, 2, 5, 20, 60])
@pytest.mark.parametrize("filters", FILTERS)
def test_never_more_than_it_may(server, most, filters):
    server.fill(700)
    seed(server, *ODD)
    server.behaviour.filters, server.behaviour.page_cap = filters, 20
    targets = [*every(server)[::3], *(item(odd) for odd in ODD)]
    seen = see(server, targets, most)
    assert len(server.log) <= most
    holds(server, targets, seen)
    assert seen.missing or most >= 20, "so little cannot be enough"


def test_refusals_count_too(server):
    server.fill(700)
    server.behaviour.page_cap, server.behaviour.retry_after = 20, 0.0
    server.faults = seeded(1, {"429": 0.3}, call="list")
    see(server, every(server), 12)
    assert len(server.log) <= 12 + 2


@pytest.mark.parametrize("filters", ["heard", "last"])
def test_fifty_thousand_are_not_read_for_forty_five(server, filters):
    server.fill(50_000)
    server.behaviour.filters = filters
    targets = [target for target in every(server) if target.target_type == "item"][:45]
    seen = see(server, targets, allowed(45))
    assert len(server.log) <= allowed(45) == 24
    holds(server, targets, seen)
    if filters == "heard":
        assert not seen.missing, "several identities go into one request"
        assert len(server.log) <= 1 + 1 + 4 + 3, "the first page, the model's, the tests of the filter, the targets"
    else:
        assert 10 <= len(seen.missing) < 45


def test_a_long_look_is_announced(server):
    server.fill(700)
    server.behaviour.page_cap, server.behaviour.filters = 4, "last"
    waits: list[str] = []
    see(server, every(server), allowed(1000), waits=waits.append)
    assert len(waits) == 1


# ── What is seen has been seen ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("most", [25, 200])
@pytest.mark.parametrize("known", [False, True])
def test_filters_that_are_misheard_hide_nothing_unsaid(server, filters, most, known):
    seed(server, *ODD, age=500 * 86_400.0)
    server.fill(1500)
    if known:
        seed(server, "Z,1", "q/", "Y", "%41", "ž", "y" * 80)
    server.behaviour.filters = filters
    targets = [*(item(odd) for odd in ODD), item("C,D"), item("cd/"), *every(server)[:8]]
    seen = see(server, targets, most)
    holds(server, targets, seen)
    assert len(server.log) <= most
    if filters == "heard" and known:
        assert not seen.missing


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.text("Aa,/%4 ž", min_size=1, max_size=5), max_size=30),
    st.lists(st.text("Aa,/%4 ž", min_size=1, max_size=5), min_size=1, max_size=12),
    st.sampled_from(FILTERS),
    st.sampled_from([3, 10, 100]),
    st.integers(1, 60),
    st.booleans(),
)
def test_whatever_is_live_and_however_it_is_listed(live, wanted, filters, cap, most, bare):
    behaviour = Behaviour(filters=filters, page_cap=cap, shape="list" if bare else "paged")
    with running_sandbox(behaviour) as server:
        seed(server, *live)
        targets = list(dict.fromkeys(item(identity) for identity in [*wanted, *live[:3]]))
        holds(server, targets, see(server, targets, most))
        assert len(server.log) <= most


def test_a_list_that_loses_a_row_is_read_twice(server):
    server.fill(150)
    lost = server.store.records()[-105]
    server.behaviour.loses = lost.id
    targets = every(server)
    seen = see(server, targets, allowed(1000))
    assert seen.is_short
    assert seen.missing
    assert lost.id not in seen.ids


def test_a_list_that_ties_and_shuffles_hides_nothing_unsaid(server):
    server.fill(250)
    server.behaviour.ties = True
    targets = every(server)
    holds(server, targets, see(server, targets, allowed(1000)))


def test_a_list_that_shows_its_first_page_for_ever(server):
    server.fill(250)
    server.behaviour.ignores_offset = True
    targets = every(server)
    seen = see(server, targets, allowed(1000))
    holds(server, targets, seen)
    assert seen.missing
    assert len(server.log) < 30


def test_a_service_that_refuses_filters(server):
    """Its list is read without them."""
    server.fill(700)
    server.faults = scripted({2: "400"}, call="list")
    targets = every(server)
    seen = see(server, targets, allowed(1000))
    holds(server, targets, seen)
    assert not seen.missing
    assert seen.trouble is None


def test_a_total_that_is_wrong(server):
    server.fill(250)
    for total in (0, 100, 999):
        server.behaviour.total = total
        targets = every(server)
        seen = see(server, targets, allowed(1000))
        holds(server, targets, seen)
        assert seen.is_short or not seen.missing


def test_ids_are_asked_for(server):
    server.fill(3)
    records = server.store.records()
    server.behaviour.list_lag = 1000.0
    nobody = "00000000-0000-0000-0000-00000000dead"
    seen = see(server, [item("/p/new")], 20, ids=(records[0].id, nobody, "no/id"))
    assert records[0].id in seen.ids
    assert seen.gone == {nobody}


def test_traits():
    assert traits("abc") == {""}
    assert traits("A,ž%/") == {"", "A", ",", "ž", "%", "/"}
    assert traits("/p/1") == {""}
    assert traits("a" * 65) == {"", "long"}


def test_batches_hold_all_in_their_order_and_fit_into_an_address():
    identities = [f"/p/{number}/" for number in range(45)] + ["ž" * 200] * 5
    groups = list(batches(identities))
    assert [identity for group in groups for identity in group] == identities
    assert max(map(len, groups)) == TOGETHER
    assert [len(group) for group in groups[-3:]] == [1, 1, 1]
    assert not list(batches([]))
