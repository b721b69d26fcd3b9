"""A person's hands on a run: pause, go on, stop. For a program that runs the delivery in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importer.delivery.shutdown import Shutdown


class Steering:
    """Made inside the run's loop. `pause`, `resume` and `stop` may be called from any thread, and again and again."""

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
