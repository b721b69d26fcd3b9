"""A caller of the stand-in that signs along the contract's recipe by its own few lines."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

import pytest

from importer.sandbox import Behaviour, Sandbox, running_sandbox

JSON = "application/json; charset=utf-8"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Caller:
    """Calls one sandbox; every part of a call can be made wrong by name."""

    sandbox: Sandbox
    timeout: float = 5.0
    default_type: str = JSON
    extra: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, body: Any = None, **wrong: Any) -> Answer:
        tracker = wrong.get("tracker", self.sandbox.tracker_id)
        full = wrong.get("url", f"/v1/recommender/pin/{tracker}{path}")
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = self.headers(method, full.partition("?")[0], wrong) | wrong.get("headers", {})
        connection = http.client.HTTPConnection(urlsplit(self.sandbox.url).netloc, timeout=self.timeout)
        try:
            connection.request(method, full, raw, {name: text for name, text in headers.items() if text is not None})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def headers(self, method: str, path: str, wrong: dict[str, Any]) -> dict[str, Any]:
        content_type = wrong.get("content_type", self.default_type)
        date = wrong.get("date", formatdate(time.time() + wrong.get("skew", 0), usegmt=True))
        text = "\n".join((method, wrong.get("signed_type", content_type), date or "", path))
        key = wrong.get("key", self.sandbox.private_key).encode()
        signature = base64.b64encode(hmac.digest(key, text.encode(), hashlib.sha256)).decode()
        who = f"ApiAuth {self.sandbox.tracker_id}:{signature}"
        return {"Content-Type": content_type, "Date": date, "Authorization": who}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(Behaviour()) as running:
        yield running


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return Caller(sandbox)


@pytest.fixture
def scope() -> Callable[..., dict[str, Any]]:
    """Makes a good customization, with changes by name."""

    def make(**changes: Any) -> dict[str, Any]:
        pin = {"position": 1, "pin_type": "item", "pin_identity": "/p/987"}
        good = {"model": "basket", "target_type": "item", "target_identity": "/p/123", "pin_definitions": [pin]}
        return {**good, **changes}

    return make
