"""What becomes of a customization of the sheet, case by case."""

from __future__ import annotations

import json
from typing import Any

import pytest

from importer.ledger import LedgerStatus
from importer.live.customization import Live
from importer.live.decide import Standing, decide
from importer.live.plan import Change, Conflict, Create, Delete, Difference, Gone, Replace, Unchanged
from importer.model import HeldBack
from tests.live.making import PIN_COLUMNS, TARGET, case, entry, live, pin, sheet

OLD = pin(active_to="2026-12-24T22:59:59Z")
NEW = pin(active_to="2027-01-06T22:59:59Z")


def standing(*lives: Live, **more: Any) -> Standing:
    return Standing({each.id: each for each in lives}, gone=frozenset({"x"}), **more)


HELD = HeldBack("said")
OURS, THEIRS = live(OLD), live(OLD, scope_id="b-2")
OTHER = live(OLD, scope_id="c-3", target_identity="/p/2")
AS_SAID = live(NEW)
OPEN = entry(None, LedgerStatus.INTENT)


@pytest.mark.parametrize(
    ("name", "given", "there", "expected"),
    [
        ("nothing live", {}, (), Create()),
        ("another target live", {}, (OTHER,), Create()),
        (
            "equal and new since a creation of unknown end",
            {"same": OPEN, "entries": [OPEN], "before": frozenset({"b-2"})},
            (AS_SAID,),
            Create(OPEN),
        ),
        (
            "equal, and live before a creation of unknown end",
            {"same": OPEN, "entries": [OPEN], "before": frozenset({"a-1"})},
            (AS_SAID,),
            Unchanged("a-1", AS_SAID.version),
        ),
        (
            "equal; nobody knows what was live before",
            {"same": OPEN, "entries": [OPEN]},
            (AS_SAID,),
            Unchanged("a-1", AS_SAID.version),
        ),
        ("created before, deleted since", {"same": entry("a-1"), "entries": [entry("a-1")]}, (), Create(entry("a-1"))),
        ("delete, nothing live", {"deletes": True}, (), Unchanged()),
        ("delete, gone", {"deletes": True, "ids": ("x",)}, (), Unchanged()),
        ("gone", {"ids": ("x",)}, (), Gone("x")),
        ("gone, another live", {"ids": ("x",)}, (OURS,), Gone("x", ("a-1",))),
        ("several, no ID", {}, (OURS, THEIRS), Conflict("several-live", ids=("a-1", "b-2"))),
        (
            "several, two by the ledger",
            {"entries": [entry("a-1"), entry("b-2")]},
            (OURS, THEIRS),
            Conflict("several-live", ids=("a-1", "b-2")),
        ),
        (
            "several IDs on the rows",
            {"ids": ("a-1", "b-2")},
            (OURS, THEIRS),
            Conflict("several-ids", ids=("a-1", "b-2")),
        ),
        ("rows without ID beside several", {"strays": True}, (OURS, THEIRS), Conflict("strays")),
        ("stale", {"ids": ("a-1",), "versions": frozenset({"vold"})}, (OURS,), Conflict("stale", "a-1")),
        (
            "stale delete",
            {"ids": ("a-1",), "versions": frozenset({"vold", ""}), "deletes": True},
            (OURS,),
            Conflict("stale", "a-1"),
        ),
        ("ID of another target", {"ids": ("c-3",)}, (OTHER,), Conflict("other-target", "c-3", detail="/p/2")),
        (
            "delete with the ID of another target",
            {"ids": ("c-3",), "deletes": True},
            (OTHER,),
            Conflict("other-target", "c-3", detail="/p/2"),
        ),
        ("ID of another tracker", {"ids": ("x",), "foreign": True}, (OURS,), Conflict("foreign-id", "x")),
        ("no list, no ID", {}, None, Conflict("no-list")),
        ("not all seen, no ID", {}, "unseen", Conflict("not-seen")),
        ("ID not read", {"ids": ("y",)}, (), Conflict("not-read", "y")),
        ("ID that is none", {"ids": ("x (tracker 1)",)}, (), Conflict("foreign-id", "x (tracker 1)")),
        ("not found, not all seen", {"ids": ("x",)}, "unseen", Conflict("not-read", "x")),
        ("delete, not found, not all seen", {"ids": ("x",), "deletes": True}, "unseen", Unchanged()),
        ("said to be unknown elsewhere", {"held": HELD}, (), Conflict("earlier-run", held=HELD)),
        (
            "another content that is unknown",
            {"entries": [entry(None, LedgerStatus.INTENT)]},
            (),
            Conflict("unknown-before", detail="3"),
        ),
    ],
)
def test_decisions(name, given, there, expected):
    unseen = {None: None, "unseen": frozenset({TARGET})}.get(there, frozenset())
    found = standing(*(there if isinstance(there, tuple) else ()), unseen=unseen)
    assert decide(case(sheet(NEW), **given), found) == expected, name


