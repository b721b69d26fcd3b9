"""The thin aiohttp adapter: a request out, an answer or the way it failed in. It decides nothing.

What aiohttp does unasked is switched off here: redirects, cookies, netrc, proxies of the environment, a pool
that queues, retries. A request is signed after its connection stands, as the last thing before its first byte.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import aiohttp
from aiohttp.hdrs import ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, DATE, USER_AGENT
from yarl import URL

from importer.api import messages, signing
from importer.api.endpoint import check_tracker, scope_path
from importer.api.messages import Answer, Call, Request
from importer.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.connector import Connection
    from multidict import CIMultiDict

    from importer.settings import Secret, SendOptions, Tracker

ANSWER_LIMIT = 32 * 1024**2
"""The largest answer that is taken, in bytes once unpacked: a page of a hundred scopes of a thousand pins."""

SWEEPS = 10
"""How often late answers are looked for while one timeout passes. One timer for all requests costs less than one for
each, and bounds what a reading timeout does not: a request that gets stuck half sent, an answer that trickles."""

IDLE_SECONDS = 4.0
"""How long an idle connection is kept: less than the five seconds after which common servers close theirs."""


@dataclass(frozen=True, slots=True)
class NeverSent:
    """No byte of the request left: looking up the name, connecting or the TLS handshake failed. `why` is a word."""

    why: str


@dataclass(frozen=True, slots=True)
class BadCertificate:
    """The server's certificate does not hold; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Bytes may have left, and no answer came. `signed` is the `Date` of the request; `why` is a word."""

    why: str
    signed: int


Exchange = Answer | NeverSent | BadCertificate | Lost


class InFlight:
    """One request under way: whether it was signed, and so may have left, even if it is cancelled."""

    __slots__ = ("believes", "client", "request", "signed", "since", "transport")

    def __init__(self, believes: Callable[[Answer], bool] | None = None) -> None:
        self.believes = believes
        """Says whether an answer is about this request. The connection of one that is not is closed."""
        self.client: Client | None = None
        self.request: Request | None = None
        self.signed: int | None = None
        """The Unix second of its `Date`; `None` as long as no byte of it can have left."""
        self.since = 0.0
        self.transport: asyncio.Transport | None = None


_IN_FLIGHT: ContextVar[InFlight] = ContextVar("in_flight")


