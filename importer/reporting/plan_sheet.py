"""The sheet `Plan`: a line for each cell, pin and customization that an update changes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from importer.catalogue import plan as texts
from importer.columns import PLAN_SHEET
from importer.reporting import styles
from importer.reporting.plan_facts import plan_lines
from importer.xlsx import Column, Table
from importer.xlsx.table import encode

if TYPE_CHECKING:
    from importer.reporting.result_rows import ResultRows

LINES = 1_000_000
"""Lines at most: an Excel sheet holds 1,048,576 rows."""

_WIDTHS = (26.0, 9.0, 22.0, 40.0, 40.0, 22.0, 13.0, 34.0, 38.0, 20.0)
_AS_TEXT = (3, 4, 5, 7, 8)


def plan_table(rows: ResultRows) -> Table:
    """What is changed, cell by cell, with what was live before; rows are those of this workbook."""
    run = rows.run
    lines = list(islice(plan_lines(run), LINES))
    labels = [run.scopes.label(line.scope) for line in lines]
    columns = (
        (texts.WHAT[line.what] for line in lines),
        (None if line.row is None else rows.places.row_label(line.row) for line in lines),
        (line.column for line in lines),
        (line.live for line in lines),
        (line.new for line in lines),
        *((label[part] for label in labels) for part in range(3)),
        (line.id for line in lines),
        (line.creator for line in lines),
    )
    return Table(
        name=PLAN_SHEET,
        columns=[
            Column(header, encode(cells), _WIDTHS[place], as_text=place in _AS_TEXT)
            for place, (header, cells) in enumerate(zip(texts.HEADERS, columns, strict=True))
        ],
        rows=len(lines),
        styles=styles.STYLES,
        header_style=styles.OWN_HEADER,
    )