DIFFERENCE = Difference(2, "active_to", OLD["active_to"], NEW["active_to"])


@pytest.mark.parametrize(
    ("name", "given", "there", "scope_id"),
    [
        ("the only one of its target", {}, (OURS, OTHER), "a-1"),
        ("its ID", {"ids": ("b-2",)}, (OURS, THEIRS), "b-2"),
        ("the ledger created it", {"entries": [entry("b-2")]}, (OURS, THEIRS), "b-2"),
        ("the version is what is live", {"ids": ("a-1",), "versions": frozenset({OURS.version, ""})}, (OURS,), "a-1"),
    ],
)
def test_what_differs_is_replaced(name, given, there, scope_id):
    found = decide(case(sheet(NEW), **given), standing(*there))
    assert isinstance(found, Replace), name
    assert (found.change.kind, found.change.scope, found.change.id) == ("replace", 7, scope_id)
    assert found.change.version == OURS.version
    assert found.differences == (DIFFERENCE,)
    assert found.creator == "eva"


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ({}, (OURS,)),
        ({"ids": ("a-1",)}, (OURS, THEIRS)),
        ({"ids": ("a-1",), "versions": frozenset({"vold"})}, (OURS,)),
        ({}, (live(NEW, scope_id="b-2"), OURS)),
    ],
)
def test_what_is_live_already_is_unchanged_even_of_an_old_export(given, there):
    assert decide(case(sheet(OLD), **given), standing(*there)) == Unchanged("a-1", OURS.version)


def test_delete_names_what_goes_with_it():
    found = decide(case(sheet(NEW), ids=("a-1",), deletes=True), standing(live(OLD, pin("/p/8", 2))))
    assert found == Delete(Change("delete", 7, "a-1", live(OLD, pin("/p/8", 2)).version), 2, "eva")


def test_what_is_live_in_another_order_and_spelling_is_unchanged():
    there = live(
        pin("/p/8", 2, active_from="2026-12-01T00:00:00+00:00", is_block_pin=False, widget_id=None),
        {**OLD, "id": 5},
        tags=["b", "a"],
        x=1,
    )
    body = sheet(OLD, pin("/p/8", 2, active_from="2026-12-01T01:00:00+01:00"), tags=["a", "b"])
    assert decide(case(body), standing(there)) == Unchanged("a-1", there.version)


def test_a_pin_that_is_live_twice_is_as_good_as_once():
    assert decide(case(sheet(OLD)), standing(live(OLD, OLD))) == Unchanged("a-1", live(OLD, OLD).version)


def test_what_the_sheet_has_no_column_for_makes_no_difference():
    there = live({**OLD, "widget_id": "w"}, tags=["a"], target_metadata={"title": "x"})
    columns = {"position", "pin_type", "pin_identity"}
    assert decide(case(sheet(pin()), columns), standing(there)) == Unchanged("a-1", there.version)


def test_an_empty_cell_of_a_column_is_a_difference():
    there = live({**OLD, "widget_id": "w"}, tags=["a"], target_metadata={"title": "x"})
    found = decide(case(sheet(pin())), standing(there))
    assert isinstance(found, Replace)
    assert [(each.row, each.column, each.live, each.new) for each in found.differences] == [
        (2, "tags", ["a"], None),
        (2, "target_metadata.title", "x", None),
        (2, "widget_id", "w", None),
        (2, "active_to", OLD["active_to"], None),
    ]


def test_pins_that_are_added_and_removed_are_named():
    found = decide(case(sheet(pin("/p/7", 3), OLD)), standing(live(OLD, pin("/p/8", 2))))
    assert isinstance(found, Replace)
    assert found.differences == (
        Difference(2, "", None, pin("/p/7", 3)),
        Difference(None, "", pin("/p/8", 2), None),
    )


def test_another_product_in_the_same_place_is_one_cell():
    found = decide(case(sheet(pin("/p/7"))), standing(live(pin("/p/8"))))
    assert isinstance(found, Replace)
    assert found.differences == (Difference(2, "pin_identity", "/p/8", "/p/7"),)


def test_a_target_without_identity_or_with_criteria():
    everywhere = {"model": "basket", "target_type": "all", "pin_definitions": [OLD]}
    spring = {"model": "basket", "target_type": "criteria", "pin_definitions": [OLD]}
    there = standing(
        Live("a-1", {**everywhere, "target_identity": None}),
        Live("b-2", {**spring, "target_criteria": {"b": [1.0], "a": 2}}),
    )
    target = TARGET._replace(target_type="all", target="")
    assert decide(case(everywhere, target=target), there) == Unchanged("a-1", there.lives["a-1"].version)
    target = TARGET._replace(target_type="criteria", target='{"a":2,"b":[1]}')
    body = {**spring, "target_criteria": {"a": 2, "b": [1]}}
    assert decide(case(body, target=target), there) == Unchanged("b-2", there.lives["b-2"].version)


