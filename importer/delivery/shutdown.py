"""Ending a run in good order: Ctrl-C once, twice, SIGTERM, or a reason of the run's own. And pausing it.

Python's own signal handlers are used, not the event loop's, which Windows lacks.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Any

from importer.catalogue.run import STOPS
from importer.model import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

    from importer.settings import Secret, Tracker

DRAIN_SECONDS = 20.0
"""How long requests in flight may take to finish once the run is to end."""


class Shutdown:
    """Whether a run is to end, and how soon. Made inside a running loop.

    `stopping` is whether no new request may be sent, `reason` a code, the first one wins; `immediate` is whether
    requests in flight are not waited for.
    """

    def __init__(self) -> None:
        self.stopping = False
        self.reason = ""
        self.said = ""
        self.immediate = False
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._hurrying = asyncio.Event()

    def stop(self, reason: str, said: str = "") -> None:
        """End the run: send nothing new, let what is in flight finish. `said` is what the server said of why."""
        if not self.reason:
            self.reason, self.said = reason, said
        self._end()

    def interrupt(self) -> None:
        """What Ctrl-C means: the first time to end, the second time to end at once."""
        if self._stopping.is_set() and self.reason == "interrupted":
            self.immediate = True
            self._hurrying.set()
        self.reason, self.said = "interrupted", ""
        self._end()

    def _end(self) -> None:
        self.stopping = True
        self._stopping.set()

    def interrupt_soon(self) -> None:
        """The same, from a signal handler or another thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.interrupt)

    async def sleep(self, seconds: float) -> bool:
        """Wait, unless the run is to end: then at once `True`."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    async def wait(self) -> None:
        """Until the run is to end."""
        await self._stopping.wait()

    async def drain(self, work: asyncio.Future[Any], limit: float = DRAIN_SECONDS) -> bool:
        """Wait for work in flight, no longer than the limit or than people will; whether it finished."""
        hurry = asyncio.ensure_future(self._hurrying.wait())
        both: set[asyncio.Future[Any]] = {work, hurry}
        await asyncio.wait(both, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        hurry.cancel()
        return work.done()


class Steering:
    """A person's hands on a run, for a program that runs it in a thread of its own. Made inside the run's loop.

    `pause`, `resume` and `stop` may be called from any thread, and again and again.
    """

    def __init__(self, shutdown: Shutdown) -> None:
        self.paused = False
        self.changed: Callable[[], None] = lambda: None
        """Called in the run's loop after each change."""
        self._shutdown = shutdown
        self._loop = asyncio.get_running_loop()

    def pause(self) -> None:
        """Create nothing new until `resume`; what is under way finishes. A paused run does not lose its patience."""
        self._soon(self._pause)

    def resume(self) -> None:
        """Go on after a pause."""
        self._soon(self._resume)

    def stop(self) -> None:
        """What Ctrl-C means: the first time to end in good order, the second time at once."""
        self._shutdown.interrupt_soon()

    def _pause(self) -> None:
        self.paused = True
        self.changed()

    def _resume(self) -> None:
        self.paused = False
        self.changed()

    def _soon(self, call: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the run has ended
            self._loop.call_soon_threadsafe(call)


def stop_of(reason: str, said: str, tracker: Tracker, key: Secret, ledger: Path | str = "") -> Stop:
    """Why a run ended early, in words: a code of the catalogue, and what the server said of it, without the key."""
    text = STOPS[reason].format(tracker=tracker.tracker_id, base_url=tracker.base_url, ledger=ledger)
    if said:
        secret = key.reveal()
        text += " " + STOPS["said"].format(text=said.replace(secret, "***") if secret else said)
    return Stop(reason, text, 130 if reason == "interrupted" else 3)


SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextlib.contextmanager
def listen(interrupt: Callable[[], None]) -> Iterator[None]:
    """Have Ctrl-C, SIGTERM and a closed terminal call `interrupt` while the context lasts.

    Python lets only the main thread do so; in another one nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def heard(_: int, __: FrameType | None) -> None:
        """Pass the signal on."""
        interrupt()

    before = {}
    for name in SIGNALS:
        number = getattr(signal, name, None)
        # A signal that is ignored, as `nohup` does, stays ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, heard)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
