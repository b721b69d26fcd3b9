"""Writes the ledger in groups, off the event loop: whatever has gathered while one commit ran goes into the next."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.delivery.job import Job
    from importer.delivery.ledger import Ledger
    from importer.delivery.records import Intent, Verdict


LINGER = 0.03
"""Seconds to let more gather before the next commit, while the senders have enough to do."""


class Journal:
    """Takes intents and verdicts, and calls back for each, saying whether it is durable.

    `done` is called after each group; `linger` says whether the senders can do without the next one for a moment.
    When the ledger cannot be written, `failed` is called first, with the jobs and verdicts that are not durable.
    `pending` counts the intents on their way.
    """

    def __init__(
        self,
        ledger: Ledger,
        place: int,
        run: int,
        *,
        failed: Callable[[list[tuple[Job, Verdict]]], None],
        done: Callable[[], None],
        linger: Callable[[], bool],
    ) -> None:
        self._ledger = ledger
        self._place = place
        self._run = run
        self._failed = failed
        self._done = done
        self._linger = linger
        self._intents: list[tuple[Intent, Callable[[bool], None]]] = []
        self._verdicts: list[tuple[Verdict, Job, Callable[[bool], None]]] = []
        self._wanted = asyncio.Event()
        self._closing = False
        self._broken = False
        self.pending = 0
        self._thread = ThreadPoolExecutor(1, "ledger")
        self.task = asyncio.get_running_loop().create_task(self._keep())

    def intend(self, intent: Intent, then: Callable[[bool], None]) -> None:
        """Make an intent durable, then call back."""
        self.pending += 1
        self._intents.append((intent, then))
        self._wanted.set()

    def settle(self, verdict: Verdict, job: Job, then: Callable[[bool], None]) -> None:
        """Make a job's verdict durable, then call back."""
        self._verdicts.append((verdict, job, then))
        self._wanted.set()

    async def close(self) -> None:
        """Write what is left, and end."""
        self._closing = True
        self._wanted.set()
        await self.task
        self._thread.shutdown()

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._closing or self._intents or self._verdicts:
            await self._wanted.wait()
            self._wanted.clear()
            intents, self._intents = self._intents, []
            verdicts, self._verdicts = self._verdicts, []
            if not intents and not verdicts:
                continue
            durable = await loop.run_in_executor(
                self._thread, self._write, [each[0] for each in intents], [each[0] for each in verdicts]
            )
            if not durable:
                self._failed([(job, verdict) for verdict, job, _ in verdicts])
            self.pending -= len(intents)
            for _, _, then in verdicts:
                then(durable)
            for _, then in intents:
                then(durable)
            self._done()
            if self._linger():
                await asyncio.sleep(LINGER)

    def _write(self, intents: list[Intent], verdicts: list[Verdict]) -> bool:
        """In the ledger's thread. Once a write has failed, none is tried again: what is on disk stays as it is."""
        if not self._broken:
            try:
                self._ledger.write(self._place, self._run, intents, verdicts)
            except sqlite3.Error:
                self._broken = True
        return not self._broken
