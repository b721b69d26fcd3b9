"""One live customization: what it is for, what it is compared by, and that nothing a service may answer upsets it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.delivery.contents import TargetName, content_of
from importer.live.customization import Live, same_version, target_of
from importer.sandbox.filling import customizations
from importer.scopes import Scopes
from tests.builders import checked, pins
from tests.delivery.shop import scope

PIN = {"position": 1, "pin_type": "item", "pin_identity": "/p/9"}
BODY: dict[str, Any] = {
    "model": "basket",
    "target_type": "item",
    "target_identity": "/p/1",
    "tags": ["spring", "sale"],
    "pin_definitions": [PIN, PIN | {"position": 2, "active_to": "2026-12-24T23:59:59+01:00"}],
}
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()

slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [*BODY, "target_criteria", "target_metadata", "creator", "created_at", "available", "id", "updated_at"]
)


def live(**more: Any) -> Live:
    return Live("id-1", BODY | more)


def with_pins(*ends: Any) -> Live:
    return live(pin_definitions=[PIN | {"active_to": end} for end in ends])


@slowly
@given(st.dictionaries(NAMES, JSON))
def test_whatever_a_service_answers_is_understood_or_left_alone(fields):
    found = Live("id-1", fields)
    assert found.fields == fields
    assert found.version.isascii()
    assert same_version(found.version, Live("id-2", json.loads(json.dumps(fields))).version) == bool(found.version)
    for text in (found.creator, found.created_at):
        assert all(mark.isprintable() for mark in text)
    assert found.is_over(NOW) in {True, False}
    assert found.target is None or found.target.target_type == "all" or found.target.target
    assert (found.since is None) or found.since.tzinfo is UTC
    assert found.available in {True, False, None}


@slowly
@given(st.sampled_from(list(customizations(60, seed=3))), st.randoms(use_true_random=False))
def test_another_spelling_of_the_same_content_is_the_same_version(body, chance):
    pins, tags = list(body["pin_definitions"]), list(body.get("tags", []))
    chance.shuffle(pins)
    chance.shuffle(tags)
    mixed = {**body, "pin_definitions": pins, "tags": tags or None, "updated_at": 5, "id": "else"}
    keys = list(mixed)
    chance.shuffle(keys)
    assert Live("a", body).version == Live("b", {key: mixed[key] for key in keys}).version


@slowly
@given(st.sampled_from(list(customizations(60, seed=3))), st.sampled_from(["model", "pin_definitions"]))
def test_another_content_is_another_version(body, name):
    changed = {"model": body["model"] + "2", "pin_definitions": [*body["pin_definitions"], PIN | {"position": 99}]}
    assert not same_version(Live("a", body).version, Live("a", body | {name: changed[name]}).version)


def test_a_version_is_a_text_to_every_spreadsheet():
    assert live().version == "v5koz4ttq3soc"
    assert live(target_metadata={"title": "Ring"}).version == "v5koz4ttq3soc-eusafe"


def test_a_version_without_metadata_agrees_with_one_that_has_some():
    plain, one, other = live().version, live(target_metadata={"a": 1}).version, live(target_metadata={"a": 2}).version
    assert same_version(plain, one)
    assert same_version(one, plain)
    assert not same_version(one, other)
    assert same_version(one, live(target_metadata={"a": "1"}).version), "metadata are compared as cells show them"
    assert not same_version("", "")


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"target_type": "item", "target_identity": "/p/1"}, ("item", "/p/1")),
        ({"target_type": "item", "target_identity": 17}, ("item", "17")),
        ({"target_type": "item", "target_identity": 17.0}, ("item", "17")),
        ({"target_type": "item", "target_identity": " 007 "}, ("item", " 007 ")),
        ({"target_type": "item", "target_identity": "A", "target_criteria": {"b": 1}}, ("item", "A")),
        ({"target_type": "criteria", "target_criteria": {"b": 1.0, "a": [2]}}, ("criteria", '{"a":[2],"b":1}')),
        ({"target_type": "criteria", "target_criteria": "brand:x"}, ("criteria", '"brand:x"')),
        ({"target_type": "all"}, ("all", "")),
        ({"target_type": "all", "target_identity": None}, ("all", "")),
        ({"target_type": "item"}, None),
        ({"target_type": "item", "target_identity": ""}, None),
        ({"target_type": "criteria", "target_criteria": {}}, None),
        ({"target_identity": "/p/1"}, None),
        ({"target_type": None, "target_identity": "/p/1"}, None),
    ],
)
def test_targets(fields, target):
    assert target_of({"model": "basket", **fields}) == (target and TargetName("basket", *target))


def test_a_live_one_and_a_scope_of_one_target_have_one_name():
    one = scope(0, "/p/1")
    assert target_of(json.loads(one.body)) == TargetName(one.model, one.target_type, one.target)


@slowly
@given(st.dictionaries(st.text(min_size=1, max_size=5), JSON.filter(lambda value: value == value), min_size=1))
def test_the_name_of_criteria_is_that_of_the_sheets_scope(criteria):
    text = json.dumps(criteria, ensure_ascii=False)
    made = Scopes(checked(pins({"target_type": "criteria", "target_identity": None, "target_criteria": text})))
    for one in made if made.ready.all() else ():
        assert target_of(json.loads(one.body)) == TargetName(one.model, one.target_type, one.target)
        assert Live("x", json.loads(one.body)).equals(content_of(json.loads(one.body)))


def test_content_counts_metadata_only_where_they_are_told():
    ours = content_of(BODY | {"target_metadata": {"title": "Ring"}})
    assert live().equals(ours)
    assert live(target_metadata={"title": "Ring"}).equals(ours)
    assert not live(target_metadata=None).equals(ours)
    assert not live(tags=[]).equals(ours)
    assert live(tags=["sale", "spring", "spring"]).equals(ours)


def test_what_is_nested_too_deeply_equals_nothing_not_even_itself():
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    found = Live("x", BODY | {"target_type": "criteria", "target_criteria": deep})
    assert found.target is None
    assert found.version == ""
    assert not found.equals(found.content)
    plain = live(target_metadata=deep)
    assert plain.version == ""


@pytest.mark.parametrize(
    ("found", "over"),
    [
        (with_pins("2026-11-30T13:00:00+02:00"), True),
        (with_pins("2026-11-30T13:00:00+00:00"), False),
        (with_pins("2026-11-30T11:59:59Z", "2026-11-30T12:00:01Z"), False),
        (with_pins("2026-11-30T11:59:59Z", None), False),
        (with_pins("2026-11-30T11:59:59"), False),
        (with_pins("2026-11-29T11:59:59"), True),
        (with_pins("2026-11-29"), True),
        (with_pins("soon"), False),
        (with_pins(20260101), False),
        (live(pin_definitions=[]), False),
        (live(pin_definitions=None), False),
    ],
)
def test_it_is_over_when_the_period_of_each_pin_is_past_in_every_zone(found, over):
    assert found.is_over(NOW) is over
