"""A process that serves until a signal stops it, or until the process that started it has gone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading


async def until_stopped(*, with_parent: bool) -> None:
    """Wait for SIGTERM or Ctrl-C; with `with_parent`, for the end of standard input too.

    The starter holds the other end of standard input: however it dies, a killed one included, the end comes.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    if sys.platform != "win32":
        loop.add_signal_handler(signal.SIGTERM, stopped.set)
    if with_parent:

        def watch() -> None:
            """Stop serving once the parent has closed its end, as its death does."""
            # The file descriptor and not sys.stdin: a thread that waits in the latter blocks the interpreter's end.
            while os.read(0, 4096):
                pass
            loop.call_soon_threadsafe(stopped.set)

        threading.Thread(target=watch, daemon=True).start()
    await stopped.wait()
