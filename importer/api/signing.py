"""The signature of a request, and the time to sign it with. Pure but for the two clocks that are given.

The contract: https://docs.luigisbox.com/recommendations/customization/create-customization#how-to-make-a-request
"""

from __future__ import annotations

import base64
import hmac
import time
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer.api.messages import Call
    from importer.settings import Secret

CONTENT_TYPE = "application/json; charset=utf-8"
"""The one Content-Type there is: the bytes that are signed are the bytes that are sent."""

SKEW = 2.0
"""A clock that is off by this many seconds or more explains a 401; less is a `Date`'s own coarseness."""

NEAR = 8.0
"""Seconds by which a clock that was accepted may be off all the same: at the edge of what the server tolerates, one
second is accepted and the next is not."""

JUMP = 1.0
"""Seconds by which the wall clock may part from the steady one before that counts as a sleep or a change of clock."""


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


class ServerClock:
    """This computer's clock, until a 401 shows that it is wrong: for each kind of call, whose nodes have their own.

    The `Date` of an answer decides nothing by itself: it may be an edge's. Only where a 401 comes and its `Date`
    explains it, the difference is tried, and kept if the server then accepts the signature. A clock that was accepted
    is not given up for a header that is far off, unless this computer slept or its clock was set.
    """

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self.wall = wall
        self.steady = steady
        self._anchor = wall() - steady()
        self.corrections: dict[Call, float] = {}
        """Seconds that the server is ahead, by kind of call, where it accepted only that."""
        self._tried: dict[Call, float] = {}
        self._accepted: set[Call] = set()
        self.unsettled: set[Call] = set()
        """Kinds of calls that have had no answer since this computer slept or its clock was set."""
        self.jumps = 0

    def now(self, call: Call) -> float:
        """The time to sign such a call with, in Unix seconds."""
        wall, steady = self.wall(), self.steady()
        if abs(wall - steady - self._anchor) > JUMP:
            self._anchor = wall - steady
            self._accepted.clear()
            self.unsettled = {"create", "list", "get", "replace", "delete"}
            self.jumps += 1
        return self._anchor + steady + self._present(call)

    def learn(self, call: Call, status: int, date: float | None, sent: float, received: float, signed: int) -> bool:
        """Take in an answer to a request that left at `sent` and was answered at `received` (steady).

        For a 401: whether a wrong clock explains it and another time will be tried.
        """
        self.now(call)
        self.unsettled.discard(call)
        if status == 401:
            return self._refused(call, date, sent, received, signed)
        accepted = 200 <= status < 300 or status in {400, 404, 422}
        # A signature of before a jump or a correction says nothing of the present time.
        if accepted and self._is_present(call, sent, received, signed):
            self._accepted.add(call)
            if call in self._tried:
                self.corrections[call] = self._tried.pop(call)
        return False

    def _is_present(self, call: Call, sent: float, received: float, signed: int) -> bool:
        used = signed + 0.5 - (self._anchor + sent)
        return abs(self._present(call) - used) < SKEW + (received - sent)

    def _present(self, call: Call) -> float:
        return self._tried.get(call, self.corrections.get(call, 0.0))

    def _refused(self, call: Call, date: float | None, sent: float, received: float, signed: int) -> bool:
        present = self._present(call)
        if not self._is_present(call, sent, received, signed):
            return True  # it was signed before a jump, or before the correction that another request brought
        self._tried.pop(call, None)
        if date is None:
            return False
        # The server made the date between the two moments, and cut it to whole seconds.
        lowest, highest = date - (self._anchor + received), date + 1.0 - (self._anchor + sent)
        seen = (lowest + highest) / 2
        if abs(seen - present) < SKEW or lowest <= present <= highest:
            return False
        if call in self._accepted and abs(seen - present) > NEAR:
            return False
        self._tried[call] = seen
        return True
