"""The service, open for calls outside of a delivery: looking, exporting, changing, testing access.

All of them share what a delivery's calls have: the pace, signing, the correction of a wrong clock, waits on the screen
and an end by Ctrl-C.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from importer.api.client import Client
from importer.delivery.interface import Hooks
from importer.delivery.reader import ListReader
from importer.delivery.shutdown import Shutdown, Steering, listen, stop_of
from importer.delivery.transport import Transport, cancel_all, unbreakable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
    from typing import Any

    from importer.api.signing import ServerClock
    from importer.model import Stop
    from importer.settings import Secret, SendOptions, Tracker

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """One tracker's service, open. Its parts are those of a delivery."""

    tracker: Tracker
    """Where requests go."""
    key: Secret
    """What they are signed with."""
    options: SendOptions
    """How they are sent."""
    hooks: Hooks
    """What is called on the way."""
    transport: Transport
    """Sends: `ask` what changes nothing, `exchange` what changes something."""
    reader: ListReader
    """Reads the whole list; `reader.filtered` a part of it."""
    shutdown: Shutdown
    """Whether all is to end; `stop` ends it."""
    steering: Steering
    """What a person does with it meanwhile: pause, go on, stop."""
    clock: ServerClock
    """The server's time, as learnt so far. A delivery that follows may go on with it."""

    @property
    def path(self) -> str:
        """The path of customizations, for `importer.api.messages`."""
        return self.transport.client.path

    @property
    def stop(self) -> Stop | None:
        """Why all ended early, in words; `None` where it did not."""
        shutdown = self.shutdown
        return stop_of(shutdown.reason, shutdown.said, self.tracker, self.key) if shutdown.reason else None

    async def unless_stopped(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What `work` gives; `None` where all is to end before, by Ctrl-C for one. Only for what changes nothing: it is
        cancelled wherever it is."""
        loop = asyncio.get_running_loop()
        working, stopping = loop.create_task(work), loop.create_task(self.shutdown.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            await cancel_all([working, stopping])

    async def each(self, work: Callable[[T], Awaitable[None]], items: Iterable[T]) -> None:
        """Do some work for each item, for no more at a time than `concurrency` allows."""
        slots = asyncio.Semaphore(self.options.concurrency)

        async def one(item: T) -> None:
            """Do the work for one item as soon as a place is free."""
            async with slots:
                await work(item)

        await asyncio.gather(*(one(item) for item in items))


@asynccontextmanager
async def open_service(
    tracker: Tracker,
    key: Secret,
    options: SendOptions,
    hooks: Hooks | None = None,
    shutdown: Shutdown | None = None,
    clock: ServerClock | None = None,
) -> AsyncIterator[Service]:
    """The service, for as long as the context lasts. Nothing is asked yet.

    `hooks` give the clock unless `clock` does. Raises `UsageError` for a tracker ID or base URL that cannot be used.
    """
    hooks = unbreakable(hooks or Hooks())
    shutdown, clock = shutdown or Shutdown(), clock or hooks.clock()
    async with Client(tracker, key, options, clock.now) as client:
        transport = Transport(client, clock, shutdown, hooks, options.max_rate)
        reader = ListReader(client.path, transport.ask, clock.steady)
        steering = Steering(shutdown)
        if hooks.steer is not None:
            hooks.steer(steering)
        yield Service(tracker, key, options, hooks, transport, reader, shutdown, steering, clock)


def with_service(
    work: Callable[[Service], Awaitable[T]],
    tracker: Tracker,
    key: Secret,
    options: SendOptions,
    hooks: Hooks | None = None,
    clock: ServerClock | None = None,
) -> T:
    """Do some work with the service open, in an event loop of its own. Blocks.

    Ctrl-C, SIGTERM and a closed terminal set `service.shutdown`: requests that are waited for then give `None`, and the
    work is to end by itself. Raises what the work raises.
    """

    async def run() -> T:
        """What the work returns; signals are heard meanwhile."""
        shutdown = Shutdown()
        with listen(shutdown.interrupt_soon):
            async with open_service(tracker, key, options, hooks, shutdown, clock) as service:
                return await work(service)

    return asyncio.run(run())
