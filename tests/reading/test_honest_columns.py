"""Columns that a correct sheet holds beside its pins stop nothing; those a little different, which lose pins, do."""

# ruff: noqa: E501 - headers as people write them, many to a line

from __future__ import annotations

from datetime import datetime

import pytest

from importer.cells import Flag, Moment, Number
from importer.reading.lookalike import looks_like
from importer.reading.not_sent import SWITCH

DAY = Moment(datetime(2026, 12, 1), has_time=False)
BOTH = ("active_from", "active_to")
SPAN = "active_from and active_to"
EITHER = "active_from or active_to"


def looks(header, *cells, present=BOTH):
    return looks_like(header, [(cell, 1) for cell in cells], present)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Active", ["yes"]), ("Aktívne", ["áno"]), ("Aktiv", ["ja"]), ("Enabled", ["yes", "Y"]), ("Status", [Number(1)]), ("Status", ["1"]),
        ("Použiť", ["áno"]), ("Importovať", ["áno"]), ("Skip", ["no"]), ("Ignore", ["no", "nie"]), ("Skip", ["no", ""]), ("Disabled", [Flag(False)]),
        ("Active", [Flag(True)]), ("Neaktívne", ["nie"]), ("Do not send", ["no"]), ("Platí", ["áno"]), ("Active (yes/no)", ["yes"]),
    ],
)  # fmt: skip
def test_a_switch_that_turns_no_row_off_stops_nothing(header, cells):
    assert looks(header, *cells) == ""


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Active", ["yes", "no"]), ("Active", ["yes", ""]), ("Aktívne", ["áno", "nie"]), ("Aktiv", ["nein"]), ("Enabled", [Flag(True), Flag(False)]),
        ("Status", [Number(1), Number(0)]), ("Použiť", ["áno", "nie"]), ("Použiť", ["áno", ""]), ("Importovať", ["nie"]), ("Skip", ["no", "yes"]),
        ("Ignore", ["x", ""]), ("Disabled", ["yes"]), ("Neaktívne", ["nie", "áno"]), ("Active", ["yes", "✗"]), ("Do not send", ["no", "yes"]),
        ("Active (yes/no)", ["yes", "no"]), ("Import to LB", ["yes", "no"]), ("Importovať riadok?", ["áno", "nie"]), ("Použiť v kampani", ["áno", "nie"]),
        ("Stav pinu", ["1", "0"]), ("Aktívne na webe", ["áno", "nie"]), ("Active status", ["yes", "no"]),
        ("Aktivovať", ["áno", "nie"]), ("Aktivieren", ["ja", "nein"]), ("Activate", ["yes", "no"]), ("Enabled in recommender", ["yes", "no"]),
        ("Nahrať/Importovať", ["áno", "nie"]), ("Stav zobrazenia", ["1", "0"]), ("Pridať/Ignorovať", ["nie", "áno"]), ("Active pinning", ["yes", "no"]), ("Platí", ["áno", "nie"]),
    ],
)  # fmt: skip
def test_a_switch_that_turns_a_row_off_is_asked_about(header, cells):
    assert looks(header, *cells) == SWITCH


