"""The calls of the contract and of the vendor's other pages."""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any

from aiohttp import web

from importer.sandbox import listing, rules
from importer.sandbox.state import State
from importer.sandbox.store import Record, spelled
from importer.sandbox.wire import CONTENT_TYPE, STATE, answer_json

BULK_CONTENT_TYPE = "application/x-ndjson"
BULK_MOST = 5000
CHANGE = b'{"model":"change","target_type":"all","pin_definitions":[]}'


async def create(request: web.Request) -> web.StreamResponse:
    """`POST /scope`: the contract's call."""
    state = request.app[STATE]
    raw = await request.read()
    body = _customization(request, raw)
    if isinstance(body, web.Response):
        return body
    record = state.keep(raw, body, lag=state.behaviour.list_lag)
    return answer_json(201, {**_receipt(record), "created_at": _created_at(record, state)})


async def get(request: web.Request) -> web.StreamResponse:
    """`GET /scope/{ID}`: the whole object."""
    state = request.app[STATE]
    record = state.store.get(request.match_info["id"])
    if record is None:
        return answer_json(404, {"reason": "Scope not found"})
    return answer_json(200, _as_shown(record, state))


async def replace(request: web.Request) -> web.StreamResponse:
    """`PUT /scope/{ID}`: a whole customization in the place of another."""
    state, identifier = request.app[STATE], request.match_info["id"]
    store, raw = state.store, await request.read()
    old = store.get(identifier)
    body = _customization(request, raw, _fields(_as_shown(old, state)) if old else ())
    if isinstance(body, web.Response):
        return body
    if not store.replace(identifier, raw, body):
        return answer_json(404, {"reason": "Scope not found"})
    return web.Response(status=204)


async def delete(request: web.Request) -> web.StreamResponse:
    """`DELETE /scope/{ID}`."""
    if not request.app[STATE].store.delete(request.match_info["id"]):
        return answer_json(404, {"reason": "Scope not found"})
    return web.Response(status=204)


async def list_scopes(request: web.Request) -> web.StreamResponse:
    """`POST /scopes`: a filtered list, page by page."""
    state = request.app[STATE]
    behaviour = state.behaviour
    if behaviour.changes:
        state.keep(CHANGE, json.loads(CHANGE))
    found = await _found(request)
    if isinstance(found, web.Response):
        return found
    try:
        query = listing.Misheard(request.query, offset=False) if behaviour.ignores_offset else request.query
        page = listing.page(found, query, behaviour.page_cap)
    except ValueError:
        return answer_json(400, {"reason": "limit and offset must be whole numbers from 0"})
    results = [
        {name: value for name, value in _as_shown(record, state).items() if name not in behaviour.list_omits}
        for record in page
        if record.id != behaviour.loses
    ]
    if state.behaviour.shape == "list":
        return answer_json(200, results)
    total = len(found) if state.behaviour.total is None else state.behaviour.total
    return answer_json(200, {"results": results, "pagination": {"total": total}})


async def export(request: web.Request) -> web.StreamResponse:
    """`POST /scopes/export`: a filtered list as a whole. Every item exists here, so none is removed as missing."""
    state = request.app[STATE]
    found = await _found(request)
    if isinstance(found, web.Response):
        return found
    scopes = [_as_shown(record, state) for record in found]
    if request.query.get("remove_expired_pins") == "true":
        scopes = [listing.without_expired(scope, state.now()) for scope in scopes]
    return answer_json(200, {"results": scopes})


