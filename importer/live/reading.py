"""What is live: the list page by page, or one customization. Changes nothing; trouble is a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from importer.api import messages
from importer.api.client import BadCertificate, NeverSent
from importer.api.messages import Answer, Page
from importer.delivery.reader import MOST_PAGES, PAGE, STALE_PAGES, Denied
from importer.delivery.shutdown import stop_of
from importer.live.customization import Live, live_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from importer.api.client import Exchange
    from importer.live.service import Service
    from importer.model import Stop


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
    """One reading of the list. What it came to is known once `pages` has ended."""

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
        pairs = self.filters.pairs()
        self._reader = service.reader.filtered(pairs) if pairs else service.reader

    @property
    def is_whole(self) -> bool:
        """Whether it was read to its end and showed as many as there are said to be."""
        return self.complete and (self.total is None or len(self.seen) >= self.total)

    @property
    def pages_left(self) -> int | None:
        """How many more requests the rest takes, by the total and the size of the pages so far; `None` where that
        cannot be told."""
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
        fresh = {each.id: live_of(each) for each in page.items if each.id not in self.seen}
        self.seen.update(fresh)
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
