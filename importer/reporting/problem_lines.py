"""The sheet `Problems`: a line for each problem, warning and refusal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from importer.catalogue import results as texts
from importer.catalogue import rows as row_texts
from importer.cells import Cell, shown
from importer.model import Problem, Refused, Sheet
from importer.reporting import looks
from importer.reporting.coded import coded
from importer.reporting.finished import Finished
from importer.reporting.places import cell_label, row_label
from importer.reporting.refused import Complaint, complaints, reason, sentence
from importer.reporting.xlsx import Column, Table

LINES_A_CODE = 10_000
"""Lines for one code at most."""

_WIDTHS = (9.0, 10.0, 24.0, 26.0, 90.0, 34.0, 11.0)
_AS_TEXT = 5


class Line(NamedTuple):
    """One line of the sheet, its cells from left to right."""

    row: int | str | None
    cell: str
    column: str | None
    code: str
    text: str
    value: str | None
    kind: str


def problems_table(finished: Finished, most: int = LINES_A_CODE) -> Table:
    """Problems and warnings in the order of the sheet, then refusals; of one code at most `most` lines."""
    lines = list(chain(_checked(finished, most), _refused(finished, most)))
    kinds = [coded(cells) for cells in zip(*lines, strict=True)] if lines else [coded(()) for _ in Line._fields]
    return Table(
        name=texts.PROBLEMS,
        columns=[
            Column(header, column.values, column.codes, _WIDTHS[place], as_text=place == _AS_TEXT)
            for place, (header, column) in enumerate(zip(texts.PROBLEM_HEADERS, kinds, strict=True))
        ],
        rows=len(lines),
        header_look=looks.OWN_HEADER,
    )


def _checked(finished: Finished, most: int) -> Iterator[Line]:
    frame, sheet = finished.checked.problems.frame(), finished.sheet
    among = frame.groupby("code", observed=True, sort=False).cumcount()
    kept = frame[among < most].astype(object)
    kept = kept.where(kept.notna(), None)
    for row, column, code, value, other, detail in kept.itertuples(index=False, name=None):
        problem = Problem(row, column, code, value, other or None, detail)
        yield Line(
            row_label(sheet, row),
            cell_label(sheet, row, column),
            column,
            code,
            row_texts.message(problem),
            value,
            texts.KINDS[row_texts.entry(code).severity],
        )
    counts = frame["code"].value_counts(sort=False)
    yield from (_more(str(code), int(count) - most) for code, count in counts.items() if count > most)


def _refused(finished: Finished, most: int) -> Iterator[Line]:
    count = 0
    for number, outcome, told in complaints(finished):
        for complaint in told or [Complaint(tuple(finished.scopes.rows(number).tolist()), None, "", whole=True)]:
            count += 1
            if count <= most:
                yield _refusal(finished, outcome, complaint)
    if count > most:
        yield _more(texts.REFUSED, count - most)


def _refusal(finished: Finished, outcome: Refused, complaint: Complaint) -> Line:
    sheet, row, key = finished.sheet, complaint.rows[0], complaint.column
    parts = [reason(outcome), sentence(complaint), texts.REFUSAL_CURE]
    return Line(
        row_label(sheet, row),
        cell_label(sheet, row, key),
        key,
        texts.REFUSED,
        " ".join(filter(None, parts)),
        _value(sheet, row, key),
        texts.KINDS[texts.REFUSED],
    )


def _value(sheet: Sheet, row: int, key: str | None) -> str | None:
    if key is None or sheet.column(key) is None:
        return None
    cell = sheet.frame.at[row, key]
    return shown(cell) if isinstance(cell, Cell) else None


def _more(code: str, count: int) -> Line:
    return Line(None, "", None, code, texts.MORE.format(count=count), None, "")
