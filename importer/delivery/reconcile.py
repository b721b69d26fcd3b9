"""What readings of the server's list say of a scope (pure): what is new, whether it is ours, what an absence is worth.

*New* is what is neither in the scope's baseline nor known to be another scope's. No clock tells the two apart, and no
filter is trusted: every reading is of the whole list, newest first, and the target is compared here.

With a baseline of the newest IDs alone, a reading may end once it has shown all of those again. Then what stands before
the first of them is new. What stands among them may be old or new (lists tie by second, nodes are behind): the totals
say which.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from importer.api.messages import CreatedScope
from importer.canonical import canonical_json, canonical_projection
from importer.columns import METADATA, PINS
from importer.delivery.states import Absent, Confirmed, Conflicting, Found, Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set

    from importer.api.messages import Listed
    from importer.ledger import Baseline

ENOUGH = 100
"""IDs that a baseline must hold where the list is newest first, if the list has so many."""

LATEST = 3
"""Of the customizations of this run that a list must show by now, one of so many latest ones is looked for."""

_FIELDS = {"item": "target_identity", "criteria": "target_criteria"}


class TargetName(NamedTuple):
    """What a scope is for: an item's identity, criteria as canonical JSON, or ""."""

    model: str
    target_type: str
    target: str


class Content(NamedTuple):
    """What a customization is compared by, with its metadata and without."""

    whole: bytes
    without_metadata: bytes

    def equals(self, other: Content, *, metadata: bool) -> bool:
        """Whether two are equal, as far as the other one's fields can tell."""
        return self.whole == other.whole if metadata else self.without_metadata == other.without_metadata


def content_of(fields: Mapping[str, Any]) -> Content:
    """The content of a customization; pins and tags are sets. Never raises."""
    try:
        changed = dict(fields)
        for name in (PINS, "tags"):
            if isinstance(fields.get(name), list):
                changed[name] = _as_set(name, fields[name])
        return Content(canonical_projection(changed), canonical_projection({**changed, METADATA: None}))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Content(b"", b"")


def _as_set(name: str, values: list[Any]) -> list[Any]:
    by_text = {canonical_projection({name: [value]}): value for value in values}
    return [by_text[text] for text in sorted(by_text)]


@dataclass(frozen=True, slots=True)
class Pass:
    """One reading of the list, from the newest on."""

    began: float
    """Steady seconds."""
    positions: Mapping[str, int]
    """Every ID that was shown, with its place."""
    items: Sequence[Listed]
    total: int | None = None
    complete: bool = False
    """Whether it was read to the end."""
    newest_first: bool = False
    """Whether what it says of creation goes down from page to page."""
    ids_rise: bool = False
    """Whether it is newest first and what is newer has the higher ID."""


class Canary(NamedTuple):
    """A customization that this run surely made: the list must show it."""

    id: str
    accepted: float
    """When the server's answer came, in steady seconds."""
    target: TargetName
    body: bytes

    def content(self) -> Content:
        """What was sent."""
        return content_of(json.loads(self.body))


@dataclass(frozen=True, slots=True)
class KnownIds:
    """The customizations that this run and the ledger know, whatever the list says. They grow while a list is read."""

    claimed: Set[str] = frozenset()
    """IDs that are known to be a scope's, now or before."""
    created: Set[str] = frozenset()
    """Those of this run."""
    own: Sequence[Canary] = ()
    """The latest that this run created, in the order of the answers."""
    may_come: Callable[[], bool] = lambda: False
    """Whether another customization may yet be accepted, to be shown by the list."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A scope that is looked for."""

    target: TargetName
    content: Content
    baseline: Baseline | None
    sent: float
    """When its create was sent; after a restart, when this run began (steady seconds)."""
    due: float
    """From when on a reading may begin whose absence counts."""
    lag: float
    """How many seconds after its acceptance the list must show a customization."""
    gone: frozenset[str] = frozenset()
    """IDs of its baseline that a get says are not there any more."""


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


def missing_of(wanted: Wanted, read: Pass) -> frozenset[str]:
    """The IDs of its baseline that a reading does not show and that are not known to be gone."""
    if wanted.baseline is None:
        return frozenset()
    return frozenset(each for each in wanted.baseline.ids if each not in read.positions) - wanted.gone


def is_enough(wanted: Wanted, read: Pass, known: KnownIds) -> bool:
    """Whether a reading that goes on will tell no more of a scope."""
    baseline = wanted.baseline
    if baseline is None or not baseline.ids or missing_of(wanted, read):
        return False
    if read.began < wanted.due:
        return True
    shows = _canary(wanted, read, known) in {_Canary.FRESH, _Canary.OLDER}
    return shows and _may_end_here(wanted, baseline, read, known)


