"""Ending in good order: real signals to this very process, while a real server has its requests."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from importer.delivery.shutdown import Shutdown, listen
from importer.sandbox import Arrival, no_faults
from tests.delivery.shop import several


def interrupting(at: int, number: int = signal.SIGINT, fault: str | None = None) -> Callable[[Arrival], str | None]:
    """A server that has this process interrupted when it gets its n-th create."""

    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "create" and arrival.number == at:
            os.kill(os.getpid(), number)
        return fault if arrival.call == "create" and arrival.number >= at else None

    return plan


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)])
@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send itself these")
def test_line_21_once_nothing_new_is_sent_and_what_is_in_flight_finishes(shop, number):
    before = signal.getsignal(number)
    shop.server.behaviour.latency = 0.05
    shop.server.faults = interrupting(6, number)
    scopes = several(40)
    ran = shop.run(scopes, concurrency=4)
    assert signal.getsignal(number) is before
    assert ran.stop == "interrupted"
    assert ran.delivered.stop is not None
    assert ran.delivered.stop.exit_code == 130
    assert set(ran.words) == {"Created", "NotSent"}
    assert 6 <= ran.words.count("Created") == shop.creates() <= 10
    rest = shop.run(scopes)
    assert len(shop.server.calls("list")) <= 6, "what was never sent needs no looking up"
    shop.check(rest, scopes)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send itself these")
def test_line_22_twice_ends_at_once_and_what_was_in_flight_is_unknown(shop):
    sent = threading.Semaphore(0)

    def plan(arrival: Arrival) -> str | None:
        if arrival.call != "create" or arrival.number < 9:  # until eight answers two are in flight at most
            return None
        sent.release()
        return "hang-after"

    def person() -> None:
        for _ in range(4):
            sent.acquire()
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)

    shop.server.faults = plan
    started = time.monotonic()
    scopes = several(20)
    thread = threading.Thread(target=person)
    thread.start()
    ran = shop.run(scopes, concurrency=4, timeout=30.0)
    thread.join()
    assert time.monotonic() - started < 10
    assert ran.stop == "interrupted"
    assert ran.words.count("Created") == 8
    assert ran.words.count("Unknown") == 4
    assert ran.words.count("NotSent") == 8
    shop.server.faults = no_faults
    rest = shop.run(scopes)
    assert shop.creates() == 20
    shop.check(rest, scopes)


def test_the_first_reason_stands_but_an_interrupt_is_always_told():
    async def run() -> None:
        shutdown = Shutdown()
        assert not await shutdown.sleep(0.001)
        shutdown.stop("network")
        shutdown.stop("key")
        assert shutdown.reason == "network"
        shutdown.interrupt()
        assert (shutdown.reason, shutdown.immediate) == ("interrupted", False)
        shutdown.interrupt()
        assert shutdown.immediate
        assert await shutdown.sleep(1000)
        assert await shutdown.sleep(0)

    asyncio.run(run())


def test_work_in_flight_is_waited_for_only_so_long():
    async def run() -> None:
        shutdown = Shutdown()
        work = asyncio.gather(asyncio.sleep(1000))
        assert not await shutdown.drain(work, limit=0.01)
        work.cancel()
        quick = asyncio.gather(asyncio.sleep(0))
        assert await shutdown.drain(quick, limit=10)

    asyncio.run(run())


def test_outside_the_main_thread_signals_are_left_alone():
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def inside() -> None:
        with listen(lambda: None):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert seen == [before]


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with listen(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)
