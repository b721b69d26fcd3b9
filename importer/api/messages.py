"""Requests of the pin API, and what its answers say. Pure: bytes in, values out; nothing here raises on an answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from importer.api.endpoint import is_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ANSWER_ID = re.compile(r"[\x21-\x7e]{1,256}")
_LONGEST_REASON = 2000


class Request(NamedTuple):
    """One request. `path` is what is signed; `query` is already encoded, with its `?`, or ""."""

    method: str
    path: str
    query: str
    body: bytes


class Answer(NamedTuple):
    """An answer as received. `body` is `None` where it broke off or was larger than is taken.

    `date` is the server's clock in Unix seconds, `None` where it says none or the answer came from a cache.
    `retry_after` is in seconds from that moment. `signed` is the `Date` that the request was signed with.
    """

    status: int
    body: bytes | None
    date: float | None
    retry_after: float | None
    signed: int


class Given(NamedTuple):
    """What a create's answer gives: the ID, and when it was created, as the server spells it."""

    id: str
    created_at: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. `total` is what the server claims; it is never trusted to end the paging."""

    items: Sequence[Mapping[str, Any]]
    total: int | None


def create(path: str, body: bytes) -> Request:
    """`POST /scope` (contract). `path` comes from `endpoint.scope_path`."""
    return Request("POST", path, "", body)


def fetch(path: str, scope_id: str) -> Request | None:
    """`GET /scope/{ID}`; `None` for an ID that cannot safely stand in a path."""
    if not is_plain(scope_id):
        return None
    return Request("GET", f"{path}/{scope_id}", "", b"")


def listing(path: str, filters: Mapping[str, str], *, limit: int, offset: int) -> Request:
    """`POST /scopes`: one page, newest first. `filters` are model, target_type and target_identity, as known."""
    query = {**filters, "sort": "created_at:desc", "limit": str(limit), "offset": str(offset)}
    return Request("POST", f"{path}s", "?" + urlencode(query, quote_via=quote, safe="", errors="surrogatepass"), b"{}")


def given(answer: Answer) -> Given | None:
    """The ID in a create's answer; `None` where the body cannot be read or has none."""
    value = _object(answer.body)
    if value is None:
        return None
    found = value.get("id")
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not _ANSWER_ID.fullmatch(found):
        return None
    created_at = value.get("created_at")
    return Given(found, created_at if isinstance(created_at, str) else None)


def refusal(answer: Answer) -> tuple[str, Any]:
    """The `reason` and `exception_details` of a refusal; "" and `None` where the answer is not such an object."""
    value = _object(answer.body) or {}
    reason = value.get("reason")
    if not isinstance(reason, str):
        reason = ""
    return _tame(reason)[:_LONGEST_REASON], value.get("exception_details")


def page(answer: Answer) -> Page | None:
    """One page of the list: `{"results": …, "pagination": …}` or a bare list; `None` for anything else."""
    value = _loaded(answer.body)
    total = None
    if isinstance(value, dict):
        pagination = value.get("pagination")
        total = pagination.get("total") if isinstance(pagination, dict) else None
        value = value.get("results")
    if not isinstance(value, list) or not all(isinstance(item, dict) and item.get("id") for item in value):
        return None
    return Page(value, total if isinstance(total, int) else None)


@lru_cache(maxsize=8)
def seconds_of(date: str) -> float | None:
    """An HTTP date in Unix seconds; `None` where it is none."""
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def instant_of(text: str | None) -> float | None:
    """A `created_at` (ISO 8601) in Unix seconds; without a zone it is UTC; `None` where it cannot be read."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return seconds_of(text) if text else None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def retry_seconds(value: str | None, date: float | None) -> float | None:
    """`Retry-After` in seconds, from either of its forms; a date counts from the server's own `date`."""
    if value is None:
        return None
    text = value.strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    at = seconds_of(text)
    return max(0.0, at - date) if at is not None and date is not None else None


def _loaded(body: bytes | None) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _object(body: bytes | None) -> dict[str, Any] | None:
    value = _loaded(body)
    return value if isinstance(value, dict) else None


def _tame(text: str) -> str:
    """A foreign text without what could steer a terminal."""
    return "".join(mark if mark.isprintable() else " " for mark in text).strip()