def may_matter(wanted: Sequence[Wanted], listed: Listed, known: KnownIds) -> bool:
    """Whether a customization of the list is to be kept: it may be a scope that is looked for, or is a canary."""
    if any(listed.id == each.id for each in known.own):
        return True
    return (listed.id not in known.claimed or listed.id in known.created) and any(
        _likeness(listed.fields, each.target) is not None for each in wanted
    )


def judge(wanted: Wanted, passes: Sequence[Pass], known: KnownIds) -> Found | Conflicting | Absent:
    """What one pass, or two that were made one after the other, say of a scope."""
    read = passes[-1]
    mine = list(_new_of_target(wanted, read, known))
    decided = _decide(wanted, mine, read, known) if mine else None
    if isinstance(decided, Conflicting) and len(mine) == 1 and known.may_come() and not any(_shown(read, known)):
        # Whether the service gives back what was sent will be known once it shows another customization of this run.
        return Absent(passes[0].began, Proof.PENDING)
    if decided is not None:
        return decided
    return Absent(passes[0].began, _proof(wanted, passes, known))


# ── What is new ─────────────────────────────────────────────────────────────────────────────────────────


class _New(NamedTuple):
    item: Listed
    certain: bool
    """Whether it is surely newer than the baseline."""
    exact: bool
    """Whether it names this target as it was sent."""


def _new_of_target(wanted: Wanted, read: Pass, known: KnownIds) -> Iterator[_New]:
    for item in read.items:
        likeness = _likeness(item.fields, wanted.target)
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
    first, last = _borders(baseline, read)
    if place < first:
        return _Newness.NEW
    amid_is_new = _adds_up(wanted, baseline, read)
    if amid_is_new is None:
        return _Newness.NOT_KNOWN
    return _Newness.NEW if amid_is_new and place < last else _Newness.OLD


class _Newness(Enum):
    NEW = "not there before"
    OLD = "there before"
    NOT_KNOWN = "one or the other"


def _borders(baseline: Baseline, read: Pass) -> tuple[int, int]:
    """The places of the first and the last ID of the baseline in a reading."""
    places = [read.positions[each] for each in baseline.ids if each in read.positions]
    return (min(places), max(places)) if places else (len(read.positions), len(read.positions))


def _adds_up(wanted: Wanted, baseline: Baseline, read: Pass) -> bool | None:
    """Whether what stands among the IDs of the baseline is new, by the totals; `None` where they do not add up.

    Without totals, only a reading in which nothing stands among them adds up. One that ended early adds up only where
    the list is newest first.
    """
    if not read.newest_first and not (read.complete and baseline.complete):
        return None
    totals = None if baseline.total is None or read.total is None else read.total - baseline.total + len(wanted.gone)
    others = [place for each, place in read.positions.items() if each not in baseline.ids]
    if baseline.complete:
        return True if totals is None or totals == len(others) else None
    first, last = _borders(baseline, read)
    before, amid = sum(place < first for place in others), sum(first < place < last for place in others)
    if totals is None:
        return True if not amid else None
    if totals == before + amid:
        return True
    return False if totals == before else None


def _likeness(fields: Mapping[str, Any], target: TargetName) -> bool | None:
    """Whether a customization is of a target exactly, or only might be; `None` where it is not.

    A service that spells targets in its own way must not hide a customization: another spelling, or a field that is
    left out, might be it.
    """
    exact = True
    for name, ours in (("model", target.model), ("target_type", target.target_type)):
        theirs = fields.get(name)
        if theirs is None:
            exact = False
        elif str(theirs) != ours:
            return None
    field = _FIELDS.get(target.target_type)
    if field is None:
        return exact
    theirs = fields.get(field)
    if theirs is None or field == "target_criteria":
        return exact and theirs is not None and _criteria(theirs) == target.target
    if str(theirs) == target.target:
        return exact
    return False if _folded(str(theirs)) == _folded(target.target) else None


def _criteria(value: Any) -> str:
    try:
        return canonical_json(value)
    except (ValueError, TypeError, RecursionError):
        return ""


def _folded(identity: str) -> str:
    return "".join(unquote(identity).casefold().split()).strip("/")


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


def _shown(read: Pass, known: KnownIds) -> Iterator[tuple[Canary, Listed]]:
    by_id = {item.id: item for item in read.items}
    for canary in known.own:
        if canary.id in by_id:
            yield canary, by_id[canary.id]


