"""Requests of the pin API, and what its answers say. Pure: bytes in, values out; nothing here raises on an answer."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import quote

from importer.api.endpoint import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_ANSWER_ID = re.compile(r"[\x21-\x7e]{1,256}")
_LONGEST_REASON = 2000
_LONGEST_DIAGNOSTICS = 500
_LONGEST_DATE = 64
_ERRORS = frozenset({"error", "errors", "exception_details"})


Call = Literal["create", "list", "get", "replace", "delete"]
"""Kinds of calls: each is answered by nodes with clocks and troubles of their own."""


class Request(NamedTuple):
    """One request. `path` is what is signed; `query` is already encoded, with its `?`, or ""."""

    call: Call
    method: str
    path: str
    query: str
    body: bytes


class Answer(NamedTuple):
    """An answer as received."""

    status: int
    body: bytes | None
    """`None` where it broke off or was larger than is taken."""
    date: float | None
    """The server's clock in Unix seconds; `None` where it says none or the answer came from a cache."""
    retry_after: float | None
    """Seconds from that moment to wait, if it says so."""
    signed: int
    """The `Date` that the request was signed with, in Unix seconds."""


class CreatedScope(NamedTuple):
    """A customization that the server has: its ID, and when it was created, as the server spells it."""

    id: str
    created_at: str | None


class Listed(NamedTuple):
    """One customization of the list. An `id` that is none, or cannot be one, gets a name made of its content."""

    id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. `total` is what the server claims."""

    items: Sequence[Listed]
    total: int | None


def create(path: str, body: bytes) -> Request:
    """`POST /scope`. `path` comes from `endpoint.scope_path`.

    https://docs.luigisbox.com/recommendations/customization/create-customization#overview
    """
    return Request("create", "POST", path, "", body)


def fetch(path: str, scope_id: str) -> Request | None:
    """`GET /scope/{ID}`; `None` for an ID that cannot safely stand in a path."""
    if not is_plain(scope_id):
        return None
    return Request("get", "GET", f"{path}/{scope_id}", "", b"")


def replacement(path: str, scope_id: str, body: bytes) -> Request | None:
    """`PUT /scope/{ID}`: the body takes the place of all that is there; `None` as of `fetch`."""
    if not is_plain(scope_id):
        return None
    return Request("replace", "PUT", f"{path}/{scope_id}", "", body)


def deletion(path: str, scope_id: str) -> Request | None:
    """`DELETE /scope/{ID}`; `None` as of `fetch`."""
    if not is_plain(scope_id):
        return None
    return Request("delete", "DELETE", f"{path}/{scope_id}", "", b"")


def listing(
    path: str, *, limit: int, offset: int, newest_first: bool = True, filters: Iterable[tuple[str, str]] = ()
) -> Request:
    """`POST /scopes`: one page of all customizations, or of those that fit the `filters`.

    How a service understands a filter is not known for sure: an absence is believed only of a list without any.
    """
    wanted = ""
    for name, value in filters:
        wanted += f"{name}={quote(value, safe='')}&"
    sort = "sort=created_at%3Adesc&" if newest_first else ""
    return Request("list", "POST", f"{path}s", f"?{wanted}{sort}limit={limit}&offset={offset}", b"{}")


def parse_created(answer: Answer, model: str, target_type: str, target: str) -> CreatedScope | None:
    """The customization that a create's answer names.

    `None` where the body cannot be read, has no ID, speaks of an error, or is about another scope.
    https://docs.luigisbox.com/recommendations/customization/create-customization#response-attributes
    """
    value = _object(answer.body)
    if value is None or _ERRORS & value.keys() or _is_foreign(value, model, target_type, target):
        return None
    found = value.get("id")
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not _ANSWER_ID.fullmatch(found):
        return None
    created_at = value.get("created_at")
    return CreatedScope(found, created_at[:_LONGEST_DATE] if isinstance(created_at, str) else None)


def names_target(answer: Answer, model: str, target_type: str, target: str) -> bool:
    """Whether a good answer says of which target it is, and it is this one.

    https://docs.luigisbox.com/recommendations/customization/create-customization#response-attributes
    """
    value = _object(answer.body) or {}
    return "model" in value and "target_type" in value and not _is_foreign(value, model, target_type, target)


def _is_foreign(value: Mapping[str, Any], model: str, target_type: str, target: str) -> bool:
    """Whether an answer repeats another scope's model or target."""
    named = [("model", model), ("target_type", target_type)]
    if target_type == "item":
        named.append(("target_identity", target))
    for name, ours in named:
        theirs = value.get(name)
        if theirs is not None and theirs != ours and str(theirs) != ours:
            return True
    return False


