"""The sheet `Scopes`: a line for each scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from importer.catalogue import results as texts
from importer.model import AlreadyCreated, Created, Failed, Outcome, Refused, Unknown, said_at
from importer.reporting import styles
from importer.reporting.places import Places
from importer.reporting.result_rows import id_of, outcome_comment
from importer.reporting.server_errors import reason
from importer.run import RESULTS, Run
from importer.xlsx import Column, Table
from importer.xlsx.table import Encoded, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WIDTHS = (22.0, 13.0, 34.0, 8.0, 11.0, 12.0, 16.0, 38.0, 14.0, 11.0, 24.0, 80.0)
_RESULT = 6
_AS_TEXT = (0, 2, 7)


def scopes_table(run: Run, places: Places) -> Table:
    """Each scope's target, pins and first row, and what became of it."""
    results = run.of_scopes
    base = styles.ROW[results]
    named = Encoded([str(result) for result in RESULTS], results.astype(np.int32))
    columns = [*_targets(run, places), named, *_fates(run.outcomes, places)]
    return Table(
        name=texts.SCOPES,
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


def _targets(run: Run, places: Places) -> list[Encoded]:
    scopes = run.scopes
    labels = [scopes.label(number) for number in range(len(scopes))]
    firsts = _first_rows(scopes.of_row, run.sheet.frame.index.to_numpy(), len(labels))
    return [
        *(encode(label[part] for label in labels) for part in range(3)),
        encode(scopes.pins().tolist()),
        encode(map(places.row_label, firsts)),
        encode(map(run.sheet.row_label, firsts)),
    ]


def _first_rows(of_row: NDArray[np.int32], rows: NDArray[np.int64], count: int) -> list[int]:
    firsts = np.zeros(count + 1, dtype=np.int64)  # one more for the rows whose scope cannot be told (-1)
    firsts[of_row[::-1]] = rows[::-1]
    found: list[int] = firsts[:-1].tolist()
    return found


def _fates(outcomes: Sequence[Outcome], places: Places) -> list[Encoded]:
    return [
        encode(map(id_of, outcomes)),
        encode(map(_status, outcomes)),
        encode(map(_attempts, outcomes)),
        encode(map(_created_at, outcomes)),
        encode(said_at(_reason(outcome), places.row) for outcome in outcomes),
    ]


def _status(outcome: Outcome) -> int | None:
    return outcome.status if isinstance(outcome, Created | Refused | Failed | Unknown) else None


def _attempts(outcome: Outcome) -> int | None:
    return outcome.attempts if isinstance(outcome, Created | Refused | Failed | Unknown) else None


def _created_at(outcome: Outcome) -> str | None:
    match outcome:
        case Created(created_at=when):
            return when
        case AlreadyCreated(since=since) if since is not None:
            return since.isoformat(" ", "seconds")
        case _:
            return None


def _reason(outcome: Outcome) -> str:
    return reason(outcome) if isinstance(outcome, Refused) else outcome_comment(outcome)
