"""One delivery from its first scope to its last: sets the parts up, lets them work, ends them in order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sqlite3
from typing import TYPE_CHECKING, Any

from importer.api.client import Client
from importer.catalogue.run import COMMENTS, ERRORS, NOTICES, STOPS
from importer.delivery.dispatcher import Dispatcher
from importer.delivery.feeder import Feeder
from importer.delivery.journal import Journal
from importer.delivery.life import Proof
from importer.delivery.lookup import Lookup
from importer.delivery.pacing import Breaker, Pace, retry_budget
from importer.delivery.rescue import Rescue, folders
from importer.delivery.stopping import Stopper, listening
from importer.delivery.wire import Wire, cancelled
from importer.delivery.wiring import Delivered, Errand, Hooks
from importer.errors import StoppedError
from importer.model import Notice, NotSent, Outcome, Stop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importer.delivery.clock import ServerClock
    from importer.delivery.job import Job
    from importer.delivery.judging import Earlier
    from importer.delivery.ledger import Ledger
    from importer.delivery.records import Verdict
    from importer.model import Scope


def run_delivery(
    scopes: Sequence[Scope], earlier: Earlier, errand: Errand, ledger: Ledger, hooks: Hooks | None = None
) -> Delivered:
    """Send what is due, with an event loop and signal handlers of its own. Blocks until all is done or stopped.

    The ledger must be claimed for the target. The first Ctrl-C or SIGTERM ends the run in good order, the second at
    once. Raises `StoppedError` where the ledger cannot be written before anything was sent.
    """

    async def run() -> Delivered:
        stopper = Stopper()
        with listening(stopper.interrupt_soon):
            return await deliver(scopes, earlier, errand, ledger, hooks=hooks or Hooks(), stopper=stopper)

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
    earlier: Earlier,
    errand: Errand,
    ledger: Ledger,
    *,
    hooks: Hooks,
    stopper: Stopper,
) -> Delivered:
    """Send what is due: see `run_delivery`, of which this is the inside."""
    clock = hooks.clock()
    again = errand.options.again
    try:
        place, run = ledger.begin(errand.target, file=errand.file, sha256=errand.sha256, again=again, now=clock.now())
    except sqlite3.Error:
        raise StoppedError(ERRORS["ledger-write"].format(path=ledger.path), code="ledger-write") from None
    pace = Pace(errand.options.max_rate, clock.steady())
    async with Client(errand.target, errand.key, errand.options, clock.now) as client:
        wire = Wire(client, clock, pace, Breaker(), stopper)
        delivery = _Delivery(errand, hooks, wire, ledger, len(earlier.due))
        delivery.attach(scopes, earlier, place, run)
        await delivery.run()
    stop = delivery.stop()
    try:
        ledger.end(run, finished=stop is None, now=clock.now())
    except sqlite3.Error:
        stop = stop or _stop("ledger", errand, ledger)
    skew = clock.offset if clock.corrections else 0.0
    return Delivered(delivery.outcomes, stop, delivery.notices(), skew, wire.requests, pace.throttled)


class _Delivery:
    """The parts of one delivery, and their order of ending."""

    def __init__(self, errand: Errand, hooks: Hooks, wire: Wire, ledger: Ledger, count: int) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self._errand = errand
        self._hooks = hooks
        self._wire = wire
        self._ledger = ledger
        self._rescue = Rescue(folders(ledger.path), hooks.alarm)
        self._dispatcher = Dispatcher(errand, hooks, wire, self._finished, retry_budget(count))

    def attach(self, scopes: Sequence[Scope], earlier: Earlier, place: int, run: int) -> None:
        """Make the parts that need one another."""
        dispatcher = self._dispatcher
        self._feeder = Feeder(scopes, earlier, self._errand, dispatcher)
        self._journal = Journal(
            self._ledger,
            place,
            run,
            failed=self._lost_ledger,
            done=self._feeder.top_up,
            linger=lambda: len(dispatcher.agenda) > self._errand.options.concurrency,
        )
        self._lookup = Lookup(dispatcher, self._errand, self._ledger, place, run)
        dispatcher.attach(self._feeder, self._journal, self._lookup)

    async def run(self) -> None:
        """Work until every scope has its outcome."""
        dispatcher, stopper = self._dispatcher, self._wire.stopper
        self._feeder.top_up()
        if self._feeder.exhausted and not dispatcher.open:
            dispatcher.agenda.close()
        loop = asyncio.get_running_loop()
        workers = [loop.create_task(dispatcher.work()) for _ in range(self._errand.options.concurrency)]
        working = loop.create_task(asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION))
        stopping = loop.create_task(stopper.wait())
        either: set[asyncio.Future[Any]] = {working, stopping, self._journal.task}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if stopper.stopping:
                self._hand_back()
                await stopper.drained(working)
        finally:
            await cancelled([stopping, working])
            await cancelled(workers)
            self._hand_back()
            await self._journal.close()
        _raise_fault(workers)
        for number in self._feeder.rest():
            self._finished(number, NotSent(COMMENTS["not-sent"]))

    def stop(self) -> Stop | None:
        """Why the run ended early, if it did."""
        reason = self._wire.stopper.reason
        return _stop(reason, self._errand, self._ledger) if reason else None

    def notices(self) -> tuple[Notice, ...]:
        """What people should know of the run."""
        clock, pace = self._wire.clock, self._wire.pace
        found = list(self._ledger.notices) + _clock_notices(clock)
        if pace.throttled:
            found.append(_notice("throttled", count=pace.throttled))
        if self._lookup.gone:
            found.append(_notice("gone", count=self._lookup.gone))
        if self._lookup.proof is Proof.FAILED:
            found.append(_notice("list-untrusted"))
        if self._rescue.path is not None:
            found.append(_notice("rescued", path=self._rescue.path))
        return tuple(found)

    def _hand_back(self) -> None:
        """Give every job that waits its outcome, and send the workers home."""
        for job in self._dispatcher.agenda.clear():
            self._dispatcher.stop_job(job)
        self._dispatcher.agenda.close()

    def _finished(self, number: int, outcome: Outcome) -> None:
        self.outcomes[number] = outcome
        self._hooks.watch(number, outcome)

    def _lost_ledger(self, unsaved: list[tuple[Job, Verdict]]) -> None:
        self._rescue.keep(unsaved)
        self._dispatcher.stop("ledger")


def _raise_fault(workers: list[asyncio.Task[None]]) -> None:
    """A mistake in a worker must not pass for a good run; a worker that was cancelled made none."""
    for worker in workers:
        error = None if worker.cancelled() else worker.exception()
        if error is not None:
            raise error


def _stop(reason: str, errand: Errand, ledger: Ledger) -> Stop:
    target = errand.target
    text = STOPS[reason].format(tracker=target.tracker_id, base_url=target.base_url, ledger=ledger.path)
    return Stop(reason, text, 130 if reason == "interrupted" else 3)


def _notice(code: str, **facts: object) -> Notice:
    return Notice(code, NOTICES[code].format(**facts))


def _clock_notices(clock: ServerClock) -> list[Notice]:
    found = []
    if clock.corrections and abs(clock.offset) >= 1:
        found.append(
            _notice("clock", seconds=round(abs(clock.offset)), direction="slow" if clock.offset > 0 else "fast")
        )
    if clock.jumps:
        found.append(_notice("clock-jump"))
    return found
