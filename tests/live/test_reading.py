"""Reading what is live, from a real server: pages, filters that are compared again, single customizations, trouble."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from importer.delivery import Attempt, Hooks
from importer.live.customization import Live
from importer.live.reading import Filters, Listing, Trouble, get
from importer.live.service import Service, with_service
from importer.sandbox import Sandbox, always, running_sandbox, scripted
from importer.settings import Secret, SendOptions, Tracker

T = TypeVar("T")
OPTIONS = SendOptions(timeout=2.0, connect_timeout=2.0)


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


def reach(
    server: Sandbox,
    work: Callable[[Service], Awaitable[T]],
    *,
    key: str | None = None,
    hooks: Hooks | None = None,
    **options: Any,
) -> T:
    target = Tracker(server.tracker_id, server.url)
    hooks = hooks or Hooks(jitter=lambda: 0.0)
    return with_service(work, target, Secret(key or server.private_key), replace(OPTIONS, **options), hooks)


def read(server: Sandbox, filters: Filters | None = None, **more: Any) -> tuple[list[Live], Listing]:
    async def work(service: Service) -> tuple[list[Live], Listing]:
        listing = Listing(service, filters, first=True)
        return [live async for page in listing.pages() for live in page], listing

    return reach(server, work, **more)


# ── The list ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_list_page_by_page_with_every_field(server):
    server.fill(250)
    found, listing = read(server)
    assert {live.id for live in found} == {record.id for record in server.store.records()}
    assert len(found) == listing.total == 250
    assert listing.complete
    assert listing.is_whole
    assert len(server.calls("list")) == 4, "three pages, and an empty one that is the end"
    record = server.store.records()[0]
    one = next(live for live in found if live.id == record.id)
    assert one.creator == record.creator
    assert one.fields["pin_definitions"] == record.body["pin_definitions"]


def test_an_empty_list_takes_one_request(server):
    found, listing = read(server)
    assert not found
    assert listing.is_whole
    assert len(server.log) == 1


@pytest.mark.parametrize("shape", ["paged", "list"])
@pytest.mark.parametrize("cap", [7, 100])
def test_capped_pages_and_bare_lists(server, shape, cap):
    server.fill(30)
    server.behaviour.shape, server.behaviour.page_cap = shape, cap
    found, listing = read(server)
    assert len(found) == 30
    assert listing.is_whole


FILTERS = [
    Filters(models=("basket",)),
    Filters(models=("basket", "favorites"), target_types=("item",)),
    Filters(tags=("spring", "Christmas, gifts")),
    Filters(target_types=("criteria", "all")),
    Filters(target_identities=("/p/0/", "00000001")),
]


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_ask_for_less_and_are_compared_again(server, filters):
    server.fill(150)
    every, _ = read(server)
    wanted = {live.id for live in every if filters.fit(live)}
    assert 0 < len(wanted) < 150
    found, listing = read(server, filters)
    assert {live.id for live in found} == listing.seen == wanted, "the service did the work"


def test_a_service_that_ignores_filters(server):
    server.fill(150)
    every, _ = read(server)
    server.behaviour.filters = "ignored"
    found, listing = read(server, Filters(models=("basket",)))
    assert {live.id for live in found} == {live.id for live in every if live.model == "basket"}
    assert len(listing.seen) == 150


def test_a_service_that_misreads_filters_never_shows_what_does_not_fit(server):
    server.seed({"model": "basket", "target_type": "item", "target_identity": "A", "pin_definitions": []})
    server.seed({"model": "basket", "target_type": "item", "target_identity": "A,B", "pin_definitions": []})
    server.behaviour.filters = "split"
    found, listing = read(server, Filters(target_identities=("A,B",)))
    assert not found
    assert len(listing.seen) == 1


def test_a_list_that_shows_its_first_page_for_ever_ends(server):
    server.fill(250)
    server.behaviour.ignores_offset = True
    found, listing = read(server)
    assert len(found) == 100
    assert not listing.complete
    assert listing.trouble is None


def test_a_list_that_loses_a_row_is_not_whole(server):
    server.fill(150)
    server.behaviour.loses = server.store.records()[10].id
    found, listing = read(server)
    assert len(found) == 149
    assert listing.complete
    assert not listing.is_whole


# ── One customization ───────────────────────────────────────────────────────────────────────────────────


def test_one_customization_by_its_id(server):
    server.fill(3)
    record = server.store.records()[1]

    async def work(service: Service) -> list[Live | Trouble | None]:
        ids = (record.id, "00000000-0000-0000-0000-00000000dead", "no/id")
        return [await get(service, each) for each in ids]

    found, missing, unaskable = reach(server, work)
    assert isinstance(found, Live)
    assert (found.id, found.creator) == (record.id, record.creator)
    assert found.fields["pin_definitions"] == record.body["pin_definitions"]
    assert missing is None
    assert unaskable == Trouble("unreadable")
    assert len(server.log) == 2, "an ID that cannot stand in a path is not asked for"


# ── Trouble ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_key_is_found_by_reading(server):
    found, listing = read(server, key="wrong")
    assert not found
    assert listing.trouble is not None
    assert (listing.trouble.kind, listing.trouble.stop) == ("denied", "key")
    assert listing.trouble.said
    assert {seen.method for seen in server.log} == {"POST", "GET"}
    assert not server.calls("create")


def test_a_wrong_clock_is_corrected(server):
    server.fill(3)
    server.behaviour.clock_offset = 600.0
    found, listing = read(server)
    assert len(found) == 3
    assert listing.trouble is None


def test_a_service_without_a_list(server):
    server.faults = always("404", call="list")
    _, listing = read(server)
    assert listing.trouble == Trouble("no-list")


def test_a_stray_failure_is_asked_again(server):
    server.fill(150)
    server.faults = scripted({2: "500-before"}, call="list")
    found, listing = read(server)
    assert len(found) == 150
    assert listing.is_whole


def test_waits_and_attempts_are_shown(server):
    server.fill(3)
    server.behaviour.retry_after = 6.0
    server.faults = scripted({1: "429"}, call="list")
    waits: list[str] = []
    attempts: list[Attempt] = []
    hooks = Hooks(attempt=attempts.append, waits=waits.append)
    found, _ = read(server, hooks=hooks)
    assert len(found) == 3
    assert len(waits) == 1
    assert [attempt.status for attempt in attempts] == [429, 200, 200]
    assert {attempt.call for attempt in attempts} == {"list"}


def test_nobody_listening(server):
    def deaf(_: object) -> None:
        raise BrokenPipeError

    server.fill(3)
    found, _ = read(server, hooks=Hooks(attempt=deaf, waits=deaf))
    assert len(found) == 3


def test_an_end_is_heard_at_once_and_said(server):
    server.fill(3)
    server.behaviour.latency = 30.0

    async def work(service: Service) -> tuple[Listing, Any, Any]:
        listing = Listing(service, first=True)

        async def everything() -> list[list[Live]]:
            return [page async for page in listing.pages()]

        asyncio.get_running_loop().call_later(0.2, service.shutdown.interrupt)
        found = await service.unless_stopped(everything())
        return listing, found, service.stop

    began = time.monotonic()
    _, found, stop = reach(server, work, timeout=60.0)
    assert found is None
    assert stop is not None
    assert (stop.code, stop.exit_code) == ("interrupted", 130)
    assert time.monotonic() - began < 20


def test_the_pace_is_kept(server):
    server.fill(250)
    began = time.monotonic()
    read(server, max_rate=5.0)
    assert time.monotonic() - began >= 0.55, "four requests, five a second"
