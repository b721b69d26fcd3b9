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
    pace: RateLimiter, server: Server, count: int, latency: float = 0.02, workers: int = 5, retry_after: float = 1.0
) -> tuple[list[float], int]:
    """When requests were let through, until so many were, and how many were refused."""
    events: list[tuple[float, int, str, float, bool]] = [(0.0, 0, "turn", 0.0, False)]
    passed: list[float] = []
    refused = in_flight = 0
    numbers = itertools.count(1)
    asking = True
    while len(passed) < count:
        now, _, what, sent, good = heapq.heappop(events)
        if what == "turn":
            asking = False
        elif good:
            pace.passed()
        else:
            refused += 1
            pace.throttle(now, retry_after, sent)
        in_flight -= what == "answer"
        while not asking and in_flight < min(workers, pace.most_in_flight):
            wait = pace.reserve(now)
            if wait > 0:
                asking = True
                heapq.heappush(events, (now + wait, next(numbers), "turn", 0.0, False))
                continue
            good = server.takes(now + latency / 2)
            if good:
                passed.append(now)
            in_flight += 1
            heapq.heappush(events, (now + latency, next(numbers), "answer", now, good))
    return passed, refused


SERVERS: Mapping[str, Callable[[float], Server]] = {
    "saves up for a second": lambda rate: Bucket(rate, rate),
    "saves up for five seconds": lambda rate: Bucket(rate, 5 * rate),
    "counts by the second": lambda rate: Windows(rate, 1.0, sliding=False),
    "counts back a second": lambda rate: Windows(rate, 1.0, sliding=True),
}


BY_SECONDS = [server for server in SERVERS if server != "saves up for five seconds"]
RUNS = [
    *((server, 300, 5) for server in SERVERS),
    *((server, seconds, workers) for server in BY_SECONDS for seconds, workers in [(100, 5), (300, 32)]),
]


@pytest.mark.parametrize("allowed", [6.0, 20.0, 100.0])
@pytest.mark.parametrize(("server", "seconds", "workers"), RUNS)
def test_it_loses_little_time_and_is_seldom_refused(allowed, server, seconds, workers):
    passed, refused = simulated(
        RateLimiter(None, 0.0), SERVERS[server](allowed), round(seconds * allowed), workers=workers
    )
    assert passed[-1] <= 1.05 * seconds
    assert refused < 0.01 * len(passed)


@pytest.mark.parametrize("allowed", [5.0, 20.0, 100.0, 300.0])
@pytest.mark.parametrize("burst", [2.0, 50.0])
def test_it_settles_within_ten_percent_below_what_the_server_allows(allowed, burst):
    pace = RateLimiter(None, 0.0)
    passed, _ = simulated(pace, Bucket(allowed, burst), round(300 * allowed), latency=0.01)
    steady = [moment for moment in passed if moment >= 60.0]
    assert 0.9 * allowed <= len(steady) / (passed[-1] - 60.0) <= 1.01 * allowed
    assert pace.throttled <= 25


def test_a_hard_limit_is_never_passed():
    pace = RateLimiter(30.0, 0.0)
    passed, _ = simulated(pace, Bucket(1e9, 1e9), 600)
    for start in range(20):
        assert sum(start <= moment < start + 1 for moment in passed) <= 30
    assert passed[-1] <= 20.4


def test_it_never_falls_below_one_a_second():
    pace = RateLimiter(None, 0.0)
    now = 0.0
    for _ in range(50):
        now += pace.reserve(now)
        now += pace.reserve(now)
        pace.throttle(now, 0.0, now)
    assert pace.reserve(now) == 1.0
    assert pace.reserve(now + 1.0) == 0.0
    assert pace.rate(now + 1.0) == 1.0


def refused_at(pace: RateLimiter, sent: float, leaving: list[float], retry_after: float = 1.0) -> float:
    """When the pause is over that a refusal asks for, after requests that left at these times and got through."""
    for moment in leaving:
        assert pace.reserve(moment) == 0.0
        pace.passed()
    pace.throttle(sent, retry_after, sent)
    assert pace.reserve(sent) == pace.paused(sent) == pytest.approx(retry_after), "nothing leaves in the pause"
    resumed = pace.paused_until
    assert pace.reserve(resumed) == 0.0
    return resumed


