"""What a run waits for: every wait that people notice is on screen, with its reason and its end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from importer.catalogue.run import WAITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.delivery.clock import ServerClock

NOTICEABLE = 5.0
"""Seconds from which on a wait is said."""


class Waiting:
    """Says waits, each reason once until its time is over."""

    def __init__(self, clock: ServerClock, show: Callable[[str], None]) -> None:
        self._clock = clock
        self._show = show
        self._said: dict[str, float] = {}

    def say(self, reason: str, seconds: float) -> None:
        """Say that the run waits so long, for a reason of the catalogue."""
        now = self._clock.steady()
        if seconds <= NOTICEABLE or self._said.get(reason, 0.0) >= now + seconds - NOTICEABLE:
            return
        self._said[reason] = now + seconds
        until = datetime.fromtimestamp(self._clock.wall() + seconds).astimezone()
        self._show(WAITS[reason].format(until=f"{until:%H:%M:%S}"))
