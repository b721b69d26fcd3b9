"""What the results say of each row, column by column, and where it stands there: made once, for all that render it."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from importer.catalogue import results as texts
from importer.cells import Broken, Cell, Covered, Number, Uncalculated, Unmapped, column_letter
from importer.columns import (
    CUSTOMIZATION_ID,
    IMPORT_COMMENT,
    IMPORT_KEY,
    IMPORT_RESULT,
    LIVE_VERSION,
    RESULT_COLUMNS,
    RESULTS_SHEET,
    SOURCE_COLUMN,
    SOURCE_ROW,
)
from importer.model import (
    SHEET_ROWS,
    ColumnKind,
    HeldBack,
    Refused,
    Sheet,
    SheetColumn,
    said_at,
)
from importer.reporting.earlier_results import live_versions, with_brought_ids
from importer.reporting.server_errors import Complaint, complaints, row_comments
from importer.run import RESULTS, Run, comment_of, id_of
from importer.xlsx.table import Encoded, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.model import Origin

NOT_AS_TEXT = frozenset({"number-reformatted", "number-too-long", "number-fraction", "became-date", "became-time"})
NOT_AS_TEXT |= {"text-reformatted", "text-hidden", "date-reformatted", "date-hidden"}
"""Problems of a cell's kind, which is lost in CSV: as text the same characters would pass for a good value."""

PINNED = ("pin_identity", "pin_criteria")
"""The columns that say what a row pins."""

_NO_VALUE = Broken("#VALUE!")
_BYTES_A_CELL = 56
"""What a cell takes in a sheet's XML, roughly."""

_MOST_BYTES = 2**31 - 2**20
"""Of a sheet's XML: not every program opens a longer one."""


# ── Where rows and cells stand ──────────────────────────────────────────────────────────────────────────


def own_columns(sheet: Sheet) -> list[SheetColumn]:
    """The input's columns that are carried over: all but the result columns of an earlier run."""
    return [column for column in sheet.columns if column.kind is not ColumnKind.RESULT]


def positions(sheet: Sheet, rows: Sequence[int] | NDArray[np.integer]) -> NDArray[np.int64]:
    """Where sheet rows stand in the frame, counted from 0."""
    return sheet.frame.index.get_indexer(pd.Index(rows)).astype(np.int64)


def results_name(number: int) -> str:
    """The name of the n-th sheet of results."""
    return RESULTS_SHEET if number == 1 else f"{RESULTS_SHEET} {number}"


