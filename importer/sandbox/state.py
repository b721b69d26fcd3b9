"""How one stand-in server is to behave, and what it remembers."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Literal

from importer.sandbox.faults import FAULTS, Arrival, Fault, Plan, no_faults
from importer.sandbox.store import Record, Store
from importer.sandbox.throttle import Throttle


@dataclass(slots=True)
class Behaviour:
    """How the server behaves; may be changed while it runs. Times in seconds."""

    latency: float = 0.0
    """What every call takes."""
    slow: float = 1.0
    """How long the faults `slow` and `late` take, and after how long `commit-late` takes effect."""
    rate_limit: float | None = None
    """Calls a second; more than these get 429."""
    retry_after: float | None = None
    """Replaces the computed wait in the `Retry-After` header."""
    retry_after_date: bool = False
    """Whether that header is spelled as a date."""
    clock_offset: float = 0.0
    """How far the server's clock runs ahead."""
    sends_date: bool = True
    """Whether answers carry `Date`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of every answer."""
    list_lag: float = 0.0
    """How long a new customization stays out of lists."""
    page_cap: int = 100
    """The most that a page of a list holds."""
    shape: Literal["paged", "list"] = "paged"
    """Whether a list comes as the documented object, or as a list alone."""
    respells: bool = False
    """Whether customizations come back in another spelling of the same content."""
    omits: tuple[str, ...] = ()
    """Fields that do not come back."""
    list_omits: tuple[str, ...] = ()
    """Fields that only a get shows."""
    total: int | None = None
    """Replaces the true `pagination.total`."""
    numbered: bool = False
    """Whether new customizations get whole numbers as IDs, counted up."""
    edge_offset: float = 0.0
    """How far the clock of the `Date` in answers runs ahead of the one that judges signatures."""
    list_clock_offset: float = 0.0
    """How far the clock of the nodes that answer lists runs ahead."""
    created_at: Literal["utc", "naive", "local", "minute", "date", "12-hour"] = "utc"
    """How the field `created_at` is spelled."""
    created_offset: float = 0.0
    """How far the clock that makes it runs ahead."""
    alters: bool = False
    """Whether customizations come back with other content: pins by position, tags in lower case, defaults filled in,
    big numbers rounded, dates without an offset."""
    frozen_at: float | None = None
    """The moment, by the server's clock, after which a list learns nothing new."""
    empty: bool = False
    """Whether lists show nothing."""
    ties: bool = False
    """Whether a list orders by chance what is of one second, differently for each page."""
    loses: str | None = None
    """An ID that slips through between two pages."""
    ignores_sort: bool = False
    """Whether lists begin with the oldest."""
    ignores_offset: bool = False
    """Whether lists repeat the first page for ever."""
    filters: Literal["heard", "ignored", "nothing", "last", "split", "folded", "decoded", "cut", "slash"] = "heard"
    """What the server makes of the values of filters: all are `ignored`, one by identity finds `nothing`, only the
    `last` counts, they are `split` at commas, `folded` to lower case, `decoded` once too often, `cut` at 64
    characters, or lose their last `slash`."""
    changes: bool = False
    """Whether a new customization appears before each page of a list."""


@dataclass(slots=True)
class Seen:
    """One call as the server saw it: never with its signature."""

    call: str
    """Which call: `create`, `list` and so on."""
    method: str
    path: str
    query: str
    """The query as sent, not decoded."""
    date: str
    """The header `Date` as sent."""
    at: float
    """When it came, by the monotonic clock."""
    body: bytes
    """The bytes that were sent."""
    answer: str = ""
    """The status sent or the name of the fault met, "" while it is being answered."""


@dataclass(slots=True)
class State:
    """One server's settings and memory."""

    tracker_id: str
    private_key: str
    behaviour: Behaviour = field(default_factory=Behaviour)
    faults: Plan = no_faults
    clock: Callable[[], float] = time.time
    store: Store = field(default_factory=Store)
    log: list[Seen] = field(default_factory=list)
    in_flight: int = 0
    peak_in_flight: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    throttle: Throttle = field(default_factory=Throttle)
    late: set[asyncio.Task[None]] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)

    def now(self) -> float:
        """The server's own clock, in seconds since 1970."""
        return self.clock() + self.behaviour.clock_offset

    def keep(
        self, raw: bytes, body: Mapping[str, Any], *, age: float = 0.0, lag: float = 0.0, creator: str = "sandbox"
    ) -> Record:
        """Keep a new customization as if it had been made `age` seconds ago; lists show it after `lag` seconds."""
        numbered = self.behaviour.numbered
        return self.store.add(raw, body, now=self.now() - age, lag=lag, creator=creator, numbered=numbered)

    def fault_for(self, call: str, body: bytes) -> Fault | None:
        """Count a call that has come in, and say what goes wrong with it."""
        self._counts[call] += 1
        name = self.faults(Arrival(call, self._counts[call], body))
        return FAULTS[name] if name else None

    async def pause(self, seconds: float | None) -> None:
        """Wait that long (`None`: for ever), or until the server lets go."""
        try:
            await asyncio.wait_for(self.released.wait(), seconds)
        except TimeoutError:
            return

    def retry_after(self, wait: float) -> str:
        """The `Retry-After` header for a wait in seconds, in the spelling that the behaviour asks for."""
        asked = self.behaviour.retry_after
        seconds = math.ceil(wait) if asked is None else asked
        if self.behaviour.retry_after_date:
            return formatdate(math.ceil(self.now() + seconds), usegmt=True)
        return f"{seconds:g}"

    def calls(self, call: str) -> list[Seen]:
        """The calls of one kind, in order of arrival."""
        return [seen for seen in self.log if seen.call == call]
