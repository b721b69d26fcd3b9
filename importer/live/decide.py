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

    from importer.delivery.contents import TargetName
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
class Evidence:
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
    """Whether its rows say expressly that its target has none."""


def decide(evidence: Evidence, standing: Standing) -> Decision:
    """What becomes of a customization of the sheet."""
    if evidence.strays:
        return Conflict("strays")
    if len(evidence.ids) > 1:
        return Conflict("several-ids", ids=evidence.ids)
    if evidence.ids:
        return _named(evidence, evidence.ids[0], standing)
    if not standing.covers(evidence.target):
        return Conflict("no-list" if standing.unseen is None else "not-seen")
    there = standing.of_target.get(evidence.target, ())
    if not there:
        return Unchanged() if evidence.deletes else _new(evidence)
    return _only_one(evidence, there, standing)


def _named(evidence: Evidence, scope_id: str, standing: Standing) -> Decision:
    """Its rows name the customization."""
    live = standing.lives.get(scope_id)
    if live is None:
        return _not_live(evidence, scope_id, standing)
    if live.target != evidence.target:
        target = live.target
        return Conflict("other-target", scope_id, detail=f"{target.target or target.target_type}" if target else "")
    return _changed(evidence, live, standing)


def _not_live(evidence: Evidence, scope_id: str, standing: Standing) -> Decision:
    """What its rows name was not found."""
    if evidence.foreign or not is_plain(scope_id):
        return Conflict("foreign-id", scope_id)
    if scope_id not in standing.gone or not (evidence.deletes or standing.covers(evidence.target)):
        # A get that finds nothing is a hint: gone is what the list does not show either.
        return Conflict("not-read", scope_id)
    there = standing.of_target.get(evidence.target, ())
    return Unchanged() if evidence.deletes else Gone(scope_id, tuple(each.id for each in there))


def _new(evidence: Evidence) -> Decision:
    """Nothing of its target is live."""
    if evidence.held is not None:
        return Conflict("earlier-run", held=evidence.held)
    doubtful = next((entry for entry in evidence.entries if entry is not evidence.same and entry.status in OPEN), None)
    if doubtful is not None:
        return Conflict("unknown-before", detail=str(doubtful.run))
    return Create(evidence.same)


def _only_one(evidence: Evidence, there: Sequence[Live], standing: Standing) -> Decision:
    """Its rows name none, and something of its target is live: which of it is meant."""
    own = {entry.id for entry in evidence.entries if entry.status is LedgerStatus.CREATED}
    ours = [live for live in there if live.id in own]
    if not evidence.deletes and len(ours) != 1:
        for live in there:
            unlike = compared(live, evidence.said, standing.metadata_of(live))
            if unlike == () and not _may_change_metadata(evidence, live, standing):
                return Create(evidence.same) if _may_be_ours(evidence, live) else Unchanged(live.id, live.version)
    chosen = ours if len(ours) == 1 else there
    if len(chosen) > 1:
        return Conflict("several-live", ids=tuple(live.id for live in there))
    return _changed(evidence, chosen[0], standing)


def _may_be_ours(evidence: Evidence, live: Live) -> bool:
    """Whether a creation whose end is unknown may have made it: then the creation is brought to its end, which finds
    it again and owns it. Called unchanged, it would belong to no run, and no undo would reach it."""
    is_open = evidence.same is not None and evidence.same.status in OPEN
    return is_open and evidence.before is not None and live.id not in evidence.before


def _changed(evidence: Evidence, live: Live, standing: Standing) -> Decision:
    """It is known which live customization it is."""
    differences = compared(live, evidence.said, standing.metadata_of(live))
    if differences == () and not evidence.deletes and not _may_change_metadata(evidence, live, standing):
        return Unchanged(live.id, live.version)
    if not live.version or not is_plain(live.id):
        return Conflict("unreadable", live.id)
    if any(version and not same_version(version, live.version) for version in evidence.versions):
        return Conflict("stale", live.id)
    if evidence.deletes:
        return Delete(Change("delete", evidence.number, live.id, live.version), len(live.pins), live.creator)
    if isinstance(differences, Doubt):
        return Conflict(differences.code, live.id, detail=differences.detail)
    return _replaced(evidence, live, differences, standing)


def _may_change_metadata(evidence: Evidence, live: Live, standing: Standing) -> bool:
    """Whether the sheet says metadata, and nobody knows whether it says them otherwise than they are."""
    return bool(evidence.said.fields.get(METADATA)) and standing.metadata_of(live) is None


def _replaced(evidence: Evidence, live: Live, differences: tuple[Difference, ...], standing: Standing) -> Decision:
    metadata = standing.metadata_of(live)
    stated = evidence.said.fields.get(METADATA) if METADATA in evidence.said.columns else None
    if metadata is None and stated:
        differences = (Difference(evidence.said.first_row, METADATA, None, stated), *differences)
    elif metadata is None and evidence.says_no_metadata:
        metadata = {}
    elif metadata is None and standing.gets_show_metadata is False:
        return Conflict("metadata-hidden", live.id)
    known = None if metadata is None else json.dumps(metadata).encode()
    wanted = Wanted(evidence.body, frozenset(evidence.said.columns), known)
    return Replace(Change("replace", evidence.number, live.id, live.version, wanted), differences, live.creator)
