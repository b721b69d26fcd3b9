"""Scopes to outcomes: nothing lost, nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importer.delivery.judging import Earlier, judge
from importer.delivery.ledger import Ledger
from importer.delivery.stopping import Stopper
from importer.delivery.wiring import Attempt, Delivered, Errand, Hooks

if TYPE_CHECKING:
    from importer.delivery.delivering import deliver, run_delivery

__all__ = [
    "Attempt",
    "Delivered",
    "Earlier",
    "Errand",
    "Hooks",
    "Ledger",
    "Stopper",
    "deliver",
    "judge",
    "run_delivery",
]


def __getattr__(name: str) -> Any:
    """Load what sends when it is first asked for: a check asks nobody, and aiohttp costs a fifth of a second."""
    if name in {"deliver", "run_delivery"}:
        from importer.delivery import delivering  # noqa: PLC0415

        return getattr(delivering, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
