"""Carries scopes through their lives: does what the machine says, and tells it what came of it.

It alone applies values to jobs and owns the counts. Sources, readers and the ledger's writer only give values back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple, assert_never

from importer.api import messages
from importer.api.client import BadCertificate, InFlight, Lost, NeverSent
from importer.api.messages import Answer
from importer.delivery import machine, states
from importer.delivery.jobs import EarlierIds, Task, WorkQueue
from importer.delivery.pacing import CircuitBreaker
from importer.delivery.readings import Canary, KnownIds
from importer.delivery.states import (
    Action,
    Check,
    Confirm,
    Event,
    Finish,
    ListUnavailable,
    Phase,
    RunContext,
    Send,
    State,
    Wait,
    WriteIntent,
)
from importer.delivery.trouble import Trouble
from importer.ledger import Baseline
from importer.model import AlreadyCreated, Created, Outcome, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from importer.delivery.interface import DeliveryRequest, Hooks
    from importer.delivery.jobs import Job, JobSource
    from importer.delivery.reader import ListReader
    from importer.delivery.shutdown import Shutdown, Steering
    from importer.delivery.transport import Reply, Transport
    from importer.ledger.writer import LedgerWriter, UnsavedIds, Written

MAX_PREFETCH = 512
"""Intents that may wait to be sent, at most: what a kill leaves to be looked up."""

LINGER = 0.03
"""Seconds to let more gather before the next commit, while the senders have enough to do."""

FRESH_BASELINE = 1000
"""Creates after which the baseline is read anew, so that a lost answer costs few pages."""

KEPT_CANARIES = 200
"""Of the customizations of this run, the latest that a list is expected to show."""

_LOOKED_FOR = frozenset({Phase.CHECKING, Phase.CONFIRMING})
_UNTRUSTED = frozenset({states.Proof.INCOMPLETE, states.Proof.UNSTABLE})


class Parts(NamedTuple):
    """What a dispatcher works with. None of them knows it."""

    transport: Transport
    reader: ListReader
    source: JobSource
    writer: LedgerWriter[tuple[Job, Outcome | None]]
    unsaved: UnsavedIds
    shutdown: Shutdown
    steering: Steering


class Dispatcher:
    """Runs the jobs of one delivery. `outcomes` has each scope's, by number, once that is durable."""

    def __init__(
        self,
        request: DeliveryRequest,
        hooks: Hooks,
        parts: Parts,
        *,
        claimed: set[str],
        budget: int,
        store_baseline: Callable[[Baseline], int],
    ) -> None:
        self._options = request.options
        self._hooks = hooks
        self._transport, self._reader, self._source, self._writer, self._unsaved, self._shutdown = parts[:6]
        self._waiting, self._steering = parts.transport.waiting, parts.steering
        self.outcomes: dict[int, Outcome] = {}
        self._store_baseline = store_baseline
        self._steady, self._wall = self._transport.clock.steady, self._transport.clock.wall
        self._breaker = CircuitBreaker()
        self._context = RunContext(
            request.options.date_window + request.options.settle_time, budget, jitter=hooks.jitter
        )
        self.queue = WorkQueue(self._creates_allowed)
        self.open = self.gone = 0
        self.untrusted = False
        self._checking = self._not_looked_for = 0
        self._proven = self._created_any = False
        self._prefetch = request.options.concurrency
        self._underruns = 0
        self._flights: dict[Job, InFlight] = {}
        self._claimed, self._created, self._own = claimed, set[str](), deque[Canary](maxlen=KEPT_CANARIES)
        self._known = KnownIds(claimed, self._created, self._own, self._may_come)
        self._earlier = EarlierIds(claimed, self._source.live)
        self._baseline: tuple[int, Baseline] | None = None
        self._baseline_after = 0
        self._refreshing: asyncio.Task[None] | None = None
        self.beside: list[asyncio.Task[None]] = []
        """What was started besides, to be ended with the run."""
        self._held = False
        self._landed = asyncio.Event()
        self.progressed = self._steady()
        self._steering.changed = self._steered

    @property
    def finishing(self) -> bool:
        """Whether every scope has its outcome."""
        return not self.open and not self._source.left

    @cached_property
    def _trouble(self) -> Trouble:
        """What is amiss with the service; made when something first is."""
        return Trouble(self._transport, self._breaker, self._shutdown, self._hooks.jitter, self.beside, self.queue.wake)

    # ── Tasks ───────────────────────────────────────────────────────────────────────────────────────────

    def set_baseline(self, baseline: Baseline) -> None:
        """From now on, this is what is live before a create. Makes it durable; raises `sqlite3.Error`."""
        self._baseline = (self._store_baseline(baseline), baseline)
        self._earlier.first = baseline
        self._baseline_after = len(self._created) + FRESH_BASELINE

    async def work(self) -> None:
        """One worker: takes jobs until there are none."""
        queue = self.queue
        while True:
            self.refill()
            turn = await queue.get()
            if turn is None:
                return
            job, task = turn
            try:
                await (self._send(job) if task is Task.CREATE else self._confirm(job))
            except asyncio.CancelledError:
                self._cut(job)
                raise
            finally:
                queue.done(task)

    async def check(self) -> None:
        """Look for jobs in the list, as many at once as wait for it."""
        while jobs := await self.queue.get_checks():
            try:
                found = await self._look(jobs)
            except asyncio.CancelledError:
                for job in jobs:
                    self._apply(job, states.Cancelled())
                raise
            for job, event in found:
                self._apply(job, event)
            self.queue.wake()

    async def keep(self) -> None:
        """Have the ledger written, group after group, and go on with what is durable."""
        while (group := await self._writer.next_written()) is not None:
            if not group.durable:
                self._lost_ledger(group)
            for (job, outcome), _ in group.outcomes:
                if outcome is not None:
                    self._end(job, outcome)
            for (job, _), _ in group.intents:
                self._apply(job, states.IntentStored() if group.durable else states.Cancelled())
            self.refill()
            if len(self.queue) > self._options.concurrency:
                await asyncio.sleep(LINGER)

    def hand_back(self) -> None:
        """The run ends: give every job that waits its outcome, and send the workers home."""
        for job in self.queue.clear():
            self._apply(job, states.Cancelled())
        self.queue.close()

    # ── Work ────────────────────────────────────────────────────────────────────────────────────────────

    async def _send(self, job: Job) -> None:
        if job.state.phase is Phase.WAITING:
            action = self._step(job, states.WaitOver())
            if isinstance(action, Finish):
                self._do(job, action)
                return
        if not (self._transport.is_free() or await self._transport.turn()):
            self._apply(job, states.Cancelled())
            return
        request = messages.create(self._transport.client.path, job.body or self._source.body(job.number))
        flight = self._flights[job] = InFlight(partial(self._believes, job))
        job.created, job.sent = None, self._steady()
        reply = await self._transport.exchange(request, flight, scope=job.number, attempt=job.state.sent + 1)
        if self._hooks.probe is not None:
            self._hooks.probe("after-answer")
        self._flights.pop(job, None)
        if self._held and not self._flights:
            self._landed.set()
        event = event_of(reply, job)
        self._note(reply, event)
        self._apply(job, event)

    def _believes(self, job: Job, answer: Answer) -> bool:
        """Whether a good answer is about this scope: its target, and an ID that can be new and is no other scope's."""
        if not 200 <= answer.status < 300:
            return True
        created = job.parse(answer)
        if created is not None and self._earlier.hold(created.id, job.baseline):
            job.created = None
        return job.created is not None

    async def _confirm(self, job: Job) -> None:
        known = job.known
        request = messages.fetch(self._transport.client.path, (known.id or "") if known is not None else "")
        found = await self._transport.ask(request, scope=job.number) if request is not None else None
        match found:
            case Answer(status=404):
                event: Event = states.Missing()
            case Answer(status=200) if messages.is_scope(found, request.path.rpartition("/")[2] if request else ""):
                event = states.Confirmed()
            case _:
                event = states.NotConfirmed()
        if isinstance(found, Answer) and found.status == 401:
            # A wrong key is as wrong for every other scope.
            self._shutdown.stop("key", messages.diagnostics(found))
        self._apply(job, event)

    async def _look(self, jobs: list[Job]) -> list[tuple[Job, Event]]:
        lag = self._context.visible_after
        confirmed = [job for job in jobs if job.state.phase is Phase.CONFIRMING]
        lost = [job for job in jobs if job.state.phase is not Phase.CONFIRMING]
        found: list[tuple[Job, Event]] = []
        if self._baseline is None:
            return [(job, ListUnavailable(forever=True)) for job in jobs]
        if lost:
            wanted = [job.wanted(self._source.body(job.number), lag) for job in lost]
            found += zip(lost, await self._reader.look(wanted, self._known, self._hold), strict=True)
        if confirmed:
            ids = [job.known.id or "" for job in confirmed if job.known is not None]
            found += zip(confirmed, await self._reader.look_for_ids(ids, self._known), strict=True)
        return found

    @asynccontextmanager
    async def _hold(self) -> AsyncIterator[None]:
        """Nothing is sent while this lasts; what is in flight has come back."""
        self._held = True
        try:
            self._landed.clear()
            if self._flights:
                await self._landed.wait()
            yield
        finally:
            self._held = False
            self.queue.wake()

    def _cut(self, job: Job) -> None:
        """The run ends with this job in a worker's hands."""
        flight = self._flights.pop(job, None)
        if job.state.phase is not Phase.DONE:
            sent = flight is not None and flight.signed is not None
            self._apply(job, states.Cancelled(self._steady() if sent else None))

    # ── The machine ─────────────────────────────────────────────────────────────────────────────────────

    def refill(self) -> None:
        """Take up more scopes, if the senders could run out of them."""
        source, queue, pending = self._source, self.queue, self._writer.pending
        if not source.left or self._shutdown.stopping:
            return
        # Until something was created, a kill must leave others that can show whether the list can be relied upon.
        ahead = self._prefetch if self._created else 1
        if len(queue) + pending > ahead // 2:
            return
        if queue.underruns > self._underruns and self._created:
            self._underruns = queue.underruns
            ahead = self._prefetch = min(MAX_PREFETCH, self._prefetch * 2)
        while source.left and len(queue) + self._writer.pending < ahead:
            taken = source.take(self._steady())
            if taken is None:
                return
            job, action = taken
            self.open += 1
            if job.state.phase in _LOOKED_FOR:
                self._count(states.NEW, job.state)
            self._do(job, action)

    def _apply(self, job: Job, event: Event) -> None:
        """Bring an event to a job, and do what follows from it."""
        self._do(job, self._step(job, event))

    def _step(self, job: Job, event: Event) -> Action:
        before = job.state
        if self._context.stopping != self._shutdown.reason:
            self._context = self._context._replace(stopping=self._shutdown.reason)
        job.state, action = machine.step(before, event, self._context)
        if before.phase in _LOOKED_FOR or job.state.phase in _LOOKED_FOR:
            self._count(before, job.state)
        if before.phase is Phase.CONFIRMING and job.state.phase is Phase.INTENT:
            self.gone += 1
        if isinstance(event, states.Absent) and isinstance(action, Finish) and event.proof in _UNTRUSTED:
            self.untrusted = True
        return action

    def _count(self, before: State, after: State) -> None:
        """Count the jobs that are looked for, and those of them that no reading has been about yet."""
        for state, change in ((before, -1), (after, 1)):
            self._checking += change * (state.phase in _LOOKED_FOR)
            lost = state.phase is Phase.CHECKING and not state.looks and not state.failed_list_reads
            self._not_looked_for += change * lost

    def _do(self, job: Job, action: Action) -> None:
        if isinstance(action, Send | Wait) and action.spends:
            self._context = self._context._replace(budget=self._context.budget - 1)
        match action:
            case Send():
                self.queue.put(job, Task.CREATE)
            case Finish():
                self._finish(job, action)
            case WriteIntent():
                number, job.baseline = self._baseline or (None, None)
                body = job.body or self._source.body(job.number)
                self._writer.write_intent((job, None), job.intent(self._wall(), number, body))
            case Wait(delay):
                self._waiting.say("no-answer", delay)
                self.queue.put(job, Task.CREATE, delay)
            case Check(delay, record):
                job.body = None
                if record is not None:
                    self._writer.write_outcome((job, None), job.record(record, None, self._wall()))
                if not self._may_come():
                    self._waiting.say("list", delay)
                self.queue.put(job, Task.CHECK, delay)
            case Confirm():
                job.body = None
                self.queue.put(job, Task.CONFIRM)
            case _:
                assert_never(action)

    def _finish(self, job: Job, action: Finish) -> None:
        outcome, record, stop = action
        if stop:
            self._shutdown.stop(stop, self._trouble.said)
        if isinstance(outcome, Created):
            self._claimed.add(outcome.id)
            self._created.add(outcome.id)
            if not outcome.adopted and job.body is not None:
                self._own.append(Canary(outcome.id, self._steady(), job.target, job.body))
            if self._baseline is not None and len(self._created) >= self._baseline_after:
                self._refresh()
        job.body = None
        if record is None:
            self._end(job, outcome)
        else:
            self._writer.write_outcome((job, outcome), job.record(record, outcome, self._wall()))

    def _end(self, job: Job, outcome: Outcome) -> None:
        self.open -= 1
        if isinstance(outcome, Created | AlreadyCreated | Refused):
            self.progressed = self._steady()
        self.give(job.number, outcome)
        if self.finishing:
            self.queue.close()

    def give(self, number: int, outcome: Outcome) -> None:
        """What became of a scope."""
        self.outcomes[number] = outcome
        if self._hooks.watch is not None:
            self._hooks.watch(number, outcome)

    # ── The run ─────────────────────────────────────────────────────────────────────────────────────────

    def _may_come(self) -> bool:
        """Whether a scope may yet be created, for the list to show."""
        return not self._shutdown.stopping and (self.open > self._checking or self._source.left > 0)

    def _creates_allowed(self) -> int:
        """How many creates may be in flight now."""
        if self._held or self._steering.paused:
            return 0
        allowed = min(self._options.concurrency, self._breaker.allowed)
        if not self._proven:
            # Until a create has shown that key and tracker are right; what is lost before that is looked for first.
            return min(allowed, 0 if self._not_looked_for else 1)
        alone = "create" in self._transport.clock.unsettled
        return min(allowed, 1 if alone else self._transport.creates.most_in_flight)

    def _steered(self) -> None:
        """A person paused the run, or let it go on: a pause is no lack of progress."""
        self.progressed = self._steady()
        self.queue.wake()

    def _note(self, reply: Reply, event: Event) -> None:
        """What came of a create says of the run as a whole."""
        if isinstance(event, states.Answered) and event.created is not None:
            self._breaker.passed()
            self._proven = self._created_any = True
        elif self._trouble.note(reply, created_any=self._created_any, has_list=self._baseline is not None):
            self._proven = True

    def _refresh(self) -> None:
        """Read the baseline anew, for the scopes to come; those under way keep theirs."""
        self._baseline_after = len(self._created) + FRESH_BASELINE
        if self._source.left and (self._refreshing is None or self._refreshing.done()):
            self._refreshing = asyncio.get_running_loop().create_task(self._read_baseline())
            self.beside.append(self._refreshing)

    async def _read_baseline(self) -> None:
        found = await self._reader.baseline()
        if isinstance(found, Baseline):
            number = await asyncio.to_thread(self._store_baseline, found)
            self._baseline = (number, found)

    def _lost_ledger(self, group: Written[tuple[Job, Outcome | None]]) -> None:
        now = self._wall()
        created = [(job, outcome.id) for (job, outcome), _ in group.outcomes if isinstance(outcome, Created)]
        self._unsaved.keep([(job.intent(now, None), scope_id) for job, scope_id in created])
        self._shutdown.stop("ledger")


def event_of(reply: Reply, job: Job) -> Event:
    """What came of a create, as the machine wants it."""
    found = reply.exchange
    match found:
        case Answer(status=status) if 200 <= status < 300:
            named = job.created is not None or messages.names_target(found, *job.target)
            return states.Answered(status, reply.at, job.created, named)
        case Answer(status=status):
            reason, details = messages.refusal(found) if 400 <= status < 500 else ("", None)
            return states.Answered(status, reply.at, None, False, reply.clock_explains, reason, details)  # noqa: FBT003
        case NeverSent():
            return states.NotSentYet()
        case BadCertificate():
            return states.CertificateRejected()
        case Lost():
            return states.ResponseLost(reply.at)
        case _:
            assert_never(found)
