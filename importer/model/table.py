"""The rows of a file as a table on a screen shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from importer.model.outcomes import Result, TargetType
    from importer.model.sheet import SheetColumn


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with a row, or worth a warning, as a table shows it."""

    column: int | None
    """The column's place in the table, counted from 0; `None` where it is about the whole row."""
    severity: Literal["problem", "warning"]
    """Whether it keeps the row from being sent."""
    text: str
    """What is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the file as a table shows it."""

    label: int | str
    """The row's number in the file, as `Sheet.row_label`."""
    cells: tuple[str, ...]
    """What each cell shows, in the order of the table's columns."""
    result: Result | None = None
    """What became of it; `None` where it is read and not checked yet."""
    id: str = ""
    """Its customization's ID, if it has one."""
    comment: str = ""
    """What became of its scope and what to do; "" where the result alone says it."""
    problems: tuple[RowProblem, ...] = ()
    """What is wrong with its cells."""


@dataclass(frozen=True, slots=True)
class ModelCount:
    """How many customizations of one model and one kind of target a file holds, by what became of them."""

    model: str
    """The recommendation."""
    target_type: TargetType
    """The kind of target."""
    pins: int
    """How many pins they have in all."""
    results: Mapping[Result, int]
    """Customizations by result; words whose count is 0 are left out."""


class RowTable(Protocol):
    """The rows of a file, a page at a time. `show` is `all`, `wrong`, `doubtful`, a word of `Import Result`, or the
    code of a problem, with `@` and its column if it has one."""

    @property
    def columns(self) -> Sequence[SheetColumn]:
        """The file's own columns, from left to right."""

    def __len__(self) -> int: ...
    def count(self, show: str = "all") -> int:
        """How many rows there are to show."""

    def rows(self, start: int, count: int, show: str = "all") -> Sequence[TableRow]:
        """At most `count` of the rows to show, from the `start`-th on, counted from 0."""

    def place(self, row: int, show: str = "all") -> int:
        """Where the first row to show stands, counted from 0, whose number in the file is `row` or more."""

    def models(self) -> Sequence[ModelCount]:
        """The customizations by model and kind of target, in the order of their first rows."""
