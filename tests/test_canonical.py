"""What counts when two customizations are compared."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.canonical import canonical_json, canonical_projection

PIN = {"position": 1, "pin_type": "item", "pin_identity": "/p/9"}
WHOLE = {
    "model": "basket",
    "target_type": "criteria",
    "target_criteria": {"category": "Watches", "price": {"gte": 1.5}},
    "tags": ["spring", "sale"],
    "target_metadata": {"title": "Ž"},
    "pin_definitions": [PIN, {"position": 0, "pin_type": "item", "pin_identity": "/p/8", "is_block_pin": True}],
}


def same(one, other) -> bool:
    return canonical_projection(one) == canonical_projection(other)


def with_pin(**fields):
    return WHOLE | {"pin_definitions": [PIN | fields]}


@pytest.mark.parametrize("nothing", [None, False, "", [], {}])
@pytest.mark.parametrize("field", ["target_identity", "tags", "target_metadata", "target_criteria", "pin_definitions"])
def test_an_empty_field_is_as_good_as_missing(field, nothing):
    without = {name: value for name, value in WHOLE.items() if name != field}
    assert same(without, without | {field: nothing})


@pytest.mark.parametrize("nothing", [None, False, "", [], {}])
@pytest.mark.parametrize("field", ["widget_id", "is_block_pin", "is_bundle_pin", "active_from", "pin_criteria"])
def test_an_empty_field_of_a_pin_is_as_good_as_missing(field, nothing):
    assert same(with_pin(), with_pin(**{field: nothing}))


def test_zero_is_not_nothing():
    assert not same(with_pin(position=0), with_pin(position=None))


@pytest.mark.parametrize(
    "added", [{"id": "x"}, {"creator": "me"}, {"created_at": "2025-01-20T12:00:00Z"}, {"available": True}, {"new": 1}]
)
def test_what_servers_add_is_ignored(added):
    assert same(WHOLE, WHOLE | added)
    assert same(with_pin(), with_pin(**added))


def test_the_order_of_tags_keys_and_pins_does_not_count():
    assert same(WHOLE, dict(reversed(WHOLE.items())))
    assert same(WHOLE, WHOLE | {"tags": ["sale", "spring"]})
    assert same(WHOLE, WHOLE | {"target_criteria": {"price": {"gte": 1.5}, "category": "Watches"}})
    assert not same(WHOLE, WHOLE | {"tags": ["sale"]})
    assert same(WHOLE, WHOLE | {"pin_definitions": WHOLE["pin_definitions"][::-1]})


def test_pins_are_compared_in_the_order_of_their_positions_as_numbers():
    pins = [{"position": place, "pin_identity": text} for place, text in [(-1, "z"), (2, "b"), (2, "a"), (10, "a")]]
    text = canonical_projection({"pin_definitions": pins[::-1]}).decode()
    assert [pin["position"] for pin in json.loads(text)["pin_definitions"]] == [-1, 2, 2, 10]
    assert text.index('"a"') < text.index('"b"')


def test_a_pin_more_or_the_positions_of_two_pins_exchanged_is_another_content():
    pins = [{"position": 1, "pin_identity": "a"}, {"position": 2, "pin_identity": "b"}]
    exchanged = [{"position": 2, "pin_identity": "a"}, {"position": 1, "pin_identity": "b"}]
    assert not same(WHOLE | {"pin_definitions": pins}, WHOLE | {"pin_definitions": exchanged})
    assert not same(WHOLE | {"pin_definitions": pins}, WHOLE | {"pin_definitions": [*pins, pins[0]]})


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (100, 1e2), (1.5, 1.50), (0, -0.0), (10**20, 1e20)])
def test_numbers_are_compared_by_value(one, other):
    assert same(WHOLE | {"target_criteria": {"n": one}}, WHOLE | {"target_criteria": {"n": other}})
    assert same(with_pin(position=one), with_pin(position=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"n": None}, {}),
        ({"n": False}, {"n": None}),
        ({"n": ""}, {"n": []}),
        ({"n": 1}, {"n": True}),
        ({"n": 1}, {"n": "1"}),
    ],
)
def test_inside_criteria_nothing_is_taken_for_something_else(one, other):
    assert not same(WHOLE | {"target_criteria": {"a": one}}, WHOLE | {"target_criteria": {"a": other}})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (42, "42"),
        (42.0, "42"),
        (12.5, "12.5"),
        (1e-7, "0.0000001"),
        (-3, "-3"),
        (True, "TRUE"),
        (True, "true"),
        ("False", False),
    ],
)
def test_in_metadata_a_number_and_a_text_that_show_the_same_are_the_same(one, other):
    assert same(WHOLE | {"target_metadata": {"n": one}}, WHOLE | {"target_metadata": {"n": other}})
    assert not same(WHOLE | {"target_metadata": {"n": [one]}}, WHOLE | {"target_metadata": {"n": [other]}})


@pytest.mark.parametrize(
    ("one", "other"), [(42, "42.0"), (1, True), ("1", True), (None, ""), (None, "null"), (0, False), ({}, "{}")]
)
def test_in_metadata_what_shows_otherwise_differs(one, other):
    assert not same(WHOLE | {"target_metadata": {"n": one}}, WHOLE | {"target_metadata": {"n": other}})


@pytest.mark.parametrize(
    "spelling",
    [
        "2026-07-01T00:00:00+02:00",
        "2026-06-30T22:00:00Z",
        "2026-06-30T22:00:00.000Z",
        "2026-06-30T22:00:00",
        "20260630T220000Z",
    ],
)
def test_dates_are_compared_as_instants(spelling):
    assert same(with_pin(active_from="2026-07-01T00:00:00+02:00"), with_pin(active_from=spelling))


@pytest.mark.parametrize("other", ["2026-07-01T00:00:00+01:00", "2026-07-01T00:00:00.5+02:00", "soon", 5, True])
def test_other_dates_differ(other):
    assert not same(with_pin(active_from="2026-07-01T00:00:00+02:00"), with_pin(active_from=other))


def test_the_last_instants_of_the_calendar_do_not_overflow():
    assert not same(with_pin(active_to="9999-12-31T23:59:59-05:00"), with_pin(active_to="9999-12-31T23:59:59+14:00"))


@pytest.mark.parametrize(
    "field", ["model", "target_type", "target_criteria", "tags", "target_metadata", "pin_definitions"]
)
def test_every_field_of_the_contract_counts(field):
    assert not same(WHOLE, WHOLE | {field: "other"})
    assert not same(WHOLE, {name: value for name, value in WHOLE.items() if name != field})


@pytest.mark.parametrize(
    "field", ["position", "pin_type", "pin_identity", "pin_criteria", "widget_id", "is_bundle_pin"]
)
def test_every_field_of_a_pin_counts(field):
    assert not same(with_pin(), with_pin(**{field: "other"}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
FIELDS = st.sampled_from([*WHOLE, *PIN, "active_from", "id"])


@given(st.dictionaries(FIELDS, JSON) | st.just(WHOLE), st.lists(st.dictionaries(FIELDS, JSON) | JSON, max_size=2))
def test_whatever_a_server_answers_can_be_compared(answer, pins):
    answer = answer | {"pin_definitions": pins}
    before = copy.deepcopy(answer)
    assert same(answer, json.loads(json.dumps(answer)))
    assert repr(answer) == repr(before)


@given(st.lists(st.dictionaries(FIELDS, JSON) | JSON, max_size=5), st.randoms())
def test_pins_in_another_order_are_the_same_content_whatever_they_hold(pins, random):
    shuffled = random.sample(pins, len(pins))
    assert same(WHOLE | {"pin_definitions": pins}, WHOLE | {"pin_definitions": shuffled})


@given(JSON, JSON)
def test_equal_texts_mean_equal_values(one, other):
    assert (canonical_json(one) == canonical_json(other)) == (typed(one) == typed(other))


def typed(value):
    """A value that compares as JSON does: true is not 1, and NaN is itself."""
    match value:
        case dict():
            return {key: typed(inner) for key, inner in value.items()}
        case list():
            return [typed(inner) for inner in value]
        case bool() | None | str():
            return (type(value).__name__, value)
        case _:
            return "nan" if value != value else value
