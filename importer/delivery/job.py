"""One scope on its way, as the dispatcher carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.delivery.life import State
from importer.delivery.records import Entry, Fate, Intent, Verdict, storable, target_key
from importer.model import AlreadyCreated, Created, HeldBack, Outcome, Unknown

if TYPE_CHECKING:
    from importer.delivery.clock import ServerClock
    from importer.model import Scope
    from importer.settings import Target


class Job:
    """A scope of this run that has been taken up and is not finished.

    `body` is there only from its intent to its answer. `intent` is its first intent on this machine's two clocks
    (wall, steady); `known` what an earlier run left in the ledger.
    """

    __slots__ = (
        "body",
        "fingerprint",
        "in_ledger",
        "intent",
        "key",
        "known",
        "model",
        "number",
        "replaces",
        "state",
        "target",
        "target_type",
    )

    def __init__(self, scope: Scope, fingerprint: bytes, target: Target, known: Entry | None) -> None:
        self.number = scope.number
        self.model = scope.model
        self.target_type = scope.target_type
        self.target = scope.target
        self.fingerprint = fingerprint
        self.key = target_key(target, scope)
        self.body: bytes | None = scope.body
        self.known = known
        self.intent: tuple[float, float] | None = None
        self.replaces = False
        self.in_ledger = False
        self.state = State()

    @property
    def filters(self) -> dict[str, str]:
        """The narrowest filter of the list that must show it."""
        return filters(self.model, self.target_type, self.target)

    def intent_record(self, clock: ServerClock, tolerance: float) -> Intent:
        """Its intent, to be written down now."""
        self.intent = (clock.wall(), clock.steady())
        self.in_ledger = True
        doubt = 0.0 if clock.measured else tolerance
        at = clock.now()
        texts = (storable(self.model), self.target_type, storable(self.target))
        return Intent(self.fingerprint, self.key, *texts, at, doubt, replaces=self.replaces)

    def created_from(self, clock: ServerClock) -> tuple[float, float]:
        """From when on a customization of its content can be, and must be, its own (server's Unix seconds).

        Between the two it could be either: the clocks of this machine disagree on how long ago the intent was.
        """
        if self.intent is not None:
            wall, steady = self.intent
            now = clock.now()
            moments = (now - (clock.wall() - wall), now - (clock.steady() - steady))
            return min(moments), max(moments)
        if self.known is not None:
            return self.known.intent_at - self.known.doubt, self.known.intent_at + self.known.doubt
        return 0.0, float("inf")

    def verdict(self, outcome: Outcome, now: float) -> Verdict | None:
        """What the ledger is to remember of its end; `None` where nothing has changed."""
        match outcome:
            case Created(id=scope_id, created_at=created_at):
                created_at = storable(created_at or "") or None
                return Verdict(self.fingerprint, self.key, Fate.CREATED, scope_id, created_at, now)
            case Unknown():
                fate = Fate.SEEN if self.state.seen else Fate.UNKNOWN
                return Verdict(self.fingerprint, self.key, fate, signed_at=self.state.signed)
            case AlreadyCreated() | HeldBack():
                return None
            case _:
                return Verdict(self.fingerprint, self.key, Fate.ABSENT) if self.in_ledger else None


def filters(model: str, target_type: str, target: str) -> dict[str, str]:
    """The narrowest filter of the list for one target: criteria cannot be asked for, only their kind."""
    found = {"model": model, "target_type": target_type}
    askable = target_type == "item" and storable(target) == target
    return {**found, "target_identity": target} if askable else found