async def bulk(request: web.Request) -> web.StreamResponse:
    """`POST /scopes/_bulk`: many customizations, one a line; all or none."""
    state = request.app[STATE]
    if request.headers.get("Content-Type") != BULK_CONTENT_TYPE:
        return answer_json(400, {"reason": f"Content-Type must be {BULK_CONTENT_TYPE}"})
    lines = [line for line in (await request.read()).splitlines() if line.strip()]
    if len(lines) > BULK_MOST:
        return answer_json(413, {"reason": f"At most {BULK_MOST} customizations at once"})
    bodies = [_parsed(line) for line in lines]
    if any(body is None or rules.details(body) for body in bodies):
        return answer_json(422, {"reason": "Invalid pin definition provided"})
    pairs = [(line, body) for line, body in zip(lines, bodies, strict=True) if body is not None]
    strategy = request.query.get("conflict_strategy", "raise")
    taken = {_target(record.body): record for record in state.store.records()}
    if strategy == "raise" and any(_target(body) in taken for _, body in pairs):
        return answer_json(409, {"reason": "A customization of that target exists"})
    for line, body in pairs:
        old = taken.get(_target(body))
        if old is None:
            state.keep(line, body, lag=state.behaviour.list_lag)
        elif strategy == "override":
            state.store.replace(old.id, line, body)
    return answer_json(200, {})


async def show_store(request: web.Request) -> web.StreamResponse:
    """Everything the stand-in keeps and how it was called, for tests and for the curious."""
    state = request.app[STATE]
    scopes = [{"id": r.id, "created_at": r.created, "body": r.body} for r in state.store.records()]
    calls = [{"call": seen.call, "answer": seen.answer} for seen in state.log]
    return answer_json(200, {"scopes": scopes, "calls": calls, "peak_in_flight": state.peak_in_flight})


_SET_BY_THE_SERVICE = frozenset({"id", "creator", "created_at", "available"})


def _fields(body: dict[str, Any]) -> set[str]:
    """The names of all fields of a customization and of its pins, but for those that the service alone sets."""
    return (set(body) - _SET_BY_THE_SERVICE).union(*body["pin_definitions"])


def _customization(request: web.Request, raw: bytes, known: Container[str] = ()) -> dict[str, Any] | web.Response:
    """The customization that a call carries, or the 400 or 422 that it earns. `known` as of `rules.details`."""
    if request.headers.get("Content-Type") != CONTENT_TYPE:
        return answer_json(400, {"reason": f"Content-Type must be {CONTENT_TYPE}"})
    body = _parsed(raw)
    if body is None:
        return answer_json(400, {"reason": "The body is not a JSON object"})
    details = rules.details(body, known)
    if details:
        return answer_json(422, {"reason": "Invalid pin definition provided", "exception_details": details})
    return body


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


async def _found(request: web.Request) -> list[Record] | web.Response:
    state = request.app[STATE]
    raw = await request.read()
    asked = _parsed(raw) if raw else {}
    if asked is None:
        return answer_json(400, {"reason": "The body is not a JSON object"})
    behaviour = state.behaviour
    nothing = behaviour.filters == "nothing"
    if behaviour.empty or (nothing and "target_identity" in request.query):
        return []
    query = listing.Misheard(request.query, filters="heard" if nothing else behaviour.filters)
    now = state.now() if behaviour.frozen_at is None else behaviour.frozen_at
    found = listing.chosen(state.store.records(), query, asked.get("criteria"), now=now)
    if behaviour.ties:
        found = listing.tied(found)
    return listing.oldest_first(found) if behaviour.ignores_sort else found


def _receipt(record: Record) -> dict[str, Any]:
    """The answer to a create.

    https://docs.luigisbox.com/recommendations/customization/create-customization#response-attributes
    """
    receipt = {"id": record.id, "model": record.model, "target_type": record.target_type}
    if record.target_identity is not None:
        receipt["target_identity"] = record.target_identity
    return {**receipt, "created_at": record.created}


def _as_shown(record: Record, state: State) -> dict[str, Any]:
    scope = listing.whole(record)
    if state.behaviour.respells:
        scope = listing.respelled(scope)
    if state.behaviour.alters:
        scope = listing.altered(scope)
    if (state.behaviour.created_at, state.behaviour.created_offset) != ("utc", 0.0):
        scope["created_at"] = _created_at(record, state)
    return {key: value for key, value in scope.items() if key not in state.behaviour.omits}


def _created_at(record: Record, state: State) -> str:
    return spelled(record.created_at + state.behaviour.created_offset, state.behaviour.created_at)


def _target(body: dict[str, Any]) -> tuple[str, str, str]:
    criteria = json.dumps(body.get("target_criteria"), sort_keys=True)
    return body["model"], body["target_type"], body.get("target_identity") or criteria
