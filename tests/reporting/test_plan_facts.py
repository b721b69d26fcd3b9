"""What an update will do, as people read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from importer.live.plan import (
    Change,
    Conflict,
    Create,
    Decision,
    Delete,
    Difference,
    Gone,
    Replace,
    Unchanged,
    UpdatePlan,
)
from importer.reporting import write_results
from importer.reporting.plan_facts import PlanLine, plan_json, plan_lines, shown
from importer.run import Run
from tests.builders import pins
from tests.reporting.making import finished, opened, table

PIN = {"position": 2, "pin_type": "item", "pin_identity": "/p/9", "widget_id": "cart"}


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("tags", None, ""),
        ("tags", ["a", "b"], "a, b"),
        ("tags", ["a", 3], '["a", 3]'),
        ("widget_id", "=1+1", "=1+1"),
        ("is_block_pin", False, "no"),
        ("is_bundle_pin", True, "yes"),
        ("position", 3, "3"),
        ("position", 1.5, "1.5"),
        ("pin_criteria", {"brand": "Žižka"}, '{"brand": "Žižka"}'),
        ("active_to", "2026-12-24T22:59:59Z", "2026-12-24 23:59:59"),
        ("active_to", "2026-12-24T22:59:59", "2026-12-24T22:59:59"),
        ("active_to", "at Christmas", "at Christmas"),
        ("active_to", 12, "12"),
        ("", PIN, "position 2: /p/9, widget cart"),
        ("", {**PIN, "active_to": "2026-12-24T22:59:59Z"}, "position 2: /p/9, widget cart, to 2026-12-24 23:59:59"),
        ("", {"pin_criteria": {"a": 1}}, 'position ?: {"a": 1}'),
    ],
)
def test_values_are_shown_as_a_person_would_type_them(column, value, expected):
    assert shown(column, value, "Europe/Bratislava") == expected


def test_without_a_zone_times_stand_as_the_service_spells_them():
    assert shown("active_to", "2026-12-24T22:59:59Z", "") == "2026-12-24T22:59:59Z"


def planned(*decisions: Decision) -> Run:
    sheet = pins(*({"target_identity": f"/p/{number}"} for number in range(len(decisions))))
    return replace(finished(sheet), update=UpdatePlan(dict(enumerate(decisions)), live=40))


REPLACED = Replace(
    Change("replace", 1, "id-1", "v"),
    (Difference(3, "position", 1, 2), Difference(3, "", None, PIN), Difference(None, "", PIN, None)),
    "eva",
)
ONE_OF_EACH: tuple[Decision, ...] = (
    Create(),
    REPLACED,
    Delete(Change("delete", 2, "id-2", "v"), 3, "adam"),
    Unchanged("id-3"),
    Gone("id-4"),
    Conflict("stale", "id-5"),
)


def test_each_change_is_a_line():
    text = "position 2: /p/9, widget cart"
    assert list(plan_lines(planned(*ONE_OF_EACH))) == [
        PlanLine(1, "id-1", "changed", 3, "position", "1", "2", "eva"),
        PlanLine(1, "id-1", "added", 3, "", "", text, "eva"),
        PlanLine(1, "id-1", "removed", None, "", text, "", "eva"),
        PlanLine(2, "id-2", "deleted", 4, "", "3 pins", "", "adam"),
    ]


def test_the_json_counts_words_cells_and_pins():
    run = planned(*ONE_OF_EACH)
    found = plan_json(run)
    assert found is not None
    assert [found[key] for key in ("create", "unchanged", "replace", "delete", "gone", "conflict")] == [1] * 6
    assert [found[key] for key in ("cells", "pins_added", "pins_removed")] == [1, 1, 1]
    assert [line["change"] for line in found["first"]] == ["changed", "added", "removed", "deleted"]
    assert found["first"][2]["row"] is None
    assert plan_json(finished(pins({}))) is None


def test_the_sheet_plan_names_rows_of_its_own_workbook(tmp_path):
    path = write_results(planned(*ONE_OF_EACH), tmp_path / "results.xlsx")
    lines = table(path, "Plan")
    assert [line["What"] for line in lines] == ["Cell changed", "Pin added", "Pin removed", "Customization deleted"]
    assert [line["Row"] for line in lines] == [3, 3, None, 4]
    assert lines[0]["Live Value"] == "1"
    assert lines[3]["Target"] == "/p/2"
    assert opened(path).sheetnames == ["Results", "Plan", "Scopes", "Problems", "Summary"]


def test_without_an_update_there_is_no_such_sheet(tmp_path):
    path = write_results(finished(pins({})), tmp_path / "results.xlsx")
    assert "Plan" not in opened(path).sheetnames


def test_nothing_of_a_plan_is_a_formula(tmp_path):
    change = Replace(Change("replace", 0, "id", "v"), (Difference(2, "widget_id", "=1+1", "@x"),))
    path = write_results(planned(change), tmp_path / "results.xlsx")
    cells = [cell for row in opened(path)["Plan"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
