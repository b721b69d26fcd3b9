"""`python -m tests.servers.bench_server`: answers every POST with 201 and a fresh ID, as fast as it can.

For benchmarks only: it checks nothing and keeps nothing but counts. Any other method is answered with the count of
POSTs so far. Prints one JSON line (`url`, `pid`) once it can be reached.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Sequence
from email.utils import formatdate
from itertools import count

from importer.sandbox.lifecycle import until_stopped

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


class Responder:
    """What all connections share: the latency in seconds, the count, and the part of the answer that is the same."""

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        self.created = 0
        self._ids = count(1)
        self._head = b""
        self._head_until = 0.0

    def answer(self, method: bytes) -> bytes:
        """The whole answer to one request."""
        if method == b"POST":
            self.created += 1
            identifier = f"{next(self._ids):08x}-0000-4000-8000-000000000000"
            body = b'{"id":"%b","created_at":"2027-01-20T12:00:00Z"}' % identifier.encode()
            return b"HTTP/1.1 201 Created\r\n%bContent-Length: %d\r\n\r\n%b" % (self._headers(), len(body), body)
        body = b'{"created":%d}' % self.created
        return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (self._headers(), len(body), body)

    def _headers(self) -> bytes:
        now = time.monotonic()
        if now >= self._head_until:
            date = formatdate(usegmt=True).encode()
            self._head = b"Content-Type: application/json; charset=utf-8\r\nDate: %b\r\n" % date
            self._head_until = now + 0.1
        return self._head


class Connection(asyncio.Protocol):
    """One connection: requests in, answers out, in order."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._pending = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio's: a client is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio's: the client is gone, whatever `exc` says of why."""
        del exc
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Asyncio's: bytes came in."""
        self._pending = self._pending + data if self._pending else data
        while self._pending and (size := request_size(self._pending)):
            method = self._pending[: self._pending.find(b" ")]
            self._pending = self._pending[size:]
            self._reply(self._responder.answer(method))

    def _reply(self, answer: bytes) -> None:
        if self._responder.latency:
            asyncio.get_running_loop().call_later(self._responder.latency, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


def request_size(data: bytes) -> int:
    """How many bytes the first request takes, or 0 while it is not whole."""
    end = data.find(HEAD_END)
    if end < 0:
        return 0
    head = data[:end].lower()
    found = head.find(LENGTH)
    length = int(head[found + len(LENGTH) :].split(b"\r\n", 1)[0]) if found >= 0 else 0
    whole = end + len(HEAD_END) + length
    return whole if len(data) >= whole else 0


async def _serve(options: argparse.Namespace) -> None:
    responder = Responder(options.latency)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(responder), "127.0.0.1", options.port, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}", "pid": os.getpid()}) + "\n")
    sys.stdout.flush()
    await until_stopped(with_parent=options.with_parent)
    server.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.bench_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
