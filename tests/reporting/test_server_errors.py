"""What the service refused lands on the rows and cells it is about."""

from __future__ import annotations

from typing import Any

from importer.model import Created, Refused
from importer.reporting import write_results
from importer.reporting.problems_sheet import problems_table
from importer.reporting.result_rows import Places, result_rows
from importer.reporting.styles import STYLES, WRONG
from tests.builders import pins
from tests.reporting.making import cell, column, finished, opened, table

WRONG_FILL = f"FF{STYLES[WRONG].fill}"
CURE = "Correct the row and import this file again."


def refusing(details: Any, reason: str = "Invalid pin definition provided") -> Any:
    sheet = pins({"target_identity": "/p/1"}, {"target_identity": "/p/2"}, {"target_identity": "/p/1"})
    return finished(sheet, [Refused(422, reason, details, 1), Created("id-1", 201, 1)])


def test_reason_and_details_are_on_every_row_of_the_scope(tmp_path):
    details = {"pin_definitions": ["Something is wrong"], "target_type": ["Must be one of: item, criteria, all"]}
    path = write_results(refusing(details), tmp_path / "r.xlsx")
    first, other, second = column(path, "Results", "Import Comment")
    assert (
        first
        == second
        == (
            "The service refused it: Invalid pin definition provided. Something is wrong. "
            f"target_type: Must be one of: item, criteria, all. {CURE}"
        )
    )
    assert other is None
    results = opened(path)["Results"]
    marked = [cell(results, "target_type", row).fill.fgColor.rgb == WRONG_FILL for row in (2, 3, 4)]
    assert marked == [True, False, True]
    assert cell(results, "target_type", 2).comment.text == "target_type: Must be one of: item, criteria, all."


def test_a_detail_of_one_pin_is_on_its_row_and_cell_alone(tmp_path):
    details = {"pin_definitions": {"1": {"position": ["must not be negative"]}}}
    path = write_results(refusing(details), tmp_path / "r.xlsx")
    first, _, second = column(path, "Results", "Import Comment")
    assert first == f"The service refused it: Invalid pin definition provided. {CURE}"
    assert second == (
        f"The service refused it: Invalid pin definition provided. position: must not be negative. {CURE}"
    )
    results = opened(path)["Results"]
    assert cell(results, "position", 4).fill.fgColor.rgb == WRONG_FILL
    assert cell(results, "position", 4).comment.text == "position: must not be negative."
    assert cell(results, "position", 2).comment is None


def test_a_refusal_is_among_the_problems(tmp_path):
    details = {"pin_definitions": {"1": {"position": ["must not be negative"]}}}
    path = write_results(refusing(details), tmp_path / "r.xlsx")
    (line,) = [row for row in table(path, "Problems") if row["Code"] == "refused"]
    assert line["Row"] == 4
    assert line["Cell"] == cell(opened(path)["Results"], "position", 4).coordinate
    assert (line["Column"], line["Value"], line["Kind"]) == ("position", "3", "Refusal")
    assert "must not be negative" in line["What is wrong and what to do"]


def test_a_refusal_without_details_or_reason(tmp_path):
    path = write_results(refusing(None, reason=""), tmp_path / "r.xlsx")
    said = f"The service refused it (answer 422) and gave no reason. {CURE}"
    assert column(path, "Results", "Import Comment")[0] == said
    (line,) = [row for row in table(path, "Problems") if row["Code"] == "refused"]
    assert (line["Row"], line["Cell"], line["What is wrong and what to do"]) == (2, None, said)


def test_a_detail_about_a_column_that_the_sheet_lacks(tmp_path):
    path = write_results(refusing({"target_metadata": ["title is required"]}), tmp_path / "r.xlsx")
    assert "target_metadata: title is required." in column(path, "Results", "Import Comment")[0]
    (line,) = [row for row in table(path, "Problems") if row["Code"] == "refused"]
    assert (line["Cell"], line["Column"], line["Value"]) == (None, "target_metadata", None)


def test_foreign_text_that_looks_like_a_formula_stays_text(tmp_path):
    """Server texts count as foreign."""
    path = write_results(refusing(None, reason="=HYPERLINK(1)"), tmp_path / "r.xlsx")
    for sheet in opened(path):
        assert all(found.data_type != "f" for row in sheet.iter_rows() for found in row)


def test_of_refusals_so_many_lines_and_then_how_many_more():
    sheet = pins(*({"target_identity": f"/p/{number}"} for number in range(5)))
    run = finished(sheet, lambda _: Refused(400, "no", None, 1))
    found = problems_table(result_rows(run, Places(run.sheet, 100)), most=3)
    assert found.rows == 4


def test_a_large_refused_scope_is_told_row_by_row_in_time(tmp_path):
    """Thousands of pins in one scope, each with a complaint about all: work grows with the rows, not their square."""
    sheet = pins(*({"position": number + 1} for number in range(4_000)))
    details = {"pin_definitions": [f"complaint {number}" for number in range(200)]}
    path = write_results(finished(sheet, [Refused(422, "no", details, 1)]), tmp_path / "r.csv")
    assert path.read_text("utf-8").count("complaint 199.") == 4_000
