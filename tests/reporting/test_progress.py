"""The progress bar: is what it says of the rate and of the remaining time true while a server throttles?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from importer.delivery.pacing import RateLimiter
from importer.reporting.progress import bar
from tests.delivery.test_pacing import Bucket

UNLIMITED = 3000.0
"""How many requests a second leave while nothing paces them."""

GROUP = 0.05
"""Seconds between two commits of the ledger, after each of which a group of outcomes is reported."""

WHOLE_SECONDS = 1.0
"""The remaining time is drawn without its fraction."""

DRAWN = re.compile(r"(\d+)/\d+ \[\S+<(\S+), *([\d.]+)(s/)?")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def outcomes(scopes: int, limit: float, clock: Clock) -> Iterator[int]:
    """Send so many scopes as the importer paces them; how many get their outcome, at each moment that some do."""
    pace, bucket, waiting, commit = RateLimiter(None, 0.0), Bucket(limit, limit), 0, 0.0
    while scopes:
        wait = pace.reserve(clock.now)
        clock.now += wait or 1 / UNLIMITED
        if wait > 0:
            continue
        if not bucket.takes(clock.now):
            pace.throttle(clock.now, 1.0, clock.now)
            continue
        pace.passed()
        scopes -= 1
        waiting += 1
        if clock.now >= commit or not scopes:
            yield waiting
            waiting, commit = 0, clock.now + GROUP


def seconds(text: str) -> int:
    """Hours, minutes and seconds as tqdm writes them."""
    found = 0
    for part in text.split(":"):
        found = 60 * found + int(part)
    return found


@pytest.mark.parametrize(("limit", "scopes"), [(20, 1500), (100, 4000), (300, 20000)])
def test_rate_and_remaining_time_hold_while_the_server_throttles(limit, scopes, monkeypatch, capsys):
    clock = Clock()
    monkeypatch.setattr("tqdm.std.time", clock)
    moments: list[tuple[float, int, float, float]] = []
    with bar(scopes, shown=True) as one_more:
        done = 0
        for count in outcomes(scopes, limit, clock):
            for _ in range(count):
                one_more()
            done += count
            moments += read(capsys.readouterr().err, clock.now)
    end = clock.now
    inner = [each for each in moments if 5.0 < each[0] < end - 5.0]
    assert len(inner) > 40
    for now, count, remaining, rate in inner:
        assert abs(remaining - (end - now)) <= 0.2 * (end - now) + WHOLE_SECONDS
        assert rate == pytest.approx((scopes - count) / (end - now), rel=0.2)


def read(drawn: str, now: float) -> list[tuple[float, int, float, float]]:
    """What was drawn at a moment: the moment, how many are done, the remaining seconds, the rate."""
    return [
        (now, int(count), seconds(remaining), 1 / float(rate) if inverse else float(rate))
        for count, remaining, rate, inverse in DRAWN.findall(drawn)
        if "?" not in remaining
    ]


def test_a_bar_that_is_not_shown_draws_nothing(capsys):
    with bar(3, shown=False) as one_more:
        one_more()
    assert capsys.readouterr().err == ""


def test_it_is_drawn_twice_a_second_however_many_outcomes_come(monkeypatch, capsys):
    clock = Clock()
    monkeypatch.setattr("tqdm.std.time", clock)
    with bar(100_000, shown=True) as one_more:
        for _ in range(100_000):
            clock.now += 0.0001
            one_more()
    assert capsys.readouterr().err.count("\r") == pytest.approx(20, abs=4)
