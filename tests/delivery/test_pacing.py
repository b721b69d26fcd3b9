"""How fast it sends, on a clock that costs nothing."""

from __future__ import annotations

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


def simulated(
    pace: RateLimiter, server: Bucket, seconds: float, workers: int = 8, latency: float = 0.02
) -> list[float]:
    """When requests were let through."""
    free = [0.0] * workers
    passed: list[float] = []
    while min(free) < seconds:
        worker = free.index(min(free))
        now = free[worker]
        wait = pace.reserve(now)
        if wait > 0:
            now += wait
            if pace.paused(now) > 0:
                free[worker] = now
                continue
        if server.takes(now):
            passed.append(now)
        else:
            pace.throttle(now + latency, 1.0, now)
        free[worker] = now + latency
    return passed


@pytest.mark.parametrize("allowed", [5.0, 20.0, 100.0, 300.0])
@pytest.mark.parametrize("burst", [2.0, 50.0])
def test_it_settles_within_ten_percent_below_what_the_server_allows(allowed: float, burst: float) -> None:
    pace = RateLimiter(None, 0.0)
    passed = simulated(pace, Bucket(allowed, burst), 300.0)
    steady = [moment for moment in passed if moment >= 60.0]
    assert 0.9 * allowed <= len(steady) / 240.0 <= 1.01 * allowed
    assert pace.throttled <= 25


def test_a_hard_limit_is_never_passed() -> None:
    pace = RateLimiter(30.0, 0.0)
    passed = simulated(pace, Bucket(1e9, 1e9), 20.0)
    for start in range(20):
        assert sum(start <= moment < start + 1 for moment in passed) <= 30
    assert len(passed) >= 0.98 * 30 * 20


def test_it_never_falls_below_one_a_second() -> None:
    pace = RateLimiter(None, 0.0)
    for second in range(50):
        pace.throttle(float(second), 0.0, float(second))
    assert pace.rate(50.0) == 1.0


def test_the_pace_halves_and_recovers() -> None:
    pace = RateLimiter(100.0, 0.0)
    for tick in range(100):
        pace.reserve(9.0 + tick / 100)
    pace.throttle(10.0, 2.0, 9.9)
    assert pace.paused(10.0) == 2.0
    assert pace.rate(12.0) == pytest.approx(0.97 * 100.0 / 2)
    assert pace.rate(15.0) == pytest.approx(0.97 * 100.0, rel=0.01)
    assert pace.rate(1000.0) == 100.0


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
