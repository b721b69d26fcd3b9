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

SLACK = 0.01
"""Seconds of lateness that are caught up. Whatever leaves later than that shifts all that follow: else some second
would be fuller than the pace allows, and a server that counts back one second would refuse it."""

RECENT = 4096
"""Departures that are remembered: more than one machine makes in a second."""

GENTLE, WIDER = 8, 6
"""Answers until which two requests at most are in flight, and then for each further one: what the server allows is not
known yet, and each request that is in flight at a refusal is refused with it."""

LONG_PAUSE = 3.0
"""Seconds of pause from which on the server counts by more than a second."""

MARGIN = 0.98
"""The share of a measured rate that is used: requests are not all equally long on their way."""

ALIKE = 1.25
"""How much more may get through before the second refusal than before the first, to be taken for as much."""

CLIMB = 4.0
"""Seconds in which the pace climbs to the highest rate that is not known to be too much."""

HOLD, HOLD_ANSWERS = 100.0, 2000.0
"""Seconds for which a pace is kept before more is tried, as the server may allow more by then. While what it allows is
a guess, no longer than so many answers take: then each refusal is still a small share of them."""

DOUBLING = 12.0
"""Seconds in which the pace doubles when more is tried: with the cube of time, so slowly at first."""

SOON = 2.0
"""Seconds after a pause. A refusal before that says that the rate was too high, but not by how much."""

STEP = 0.95
"""The share of a rate that is kept, at least, after a refusal that did not come soon."""


def backoff(attempt: int, jitter: float) -> float:
    """Full-jitter back-off in seconds after the given attempt, counted from 1; `jitter` is from 0 to 1."""
    return jitter * min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(attempt - 1, 16))