class Places:
    """Where the input's rows and cells stand in the results: on the sheet `Results`, or on another that goes on."""

    def __init__(self, sheet: Sheet, sheet_rows: int | None = SHEET_ROWS) -> None:
        """`sheet_rows` are the rows of each sheet at most, header included; `None` is no limit."""
        self.columns = own_columns(sheet)
        width = len(self.columns) + len(RESULT_COLUMNS) + bool(sheet.surplus)
        most = len(sheet.frame) if sheet_rows is None else min(sheet_rows - 1, _MOST_BYTES // (_BYTES_A_CELL * width))
        self.size = max(1, most)
        """How many rows a sheet of the results takes below its header."""
        self._sheet = sheet
        self._file = Path(sheet.file).name
        self._rows = array("q", sheet.frame.index.tolist())

    def row_label(self, row: int) -> int | str:
        """The row's number in the results; with the sheet's name where it is not on the first."""
        number, at = self._at(row)
        return at if number == 1 else f"{results_name(number)}: {at}"

    def cell_label(self, row: int, key: str | None) -> str:
        """The cell's address in the results, or "" where the file lacks the column."""
        letter = self._letters.get(key or "")
        if letter is None:
            return ""
        number, at = self._at(row)
        return f"{letter}{at}" if number == 1 else f"{results_name(number)}: {letter}{at}"

    def link(self, row: int, key: str | None) -> str:
        """The cell as a link within the workbook names it; the row's first cell where the file lacks the column."""
        number, at = self._at(row)
        return f"'{results_name(number)}'!{self._letters.get(key or '', 'A')}{at}"

    def row(self, row: int) -> str:
        """The row's number in the results, and beside it the one in the input, if that is another."""
        here, there = str(self.row_label(row)), str(self._sheet.row_label(row))
        return here if here == there else texts.ROW_AND_SOURCE.format(row=here, source=there, file=self._file)

    @cached_property
    def _letters(self) -> Mapping[str, str]:
        return {column.key: column_letter(place) for place, column in enumerate(self.columns)}

    def _at(self, row: int) -> tuple[int, int]:
        """The number of the sheet, counted from 1, and the row on it."""
        number, rest = divmod(bisect_left(self._rows, row), self.size)
        return number + 1, rest + 2


# ── What became of the rows ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ResultRows:
    """What the results say of a run, row by row of the sheet's frame unless it is by scope."""

    run: Run
    places: Places
    """Where the input's rows and cells stand in the results."""
    own_columns: Sequence[tuple[SheetColumn, Encoded]]
    """The input's own columns. Every cell gives the same verdict when it is read again."""
    result_columns: Mapping[str, Encoded]
    """The result columns by header, in order, and under "" what rows hold past the last header, if any does."""
    scope_ids: Encoded
    """By scope: the ID of its customization, if it is one."""
    scope_comments: Encoded
    """By scope: what became of it, and what to do."""
    refused: Sequence[tuple[int, Refused, list[Complaint]]]
    """Each refused scope: its number, its outcome, and what the service said of its rows and cells."""
    are_good: bool
    """Whether there is nothing to say of any single cell: no problem, no warning, no refusal."""

    @cached_property
    def problems(self) -> pd.DataFrame:
        """All problems and warnings, as `Problems.frame`."""
        return self.run.checked.problems.frame()


def result_rows(run: Run, places: Places, *, as_text: bool = False) -> ResultRows:
    """Make all that the results say; `as_text` where only the characters of a cell will be kept."""
    sheet, refused, keys_of_scopes = run.sheet, [], []
    for number, outcome in enumerate(run.outcomes):
        key = run.scopes.key(number)
        if isinstance(outcome, HeldBack) and outcome.may_be_live:
            key = key._replace(may_be_live=True)
        keys_of_scopes.append(str(key))
        if isinstance(outcome, Refused):
            refused.append((number, outcome, complaints(outcome, run.scopes.rows(number).tolist())))
    scope_ids = encode(map(id_of, run.outcomes))
    scope_comments = encode(said_at(comment_of(outcome), places.row) for outcome in run.outcomes)
    comments = _by_row(scope_comments, run)
    are_good = not refused and not len(run.checked.problems)
    if not are_good:
        comments = _with_remarks(comments, run, places, refused)
    keys, ids = _by_row(encode(keys_of_scopes), run), _by_row(scope_ids, run)
    ids.codes[run.checked.invalid] = -1
    if CUSTOMIZATION_ID in sheet.frame.columns:
        ids, keys = with_brought_ids(run, ids, keys)
    result_columns = {
        IMPORT_RESULT: Encoded(list(map(str, RESULTS)), run.of_rows),
        CUSTOMIZATION_ID: ids,
        IMPORT_COMMENT: comments,
        SOURCE_ROW: _source_rows(sheet),
    }
    if sheet.origin is not None and (columns := _source_columns(sheet.origin)) is not None:
        result_columns[SOURCE_COLUMN] = columns
    result_columns[IMPORT_KEY] = keys
    if sheet.surplus:
        result_columns[""] = _surplus(sheet)
    own_cells = _own_cells(run, places.columns, as_text=as_text)
    return ResultRows(run, places, own_cells, result_columns, scope_ids, scope_comments, refused, are_good)


def _by_row(of_scopes: Encoded, run: Run) -> Encoded:
    """What is said of each scope, said of each of its rows; nothing where a row has none."""
    return Encoded(of_scopes.values, np.append(of_scopes.codes, np.int32(-1))[run.scopes.of_row])


# ── The input's own columns ─────────────────────────────────────────────────────────────────────────────


def _own_cells(run: Run, columns: Sequence[SheetColumn], *, as_text: bool) -> list[tuple[SheetColumn, Encoded]]:
    problems, own_cells = run.checked.problems, []
    lost = None
    if as_text and len(problems):
        lost = problems.frame()
        lost = lost[lost["code"].isin(NOT_AS_TEXT)]
    for column in columns:
        cells = run.sheet.frame[column.key].array
        values = list(cells.categories)
        if column.kind is not ColumnKind.OTHER and not set(map(type, values)) <= {str}:
            values = [_meaning(cell, as_text=as_text) for cell in values]
        if lost is not None:
            mine = lost["row"][lost["column"] == column.key]
            for code in set(cells.codes[positions(run.sheet, mine.to_numpy())].tolist()):
                values[code] = _NO_VALUE
        made = Encoded(values, cells.codes)
        own_cells.append((column, live_versions(run, made) if column.key == LIVE_VERSION else made))
    return own_cells


def _meaning(cell: Cell, *, as_text: bool) -> Cell:
    """What the results hold for a cell, so that it gives the same verdict when they are read again."""
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


def _surplus(sheet: Sheet) -> Encoded:
    """What rows hold past the last header, to stand past it again without a header."""
    codes = np.full(len(sheet.frame), -1, dtype=np.int32)
    codes[positions(sheet, list(sheet.surplus))] = np.arange(len(sheet.surplus))
    return Encoded(list(sheet.surplus.values()), codes)


# ── Import Comment ──────────────────────────────────────────────────────────────────────────────────────


def _with_remarks(
    usual: Encoded, run: Run, places: Places, refused: Sequence[tuple[int, Refused, list[Complaint]]]
) -> Encoded:
    """The comments with what the service said of rows that it refused; of an invalid row only its own problems."""
    codes, known = usual.codes, dict[str, int]()
    for number, outcome, told in refused:
        rows = run.scopes.rows(number)
        said = row_comments(outcome, told, rows.tolist())
        codes[positions(run.sheet, rows)] = [known.setdefault(text, len(usual.values) + len(known)) for text in said]
    codes[run.checked.invalid] = -1
    rows, which, sentences = run.checked.problems.comments(places.row)
    own_codes = np.full(len(codes), -1, dtype=np.int32)
    own_codes[positions(run.sheet, rows)] = which
    return _joined(Encoded([*usual.values, *known], codes), Encoded(sentences, own_codes))


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


# ── Source Row and Source Column ────────────────────────────────────────────────────────────────────────


def _source_rows(sheet: Sheet) -> Encoded:
    """Where each row stands in the input."""
    numbers = sheet.frame.index.to_numpy() if sheet.origin is None else sheet.origin.rows
    if len(sheet.sheets) > 1:
        return encode(map(sheet.row_label, numbers.tolist()))
    return Encoded(array("q", numbers.tolist()), np.arange(len(numbers), dtype=np.int32))


def _source_columns(origin: Origin) -> Encoded | None:
    """The export's column of what each row pins; `None` where the export has none."""
    for key in PINNED:
        if key in origin.sources:
            codes, columns = origin.sources[key]
            return Encoded([" ".join(column.header.split()) for column in columns], codes.astype(np.int32))
    return None
