"""Writes the ledger in groups, off the event loop: whatever has gathered while one commit ran goes into the next."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from importer.ledger.ledger import Ledger
    from importer.ledger.records import Intent, OutcomeRecord

Token = TypeVar("Token")
"""What the caller wants back beside each write: whatever it knows the scope by."""


class Written(NamedTuple, Generic[Token]):
    """One group that was written, or could not be."""

    durable: bool
    intents: list[tuple[Token, Intent]]
    outcomes: list[tuple[Token, OutcomeRecord]]


class LedgerWriter(Generic[Token]):
    """Takes intents and outcomes, and gives back group after group once it is durable.

    `pending` counts the intents on their way. Once a write has failed none is tried again: what is on disk stays as it
    is, and every later group comes back as not durable.
    """

    def __init__(self, ledger: Ledger, tracker_number: int, run: int) -> None:
        self._ledger = ledger
        self._tracker_number = tracker_number
        self._run = run
        self._intents: list[tuple[Token, Intent]] = []
        self._outcomes: list[tuple[Token, OutcomeRecord]] = []
        self._wanted = asyncio.Event()
        self._closing = False
        self.pending = 0
        self.fault: sqlite3.Error | None = None
        self._thread = ThreadPoolExecutor(1, "ledger")

    def write_intent(self, token: Token, intent: Intent) -> None:
        """Make an intent durable."""
        self.pending += 1
        self._intents.append((token, intent))
        self._wanted.set()

    def write_outcome(self, token: Token, record: OutcomeRecord) -> None:
        """Make an outcome durable."""
        self._outcomes.append((token, record))
        self._wanted.set()

    def close(self) -> None:
        """No more will come but what has gathered."""
        self._closing = True
        self._wanted.set()

    async def next_written(self) -> Written[Token] | None:
        """Wait until there is something to write, write it, and give it back; `None` at the end."""
        while not self._intents and not self._outcomes:
            if self._closing:
                self._thread.shutdown()
                return None
            self._wanted.clear()
            await self._wanted.wait()
        intents, self._intents = self._intents, []
        outcomes, self._outcomes = self._outcomes, []
        loop = asyncio.get_running_loop()
        durable = await loop.run_in_executor(
            self._thread, self._write, [each for _, each in intents], [each for _, each in outcomes]
        )
        self.pending -= len(intents)
        return Written(durable, intents, outcomes)

    def _write(self, intents: list[Intent], outcomes: list[OutcomeRecord]) -> bool:
        """In the ledger's thread."""
        if self.fault is None:
            try:
                self._ledger.write(self._tracker_number, self._run, intents, outcomes)
            except sqlite3.Error as error:
                self.fault = error
        return self.fault is None
