"""Every rule of the contract, one broken at a time, then several."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.sandbox.rules import details

PIN = {"position": 1, "pin_type": "item", "pin_identity": "/p/987"}
GOOD = {"model": "basket", "target_type": "item", "target_identity": "/p/123", "pin_definitions": [PIN]}
GONE = object()


def changed(thing: dict, changes: dict) -> dict:
    return {key: value for key, value in {**thing, **changes}.items() if value is not GONE}


def scope_with(**changes) -> dict:
    return details(changed(GOOD, changes))


def pin_with(**changes) -> list[str]:
    found = details({**GOOD, "pin_definitions": [changed(PIN, changes)]})
    assert not found.keys() - {"pin_definitions"}
    return found.get("pin_definitions", [])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pin_definitions": []},
        {"tags": []},
        {"tags": ["spring", "straps"]},
        {"target_metadata": {"title": "x", "price": 1.5}},
        {"target_metadata": {}},
        {"target_type": "all", "target_identity": GONE},
        {"target_type": "criteria", "target_identity": GONE, "target_criteria": {"a": None}},
    ],
)
def test_good_scopes(changes):
    assert scope_with(**changes) == {}


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"model": GONE}, "model", "Missing required field: model"),
        ({"model": ""}, "model", "Must be a non-empty string"),
        ({"model": None}, "model", "Must be a non-empty string"),
        ({"model": 5}, "model", "Must be a non-empty string"),
        ({"target_identity": 5}, "target_identity", "Must be a non-empty string"),
        ({"target_identity": GONE}, "target_identity", "Missing required field: target_identity"),
        ({"target_criteria": {"a": 1}}, "target_criteria", "Only allowed when target_type is criteria"),
        ({"tags": "spring"}, "tags", "Must be an array of strings"),
        ({"tags": ["spring", 5]}, "tags", "Must be an array of strings"),
        ({"tags": None}, "tags", "Must be an array of strings"),
        ({"target_metadata": "x"}, "target_metadata", "Must be an object"),
        ({"target_metadata": None}, "target_metadata", "Must be an object"),
        ({"pin_definitions": GONE}, "pin_definitions", "Missing required field: pin_definitions"),
        ({"pin_definitions": {}}, "pin_definitions", "Must be an array"),
        ({"pin_definitions": [5]}, "pin_definitions", "Must be an object"),
        ({"widget": "x"}, "widget", "Unknown field: widget"),
    ],
)
def test_broken_scopes(changes, field, text):
    assert scope_with(**changes) == {field: [text]}


@pytest.mark.parametrize("kind", [GONE, None, "page", "Item", ["item"], {}])
def test_the_target_type_is_one_of_three(kind):
    assert "target_type" in scope_with(target_type=kind)


@pytest.mark.parametrize("criteria", [{}, None, "x", []])
def test_target_criteria_are_an_object_with_something_in_it(criteria):
    found = scope_with(target_type="criteria", target_identity=GONE, target_criteria=criteria)
    assert found == {"target_criteria": ["Must be a non-empty object"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"position": -1},
        {"position": 0, "is_block_pin": True},
        {"position": 7, "is_block_pin": False, "is_bundle_pin": True},
        {"widget_id": "cart-bottom"},
        {"active_from": "2027-03-01T00:00:00+01:00", "active_to": "2027-03-31T21:59:59Z"},
        {"pin_type": "criteria", "pin_identity": GONE, "pin_criteria": {"brand": "Lorient"}},
    ],
)
def test_good_pins(changes):
    assert pin_with(**changes) == []


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"position": GONE}, "Missing required field: position"),
        ({"position": 1.0}, "position: Must be an integer"),
        ({"position": "1"}, "position: Must be an integer"),
        ({"position": True}, "position: Must be an integer"),
        ({"position": None}, "position: Must be an integer"),
        ({"position": -2}, "position: Must be -1, 0 or a positive integer"),
        ({"position": 0}, "is_block_pin: Must be true with position 0, and only there"),
        ({"is_block_pin": True}, "is_block_pin: Must be true with position 0, and only there"),
        ({"pin_identity": GONE}, "Missing required field: pin_identity"),
        ({"pin_identity": ""}, "pin_identity: Must be a non-empty string"),
        ({"pin_identity": 987}, "pin_identity: Must be a non-empty string"),
        ({"pin_criteria": {"a": 1}}, "pin_criteria: Only allowed when pin_type is criteria"),
        ({"widget_id": ""}, "widget_id: Must be a non-empty string"),
        ({"is_bundle_pin": "yes"}, "is_bundle_pin: Must be true or false"),
        ({"active_from": "2027-03-01"}, "active_from: Must be an ISO 8601 date-time with an offset"),
        ({"active_to": "2027-03-01T10:00:00"}, "active_to: Must be an ISO 8601 date-time with an offset"),
        ({"active_to": None}, "active_to: Must be an ISO 8601 date-time with an offset"),
        ({"active_to": "soon"}, "active_to: Must be an ISO 8601 date-time with an offset"),
        ({"ative_to": "2027-03-01T10:00:00Z"}, "Unknown field: ative_to"),
    ],
)
def test_broken_pins(changes, text):
    assert pin_with(**changes) == [text]


def test_with_several_pins_each_text_names_its_pin():
    pins = [PIN, {**PIN, "position": "x"}, {"pin_type": "item", "pin_identity": "x"}]
    assert details({**GOOD, "pin_definitions": pins})["pin_definitions"] == [
        "pin 2: position: Must be an integer",
        "pin 3: Missing required field: position",
    ]


def test_the_contracts_example_of_an_error():
    found = details({**GOOD, "target_type": "page", "pin_definitions": [{**changed(PIN, {"position": GONE})}]})
    assert found["pin_definitions"] == ["Missing required field: position"]
    assert found["target_type"] == ["Must be one of: item, criteria, all"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.sampled_from(["", "item", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", ""]), inner, max_size=2),
    max_leaves=4,
)


@given(
    scope=st.dictionaries(st.sampled_from([*GOOD, "tags", "target_criteria", "target_metadata", "x"]), json_values),
    pin=st.dictionaries(
        st.sampled_from([*PIN, "pin_criteria", "is_block_pin", "active_from", "widget_id"]), json_values
    ),
)
def test_no_json_object_breaks_the_rules_themselves(scope, pin):
    found = details({**scope, "pin_definitions": [pin]})
    assert all(texts and all(isinstance(text, str) for text in texts) for texts in found.values())
    json.dumps(found)
