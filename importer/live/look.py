"""The look before anything is sent, as `import` and `check` take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.live.judgement import Rules, questions, unproven_ids, with_look
from importer.live.reading import denial
from importer.live.search import allowed, look
from importer.live.service import with_service

if TYPE_CHECKING:
    from importer.delivery.clock import ServerClock
    from importer.delivery.interface import DeliveryRequest, Hooks
    from importer.delivery.planning import SendPlan
    from importer.live.judgement import Targeted
    from importer.live.service import Service
    from importer.model import Stop


@dataclass(frozen=True, slots=True)
class Looked:
    """What the look came to."""

    plan: SendPlan
    """With what is live taken into account."""
    requests: int = 0
    """How many requests it took."""
    stop: Stop | None = None
    """Why nothing can be sent: key, address or connection, or people ended it."""
    clock: ServerClock | None = None
    """The server's time as learnt, for what is sent afterwards."""


def look_first(plan: SendPlan, scopes: Targeted, request: DeliveryRequest, hooks: Hooks) -> Looked:
    """Look at what is live of the targets for which it matters. Blocks; Ctrl-C ends it in good order.

    Nothing is asked where nothing is to be sent and no ID is to be confirmed.
    """
    asked = questions(plan, scopes)
    if not asked:
        return Looked(plan)
    options = request.options

    async def work(service: Service) -> Looked:
        # What an export says of so many customizations is worth as many requests as so many creates are.
        exported = sum(bool(scopes.live_versions(number) - {""}) for number in asked)
        most = allowed(len(plan.due) + exported)
        snapshot = await look(service, set(asked.values()), unproven_ids(plan), most)
        stop = service.stop or denial(snapshot.trouble, service)
        if stop is not None:
            return Looked(plan, service.requests, stop, service.clock)
        rules = Rules(options.again, options.create_beside, service.clock.wall())
        return Looked(with_look(plan, snapshot, asked, scopes, rules), service.requests, None, service.clock)

    return with_service(work, request.tracker, request.key, options, hooks)