class _SignedLast(aiohttp.ClientRequest):
    """A request that is signed when its connection is there, however long that took, and leaves once.

    aiohttp sends GET, PUT and DELETE again on its own where the connection ends without an answer (RFC 9110, 9.2.2).
    Here the repeat ends before its first byte, as the loss that it is: who asked decides whether to ask again.
    """

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Sign and send the request, once. A second attempt of the same request ends as a lost connection."""
        flight = _IN_FLIGHT.get()
        if flight.signed is not None:
            raise aiohttp.ServerDisconnectedError
        if flight.client is not None and flight.request is not None:
            flight.transport, flight.since = conn.transport, self.loop.time()
            flight.signed = flight.client.sign(flight.request, self.headers)
        return await super().send(conn)


class Client:
    """Speaks to one tracker at one base URL. An asynchronous context manager, made inside a running loop.

    `clock` gives the server's time for a kind of call, in Unix seconds, as best known. Raises `UsageError` for a
    tracker ID or base URL that cannot be used.
    """

    def __init__(
        self,
        tracker: Tracker,
        key: Secret,
        options: SendOptions,
        clock: Callable[[Call], float] = lambda _: time.time(),
    ) -> None:
        tracker = check_tracker(tracker.tracker_id, tracker.base_url)
        self.path = scope_path(tracker.tracker_id)
        self._origin = tracker.base_url
        self._tracker_id = tracker.tracker_id
        self._key = key
        self._clock = clock
        self._proxy = URL(options.proxy) if options.proxy else None
        self._create_url = URL(self._origin + self.path, encoded=True)
        self._stamp = (0, "", "")
        """The latest second in which a create was signed, its date and its signature."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={
                CONTENT_TYPE: signing.CONTENT_TYPE,
                ACCEPT_ENCODING: "identity",
                USER_AGENT: f"pin-importer/{__version__}",
            },
            request_class=_SignedLast,
            timeout=aiohttp.ClientTimeout(total=None, connect=options.connect_timeout),
            trust_env=False,
        )
        self._flying: set[InFlight] = set()
        self._timeout = options.timeout
        self._loop = asyncio.get_running_loop()
        self._sweeper = self._loop.call_later(self._timeout / SWEEPS, self._sweep)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._sweeper.cancel()
        await self._session.close()

    async def exchange(self, request: Request, flight: InFlight) -> Exchange:
        """Send one request and take its answer. Failures are values; only cancellation is raised."""
        flight.client, flight.request = self, request
        url = self._create_url
        if request.query or request.path != self.path:
            url = URL(self._origin + request.path + request.query, encoded=True)
        _IN_FLIGHT.set(flight)
        self._flying.add(flight)
        try:
            async with self._session.request(
                request.method,
                url,
                data=request.body or None,
                allow_redirects=False,
                proxy=self._proxy,
            ) as response:
                answer = await _answer(response, flight.signed or 0)
                if flight.believes is not None and not flight.believes(answer):
                    response.close()
                return answer
        except (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError):
            return BadCertificate() if flight.signed is None else Lost("tls", flight.signed)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            why = _word_for(error)
            if flight.signed is None:
                return NeverSent(why)
            return Lost("timeout" if self._is_late(flight) else why, flight.signed)
        finally:
            self._flying.discard(flight)

    def _sweep(self) -> None:
        """Cut the connections of requests that have waited too long for the end of their answer."""
        for flight in self._flying:
            if flight.transport is not None and self._is_late(flight):
                flight.transport.abort()
        self._sweeper = self._loop.call_later(self._timeout / SWEEPS, self._sweep)

    def _is_late(self, flight: InFlight) -> bool:
        return self._loop.time() - flight.since >= self._timeout

    def sign(self, request: Request, headers: CIMultiDict[str]) -> int:
        """Date and sign a request; the Unix second of its `Date`. Called when its connection stands."""
        second = int(self._clock(request.call))
        stamp = self._stamp
        if stamp[0] != second or request.path != self.path:
            # The signature is over method, path and second: within one second, creates share it.
            date = signing.http_date(second)
            signature = signing.authorization(self._tracker_id, self._key, request.method, date, request.path)
            stamp = (second, date, signature)
            if request.path == self.path:
                self._stamp = stamp
        _, headers[DATE], headers[AUTHORIZATION] = stamp
        return second


async def _answer(response: aiohttp.ClientResponse, signed: int) -> Answer:
    """What came back. Its body is `None` where it broke off or is too large; the status alone is still worth having."""
    headers = response.headers
    date = None if headers.get("Age", "0").strip() != "0" else messages.seconds_of(headers.get(DATE, ""))
    wait = messages.retry_seconds(headers.get("Retry-After"), date) if "Retry-After" in headers else None
    body: bytes | None = None
    try:
        length = response.content_length
        if length is not None and length <= ANSWER_LIMIT and "Content-Encoding" not in headers:
            body = await response.read()
        else:
            body = await _body(response)
    except (aiohttp.ClientError, OSError, ValueError):
        response.close()
    return Answer(response.status, body, date, wait, signed)


async def _body(response: aiohttp.ClientResponse) -> bytes | None:
    """A body of which nothing says how long it will be, or `None` once it is too large."""
    parts, size = [], 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > ANSWER_LIMIT:
            response.close()
            return None
        parts.append(part)
    return b"".join(parts)


_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "dns"),
    (aiohttp.ClientConnectorSSLError, "tls"),
    (TimeoutError, "timeout"),
    (aiohttp.ClientHttpProxyError, "proxy"),
    (aiohttp.ClientProxyConnectionError, "proxy"),
    (aiohttp.ClientConnectorError, "connect"),
    (aiohttp.ServerDisconnectedError, "closed"),
)


def _word_for(error: BaseException) -> str:
    """One word for an error, for the attempt lines. Never its text or repr: they can hold the signature."""
    return next((word for kind, word in _WORDS if isinstance(error, kind)), "reset")
