"""What each row is told: its result, its customization's ID and its comment, in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from importer.api.endpoint import is_plain
from importer.catalogue import results as texts
from importer.cells import shown
from importer.columns import CUSTOMIZATION_ID
from importer.model import AlreadyCreated, Created, Failed, HeldBack, NotSent, Outcome, Provenance, Result, Unknown
from importer.reporting.coded import Coded, coded, paired
from importer.reporting.finished import NUMBER, row_results
from importer.reporting.places import positions
from importer.reporting.refused import complaints, row_comments

if TYPE_CHECKING:
    from importer.reporting.finished import Finished


def comments(finished: Finished) -> Coded:
    """`Import Comment`: of an invalid row its problems, of another what became of its scope, and its warnings."""
    of_scope = coded(outcome_comment(outcome) for outcome in finished.outcomes)
    fate = Coded(of_scope.values, np.append(of_scope.codes, np.int32(-1))[finished.scopes.of_row])
    fate = _with_refusals(finished, fate)
    fate.codes[finished.checked.invalid] = -1
    return paired(fate, _row_comments(finished))


def outcome_comment(outcome: Outcome) -> str:
    """What became of a scope and what to do, for all its rows; "" where the result alone says it."""
    match outcome:
        case Created(warning=warning):
            return warning
        case AlreadyCreated(since=None, warning=warning):
            return " ".join(filter(None, (texts.CREATED_BEFORE_UNDATED, warning)))
        case AlreadyCreated(since=since, warning=warning):
            told = texts.CREATED_BEFORE.format(since=f"{since:%Y-%m-%d %H:%M}")
            return " ".join(filter(None, (told, warning)))
        case HeldBack(text) | Failed(text) | Unknown(text) | NotSent(text):
            return text
        case _:
            return ""


def _with_refusals(finished: Finished, fate: Coded) -> Coded:
    values, codes = list(fate.values), fate.codes.copy()
    known: dict[str, int] = {}
    for number, outcome, told in complaints(finished):
        rows = finished.scopes.rows(number)
        said = row_comments(outcome, told, rows.tolist())
        places = [known.setdefault(text, len(values) + len(known)) for text in said]
        codes[positions(finished.sheet, rows)] = places
    return Coded([*values, *known], codes)


def _row_comments(finished: Finished) -> Coded:
    rows, which, said = finished.checked.problems.comments()
    codes = np.full(len(finished.sheet.frame), -1, dtype=np.int32)
    codes[positions(finished.sheet, rows)] = which
    return Coded(list(said), codes)


# ── Customization IDs ───────────────────────────────────────────────────────────────────────────────────


_BINDING = (Result.INVALID, Result.HELD_BACK, Result.NOT_SENT, Result.READY)


def ids(finished: Finished) -> Coded:
    """`Customization ID`: of rows that are created, now or before; of those that were not sent, what the input has.

    An ID that the input brought along keeps its scope from being sent unseen, so it stays. One that belongs to
    another tracker is marked as such; those of a rehearsal are dropped, as they never count.
    """
    own = coded(id_of(outcome) for outcome in finished.outcomes)
    codes = np.append(own.codes, np.int32(-1))[finished.scopes.of_row]
    codes[finished.checked.invalid] = -1
    kept = _kept(finished)
    if kept is None:
        return Coded(own.values, codes)
    stays = (codes < 0) & (kept.codes >= 0)
    stays &= np.isin(row_results(finished), [NUMBER[result] for result in _BINDING])
    return Coded([*own.values, *kept.values], np.where(stays, kept.codes + np.int32(len(own.values)), codes))


def id_of(outcome: Outcome) -> str | None:
    """The ID of the customization that a scope is, if it is one."""
    return outcome.id if isinstance(outcome, Created | AlreadyCreated) else None


def _kept(finished: Finished) -> Coded | None:
    frame, written = finished.sheet.frame, finished.sheet.provenance
    if CUSTOMIZATION_ID not in frame.columns or (written is not None and written.rehearsal):
        return None
    cells = frame[CUSTOMIZATION_ID].array
    now = provenance(finished)
    found = [_marked(shown(cell), written, now) for cell in cells.categories]
    return Coded(list(found), cells.codes.astype(np.int32))


def _marked(identity: str, written: Provenance | None, now: Provenance) -> str:
    if written == now or not is_plain(identity):
        return identity
    tracker = written.tracker_id if written else ""
    return texts.FOREIGN_ID.format(id=identity, tracker=tracker or texts.UNKNOWN_TRACKER)


def provenance(finished: Finished) -> Provenance:
    """What the results say of where they come from.

    A check that was told of no tracker changed nothing: it hands on what the input says.
    """
    facts = finished.facts
    if not facts.tracker_id and finished.sheet.provenance is not None:
        return finished.sheet.provenance
    return Provenance(facts.tracker_id, facts.base_url, facts.rehearsal)
