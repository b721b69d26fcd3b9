"""The rules of the sheet: each broken by a literal row, and what is said about it."""

from datetime import date, datetime

import pytest

from importer.cells import Broken
from tests.builders import checked, pins, sheet

HEADER = (
    "model",
    "target_type",
    "target_identity",
    "target_criteria",
    "position",
    "pin_type",
    "pin_identity",
    "pin_criteria",
)


def found(sheet_):
    """Every problem and warning as (row, column, code)."""
    return [(problem.row, problem.column, problem.code) for problem in checked(sheet_).problems]


def test_an_ordinary_pin_has_nothing_wrong():
    assert found(pins({}, {"target_type": "criteria", "target_identity": None, "target_criteria": '{"a": 1}'})) == []
    assert found(pins({"target_type": "all", "target_identity": None, "position": -1})) == []
    assert found(pins({"position": 0, "is_block_pin": "yes"})) == []
    assert found(pins({"pin_type": "criteria", "pin_identity": None, "pin_criteria": '{"a": 1}'})) == []


CRITERIA = '{"a": 1}'


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"model": None}, "model", "model-missing"),
        ({"model": " \u00a0"}, "model", "model-missing"),
        ({"target_type": None}, "target_type", "target-type-missing"),
        ({"target_type": "product"}, "target_type", "target-type-unknown"),
        ({"target_identity": None}, "target_identity", "target-identity-missing"),
        ({"target_type": "all"}, "target_identity", "target-identity-unwanted"),
        ({"target_type": "criteria", "target_identity": None}, "target_criteria", "target-criteria-missing"),
        ({"target_criteria": CRITERIA}, "target_criteria", "target-criteria-unwanted"),
        ({"position": None}, "position", "position-missing"),
        ({"position": -2}, "position", "position-below"),
        ({"position": 0}, "position", "position-zero"),
        ({"position": 0, "is_block_pin": "no"}, "position", "position-zero"),
        ({"position": 1, "is_block_pin": "yes"}, "position", "block-position"),
        ({"position": -1, "is_block_pin": True}, "position", "block-position"),
        ({"pin_type": None}, "pin_type", "pin-type-missing"),
        ({"pin_type": "all"}, "pin_type", "pin-type-unknown"),
        ({"pin_identity": None}, "pin_identity", "pin-identity-missing"),
        ({"pin_type": "criteria", "pin_criteria": CRITERIA}, "pin_identity", "pin-identity-unwanted"),
        ({"pin_type": "criteria", "pin_identity": None}, "pin_criteria", "pin-criteria-missing"),
        ({"pin_criteria": CRITERIA}, "pin_criteria", "pin-criteria-unwanted"),
        ({"active_from": date(2026, 8, 2), "active_to": date(2026, 8, 1)}, "active_to", "period-reversed"),
        ({"active_from": "2026-08-01 10:00", "active_to": "2026-08-01T09:59+02:00"}, "active_to", "period-reversed"),
    ],
)
def test_a_rule_of_one_row(cells, column, code):
    result = checked(pins({}, cells, {"target_identity": "/p/2"}))
    assert [(problem.row, problem.column, problem.code) for problem in result.problems] == [(3, column, code)]
    assert result.invalid.tolist() == [False, True, False]


def test_a_period_of_a_moment_is_not_reversed():
    assert found(pins({"active_from": "2026-08-01 10:00", "active_to": "2026-08-01T08:00Z"})) == []


def test_rules_hold_where_the_column_is_not_there_at_all():
    bare = sheet(["model", "target_type", "position", "pin_type"], [["basket", "item", 1, "item"]])
    assert found(bare) == [
        (2, "target_identity", "target-identity-missing"),
        (2, "pin_identity", "pin-identity-missing"),
    ]


def test_all_problems_of_a_row_are_told_at_once():
    row = {
        "model": None,
        "target_type": "x",
        "position": "1,5",
        "pin_type": None,
        "is_bundle_pin": "?",
        "active_to": "soon",
    }
    assert [code for _, _, code in found(pins(row))] == [
        "model-missing",
        "target-type-unknown",
        "pin-type-missing",
        "position-fraction",
        "yes-no-unknown",
        "date-unreadable",
    ]


