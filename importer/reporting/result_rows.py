"""What each row is told: its result, its customization's ID and its comment, in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from importer.api.endpoint import is_plain
from importer.catalogue import results as texts
from importer.cells import shown
from importer.columns import CUSTOMIZATION_ID, IMPORT_KEY
from importer.model import (
    AlreadyCreated,
    Created,
    Failed,
    HeldBack,
    NotSent,
    Outcome,
    Provenance,
    Result,
    Unknown,
    said_at,
)
from importer.reporting.places import Places, positions
from importer.reporting.server_errors import complaints, row_comments
from importer.run import NUMBER
from importer.xlsx.table import Encoded, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from importer.cells import Cell
    from importer.run import Run


def comments(run: Run, places: Places) -> Encoded:
    """`Import Comment`: of an invalid row its problems, of another what became of its scope, and its warnings."""
    of_scope = encode(said_at(outcome_comment(outcome), places.row) for outcome in run.outcomes)
    fate = Encoded(of_scope.values, np.append(of_scope.codes, np.int32(-1))[run.scopes.of_row])
    fate = _with_refusals(run, fate)
    fate.codes[run.checked.invalid] = -1
    return _paired(fate, _row_comments(run, places))


def _paired(first: Encoded, second: Encoded, join: str = " ") -> Encoded:
    """Two columns of texts as one: where a row has both, they are joined."""
    width = len(second.values) + 1
    pairs = (first.codes.astype(np.int64) + 1) * width + (second.codes + 1)
    used, codes = np.unique(pairs, return_inverse=True)
    texts = []
    for one, other in zip(*np.divmod(used, width), strict=True):
        parts = [str(first.values[one - 1])] if one else []
        parts += [str(second.values[other - 1])] if other else []
        texts.append(join.join(parts))
    filled = encode(texts)
    return Encoded(filled.values, filled.codes[codes])


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


def _with_refusals(run: Run, fate: Encoded) -> Encoded:
    values, codes = list(fate.values), fate.codes.copy()
    known: dict[str, int] = {}
    for number, outcome, told in complaints(run):
        rows = run.scopes.rows(number)
        said = row_comments(outcome, told, rows.tolist())
        places = [known.setdefault(text, len(values) + len(known)) for text in said]
        codes[positions(run.sheet, rows)] = places
    return Encoded([*values, *known], codes)


def _row_comments(run: Run, places: Places) -> Encoded:
    rows, which, said = run.checked.problems.comments(places.row)
    codes = np.full(len(run.sheet.frame), -1, dtype=np.int32)
    codes[positions(run.sheet, rows)] = which
    return Encoded(list(said), codes)


# ── Customization IDs ───────────────────────────────────────────────────────────────────────────────────


_BINDING = (Result.INVALID, Result.HELD_BACK, Result.NOT_SENT, Result.READY)


def _key(run: Run, number: int, outcome: Outcome) -> str:
    key = run.scopes.key(number)
    return str(key._replace(may_be_live=True) if isinstance(outcome, HeldBack) and outcome.may_be_live else key)


def ids_and_keys(run: Run) -> tuple[Encoded, Encoded]:
    """`Customization ID` and `Import Key`.

    Rows that are created, now or before, have their ID, and every row its scope's key. Rows that were not sent keep
    the ID that the input brought along, for it keeps their scope from being sent unseen, and with it the key that it
    was written with: what an ID stands for never changes. An ID that belongs to another tracker is marked as such;
    those of a rehearsal are dropped, as they never count.
    """
    ids = _by_scope(run, map(id_of, run.outcomes))
    ids.codes[run.checked.invalid] = -1
    keys = _by_scope(run, (_key(run, number, outcome) for number, outcome in enumerate(run.outcomes)))
    brought = _brought(run)
    if brought is None:
        return ids, keys
    stays = (ids.codes < 0) & (brought[0].codes >= 0)
    stays &= np.isin(run.of_rows, [NUMBER[result] for result in _BINDING])
    return _merged(ids, brought[0], stays), _merged(keys, brought[1], stays)


def _by_scope(run: Run, texts: Iterable[str | None]) -> Encoded:
    """Texts of scopes on their rows."""
    own = encode(texts)
    return Encoded(own.values, np.append(own.codes, np.int32(-1))[run.scopes.of_row])


def _merged(usual: Encoded, other: Encoded, where: NDArray[np.bool_]) -> Encoded:
    """A column that is another one in some rows."""
    moved = np.where(other.codes < 0, other.codes, other.codes + np.int32(len(usual.values)))
    return Encoded([*usual.values, *other.values], np.where(where, moved, usual.codes))


def id_of(outcome: Outcome) -> str | None:
    """The ID of the customization that a scope is, if it is one."""
    return outcome.id if isinstance(outcome, Created | AlreadyCreated) else None


def _brought(run: Run) -> tuple[Encoded, Encoded] | None:
    """The IDs that the input brought along, and its keys; `None` where they never count."""
    frame, written = run.sheet.frame, run.sheet.provenance
    if CUSTOMIZATION_ID not in frame.columns or (written is not None and written.rehearsal):
        return None
    now = run.provenance
    ids = _cells(frame[CUSTOMIZATION_ID], lambda cell: _marked(shown(cell), written, now))
    if IMPORT_KEY not in frame.columns:
        return ids, Encoded([], np.full(len(frame), -1, dtype=np.int32))
    return ids, _cells(frame[IMPORT_KEY], shown)


def _cells(column: pd.Series, text: Callable[[Cell], str]) -> Encoded:
    cells = column.array
    return Encoded([text(cell) for cell in cells.categories], cells.codes.astype(np.int32))


def _marked(identity: str, written: Provenance | None, now: Provenance) -> str:
    if written == now or not is_plain(identity):
        return identity
    tracker = written.tracker_id if written else ""
    return texts.FOREIGN_ID.format(id=identity, tracker=tracker or texts.UNKNOWN_TRACKER)
