"""Carries scopes through their lives: does what the machine says, and tells it what came of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, assert_never

from importer.api import messages
from importer.api.client import BadCertificate, Exchange, Lost, NeverSent, Ticket
from importer.api.messages import Answer
from importer.delivery import life, machine
from importer.delivery.agenda import Agenda
from importer.delivery.job import Job
from importer.delivery.life import Action, Check, Commit, Event, Finish, Phase, Send, Wait, World
from importer.delivery.records import Fate, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.delivery.feeder import Feeder
    from importer.delivery.journal import Journal
    from importer.delivery.lookup import Lookup
    from importer.delivery.wire import Wire
    from importer.delivery.wiring import Errand, Hooks
    from importer.model import Outcome


class Dispatcher:
    """Runs the jobs of one delivery. `finished` is called with each scope's outcome once that is durable."""

    def __init__(
        self, errand: Errand, hooks: Hooks, wire: Wire, finished: Callable[[int, Outcome], None], budget: int
    ) -> None:
        self.options = errand.options
        self.hooks = hooks
        self.wire = wire
        self.budget = budget
        self.agenda = Agenda(self._sends_allowed)
        self.open = 0
        self.checking = 0
        self.proven = False
        self._finished = finished
        self._world: World | None = None
        self._tickets: dict[Job, Ticket] = {}

    def attach(self, feeder: Feeder, journal: Journal, lookup: Lookup) -> None:
        """Take the parts that need the dispatcher themselves."""
        self.feeder = feeder
        self.journal = journal
        self.lookup = lookup

    # ── Workers ─────────────────────────────────────────────────────────────────────────────────────────

    async def work(self) -> None:
        """One worker: takes jobs until there are none."""
        top_up, agenda = self.feeder.top_up, self.agenda
        while True:
            top_up()
            turn = agenda.take() or await agenda.next()
            if turn is None:
                return
            job, asks = turn
            try:
                await (self._ask(job) if asks else self._send(job))
            except asyncio.CancelledError:
                self._cut(job)
                raise
            finally:
                agenda.done(asked=asks)

    async def _send(self, job: Job) -> None:
        if job.state.phase is Phase.WAITING:
            job.state, action = machine.step(job.state, life.Due(), self.world())
            if isinstance(action, Finish):
                self._do(job, action)
                return
        if not (self.wire.free() or await self.wire.turn()):
            self.stop_job(job)
            return
        request = messages.create(self.wire.client.path, job.body or self.feeder.body(job))
        ticket = self._tickets[job] = Ticket()
        exchange = await self.wire.exchange(
            "create", request, ticket, self.hooks, scope=job.number, attempt=job.state.sent + 1
        )
        if self.hooks.probe is not None:
            self.hooks.probe("after-answer")
        self._tickets.pop(job, None)
        self._note(exchange)
        self.tell(job, event_of(exchange))

    async def _ask(self, job: Job) -> None:
        event = await self.lookup.look(job)
        if event is not None:
            self.tell(job, event)

    def _cut(self, job: Job) -> None:
        """The run ends with this job in a worker's hands."""
        ticket = self._tickets.pop(job, None)
        if job.state.phase is not Phase.DONE:
            self.tell(job, life.Cut(ticket.signed if ticket is not None else None))

    # ── The machine ─────────────────────────────────────────────────────────────────────────────────────

    def tell(self, job: Job, event: Event) -> None:
        """Bring an event to a job, and do what follows from it."""
        before = job.state
        job.state, action = machine.step(before, event, self.world())
        self.checking += (job.state.phase is Phase.CHECKING) - (before.phase is Phase.CHECKING)
        if job.state.seen and not before.seen and job.state.phase is Phase.CHECKING:
            verdict = Verdict(job.fingerprint, job.key, Fate.SEEN, signed_at=job.state.signed)
            self.journal.settle(verdict, job, _nothing)
        self._do(job, action)

    def world(self) -> World:
        """What is true of the run at this moment."""
        options = self.options
        world = self._world
        if world is None or (world.budget, world.stopping) != (self.budget, self.wire.stopper.reason):
            world = self._world = World(
                fence=options.date_window + options.settle_time,
                tolerance=options.date_window / 2,
                budget=self.budget,
                stopping=self.wire.stopper.reason,
                luck=self.hooks.luck,
            )
        return world

    def _do(self, job: Job, action: Action) -> None:
        match action:
            case Finish(outcome, stop):
                self._finish(job, outcome, stop)
            case Send(delay, spends):
                self.budget -= spends
                self.agenda.send(job, delay)
            case Wait(delay, spends):
                self.budget -= spends
                self.agenda.send(job, delay)
            case Check(delay):
                job.body = None
                self.agenda.ask(job, delay)
            case Commit():
                self.journal.intend(
                    job.intent_record(self.wire.clock, self.options.date_window),
                    lambda durable: self.tell(job, life.Committed() if durable else life.Stopped()),
                )
            case _:
                assert_never(action)

    def _finish(self, job: Job, outcome: Outcome, stop: str) -> None:
        if stop:
            self.stop(stop)
        job.body = None
        self.settle(job, outcome)

    def settle(self, job: Job, outcome: Outcome) -> None:
        """Write a job's end down, then report it."""
        verdict = job.verdict(outcome, self.wire.clock.now())
        self.lookup.remember(job, outcome)
        if verdict is None:
            self._end(job, outcome)
        else:
            self.journal.settle(verdict, job, lambda _: self._end(job, outcome))

    def _end(self, job: Job, outcome: Outcome) -> None:
        self.open -= 1
        self._finished(job.number, outcome)
        if not self.open and self.feeder.exhausted:
            self.agenda.close()

    # ── The run ─────────────────────────────────────────────────────────────────────────────────────────

    def stop(self, reason: str) -> None:
        """End the run: nothing new is sent."""
        self.wire.stopper.stop(reason)

    def stop_job(self, job: Job) -> None:
        """The run ends before this job's turn."""
        self.tell(job, life.Cut(None) if job.state.phase is Phase.SENDING else life.Stopped())

    def _sends_allowed(self) -> int:
        """One at a time until a create has shown that key and tracker are right, and while the circuit is open."""
        alone = not self.proven or self.wire.breaker.is_open or not self.wire.clock.settled
        return 1 if alone else self.options.concurrency

    def _note(self, exchange: Exchange) -> None:
        """What an answer says of the run as a whole."""
        if not isinstance(exchange, Answer) or exchange.status == 408 or exchange.status >= 500:
            self.wire.breaker.failed()
            if self.wire.breaker.is_broken:
                self.stop("network")
            return
        self.wire.breaker.passed()
        if exchange.status in {201, 400, 422} or 200 <= exchange.status < 300:
            self.proven = True


def event_of(exchange: Exchange) -> Event:
    """What came of a create, as the machine wants it."""
    match exchange:
        case Answer(status=status) if 200 <= status < 300:
            return life.Answered(status, exchange.signed, exchange.date, given=messages.given(exchange))
        case Answer(status=status):
            reason, details = messages.refusal(exchange) if 400 <= status < 500 else ("", None)
            return life.Answered(status, exchange.signed, exchange.date, None, reason, details, exchange.retry_after)
        case NeverSent():
            return life.Unsent()
        case BadCertificate():
            return life.Distrusted()
        case Lost(signed=signed):
            return life.Vanished(signed)
        case _:
            assert_never(exchange)


def _nothing(_: object) -> None:
    """What follows from a note in the ledger: nothing."""
