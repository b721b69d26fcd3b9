"""What changes, pushed to every tab that looks: server-sent events. A slow tab gets the newest state, never a queue."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator

from aiohttp import web

from importer.web.checking import Checking
from importer.web.pages import DESK
from importer.web.work import BUSY, Working

OFTEN = 0.25
"""Seconds between two events, at least."""
ALIVE = 10.0
"""Seconds after which a silent stream says that it lives."""
MOST = 4
"""Streams at once: a browser has six connections to one host, and pages need some of them. The oldest stream rests for
a newer one, until its tab is looked at again."""


async def stream(request: web.Request, subject: Checking | Working, progress: Callable[[], str]) -> web.StreamResponse:
    """Send how far something is whenever that changed: `progress` as HTML, and `phase` when that is another one.

    Ends once the subject is at rest; the page then shows what became of it.
    """
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await answer.prepare(request)
    with _one_of_few(request.app[DESK].streams) as rests, contextlib.suppress(ConnectionError):  # a tab may be closed
        seen, phase = -1, request.query.get("phase", "")
        while not rests.is_set():
            if await subject.news.wait(seen, ALIVE):
                seen = subject.news.version
                if subject.phase != phase or subject.phase not in BUSY:
                    phase = subject.phase
                    await answer.write(event("phase", phase))
                else:
                    await answer.write(event("progress", progress()))
            else:
                await answer.write(b": still here\n\n")
            if phase not in BUSY:
                return answer
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(rests.wait(), OFTEN)
        await answer.write(event("rest", ""))
    return answer


@contextlib.contextmanager
def _one_of_few(streams: list[asyncio.Event]) -> Iterator[asyncio.Event]:
    """A place among the streams; what it gives is set once a newer one needs it."""
    mine = asyncio.Event()
    streams.append(mine)
    for older in streams[:-MOST]:
        older.set()
    try:
        yield mine
    finally:
        streams.remove(mine)


def event(kind: str, data: str) -> bytes:
    """One event as it goes over the wire."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {kind}\n{lines}\n".encode("utf-8", "replace")
