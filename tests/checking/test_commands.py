"""Which rows are one customization, and what their column Command says."""

from __future__ import annotations

import pytest

from importer.cells import Covered, Uncalculated
from importer.columns import COMMAND, CUSTOMIZATION_ID, LIVE_VERSION
from importer.delivery import plan_sending
from importer.model import HeldBack, Sheet
from importer.scopes import Scopes
from importer.settings import SendOptions
from tests.builders import NOW, checked, pins


def of_rows(sheet: Sheet) -> list[int]:
    return checked(sheet).scope_of_row.tolist()


def exported(*ids: str | None, **shared: str) -> Sheet:
    return pins(*({CUSTOMIZATION_ID: each} for each in ids), **{LIVE_VERSION: "v1", **shared})


def test_rows_of_one_target_are_apart_in_an_export_where_they_name_several_customizations():
    assert of_rows(exported("a", "b", "a")) == [0, 1, 0]


def test_a_row_that_names_none_belongs_to_the_one_that_the_others_name():
    assert of_rows(exported(None, "a", None, "a")) == [0, 0, 0, 0]


def test_rows_that_name_none_beside_several_stand_by_themselves():
    assert of_rows(exported("a", None, "b", None)) == [0, 1, 2, 1]


def test_other_targets_do_not_matter():
    sheet = pins(
        {CUSTOMIZATION_ID: "a"},
        {CUSTOMIZATION_ID: "a", "target_identity": "/p/2"},
        {"target_identity": "/p/2"},
        {"target_identity": "/p/3"},
        **{LIVE_VERSION: "v1"},
    )
    assert of_rows(sheet) == [0, 1, 1, 2]


def test_a_results_workbook_has_one_customization_for_each_target():
    assert of_rows(pins({CUSTOMIZATION_ID: "a"}, {CUSTOMIZATION_ID: "b"}, {})) == [0, 0, 0]


def test_the_same_pin_of_two_customizations_is_no_repetition():
    same = {"position": 1, "pin_identity": "/p/9"}
    sheet = pins({**same, CUSTOMIZATION_ID: "a"}, {**same, CUSTOMIZATION_ID: "b"}, **{LIVE_VERSION: "v1"})
    assert not checked(sheet).problems.problem_count


@pytest.mark.parametrize("word", ["delete", "Delete", " DELETE ", "delete\u00a0"])
def test_delete_is_the_only_command_in_any_case(word):
    found = checked(pins({COMMAND: word}))
    assert not found.problems.problem_count
    assert Scopes(found).deletes.tolist() == [True]


@pytest.mark.parametrize("word", ["deletee", "remove", "yes", 1, True, Uncalculated("A1"), Covered("delete")])
def test_anything_else_is_a_problem_of_its_cell(word):
    found = checked(pins({COMMAND: word}))
    (problem,) = found.problems
    assert (problem.code, problem.column) == ("command-unknown", COMMAND)
    assert not Scopes(found).deletes.any()


def test_a_command_that_only_half_of_the_rows_have_is_a_problem_of_the_others():
    found = checked(pins({}, {COMMAND: "delete"}, {}, {"target_identity": "/p/2"}))
    named = [(problem.row, problem.code, problem.other) for problem in found.problems]
    assert named == [(2, "command-differs", 3), (4, "command-differs", 3)]
    assert Scopes(found).blocker.tolist() == [2, 0]
    assert "Row 3 says delete" in next(iter(found.problems)).message


def test_of_two_customizations_of_one_target_one_may_be_deleted():
    sheet = pins(
        {CUSTOMIZATION_ID: "a", COMMAND: "delete"}, {CUSTOMIZATION_ID: "b", COMMAND: ""}, **{LIVE_VERSION: "v1"}
    )
    assert Scopes(checked(sheet)).deletes.tolist() == [True, False]
    assert not checked(sheet).problems.problem_count


def test_without_update_a_row_that_says_delete_is_held_back():
    scopes = Scopes(checked(pins({COMMAND: "delete"}, {"target_identity": "/p/2"})))
    earlier = plan_sending(scopes, None, None, None, SendOptions(), NOW)
    assert earlier.due == [1]
    held = earlier.outcomes[0]
    assert isinstance(held, HeldBack)
    assert "--update" in held.comment


def test_the_live_version_of_each_row_is_known():
    scopes = Scopes(checked(pins({LIVE_VERSION: "v1"}, {LIVE_VERSION: " v1 "}, {})))
    assert scopes.live_versions(0) == {"v1", ""}
