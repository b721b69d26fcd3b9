"""What is live: the list page by page, or one customization, and what a look has seen of it. Changes nothing.

Trouble is a value.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from importer.api import messages
from importer.api.client import BadCertificate, NeverSent
from importer.api.messages import Answer, Page
from importer.delivery.reader import MOST_PAGES, PAGE, STALE_PAGES, Denied
from importer.delivery.shutdown import stop_of
from importer.live.customization import Live, live_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence

    from importer.api.client import Exchange
    from importer.delivery.contents import TargetName
    from importer.live.service import Service
    from importer.model import Stop


SAMPLES = 300
"""Customizations that are remembered to test filters with."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which customizations are wanted: of any of the values of each field that has some. All empty: every one."""

    models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    target_types: tuple[str, ...] = ()
    target_identities: tuple[str, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """As the list takes them."""
        named = (
            ("model", self.models),
            ("tag", self.tags),
            ("target_type", self.target_types),
            ("target_identity", self.target_identities),
        )
        return [(name, value) for name, values in named for value in values]

    def fit(self, live: Live) -> bool:
        """Whether a customization is wanted: what the service made of the filters is compared again here."""
        target = live.target
        identity = target.target if target is not None and target.target_type == "item" else ""
        tags = live.fields.get("tags")
        return (
            (not self.models or live.model in self.models)
            and (not self.tags or (isinstance(tags, list) and any(tag in self.tags for tag in tags)))
            and (not self.target_types or live.target_type in self.target_types)
            and (not self.target_identities or identity in self.target_identities)
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something could not be read.

    `denied`: key, clock, address or connection, and nothing else will go either; `no-list`: the service has no list
    that can be read; `unreadable`: no usable answer this time; `stopped`: all is to end.
    """

    kind: Literal["denied", "no-list", "unreadable", "stopped"]
    stop: str = ""
    """Where it was denied, a stop's code (see `importer.catalogue.run.STOPS`)."""
    said: str = ""
    """What the server says of why, for people."""


def denial(trouble: Trouble | None, service: Service) -> Stop | None:
    """That the service lets nobody in, as the end of a run; `None` for any other trouble and for none."""
    if trouble is None or trouble.kind != "denied":
        return None
    return stop_of(trouble.stop, trouble.said, service.tracker, service.key)


class Listing:
    """One reading of the list. Its results hold once `pages` has ended."""

    def __init__(self, service: Service, filters: Filters | None = None, *, first: bool = False) -> None:
        """`first` is for the first reading of a service: it finds out whether key and clock are right."""
        self.filters = filters or Filters()
        self.trouble: Trouble | None = None
        self.complete = False
        """Whether it was read to its end."""
        self.total: int | None = None
        """How many there are, by the first page; a service may be wrong, or say nothing."""
        self.seen: set[str] = set()
        """The IDs that were shown, those that do not fit the filters included."""
        self._service = service
        self._first = first
        self._received = self._stale = self._pages = 0
        pairs = filters.pairs() if filters is not None else []
        self._reader = service.reader.filtered(pairs) if pairs else service.reader

    @property
    def is_whole(self) -> bool:
        """Whether it was read to its end and showed as many as there are said to be."""
        return self.complete and (self.total is None or len(self.seen) >= self.total)

    @property
    def pages_left(self) -> int | None:
        """How many more requests the rest takes, by the total and the size of the pages so far; `None` where that
        is not known."""
        if self._pages and self.total is not None:
            size = max(1, self._received // self._pages)
            return max(0, self.total - self._received + size - 1) // size + 1
        return 1 if self._received < PAGE else None

    async def pages(self) -> AsyncIterator[list[Live]]:
        """The customizations that fit, page by page, each once; a page may be empty."""
        while (page := await self.next()) is not None:
            yield page

    async def next(self) -> list[Live] | None:
        """The next page, as `pages` gives it; `None` at the end."""
        if self._first and not self._pages:
            self.trouble = await self._denied()
        if self.trouble is not None or self.complete or self._pages >= MOST_PAGES or self._stale >= STALE_PAGES:
            return None
        page = await self._reader.page(self._received)
        if not isinstance(page, Page):
            self.trouble = self._unreadable(forever=page.forever)
            return None
        self.total = self.total if self._pages else page.total
        fresh: dict[str, Live] = {}
        for each in page.items:
            if each.id not in self.seen:
                self.seen.add(each.id)
                fresh[each.id] = live_of(each)
        self._pages += 1
        self._received += len(page.items)
        self._stale = 0 if fresh else self._stale + 1
        self.complete = not page.items or (not fresh and self.total == len(self.seen))
        return None if self.complete else [live for live in fresh.values() if self.filters.fit(live)]

    async def _denied(self) -> Trouble | None:
        match await self._reader.check():
            case Denied(stop, said):
                return Trouble("denied", stop, said)
            case None:
                return None
            case unavailable:
                return self._unreadable(forever=unavailable.forever)

    def _unreadable(self, *, forever: bool) -> Trouble:
        if self._service.shutdown.stopping:
            return Trouble("stopped")
        return Trouble("no-list" if forever else "unreadable")


async def get(service: Service, scope_id: str) -> Live | Trouble | None:
    """The live customization of that ID. `None` where the service says 404: a hint that it is not live, no proof."""
    request = messages.fetch(service.path, scope_id)
    if request is None:
        return Trouble("unreadable")
    found = await service.transport.ask(request)
    if isinstance(found, Answer) and found.status == 404:
        return None
    fields = messages.scope_of(found, scope_id) if isinstance(found, Answer) and found.status == 200 else None
    return Live(scope_id, fields) if fields is not None else _trouble(found, stopping=service.shutdown.stopping)


def _trouble(found: Exchange | None, *, stopping: bool) -> Trouble:
    match found:
        case Answer(status=401 | 403 | 407 as status):
            stop = {401: "key", 403: "forbidden", 407: "proxy"}[status]
            return Trouble("denied", stop, messages.diagnostics(found))
        case BadCertificate():
            return Trouble("denied", "certificate")
        case NeverSent(why):
            return Trouble("denied", "proxy" if why == "proxy-auth" else "network")
    return Trouble("stopped" if found is None and stopping else "unreadable")


# ── What a look sees ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Snapshot:
    """What one look at the service showed of the targets that a sheet is for."""

    by_target: Mapping[TargetName, Sequence[Live]] = field(default_factory=dict)
    """Of each target that has any, its live customizations."""
    by_id: Mapping[str, Live] = field(default_factory=dict)
    """Those, and the ones that were asked for by their ID."""
    missing: frozenset[TargetName] = frozenset()
    """Targets of which not all was seen: there may be more."""
    gone: frozenset[str] = frozenset()
    """IDs that a get does not find."""
    trouble: Trouble | None = None
    """Why the reading ended early."""
    is_short: bool = False
    """Whether the list showed fewer than it said there are."""
    shown: frozenset[str] = frozenset()
    """The IDs of all that the list showed, of any target."""

    def of(self, target: TargetName) -> Sequence[Live]:
        """The live customizations of a target that were seen."""
        return self.by_target.get(target, ())

    def covers(self, target: TargetName) -> bool:
        """Whether all of a target's was seen."""
        return target not in self.missing

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every ID that was seen live."""
        return frozenset(self.by_id)


class Sighting:
    """What a look has seen so far of its targets, and how many requests it may still take."""

    def __init__(self, service: Service, targets: Collection[TargetName], most: int) -> None:
        self.wanted = dict.fromkeys(targets)
        """The targets, in their order."""
        self.missing = set(targets)
        """Those of which not all was seen."""
        self.found: dict[TargetName, dict[str, Live]] = defaultdict(dict)
        """The live customizations of each target, by ID."""
        self.by_id: dict[str, Live] = {}
        """Those, and the ones that were asked for by their ID."""
        self.samples: dict[TargetName, str] = {}
        """Targets that are known to have a customization, and its ID: by them filters are put to the test."""
        self.trouble: Trouble | None = None
        """Why the reading ended early."""
        self.names_targets = False
        """Whether the list says what its customizations are for."""
        self.listed: set[str] = set()
        """The IDs of all that the list showed, of any target."""
        self._gone, self._short = set[str](), False
        self._service, self._most, self._began = service, most, service.transport.requests

    @property
    def spare(self) -> int:
        """How many more requests may be made."""
        return self._most - (self._service.transport.requests - self._began)

    def take(self, listing: Listing, page: Sequence[Live] | None) -> bool:
        """Take in a page of a listing; whether it goes on."""
        for live in page or ():
            target = live.target
            self.listed.add(live.id)
            if target is None:
                continue
            self.names_targets = True
            if len(self.samples) < SAMPLES:
                self.samples.setdefault(target, live.id)
            if target in self.wanted:
                self.found[target][live.id] = self.by_id[live.id] = live
        # A service may refuse a filter and have a list all the same.
        if listing.trouble is not None and (listing.trouble.kind != "no-list" or not listing.filters.pairs()):
            self.trouble = listing.trouble
        return page is not None

    def end(self, listing: Listing, targets: Iterable[TargetName]) -> None:
        """Note that a listing is complete: what it is about has been seen, unless it lost something."""
        if listing.is_whole:
            self.missing.difference_update(targets)
        elif listing.trouble is None and self.spare > 0:
            self._short = True

    async def get(self, scope_id: str) -> None:
        """Ask for one customization, and take it in."""
        match await get(self._service, scope_id):
            case None:
                self._gone.add(scope_id)
            case Trouble():
                return
            case live:
                self.by_id[scope_id] = live
                for found in self.found.values():
                    if scope_id in found:
                        found[scope_id] = live

    def snapshot(self) -> Snapshot:
        """What it has seen, as a value."""
        trouble = Trouble("stopped") if self._service.shutdown.stopping and self.trouble is None else self.trouble
        return Snapshot(
            {target: list(found.values()) for target, found in self.found.items()},
            self.by_id,
            frozenset(self.missing),
            frozenset(self._gone),
            trouble,
            self._short,
            frozenset(self.listed),
        )
