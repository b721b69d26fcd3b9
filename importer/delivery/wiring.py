"""What a delivery is given and what it gives back."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from importer.delivery.clock import ServerClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from importer.model import Notice, Outcome, Stop
    from importer.settings import Secret, SendOptions, Target


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be sent where: `file` and `sha256` name the sheet in the ledger's list of runs."""

    target: Target
    key: Secret
    options: SendOptions
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request, for the lines of `--verbose`. It holds no secrets.

    `scope` is the scope's number, -1 for a request about none. `status` is the answer's, or `None` with `why` it has
    none.
    """

    when: datetime
    call: Literal["create", "list", "get"]
    scope: int
    attempt: int
    status: int | None
    why: str
    milliseconds: float


def _nothing(_: object) -> None:
    """Do nothing."""


def _watch_nothing(_: int, __: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a delivery calls, and the clocks and the luck it uses.

    `watch` gets each outcome once it is durable; `attempt` each request; `alarm` IDs that could not be written to the
    ledger, as lines ready to show; `probe` the names of the moments at which a fault would matter most.
    """

    watch: Callable[[int, Outcome], None] = _watch_nothing
    attempt: Callable[[Attempt], None] | None = None
    alarm: Callable[[str], None] = _nothing
    probe: Callable[[str], None] | None = None
    clock: Callable[[], ServerClock] = ServerClock
    luck: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the scopes that were to be delivered, by number; why it ended early, if it did.

    `skew` is how many seconds the server's clock is ahead, 0 where that did not matter; `requests` counts all.
    """

    outcomes: Mapping[int, Outcome] = field(repr=False)
    stop: Stop | None = None
    notices: tuple[Notice, ...] = ()
    skew: float = 0.0
    requests: int = 0
    throttled: int = field(default=0)
