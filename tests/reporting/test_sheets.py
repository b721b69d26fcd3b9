"""The sheets `Scopes`, `Problems` and `Summary`."""

from __future__ import annotations

from datetime import UTC, datetime

from importer.model import AlreadyCreated, Created, HeldBack, Notice, Refused, Result, Stop, Unknown
from importer.reporting import write_results
from importer.reporting.problems_sheet import problems_table
from importer.reporting.result_rows import Places, result_rows
from tests.builders import pins
from tests.reporting.making import cell, finished, opened, table


def test_a_line_for_each_scope(tmp_path):
    sheet = pins(
        {"target_identity": "00123"},
        {"target_identity": "/p/2"},
        {"target_identity": "00123"},
        {"target_type": "all", "target_identity": None},
        {"target_identity": "/p/4"},
    )
    outcomes = [
        Created("id-0", 201, 2, "2026-11-24T12:00:01Z"),
        Refused(422, "Bad pin", None, 1),
        AlreadyCreated("id-2", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        Unknown("Run it again.", 3, 502),
    ]
    path = write_results(finished(sheet, outcomes), tmp_path / "r.xlsx")
    header, *lines = opened(path)["Scopes"].values
    assert header == (
        *("Model", "Target Type", "Target", "Pins", "First Row", "Source Row", "Result"),
        *("Customization ID", "HTTP Status", "Attempts", "Created At", "Reason"),
    )
    assert lines == [
        ("basket", "item", "00123", 2, 2, 2, "Created", "id-0", 201, 2, "2026-11-24T12:00:01Z", None),
        ("basket", "item", "/p/2", 1, 3, 3, "Refused", None, 422, 1, None, "The service refused it: Bad pin."),
        (
            *("basket", "all", None, 1, 5, 5, "Already created", "id-2", None, None),
            *("2026-01-02 03:04:05+00:00", "Created before, on 2026-01-02 03:04."),
        ),
        ("basket", "item", "/p/4", 1, 6, 6, "Unknown", None, 502, 3, None, "Run it again."),
    ]


def test_a_line_for_each_problem_with_its_cell_and_what_to_do(tmp_path):
    path = write_results(finished(pins({}, {"position": "x" * 200, "pin_type": "itme"})), tmp_path / "r.xlsx")
    header, *lines = opened(path)["Problems"].values
    assert header == ("Row", "Cell", "Source Row", "Column", "Code", "What is wrong and what to do", "Value", "Kind")
    results = opened(path)["Results"]
    assert {(line[0], line[1], line[3], line[6], line[7]) for line in lines} == {
        (3, cell(results, "position", 3).coordinate, "position", "x" * 200, "Problem"),
        (3, cell(results, "pin_type", 3).coordinate, "pin_type", "itme", "Problem"),
    }
    assert all(line[4] and len(line[5]) > 40 for line in lines)


def test_of_one_code_so_many_lines_and_then_how_many_more(tmp_path):
    """The `Problems` sheet has at most so many lines a code, then one that says how many more."""
    rows = [{"position": "x", "target_identity": f"/p/{number}"} for number in range(7)]
    run = finished(pins(*rows, {"target_identity": "/p/y", "pin_type": "itme"}))
    found = problems_table(result_rows(run, Places(run.sheet, 100)), most=3)
    columns = [
        [column.cells.values[code] if code >= 0 else None for code in column.cells.codes] for column in found.columns
    ]
    assert columns[0] == [2, 3, 4, 9, None]
    assert len(set(columns[4])) == 2
    assert columns[4][-1] == columns[4][0]
    assert str(columns[5][-1]).startswith("There are 4 more of this kind")


def test_the_summary_adds_up_and_says_where_it_comes_from(tmp_path):
    sheet = pins({}, {"target_identity": "/p/2"}, {"target_identity": "/p/3", "position": "x"})
    run = finished(
        sheet,
        [Created("a", 201, 1), HeldBack("why"), HeldBack("why")],
        stop=Stop("key", "The key is wrong."),
        notices=(Notice("n", "The clock is 3 s off."),),
    )
    path = write_results(run, tmp_path / "r.xlsx")
    facts = {row["What"]: row["Value"] for row in table(path, "Summary")}
    assert (
        facts.items()
        >= {
            "Tracker": "1234-5678",
            "Base URL": "https://live.luigisbox.com",
            "Rehearsal": "no",
            "File": "pins.xlsx",
            "SHA-256 of the file": "0" * 64,
            "Time zone of dates that name none": "Europe/Bratislava",
            "Start": "2026-11-24 12:00:00+00:00",
            "End": "2026-11-24 12:00:04+00:00",
            "Version of pin-importer": "1.2.3",
            "Stopped early": "The key is wrong.",
            "Notice": "The clock is 3 s off.",
            "Problems": 1,
            "Warnings": 0,
        }.items()
    )
    for kind, total in (("Rows", 3), ("Scopes", 3)):
        assert facts[kind] == total
        assert sum(facts.get(f"{kind}: {result}", 0) for result in Result) == total


def test_a_rehearsal_says_so(tmp_path):
    path = write_results(finished(pins({}), rehearsal=True), tmp_path / "r.xlsx")
    assert {"What": "Rehearsal", "Value": "yes"} in table(path, "Summary")


def test_a_file_that_is_wrong_throughout_still_makes_a_workbook(tmp_path):
    nothing = {"model": None, "target_type": None, "target_identity": None}
    path = write_results(finished(pins(nothing)), tmp_path / "r.xlsx")
    assert opened(path)["Scopes"].max_row == 1
    assert opened(path)["Problems"].max_row > 1


def test_a_file_without_problems_has_an_empty_problems_sheet(tmp_path):
    path = write_results(finished(pins({})), tmp_path / "r.xlsx")
    assert list(opened(path)["Problems"].values)[1:] == []
