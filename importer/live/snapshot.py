"""What one look at the service showed of the targets that a sheet is for (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importer.delivery.reconcile import TargetName
    from importer.live.customization import Live
    from importer.live.reading import Trouble


@dataclass(frozen=True)
class Snapshot:
    """What is live of the targets that were looked for, as far as they were looked at."""

    by_target: Mapping[TargetName, Sequence[Live]] = field(default_factory=dict)
    """Of each target that has any, its live customizations."""
    by_id: Mapping[str, Live] = field(default_factory=dict)
    """Those, and the ones that were asked for by their ID."""
    missing: frozenset[TargetName] = frozenset()
    """Targets of which not all was seen: there may be more."""
    gone: frozenset[str] = frozenset()
    """IDs that a get does not find."""
    trouble: Trouble | None = None
    """Why the reading ended before its time."""
    is_short: bool = False
    """Whether the list showed fewer than it said there are."""
    shown: frozenset[str] = frozenset()
    """The IDs of all that the list showed, of whatever target."""

    def of(self, target: TargetName) -> Sequence[Live]:
        """The live customizations of a target that were seen."""
        return self.by_target.get(target, ())

    def covers(self, target: TargetName) -> bool:
        """Whether all of a target's was seen."""
        return target not in self.missing

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every ID that was seen live."""
        return frozenset(self.by_id)
