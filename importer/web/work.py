"""A file that is checked, and a run that sends: each works in a thread of its own, and tells the page what is new.

What the thread sets, the page's loop only reads; every value is whole before it is set.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import importer
from importer.catalogue import screen
from importer.catalogue.web import TROUBLE
from importer.errors import ImporterError, StoppedError
from importer.model import NotSent, Outcome, Result, RowTable, Sheet
from importer.web.progress import Progress

if TYPE_CHECKING:
    from importer.delivery import Hooks
    from importer.delivery.shutdown import Steering
    from importer.options import Options
    from importer.reporting.report import Report
    from importer.run import Run

KEPT_LINES = 30
"""The newest lines of what a run waits for that are kept."""


class News:
    """Lets the page's loop wait for what threads have done. Made inside the loop."""

    def __init__(self) -> None:
        self.version = 0
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def tell(self) -> None:
        """Something changed; from any thread."""
        with contextlib.suppress(RuntimeError):  # the page has ended
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self.version += 1
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self, seen: int, seconds: float) -> bool:
        """Whether there is anything newer than the version `seen`, waiting so long at most."""
        if self.version == seen:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._event.wait(), seconds)
        return self.version != seen


@dataclass(frozen=True, slots=True)
class Shop:
    """Where a run may send to."""

    name: str
    """What people call it: its name in the configuration, or its tracker's ID."""
    tracker_id: str
    base_url: str
    has_key: bool
    """Whether there is a private key for it; without one nothing can be sent there."""
    options: Mapping[str, Any] = field(repr=False)
    """The library's options that say all this to it: `shop` and `config`, or tracker, base URL and key."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the sheet that was open before came to: what the person has mended since."""

    name: str
    problems: int
    ready: int


OF_A_REHEARSAL = ("shop", "config")
"""Of a shop's options, those that count where nothing is sent to it."""


def given_options(common: Mapping[str, Any], shop: Shop | None, own: Mapping[str, Any], *, rehearsal: bool) -> Options:
    """The library's options: those of every run, of the shop, and of the sheet, the later ones first.

    Dates that name no zone are in this computer's where neither of them names one.
    """
    from importer.shops.choose import filled  # noqa: PLC0415 - heavy

    of_shop = dict(shop.options) if shop is not None else {"shop": ""}
    if rehearsal:
        of_shop = {name: it for name, it in of_shop.items() if name in OF_A_REHEARSAL}
        of_shop |= {"sandbox": True, "ledger": None}
    given = {**common, **of_shop, **own}
    if filled(given).options.get("timezone") is None:
        given["timezone"] = "local"
    return cast("Options", given)


class Phase(StrEnum):
    """How far a file or a run is."""

    READING = "reading"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    PREPARING = "preparing"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPING = "stopping"
    SAVING = "saving"
    DONE = "done"


BUSY = frozenset(
    {
        Phase.READING,
        Phase.CHECKING,
        Phase.PREPARING,
        Phase.SENDING,
        Phase.PAUSED,
        Phase.STOPPING,
        Phase.SAVING,
    }
)


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
        self.checked = 0.0
        """When the last check began (steady seconds)."""
        self._turn = 0

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
        self.table = self.report = self.error = None
        threading.Thread(target=self._check, args=(self._turn, common), daemon=True).start()

    def _check(self, turn: int, common: Mapping[str, Any]) -> None:
        from importer.reporting.console import date_lines  # noqa: PLC0415 - heavy
        from importer.reporting.table import SheetTable  # noqa: PLC0415

        def shown(sheet: Sheet) -> None:
            self._set(turn, table=SheetTable(sheet), phase=Phase.CHECKING)

        def found(run: Run) -> None:
            self._set(turn, dates=tuple(date_lines(run)))

        try:
            given = given_options(common, self.shop, self.options, rehearsal=False)
            report = importer.check(self.path, show_sheet=shown, show=found, **given)
        except BaseException as error:  # noqa: BLE001 - ends as a sentence on the page
            self._set(turn, table=None, error=trouble_of(error), phase=Phase.REFUSED)
        else:
            self._set(turn, table=report.table(), report=report, phase=Phase.CHECKED)

    def _set(self, turn: int, **values: Any) -> None:
        if turn != self._turn:
            return
        for name, value in values.items():
            setattr(self, name, value)
        self.news.tell()


