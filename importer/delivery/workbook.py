"""What the Customization IDs and Import Keys on a scope's rows say of it, when a results workbook comes back (pure).

An ID counts only for the content that it was created with. Another target's ID was copied here with its row: it is
never named, lest someone change or delete the wrong customization.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.api.endpoint import is_plain
from importer.catalogue.outcomes import CHANGES, COMMENTS
from importer.catalogue.screen import counted, verbs
from importer.import_key import ImportKey, read_key
from importer.ledger.records import LedgerStatus
from importer.model import MAY_BE_LIVE, AlreadyCreated, HeldBack, Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importer.ledger import Entry


@dataclass(frozen=True, slots=True)
class Brought:
    """What a scope's rows brought along, and what else must be known to judge it."""

    pairs: Mapping[tuple[str, str], int]
    """How many rows carry which Customization ID and Import Key; "" where a cell is empty."""
    key: ImportKey
    """The scope's key as it is now."""
    target_key: int
    """The ledger's key of its target."""
    known: Mapping[str, Entry]
    """The ledger's entries of those of the IDs that it knows."""
    trusted: bool
    """Whether the workbook's Summary names this tracker and base URL."""
    said: frozenset[str] = frozenset()
    """What the rows say became of them, where this ledger knows nothing of their target."""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(self.pairs.values())

    def count(self, *ids: str) -> int:
        """How many rows carry one of these IDs."""
        return sum(count for (scope_id, _), count in self.pairs.items() if scope_id in ids)

    def keys(self, scope_id: str) -> set[ImportKey]:
        """The keys with a content beside an ID."""
        keys = {read_key(text) for found, text in self.pairs if found == scope_id}
        return {key for key in keys if key is not None and key.content is not None}

    def is_of_another_target(self, scope_id: str) -> bool:
        """Whether an ID belongs to another target: the ledger knows best, then the keys beside it."""
        if scope_id in self.known:
            return self.known[scope_id].target_key != self.target_key
        keys = self.keys(scope_id)
        return bool(keys) and all(key.target != self.key.target for key in keys)


def by_workbook(brought: Brought, *, create_beside: bool) -> AlreadyCreated | HeldBack | None:
    """What becomes of a scope by what its rows brought along; `None` if nothing keeps it from being sent."""
    ids = sorted({scope_id for scope_id, _ in brought.pairs if scope_id})
    own = [scope_id for scope_id in ids if not brought.is_of_another_target(scope_id)]
    if not ids:
        return _without_id(brought)
    if not own:
        return HeldBack(COMMENTS["held-copied"])
    # Results mark an ID of another tracker, such as "1996… (tracker 1234-5678)": it is not the mark's tracker's here.
    foreign = [one for one in own if not is_plain(one) or not (brought.trusted or one in brought.known)]
    if foreign:
        return HeldBack(COMMENTS["held-foreign-id"].format(id=foreign[0]))
    if len(ids) == 1 and not brought.count("") and _is_as_created(brought, ids[0]):
        return AlreadyCreated(ids[0])
    if len(ids) == 1 and not brought.keys(ids[0]) and ids[0] not in brought.known:
        return HeldBack(COMMENTS["held-no-key"].format(id=ids[0]), ids[0])
    return None if create_beside else HeldBack(_why(brought, ids, own), own[0])


def _without_id(brought: Brought) -> HeldBack | None:
    """Rows without an ID that say that they were created, or may have been, by a run that this ledger does not know."""
    keys = brought.keys("")
    if Result.UNKNOWN in brought.said and any(key.target == brought.key.target for key in keys):
        return HeldBack(COMMENTS["held-unknown-elsewhere"], may_be_live=True)
    doubtful = bool(brought.said & MAY_BE_LIVE) or any(key.may_be_live for key in keys)
    if brought.said and doubtful and any(key[:2] == brought.key[:2] for key in keys):
        return HeldBack(COMMENTS["held-id-lost"], may_be_live=True)
    return None


def _is_as_created(brought: Brought, scope_id: str) -> bool:
    keys = brought.keys(scope_id)
    return bool(keys) and {(key.target, key.content) for key in keys} == {(brought.key.target, brought.key.content)}


def _why(brought: Brought, ids: Sequence[str], own: Sequence[str]) -> str:
    """Why a scope is held back whose rows are not what the ID on them stands for."""
    if len(own) > 1:
        return COMMENTS["held-several-ids"].format(ids=", ".join(own))
    if len(ids) > 1:
        strangers = counted(brought.count(*(scope_id for scope_id in ids if scope_id not in own)), "row")
        return COMMENTS["held-mixed"].format(id=own[0], strangers=strangers)
    if missing := brought.count(""):
        said = verbs(missing) | {"missing": f"{missing:,}", "rows": counted(brought.rows, "row"), "id": own[0]}
        if _is_as_created(brought, own[0]):
            return COMMENTS["held-half-empty"].format(**said)
        return COMMENTS["held-some-ids"].format(how=_how(brought, own[0]), **said)
    if not brought.keys(own[0]):
        entry = brought.known[own[0]]
        code = "held-found" if entry.status is LedgerStatus.FOUND else "held-changed"
        return COMMENTS[code].format(id=own[0], run=entry.run)
    return COMMENTS["held-edited"].format(id=own[0], how=_how(brought, own[0]))


def _how(brought: Brought, scope_id: str) -> str:
    """How the pins are others than those that an ID was created with, by their number."""
    # Dragging a cell down counts up the number that its text ends with: the smallest is as it was written.
    before = min((key.pins for key in brought.keys(scope_id)), default=brought.key.pins)
    kind = "edited" if before == brought.key.pins else "counted"
    return CHANGES[kind].format(before=counted(before, "pin"), now=f"{brought.key.pins:,}")
