"""Reads the server's list, page by page, and gives back what it says. Changes nothing, decides nothing of a scope."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from importer.api import messages
from importer.api.client import BadCertificate, Exchange, NeverSent
from importer.api.messages import Answer, Listed, Page
from importer.delivery.ascent import Ascent, rank
from importer.delivery.readings import ENOUGH, KnownIds, Pass, Wanted, is_enough, missing_of
from importer.delivery.reconcile import judge, judge_missing, may_matter
from importer.delivery.states import Absent, Event, ListUnavailable, Proof
from importer.ledger import Baseline

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from importer.api.messages import Request

PAGE = 100
MOST_PAGES = 10_000
PAIRS = 5
"""How often two passes may differ before sending pauses for one pair."""

STALE_PAGES = 3
"""Pages in a row without anything new after which a list does not page as asked."""

MOST_GETS = 10
"""IDs of a baseline that a reading did not show and that are asked for one by one, at most."""

NOBODY = "00000000-0000-0000-0000-000000000000"
"""The ID of no customization: a get of it changes nothing, and 404 says that key and clock are right."""

_NO_LIST = frozenset({401, 403, 404, 405, 410, 501})


class Denied(NamedTuple):
    """The first reading shows that nothing can be sent: a stop's code, and what the server says of why."""

    stop: str
    said: str = ""


@dataclass(slots=True)
class _Reading:
    """A pass that is under way."""

    began: float
    positions: dict[str, int] = field(default_factory=dict)
    items: list[Listed] = field(default_factory=list)
    total: int | None = None
    falls: bool = True
    """Whether no customization was made later than the one before it."""
    newest: float = float("-inf")
    oldest: float = float("inf")
    ascent: Ascent = field(default_factory=Ascent)

    def take(self, page: Page, keep: Callable[[Listed], bool]) -> bool:
        """Take in a page; whether anything of it is new."""
        if not self.positions:
            self.total = page.total
        before = len(self.positions)
        for listed in page.items:
            if listed.id in self.positions:
                continue
            self.positions[listed.id] = len(self.positions)
            created_at = listed.fields.get("created_at")
            moment = messages.instant_of(created_at) if isinstance(created_at, str) else None
            self.falls = self.falls and moment is not None and moment <= self.oldest
            if moment is not None:
                self.newest, self.oldest = max(self.newest, moment), moment
                self.ascent.take(listed.id, moment)
            if keep(listed):
                self.items.append(listed)
        return len(self.positions) > before

    def ended(self, *, complete: bool = False) -> Pass:
        """What was read so far. Where all were made at the same time, nothing shows which way the list goes."""
        newest_first = self.falls and self.newest > self.oldest
        ids_rise = newest_first and self.ascent.holds
        return Pass(self.began, self.positions, self.items, self.total, complete, newest_first, ids_rise)


