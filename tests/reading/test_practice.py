"""Real files, where there are any: each is read or refused as its index says (see `tests/practice.py`)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from importer.errors import FileError
from importer.reading import read
from tests.practice import Answer, index, violations

FOLDER = os.environ.get("PIN_IMPORTER_PRACTICE")


@pytest.mark.practice
@pytest.mark.skipif(not FOLDER, reason="PIN_IMPORTER_PRACTICE names no folder of real files")
@pytest.mark.parametrize(("path", "expectation"), index(Path(FOLDER)) if FOLDER else [])
def test_a_real_file(path, expectation):
    try:
        facts, message, code = read(Path(FOLDER) / path).facts, "read", 0
    except FileError as error:
        facts, message, code = error.read, str(error), 2
    assert message.isprintable()
    rows = {"non_empty_rows": facts.non_empty_rows} if facts else None
    assert not list(violations(path, expectation, answer(read=rows, message=message, exit_code=code)))


def answer(exit_code=2, errors="", seconds=1.0, memory=1, **said):
    return Answer(exit_code, json.dumps({"exit_code": exit_code, **said}) if said else "", errors, seconds, memory)


READ = {"read": {"non_empty_rows": 3}, "message": "x"}
REFUSED = {"read": None, "message": "x"}


@pytest.mark.parametrize(
    ("expectation", "given", "wrong"),
    [
        ("read 3 non-empty rows", answer(**READ), None),
        ("read 4 non-empty rows", answer(**READ), "3 non-empty rows instead of 4"),
        ("read 3 non-empty rows", answer(**REFUSED), "not read"),
        ("refuse:empty", answer(**REFUSED), None),
        ("refuse:empty", answer(**READ), "accepted"),
        ("refuse:no data on first visible sheet", answer(**READ), None),
        ("refuse:empty", answer(exit_code=0, **REFUSED), "exit code 0"),
        ("bounded", answer(**READ), None),
        ("bounded", answer(), "silence"),
        ("bounded", answer(read=None, message=" "), "silence"),
        ("bounded", answer(seconds=16.0, **READ), "hang"),
        ("bounded", answer(memory=2 * 1024**3, **READ), "memory"),
        ("bounded", answer(errors="Traceback (most recent call last)", **READ), "traceback"),
        ("bounded", answer(exit_code=-6, **READ), "killed"),
    ],
)
def test_the_script_that_checks_real_files_sees_every_violation(expectation, given, wrong):
    found = list(violations("f.xlsx", expectation, given))
    assert (found == []) if wrong is None else wrong in found[0]
