"""What taking a run back means, decided from the ledger alone (pure): a fresh get has the last word on each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from importer.canonical import canonical_projection
from importer.catalogue.changes import COMMENTS
from importer.columns import METADATA
from importer.delivery.contents import TargetName, content_of, difference
from importer.ledger.records import ChangeEntry, ChangeKind, ChangeStatus, Made, fingerprint
from importer.live.customization import Live, target_of
from importer.live.orders import Order
from importer.live.plan import Doubt
from importer.live.raw import members
from importer.live.restore import creatable, restored
from importer.model import (
    AlreadyCreated,
    Created,
    Deleted,
    HeldBack,
    NotSent,
    Outcome,
    Replaced,
    Scope,
    Unchanged,
    Unknown,
)

if TYPE_CHECKING:
    from importer.model import TargetType
    from importer.settings import Tracker


class Bucket(StrEnum):
    """What became of one customization; the words of the report."""

    UNDONE = "Undone"
    KEPT = "Kept"
    FAILED = "Failed"
    UNKNOWN = "Unknown"
    NOT_SENT = "Not sent"


class Did(StrEnum):
    """What the run did to it."""

    CREATED = "Created"
    REPLACED = "Replaced"
    DELETED = "Deleted"


class Thing(NamedTuple):
    """One customization of the run."""

    id: str
    """Its ID as it was when the run ended; "" where none is known."""
    target: TargetName
    did: Did
    adopted: bool = False


class Settled(NamedTuple):
    """What becomes of one without asking the service."""

    bucket: Bucket
    comment: str


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger knows of a run and of what came after it."""

    run: int
    made: Sequence[Made]
    changes: Sequence[ChangeEntry]
    open: Sequence[tuple[str, str, str]]
    """Model, target type and target of what may have been created."""
    later: Sequence[tuple[str, int, ChangeKind, int | None]]
    """What later runs did: ID, run, what, and the run that this took back."""
    before: Mapping[str, bytes]
    """What was last sent for a customization before the run, by ID."""


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What to do for each customization of the run, by its number among `things`."""

    things: Sequence[Thing]
    orders: Sequence[Order]
    """What is deleted or put back."""
    scopes: Mapping[int, Scope]
    """What is created again."""
    settled: Mapping[int, Settled]
    unsettled: Sequence[int]
    """What may have been changed: a get finds out before anything else is done."""
    notes: Mapping[int, str] = field(default_factory=dict)
    """What to say of one that is created again."""

    @property
    def count(self) -> int:
        """How many customizations are to be touched."""
        return len(self.orders) + len(self.scopes) + len(self.unsettled)

    def number(self, did: Did) -> int:
        """How many are to be touched that the run did this to."""
        touched = {*(order.number for order in self.orders), *self.scopes, *self.unsettled}
        return sum(self.things[number].did is did for number in touched)


def plan_undo(history: History, tracker: Tracker, *, include_adopted: bool) -> UndoPlan:
    """What taking a run back means."""
    planner = _Planner(history, tracker, include_adopted=include_adopted)
    for made in history.made:
        planner.made(made)
    for entry in history.changes:
        planner.changed(entry)
    for name in history.open:
        planner.settle(Thing("", TargetName(*name), Did.CREATED), Bucket.FAILED, "failed-unknown")
    return UndoPlan(planner.things, planner.orders, planner.scopes, planner.settled, planner.unsettled, planner.notes)


class _Planner:
    """Gathers the parts of a plan."""

    def __init__(self, history: History, tracker: Tracker, *, include_adopted: bool) -> None:
        self.things: list[Thing] = []
        self.orders: list[Order] = []
        self.scopes: dict[int, Scope] = {}
        self.settled: dict[int, Settled] = {}
        self.unsettled: list[int] = []
        self.notes: dict[int, str] = {}
        self._history = history
        self._tracker = tracker
        self._include_adopted = include_adopted
        self._later: dict[str, list[tuple[int, ChangeKind, int | None]]] = {}
        for scope_id, run, kind, undoes in history.later:
            self._later.setdefault(scope_id, []).append((run, kind, undoes))

    def settle(self, thing: Thing, bucket: Bucket, code: str, **facts: object) -> None:
        """Say what becomes of a customization without asking the service."""
        self.settled[len(self.things)] = Settled(bucket, COMMENTS[code].format(id=thing.id, **facts))
        self.things.append(thing)

    def made(self, made: Made) -> None:
        """Delete what the run created, if it is still as it was made."""
        thing = Thing(made.id, TargetName(*made.name[2:]), Did.CREATED, made.adopted)
        if self._is_back(made.id, ChangeKind.DELETE):
            self.settle(thing, Bucket.UNDONE, "undone-before")
        elif made.adopted and not self._include_adopted:
            self.settle(thing, Bucket.KEPT, "kept-adopted")
        else:
            expects = partial(self._unlike, made.body, made.name.fingerprint)
            self.orders.append(Order(len(self.things), ChangeKind.DELETE, made.id, expects, undoes=True))
            self.things.append(thing)

    def changed(self, entry: ChangeEntry) -> None:
        """Put back what the run replaced, and create again what it deleted."""
        old = _loaded(entry.old)
        name = target_of(old) or TargetName("", "", "")
        thing = Thing(entry.id, name, Did.REPLACED if entry.kind is ChangeKind.REPLACE else Did.DELETED)
        match entry.status:
            case ChangeStatus.NOT_DONE:
                return
            case ChangeStatus.CONFLICT:
                self.settle(thing, Bucket.KEPT, "kept-conflict")
            case ChangeStatus.INTENT | ChangeStatus.UNKNOWN:
                self.unsettled.append(len(self.things))
                self.things.append(thing)
            case ChangeStatus.DONE if not old:
                self.settle(thing, Bucket.FAILED, "failed-unreadable")
            case ChangeStatus.DONE if entry.kind is ChangeKind.REPLACE:
                self._put_back(entry, thing)
            case _:
                self._create_again(entry, thing)

    def _put_back(self, entry: ChangeEntry, thing: Thing) -> None:
        if self._is_back(entry.id, ChangeKind.REPLACE):
            self.settle(thing, Bucket.UNDONE, "undone-before")
            return
        number, before = len(self.things), self._history.before.get(entry.id)
        expects = partial(self._unlike, entry.body, b"")
        self.orders.append(
            Order(number, ChangeKind.REPLACE, entry.id, expects, partial(restored, entry, before), undoes=True)
        )
        self.things.append(thing)

    def _create_again(self, entry: ChangeEntry, thing: Thing) -> None:
        body = restored(entry, self._history.before.get(entry.id), b"{}")
        if isinstance(body, Doubt) or not thing.target.model:
            self.settle(thing, Bucket.FAILED, "failed-unreadable")
            return
        number, kind = len(self.things), cast("TargetType", thing.target.target_type)
        body, dropped = creatable(body)
        said = [COMMENTS["undone-without"].format(fields=", ".join(dropped))] if dropped else []
        if (
            kind == "item"
            and entry.id not in self._history.before
            and METADATA not in members(entry.old.decode("utf-8-sig"))
        ):
            # Some services show no metadata, and nothing here says whether this is one of them.
            said.insert(0, COMMENTS["undone-metadata-unseen"])
        if said:
            self.notes[number] = " ".join(said)
        canonical = canonical_projection(json.loads(body))
        self.scopes[number] = Scope(number, thing.target.model, kind, thing.target.target, (), body, canonical)
        self.things.append(thing)

    def _is_back(self, scope_id: str, kind: ChangeKind) -> bool:
        """Whether the last that was done to it took back what this run did."""
        _, did, undoes = self._later.get(scope_id, [(0, kind, None)])[-1]
        return did is kind and undoes == self._history.run

    def _unlike(self, body: bytes | None, print_: bytes, live: Live) -> str | None:
        """In what a customization is not as this run made it any more; `None` where it is."""
        if body is None:
            same = fingerprint(self._tracker, canonical_projection(live.fields)) == print_
            return None if same else ""
        made = content_of(json.loads(body))
        return None if live.equals(made) else difference(made, live.content)


def _loaded(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


# ── What became of it ────────────────────────────────────────────────────────────────────────────────────


class Line(NamedTuple):
    """One customization of the run, and what became of it."""

    thing: Thing
    bucket: Bucket
    id: str
    """Its ID now: the old one, or that under which it was created again."""
    comment: str


def lines_of(plan: UndoPlan, outcomes: Mapping[int, Outcome]) -> list[Line]:
    """A line for each customization; one without an outcome is settled, or was not reached."""
    found = []
    for number, thing in enumerate(plan.things):
        settled = plan.settled.get(number) or _settled(thing, outcomes.get(number), again=number in plan.scopes)
        outcome = outcomes.get(number)
        now = outcome.id if isinstance(outcome, Created | AlreadyCreated) else thing.id
        note = plan.notes.get(number, "") if isinstance(outcome, Created) else ""
        found.append(Line(thing, settled.bucket, now, f"{settled.comment} {note}".strip()))
    return found


def _settled(thing: Thing, outcome: Outcome | None, *, again: bool) -> Settled:  # noqa: PLR0911 - a case each
    match outcome:
        case Created(id=new, warning=warning):
            return Settled(Bucket.UNDONE, f"{COMMENTS['undone-again'].format(id=new)} {warning}".strip())
        case AlreadyCreated(id=new):
            return Settled(Bucket.UNDONE, COMMENTS["undone-equal"].format(id=new))
        case Deleted(warning=text) | Replaced(warning=text):
            return Settled(Bucket.UNDONE, text)
        case Unchanged() if thing.did is Did.CREATED:
            return Settled(Bucket.KEPT, COMMENTS["kept-gone"].format(id=thing.id))
        case Unchanged():
            return Settled(Bucket.UNDONE, COMMENTS["undone-already"])
        case HeldBack(text):
            return Settled(Bucket.KEPT, text)
        case Unknown(text):
            return Settled(Bucket.UNKNOWN, text)
        case NotSent(text):
            return Settled(Bucket.NOT_SENT, text)
        case None:
            bucket, code = (Bucket.NOT_SENT, "not-sent") if again else (Bucket.UNKNOWN, "unknown")
            return Settled(bucket, COMMENTS[code])
        case _:
            why = getattr(outcome, "comment", "") or getattr(outcome, "reason", "")
            return Settled(Bucket.FAILED, str(why or ""))


def counts_of(lines: Iterable[Line]) -> dict[Bucket, int]:
    """How many ended in which bucket; zeros are left out."""
    found = dict.fromkeys(Bucket, 0)
    for line in lines:
        found[line.bucket] += 1
    return {bucket: count for bucket, count in found.items() if count}
