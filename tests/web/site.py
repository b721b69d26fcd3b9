"""The page on a real port, and somebody who asks it for things: a browser's requests, header by header."""

from __future__ import annotations

import asyncio
import html
import http.client
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from importer.web.desk import Desk, Setup
from importer.web.doors import Doors
from importer.web.server import application

SAME = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """What a person reads of it: no tags, one blank between words."""
        plain = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", self.body.decode(), flags=re.DOTALL)
        return " ".join(html.unescape(plain).split())

    @property
    def to(self) -> str:
        """Where it sends the browser."""
        return self.headers["Location"] or ""


class Site:
    """The page of one process. `get`, `post` and `upload` come with the cookie and from the page itself."""

    def __init__(self, gate: Doors, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self.gate, self.desk, self.loop = gate, desk, loop
        self.host = f"127.0.0.1:{gate.port}"
        self.cookie = {"Cookie": f"{gate.cookie_name}={gate.cookie}"}

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request with these headers alone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.gate.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": self.host, **(headers or {})}.items():
                connection.putheader(name, value)
            if body is not None and "Content-Length" not in (headers or {}):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """What the page shows there."""
        return self.ask("GET", path, {**self.cookie, **SAME, **headers})

    def post(self, path: str, **fields: str) -> Answer:
        """A form sent."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, {**self.cookie, **SAME, **kind}, urlencode(fields).encode())

    def upload(self, name: str, content: bytes, **headers: str) -> Answer:
        """A file dropped, under a name that goes over the wire as it is."""
        disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode()
        body = b"--mark\r\n" + disposition + b"\r\n\r\n" + content + b"\r\n--mark--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=mark"}
        return self.ask("POST", "/sheets", {**self.cookie, **SAME, **kind, **headers}, body)

    def drop(self, file: Path) -> str:
        """Drop a sheet and wait for its check; the address of it."""
        answer = self.upload(file.name, file.read_bytes())
        assert answer.status == 303, answer.text
        self.settle()
        return answer.to

    def settle(self, seconds: float = 60) -> None:
        """Wait until nothing works any more."""
        late = time.monotonic() + seconds
        while any(each.is_busy for each in (*self.desk.sheets.values(), *self.desk.runs.values())):
            assert time.monotonic() < late, [*self.desk.sheets.values(), *self.desk.runs.values()]
            time.sleep(0.02)

    def uploaded(self) -> dict[str, object]:
        """What the upload of a script answers."""
        return dict(json.loads(self.upload("pins.csv", b"x", **{"X-Upload": "1"}).body))


@contextmanager
def running(setup: Setup | None = None) -> Iterator[Site]:
    """The page, served from another thread until the context ends."""
    ready, sites = threading.Event(), list[Site]()
    over: asyncio.Event

    async def serve() -> None:
        nonlocal over
        over = asyncio.Event()
        gate, desk = Doors(0), Desk(setup or Setup())
        runner = web.AppRunner(application(gate, desk), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        gate.port = runner.addresses[0][1]
        sites.append(Site(gate, desk, asyncio.get_running_loop()))
        if desk.setup.file is not None:
            desk.add(desk.setup.file)
        ready.set()
        await over.wait()
        await runner.cleanup()
        desk.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    [site] = sites
    try:
        yield site
    finally:
        for run in site.desk.runs.values():
            run.stop()
        site.settle()
        site.loop.call_soon_threadsafe(over.set)
        thread.join()
