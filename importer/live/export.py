"""Reading all that is live, for an export: each customization once, and whether it is surely all.

A list may shift while it is read, so that it shows one twice and another not at all. It is read again until it has
shown as many as it says there are; one that does not say, until a reading brings nothing new.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from importer.columns import PINS
from importer.live.customization import Live
from importer.live.reading import Filters, Listing, Trouble, get

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from importer.live.service import Service

PASSES = 4
"""How often a list is read that does not show as many as it says."""

FEW = 2_000
"""Up to this number, all customizations are read despite the filters: that is no more than twenty requests."""


class Everything:
    """One reading of all that is live and fits the filters. Its results hold once `read` has ended."""

    def __init__(self, service: Service, filters: Filters, take: Callable[[Sequence[Live]], None]) -> None:
        """`take` gets the customizations, some at a time, each once."""
        self.trouble: Trouble | None = None
        """Why the reading ended early."""
        self.total: int | None = None
        """How many there are, as the service says last."""
        self.count = 0
        """How many were taken."""
        self.is_sure = False
        """Whether it is surely all."""
        self._service = service
        self._filters = filters
        self._take = take
        self._passes = 0
        self._seen: set[str] = set()
        self._taken: set[str] = set()
        self._slots = asyncio.Semaphore(service.options.concurrency)

    async def read(self) -> None:
        """Read it all. Never raises for what a service does; `take` may raise, which ends the reading."""
        first = Listing(self._service, first=True)
        pages = first.pages()
        page = await anext(pages, None)
        if page is not None:
            await self._add(page)
            if not await self._by_filters(first, page):
                await self._whole(first, pages)
        else:
            self._ended(first)
        for _ in range(PASSES - 1):
            if self.is_sure or self.trouble is not None:
                return
            again = Listing(self._service)
            await self._whole(again, again.pages())

    async def _by_filters(self, first: Listing, page: Sequence[Live]) -> bool:
        """Read by the service's own filters, where that saves many requests and they can be trusted: they must show
        what is known to fit, for each value that is asked for."""
        known = {live.id for live in page if self._filters.fit(live)}
        if not self._filters.pairs() or (first.total or 0) <= FEW or not _tested(self._filters, page):
            return False
        listing = Listing(self._service, self._filters)
        async for found in listing.pages():
            await self._add(found)
        if listing.trouble is not None and listing.trouble.kind in {"denied", "stopped"}:
            self.trouble = listing.trouble
            return True
        whole = listing.complete and listing.total is not None and len(listing.seen) >= listing.total
        if not whole or not listing.seen >= known:
            return False
        self.total, self.is_sure = listing.total, True
        return True

    async def _whole(self, listing: Listing, pages: AsyncIterator[Sequence[Live]]) -> None:
        before = len(self._seen)
        async for page in pages:
            await self._add(page)
        self._seen = self._seen | listing.seen if self._seen else listing.seen
        self._ended(listing, nothing_new=before == len(self._seen))

    def _ended(self, listing: Listing, *, nothing_new: bool = True) -> None:
        self._passes += 1
        self.trouble = listing.trouble or self.trouble
        self.total = listing.total
        if listing.complete and self.trouble is None:
            settled = self._passes > 1 and nothing_new
            self.is_sure = settled if listing.total is None else len(self._seen) >= listing.total

    async def _add(self, page: Sequence[Live]) -> None:
        fresh = [live for live in page if live.id not in self._taken and self._filters.fit(live)]
        self._taken.update(live.id for live in fresh)
        whole = await asyncio.gather(*(self._with_pins(live) for live in fresh))
        found = [live for live in whole if live is not None]
        self.count += len(found)
        self._take(found)

    async def _with_pins(self, live: Live) -> Live | None:
        """The customization with its pins, where the list does not show them; `None` if it is gone by now."""
        if PINS in live.fields:
            return live
        async with self._slots:
            match await get(self._service, live.id):
                case Live() as found:
                    return found
                case Trouble(kind="denied" | "stopped") as trouble:
                    self.trouble = trouble
                    return live
                case Trouble():
                    return live
                case None:
                    return None


def _tested(filters: Filters, page: Sequence[Live]) -> bool:
    """Whether each value of each filter is one that a customization of the page has that fits them all."""
    fits = [live for live in page if filters.fit(live)]
    return all(any(Filters(**{_FIELDS[name]: (value,)}).fit(live) for live in fits) for name, value in filters.pairs())


_FIELDS = {
    "model": "models",
    "tag": "tags",
    "target_type": "target_types",
    "target_identity": "target_identities",
}
"""The filters by the names that the list knows them by."""
