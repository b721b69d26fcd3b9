"""Who may come in. Loopback is not a fence: other programs, and every page in the browser, can reach this address."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

SAFE_METHODS = frozenset({"GET", "HEAD"})
HOSTS = ("127.0.0.1", "localhost", "[::1]")

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "pin-importer",
}
"""What every answer carries."""


class Doors:
    """The secrets of one process: addresses that open it once each, and the cookie that they are exchanged for."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = secrets.token_urlsafe(32)
        self._tokens: list[str] = []

    @property
    def cookie_name(self) -> str:
        """The cookie's name: browsers keep the cookies of all ports together."""
        return f"pin-importer-{self.port}"

    def new_token(self) -> str:
        """A token for one more browser to come in, once."""
        self._tokens.append(secrets.token_urlsafe(32))
        return self._tokens[-1]

    def use(self, token: str) -> bool:
        """Whether a token lets in. It is used up by that."""
        fitting = [known for known in self._tokens if _same(known, token)]
        self._tokens = [known for known in self._tokens if known not in fitting]
        return bool(fitting)

    def knows(self, cookie: str | None) -> bool:
        """Whether a request's cookie is the one that a token was exchanged for."""
        return cookie is not None and _same(self.cookie, cookie)

    def is_ours(self, host: str | None) -> bool:
        """Whether `Host` is a loopback name with this port: another name may lead here to deceive a browser."""
        names = [f"{name}:{self.port}" for name in HOSTS]
        return host in (names if self.port != 80 else [*names, *HOSTS])

    @staticmethod
    def is_own_page(method: str, headers: Mapping[str, str]) -> bool:
        """Whether a request comes from a page of ours, or, where it changes nothing, from the person.

        Browsers say which in `Sec-Fetch-Site`; older ones say where the page is from in `Origin`.
        """
        site = headers.get("Sec-Fetch-Site")
        if method in SAFE_METHODS:
            return site in (None, "same-origin", "none") or headers.get("Sec-Fetch-Mode") == "navigate"
        if site is not None:
            return site == "same-origin"
        return headers.get("Origin") == f"http://{headers.get('Host')}"


def _same(known: str, given: str) -> bool:
    return hmac.compare_digest(known.encode(), given.encode("utf-8", "surrogatepass"))
