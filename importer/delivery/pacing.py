"""How fast to send: rate, pauses the server asks for, back-off, retry budget, circuit breaker. Pure: time is given.

All times are steady seconds, rates requests a second.
"""

from __future__ import annotations

from dataclasses import dataclass

BACKOFF_BASE = 0.5
BACKOFF_CAP = 30.0
RETRY_AFTER_CAP = 120.0
RETRY_AFTER_USUAL = 1.0
SLOWEST = 1.0
BREAKER = 5
PROBES = 5
BELOW = 0.95
CLIMB = 3.0
PLATEAU = 60.0


def backoff(attempt: int, luck: float) -> float:
    """Full-jitter back-off in seconds after the given attempt, counted from 1; `luck` is from 0 to 1."""
    return luck * min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(attempt - 1, 16))


def retry_budget(scopes: int) -> int:
    """How many times a run of that many scopes may send again: a tenth, never under 20."""
    return max(20, scopes // 10)


class Pace:
    """When the next request may leave, for all senders together.

    A 429 pauses everyone and halves the rate. What the server let through between two refusals is what it allows:
    the rate climbs back in seconds to just below that, stays there, and tries more only slowly. The curve is cubic in
    the time since the refusal, as in TCP CUBIC.
    """

    def __init__(self, max_rate: float | None, now: float) -> None:
        self._max = max_rate
        self._rate = max_rate
        self._ceiling: float | None = None
        self._since = now
        self._resumed = now
        self._passed = 0
        self._next = now
        self.paused_until = now
        self.throttled = 0

    def rate(self, now: float) -> float | None:
        """The present rate; `None` is as fast as it goes."""
        if self._ceiling is None:
            return self._rate
        calm = max(0.0, now - self._resumed)
        steady = BELOW * self._ceiling
        climbed = steady * (0.5 + calm / (2 * CLIMB))
        tried = steady + self._ceiling * ((calm - CLIMB) / PLATEAU) ** 3
        rate = max(SLOWEST, climbed if calm < CLIMB else tried)
        return rate if self._max is None else min(rate, self._max)

    def reserve(self, now: float) -> float:
        """Take the next place; how many seconds until it."""
        rate = self.rate(now)
        if rate is None:
            return max(0.0, self.paused_until - now)
        place = max(self._next, now, self.paused_until)
        self._next = place + 1.0 / rate
        return place - now

    def paused(self, now: float) -> float:
        """How many seconds the pause that the server asked for still lasts."""
        return max(0.0, self.paused_until - now)

    def passed(self) -> None:
        """An answer that was no 429."""
        self._passed += 1

    def throttle(self, now: float, retry_after: float | None, sent: float) -> None:
        """A 429, to a request that left at `sent`."""
        wait = RETRY_AFTER_USUAL if retry_after is None else min(retry_after, RETRY_AFTER_CAP)
        known = sent < self._resumed
        self.paused_until = max(self.paused_until, now + wait)
        if known:
            self._resumed = max(self._resumed, self.paused_until)
            return
        self.throttled += 1
        allowed = self._passed / max(now - self._since, 0.05)
        present = self.rate(now)
        self._ceiling = max(SLOWEST, allowed if present is None else min(allowed, present))
        self._since, self._passed = now, 0
        self._resumed = self.paused_until
        self._next = self.paused_until


@dataclass(slots=True)
class Breaker:
    """Counts infrastructure failures in a row. Open: one request at a time. Broken: the run stops."""

    failures: int = 0

    def failed(self) -> None:
        """Another failure of the network or the server."""
        self.failures += 1

    def passed(self) -> None:
        """A proper answer."""
        self.failures = 0

    @property
    def is_open(self) -> bool:
        """Whether only one request at a time may leave."""
        return self.failures >= BREAKER

    @property
    def is_broken(self) -> bool:
        """Whether even single requests have failed too often."""
        return self.failures >= BREAKER + PROBES
