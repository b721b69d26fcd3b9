"""What answers that name no customization say of the service as a whole: it is gone, or is another one.

Nothing of this is asked as long as every create is answered as it should be.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from importer.api import messages
from importer.api.messages import Answer
from importer.delivery.machine import STOPPING
from importer.delivery.pacing import backoff
from importer.delivery.reader import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.delivery.pacing import CircuitBreaker
    from importer.delivery.shutdown import Shutdown
    from importer.delivery.transport import Reply, Transport

ALIKE = 5
"""The same odd answer to so many first creates is a wrong base URL."""


class Trouble:
    """Counts odd and missing answers, probes a service that gives none, and ends the run where it must.

    `beside` gets the tasks that it starts, for them to end with the run; `wake` is called when creates may go on.
    """

    def __init__(
        self,
        transport: Transport,
        breaker: CircuitBreaker,
        shutdown: Shutdown,
        jitter: Callable[[], float],
        beside: list[asyncio.Task[None]],
        wake: Callable[[], None],
    ) -> None:
        self._transport = transport
        self._breaker = breaker
        self._shutdown = shutdown
        self._jitter = jitter
        self._beside = beside
        self._wake = wake
        self._alike: list[int] = []
        self._last_status = 0
        self.said = ""
        """What the server said with the latest answer that stops a run."""
        self._probing: asyncio.Task[None] | None = None

    def note(self, reply: Reply, *, created_any: bool, has_list: bool) -> bool:
        """Take in what came of a create instead of a customization; whether it proves that key and tracker are right.

        `created_any` is whether an earlier answer named a customization, `has_list` whether there is a probe that
        changes nothing.
        """
        found = reply.exchange
        status = found.status if isinstance(found, Answer) else 0
        if isinstance(found, Answer) and status in STOPPING:
            self.said = messages.diagnostics(found)
        if status == 429:
            return False
        usable = 300 <= status < 500 and status != 408
        if usable:
            self._breaker.passed()
        else:
            self._fail(status, has_list=has_list)
        if isinstance(found, Answer) and (usable or 200 <= status < 300) and not created_any:
            self._compare(found)
        return status in {400, 422}

    def _compare(self, found: Answer) -> None:
        """The same odd answer to the first creates is a wrong base URL."""
        if found.status in {400, 422} and messages.is_object(found):
            self._alike = [0]
        elif not self._alike or self._alike[-1] == found.status:
            self._alike.append(found.status)
            if len(self._alike) >= ALIKE:
                self._shutdown.stop("base-url")
        else:
            self._alike = [0]

    def _fail(self, status: int, *, has_list: bool) -> None:
        self._last_status = status
        self._breaker.failed(self._transport.clock.steady())
        if self._breaker.is_broken:
            self._break()
        elif self._breaker.is_open and (self._probing is None or self._probing.done()):
            self._probing = asyncio.get_running_loop().create_task(self._probe(has_list=has_list))
            self._beside.append(self._probing)

    def _break(self) -> None:
        self._shutdown.stop("incident" if self._last_status in {502, 503} else "network")

    async def _probe(self, *, has_list: bool) -> None:
        """Ask for what changes nothing, a back-off apart, until that is answered or a minute is over."""
        breaker, steady = self._breaker, self._transport.clock.steady
        if not has_list:
            breaker.probed(steady(), answered=True)
        failures = 0
        while breaker.is_open and not breaker.is_broken:
            failures += 1
            wait = max(0.5, backoff(failures, self._jitter()))
            self._transport.waiting.say("probing", wait)
            if await self._shutdown.sleep(wait):
                return
            request = messages.fetch(self._transport.client.path, NOBODY)
            found = await self._transport.ask(request, patient=False) if request is not None else None
            answered = isinstance(found, Answer) and found.status < 500 and found.status not in {408, 429}
            breaker.probed(steady(), answered=answered)
        if breaker.is_broken:
            self._break()
        self._wake()
