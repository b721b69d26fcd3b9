"""The sheet `Scopes`: a line for each scope."""

from __future__ import annotations

import numpy as np

from importer.catalogue import results as texts
from importer.columns import SCOPES_SHEET
from importer.model import AlreadyCreated, Created, Deleted, Failed, Outcome, Refused, Replaced, Unknown
from importer.reporting import styles
from importer.reporting.result_rows import ResultRows
from importer.run import RESULTS
from importer.xlsx import Column, Table
from importer.xlsx.table import Encoded, encode

_WIDTHS = (22.0, 13.0, 34.0, 8.0, 11.0, 12.0, 16.0, 38.0, 14.0, 11.0, 24.0, 80.0)
_RESULT = 6
_AS_TEXT = (0, 2, 7)


def scopes_table(rows: ResultRows) -> Table:
    """Each scope's target, pins and first row, and what became of it."""
    run, results = rows.run, rows.run.of_scopes
    base = styles.ROW[results]
    labels = [run.scopes.label(number) for number in range(len(results))]
    firsts = run.sheet.frame.index.to_numpy()[run.scopes.first_positions].tolist()
    answers = [*map(_answer, run.outcomes)]
    columns = [
        *(encode(label[part] for label in labels) for part in range(3)),
        encode(run.scopes.pins.tolist()),
        encode(map(rows.places.row_label, firsts)),
        encode(map(run.sheet.row_label, firsts)),
        Encoded([*map(str, RESULTS)], results.astype(np.int32)),
        rows.scope_ids,
        *(encode(answer[part] for answer in answers) for part in range(3)),
        rows.scope_comments,
    ]
    return Table(
        name=SCOPES_SHEET,
        columns=[
            Column(
                header=header,
                cells=column,
                width=_WIDTHS[place],
                styles=styles.RESULT[results] if place == _RESULT else base,
                as_text=place in _AS_TEXT,
            )
            for place, (header, column) in enumerate(zip(texts.SCOPE_HEADERS, columns, strict=True))
        ],
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
