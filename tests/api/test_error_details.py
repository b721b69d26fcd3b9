"""`exception_details` in the shapes that services of this kind use: each complaint on its pin and column."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.api.error_details import LONGEST, MOST, FieldError, parse_details

MISSING = "Missing required field: position"


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (
            {"pin_definitions": [MISSING], "target_type": ["Must be one of: item, criteria, all"]},
            [
                FieldError(None, "position", MISSING),
                FieldError(None, "target_type", "Must be one of: item, criteria, all"),
            ],
        ),
        ({"pin_definitions": [f"pin 3: {MISSING}"]}, [FieldError(2, "position", MISSING)]),
        ({"pin_definitions": ["Pin #1 is odd"]}, [FieldError(0, None, "is odd")]),
        ({"pin_definitions": ["[1] bad"]}, [FieldError(1, None, "bad")]),
        ({"pin_definitions": ["pin 9: bad"]}, [FieldError(None, None, "pin 9: bad")]),
        ({"pin_definitions": ["pin_identity: Only allowed when pin_type is item"]},
         [FieldError(None, "pin_identity", "pin_identity: Only allowed when pin_type is item")]),
        ({"pin_definitions": ["pin_type, pin_identity differ"]},
         [FieldError(None, None, "pin_type, pin_identity differ")]),
        ({"pin_definitions[2].position": ["bad"]}, [FieldError(2, "position", "bad")]),
        ({"pin_definitions.1.pin_type": "bad"}, [FieldError(1, "pin_type", "bad")]),
        ({"/pin_definitions/0/active_to": "bad"}, [FieldError(0, "active_to", "bad")]),
        ({"pin_definitions": {"0": {"position": ["a"], "active_to": ["b"]}}},
         [FieldError(0, "position", "a"), FieldError(0, "active_to", "b")]),
        ({"pin_definitions": {"7": {"position": ["a"]}}}, [FieldError(None, "position", "a")]),
        ({"pin_definitions": [{}, {"position": ["a"]}]}, [FieldError(1, "position", "a")]),
        ({"pin_definitions": [[], ["widget_id is long"]]}, [FieldError(1, "widget_id", "widget_id is long")]),
        ({"target_metadata": {"title": ["too long"]}}, [FieldError(None, "target_metadata", "too long")]),
        ("Just no", [FieldError(None, None, "Just no")]),
        (["a", "a", {"b": 0}], [FieldError(None, None, "a"), FieldError(None, None, "0")]),
        (False, [FieldError(None, None, "false")]),
        ({"x": "\x1b[31mred"}, [FieldError(None, None, "[31mred")]),
        (None, []),
        ({}, []),
        ([[], "", {"a": None}], []),
    ],
)  # fmt: skip
def test_where_a_complaint_belongs(details, expected):
    assert list(parse_details(details, 3)) == expected


def test_long_and_many_complaints_are_cut():
    assert len(parse_details("x" * 9999, 1)[0].text) == LONGEST
    assert len(parse_details([str(number) for number in range(9999)], 1)) == MOST


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["pin_definitions", "0", "position", "pin_definitions[1]", "x.y"]), inner, max_size=3
        )
    ),
    max_leaves=20,
)


@given(JSON, st.integers(1, 4))
def test_nothing_raises_and_no_pin_is_named_that_is_not_there(details, pins):
    for mark in parse_details(json.loads(json.dumps(details)), pins):
        assert mark.pin is None or 0 <= mark.pin < pins
        assert mark.text.isprintable()


def test_a_text_of_a_million_letters_is_cut_before_anything_looks_at_it():
    began = time.monotonic()
    for text in ("a" * 1_000_000, "a_" * 500_000, "[" * 1_000_000, "9" * 1_000_000):
        marks = parse_details({"pin_definitions": [text], text: [text]}, 3)
        assert all(len(mark.text) <= LONGEST for mark in marks)
    assert time.monotonic() - began < 2.0
