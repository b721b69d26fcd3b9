"""What a delivery is given and what it gives back."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from importer.api.signing import ServerClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from importer.api.messages import Call
    from importer.delivery.shutdown import Steering
    from importer.model import Notice, Outcome, Stop
    from importer.settings import Secret, SendOptions, Tracker


@dataclass(frozen=True, slots=True)
class DeliveryRequest:
    """What is to be sent where."""

    tracker: Tracker
    key: Secret
    options: SendOptions
    file: str = ""
    """The sheet's name, for the ledger's list of runs."""
    sha256: str = ""
    """The sheet's hash, for the same."""
    run: tuple[int, int] | None = None
    """The tracker's number and the run's in the ledger, where this is a part of a run; `None` begins one."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request, for the lines of `--verbose`. It holds no secrets."""

    when: datetime
    call: Call
    scope: int
    """The scope's number, -1 for a request about none."""
    attempt: int
    status: int | None
    """The answer's, or `None` with `why` it has none."""
    why: str
    milliseconds: float


_log = logging.getLogger("importer")


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a delivery calls, and the clocks and the jitter it uses.

    Words for people go to the logger `importer` where nobody else takes them.
    """

    watch: Callable[[int, Outcome], None] | None = None
    """Gets each outcome once it is durable."""
    attempt: Callable[[Attempt], None] | None = None
    """Gets each request."""
    alarm: Callable[[str], None] = _log.critical
    """Gets IDs that could not be written to the ledger, as lines ready to show."""
    waits: Callable[[str], None] = _log.info
    """Gets what the run waits for and until when, and what it found before sending, as lines ready to show."""
    steer: Callable[[Steering], None] | None = None
    """Gets what a person can do with the run once it has begun: pause, go on, stop."""
    probe: Callable[[str], None] | None = None
    """Gets the names of the moments at which a fault would matter most."""
    clock: Callable[[], ServerClock] = ServerClock
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the scopes that were to be delivered, by number."""

    outcomes: Mapping[int, Outcome] = field(repr=False)
    stop: Stop | None = None
    """Why it ended early, if it did."""
    notices: tuple[Notice, ...] = ()
    run: int = 0
    """The run's number in the ledger."""
    skew: float = 0.0
    """How many seconds the server's clock is ahead, 0 where that did not matter."""
    requests: int = 0
