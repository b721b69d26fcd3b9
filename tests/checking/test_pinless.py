"""Rows of an export that stand for a customization without pins."""

import json

import pytest

from importer.scopes import Scopes
from tests.builders import checked, sheet

HEADER = [
    "model",
    "target_type",
    "target_identity",
    "tags",
    "position",
    "pin_type",
    "pin_identity",
    "Customization ID",
    "Live Version",
]


def found(*rows, header=HEADER):
    return checked(sheet(header, rows))


def row(target="/p/1", *pin, identity="id-1", version="v1"):
    return ["basket", "item", target, "a", *(pin or (None, None, None)), identity, version]


def bodies(checked_sheet):
    return [json.loads(scope.body) for scope in Scopes(checked_sheet)]


def test_it_is_a_customization_with_no_pins():
    (body,) = bodies(found(row()))
    assert (body["tags"], body["pin_definitions"]) == (["a"], [])


def test_its_target_is_checked_all_the_same():
    assert [problem.code for problem in found(row(target=None)).problems] == ["target-identity-missing"]


def test_a_row_with_a_pin_beside_it_counts_alone():
    sheet_of_two = found(row(), row("/p/1", 1, "item", "/p/9"))
    scopes = Scopes(sheet_of_two)
    assert [pin["pin_identity"] for pin in bodies(sheet_of_two)[0]["pin_definitions"]] == ["/p/9"]
    assert (scopes.rows(0).tolist(), scopes.pin_rows(0).tolist()) == ([2, 3], [3])


def test_it_is_no_heading_even_where_one_cell_is_all_it_has():
    all_of = [
        ["basket", "all", None, None, None, None, None, "id-1", "v1"],
        ["brand", "all", None, None, None, None, None, "id-2", "v2"],
    ]
    assert not [*found(*all_of).problems]


@pytest.mark.parametrize("changed", [{"identity": None}, {"version": None}, {"version": "  "}])
def test_without_its_id_or_version_a_row_has_lost_its_pin(changed):
    assert {problem.code for problem in found(row(**changed)).problems} >= {"position-missing", "pin-type-missing"}


def test_so_it_has_in_a_sheet_that_is_no_export():
    lost = found(row()[:-1], header=HEADER[:-1])
    assert {problem.code for problem in lost.problems} == {"position-missing", "pin-type-missing"}


def test_half_a_pin_is_a_mistake():
    assert {problem.code for problem in found(row("/p/1", None, "item", "/p/9")).problems} == {"position-missing"}
