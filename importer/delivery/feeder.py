"""Takes up scopes in the sheet's order, only so far ahead of the senders that none of them waits for the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.catalogue.run import COMMENTS
from importer.delivery import life
from importer.delivery.job import Job
from importer.delivery.life import Phase, State
from importer.delivery.records import OPEN, Fate, fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importer.delivery.dispatcher import Dispatcher
    from importer.delivery.judging import Earlier
    from importer.delivery.wiring import Errand
    from importer.model import Scope

FARTHEST = 512
"""Intents that may wait to be sent, at most: what a kill leaves to be looked up."""


class Feeder:
    """Makes jobs of the scopes that are due. `exhausted` once there are no more."""

    def __init__(self, scopes: Sequence[Scope], earlier: Earlier, errand: Errand, dispatcher: Dispatcher) -> None:
        self._scopes = scopes
        self._known = earlier.known
        self._due = iter(earlier.due)
        self._left = len(earlier.due)
        self._errand = errand
        self._dispatcher = dispatcher
        self._ahead = errand.options.concurrency
        self._starved = 0

    @property
    def exhausted(self) -> bool:
        """Whether every scope has been taken up."""
        return not self._left

    def top_up(self) -> None:
        """Take up more scopes, if the senders could run out of them."""
        dispatcher = self._dispatcher
        agenda, journal = dispatcher.agenda, dispatcher.journal
        if not self._left or len(agenda) + journal.pending > self._ahead // 2:
            return
        if agenda.starved > self._starved:
            self._starved = agenda.starved
            self._ahead = min(FARTHEST, self._ahead * 2)
        while self._left and not dispatcher.wire.stopper.stopping:
            if len(agenda) + journal.pending >= self._ahead:
                return
            self._left -= 1
            self._take(next(self._due))

    def body(self, job: Job) -> bytes:
        """The body of a job that has dropped it."""
        return self._scopes[job.number].body

    def rest(self) -> list[int]:
        """The scopes that were never taken up."""
        self._left = 0
        return list(self._due)

    def _take(self, number: int) -> None:
        scope = self._scopes[number]
        target = self._errand.target
        job = Job(scope, fingerprint(target, scope.canonical), target, self._known.get(number))
        dispatcher = self._dispatcher
        dispatcher.open += 1
        known = job.known
        if known is None or known.fate is Fate.ABSENT:
            dispatcher.tell(job, life.Begin())
        elif known.fate in OPEN:
            job.in_ledger = True
            job.body = None
            job.state = State(Phase.CHECKING, signed=known.signed_at, seen=known.fate is Fate.SEEN)
            dispatcher.checking += 1
            dispatcher.agenda.ask(job)
        elif self._errand.options.again:
            job.replaces = True
            dispatcher.tell(job, life.Begin())
        else:
            dispatcher.agenda.ask(job)

    def gone(self, job: Job) -> None:
        """A scope that was created once and is not there any more: its turn to be sent again."""
        job.replaces = True
        job.state = job.state._replace(
            warning=COMMENTS["gone"].format(id=job.known.id if job.known is not None else "")
        )
        self._dispatcher.tell(job, life.Begin())
