"""Whether the IDs of a service rise with time, so that they tell which customization is older (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass


def rank(scope_id: str) -> tuple[float, str]:
    """Where an ID stands among others that are counted up or begin with a time: whole numbers, UUIDv7, ULID."""
    return len(scope_id), scope_id


@dataclass(slots=True)
class Ascent:
    """Whether IDs rise with time, as far as a list shows it that goes from the newest on.

    What is of one moment may stand in any order: lists tie by second.
    """

    holds: bool = True
    _moment: float = math.inf
    _lowest: tuple[float, str] = (math.inf, "")
    _bound: tuple[float, str] = (math.inf, "")

    def take(self, scope_id: str, moment: float) -> None:
        """Take in the next customization of the list, and when it was made."""
        if moment < self._moment:
            self._moment, self._bound = moment, self._lowest
        found = rank(scope_id)
        self.holds = self.holds and found < self._bound
        self._lowest = min(self._lowest, found)
