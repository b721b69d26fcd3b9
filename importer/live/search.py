"""Searching what is live where it is more than one page: the rest of the list, by model, or target by target.

Where the rest of the list is short it is read. Otherwise each model is read, or each of its targets by itself,
whichever is less. A filter is believed only as long as it shows what is known to be there and nothing else; what it
cannot be believed for is read without it, or is left out, and that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.catalogue.run import WAITS
from importer.delivery.contents import TargetName
from importer.live.identities import batches, traits
from importer.live.reading import Filters, Listing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from importer.live.reading import Sighting
    from importer.live.service import Service

FEW = 2
"""Targets of one model that are asked for one by one without asking how many the model has."""

TESTS = 4
"""Requests that it mostly takes to find out what identities a filter is heard with."""

SAID = 30
"""Requests from which on a look is announced."""


class Search:
    """One search, after the first page of the whole list."""

    def __init__(self, service: Service, seen: Sighting) -> None:
        self._service = service
        self._seen = seen

    async def read(self, whole: Listing) -> None:
        """Read as much as the limit allows: `whole` is the list, of which the first page was read."""
        seen = self._seen
        models = dict.fromkeys(target.model for target in seen.wanted)
        if _is_within(whole, min(seen.spare, 2 * len(models) + 1)):
            seen.end(await self._read_on(whole), seen.wanted)
            return
        for model in models:
            if seen.trouble is None and seen.spare > 0:
                await self._of_model(model)
        if seen.missing and seen.trouble is None and _is_within(whole, seen.spare):
            seen.end(await self._read_on(whole), seen.wanted)

    async def _read_on(self, listing: Listing) -> Listing:
        """Read the rest of a listing; where it shows fewer than it says, once more from its beginning."""
        self._announce(listing.pages_left or 0)
        while self._seen.spare > 0 and self._seen.take(listing, await listing.next()):
            pass
        if not listing.complete or listing.is_whole:
            return listing
        again = Listing(self._service, listing.filters)
        while self._seen.spare > 0 and self._seen.take(again, await again.next()):
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
        goes_on = self._seen.take(listing, await listing.next())
        if goes_on and not _is_within(listing, min(self._seen.spare, self._questions(targets))):
            await self._ask_for_targets(model, targets)
        targets = self._left_of(model)
        if targets and (not goes_on or _is_within(listing, self._seen.spare)):
            listing = await self._read_on(listing)
            if listing.seen.issuperset(known):
                self._seen.end(listing, targets)

    def _left_of(self, model: str) -> list[TargetName]:
        return [target for target in self._seen.wanted if target.model == model and target in self._seen.missing]

    def _known(self, model: str, kind: str = "") -> set[str]:
        """IDs of customizations that are known to be there, by which a filter is tested."""
        return {
            scope_id
            for target, scope_id in self._seen.samples.items()
            if target.model == model and kind in {"", target.target_type}
        }

    def _questions(self, targets: Collection[TargetName]) -> int:
        """About how many requests it takes to ask for these targets of one model by themselves."""
        items = [target.target for target in targets if target.target_type == "item"]
        kinds = {target.target_type for target in targets if target.target_type != "item"}
        return len(kinds) + (TESTS + len(list(batches(items))) if len(items) > FEW else len(items))

    # ── Targets by themselves ───────────────────────────────────────────────────────────────────────────

    async def _ask_for_targets(self, model: str, targets: Sequence[TargetName]) -> None:
        """Ask for items by identity, for other targets by their kind, as far as the limit allows."""
        items = [target for target in targets if target.target_type == "item"]
        wrong, untested = await self._misread(items) if items else (frozenset[str](), frozenset[str]())
        asked = [target for target in items if not traits(target.target) & wrong]
        await self._ask_together(model, asked, wrong)
        left = [target for target in asked if target in self._seen.missing][: max(0, self._seen.spare)]
        self._announce(len(left))
        await self._service.each(self._ask_for_item, left)
        # What is found is found; that there is nothing is believed only of a filter that was seen at work.
        self._seen.missing.update(target for target in asked if traits(target.target) & untested)
        for kind in dict.fromkeys(target.target_type for target in targets if target.target_type != "item"):
            filters = Filters(models=(model,), target_types=(kind,))
            of_kind = [target for target in targets if target.target_type == kind]
            await self._question(filters, of_kind, self._known(model, kind))

    async def _ask_together(self, model: str, items: Sequence[TargetName], wrong: frozenset[str]) -> None:
        """Ask for many items in each request, where the service takes several identities: a known one that stands
        first and one that stands last must come back."""
        ends = {
            target.target: scope_id
            for target, scope_id in self._seen.samples.items()
            if target.model == model and target.target_type == "item" and not traits(target.target) & wrong
        }
        if len(items) <= FEW or len(ends) < len(("first", "last")):
            return
        (first, one), (last, other) = list(ends.items())[:2]

        async def ask(group: tuple[str, ...]) -> None:
            """Ask about some targets, with the two at the ends beside them."""
            targets = [TargetName(model, "item", identity) for identity in group]
            filters = Filters(models=(model,), target_identities=tuple(dict.fromkeys((first, *group, last))))
            await self._question(filters, targets, (one, other))

        groups = list(batches([target.target for target in items]))
        await ask(groups[0])
        if groups[0][0] not in {target.target for target in self._seen.missing if target.model == model}:
            self._announce(len(groups))
            await self._service.each(ask, groups[1 : 1 + max(0, self._seen.spare)])

    async def _ask_for_item(self, target: TargetName) -> None:
        await self._question(Filters(models=(target.model,), target_identities=(target.target,)), [target], ())

    async def _question(self, filters: Filters, targets: Sequence[TargetName], known: Collection[str]) -> None:
        listing, fits = Listing(self._service, filters), 0
        while self._seen.spare > 0 and self._seen.trouble is None:
            page = await listing.next()
            fits += len(page or ())
            if not self._seen.take(listing, page) or _is_all(listing) or len(listing.seen) > fits:
                break
        # What was not asked for shows that the filter was not heard as it was meant.
        if len(listing.seen) == fits and listing.seen.issuperset(known) and (listing.complete or _is_all(listing)):
            self._seen.missing.difference_update(targets)

    async def _misread(self, items: Sequence[TargetName]) -> tuple[frozenset[str], frozenset[str]]:
        """With which traits of identities a filter is not heard, and with which nobody knows: customizations that are
        known to be there are asked for by theirs."""
        untested = frozenset[str]().union(*(traits(item.target) for item in items))
        wrong: set[str] = set()
        samples = [pair for pair in self._seen.samples.items() if pair[0].target_type == "item"]
        for sample, scope_id in sorted(samples, key=lambda pair: -len(traits(pair[0].target) & untested)):
            tests = traits(sample.target) & untested
            if not tests or self._seen.spare <= 0 or self._seen.trouble is not None:
                continue
            listing = Listing(self._service, Filters(models=(sample.model,), target_identities=(sample.target,)))
            page = await listing.next()
            if scope_id not in listing.seen or len(listing.seen) > len(page or ()):
                wrong |= tests
            untested -= tests
        return frozenset(wrong), untested

    def _announce(self, requests: int) -> None:
        if requests >= SAID:
            self._service.hooks.waits(WAITS["look"].format(count=f"{requests:,}"))


def _is_within(listing: Listing, requests: int) -> bool:
    """Whether the rest of a listing takes no more than this number of requests, as far as that is known."""
    return listing.pages_left is not None and listing.pages_left <= requests


def _is_all(listing: Listing) -> bool:
    """Whether what one question has shown is all, by the total or for want of more."""
    return listing.total == len(listing.seen) if listing.total is not None else listing.pages_left == 1