def searched() -> tuple[RateLimiter, float]:
    """After two refusals by a server that takes 20 in a second, and when the second pause was over."""
    pace = RateLimiter(None, 0.0)
    resumed = refused_at(pace, 0.2, [tick / 100 for tick in range(20)])
    return pace, refused_at(pace, resumed + 0.5, [resumed + 0.03 * tick for tick in range(1, 21)])


def test_after_the_first_refusal_it_goes_at_twice_what_got_through_and_doubles():
    pace = RateLimiter(None, 0.0)
    resumed = refused_at(pace, 0.2, [tick / 100 for tick in range(20)])
    assert [pace.rate(resumed + seconds) for seconds in (0.0, 1.0, 2.0)] == [40.0, 80.0, 160.0]


def test_as_much_before_either_refusal_is_what_the_server_takes_in_a_second():
    pace, resumed = searched()
    assert pace.rate(resumed) == pace.rate(resumed + 100.0) == pytest.approx(0.98 * 20)
    tried = [pace.rate(resumed + seconds) or 0.0 for seconds in (104.0, 107.0, 110.0, 116.0)]
    assert tried == sorted(tried), "after long, it tries whether the server allows more by now"
    assert tried[-1] == pytest.approx(2 * 0.98 * 20)


def test_the_limit_that_was_asked_for_holds_whatever_the_server_allows():
    pace = RateLimiter(30.0, 0.0)
    resumed = refused_at(pace, 1.0, [tick / 20 for tick in range(20)])
    assert [pace.rate(resumed + seconds) for seconds in (0.0, 5.0, 1000.0)] == [30.0, 30.0, 30.0]


def test_a_refusal_long_after_a_pause_corrects_a_little():
    pace, resumed = searched()
    last = refused_at(pace, resumed + 50.0, [resumed + tick / 19.6 * 1.00001 for tick in range(1, 980)])
    assert pace.rate(last) == pytest.approx(0.99 * 19.6, rel=0.002)


def test_refusals_soon_after_each_pause_bring_the_pace_down_fast():
    pace, resumed = searched()
    rates = []
    for _ in range(5):
        now = resumed
        for _ in range(3):
            now += pace.reserve(now) + 1e-9
            assert pace.reserve(now) == 0.0
            pace.passed()
        resumed = refused_at(pace, now + 0.01, [])
        rates.append(pace.rate(resumed) or 0.0)
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 12.0
    assert rates[-1] < 4.0
    assert pace.rate(resumed + 4.0) == pace.rate(resumed + 100.0), "it climbs to what is not known to be too much"


def test_a_long_pause_says_that_the_server_counts_by_more_than_a_second():
    pace = RateLimiter(None, 0.0)
    resumed = refused_at(pace, 0.5, [tick / 200 for tick in range(60)], retry_after=4.5)
    assert pace.rate(resumed) == pytest.approx(60 / 5.0)


def test_what_leaves_late_shifts_what_follows():
    pace = RateLimiter(10.0, 0.0)
    assert pace.reserve(0.0) == 0.0
    assert pace.reserve(0.0) == pytest.approx(0.1, abs=1e-6)
    assert pace.reserve(0.108) == 0.0
    assert pace.reserve(0.108) == pytest.approx(0.092, abs=1e-6), "a few milliseconds are caught up"
    assert pace.reserve(0.25) == 0.0
    assert pace.reserve(0.25) == pytest.approx(0.09, abs=1e-6), "no more than that"


def test_few_are_in_flight_until_much_got_through_and_one_after_a_refusal():
    pace = RateLimiter(None, 0.0)
    assert pace.most_in_flight == 2
    for _ in range(7):
        pace.passed()
    assert pace.most_in_flight == 2
    for _ in range(3):
        pace.passed()
    assert pace.most_in_flight == 4
    for _ in range(600):
        pace.passed()
    assert pace.most_in_flight > 100
    pace.throttle(1.0, None, 0.9)
    assert pace.most_in_flight == 1
    pace.passed()
    assert pace.most_in_flight > 100