def retry_budget(scopes: int) -> int:
    """How many times a run of that many scopes may send again: a tenth, never under 20."""
    return max(20, scopes // 10)


class RateLimiter:
    """When the next request may leave, for all senders together. They ask one after another.

    A 429 pauses everyone, and says more the sooner it follows a pause. So nothing paces before the first one, and after
    it the pace is twice what got through, and doubles each second, until the second one. Where about as much got
    through before both, the server counts by seconds, and that is what it allows in each: the pace stays a little
    below, for long. Other servers are known less well by then. Each further refusal corrects the pace. `throttled`
    counts the refusals, one for each pause.
    """

    def __init__(self, max_rate: float | None, now: float) -> None:
        self._max = max_rate
        self._low: float | None = None
        self._high = 0.0
        self._is_searching = False
        self._hold = 0.0
        self._soon = 0  # refusals in a row that came soon
        self._resumed = self._began = self._next = now
        self._pause = SHORTEST_PAUSE
        self._left: deque[float] = deque(maxlen=RECENT)
        self._passed = self._total = 0
        self._refused_at: float | None = None
        self.paused_until = now
        self.throttled = 0
        self.refused = False
        """Whether the last word was a 429: then one request goes alone, to see whether it is over."""

    @property
    def most_in_flight(self) -> int:
        """How many requests may be in flight by what is known of the server."""
        if self.refused:
            return 1
        return 2 if self._total < GENTLE else 3 + self._total // WIDER

    def passed(self) -> None:
        """An answer that is no 429."""
        self.refused = False
        self._passed += 1
        self._total += 1

    def rate(self, now: float) -> float | None:
        """The present rate; `None` is as fast as it goes."""
        if self._low is None:
            return self._max
        rate: float
        calm = max(0.0, now - self._resumed)
        if self._is_searching:
            rate = self._high * 2.0 ** min(1.0 + calm, 64.0)
        elif calm < CLIMB:
            rate = self._low + (self._high - self._low) * calm / CLIMB
        else:
            rate = self._high * (1 + (max(0.0, calm - CLIMB - self._hold) / DOUBLING) ** 3)
        rate = max(SLOWEST, rate)
        return rate if self._max is None else min(rate, self._max)

    def is_free(self, now: float) -> bool:
        """Let a request leave now, if nothing paces at all."""
        if self._low is not None or self._max is not None or self._refused_at is not None or self.paused_until > now:
            return False
        self._left.append(now)
        return True

    def reserve(self, now: float) -> float:
        """Let a request leave now, for 0; else how many seconds to wait before asking again."""
        if self.paused_until > now:
            return self.paused_until - now
        if self._refused_at is not None:
            self._resume(self._refused_at, now)
        rate = self.rate(now)
        if rate is not None:
            if self._next > now:
                return self._next - now
            self._next = max(self._next, now - SLACK) + SPACING / rate
        self._left.append(now)
        return 0.0

    def paused(self, now: float) -> float:
        """How many seconds the pause that the server asked for still lasts."""
        return max(0.0, self.paused_until - now)

    def throttle(self, now: float, retry_after: float | None, sent: float) -> None:
        """A 429, to a request that left at `sent`."""
        wait = min(max(SHORTEST_PAUSE, retry_after or 0.0), RETRY_AFTER_CAP)
        self.refused = True
        self.paused_until = max(self.paused_until, now + wait)
        if self._refused_at is not None:
            self._refused_at = min(self._refused_at, sent)
        elif sent >= self._resumed:
            self.throttled += 1
            self._refused_at = sent

    def _resume(self, refused_at: float, now: float) -> None:
        """The pause is over, and every answer of before it is there: learn from what got through."""
        seconds, pause = max(refused_at - self._resumed, 0.001), now - refused_at
        passed, used = self._passed, self._used(refused_at, seconds)
        if not passed or (self._low is None and pause > LONG_PAUSE):
            self._take_average(now)
        elif self._low is None:
            self._low = self._high = passed if seconds < 1.0 else used
            self._is_searching = True
        elif self._is_searching:
            self._end_search(passed, seconds, used, self.rate(refused_at) or used)
        else:
            # The rate of a second before, as some servers notice only then that it is too high.
            rate = min(1.05 * used, self.rate(refused_at - 1.0) or used)
            self._correct(passed / (seconds + self._pause), seconds, rate)
        self._low = max(SLOWEST, self._low or 0.0)
        self._high = max(self._low, self._high)
        self._pause = pause if passed else self._pause + seconds + pause
        self._passed, self._refused_at = 0, None
        self._resumed = self._next = now
        self._left.clear()

    def _used(self, now: float, seconds: float) -> float:
        """At what rate requests really left in the last second: it may be less than the pace allowed."""
        recent = sum(now - 1.0 <= left <= now for left in self._left)
        return recent / min(1.0, max(seconds, 0.1))

    def _take_average(self, now: float) -> None:
        """Refused again at once, or for long: what got through since the beginning is all there is to go by."""
        average = self._total / max(now - self._began, 1.0)
        known = self._low is not None and not self._is_searching
        self._high = max(average, min(0.7 * self._high, self._low or 0.0)) if known else average
        self._low = min(self._high, average)
        self._is_searching, self._hold = False, 0.0

    def _end_search(self, passed: int, seconds: float, used: float, rate: float) -> None:
        """The second refusal."""
        first = self._high
        if passed <= 2 * first + 1:
            self._high = MARGIN * min(first, passed if seconds < 1.0 else used)
        else:
            # The server saves up so little that the first refusal said nothing. In the last second of a pace that
            # doubles in each, the rate was 1.4 times lower than at its end.
            self._high = 0.95 * min(rate, 1.4 * used)
        self._hold = HOLD if passed <= ALIKE * first + 1 else min(HOLD, HOLD_ANSWERS / max(SLOWEST, self._high))
        self._low, self._is_searching = self._high, False

    def _correct(self, least: float, seconds: float, rate: float) -> None:
        """A later refusal, after so many seconds and at that rate.

        `least` gets through for sure. It is spread over the pause before as well: a server that saves up, or counts by
        windows, gave what the pause left over.
        """
        if seconds < SOON:
            self._high = 0.97 * rate
            self._low = least + 0.8 * 0.5**self._soon * max(0.0, self._high - least)
            self._soon += 1
        else:
            self._low = self._high = max(STEP * rate, (least + rate) / 2)
            self._soon = 0
        self._hold = HOLD


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
