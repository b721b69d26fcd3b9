"""A service on bare sockets that speaks HTTP in its own way: what no web framework can be made to say.

It keeps customizations and answers creates, lists and gets; signatures are not looked at. `Ways` says how it speaks.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlsplit

TRACKER = "1234-5678"
REASONS = {200: "OK", 201: "Created", 400: "Bad Request", 404: "Not Found"}

Scope = dict[str, Any]


def _plain(status: int, body: bytes) -> bytes:
    """An answer as it is usual."""
    return head(status, {"Content-Type": "application/json", "Content-Length": len(body), "Date": now()}) + body


def now() -> str:
    """The moment as a `Date`."""
    return formatdate(usegmt=True)


def head(status: int, headers: Mapping[str, object] | list[tuple[str, object]], version: str = "1.1") -> bytes:
    """Status line and headers; of one name there may be several."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = [f"HTTP/{version} {status} {REASONS[status]}", *(f"{name}: {value}" for name, value in pairs)]
    return "\r\n".join([*lines, "", ""]).encode()


@dataclass
class Ways:
    """How a service speaks. Each gets what is usual and gives what it says instead."""

    answer: Callable[[int, bytes], bytes] = _plain
    """The bytes of an answer."""
    closes: bool = False
    """Whether each connection ends after an answer, without a word of it."""
    created: Callable[[Scope], Any] = lambda scope: {key: scope[key] for key in scope if key != "pin_definitions"}
    """What a create is answered."""
    listed: Callable[[list[Scope], int], list[Any]] = lambda scopes, _: scopes
    """What the list shows, the newest first; the number counts the list's answers."""
    page: Callable[[list[Any], int], Any] = lambda items, total: {"results": items, "pagination": {"total": total}}
    """A page of it."""
    identity: Callable[[int], Any] = lambda number: f"aaaaaaaa-0000-4000-8000-{number:012}"
    """The ID of the n-th customization."""
    lost: Mapping[int, str] = field(default_factory=dict)
    """Which creates get no answer: `before` it is done, or `after`."""


class RawService:
    """One service, in threads of its own."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.scopes: list[Scope] = []
        self.creates = self.lists = 0
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def seed(self, body: Scope) -> Scope:
        """Have a customization without being asked."""
        number = len(self.scopes) + 1
        created_at = f"2026-11-30T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"
        made = {"id": self.ways.identity(number), **body, "created_at": created_at, "creator": "api"}
        self.scopes.append(made)
        return made

    def truth(self) -> dict[str, list[str]]:
        """IDs by target."""
        found: dict[str, list[str]] = {}
        for scope in self.scopes:
            found.setdefault(scope["target_identity"], []).append(str(scope["id"]))
        return found

    def close(self) -> None:
        """Let nobody in any more."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as reader:
            while line := reader.readline():
                length = 0
                while (header := reader.readline()).strip():
                    if match := re.match(rb"content-length: *(\d+)", header, re.IGNORECASE):
                        length = int(match[1])
                answer = self._answered(line.decode(), reader.read(length))
                if answer is None:
                    return
                connection.sendall(answer)
                if self.ways.closes:
                    return

    def _answered(self, line: str, body: bytes) -> bytes | None:
        method, target, _ = line.split()
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        with self._guard:
            if method == "GET":
                found = [each for each in self.scopes if str(each["id"]) == path.rpartition("/")[2]]
                return self._said(200 if found else 404, found[0] if found else {"reason": "Not found"})
            if path.endswith("/scopes"):
                return self._page(int(query["limit"][0]), int(query["offset"][0]))
            self.creates += 1
            lost = self.ways.lost.get(self.creates)
            made = self.seed(json.loads(body)) if lost != "before" else {}
            return None if lost else self._said(201, self.ways.created(made))

    def _page(self, limit: int, offset: int) -> bytes:
        self.lists += 1
        every = self.ways.listed(self.scopes[::-1], self.lists)
        return self._said(200, self.ways.page(every[offset : offset + limit], len(every)))

    def _said(self, status: int, value: Any) -> bytes:
        return self.ways.answer(status, json.dumps(value).encode())


@contextlib.contextmanager
def raw_service(ways: Ways) -> Iterator[RawService]:
    """A service, as long as the context lasts."""
    made = RawService(ways)
    try:
        yield made
    finally:
        made.close()


# ── Ways of speaking ────────────────────────────────────────────────────────────────────────────────────


def chunked(body: bytes, size: int = 7) -> bytes:
    """A body in chunks, without the last one."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts)


def in_chunks(status: int, body: bytes) -> bytes:
    """Chunks to the end."""
    headers = {"Content-Type": "application/json", "Transfer-Encoding": "chunked", "Date": now()}
    return head(status, headers) + chunked(body) + b"0\r\n\r\n"


def interim_first(status: int, body: bytes) -> bytes:
    """Interim answers that nobody asked for stand before the right one."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
    return b"HTTP/1.1 100 Continue\r\n\r\n" + hints + _plain(status, body)


def repeated_headers(status: int, body: bytes) -> bytes:
    """Headers that come twice, with values of their own where that is allowed."""
    pairs = [("Date", now()), ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("Content-Type", "application/json")]
    pairs += [("Content-Type", "text/plain"), ("Retry-After", "7"), ("Retry-After", "soon")]
    return head(status, [*pairs, ("Content-Length", len(body))]) + body


def without_date(status: int, body: bytes) -> bytes:
    """No `Date`, no `Content-Type`."""
    return head(status, {"Content-Length": len(body)}) + body


def old_version(status: int, body: bytes) -> bytes:
    """HTTP/1.0: the answer ends where the connection does."""
    return head(status, {"Content-Type": "application/json", "Date": now()}, version="1.0") + body


def zipped(status: int, body: bytes) -> bytes:
    """gzip, though nobody said that it is understood."""
    data = gzip.compress(body)
    headers = {"Content-Encoding": "gzip", "Content-Length": len(data), "Date": now()}
    return head(status, headers) + data


def a_second_answer_too(status: int, body: bytes) -> bytes:
    """The same answer twice: the second waits on the connection for whatever is asked next."""
    return _plain(status, body) * 2


def longer_than_it_is(status: int, body: bytes) -> bytes:
    """More is announced than comes."""
    headers = {"Content-Type": "application/json", "Content-Length": len(body) + 50, "Date": now()}
    return head(status, headers) + body
