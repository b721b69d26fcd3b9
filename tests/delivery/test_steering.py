"""A person's hands on a run, from another thread, while a real server has its requests."""

from __future__ import annotations

import threading
from collections.abc import Callable

from importer.delivery.shutdown import Steering
from importer.sandbox import Arrival
from tests.delivery.shop import Shop, several


def at_the_fifth(act: Callable[[], None]) -> Callable[[Arrival], str | None]:
    """A server that lets a person act when it gets its fifth create."""

    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "create" and arrival.number == 5:
            act()
        return None

    return plan


def test_a_paused_run_creates_nothing_until_it_goes_on(shop: Shop) -> None:
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


def test_stopping_a_paused_run_ends_it_in_good_order(shop: Shop) -> None:
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


def test_hands_on_a_run_that_has_ended_change_nothing(shop: Shop) -> None:
    hands: list[Steering] = []
    shop.run(several(1), hooks={"steer": hands.append})
    hands[0].pause()
    hands[0].resume()
    hands[0].stop()
