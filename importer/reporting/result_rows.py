"""What the results say of each row, column by column: made once, for the workbook and the CSV to render."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import numpy as np

from importer.api.endpoint import is_plain
from importer.catalogue import results as texts
from importer.cells import Broken, Cell, Covered, Number, Uncalculated, Unmapped, shown
from importer.columns import (
    CUSTOMIZATION_ID,
    IMPORT_COMMENT,
    IMPORT_KEY,
    IMPORT_RESULT,
    LIVE_VERSION,
    SOURCE_COLUMN,
    SOURCE_ROW,
)
from importer.model import (
    AlreadyCreated,
    ColumnKind,
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
    Sheet,
    SheetColumn,
    Unchanged,
    Unknown,
    said_at,
)
from importer.reporting.places import Places, own, positions
from importer.reporting.server_errors import Complaint, complaints, reason, row_comments
from importer.run import NUMBER, RESULTS, Run
from importer.xlsx.table import Encoded, encode

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NOT_AS_TEXT = frozenset({"number-reformatted", "number-too-long", "number-fraction", "became-date", "became-time"})
NOT_AS_TEXT |= {"text-reformatted", "text-hidden", "date-reformatted", "date-hidden"}
"""Problems of a cell's kind, which is lost in CSV: as text the same characters would pass for a good value."""

PINNED = ("pin_identity", "pin_criteria")
"""The columns that say what a row pins."""

_KEEPS_ITS_ID = (Result.INVALID, Result.HELD_BACK, Result.NOT_SENT, Result.READY, Result.UNCHANGED)
_NO_VALUE = Broken("#VALUE!")


@dataclass(frozen=True)
class ResultRows:
    """What the results say of a run, row by row of the sheet's frame unless it is by scope."""

    run: Run
    places: Places
    """Where the input's rows and cells stand in the results."""
    own: Sequence[tuple[SheetColumn, Encoded]]
    """The input's own columns. Every cell gives the same verdict when it is read again."""
    told: Mapping[str, Encoded]
    """The result columns by header, in order, and under "" what rows hold past the last header, if any does."""
    scope_ids: Encoded
    """By scope: the ID of its customization, if it is one."""
    scope_comments: Encoded
    """By scope: what became of it, and what to do."""
    refused: Sequence[tuple[int, Refused, list[Complaint]]]
    """Each refused scope: its number, its outcome, and what the service said of its rows and cells."""
    problems: pd.DataFrame
    """All problems and warnings, as `Problems.frame`."""


def result_rows(run: Run, places: Places, *, as_text: bool = False) -> ResultRows:
    """Make all that the results say; `as_text` where only the characters of a cell will be kept."""
    problems, refused = run.checked.problems.frame(), []
    for number, outcome in enumerate(run.outcomes):
        if isinstance(outcome, Refused):
            refused.append((number, outcome, complaints(outcome, run.scopes.rows(number).tolist())))
    scope_ids = encode(map(id_of, run.outcomes))
    scope_comments = encode(said_at(outcome_comment(outcome), places.row) for outcome in run.outcomes)
    ids, keys = _ids_and_keys(run, scope_ids)
    told = {
        IMPORT_RESULT: Encoded(list(map(str, RESULTS)), run.of_rows),
        CUSTOMIZATION_ID: ids,
        IMPORT_COMMENT: _comments(run, places, scope_comments, refused),
        SOURCE_ROW: _source_rows(run.sheet),
        SOURCE_COLUMN: _source_columns(run.sheet),
        IMPORT_KEY: keys,
        "": _surplus(run.sheet),
    }
    return ResultRows(
        run,
        places,
        list(_own_cells(run, problems, as_text=as_text)),
        {header: cells for header, cells in told.items() if cells is not None},
        scope_ids,
        scope_comments,
        refused,
        problems,
    )


# ── The input's own columns ─────────────────────────────────────────────────────────────────────────────


def _own_cells(run: Run, problems: pd.DataFrame, *, as_text: bool) -> Iterator[tuple[SheetColumn, Encoded]]:
    sheet = run.sheet
    lost = problems[problems["code"].isin(NOT_AS_TEXT)] if as_text else problems.iloc[:0]
    for column in own(sheet):
        cells = sheet.frame[column.key].array
        values = list(cells.categories)
        if column.kind is not ColumnKind.OTHER:
            values = [_meaning(cell, as_text=as_text) for cell in values]
        if len(mine := lost["row"][lost["column"] == column.key]):
            for code in set(cells.codes[positions(sheet, mine.to_numpy())].tolist()):
                values[code] = _NO_VALUE
        found = Encoded(values, cells.codes)
        yield column, _live_versions(run, found) if column.key == LIVE_VERSION else found


def _live_versions(run: Run, found: Encoded) -> Encoded:
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


def _meaning(cell: Cell, *, as_text: bool) -> Cell:
    match cell:
        case Uncalculated() | Covered() | Unmapped():
            # A formula would run against other rows than it was written for, and as text it would pass for a value: an
            # error cell is as wrong as the formula was. Its text stands in the comment and among the problems. A cell
            # that a merged range covers would pass for an empty one.
            return Broken("#N/A")
        case Number(value, shown) if as_text and shown is not None:
            return Number(value)
        case _:
            return cell


