"""Pins to scopes: by key, in order, each pin once; bodies as the contract has them; what holds a scope back."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.canonical import canonical_projection
from importer.cells import Flag, Number
from importer.columns import COLUMNS
from importer.import_key import key_of
from importer.scopes import Scopes
from tests.builders import checked, date, pins, sheet


def scopes_of(sheet_):
    return Scopes(checked(sheet_))


def bodies(sheet_):
    return [json.loads(scope.body) for scope in scopes_of(sheet_)]


# ── Bodies ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_body_is_the_contract_field_for_field():
    header = [column.name for column in COLUMNS]
    row = {
        "model": "basket",
        "target_type": "item",
        "target_identity": "/p/1/",
        "target_metadata": '{"title": "Ž", "n": 1.50}',
        "tags": "spring, sale",
        "position": 1,
        "pin_type": "item",
        "pin_identity": "00123",
        "widget_id": "cart",
        "is_block_pin": "no",
        "is_bundle_pin": "áno",
        "active_from": date(2026, 7, 1),
        "active_to": "31.7.2026",
    }
    (scope,) = scopes_of(sheet(header, [[row.get(name) for name in header]]))
    assert scope.body.decode() == (
        '{"model":"basket","target_type":"item","target_identity":"/p/1/","tags":["spring","sale"],'
        '"target_metadata":{"title":"Ž","n":1.50},"pin_definitions":[{"position":1,"pin_type":"item",'
        '"pin_identity":"00123","widget_id":"cart","is_block_pin":false,"is_bundle_pin":true,'
        '"active_from":"2026-07-01T00:00:00+02:00","active_to":"2026-07-31T23:59:59+02:00"}]}'
    )
    assert (scope.number, scope.rows) == (0, (2,))
    assert (scope.model, scope.target_type, scope.target) == ("basket", "item", "/p/1/")


def test_empty_cells_are_left_out_never_sent_as_nothing():
    assert bodies(pins({"widget_id": " ", "is_block_pin": None, "tags": ",", "target_metadata.title": None})) == [
        {
            "model": "basket",
            "target_type": "item",
            "target_identity": "/p/1",
            "pin_definitions": [{"position": 1, "pin_type": "item", "pin_identity": "/p/100"}],
        }
    ]


def test_all_and_criteria_targets_and_pins():
    everywhere, watches = bodies(
        pins(
            {"target_type": "all", "target_identity": None, "position": -1},
            {
                "target_type": "criteria",
                "target_identity": None,
                "target_criteria": '{"category": ["Watches"]}',
                "pin_type": "criteria",
                "pin_identity": None,
                "pin_criteria": '{"brand": "Lorient"}',
            },
        )
    )
    assert "target_identity" not in everywhere
    assert everywhere["pin_definitions"][0]["position"] == -1
    assert watches["target_criteria"] == {"category": ["Watches"]}
    assert watches["pin_definitions"] == [{"position": 2, "pin_type": "criteria", "pin_criteria": {"brand": "Lorient"}}]


def test_a_block_pin():
    (body,) = bodies(pins({"position": 0, "is_block_pin": "yes"}))
    assert body["pin_definitions"] == [
        {"position": 0, "pin_type": "item", "pin_identity": "/p/100", "is_block_pin": True}
    ]


def test_a_text_is_sent_byte_for_byte():
    awkward = 'a"b\\c/ž😀'
    (scope,) = scopes_of(pins({"pin_identity": awkward}))
    assert json.loads(scope.body)["pin_definitions"][0]["pin_identity"] == awkward
    assert "😀".encode() in scope.body


# ── Grouping ────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_of_one_target_form_one_scope_wherever_they_stand():
    scopes = scopes_of(pins({}, {"target_identity": "/p/2"}, {"model": " basket "}, {"target_identity": "/p/2"}, {}))
    assert [scope.rows for scope in scopes] == [(2, 4, 6), (3, 5)]
    assert [scopes.rows(number).tolist() for number in range(2)] == [[2, 4, 6], [3, 5]]
    assert scopes.of_row.tolist() == [0, 1, 0, 1, 0]
    assert scopes.pins.tolist() == [3, 2]
    positions = [pin["position"] for pin in json.loads(scopes[0].body)["pin_definitions"]]
    assert positions == [1, 3, 5]


def test_criteria_that_are_equal_as_json_are_one_target_spelled_as_in_its_first_row():
    usual = {"target_type": "criteria", "target_identity": None}
    (scope,) = scopes_of(
        pins(usual | {"target_criteria": '{"b": 1.50, "a": 1e2}'}, usual | {"target_criteria": '{"a":100,"b":1.5}'})
    )
    assert b'"target_criteria":{"b":1.50,"a":1e2}' in scope.body
    assert scope.target == '{"a":100,"b":1.5}'


def test_targets_of_different_types_are_never_one():
    assert (
        len(scopes_of(pins({}, {"target_type": "criteria", "target_identity": None, "target_criteria": '{"a":1}'})))
        == 2
    )


def test_a_number_and_its_digits_are_one_identity_but_zeros_count():
    assert len(scopes_of(pins({"target_identity": 123}, {"target_identity": "123"}, {"target_identity": "0123"}))) == 2


def test_metadata_and_tags_may_stand_on_any_row():
    scopes = scopes_of(
        pins(
            {"tags": "a"},
            {"target_metadata.title": "T", "tags": "b, a"},
            {"target_metadata": '{"image": "i.jpg", "title": "T"}'},
            {"target_metadata.n": 5},
        )
    )
    body = json.loads(scopes[0].body)
    assert body["tags"] == ["a", "b"]
    assert body["target_metadata"] == {"title": "T", "image": "i.jpg", "n": 5}
    (notice,) = scopes.notices
    assert notice.code == "tags-united"
    assert "rows 2 and 3" in notice.text


@pytest.mark.parametrize(
    ("cells", "sent"),
    [
        ((42, "42", '{"n": 42.0}'), b'"target_metadata":{"n":42}'),
        (("42", 42, '{"n": "42"}'), b'"target_metadata":{"n":"42"}'),
        ((True, "TRUE", '{"n": true}'), b'"target_metadata":{"n":true}'),
        ((12.5, "12.5", '{"n": 12.50}'), b'"target_metadata":{"n":12.5}'),
    ],
)
def test_metadata_that_show_the_same_are_one_value_and_the_first_spelling_is_sent(cells, sent):
    number, text, whole = cells
    rows = [{"target_metadata.n": number}, {"target_metadata.n": text}, {"target_metadata": whole}]
    assert not len(checked(pins(*rows)).problems)
    (scope,) = scopes_of(pins(*rows))
    assert sent in scope.body
    alone = [scopes_of(pins(row))[0].canonical for row in rows]
    assert alone[0] == alone[1] == alone[2]


def test_metadata_is_spelled_as_in_its_first_row():
    (scope,) = scopes_of(pins({"target_metadata": '{"n": 1.50}'}, {"target_metadata": '{"n": 1.5}'}))
    assert b'"target_metadata":{"n":1.50}' in scope.body


def test_the_same_tags_in_another_order_are_no_difference():
    assert scopes_of(pins({"tags": "a,b"}, {"tags": "b;a"}, {"tags": None})).notices == ()


def test_labels_need_no_body():
    scopes = scopes_of(
        pins({"target_type": "criteria", "target_identity": None, "target_criteria": '{ "a": 1.0 }'}, {"position": "x"})
    )
    assert [scopes.label(number) for number in range(2)] == [
        ("basket", "criteria", '{"a":1.0}'),
        ("basket", "item", "/p/1"),
    ]


# ── Held back ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_scope_with_an_invalid_row_is_held_back_whole():
    scopes = scopes_of(pins({}, {"target_identity": "/p/2"}, {"position": "x"}, {"position": "y"}))
    assert scopes.ready.tolist() == [False, True]
    assert scopes.blocker.tolist() == [4, 0]
    with pytest.raises(ValueError, match="row 4"):
        scopes[0]


@pytest.mark.parametrize(
    "unclear",
    [
        {"model": None},
        {"target_type": None},
        {"target_type": "x"},
        {"target_identity": None},
        {"target_identity": 1e20},
    ],
)
def test_a_row_whose_scope_cannot_be_told_holds_back_its_nearest_neighbours(unclear):
    scopes = scopes_of(
        pins(
            {"target_identity": "/a"},
            {"target_identity": "/b"},
            unclear,
            unclear,
            {"target_identity": "/c"},
            {"target_identity": "/d"},
        )
    )
    assert scopes.of_row.tolist() == [0, 1, -1, -1, 2, 3]
    assert scopes.ready.tolist() == [True, False, False, True]
    assert scopes.blocker.tolist() == [0, 4, 4, 0]


def test_a_scopes_own_invalid_row_is_named_before_a_neighbour():
    scopes = scopes_of(pins({"model": None}, {}, {"position": "x"}))
    assert scopes.blocker.tolist() == [4]


def test_such_a_row_at_either_end_has_one_neighbour():
    scopes = scopes_of(pins({"model": None}, {"target_identity": "/a"}, {"target_identity": "/b"}, {"model": None}))
    assert scopes.blocker.tolist() == [2, 5]
    assert len(scopes_of(pins({"model": None}))) == 0


def test_a_row_that_is_too_long_holds_back_its_own_scope():
    header = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity"]
    rows = [["basket", "item", f"/p/{n}", 1, "item", "/p/9"] for n in range(3)]
    scopes = scopes_of(sheet(header, rows, surplus={3: "x"}))
    assert scopes.blocker.tolist() == [0, 3, 0]


# ── Read back ───────────────────────────────────────────────────────────────────────────────────────────


def test_ids_of_an_earlier_run_come_with_their_rows():
    scopes = scopes_of(
        pins(
            {"Customization ID": "id-1"},
            {"target_identity": "/p/2"},
            {},
            {"target_identity": "/p/3", "Customization ID": " "},
        )
    )
    assert scopes.earlier(0) == {("id-1", ""): 1, ("", ""): 1}
    assert scopes.earlier(1) == {("", ""): 1}
    assert scopes.has_earlier_ids.tolist() == [True, False, False]
    assert scopes_of(pins({}, {})).earlier(0) == {("", ""): 2}


def test_import_keys_of_an_earlier_run_come_with_their_rows():
    scopes = scopes_of(pins({"Customization ID": "id-1", "Import Key": " T1 "}, {"Import Key": "T1"}, {}))
    assert scopes.earlier(0) == {("id-1", "T1"): 1, ("", "T1"): 1, ("", ""): 1}


def test_the_key_of_a_scope_tells_target_content_and_pins_and_nothing_of_the_file():
    two_pins = [{"position": 1, "pin_identity": "/p/8"}, {"position": 2, "pin_identity": "/p/9"}]
    one, two = scopes_of(pins(*two_pins)), scopes_of(pins({"target_identity": "/p/0"}, *two_pins))
    assert one.key(0) == two.key(1)
    assert one.key(0).pins == 2
    changed = scopes_of(pins({}, {"position": 7})).key(0)
    assert (changed.target, changed.content == one.key(0).content) == (one.key(0).target, False)
    assert scopes_of(pins({"position": "x"}, {})).key(0) == one.key(0)._replace(content=None)
    assert key_of(one[0]) == one.key(0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{}, {}], ["had 3 rows when it was checked, has 2 now"]),
        ([{}, {}, {}], []),
        ([{}, {"target_identity": "/p/2"}], ["had 3 rows when it was checked, has 1 now"]),
        ([{"target_identity": "/p/2"}], []),
    ],
)
def test_a_scope_with_fewer_rows_than_its_key_says_is_named(rows, said):
    key = str(scopes_of(pins({}, {}, {})).key(0))
    notices = scopes_of(pins(*rows, **{"Import Key": key})).notices
    assert [notice.severity for notice in notices] == ["warning"] * len(said)
    assert all(part in notice.text for part, notice in zip(said, notices, strict=True))


def test_scopes_are_a_sequence():
    scopes = scopes_of(pins({}, {"target_identity": "/p/2"}, {"target_identity": "/p/3"}))
    assert [scope.number for scope in scopes[1:]] == [1, 2]
    assert scopes[-1].number == 2
    assert scopes[0] == scopes[0]
    with pytest.raises(IndexError):
        scopes[3]
    assert list(scopes_of(sheet(["model", "target_type", "position", "pin_type"], []))) == []


# ── For all sheets ──────────────────────────────────────────────────────────────────────────────────────

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Cs"]), min_size=1, max_size=4
)
CRITERIA = st.sampled_from(['{"a": 1}', '{ "a": 1.0 }', '{"a": [1.50, "x"], "b": {"c": null}}', '{"ž": "\\u017e"}'])
PERIOD = st.sampled_from(
    [None, "2026-08-01", "1. 8. 2026 0:00", "2026-08-01T00:00:00+02:00", "2026-08-01T00:00:00.250Z"]
)
YES_NO = st.sampled_from([None, "yes", "nie", Flag(True), Flag(False)])


@st.composite
def rows(draw):
    """A valid row; few targets, so that they meet."""
    kind = draw(st.sampled_from(["item", "criteria", "all"]))
    pin = draw(st.sampled_from(["item", "criteria"]))
    block = draw(st.booleans())
    return {
        "model": draw(st.sampled_from(["basket", "favorites"])),
        "target_type": kind,
        "target_identity": draw(st.sampled_from(["/p/1", Number(2), "2"])) if kind == "item" else None,
        "target_criteria": draw(CRITERIA) if kind == "criteria" else None,
        "tags": draw(st.sampled_from([None, "a", "b, a", "č;d"])),
        "target_metadata": draw(st.sampled_from([None, '{"n": 1.50, "m": {"b": 1, "a": 2}, "t": true, "u": "42"}'])),
        "target_metadata.title": draw(st.sampled_from([None, "T", ""])),
        "position": 0 if block else draw(st.integers(1, 10**6)),
        "pin_type": pin,
        "pin_identity": draw(TEXT) if pin == "item" else None,
        "pin_criteria": draw(CRITERIA) if pin == "criteria" else None,
        "widget_id": draw(st.none() | TEXT),
        "is_block_pin": "yes" if block else draw(st.sampled_from([None, "no"])),
        "is_bundle_pin": draw(YES_NO),
        "active_from": draw(PERIOD),
    }


few = settings(max_examples=30, deadline=None)


def table(rows_):
    header = list(rows_[0])
    return sheet(header, [[row[name] for name in header] for row in rows_])


@few
@given(st.lists(rows(), min_size=1, max_size=12))
def test_every_pin_is_sent_exactly_once_and_in_order(rows_):
    result = checked(table(rows_))
    scopes = Scopes(result)
    by_scope = [scopes.rows(number).tolist() for number in range(len(scopes))]
    assert Counter(row for scope in by_scope for row in scope) == Counter(range(2, len(rows_) + 2))
    assert all(scope == sorted(scope) for scope in by_scope)
    assert [scope[0] for scope in by_scope] == sorted(scope[0] for scope in by_scope)
    for number in np.flatnonzero(scopes.ready):
        sent = [pin["position"] for pin in json.loads(scopes[int(number)].body)["pin_definitions"]]
        assert sent == [rows_[row - 2]["position"] for row in by_scope[number]]


@few
@given(st.lists(rows(), min_size=1, max_size=12))
def test_bodies_and_projections_agree(rows_):
    scopes = scopes_of(table(rows_))
    for number in np.flatnonzero(scopes.ready):
        scope = scopes[int(number)]
        body = json.loads(scope.body)
        assert scope.canonical == canonical_projection(body)
        assert scope.canonical == canonical_projection(body | {"pin_definitions": body["pin_definitions"][::-1]})
        assert None not in body.values()
        assert "" not in body.values()


METADATA = st.one_of(
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9).filter(lambda number: number == 0 or abs(number) > 1e-9),
    st.booleans(),
    st.sampled_from(["TRUE", "false", "1.0", "007", "1e3", 'Ž "a"', "-0"]),
)


@few
@given(METADATA)
def test_metadata_of_a_cell_are_compared_as_those_of_a_server(value):
    (scope,) = scopes_of(pins({"target_metadata.n": value}))
    assert scope.canonical == canonical_projection(json.loads(scope.body))
    (as_json,) = scopes_of(pins({"target_metadata": json.dumps({"n": value})}))
    assert scope.canonical == as_json.canonical


def test_rows_of_a_scope_in_another_order_are_the_same_content_though_pins_are_sent_as_they_stand():
    rows_ = [{"position": 10}, {"position": 2}, {"position": -1}]
    one, other = scopes_of(pins(*rows_, pin_identity="/p/9"))[0], scopes_of(pins(*rows_[::-1], pin_identity="/p/9"))[0]
    assert one.canonical == other.canonical
    assert [pin["position"] for pin in json.loads(one.body)["pin_definitions"]] == [10, 2, -1]
    assert [pin["position"] for pin in json.loads(other.body)["pin_definitions"]] == [-1, 2, 10]


@few
@given(st.lists(rows(), min_size=1, max_size=12), st.randoms())
def test_scopes_do_not_depend_on_neighbourhood(rows_, random):
    def members(scopes):
        labels = [scopes.label(number) for number in range(len(scopes))]
        return Counter(zip((label[:2] for label in labels), scopes.pins.tolist(), strict=True))

    shuffled = random.sample(rows_, len(rows_))
    assert members(scopes_of(table(rows_))) == members(scopes_of(table(shuffled)))


@few
@given(st.lists(rows(), min_size=1, max_size=8))
def test_a_row_without_a_scope_is_always_invalid(rows_):
    for at, spoilt in enumerate(("model", "target_type", "position")):
        if at < len(rows_):
            rows_[at] = rows_[at] | {spoilt: None}
    result = checked(table(rows_))
    scopes = Scopes(result)
    assert not (~result.invalid & (scopes.of_row < 0)).any()
    for number, ready in enumerate(scopes.ready):
        assert ready == (scopes.blocker[number] == 0)
        if ready:
            assert not result.invalid[scopes.of_row == number].any()
