"""Carries out changes, many at once: does what the machine says, and reports to it what happened.

Before each PUT or DELETE comes a fresh get, and the whole object that it gave is durable before the first byte leaves.
Whatever an earlier run began is settled before anything is begun: a killed run is finished by the same command.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from importer.catalogue.changes import COMMENTS
from importer.catalogue.run import NOTICES
from importer.catalogue.screen import counted, verbs
from importer.delivery.interface import Delivered, Hooks
from importer.delivery.run import begin_run, clock_notices, ledger_fault
from importer.delivery.shutdown import stop_of
from importer.delivery.transport import cancel_all
from importer.ledger.records import ChangeEnd, ChangeIntent, ChangeStatus
from importer.live import changes, states
from importer.live.calls import Calls
from importer.live.customization import Live
from importer.live.keeper import Keeper
from importer.live.orders import Job, Order, name_of
from importer.live.service import with_service
from importer.live.states import Cancelled, Context, Event, Finish, Look, Send, Store
from importer.model import Deleted, HeldBack, Notice, NotSent, Outcome, Refused, Replaced, Unchanged, Unknown

if TYPE_CHECKING:
    from importer.delivery.interface import DeliveryRequest
    from importer.ledger import Ledger
    from importer.live.service import Service


def carry_out(
    orders: Sequence[Order], request: DeliveryRequest, ledger: Ledger, hooks: Hooks | None = None
) -> Delivered:
    """Carry out changes, with an event loop and signal handlers of its own. Blocks until all is done or stopped.

    The ledger must be claimed for the target. `request.run` makes it a part of a run that has begun. Ctrl-C ends it in
    good order, a second one at once. Raises `StoppedError` where the ledger cannot be written before anything was sent.
    """
    hooks = hooks or Hooks()
    clock = hooks.clock()
    tracker_number, run = request.run or begin_run(request, ledger, clock.wall())

    async def work(service: Service) -> Delivered:
        """What became of the orders."""
        applying = Applying(service, ledger, tracker_number, run)
        await applying.run(orders)
        return applying.delivered()

    return with_service(work, request.tracker, request.key, request.options, hooks, clock)


class Applying:
    """The changes of one run, and how they end."""

    def __init__(self, service: Service, ledger: Ledger, tracker_number: int, run: int) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self._service = service
        self._ledger = ledger
        self._tracker_number, self._run = tracker_number, run
        self._keeper = Keeper(ledger.changes, tracker_number, run)
        self._calls = Calls(service)
        self._began = self._progressed = service.clock.steady()
        self._open: set[str] = set()
        self._settled = 0
        service.steering.changed = self._steered

    async def run(self, orders: Sequence[Order]) -> None:
        """Settle what earlier runs began, then carry out the orders."""
        if len({order.id for order in orders}) < len(orders):
            raise ValueError("two changes of one customization")
        loop, shutdown = asyncio.get_running_loop(), self._service.shutdown
        keeping, patience = loop.create_task(self._keeper.work()), loop.create_task(self._be_patient())
        try:
            await self._work(self._begun_earlier())
            await self._work(self._new(orders))
        finally:
            self._keeper.close()
            await keeping
            await cancel_all([patience])
            await self._calls.close()
        for order in orders:
            if order.number not in self.outcomes:
                assert shutdown.stopping  # noqa: S101 - else each of them was worked on
                self._finish(order, NotSent(COMMENTS["not-sent"]))

    def delivered(self) -> Delivered:
        """What became of each order, and how the run ended."""
        service, reason = self._service, self._service.shutdown.reason
        if reason == "ledger":
            reason = ledger_fault(self._keeper.fault)
        stop = (
            stop_of(reason, service.shutdown.said, service.tracker, service.key, self._ledger.path) if reason else None
        )
        skew = next(iter(service.clock.corrections.values()), 0.0)
        return Delivered(self.outcomes, stop, tuple(self._notices()), self._run, skew, service.transport.requests)

    def _notices(self) -> Iterator[Notice]:
        yield from (*self._ledger.notices, *clock_notices(self._service.clock))
        if throttled := self._service.transport.throttled:
            yield Notice("throttled", NOTICES["throttled"].format(count=throttled))
        if count := self._settled:
            words = {"customizations": counted(count, "customization"), **verbs(count)}
            yield Notice("changes-settled", NOTICES["changes-settled"].format(**words))

    # ── Work ────────────────────────────────────────────────────────────────────────────────────────────

    def _begun_earlier(self) -> Iterator[Job]:
        visible_after = self._began + self._service.options.date_window
        for entry in self._ledger.changes.unsettled(self._tracker_number):
            self._open.add(entry.id)
            begin = changes.resume(entry.kind, entry.id, visible_after=visible_after)
            yield Job(None, begin, entry.run, entry.old, entry.body)

    def _new(self, orders: Sequence[Order]) -> Iterator[Job]:
        for order in orders:
            if order.id in self._open:
                # What an earlier run sent may yet take effect: nothing else is done to it before that is known.
                self._finish(order, Unknown(COMMENTS["unknown"], 0))
            else:
                yield Job(order, changes.start(order.kind, order.id, undoes=order.undoes), self._run)

    async def _work(self, jobs: Iterator[Job]) -> None:
        """Work on as many at once as is allowed, until there are none left or the run is to end."""
        loop, shutdown = asyncio.get_running_loop(), self._service.shutdown
        workers = [loop.create_task(self._worker(jobs)) for _ in range(self._service.options.concurrency)]
        working = loop.create_task(asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION))
        stopping = loop.create_task(shutdown.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if shutdown.stopping:
                self._calls.wake()
                await shutdown.drain(working)
        finally:
            await cancel_all([working, stopping, *workers])
        for task in workers:
            if not task.cancelled() and task.exception() is not None:
                task.result()

    async def _worker(self, jobs: Iterator[Job]) -> None:
        while not self._service.shutdown.stopping and (job := next(jobs, None)) is not None:
            try:
                await self._live(job)
            except asyncio.CancelledError:
                self._cut(job)
                raise

    async def _live(self, job: Job) -> None:
        """The whole life of a change."""
        job.state, action = job.begin
        while not isinstance(action, Finish):
            event = await self._do(job, action)
            job.state, action = changes.step(job.state, event, self._context())
        await self._end(job, action)

    async def _do(self, job: Job, action: Look | Store | Send) -> Event:
        match action:
            case Look(delay, until):
                return await self._calls.look(job, max(delay, until - self._service.clock.steady()), fenced=until > 0)
            case Store():
                return states.Stored() if await self._keeper.put(self._intent(job)) else self._ledger_lost()
            case Send():
                return await self._calls.send(job)
            case _:
                assert_never(action)

    def _cut(self, job: Job) -> None:
        """The run ends with this change in a worker's hands."""
        if job.outcome is None:
            in_flight = job.flight is not None and job.flight.signed is not None
            job.state, action = changes.step(job.state, Cancelled(in_flight=in_flight), self._context())
            assert isinstance(action, Finish)  # noqa: S101 - a cancelled change is over
            self._take(job, action)
        if job.order is not None and job.outcome is not None:
            self._finish(job.order, job.outcome)

    async def _end(self, job: Job, action: Finish) -> None:
        durable = self._take(job, action)
        if durable is not None and not await durable:
            # A get will decide: its intent stays in the ledger.
            self._ledger_lost()
        if job.order is None:
            self._settle(job, action)
        elif job.outcome is not None:
            self._finish(job.order, _with_version(job.outcome, job))

    def _take(self, job: Job, action: Finish) -> asyncio.Future[bool] | None:
        """Take a change as over, and have that kept where its intent is."""
        job.outcome = action.outcome
        if action.stop:
            self._service.shutdown.stop(action.stop, self._calls.said)
        if action.record is None:
            return None
        now = name_of(self._service.tracker, job.body) if action.record is ChangeStatus.DONE and job.body else None
        return self._keeper.put(ChangeEnd(job.run, job.state.id, action.record, self._service.clock.wall(), now))

    def _settle(self, job: Job, action: Finish) -> None:
        if action.record is not ChangeStatus.UNKNOWN:
            self._open.discard(job.state.id)
            self._settled += 1
            self._progressed = self._service.clock.steady()

    def _finish(self, order: Order, outcome: Outcome) -> None:
        if isinstance(outcome, Replaced | Deleted | Unchanged | HeldBack | Refused):
            self._progressed = self._service.clock.steady()
        self.outcomes[order.number] = outcome
        if self._service.hooks.watch is not None:
            self._service.hooks.watch(order.number, outcome)

    # ── The run ─────────────────────────────────────────────────────────────────────────────────────────

    def _intent(self, job: Job) -> ChangeIntent:
        service, state = self._service, job.state
        old = Live(state.id, json.loads(job.old)).version
        new = None if job.body is None else Live(state.id, json.loads(job.body)).version
        return ChangeIntent(state.id, state.kind, job.old, old, job.body, new, service.clock.wall())

    def _ledger_lost(self) -> Cancelled:
        self._service.shutdown.stop("ledger")
        return Cancelled()

    def _context(self) -> Context:
        return Context(self._service.shutdown.stopping, self._service.hooks.jitter)

    def _steered(self) -> None:
        """A person paused the run, or let it go on: a pause is no lack of progress."""
        self._progressed = self._service.clock.steady()
        self._calls.wake()

    async def _be_patient(self) -> None:
        """End a run that gets nowhere."""
        shutdown, options, steady = self._service.shutdown, self._service.options, self._service.clock.steady
        patience = max(options.patience, 2 * (options.settle_time + options.date_window))
        while not shutdown.stopping:
            left = self._progressed + patience - steady()
            if left <= 0 and self._service.steering.paused:
                left = patience
            elif left <= 0:
                shutdown.stop("no-progress")
            await shutdown.sleep(left)


def _with_version(outcome: Outcome, job: Job) -> Outcome:
    """An outcome that says which version is live now, where this change made it so."""
    if job.body is None or not isinstance(outcome, Replaced | Unchanged):
        return outcome
    return replace(outcome, version=Live(job.state.id, json.loads(job.body)).version)
