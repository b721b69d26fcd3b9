"""A whole sheet through all the rules."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.cells import Broken, Clock, Flag, Moment, Number, Uncalculated
from importer.checking.values import Instant, Json
from importer.columns import COLUMNS
from importer.errors import UsageError
from importer.scopes import Scopes
from tests.builders import checked, pins, sheet


def test_typed_values_stand_over_the_rows_of_the_sheet():
    row = {"active_to": "2026-08-01T10:00Z", "target_metadata.n": 5, "tags": "a,b", "is_block_pin": "nie"}
    result = checked(pins({}, row, {"position": "x"}))
    assert result.typed.index.tolist() == [2, 3, 4]
    typed = result.typed.loc[3].to_dict()
    assert typed == {
        "model": "basket",
        "target_type": "item",
        "target_identity": "/p/1",
        "pin_type": "item",
        "position": 2,
        "pin_identity": "/p/101",
        "active_to": Instant("2026-08-01T10:00:00+00:00", 1785578400000),
        "target_metadata.n": Json("5", "5"),
        "tags": ("a", "b"),
        "is_block_pin": False,
    }
    assert result.typed["position"].isna().tolist() == [False, False, True]


def test_columns_of_the_users_own_are_not_typed():
    result = checked(pins({"Note": "x", "Import Result": "Created"}))
    assert not {"Note", "Import Result"} & set(result.typed.columns)


def test_dates_that_hide_a_time_are_whole_days_and_said_once():
    hidden = Moment(datetime(2026, 8, 1, 17, 30), has_time=False)
    result = checked(
        pins({}, {"active_from": hidden}, {"active_from": date(2026, 8, 1), "active_to": hidden}, {"active_to": hidden})
    )
    assert [(notice.code, notice.text) for notice in result.notices] == [
        (
            "hidden-times",
            "3 dates hide a time of day that the cell does not show, the first in G3; the whole day counts.",
        )
    ]
    assert result.typed["active_to"].iloc[2].text == "2026-08-01T23:59:59+02:00"
    assert checked(pins({"active_from": date(2026, 8, 1)})).notices == ()


def test_dates_in_two_orders_in_one_column_are_problems_that_name_another_row():
    twice = {"active_from": "3/13/2027"}
    result = checked(pins({"active_from": "3/3/2027"}, twice, {"active_from": "13/3/2027"}, twice))
    assert [(p.row, p.column, p.code, p.other, p.detail) for p in result.problems] == [
        (3, "active_from", "date-order-mixed", 4, "13/3/2027"),
        (4, "active_from", "date-order-mixed", 3, "3/13/2027"),
        (5, "active_from", "date-order-mixed", 4, "13/3/2027"),
    ]
    assert [p.code for p in checked(pins(twice, {"active_from": "13/3/2027"}), order="mdy").problems] == [
        "date-order-other"
    ]
    assert not len(checked(pins(twice, {"active_to": "13.4.2027"})).problems)


def test_dates_are_counted_by_cell():
    dates = {"active_from": "2026-07-01", "active_to": "2026-08-01 10:00"}
    result = checked(pins(dates, dates, {"active_from": "2026-07-01T00:00Z"}, {"active_to": "31.2.2026"}))
    assert (result.zoneless_dates, result.whole_days) == (4, 2)


def test_dates_without_a_zone_need_one():
    zoneless = pins({"active_from": date(2026, 7, 1)}, {"active_to": datetime(2026, 8, 1, 10)})
    with pytest.raises(UsageError, match=r"2 dates name.*they are in.*--timezone"):
        checked(zoneless, timezone=None)


@pytest.mark.parametrize("cell", [None, "2026-07-01T00:00Z", "31.2.2026", "soon"])
def test_no_zone_is_needed_where_no_date_would_take_it(cell):
    assert checked(pins({"active_from": cell}), timezone=None).zoneless_dates == 0


def test_a_date_that_stands_only_in_a_category_no_row_uses_needs_no_zone():
    found = pins({"active_from": "2026-07-01"}, {"active_from": None})
    assert checked(replace(found, frame=found.frame.iloc[1:]), timezone=None).zoneless_dates == 0


def test_a_sheet_without_rows_is_checked_too():
    empty = checked(sheet([column.name for column in COLUMNS], []))
    assert len(empty.problems) == len(Scopes(empty)) == 0


def test_a_hundred_thousand_invalid_rows_cost_no_message_each():
    rows = 100_000
    header = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity"]
    result = checked(sheet(header, [["basket", "item", None, "x", "item", "/p/1"]] * rows))
    assert [(found.code, found.count, found.rows) for found in result.problems.groups()] == [
        ("target-identity-missing", rows, tuple(range(2, 22))),
        ("position-unreadable", rows, tuple(range(2, 22))),
    ]
    numbers, _, texts = result.problems.comments()
    assert (len(numbers), len(texts)) == (rows, 1)


STRANGE = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(
        ["item", "criteria", "all", "yes", "1,0", "-1", "0", '{"a": 1}', "{", "2026-07-01", "03/04/2026", "#N/A"]
    ),
    st.builds(Number, st.integers() | st.floats(), st.none() | st.just("007")),
    st.builds(Flag, st.booleans()),
    st.builds(Moment, st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.booleans()),
    st.just(Clock("12:30")),
    st.just(Broken("#REF!")),
    st.just(Uncalculated("A1+1")),
)
HEADER = [*(column.name for column in COLUMNS), "target_metadata.title", "Note", "Customization ID"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(STRANGE, min_size=len(HEADER), max_size=len(HEADER)), max_size=6))
def test_no_sheet_is_too_strange(rows):
    result = checked(sheet(HEADER, rows))
    scopes = Scopes(result)
    assert len(list(result.problems)) == len(result.problems)
    assert len(result.problems.comments()[0]) == len({problem.row for problem in result.problems})
    assert all(result.invalid[at] for at, number in enumerate(scopes.of_row) if number < 0)
    assert [scopes[int(number)].number for number in scopes.ready.nonzero()[0]] == scopes.ready.nonzero()[0].tolist()
