"""The look before anything is sent: what is live of a sheet's models and targets, by the fewest requests.

The first page of the whole list comes first: it shows whether key and clock are right, is all there is to many a shop,
and gives known customizations by which filters are put to the test. Where there is more, `search` goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from importer.api import messages
from importer.api.messages import Answer
from importer.columns import PINS
from importer.delivery.contents import TargetName
from importer.delivery.reader import NOBODY
from importer.ledger.records import OPEN
from importer.live.judgement import Rules, with_look
from importer.live.reading import Listing, Sighting, Trouble, denial
from importer.live.search import Search
from importer.live.service import with_service
from importer.model import AlreadyCreated, HeldBack

if TYPE_CHECKING:
    from collections.abc import Collection

    from importer.api.signing import ServerClock
    from importer.delivery.interface import DeliveryRequest, Hooks
    from importer.delivery.planning import SendPlan
    from importer.live.judgement import Targeted
    from importer.live.reading import Snapshot
    from importer.live.service import Service
    from importer.model import Stop

LEAST = 20
"""Requests that a look may take however few scopes are due; a tenth of their number comes on top."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the look before an import or a check found."""

    plan: SendPlan
    """With what is live taken into account."""
    requests: int = 0
    """How many requests it took."""
    stop: Stop | None = None
    """Why nothing can be sent: key, address or connection, or people ended it."""
    clock: ServerClock | None = None
    """The server's time as learnt, for what is sent afterwards."""


def look_first(plan: SendPlan, scopes: Targeted, request: DeliveryRequest, hooks: Hooks) -> Looked:
    """Look at what is live of the targets for which it matters. Blocks; Ctrl-C ends it in good order.

    Asks nothing where no scope is due and no ID needs confirming.
    """
    asked = questions(plan, scopes)
    if not asked:
        return Looked(plan)
    options = request.options

    async def work(service: Service) -> Looked:
        """The plan after a look at what is live, or without one where that costs more than it saves."""
        # A customization that an export describes allows as many requests as one that is to be created.
        exported = 0
        for number in asked if scopes.has_versions else ():
            exported += bool(scopes.live_versions(number) - {""})
        most = allowed(len(plan.due) + exported)
        snapshot = await look(service, set(asked.values()), unproven_ids(plan) if plan.unproven else (), most)
        stop = service.stop or (denial(snapshot.trouble, service) if snapshot.trouble is not None else None)
        if stop is not None:
            return Looked(plan, service.transport.requests, stop, service.clock)
        if snapshot.by_target or snapshot.missing or snapshot.trouble is not None or plan.unproven or plan.shown:
            rules = Rules(options.again, options.create_beside, service.clock.wall())
            looked = with_look(plan, snapshot, asked, scopes, rules)
        else:  # nothing is live of any target, and nobody said so
            looked = replace(plan, live=snapshot.shown.union(snapshot.by_id))
        return Looked(looked, service.transport.requests, None, service.clock)

    return with_service(work, request.tracker, request.key, options, hooks)


def questions(plan: SendPlan, scopes: Targeted) -> dict[int, TargetName]:
    """The scopes of which it matters what is live, by number, and their targets."""
    asked: dict[int, TargetName] = {}
    for number in sorted((*plan.due, *plan.outcomes)):
        if number in plan.outcomes:
            held_back = isinstance(plan.outcomes[number], HeldBack)
            matters = number in plan.unproven or (held_back and not scopes.deletes[number])
        else:
            matters = number not in plan.known or plan.known[number].status not in OPEN
        if matters:
            asked[number] = TargetName(*scopes.target(number))
    return asked


def unproven_ids(plan: SendPlan) -> list[str]:
    """IDs that only a workbook or an earlier look speaks of."""
    found = (plan.outcomes[number] for number in sorted(plan.unproven))
    return [each.id for each in found if isinstance(each, AlreadyCreated | HeldBack) and each.id]


def allowed(creates: int) -> int:
    """How many requests the look before this number of creates may take."""
    return creates // 10 + LEAST


async def look(service: Service, targets: Collection[TargetName], ids: Collection[str], most: int) -> Snapshot:
    """What is live of these targets, by about `most` requests at most; IDs that it does not show are asked for.

    Never raises for what a service does.
    """
    seen = Sighting(service, targets, most)
    await service.unless_stopped(_see(service, seen, ids))
    return seen.snapshot()


async def _see(service: Service, seen: Sighting, ids: Collection[str]) -> None:
    """Read as much as the limit allows, then get what a list shows without its pins, and the IDs it does not show."""
    whole = Listing(service, first=True)
    if seen.take(whole, await whole.next()):
        await Search(service, seen).read(whole)
    else:
        seen.end(whole, seen.wanted)
        if seen.trouble is not None and seen.trouble.kind == "no-list":
            seen.trouble = await _without_list(service)
    if seen.trouble is None and seen.listed and not seen.names_targets:
        seen.trouble = Trouble("no-list")  # it does not say what anything is for
    if seen.trouble is not None:
        return
    # Not each list shows as much as a get.
    if seen.by_id and (half := [scope_id for scope_id, live in seen.by_id.items() if PINS not in live.fields]):
        await service.each(seen.get, half[: max(0, seen.spare)])
    if ids and (wanted := [scope_id for scope_id in ids if scope_id not in seen.by_id]):
        await service.each(seen.get, wanted[: max(0, seen.spare)])


async def _without_list(service: Service) -> Trouble:
    """What it means that there is no list: where a customization that does not exist gets the very same answer, the
    tracker does not exist."""
    ask = service.transport.ask
    request = messages.fetch(service.path, NOBODY)
    listed = await ask(messages.listing(service.path, limit=1, offset=0))
    probe = await ask(request) if request is not None else None
    if isinstance(listed, Answer) and isinstance(probe, Answer) and listed.status == probe.status == 404:
        said = messages.diagnostics(listed)
        if said and said == messages.diagnostics(probe):
            return Trouble("denied", "tracker-unseen", said)
    return Trouble("no-list")
