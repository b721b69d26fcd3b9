"""The signature of a request. Pure.

The contract: https://docs.luigisbox.com/recommendations/customization/create-customization#how-to-make-a-request
"""

from __future__ import annotations

import base64
import hmac
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importer.settings import Secret

CONTENT_TYPE = "application/json; charset=utf-8"
"""The one Content-Type there is: the bytes that are signed are the bytes that are sent."""


@lru_cache(maxsize=8)
def http_date(second: int) -> str:
    """A Unix second as an HTTP date. Never by `strftime`, which speaks the machine's language.

    https://docs.luigisbox.com/recommendations/customization/create-customization#request-headers
    """
    return formatdate(second, usegmt=True)


def string_to_sign(method: str, date: str, path: str) -> str:
    """Method, content type, date and path, a line each. The query string is no part of the path.

    https://docs.luigisbox.com/recommendations/customization/create-customization#how-to-make-a-request
    """
    return f"{method}\n{CONTENT_TYPE}\n{date}\n{path}"


def signature(key: Secret, method: str, date: str, path: str) -> str:
    """HMAC-SHA256 of the string to sign with the private key, in Base64.

    https://docs.luigisbox.com/recommendations/customization/create-customization#how-to-make-a-request
    """
    text = string_to_sign(method, date, path).encode()
    return base64.b64encode(hmac.digest(key.reveal().encode(), text, "sha256")).decode("ascii")


def authorization(tracker_id: str, key: Secret, method: str, date: str, path: str) -> str:
    """The `Authorization` header's value.

    https://docs.luigisbox.com/recommendations/customization/create-customization#request-headers
    """
    return f"ApiAuth {tracker_id}:{signature(key, method, date, path)}"