@given(
    st.lists(st.tuples(st.sampled_from(["ask", "pass", "refuse"]), st.floats(0.0, 3.0)), max_size=200),
    st.floats(1.0, 50.0),
)
def test_a_pace_is_at_least_one_a_second_and_at_most_the_limit(events, limit):
    pace, now = RateLimiter(limit, 0.0), 0.0
    for what, seconds in events:
        now += seconds
        if what == "ask":
            wait = pace.reserve(now)
            assert 0.0 <= wait <= max(1.0001, pace.paused(now))
        elif what == "pass":
            pace.passed()
        else:
            pace.throttle(now, None, max(0.0, now - 0.1))
        assert 1.0 <= (pace.rate(now) or 0.0) <= limit


def test_a_server_that_takes_less_than_before_is_found_out():
    class Tired(Bucket):
        def takes(self, now: float) -> bool:
            self.rate = 50.0 if now < 60.0 else 5.0
            return super().takes(now)

    passed, refused = simulated(RateLimiter(None, 0.0), Tired(50.0, 50.0), 3600)
    assert passed[-1] <= 60.0 + 1.1 * 600 / 5.0
    assert refused < 60


def test_answers_to_requests_that_left_before_the_pause_are_the_same_refusal():
    pace = RateLimiter(None, 0.0)
    for moment in (10.0, 10.01, 10.02):
        pace.throttle(moment, 1.0, 9.9)
    assert pace.throttled == 1
    assert pace.paused(10.02) == pytest.approx(1.0)


@given(st.floats(0, 1e9))
def test_a_pause_is_capped(seconds):
    pace = RateLimiter(None, 0.0)
    pace.throttle(0.0, seconds, 0.0)
    assert pace.paused(0.0) == min(max(1.0, seconds), RETRY_AFTER_CAP)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_back_off_has_full_jitter_a_base_and_a_cap(attempt, luck):
    assert 0.0 <= backoff(attempt, luck) <= min(BACKOFF_CAP, 0.5 * 2 ** min(attempt - 1, 60))


def test_back_off_grows():
    assert [backoff(attempt, 1.0) for attempt in range(1, 9)] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


@pytest.mark.parametrize(("scopes", "budget"), [(0, 20), (199, 20), (200, 20), (210, 21), (100_000, 10_000)])
def test_the_retry_budget_is_a_tenth_and_never_under_twenty(scopes, budget):
    assert retry_budget(scopes) == budget


def test_the_circuit_opens_after_five_in_a_row_and_closes_at_a_usable_answer():
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


def test_the_circuit_breaks_when_the_one_create_is_lost_or_no_probe_is_answered_for_a_minute():
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
def test_a_429_always_pauses_for_a_second(retry_after):
    pace = RateLimiter(None, 0.0)
    pace.throttle(10.0, retry_after, 9.9)
    assert pace.paused(10.0) == 1.0
    assert pace.refused
    pace.passed()
    assert not pace.refused


def test_a_429_to_everything_is_tried_once_a_second_in_the_end():
    pace, now, tries = RateLimiter(None, 0.0), 0.0, []
    while now < 120.0:
        wait = pace.reserve(now)
        now += wait
        if wait > 0 and pace.paused(now) > 0:
            continue
        tries.append(now)
        pace.throttle(now, 0.0, now)
    assert all(sum(start <= moment < start + 1.0 for moment in tries) <= 1 for start in range(120))


def test_a_refusal_after_one_that_got_nowhere_is_learnt_from():
    pace = RateLimiter(None, 0.0)
    assert pace.is_free(0.0)
    pace.throttle(0.1, 0.0, 0.0)
    assert pace.reserve(2.0) == 0.0
    for _ in range(5):
        pace.passed()
    pace.throttle(6.0, 0.0, 5.9)
    assert pace.reserve(8.0) == 0.0
    assert (pace.rate(8.0) or 0.0) >= 1.0
