"""What a header as people write it stands for."""

# ruff: noqa: E501, RUF001 - headers as people write them, many to a line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.columns import BY_NAME, LIVE_COLUMNS, RESULT_COLUMNS
from importer.headers import changes_meaning, exact_name, known_name, zone_in

DECORATED = {
    "active_from": [
        "active_from (date)", "active_from [dd.mm.yyyy]", "active_from {date}", "active_from <date>", "active_from（date）",
        "(date) active_from", "active_from (date", "Začiatok / active_from", "active_from / Začiatok",
        "active_from | od", "active_from – od", "active_from - od", "active_from, od", "active_from; od",
        "od: active_from", "active_from\n(od)", "active_from\nod", "Začiatok\r\nactive_from", "Začiatok (active_from)",
        "active_from date", "date active_from", "Active From Date", "activeFromDate", "active_from dd.mm.yyyy",
        "active_from DD.MM.RRRR hh:mm", "active_from (before active_to)", "active_from → od", "Začiatok = active_from",
        "active\nfrom\n(povinné)",
    ],
    "position": [
        "position [1-9]", "position (1, 2, 3, -1, 0)", "position number", "position no.", "#1 position", "position #",
        "Position-Nr.", "position číslo", "position/Pozícia", "position (number, required)*",
    ],
    "model": [
        "model*", "* model", "model *", "model:", "1. model", "1) model", "(1) model", "a) model", "A. model", "1 model",
        '"model"', "„model“", "'model'", "↓ model", "► model", "✅ model", "[model]", "{model}", "model?", "model …",
        "model povinné", "MODEL (Povinné!)", "model – required", "Modell / model",
    ],
    "target_type": [
        "target_type required", "target_type - pflicht", "target type (item/criteria/all)", "target_type (item, criteria)",
        "Typ cieľa (target_type)", "target - type (povinné)",
    ],
    "is_block_pin": ["is_block_pin (yes/no)", "is_block_pin yes no", "is block pin?", "is_block_pin áno/nie"],
    "target_metadata.title": [
        "target_metadata.title (text)", "target_metadata.title*", "* target_metadata.title", "target_metadata.title\ntext",
        "target_metadata.title:", "target_metadata.title – názov", "Názov / target_metadata.title",
        "target_metadata.title | názov", "Názov (target_metadata.title)", "1. target_metadata.title",
    ],
    "Customization ID": ["Customization ID *", "Customization ID (do not edit)"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "header"), [(name, header) for name, made in DECORATED.items() for header in made])
def test_a_known_name_with_a_remark_beside_it_is_that_column(name, header):
    assert known_name(header) == name


@pytest.mark.parametrize(
    "header",
    [
        "active_from / active_to", "active_from (active_to)", "model (tags)", "model 2", "pin_identity2", "Car model",
        "model name", "Position on page", "Link to product", "active", "type", "pin", "from", "to", "", " ", "*", "()", "1.",
        '{"model": "x"}', '{"model" : "x", "a": 1}', "title", "metadata.title", "x" * 1000 + " / model",
    ],
)  # fmt: skip
def test_other_texts_are_no_known_name(header):
    assert known_name(header) is None


@pytest.mark.parametrize("key", ["og:title", "a b", "image/url", "Title-2", "názov", "x.y", "price,eur"])
def test_a_metadata_key_is_kept_as_it_is(key):
    assert exact_name(f"target_metadata.{key}") == known_name(f"target_metadata.{key}") == f"target_metadata.{key}"


def test_only_a_name_alone_is_exact():
    assert [exact_name(header) for header in ("Target Type", "target_type*", "target_metadata.a (b)")] == [
        "target_type",
        None,
        None,
    ]


@given(st.sampled_from([*BY_NAME, *RESULT_COLUMNS, *LIVE_COLUMNS]), st.text(max_size=20))
def test_whatever_stands_in_brackets_behind_a_name_it_is_that_name_or_none(name, remark):
    assert known_name(f"{name} ({remark})") in (name, None)


@given(st.text(max_size=60))
def test_any_text_has_an_answer(header):
    found = known_name(header)
    assert found is None or found.startswith("target_metadata.") or found in (*BY_NAME, *RESULT_COLUMNS, *LIVE_COLUMNS)


@pytest.mark.parametrize("header", ["active_to (exclusive)", "active_to – exkluzívne", "active_from (vylúčené)"])
def test_a_remark_that_moves_the_end_of_a_period_is_not_understood(header):
    assert known_name(header) is None
    assert known_name("is_block_pin (exclude)") == "is_block_pin"


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("active_from (UTC)", "UTC"),
        ("active_to [CET]", "CET"),
        ("active_from (GMT+2)", "GMT+2"),
        ("active_from (London time)", "London"),
        ("active_to [New York]", "New York"),
        ("active_from", ""),
        ("active_from (latest)", ""),
        ("Začiatok / active_from", ""),
    ],
)
def test_a_zone_beside_the_name_is_seen(header, zone):
    assert zone_in(header) == zone


@pytest.mark.parametrize(
    ("header", "name"),
    [
        *[(header, "active_to") for header in (
            "active_to (do 12:00)", "active_to – 12:00", "active_to (bez tohto dňa)", "active_to (starý plán, neplatí)",
            "NEPOUŽÍVAŤ: active_to", "active_to (18h)", "active_to (until 6 pm)", "active_to (not used)", "active_to (ohne diesen Tag)",
            "active_to (okrem posledného dňa)", "active_to (nie używać)",
        )],
        *[("position " + remark, "position") for remark in ("(od nuly, 0 = prvé miesto)", "(zero-based)", "[od 0]", "(ab null)")],
        ("active_from (od 8:00)", "active_from"), ("widget_id (neplatí)", "widget_id"), ("tags – do not use", "tags"),
        ("pin_identity (nicht verwenden)", "pin_identity"),
    ],
)  # fmt: skip
def test_a_remark_that_changes_the_meaning_is_seen(header, name):
    assert known_name(header) == name
    assert changes_meaning(header, name)


@pytest.mark.parametrize(("name", "header"), [(name, header) for name, made in DECORATED.items() for header in made])
def test_an_ordinary_remark_changes_nothing(name, header):
    assert not changes_meaning(header, name)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        *[(header, "active_from") for header in (
            "active_from (dd.mm.yyyy hh:mm)", "active_from (napr. 1.12.2026 8:00)", "active_from (2026-12-01 08:00)",
            "active_from (od 00:00)", "active_from (bez času)", "active_from\nplatí od", "active_from (Bratislava)", "active_from (od)",
        )],
        ("active_to (do 23:59)", "active_to"), ("active_to (vrátane)", "active_to"), ("active_to (without time)", "active_to"),
        ("position (0 = block)", "position"), ("position (1 = first)", "position"), ("position (od 1)", "position"),
        ("pin_identity (bez diakritiky)", "pin_identity"), ("model (používaný)", "model"), ("tags (optional)", "tags"),
    ],
)  # fmt: skip
def test_a_remark_that_says_how_to_fill_in_changes_nothing(header, name):
    assert known_name(header) == name
    assert not changes_meaning(header, name)
