"""Headings and totals between rows: one problem, one sentence, and no scope beside them waits for them."""

from __future__ import annotations

from datetime import date

import pytest

from importer.catalogue.rows import message
from importer.cells import Broken
from importer.scopes import Scopes
from tests.builders import checked, sheet

HEADER = (
    "model",
    "target_type",
    "target_identity",
    "tags",
    "position",
    "pin_type",
    "pin_identity",
    "is_block_pin",
    "active_from",
    "Note",
)
ONE = ("basket", "item", "/p/1", "spring", 1, "item", "/p/9", "no")
OTHER = ("basket", "item", "/p/2", "summer", 1, "item", "/p/9", "no")


def between(*row, header=HEADER, one=ONE, other=OTHER):
    """A row between two good ones."""
    return checked(sheet(header, [one, row, other]))


def said(result):
    return [(problem.row, problem.column, problem.code, problem.value) for problem in result.problems]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (("Zimná kampaň",), "model", "Zimná kampaň"),
        (("basket",), "model", "basket"),
        (("", "Zimná kampaň"), "target_type", "Zimná kampaň"),
        (("", "", "Zimná kampaň"), "target_identity", "Zimná kampaň"),
        (("", "", "", "Zimná kampaň"), "tags", "Zimná kampaň"),
        (("Zimná kampaň", " ", "\u200b", "\u00a0"), "model", "Zimná kampaň"),
        (("Zimná kampaň", "", "", "", "", "", "", "no", "", "see Jana"), "model", "Zimná kampaň"),
        (("Zimná kampaň", "item", "", "", "", "item", "", False), "model", "Zimná kampaň"),
    ],
)
def test_a_heading_is_one_problem_and_does_not_hold_back_its_neighbours(row, column, value):
    result = between(*row)
    assert said(result) == [(3, column, "row-alone", value)]
    assert result.invalid.tolist() == [False, True, False]
    assert Scopes(result).ready.tolist() == [True, True]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("", "", "", "", "", "", "/p/7"), "pin_identity"),
        (("", "", "", "", "", "", 7), "pin_identity"),
        (("", "", "", "", 3), "position"),
        (("", "", "", "", "", "", "", "", date(2026, 12, 1)), "active_from"),
        (("", "", "", "", "Zimná kampaň"), "position"),  # its cell could not be read; no second problem says so
        (("", "", "", "", Broken("#REF!")), "position"),
        (("", "", "/p/1"), "target_identity"),
        (("", "", "", "spring"), "tags"),
    ],
)
def test_a_cell_that_may_be_left_of_a_pin_is_one_problem_and_holds_back_its_neighbours(row, column):
    result = between(*row)
    assert [(problem.row, problem.column, problem.code) for problem in result.problems] == [(3, column, "row-alone")]
    assert Scopes(result).blocker.tolist() == [3, 3]


@pytest.mark.parametrize(
    "row",
    [
        ("Spolu", "", "", "", "", "", 12),
        ("Spolu", "", "", "", 12),
        ("Spolu", "", "", "", "12"),  # as in a text file, where every cell is a text
        ("Spolu", "", "", "", "1 234,50"),
        ("Spolu", "", "", "", 12, "", 12),
        ("", "", "Spolu", "", "", "", 2),
        ("Spolu", "", "", "", "", "", "", "", date(2280, 12, 12)),  # as Excel's total row sums up a column of dates
        ("Spolu", "", "", "", "", "", "", "", date(1900, 1, 3)),
    ],
)
def test_a_total_is_one_problem_and_does_not_hold_back_its_neighbours(row):
    result = between(*row)
    assert [(problem.row, problem.code, problem.value) for problem in result.problems] == [(3, "row-total", "Spolu")]
    assert Scopes(result).ready.tolist() == [True, True]


@pytest.mark.parametrize(
    "row",
    [
        ("basket", "", "", "", "2"),
        ("", "", "", "", "2", "item", "/p/7"),
        ("basket", "", "", "", 2),  # a model that other rows have: more likely a pin whose target was left blank
        ("basket", "item", "", "", 2, "item", 12),
        ("", "", "", "", 2, "item", 12),
        ("", "", "", "", 2, "item", "/p/7"),
        ("", "item", "", "", 2, "", 12),
        ("", "", "/p/7", "", 2, "item"),
        ("", "", "", "", "", "item", "/p/7"),
        (5, "", "", "Spolu", "", "", 12),
        ("", "item", "/p/7", "", "", "", "", "", date(2026, 12, 1)),
        ("", "", "", "", 2, "", "/p/7", "", date(2026, 12, 1)),
    ],
)
def test_an_unfinished_pin_is_no_heading(row):
    result = between(*row)
    assert not {problem.code for problem in result.problems} & {"row-alone", "row-total"}
    assert result.problems.problem_count
    assert not Scopes(result).ready.any()


def test_a_total_of_a_target_that_other_rows_have_may_be_a_pin():
    result = between("", "", "/p/1", "", "", "", 12)
    assert [problem.code for problem in result.problems] == ["row-total"]
    assert Scopes(result).blocker.tolist() == [3, 3]


def test_the_sentences():
    first, second = checked(sheet(HEADER, [("Zimná kampaň",), ONE, ("Spolu", "", "", "", "", "", 1)])).problems
    assert message(first) == (
        "The row holds only “Zimná kampaň”. Delete the row if it is a heading or a total; if it is a pin, fill in its "
        "cells."
    )
    assert message(second) == (
        "The row holds only “Spolu” and numbers or dates. Delete the row if it is a total; if it is a pin, fill in its "
        "cells."
    )


def test_a_sheet_of_nothing_but_headings():
    result = checked(sheet(HEADER, [("Zimná kampaň",), ("Letná kampaň",)]))
    assert result.problems.problem_count == 2
    assert len(Scopes(result)) == 0


def test_a_heading_gets_no_warning_about_how_its_text_is_sent():
    result = checked(sheet(HEADER, [ONE, ("--",), ("Kampaň, jar",)]))
    assert [(problem.row, problem.code) for problem in result.problems] == [(3, "row-alone"), (4, "row-alone")]


def test_a_signature_with_its_date_is_one_problem_and_holds_nothing_back():
    result = between("Vyplnil: Jana", "", "", "", "", "", "", "", date(2026, 11, 30))
    assert [(problem.row, problem.code) for problem in result.problems] == [(3, "row-total")]
    assert Scopes(result).ready.tolist() == [True, True]
