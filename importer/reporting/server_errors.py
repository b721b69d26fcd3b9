"""What the service refused, laid on the rows and cells that its answer names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from importer.api.error_details import parse_details
from importer.catalogue import results as texts
from importer.model import Refused
from importer.run import as_sentence, reason_of


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that the service said about a refused scope."""

    rows: tuple[int, ...]
    """The sheet's rows that it is about."""
    column: str | None
    """The column of the cells that it is about; `None` where the service named none."""
    text: str
    """The service's words."""
    whole: bool
    """Whether the service named no pin, so that the rows are all of the scope's."""


def complaints(outcome: Refused, rows: list[int]) -> list[Complaint]:
    """What was said of the rows and cells of one refused scope."""
    return [
        Complaint(tuple(rows) if mark.pin is None else (rows[mark.pin],), mark.column, mark.text, mark.pin is None)
        for mark in parse_details(outcome.details, len(rows))
    ]


def row_comments(outcome: Refused, told: list[Complaint], rows: list[int]) -> Iterator[str]:
    """What to say on each row of a refused scope: the reason, what was said of all rows and of this one, the cure."""
    of_all = [reason_of(outcome), *(sentence(complaint) for complaint in told if complaint.whole)]
    of_row: dict[int, list[str]] = {}
    for complaint in told:
        if not complaint.whole:
            of_row.setdefault(complaint.rows[0], []).append(sentence(complaint))
    usual = " ".join((*of_all, texts.REFUSAL_CURE))
    for row in rows:
        yield " ".join((*of_all, *of_row[row], texts.REFUSAL_CURE)) if row in of_row else usual


def sentence(complaint: Complaint) -> str:
    """What the service said, with the column's name where it named one."""
    text = as_sentence(complaint.text)
    return text if complaint.column is None else texts.DETAIL_OF.format(column=complaint.column, text=text)
