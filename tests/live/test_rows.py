"""A live customization as rows."""

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.canonical import PIN_FIELDS, SCOPE_FIELDS, is_empty
from importer.cells import Number
from importer.checking.coercion import reader_of
from importer.checking.values import CellError, CellWarning, Instant, Json
from importer.columns import COLUMNS
from importer.live.customization import Live
from importer.live.rows import Rows
from importer.settings import CheckOptions

BRATISLAVA = ZoneInfo("Europe/Bratislava")
GOOD = {"model": "basket", "target_type": "item", "target_identity": "/p/1"}
PIN = {"position": 1, "pin_type": "item", "pin_identity": "/p/9"}


def exported(pins=(PIN,), zone=BRATISLAVA, **fields):
    made = Rows(zone)
    found = made.of(Live("id-1", {"id": "id-1", **GOOD, "pin_definitions": list(pins), **fields}))
    return [dict(zip(made.header, row, strict=True)) for row in found.rows], found


def cell(name, value):
    """A pin's cell, and whether it can be read back."""
    rows, found = exported([PIN | {name: value}])
    return rows[0][name], not found.odd


def test_a_row_for_each_pin_with_the_target_on_each():
    rows, _ = exported(
        [PIN, PIN | {"position": 2, "pin_identity": "/p/8"}], tags=["a", "b"], creator="eva", available=False
    )
    assert [(row["target_identity"], row["position"], row["pin_identity"], row["tags"]) for row in rows] == [
        ("/p/1", Number(1), "/p/9", "a, b"),
        ("/p/1", Number(2), "/p/8", "a, b"),
    ]
    assert {row["Customization ID"] for row in rows} == {"id-1"}
    assert (rows[0]["Creator"], rows[0]["Available"], rows[0]["Created At"]) == ("eva", "no", None)
    assert rows[0]["Live Version"] == rows[1]["Live Version"] != ""


def test_the_columns_are_ours_in_our_order():
    header = Rows(BRATISLAVA).header
    assert header[: len(COLUMNS)] == tuple(column.name for column in COLUMNS)
    assert header[len(COLUMNS) :] == ("Customization ID", "Live Version", "Created At", "Creator", "Available")
    assert "target_metadata" not in Rows(BRATISLAVA, with_metadata=False).header


@pytest.mark.parametrize("pins", [[], None])
def test_a_customization_without_pins_has_one_row_without_a_pin(pins):
    rows, found = exported(pin_definitions=pins)
    assert len(rows) == 1
    assert [name for name in ("position", "pin_type", "pin_identity") if rows[0][name] is not None] == []
    assert not found.odd


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("2026-12-01T00:00:00Z", "2026-12-01 01:00:00+01:00"),
        ("2026-10-25T00:30:00Z", "2026-10-25 02:30:00+02:00"),
        ("2026-10-25T01:30:00Z", "2026-10-25 02:30:00+01:00"),
        ("2026-12-01T00:00:00.5-05:30", "2026-12-01 06:30:00.500+01:00"),
        ("2026-12-01T00:00:00.123456Z", "2026-12-01 01:00:00.123456+01:00"),
        ("2026-12-01T00:00:00", "2026-12-01 01:00:00+01:00"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_dates_are_shown_in_the_zone_with_their_offset(date, shown):
    assert cell("active_from", date) == (shown, True)


@pytest.mark.parametrize("value", [None, "", False, [], {}])
def test_what_is_as_good_as_missing_is_an_empty_cell(value):
    assert cell("widget_id", value) == (None, True)


def test_flags_criteria_and_tags_as_people_write_them():
    assert cell("is_bundle_pin", True) == ("yes", True)
    assert cell("pin_criteria", {"brand": "Krásná", "n": 1.5}) == ('{"brand": "Krásná", "n": 1.5}', True)
    rows, found = exported(tags=["spring", "a, b", '"x"'])
    assert (json.loads(rows[0]["tags"]), found.odd) == (["spring", "a, b", '"x"'], frozenset())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("position", "1"), ("position", 1.5), ("position", True), ("pin_identity", 5), ("pin_identity", " x "),
        ("pin_identity", "a\nb"), ("widget_id", ["x"]), ("is_block_pin", "true"), ("pin_type", "Item"),
        ("active_from", "tomorrow"), ("active_from", 20261201), ("active_to", "1969-01-01T00:00:00Z"),
        ("pin_criteria", "x"), ("pin_criteria", [1]), ("pin_identity", "x" * 40_000),
    ],
)  # fmt: skip
def test_what_no_cell_can_hold_is_told(name, value):
    held, reads_back = cell(name, value)
    assert not reads_back
    assert held is not None


@pytest.mark.parametrize("tags", ["x", [1, 2], ["a", "a"], [["x"]], {"a": 1}, [" a "], ["a\nb"]])
def test_odd_tags_too(tags):
    assert exported(tags=tags)[1].odd == {"tags"}


@pytest.mark.parametrize("pins", ["x", [1], [None], [[]], 5, {"a": 1}])
def test_what_are_no_pins_stands_where_a_position_does(pins):
    rows, found = exported(pin_definitions=pins)
    assert "position" in found.odd
    assert all(row["position"] for row in rows)


def test_pins_that_nobody_shows_are_not_taken_for_none():
    found = Rows(BRATISLAVA).of(Live("id-1", GOOD))
    assert found.odd == {"position"}


def test_fields_without_a_column_are_named():
    _, found = exported([PIN | {"note": "x", "id": 7, "nothing": None}], colour="red", creator="eva", empty=None)
    assert found.unknown == {"colour", "pin_definitions.note"}


def test_metadata_without_their_column_are_named():
    live = Live("id-1", {**GOOD, "pin_definitions": [PIN], "target_metadata": {"title": "x"}})
    assert Rows(BRATISLAVA, with_metadata=False).of(live).unknown == {"target_metadata"}


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1", "yes", "2026-12-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
LIKELY = st.sampled_from(
    [1, -1, 0, True, "item", {"brand": "x"}, "2026-12-01T00:00:00+01:00", "2026-12-01", "1.12.2026"]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(COLUMNS), LIKELY | anything)
def test_whatever_is_live_a_cell_is_read_back_as_it_or_not_at_all(column, value):
    fields = {column.name: value} if column.level == "scope" else {}
    rows, found = exported([PIN | ({} if fields else {column.name: value})], **fields)
    held = rows[0][column.name]
    if is_empty(value):
        assert (held, found.odd) == (None, frozenset())
        return
    read = reader_of(column.cell, CheckOptions())(held)
    read = read.value if isinstance(read, CellWarning) else read
    if found.odd:
        assert isinstance(read, CellError) or (column.choices and read not in column.choices)
    else:
        text = {**SCOPE_FIELDS, **PIN_FIELDS}[column.name]
        assert text(value) == text(as_json(read))


def as_json(read):
    match read:
        case Json(text):
            return json.loads(text)
        case Instant(text):
            return text
        case tuple():
            return list(read)
    return read
