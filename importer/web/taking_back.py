"""Undo: what it would do, and the run that does it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.web.work import News, Shop, Working, given_options

if TYPE_CHECKING:
    from importer.reporting.undo_lines import Proposal, UndoReport


def proposed(
    run: int | None, shop: Shop, common: Mapping[str, Any], *, include_adopted: bool
) -> tuple[Proposal | None, str]:
    """What undoing a run would do; and where there is nothing to do, a sentence that says so. Nothing is sent.

    Raises `ImporterError`.
    """
    from importer.undoing import undo  # noqa: PLC0415 - heavy

    found: list[Proposal] = []

    def look(proposal: Proposal) -> bool:
        """Keep the proposal, and send nothing."""
        found.append(proposal)
        return False

    given = given_options(common, shop, {}, rehearsal=False)
    report = undo(run, include_adopted=include_adopted, confirm=look, **given)
    return (found[0], "") if found else (None, report.message)


class TakingBack(Working):
    """A run of the ledger that is taken back."""

    is_rehearsal = False

    def __init__(
        self, number: int, proposal: Proposal, shop: Shop, results: Path, news: News, *, include_adopted: bool
    ) -> None:
        super().__init__(number, shop, results, news)
        self.run = proposal.run.run
        """The run that is taken back, by its number in the ledger."""
        self.name = Path(proposal.run.file).name
        self.expected = proposal.plan.count
        """How many customizations the page showed before the person agreed."""
        self.include_adopted = include_adopted
        self.report: UndoReport | None = None

    @property
    def trouble(self) -> str:
        """Why it could not begin."""
        return str(self.error or "")

    def work(self, common: Mapping[str, Any]) -> None:
        """Take it back."""
        from importer.undoing import undo  # noqa: PLC0415 - heavy

        assert self.shop is not None  # noqa: S101 - made with one
        own = {"output": self.results}
        given = given_options(common, self.shop, own, rehearsal=False)
        self.report = undo(
            self.run, include_adopted=self.include_adopted, confirm=self._confirm, hooks=self.hooks, **given
        )

    def _confirm(self, proposal: Proposal) -> bool:
        return self.agrees(proposal.plan.count, self.expected)
