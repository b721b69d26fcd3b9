"""What goes wrong on purpose: named faults, and plans that say which call meets which."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What is done to a call."""

    ANSWER = "another answer"
    HTML = "a web page"
    REDIRECT = "a redirect"
    DROP = "the connection ends without an answer"
    RESET = "the connection is reset without an answer"
    HANG = "no answer, ever"
    SLOW = "the right answer, late"
    LATE = "the request itself reaches the server late, and is judged then"
    COMMIT_LATE = "no answer; it takes effect later"
    OTHER_ID = "the answer to another create"
    OTHER_TARGET = "an answer that names another target"
    ERROR_WITH_ID = "an error that holds an ID"
    NO_ID = "the right answer without its ID"
    TRUNCATED = "the right answer, cut off in the middle"
    UNREADABLE = "a whole answer that is not JSON"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault."""

    name: str
    """What plans call it."""
    kind: Kind
    """What happens to the call."""
    commits: bool = False
    """Whether the call takes effect before the fault."""
    status: int = 0
    """The status of the answer; 0 leaves it as it is."""


def _table() -> dict[str, Fault]:
    faults = [
        Fault(f"{kind.name.lower()}-{when}", kind, commits=when == "after")
        for kind in (Kind.DROP, Kind.RESET, Kind.HANG)
        for when in ("before", "after")
    ]
    faults += [
        Fault(f"{status}-{when}", Kind.ANSWER, commits=when == "after", status=status)
        for status in (408, 500, 502, 503, 504)
        for when in ("before", "after")
    ]
    faults += [Fault(str(s), Kind.ANSWER, status=s) for s in (400, 401, 403, 404, 405, 409, 413, 418, 422, 429)]
    faults += [Fault(str(s), Kind.ANSWER, commits=True, status=s) for s in (200, 202, 204)]
    faults += [Fault(str(s), Kind.REDIRECT, status=s) for s in (301, 302, 307, 308)]
    return {fault.name: fault for fault in faults} | {
        "html-200": Fault("html-200", Kind.HTML, status=200),
        "html-502-before": Fault("html-502-before", Kind.HTML, status=502),
        "html-502-after": Fault("html-502-after", Kind.HTML, commits=True, status=502),
        "no-id": Fault("no-id", Kind.NO_ID, commits=True),
        "200-no-id": Fault("200-no-id", Kind.NO_ID, commits=True, status=200),
        "202-no-id": Fault("202-no-id", Kind.NO_ID, commits=True, status=202),
        "truncated": Fault("truncated", Kind.TRUNCATED, commits=True),
        "unreadable": Fault("unreadable", Kind.UNREADABLE, commits=True),
        "commit-late": Fault("commit-late", Kind.COMMIT_LATE, commits=True),
        "other-id": Fault("other-id", Kind.OTHER_ID, commits=True),
        "other-target": Fault("other-target", Kind.OTHER_TARGET, commits=True),
        "error-with-id": Fault("error-with-id", Kind.ERROR_WITH_ID, status=200),
        "slow": Fault("slow", Kind.SLOW, commits=True),
        "late": Fault("late", Kind.LATE),
    }


FAULTS: Mapping[str, Fault] = _table()
"""Every fault by its name. `…-before` leaves nothing behind, `…-after` has taken effect."""


CALLS = ("create", "list", "get", "replace", "delete", "export", "bulk")
"""The kinds of calls that faults can meet."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call that has come in. `call` is one of `CALLS`; `number` counts the calls of its kind, from 1."""

    call: str
    number: int
    body: bytes


Plan = Callable[[Arrival], str | None]
"""Says which fault, by name, a call meets, if any."""


def no_faults(_: Arrival) -> None:
    """The plan of a good day."""
    return


def scripted(schedule: Mapping[int, str], *, call: str = "create") -> Plan:
    """The n-th call of that kind meets the fault of that name; from 1. Raises `KeyError` for an unknown name."""
    known = {number: FAULTS[name].name for number, name in schedule.items()}
    return lambda arrival: known.get(arrival.number) if arrival.call == call else None


def always(name: str, *, call: str = "create") -> Plan:
    """Every call of that kind meets the fault of that name. Raises `KeyError` for an unknown name."""
    fault = FAULTS[name].name
    return lambda arrival: fault if arrival.call == call else None


def seeded(seed: int, chances: Mapping[str, float], *, call: str = "create") -> Plan:
    """Faults by chance (0 to 1 each, together at most 1), the same for the same seed in any order of calls.

    Raises `KeyError` for an unknown name, `ValueError` where the chances are more than 1.
    """
    names = [FAULTS[name].name for name in chances]
    if not 0 <= sum(chances.values()) <= 1 or min(chances.values(), default=0) < 0:
        raise ValueError("the chances of all faults must add up to at most 1")
    weights = [*chances.values(), 1 - sum(chances.values())]

    def plan(arrival: Arrival) -> str | None:
        """The fault drawn for this call, if any."""
        if arrival.call != call:
            return None
        return random.Random(f"{seed}/{arrival.number}").choices([*names, None], weights)[0]  # noqa: S311 - repeatable

    return plan


def together(*plans: Plan) -> Plan:
    """The first plan that has a fault for a call decides."""

    def plan(arrival: Arrival) -> str | None:
        """The first fault that any of the plans has for this call."""
        return next((name for each in plans if (name := each(arrival))), None)

    return plan


def plan_of(words: Iterable[str], seed: int) -> Plan:
    """A plan from words: `3=drop-after` for the third create, `drop-after=0.1` for a chance.

    The name of another call may stand before it: `replace:1=hang-after`, `list:404=0.5`.
    Raises `KeyError` or `ValueError` for a word that says none of these.
    """
    schedules: dict[str, dict[int, str]] = {call: {} for call in CALLS}
    chances: dict[str, dict[str, float]] = {call: {} for call in CALLS}
    for word in words:
        call, _, rest = word.rpartition(":")
        left, _, right = rest.partition("=")
        if right in FAULTS:
            schedules[call or "create"][int(left)] = right
        else:
            chances[call or "create"][left] = float(right)
    plans = [scripted(schedules[call], call=call) for call in CALLS]
    return together(*plans, *(seeded(seed, table, call=call) for call, table in chances.items() if table))
