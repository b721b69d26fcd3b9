"""How many requests of a kind may be on their way, by how the last ones went."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from importer.api import messages
from importer.api.messages import Answer
from importer.delivery.pacing import CircuitBreaker, backoff
from importer.delivery.reader import NOBODY
from importer.delivery.transport import cancel_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.live.service import Service


class Gate:
    """Lets requests through: five in a row without a usable answer stop new ones. Then probes that change nothing, a
    back-off apart, for up to a minute; on success one request alone; if that is lost too, the run stops."""

    def __init__(self, service: Service, most: Callable[[], int]) -> None:
        self._service = service
        self._most = most
        self._breaker = CircuitBreaker()
        self._on_their_way = 0
        self._changed = asyncio.Event()
        self._probing: asyncio.Task[None] | None = None
        self._last_status = 0

    async def enter(self) -> bool:
        """Wait until one more may go; `False` where the run is to end instead."""
        while not self._service.shutdown.stopping:
            if self._on_their_way < min(self._most(), self._breaker.allowed):
                self._on_their_way += 1
                return True
            self._changed.clear()
            await self._changed.wait()
        return False

    def leave(self, *, usable: bool | None, status: int = 0) -> None:
        """One has come back, with a usable answer or not; `None` where it says nothing of that."""
        self._on_their_way -= 1
        steady = self._service.clock.steady()
        if usable:
            self._breaker.passed()
        elif usable is False:
            self._last_status = status
            self._breaker.failed(steady)
            self._look_after_it()
        self.wake()

    def wake(self) -> None:
        """Wake all that wait, so that they look again."""
        self._changed.set()

    async def close(self) -> None:
        """End what was started besides."""
        if self._probing is not None:
            await cancel_all([self._probing])

    def _look_after_it(self) -> None:
        if self._breaker.is_broken:
            self._service.shutdown.stop("incident" if self._last_status in {502, 503} else "network")
        elif self._breaker.is_open and (self._probing is None or self._probing.done()):
            self._probing = asyncio.get_running_loop().create_task(self._probe())

    async def _probe(self) -> None:
        service, failures = self._service, 0
        while self._breaker.is_open and not self._breaker.is_broken:
            failures += 1
            wait = max(0.5, backoff(failures, service.hooks.jitter()))
            service.transport.waiting.say("probing", wait)
            if await service.shutdown.sleep(wait):
                break
            request = messages.fetch(service.path, NOBODY)
            found = await service.transport.ask(request, patient=False) if request is not None else None
            answered = isinstance(found, Answer) and found.status < 500 and found.status not in {408, 429}
            self._breaker.probed(service.clock.steady(), answered=answered)
        self._look_after_it_broke()
        self.wake()

    def _look_after_it_broke(self) -> None:
        if self._breaker.is_broken:
            self._look_after_it()
