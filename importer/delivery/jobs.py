"""A scope on its way, where scopes come from, and what is to be done with which of them next."""

from __future__ import annotations

import asyncio
import heapq
import json
from collections import deque
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING

from importer.api import messages
from importer.delivery import machine
from importer.delivery.ascent import rank
from importer.delivery.contents import TargetName, content_of
from importer.delivery.readings import Wanted
from importer.delivery.states import NEW
from importer.ledger.records import LIVE, Intent, LedgerStatus, OutcomeRecord, fingerprint, storable, target_key
from importer.model import Created

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Set

    from importer.api.messages import Answer, CreatedScope
    from importer.delivery.interface import DeliveryRequest
    from importer.delivery.planning import SendPlan
    from importer.delivery.states import Action
    from importer.ledger import Baseline, Entry, Ledger
    from importer.model import Outcome, Scope
    from importer.settings import Tracker


class Job:
    """A scope of this run that has been taken up and is not finished."""

    __slots__ = ("baseline", "body", "created", "fingerprint", "key", "known", "number", "sent", "state", "target")

    def __init__(self, scope: Scope, tracker: Tracker, known: Entry | None) -> None:
        self.number = scope.number
        self.target = TargetName(scope.model, scope.target_type, scope.target)
        self.fingerprint = known.fingerprint if known is not None else fingerprint(tracker, scope.canonical)
        self.key = target_key(tracker, scope)
        self.body: bytes | None = scope.body
        """There only from its intent to its answer."""
        self.known = known
        """What an earlier run left in the ledger."""
        self.baseline: Baseline | None = None
        """What was live before its first intent."""
        self.sent = 0.0
        """When its create was sent; after a restart, when this run took it up."""
        self.created: CreatedScope | None = None
        """What the latest good answer named, if it was about this scope."""
        self.state = NEW

    def intent(self, now: float, baseline: int | None, body: bytes = b"") -> Intent:
        """Its intent, to be written down now, with the body that is about to be sent."""
        texts = (storable(self.target.model), self.target.target_type, storable(self.target.target))
        return Intent(self.fingerprint, self.key, *texts, now, baseline, body)

    def wanted(self, body: bytes, lag: float) -> Wanted:
        """How it is looked for in the list."""
        content = content_of(json.loads(body))
        return Wanted(self.target, content, self.baseline, self.sent, self.state.given_up + lag, lag)

    def record(self, status: LedgerStatus, outcome: Outcome | None, now: float) -> OutcomeRecord:
        """What the ledger is to remember of it."""
        earlier = self.state.earlier
        if isinstance(outcome, Created):
            created_at = storable(outcome.created_at or "") or None
            return OutcomeRecord(
                self.fingerprint, self.key, status, outcome.id, created_at, now, adopted=outcome.adopted
            )
        if status in LIVE and earlier is not None:
            return OutcomeRecord(self.fingerprint, self.key, status, earlier.id, run=earlier.run)
        return OutcomeRecord(self.fingerprint, self.key, status)

    def parse(self, answer: Answer) -> CreatedScope | None:
        """The customization that a good answer names, if it is about this scope."""
        self.created = messages.parse_created(answer, *self.target)
        return self.created


@dataclass(slots=True)
class EarlierIds:
    """IDs of what was there before: an answer that names one of them is not about what is being created."""

    claimed: Set[str]
    """IDs that are a scope's, now or before. They grow as the run creates more."""
    live: Set[str]
    """IDs that were seen live before any scope was sent."""
    first: Baseline | None = None
    """What was live when this run began, as far as it was read."""

    def hold(self, scope_id: str, baseline: Baseline | None) -> bool:
        """Whether an ID is a scope's already, or was live before a create with that baseline was sent.

        Where IDs tell their age, what is older than all of a baseline was live too.
        """
        if scope_id in self.claimed or scope_id in self.live:
            return True
        for before in (self.first, baseline):
            if before is not None and scope_id in before.ids:
                return True
            if before is not None and before.oldest is not None and rank(scope_id) < rank(before.oldest):
                return True
        return False


class JobSource:
    """Gives the scopes that are due, one after another, in the sheet's order."""

    def __init__(
        self,
        scopes: Sequence[Scope],
        plan: SendPlan,
        request: DeliveryRequest,
        baseline: Callable[[int], Baseline | None],
    ) -> None:
        self._scopes = scopes
        self._plan = plan
        self._due = iter(plan.due)
        self._request = request
        self._baseline = baseline
        self._baselines: dict[int, Baseline | None] = {}
        self.left = len(plan.due)
        """How many have not been given."""
        self.live = plan.live
        """IDs that were live before any of them is sent."""

    def take(self, now: float) -> tuple[Job, Action] | None:
        """The next scope and what is to be done with it first; `None` at the end."""
        number = next(self._due, None)
        if number is None:
            return None
        self.left -= 1
        known = self._plan.known.get(number)
        job = Job(self._scopes[number], self._request.tracker, known)
        job.sent = now
        if known is not None and known.baseline is not None:
            if known.baseline not in self._baselines:
                self._baselines[known.baseline] = self._baseline(known.baseline)
            job.baseline = self._baselines[known.baseline]
        again = self._request.options.again and number not in self._plan.shown
        job.state, action = machine.start(known, again=again, now=now)
        return job, action

    def body(self, number: int) -> bytes:
        """The body of a scope whose job has dropped it."""
        return self._scopes[number].body

    def rest(self) -> list[int]:
        """The scopes that were never given, which are not given any more."""
        self.left = 0
        return list(self._due)


