"""IDs that cannot be those of a customization that is being made, because it was there before (pure).

An answer that names one of them is about another customization, whatever else it says.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set

    from importer.ledger import Baseline


class EarlierIds:
    """What one run knows of earlier IDs, without asking for it."""

    def __init__(self, claimed: Set[str], live: Set[str]) -> None:
        self._claimed = claimed
        self._live = live
        self.first: Baseline | None = None
        """What was live when this run began, as far as it was read."""

    def hold(self, scope_id: str, baseline: Baseline | None) -> bool:
        """Whether an ID is a scope's already, or was live before a create with that baseline was sent."""
        if scope_id in self._claimed or scope_id in self._live:
            return True
        at_first = self.first is not None and self.first is not baseline and was_there(scope_id, self.first)
        return at_first or (baseline is not None and was_there(scope_id, baseline))


def was_there(scope_id: str, baseline: Baseline) -> bool:
    """Whether an ID is of the baseline, or older than all of it, where IDs tell their age."""
    oldest = baseline.oldest
    return scope_id in baseline.ids or (oldest is not None and rank(scope_id) < rank(oldest))


def rank(scope_id: str) -> tuple[float, str]:
    """Where an ID stands among others that are counted up or begin with a time: whole numbers, UUIDv7, ULID."""
    return len(scope_id), scope_id


class Ascent:
    """Whether IDs rise with time, as far as a list shows it that goes from the newest on.

    What is of one moment may stand in any order: lists tie by second.
    """

    def __init__(self) -> None:
        self.holds = True
        self._moment = math.inf
        self._lowest = self._bound = (math.inf, "")

    def take(self, scope_id: str, moment: float) -> None:
        """Take in the next customization of the list, and when it was made."""
        if moment < self._moment:
            self._moment, self._bound = moment, self._lowest
        found = rank(scope_id)
        self.holds = self.holds and found < self._bound
        self._lowest = min(self._lowest, found)
