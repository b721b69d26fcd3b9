"""What can be wrong with a row, by code; and a problem as a sentence: what is wrong, and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from importer.catalogue.cells import CELLS
from importer.catalogue.dates import DATES
from importer.catalogue.entry import Entry, Severity
from importer.catalogue.odd_names import ODD_NAMES
from importer.catalogue.rules import RULES
from importer.columns import BY_NAME, COMMAND, DELETE, METADATA, METADATA_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LONGEST_VALUE", "ROWS", "Entry", "Severity", "comment", "entry", "message"]

LONGEST_VALUE = 120

ROWS: dict[str, Entry] = RULES | CELLS | DATES | ODD_NAMES

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Problem(Protocol):
    """What a message is made of, as `importer.Problem` has it."""

    @property
    def column(self) -> str | None:
        """The column as people know it; `None` for a message about whole rows."""

    @property
    def code(self) -> str:
        """Which message it is."""

    @property
    def value(self) -> str | None:
        """The cell's text, where there is one."""

    @property
    def other(self) -> int | None:
        """Another row that the message names, such as the first of two."""

    @property
    def detail(self) -> str:
        """What only this case knows, to be quoted in the message."""


def entry(code: str) -> Entry:
    """The entry of a code."""
    return ROWS[code]


def is_problem(code: str) -> bool:
    """Whether a code makes rows invalid, and does not only warn."""
    return entry(code).severity == "problem"


def message(problem: Problem, place: Callable[[int], object] = str) -> str:
    """What is wrong and what to do, in plain words; `place` is how another row that it is about is called."""
    found = ROWS[problem.code]
    return f"{found.wrong} {found.cure}".format(
        column=problem.column,
        value=_in_short(problem.value or ""),
        other=place(problem.other) if problem.other else "",
        detail=_in_short(problem.detail),
        example=_example(problem.column),
    )


def comment(problem: Problem, place: Callable[[int], object] = str) -> str:
    """The message as it stands in a row's comment, where it must name its column."""
    said = message(problem, place)
    return f"{problem.column}: {said}" if problem.column else said


def _in_short(value: str) -> str:
    """A value on one line, without what a screen could not show, cut visibly where it is long."""
    text = _UNPRINTABLE.sub("�", " ".join(value.split()))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _example(column: str | None) -> str:
    if column and column.startswith(METADATA_PREFIX):
        return "Diver watch 42 mm"
    return DELETE if column == COMMAND else BY_NAME[column or METADATA].example
