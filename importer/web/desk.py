"""All that one process of the page has: the sheets that were dropped, the runs, the shops, the ledger."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.web.checking import Before, Checking
from importer.web.files import Folder
from importer.web.sending import Sending
from importer.web.taking_back import TakingBack
from importer.web.work import News, Phase, Shop

if TYPE_CHECKING:
    from importer.ledger import Entry, RunEntry
    from importer.reporting.undo_lines import Proposal

KEPT_SHEETS = 3
KEPT_TABLES = 3
"""The newest sheets and runs whose rows stay in memory."""
_STAMP = re.compile(r"\.results-\d{8}-\d{6}(-\d+)?$")


@dataclass(frozen=True, slots=True)
class Setup:
    """What the page is started with."""

    shops: Sequence[Shop] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    """Options of every check and run, by the library's names: `ledger`, `timezone`, `proxy`, `max_rate` …"""
    file: Path | None = None
    """The file to begin with."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger remembers."""

    path: Path
    """The ledger's file."""
    runs: Sequence[RunEntry] = ()
    """The runs, the latest first."""
    unknown: Sequence[Entry] = ()
    """Scopes that may or may not have been created."""
    trouble: str = ""
    """Why it cannot be read, if it cannot."""


class Desk:
    """Made inside the page's loop; only that loop changes it."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.folder = Folder()
        self.sheets: dict[int, Checking] = {}
        self.runs: dict[int, Sending | TakingBack] = {}
        self.streams: list[asyncio.Event] = []
        """What each stream of events rests by."""
        self._count = 0

    @property
    def sheet(self) -> Checking | None:
        """The newest sheet."""
        return next(reversed(self.sheets.values()), None)

    @property
    def run(self) -> Sending | TakingBack | None:
        """The newest run."""
        return next(reversed(self.runs.values()), None)

    @property
    def busy_run(self) -> Sending | TakingBack | None:
        """The run that has not ended, if there is one."""
        return next((run for run in reversed(self.runs.values()) if run.is_busy), None)

    def shop(self, name: str) -> Shop | None:
        """The shop of that name."""
        return next((shop for shop in self.setup.shops if shop.name == name), None)

    def add(self, path: Path) -> Checking:
        """Take a new sheet in, and begin to check it as the one before it was checked."""
        last = self.sheet
        checking = Checking(self._number(), path, News(), _before(last))
        self.sheets[checking.number] = checking
        same = {"timezone", "date_order"} if last is None or last.error else set(last.options) - {"sheet"}
        options = {name: value for name, value in (last.options if last else {}).items() if name in same}
        checking.start(options, last.shop if last else next(iter(self.setup.shops), None), self.common())
        for number in list(self.sheets)[:-KEPT_SHEETS]:
            self._forget(self.sheets.pop(number))
        return checking

    def send(self, checking: Checking, *, is_rehearsal: bool) -> Sending:
        """Begin a run of a sheet."""
        results = self.folder.place(f"{_STAMP.sub('', checking.path.stem)}.xlsx")
        run = Sending(self._number(), checking, results, News(), is_rehearsal=is_rehearsal)
        self.runs[run.number] = run
        run.start(self.common())
        for older in list(self.runs.values())[:-KEPT_TABLES]:
            if isinstance(older, Sending) and not older.is_busy:
                older.table = None
        return run

    def take_back(self, proposal: Proposal, shop: Shop, *, include_adopted: bool) -> TakingBack:
        """Begin to undo a run."""
        results = self.folder.place(f"undo-{proposal.run.run}.xlsx")
        run = TakingBack(self._number(), proposal, shop, results, News(), include_adopted=include_adopted)
        self.runs[run.number] = run
        run.start(self.common())
        return run

    def refresh(self, checking: Checking) -> None:
        """Check a sheet again that was checked before an import ended: by now more may be created."""
        ends = [run.ended for run in self.runs.values() if run.ended is not None and not run.is_rehearsal]
        if not checking.is_busy and ends and checking.checked < max(ends):
            checking.start(checking.options, checking.shop, self.common())

    def common(self) -> dict[str, Any]:
        """The options of every check and run."""
        return {name: it for name, it in self.setup.options.items() if it is not None}

    def past(self) -> Past:
        """Past runs, newest first, and what is unknown. Reads the ledger."""
        from importer.errors import ImporterError  # noqa: PLC0415
        from importer.ledger import Ledger  # noqa: PLC0415 - heavy
        from importer.sources import default_ledger  # noqa: PLC0415

        given = self.setup.options.get("ledger")
        path = Path()
        try:
            path = Path(given) if given else default_ledger()
            ledger = Ledger.view(path)
            with ledger or nullcontext():
                return Past(path, ledger.upkeep.runs(), ledger.upkeep.unknown()) if ledger else Past(path)
        except ImporterError as error:
            return Past(path, trouble=str(error))

    def close(self) -> list[Path]:
        """Delete what was uploaded. Results of imports that nobody has downloaded are kept where the person works, and
        given back."""
        kept = []
        for run in self.runs.values():
            if run.report is not None and run.report.results and not run.is_rehearsal and not run.is_saved:
                source = Path(run.report.results)
                if source.is_relative_to(self.folder.path):
                    kept += _rescued(source, self.download_name(run))
        self.folder.close()
        return kept

    @staticmethod
    def download_name(run: Sending | TakingBack) -> str:
        """What the results are called once they are downloaded."""
        word = "rehearsal" if run.is_rehearsal else "results"
        return f"{run.results.stem}.{word}-{run.started:%Y%m%d-%H%M%S}.xlsx"

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _forget(self, checking: Checking) -> None:
        runs = [run for run in self.runs.values() if isinstance(run, Sending)]
        used = any(run.path == checking.path and run.is_busy for run in runs)
        if not used and checking.path.is_relative_to(self.folder.path):
            self.folder.drop(checking.path)


def _before(last: Checking | None) -> Before | None:
    if last is None or last.phase is not Phase.CHECKED or last.report is None:
        return None
    return Before(last.name, last.report.problems, last.ready)


def _rescued(source: Path, name: str) -> list[Path]:
    for folder in (Path.cwd, Path.home):
        with suppress(OSError, RuntimeError):
            target = folder() / name
            if not target.exists():
                return [Path(shutil.copyfile(source, target))]
    return []
