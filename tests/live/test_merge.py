"""What a replacement sends, of what is live and what the sheet says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.delivery.contents import content_of
from importer.live.merge import merged
from importer.live.plan import Doubt, Wanted
from importer.live.raw import items, members

PIN_COLUMNS = frozenset({"position", "pin_type", "pin_identity", "pin_criteria", "active_from", "active_to"})
ALL = PIN_COLUMNS | {"model", "target_type", "target_identity", "tags", "target_metadata", "widget_id", "is_block_pin"}
HEAD = {"model": "basket", "target_type": "item", "target_identity": "/p/1"}


def pin(identity: str = "/p/9", position: int = 1, **more: Any) -> dict[str, Any]:
    return {"position": position, "pin_type": "item", "pin_identity": identity, **more}


def live(*pins: dict[str, Any], **more: Any) -> dict[str, Any]:
    service = {"id": "a-1", "creator": "eva", "created_at": "2026-01-01T00:00:00Z", "available": True}
    return {**service, **HEAD, "pin_definitions": list(pins), **more}


def sheet(*pins: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**HEAD, **more, "pin_definitions": list(pins)}


def merge(
    there: dict[str, Any], wanted: dict[str, Any], columns: frozenset[str] = ALL, metadata: bytes | None = b"{}"
) -> Any:
    found = merged(json.dumps(there).encode(), Wanted(json.dumps(wanted).encode(), columns, metadata))
    return found if isinstance(found, Doubt) else json.loads(found)


def test_what_the_service_sets_is_never_sent_back():
    assert merge(live(pin()), sheet(pin())) == sheet(pin())


def test_nulls_and_empty_fields_of_the_contract_are_never_sent_back():
    there = live(pin(pin_criteria=None, widget_id=""), target_criteria=None, tags=[], note=None)
    assert merge(there, sheet(pin())) == sheet(pin())


def test_fields_that_nobody_knows_go_back_as_they_came():
    text = '{"id": "1", "x": [1.10, 1E400, "\\u00e9"],\n "pin_definitions": [ {"position": 1, "pin_type": "item",'
    text += ' "pin_identity": "/p/9", "weight": 12345678901234567890.10, "id": 7} ], "target_type": "all"}'
    wanted = Wanted(json.dumps({"target_type": "all", "pin_definitions": [pin(active_to="2027-01-01")]}).encode(), ALL)
    found = merged(text.encode(), Wanted(wanted.body, ALL, b"{}"))
    assert isinstance(found, bytes)
    parts = members(found.decode())
    assert parts["x"] == '[1.10, 1E400, "\\u00e9"]'
    (only,) = items(parts["pin_definitions"])
    assert members(only) == {
        "position": "1",
        "pin_type": '"item"',
        "pin_identity": '"/p/9"',
        "weight": "12345678901234567890.10",
        "id": "7",
        "active_to": '"2027-01-01"',
    }


def test_a_column_that_the_sheet_lacks_keeps_what_is_live():
    there = live(pin(active_to="2026-12-24T23:59:59Z", widget_id="w"), tags=["a"])
    found = merge(there, sheet(pin(position=2)), frozenset({"position", "pin_type", "pin_identity"}))
    assert found == sheet(pin(position=2, active_to="2026-12-24T23:59:59Z", widget_id="w"), tags=["a"])


def test_an_empty_cell_of_a_column_that_it_has_clears():
    there = live(pin(active_to="2026-12-24T23:59:59Z", widget_id="w"), tags=["a"], target_metadata={"title": "x"})
    assert merge(there, sheet(pin())) == sheet(pin())


def test_equal_values_keep_the_spelling_of_the_service():
    there = live(pin(active_from="2026-12-01T00:00:00+00:00", is_block_pin=False), tags=["b", "a"])
    wanted = sheet(pin(active_from="2026-12-01T01:00:00+01:00"), pin("/p/8", 2), tags=["a", "b"])
    first = pin(active_from="2026-12-01T00:00:00+00:00", is_block_pin=False)
    assert merge(there, wanted) == sheet(first, pin("/p/8", 2), tags=["b", "a"])


@pytest.mark.parametrize(
    ("there", "wanted", "columns", "expected"),
    [
        ({"title": "x", "n": 42}, {"title": "y", "n": "42"}, {"target_metadata"}, {"title": "y", "n": 42}),
        ({"title": "x", "n": 42}, {"title": "y"}, {"target_metadata"}, {"title": "y"}),
        ({"title": "x", "n": 42}, {"title": "y"}, {"target_metadata.title"}, {"title": "y", "n": 42}),
        ({"title": "x", "n": 42}, None, {"target_metadata.title"}, {"n": 42}),
        ({"title": "x"}, None, {"target_metadata.title"}, None),
        (None, {"title": "y"}, {"target_metadata.title"}, {"title": "y"}),
        ({"title": "x"}, None, set(), {"title": "x"}),
    ],
)
def test_metadata_change_by_key_or_as_a_whole(there, wanted, columns, expected):
    more = {} if wanted is None else {"target_metadata": wanted}
    found = merge(live(pin(), target_metadata=there), sheet(pin(), **more), PIN_COLUMNS | columns)
    assert found.get("target_metadata") == expected


@pytest.mark.parametrize(
    ("known", "wanted", "columns", "expected"),
    [
        (b'{"title": "x"}', None, set(), {"title": "x"}),
        (b'{"title": "x"}', None, {"target_metadata"}, None),
        (b'{"title": "x", "a": 1}', {"title": "y"}, {"target_metadata.title"}, {"title": "y", "a": 1}),
        (b"{}", None, set(), None),
        (None, {"title": "y"}, {"target_metadata"}, {"title": "y"}),
        (None, {"title": "y"}, {"target_metadata.title"}, Doubt("metadata-hidden")),
        (None, None, {"target_metadata"}, Doubt("metadata-hidden")),
        (None, None, set(), Doubt("metadata-hidden")),
    ],
)
def test_metadata_that_the_get_does_not_show_come_from_whoever_knows(known, wanted, columns, expected):
    more = {} if wanted is None else {"target_metadata": wanted}
    found = merge(live(pin()), sheet(pin(), **more), PIN_COLUMNS | columns, known)
    assert (found if isinstance(found, Doubt) else found.get("target_metadata")) == expected


def test_a_product_in_the_place_of_another_keeps_the_period_and_not_what_was_said_of_the_other():
    there = live(pin("/p/9", active_to="2026-12-24T23:59:59Z", label="Strap"))
    found = merge(there, sheet(pin("/p/8")), frozenset({"position", "pin_type", "pin_identity"}))
    assert found["pin_definitions"] == [pin("/p/8", active_to="2026-12-24T23:59:59Z")]


def test_pins_equal_but_for_a_column_that_the_sheet_lacks_all_stay_for_their_one_row():
    december, january = pin(active_to="2026-12-24T00:00:00Z"), pin(active_to="2027-01-31T00:00:00Z")
    found = merge(live(december, january, tags=["a"]), sheet(pin()), ALL - {"active_to"})
    assert found == sheet(december, january)


def test_which_of_two_alike_a_changed_row_means_is_a_doubt():
    there = live(pin(active_to="2026-12-24T00:00:00Z"), pin(active_to="2027-01-31T00:00:00Z"))
    found = merge(there, sheet(pin(position=2)), frozenset({"position", "pin_type", "pin_identity"}))
    assert found == Doubt("pins-alike", "active_to")


def test_two_periods_of_one_pin_each_get_a_new_end():
    one, two = (
        pin(active_from="2026-12-01", active_to="2026-12-24"),
        pin(active_from="2027-02-01", active_to="2027-02-14"),
    )
    there = live({**one, "n": 1}, {**two, "n": 2})
    found = merge(there, sheet({**two, "active_to": "2027-03-01"}, {**one, "active_to": "2027-01-06"}))
    assert [(each["n"], each["active_to"]) for each in found["pin_definitions"]] == [
        (2, "2027-03-01"),
        (1, "2027-01-06"),
    ]


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"pin_definitions": 3}', b'{"pin_definitions": [1]}', b"\xff", b"{"])
def test_what_cannot_be_read_is_not_replaced(answer):
    assert merged(answer, Wanted(json.dumps(sheet(pin())).encode(), ALL, b"{}")) == Doubt("unreadable")


NESTED = b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def test_what_is_nested_too_deep_is_not_replaced():
    assert merged(NESTED, Wanted(json.dumps(sheet(pin())).encode(), ALL, b"{}")) == Doubt("unreadable")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(), deeper, max_size=3),
    max_leaves=8,
)
MOMENTS = st.sampled_from(["2026-12-01T00:00:00Z", "2026-12-24T23:59:59+01:00", "2027-01-31T00:00:00-05:00"])
PINS = st.fixed_dictionaries(
    {"position": st.integers(1, 3), "pin_type": st.just("item"), "pin_identity": st.sampled_from(["/p/7", "/p/8"])},
    optional={"active_from": MOMENTS, "active_to": MOMENTS, "widget_id": st.sampled_from(["a", "b"])},
)
UNKNOWN = st.dictionaries(st.text().map("x-".__add__), VALUES, max_size=3)


@given(st.lists(PINS, max_size=4), st.lists(PINS, max_size=4), UNKNOWN, st.lists(st.sampled_from("abc"), unique=True))
def test_with_all_columns_there_is_afterwards_what_the_sheet_says(there, wanted, unknown, tags):
    body = sheet(*wanted, tags=tags)
    found = merge(live(*there, **unknown), body)
    assert content_of(found) == content_of(body)
    assert {key: found[key] for key in unknown if key in found} == {k: v for k, v in unknown.items() if v is not None}


@given(VALUES)
def test_json_is_taken_apart_as_it_is_spelled(value):
    for indent in (None, 1):
        text = json.dumps({"a": value, "b": [value, value]}, indent=indent)
        parts = members(text)
        assert json.loads(parts["a"]) == value
        assert [json.loads(each) for each in items(parts["b"])] == [value, value]
