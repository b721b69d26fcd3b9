"""Who may call: the contract's headers and signature, checked by the stand-in's own few lines.

Nothing here is shared with the importer's signing, so that one mistake cannot hide in both.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

DATE_TOLERANCE = 5.0
"""Seconds that a request's `Date` may differ from the server's clock."""


def denial(
    method: str, path: str, headers: Mapping[str, str], *, tracker_id: str, private_key: str, now: float
) -> str | None:
    """Why a call is not let in (401), or `None`.

    https://docs.luigisbox.com/recommendations/customization/create-customization#request-headers

    `path` is the path as sent, without the query; `now` the server's clock in seconds since 1970.
    """
    date = headers.get("Date")
    if date is None:
        return "Missing Date header"
    scheme, _, credentials = headers.get("Authorization", "").partition(" ")
    name, _, signature = credentials.partition(":")
    if scheme != "ApiAuth" or name != tracker_id:
        return "Missing or invalid authentication"
    if not _is_current(date, now):
        return "Date header is not within 5 seconds of the server's time"
    message = "\n".join((method, headers.get("Content-Type", ""), date, path))
    expected = hmac.digest(private_key.encode(), message.encode("utf-8", "surrogateescape"), hashlib.sha256)
    if not hmac.compare_digest(base64.b64encode(expected), signature.encode("utf-8", "surrogateescape")):
        return "Invalid signature"
    return None


def _is_current(date: str, now: float) -> bool:
    try:
        stated = parsedate_to_datetime(date).timestamp()
    except ValueError:
        return False
    return abs(stated - now) <= DATE_TOLERANCE
