"""Bytes handed to a second thread: deflating a piece overlaps with making the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

WAITING = 4
"""Pieces under way at most; making more waits."""


class Pump:
    """Calls `write` with each piece, in order, on a thread of its own; what it raises comes out of the pump."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workbook")
        self._waiting: deque[Future[object]] = deque()

    def push(self, piece: bytes) -> None:
        """Hands over one piece; raises what an earlier one's `write` raised."""
        while len(self._waiting) >= WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._write, piece))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            for piece in self._waiting:
                piece.result()
