"""The application: what every call goes through, and which call answers it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from aiohttp import web

from importer.sandbox import auth, calls
from importer.sandbox.apply_fault import apply_fault, commit_late
from importer.sandbox.faults import Kind
from importer.sandbox.state import Seen, State
from importer.sandbox.wire import STATE, answer_json

LARGEST_BODY = 64 * 1024**2

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build(state: State) -> web.Application:
    """The application that serves one state."""
    app = web.Application(middlewares=[_gate], client_max_size=LARGEST_BODY)
    app[STATE] = state
    app.on_response_prepare.append(_finish_headers)
    root = "/v1/recommender/pin/{tracker}"
    add = app.router.add_route
    add("POST", root + "/scope", calls.create, name="create")
    add("GET", root + "/scope/{id}", calls.get, name="get")
    add("PUT", root + "/scope/{id}", calls.replace, name="replace")
    add("DELETE", root + "/scope/{id}", calls.delete, name="delete")
    add("POST", root + "/scopes", calls.list_scopes, name="list")
    add("POST", root + "/scopes/export", calls.export, name="export")
    add("POST", root + "/scopes/_bulk", calls.bulk, name="bulk")
    add("GET", "/_sandbox/store", calls.show_store, name="store")
    return app


@web.middleware
async def _gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What every call goes through: the log, faults, the door, latency."""
    state = request.app[STATE]
    call = request.match_info.route.name or "other"
    if call == "store":
        return await handler(request)
    body = await request.read()
    path, _, query = request.raw_path.partition("?")
    seen = Seen(call, request.method, path, query, request.headers.get("Date", ""), time.monotonic(), body)
    state.log.append(seen)
    state.in_flight += 1
    state.peak_in_flight = max(state.peak_in_flight, state.in_flight)
    try:
        return await _answered(request, handler, state, seen)
    finally:
        state.in_flight -= 1


async def _answered(request: web.Request, handler: Handler, state: State, seen: Seen) -> web.StreamResponse:
    fault = state.fault_for(seen.call, seen.body)
    if fault and fault.kind is Kind.LATE:
        await state.pause(state.behaviour.slow)
        fault = None
    if fault and fault.kind is Kind.COMMIT_LATE:
        seen.answer = fault.name
        return commit_late(request, lambda: _handled(request, handler, state), state)
    if fault and not fault.commits:
        seen.answer = fault.name
        return await apply_fault(fault, request, None, state)
    answer = _refused_at_the_door(request, state, seen) or await _handled(request, handler, state)
    if fault and answer.status < 300:
        seen.answer = fault.name
        return await apply_fault(fault, request, answer, state)
    seen.answer = str(answer.status)
    return answer


async def _handled(request: web.Request, handler: Handler, state: State) -> web.Response:
    """The handler's answer, its effect in the middle of the latency."""
    half = state.behaviour.latency / 2
    if half:
        await asyncio.sleep(half)
    answer = await handler(request)
    if half:
        await asyncio.sleep(half)
    assert isinstance(answer, web.Response)  # noqa: S101 - every handler below makes one
    return answer


def _refused_at_the_door(request: web.Request, state: State, seen: Seen) -> web.Response | None:
    tracker = request.match_info.get("tracker")
    if tracker is None:
        return answer_json(404, {"reason": "Not found"})
    if tracker != state.tracker_id:
        return answer_json(404, {"reason": "Tracker not found"})
    behaviour = state.behaviour
    if behaviour.rate_limit:
        wait = state.throttle.wait(behaviour.rate_limit, time.monotonic())
        if wait:
            return _too_many(state, wait)
    reason = auth.denial(
        request.method,
        seen.path,
        request.headers,
        tracker_id=state.tracker_id,
        private_key=state.private_key,
        now=state.now() + (behaviour.list_clock_offset if seen.call == "list" else 0.0),
    )
    return answer_json(401, {"reason": reason}) if reason else None


def _too_many(state: State, wait: float) -> web.Response:
    answer = answer_json(429, {"reason": "Too many requests"})
    answer.headers["Retry-After"] = state.retry_after(wait)
    return answer


async def _finish_headers(request: web.Request, answer: web.StreamResponse) -> None:
    behaviour = request.app[STATE].behaviour
    if behaviour.sends_date:
        ahead = behaviour.list_clock_offset if request.match_info.route.name == "list" else 0.0
        answer.headers["Date"] = formatdate(request.app[STATE].now() + behaviour.edge_offset + ahead, usegmt=True)
    else:
        answer.headers.popall("Date", None)
    answer.headers.update(behaviour.headers)
