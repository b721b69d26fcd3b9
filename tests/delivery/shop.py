"""A shop to deliver to: a real server on loopback, a real ledger file, scopes of a few literal lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from importer.api.signing import ServerClock
from importer.canonical import canonical_projection
from importer.delivery import Attempt, Delivered, DeliveryRequest, Hooks, SendPlan, plan_sending, run_delivery
from importer.import_key import key_of
from importer.ledger import Ledger
from importer.model import AlreadyCreated, Created, Outcome, Provenance, Scope
from importer.sandbox import Sandbox
from importer.settings import Secret, SendOptions, Tracker


def scope(number: int, target: str, pins: int = 1, **more: Any) -> Scope:
    """A scope of that many pins; `more` changes its body."""
    body = {
        "model": "basket",
        "target_type": "item",
        "target_identity": target,
        "pin_definitions": [
            {"position": place, "pin_type": "item", "pin_identity": f"/p/pinned-{place}"}
            for place in range(1, pins + 1)
        ],
        **more,
    }
    raw = json.dumps(body).encode()
    rows = tuple(range(number + 2, number + 2 + pins))
    return Scope(number, "basket", "item", target, rows, raw, canonical_projection(body))


class Few(Sequence[Scope]):
    """Some scopes, as `importer.scopes.Scopes` gives them; `ids` are those on their rows, by number.

    Beside each ID stands the Import Key of its scope, as it is, or in `written`, as it was when the ID was written.
    """

    def __init__(
        self,
        scopes: Sequence[Scope],
        ids: Mapping[int, tuple[str, ...]] | None = None,
        written: Sequence[Scope] | None = None,
    ) -> None:
        self._scopes = list(scopes)
        self._written = self._scopes if written is None else list(written)
        self._ids = ids or {}
        self.ready = [True] * len(self._scopes)
        self.deletes = [False] * len(self._scopes)
        self.has_earlier_ids = [number in self._ids for number in range(len(self._scopes))]

    def __len__(self) -> int:
        return len(self._scopes)

    def __getitem__(self, number: Any) -> Any:
        return self._scopes[number]

    def earlier(self, number: int) -> Mapping[tuple[str, str], int]:
        pairs = [(one, str(key_of(self._written[number])) if one else "") for one in self._ids.get(number, ())]
        return Counter(pairs)

    def said(self, number: int) -> frozenset[str]:
        return frozenset()


def several(count: int, pins: int = 1) -> Few:
    """So many scopes, each of a target of its own."""
    return Few([scope(number, f"/p/{number}", pins) for number in range(count)])


@dataclass
class Ran:
    """What one run came to."""

    plan: SendPlan
    delivered: Delivered
    attempts: list[Attempt]
    watched: dict[int, Outcome]
    alarms: list[str]
    waits: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The outcomes' classes, by number."""
        found = {**self.plan.outcomes, **self.delivered.outcomes}
        return [type(found[number]).__name__ for number in sorted(found)]

    def __getitem__(self, number: int) -> Any:
        return {**self.plan.outcomes, **self.delivered.outcomes}[number]

    @property
    def stop(self) -> str:
        return self.delivered.stop.code if self.delivered.stop else ""

    @property
    def codes(self) -> set[str]:
        return {notice.code for notice in (*self.plan.notices, *self.delivered.notices)}


@dataclass
class Shop:
    """A server, and the ledger that this machine keeps of it."""

    server: Sandbox
    path: Path
    options: dict[str, Any] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def tracker(self) -> Tracker:
        return Tracker(self.server.tracker_id, self.server.url)

    def run(
        self,
        scopes: Few,
        *,
        key: str | None = None,
        tracker: Tracker | None = None,
        provenance: Provenance | None = None,
        hooks: Mapping[str, Any] | None = None,
        probe: Any = None,
        sha256: str = "f00d",
        later: timedelta = timedelta(),
        **options: Any,
    ) -> Ran:
        """One run of the importer's sending half."""
        usual = {"date_window": 0.2, "settle_time": 0.3, "timeout": 1.0, "connect_timeout": 2.0}
        settings = SendOptions(**{**usual, **self.options, **options})
        where = tracker or self.tracker
        attempts: list[Attempt] = []
        watched: dict[int, Outcome] = {}
        alarms: list[str] = []
        waits: list[str] = []
        given = {"jitter": lambda: 0.1, "clock": ServerClock, **(hooks or {})}
        wired = Hooks(
            watch=watched.__setitem__, attempt=attempts.append, alarm=alarms.append, waits=waits.append, **given
        )
        with Ledger.open(self.path, **({"probe": probe} if probe else {})) as ledger, ledger.claim(where):
            plan = plan_sending(scopes, provenance, ledger, where, settings, datetime.now(UTC) + later)
            request = DeliveryRequest(where, Secret(key or self.server.private_key), settings, "pins.xlsx", sha256)
            delivered = run_delivery(scopes, plan, request, ledger, wired)
            found = {**plan.outcomes, **delivered.outcomes}.values()
            if not delivered.stop and all(isinstance(one, Created | AlreadyCreated) for one in found):
                ledger.fulfil(delivered.run)
        return Ran(plan, delivered, attempts, watched, alarms, waits)

    def truth(self) -> dict[str, list[str]]:
        """The server's IDs by target."""
        found: dict[str, list[str]] = {}
        for record in self.server.store.records():
            found.setdefault(record.body["target_identity"], []).append(record.id)
        return found

    def creates(self) -> int:
        return len(self.server.calls("create"))

    def check(self, ran: Ran, scopes: Few) -> None:
        """Each scope is on the server once, under the ID that the run gives."""
        truth = self.truth()
        assert {one.target: [ran[one.number].id] for one in scopes} == truth
