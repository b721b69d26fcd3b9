"""Carries out faults on a live connection."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from importer.sandbox.faults import Fault, Kind
from importer.sandbox.state import State
from importer.sandbox.wire import CONTENT_TYPE, answer_json

PAGE = b"<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>"
NOBODY = "11111111-2222-3333-4444-555555555555"
"""An ID that no customization has."""

_ABOUT_ANOTHER = frozenset({Kind.OTHER_ID, Kind.OTHER_TARGET})
LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


async def apply_fault(
    fault: Fault, request: web.Request, answer: web.Response | None, state: State
) -> web.StreamResponse:
    """Do to a call what the fault says. `answer` is the right answer where the call has taken effect."""
    match fault.kind:
        case Kind.HTML:
            return web.Response(status=fault.status, body=PAGE, content_type="text/html")
        case Kind.REDIRECT:
            return web.Response(status=fault.status, headers={"Location": "/elsewhere"})
        case Kind.DROP:
            return _ended(request)
        case Kind.RESET:
            return _reset(request)
        case Kind.HANG:
            await state.pause(None)
            return _ended(request)
        case _:
            return await _changed(fault, request, answer, state)


async def _changed(fault: Fault, request: web.Request, answer: web.Response | None, state: State) -> web.StreamResponse:
    """Another answer than the right one, or the right one spoilt."""
    raw = answer.body if answer is not None and isinstance(answer.body, bytes) else b""
    right = answer.status if answer else 200
    status = right if fault.kind in _ABOUT_ANOTHER else fault.status or right
    match fault.kind:
        case Kind.SLOW:
            await state.pause(state.behaviour.slow)
        case Kind.OTHER_ID:
            raw = _with(raw, id=next((record.id for record in state.store.records()), NOBODY))
        case Kind.OTHER_TARGET:
            raw = _with(raw, id=NOBODY, target_identity="/another")
        case Kind.ERROR_WITH_ID:
            raw = b'{"error": "Something happened", "id": "aaaaaaaa-0000-0000-0000-000000000000"}'
        case Kind.NO_ID:
            raw = _without_id(raw)
        case Kind.UNREADABLE:
            status, raw = (status, raw[: len(raw) // 2]) if raw else (200, b"{")
        case Kind.TRUNCATED:
            return await _cut_off(request, status, raw)
        case _ if status >= 400:
            return _trouble(status, state)
    if status == 204:
        return web.Response(status=204)
    return web.Response(status=status, body=raw, headers={"Content-Type": CONTENT_TYPE})


def _trouble(status: int, state: State) -> web.Response:
    answer = answer_json(status, {"reason": f"The sandbox was asked to answer {status}"})
    if status == 429:
        answer.headers["Retry-After"] = state.retry_after(1)
    return answer


def commit_late(
    request: web.Request, commit: Callable[[], Awaitable[web.Response]], state: State
) -> web.StreamResponse:
    """End the connection at once; the call takes effect later."""

    async def later() -> None:
        """Carry out the call after the wait."""
        await state.pause(state.behaviour.slow)
        await commit()

    state.late.add(task := asyncio.get_running_loop().create_task(later()))
    task.add_done_callback(state.late.discard)
    return _ended(request)


def _with(raw: bytes, **changed: str) -> bytes:
    return _spoilt(raw, lambda scope: {**scope, **changed})


def _without_id(raw: bytes) -> bytes:
    return _spoilt(raw, lambda scope: {key: item for key, item in scope.items() if key != "id"})


def _spoilt(raw: bytes, change: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    """An answer whose customization is changed, or each one of a list. An answer that says nothing stays as it is."""
    match json.loads(raw or b"null"):
        case {"results": list(scopes), **rest}:
            changed: Any = {"results": list(map(change, scopes)), **rest}
        case list(scopes):
            changed = list(map(change, scopes))
        case dict(scope):
            changed = change(scope)
        case _:
            return raw
    return json.dumps(changed).encode()


def _ended(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.close()
    return web.Response()


def _reset(request: web.Request) -> web.Response:
    transport = request.transport
    if transport is not None:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        transport.abort()
    return web.Response()


async def _cut_off(request: web.Request, status: int, raw: bytes) -> web.StreamResponse:
    """Announce the whole answer, send half of it, and end the connection; of an answer without a body, nothing."""
    if not raw:
        return _ended(request)
    headers = {"Content-Type": CONTENT_TYPE, "Content-Length": str(len(raw))}
    answer = web.StreamResponse(status=status, headers=headers)
    await answer.prepare(request)
    await answer.write(raw[: len(raw) // 2])
    _ended(request)
    return answer
