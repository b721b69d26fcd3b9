"""Scopes to outcomes: nothing lost, nothing twice.

A scope's good day: `planning` says that it is due, `jobs` takes it up, `machine` starts its life, the ledger's writer
makes the intent durable, a worker of the `dispatcher` takes it out of the queue, `transport` sends it at the pace of
`pacing`, the machine says what the answer means, the writer makes that durable.

    interface    what a delivery is given and gives back        run          the order in which the parts work and end
    planning     what is known before sending (pure)            dispatcher   does what the machine says; owns all counts
    states       phases, events, actions                        jobs         scopes on their way, and which is next
    machine      a scope's whole life (pure)                    transport    every request: paced, timed; says its waits
    reader       reads the list, gives values back              pacing       rate, pauses, back-off, circuit (pure)
    readings     what an absence is worth (pure)                trouble      a service that is gone, or another one
    reconcile    what is new in the list, and whose (pure)      shutdown     Ctrl-C, SIGTERM, a reason; pauses
    contents     how two customizations are compared (pure)     ascent       whether IDs tell their age (pure)

Sources, readers and the ledger's writer give values back; the dispatcher alone applies them. What was sent is
remembered in `importer.ledger`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importer.delivery.interface import Attempt, Delivered, DeliveryRequest, Hooks
from importer.delivery.planning import SendPlan, plan_sending
from importer.delivery.shutdown import Shutdown

if TYPE_CHECKING:
    from importer.delivery.run import deliver, run_delivery

__all__ = [
    "Attempt",
    "Delivered",
    "DeliveryRequest",
    "Hooks",
    "SendPlan",
    "Shutdown",
    "deliver",
    "plan_sending",
    "run_delivery",
]


def __getattr__(name: str) -> Any:
    """Load what sends when it is first asked for: a check asks nobody, and aiohttp costs a fifth of a second."""
    if name in {"deliver", "run_delivery"}:
        from importer.delivery import run  # noqa: PLC0415

        found = globals()[name] = getattr(run, name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
