"""The rows of a file, a page at a time."""

from __future__ import annotations

import pytest

from importer.model import AlreadyCreated, Outcome, Refused, Result, RowProblem
from importer.reporting.table import FinishedTable, SheetTable
from tests.builders import pins
from tests.reporting.making import created, finished

SHEET = pins(
    {"target_identity": "/p/1"},
    {"target_identity": "/p/2", "position": "x"},
    {"target_identity": "/p/2", "position": 2},
    {"target_identity": "/p/3", "pin_identity": "/p/3"},
)


@pytest.fixture(name="table")
def _table() -> FinishedTable:
    return FinishedTable(finished(SHEET))


def test_a_sheet_that_is_only_read_shows_its_cells():
    table = SheetTable(SHEET)
    [row] = table.rows(1, 1)
    assert (row.label, row.result, row.problems) == (3, None, ())
    assert row.cells[[column.key for column in table.columns].index("position")] == "x"
    assert (len(table), table.count(), table.count("wrong"), list(table.models())) == (4, 4, 0, [])


def test_a_wrong_cell_is_marked_and_its_sentence_stands_beside_it(table):
    wrong = table.rows(0, 9, "wrong")
    assert [(row.label, row.result, row.id) for row in wrong] == [(3, Result.INVALID, "")]
    [problem] = wrong[0].problems
    assert problem.column is not None
    assert (table.columns[problem.column].key, problem.severity) == ("position", "problem")
    assert "x" in problem.text


@pytest.mark.parametrize(
    ("show", "labels"),
    [
        ("all", [2, 3, 4, 5]),
        ("wrong", [3]),
        ("doubtful", [5]),
        ("Created", [2, 5]),
        ("Held back", [4]),
        ("Unknown", []),
        ("position-unread@position", []),
        ("no such code", []),
    ],
)
def test_what_can_be_asked_for(table, show, labels):
    assert [row.label for row in table.rows(0, 9, show)] == labels
    assert table.count(show) == len(labels)


def test_the_rows_of_one_problem_are_found_by_its_group(table):
    for group in finished(SHEET).checked.problems.groups():
        rows = table.rows(0, 9, f"{group.code}@{group.column or ''}")
        assert tuple(row.label for row in rows) == group.rows


def test_pages_end_where_the_rows_do(table):
    assert [row.label for row in table.rows(3, 100)] == [5]
    assert list(table.rows(4, 100)) == []


def test_a_row_is_found_by_its_number_or_the_next_one(table):
    assert [table.place(row) for row in (1, 2, 4, 99)] == [0, 0, 2, 4]
    assert table.place(4, "Created") == 1
    assert table.place(4, "Unknown") == 0 or not table.count("Unknown")


def test_what_became_of_a_scope_stands_on_its_rows():
    ends: list[Outcome] = [created(7), created(0), Refused(422, "No such model", None, 1)]
    rows = FinishedTable(finished(SHEET, ends)).rows(0, 9)
    assert [row.id for row in rows] == ["id-7", "", "", ""]
    assert rows[2].comment.startswith("Row 3")
    assert "No such model" in rows[3].comment
    assert isinstance(rows[3].problems[0], RowProblem)


def test_customizations_are_counted_by_model_and_target():
    sheet = pins({"target_identity": "/p/1"}, {"target_identity": "/p/1", "position": 2}, {"model": "home"})
    found = FinishedTable(finished(sheet, [AlreadyCreated("a"), created(1)])).models()
    assert [(each.model, each.target_type, each.pins, dict(each.results)) for each in found] == [
        ("basket", "item", 2, {Result.ALREADY_CREATED: 1}),
        ("home", "item", 1, {Result.CREATED: 1}),
    ]
