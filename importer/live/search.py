"""Looking before anything is sent: what is live of a sheet's models and targets, by the fewest requests.

The first page of the whole list comes first: it shows whether key and clock are right, is all there is to many a shop,
and gives known customizations by which filters are put to the test. Where the rest of the list is short it is read.
Otherwise each model is read, or each of its targets by itself, whichever is less. A filter is believed only as long
as it shows what is known to be there and nothing else; what it cannot be believed for is read without it, or is left
out, and that is known.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from importer.api import messages
from importer.api.messages import Answer
from importer.catalogue.run import WAITS
from importer.columns import PINS
from importer.delivery.reader import NOBODY
from importer.delivery.reconcile import TargetName
from importer.live.identities import batches, traits
from importer.live.reading import Filters, Listing, Trouble, get
from importer.live.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence

    from importer.live.customization import Live
    from importer.live.service import Service

T = TypeVar("T")

LEAST = 20
"""Requests that a look may take however little is to be created; a tenth of the creates comes to that."""

FEW = 2
"""Targets of one model that are asked for one by one without asking how many the model has."""

TESTS = 4
"""Requests that it mostly takes to find out what identities a filter is heard with."""

SAMPLES = 300
"""Customizations that are remembered to test filters with."""

SAID = 30
"""Requests from which on a look is announced."""


def allowed(creates: int) -> int:
    """How many requests the look before so many creates may take."""
    return creates // 10 + LEAST


async def look(service: Service, targets: Collection[TargetName], ids: Collection[str], most: int) -> Snapshot:
    """What is live of these targets, by about `most` requests at most; IDs that it does not show are asked for.

    Never raises for what a service does.
    """
    looking = _Look(service, targets, most)
    await service.unless_stopped(looking.read())
    await service.unless_stopped(looking.complete())
    await service.unless_stopped(looking.ask_for(ids))
    return looking.seen()


class _Look:
    """One look, as far as it has come."""

    def __init__(self, service: Service, targets: Collection[TargetName], most: int) -> None:
        self._service = service
        self._wanted = dict.fromkeys(targets)
        self._missing = set(targets)
        self._most = most
        self._began = service.requests
        self._found: dict[TargetName, dict[str, Live]] = defaultdict(dict)
        self._by_id: dict[str, Live] = {}
        self._samples: dict[TargetName, str] = {}
        self._gone: set[str] = set()
        self._trouble: Trouble | None = None
        self._short = False
        self._live, self._named = set[str](), 0
        self._slots = asyncio.Semaphore(service.options.concurrency)

    def seen(self) -> Snapshot:
        """What it came to."""
        stopped = self._service.shutdown.stopping
        trouble = Trouble("stopped") if stopped and self._trouble is None else self._trouble
        by_target = {target: list(found.values()) for target, found in self._found.items()}
        missing, gone, live = frozenset(self._missing), frozenset(self._gone), frozenset(self._live)
        return Snapshot(by_target, self._by_id, missing, gone, trouble, self._short, live)

    async def read(self) -> None:
        """Read as much as may be."""
        whole = Listing(self._service, first=True)
        if not self._take(whole, await whole.next()):
            self._ended(whole, self._wanted)
            if self._trouble is not None and self._trouble.kind == "no-list":
                self._trouble = await self._without_list()
            return
        models = dict.fromkeys(target.model for target in self._wanted)
        if _is_within(whole, min(self._spare, 2 * len(models) + 1)):
            self._ended(await self._read_on(whole), self._wanted)
            return
        for model in models:
            if self._trouble is None and self._spare > 0:
                await self._of_model(model)
        if self._missing and self._trouble is None and _is_within(whole, self._spare):
            self._ended(await self._read_on(whole), self._wanted)

    async def complete(self) -> None:
        """Get what a list shows without its pins, as far as may be: not each list tells as much as a get."""
        if self._live and not self._named and self._trouble is None:
            self._trouble = Trouble("no-list")  # it does not say what anything is for
        half = [scope_id for scope_id, live in self._by_id.items() if PINS not in live.fields]
        if self._trouble is None:
            await self._each(self._get, half[: max(0, self._spare)])

    async def ask_for(self, ids: Collection[str]) -> None:
        """Get the customizations of these IDs that were not seen."""
        if self._trouble is None:
            wanted = [scope_id for scope_id in ids if scope_id not in self._by_id][: max(0, self._spare)]
            await self._each(self._get, wanted)

    @property
    def _spare(self) -> int:
        return self._most - (self._service.requests - self._began)

    async def _get(self, scope_id: str) -> None:
        match await get(self._service, scope_id):
            case None:
                self._gone.add(scope_id)
            case Trouble():
                return
            case live:
                self._by_id[scope_id] = live
                for found in self._found.values():
                    if scope_id in found:
                        found[scope_id] = live

    async def _without_list(self) -> Trouble:
        """What it means that there is no list: where a customization that there is not gets the very same answer, it is
        the tracker that is not there."""
        ask = self._service.transport.ask
        request = messages.fetch(self._service.path, NOBODY)
        listed = await ask(messages.listing(self._service.path, limit=1, offset=0))
        probe = await ask(request) if request is not None else None
        if isinstance(listed, Answer) and isinstance(probe, Answer) and listed.status == probe.status == 404:
            said = messages.diagnostics(listed)
            if said and said == messages.diagnostics(probe):
                return Trouble("denied", "tracker-unseen", said)
        return Trouble("no-list")

    # ── Lists ───────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, listing: Listing, page: Sequence[Live] | None) -> bool:
        """Take in a page of a listing; whether it goes on."""
        for live in page or ():
            target = live.target
            self._live.add(live.id)
            if target is None:
                continue
            self._named += 1
            if len(self._samples) < SAMPLES:
                self._samples.setdefault(target, live.id)
            if target in self._wanted:
                self._found[target][live.id] = self._by_id[live.id] = live
        # A service may refuse a filter and have a list all the same.
        if listing.trouble is not None and (listing.trouble.kind != "no-list" or not listing.filters.pairs()):
            self._trouble = listing.trouble
        return page is not None

    def _ended(self, listing: Listing, targets: Iterable[TargetName]) -> None:
        """A listing has come to its end: what it is about has been seen, unless it lost something."""
        if listing.is_whole:
            self._missing.difference_update(targets)
        elif listing.trouble is None and self._spare > 0:
            self._short = True

    async def _read_on(self, listing: Listing) -> Listing:
        """Read the rest of a listing; where it shows fewer than it says, once more from its beginning."""
        self._announce(listing.pages_left or 0)
        while self._spare > 0 and self._take(listing, await listing.next()):
            pass
        if not listing.complete or listing.is_whole:
            return listing
        again = Listing(self._service, listing.filters)
        while self._spare > 0 and self._take(again, await again.next()):
            pass
        again.seen |= listing.seen
        return again

    async def _of_model(self, model: str) -> None:
        """Look for the targets of one model: all that it has, or only them."""
        targets = self._left_of(model)
        if len(targets) <= FEW:
            await self._ask_for_targets(model, targets)
            return
        listing = Listing(self._service, Filters(models=(model,)))
        known = self._known(model)
        goes_on = self._take(listing, await listing.next())
        if goes_on and not _is_within(listing, min(self._spare, self._questions(targets))):
            await self._ask_for_targets(model, targets)
        targets = self._left_of(model)
        if targets and (not goes_on or _is_within(listing, self._spare)):
            listing = await self._read_on(listing)
            if listing.seen.issuperset(known):
                self._ended(listing, targets)

    def _left_of(self, model: str) -> list[TargetName]:
        return [target for target in self._wanted if target.model == model and target in self._missing]

    def _known(self, model: str, kind: str = "") -> set[str]:
        """IDs of customizations that are known to be there, by which a filter is tested."""
        return {
            scope_id
            for target, scope_id in self._samples.items()
            if target.model == model and kind in {"", target.target_type}
        }

    def _questions(self, targets: Collection[TargetName]) -> int:
        """About how many requests it takes to ask for these targets of one model by themselves."""
        items = [target.target for target in targets if target.target_type == "item"]
        kinds = {target.target_type for target in targets if target.target_type != "item"}
        return len(kinds) + (TESTS + len(list(batches(items))) if len(items) > FEW else len(items))

    # ── Targets by themselves ───────────────────────────────────────────────────────────────────────────

    async def _ask_for_targets(self, model: str, targets: Sequence[TargetName]) -> None:
        """Ask for items by identity, for other targets by their kind, as far as may be."""
        items = [target for target in targets if target.target_type == "item"]
        wrong, untested = await self._misread(items) if items else (frozenset[str](), frozenset[str]())
        asked = [target for target in items if not traits(target.target) & wrong]
        await self._ask_together(model, asked, wrong)
        left = [target for target in asked if target in self._missing][: max(0, self._spare)]
        self._announce(len(left))
        await self._each(self._ask_for_item, left)
        # What is found is found; that there is nothing is believed only of a filter that was seen at work.
        self._missing.update(target for target in asked if traits(target.target) & untested)
        for kind in dict.fromkeys(target.target_type for target in targets if target.target_type != "item"):
            filters = Filters(models=(model,), target_types=(kind,))
            of_kind = [target for target in targets if target.target_type == kind]
            await self._question(filters, of_kind, self._known(model, kind))

    async def _ask_together(self, model: str, items: Sequence[TargetName], wrong: frozenset[str]) -> None:
        """Ask for many items in each request, where the service takes several identities: a known one that stands
        first and one that stands last must come back."""
        ends = {
            target.target: scope_id
            for target, scope_id in self._samples.items()
            if target.model == model and target.target_type == "item" and not traits(target.target) & wrong
        }
        if len(items) <= FEW or len(ends) < len(("first", "last")):
            return
        (first, one), (last, other) = list(ends.items())[:2]

        async def ask(group: tuple[str, ...]) -> None:
            targets = [TargetName(model, "item", identity) for identity in group]
            filters = Filters(models=(model,), target_identities=tuple(dict.fromkeys((first, *group, last))))
            await self._question(filters, targets, (one, other))

        groups = list(batches([target.target for target in items]))
        await ask(groups[0])
        if groups[0][0] not in {target.target for target in self._missing if target.model == model}:
            self._announce(len(groups))
            await self._each(ask, groups[1 : 1 + max(0, self._spare)])

    async def _ask_for_item(self, target: TargetName) -> None:
        await self._question(Filters(models=(target.model,), target_identities=(target.target,)), [target], ())

    async def _question(self, filters: Filters, targets: Sequence[TargetName], known: Collection[str]) -> None:
        listing, fits = Listing(self._service, filters), 0
        while self._spare > 0 and self._trouble is None:
            page = await listing.next()
            fits += len(page or ())
            if not self._take(listing, page) or _is_all(listing) or len(listing.seen) > fits:
                break
        # What was not asked for shows that the filter was not heard as it was meant.
        if len(listing.seen) == fits and listing.seen.issuperset(known) and (listing.complete or _is_all(listing)):
            self._missing.difference_update(targets)

    async def _misread(self, items: Sequence[TargetName]) -> tuple[frozenset[str], frozenset[str]]:
        """With which traits of identities a filter is not heard, and with which nobody knows: customizations that are
        known to be there are asked for by theirs."""
        untested = frozenset[str]().union(*(traits(item.target) for item in items))
        wrong: set[str] = set()
        samples = [pair for pair in self._samples.items() if pair[0].target_type == "item"]
        for sample, scope_id in sorted(samples, key=lambda pair: -len(traits(pair[0].target) & untested)):
            tests = traits(sample.target) & untested
            if not tests or self._spare <= 0 or self._trouble is not None:
                continue
            listing = Listing(self._service, Filters(models=(sample.model,), target_identities=(sample.target,)))
            page = await listing.next()
            if scope_id not in listing.seen or len(listing.seen) > len(page or ()):
                wrong |= tests
            untested -= tests
        return frozenset(wrong), untested

    async def _each(self, work: Callable[[T], Awaitable[None]], each: Iterable[T]) -> None:
        async def one(item: T) -> None:
            async with self._slots:
                await work(item)

        await asyncio.gather(*(one(item) for item in each))

    def _announce(self, requests: int) -> None:
        if requests >= SAID:
            self._service.hooks.waits(WAITS["look"].format(count=f"{requests:,}"))


def _is_within(listing: Listing, requests: int) -> bool:
    """Whether the rest of a listing takes no more requests than so many, as far as that can be told."""
    return listing.pages_left is not None and listing.pages_left <= requests


def _is_all(listing: Listing) -> bool:
    """Whether what one question has shown is all, by the total or for want of more."""
    return listing.total == len(listing.seen) if listing.total is not None else listing.pages_left == 1
