"""What becomes of each customization of a sheet, by what is live and what the ledger knows (pure); never guessed."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from importer.api.endpoint import is_plain
from importer.canonical import is_empty
from importer.columns import METADATA
from importer.ledger.records import OPEN, LedgerStatus
from importer.live.compare import Said, compared
from importer.live.customization import same_version
from importer.live.plan import (
    Change,
    Conflict,
    Create,
    Decision,
    Delete,
    Difference,
    Doubt,
    Gone,
    Replace,
    Unchanged,
    Wanted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importer.delivery.reconcile import TargetName
    from importer.ledger import Entry
    from importer.live.customization import Live
    from importer.model import HeldBack


@dataclass(frozen=True)
class Standing:
    """All that is live for the sheet's models, by one reading."""

    lives: Mapping[str, Live]
    """By ID."""
    gets_show_metadata: bool | None = None
    """Whether a get shows the target's metadata; `None` where that was not tried."""
    shows_metadata: bool = False
    """Whether the list shows the metadata of a customization that the sheet is not about."""
    gone: frozenset[str] = frozenset()
    """IDs that a get did not find."""
    unseen: frozenset[TargetName] | None = frozenset()
    """Targets of which there may be more than was seen; `None` for all, where the service shows no list."""
    sent: Mapping[str, bytes] = field(default_factory=dict)
    """By ID the body that this computer sent last, where it did."""

    @cached_property
    def of_target(self) -> Mapping[TargetName, Sequence[Live]]:
        """What is live for each target."""
        found: dict[TargetName, list[Live]] = defaultdict(list)
        for live in self.lives.values():
            if live.target is not None:
                found[live.target].append(live)
        return found

    def covers(self, target: TargetName) -> bool:
        """Whether all that is live of a target was seen."""
        return self.unseen is not None and target not in self.unseen

    @cached_property
    def list_shows_metadata(self) -> bool:
        """Whether metadata are shown where there are any: a customization without the field then has none."""
        return self.shows_metadata or any(not is_empty(live.fields.get(METADATA)) for live in self.lives.values())

    def metadata_of(self, live: Live) -> Mapping[str, Any] | None:
        """The metadata that are live; `None` where nobody knows them."""
        if live.has_metadata or self.list_shows_metadata:
            shown = live.fields.get(METADATA)
            return shown if isinstance(shown, dict) else {}
        body = self.sent.get(live.id)
        return None if body is None else json.loads(body).get(METADATA) or {}


@dataclass(frozen=True, slots=True)
class Case:
    """One customization of the sheet, and what is known of it besides what is live."""

    number: int
    """The scope's number."""
    target: TargetName
    body: bytes
    """The body that would create it."""
    said: Said
    ids: tuple[str, ...] = ()
    """The Customization IDs on its rows, those that count."""
    versions: frozenset[str] = frozenset()
    """The `Live Version` on its rows; "" where a row has none."""
    deletes: bool = False
    """Whether its rows say delete."""
    entries: Sequence[Entry] = ()
    """What the ledger holds of its target."""
    same: Entry | None = None
    """The one of them that has its content."""
    before: frozenset[str] | None = None
    """All that was live when its creation, whose end is unknown, was begun; `None` where that is not known for sure."""
    strays: bool = False
    """Whether rows of its target name no customization, while others name several."""
    foreign: bool = False
    """Whether its IDs come from a workbook of another tracker."""
    held: HeldBack | None = None
    """What its rows say of an earlier run that keeps it from being created."""
    says_no_metadata: bool = False
    """Whether its rows say in so many words that its target has none."""


def decided(case: Case, standing: Standing) -> Decision:
    """What becomes of a customization of the sheet."""
    if case.strays:
        return Conflict("strays")
    if len(case.ids) > 1:
        return Conflict("several-ids", ids=case.ids)
    if case.ids:
        return _named(case, case.ids[0], standing)
    if not standing.covers(case.target):
        return Conflict("no-list" if standing.unseen is None else "not-seen")
    there = standing.of_target.get(case.target, ())
    if not there:
        return Unchanged() if case.deletes else _new(case)
    return _only_one(case, there, standing)


