"""How fast it sends, on a clock that costs nothing."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.delivery.pacing import (
    BACKOFF_CAP,
    RETRY_AFTER_CAP,
    CircuitBreaker,
    RateLimiter,
    backoff,
    retry_budget,
)


class Bucket:
    """A server that lets through so many a second, with a burst."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst, self.level, self.at = rate, burst, burst, 0.0

    def takes(self, now: float) -> bool:
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class Windows:
    """A server that counts in windows of so many seconds, by the clock or, `sliding`, back from each request."""

    def __init__(self, rate: float, seconds: float, *, sliding: bool) -> None:
        self.most, self.seconds, self.sliding = rate * seconds, seconds, sliding
        self.taken: list[float] = []

    def takes(self, now: float) -> bool:
        begin = now - self.seconds if self.sliding else (now + 0.37) // self.seconds * self.seconds - 0.37
        self.taken = [moment for moment in self.taken if moment >= begin]
        if len(self.taken) >= self.most:
            return False
        self.taken.append(now)
        return True


Server = Bucket | Windows


def simulated(
    pace: RateLimiter, server: Server, count: int, latency: float = 0.02, workers: int = 5
) -> tuple[list[float], int]:
    """When requests were let through, until so many were, and how many were refused."""
    events: list[tuple[float, int, str, float, bool]] = [(0.0, number, "turn", 0.0, False) for number in range(workers)]
    passed: list[float] = []
    refused = in_flight = 0
    numbers = itertools.count(workers)
    while len(passed) < count:
        now, _, what, sent, good = heapq.heappop(events)
        if what == "answer":
            in_flight -= 1
            if good:
                pace.passed()
            else:
                refused += 1
                pace.throttle(now, 1.0, sent)
        if what in {"turn", "answer"}:
            if in_flight >= pace.most_in_flight:
                heapq.heappush(events, (now + 0.001, next(numbers), "turn", 0.0, False))
                continue
            paused = pace.paused(now) > 0
            wait = pace.reserve(now)
            in_flight += not paused
            heapq.heappush(events, (now + wait, next(numbers), "turn" if paused else "send", 0.0, False))
        elif what == "send" and pace.paused(now) > 0:
            in_flight -= 1
            heapq.heappush(events, (now, next(numbers), "turn", 0.0, False))
        elif what == "send":
            good = server.takes(now + latency / 2)
            if good:
                passed.append(now)
            heapq.heappush(events, (now + latency, next(numbers), "answer", now, good))
    return passed, refused


SERVERS: Mapping[str, Callable[[float], Server]] = {
    "saves up for a second": lambda rate: Bucket(rate, rate),
    "saves up for five seconds": lambda rate: Bucket(rate, 5 * rate),
    "counts by the second": lambda rate: Windows(rate, 1.0, sliding=False),
    "counts back a second": lambda rate: Windows(rate, 1.0, sliding=True),
}


@pytest.mark.parametrize("allowed", [6.0, 20.0, 100.0])
@pytest.mark.parametrize("server", SERVERS)
def test_it_loses_little_time_and_is_seldom_refused(allowed: float, server: str) -> None:
    seconds = 300
    passed, refused = simulated(RateLimiter(None, 0.0), SERVERS[server](allowed), round(seconds * allowed))
    assert passed[-1] <= 1.05 * seconds
    assert refused < 0.01 * len(passed)


@pytest.mark.parametrize("allowed", [5.0, 20.0, 100.0, 300.0])
@pytest.mark.parametrize("burst", [2.0, 50.0])
def test_it_settles_within_ten_percent_below_what_the_server_allows(allowed: float, burst: float) -> None:
    pace = RateLimiter(None, 0.0)
    passed, _ = simulated(pace, Bucket(allowed, burst), round(300 * allowed), latency=0.01)
    steady = [moment for moment in passed if moment >= 60.0]
    assert 0.9 * allowed <= len(steady) / (passed[-1] - 60.0) <= 1.01 * allowed
    assert pace.throttled <= 25


def test_a_hard_limit_is_never_passed() -> None:
    pace = RateLimiter(30.0, 0.0)
    passed, _ = simulated(pace, Bucket(1e9, 1e9), 600)
    for start in range(20):
        assert sum(start <= moment < start + 1 for moment in passed) <= 30
    assert passed[-1] <= 20.4


def test_it_never_falls_below_one_a_second() -> None:
    pace = RateLimiter(None, 0.0)
    now = 0.0
    for _ in range(50):
        now += pace.reserve(now)
        now += pace.reserve(now)
        pace.throttle(now, 0.0, now)
    assert pace.reserve(now) == 1.0
    assert pace.reserve(now + 1.0) == 0.0
    assert pace.rate(now + 1.0) == 1.0


