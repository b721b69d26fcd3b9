"""Every request of a run leaves here: paced, counted, timed, and the clock learns from its answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from importer.api.client import Client, Exchange, Ticket
from importer.api.messages import Answer
from importer.delivery.wiring import Attempt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importer.api.messages import Request
    from importer.delivery.clock import ServerClock
    from importer.delivery.pacing import Breaker, Pace
    from importer.delivery.stopping import Stopper
    from importer.delivery.wiring import Hooks

Call = Literal["create", "list", "get"]
PATIENCE = 8


class Wire:
    """The way to the server. `requests` counts what was asked of it."""

    def __init__(self, client: Client, clock: ServerClock, pace: Pace, breaker: Breaker, stopper: Stopper) -> None:
        self.client = client
        self.clock = clock
        self.pace = pace
        self.breaker = breaker
        self.stopper = stopper
        self.requests = 0

    def free(self) -> bool:
        """Take the next place if it is now; no place is taken otherwise."""
        return not self.stopper.stopping and self.pace.is_free(self.clock.steady())

    async def turn(self) -> bool:
        """Wait for the next place in the pace; `False` where the run is to end instead."""
        while not self.stopper.stopping:
            now = self.clock.steady()
            wait = self.pace.reserve(now)
            if wait <= 0:
                return True
            if await self.stopper.rest(wait):
                return False
            if self.pace.paused(self.clock.steady()) <= 0:
                return True
        return False

    async def exchange(
        self, call: Call, request: Request, ticket: Ticket, hooks: Hooks, *, scope: int = -1, attempt: int = 1
    ) -> Exchange:
        """One request and its answer. A 429 pauses all senders."""
        self.requests += 1
        clock = self.clock
        sent = clock.steady()
        found = await self.client.exchange(request, ticket)
        received = clock.steady()
        if isinstance(found, Answer):
            clock.learn(found.date, sent, received)
            if found.status == 429:
                self.pace.throttle(received, found.retry_after, sent)
        if hooks.attempt is not None:
            status, why = (
                (found.status, "") if isinstance(found, Answer) else (None, getattr(found, "why", "certificate"))
            )
            when = datetime.fromtimestamp(clock.now(), UTC)
            hooks.attempt(Attempt(when, call, scope, attempt, status, why, (received - sent) * 1000))
        return found

    async def ask(self, call: Call, request: Request, hooks: Hooks, *, scope: int) -> Answer | None:
        """A reading request: waits out the pauses that the server asks for; `None` where no answer was to be had."""
        for trial in range(PATIENCE):
            if not await self.turn():
                return None
            corrections = self.clock.corrections
            found = await self.exchange(call, request, Ticket(), hooks, scope=scope, attempt=trial + 1)
            if not isinstance(found, Answer):
                self.breaker.failed()
                return None
            self.breaker.passed()
            clock_explains = found.status == 401 and self.clock.corrections > corrections
            if found.status != 429 and not clock_explains:
                return found
        return None


async def cancelled(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks, and wait until they have ended."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
