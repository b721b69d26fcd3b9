"""Where the results end up."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importer.errors import ImporterError
from importer.model import Notice
from importer.reporting import default_path, write_results
from importer.run import Run
from tests.builders import pins
from tests.reporting.making import finished, names, opened

WHEN = datetime(2026, 11, 24, 12, 0, 4, tzinfo=UTC)
STAMPED = "pins.results-20261124-120004.xlsx"


def run_of(file: Path) -> Run:
    run = finished(pins({}))
    return replace(run, sheet=replace(run.sheet, file=str(file)))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("pins.xlsx", STAMPED),
        ("pins.csv", STAMPED),
        ("pins.results-20250101-000000.xlsx", STAMPED),
        ("pins.results-20250101-000000-2.xlsx", STAMPED),
        ("pins.v1.2.xlsx", "pins.v1.2.results-20261124-120004.xlsx"),
        ("pins", STAMPED),
    ],
)
def test_the_default_name(file, name):
    assert default_path(Path("folder") / file, WHEN) == Path("folder") / name


def test_without_a_path_the_default_one_is_taken_and_nothing_is_replaced(tmp_path):
    run = run_of(tmp_path / "pins.xlsx")
    first, second = write_results(run), write_results(run)
    assert first == tmp_path / STAMPED
    assert second == tmp_path / "pins.results-20261124-120004-2.xlsx"
    assert opened(first).sheetnames == opened(second).sheetnames


def test_an_older_file_at_the_given_path_is_replaced(tmp_path):
    (tmp_path / "r.xlsx").write_bytes(b"old")
    path = write_results(run_of(tmp_path / "pins.xlsx"), tmp_path / "r.xlsx")
    assert path == tmp_path / "r.xlsx"
    assert "Results" in opened(path).sheetnames
    assert names(tmp_path) == ["r.xlsx"]


def test_line_25_never_over_the_input(tmp_path):
    file = tmp_path / "pins.xlsx"
    file.write_bytes(b"the input")
    assert write_results(run_of(file), tmp_path / "pins.xlsx") == tmp_path / "pins-2.xlsx"
    assert file.read_bytes() == b"the input"


def test_never_over_the_input_under_another_name(tmp_path):
    file = tmp_path / "pins.xlsx"
    file.write_bytes(b"the input")
    os.link(file, tmp_path / "same.xlsx")
    assert write_results(run_of(file), tmp_path / "same.xlsx") == tmp_path / "same-2.xlsx"
    assert file.read_bytes() == b"the input"


def failing_in(*folders: Path) -> Callable[[str], None]:
    """A probe that fails while a temporary file lies in one of these folders."""

    def probe(step: str) -> None:
        for folder in folders:
            if step == "before-rename" and any(name.endswith(".tmp") for name in names(folder)):
                raise PermissionError(13, "Permission denied")

    return probe


def test_line_25_a_workbook_that_is_open_in_excel_gets_another_name(tmp_path, monkeypatch):
    """Failure matrix: workbook locked at the end; another name is taken, and told by the path."""
    locked = tmp_path / "r.xlsx"
    locked.write_bytes(b"open in Excel")
    rename = Path.replace

    def refuses(self: Path, target: Path) -> Path:
        if Path(target) == locked:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", refuses)
    path = write_results(run_of(tmp_path / "pins.xlsx"), locked)
    assert path == tmp_path / "r-2.xlsx"
    assert locked.read_bytes() == b"open in Excel"
    assert names(tmp_path) == ["r-2.xlsx", "r.xlsx"]


def test_line_25_a_folder_that_is_read_only(tmp_path, monkeypatch):
    """Failure matrix: folder read-only at the end."""
    closed, here = tmp_path / "closed", tmp_path / "here"
    closed.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    path = write_results(run_of(closed / "pins.xlsx"), probe=failing_in(closed))
    assert path == here / STAMPED
    assert names(closed) == []


def test_a_folder_that_is_gone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert write_results(run_of(tmp_path / "pins.xlsx"), tmp_path / "gone" / "r.csv") == tmp_path / "r.csv"


def test_an_account_without_a_home(tmp_path, monkeypatch):
    closed, here = tmp_path / "closed", tmp_path / "temporary"
    closed.mkdir()
    here.mkdir()

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.chdir(closed)
    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setattr(tempfile, "tempdir", str(here))
    assert write_results(run_of(closed / "pins.xlsx"), probe=failing_in(closed)) == here / STAMPED


def test_what_a_killed_run_left_in_another_place_is_taken_away_too(tmp_path, monkeypatch):
    for name, variable in (("home", "HOME"), ("home", "USERPROFILE")):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.setenv(variable, str(tmp_path / name))
    (tmp_path / "home" / ".pins.xlsx.0123456789ab.pin-importer.tmp").write_bytes(b"half")
    write_results(run_of(tmp_path / "pins.xlsx"), tmp_path / "results.xlsx")
    assert names(tmp_path / "home") == []


def test_where_nothing_can_be_written_it_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ImporterError, match="nothing is created twice") as raised:
        write_results(run_of(tmp_path / "pins.xlsx"), probe=failing_in(tmp_path))
    assert raised.value.code == "results-nowhere"
    assert names(tmp_path) == []


def test_hostile_text_from_the_server_saves(tmp_path):
    """Lone surrogates, control characters, U+FFFF: the results workbook still saves."""
    run = finished(pins({}), notices=(Notice("n", "\ud800 \x00 \uffff =1+1"),))
    assert "Results" in opened(write_results(run, tmp_path / "r.xlsx")).sheetnames
    write_results(run, tmp_path / "r.csv")
