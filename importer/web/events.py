"""What changes, pushed to every tab that looks: server-sent events. A slow tab gets the newest state, never a queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from importer.web.checking import Checking
from importer.web.work import BUSY, Working

OFTEN = 0.25
"""Seconds between two events, at least."""
ALIVE = 10.0
"""Seconds after which a silent stream says that it lives."""


async def stream(request: web.Request, subject: Checking | Working, progress: Callable[[], str]) -> web.StreamResponse:
    """Send how far something is whenever that changed: `progress` as HTML, and `phase` when that is another one.

    Ends once the subject is at rest; the page then shows what became of it.
    """
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await answer.prepare(request)
    seen, phase = -1, request.query.get("phase", "")
    try:
        while True:
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
                break
            await asyncio.sleep(OFTEN)
    except ConnectionError:
        pass  # the tab was closed
    return answer


def event(kind: str, data: str) -> bytes:
    """One event as it goes over the wire."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {kind}\n{lines}\n".encode("utf-8", "replace")
