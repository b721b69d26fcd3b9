"""What the server's own list says of a scope of unknown fate. Reads only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from importer.api import messages
from importer.api.messages import Answer, Given, Page
from importer.columns import METADATA
from importer.delivery.life import Absent, Ambiguous, Found, Listless, Proof
from importer.delivery.machine import SKEW
from importer.delivery.records import fingerprint
from importer.projection import canonical_projection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from importer.api.messages import Request
    from importer.settings import Target

PAGE = 100
MOST_PAGES = 10_000
MOST_PASSES = 5
NO_LIST = frozenset({401, 403, 404, 405, 410, 501})


class Match(NamedTuple):
    """A scope of the list with the content that was looked for."""

    given: Given
    created: float | None


class Pass(NamedTuple):
    """One reading of all pages. `date` is the server's clock at the first of them."""

    ids: frozenset[str]
    matches: tuple[Match, ...]
    date: float | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: its filters and fingerprint, the IDs that are known to be others', and since when it can
    (`earliest`) and must (`latest`) be this scope's own, in the server's Unix seconds. `bare` is the fingerprint
    without `target_metadata`, for a server whose list leaves that field out."""

    filters: Mapping[str, str]
    fingerprint: bytes
    claimed: frozenset[str]
    earliest: float
    latest: float
    bare: bytes = b""


def sorted_out(matches: Sequence[Match], wanted: Wanted) -> Found | Ambiguous | None:
    """What the matches of one pass say: it is there, it cannot be told, or it is not there."""
    free = [match for match in matches if match.given.id not in wanted.claimed]
    likely = [match for match in free if match.created is None or match.created >= wanted.earliest - SKEW]
    certain = [match for match in likely if match.created is not None and match.created >= wanted.latest - SKEW]
    if len(likely) == len(certain) == 1:
        return Found(certain[0].given)
    return Ambiguous() if likely else None


class List:
    """The list of one tracker, asked through `ask`, which gives an answer, or `None` where none was to be had."""

    def __init__(self, path: str, target: Target, ask: Callable[[Request], Awaitable[Answer | None]]) -> None:
        self._path = path
        self._target = target
        self._ask = ask
        self._missing = False

    async def look(self, wanted: Wanted) -> Found | Ambiguous | Absent | Listless:
        """Look for a scope. `Absent` takes two passes that agree, and leaves its proof to be filled in."""
        last: Pass | None = None
        for _ in range(MOST_PASSES):
            found = await self.read(wanted)
            if isinstance(found, Listless):
                return found
            verdict = sorted_out(found.matches, wanted)
            if verdict is not None:
                return verdict
            if last is not None and last.ids == found.ids:
                return Absent(last.date, Proof.PENDING)
            last = found
        return Listless(forever=False)

    async def read(self, wanted: Wanted) -> Pass | Listless:
        """All pages, once."""
        if self._missing:
            return Listless(forever=True)
        ids: set[str] = set()
        matches: list[Match] = []
        received, date = 0, None
        for number in range(MOST_PAGES):
            answer = await self._ask(messages.listing(self._path, wanted.filters, limit=PAGE, offset=received))
            page = self._page(answer)
            if isinstance(page, Listless):
                return page
            if number == 0 and answer is not None:
                date = answer.date
            fresh = {str(item["id"]) for item in page.items} - ids
            matches += self._matches(page, fresh, wanted)
            ids |= fresh
            received += len(page.items)
            if not page.items or (not fresh and page.total == len(ids)):
                return Pass(frozenset(ids), tuple(matches), date)
            if not fresh:
                # The same page again: the server does not page as asked, and what it holds back is not known.
                break
        return Pass(frozenset(ids), tuple(matches), date) if matches else Listless(forever=True)

    def _page(self, answer: Answer | None) -> Page | Listless:
        if answer is None or answer.status in {408, 429} or (answer.status >= 500 and answer.status != 501):
            return Listless(forever=False)
        if answer.status in NO_LIST:
            self._missing = True
        page = messages.page(answer) if answer.status == 200 else None
        return page if page is not None else Listless(forever=answer.body is not None)

    def _matches(self, page: Page, fresh: set[str], wanted: Wanted) -> list[Match]:
        found = []
        for item in page.items:
            scope_id = str(item["id"])
            looked_for = wanted.fingerprint if METADATA in item else wanted.bare or wanted.fingerprint
            if scope_id in fresh and self._print(item) == looked_for:
                created_at = item.get("created_at")
                created_at = created_at if isinstance(created_at, str) else None
                found.append(Match(Given(scope_id, created_at), messages.instant_of(created_at)))
        return found

    def _print(self, item: Mapping[str, Any]) -> bytes:
        try:
            return fingerprint(self._target, canonical_projection(item))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return hashlib.sha256(b"").digest()
