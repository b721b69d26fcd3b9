"""Where the API is: which trackers and base URLs are acceptable, and the paths of its calls (pure).

Only characters that no library rewrites on its way to the wire are let into a path, so that the path that is
signed is the path that is sent.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from importer.catalogue.errors import ERRORS
from importer.errors import UsageError
from importer.settings import Tracker

_ALLOWED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def is_plain(text: str) -> bool:
    """Whether a tracker or customization ID may stand in a path: letters, digits, `-` and `_` only."""
    return _ALLOWED.fullmatch(text) is not None


def check_tracker(tracker_id: str, base_url: str) -> Tracker:
    """The target of a run, with the base URL reduced to scheme, host and port.

    Raises `UsageError` for a tracker that cannot stand in a path, and for a base URL that is not `https` (`http` is for
    loopback alone) or carries a user, a path, a query or a fragment.
    """
    tracker = tracker_id.strip()
    if not is_plain(tracker):
        raise UsageError(ERRORS["tracker"], code="tracker")
    return Tracker(tracker, _origin(base_url.strip()))


def is_loopback(base_url: str) -> bool:
    """Whether the URL's host is this machine's loopback."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def scope_path(tracker_id: str) -> str:
    """The path of "Create Customization".

    https://docs.luigisbox.com/recommendations/customization/create-customization#path-parameters
    """
    return f"/v1/recommender/pin/{tracker_id}/scope"


def _origin(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not re.fullmatch(r"[!-~]+", base_url):
        raise UsageError(ERRORS["base-url"], code="base-url")
    extras = parts.username or parts.password or parts.query or parts.fragment or parts.path.strip("/")
    if extras or "@" in parts.netloc or "?" in base_url or "#" in base_url:
        raise UsageError(ERRORS["base-url-extras"], code="base-url")
    if parts.scheme == "http" and not is_loopback(base_url):
        raise UsageError(ERRORS["base-url-http"], code="base-url")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme] else ""
    return f"{parts.scheme}://{host}{port}"
