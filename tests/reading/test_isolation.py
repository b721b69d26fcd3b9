"""The parser may die, hang or eat memory: the importer survives and says so."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
import time
from typing import ClassVar

import pytest

from importer.errors import FileError
from importer.reading import isolation, read, worker
from importer.reading.isolation import IsolatedReader
from importer.reading.raw import RefusalError
from importer.settings import Limits, ReadOptions
from tests.reading.making import HEADER, ROW, header_row, pin_row, pins, xlsx


def refusal_of(monkeypatch, tmp_path, program, options=None):
    """What is said when the child runs another program instead of the worker."""
    monkeypatch.setattr(isolation, "_START", program)
    with pins(tmp_path / "p.xlsx").open("rb") as file, IsolatedReader(file, 1, options or ReadOptions()) as child:
        with pytest.raises(RefusalError) as caught:
            child.book()
        return caught.value.code


@pytest.mark.parametrize(
    ("program", "code"),
    [
        pytest.param("import os; os.abort()", "damaged", id="H6: an abort"),
        pytest.param("import os; os._exit(0)", "damaged", id="a silent end"),
        pytest.param("import sys; sys.stdout.buffer.write(b'x' * 20)", "damaged", id="rubbish"),
        pytest.param("import sys; sys.exit('memory allocation of 9 bytes failed')", "too-big", id="memory"),
        pytest.param("import time; time.sleep(60)", "too-slow", id="a hang"),
    ],
)  # fmt: skip
def test_however_the_child_ends(monkeypatch, tmp_path, program, code):
    options = ReadOptions(limits=Limits(seconds=0.5 if code == "too-slow" else 30))
    assert refusal_of(monkeypatch, tmp_path, program, options) == code


def test_a_helper_that_cannot_be_started(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(FileError, match="no helper process could be started") as caught:
        read(pins(tmp_path / "p.xlsx"))
    assert caught.value.code == "no-helper"


def test_a_child_that_is_no_longer_needed_does_not_stay(monkeypatch, tmp_path):
    monkeypatch.setattr(isolation, "_START", "import time; time.sleep(60)")
    started = time.monotonic()
    with pins(tmp_path / "p.xlsx").open("rb") as file, IsolatedReader(file, 1, ReadOptions()) as child:
        process = child._child
    assert process.returncode is not None
    assert time.monotonic() - started < 20


def test_what_lies_in_the_working_folder_is_not_run(monkeypatch, tmp_path):
    """A file `json.py` beside the sheet must not be taken for the module of that name."""
    monkeypatch.chdir(tmp_path)
    for name in ("json.py", "marshal.py", "zipfile.py", "importer.py", "python_calamine.py"):
        (tmp_path / name).write_text("raise SystemExit('taken')")
    assert len(read(pins(tmp_path / "p.xlsx")).frame) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot limit a process by itself")
def test_the_child_holds_itself_to_its_memory():
    program = "from importer.reading.worker import limit_memory; limit_memory(400 * 2**20);x = bytearray(500 * 2**20)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert b"MemoryError" in ended.stderr


class TestTheWorker:
    """The worker's own answers, without a process around it."""

    REQUEST: ClassVar = {"sheet": None, "cells": 10**6, "unpacked_bytes": 10**9, "memory_bytes": 2**50}

    @pytest.fixture(autouse=True)
    def _no_limits_here(self, monkeypatch):
        monkeypatch.setattr(worker, "limit_memory", lambda limit: None)
        yield
        gc.enable()

    def answer(self, monkeypatch, content):
        class Stream:
            def __init__(self, buffer):
                self.buffer = buffer

        out = io.BytesIO()
        monkeypatch.setattr(sys, "argv", ["-c", json.dumps(self.REQUEST)])
        monkeypatch.setattr(sys, "stdin", Stream(io.BytesIO(content)))
        monkeypatch.setattr(sys, "stdout", Stream(out))
        worker.main()
        out.seek(0)
        return out

    def test_a_book_travels_whole(self, monkeypatch, tmp_path):
        path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2) + pin_row(4))
        book = isolation._book(isolation._frames(self.answer(monkeypatch, path.read_bytes())))
        (sheet,) = book.sheets
        assert (book.format, sheet.name, sheet.rows) == ("xlsx", "S", 4)
        assert sheet.columns[0].values == ["", HEADER[0], ROW[0]]
        assert list(sheet.columns[0].codes) == [1, 2, 0, 2]

    @pytest.mark.parametrize(
        ("trouble", "code"),
        [(MemoryError(), "too-big"), (RefusalError("password"), "password"), (SystemExit(1), "damaged")],
    )
    def test_whatever_is_raised_is_answered(self, monkeypatch, trouble, code):
        def fail(content, request, limit):
            raise trouble

        monkeypatch.setattr(worker, "read_workbook", fail)
        with pytest.raises(RefusalError) as caught:
            isolation._book(isolation._frames(self.answer(monkeypatch, b"")))
        assert caught.value.code == code

    @pytest.mark.parametrize("cut", [3, 11, 40, -10])
    def test_an_answer_that_breaks_off_is_noticed(self, monkeypatch, tmp_path, cut):
        whole = self.answer(monkeypatch, pins(tmp_path / "p.xlsx").read_bytes()).getvalue()
        with pytest.raises((EOFError, ValueError, TypeError)):
            isolation._book(isolation._frames(io.BytesIO(whole[:cut])))


def test_reading_costs_nothing_until_it_is_asked_for():
    program = "import sys, importer.reading; print([m for m in ('pandas', 'numpy', 'openpyxl') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.strip() == b"[]"


def test_the_worker_imports_neither_pandas_nor_numpy():
    program = (
        "import sys, importer.reading.worker; print([m for m in ('pandas', 'numpy', 'openpyxl') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.strip() == b"[]"


def test_running_out_of_memory_here_is_said_too(monkeypatch, tmp_path):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("importer.reading.open._book", fail)
    with pytest.raises(FileError) as caught:
        read(pins(tmp_path / "p.xlsx"))
    assert caught.value.code == "too-big"