def _surplus(sheet: Sheet) -> Encoded | None:
    """What rows hold past the last header, to stand past it again without a header; `None` if no row does."""
    if not sheet.surplus:
        return None
    codes = np.full(len(sheet.frame), -1, dtype=np.int32)
    codes[positions(sheet, list(sheet.surplus))] = np.arange(len(sheet.surplus))
    return Encoded(list(sheet.surplus.values()), codes)


# ── Import Comment ──────────────────────────────────────────────────────────────────────────────────────


def _comments(
    run: Run, places: Places, of_scopes: Encoded, refused: Sequence[tuple[int, Refused, list[Complaint]]]
) -> Encoded:
    """Of an invalid row its problems, of another what became of its scope, and its warnings."""
    values, codes = list(of_scopes.values), np.append(of_scopes.codes, np.int32(-1))[run.scopes.of_row]
    known: dict[str, int] = {}
    for number, outcome, told in refused:
        rows = run.scopes.rows(number)
        said = row_comments(outcome, told, rows.tolist())
        codes[positions(run.sheet, rows)] = [known.setdefault(text, len(values) + len(known)) for text in said]
    codes[run.checked.invalid] = -1
    rows, which, sentences = run.checked.problems.comments(places.row)
    own_codes = np.full(len(codes), -1, dtype=np.int32)
    own_codes[positions(run.sheet, rows)] = which
    return _joined(Encoded([*values, *known], codes), Encoded(sentences, own_codes))


def _joined(first: Encoded, second: Encoded) -> Encoded:
    """Two columns of texts as one: where a row has both, they are joined."""
    width = len(second.values) + 1
    pairs = (first.codes.astype(np.int64) + 1) * width + (second.codes + 1)
    used, codes = np.unique(pairs, return_inverse=True)
    joined = []
    for one, other in zip(*np.divmod(used, width), strict=True):
        parts = [str(first.values[one - 1])] if one else []
        parts += [str(second.values[other - 1])] if other else []
        joined.append(" ".join(parts))
    filled = encode(joined)
    return Encoded(filled.values, filled.codes[codes])


def outcome_comment(outcome: Outcome) -> str:
    """What became of a scope and what to do, for all its rows; "" where the result alone says it."""
    match outcome:
        case Created(warning=text) | Replaced(warning=text) | Deleted(warning=text) | Unchanged(comment=text):
            return text
        case AlreadyCreated(found=True):
            return _live_already(outcome)
        case AlreadyCreated(since=since, warning=warning):
            told = texts.CREATED_BEFORE_UNDATED
            if since is not None:
                told = texts.CREATED_BEFORE.format(since=f"{since:%Y-%m-%d %H:%M}")
            return f"{told} {warning}" if warning else told
        case HeldBack(text) | Failed(text) | Unknown(text) | NotSent(text) | Ready(text):
            return text
        case Refused():
            return reason(outcome)
        case _:
            assert_never(outcome)


def _live_already(outcome: AlreadyCreated) -> str:
    since, creator = outcome.since, outcome.creator
    key = "-".join(name for name, there in (("by", creator), ("since", since)) if there)
    told = texts.LIVE_ALREADY[key].format(creator=creator, since=f"{since:%Y-%m-%d %H:%M}" if since else "")
    return " ".join(filter(None, (told, outcome.warning)))


# ── Customization ID and Import Key ─────────────────────────────────────────────────────────────────────


def id_of(outcome: Outcome) -> str | None:
    """The ID of the customization that a scope is, if it is one."""
    return outcome.id if isinstance(outcome, Created | AlreadyCreated | Replaced | Deleted | Unchanged) else None


def _ids_and_keys(run: Run, scope_ids: Encoded) -> tuple[Encoded, Encoded]:
    """`Customization ID` and `Import Key`.

    Rows that are created, now or before, have their ID, and every row its scope's key. Rows that were not sent keep
    the ID that the input brought along, for it keeps their scope from being sent unseen, and with it the key that it
    was written with: what an ID stands for never changes. An ID that belongs to another tracker is marked as such;
    those of a rehearsal are dropped, as they never count.
    """
    of_row = run.scopes.of_row
    scope_keys = encode(_key(run, number, outcome) for number, outcome in enumerate(run.outcomes))
    ids = Encoded(scope_ids.values, np.append(scope_ids.codes, np.int32(-1))[of_row])
    keys = Encoded(scope_keys.values, np.append(scope_keys.codes, np.int32(-1))[of_row])
    ids.codes[run.checked.invalid] = -1
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


def _key(run: Run, number: int, outcome: Outcome) -> str:
    key = run.scopes.key(number)
    return str(key._replace(may_be_live=True) if isinstance(outcome, HeldBack) and outcome.may_be_live else key)


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


# ── Source Row and Source Column ────────────────────────────────────────────────────────────────────────


def _source_rows(sheet: Sheet) -> Encoded:
    """Where each row stands in the input."""
    numbers = sheet.frame.index.to_numpy() if sheet.origin is None else sheet.origin.rows
    if len(sheet.sheets) > 1:
        return encode(map(sheet.row_label, numbers.tolist()))
    return Encoded(array("q", numbers.tolist()), np.arange(len(numbers), dtype=np.int32))


def _source_columns(sheet: Sheet) -> Encoded | None:
    """The export's column of what each row pins; `None` where no mapping made the rows."""
    pinned = [sheet.origin.sources[key] for key in PINNED if key in sheet.origin.sources] if sheet.origin else []
    if not pinned:
        return None
    codes, columns = pinned[0]
    return Encoded([" ".join(column.header.split()) for column in columns], codes.astype(np.int32))
