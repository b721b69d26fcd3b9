"""One scope on its way, and where they come from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from importer.api import messages
from importer.delivery import machine
from importer.delivery.reconcile import TargetName, Wanted, content_of
from importer.delivery.states import State
from importer.ledger.records import LIVE, Intent, LedgerStatus, OutcomeRecord, fingerprint, storable, target_key
from importer.model import Created

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
        self.state = State()

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
    if intents:
        ledger.write(tracker_number, 0, intents, records)
