"""The sheet `Problems`: a line for each problem, warning and refusal."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from importer.catalogue import results as texts
from importer.catalogue import rows as row_texts
from importer.cells import Cell, shown
from importer.checking import Problem
from importer.columns import PROBLEMS_SHEET
from importer.model import Refused, Sheet
from importer.reporting import styles
from importer.reporting.result_rows import ResultRows
from importer.reporting.server_errors import Complaint, sentence
from importer.run import reason_of
from importer.xlsx import Column, Link, Table
from importer.xlsx.table import encode

LINES_A_CODE = 10_000
"""Lines for one code at most."""

LINKS = 60_000
"""Links at most: Excel takes 65,530 on a sheet."""

_WIDTHS = (9.0, 10.0, 11.0, 24.0, 26.0, 90.0, 34.0, 11.0)
_ROW, _CELL, _VALUE = 0, 1, 6
_LINKED = 1
"""The look of a link among the table's styles."""


class Line(NamedTuple):
    """One line of the sheet, its cells from left to right."""

    row: int | str | None
    cell: str
    source_row: int | str | None
    column: str | None
    code: str
    text: str
    value: str | None
    kind: str
    link: str = ""


def problems_table(rows: ResultRows, most: int = LINES_A_CODE) -> Table:
    """Problems and warnings in the order of the sheet, then refusals; of one code at most `most` lines.

    Each line names and links to its cell on the sheets of results, or to its row where no one cell is wrong.
    """
    lines = [] if rows.are_good else [*_checked(rows, most), *_refused(rows, most)]
    links: list[Link] = []
    looks = np.zeros((len(Line._fields), len(lines)), dtype=np.int8)
    for at, line in enumerate(lines):
        if line.link and len(links) < LINKS:
            links.append(Link(at, _CELL if line.cell else _ROW, line.link))
            looks[links[-1].column, at] = _LINKED
    columns = []
    for place, (header, width) in enumerate(zip(texts.PROBLEM_HEADERS, _WIDTHS, strict=True)):
        cells = encode(map(itemgetter(place), lines))
        columns.append(Column(header, cells, width, looks[place], as_text=place == _VALUE))
    return Table(
        name=PROBLEMS_SHEET,
        columns=columns,
        rows=len(lines),
        styles=(styles.STYLES[styles.PLAIN], styles.LINK),
        links=links,
        header_style=styles.OWN_HEADER,
    )


def _checked(rows: ResultRows, most: int) -> Iterator[Line]:
    frame, sheet, places = rows.problems, rows.run.sheet, rows.places
    among = frame.groupby("code", observed=True, sort=False).cumcount()
    kept = frame[among < most].astype(object)
    kept = kept.where(kept.notna(), None)
    for row, column, code, value, other, detail in kept.itertuples(index=False, name=None):
        problem = Problem(row, column, code, value, other or None, detail)
        yield Line(
            places.row_label(row),
            places.cell_label(row, column),
            sheet.row_label(row),
            _column(sheet, row, column),
            code,
            row_texts.message(problem, places.row),
            value,
            texts.KINDS[row_texts.entry(code).severity],
            places.link(row, column),
        )
    counts = frame["code"].value_counts(sort=False)
    yield from (_more(str(code), int(count) - most) for code, count in counts.items() if count > most)


def _column(sheet: Sheet, row: int, key: str | None) -> str | None:
    """The column, and beside it the export's cell and header where a mapping made the sheet."""
    source = sheet.source_cell(row, key)
    return f"{key} ({source})" if source else key


def _refused(rows: ResultRows, most: int) -> Iterator[Line]:
    count = 0
    for number, outcome, told in rows.refused:
        for complaint in told or [Complaint(tuple(rows.run.scopes.rows(number).tolist()), None, "", whole=True)]:
            count += 1
            if count <= most:
                yield _refusal(rows, outcome, complaint)
    if count > most:
        yield _more(texts.REFUSED, count - most)


def _refusal(rows: ResultRows, outcome: Refused, complaint: Complaint) -> Line:
    sheet, places, row, key = rows.run.sheet, rows.places, complaint.rows[0], complaint.column
    parts = [reason_of(outcome), sentence(complaint), texts.REFUSAL_CURE]
    return Line(
        places.row_label(row),
        places.cell_label(row, key),
        sheet.row_label(row),
        _column(sheet, row, key),
        texts.REFUSED,
        " ".join(filter(None, parts)),
        _value(sheet, row, key),
        texts.KINDS[texts.REFUSED],
        places.link(row, key),
    )


def _value(sheet: Sheet, row: int, key: str | None) -> str | None:
    if key is None or sheet.column(key) is None:
        return None
    cell = sheet.frame.at[row, key]
    return shown(cell) if isinstance(cell, Cell) else None


def _more(code: str, count: int) -> Line:
    return Line(None, "", None, None, code, texts.MORE.format(count=count), None, "")
