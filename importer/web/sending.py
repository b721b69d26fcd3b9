"""One run of a sheet: a rehearsal, or an import into a shop."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import importer
from importer.model import Result
from importer.web.checking import Checking
from importer.web.work import News, Working, given_options

if TYPE_CHECKING:
    from importer.model import RowTable
    from importer.reporting.report import Report
    from importer.run import Run


class Sending(Working):
    """A sheet on its way."""

    def __init__(self, number: int, checking: Checking, results: Path, news: News, *, is_rehearsal: bool) -> None:
        super().__init__(number, checking.shop, results, news)
        self.is_rehearsal = is_rehearsal
        """Whether a stand-in takes it all."""
        self.sheet = checking.number
        self.path = checking.path
        self.name = checking.name
        self.options = checking.options
        self.expected = checking.ready
        """How many customizations the page showed before the person agreed."""
        self.report: Report | None = None
        self.table: RowTable | None = None

    @property
    def trouble(self) -> str:
        """Why it could not begin, without where its sheet is kept."""
        return str(self.error or "").replace(str(self.path), self.name)

    @property
    def can_undo(self) -> bool:
        """Whether it changed something that can be taken back."""
        done = {Result.CREATED, Result.REPLACED, Result.DELETED}
        return not self.is_rehearsal and self.report is not None and bool(done & set(self.report.scope_results))

    def work(self, common: Mapping[str, Any]) -> None:
        """Import the sheet."""
        own = {**self.options, "output": self.results}
        if self.is_rehearsal:
            own.pop("update", None)  # there is nothing live in a stand-in
        given = given_options(common, self.shop, own, rehearsal=self.is_rehearsal)
        report = importer.run_import(
            self.path, confirm=self._confirm, hooks=self.hooks, looking=self.looking(), counts=True, **given
        )
        self.table = report.table()
        if self.table is not None:
            self.table.models()  # counted here, where nobody waits for a view
        self.report = report

    def _confirm(self, run: Run) -> bool:
        due = len(set(run.plan.due) - set(run.plan.shown)) + (len(run.update.changes) if run.update else 0)
        return self.agrees(due, None if self.is_rehearsal else self.expected)