class Sending:
    """One run: a rehearsal, or an import into a shop."""

    def __init__(self, number: int, checking: Checking, results: Path, news: News, *, is_rehearsal: bool) -> None:
        self.number = number
        self.is_rehearsal = is_rehearsal
        """Whether a stand-in takes it all."""
        self.sheet = checking.number
        self.path = checking.path
        self.name = checking.name
        self.options = checking.options
        self.shop = checking.shop
        self.news = news
        self.results = results
        self.expected = (checking.report.scope_results if checking.report else {}).get(Result.READY, 0)
        """How many customizations the person was told of."""
        self.started = datetime.now().astimezone()
        self.phase = Phase.PREPARING
        self.progress = Progress(time.monotonic())
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)
        self.alarms: list[str] = []
        self.report: Report | None = None
        self.table: RowTable | None = None
        self.error: ImporterError | None = None
        self.ended: float | None = None
        """When it ended (steady seconds)."""
        self.was_changed = False
        """Whether another number was due than the person was told of, so that nothing was sent."""
        self.is_saved = False
        """Whether the person has the results."""
        self._steering: Steering | None = None
        self._stops = 0
        self._thread: threading.Thread | None = None

    @property
    def trouble(self) -> str:
        """Why it could not begin, without where its sheet is kept."""
        return str(self.error or "").replace(str(self.path), self.name)

    @property
    def is_busy(self) -> bool:
        """Whether it has not ended yet."""
        return self.phase in BUSY

    def start(self, common: Mapping[str, Any]) -> None:
        """Begin, in a thread that the page does not end with."""
        self._thread = threading.Thread(target=self._send, args=(common,))
        self._thread.start()

    def pause(self) -> None:
        """Send nothing new until `resume`."""
        if self._steering is not None and self.phase is Phase.SENDING:
            self._steering.pause()
            self._go(Phase.PAUSED)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._steering is not None and self.phase is Phase.PAUSED:
            self.progress.resume(time.monotonic())
            self._steering.resume()
            self._go(Phase.SENDING)

    def stop(self) -> None:
        """End it as Ctrl-C does: in good order, and the second time at once."""
        if self.is_busy and self.phase is not Phase.SAVING:
            self._stops += 1
            self._go(Phase.STOPPING)
            if self._steering is not None:
                self._steering.stop()

    def join(self, seconds: float) -> bool:
        """Wait for its end; whether it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.is_busy

    def _send(self, common: Mapping[str, Any]) -> None:
        try:
            own = {**self.options, "output": self.results}
            given = given_options(common, self.shop, own, rehearsal=self.is_rehearsal)
            report = importer.run_import(self.path, confirm=self._confirm, hooks=self._hooks, **given)
        except BaseException as error:  # noqa: BLE001 - ends as a sentence on the page
            self.error = trouble_of(error)
        else:
            self.table = report.table()
            self.report = report
        self.ended = time.monotonic()
        self._go(Phase.DONE)

    def _confirm(self, run: Run) -> bool:
        due = len(run.plan.due) - len(run.plan.shown)
        self.was_changed = not self.is_rehearsal and due != self.expected
        return not self._stops and not self.was_changed

    def _hooks(self, count: int) -> Hooks:
        from importer.delivery import Hooks  # noqa: PLC0415 - heavy
        from importer.run import result_of  # noqa: PLC0415

        self.progress.begin(count, time.monotonic())
        self._go(Phase.SENDING)

        def watch(_: int, outcome: Outcome) -> None:
            if not isinstance(outcome, NotSent):
                self.progress.add(result_of(outcome), time.monotonic())
                self.news.tell()

        return Hooks(watch=watch, waits=self._say, alarm=self._alarm, steer=self._take)

    def _take(self, steering: Steering) -> None:
        self._steering = steering
        for _ in range(self._stops):
            steering.stop()

    def _say(self, line: str) -> None:
        self.lines.append(line)
        self.news.tell()

    def _alarm(self, line: str) -> None:
        self.alarms.append(line)
        self.news.tell()

    def _go(self, phase: Phase) -> None:
        if self.phase is not Phase.DONE:
            self.phase = phase
        self.news.tell()


def trouble_of(error: BaseException) -> ImporterError:
    """Whatever ended a check or a run, as a sentence. One that nobody foresaw is named by its kind and place alone:
    its text could hold a secret."""
    match error:
        case ImporterError():
            return error
        case MemoryError():
            return StoppedError(TROUBLE["memory"], code="memory")
        case _:
            frame = (traceback.extract_tb(error.__traceback__) or [None])[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}" if frame else "?"
            return StoppedError(screen.INTERNAL.format(kind=type(error).__name__, place=place), code="internal")


def preload(ready: Callable[[], object] = lambda: None) -> None:
    """Load in a thread what checking stands on, behind the first view."""

    def load() -> None:
        for name in ("pipeline", "checking", "scopes", "reporting.report"):
            importlib.import_module(f"importer.{name}")
        ready()

    threading.Thread(target=load, daemon=True).start()
