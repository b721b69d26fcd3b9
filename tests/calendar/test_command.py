"""`pin-importer calendar`."""

import sys

import openpyxl
import pytest

import importer
from tests.driving import HEADER, Program, pin, pins

DATED = [*HEADER, "active_from", "active_to"]
SEASON = (pin("/p/1", 1, "/p/8", "2026-12-01", "2026-12-10"), pin("/p/1", 1, "/p/9", "2026-12-10", "2026-12-24"))


@pytest.fixture
def program(capsys):
    return Program(capsys)


@pytest.fixture
def season(tmp_path):
    return pins(tmp_path / "pins.csv", *SEASON, header=DATED)


def endings(folder):
    return sorted(path.suffix for path in folder.iterdir())


def test_a_picture_and_a_workbook_stand_beside_the_sheet(program, season):
    said = program("calendar", season)
    assert said.code == 0
    assert "1 target, 2 pins, 1 overlap, 0 gaps" in said.out
    assert endings(season.parent) == [".csv", ".png", ".svg", ".xlsx"]


def test_the_json_has_its_facts(program, season):
    found = program("calendar", season, "--json").object
    assert {**found, "written": len(found["written"]), "seconds": 0, "message": ""} == {
        "command": "calendar", "file": str(season), "targets": 1, "pins": 2, "overlaps": 1, "gaps": 0, "unplaced": 0,
        "written": 3, "seconds": 0, "exit_code": 0, "message": "",
    }  # fmt: skip


@pytest.mark.parametrize("ending", [".svg", ".png", ".xlsx"])
def test_one_file_by_its_ending(program, season, tmp_path, ending):
    output = tmp_path / f"season{ending}"
    output.write_text("older")
    assert program("calendar", season, "--output", output).code == 0
    assert output.read_bytes()[:5] != b"older"
    assert len(list(tmp_path.iterdir())) == 2


def test_another_ending_is_refused(program, season):
    said = program("calendar", season, "--output", "season.pdf")
    assert said.code == 2
    assert ".svg, .png or .xlsx" in said.err


def test_the_sheet_itself_is_never_written_over(program, tmp_path):
    report = importer.run_import(pins(tmp_path / "pins.csv", *SEASON, header=DATED), sandbox=True, timezone="UTC")
    results = tmp_path / report.results
    before = results.read_bytes()
    assert program("calendar", results, "--output", results).code == 0
    assert results.read_bytes() == before


def test_results_have_the_sheet_too_and_are_read_without_it(program, tmp_path):
    report = importer.run_import(pins(tmp_path / "pins.csv", *SEASON, header=DATED), sandbox=True, timezone="UTC")
    book = openpyxl.load_workbook(report.results)
    assert book.sheetnames == ["Results", "Scopes", "Problems", "Summary", "Calendar"]
    assert importer.check(report.results, timezone="UTC").unread_sheets == ()
    assert program("calendar", report.results).code == 0


def test_results_without_periods_have_none(tmp_path):
    report = importer.run_import(pins(tmp_path / "pins.csv", pin()), sandbox=True)
    assert "Calendar" not in openpyxl.load_workbook(report.results).sheetnames


def test_rows_that_are_wrong_are_left_out_and_said(program, tmp_path):
    season = pins(tmp_path / "pins.csv", *SEASON, pin("/p/2", "first"), header=DATED)
    said = program("calendar", season)
    assert said.code == 1
    assert "1 row is not in the calendar" in said.err


def test_a_sheet_of_which_nothing_can_be_shown_is_refused(program, tmp_path):
    said = program("calendar", pins(tmp_path / "pins.csv", pin("/p/2", "first")))
    assert said.code == 2
    assert "pin-importer check" in said.err
    assert endings(tmp_path) == [".csv"]


def test_a_folder_that_cannot_be_written_is_said(program, season, tmp_path):
    said = program("calendar", season, "--output", tmp_path / "nowhere" / "season.svg")
    assert said.code == 2
    assert "cannot be written" in said.err


class TestWithoutMatplotlib:
    @pytest.fixture(autouse=True)
    def _none(self, monkeypatch):
        for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "matplotlib", None)

    def test_the_workbook_is_written_and_one_sentence_says_how_to_get_the_picture(self, program, season):
        said = program("calendar", season)
        assert said.code == 1
        assert "pip install matplotlib" in said.err
        assert endings(season.parent) == [".csv", ".xlsx"]

    def test_a_picture_alone_is_refused(self, program, season, tmp_path):
        said = program("calendar", season, "--output", tmp_path / "season.svg")
        assert said.code == 2
        assert "pip install matplotlib" in said.err
        assert endings(tmp_path) == [".csv"]

    def test_nothing_else_needs_it(self, program, season):
        assert program("check", season, "--output", season.with_suffix(".xlsx")).code == 0


def test_check_says_short_gaps_in_words(program, tmp_path):
    rows = (pin("/p/1", 1, "/p/8", "2026-12-01", "2026-12-10"), pin("/p/1", 1, "/p/9", "2026-12-12", "2026-12-24"))
    said = program("check", pins(tmp_path / "pins.csv", *rows, header=DATED))
    assert "1 gap of three days or less between two pins on one place" in said.out
    assert "after row 2 ends and before row 3 begins" in said.out


@pytest.mark.parametrize("start", ["2026-12-11", "2026-12-20"])
def test_neither_neighbours_nor_campaigns_apart_are_gaps(program, tmp_path, start):
    rows = (pin("/p/1", 1, "/p/8", "2026-12-01", "2026-12-10"), pin("/p/1", 1, "/p/9", start, "2026-12-24"))
    assert "gap" not in program("check", pins(tmp_path / "pins.csv", *rows, header=DATED)).out
