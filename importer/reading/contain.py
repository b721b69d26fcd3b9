"""Runs the child process that parses a workbook, and survives whatever becomes of it."""

from __future__ import annotations

import json
import marshal
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import IO, Any

from importer.reading.raw import RawBook, RawColumn, RawSheet, RefusalError
from importer.settings import ReadOptions

# The child finds the same modules as this process does, whatever the working folder holds.
_START = (
    "import json, sys; sys.path += [p for p in json.loads(sys.argv[-1])['path'] if p not in sys.path]; "
    "from importer.reading.worker import main; main()"
)
_SECONDS_AT_LEAST = 12.0
_BYTES_A_SECOND = 1_000_000


def read_contained(file: IO[bytes], size: int, options: ReadOptions) -> RawBook:
    """Parse a workbook in a child process. Raises `RefusalError`.

    The child gets time by the file's size and is ended when that is over; it limits its memory itself.
    """
    limits = options.limits
    request = {
        "path": [str(Path(__file__).parents[2]), *sys.path],
        "sheet": options.sheet,
        "cells": limits.cells,
        "unpacked_bytes": limits.unpacked_bytes,
        "memory_bytes": limits.memory_bytes,
    }
    seconds = min(limits.seconds, _SECONDS_AT_LEAST + size / _BYTES_A_SECOND)
    command = [sys.executable, "-I", "-S", "-c", _START, json.dumps(request)]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=complaints) as child,  # noqa: S603
    ):
        late: list[bool] = []
        timer = Timer(seconds, lambda: (late.append(True), child.kill()))
        timer.daemon = True
        timer.start()
        try:
            assert child.stdout is not None
            return _book(_frames(child.stdout))
        except EOFError:
            child.wait()
            raise _death(complaints, late=bool(late)) from None
        finally:
            timer.cancel()
            child.kill()


def _death(complaints: IO[bytes], *, late: bool) -> RefusalError:
    if late:
        return RefusalError("too-slow")
    complaints.seek(0)
    said = complaints.read(100_000)
    return RefusalError("too-big" if b"memory allocation" in said else "damaged")


def _frames(pipe: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    """The child's frames. Raises `EOFError` where they end too early."""
    while True:
        head = pipe.read(8)
        if len(head) < 8:
            raise EOFError
        frame = marshal.loads(pipe.read(int.from_bytes(head, "little")))  # noqa: S302 - our own child's answer
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
            book.format, book.others = content
        elif kind == "sheet":
            name, rows, merged, hidden_rows, is_summary = content
            sheet = RawSheet(name, rows, merged=merged, hidden_rows=hidden_rows)
            if is_summary:
                book.summary = sheet
            else:
                book.sheets.append(sheet)
        else:
            place, values, codes = content
            sheet.columns[place] = RawColumn(values, array("i", codes))
    return book
