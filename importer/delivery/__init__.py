"""Scopes to outcomes: nothing lost, nothing twice."""

from importer.delivery.delivering import deliver, run_delivery
from importer.delivery.judging import Earlier, judge
from importer.delivery.ledger import Ledger
from importer.delivery.stopping import Stopper
from importer.delivery.wiring import Attempt, Delivered, Errand, Hooks

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
