"""What an earlier run wrote on the input's rows: what of it stays in the results, and what is otherwise now."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import numpy as np

from importer.api.endpoint import is_plain
from importer.catalogue import results as texts
from importer.cells import shown
from importer.columns import CUSTOMIZATION_ID, IMPORT_KEY, LIVE_VERSION
from importer.model import (
    AlreadyCreated,
    Created,
    Deleted,
    Failed,
    HeldBack,
    NotSent,
    Outcome,
    Ready,
    Refused,
    Replaced,
    Result,
    Unchanged,
    Unknown,
)
from importer.run import NUMBER, Run
from importer.xlsx.table import Encoded, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEEPS_ITS_ID = (Result.INVALID, Result.HELD_BACK, Result.NOT_SENT, Result.READY, Result.UNCHANGED)


def with_brought_ids(run: Run, ids: Encoded, keys: Encoded) -> tuple[Encoded, Encoded]:
    """`Customization ID` and `Import Key` of a run, and those that the input brought along where they stay.

    Rows that were not sent keep the ID that the input brought along, for it keeps their scope from being sent unseen,
    and with it the key that it was written with: what an ID stands for never changes. An ID that belongs to another
    tracker is marked as such; those of a rehearsal are dropped, as they never count.
    """
    frame, written = run.sheet.frame, run.sheet.provenance
    if CUSTOMIZATION_ID not in frame.columns or (written is not None and written.rehearsal):
        return ids, keys
    brought = _brought_ids(run)
    stays = (ids.codes < 0) & (brought.codes >= 0)
    stays &= np.isin(run.of_rows, [NUMBER[result] for result in _KEEPS_ITS_ID])
    brought_keys = Encoded([], np.full(len(frame), -1, dtype=np.int32))
    if IMPORT_KEY in frame.columns:
        cells = frame[IMPORT_KEY].array
        brought_keys = Encoded([*map(shown, cells.categories)], cells.codes.astype(np.int32))
    return _merged(ids, brought, stays), _merged(keys, brought_keys, stays)


def _brought_ids(run: Run) -> Encoded:
    """The IDs that the input brought along; those of another tracker say so."""
    cells, written = run.sheet.frame[CUSTOMIZATION_ID].array, run.sheet.provenance
    ids = [*map(shown, cells.categories)]
    # An export says by its Live Version what is live; where it names no tracker, nobody knows that it is another's.
    if written != run.provenance and not (written is None and LIVE_VERSION in run.sheet.frame.columns):
        tracker = (written.tracker_id if written else "") or texts.UNKNOWN_TRACKER
        ids = [texts.FOREIGN_ID.format(id=one, tracker=tracker) if is_plain(one) else one for one in ids]
    return Encoded(ids, cells.codes.astype(np.int32))


def _merged(usual: Encoded, other: Encoded, where: NDArray[np.bool_]) -> Encoded:
    """A column that is another one in some rows."""
    moved = np.where(other.codes < 0, other.codes, other.codes + np.int32(len(usual.values)))
    return Encoded([*usual.values, *other.values], np.where(where, moved, usual.codes))


def live_versions(run: Run, found: Encoded) -> Encoded:
    """`Live Version` as it is now, where the run knows: the rows can be changed and imported again."""
    known = [version_of(outcome) for outcome in run.outcomes]
    now = encode(known)
    codes = np.append(now.codes, np.int32(-1))[run.scopes.of_row]
    here = np.array([*(version is not None for version in known), False])[run.scopes.of_row]
    return _merged(found, Encoded(now.values, codes), here)


def version_of(outcome: Outcome) -> str | None:
    """The version that is live since; "" where nothing is, `None` where nothing was learnt."""
    match outcome:
        case Replaced(version=version) | Unchanged(version=version):
            return version
        case Created() | Deleted():
            return ""
        case AlreadyCreated() | HeldBack() | Refused() | Failed() | Unknown() | NotSent() | Ready():
            return None
        case _:
            assert_never(outcome)
