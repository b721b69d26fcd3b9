"""What is live says of the scopes of a sheet: already there, held back, or to be sent all the same (pure)."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from importer.catalogue.outcomes import COMMENTS, LIVE_ID
from importer.catalogue.run import NOTICES
from importer.catalogue.screen import AND_MORE, counted, verbs
from importer.delivery.contents import Content, content_of
from importer.delivery.planning import FoundLive, Judged
from importer.ledger.records import LIVE
from importer.live.customization import Live
from importer.model import AlreadyCreated, HeldBack, Notice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from importer.delivery.contents import TargetName
    from importer.delivery.planning import SendPlan
    from importer.ledger import Entry
    from importer.live.reading import Snapshot
    from importer.model import TargetType

NAMED = 20
"""IDs that a comment names, at most."""

SHOWN = 3
"""IDs that a notice names."""


class Targeted(Judged, Protocol):
    """What is read of `importer.scopes.Scopes`."""

    has_versions: bool
    """Whether the sheet has a column for them."""

    def target(self, number: int) -> tuple[str, TargetType, str]:
        """Model, target type and target as a scope has them."""

    def live_versions(self, number: int) -> frozenset[str]:
        """Which `Live Version` its rows say, "" among them for an empty cell."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What people asked for, and when."""

    again: bool
    """Whether what was created is sent again."""
    create_beside: bool
    """Whether it is created beside what is live."""
    now: float
    """The moment (Unix seconds)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One scope: what was known of it before, and what is live."""

    content: Content
    """What it is compared by."""
    lives: Sequence[Live] = ()
    """What is live of its target, but for what other scopes of the sheet name."""
    before: AlreadyCreated | HeldBack | None = None
    """What earlier runs say becomes of it; `None` where it should be sent."""
    entry: Entry | None = None
    """What the ledger holds of it."""
    own: frozenset[str] = frozenset()
    """The IDs that its rows carry."""
    unproven: bool = False
    """Whether `before` is the word of a workbook alone, or of what was once found live."""
    covered: bool = True
    """Whether all that is live of its target was seen."""
    live_ids: frozenset[str] = frozenset()
    """Every ID that was seen live, of any target."""
    gone: frozenset[str] = frozenset()
    """IDs that are not found any more."""


class Ruling(NamedTuple):
    """What becomes of a scope."""

    outcome: AlreadyCreated | HeldBack | None
    """`None` where it should be sent, or the delivery will find out."""
    found: Live | None = None
    """What it is, where the ledger does not know that yet."""
    beside: tuple[Live, ...] = ()
    """Beside what it comes on purpose."""
    over: tuple[Live, ...] = ()
    """Beside what it comes whose pins are all over."""


def rule(evidence: Evidence, rules: Rules) -> Ruling:
    """What becomes of a scope, now that it is known what is live."""
    entry = evidence.entry if evidence.entry is not None and evidence.entry.status in LIVE else None
    if entry is not None and (evidence.before is None or entry.id in evidence.live_ids):
        beside = [live for live in evidence.lives if evidence.before is None and not live.is_over(rules.now)]
        return Ruling(evidence.before, beside=tuple(beside))
    named = [live for live in evidence.lives if live.id in evidence.own]
    equal = sorted(
        (live for live in evidence.lives if live.equals(evidence.content)), key=lambda live: live.id not in evidence.own
    )
    if evidence.before is None and equal and (rules.again or rules.create_beside):
        return _sent(evidence, rules)
    if equal and (not named or equal[0].id in evidence.own):
        return _already(equal)
    if named:
        return Ruling(_named(evidence, named))
    if evidence.before is None or entry is not None:
        return _beside(evidence, rules)
    return _unseen(evidence, rules)


def _already(equal: Sequence[Live]) -> Ruling:
    """It is live, and it does not matter who made it."""
    live = equal[0]
    warning = COMMENTS["live-same"].format(ids=_ids(equal)) if len(equal) > 1 else ""
    return Ruling(AlreadyCreated(live.id, live.since, warning, found=True, creator=live.creator), live)


def _named(evidence: Evidence, named: Sequence[Live]) -> AlreadyCreated | HeldBack | None:
    """Its rows carry the ID of what is live with another content."""
    match evidence.before:
        case AlreadyCreated():
            return replace(evidence.before, warning=COMMENTS["live-changed"], creator=named[0].creator)
        case HeldBack(comment) if comment in _without_key(evidence.own):
            return HeldBack(COMMENTS["held-differs"].format(ids=_ids(named)), named[0].id)
    return evidence.before


def _without_key(ids: Iterable[str]) -> set[str]:
    return {COMMENTS[code].format(id=each) for each in ids for code in ("held-no-key", "held-foreign-id")}


def _sent(evidence: Evidence, rules: Rules) -> Ruling:
    over = tuple(live for live in evidence.lives if live.is_over(rules.now))
    return Ruling(None, beside=tuple(live for live in evidence.lives if live not in over), over=over)


def _beside(evidence: Evidence, rules: Rules) -> Ruling:
    """Nothing live is it. What is live of its target holds it back, unless that is over or people want both."""
    others = [live for live in evidence.lives if not live.is_over(rules.now)]
    if not others or rules.create_beside or (evidence.before is not None and not evidence.covered):
        # One that was created long ago is not sent before the delivery knows that it is gone.
        return _sent(evidence, rules) if evidence.before is None else Ruling(None)
    code = "held-live" if len(others) == 1 else "held-several-live"
    return Ruling(HeldBack(COMMENTS[code].format(ids=_ids(others), count=len(others)), others[0].id))


