from __future__ import annotations

import json
from pathlib import Path

from importer.errors import FileError, StoppedError
from importer.model import ReadFacts, Result
from importer.reporting import Report, as_json, report_of_error

FACTS = ReadFacts("csv", "utf-8", ";", None, 1, 3)


def test_the_json_object_has_the_documented_keys_in_their_order():
    report = Report(
        command="import",
        file="pins.csv",
        read=FACTS,
        rows=2,
        scopes=1,
        row_results={Result.CREATED: 2},
        scope_results={Result.CREATED: 1},
        problems=0,
        warnings=1,
        results="pins.results.xlsx",
        seconds=1.23456,
        exit_code=0,
        message="All created.",
        unread_columns=("Price",),
    )
    assert json.dumps(as_json(report)) == (
        '{"command": "import", "file": "pins.csv", "read": {"format": "csv", "encoding": "utf-8", "delimiter": ";", '
        '"sheet": null, "header_row": 1, "non_empty_rows": 3}, "rows": 2, "scopes": 1, "row_results": {"Created": 2}, '
        '"scope_results": {"Created": 1}, "problems": 0, "warnings": 1, "problem_groups": [], '
        '"unread_columns": ["Price"], "unread_sheets": [], "shop": null, "mapping": null, "plan": null, '
        '"requests": 0, "results": "pins.results.xlsx", "seconds": 1.235, "exit_code": 0, "message": "All created."}'
    )


def test_a_file_that_cannot_be_used_still_says_what_was_read():
    report = report_of_error(FileError("No such column.", read=FACTS), "check", Path("pins.csv"), 0.5)
    assert as_json(report)["read"]["non_empty_rows"] == 3
    assert (report.exit_code, report.message, report.rows, report.results) == (2, "No such column.", 0, None)


def test_other_trouble_read_nothing():
    report = report_of_error(StoppedError("The service is down."), "import", "pins.csv", 0.5)
    assert as_json(report)["read"] is None
    assert report.exit_code == 3
