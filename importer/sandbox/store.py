"""What the stand-in has created, in the order it was created."""

from __future__ import annotations

import itertools
import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One customization as kept: the bytes it came in, and what lists are filtered by."""

    id: str
    raw: bytes
    """The body as it was sent."""
    model: str
    target_type: str
    target_identity: str | None
    """The product of the target; `None` for other kinds of targets."""
    tags: tuple[str, ...]
    created_at: float
    """In seconds since 1970, by the server's clock."""
    visible_at: float
    """When lists begin to show it, by the same clock."""
    creator: str = "sandbox"
    """Who made it, as lists show it."""

    @property
    def body(self) -> dict[str, Any]:
        """The customization as a new object each time."""
        body: dict[str, Any] = json.loads(self.raw)
        return body

    @property
    def created(self) -> str:
        """`created_at` as the contract's example spells it."""
        return spelled(self.created_at, "utc")


_SPELLINGS = {
    "utc": "%Y-%m-%dT%H:%M:%SZ",
    "naive": "%Y-%m-%d %H:%M:%S",
    "local": "%Y-%m-%d %H:%M:%S",
    "minute": "%Y-%m-%dT%H:%MZ",
    "date": "%Y-%m-%d",
    "12-hour": "%m/%d/%Y %I:%M %p",
}


def spelled(moment: float, form: str) -> str:
    """A moment as a service may spell it; "local" is two hours ahead, without saying so."""
    ahead = 7200 if form == "local" else 0
    return datetime.fromtimestamp(int(moment) + ahead, UTC).strftime(_SPELLINGS[form])


class Store:
    """The kept customizations. Safe to read from another thread while the server runs."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._records)

    def add(
        self,
        raw: bytes,
        body: Mapping[str, Any],
        *,
        now: float,
        lag: float = 0.0,
        creator: str = "sandbox",
        numbered: bool = False,
    ) -> Record:
        """Keep a new customization; lists show it `lag` seconds after `now`."""
        identifier = str(next(self._numbers) if numbered else uuid.uuid4())
        record = _record(identifier, raw, body, created_at=now, visible_at=now + lag, creator=creator)
        with self._lock:
            self._records[record.id] = record
        return record

    def replace(self, identifier: str, raw: bytes, body: Mapping[str, Any]) -> bool:
        """Put another customization in the place of one; whether there was one."""
        with self._lock:
            old = self._records.get(identifier)
            if old is None:
                return False
            kept = {"created_at": old.created_at, "visible_at": old.visible_at, "creator": old.creator}
            new = _record(identifier, raw, body, **kept)
            self._records[identifier] = new
        return True

    def delete(self, identifier: str) -> bool:
        """Forget one; whether there was one."""
        with self._lock:
            return self._records.pop(identifier, None) is not None

    def hide(self, identifier: str, until: float) -> None:
        """Keep one out of lists until then (server's clock)."""
        with self._lock:
            self._records[identifier] = replace(self._records[identifier], visible_at=until)

    def get(self, identifier: str) -> Record | None:
        """The record of that ID."""
        return self._records.get(identifier)

    def records(self) -> list[Record]:
        """All, oldest first."""
        with self._lock:
            return list(self._records.values())

    def bodies(self) -> list[dict[str, Any]]:
        """All customizations as objects, oldest first."""
        return [record.body for record in self.records()]


def _record(identifier: str, raw: bytes, body: Mapping[str, Any], **kept: Any) -> Record:
    return Record(
        id=identifier,
        raw=raw,
        model=body["model"],
        target_type=body["target_type"],
        target_identity=body.get("target_identity"),
        tags=tuple(body.get("tags") or ()),
        **kept,
    )