def _unseen(evidence: Evidence, rules: Rules) -> Ruling:
    """What its rows, or an earlier look, say of it does not show, or is not what the rows say."""
    scope_id = evidence.before.id if evidence.before is not None and evidence.unproven else None
    is_gone = evidence.covered and scope_id in evidence.gone
    match evidence.before:
        case AlreadyCreated(scope_id) if is_gone:
            return Ruling(HeldBack(COMMENTS["held-gone"].format(id=scope_id), scope_id))
        case HeldBack() if is_gone or scope_id in evidence.live_ids:
            return _beside(replace(evidence, before=None), rules)
    return Ruling(evidence.before)


# ── All scopes of a sheet ───────────────────────────────────────────────────────────────────────────────


@dataclass
class _Ruled:
    """The rulings of all scopes."""

    outcomes: dict[int, AlreadyCreated | HeldBack] = field(default_factory=dict)
    found: dict[int, FoundLive] = field(default_factory=dict)
    beside: dict[int, tuple[Live, ...]] = field(default_factory=dict)
    over: dict[int, tuple[Live, ...]] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)


def with_look(
    plan: SendPlan, snapshot: Snapshot, asked: Mapping[int, TargetName], scopes: Targeted, rules: Rules
) -> SendPlan:
    """The plan of a run, with what is live taken into account."""
    ruled_ = _Ruled()
    own = {number: _own(scopes, number) for number in asked}
    of_target: dict[TargetName, set[int]] = defaultdict(set)
    for number, target in asked.items():
        if own[number]:
            of_target[target].add(number)
    for number, target in asked.items():
        lives = snapshot.of(target)
        if not lives and number not in plan.unproven and number not in plan.shown:
            continue
        taken = frozenset[str]().union(*(own[other] for other in of_target[target] if other != number)) - own[number]
        before = plan.outcomes.get(number) or plan.shown.get(number)
        evidence = Evidence(
            content_of(json.loads(scopes[number].body)),
            [live for live in lives if live.id not in taken],
            before if isinstance(before, AlreadyCreated | HeldBack) else None,
            plan.known.get(number),
            own[number],
            number in plan.unproven,
            snapshot.covers(target),
            snapshot.ids,
            snapshot.gone,
        )
        _note(ruled_, number, rule(evidence, rules), evidence)
    return _applied(plan, ruled_, tuple(_notices(ruled_, snapshot, asked)), snapshot.shown | snapshot.ids)


def _own(scopes: Targeted, number: int) -> frozenset[str]:
    if not scopes.has_earlier_ids[number]:
        return frozenset()
    return frozenset(scope_id for scope_id, _ in scopes.earlier(number) if scope_id)


def _note(found: _Ruled, number: int, ruling: Ruling, evidence: Evidence) -> None:
    if ruling.outcome is not None:
        found.outcomes[number] = ruling.outcome
    elif evidence.before is not None and not isinstance(evidence.before, AlreadyCreated):
        found.sent.add(number)
    live = ruling.found
    if live is not None and not (
        evidence.entry is not None and evidence.entry.status in LIVE and evidence.entry.id == live.id
    ):
        since = live.since
        found.found[number] = FoundLive(live.id, live.created_at or None, since.timestamp() if since else None)
    if ruling.beside:
        found.beside[number] = ruling.beside
    if ruling.over:
        found.over[number] = ruling.over


def _applied(plan: SendPlan, found: _Ruled, notices: tuple[Notice, ...], live: frozenset[str]) -> SendPlan:
    outcomes = {n: outcome for n, outcome in {**plan.outcomes, **found.outcomes}.items() if n not in found.sent}
    due = [number for number in sorted({*plan.due, *found.sent}) if number not in outcomes]
    return replace(
        plan,
        outcomes=outcomes,
        due=due,
        known={number: entry for number, entry in plan.known.items() if number not in outcomes},
        shown={number: outcome for number, outcome in plan.shown.items() if number not in outcomes},
        notices=(*plan.notices, *notices),
        found=found.found,
        beside={number: tuple(live.id for live in lives) for number, lives in found.beside.items()},
        live=live,
    )


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────


def _notices(found: _Ruled, snapshot: Snapshot, asked: Mapping[int, TargetName]) -> Iterator[Notice]:
    if found.found:
        said = {"scopes": counted(len(found.found), "customization"), **verbs(len(found.found))}
        yield Notice("look-found", NOTICES["look-found"].format(**said))
    for code, severity, lives in (("look-over", "notice", found.over), ("look-beside", "warning", found.beside)):
        if lives:
            first = next(iter(lives.values()))
            said = {"targets": counted(len(lives), "target"), "ids": _ids(first, SHOWN), **verbs(len(lives))}
            yield Notice(code, NOTICES[code].format(**said), "warning" if severity == "warning" else "notice")
    beyond = sum(not snapshot.covers(target) for target in set(asked.values()))
    if snapshot.trouble is not None:
        code = "look-no-list" if snapshot.trouble.kind == "no-list" else "look-unreadable"
        yield Notice(code, NOTICES[code])
    elif snapshot.is_short and beyond:
        yield Notice("look-short", NOTICES["look-short"])
    elif beyond:
        yield Notice("look-beyond", NOTICES["look-beyond"].format(targets=counted(beyond, "target")))


def _ids(lives: Collection[Live], most: int = NAMED) -> str:
    """IDs with who made them and when, for people."""
    named = [_id(live) for live in list(lives)[:most]]
    shown = "; ".join(named)
    return shown if len(lives) <= most else AND_MORE.format(shown=shown, count=len(lives) - most)


def _id(live: Live) -> str:
    since = live.since
    key = "-".join(name for name, there in (("by", live.creator), ("since", since)) if there)
    return LIVE_ID[key].format(id=live.id, creator=live.creator, since=f"{since:%Y-%m-%d}" if since else "")
