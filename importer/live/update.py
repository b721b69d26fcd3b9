"""Planning an update: what the sheet's rows say, what is live, and what is to become of each of its scopes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

from importer.canonical import is_empty
from importer.catalogue.plan import CHANGES, COMMENTS, WOULD_DELETE, WOULD_REPLACE
from importer.catalogue.screen import counted
from importer.columns import METADATA
from importer.delivery.contents import TargetName
from importer.delivery.planning import EvidenceReader, SendPlan
from importer.delivery.workbook import by_workbook
from importer.ledger.records import OPEN
from importer.live.compare import Said
from importer.live.customization import Live
from importer.live.decide import Evidence, Standing, decide
from importer.live.look import look
from importer.live.plan import (
    MANY,
    NOUNS,
    SOME,
    Conflict,
    Create,
    Decision,
    Delete,
    Gone,
    Replace,
    Unchanged,
    UpdatePlan,
)
from importer.live.reading import Filters, Listing, Trouble, denial, get
from importer.live.service import with_service
from importer.model import ColumnKind, HeldBack, Outcome, Ready
from importer.model import Unchanged as AsItIs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Set

    from importer.api.signing import ServerClock
    from importer.delivery.interface import DeliveryRequest, Hooks
    from importer.ledger import Entry, Ledger
    from importer.live.reading import Snapshot
    from importer.live.service import Service
    from importer.model import Sheet, Stop
    from importer.scopes import Scopes

MOST = 1_000_000
"""Requests that the reading before an update may take: what is not seen cannot be changed."""

PAGES = 10
"""Pages that are looked at to see whether the list shows metadata."""

TRIED = 3
"""Customizations that are asked for one by one to see whether a get shows metadata."""


@dataclass(frozen=True)
class Planned:
    """The plan of an update."""

    update: UpdatePlan = field(default_factory=lambda: UpdatePlan({}))
    plan: SendPlan = field(default_factory=SendPlan)
    """The scopes to create, and what becomes of those that need no sending."""
    requests: int = 0
    """How many requests it took."""
    stop: Stop | None = None
    """Why nothing can be planned: key, address or connection, or people ended it."""
    clock: ServerClock | None = None
    """The server's time as learnt, for what is sent afterwards."""


def plan_changes(
    sheet: Sheet, scopes: Scopes, plan: SendPlan, request: DeliveryRequest, ledger: Ledger | None, hooks: Hooks
) -> Planned:
    """Read what is live of the sheet's targets and decide on each of its ready scopes. Blocks; Ctrl-C ends it in good
    order. `plan` is what the ledger and the workbook say; its outcomes do not count, for what is live decides."""
    desk = Desk(sheet, scopes, request, ledger)

    async def work(service: Service) -> Planned:
        """What to do with each ready scope, or why that could not be found out."""
        snapshot = await look(service, set(desk.targets.values()), desk.ids, MOST)
        stop = service.stop or denial(snapshot.trouble, service)
        if stop is not None:
            return Planned(requests=service.transport.requests, stop=stop, clock=service.clock)
        standing = await _standing(snapshot, desk, service)
        decisions = {number: decide(desk.evidence(number), standing) for number in desk.targets}
        decisions |= await _with_metadata(decisions, desk, standing, service)
        update = UpdatePlan(decisions, len(standing.lives))
        if SOME < len(update.changes) <= MANY:
            update = replace(update, live=await _count(service, desk, len(standing.lives)))
        if service.stop is not None:
            return Planned(requests=service.transport.requests, stop=service.stop, clock=service.clock)
        return Planned(
            update,
            _send_plan(plan, update, snapshot.shown | snapshot.ids),
            service.transport.requests,
            None,
            service.clock,
        )

    return with_service(work, request.tracker, request.key, request.options, hooks)


