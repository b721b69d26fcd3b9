"""Asks the server about scopes: is it in the list, is it still there, is the list reliable."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from importer.api import messages
from importer.catalogue.run import COMMENTS
from importer.columns import METADATA
from importer.delivery import machine
from importer.delivery.job import Job, filters
from importer.delivery.life import Absent, Event, Listless, Phase, Proof
from importer.delivery.reconcile import List, Wanted
from importer.delivery.records import Fate, fingerprint
from importer.model import AlreadyCreated, Created
from importer.projection import canonical_projection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importer.api.messages import Answer, Request
    from importer.delivery.dispatcher import Dispatcher
    from importer.delivery.ledger import Ledger
    from importer.delivery.wiring import Errand
    from importer.model import Outcome

WITNESSES = 3


class Witness(NamedTuple):
    """A scope that is known to have been created; `at` is when, in steady seconds, in this run."""

    filters: Mapping[str, str]
    fingerprint: bytes
    id: str
    at: float = float("-inf")
    bare: bytes = b""


class Lookup:
    """The asking part of a delivery. `gone` counts the scopes that had been created and are not there any more."""

    def __init__(self, dispatcher: Dispatcher, errand: Errand, ledger: Ledger, place: int, run: int) -> None:
        self._dispatcher = dispatcher
        self._options = errand.options
        self._ledger = ledger
        self._place = place
        self._run = run
        self._path = dispatcher.wire.client.path
        self._asking: Job | None = None
        self._witnesses: list[Witness] = []
        self._testing = asyncio.Lock()
        self._target = errand.target
        self.proof: Proof | None = None
        self.gone = 0

    def remember(self, job: Job, outcome: Outcome) -> None:
        """Keep the first scopes that were created: the list must show them."""
        if len(self._witnesses) < WITNESSES and isinstance(outcome, Created) and not outcome.adopted:
            at = self._dispatcher.wire.clock.steady()
            self._witnesses.append(Witness(job.filters, job.fingerprint, outcome.id, at, self._bare(job)))

    async def look(self, job: Job) -> Event | None:
        """What the server says of a job; `None` where the job has been dealt with."""
        if job.state.phase is Phase.READY:
            await self._still_there(job)
            return None
        earliest, latest = job.created_from(self._dispatcher.wire.clock)
        claimed = await asyncio.to_thread(self._ledger.claimed, job.key)
        wanted = Wanted(job.filters, job.fingerprint, claimed, earliest, latest, self._bare(job))
        event = await self._list(job.number).look(wanted)
        if isinstance(event, Absent) and machine.wants_proof(job.state, event.date, self._dispatcher.world()):
            proof = await self._proof()
            return proof if isinstance(proof, Listless) else event._replace(proof=proof)
        return event

    def _bare(self, job: Job) -> bytes:
        """The fingerprint of a job without its metadata, which the documented list answer does not name."""
        body = self._dispatcher.feeder.body(job)
        if METADATA.encode() not in body:
            return job.fingerprint
        return fingerprint(self._target, canonical_projection({**json.loads(body), METADATA: None}))

    def _list(self, scope: int) -> List:
        async def ask(request: Request) -> Answer | None:
            dispatcher = self._dispatcher
            return await dispatcher.wire.ask("list", request, dispatcher.hooks, scope=scope)

        return List(self._path, self._target, ask)

    # ── Is it still there? ──────────────────────────────────────────────────────────────────────────────

    async def _still_there(self, job: Job) -> None:
        """A scope that was created long ago: its ID is asked for before it counts as created."""
        dispatcher, known = self._dispatcher, job.known
        scope_id = (known.id if known is not None else None) or ""
        request = messages.fetch(self._path, scope_id)
        answer = None
        if request is not None:
            answer = await dispatcher.wire.ask("get", request, dispatcher.hooks, scope=job.number)
        if answer is not None and answer.status == 404:
            self.gone += 1
            dispatcher.feeder.gone(job)
            return
        if answer is not None and answer.status == 401:
            # A wrong key is as wrong for every other scope.
            dispatcher.stop("key")
        there = answer is not None and answer.status == 200 and _is_scope(answer.body, scope_id)
        since = None if known is None or known.since is None else datetime.fromtimestamp(known.since, UTC)
        warning = "" if there else COMMENTS["not-confirmed"]
        dispatcher.settle(job, AlreadyCreated(scope_id, since, warning))

    # ── Is the list reliable? ───────────────────────────────────────────────────────────────────────────

    async def _proof(self) -> Proof | Listless:
        """What an absence in the list is worth: the self-test."""
        async with self._testing:
            if self.proof is not None:
                return self.proof
            witnesses = await self._candidates()
            if isinstance(witnesses, Proof):
                return witnesses
            for witness in witnesses:
                shown = await self._shows(witness)
                if isinstance(shown, Listless):
                    return shown
                if shown:
                    self.proof = Proof.TESTED
                    return self.proof
            self.proof = Proof.FAILED
            return self.proof

    async def _candidates(self) -> list[Witness] | Proof:
        now = self._dispatcher.wire.clock.steady()
        fresh = [witness for witness in self._witnesses if now - witness.at >= self._options.settle_time]
        old = [
            Witness(filters(entry.model, entry.target_type, entry.target), entry.fingerprint, entry.id or "")
            for entry in await asyncio.to_thread(self._ledger.witnesses, self._place, 2 * WITNESSES)
            if entry.run != self._run
        ]
        if fresh or old:
            return [*fresh, *old[:WITNESSES]]
        dispatcher = self._dispatcher
        more = bool(self._witnesses) or dispatcher.open > dispatcher.checking or not dispatcher.feeder.exhausted
        return Proof.PENDING if more else Proof.WELL_FORMED

    async def _shows(self, witness: Witness) -> bool | Listless:
        wanted = Wanted(witness.filters, witness.fingerprint, frozenset(), 0.0, 0.0, witness.bare)
        found = await self._list(-1).read(wanted)
        if isinstance(found, Listless):
            return found
        return any(match.given.id == witness.id for match in found.matches)


def is_aged(fate: Fate, since: float | None, now: float) -> bool:
    """Whether a scope was created so long ago that it may be gone."""
    return fate is Fate.CREATED and (since is None or now - since > 24 * 3600)


def _is_scope(body: bytes | None, scope_id: str) -> bool:
    try:
        value = json.loads(body or b"null")
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and str(value.get("id")) == scope_id