class ListReader:
    """The list of one tracker, asked through `ask`, which gives `None` where the run is to end instead."""

    def __init__(
        self,
        path: str,
        ask: Callable[[Request], Awaitable[Exchange | None]],
        steady: Callable[[], float],
        filters: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._path = path
        self._ask = ask
        self._steady = steady
        self._filters = filters
        self._limit = PAGE
        self._newest_first = True
        self._at_hand: Exchange | None = None

    def filtered(self, filters: Sequence[tuple[str, str]]) -> ListReader:
        """A reader of what fits the filters, which asks as this one has learnt to ask."""
        reader = ListReader(self._path, self._ask, self._steady, filters)
        reader._limit, reader._newest_first = self._limit, self._newest_first
        return reader

    # ── The first reading ───────────────────────────────────────────────────────────────────────────────

    async def open(self) -> Baseline | ListUnavailable | Denied:
        """Read what is live before anything is sent; find out whether key and clock are right and there is a list."""
        return await self.check() or await self.baseline()

    async def check(self) -> ListUnavailable | Denied | None:
        """Ask for the first page: whether key and clock are right, and how the list wants to be asked. The page itself
        is the next one that is read."""
        found = await self._ask(self._request(0))
        denied = await self._denied(found)
        if denied is not None:
            return denied
        if isinstance(found, Answer) and found.status != 429 and found.status < 500 and messages.page(found) is None:
            self._newest_first = False
        else:
            self._at_hand = found
        return None

    async def _denied(self, found: Exchange | None) -> Denied | ListUnavailable | None:
        match found:
            case BadCertificate():
                return Denied("certificate")
            case NeverSent(why):
                return Denied("proxy" if why == "proxy-auth" else "network")
            case Answer(status=407):
                return Denied("proxy", messages.diagnostics(found))
            case Answer(status=401 | 403 as status):
                request = messages.fetch(self._path, NOBODY)
                probe = await self._ask(request) if request is not None else None
                if isinstance(probe, Answer) and probe.status == 404:
                    return ListUnavailable(forever=True)
                said = messages.diagnostics(probe if isinstance(probe, Answer) else found)
                return Denied("key" if status == 401 else "forbidden", said or messages.diagnostics(found))
        return None

    async def baseline(self) -> Baseline | ListUnavailable:
        """The IDs that are live now: all, or the newest hundred where the list is newest first."""
        last: Pass | None = None
        for _ in range(PAIRS):
            read = await self._read(lambda _: False, _enough_for_a_baseline)
            if isinstance(read, ListUnavailable):
                return read
            if not read.complete or read.total == len(read.positions):
                oldest = min(read.positions, key=rank) if read.ids_rise and not read.complete else None
                return Baseline(frozenset(read.positions), read.total, read.complete, oldest)
            # It lost a row, or does not say how many there are: what two passes show is what there is.
            if last is not None and read.total is None and last.positions.keys() == read.positions.keys():
                return Baseline(frozenset(read.positions), None, complete=True)
            last = read
        return ListUnavailable(forever=True)

    # ── Looking for scopes ──────────────────────────────────────────────────────────────────────────────

    async def look(
        self,
        wanted: Sequence[Wanted],
        known: KnownIds,
        hold: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> list[Event]:
        """Look for scopes, all in the same reading: an event for each.

        One pass finds what is there; only an absence that would count takes a second one. `hold` keeps everything from
        being sent while its context lasts.
        """

        def enough(read: Pass) -> bool:
            """Whether everything wanted is answered, so that reading may end."""
            return all(is_enough(each, read, known) for each in wanted)

        def keep(listed: Listed) -> bool:
            """Whether anything wanted may need this entry."""
            return may_matter(wanted, listed, known)

        first = await self._read(keep, enough)
        if isinstance(first, ListUnavailable):
            return [first] * len(wanted)
        events: list[Event] = [judge(each, [first], known) for each in wanted]
        if not any(_counts(each, event, first) for each, event in zip(wanted, events, strict=True)):
            return events
        wanted = await self._without_gone(wanted, first)
        for trial in range(PAIRS + 1):
            async with hold() if trial == PAIRS else nullcontext():
                if trial == PAIRS:
                    fresh = await self._read(keep, enough)
                    first = fresh if isinstance(fresh, Pass) else first
                second = await self._read(keep, enough)
            if isinstance(second, ListUnavailable):
                return [second if isinstance(event, Absent) else event for event in events]
            events = [
                judge(each, [first, second], known) if isinstance(event, Absent) else event
                for each, event in zip(wanted, events, strict=True)
            ]
            if not any(isinstance(event, Absent) and event.proof is Proof.UNSTABLE for event in events):
                break
            first = second
        return events

    async def look_for_ids(self, ids: Sequence[str], known: KnownIds) -> list[Event]:
        """Look for customizations that a get did not find, in two passes to the end: an event for each."""
        passes: list[Pass] = []
        for _ in range(2):
            read = await self._read(lambda _: False, lambda _: False)
            if isinstance(read, ListUnavailable):
                return [read] * len(ids)
            passes.append(read)
        return [judge_missing(each, passes, known) for each in ids]

    async def _without_gone(self, wanted: Sequence[Wanted], read: Pass) -> list[Wanted]:
        missing = frozenset[str]().union(*(missing_of(each, read) for each in wanted))
        gone = set()
        for scope_id in sorted(missing) if len(missing) <= MOST_GETS else ():
            request = messages.fetch(self._path, scope_id)
            found = await self._ask(request) if request is not None else None
            if isinstance(found, Answer) and found.status == 404:
                gone.add(scope_id)
        return [replace(each, gone=frozenset(gone)) for each in wanted]

    # ── Pages ───────────────────────────────────────────────────────────────────────────────────────────

    async def _read(self, keep: Callable[[Listed], bool], enough: Callable[[Pass], bool]) -> Pass | ListUnavailable:
        """One pass, until it is enough or there are no more pages."""
        reading, received, stale = _Reading(self._steady()), 0, 0
        for number in range(1, MOST_PAGES + 1):
            page = await self.page(received)
            if isinstance(page, ListUnavailable):
                return page
            fresh = reading.take(page, keep)
            stale = 0 if fresh else stale + 1
            received += len(page.items)
            if not page.items or (not fresh and page.total == len(reading.positions)):
                return reading.ended(complete=True)
            # Of many pages not each one is a reason to look again at all before it.
            if stale >= STALE_PAGES or (number % (1 + number // 16) == 0 and enough(reading.ended())):
                break
        return reading.ended()

    async def page(self, offset: int) -> Page | ListUnavailable:
        """The page that begins there; it is shorter where the service gives fewer than are asked for."""
        found, self._at_hand = self._at_hand or await self._ask(self._request(offset)), None
        cuts = 0
        while (
            isinstance(found, Answer) and found.status == 200 and found.body is None and (not cuts or self._limit > 1)
        ):
            if cuts:
                self._limit = max(1, self._limit // 5)  # it is larger than is taken
            cuts += 1  # the first time, it may have broken off, which the next one need not do
            found = await self._ask(self._request(offset))
        if not isinstance(found, Answer) or found.status in {408, 429} or (found.status >= 500 and found.status != 501):
            return ListUnavailable(forever=False)
        page = messages.page(found) if found.status == 200 else None
        if page is not None:
            return page
        return ListUnavailable(forever=found.status in _NO_LIST or found.body is not None)

    def _request(self, offset: int) -> Request:
        return messages.listing(
            self._path, limit=self._limit, offset=offset, newest_first=self._newest_first, filters=self._filters
        )


def _enough_for_a_baseline(read: Pass) -> bool:
    return read.newest_first and len(read.positions) >= ENOUGH


def _counts(wanted: Wanted, event: Event, read: Pass) -> bool:
    """Whether an absence would have the scope sent again, so that it takes a second pass."""
    return isinstance(event, Absent) and event.proof is not Proof.NO_BASELINE and read.began >= wanted.due
