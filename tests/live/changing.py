"""A shop whose customizations are changed: a real server on loopback, a real ledger, literal orders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from importer.delivery import Attempt, Delivered, DeliveryRequest, Hooks
from importer.ledger import Ledger
from importer.ledger.records import ChangeEntry, ChangeKind
from importer.live.apply import carry_out
from importer.live.customization import Live
from importer.live.orders import Order, order_of
from importer.live.plan import Change, Wanted
from importer.model import Outcome
from importer.sandbox import Record
from importer.settings import Secret, SendOptions, Tracker
from tests.delivery.shop import Shop

COLUMNS = frozenset({"tags", "pin_definitions", "position", "pin_type", "pin_identity", "active_to"})


def body(target: str = "/p/1", tags: Sequence[str] = ("old",), **more: Any) -> dict[str, Any]:
    """A customization of one pin."""
    pins = [{"position": 1, "pin_type": "item", "pin_identity": "/p/9"}]
    return {
        "model": "basket", "target_type": "item", "target_identity": target, "tags": list(tags),
        "pin_definitions": pins, **more,
    }  # fmt: skip


def version(record: Record) -> str:
    """The `Live Version` of what the stand-in keeps."""
    return Live(record.id, record.body).version


def replacing(record: Record, number: int = 0, tags: Sequence[str] = ("new",), **more: Any) -> Order:
    """The order to give a customization other tags."""
    made = Wanted(json.dumps({**record.body, "tags": list(tags)}).encode(), COLUMNS, metadata=b"{}")
    return order_of(Change("replace", number, record.id, more.get("version", version(record)), made))


def deleting(record: Record, number: int = 0) -> Order:
    """The order to delete a customization."""
    return order_of(Change("delete", number, record.id, version(record)))


@dataclass
class Changed:
    """What one run of changes came to."""

    delivered: Delivered
    attempts: list[Attempt] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [type(self.delivered.outcomes[number]).__name__ for number in sorted(self.delivered.outcomes)]

    def __getitem__(self, number: int) -> Any:
        return self.delivered.outcomes[number]

    @property
    def stop(self) -> str:
        return self.delivered.stop.code if self.delivered.stop else ""


def change(
    shop: Shop,
    *orders: Order,
    hooks: Mapping[str, Any] | None = None,
    probe: Any = None,
    key: str | None = None,
    tracker: Tracker | None = None,
    **options: Any,
) -> Changed:
    """One run that carries out these orders."""
    usual = {"date_window": 0.2, "settle_time": 0.3, "timeout": 1.0, "connect_timeout": 2.0}
    settings = SendOptions(**{**usual, **shop.options, **options})
    attempts: list[Attempt] = []
    waits: list[str] = []
    watched: dict[int, Outcome] = {}
    wired = Hooks(
        watch=watched.__setitem__, attempt=attempts.append, waits=waits.append, jitter=lambda: 0.1, **(hooks or {})
    )
    where = tracker or shop.tracker
    with Ledger.open(shop.path, **({"probe": probe} if probe else {})) as ledger, ledger.claim(where):
        request = DeliveryRequest(where, Secret(key or shop.server.private_key), settings, "pins.xlsx", "f00d")
        delivered = carry_out(orders, request, ledger, wired)
    assert watched == dict(delivered.outcomes), "each outcome is told as soon as it is known"
    return Changed(delivered, attempts, waits)


def kept(shop: Shop) -> list[ChangeEntry]:
    """Every change that the ledger knows, of all runs."""
    with Ledger.open(shop.path) as ledger:
        return [entry for run in reversed(ledger.upkeep.runs()) for entry in ledger.changes.of_run(run.run)]


__all__ = ["ChangeKind", "Changed", "body", "change", "deleting", "kept", "replacing", "version"]
