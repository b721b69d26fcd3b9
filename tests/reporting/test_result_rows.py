"""Every place that the results name is a place in the results, where people fix it; the source's stands beside it."""

from __future__ import annotations

import copy
import csv
import pickle
from dataclasses import replace
from typing import Any

from importer.catalogue.outcomes import COMMENTS
from importer.model import HeldBack, Notice, Said
from importer.reporting import write_results
from importer.reporting.problems_sheet import LINKS, problems_table
from importer.reporting.result_rows import Places, result_rows
from tests.builders import pins, sheet
from tests.reporting.making import column, finished, opened, table

HEADER = ["Import Result", "model", "Customization ID", "target_type", "target_identity", "position", "pin_type"]
HEADER += ["pin_identity", "Import Comment"]


def row(target: str = "/p/1", position: Any = 1, pin: str = "/p/9") -> list[Any]:
    return [None, "basket", None, "item", target, position, "item", pin, "old comment"]


def far_down(*rows: list[Any]) -> Any:
    """A sheet whose rows start at row 6, under a title, with an earlier run's columns between its own."""
    return sheet(HEADER, rows, first_row=6)


def test_a_place_is_the_results_with_the_sources_beside_it_where_it_differs():
    places = Places(far_down(row(), row("/p/2")), 100)
    assert places.row(7) == "3 (row 7 of pins.xlsx)"
    assert (places.row_label(7), places.cell_label(7, "position")) == (3, "D3")
    assert places.link(7, "position") == "'Results'!D3"
    assert places.link(7, None) == places.link(7, "tags") == "'Results'!A3"
    assert places.cell_label(7, None) == places.cell_label(7, "tags") == ""
    assert Places(pins({}, {}), 100).row(3) == "3"


def test_on_a_second_sheet_of_results_its_name_is_said():
    places = Places(far_down(*[row(f"/p/{number}") for number in range(5)]), 4)
    assert [places.row_label(number) for number in (8, 9, 10)] == [4, "Results 2: 2", "Results 2: 3"]
    assert places.cell_label(9, "model") == "Results 2: A2"
    assert places.link(9, "model") == "'Results 2'!A2"


def test_comments_notes_and_problems_name_another_row_where_it_stands_in_the_results(tmp_path):
    path = write_results(finished(far_down(row(), row("/p/2"), row())), tmp_path / "r.xlsx")
    said = "same pin as row 2 (row 6 of pins.xlsx)"
    assert said in column(path, "Results", "Import Comment")[2]
    (line,) = table(path, "Problems")
    assert said in line["What is wrong and what to do"]
    assert (line["Row"], line["Source Row"]) == (4, 8)
    notes = [found.comment.text for found in opened(path)["Results"][4] if found.comment]
    assert all(said in note for note in notes)


def test_a_row_that_holds_a_scope_back_is_named_where_it_stands_in_the_results(tmp_path):
    held = HeldBack(Said(COMMENTS["held-by-row"], str, {"row": 7}))
    run = finished(far_down(row(), row(position="x")))
    path = write_results(replace(run, outcomes=[held]), tmp_path / "r.xlsx")
    assert str(held.comment).startswith("Fix row 7 first.")
    assert column(path, "Results", "Import Comment")[0].startswith("Fix row 3 (row 7 of pins.xlsx) first.")
    (line,) = table(path, "Scopes")
    assert line["Reason"].startswith("Fix row 3 (row 7 of pins.xlsx) first.")
    assert (line["First Row"], line["Source Row"]) == (2, 6)


def test_a_copy_of_a_text_that_names_rows_is_a_plain_text():
    said = Said("row {row}", str, {"row": 7})
    assert copy.deepcopy(said) == pickle.loads(pickle.dumps(said)) == "row 7"


def test_so_does_a_csv_and_the_summary_of_a_workbook(tmp_path):
    notice = Notice("n", Said("See row {one}.", str, {"one": 7}))
    found = replace(far_down(row(), row("/p/2"), row()), notices=(Notice("f", "Row 3 was left out."),))
    run = finished(found, notices=(notice,))
    path = write_results(run, tmp_path / "r.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        comments = [found["Import Comment"] for found in csv.DictReader(stream, delimiter=";")]
    assert "row 2 (row 6 of pins.xlsx)" in comments[2]
    facts = {found["What"]: found["Value"] for found in table(write_results(run, tmp_path / "r.xlsx"), "Summary")}
    assert facts["Notice"] == "See row 3 (row 7 of pins.xlsx)."
    assert facts["Notice about the file (rows are the file's)"] == "Row 3 was left out."


def test_each_line_of_problems_leads_to_its_cell(tmp_path):
    rows = [row(position="x"), [None] * 8 + ["only a comment"], row("/p/2", position="y")]
    path = write_results(finished(far_down(*rows)), tmp_path / "r.xlsx", sheet_rows=3)
    book = opened(path)
    links = {}
    for line in book["Problems"].iter_rows(min_row=2):
        (linked,) = [found for found in line if found.hyperlink]
        links[linked.value] = linked.hyperlink.location
        assert linked.font.underline == "single"
    assert links["D2"] == "'Results'!D2"
    assert links["Results 2: D2"] == "'Results 2'!D2"
    for target in links.values():
        name, _, address = target.rpartition("!")
        assert book[name.strip("'")][address] is not None


def test_a_problem_of_a_whole_row_leads_to_the_row(tmp_path):
    found = sheet(HEADER, [row(), row("/p/2")], first_row=6, surplus={7: "too much"})
    (line,) = list(opened(write_results(finished(found), tmp_path / "r.xlsx"))["Problems"].iter_rows(min_row=2))
    assert (line[0].value, line[0].hyperlink.location, line[1].value) == (3, "'Results'!A3", None)


def test_there_are_no_more_links_than_excel_takes():
    count = LINKS // 2 + 10
    run = finished(pins(*({"position": "x", "pin_type": "y", "target_identity": f"{at}"} for at in range(count))))
    found = problems_table(result_rows(run, Places(run.sheet, count + 10)), most=count)
    assert found.rows > len(found.links) == LINKS