class Task(Enum):
    """What is to be done with a job."""

    CREATE = "send its create"
    CONFIRM = "get the customization that it is"
    CHECK = "look for it in the list"


class WorkQueue:
    """Jobs to send, to confirm and to look for, now or later.

    `creates_allowed` gives how many creates may be in flight at this moment. A worker asks `get`, and says `done` when
    the job that it got is back in the queue or finished. Jobs to look for are given to `get_checks`, all at once, for
    one reading serves them all. Both give nothing once `close` was called and nothing is left to give.
    """

    def __init__(self, creates_allowed: Callable[[], int]) -> None:
        self._creates_allowed = creates_allowed
        self._creates: deque[Job] = deque()
        self._confirms: deque[Job] = deque()
        self._checks: list[Job] = []
        self._check_wanted = asyncio.Event()
        self._later: list[tuple[float, int, Job, Task]] = []
        self._order = count()
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self._sending = 0
        self.underruns = 0
        """How often a worker found nothing to send."""

    def __len__(self) -> int:
        """How many jobs a worker could take now."""
        return len(self._creates) + len(self._confirms)

    def put(self, job: Job, task: Task, delay: float = 0.0) -> None:
        """Queue a job, after so many seconds."""
        if delay > 0:
            due = asyncio.get_running_loop().time() + delay
            heapq.heappush(self._later, (due, next(self._order), job, task))
            self._set_timer()
            return
        if task is Task.CREATE:
            self._creates.append(job)
        elif task is Task.CONFIRM:
            self._confirms.append(job)
        else:
            self._checks.append(job)
            self._check_wanted.set()
        self.wake()

    async def get(self) -> tuple[Job, Task] | None:
        """The next job of a worker and what to do with it, waiting for one; `None` at the end."""
        while True:
            if self._confirms:
                return self._confirms.popleft(), Task.CONFIRM
            if self._creates and self._sending < self._creates_allowed():
                self._sending += 1
                return self._creates.popleft(), Task.CREATE
            if self._closed:
                return None
            if not self._creates:
                self.underruns += 1
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            finally:
                if not waiter.done():
                    self._waiters.remove(waiter)

    async def get_checks(self) -> list[Job]:
        """All jobs that are to be looked for now, waiting for one; none at the end."""
        while not self._checks and not self._closed:
            self._check_wanted.clear()
            await self._check_wanted.wait()
        jobs, self._checks = self._checks, []
        return jobs

    def done(self, task: Task) -> None:
        """A worker is free again."""
        if task is Task.CREATE:
            self._sending -= 1
        self.wake()

    def wake(self) -> None:
        """Have waiting workers look again: as many as there may be work for."""
        if not self._waiters:
            return
        room = len(self._confirms) + min(len(self._creates), max(0, self._creates_allowed() - self._sending))
        while self._waiters and (room > 0 or self._closed):
            room -= 1
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)

    def clear(self) -> list[Job]:
        """Take everything out of the queue."""
        jobs = [*self._creates, *self._confirms, *self._checks, *(entry[2] for entry in self._later)]
        for each in (self._creates, self._confirms, self._checks, self._later):
            each.clear()
        return jobs

    def close(self) -> None:
        """No more will come: workers that find nothing may go."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._check_wanted.set()
        self.wake()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(self._later[0][0], self._ring) if self._later else None

    def _ring(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._later and self._later[0][0] <= now + 0.001:
            _, _, job, task = heapq.heappop(self._later)
            if task is Task.CREATE:
                self._creates.appendleft(job)  # it has waited longer than those in the queue
            else:
                self.put(job, task)
        self._timer = None
        self._set_timer()
        self.wake()


def remember(
    plan: SendPlan, scopes: Sequence[Scope], tracker: Tracker, ledger: Ledger, tracker_number: int, now: float
) -> None:
    """Write down what was found live, as made by no run. Raises `sqlite3.Error`."""
    intents, records = [], []
    for number, found in plan.found.items():
        job = Job(scopes[number], tracker, None)
        intents.append(job.intent(now, None))
        created_at = storable(found.created_at or "") or None
        record = OutcomeRecord(job.fingerprint, job.key, LedgerStatus.FOUND, found.id, created_at, found.since, 0)
        records.append(record)
    ledger.write(tracker_number, 0, intents, records)
