"""What the catalogue says of one kind of problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["problem", "warning"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of problem. Its sentences are format strings over the problem's column, value, other and detail, and over
    the column's example."""

    severity: Severity
    """A "problem" makes its row invalid, a "warning" never stops a row."""
    title: str
    """Heads a group of such problems."""
    wrong: str
    """Says what is wrong."""
    cure: str
    """Says what to do."""
