"""What readings of the server's list say of a scope (pure): what is new, and whether it is ours.

*New* is what is neither in the scope's baseline nor known to be another scope's. No clock tells the two apart, and no
filter is trusted: every reading is of the whole list, newest first, and the target is compared here.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from importer.api.messages import CreatedScope
from importer.columns import METADATA
from importer.delivery.contents import content_of, difference, likeness_of
from importer.delivery.readings import adds_up, borders, proof_of, shown_canaries
from importer.delivery.states import Absent, Confirmed, Conflicting, Found, Proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importer.api.messages import Listed
    from importer.delivery.readings import KnownIds, Pass, Wanted


def judge_missing(scope_id: str, passes: Sequence[Pass], known: KnownIds) -> Confirmed | Absent:
    """What two passes to the end say of a customization that a get did not find."""
    if any(scope_id in read.positions for read in passes):
        return Confirmed()
    began = passes[0].began
    one, other = (frozenset(read.positions) - known.created for read in passes)
    if one != other:
        return Absent(began, Proof.UNSTABLE)
    if not all(read.complete and read.total in {None, len(read.positions)} for read in passes):
        return Absent(began, Proof.INCOMPLETE)
    shows_known = any(each in known.claimed for read in passes for each in read.positions)
    return Absent(began, Proof.RELIABLE if shows_known else Proof.NO_CANARY)


def may_matter(wanted: Sequence[Wanted], listed: Listed, known: KnownIds) -> bool:
    """Whether a customization of the list is to be kept: it may be a scope that is looked for, or is a canary."""
    if any(listed.id == each.id for each in known.own):
        return True
    return (listed.id not in known.claimed or listed.id in known.created) and any(
        likeness_of(listed.fields, each.target) is not None for each in wanted
    )


def judge(wanted: Wanted, passes: Sequence[Pass], known: KnownIds) -> Found | Conflicting | Absent:
    """What one pass, or two that were made one after the other, say of a scope."""
    read = passes[-1]
    mine = list(_new_of_target(wanted, read, known))
    decided = _decide(wanted, mine, read, known) if mine else None
    if (
        isinstance(decided, Conflicting)
        and len(mine) == 1
        and known.may_come()
        and not any(shown_canaries(read, known))
    ):
        # Whether the service gives back what was sent will be known once it shows another customization of this run.
        return Absent(passes[0].began, Proof.PENDING)
    if decided is not None:
        return decided
    return Absent(passes[0].began, proof_of(wanted, passes, known))


# ── What is new ─────────────────────────────────────────────────────────────────────────────────────────


class _New(NamedTuple):
    item: Listed
    certain: bool
    """Whether it is surely newer than the baseline."""
    exact: bool
    """Whether it names this target as it was sent."""


def _new_of_target(wanted: Wanted, read: Pass, known: KnownIds) -> Iterator[_New]:
    for item in read.items:
        likeness = likeness_of(item.fields, wanted.target)
        if likeness and item.id in known.created:
            # An answer gave its ID to another scope, and the list says that it is of this one: one of them is wrong.
            yield _New(item, certain=False, exact=True)
        if item.id in known.claimed or (wanted.baseline is not None and item.id in wanted.baseline.ids):
            continue
        certain = None if likeness is None else _is_new(wanted, read, read.positions[item.id])
        if likeness is not None and certain is not _Newness.OLD:
            yield _New(item, certain is _Newness.NEW, likeness)


def _is_new(wanted: Wanted, read: Pass, place: int) -> _Newness:
    baseline = wanted.baseline
    if baseline is None or baseline.complete:
        return _Newness.NEW
    if not read.newest_first:
        return _Newness.NOT_KNOWN
    first, last = borders(baseline, read)
    if place < first:
        return _Newness.NEW
    amid_is_new = adds_up(wanted, baseline, read)
    if amid_is_new is None:
        return _Newness.NOT_KNOWN
    return _Newness.NEW if amid_is_new and place < last else _Newness.OLD


class _Newness(Enum):
    NEW = "not there before"
    OLD = "there before"
    NOT_KNOWN = "one or the other"


# ── Whose it is ─────────────────────────────────────────────────────────────────────────────────────────


def _decide(wanted: Wanted, mine: Sequence[_New], read: Pass, known: KnownIds) -> Found | Conflicting:
    ids = tuple(each.item.id for each in mine)
    equal = [each for each in mine if each.certain and each.exact and _is_equal(wanted, each.item)]
    if len(equal) > 1:
        return Conflicting(ids, "unknown-several")
    if equal and all(each.exact and each.certain for each in mine):
        found = equal[0].item
        if _is_someone_elses(found, read, known):
            return Conflicting(ids, "unknown-creator")
        return Found(_created(found), "adopted" if wanted.baseline is not None else "adopted-without-baseline")
    if len(mine) == 1 and mine[0].certain and mine[0].exact and _respells(read, known) and wanted.baseline:
        return Found(_created(mine[0].item), "adopted-respelled")
    return Conflicting(ids, "unknown-other", difference(wanted.content, content_of(mine[0].item.fields)))


def _is_equal(wanted: Wanted, item: Listed) -> bool:
    return wanted.content.equals(content_of(item.fields), metadata=METADATA in item.fields)


def _created(item: Listed) -> CreatedScope:
    created_at = item.fields.get("created_at")
    return CreatedScope(item.id, created_at[:64] if isinstance(created_at, str) else None)


def _respells(read: Pass, known: KnownIds) -> bool:
    """Whether what this run surely made comes back with other content than was sent."""
    shown = list(shown_canaries(read, known))
    return bool(shown) and not any(
        canary.content().equals(content_of(item.fields), metadata=METADATA in item.fields) for canary, item in shown
    )


def _is_someone_elses(item: Listed, read: Pass, known: KnownIds) -> bool:
    creator = item.fields.get("creator")
    ours = {str(shown.fields["creator"]) for _, shown in shown_canaries(read, known) if shown.fields.get("creator")}
    return creator is not None and bool(ours) and str(creator) not in ours
