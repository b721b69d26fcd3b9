"""The stations of an update: what is live is read and planned for, then changed to what the sheet says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from importer.catalogue.errors import ERRORS
from importer.catalogue.outcomes import COMMENTS
from importer.delivery import DeliveryRequest, Hooks, run_delivery
from importer.errors import UsageError
from importer.live.apply import carry_out
from importer.live.orders import order_of
from importer.live.update import plan_changes
from importer.model import NotSent

if TYPE_CHECKING:
    from importer.api.signing import ServerClock
    from importer.delivery import Delivered
    from importer.ledger import Ledger
    from importer.live.plan import UpdatePlan
    from importer.run import Run
    from importer.settings import Secret, Settings


def plan_update(
    run: Run, settings: Settings, key: Secret | None, hooks: Hooks | None, ledger: Ledger | None
) -> tuple[Run, ServerClock | None]:
    """The run with what would make what is live what the sheet says, and the server's time as learnt on the way.

    Raises `UsageError` without a tracker or a key.
    """
    if run.tracker is None or key is None:
        raise UsageError(ERRORS["update-key"], code="update-key")
    request = DeliveryRequest(run.tracker, key, settings.sending, run.sheet.file, run.sheet.sha256)
    found = plan_changes(run.sheet, run.scopes, run.plan, request, ledger, hooks or Hooks())
    made = replace(run, plan=found.plan, update=found.update, requests=found.requests, stop=found.stop)
    return made, found.clock


def carry_out_update(run: Run, update: UpdatePlan, request: DeliveryRequest, ledger: Ledger, hooks: Hooks) -> Delivered:
    """Change what is live, then create what is new, as one run."""
    changed = carry_out([order_of(change) for change in update.changes], request, ledger, hooks)
    if changed.stop is not None:
        left = dict.fromkeys(run.plan.due, NotSent(COMMENTS["not-sent"]))
        return replace(changed, outcomes={**changed.outcomes, **left})
    tracker_number = ledger.number_of(request.tracker)
    assert tracker_number is not None  # noqa: S101 - a run of it has begun
    sent = run_delivery(run.scopes, run.plan, replace(request, run=(tracker_number, changed.run)), ledger, hooks)
    notices = tuple(dict.fromkeys((*changed.notices, *sent.notices)))
    requests = changed.requests + sent.requests
    return replace(sent, outcomes={**changed.outcomes, **sent.outcomes}, notices=notices, requests=requests)
