"""What can be wrong with a row: code, severity, a heading for a group of them, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from importer.model import Problem

Severity = Literal["problem", "warning"]

LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of problem. `wrong` and `cure` are format strings over column, value, other and detail.

    `title` heads a group of such problems. A "problem" makes its row invalid, a "warning" never stops a row.
    """

    severity: Severity
    title: str
    wrong: str
    cure: str


ROWS: dict[str, Entry] = {
    "model-missing": Entry(
        "problem",
        "The model is missing",
        "The cell is empty, so it is not known which recommender the pin belongs to.",
        "Write the model's name, for example basket.",
    ),
}


def entry(code: str) -> Entry:
    """The entry of a code."""
    return ROWS[code]


def message(problem: Problem) -> str:
    """What is wrong and what to do, in plain words."""
    found = ROWS[problem.code]
    value = problem.value or ""
    if len(value) > LONGEST_VALUE:
        value = value[: LONGEST_VALUE - 1] + "…"
    text = f"{found.wrong} {found.cure}"
    return text.format(column=problem.column, value=value, other=problem.other, detail=problem.detail)
