"""The sheets `Results`, `Results 2` … and `Scopes`: each row's own cells and what became of it, and of each scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from importer.catalogue import rows as row_texts
from importer.catalogue.results import SCOPE_HEADERS
from importer.cells import shown
from importer.columns import (
    BY_NAME,
    CUSTOMIZATION_ID,
    IMPORT_COMMENT,
    IMPORT_KEY,
    IMPORT_RESULT,
    SCOPES_SHEET,
    SOURCE_COLUMN,
    SOURCE_ROW,
    CellType,
)
from importer.model import AlreadyCreated, Created, Deleted, Failed, Outcome, Refused, Replaced, Unknown
from importer.reporting import styles
from importer.reporting.result_rows import ResultRows, positions, results_name
from importer.reporting.server_errors import sentence
from importer.run import RESULTS
from importer.xlsx import Column, Note, Table, Value
from importer.xlsx.table import Encoded, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOTES = 1_000
"""Comments on cells at most; more would make the workbook slow to open."""

_TYPED_AS_TEXT = {CellType.TEXT, CellType.IDENTITY}
_LONGEST_NOTE = 1_000

_WIDTHS = {IMPORT_RESULT: 16.0, IMPORT_COMMENT: 80.0, CUSTOMIZATION_ID: 38.0, SOURCE_ROW: 13.0}
_WIDTHS |= {SOURCE_COLUMN: 24.0, IMPORT_KEY: 28.0, "": 30.0}
_AS_TEXT = {CUSTOMIZATION_ID, SOURCE_COLUMN, IMPORT_KEY}

_SCOPE_WIDTHS = (22.0, 13.0, 34.0, 8.0, 11.0, 12.0, 16.0, 38.0, 14.0, 11.0, 24.0, 80.0)
_SCOPE_RESULT = 6
_SCOPE_TEXTS = (0, 2, 7)


def results_tables(rows: ResultRows) -> list[Table]:
    """The rows as tables of as many rows as a sheet takes."""
    columns = list(_columns(rows))
    notes, total, size = [] if rows.are_good else _notes(rows), len(rows.run.sheet.frame), rows.places.size
    tables = []
    for number, start in enumerate(range(0, max(total, 1), size), 1):
        stop = min(start + size, total)
        table = Table(
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
        tables.append(table)
    return tables


# ── The input's own columns, and what became of each row ────────────────────────────────────────────────


def _columns(rows: ResultRows) -> Iterator[Column]:
    results = rows.run.of_rows
    base = styles.ROW[results]
    marks = {} if rows.are_good else _marks(rows)
    for column, cells in rows.own_columns:
        known = BY_NAME.get(column.key)
        look = base.copy() if column.key in marks else base
        for number, at in marks.get(column.key, ()):
            look[at] = number
        yield Column(
            header=column.header,
            cells=cells,
            width=known.width if known else _width(column.header, cells.values),
            styles=look,
            as_text=known is not None and known.cell in _TYPED_AS_TEXT,
        )
    for header, cells in rows.result_columns.items():
        look = styles.RESULT[results] if header == IMPORT_RESULT else base
        if not header:
            look = np.where(cells.codes < 0, base, np.int8(styles.WRONG))
        yield Column(
            header, cells, _WIDTHS[header], look, styles.RESULT_HEADER if header else None, as_text=header in _AS_TEXT
        )


def _width(header: str, cells: Sequence[Value]) -> float:
    sample = [len(shown(cell)) for cell in islice(cells, 200) if not isinstance(cell, int | float)]
    usual = sorted(sample)[len(sample) * 9 // 10] if sample else 0
    return float(min(max(len(header) + 4, usual + 2, 10), 50))


def _marks(rows: ResultRows) -> dict[str, list[tuple[int, NDArray[np.int64]]]]:
    """For each column its looks and the positions of their rows: doubtful first, as wrong goes over it."""
    problems, sheet = rows.problems, rows.run.sheet
    places = positions(sheet, problems["row"].to_numpy())
    columns, codes = problems["column"].array, problems["code"].array
    serious = np.array([*map(row_texts.is_problem, codes.categories)], dtype=np.bool_)
    wrong = serious[codes.codes] if len(serious) else np.empty(0, np.bool_)
    marks: dict[str, list[tuple[int, NDArray[np.int64]]]] = {}
    for number, key in enumerate(columns.categories):
        mine = columns.codes == number
        marks[key] = [(styles.DOUBTFUL, places[mine & ~wrong]), (styles.WRONG, places[mine & wrong])]
    refused: dict[str, list[int]] = {}
    for _, _, told in rows.refused:
        for complaint in told:
            if complaint.column is not None:
                refused.setdefault(complaint.column, []).extend(complaint.rows)
    for key, mine in refused.items():
        marks.setdefault(key, []).append((styles.WRONG, positions(sheet, mine)))
    return marks


# ── Comments on cells ───────────────────────────────────────────────────────────────────────────────────


def _notes(rows: ResultRows) -> list[Note]:
    """What is wrong with a cell, said on the cell: the sheet's own problems first, then what the service refused."""
    place = {column.key: number for number, (column, _) in enumerate(rows.own_columns)}
    told = list(islice(((row, place[key], text) for row, key, text in _remarks(rows) if key in place), NOTES))
    at = positions(rows.run.sheet, [row for row, _, _ in told]).tolist()
    return [Note(position, column, text[:_LONGEST_NOTE]) for position, (_, column, text) in zip(at, told, strict=True)]


