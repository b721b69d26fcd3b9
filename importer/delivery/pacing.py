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

SPACING = 1.000001
"""A hair more than one, so that no second holds one request too many by the rounding of sums."""

RECENT = 32
"""Requests whose times say at what rate they really left: the pace may allow more than the senders can use."""

GENTLE = 8
"""Answers until which two requests at most are in flight: what the server allows is not known yet, and each request
that is in flight at the first refusal is refused with it."""

CLIMB = 4.0
"""Seconds in which the pace climbs to the highest rate that is not known to be too much."""

SEARCH, PLATEAU = 12.0, 100.0
"""Seconds after the climb in which the pace would double, on a curve that is cubic in time as in TCP CUBIC: while what
the server allows is a guess, and once it is known."""

LONG = 10.0
"""Seconds after which what got through says what the server allows to a few percent."""

ALIKE = 0.08
"""By how much two measured rates may differ and still be taken for the same one."""


def backoff(attempt: int, jitter: float) -> float:
    """Full-jitter back-off in seconds after the given attempt, counted from 1; `jitter` is from 0 to 1."""
    return jitter * min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(attempt - 1, 16))


def retry_budget(scopes: int) -> int:
    """How many times a run of that many scopes may send again: a tenth, never under 20."""
    return max(20, scopes // 10)


class _Refusal:
    """A refusal that is being waited out: when the first refused request left, and at what rate they did then."""

    def __init__(self, sent: float, rate: float) -> None:
        self.sent = sent
        self.rate = rate


class RateLimiter:
    """When the next request may leave, for all senders together.

    A 429 pauses everyone. What got through since the pause before says what the server allows: spread over that pause
    as well it is the least (a server that saves up, or counts by windows, gave what the pause left over), the rate at
    which requests left when it refused is the most. In between, the pace goes by what fits two refusals in a row; from
    there it climbs, slowly once it is known. `throttled` counts the refusals, one for each pause.
    """

    def __init__(self, max_rate: float | None, now: float) -> None:
        self._max = max_rate
        self._low: float | None = None
        self._high = 0.0
        self._span = SEARCH
        self._resumed = self._began = now
        self._pause = SHORTEST_PAUSE
        self._next = now
        self._recent: deque[float] = deque(maxlen=RECENT)
        self._passed = self._total = 0
        self._least = 0.0
        self._alike = 0
        self._refusal: _Refusal | None = None
        self.paused_until = now
        self.throttled = 0
        self.refused = False
        """Whether the last word was a 429: then one request goes alone, to see whether it is over."""

    @property
    def most_in_flight(self) -> int:
        """How many requests may be in flight by what is known of the server."""
        if self.refused:
            return 1
        return 2 if self._total < GENTLE else 1 << 20

    def passed(self) -> None:
        """An answer that is no 429."""
        self.refused = False
        self._passed += 1
        self._total += 1

    def rate(self, now: float) -> float | None:
        """The present rate; `None` is as fast as it goes."""
        if self._low is None:
            return self._max
        calm = max(0.0, now - self._resumed)
        if calm < CLIMB:
            rate = self._low + (self._high - self._low) * calm / CLIMB
        else:
            rate = self._high * (1 + ((calm - CLIMB) / self._span) ** 3)
        rate = max(SLOWEST, rate)
        return rate if self._max is None else min(rate, self._max)

    def is_free(self, now: float) -> bool:
        """Take a place now, if nothing paces at all."""
        if self._low is not None or self._max is not None or self._refusal is not None or self.paused_until > now:
            return False
        self._recent.append(now)
        return True

    def reserve(self, now: float) -> float:
        """Take the next place; how many seconds until it. While a pause lasts no place is taken: ask again after it."""
        if self.paused_until > now:
            return self.paused_until - now
        if self._refusal is not None:
            self._resume(self._refusal, now)
        rate, place = self.rate(now), now
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
        self.paused_until = max(self.paused_until, now + wait)
        if self._refusal is not None:
            self._refusal.sent = min(self._refusal.sent, sent)
        elif sent >= self._resumed:
            self.throttled += 1
            self._refusal = _Refusal(sent, self._used(sent))

    def _used(self, now: float) -> float:
        """The rate at which requests really left of late."""
        allowed, recent = self.rate(now), [place for place in self._recent if place <= now]
        if allowed is not None and len(recent) < RECENT // 4:
            return allowed
        measured = (len(recent) - 1) / max(recent[-1] - recent[0], 0.001) if len(recent) > 1 else 1000.0
        return measured if allowed is None else min(allowed, measured)

    def _resume(self, refusal: _Refusal, now: float) -> None:
        """The pause is over, and every answer of before it is there: learn from what got through."""
        seconds = max(refusal.sent - self._resumed, 0.001)
        passed, self._passed, self._refusal = self._passed, 0, None
        if passed < 2:
            self._got_nowhere(now)
        else:
            self._learn(passed, seconds, refusal.rate)
        self._low = max(SLOWEST, self._low or 0.0)
        self._high = max(self._low, self._high)
        self._pause = max(0.1, now - refusal.sent)
        self._resumed = self._next = now
        self._recent.clear()

    def _got_nowhere(self, now: float) -> None:
        """Refused again at once: what got through since the beginning is all there is to go by."""
        average = self._total / max(now - self._began, 1.0)
        self._high = average if self._low is None else max(average, min(0.7 * self._high, self._low))
        self._low = min(self._high, average)
        self._span, self._alike = SEARCH, 0

    def _learn(self, passed: int, seconds: float, rate: float) -> None:
        least, known = passed / (seconds + self._pause), self._span > SEARCH
        most = passed / max(seconds, 1.0)
        if self._low is None:
            self._high = 0.98 * most
            self._low = least + 0.8 * (self._high - least)
        else:
            # Where the first refusals got nowhere, there is nothing yet to be alike to.
            alike = self._least > 0 and abs(least / self._least - 1) < ALIKE
            self._alike = self._alike + 1 if alike else 1
            found = self._allowed(least, most, rate, seconds, known=known)
            if found is not None:
                self._low = self._high = max(least, found)
                self._span = 1.5 * self._span if known else PLATEAU
            else:
                self._high = 0.97 * min(most, rate)
                self._low = min(least, self._high) + 0.8 * max(0.0, self._high - least)
                self._span = SEARCH
        self._least = least

    def _allowed(self, least: float, most: float, rate: float, seconds: float, *, known: bool) -> float | None:
        """What the server allows, by this refusal and the ones before; `None` where that is not clear yet."""
        if seconds >= LONG:
            # While it climbed for most of that time, the average says less than the rate at the end.
            return 0.98 * min(rate, 1.02 * most) if most > 0.9 * rate else 0.9 * rate
        if self._alike >= 3:
            return least
        if rate < 1.2 * least:
            return 0.96 * rate
        if known:
            return 0.93 * rate
        return 0.96 * min(rate, 1.1 * most) if seconds >= 2.0 else None


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
