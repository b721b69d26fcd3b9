"""Live customizations, and what a sheet says of them, in a few words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from importer.delivery.contents import TargetName
from importer.ledger import Entry, LedgerStatus
from importer.live.compare import Said
from importer.live.customization import Live
from importer.live.decide import Evidence

PIN_COLUMNS = frozenset({"position", "pin_type", "pin_identity", "pin_criteria", "active_from", "active_to"})
ALL = PIN_COLUMNS | {
    *(
        "model",
        "target_type",
        "target_identity",
        "tags",
        "target_metadata",
        "widget_id",
        "is_block_pin",
        "is_bundle_pin",
    )
}
HEAD = {"model": "basket", "target_type": "item", "target_identity": "/p/1"}
TARGET = TargetName("basket", "item", "/p/1")


def pin(identity: str = "/p/9", position: int = 1, **more: Any) -> dict[str, Any]:
    return {"position": position, "pin_type": "item", "pin_identity": identity, **more}


def live(*pins: dict[str, Any], scope_id: str = "a-1", **more: Any) -> Live:
    service = {"id": scope_id, "creator": "eva", "created_at": "2026-01-01T00:00:00Z", "available": True}
    return Live(scope_id, {**service, **HEAD, "pin_definitions": list(pins), **more})


def sheet(*pins: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**HEAD, **more, "pin_definitions": list(pins)}


def said(body: dict[str, Any], columns: Iterable[str] = ALL) -> Said:
    return Said(body, range(2, 2 + len(body["pin_definitions"])), 2, frozenset(columns))


def case(body: dict[str, Any], columns: Iterable[str] = ALL, **more: Any) -> Evidence:
    target = more.pop("target", TARGET)
    return Evidence(7, target, json.dumps(body).encode(), said(body, columns), **more)


def entry(scope_id: str | None = None, status: LedgerStatus = LedgerStatus.CREATED, run: int = 3) -> Entry:
    return Entry(b"f", 1, status, run, "basket", "item", "/p/1", 0.0, None, scope_id, None, 100.0)
