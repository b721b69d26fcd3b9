"""One delivery from its first scope to its last: sets the parts up, lets them work, ends them in order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any

from importer.api.client import Client
from importer.catalogue.outcomes import COMMENTS
from importer.catalogue.run import NOTICES, WAITS
from importer.delivery.dispatcher import Dispatcher, Parts
from importer.delivery.interface import Delivered, DeliveryRequest, Hooks
from importer.delivery.jobs import JobSource, remember
from importer.delivery.pacing import retry_budget
from importer.delivery.reader import Denied, ListReader
from importer.delivery.shutdown import Shutdown, Steering, listen, stop_of
from importer.delivery.transport import Transport, cancel_all, unbreakable
from importer.ledger import Baseline
from importer.ledger.ledger_file import MovedError, unusable
from importer.ledger.writer import LedgerWriter, UnsavedIds, paths
from importer.model import Notice, NotSent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importer.api.signing import ServerClock
    from importer.delivery.planning import SendPlan
    from importer.ledger import Ledger
    from importer.model import Scope, Stop


def run_delivery(
    scopes: Sequence[Scope], plan: SendPlan, request: DeliveryRequest, ledger: Ledger, hooks: Hooks | None = None
) -> Delivered:
    """Send what is due, with an event loop and signal handlers of its own. Blocks until all is done or stopped.

    The ledger must be claimed for the target. The first Ctrl-C or SIGTERM ends the run in good order, the second at
    once. Raises `StoppedError` where the ledger cannot be written before anything was sent.
    """

    async def run() -> Delivered:
        """What became of the scopes; signals are heard meanwhile."""
        shutdown = Shutdown()
        with listen(shutdown.interrupt_soon):
            return await deliver(scopes, plan, request, ledger, hooks=hooks or Hooks(), shutdown=shutdown)

    with _patient_collector():
        return asyncio.run(run())


@contextlib.contextmanager
def _patient_collector() -> Iterator[None]:
    """Let the garbage collector look less often, and not at what stays: each request makes some forty objects, and
    looking through all that a large sheet holds for every few of them costs a tenth of the sending time."""
    before, freezes = gc.get_threshold(), gc.get_freeze_count() == 0
    gc.set_threshold(50_000, 20, 100)
    if freezes:
        gc.freeze()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if freezes:
            gc.unfreeze()


async def deliver(
    scopes: Sequence[Scope],
    plan: SendPlan,
    request: DeliveryRequest,
    ledger: Ledger,
    *,
    hooks: Hooks,
    shutdown: Shutdown,
) -> Delivered:
    """Send what is due: see `run_delivery`, of which this is the inside."""
    hooks, clock = unbreakable(hooks), hooks.clock()
    tracker_number, run = request.run or begin_run(request, ledger, clock.wall())
    try:
        if plan.found:
            remember(plan, scopes, request.tracker, ledger, tracker_number, clock.wall())
    except sqlite3.Error as error:
        raise unusable(ledger.path, error) from None
    async with Client(request.tracker, request.key, request.options, clock.now) as client:
        transport = Transport(client, clock, shutdown, hooks, request.options.max_rate)
        reader = ListReader(client.path, transport.ask, clock.steady)
        source = JobSource(scopes, plan, request, ledger.baseline)
        writer = LedgerWriter[Any](partial(ledger.write, tracker_number, run))
        unsaved = UnsavedIds(paths(ledger.path, request.tracker), hooks.alarm)
        steering = Steering(shutdown)
        parts = Parts(transport, reader, source, writer, unsaved, shutdown, steering)
        delivery = DeliveryRun(request, hooks, parts, ledger, tracker_number)
        if hooks.steer is not None:
            hooks.steer(steering)
        await delivery.run()
    try:
        ledger.end(run, now=clock.wall())
    except sqlite3.Error as error:
        writer.fault = writer.fault or error
        shutdown.stop("ledger")
    skew = next(iter(clock.corrections.values()), 0.0)
    return Delivered(delivery.dispatcher.outcomes, delivery.stop(), delivery.notices(), run, skew, transport.requests)


def begin_run(request: DeliveryRequest, ledger: Ledger, now: float) -> tuple[int, int]:
    """Write down that a run begins; the tracker's number and the run's. Raises `StoppedError` where it cannot."""
    file, sha256, again = request.file, request.sha256, request.options.again
    try:
        return ledger.begin(request.tracker, file=file, sha256=sha256, again=again, now=now)
    except sqlite3.Error as error:
        raise unusable(ledger.path, error) from None


class DeliveryRun:
    """The parts of one delivery, and their order of ending."""

    def __init__(
        self, request: DeliveryRequest, hooks: Hooks, parts: Parts, ledger: Ledger, tracker_number: int
    ) -> None:
        self._request = request
        self._hooks = hooks
        self._parts = parts
        self._ledger = ledger
        self._tracker_number = tracker_number
        self._no_list = False
        self.dispatcher = Dispatcher(
            request,
            hooks,
            parts,
            claimed=ledger.claimed(tracker_number),
            budget=retry_budget(parts.source.left),
            store_baseline=ledger.add_baseline,
        )

    async def run(self) -> None:
        """Read what is live, then work until every scope has its outcome."""
        shutdown = self._parts.shutdown
        loop = asyncio.get_running_loop()
        patience = loop.create_task(self._be_patient())
        opening = loop.create_task(self._open())
        stopping = loop.create_task(shutdown.wait())
        try:
            await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if opening.done():
                opening.result()
            if not shutdown.stopping:
                await self._work(stopping)
        finally:
            await cancel_all([opening, stopping, patience])
        if self._parts.source.left:
            for number in self._parts.source.rest():
                self.dispatcher.give(number, NotSent(COMMENTS["not-sent"]))

    async def _open(self) -> None:
        """The first reading: a wrong key, tracker or clock is found before anything is sent."""
        if not self._parts.source.left:
            return
        found = await self._parts.reader.open()
        match found:
            case Denied(stop, said):
                self._parts.shutdown.stop(stop, said)
            case Baseline():
                try:
                    self.dispatcher.set_baseline(found)
                except sqlite3.Error as error:
                    self._parts.writer.fault = error
                    self._parts.shutdown.stop("ledger")
            case _ if not self._parts.shutdown.stopping:
                self._no_list = True
                self._hooks.waits(WAITS["no-list"])

    async def _work(self, stopping: asyncio.Task[None]) -> None:
        dispatcher, shutdown = self.dispatcher, self._parts.shutdown
        loop = asyncio.get_running_loop()
        keeping = loop.create_task(dispatcher.keep())
        dispatcher.refill()
        if dispatcher.finishing:
            dispatcher.queue.close()
        workers = [loop.create_task(dispatcher.work()) for _ in range(self._request.options.concurrency)]
        workers.append(loop.create_task(dispatcher.check()))
        working = loop.create_task(asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION))
        try:
            await asyncio.wait({working, stopping, keeping}, return_when=asyncio.FIRST_COMPLETED)
            if shutdown.stopping:
                dispatcher.hand_back()
                await shutdown.drain(working)
        finally:
            await cancel_all([working])
            await cancel_all(workers)
            await cancel_all(dispatcher.beside)
            if dispatcher.open:
                dispatcher.hand_back()
            self._parts.writer.close()
            await keeping
        for task in workers:
            if not task.cancelled() and task.exception() is not None:
                task.result()

    async def _be_patient(self) -> None:
        """End a run that gets nowhere."""
        options, steady = self._request.options, self._parts.transport.clock.steady
        patience = max(options.patience, 2 * (options.settle_time + options.date_window))
        while not self._parts.shutdown.stopping:
            left = self.dispatcher.progressed + patience - steady()
            if left <= 0 and self._parts.steering.paused:
                left = patience
            elif left <= 0:
                self._parts.shutdown.stop("no-progress")
            await self._parts.shutdown.sleep(left)

    def stop(self) -> Stop | None:
        """Why the run ended early, if it did."""
        shutdown, request = self._parts.shutdown, self._request
        reason = shutdown.reason
        if reason == "ledger":
            reason = ledger_fault(self._parts.writer.fault)
        return stop_of(reason, shutdown.said, request.tracker, request.key, self._ledger.path) if reason else None

    def notices(self) -> tuple[Notice, ...]:
        """What people should know of the run."""
        transport, dispatcher = self._parts.transport, self.dispatcher
        found = list(self._ledger.notices)
        if transport.clock.corrections or transport.clock.jumps:
            found += clock_notices(transport.clock)
        if transport.throttled:
            found.append(_notice("throttled", count=transport.throttled))
        if dispatcher.gone:
            found.append(_notice("gone", count=dispatcher.gone))
        if dispatcher.untrusted:
            found.append(_notice("list-untrusted"))
        if self._no_list:
            found.append(Notice("no-list", WAITS["no-list"]))
        if self._parts.unsaved.path is not None:
            found.append(_notice("rescued", path=self._parts.unsaved.path))
        return tuple(found)


def ledger_fault(fault: sqlite3.Error | None) -> str:
    """Which stop it is that the ledger could not be written."""
    if isinstance(fault, MovedError):
        return "ledger-moved"
    name = getattr(fault, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "ledger-busy"
    return "ledger-damaged" if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) else "ledger"


def _notice(code: str, **facts: object) -> Notice:
    return Notice(code, NOTICES[code].format(**facts))


def clock_notices(clock: ServerClock) -> list[Notice]:
    """What people should know of the clocks."""
    found = []
    offset = max(clock.corrections.values(), key=abs, default=0.0)
    if abs(offset) >= 1:
        found.append(_notice("clock", seconds=round(abs(offset)), direction="slow" if offset > 0 else "fast"))
    if clock.jumps:
        found.append(_notice("clock-jump"))
    return found
