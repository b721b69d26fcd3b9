"""Every request of a run leaves here: paced, counted, timed, and the clock learns from its answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from importer.api.client import Client, Exchange, InFlight, Lost, NeverSent
from importer.api.messages import Answer
from importer.catalogue.run import WAITS
from importer.delivery.interface import Attempt
from importer.delivery.pacing import RateLimiter, backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from importer.api.messages import Request
    from importer.api.signing import ServerClock
    from importer.delivery.interface import Hooks
    from importer.delivery.shutdown import Shutdown

WRITES = frozenset({"create", "replace", "delete"})
"""What changes something: it goes at one pace."""

REFUSALS = 20.0
"""Seconds for which a reading request is tried again while it is refused."""

NOTICEABLE = 5.0
"""Seconds from which on a wait is said."""

TRIALS = 3
"""How often a reading request without any answer is tried."""


class Reply(NamedTuple):
    """What came of one request."""

    exchange: Exchange
    at: float
    """When it came, or was given up (steady seconds)."""
    clock_explains: bool
    """Whether a wrong clock explains a 401, and has been corrected."""


class Transport:
    """The way to the server. Reading requests have a pace of their own: what slows them does not slow creates."""

    def __init__(
        self,
        client: Client,
        clock: ServerClock,
        shutdown: Shutdown,
        hooks: Hooks,
        max_rate: float | None,
    ) -> None:
        self.client = client
        self.clock = clock
        self.creates = RateLimiter(max_rate, clock.steady())
        self.requests = 0
        self.waiting = Waiting(clock, hooks.waits)
        """Says what the run waits for."""
        self._reads = RateLimiter(max_rate, clock.steady())
        self._doors = {self.creates: asyncio.Lock(), self._reads: asyncio.Lock()}
        self._hard_limit = max_rate is not None
        self._shutdown = shutdown
        self._hooks = hooks

    @property
    def throttled(self) -> int:
        """How often the server asked for a slower pace."""
        return self.creates.throttled + self._reads.throttled

    def is_free(self) -> bool:
        """Take the next create's place if it is now; no place is taken otherwise."""
        return not self._shutdown.stopping and self.creates.is_free(self.clock.steady())

    async def turn(self, limiter: RateLimiter | None = None) -> bool:
        """Wait until the pace lets a request leave; `False` where the run is to end instead.

        One waits for the pace, the others for that one, so the next to leave goes by what is known then.
        """
        limiter = limiter or self.creates
        async with self._doors[limiter]:
            while not self._shutdown.stopping:
                now = self.clock.steady()
                wait = limiter.reserve(now)
                if wait <= 0:
                    return True
                if limiter.paused(now) > 0:
                    self.waiting.say("throttled", wait)
                await self._shutdown.sleep(wait)
        return False

    async def exchange(self, request: Request, flight: InFlight, *, scope: int = -1, attempt: int = 1) -> Reply:
        """One request and its answer."""
        self.requests += 1
        clock, limiter = self.clock, self.creates if request.call in WRITES else self._reads
        sent = clock.steady()
        found = await self.client.exchange(request, flight)
        received = clock.steady()
        explains = False
        if isinstance(found, Answer):
            explains = clock.learn(request.call, found.status, found.date, sent, received, found.signed)
            if found.status == 429:
                limiter.throttle(received, found.retry_after, sent)
            else:
                limiter.passed()
        if self._hooks.attempt is not None:
            status = found.status if isinstance(found, Answer) else None
            why = "" if status is not None else getattr(found, "why", "certificate")
            when = datetime.fromtimestamp(clock.wall(), UTC)
            self._hooks.attempt(Attempt(when, request.call, scope, attempt, status, why, (received - sent) * 1000))
        return Reply(found, received, explains)

    async def ask(self, request: Request, *, scope: int = -1, patient: bool = True) -> Exchange | None:
        """A request that changes nothing; `None` where the run is to end instead.

        It is tried again while that can help, unless the caller is not `patient`.
        """
        began, corrected, failures, attempt = self.clock.steady(), False, 0, 0
        while True:
            if self._hard_limit and not await self.turn():
                return None
            if not await self.turn(self._reads):
                return None
            attempt += 1
            found, at, explains = await self.exchange(request, InFlight(), scope=scope, attempt=attempt)
            late = at - began >= REFUSALS
            if isinstance(found, Answer) and found.status == 401 and explains and not corrected:
                corrected = True
                continue
            again = _again(found, attempt, late=late) if patient else None
            if again is None:
                return found
            failures += again
            if again and await self._rest(failures):
                return None

    async def _rest(self, failures: int) -> bool:
        wait = backoff(failures, self._hooks.jitter())
        self.waiting.say("no-answer", wait)
        return await self._shutdown.sleep(wait)


def _again(found: Exchange, attempt: int, *, late: bool) -> bool | None:
    """Whether to ask again only after a back-off, or at once; `None` if this is the last word."""
    match found:
        case Answer(status=429) if not late:
            return False  # the pace waits
        case Answer(status=status) if (status == 408 or status >= 500) and status != 501 and not late:
            return True
        case Lost(why="closed" | "reset") if attempt == 1:
            return False  # an idle connection that the server had closed
        case Lost() | NeverSent() if attempt < TRIALS:
            return True
    return None


def unbreakable(hooks: Hooks) -> Hooks:
    """Hooks whose trouble is not the run's: what is said to people may fail, what is sent goes on."""

    def safe(hook: Callable[..., Any]) -> Callable[..., None]:
        """A hook that never raises."""

        def call(*arguments: Any) -> None:
            """Call the hook, and ignore its trouble."""
            try:  # noqa: SIM105 - it is called for every scope, and this costs nothing
                hook(*arguments)
            except (OSError, ValueError, RuntimeError):
                pass

        return call

    return replace(
        hooks,
        watch=hooks.watch and safe(hooks.watch),
        attempt=hooks.attempt and safe(hooks.attempt),
        alarm=safe(hooks.alarm),
        waits=safe(hooks.waits),
        steer=hooks.steer and safe(hooks.steer),
    )


async def cancel_all(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks, and wait until they have ended."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


class Waiting:
    """Says waits, each reason once until its time is over."""

    def __init__(self, clock: ServerClock, show: Callable[[str], None]) -> None:
        self._clock = clock
        self._show = show
        self._said: dict[str, float] = {}

    def say(self, reason: str, seconds: float) -> None:
        """Say that the run waits so long, for a reason of the catalogue."""
        now = self._clock.steady()
        if seconds <= NOTICEABLE or self._said.get(reason, 0.0) >= now + seconds - NOTICEABLE:
            return
        self._said[reason] = now + seconds
        until = datetime.fromtimestamp(self._clock.wall() + seconds).astimezone()
        self._show(WAITS[reason].format(until=f"{until:%H:%M:%S}"))
