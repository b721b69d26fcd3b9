"""Makes changes durable in groups, off the event loop: what gathers while one commit runs goes into the next."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

from importer.ledger.records import ChangeEnd, ChangeIntent

if TYPE_CHECKING:
    from importer.ledger.changes import Changes


class Keeper:
    """Keeps the intents and ends of one run. Once a commit has failed none is tried again, and `fault` is why."""

    def __init__(self, changes: Changes, tracker_number: int, run: int) -> None:
        self._changes = changes
        self._tracker_number = tracker_number
        self._run = run
        self._waiting: list[tuple[ChangeIntent | ChangeEnd, asyncio.Future[bool]]] = []
        self._wanted = asyncio.Event()
        self._closing = False
        self.fault: sqlite3.Error | None = None

    def put(self, record: ChangeIntent | ChangeEnd) -> asyncio.Future[bool]:
        """Queue a record for keeping; the future says whether it is durable."""
        durable = asyncio.get_running_loop().create_future()
        self._waiting.append((record, durable))
        self._wanted.set()
        return durable

    def close(self) -> None:
        """Say that no more will come than what has gathered."""
        self._closing = True
        self._wanted.set()

    async def work(self) -> None:
        """Keep what comes, until it is closed and nothing is left."""
        while self._waiting or not self._closing:
            if not self._waiting:
                self._wanted.clear()
                await self._wanted.wait()
                continue
            group, self._waiting = self._waiting, []
            await asyncio.to_thread(self._write, [record for record, _ in group])
            for _, durable in group:
                if not durable.done():
                    durable.set_result(self.fault is None)

    def _write(self, records: list[ChangeIntent | ChangeEnd]) -> None:
        """In a thread."""
        if self.fault is not None:
            return
        intents = [record for record in records if isinstance(record, ChangeIntent)]
        ends = [record for record in records if isinstance(record, ChangeEnd)]
        try:
            self._changes.write(self._tracker_number, self._run, intents, ends)
        except sqlite3.Error as error:
            self.fault = error
