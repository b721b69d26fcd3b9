"""Runs the child process that parses a workbook, and survives the child's end, however it ends."""

from __future__ import annotations

import json
import marshal
import os
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import IO, Any, cast

from importer.reading.raw import SENT, RawBook, RawColumn, RawSheet, RefusalError
from importer.settings import ReadOptions

# The child finds the same modules as this process does, and none in the working folder.
_START = (
    "import json, sys; sys.path += [p for p in json.loads(sys.argv[-1])['path'] if p not in sys.path]; "
    "from importer.reading.worker import main; main()"
)
_SECONDS_AT_LEAST = 9.0
_BYTES_A_SECOND = 1_000_000
"""Every engine parses more of a file in a second: a child that takes longer hangs."""
_LONGEST_FRAME = 2**32


class IsolatedReader:
    """A child process that parses one workbook; a context manager. The child starts at once.

    How long it may take depends on the file's size; then it is killed. It limits its memory itself.
    """

    def __init__(self, file: IO[bytes], size: int, options: ReadOptions) -> None:
        limits = options.limits
        request = {
            "path": [str(Path(__file__).parents[2]), *sys.path],
            "sheet": options.sheet,
            "cells": limits.cells,
            "unpacked_bytes": limits.unpacked_bytes,
            "memory_bytes": limits.memory_bytes,
        }
        command = [sys.executable, "-I", "-S", "-c", _START, json.dumps(request)]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        try:
            # A parser of foreign files has no business with the private key.
            surroundings = {name: text for name, text in os.environ.items() if not name.startswith("LUIGISBOX_")}
            self._child = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=file, stdout=subprocess.PIPE, stderr=self._complaints, env=surroundings
            )
        except OSError as error:
            self._complaints.close()
            raise RefusalError("no-helper", why=error.strerror or str(error)) from error
        self._late = False
        self._timer = Timer(min(limits.seconds, _SECONDS_AT_LEAST + size / _BYTES_A_SECOND), self._end_late)
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._child.kill()
        self._child.__exit__(kind, error, trace)
        self._complaints.close()

    def book(self) -> RawBook:
        """Wait for what the child reads. Raises `RefusalError`."""
        try:
            return _book(_frames(cast("IO[bytes]", self._child.stdout)))
        except (EOFError, ValueError, TypeError) as error:
            self._child.wait()
            raise RefusalError(self._cause_of_death()) from error

    def _end_late(self) -> None:
        self._late = True
        self._child.kill()

    def _cause_of_death(self) -> str:
        if self._late:
            return "too-slow"
        self._complaints.seek(0)
        return "too-big" if b"memory allocation" in self._complaints.read(100_000) else "damaged"


def _frames(pipe: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    """The child's frames. Raises `EOFError` where they end too early."""
    while True:
        head = pipe.read(8)
        if len(head) < 8:
            raise EOFError
        length = int.from_bytes(head, "little")
        if length > _LONGEST_FRAME:
            raise EOFError
        frame = marshal.loads(pipe.read(length))  # noqa: S302 - our own child's answer
        if frame[0] == "end":
            return
        yield frame


def _book(frames: Iterator[tuple[Any, ...]]) -> RawBook:
    book = RawBook("", [])
    sheet = RawSheet("")
    for kind, *content in frames:
        if kind == "refuse":
            code, details = content
            raise RefusalError(code, **details)
        if kind == "book":
            book.format, book.others, book.hidden, book.alike = content
        elif kind == "sheet":
            *facts, is_summary = content
            sheet = RawSheet(**dict(zip(SENT, facts, strict=True)))
            if is_summary:
                book.summary = sheet
            else:
                book.sheets.append(sheet)
        else:
            place, values, codes = content
            sheet.columns[place] = RawColumn(values, array("i", codes))
    return book