def _named(case: Case, scope_id: str, standing: Standing) -> Decision:
    """Its rows name the customization."""
    live = standing.lives.get(scope_id)
    if live is None:
        return _not_live(case, scope_id, standing)
    if live.target != case.target:
        target = live.target
        return Conflict("other-target", scope_id, detail=f"{target.target or target.target_type}" if target else "")
    return _changed(case, live, standing)


def _not_live(case: Case, scope_id: str, standing: Standing) -> Decision:
    """What its rows name was not found."""
    if case.foreign or not is_plain(scope_id):
        return Conflict("foreign-id", scope_id)
    if scope_id not in standing.gone or not (case.deletes or standing.covers(case.target)):
        # A get that finds nothing is a hint: gone is what the list does not show either.
        return Conflict("not-read", scope_id)
    there = standing.of_target.get(case.target, ())
    return Unchanged() if case.deletes else Gone(scope_id, tuple(each.id for each in there))


def _new(case: Case) -> Decision:
    """Nothing of its target is live."""
    if case.held is not None:
        return Conflict("earlier-run", held=case.held)
    doubtful = next((entry for entry in case.entries if entry is not case.same and entry.status in OPEN), None)
    if doubtful is not None:
        return Conflict("unknown-before", detail=str(doubtful.run))
    return Create(case.same)


def _only_one(case: Case, there: Sequence[Live], standing: Standing) -> Decision:
    """Its rows name none, and something of its target is live: which of it is meant."""
    own = {entry.id for entry in case.entries if entry.status is LedgerStatus.CREATED}
    ours = [live for live in there if live.id in own]
    if not case.deletes and len(ours) != 1:
        for live in there:
            unlike = compared(live, case.said, standing.metadata_of(live))
            if unlike == () and not _may_change_metadata(case, live, standing):
                return Create(case.same) if _may_be_ours(case, live) else Unchanged(live.id, live.version)
    chosen = ours if len(ours) == 1 else there
    if len(chosen) > 1:
        return Conflict("several-live", ids=tuple(live.id for live in there))
    return _changed(case, chosen[0], standing)


def _may_be_ours(case: Case, live: Live) -> bool:
    """Whether a creation whose end is unknown may have made it: then the creation is brought to its end, which finds
    it again and owns it. As merely unchanged it would be nobody's, and no undo would reach it."""
    is_open = case.same is not None and case.same.status in OPEN
    return is_open and case.before is not None and live.id not in case.before


def _changed(case: Case, live: Live, standing: Standing) -> Decision:
    """It is known which live customization it is."""
    differences = compared(live, case.said, standing.metadata_of(live))
    if differences == () and not case.deletes and not _may_change_metadata(case, live, standing):
        return Unchanged(live.id, live.version)
    if not live.version or not is_plain(live.id):
        return Conflict("unreadable", live.id)
    if any(version and not same_version(version, live.version) for version in case.versions):
        return Conflict("stale", live.id)
    if case.deletes:
        return Delete(Change("delete", case.number, live.id, live.version), len(live.pins), live.creator)
    if isinstance(differences, Doubt):
        return Conflict(differences.code, live.id, detail=differences.detail)
    return _replaced(case, live, differences, standing)


def _may_change_metadata(case: Case, live: Live, standing: Standing) -> bool:
    """Whether the sheet says metadata, and nobody knows whether it says them otherwise than they are."""
    return bool(case.said.fields.get(METADATA)) and standing.metadata_of(live) is None


def _replaced(case: Case, live: Live, differences: tuple[Difference, ...], standing: Standing) -> Decision:
    metadata = standing.metadata_of(live)
    stated = case.said.fields.get(METADATA) if METADATA in case.said.columns else None
    if metadata is None and stated:
        differences = (Difference(case.said.first_row, METADATA, None, stated), *differences)
    elif metadata is None and case.says_no_metadata:
        metadata = {}
    elif metadata is None and standing.gets_show_metadata is False:
        return Conflict("metadata-hidden", live.id)
    known = None if metadata is None else json.dumps(metadata).encode()
    wanted = Wanted(case.body, frozenset(case.said.columns), known)
    return Replace(Change("replace", case.number, live.id, live.version, wanted), differences, live.creator)
