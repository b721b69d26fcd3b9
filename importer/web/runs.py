"""Views of runs: live progress, pause, stop, results."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from aiohttp import web

from importer.web import events, render
from importer.web.pages import DESK, attachment, html, row_page, run_of, to
from importer.web.taking_back import TakingBack
from importer.web.work import Working


async def run(request: web.Request) -> web.Response:
    """How far a run is, or how it ended."""
    sending = run_of(request)
    if isinstance(sending, TakingBack):
        return html("undone", request, run=sending, now=time.monotonic())
    rows = row_page(sending.table, request.query, request.path) if sending.table is not None else None
    models = sending.table.models() if sending.table is not None else ()
    return html("run", request, run=sending, rows=rows, models=models, now=time.monotonic())


async def run_events(request: web.Request) -> web.StreamResponse:
    """Push how far a run is."""
    sending = run_of(request)
    return await events.stream(request, sending, lambda: _progress(sending))


def _progress(sending: Working) -> str:
    return render.page("_progress", run=sending, now=time.monotonic())


async def steer(request: web.Request) -> web.StreamResponse:
    """Pause, go on, or stop."""
    sending = run_of(request)
    {"pause": sending.pause, "resume": sending.resume, "stop": sending.stop}[request.match_info["act"]]()
    if request.headers.get("HX-Request"):
        return web.Response(status=204)
    return to(f"/runs/{sending.number}")


async def results(request: web.Request) -> web.StreamResponse:
    """The results workbook."""
    sending, desk = run_of(request), request.app[DESK]
    path = sending.report.results if sending.report is not None else None
    if path is None or not await asyncio.to_thread(Path(path).is_file):
        raise web.HTTPNotFound
    sending.is_saved = True
    return attachment(path, desk.download_name(sending))
