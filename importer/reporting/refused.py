"""What the service refused, laid on the rows and cells that its answer names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from importer.catalogue import results as texts
from importer.columns import BY_NAME
from importer.model import Refused

if TYPE_CHECKING:
    from importer.reporting.finished import Finished


class Remark(NamedTuple):
    """One detail of an answer: the pin it is about (by its place in the scope), or the whole scope."""

    pin: int | None
    column: str | None
    text: str


def locate(details: Any, pins: int) -> Iterator[Remark]:
    """The details of a refusal, each field's for the whole scope."""
    del pins
    if isinstance(details, Mapping):
        for field, said in details.items():
            texts_of = said if isinstance(said, list) else [said]
            yield from (Remark(None, field if field in BY_NAME else None, str(text)) for text in texts_of)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing the service said about one sheet row, or with `whole` about the whole scope that begins there."""

    row: int
    column: str | None
    text: str
    whole: bool


def reason(outcome: Refused) -> str:
    """The service's reason, in a sentence."""
    if outcome.reason:
        return texts.REFUSAL.format(reason=_ended(outcome.reason))
    return texts.REFUSAL_UNREASONED.format(status=outcome.status)


def complaints(finished: Finished) -> Iterator[tuple[int, Refused, list[Complaint]]]:
    """For each refused scope: its number, the outcome, and what was said of its rows and cells."""
    for number, outcome in enumerate(finished.outcomes):
        if isinstance(outcome, Refused):
            yield number, outcome, _complaints(outcome, finished.scopes.rows(number).tolist())


def _complaints(outcome: Refused, rows: list[int]) -> list[Complaint]:
    found = []
    for remark in locate(outcome.details, len(rows)):
        whole = remark.pin is None
        row = rows[0] if remark.pin is None else rows[remark.pin]
        found.append(Complaint(row, remark.column, remark.text, whole))
    return found


def comment(outcome: Refused, told: list[Complaint], row: int) -> str:
    """What to say on one row of a refused scope: the reason, what was said of this row, and the cure."""
    parts = [reason(outcome)]
    parts += [sentence(complaint) for complaint in told if complaint.whole or complaint.row == row]
    return " ".join((*parts, texts.REFUSAL_CURE))


def sentence(complaint: Complaint) -> str:
    """What the service said, with the column's name where it named one."""
    text = _ended(complaint.text)
    return text if complaint.column is None else texts.DETAIL_OF.format(column=complaint.column, text=text)


def _ended(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else texts.SENTENCE.format(text=text)