@pytest.mark.parametrize(
    ("cells", "only"),
    [
        ({"target_identity": Broken("#N/A")}, "cell-error"),  # not missing as well
        ({"target_type": Broken("#N/A")}, "cell-error"),
        ({"position": "x", "is_block_pin": "yes"}, "position-unreadable"),
        ({"position": 0, "is_block_pin": "?"}, "yes-no-unknown"),
        ({"active_from": "soon", "active_to": date(2026, 8, 1)}, "date-unreadable"),
        ({"pin_type": "criteria", "pin_identity": None, "pin_criteria": "{"}, "json-unfinished"),
    ],
)
def test_a_cell_that_could_not_be_read_silences_the_other_rules_about_it(cells, only):
    assert [code for _, _, code in found(pins(cells))] == [only]


def test_a_row_with_too_many_cells_is_a_problem():
    long = sheet(HEADER, [["basket", "item", "/p/1", None, 1, "item", "/p/2"]], surplus={2: "oops"})
    problem = next(iter(checked(long).problems))
    assert (problem.row, problem.column, problem.code, problem.detail) == (2, None, "row-too-long", "oops")


def test_a_row_that_has_nothing_but_what_stands_past_the_header_is_one_problem():
    assert found(sheet(HEADER, [[None] * 8], surplus={2: "oops"})) == [(2, None, "row-too-long")]


def test_an_error_cell_in_a_column_of_the_users_own_is_no_problem():
    assert (
        found(sheet([*HEADER, "Price"], [["basket", "item", "/p/1", None, 1, "item", "/p/2", None, Broken("#N/A")]]))
        == []
    )


# ── Within a scope ──────────────────────────────────────────────────────────────────────────────────────


def test_the_same_pin_twice_names_both_rows():
    nine = {"pin_identity": "/p/9", "position": 1}
    same = pins(nine, {}, nine, nine | {"pin_identity": " /p/9"})
    result = checked(same)
    assert [(p.row, p.code, p.other) for p in result.problems.of_code("pin-repeated")] == [
        (4, "pin-repeated", 2),
        (5, "pin-repeated", 2),
    ]
    assert result.invalid.tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"position": 1}, {"position": "1,0"}),
        ({"pin_identity": 123}, {"pin_identity": "123"}),
        ({"is_bundle_pin": "no"}, {"is_bundle_pin": None}),
        ({"is_bundle_pin": "ano"}, {"is_bundle_pin": True}),
        ({"active_from": "2026-08-01"}, {"active_from": "2026-07-31T22:00Z"}),
        ({"tags": "a"}, {"tags": "b"}),  # tags are the scope's, not the pin's
    ],
)
def test_pins_are_the_same_by_what_their_cells_mean(one, other):
    twice = pins({"pin_identity": "/p/9", "position": 1} | one, {"pin_identity": "/p/9", "position": 1} | other)
    assert [code for _, _, code in found(twice)] == ["pin-repeated"]


def test_criteria_pins_are_the_same_if_equal_as_json():
    usual = {"pin_type": "criteria", "pin_identity": None, "position": 1}
    same = pins(usual | {"pin_criteria": '{"a": 1, "b": 2}'}, usual | {"pin_criteria": '{"b":2,"a":1.0}'})
    assert [code for _, _, code in found(same)] == ["pin-repeated"]


@pytest.mark.parametrize(
    "difference",
    [
        {"position": 2},
        {"widget_id": "w"},
        {"is_bundle_pin": "yes"},
        {"target_identity": "/p/2"},
        {"model": "favorites"},
    ],
)
def test_pins_that_differ_in_anything_are_two(difference):
    nine = {"pin_identity": "/p/9", "position": 1}
    assert [code for _, _, code in found(pins(nine, nine | difference)) if code != "position-shared"] == []


def test_two_unreadable_pins_are_not_called_the_same():
    assert {code for _, _, code in found(pins({"position": "x"}, {"position": "x"}))} == {"position-unreadable"}


@pytest.mark.parametrize("cells", [{"is_bundle_pin": "?"}, {"active_to": "soon"}, {"widget_id": 12.5}])
def test_a_pin_with_an_unreadable_cell_is_not_compared(cells):
    nine = {"pin_identity": "/p/9", "position": 1} | cells
    assert len({code for _, _, code in found(pins(nine, nine))}) == 1


def test_different_metadata_of_one_target_is_named_on_both_rows():
    result = checked(
        pins({"target_metadata.title": "A"}, {}, {"target_metadata.title": "B"}, {"target_metadata.title": "A"})
    )
    assert [(p.row, p.column, p.code, p.other, p.detail) for p in result.problems] == [
        (2, "target_metadata.title", "metadata-conflict", 4, "title"),
        (4, "target_metadata.title", "metadata-conflict", 2, "title"),
    ]