def test_after_a_refusal_the_pace_is_what_got_through_and_then_climbs() -> None:
    pace = RateLimiter(100.0, 0.0)
    for tick in range(100):
        pace.reserve(tick / 100)
        pace.passed()
    pace.throttle(1.0, 2.0, 0.99)
    assert pace.paused(1.0) == 2.0
    assert pace.reserve(2.0) == 1.0, "no place is taken while the pause lasts"
    assert pace.reserve(3.0) == 0.0
    first, climbed, later = pace.rate(3.0), pace.rate(7.0), pace.rate(1000.0)
    assert first is not None
    assert climbed is not None
    assert 50.0 < first < climbed == pytest.approx(98.0)
    assert later == 100.0, "the limit that was asked for"


def test_two_are_in_flight_until_something_is_known_and_one_after_a_refusal() -> None:
    pace = RateLimiter(None, 0.0)
    assert pace.most_in_flight == 2
    for _ in range(8):
        pace.passed()
    assert pace.most_in_flight > 100
    pace.throttle(1.0, None, 0.9)
    assert pace.most_in_flight == 1
    pace.passed()
    assert pace.most_in_flight > 100


def test_a_server_that_takes_less_than_before_is_found_out() -> None:
    class Tired(Bucket):
        def takes(self, now: float) -> bool:
            self.rate = 50.0 if now < 60.0 else 5.0
            return super().takes(now)

    passed, refused = simulated(RateLimiter(None, 0.0), Tired(50.0, 50.0), 3600)
    assert passed[-1] <= 60.0 + 1.1 * 600 / 5.0
    assert refused < 60


def test_answers_to_requests_that_left_before_the_pause_are_the_same_refusal() -> None:
    pace = RateLimiter(None, 0.0)
    for moment in (10.0, 10.01, 10.02):
        pace.throttle(moment, 1.0, 9.9)
    assert pace.throttled == 1
    assert pace.paused(10.02) == pytest.approx(1.0)


@given(st.floats(0, 1e9))
def test_a_pause_is_capped(seconds: float) -> None:
    pace = RateLimiter(None, 0.0)
    pace.throttle(0.0, seconds, 0.0)
    assert pace.paused(0.0) == min(max(1.0, seconds), RETRY_AFTER_CAP)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_back_off_has_full_jitter_a_base_and_a_cap(attempt: int, luck: float) -> None:
    assert 0.0 <= backoff(attempt, luck) <= min(BACKOFF_CAP, 0.5 * 2 ** min(attempt - 1, 60))


def test_back_off_grows() -> None:
    assert [backoff(attempt, 1.0) for attempt in range(1, 9)] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


@pytest.mark.parametrize(("scopes", "budget"), [(0, 20), (199, 20), (200, 20), (210, 21), (100_000, 10_000)])
def test_the_retry_budget_is_a_tenth_and_never_under_twenty(scopes: int, budget: int) -> None:
    assert retry_budget(scopes) == budget


def test_the_circuit_opens_after_five_in_a_row_and_closes_at_a_usable_answer() -> None:
    breaker = CircuitBreaker()
    for left in (5, 4, 3, 2, 1):
        assert min(5, breaker.allowed) == left, "no more may be in flight than may yet fail"
        assert not breaker.is_open
        breaker.failed(10.0)
    assert breaker.is_open
    assert breaker.allowed == 0
    breaker.probed(20.0, answered=True)
    assert not breaker.is_open
    assert breaker.allowed == 1, "one create goes alone"
    breaker.passed()
    assert breaker.allowed >= 256
    assert not breaker.is_broken


def test_the_circuit_breaks_when_the_one_create_is_lost_or_no_probe_is_answered_for_a_minute() -> None:
    for end in ("create", "probe"):
        breaker = CircuitBreaker()
        for _ in range(5):
            breaker.failed(10.0)
        breaker.probed(69.9, answered=False)
        assert not breaker.is_broken
        if end == "probe":
            breaker.probed(70.0, answered=False)
        else:
            breaker.probed(69.9, answered=True)
            breaker.failed(70.0)
        assert breaker.is_broken


@pytest.mark.parametrize("retry_after", [None, 0.0, -5.0, 1e-9])
def test_a_429_always_pauses_for_a_second(retry_after: float | None) -> None:
    pace = RateLimiter(None, 0.0)
    pace.throttle(10.0, retry_after, 9.9)
    assert pace.paused(10.0) == 1.0
    assert pace.refused
    pace.passed()
    assert not pace.refused


def test_a_429_to_everything_is_tried_once_a_second_in_the_end() -> None:
    pace, now, tries = RateLimiter(None, 0.0), 0.0, []
    while now < 120.0:
        wait = pace.reserve(now)
        now += wait
        if wait > 0 and pace.paused(now) > 0:
            continue
        tries.append(now)
        pace.throttle(now, 0.0, now)
    assert all(sum(start <= moment < start + 1.0 for moment in tries) <= 1 for start in range(120))


def test_a_refusal_after_one_that_got_nowhere_is_learnt_from() -> None:
    pace = RateLimiter(None, 0.0)
    assert pace.is_free(0.0)
    pace.throttle(0.1, 0.0, 0.0)
    assert pace.reserve(2.0) == 0.0
    for _ in range(5):
        pace.passed()
    pace.throttle(6.0, 0.0, 5.9)
    assert pace.reserve(8.0) == 0.0
    assert (pace.rate(8.0) or 0.0) >= 1.0
