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
    """How the server behaves; may be changed while it runs. Times in seconds.

    `latency` is what every call takes; `slow` how long the faults `slow` and `late` take. `rate_limit` is in
    calls a second, over which a call gets 429; `retry_after` replaces the computed wait in its header, and
    `retry_after_date` spells it as a date. `clock_offset` is how far the server's clock runs ahead;
    `sends_date` whether answers carry `Date`; `headers` go on every answer.

    `edge_offset` is how far the clock of the `Date` in answers runs ahead of the one that judges signatures,
    `list_clock_offset` how far that of the nodes that answer lists does. `created_at` is how that field is spelled,
    `created_offset` how far the clock that makes it runs ahead. A fault `commit-late` takes effect `slow` seconds
    after its connection ended.

    Lists: `list_lag` is how long a new scope stays out of them; `page_cap` the most a page holds; `shape` the
    documented object or a list alone; `respells` whether scopes come back in another spelling of the same content;
    `omits` names fields that do not come back, `list_omits` those that only a get shows; `total` replaces the true
    `pagination.total`. `numbered` gives new customizations whole numbers as IDs, counted up.
    `alters` is whether scopes come back with other content: pins by position, tags in lower case, defaults filled in,
    big numbers rounded, dates without an offset. `frozen_at` is the moment (server's clock) after which a list learns
    nothing new; `empty` makes it show nothing; `ties` has it order what is of one second by chance, anew for each page;
    `loses` names an ID that slips through between two pages; `ignores_sort` gives the oldest first; `ignores_offset`
    the first page for ever; `filters` is what is made of the values of filters: all are `ignored`, one by
    identity finds `nothing`, only the `last` counts, they are `split` at commas, `folded` to lower case, `decoded` once
    too often, `cut` at 64 characters, or lose their last `slash`. `changes` makes up a new customization for each page.
    """

    latency: float = 0.0
    slow: float = 1.0
    rate_limit: float | None = None
    retry_after: float | None = None
    retry_after_date: bool = False
    clock_offset: float = 0.0
    sends_date: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    list_lag: float = 0.0
    page_cap: int = 100
    shape: Literal["paged", "list"] = "paged"
    respells: bool = False
    omits: tuple[str, ...] = ()
    list_omits: tuple[str, ...] = ()
    total: int | None = None
    numbered: bool = False
    edge_offset: float = 0.0
    list_clock_offset: float = 0.0
    created_at: Literal["utc", "naive", "local", "minute", "date", "12-hour"] = "utc"
    created_offset: float = 0.0
    alters: bool = False
    frozen_at: float | None = None
    empty: bool = False
    ties: bool = False
    loses: str | None = None
    ignores_sort: bool = False
    ignores_offset: bool = False
    filters: Literal["heard", "ignored", "nothing", "last", "split", "folded", "decoded", "cut", "slash"] = "heard"
    changes: bool = False


@dataclass(slots=True)
class Seen:
    """One call as the server saw it: never with its signature. `at` is by the monotonic clock.

    `answer` is the status sent or the name of the fault met, "" while it is being answered.
    """

    call: str
    method: str
    path: str
    query: str
    date: str
    at: float
    body: bytes
    answer: str = ""


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
