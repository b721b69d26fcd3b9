"""The sheet `Scopes`: a line for each scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from importer.catalogue import results as texts
from importer.model import AlreadyCreated, Created, Failed, Outcome, Refused, Unknown, said_at
from importer.reporting import styles as looks
from importer.reporting.coded import Coded, coded
from importer.reporting.places import Places
from importer.reporting.result_rows import id_of, outcome_comment
from importer.reporting.server_errors import reason
from importer.run import RESULTS, Finished
from importer.xlsx import Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WIDTHS = (22.0, 13.0, 34.0, 8.0, 11.0, 12.0, 16.0, 38.0, 14.0, 11.0, 24.0, 80.0)
_RESULT = 6
_AS_TEXT = (0, 2, 7)


def scopes_table(finished: Finished, places: Places) -> Table:
    """Each scope's target, pins and first row, and what became of it."""
    results = finished.scope_results
    base = looks.ROW[results]
    named = Coded([str(result) for result in RESULTS], results.astype(np.int32))
    columns = [*_targets(finished, places), named, *_fates(finished.outcomes, places)]
    return Table(
        name=texts.SCOPES,
        columns=[
            Column(
                header=header,
                values=column.values,
                codes=column.codes,
                width=_WIDTHS[place],
                looks=looks.RESULT[results] if place == _RESULT else base,
                as_text=place in _AS_TEXT,
            )
            for place, (header, column) in enumerate(zip(texts.SCOPE_HEADERS, columns, strict=True))
        ],
        rows=len(results),
        looks=looks.LOOKS,
        header_look=looks.OWN_HEADER,
    )


def _targets(finished: Finished, places: Places) -> list[Coded]:
    scopes = finished.scopes
    labels = [scopes.label(number) for number in range(len(scopes))]
    firsts = _first_rows(scopes.of_row, finished.sheet.frame.index.to_numpy(), len(labels))
    return [
        *(coded(label[part] for label in labels) for part in range(3)),
        coded(scopes.pins().tolist()),
        coded(map(places.row_label, firsts)),
        coded(map(finished.sheet.row_label, firsts)),
    ]


def _first_rows(of_row: NDArray[np.int32], rows: NDArray[np.int64], count: int) -> list[int]:
    firsts = np.zeros(count + 1, dtype=np.int64)  # one more for the rows whose scope cannot be told (-1)
    firsts[of_row[::-1]] = rows[::-1]
    found: list[int] = firsts[:-1].tolist()
    return found


def _fates(outcomes: Sequence[Outcome], places: Places) -> list[Coded]:
    return [
        coded(map(id_of, outcomes)),
        coded(map(_status, outcomes)),
        coded(map(_attempts, outcomes)),
        coded(map(_created_at, outcomes)),
        coded(said_at(_reason(outcome), places.row) for outcome in outcomes),
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
