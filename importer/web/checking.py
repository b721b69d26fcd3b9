"""One file, read and checked in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import importer
from importer.errors import ImporterError
from importer.model import Result, RowTable, Sheet
from importer.web.work import BUSY, News, Phase, Shop, given_options, trouble_of

if TYPE_CHECKING:
    from importer.reporting.report import Report
    from importer.run import Run


@dataclass(frozen=True, slots=True)
class Before:
    """What was wrong with the sheet that was open before, to show what the person has fixed since."""

    name: str
    """The file's name."""
    problems: int
    """How many problems it had."""
    ready: int
    """How many of its customizations were ready to send."""


class Checking:
    """One file, and what a check says of it."""

    def __init__(self, number: int, path: Path, news: News, before: Before | None = None) -> None:
        self.number = number
        self.path = path
        self.name = path.name
        self.news = news
        self.before = before
        self.added = datetime.now().astimezone()
        self.options: dict[str, Any] = {}
        self.shop: Shop | None = None
        self.phase = Phase.READING
        self.table: RowTable | None = None
        self.report: Report | None = None
        self.error: ImporterError | None = None
        self.dates: tuple[str, ...] = ()
        """How dates without a zone or a time of day are read."""
        self.lines: tuple[str, ...] = ()
        """What the look at what is live waits for, the newest last."""
        self.calendar: dict[str, Any] | None = None
        """The calendar once it is drawn: its `report`, and `files` by their endings."""
        self.checked = 0.0
        """When the last check began (steady seconds)."""
        self._turn = 0

    @property
    def ready(self) -> int:
        """How many customizations an import would send."""
        return self.report.scope_results.get(Result.READY, 0) if self.report is not None else 0

    @property
    def trouble(self) -> str:
        """Why it cannot be used, without where it is kept, which is nowhere that a person looks."""
        return str(self.error or "").replace(str(self.path), self.name)

    @property
    def is_busy(self) -> bool:
        """Whether it is being read or checked."""
        return self.phase in BUSY

    def start(self, options: dict[str, Any], shop: Shop | None, common: Mapping[str, Any]) -> None:
        """Read and check the file with these options, in a thread; what an earlier check still finds is forgotten."""
        self._turn += 1
        self.checked = time.monotonic()
        self.options, self.shop, self.phase = options, shop, Phase.READING
        self.table = self.report = self.error = self.calendar = None
        self.lines = ()
        threading.Thread(target=self._check, args=(self._turn, common), daemon=True).start()

    def _check(self, turn: int, common: Mapping[str, Any]) -> None:
        from importer.delivery import Hooks  # noqa: PLC0415 - heavy
        from importer.reporting.file_lines import date_lines  # noqa: PLC0415
        from importer.reporting.table import SheetTable  # noqa: PLC0415

        def shown(sheet: Sheet) -> None:
            """Show the sheet as soon as it is read."""
            self._set(turn, table=SheetTable(sheet), phase=Phase.CHECKING)

        def found(run: Run) -> None:
            """Show how its dates were read."""
            self._set(turn, dates=tuple(date_lines(run)))

        try:
            given = given_options(common, self.shop, self.options, rehearsal=False)
            looking = Hooks(waits=lambda line: self._set(turn, lines=(*self.lines[-9:], line)))
            report = importer.check(self.path, show_sheet=shown, show=found, looking=looking, **given)
        except BaseException as error:  # noqa: BLE001 - ends as a sentence on the page
            self._set(turn, table=None, error=trouble_of(error), phase=Phase.REFUSED)
        else:
            table = report.table()
            if table is not None:
                table.models()  # counted here, where nobody waits for a view
            self._set(turn, table=table, report=report, phase=Phase.CHECKED)

    def _set(self, turn: int, **values: Any) -> None:
        if turn != self._turn:
            return
        for name, value in values.items():
            setattr(self, name, value)
        self.news.announce()