def _respells(read: Pass, known: KnownIds) -> bool:
    """Whether what this run surely made comes back with other content than was sent."""
    shown = list(_shown(read, known))
    return bool(shown) and not any(
        canary.content().equals(content_of(item.fields), metadata=METADATA in item.fields) for canary, item in shown
    )


def _is_someone_elses(item: Listed, read: Pass, known: KnownIds) -> bool:
    creator = item.fields.get("creator")
    ours = {str(shown.fields["creator"]) for _, shown in _shown(read, known) if shown.fields.get("creator")}
    return creator is not None and bool(ours) and str(creator) not in ours


def difference(ours: Content, theirs: Content) -> str:
    """The first thing in which two contents differ, for people."""
    try:
        one, other = json.loads(ours.without_metadata), json.loads(theirs.without_metadata)
    except ValueError:
        return ""
    for name in itertools.chain(one, (name for name in other if name not in one)):
        if one.get(name) != other.get(name):
            return f"{name}: {_cut(one.get(name))} / {_cut(other.get(name))}"
    return METADATA


def _cut(value: Any) -> str:
    text = "—" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:119] + "…"


# ── What an absence is worth ────────────────────────────────────────────────────────────────────────────


class _Canary(Enum):
    FRESH = "it shows one that was accepted after the doubtful create was sent"
    LATE = "such a one was accepted too lately to be shown"
    HIDDEN = "it does not show what it must"
    OLDER = "it shows one that is older"
    NONE = "there is nothing that it would have to show"


def _canary(wanted: Wanted, read: Pass, known: KnownIds) -> _Canary:
    """What a reading shows of what it must show."""
    shown = {canary.id for canary, item in _shown(read, known) if _likeness(item.fields, canary.target)}
    fresh = [each for each in known.own if each.accepted > wanted.sent]
    if any(each.id in shown for each in fresh):
        return _Canary.FRESH
    if fresh and fresh[-1].accepted > read.began - wanted.lag:
        return _Canary.LATE
    settled = [each for each in known.own if each.accepted <= read.began - wanted.lag]
    if fresh or (settled and not any(each.id in shown for each in settled[-LATEST:])):
        return _Canary.HIDDEN
    before = wanted.baseline.ids if wanted.baseline is not None else frozenset[str]()
    older = any(each in before or each in known.claimed for each in read.positions)
    return _Canary.OLDER if older else _Canary.NONE


def _proof(wanted: Wanted, passes: Sequence[Pass], known: KnownIds) -> Proof:
    baseline = wanted.baseline
    if baseline is None:
        return Proof.NO_BASELINE
    canaries = {_canary(wanted, read, known) for read in passes}
    if len(passes) < 2 or _Canary.LATE in canaries:
        return Proof.PENDING
    if _others(passes[0], baseline, known) != _others(passes[1], baseline, known):
        return Proof.UNSTABLE
    if _Canary.HIDDEN in canaries or not all(_is_whole(wanted, baseline, read, known) for read in passes):
        return Proof.INCOMPLETE
    if canaries != {_Canary.FRESH} and known.may_come():
        return Proof.PENDING
    return Proof.NO_CANARY if _Canary.NONE in canaries else Proof.RELIABLE


def _others(read: Pass, baseline: Baseline, known: KnownIds) -> frozenset[str]:
    """What two passes must agree on: all that was shown down to the end of the baseline, but for this run's own."""
    last = len(read.positions) if baseline.complete or read.complete else _borders(baseline, read)[1]
    shown = (each for each, place in read.positions.items() if place <= last)
    return frozenset(each for each in shown if each not in known.created)


def _is_whole(wanted: Wanted, baseline: Baseline, read: Pass, known: KnownIds) -> bool:
    """Whether a reading shows all that it must: the whole baseline, and as many as its total says."""
    if missing_of(wanted, read):
        return False
    if read.complete:
        return read.total is None or read.total == len(read.positions)
    return bool(baseline.ids) and _may_end_here(wanted, baseline, read, known)


def _may_end_here(wanted: Wanted, baseline: Baseline, read: Pass, known: KnownIds) -> bool:
    """Whether nothing new can stand behind what was read.

    Without totals only a new customization among the first shows that the new ones are there, and not at the end.
    """
    if _adds_up(wanted, baseline, read) is None:
        return False
    totals = baseline.total is not None and read.total is not None
    return totals or _canary(wanted, read, known) is _Canary.FRESH
