"""What is to be done next, and by how many at once. Holds no bodies and makes no tasks: workers come and ask."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.delivery.job import Job


class Agenda:
    """Jobs to send and jobs to look up, now or later.

    `sends` gives how many creates may be in flight at this moment. A worker asks `next`, and says `done` when the job
    it got is back on the agenda or finished. `next` gives `None` once `close` was called and nothing is left to give.
    """

    def __init__(self, sends: Callable[[], int]) -> None:
        self._sends_allowed = sends
        self._to_send: deque[Job] = deque()
        self._to_ask: deque[Job] = deque()
        self._later: list[tuple[float, int, Job, bool]] = []
        self._order = count()
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self.sending = 0
        self.starved = 0

    def __len__(self) -> int:
        """How many jobs could be taken up now."""
        return len(self._to_send) + len(self._to_ask)

    def send(self, job: Job, delay: float = 0.0) -> None:
        """Have a job sent."""
        self._put(job, delay, asks=False)

    def ask(self, job: Job, delay: float = 0.0) -> None:
        """Have the server asked about a job."""
        self._put(job, delay, asks=True)

    def take(self) -> tuple[Job, bool] | None:
        """The next job, and whether it is to be asked about rather than sent; `None` where there is none now."""
        if self._to_ask:
            return self._to_ask.popleft(), True
        if self._to_send and self.sending < self._sends_allowed():
            self.sending += 1
            return self._to_send.popleft(), False
        return None

    async def next(self) -> tuple[Job, bool] | None:
        """The same, waiting for one; `None` at the end."""
        while True:
            turn = self.take()
            if turn is not None:
                return turn
            if self._closed:
                return None
            if not self._to_send:
                self.starved += 1
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            finally:
                if not waiter.done():
                    self._waiters.remove(waiter)

    def done(self, *, asked: bool) -> None:
        """A worker is free again."""
        if not asked:
            self.sending -= 1
        self.wake()

    def wake(self) -> None:
        """Have waiting workers look again: as many as there may be work for."""
        if not self._waiters:
            return
        room = len(self._to_ask) + min(len(self._to_send), max(0, self._sends_allowed() - self.sending))
        while self._waiters and (room > 0 or self._closed):
            room -= 1
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)

    def clear(self) -> list[Job]:
        """Take everything off the agenda."""
        jobs = [*self._to_send, *self._to_ask, *(entry[2] for entry in self._later)]
        self._to_send.clear()
        self._to_ask.clear()
        self._later.clear()
        return jobs

    def close(self) -> None:
        """No more will come: workers that find nothing may go."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self.wake()

    def _put(self, job: Job, delay: float, *, asks: bool) -> None:
        if delay > 0:
            due = asyncio.get_running_loop().time() + delay
            heapq.heappush(self._later, (due, next(self._order), job, asks))
            self._set_timer()
            return
        (self._to_ask if asks else self._to_send).append(job)
        self.wake()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(self._later[0][0], self._ring) if self._later else None

    def _ring(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._later and self._later[0][0] <= now + 0.001:
            _, _, job, asks = heapq.heappop(self._later)
            (self._to_ask if asks else self._to_send).appendleft(job)
        self._timer = None
        self._set_timer()
        self.wake()
