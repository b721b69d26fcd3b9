"""A person's hands on a run, from another thread, while a real server has its requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from importer.delivery import DeliveryRequest, Hooks
from importer.delivery.shutdown import Steering
from importer.ledger import Ledger
from importer.live.apply import carry_out
from importer.sandbox import Arrival
from importer.settings import Secret, SendOptions
from tests.delivery.shop import several
from tests.live.changing import body, replacing


def at_the_fifth(act: Callable[[], None]) -> Callable[[Arrival], str | None]:
    """A server that lets a person act when it gets its fifth create."""

    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "create" and arrival.number == 5:
            act()
        return None

    return plan


def test_a_paused_run_creates_nothing_until_it_goes_on(shop):
    shop.server.behaviour.latency = 0.02
    hands: list[Steering] = []
    counts: list[int] = []
    quiet = threading.Event()

    def person() -> None:
        hands[0].pause()
        quiet.wait(0.4)
        counts.append(shop.creates())
        quiet.wait(0.4)
        counts.append(shop.creates())
        hands[0].resume()

    thread = threading.Thread(target=person)
    shop.server.faults = at_the_fifth(thread.start)
    scopes = several(60)
    ran = shop.run(scopes, hooks={"steer": hands.append}, concurrency=2)
    thread.join()
    assert counts[0] == counts[1] < 60
    assert set(ran.words) == {"Created"}
    shop.check(ran, scopes)


def test_stopping_a_paused_run_ends_it_in_good_order(shop):
    shop.server.behaviour.latency = 0.02
    hands: list[Steering] = []

    def person() -> None:
        hands[0].pause()
        hands[0].stop()

    shop.server.faults = at_the_fifth(person)

    scopes = several(60)
    ran = shop.run(scopes, hooks={"steer": hands.append}, concurrency=2)
    assert ran.stop == "interrupted"
    assert set(ran.words) == {"Created", "NotSent"}
    shop.check(shop.run(scopes), scopes)


def test_hands_on_a_run_that_has_ended_change_nothing(shop):
    hands: list[Steering] = []
    shop.run(several(1), hooks={"steer": hands.append})
    hands[0].pause()
    hands[0].resume()
    hands[0].stop()


def test_changes_of_what_is_live_pause_and_go_on_too(shop):
    records = [shop.server.seed(body(f"/p/{number}")) for number in range(30)]
    shop.server.behaviour.latency = 0.02
    hands: list[Steering] = []
    counts: list[int] = []
    quiet = threading.Event()

    def replaced() -> int:
        return len(shop.server.calls("replace"))

    def person() -> None:
        hands[0].pause()
        for _ in range(2):
            quiet.wait(0.4)
            counts.append(replaced())
        hands[0].resume()

    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "replace" and arrival.number == 5:
            thread.start()
        return None

    thread = threading.Thread(target=person)
    shop.server.faults = plan
    orders = [replacing(record, number) for number, record in enumerate(records)]
    request = DeliveryRequest(shop.tracker, Secret(shop.server.private_key), SendOptions(concurrency=2))
    with Ledger.open(shop.path) as ledger, ledger.claim(shop.tracker):
        delivered = carry_out(orders, request, ledger, Hooks(steer=hands.append))
    thread.join()
    assert counts[0] == counts[1] < 30
    assert {type(outcome).__name__ for outcome in delivered.outcomes.values()} == {"Replaced"}


def test_words_that_nobody_takes_go_to_the_log(caplog):
    hooks = Hooks()
    with caplog.at_level("INFO", logger="importer"):
        hooks.waits("Waiting until 12:00")
        hooks.alarm("100 % of the disk is full: id-1")
    assert caplog.record_tuples == [
        ("importer", logging.INFO, "Waiting until 12:00"),
        ("importer", logging.CRITICAL, "100 % of the disk is full: id-1"),
    ]
