"""Whether a shop's key, clock and tracker work: signed calls that read, and change nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from importer.api import messages
from importer.api.client import BadCertificate, Exchange, NeverSent
from importer.api.messages import Answer
from importer.api.signing import ServerClock
from importer.catalogue.shops import ACCESS, SAID
from importer.delivery.reader import NOBODY
from importer.live.service import Service, open_service
from importer.settings import Secret, SendOptions, Tracker


class Door(NamedTuple):
    """What is asked for: a tracker, and the key that should open it."""

    tracker: Tracker
    """The tracker."""
    key: Secret
    """Its key."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a shop's service says of its access. `None` is what is not known."""

    works: bool | None
    """Whether all is right."""
    message: str
    """What is right or wrong, and what to do, in one or two sentences."""
    key: bool | None = None
    """Whether the service accepts the key's signatures."""
    tracker: bool | None = None
    """Whether the service knows the tracker."""
    clock_off: float | None = None
    """By how many seconds the service's clock is ahead of this computer's, as far as that matters to signatures."""
    lists: bool | None = None
    """Whether the service shows its list of customizations."""


def failed(code: str, said: str = "", **facts: object) -> Access:
    """Access that does not work, for a reason of the catalogue."""
    text = ACCESS[code].format(**facts)
    wrong = {"key": {"key": False}, "forbidden": {"key": False, "clock_off": 0.0}, "tracker": {"tracker": False}}
    access = Access(works=False, message=f"{text} {SAID.format(text=said)}" if said else text)
    return replace(access, **wrong.get(code, {}))  # type: ignore[arg-type]


def ask(doors: Sequence[Door], options: SendOptions, clock: Callable[[], ServerClock] = ServerClock) -> list[Access]:
    """Whether each works, all asked at once. It ends within the time that an answer may take (`options.timeout`)."""

    async def ask_all() -> list[Access]:
        """The answers, in the order of the doors."""
        return await asyncio.gather(*(_ask(door, options, clock()) for door in doors))

    return asyncio.run(ask_all())


async def _ask(door: Door, options: SendOptions, clock: ServerClock) -> Access:
    options = replace(options, connect_timeout=min(options.connect_timeout, options.timeout))
    try:
        async with asyncio.timeout(options.timeout):
            async with open_service(door.tracker, door.key, options, clock=clock) as service:
                found = await _verdict(service)
    except TimeoutError:
        found = failed("late", seconds=options.timeout)
    key = door.key.reveal()
    return replace(found, message=found.message.replace(key, "***"))


async def _verdict(service: Service) -> Access:
    transport, clock = service.transport, service.clock
    listed = await transport.ask(messages.listing(service.path, limit=1, offset=0), patient=False)
    if isinstance(listed, Answer) and listed.status == 200 and messages.page(listed) is not None:
        return _works(clock, lists=True)
    if (trouble := _trouble(listed)) is not None:
        return trouble
    request = messages.fetch(service.path, NOBODY)
    probe = await transport.ask(request, patient=False) if request is not None else None
    if (trouble := _trouble(probe)) is not None:
        return trouble
    return _judged(listed, probe, clock)


def _judged(listed: Exchange | None, probe: Exchange | None, clock: ServerClock) -> Access:
    """What two answers say together: one instead of the list, and one about a customization that does not exist."""
    if not isinstance(probe, Answer) or not isinstance(listed, Answer):
        return failed("network")
    said = messages.diagnostics(probe) or messages.diagnostics(listed)
    match probe.status:
        case 401:
            return failed("key" if probe.date is not None else "key-or-clock", said)
        case 403:
            return failed("forbidden", said)
        case 404 if listed.status == 404 and messages.diagnostics(listed) == messages.diagnostics(probe):
            # Two questions, one answer: it is the tracker that is not there.
            return failed("tracker", said)
        case 404:
            return _works(clock, lists=False)
    return failed("odd", said, status=probe.status)


def _trouble(found: Exchange | None) -> Access | None:
    """Why there is no answer that says anything of the access; `None` if there is one."""
    match found:
        case BadCertificate():
            return failed("certificate")
        case NeverSent(why="proxy-auth" | "proxy") | Answer(status=407):
            return failed("proxy")
        case Answer(status=status) if 300 <= status < 400:
            return failed("redirect")
        case Answer(status=status) if status in {408, 429} or (status >= 500 and status != 501):
            return failed("busy", messages.diagnostics(found), status=status)
        case Answer():
            return None
    return failed("network")


def _works(clock: ServerClock, *, lists: bool) -> Access:
    offset = max(clock.corrections.values(), key=abs, default=0.0)
    direction = "slow" if offset > 0 else "fast"
    text = ACCESS["works-clock" if offset else "works"].format(seconds=round(abs(offset)), direction=direction)
    if not lists:
        text = f"{text} {ACCESS['no-list']}"
    return Access(works=True, message=text, key=True, tracker=True, clock_off=offset, lists=lists)