@pytest.mark.parametrize(
    "header",
    [
        "Aktívna zľava", "Active noise cancelling", "Aktívny uhlík", "Použitý tovar", "Use coupon", "Importovaný tovar", "Send newsletter",
        "Stav skladu", "Stav zásob", "Stock status", "Balíkovňa", "Exclude from sale", "Hide price", "Platné pre firmy", "End of life",
    ],
)  # fmt: skip
def test_a_property_of_the_product_is_no_switch_and_no_flag(header):
    assert looks(header, "yes", "no") == looks(header, "áno", "nie", present=()) == ""


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Aktivita", ["beh", "plávanie"]), ("Stav", [Number(1), Number(0), Number(7), Number(1)]), ("Balíkovňa", ["áno"]), ("Hidden", [Flag(False)]),
        ("Block", ["no"]), ("Bundle", ["nie", ""]), ("Balíkovňa", ["Balíkovo"]),
    ],
)  # fmt: skip
def test_what_blocks_and_bundles_nothing_stops_nothing(header, cells):
    assert looks(header, *cells) == ""


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        ("Hidden", [Flag(False), Flag(True)], "is_block_pin"), ("Block (yes/no)", ["no", "yes"], "is_block_pin"), ("Skryť", ["x"], "is_block_pin"),
        ("Hide in recommendations", ["yes", "no"], "is_block_pin"), ("Balíček", ["áno", "nie"], "is_bundle_pin"), ("Bundle?", ["1"], "is_bundle_pin"),
        ("Hide on web", ["yes", "no"], "is_block_pin"), ("Blokovať pripnutie", ["áno", "nie"], "is_block_pin"), ("Balíky", ["áno", "nie"], "is_bundle_pin"),
    ],
)  # fmt: skip
def test_what_blocks_or_bundles_a_pin_is_asked_about(header, cells, name):
    assert looks(header, *cells) == name


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Obdobie", ["Vianoce"]), ("Zeitraum", ["Advent"]), ("Platí", ["áno"]), ("Valid for", ["all customers"]), ("Platné pre", ["SK", "CZ"]),
        ("Gültig für", ["B2B"]), ("Platnosť záruky", ["24 mesiacov"]), ("Warranty period", ["24 months"]), ("End of life", ["no"]),
        ("From", ["China"]), ("Od", ["Jana"]), ("Do", ["Bratislava"]), ("Start", ["yes"]),
    ],
)  # fmt: skip
def test_beside_both_ends_words_without_a_time_are_a_label(header, cells):
    assert looks(header, *cells) == ""


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        ("Obdobie", ["1.12. - 24.12."], SPAN), ("Obdobie", ["Vianoce", "december"], SPAN), ("Platnosť", ["Vianoce", DAY], SPAN),
        ("Zeitraum", ["KW 49"], SPAN), ("Od", ["Jana", "1.12."], "active_from"), ("End", ["asap", "24.12. (Eva)"], "active_to"),
        ("Valid for", ["14 days"], SPAN), ("Platí", [DAY], SPAN), ("Start", ["46357"], "active_from"),
    ],
)  # fmt: skip
def test_beside_both_ends_a_time_under_such_words_is_asked_about(header, cells, name):
    assert looks(header, *cells) == name


@pytest.mark.parametrize(("header", "name"), [("Obdobie", SPAN), ("Od", "active_from"), ("End", "active_to")])
def test_without_a_period_such_words_alone_are_asked_about(header, name):
    assert looks(header, "po Vianociach", present=()) == name


@pytest.mark.parametrize(
    "header", ["Pozn.", "Info", "Komentár", "Komentar", "Popis", "Detail", "Details", "Note", "Poznámka"]
)
def test_a_rough_time_in_a_note_is_a_note(header):
    assert looks(header, "KW 50", present=()) == ""


LOGS = (
    "Created at", "Updated at", "Last modified", "Posledná zmena", "Dátum schválenia", "Vytvorené", "Erstellt am", "Geändert am",
    "Módosítva", "Approved on", "Dátum objednávky", "Last sold", "Created", "Naskladnené", "Zatwierdzono",
)  # fmt: skip


@pytest.mark.parametrize("cell", [DAY, "24.12.2026", "2026-12-01 14:00", "24.12."])
@pytest.mark.parametrize("header", LOGS)
def test_a_date_on_which_something_was_done_is_no_period(header, cell):
    assert looks(header, cell, present=()) == looks(header, cell, present=["active_from"]) == ""


@pytest.mark.parametrize(
    "header",
    [
        "Dátum", "Launch date", "Termín", "Zmena od", "Updated start", "Koniec objednávok", "Schválené obdobie", "Dátum zobrazenia", "",
        "Zmena spustenia", "Publish date", "Approved until", "Expires",
    ],
)  # fmt: skip
def test_a_date_under_a_header_that_may_mean_the_pin_is_asked_about(header):
    assert looks(header, DAY, present=()).startswith("active_")
    assert looks(header, "24.12.2026", present=()).startswith("active_")


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Naskladnenie", "KW 50"), ("Doba dodania", "2 týždne"), ("Dostupnosť", "od 15.12."), ("Šarža", "12/2026"), ("Expirácia", "05/2027"),
        ("Číslo objednávky", "2026/12"), ("Lieferzeit", "2 Wochen"), ("Lead time", "2 weeks"), ("Verfügbarkeit", "KW 50"), ("Batch", "12/2026"),
    ],
)  # fmt: skip
def test_a_rough_time_of_goods_is_no_period(header, cell):
    assert looks(header, cell, present=()) == ""


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Expires", "24.12."), ("Termín", "KW 50"), ("", "12/2026"), ("Začiatok dodania", "KW 50"), ("Dostupnosť", DAY)],
)
def test_a_rough_time_of_something_else_is_asked_about(header, cell):
    assert looks(header, cell, present=()).startswith("active_")
