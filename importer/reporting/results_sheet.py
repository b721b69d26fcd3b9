"""The sheets `Results`, `Results 2` …: every input row with its own cells, and what became of it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from importer.catalogue import rows as row_texts
from importer.cells import shown
from importer.columns import (
    BY_NAME,
    CUSTOMIZATION_ID,
    IMPORT_COMMENT,
    IMPORT_KEY,
    IMPORT_RESULT,
    SOURCE_COLUMN,
    SOURCE_ROW,
    CellType,
)
from importer.reporting import styles
from importer.reporting.input_columns import own_cells, surplus
from importer.reporting.places import Places, own, positions, results_name
from importer.reporting.result_rows import comments, ids_and_keys
from importer.reporting.server_errors import complaints, sentence
from importer.run import RESULTS, Run
from importer.xlsx import Column, Note, Table, Value
from importer.xlsx.table import Encoded, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

PINNED = ("pin_identity", "pin_criteria")
"""The columns that say what a row pins."""
NOTES = 1_000
"""Comments on cells at most; more would make the workbook slow to open."""

_TYPED_AS_TEXT = {CellType.TEXT, CellType.IDENTITY}
_LONGEST_NOTE = 1_000


def results_tables(run: Run, places: Places) -> list[Table]:
    """The rows as tables of as many rows as a sheet takes."""
    columns = [*_own_columns(run), *_result_columns(run, places)]
    notes = _notes(run, places)
    total, size = len(run.sheet.frame), places.size
    starts = range(0, max(total, 1), size)
    return [_piece(number, columns, notes, start, min(start + size, total)) for number, start in enumerate(starts, 1)]


def _piece(number: int, columns: list[Column], notes: list[Note], start: int, stop: int) -> Table:
    return Table(
        name=results_name(number),
        columns=[
            replace(
                column,
                cells=Encoded(column.cells.values, column.cells.codes[start:stop]),
                styles=None if column.styles is None else column.styles[start:stop],
            )
            for column in columns
        ],
        rows=stop - start,
        styles=styles.STYLES,
        notes=[Note(note.row - start, note.column, note.text) for note in notes if start <= note.row < stop],
        header_style=styles.OWN_HEADER,
        tab_color=styles.OWN_HEADER.fill,
    )


# ── The input's own columns ─────────────────────────────────────────────────────────────────────────────


def _own_columns(run: Run) -> Iterator[Column]:
    base = styles.ROW[run.of_rows]
    marked = _marked(run)
    for column, cells in own_cells(run, as_text=False):
        known = BY_NAME.get(column.key)
        yield Column(
            header=column.header,
            cells=cells,
            width=known.width if known else _width(column.header, cells.values),
            styles=_with_marks(base, marked.get(column.key, {})),
            as_text=known is not None and known.cell in _TYPED_AS_TEXT,
        )


def _width(header: str, cells: Sequence[Value]) -> float:
    sample = [len(shown(cell)) for cell in islice(cells, 200) if not isinstance(cell, int | float)]
    usual = sorted(sample)[len(sample) * 9 // 10] if sample else 0
    return float(min(max(len(header) + 4, usual + 2, 10), 50))


def _marked(run: Run) -> dict[str, dict[int, NDArray[np.int64]]]:
    """For each column the positions of its rows to mark, by look: doubtful first, as wrong goes over it."""
    problems = run.checked.problems.frame()
    places = positions(run.sheet, problems["row"].to_numpy())
    columns, codes = problems["column"].array, problems["code"].array
    serious = np.array([row_texts.entry(code).severity == "problem" for code in codes.categories], dtype=np.bool_)
    wrong = serious[codes.codes] if len(serious) else np.empty(0, np.bool_)
    marked = {}
    for number, key in enumerate(columns.categories):
        mine = columns.codes == number
        marked[key] = {styles.DOUBTFUL: places[mine & ~wrong], styles.WRONG: places[mine & wrong]}
    _mark_refused(run, marked)
    return marked


def _mark_refused(run: Run, marked: dict[str, dict[int, NDArray[np.int64]]]) -> None:
    refused: dict[str, list[int]] = {}
    for _, _, told in complaints(run):
        for complaint in told:
            if complaint.column is not None:
                refused.setdefault(complaint.column, []).extend(complaint.rows)
    for key, rows in refused.items():
        by_look = marked.setdefault(key, {})
        more = positions(run.sheet, rows)
        by_look[styles.WRONG] = np.concatenate([by_look.get(styles.WRONG, np.empty(0, np.int64)), more])


def _with_marks(base: NDArray[np.int8], marks: dict[int, NDArray[np.int64]]) -> NDArray[np.int8]:
    if not any(map(len, marks.values())):
        return base
    shades = base.copy()
    for look, places in marks.items():
        shades[places] = look
    return shades


# ── What became of each row ─────────────────────────────────────────────────────────────────────────────


def _result_columns(run: Run, places: Places) -> Iterator[Column]:
    results = run.of_rows
    base = styles.ROW[results]
    names: list[Value] = [str(result) for result in RESULTS]
    yield Column(IMPORT_RESULT, Encoded(names, results), 16.0, styles.RESULT[results], styles.RESULT_HEADER)
    ids, keys = ids_and_keys(run)
    yield Column(CUSTOMIZATION_ID, ids, 38.0, base, styles.RESULT_HEADER, as_text=True)
    said = comments(run, places)
    yield Column(IMPORT_COMMENT, said, 80.0, base, styles.RESULT_HEADER)
    rows = source_rows(run)
    yield Column(SOURCE_ROW, rows, 13.0, base, styles.RESULT_HEADER)
    if (columns := source_columns(run)) is not None:
        yield Column(SOURCE_COLUMN, columns, 24.0, base, styles.RESULT_HEADER, as_text=True)
    yield Column(IMPORT_KEY, keys, 28.0, base, styles.RESULT_HEADER, as_text=True)
    beyond = surplus(run.sheet)
    if beyond is not None:
        yield Column("", beyond, 30.0, np.where(beyond.codes < 0, base, np.int8(styles.WRONG)))


def source_rows(run: Run) -> Encoded:
    """`Source Row`: where each row stands in the input."""
    sheet = run.sheet
    numbers = sheet.frame.index.to_numpy() if sheet.origin is None else sheet.origin.rows
    if len(sheet.sheets) > 1:
        return encode(sheet.row_label(int(row)) for row in numbers)
    return Encoded(array("q", numbers.tolist()), np.arange(len(numbers), dtype=np.int32))


def source_columns(run: Run) -> Encoded | None:
    """`Source Column`: the export's column of what each row pins; `None` where no mapping made the rows."""
    origin = run.sheet.origin
    pinned = [origin.sources[key] for key in PINNED if key in origin.sources] if origin is not None else []
    if not pinned:
        return None
    codes, columns = pinned[0]
    return Encoded([" ".join(column.header.split()) for column in columns], codes.astype(np.int32))


# ── Comments on cells ───────────────────────────────────────────────────────────────────────────────────


def _notes(run: Run, places: Places) -> list[Note]:
    """What is wrong with a cell, said on the cell: the sheet's own problems first, then what the service refused."""
    place = {column.key: number for number, column in enumerate(own(run.sheet))}
    told = list(islice(((row, place[key], text) for row, key, text in _remarks(run, places) if key in place), NOTES))
    rows = positions(run.sheet, [row for row, _, _ in told]).tolist()
    return [Note(at, column, text[:_LONGEST_NOTE]) for at, (_, column, text) in zip(rows, told, strict=True)]


def _remarks(run: Run, places: Places) -> Iterator[tuple[int, str | None, str]]:
    for problem in run.checked.problems:
        yield problem.row, problem.column, row_texts.message(problem, places.row)
    for _, _, told in complaints(run):
        for complaint in told:
            yield complaint.rows[0], complaint.column, sentence(complaint)
