"""What the catalogue says of one kind of problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["problem", "warning"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of problem.

    `wrong` and `cure` are format strings over the problem's column, value, other and detail, and over the column's
    example. `title` heads a group of such problems. A "problem" makes its row invalid, a "warning" never stops a row.
    """

    severity: Severity
    title: str
    wrong: str
    cure: str
