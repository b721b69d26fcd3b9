"""The requests that carry out changes: gets, PUTs and DELETEs, each let through by its gate, and what answers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.api import messages
from importer.api.client import BadCertificate, InFlight, NeverSent
from importer.api.messages import Answer
from importer.ledger.records import ChangeKind
from importer.live import states
from importer.live.changes import STOPPING
from importer.live.customization import Live
from importer.live.gate import Gate
from importer.live.orders import judged
from importer.live.states import Cancelled, Event, NotSeen, Seen, Standing

if TYPE_CHECKING:
    from importer.api.client import Exchange
    from importer.live.orders import Job
    from importer.live.service import Service

FRESH = 10.0
"""Seconds for which a get counts as fresh while a change waits for its turn."""


class Calls:
    """The requests of one run of changes."""

    def __init__(self, service: Service) -> None:
        self.said = ""
        """What the service says of why it lets nobody in."""
        self._service = service
        self._reads = Gate(service, lambda: service.options.concurrency)
        self._writes = Gate(service, self._most_writes)

    def wake(self) -> None:
        """Wake all that wait for their turn, so that they look again whether it has come."""
        self._reads.wake()
        self._writes.wake()

    async def close(self) -> None:
        """End what was started besides."""
        await self._reads.close()
        await self._writes.close()

    async def look(self, job: Job, wait: float, *, fenced: bool) -> Event:
        """Get the customization after some seconds; `fenced` where an earlier run may have sent something."""
        service = self._service
        if wait > 0:
            service.transport.waiting.say("change" if fenced else "no-answer", wait)
            await service.shutdown.sleep(wait)
        request = messages.fetch(service.path, job.state.id)
        if request is None:
            return states.Unmakeable("unreadable")
        if not await self._reads.enter():
            return Cancelled()
        event: Event = NotSeen()
        try:
            job.looked = service.clock.steady()
            found = await service.transport.ask(request, scope=_number(job))
            event = Cancelled() if found is None else self._seen(job, found)
        finally:
            throttled = isinstance(event, NotSeen) and event.throttled
            usable = None if throttled or isinstance(event, Cancelled) else not isinstance(event, NotSeen)
            self._reads.leave(usable=usable)
        return event

    def _seen(self, job: Job, found: Exchange) -> Event:  # noqa: PLR0911 - a case each
        """What a get says."""
        match found:
            case NeverSent(why="proxy-auth") | Answer(status=407):
                return NotSeen("proxy")
            case Answer(status=401 | 403 as status):
                self.said = messages.diagnostics(found)
                return NotSeen(STOPPING[status])
            case Answer(status=status) if 300 <= status < 400:
                return NotSeen("redirect")
            case Answer(status=404) if messages.is_object(found):
                return Seen(Standing.GONE, job.looked)
            case Answer(status=200, body=bytes(body)):
                fields = messages.scope_of(found, job.state.id)
                return NotSeen() if fields is None else judged(job, Live(job.state.id, fields), body)
            case BadCertificate():
                return NotSeen("certificate")
            case _:
                return NotSeen(throttled=isinstance(found, Answer) and found.status == 429)

    async def send(self, job: Job) -> Event:
        """Send the PUT or DELETE once its turn comes."""
        service = self._service
        if not await self._writes.enter():
            return Cancelled()
        event: Event = states.Lost()
        status = 0
        try:
            if not (service.transport.is_free() or await service.transport.turn()):
                event = Cancelled()
            elif service.clock.steady() - job.looked > FRESH and not job.state.aired:
                event = states.Stale()
            else:
                event, status = await self._exchange(job)
        finally:
            self._writes.leave(usable=_usable(event), status=status)
        return event

    async def _exchange(self, job: Job) -> tuple[Event, int]:
        service = self._service
        path, scope_id = service.path, job.state.id
        deletes = job.state.kind is ChangeKind.DELETE
        request = (
            messages.deletion(path, scope_id) if deletes else messages.replacement(path, scope_id, job.body or b"")
        )
        assert request is not None  # noqa: S101 - a get of the same ID was made
        job.flight = InFlight()
        attempt = job.state.sent + job.state.refused + job.state.missed + 1
        reply = await service.transport.exchange(request, job.flight, scope=_number(job), attempt=attempt)
        if service.hooks.probe is not None:
            service.hooks.probe("after-answer")
        job.flight = None
        match reply.exchange:
            case Answer(status=status) as answer:
                if status in STOPPING:
                    self.said = messages.diagnostics(answer)
                reason, details = messages.refusal(answer) if 400 <= status < 500 else ("", None)
                own = messages.is_object(answer)
                return states.Answered(status, own, reply.clock_explains, reason, details), status
            case NeverSent():
                return states.NeverLeft(), 0
            case BadCertificate():
                return states.CertificateRejected(), 0
            case _:
                return states.Lost(), 0

    def _most_writes(self) -> int:
        """How many may be on their way, as far as the pace and the clock have a say."""
        transport = self._service.transport
        if self._service.steering.paused:
            return 0
        alone = transport.creates.refused or bool(transport.clock.unsettled & {"replace", "delete"})
        return 1 if alone else self._service.options.concurrency


def _number(job: Job) -> int:
    return -1 if job.order is None else job.order.number


def _usable(event: Event) -> bool | None:
    """Whether an answer to a PUT or DELETE shows that the service works; `None` where it says nothing of that."""
    match event:
        case states.Answered(status=429) | states.Stale() | Cancelled():
            return None
        case states.Answered(status=status, own=own):
            return status < 500 and status != 408 and (own or status == 204 or status >= 300)
        case _:
            return False
