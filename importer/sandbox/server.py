"""The stand-in as a thing to start and stop: in a loop, in a thread of its own, or until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from importer.sandbox.app import build
from importer.sandbox.faults import Plan, no_faults
from importer.sandbox.filling import customizations
from importer.sandbox.state import Behaviour, Seen, State
from importer.sandbox.store import Record, Store

TRACKER_ID = "1234-5678"
YEAR = 365 * 86_400
"""Seconds within which made-up customizations were made."""
COLLEAGUES = ("jana@shop.example", "petr@shop.example", "agency")


class Sandbox:
    """A stand-in for the live service on this machine.

    `url` is the base URL to point the importer at, known once started; `store` what was created; `log` every call;
    `behaviour` and `faults` may be changed while it runs. Use `async with`, or `start()` and `stop()`.
    """

    def __init__(
        self,
        behaviour: Behaviour | None = None,
        faults: Plan = no_faults,
        *,
        tracker_id: str = TRACKER_ID,
        private_key: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.tracker_id = tracker_id
        self.private_key = private_key or secrets.token_urlsafe(24)
        self.url = ""
        self._state = State(tracker_id, self.private_key, behaviour or Behaviour(), faults)
        if clock is not None:
            self._state.clock = clock
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    @property
    def store(self) -> Store:
        """What was created."""
        return self._state.store

    @property
    def log(self) -> list[Seen]:
        """Every call, in order of arrival."""
        return self._state.log

    @property
    def behaviour(self) -> Behaviour:
        """How the server behaves; change its fields at any time."""
        return self._state.behaviour

    @property
    def faults(self) -> Plan:
        """The plan of what goes wrong; set another at any time."""
        return self._state.faults

    @faults.setter
    def faults(self, plan: Plan) -> None:
        """Take another plan, from the next call on."""
        self._state.faults = plan

    @property
    def peak_in_flight(self) -> int:
        """The most calls that were in the server at one time."""
        return self._state.peak_in_flight

    def calls(self, call: str = "create") -> list[Seen]:
        """The calls of one kind, in order of arrival."""
        return self._state.calls(call)

    def seed(self, body: Mapping[str, Any], *, age: float = 0.0, creator: str = "sandbox") -> Record:
        """Keep a customization as if someone else had made it `age` seconds ago."""
        return self._state.keep(json.dumps(body).encode(), body, age=age, creator=creator)

    def fill(self, count: int, seed: int = 0) -> None:
        """Keep a number of plausible customizations, as if colleagues had made them within the last year."""
        now = self._state.now()
        for number, body in enumerate(customizations(count, seed, now=datetime.fromtimestamp(now, UTC))):
            raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            age = YEAR * (count - number) / count
            self._state.keep(raw, body, age=age, creator=COLLEAGUES[number % len(COLLEAGUES)])

    async def start(self) -> Self:
        """Begin to serve. Raises `OSError` where it cannot listen on the port."""
        runner = web.AppRunner(build(self._state), access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port, backlog=1024).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.url = f"http://{self._host}:{runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Let hanging calls go and stop serving. What was created stays readable."""
        self._state.released.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


@contextlib.contextmanager
def running_sandbox(behaviour: Behaviour | None = None, faults: Plan = no_faults, **named: Any) -> Iterator[Sandbox]:
    """A sandbox in a thread and loop of its own, for as long as the block lasts; `named` as for `Sandbox`.

    Raises `OSError` where it cannot listen on the port.
    """
    sandbox = Sandbox(behaviour, faults, **named)
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=_serve_in_thread, args=(sandbox, started), name="sandbox", daemon=True)
    thread.start()
    loop, finished = started.result()
    try:
        yield sandbox
    finally:
        loop.call_soon_threadsafe(finished.set)
        thread.join()


def _serve_in_thread(sandbox: Sandbox, started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
    async def serve() -> None:
        """Serve until the other thread says it is finished."""
        finished = asyncio.Event()
        async with sandbox:
            started.set_result((asyncio.get_running_loop(), finished))
            await finished.wait()

    try:
        asyncio.run(serve())
    except BaseException as error:
        if started.done():
            raise
        started.set_exception(error)
