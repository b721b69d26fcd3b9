"""What earlier runs say of the scopes of this one, before anything is sent. Reads the ledger, asks nobody."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from importer.canonical import earlier_projections
from importer.catalogue.outcomes import COMMENTS
from importer.catalogue.run import NOTICES
from importer.catalogue.screen import counted
from importer.delivery.workbook import Brought, by_workbook
from importer.import_key import key_of
from importer.ledger.records import LIVE, OPEN, Entry, LedgerStatus, fingerprint, target_key
from importer.model import AlreadyCreated, HeldBack, Notice, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importer.ledger import Ledger
    from importer.model import Provenance, Scope
    from importer.settings import SendOptions, Tracker


class Flags(Protocol):
    """One yes or no for each scope."""

    def __getitem__(self, number: int, /) -> Any: ...


class Judged(Protocol):
    """What is read of `importer.scopes.Scopes`."""

    @property
    def ready(self) -> Flags:
        """Whether nothing holds it back."""

    @property
    def has_earlier_ids(self) -> Flags:
        """Whether a row of it carries a Customization ID, or says that it was created."""

    def __len__(self) -> int: ...
    def __getitem__(self, number: int) -> Scope: ...
    def earlier(self, number: int) -> Mapping[tuple[str, str], int]:
        """How many of its rows carry which Customization ID and Import Key, "" where a cell is empty."""

    @property
    def deletes(self) -> Flags:
        """Whether its rows say that it is to be deleted."""

    def said(self, number: int) -> frozenset[str]:
        """What its rows say under Import Result."""


@dataclass(frozen=True, slots=True)
class FoundLive:
    """A live customization that is a scope of the sheet, though no run of this ledger made it."""

    id: str
    created_at: str | None
    """When, as the service spells it."""
    since: float | None
    """The same in Unix seconds."""


@dataclass(frozen=True, slots=True)
class SendPlan:
    """What is known before sending.

    `outcomes` are of scopes that need no sending, by number; `due` the numbers of the others that are ready, in
    order; `known` what the ledger holds of some of those. `check` shows `shown` as well: scopes that were created so
    long ago that a real run asks the server first.
    """

    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    due: Sequence[int] = ()
    known: Mapping[int, Entry] = field(default_factory=dict)
    shown: Mapping[int, Outcome] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    unproven: frozenset[int] = frozenset()
    """Those of `outcomes` that rest on a results workbook's word, or on what was once found live: what is live now may
    say otherwise."""
    found: Mapping[int, FoundLive] = field(default_factory=dict)
    """What the ledger is to remember as found, before anything is sent."""
    beside: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Of what is due, the IDs of live customizations of the same target, beside which it comes on purpose."""
    live: frozenset[str] = frozenset()
    """IDs that were seen live, of whatever target: none of them is of anything that this run creates."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One scope to be judged: what the ledger and the workbook say of it."""

    same: Entry | None
    others: Sequence[Entry]
    brought: Brought | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the judgement depends on besides the scope. `again_since` is the run that first sent this file again."""

    again: bool
    create_beside: bool
    again_since: int | None


Decision = AlreadyCreated | HeldBack | None


def decide(evidence: Evidence, rules: Rules) -> tuple[Decision, Entry | None]:
    """What becomes of a scope without sending it, if anything, and what its delivery must know. Pure."""
    same = evidence.same
    if same is not None and same.status in LIVE:
        if rules.again and (rules.again_since is None or same.run < rules.again_since):
            return None, same
        return AlreadyCreated(same.id or "", _since(same), found=same.status is LedgerStatus.FOUND), same
    told = by_workbook(evidence.brought, create_beside=rules.create_beside) if evidence.brought else None
    if told is not None:
        return told, None
    if same is not None and same.status in OPEN:
        return None, same
    return None if rules.create_beside else _beside(evidence.others), same


def _beside(others: Sequence[Entry]) -> Decision:
    """Another content of the same target was created before, or may have been."""
    for entry in others:
        if entry.status is LedgerStatus.CREATED:
            return HeldBack(COMMENTS["held-changed"].format(id=entry.id, run=entry.run), entry.id)
        if entry.status is LedgerStatus.FOUND:
            return HeldBack(COMMENTS["held-found"].format(id=entry.id), entry.id)
    for entry in others:
        if entry.status in OPEN:
            return HeldBack(COMMENTS["held-unknown-before"].format(run=entry.run))
    return None


def _since(entry: Entry) -> datetime | None:
    return None if entry.since is None else datetime.fromtimestamp(entry.since, UTC)


def plan_sending(
    scopes: Judged,
    provenance: Provenance | None,
    ledger: Ledger | None,
    tracker: Tracker | None,
    options: SendOptions,
    now: datetime,
) -> SendPlan:
    """What the ledger and the IDs of a results workbook say of the ready scopes.

    For a real run it must be made while the ledger is claimed, and be given to `deliver` as it is. Without a target,
    or where neither the ledger nor the workbook knows anything, every ready scope is due.
    """
    ready = [number for number in range(len(scopes)) if scopes.ready[number]]
    tracker_number = ledger.number_of(tracker) if ledger is not None and tracker is not None else None
    blank = ledger is None or tracker_number is None or ledger.is_blank(tracker_number)
    unwanted = {number: HeldBack(COMMENTS["held-command"]) for number in ready if scopes.deletes[number]}
    ready = [number for number in ready if number not in unwanted]
    marked = [number for number in ready if scopes.has_earlier_ids[number]]
    ids_count = provenance is None or not provenance.rehearsal
    notices = (Notice("rehearsal-ids", NOTICES["rehearsal-ids"]),) if marked and not ids_count else ()
    if tracker is None or (blank and not marked):
        return SendPlan(unwanted, ready, notices=notices)
    reader = EvidenceReader(scopes, ledger if not blank else None, tracker_number, tracker, provenance)
    if ids_count:
        reader.learn_ids(marked)
    again_since = ledger.again_since(tracker_number) if ledger is not None and tracker_number is not None else None
    rules = Rules(options.again, options.create_beside, again_since)
    outcomes: dict[int, Outcome] = {**unwanted}
    shown: dict[int, Outcome] = {}
    known: dict[int, Entry] = {}
    unproven: set[int] = set()
    for number in (marked if ids_count else ()) if blank else ready:
        evidence = reader.evidence(number, ids_count=ids_count)
        decision, entry = decide(evidence, rules)
        if _is_unproven(evidence, decision):
            unproven.add(number)
        aged = isinstance(decision, AlreadyCreated) and entry is not None and is_aged(entry, now.timestamp())
        if decision is not None:
            (shown if aged else outcomes)[number] = decision
        if entry is not None and number not in outcomes:
            known[number] = entry
    due = [number for number in ready if number not in outcomes]
    return SendPlan(outcomes, due, known, shown, notices + _unsettled(known), frozenset(unproven))


def _is_unproven(evidence: Evidence, decision: Decision) -> bool:
    """Whether a decision rests on a workbook alone, or on what a run found live and did not make."""
    match decision:
        case AlreadyCreated():
            return evidence.same is None
        case HeldBack(id=str(held)):
            return any(entry.status is LedgerStatus.FOUND and entry.id == held for entry in evidence.others)
    return False


class EvidenceReader:
    """Gathers what there is to know of a scope."""

    def __init__(
        self,
        scopes: Judged,
        ledger: Ledger | None,
        tracker_number: int | None,
        tracker: Tracker,
        provenance: Provenance | None,
    ) -> None:
        self._scopes = scopes
        self._ledger = ledger
        self._tracker_number = tracker_number
        self._tracker = tracker
        self._trusted = provenance is not None and (provenance.tracker_id, provenance.base_url) == (
            tracker.tracker_id,
            tracker.base_url,
        )
        self._of_another_tracker = provenance is not None and not self._trusted
        self._known_ids: Mapping[str, Entry] = {}

    def learn_ids(self, marked: Sequence[int]) -> None:
        """Find the workbook's IDs in the ledger, all at once: those of the scopes that have any."""
        if self._ledger is not None and self._tracker_number is not None:
            wanted = {scope_id for number in marked for scope_id, _ in self._scopes.earlier(number)}
            self._known_ids = self._ledger.of_ids(self._tracker_number, wanted - {""})

    def evidence(self, number: int, *, ids_count: bool) -> Evidence:
        """All about one scope."""
        scope = self._scopes[number]
        key = target_key(self._tracker, scope)
        others: Sequence[Entry] = self._ledger.of_target(key) if self._ledger is not None else ()
        brought = None
        if ids_count and self._scopes.has_earlier_ids[number]:
            # What the ledger knows counts more, and what is said of another tracker does not count here.
            said = frozenset[str]() if others or self._of_another_tracker else self._scopes.said(number)
            pairs = self._scopes.earlier(number)
            brought = Brought(pairs, key_of(scope), key, self._known_ids, self._trusted, said)
        same = self._same(scope, others)
        return Evidence(same, [entry for entry in others if entry is not same], brought)

    def _same(self, scope: Scope, entries: Sequence[Entry]) -> Entry | None:
        """The entry of this very content, by its fingerprint or by what that was in earlier versions."""
        by_print = {entry.fingerprint: entry for entry in entries}
        same = by_print.get(fingerprint(self._tracker, scope.canonical))
        if same is not None or not entries:
            return same
        prints = (fingerprint(self._tracker, text) for text in earlier_projections(json.loads(scope.body)))
        return next((by_print[each] for each in prints if each in by_print), None)


def _unsettled(known: Mapping[int, Entry]) -> tuple[Notice, ...]:
    count = sum(entry.status in OPEN for entry in known.values())
    return (Notice("unsettled", NOTICES["unsettled"].format(scopes=counted(count, "customization"))),) if count else ()


def is_aged(entry: Entry, now: float) -> bool:
    """Whether a scope was created so long ago that it may be gone."""
    return entry.status in LIVE and (entry.since is None or now - entry.since > 24 * 3600)
