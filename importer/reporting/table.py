"""The rows of a file as a table shows them, a page at a time: nothing is made of rows that nobody looks at."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from importer.catalogue.rows import entry, message
from importer.cells import shown
from importer.model import ModelCount, Refused, Result, RowProblem, Sheet, SheetColumn, TableRow
from importer.reporting.result_rows import own_columns
from importer.reporting.server_errors import complaints, row_comments
from importer.run import NUMBER, RESULTS, comment_of, id_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from importer.run import Run


class SheetTable:
    """A sheet that is read and not checked yet."""

    def __init__(self, sheet: Sheet) -> None:
        self.columns: Sequence[SheetColumn] = own_columns(sheet)
        self._sheet = sheet
        self._labels: NDArray[np.int64] = sheet.frame.index.to_numpy()
        self._cells: list[Any] = [sheet.frame[column.key].array for column in self.columns]

    def __len__(self) -> int:
        return len(self._labels)

    def count(self, show: str = "all") -> int:
        """How many rows there are to show."""
        return len(self._shown(show))

    def rows(self, start: int, count: int, show: str = "all") -> list[TableRow]:
        """At most `count` of the rows to show, from the `start`-th on."""
        return [self._row(position) for position in self._shown(show)[start : start + count].tolist()]

    def place(self, row: int, show: str = "all") -> int:
        """Where the first row to show stands whose number is `row` or more."""
        labels = [self._sheet.source_row(int(self._labels[at])) for at in self._shown(show)]
        return int(np.searchsorted(np.maximum.accumulate(labels or [0]), row))

    def models(self) -> Sequence[ModelCount]:
        """None: which customizations there are is not known yet."""
        return ()

    def _shown(self, show: str) -> NDArray[np.int64]:
        return np.arange(len(self) if show == "all" else 0)

    def _row(self, position: int) -> TableRow:
        return TableRow(self._label(position), self._texts(position))

    def _label(self, position: int) -> int | str:
        return self._sheet.row_label(int(self._labels[position]))

    def _texts(self, position: int) -> tuple[str, ...]:
        codes = (cells.codes[position] for cells in self._cells)
        return tuple(
            shown(cells.categories[code]) if code >= 0 else "" for cells, code in zip(self._cells, codes, strict=True)
        )


class FinishedTable(SheetTable):
    """The rows of a run, with what became of them and what is wrong with them."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.sheet)
        self._run = run
        self._places = {column.key: place for place, column in enumerate(self.columns)}

    def models(self) -> list[ModelCount]:
        """The customizations by model and kind of target, in the order of their first rows."""
        return self._models

    @cached_property
    def _models(self) -> list[ModelCount]:
        scopes, pins = self._run.scopes, self._run.scopes.pins.tolist()
        results: dict[tuple[str, Any], Counter[Result]] = {}
        sizes: Counter[tuple[str, Any]] = Counter()
        for number, result in enumerate(self._run.of_scopes.tolist()):
            model, kind, _ = scopes.label(number)
            results.setdefault((model, kind), Counter())[RESULTS[result]] += 1
            sizes[model, kind] += pins[number]
        return [ModelCount(model, kind, sizes[model, kind], found) for (model, kind), found in results.items()]

    @cached_property
    def _results(self) -> NDArray[np.int8]:
        return self._run.of_rows

    def _shown(self, show: str) -> NDArray[np.int64]:
        problems = self._run.checked.problems
        if show == "wrong":
            return np.flatnonzero(self._run.checked.invalid)
        if show == "doubtful":
            return problems.rows_with()
        if show in NUMBER:
            return np.flatnonzero(self._results == NUMBER[Result(show)])
        if show == "all":
            return super()._shown(show)
        code, _, column = show.partition("@")
        return problems.rows_with(code, column or None)

    def _row(self, position: int) -> TableRow:
        number = int(self._run.scopes.of_row[position])
        result = RESULTS[self._results[position]]
        invalid = result is Result.INVALID
        problems = tuple(
            RowProblem(
                self._places.get(problem.column or ""),
                entry(problem.code).severity,
                message(problem, self._sheet.row_label),
            )
            for problem in self._run.checked.problems.at(position)
        )
        return TableRow(
            self._label(position),
            self._texts(position),
            result,
            "" if invalid or number < 0 else id_of(self._run.outcomes[number]) or "",
            "" if invalid or number < 0 else self._comment(number, position),
            problems,
        )

    def _comment(self, number: int, position: int) -> str:
        outcome = self._run.outcomes[number]
        if not isinstance(outcome, Refused):
            return str(comment_of(outcome))
        rows = self._run.scopes.rows(number).tolist()
        said = row_comments(outcome, complaints(outcome, rows), rows)
        return next(text for row, text in zip(rows, said, strict=True) if row == self._labels[position])