def diagnostics(answer: Answer) -> str:
    """What the body of a refusal says of why: cleaned and cut, for people; "" where it says nothing.

    https://docs.luigisbox.com/recommendations/customization/create-customization#error-handling
    """
    value = _object(answer.body)
    if value is None:
        text = (answer.body or b"")[:_LONGEST_DIAGNOSTICS].decode("utf-8", "replace")
        return "" if text.lstrip().startswith("<") else tame(text, _LONGEST_DIAGNOSTICS)
    said = [value[name] for name in ("reason", "error", "message", "exception_details") if value.get(name)]
    texts = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in said]
    return tame(" ".join(texts)[: 2 * _LONGEST_DIAGNOSTICS], _LONGEST_DIAGNOSTICS)


def scope_of(answer: Answer, scope_id: str) -> Mapping[str, Any] | None:
    """The customization of that ID in the answer to a get; `None` where it is none, or another."""
    value = _object(answer.body)
    return value if value is not None and str(value.get("id")) == scope_id else None


def is_scope(answer: Answer, scope_id: str) -> bool:
    """Whether the answer to a get is the customization of that ID."""
    return scope_of(answer, scope_id) is not None


def is_object(answer: Answer) -> bool:
    """Whether the body is a JSON object, as the service's own answers are."""
    return _object(answer.body) is not None


def refusal(answer: Answer) -> tuple[str, Any]:
    """The `reason` and `exception_details` of a refusal; "" and `None` where the answer is not such an object.

    https://docs.luigisbox.com/recommendations/customization/create-customization#error-handling
    """
    value = _object(answer.body) or {}
    reason = value.get("reason")
    if not isinstance(reason, str):
        reason = ""
    return tame(reason, _LONGEST_REASON), value.get("exception_details")


def page(answer: Answer) -> Page | None:
    """One page of the list: `{"results": …, "pagination": …}` or a list alone; `None` for anything else."""
    value = _loaded(answer.body)
    total = None
    if isinstance(value, dict):
        pagination = value.get("pagination")
        total = pagination.get("total") if isinstance(pagination, dict) else None
        value = value.get("results")
    if not isinstance(value, list):
        return None
    items = []
    for item in value:
        if not isinstance(item, dict) or not item.get("id"):
            return None
        items.append(Listed(_listed_id(item), item))
    return Page(items, total if type(total) is int else None)


def _listed_id(item: Mapping[str, Any]) -> str:
    found = item["id"]
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if isinstance(found, str) and _ANSWER_ID.fullmatch(found):
        return found
    # It can neither be shown nor be taken for a scope's; it only has to differ from others.
    return "?" + hashlib.sha256(json.dumps(item["id"], sort_keys=True).encode()).hexdigest()


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
        if body and body.startswith(b'{"'):
            return json.loads(body.decode("utf-8", "surrogatepass"))  # as bytes, it is searched for its encoding first
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _object(body: bytes | None) -> dict[str, Any] | None:
    value = _loaded(body)
    return value if isinstance(value, dict) else None


def tame(text: str, longest: int) -> str:
    """A foreign text without what could steer a terminal, and no longer than people read."""
    cut = text[: longest + 1]
    cut = "".join(mark if mark.isprintable() else " " for mark in cut).strip()
    return cut if len(cut) <= longest else cut[: longest - 1] + "…"
