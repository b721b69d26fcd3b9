"""Carries scopes through their lives: does what the machine says, and tells it what came of it.

It alone applies values to jobs and owns the counts. Sources, readers and the ledger's writer only give values back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple, assert_never

from importer.api import messages
from importer.api.client import BadCertificate, InFlight, Lost, NeverSent
from importer.api.messages import Answer
from importer.delivery import machine, states
from importer.delivery.earlier_ids import EarlierIds
from importer.delivery.pacing import CircuitBreaker, backoff
from importer.delivery.reader import NOBODY
from importer.delivery.reconcile import Canary, Evidence
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
from importer.delivery.work_queue import Task, WorkQueue
from importer.ledger import Baseline, LedgerStatus
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
ALIKE = 5
"""The same odd answer to so many first creates is a wrong base URL."""


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
        self._steady = self._transport.clock.steady
        self._breaker = CircuitBreaker()
        self._context = RunContext(
            request.options.date_window + request.options.settle_time, budget, jitter=hooks.jitter
        )
        self.queue = WorkQueue(self._creates_allowed)
        self.open = self.gone = 0
        self.untrusted = False
        self._checking = self._not_looked_for = 0
        self._proven = False
        self._prefetch = request.options.concurrency
        self._underruns = 0
        self._flights: dict[Job, InFlight] = {}
        self._claimed, self._created, self._own = claimed, set[str](), deque[Canary](maxlen=KEPT_CANARIES)
        self._evidence = Evidence(claimed, self._created, self._own, self._may_come)
        self._earlier = EarlierIds(claimed, self._source.live)
        self._baseline: tuple[int, Baseline] | None = None
        self._baseline_after = 0
        self._refreshing: asyncio.Task[None] | None = None
        self._probing: asyncio.Task[None] | None = None
        self._alike: list[int] = []
        self._last_status = 0
        self._said = ""
        self._held = False
        self._landed = asyncio.Event()
        self.progressed = self._steady()
        self._steering.changed = self._steered

    @property
    def finishing(self) -> bool:
        """Whether every scope has its outcome."""
        return not self.open and not self._source.left

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
            turn = queue.take() or await queue.get()
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

    async def close(self) -> None:
        """End what was started besides."""
        for task in (self._refreshing, self._probing):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

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
        flight = self._flights[job] = InFlight(lambda answer: self._believes(job, answer))
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
            found += zip(lost, await self._reader.look(wanted, self._evidence, self._hold), strict=True)
        if confirmed:
            ids = [job.known.id or "" for job in confirmed if job.known is not None]
            found += zip(confirmed, await self._reader.look_for_ids(ids, self._evidence), strict=True)
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
            self._count(State(Phase.INTENT), job.state)
            self._do(job, action)

    def _apply(self, job: Job, event: Event) -> None:
        """Bring an event to a job, and do what follows from it."""
        self._do(job, self._step(job, event))

    def _step(self, job: Job, event: Event) -> Action:
        before = job.state
        if self._context.stopping != self._shutdown.reason:
            self._context = self._context._replace(stopping=self._shutdown.reason)
        job.state, action = machine.step(before, event, self._context)
        self._count(before, job.state)
        if before.phase is Phase.CONFIRMING and job.state.phase is Phase.INTENT:
            self.gone += 1
        if isinstance(event, states.Absent) and isinstance(action, Finish) and event.proof in _UNTRUSTED:
            self.untrusted = True
        return action

    def _count(self, before: State, after: State) -> None:
        self._checking += _is_checked(after) - _is_checked(before)
        self._not_looked_for += _is_not_looked_for(after) - _is_not_looked_for(before)

    def _do(self, job: Job, action: Action) -> None:
        match action:
            case Finish(outcome, record, stop):
                self._finish(job, outcome, record, stop)
            case Send(spends):
                self._spend(spends=spends)
                self.queue.put_create(job)
            case Wait(delay, spends):
                self._spend(spends=spends)
                self._waiting.say("no-answer", delay)
                self.queue.put_create(job, delay)
            case Check(delay, record):
                job.body = None
                if record is not None:
                    self._writer.write_outcome((job, None), job.record(record, None, self._now()))
                if not self._may_come():
                    self._waiting.say("list", delay)
                self.queue.put_check(job, delay)
            case Confirm():
                job.body = None
                self.queue.put_confirm(job)
            case WriteIntent():
                number, job.baseline = self._baseline or (None, None)
                body = job.body or self._source.body(job.number)
                self._writer.write_intent((job, None), job.intent(self._now(), number, body))
            case _:
                assert_never(action)

    def _spend(self, *, spends: bool) -> None:
        if spends:
            self._context = self._context._replace(budget=self._context.budget - 1)

    def _finish(self, job: Job, outcome: Outcome, record: LedgerStatus | None, stop: str) -> None:
        if stop:
            self._shutdown.stop(stop, self._said)
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
            self._writer.write_outcome((job, outcome), job.record(record, outcome, self._now()))

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
        self._hooks.watch(number, outcome)

    # ── The run ─────────────────────────────────────────────────────────────────────────────────────────

    def _now(self) -> float:
        return self._transport.clock.wall()

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
        found = reply.exchange
        status = found.status if isinstance(found, Answer) else 0
        if isinstance(found, Answer) and status in machine.STOPPING:
            self._said = messages.diagnostics(found)
        if status == 429:
            return
        if isinstance(event, states.Answered) and status != 408 and 200 <= status < 500:
            named = event.created is not None
            if named or status >= 300:
                self._breaker.passed()
                self._proven = self._proven or named or status in {400, 422}
            else:
                self._fail(status)
            self._compare(found, status, named=named)
            return
        self._fail(status)

    def _compare(self, found: object, status: int, *, named: bool) -> None:
        """The same odd answer to the first creates is a wrong base URL."""
        if named or (status in {400, 422} and isinstance(found, Answer) and messages.is_object(found)):
            self._alike = [0]
        elif not self._alike or self._alike[-1] == status:
            self._alike.append(status)
            if len(self._alike) >= ALIKE and self._alike[0] == status:
                self._shutdown.stop("base-url")
        else:
            self._alike = [0]

    def _fail(self, status: int) -> None:
        self._last_status = status
        self._breaker.failed(self._steady())
        if self._breaker.is_broken:
            self._break()
        elif self._breaker.is_open and (self._probing is None or self._probing.done()):
            self._probing = asyncio.get_running_loop().create_task(self._probe())

    def _break(self) -> None:
        self._shutdown.stop("incident" if self._last_status in {502, 503} else "network")

    async def _probe(self) -> None:
        """Ask for what changes nothing, a back-off apart, until that is answered or a minute is over."""
        if self._baseline is None:
            self._breaker.probed(self._steady(), answered=True)
        failures = 0
        while self._breaker.is_open and not self._breaker.is_broken:
            failures += 1
            wait = max(0.5, backoff(failures, self._hooks.jitter()))
            self._waiting.say("probing", wait)
            if await self._shutdown.sleep(wait):
                return
            request = messages.fetch(self._transport.client.path, NOBODY)
            found = await self._transport.ask(request, patient=False) if request is not None else None
            answered = isinstance(found, Answer) and found.status < 500 and found.status not in {408, 429}
            self._breaker.probed(self._steady(), answered=answered)
        if self._breaker.is_broken:
            self._break()
        self.queue.wake()

    def _refresh(self) -> None:
        """Read the baseline anew, for the scopes to come; those under way keep theirs."""
        self._baseline_after = len(self._created) + FRESH_BASELINE
        if self._source.left and (self._refreshing is None or self._refreshing.done()):
            self._refreshing = asyncio.get_running_loop().create_task(self._read_baseline())

    async def _read_baseline(self) -> None:
        found = await self._reader.baseline()
        if isinstance(found, Baseline):
            number = await asyncio.to_thread(self._store_baseline, found)
            self._baseline = (number, found)

    def _lost_ledger(self, group: Written[tuple[Job, Outcome | None]]) -> None:
        now = self._now()
        created = [(job, outcome.id) for (job, outcome), _ in group.outcomes if isinstance(outcome, Created)]
        self._unsaved.keep([(job.intent(now, None), scope_id) for job, scope_id in created])
        self._shutdown.stop("ledger")


_UNTRUSTED = frozenset({states.Proof.INCOMPLETE, states.Proof.UNSTABLE})


def _is_checked(state: State) -> bool:
    return state.phase in {Phase.CHECKING, Phase.CONFIRMING}


def _is_not_looked_for(state: State) -> bool:
    return state.phase is Phase.CHECKING and not state.looks and not state.failed_list_reads


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
