"""How fast to send: rate, pauses the server asks for, back-off, retry budget, circuit breaker. Pure: time is given.

All times are steady seconds, rates requests a second.
"""

from __future__ import annotations

from collections import deque

BACKOFF_BASE = 0.5
BACKOFF_CAP = 30.0
RETRY_AFTER_CAP = 120.0
SHORTEST_PAUSE = 1.0
"""Seconds of pause after a 429, whatever it says: `Retry-After` can be missing, 0, in the past or nonsense."""

SLOWEST = 1.0
BREAKER = 5
PROBING = 60.0
"""Seconds for which an open circuit is probed before the run stops."""

BELOW = 0.97
RECENT = 32
SPACING = 1.000001
"""A hair more than one, so that no second holds one request too many by the rounding of sums."""

CLIMB = 3.0
PLATEAU = 120.0


def backoff(attempt: int, luck: float) -> float:
    """Full-jitter back-off in seconds after the given attempt, counted from 1; `luck` is from 0 to 1."""
    return luck * min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(attempt - 1, 16))


def retry_budget(scopes: int) -> int:
    """How many times a run of that many scopes may send again: a tenth, never under 20."""
    return max(20, scopes // 10)


class RateLimiter:
    """When the next request may leave, for all senders together.

    A 429 pauses everyone and halves the rate. The rate at which it came is more than the server allows: the pace
    climbs back in seconds to just below that rate, stays there, and tries more only slowly, on a curve that is cubic in
    the time since the refusal, as in TCP CUBIC. `throttled` counts the refusals, one for each pause.
    """

    def __init__(self, max_rate: float | None, now: float) -> None:
        self._max = max_rate
        self._ceiling: float | None = None
        self._resumed = now
        self._next = now
        self._recent: deque[float] = deque(maxlen=RECENT)
        self.paused_until = now
        self.throttled = 0
        self.refused = False
        """Whether the last word was a 429: then one request goes alone, to see whether it is over."""

    def passed(self) -> None:
        """An answer that is no 429."""
        self.refused = False

    def rate(self, now: float) -> float | None:
        """The present rate; `None` is as fast as it goes."""
        if self._ceiling is None:
            return self._max
        calm = max(0.0, now - self._resumed)
        steady = BELOW * self._ceiling
        climbed = steady * (0.5 + calm / (2 * CLIMB))
        tried = steady + self._ceiling * ((calm - CLIMB) / PLATEAU) ** 3
        rate = max(SLOWEST, climbed if calm < CLIMB else tried)
        return rate if self._max is None else min(rate, self._max)

    def is_free(self, now: float) -> bool:
        """Take a place now, if nothing paces at all."""
        if self._ceiling is not None or self._max is not None or self.paused_until > now:
            return False
        self._recent.append(now)
        return True

    def reserve(self, now: float) -> float:
        """Take the next place; how many seconds until it."""
        rate = self.rate(now)
        place = max(now, self.paused_until)
        if rate is not None:
            place = max(self._next, place)
            self._next = place + SPACING / rate
        self._recent.append(place)
        return place - now

    def paused(self, now: float) -> float:
        """How many seconds the pause that the server asked for still lasts."""
        return max(0.0, self.paused_until - now)

    def throttle(self, now: float, retry_after: float | None, sent: float) -> None:
        """A 429, to a request that left at `sent`."""
        wait = min(max(SHORTEST_PAUSE, retry_after or 0.0), RETRY_AFTER_CAP)
        self.refused = True
        known = sent < self._resumed
        self.paused_until = max(self.paused_until, now + wait)
        if known:
            self._resumed = max(self._resumed, self.paused_until)
            return
        self.throttled += 1
        self._ceiling = max(SLOWEST, self._used(sent))
        self._resumed = self._next = self.paused_until
        self._recent.clear()

    def _used(self, now: float) -> float:
        """The rate at which requests really left of late: the pace allows it, but the senders may be slower."""
        allowed, recent = self.rate(now), self._recent
        if allowed is not None and len(recent) < RECENT // 4:
            return allowed
        measured = (len(recent) - 1) / max(recent[-1] - recent[0], 0.001) if len(recent) > 1 else 1000.0
        return measured if allowed is None else min(allowed, measured)


class CircuitBreaker:
    """Counts creates in a row without a usable answer: five stop new ones, whatever other calls say.

    Open: probes that change nothing, for up to a minute. After one was answered, one create goes alone. If that is lost
    too, or no probe was answered, the circuit is broken: the run stops.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._trial = False
        self.opened: float | None = None
        self.is_broken = False

    @property
    def allowed(self) -> int:
        """How many creates may be in flight: no more than may yet fail."""
        if self.opened is not None:
            return 1 if self._trial else 0
        return 1 << 20 if not self._failures else BREAKER - self._failures

    @property
    def is_open(self) -> bool:
        """Whether creates wait for a probe."""
        return self.opened is not None and not self._trial

    def failed(self, now: float) -> None:
        """A create without a usable answer."""
        self._failures += 1
        if self._trial:
            self.is_broken = True
        elif self._failures >= BREAKER and self.opened is None:
            self.opened = now

    def passed(self) -> None:
        """A create with a usable answer."""
        self._failures, self._trial, self.opened = 0, False, None

    def probed(self, now: float, *, answered: bool) -> None:
        """The end of a probe."""
        if answered:
            self._trial = True
        elif self.opened is not None and now - self.opened >= PROBING:
            self.is_broken = True
