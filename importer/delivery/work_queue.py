"""What is to be done next, and by how many at once. Holds no bodies and makes no tasks: workers come and ask."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.delivery.jobs import Job


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

    def put_create(self, job: Job, delay: float = 0.0) -> None:
        """Queue a job for sending."""
        self._put(job, delay, Task.CREATE)

    def put_confirm(self, job: Job) -> None:
        """Queue a job whose customization is to be asked for."""
        self._put(job, 0.0, Task.CONFIRM)

    def put_check(self, job: Job, delay: float = 0.0) -> None:
        """Queue a job that is to be looked for in the list."""
        self._put(job, delay, Task.CHECK)

    def take(self) -> tuple[Job, Task] | None:
        """The next job of a worker and what to do with it; `None` where there is none now."""
        if self._confirms:
            return self._confirms.popleft(), Task.CONFIRM
        if self._creates and self._sending < self._creates_allowed():
            self._sending += 1
            return self._creates.popleft(), Task.CREATE
        return None

    async def get(self) -> tuple[Job, Task] | None:
        """The same, waiting for one; `None` at the end."""
        while True:
            turn = self.take()
            if turn is not None:
                return turn
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

    def _put(self, job: Job, delay: float, task: Task) -> None:
        if delay > 0:
            due = asyncio.get_running_loop().time() + delay
            heapq.heappush(self._later, (due, next(self._order), job, task))
            self._set_timer()
            return
        self._place(job, task)
        self.wake()

    def _place(self, job: Job, task: Task, *, first: bool = False) -> None:
        match task:
            case Task.CHECK:
                self._checks.append(job)
                self._check_wanted.set()
            case Task.CONFIRM:
                self._confirms.append(job)
            case Task.CREATE if first:
                self._creates.appendleft(job)
            case Task.CREATE:
                self._creates.append(job)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(self._later[0][0], self._ring) if self._later else None

    def _ring(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._later and self._later[0][0] <= now + 0.001:
            _, _, job, task = heapq.heappop(self._later)
            self._place(job, task, first=True)
        self._timer = None
        self._set_timer()
        self.wake()
