"""What readings of the server's list are, and what an absence from them is worth (pure).

With a baseline of the newest IDs alone, a reading may end once it has shown all of those again. Then what stands before
the first of them is new. What stands among them may be old or new (lists tie by second, nodes are behind): the totals
say which.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from importer.delivery.contents import Content, TargetName, content_of, likeness_of
from importer.delivery.states import Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set

    from importer.api.messages import Listed
    from importer.ledger import Baseline

ENOUGH = 100
"""IDs that a baseline must hold where the list is newest first, if the list has so many."""

LATEST = 3
"""Of the customizations of this run that a list must show by now, one of so many latest ones is looked for."""


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


def missing_of(wanted: Wanted, read: Pass) -> frozenset[str]:
    """The IDs of its baseline that a reading does not show and that are not known to be gone."""
    if wanted.baseline is None:
        return frozenset()
    return frozenset(each for each in wanted.baseline.ids if each not in read.positions) - wanted.gone


def borders(baseline: Baseline, read: Pass) -> tuple[int, int]:
    """The places of the first and the last ID of the baseline in a reading."""
    places = [read.positions[each] for each in baseline.ids if each in read.positions]
    return (min(places), max(places)) if places else (len(read.positions), len(read.positions))


def adds_up(wanted: Wanted, baseline: Baseline, read: Pass) -> bool | None:
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
    first, last = borders(baseline, read)
    before, amid = sum(place < first for place in others), sum(first < place < last for place in others)
    if totals is None:
        return True if not amid else None
    if totals == before + amid:
        return True
    return False if totals == before else None


def shown_canaries(read: Pass, known: KnownIds) -> Iterator[tuple[Canary, Listed]]:
    """What a reading shows of this run's own customizations, each as it was sent and as it is shown."""
    by_id = {item.id: item for item in read.items}
    for canary in known.own:
        if canary.id in by_id:
            yield canary, by_id[canary.id]


def is_enough(wanted: Wanted, read: Pass, known: KnownIds) -> bool:
    """Whether a reading that goes on will tell no more of a scope."""
    baseline = wanted.baseline
    if baseline is None or not baseline.ids or missing_of(wanted, read):
        return False
    if read.began < wanted.due:
        return True
    shows = canary_shown(wanted, read, known) in {_CanaryShown.FRESH, _CanaryShown.OLDER}
    return shows and _may_end_here(wanted, baseline, read, known)


class _CanaryShown(Enum):
    FRESH = "it shows one that was accepted after the doubtful create was sent"
    LATE = "such a one was accepted too lately to be shown"
    HIDDEN = "it does not show what it must"
    OLDER = "it shows one that is older"
    NONE = "there is nothing that it would have to show"


def canary_shown(wanted: Wanted, read: Pass, known: KnownIds) -> _CanaryShown:
    """What a reading shows of what it must show."""
    shown = {canary.id for canary, item in shown_canaries(read, known) if likeness_of(item.fields, canary.target)}
    fresh = [each for each in known.own if each.accepted > wanted.sent]
    if any(each.id in shown for each in fresh):
        return _CanaryShown.FRESH
    if fresh and fresh[-1].accepted > read.began - wanted.lag:
        return _CanaryShown.LATE
    settled = [each for each in known.own if each.accepted <= read.began - wanted.lag]
    if fresh or (settled and not any(each.id in shown for each in settled[-LATEST:])):
        return _CanaryShown.HIDDEN
    before = wanted.baseline.ids if wanted.baseline is not None else frozenset[str]()
    older = any(each in before or each in known.claimed for each in read.positions)
    return _CanaryShown.OLDER if older else _CanaryShown.NONE


def proof_of(wanted: Wanted, passes: Sequence[Pass], known: KnownIds) -> Proof:
    """What it is worth that no pass shows a scope."""
    baseline = wanted.baseline
    if baseline is None:
        return Proof.NO_BASELINE
    canaries = {canary_shown(wanted, read, known) for read in passes}
    if len(passes) < 2 or _CanaryShown.LATE in canaries:
        return Proof.PENDING
    if _others(passes[0], baseline, known) != _others(passes[1], baseline, known):
        return Proof.UNSTABLE
    if _CanaryShown.HIDDEN in canaries or not all(_is_whole(wanted, baseline, read, known) for read in passes):
        return Proof.INCOMPLETE
    if canaries != {_CanaryShown.FRESH} and known.may_come():
        return Proof.PENDING
    return Proof.NO_CANARY if _CanaryShown.NONE in canaries else Proof.RELIABLE


def _others(read: Pass, baseline: Baseline, known: KnownIds) -> frozenset[str]:
    """What two passes must agree on: all that was shown down to the end of the baseline, but for this run's own."""
    last = len(read.positions) if baseline.complete or read.complete else borders(baseline, read)[1]
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
    if adds_up(wanted, baseline, read) is None:
        return False
    totals = baseline.total is not None and read.total is not None
    return totals or canary_shown(wanted, read, known) is _CanaryShown.FRESH