class Desk:
    """The sheet's ready scopes, and the evidence on each, made when it is asked for."""

    def __init__(self, sheet: Sheet, scopes: Scopes, request: DeliveryRequest, ledger: Ledger | None) -> None:
        self._scopes = scopes
        self._columns = frozenset(
            column.key for column in sheet.columns if column.kind in (ColumnKind.KNOWN, ColumnKind.METADATA)
        )
        written, tracker = sheet.provenance, request.tracker
        self._ids_count = written is None or not written.rehearsal
        self._foreign = written is not None and (written.tracker_id, written.base_url) != (
            tracker.tracker_id,
            tracker.base_url,
        )
        self.tracker_number = ledger.number_of(tracker) if ledger is not None else None
        self._evidence = EvidenceReader(
            scopes, ledger if self.tracker_number is not None else None, self.tracker_number, tracker, written
        )
        ready = [number for number in range(len(scopes)) if scopes.ready[number]]
        self._evidence.learn_ids(ready)
        self.targets = {number: TargetName(*scopes.target(number)) for number in ready}
        """By the number of each ready scope."""
        self._strays = self._find_strays()
        self._ledger = ledger

    @property
    def ids(self) -> list[str]:
        """Every ID that rows name."""
        return list(dict.fromkeys(each for number in self.targets for each in self._ids(number)))

    def sent(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """By ID the body that this computer sent last."""
        if self._ledger is None or self.tracker_number is None:
            return {}
        return self._ledger.changes.sent_bodies(self.tracker_number, ids)

    def evidence(self, number: int) -> Evidence:
        """All about one scope but what is live."""
        scopes, scope = self._scopes, self._scopes[number]
        ids = self._ids(number)
        known = self._evidence.evidence(number, ids_count=self._ids_count)
        verdict = by_workbook(known.brought, create_beside=True) if known.brought is not None and not ids else None
        entries: list[Entry] = [*known.others, *([known.same] if known.same is not None else [])]
        return Evidence(
            number,
            self.targets[number],
            scope.body,
            Said(json.loads(scope.body), scopes.pin_rows(number).tolist(), scope.rows[0], self._columns),
            ids=ids,
            versions=scopes.live_versions(number),
            deletes=bool(scopes.deletes[number]),
            entries=entries,
            same=known.same,
            before=self._before(known.same),
            strays=number in self._strays,
            foreign=self._foreign,
            held=verdict if isinstance(verdict, HeldBack) else None,
            says_no_metadata=scopes.says_no_metadata(number),
        )

    def _before(self, same: Entry | None) -> frozenset[str] | None:
        """What was live before a creation of unknown end."""
        if self._ledger is None or same is None or same.status not in OPEN or same.baseline is None:
            return None
        baseline = self._ledger.baseline(same.baseline)
        return baseline.ids if baseline is not None and baseline.complete else None

    def _ids(self, number: int) -> tuple[str, ...]:
        if not self._ids_count or not self._scopes.has_earlier_ids[number]:
            return ()
        return tuple(sorted({scope_id for scope_id, _ in self._scopes.earlier(number) if scope_id}))

    def _find_strays(self) -> Set[int]:
        """Scopes of targets some of whose rows name no customization, while others do."""
        of_target: dict[TargetName, list[int]] = defaultdict(list)
        for number, target in self.targets.items():
            of_target[target].append(number)
        several = [numbers for numbers in of_target.values() if len(numbers) > 1]
        return {number for numbers in several if not all(map(self._ids, numbers)) for number in numbers}


async def _standing(snapshot: Snapshot, desk: Desk, service: Service) -> Standing:
    """What is live, as far as it was seen. Without a list the customizations that rows name are asked for."""
    lives, gone, unseen = dict(snapshot.by_id), set(snapshot.gone), snapshot.missing
    if snapshot.trouble is not None:
        wanted = [scope_id for scope_id in desk.ids if scope_id not in lives]
        for scope_id, found in (await _gets(service, wanted)).items():
            if isinstance(found, Live):
                lives[scope_id] = found
            elif found is None:
                gone.add(scope_id)
    listed = {live.id for found in snapshot.by_target.values() for live in found}
    wanted_targets = set(desk.targets.values())
    if any(live.id not in listed and live.target in wanted_targets - unseen for live in lives.values()):
        # A get shows what the list ought to show and does not: nothing that it does not show is known to be missing.
        unseen = frozenset(wanted_targets)
    no_list = snapshot.trouble is not None and snapshot.trouble.kind == "no-list"
    return Standing(lives, gone=frozenset(gone), unseen=None if no_list else unseen, sent=desk.sent(lives))


async def _gets(service: Service, ids: Collection[str]) -> dict[str, Live | Trouble | None]:
    slots = asyncio.Semaphore(service.options.concurrency)

    async def one(scope_id: str) -> Live | Trouble | None:
        """What is live under an ID, as soon as a place is free."""
        async with slots:
            return await get(service, scope_id)

    return dict(zip(ids, await asyncio.gather(*map(one, ids)), strict=True))


async def _with_metadata(
    decisions: Mapping[int, Decision], desk: Desk, standing: Standing, service: Service
) -> dict[int, Decision]:
    """New decisions, by what gets show, where a replacement would lose metadata that neither list nor ledger shows."""
    doubtful = {
        number: found.change.id
        for number, found in decisions.items()
        if isinstance(found, Replace) and found.change.wanted is not None and found.change.wanted.metadata is None
    }
    if not doubtful:
        return {}
    if await _list_shows_metadata(service):
        standing = replace(standing, shows_metadata=True)
        return {number: decide(desk.evidence(number), standing) for number in doubtful}
    ids = list(dict.fromkeys(doubtful.values()))
    found = await _gets(service, ids[:TRIED])
    shows = any(isinstance(live, Live) and live.has_metadata for live in found.values())
    if shows:
        found |= await _gets(service, ids[TRIED:])
    lives = {scope_id: live for scope_id, live in found.items() if isinstance(live, Live) and live.has_metadata}
    standing = replace(standing, lives={**standing.lives, **lives}, gets_show_metadata=shows)
    return {number: decide(desk.evidence(number), standing) for number in doubtful}


async def _list_shows_metadata(service: Service) -> bool:
    """Whether anything that is listed shows metadata: then what shows none has none."""
    listing = Listing(service)
    for _ in range(PAGES):
        page = await listing.next()
        if page is None or any(not is_empty(live.fields.get(METADATA)) for live in page):
            return page is not None
    return False


async def _count(service: Service, desk: Desk, seen: int) -> int:
    """How many customizations are live for the sheet's models; as many as were seen where the service does not say."""
    models = tuple(dict.fromkeys(target.model for target in desk.targets.values()))
    listing = Listing(service, Filters(models=models))
    page = await listing.next()
    if page is None or listing.total is None or len(page) < len(listing.seen):
        return seen
    return max(seen, listing.total)


def _send_plan(plan: SendPlan, update: UpdatePlan, live: frozenset[str]) -> SendPlan:
    """The scopes to create, and what becomes of those that need no sending."""
    outcomes: dict[int, Outcome] = {}
    due: list[int] = []
    known: dict[int, Entry] = {}
    shown: dict[int, Outcome] = {}
    for number in sorted(update.decisions):
        match update.decisions[number]:
            case Create(entry):
                due.append(number)
                if entry is not None:
                    known[number] = entry
            case Unchanged(scope_id, version):
                outcomes[number] = AsItIs(scope_id or "", "" if scope_id else COMMENTS["not-live"], version)
            case Gone() | Conflict() as held:
                outcomes[number] = held_back(held)
            case Replace() | Delete() as change:
                shown[number] = Ready(would(change))
            case unknown:
                assert_never(unknown)
    return SendPlan(outcomes, due, known, shown, notices=plan.notices, live=live)


def would(found: Replace | Delete) -> str:
    """What an import would do to what is live."""
    if isinstance(found, Delete):
        return WOULD_DELETE.format(id=found.change.id, pins=counted(found.pins, "pin"))
    kinds = Counter(difference.kind for difference in found.differences)
    changes = ", ".join(CHANGES[kind].format(count=counted(kinds[kind], noun)) for kind, noun in NOUNS if kinds[kind])
    return WOULD_REPLACE.format(id=found.change.id, changes=changes)


def held_back(found: Gone | Conflict) -> HeldBack:
    """Why nothing is done, and what people can do."""
    if isinstance(found, Gone):
        others = COMMENTS["gone-others"].format(ids=", ".join(found.others)) if found.others else ""
        return HeldBack(" ".join(filter(None, (COMMENTS["gone"].format(id=found.id), others))), found.id)
    if found.held is not None:
        return found.held
    text = COMMENTS[found.code].format(id=found.id, ids=", ".join(found.ids), detail=found.detail)
    return HeldBack(text, found.id)
