"""The adapter against real servers: what is signed is what is sent, and every failure is a value without secrets."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from importer.api import client as client_module
from importer.api import messages
from importer.api.client import Client, Exchange, InFlight, Lost, NeverSent
from importer.api.messages import Answer, Request
from importer.errors import UsageError
from importer.sandbox import Sandbox, scripted
from importer.settings import Secret, SendOptions, Tracker

KEY = "a-very-secret-key"
OPTIONS = SendOptions(timeout=0.5, connect_timeout=1.0)
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def raw_server(handler: Handler) -> AsyncIterator[str]:
    handling: list[asyncio.Task[None] | None] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handling.append(asyncio.current_task())
        await handler(reader, writer)
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await asyncio.gather(*(task for task in handling if task))


async def head_of(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


def exchanged(handler: Handler, request: Any = None, options: SendOptions = OPTIONS) -> tuple[Exchange, InFlight]:
    async def run() -> tuple[Exchange, InFlight]:
        async with raw_server(handler) as url, Client(Tracker("1234-5678", url), Secret(KEY), options) as client:
            flight = InFlight()
            return await client.exchange(request or messages.create(client.path, b'{"a": "\xc3\xa4"}'), flight), flight

    return asyncio.run(run())


def answering(raw: bytes, heads: list[bytes] | None = None) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await head_of(reader)
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if b"ontent-Length" in line), 0)
        body = await reader.readexactly(length)
        if heads is not None:
            heads.append(head + body)
        writer.write(raw)
        with contextlib.suppress(OSError):
            await writer.drain()
        writer.close()

    return handle


OK = b'HTTP/1.1 201 Created\r\nDate: Mon, 20 Jan 2025 12:00:00 GMT\r\nContent-Length: 11\r\n\r\n{"id":"a-1"}'


def test_a_server_that_checks_signatures_by_its_own_lines_accepts_creates_gets_and_lists():
    async def run() -> list[int]:
        async with Sandbox() as server:
            target = Tracker(server.tracker_id, server.url)
            async with Client(target, Secret(server.private_key), OPTIONS) as client:
                requests = [
                    messages.create(client.path, b"{}"),
                    messages.listing(client.path, limit=1, offset=0),
                    messages.fetch(client.path, "no-such"),
                ]
                answers = [await client.exchange(request, InFlight()) for request in requests if request is not None]
                assert server.log[1].query == "sort=created_at%3Adesc&limit=1&offset=0"
                return [answer.status for answer in answers if isinstance(answer, Answer)]

    assert asyncio.run(run()) == [422, 200, 404]


def test_one_customization_is_replaced_read_and_deleted():
    body = {"model": "basket", "target_type": "all", "pin_definitions": []}

    async def run() -> None:
        async with Sandbox() as server:
            record = server.seed(body | {"tags": ["old"]})
            target = Tracker(server.tracker_id, server.url)
            async with Client(target, Secret(server.private_key), OPTIONS) as client:

                async def status(request: Request | None) -> int | None:
                    assert request is not None
                    found = await client.exchange(request, InFlight())
                    return found.status if isinstance(found, Answer) else None

                new = json.dumps(body | {"tags": ["new", "léto"]}).encode()
                assert await status(messages.replacement(client.path, record.id, new)) == 204
                got = messages.fetch(client.path, record.id)
                assert got is not None
                answer = await client.exchange(got, InFlight())
                assert isinstance(answer, Answer)
                shown = messages.scope_of(answer, record.id)
                assert shown is not None
                assert shown["tags"] == ["new", "léto"]
                assert await status(messages.deletion(client.path, record.id)) == 204
                assert await status(got) == 404
                assert await status(messages.replacement(client.path, record.id, new)) == 404
                assert len(server.store) == 0
                assert await status(messages.listing(client.path, limit=9, offset=0, filters=[("tag", "a&b č")])) == 200

    asyncio.run(run())


def calls(path: str) -> list[Request | None]:
    return [messages.fetch(path, "a"), messages.replacement(path, "a", b"{}"), messages.deletion(path, "a")]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("fault", ["drop-before", "reset-before"])
def test_a_request_leaves_once_even_where_http_allows_to_repeat_it(number, fault):
    """On a fresh connection and on one that was used before."""

    async def run() -> None:
        names = ("get", "replace", "delete")
        async with Sandbox(faults=scripted(dict.fromkeys((2, 3), fault), call=names[number])) as server:
            target = Tracker(server.tracker_id, server.url)
            async with Client(target, Secret(server.private_key), OPTIONS) as client:
                request = calls(client.path)[number]
                assert request is not None
                assert isinstance(await client.exchange(request, InFlight()), Answer)
                for _ in range(2):
                    flight = InFlight()
                    found = await client.exchange(request, flight)
                    assert isinstance(found, Lost)
                    assert found.signed == flight.signed
            assert len(server.calls(names[number])) == 3

    asyncio.run(run())


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_connection_that_ended_while_idle_is_a_loss_and_no_second_sending(number):
    heads: list[bytes] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b""):
            with contextlib.suppress(asyncio.IncompleteReadError):
                heads.append(await head_of(reader))
            writer.write(answer)
        writer.close()

    async def run() -> list[Exchange]:
        async with raw_server(once) as url, Client(Tracker("1-1", url), Secret(KEY), OPTIONS) as client:
            first = await client.exchange(messages.create(client.path, b"{}"), InFlight())
            request = calls(client.path)[number]
            assert request is not None
            return [first, await client.exchange(request, InFlight())]

    first, second = asyncio.run(run())
    assert isinstance(first, Answer)
    assert isinstance(second, Lost)
    assert len(heads) == 2


def test_what_goes_over_the_wire_and_what_does_not(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    heads: list[bytes] = []
    found, flight = exchanged(
        answering(OK.replace(b"Content-Length: 11", b"Set-Cookie: a=b\r\nContent-Length: 12"), heads)
    )
    assert isinstance(found, Answer)
    assert found.body == b'{"id":"a-1"}'
    assert found.date == 1737374400.0
    head, _, body = heads[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    names = sorted(line.split(":")[0].lower() for line in lines[1:])
    assert lines[0] == "POST /v1/recommender/pin/1234-5678/scope HTTP/1.1"
    assert "Content-Type: application/json; charset=utf-8" in lines
    assert body == b'{"a": "\xc3\xa4"}'
    assert names == [
        "accept", "accept-encoding", "authorization", "content-length", "content-type", "date", "host", "user-agent",
    ]  # fmt: skip
    assert flight.signed == found.signed


def test_a_request_is_signed_after_its_connection_stands():
    moments = iter(range(1000, 2000))
    order: list[str] = []

    async def run() -> None:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            order.append("connected")
            await answering(OK)(reader, writer)

        def clock(_: str) -> float:
            order.append("signed")
            return float(next(moments))

        async with raw_server(handle) as url, Client(Tracker("1-1", url), Secret(KEY), OPTIONS, clock) as client:
            await client.exchange(messages.create(client.path, b"{}"), InFlight())

    asyncio.run(run())
    assert order.count("signed") == 1
    assert "connected" in order


def test_a_server_that_never_speaks_is_lost_and_one_that_is_not_there_was_never_sent_to():
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    found, flight = exchanged(silent)
    assert isinstance(found, Lost)
    assert found.why == "timeout"
    assert flight.signed is not None

    async def run() -> tuple[Exchange, int | None]:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with Client(Tracker("1-1", url), Secret(KEY), OPTIONS) as client:
            flight = InFlight()
            return await client.exchange(messages.create(client.path, b"{}"), flight), flight.signed

    assert asyncio.run(run()) == (NeverSent("connect"), None)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", "lost"),
        (b"HTTP/1.1 ", "lost"),
        (b"\x00\x01 nonsense\r\n\r\n", "lost"),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{", "cut"),
        (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", "cut"),
        (b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", "cut"),
    ],
)
def test_a_broken_answer_is_a_value(raw, kind):
    found, _ = exchanged(answering(raw))
    if kind == "lost":
        assert isinstance(found, Lost)
    else:
        assert isinstance(found, Answer)
        assert (found.status, found.body) == (201, None)


def test_an_answer_that_is_too_large_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(client_module, "ANSWER_LIMIT", 1000)
    for head in (b"Content-Length: 5000\r\n\r\n", b"\r\n"):
        found, _ = exchanged(answering(b"HTTP/1.1 201 Created\r\n" + head + b"x" * 5000))
        assert isinstance(found, Answer)
        assert found.body is None


def test_the_date_of_a_cached_answer_is_not_taken_for_the_servers():
    found, _ = exchanged(answering(OK.replace(b"Content-Length: 11", b"Age: 7\r\nContent-Length: 12")))
    assert isinstance(found, Answer)
    assert found.date is None


def test_a_cancelled_request_says_whether_it_may_have_left():
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def run() -> int | None:
        async with raw_server(silent) as url, Client(Tracker("1-1", url), Secret(KEY), SendOptions()) as client:
            flight = InFlight()
            task = asyncio.create_task(client.exchange(messages.create(client.path, b"{}"), flight))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return flight.signed

    assert asyncio.run(run()) is not None


@pytest.mark.parametrize(
    ("tracker_id", "base_url"),
    [("../x", "https://a.example"), ("1-1", "http://a.example"), ("1-1", "https://u@a.example"), ("1-1", "ftp://a")],
)
def test_a_client_is_not_made_for_a_target_that_is_not_acceptable(tracker_id, base_url):
    async def run() -> None:
        with pytest.raises(UsageError):
            Client(Tracker(tracker_id, base_url), Secret(KEY), OPTIONS)

    asyncio.run(run())


def test_neither_key_nor_signature_shows_in_reprs_and_logs(caplog):
    caplog.set_level(logging.DEBUG)
    heads: list[bytes] = []
    shown = []
    for raw in (OK, b"", b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", b"junk"):
        found, flight = exchanged(answering(raw, heads))
        shown += [repr(found), repr(flight), str(found)]
    signature = heads[0].split(b"ApiAuth 1234-5678:")[1].split(b"\r\n")[0].decode()
    gc.collect()
    for text in (*shown, caplog.text):
        assert KEY not in text
        assert signature not in text
        assert "ApiAuth" not in text
