"""The page's server: listens on this computer alone, opens the browser, ends in good order."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable
from importlib.resources import files

from aiohttp import web

from importer.catalogue.web import TERMINAL, TROUBLE
from importer.delivery.shutdown import listen
from importer.errors import UsageError
from importer.web import calendars, doors, mappings, runs, sheets, undos
from importer.web.desk import Desk, Setup
from importer.web.doors import Doors
from importer.web.pages import DESK, DOORS, html, to
from importer.web.work import preload, trouble_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
COOKIE_SECONDS = 7 * 24 * 3600
"""How long a browser keeps the cookie; it opens nothing once the process has ended."""
PRELOAD_AFTER = 0.3
"""Seconds after which what checking needs is loaded, so that the first view does not wait for it."""


def application(gate: Doors, desk: Desk) -> web.Application:
    """The page as an application of aiohttp. Made inside the loop."""
    app = web.Application(middlewares=[_guard])
    app[DESK], app[DOORS] = desk, gate
    app.on_response_prepare.append(_harden)
    app.add_routes(
        [
            web.get("/open", _open),
            web.get("/", sheets.start),
            web.post("/sheets", sheets.upload),
            web.post("/example", sheets.example),
            web.get("/template.xlsx", sheets.template),
            web.get("/sheets/{number}", sheets.sheet),
            web.get("/sheets/{number}/events", sheets.sheet_events),
            web.post("/sheets/{number}/options", sheets.options),
            web.get("/sheets/{number}/mapping", mappings.mapping),
            web.post("/sheets/{number}/mapping", mappings.choose),
            web.post("/sheets/{number}/mapping-file", mappings.upload),
            web.get("/sheets/{number}/mapping.toml", mappings.download),
            web.get("/sheets/{number}/calendar", calendars.calendar),
            web.get("/sheets/{number}/calendar.svg", calendars.picture),
            web.get("/sheets/{number}/calendar/{ending:svg|xlsx}", calendars.download),
            web.get("/sheets/{number}/marked.xlsx", sheets.marked),
            web.post("/sheets/{number}/rehearse", sheets.rehearse),
            web.get("/sheets/{number}/import", sheets.ask),
            web.post("/sheets/{number}/import", sheets.send),
            web.get("/runs/{number}", runs.run),
            web.get("/runs/{number}/events", runs.run_events),
            web.post("/runs/{number}/{act:pause|resume|stop}", runs.steer),
            web.get("/runs/{number}/results.xlsx", runs.results),
            web.get("/past", undos.past),
            web.get("/past/{run:[0-9]{1,12}|last}/undo", undos.ask),
            web.post("/past/{run:[0-9]{1,12}|last}/undo", undos.take_back),
            web.static("/static", str(files("importer.web") / "static")),
        ]
    )
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody in who does not belong here, and end no request in a traceback."""
    gate = request.app[DOORS]
    if not gate.is_ours(request.headers.get("Host")):
        return _refused(request, "host")
    if not gate.is_own_page(request.method, request.headers):
        return _refused(request, "origin")
    is_open = request.path == "/open" or request.path.startswith("/static/")
    if not is_open and not gate.knows(request.cookies.get(gate.cookie_name)):
        return _refused(request, "cookie")
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return html("trouble", request, status=404, trouble=TROUBLE["not-found"])
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        return html("trouble", request, status=500, trouble=str(trouble_of(error)))


def _refused(request: web.Request, why: str) -> web.Response:
    return html("refused", request, status=403, why=TROUBLE[f"refused-{why}"], is_inside=False)


async def _open(request: web.Request) -> web.StreamResponse:
    """Exchange a one-time address for the cookie, and forget the address."""
    gate = request.app[DOORS]
    if gate.knows(request.cookies.get(gate.cookie_name)):
        return to("/")
    if not gate.use(request.query.get("token", "")):
        return _refused(request, "token")
    answer = web.Response(status=303, headers={"Location": "/"})
    answer.set_cookie(gate.cookie_name, gate.cookie, httponly=True, samesite="Strict", path="/", max_age=COOKIE_SECONDS)
    return answer


async def _harden(_: web.Request, answer: web.StreamResponse) -> None:
    answer.headers.update(doors.HEADERS)


def serve(setup: Setup, *, port: int, browser: bool, say: Callable[[str], None]) -> None:
    """Serve the page until Ctrl-C. Raises `UsageError` where the port is taken."""
    listening = _listening(port)
    asyncio.run(_serve(setup, listening, browser=browser, say=say))


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
    except OSError:
        made.close()
        raise UsageError(TROUBLE["port"].format(port=port), code="port") from None
    return made


async def _serve(setup: Setup, listening: socket.socket, *, browser: bool, say: Callable[[str], None]) -> None:
    gate = Doors(listening.getsockname()[1])
    desk = Desk(setup)
    runner = web.AppRunner(application(gate, desk), access_log=None, shutdown_timeout=1)
    loop, ending = asyncio.get_running_loop(), asyncio.Event()

    def interrupt() -> None:
        """End the page from the thread of a signal."""
        loop.call_soon_threadsafe(_interrupted, desk, ending, say)

    try:
        await runner.setup()
        await web.SockSite(runner, listening).start()
        say(TERMINAL["ready"].format(address=_address(gate)))
        if browser:
            threading.Thread(target=webbrowser.open, args=(_address(gate),), daemon=True).start()
        if setup.file is not None:
            desk.add(setup.file)
        loop.call_later(PRELOAD_AFTER, preload)
        threading.Thread(target=_new_addresses, args=(loop, gate, say), daemon=True).start()
        with listen(interrupt):
            await ending.wait()
            while desk.busy_run is not None:
                await asyncio.to_thread(desk.busy_run.join, 0.2)
    finally:
        await runner.cleanup()
        for path in desk.close():
            say(TERMINAL["kept"].format(path=path))


def _address(gate: Doors) -> str:
    return f"http://127.0.0.1:{gate.port}/open?token={gate.new_token()}"


def _interrupted(desk: Desk, ending: asyncio.Event, say: Callable[[str], None]) -> None:
    """Ctrl-C: end a run in good order first; the second time at once."""
    if desk.busy_run is not None:
        say(TERMINAL["stopping"])
        desk.busy_run.stop()
    ending.set()


def _new_addresses(loop: asyncio.AbstractEventLoop, gate: Doors, say: Callable[[str], None]) -> None:
    """Each Enter in the terminal makes a new address, for another browser."""
    if sys.stdin is None or not sys.stdin.isatty():
        return
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        while sys.stdin.readline():
            loop.call_soon_threadsafe(lambda: say(TERMINAL["again"].format(address=_address(gate))))