def test_metadata_is_compared_across_both_ways_to_write_it():
    objects = pins(
        {"target_metadata": '{"title": "A", "n": 1}'}, {"target_metadata.title": "B", "target_metadata.n": 1.0}
    )
    assert found(objects) == [
        (2, "target_metadata", "metadata-conflict"),
        (3, "target_metadata.title", "metadata-conflict"),
    ]


def test_the_first_row_is_the_one_that_others_contradict_whichever_column_it_uses():
    as_object, as_column = {"target_metadata": '{"title": "B"}'}, {"target_metadata.title": "A"}
    result = checked(pins({"target_metadata": None} | as_column, as_object, as_column))
    assert [(p.row, p.column, p.other) for p in result.problems] == [
        (2, "target_metadata.title", 3),
        (3, "target_metadata", 2),
    ]


def test_both_ways_on_one_row_must_agree():
    row = {"target_metadata": '{"title": "A"}', "target_metadata.title": "B"}
    assert found(pins(row)) == [(2, "target_metadata.title", "metadata-twice")]
    assert found(pins(row | {"target_metadata.title": "A"})) == []


def test_metadata_of_different_targets_may_differ():
    assert found(pins({"target_metadata.title": "A"}, {"target_identity": "/p/2", "target_metadata.title": "B"})) == []


@pytest.mark.parametrize(
    ("one", "other", "warned"),
    [
        ({}, {}, True),
        ({"widget_id": "a"}, {"widget_id": "b"}, False),
        ({"position": 1}, {"position": 2}, False),
        ({"position": -1}, {"position": -1}, False),
        ({"target_identity": "/p/1"}, {"target_identity": "/p/2"}, False),
        ({"active_to": "2026-08-01"}, {"active_from": "2026-08-02"}, False),
        ({"active_to": "2026-08-02"}, {"active_from": "2026-08-02"}, True),
        ({"active_to": "2026-08-02 10:00"}, {"active_from": "2026-08-02 10:00"}, False),  # one hands over to the other
        (
            {"active_from": "2026-08-01", "active_to": "2026-08-31"},
            {"active_from": "2026-08-10", "active_to": "2026-08-12"},
            True,
        ),
        ({"active_from": "2026-08-01"}, {}, True),
    ],
)
def test_two_pins_on_one_position(one, other, warned):
    usual = {"position": 1}
    result = checked(pins(usual | one, usual | other))
    assert [(p.row, p.code, p.other) for p in result.problems] == ([(3, "position-shared", 2)] if warned else [])
    assert not result.invalid.any()


def test_a_long_period_meets_every_shorter_one_within_it():
    periods = [
        ("2026-08-01", "2026-08-31"),
        ("2026-08-02", "2026-08-03"),
        ("2026-08-20", "2026-08-21"),
        ("2026-09-01", None),
    ]
    rows = [{"position": 1, "active_from": start, "active_to": end} for start, end in periods]
    assert [(p.row, p.other) for p in checked(pins(*rows)).problems] == [(3, 2), (4, 2)]


def test_places_do_not_mix_with_one_another():
    first = {"position": 1, "active_from": "2026-08-01"}
    second = {"position": 2, "active_from": "2026-08-01"}
    rows = (first, first, second, second | {"active_to": "2026-08-09"}, second)
    assert [(p.row, p.other) for p in checked(pins(*rows)).problems] == [(3, 2), (5, 4), (6, 4)]


def test_an_item_both_pinned_and_blocked():
    result = checked(pins({"pin_identity": "/p/9", "position": 0, "is_block_pin": "yes"}, {}, {"pin_identity": "/p/9"}))
    assert [(p.row, p.column, p.code, p.other) for p in result.problems if p.code == "pinned-and-blocked"] == [
        (2, "pin_identity", "pinned-and-blocked", 4)
    ]
    assert not result.invalid.any()


def test_a_period_that_is_over_is_a_warning():
    result = checked(
        pins({"active_to": "2026-05-31"}, {"active_to": "2026-06-01"}), now=datetime.fromisoformat("2026-06-01T10:00Z")
    )
    assert [(p.row, p.code) for p in result.problems] == [(2, "period-over")]
    assert not result.invalid.any()
