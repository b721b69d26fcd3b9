"""A text whose end was lost because its cell was full is never sent."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from importer.cells import LONGEST_TEXT
from importer.columns import CUT
from importer.model import Ready
from importer.reading import read
from importer.reporting import write_results
from tests.builders import checked, pins
from tests.reporting.making import finished

FULL = "x" * LONGEST_TEXT
EMOJI = "\U0001f381"


def codes(sheet):
    return [(problem.column, problem.code) for problem in checked(sheet).problems]


def as_csv(sheet):
    return replace(sheet, facts=replace(sheet.facts, format="csv", delimiter=";"))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("target_metadata.title", FULL),
        ("target_metadata.title", EMOJI * 16_383 + "x"),  # Excel counts such a sign twice
        ("target_metadata.title", EMOJI + "x" * 32_766),  # other programs count it once
        ("pin_identity", FULL),
        ("tags", FULL),
        ("target_metadata", f'{{"a": "{FULL}'[:LONGEST_TEXT]),
    ],
)
def test_a_text_that_fills_a_cell_of_a_workbook_was_cut(column, text):
    assert codes(pins({column: text})) == [(column, "text-cut")]
    assert codes(pins({column: text[:-2]})) != [(column, "text-cut")]


def test_a_text_file_has_no_such_limit():
    assert codes(as_csv(pins({"target_metadata.title": FULL}))) == []
    assert codes(as_csv(pins({"target_metadata.title": FULL + FULL}))) == []


@pytest.mark.parametrize("column", ["target_metadata.title", "pin_identity", "tags", "target_metadata", "widget_id"])
@pytest.mark.parametrize("made", [pins, lambda row: as_csv(pins(row))])
def test_the_mark_of_our_results_says_that_it_was_cut(column, made):
    assert codes(made({column: "abc" + CUT})) == [(column, "text-cut")]
    assert codes(made({column: "abc" + CUT.replace("…", "...")})) == [(column, "text-cut")]


def test_a_mark_inside_a_text_is_text():
    assert codes(pins({"target_metadata.title": f"see {CUT} and more"})) == []


def test_what_our_results_cut_comes_back_as_a_problem(tmp_path):
    sheet = as_csv(pins({"target_metadata.title": "y" * 40_000}))
    assert codes(sheet) == []
    back = read(write_results(finished(sheet, lambda _: Ready()), tmp_path / "results.xlsx"))
    assert codes(back) == [("target_metadata.title", "text-cut")]


def test_what_another_program_cut_in_silence_is_a_problem(tmp_path):
    path = tmp_path / "p.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["model", "target_type", "position", "pin_type", "pin_identity", "target_metadata.text"])
    book.active.append(["basket", "all", 1, "item", "a", FULL])
    book.save(path)
    assert codes(read(path)) == [("target_metadata.text", "text-cut")]
