"""What all work has that runs in a thread of its own: its phase, its progress, news of it, and a person's hands on it.

What a thread sets, the page's loop only reads; every value is whole before it is set.
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

from importer.catalogue import screen
from importer.catalogue.web import TROUBLE
from importer.errors import ImporterError, StoppedError
from importer.model import NotSent, Outcome
from importer.web.progress import Progress

if TYPE_CHECKING:
    from importer.delivery import Hooks
    from importer.delivery.shutdown import Steering
    from importer.options import Options

KEPT_LINES = 30
"""The newest lines of what a run waits for that are kept."""


class News:
    """Lets the page's loop wait for what threads have done. Made inside the loop."""

    def __init__(self) -> None:
        self.version = 0
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def announce(self) -> None:
        """Wake those who wait, since something changed; from any thread."""
        with contextlib.suppress(RuntimeError):  # the page has ended
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
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
    DONE = "done"


BUSY = frozenset(
    {
        Phase.READING,
        Phase.CHECKING,
        Phase.PREPARING,
        Phase.SENDING,
        Phase.PAUSED,
        Phase.STOPPING,
    }
)


class Working:
    """A run in a thread that the page does not end with: it can be watched, paused and stopped."""

    def __init__(self, number: int, shop: Shop | None, results: Path, news: News) -> None:
        self.number = number
        self.shop = shop
        self.results = results
        """Where its workbook is written."""
        self.news = news
        self.started = datetime.now().astimezone()
        self.phase = Phase.PREPARING
        self.progress = Progress(time.monotonic())
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)
        """What it waits for, the newest last."""
        self.alarms: list[str] = []
        """What the person must write down."""
        self.error: ImporterError | None = None
        self.ended: float | None = None
        """When it ended (steady seconds)."""
        self.was_changed = False
        """Whether the number due changed after the person agreed, so that nothing was sent."""
        self.is_saved = False
        """Whether the person has the results."""
        self._steering: Steering | None = None
        self._stops = 0
        self._thread: threading.Thread | None = None

    @property
    def is_busy(self) -> bool:
        """Whether it has not ended yet."""
        return self.phase in BUSY

    def start(self, common: Mapping[str, Any]) -> None:
        """Begin. `common` are the options of every run."""
        self._thread = threading.Thread(target=self._run, args=(common,))
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
        if self.is_busy:
            self._stops += 1
            self._go(Phase.STOPPING)
            if self._steering is not None:
                self._steering.stop()

    def join(self, seconds: float) -> bool:
        """Wait for its end; whether it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.is_busy

    def work(self, common: Mapping[str, Any]) -> None:
        """What is done in the thread. Trouble may be raised."""
        raise NotImplementedError

    def agrees(self, due: int, expected: int | None) -> bool:
        """Whether to send: nobody said stop, and as many are due as the person agreed to."""
        self.was_changed = expected is not None and due != expected
        return not self._stops and not self.was_changed

    def hooks(self, count: int) -> Hooks:
        """What sending this number of scopes calls on its way."""
        from importer.delivery import Hooks  # noqa: PLC0415 - heavy
        from importer.run import result_of  # noqa: PLC0415

        self.progress.begin(count, time.monotonic())
        self._go(Phase.SENDING if not self._stops else Phase.STOPPING)

        def watch(_: int, outcome: Outcome) -> None:
            """Count what became of a scope."""
            if not isinstance(outcome, NotSent):
                self.progress.add(result_of(outcome), time.monotonic())
                self.news.announce()

        return Hooks(watch=watch, waits=self._say, alarm=self._alarm, steer=self._take)

    def looking(self) -> Hooks:
        """What the look at what is live calls on its way."""
        from importer.delivery import Hooks  # noqa: PLC0415 - heavy

        return Hooks(waits=self._say, steer=self._take)

    def _run(self, common: Mapping[str, Any]) -> None:
        try:
            self.work(common)
        except BaseException as error:  # noqa: BLE001 - ends as a sentence on the page
            self.error = trouble_of(error)
        self.ended = time.monotonic()
        self._go(Phase.DONE)

    def _take(self, steering: Steering) -> None:
        """A part of the run has begun: what the person wished before holds for it too."""
        self._steering = steering
        if self.phase is Phase.PAUSED:
            steering.pause()
        for _ in range(self._stops):
            steering.stop()

    def _say(self, line: str) -> None:
        self.lines.append(line)
        self.news.announce()

    def _alarm(self, line: str) -> None:
        self.alarms.append(line)
        self.news.announce()

    def _go(self, phase: Phase) -> None:
        if self.phase is not Phase.DONE:
            self.phase = phase
        self.news.announce()


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
        """Import the modules one after the other."""
        for name in ("pipeline", "checking", "scopes", "reporting.report"):
            importlib.import_module(f"importer.{name}")
        ready()

    threading.Thread(target=load, daemon=True).start()
