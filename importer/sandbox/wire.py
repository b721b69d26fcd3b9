"""What the rooms of the stand-in share about answers."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from importer.sandbox.state import State

STATE = web.AppKey("state", State)
CONTENT_TYPE = "application/json; charset=utf-8"


def answer_json(status: int, value: Any) -> web.Response:
    """An answer with a JSON body."""
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return web.Response(status=status, body=raw, headers={"Content-Type": CONTENT_TYPE})
