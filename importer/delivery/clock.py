"""The server's time, as best known on this machine. Pure but for the two clocks that it is given."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NOTICEABLE = 2.0
"""Seconds of difference from which the server's clock is followed; less is its Date's own coarseness."""

JUMP = 1.0
"""Seconds by which the wall clock may part from the monotonic one before the difference is measured anew."""


class ServerClock:
    """This machine's clock, corrected by what the server's `Date` says.

    `offset` is how many seconds the server is ahead. `measured` is whether a `Date` has confirmed it since the start
    or the last jump of this machine's clock, `settled` whether any answer came since such a jump. `corrections`
    counts the changes of the offset, `jumps` those of this machine's clock.
    """

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._steady = steady
        self.settled = True
        self._anchor = wall() - steady()
        self.offset = 0.0
        self.measured = False
        self.corrections = 0
        self.jumps = 0

    def now(self) -> float:
        """The server's time in Unix seconds, as best known."""
        wall, steady = self._wall(), self._steady()
        if abs(wall - steady - self._anchor) > JUMP:
            # A sleeping laptop stops the steady clock, a corrected clock moves the wall: the server will tell which.
            self._anchor = wall - steady
            self.measured = False
            self.settled = False
            self.jumps += 1
        return self._anchor + steady + self.offset

    def steady(self) -> float:
        """A clock for durations, in seconds."""
        return self._steady()

    def wall(self) -> float:
        """This machine's own clock, in Unix seconds."""
        return self._wall()

    def learn(self, date: float | None, sent: float, received: float) -> None:
        """Take in the `Date` of an answer, whose request went out at `sent` and which came at `received` (steady).

        The server made the date somewhere between the two, and cut it to whole seconds.
        """
        self.now()
        self.settled = True
        if date is None:
            return
        lowest = date - (self._anchor + received)
        highest = date + 1.0 - (self._anchor + sent)
        seen = (lowest + highest) / 2
        off = abs(seen - self.offset)
        if off >= NOTICEABLE and not lowest <= self.offset <= highest:
            self.offset = seen
            self.corrections += 1
        self.measured = True