def _remarks(rows: ResultRows) -> Iterator[tuple[int, str | None, str]]:
    for problem in rows.run.checked.problems:
        yield problem.row, problem.column, row_texts.message(problem, rows.places.row)
    for _, _, told in rows.refused:
        for complaint in told:
            yield complaint.rows[0], complaint.column, sentence(complaint)


# ── Scopes ──────────────────────────────────────────────────────────────────────────────────────────────


def scopes_table(rows: ResultRows) -> Table:
    """The sheet `Scopes`: each scope's target, pins and first row, and what became of it."""
    run, results = rows.run, rows.run.of_scopes
    base = styles.ROW[results]
    labels = [*map(run.scopes.label, range(len(results)))]
    answers = [*map(_answer, run.outcomes)]
    source_rows = rows.result_columns[SOURCE_ROW]
    firsts = run.sheet.frame.index.to_numpy()[run.scopes.first_positions].tolist()
    one, two, three = map(itemgetter, range(3))
    cells_of_columns = [
        *(encode(map(one, labels)), encode(map(two, labels)), encode(map(three, labels))),
        encode(run.scopes.pins.tolist()),
        encode(map(rows.places.row_label, firsts)),
        Encoded(source_rows.values, source_rows.codes[run.scopes.first_positions]),
        Encoded([*map(str, RESULTS)], results.astype(np.int32)),
        rows.scope_ids,
        *(encode(map(one, answers)), encode(map(two, answers)), encode(map(three, answers))),
        rows.scope_comments,
    ]
    columns = []
    for place, (cells, header, width) in enumerate(zip(cells_of_columns, SCOPE_HEADERS, _SCOPE_WIDTHS, strict=True)):
        look = styles.RESULT[results] if place == _SCOPE_RESULT else base
        columns.append(Column(header, cells, width, look, as_text=place in _SCOPE_TEXTS))
    return Table(
        name=SCOPES_SHEET,
        columns=columns,
        rows=len(results),
        styles=styles.STYLES,
        header_style=styles.OWN_HEADER,
    )


def _answer(outcome: Outcome) -> tuple[int | None, int | None, str | None]:
    """The HTTP status, how many attempts there were, and when it was created."""
    match outcome:
        case Created(status=status, attempts=attempts, created_at=when):
            return status, attempts, when
        case Refused() | Failed() | Unknown() | Replaced() | Deleted():
            return outcome.status, outcome.attempts, None
        case AlreadyCreated(since=since) if since is not None:
            return None, None, since.isoformat(" ", "seconds")
        case _:
            return None, None, None