def test_pins_that_cannot_be_told_apart_are_a_conflict():
    there = live(OLD, NEW)
    columns = {"position", "pin_type", "pin_identity"}
    found = decide(case(sheet(pin(position=2)), columns), standing(there))
    assert found == Conflict("pins-alike", "a-1", detail="active_to")
    assert decide(case(sheet(pin()), columns), standing(there)) == Unchanged("a-1", there.version)


@pytest.mark.parametrize("pins", [{"a": 1}, "x", 3, [1], [None]])
def test_what_cannot_be_understood_is_a_conflict(pins):
    there = Live("a-1", {**live().fields, "pin_definitions": pins})
    assert decide(case(sheet(NEW)), standing(there)) == Conflict("unreadable", "a-1")


def test_what_has_no_usable_id_is_never_changed():
    assert decide(case(sheet(NEW)), standing(live(OLD, scope_id="?123"))) == Conflict("unreadable", "?123")


METADATA = {"title": "x"}
OURS_WITH = {"a-1": json.dumps(sheet(OLD, target_metadata=METADATA)).encode()}


@pytest.mark.parametrize(
    ("name", "there", "more", "body", "columns", "expected"),
    [
        ("shown", {"target_metadata": METADATA}, {}, {}, (), METADATA),
        ("shown as none", {"target_metadata": None}, {}, {}, (), {}),
        (
            "not shown, ours",
            {},
            {"sent": {"a-1": json.dumps(sheet(OLD, target_metadata=METADATA)).encode()}},
            {},
            (),
            METADATA,
        ),
        ("not shown, ours without", {}, {"sent": {"a-1": json.dumps(sheet(OLD)).encode()}}, {}, (), {}),
        ("not shown, not tried", {}, {}, {}, (), None),
        (
            "not shown by gets either, in the sheet",
            {},
            {"gets_show_metadata": False},
            METADATA,
            ("target_metadata",),
            None,
        ),
        ("not shown by gets either", {}, {"gets_show_metadata": False}, {}, ("target_metadata",), "hidden"),
        (
            "not shown, one key in the sheet",
            {},
            {"gets_show_metadata": False},
            METADATA,
            ("target_metadata.title",),
            "hidden",
        ),
        ("said to be none", {}, {"gets_show_metadata": False}, None, (), {}),
        ("a get may show them", {}, {"gets_show_metadata": True}, {}, (), None),
    ],
)
def test_metadata_that_a_replacement_would_lose(name, there, more, body, columns, expected):
    wanted = sheet(NEW, **({"target_metadata": body} if body else {}))
    given = case(wanted, PIN_COLUMNS | set(columns), says_no_metadata=body is None)
    found = decide(given, standing(live(OLD, **there), **more))
    if expected == "hidden":
        assert found == Conflict("metadata-hidden", "a-1"), name
        return
    assert isinstance(found, Replace), name
    assert found.change.wanted is not None
    known = found.change.wanted.metadata
    assert (None if known is None else json.loads(known)) == expected, name


def test_where_the_list_shows_metadata_one_without_the_field_has_none():
    other = live(scope_id="z", target_metadata={"a": 1}, model="m")
    found = decide(case(sheet(NEW), PIN_COLUMNS), standing(live(OLD), other))
    assert isinstance(found, Replace)
    assert found.change.wanted is not None
    assert found.change.wanted.metadata == b"{}"


def test_metadata_that_the_sheet_says_nothing_of_make_no_difference_where_nobody_knows_them():
    assert decide(case(sheet(OLD)), standing(live(OLD))) == Unchanged("a-1", live(OLD).version)


@pytest.mark.parametrize("shown", [None, True, False])
def test_metadata_that_the_sheet_says_whole_are_set_where_nobody_knows_them(shown):
    body = sheet(OLD, target_metadata={"title": "new"})
    found = decide(case(body), standing(live(OLD), gets_show_metadata=shown))
    assert isinstance(found, Replace)
    assert found.differences == (Difference(2, "target_metadata", None, {"title": "new"}),)


def test_one_key_of_metadata_that_nobody_knows_is_a_conflict():
    body = sheet(OLD, target_metadata={"title": "new"})
    one_key = case(body, PIN_COLUMNS | {"target_metadata.title"})
    assert decide(one_key, standing(live(OLD), gets_show_metadata=False)) == Conflict("metadata-hidden", "a-1")
