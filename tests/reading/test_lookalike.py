"""What an unread column seems to be: periods, flags, positions, criteria; and what honest sheets hold beside."""

# ruff: noqa: E501, RUF001 - headers as people write them, many to a line

from __future__ import annotations

from datetime import datetime

import pytest

from importer.cells import Broken, Clock, Flag, Moment, Number
from importer.reading.lookalike import DAYS_OFF, ONE_MORE, WEEKDAYS, ZONE, looks_like, meaning
from importer.reading.not_sent import NOT_SENT, SWITCH, TRACKERS, sample

DAY = Moment(datetime(2026, 12, 1), has_time=False)
BOTH = ("active_from", "active_to")


def looks(header, *cells, present=()):
    return looks_like(header, [(cell, 1) for cell in cells or ("something",)], present)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        *[(header, "active_from") for header in (
            "Start", "start date", "Startdatum", "StartDate", "Begin", "Beginn", "Začiatok", "zaciatok", "Začátek",
            "Začiatok zobrazovania", "Začiatku", "od", "Od", "From", "From date", "Dátum od", "Datum ab", "von", "ab",
            "Platnosť od", "platnost_od", "Platí od", "Gültig ab", "gueltig von", "Aktívne od", "Active from date 2",
            "Zobraziť od", "Live from", "Kampaň od", "valid-from",
        )],
        *[(header, "active_to") for header in (
            "End", "end date", "EndDate", "Ende", "Enddatum", "Koniec", "Konec", "Konca", "do", "To", "bis", "Bis Datum",
            "until", "Valid until", "Platnosť do", "Platí do", "Gültig bis", "Dátum do", "Ukončenie", "Show till",
        )],
        *[(header, "active_from and active_to") for header in (
            "Valid", "Validity", "Platnosť", "Platnost", "Platí", "Obdobie", "Období", "Period", "Zeitraum", "Laufzeit",
            "Gültigkeit", "od – do", "Od/Do", "From - To", "von bis", "Začiatok a koniec", "Obdobie kampane",
        )],
        *[(header, "is_block_pin") for header in (
            "Block", "blocked", "Blokovať", "blokované", "hide", "Hidden", "Exclude", "Excluded", "Skryť", "Skryté",
            "Vylúčiť", "Vyloučit", "ausblenden", "Ausgeblendet", "sperren", "Gesperrt", "Blokovať produkt", "is blocked",
        )],
        *[(header, "is_bundle_pin") for header in ("Bundle", "balík", "Balíček", "Is bundle")],
        *[(header, SWITCH) for header in ("Active", "enabled", "Aktívne", "Aktiv", "Aktivní")],
        *[(header, "widget_id") for header in ("Widget", "widget name", "Widgety", "WidgetID")],
        *[(header, "target_criteria or pin_criteria") for header in (
            "Criteria", "Conditions", "Podmienky", "Podmínky", "Bedingungen", "Kritériá", "Podmienky pinu",
        )],
    ],
)  # fmt: skip
def test_a_header_that_means_something_of_a_pin(header, column):
    assert looks(header) == column


@pytest.mark.parametrize(
    "header",
    ["Pozícia", "pozice", "Poradie", "Pořadí", "Reihenfolge", "Rank", "Slot", "Position 2", "Nová pozícia"],
)
def test_a_position_is_one_only_with_whole_numbers_in_it(header):
    assert looks(header, "top", Number(3)) == "position"
    assert looks(header, "3") == "position"
    assert looks(header, "top left", Number(2.5)) == ""


HONEST = {
    "Name": "Diver watch", "Názov": "Hodinky", "Název produktu": "Hodinky", "Produktname": "Uhr", "Title": "Watch",
    "Price": Number(12.5), "Cena": "12,50 €", "Preis": "12.50", "Cena od": Number(10), "Cena do": "99,90",
    "Start price": Number(5), "End price": "12,5", "Preis ab": Number(3),
    "Note": "check with Eva", "Poznámka": "do konca týždňa objednať", "Bemerkung": "ab Lager", "Comment": "from Jana",
    "Note from marketing": "nice", "Link to product": "https://shop.example/p/1", "EAN": "8590000000001", "SKU": "A-1",
    "URL": "/p/1", "Start page": "https://shop.example/", "Stock": Number(12), "Sklad": "12", "Bestand": Number(0),
    "Category": "Watches", "Kategória": "Hodinky", "Warengruppe": "Uhren", "Brand": "Lorient", "Značka": "L",
    "Created by": "Jana", "Vytvoril": "Jana", "Who": "Jana", "Kto": "Eva", "Zodpovedný": "Eva", "Bearbeiter": "Max",
    "Approved": "yes", "Schválené": "áno", "Schváleno": "ano", "Freigegeben": "ja", "OK": "x", "Done": Flag(True),
    "Campaign": "Spring 2026", "Kampaň": "Jar 2026", "Kampagne": "Frühling", "Season": "SS26", "Image": "a.jpg",
    "Blocked stock": Number(15), "Bundle price": Number(20), "Bundle size": Number(6), "Balenie": "6 ks",
    "Active users": Number(1200), "Sales rank": Number(3), "Skladová pozícia": Number(4), "Warehouse position": Number(7),
    "Terms and conditions": "https://shop.example/terms", "Podmienky dopravy": "zadarmo", "Condition": "new",
    "Discount": "10 %", "Zľava": Number(10), "Status": "ready", "Stav": "hotovo", "Version": "1.2.3", "Size": "10/12",
    "Time": Clock("14:00"), "Error": Broken("#N/A"), "": "something", "1": "1", "Quantity": Number(3), "Model name": "x",
    "Delivered to": "Bratislava", "Doprava do": "3 dní", "Konečná cena": Number(9), "Vendor": "Bis & Co", "Ab Lager": "ja",
    "Platba": "karta", "Platca DPH": "áno", "Validated by": "Eva", "Endkunde": "Alza", "Startseite": "/de",
    "JSON note": "{draft}", "Attributes": "color: red", "Okres": "Žilina", "Stiahnuť": "manual.pdf", "Debut": "album",
    "Vege": "igen", "Trvanlivosť": "12 mesiacov", "Dodanie": "po–pia", "Jeans": "W32", "Audi": "Q3", "Marketing": "Marketing 2026",
    "Vypnuté predaje": "0,5", "Collection": "Decor 2026", "Záruka (mesiace)": "24", "Duration": "90 min", "Trvanie": "2 hodiny",
    "Month of birth": "May", "Author": "June", "Weight": "1.2 kg", "Shelf": "12.3", "Chapter": "1.2", "IP": "10.1.1.1",
}  # fmt: skip


@pytest.mark.parametrize("header", HONEST)
def test_what_merchandisers_keep_beside_the_pins_stops_nothing(header):
    assert looks(header, HONEST[header]) == ""


@pytest.mark.parametrize(
    "cell",
    [
        DAY, "2026-12-01", "1.12.2026", "1. 12. 2026", "01/12/2026", "12/24/2026", "1.12.26", "2026-12-01T14:00:00Z",
        "2026-12-01 14:00", "2026-12-01T14:00+01:00", "1.12.2026 14:00", "1 Dec 2026", "1. decembra 2026",
        "December 1, 2026", "1. Dezember 2026", "1. prosince 2026", "po 1.12.2026", "od 1.12.2026", "bis 31.12.2026",
        "1.12.2026 - 24.12.2026", "1.12.2026 – 24.12.2026", "from 1.12.2026 to 24.12.2026", "1.12.2026 10 AM", "1.12. - 24.12.2026",
        "1. 3. 2027.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("header", ["", "Kampaň", "xyz", "Dátum"])
def test_a_column_of_dates_is_a_period_whatever_its_header(header, cell):
    assert looks(header, cell, cell, "asap") == "active_from or active_to"
    assert looks(header, cell, present=["active_from"]) == "active_to"


@pytest.mark.parametrize(
    "cell", ["objednané 1.5.2026", "1.5.2026 volal Peter", "2026", "1.5.", "12.50", "v1.2.2026b", "A 1.1.2026/3"]
)
def test_a_text_with_a_date_in_it_is_no_date(cell):
    assert looks("Poznámka", cell) == ""


def test_dates_are_a_period_only_where_most_cells_are():
    assert looks_like("Note", [("ok", 5), (DAY, 4)], ()) == ""
    assert looks_like("Note", [("ok", 3), (DAY, 4)], ()) == "active_from or active_to"


@pytest.mark.parametrize("header", ["Created", "Updated", "Vytvorené", "Objednané", ""])
def test_with_both_ends_read_another_date_is_no_period(header):
    assert looks(header, DAY, present=BOTH) == ""


@pytest.mark.parametrize("header", ["Start", "Platnosť", "od", "Gültig bis"])
def test_with_both_ends_read_a_date_that_says_so_is_one(header):
    assert looks(header, DAY, present=BOTH)


@pytest.mark.parametrize("cell", ['{"a": "b"}', '{"brand": ["x", "y"]}', "{brand: x}", '{"a":\n1}', "{“a”: 1}"])
def test_json_objects_are_criteria_or_metadata_whatever_the_header(cell):
    assert looks("", cell) == "target_criteria, pin_criteria or target_metadata"
    assert looks("x", cell, present=["target_criteria", "pin_criteria"]) == "target_metadata"


def test_an_empty_column_is_nothing():
    assert looks_like("Start", [], ()) == ""


def test_a_number_is_the_start_of_a_pin_only_where_a_spreadsheet_would_show_a_day():
    assert looks("Start", Number(46_357)) == looks("Start", "46357") == "active_from"
    assert looks("Start", Number(12)) == ""


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Produkt", {"target_identity", "pin_identity"}),
        ("Pozícia", {"position"}),
        ("Typ", {"target_type", "pin_type"}),
        ("Odporúčač", {"model"}),
        ("Price", set()),
    ],
)
def test_the_meaning_of_a_header_for_a_column_that_is_missing(header, names):
    asked = ("model", "target_type", "target_identity", "position", "pin_type", "pin_identity")
    assert {name for name in asked if meaning(header, name)} == names


@pytest.mark.parametrize(("header", "cell"), [
    ("When", "March 2027"), ("Goes live", "1 March"), ("Dates", "1.-31.3."), ("Kedy?", "od 1. marca"), ("Schedule", "W12-14"),
])  # fmt: skip
def test_a_header_that_asks_when_is_a_period_that_the_sheet_lacks(header, cell):
    assert looks(header, cell) == "active_from or active_to"
    assert looks(header, cell, present=BOTH) == ""


@pytest.mark.parametrize(
    ("header", "cell"), [("Live", "yes"), ("Live", "1"), ("When asked", "2 times"), ("Launch", "ok")]
)
def test_without_a_time_in_it_or_with_other_words_it_is_none(header, cell):
    assert looks(header, cell) == ""


@pytest.mark.parametrize("header", ["Import?", "Status", "Stav", "Použiť", "Skip", "Send"])
def test_a_column_of_yes_and_no_that_may_switch_rows_off_is_asked_about(header):
    assert looks(header, "yes", "no", "ON") == SWITCH
    assert looks(header, "Jana", "done", "in review") == ""


@pytest.mark.parametrize("header", ["Timezone", "Time zone", "Zeitzone", "Časové pásmo", "TZ"])
def test_a_column_of_time_zones_is_asked_about(header):
    assert looks(header, "America/New_York", present=BOTH) == ZONE


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Spustiť", "1.12.2026 o 8:00"), ("Termín", "1.–24.12.2026"), ("Termín", "1.–24.12."), ("Deadline", "24.12. večer"),
        ("Odkedy", "1.12."), ("Dátum spustenia", "1.12."), ("", "1. 12."), ("Mesiac", "december 2026"), ("x", "Dezember 2026"),
        ("Týždeň", "KW 49–51"), ("Týždeň", "52. týždeň"), ("", "KW 49"), ("Week", Number(49)), ("Kvartál", "Q4/2026"), ("", "2026-12"),
        ("Kedy", "celý december"), ("Mesiac", "december"), ("", "12/2026"), ("x", "1 grudnia 2026"), ("x", "2026. december 1."),
        ("x", "1er décembre 2026"), ("Trvanie (dni)", Number(14)), ("Duration", "14 days"), ("Kampaň", "od 1.12. do 24.12."),
    ],
)  # fmt: skip
def test_a_column_that_tells_roughly_when_is_asked_about_while_a_period_is_missing(header, cell):
    assert looks(header, cell) in ("active_from or active_to", "active_from")
    assert looks(header, cell, present=["active_from"]).startswith("active_")


@pytest.mark.parametrize("header", ["Week", "Týždeň", "", "Kampaň", "Mesiac"])
@pytest.mark.parametrize("cell", ["KW 49", "december 2026", "Q4/2026", "1.12.", Number(49)])
def test_beside_both_ends_a_rough_time_is_a_label(header, cell):
    assert looks(header, cell, present=BOTH) == ""


@pytest.mark.parametrize(
    ("header", "cell", "column"),
    [
        ("Ważne od", "1 grudnia 2026", "active_from"), ("Ważne do", "24 grudnia 2026", "active_to"),
        ("Kezdete", "2026. december 1.", "active_from"), ("Vége", "2026. december 24.", "active_to"),
        ("Date de début", "1er décembre 2026", "active_from"), ("Date de fin", "24 décembre 2026", "active_to"),
        ("Trvá do", "24.12.", "active_to"), ("Dokedy", "24.12.", "active_to"), ("Hodina štartu", "8:00", "active_from"),
        ("Vypnúť o", "20:00", "active_to"), ("Stiahnuť", "24.12.2026 o 20:00", "active_to"),
    ],
)  # fmt: skip
def test_a_header_that_names_an_end_of_the_period_matters_beside_both_ends(header, cell, column):
    assert looks(header, cell, present=BOTH) == column


@pytest.mark.parametrize("cell", ["24.12.2026", "25.12.2026, 26.12.2026", "24.12.", DAY])
def test_days_on_which_nothing_is_to_show_are_asked_about(cell):
    assert looks("Okrem dní", cell, present=BOTH) == DAYS_OFF
    assert looks("Krome", "dní volna", present=BOTH) == ""


@pytest.mark.parametrize(
    ("header", "cell"), [("Dni v týždni", "po–pia"), ("Days", "Mon-Fri"), ("Wochentage", "Mo bis Fr")]
)
def test_days_of_the_week_are_asked_about(header, cell):
    assert looks(header, cell, present=BOTH) == WEEKDAYS


@pytest.mark.parametrize(
    ("header", "cell", "name"),
    [
        ("pin_identity_2", "/p/988", "pin_identity"), ("pin_identity 3", "A-17", "pin_identity"), ("Pin Identity (2)", "x", "pin_identity"),
        ("pinIdentity2", "/p/988", "pin_identity"), ("Pin 2", "/p/988", "pin_identity"), ("Pripnutý produkt 4", Number(904), "pin_identity"),
        ("pin_type_2", "item", "pin_type"), ("target_identity2", "/p/1", "target_identity"), ("widget_id_2", "top", "widget_id"),
    ],
)  # fmt: skip
def test_a_numbered_name_is_one_more_of_that_column(header, cell, name):
    assert looks(header, cell, present=BOTH) == ONE_MORE.format(name=name)


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        ("pin_identity (nové)", ["/p/555", "/p/556"], "pin_identity"),
        ("target_identity (starý)", ["A1"], "target_identity"),
    ],
)
def test_an_identity_with_a_remark_beside_one_without_is_asked_about(header, cells, column):
    assert looks(header, *cells, present=BOTH) == column


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("pin_identity (názov)", "Hodinky Diver 42"), ("Pin identity name", "Diver"), ("Image 2", "/img/2.jpg"), ("EAN 2", "859000001"),
        ("Produkt 2", "Diver watch"), ("Pin 2", "Diver watch"), ("model (popis)", "kosik"), ("Category 2", "Watches"), ("Note 2", "x"),
        ("Pin 1", "Diver"), ("2", "/p/2"), ("Price 2", "12.50"), ("Pins 2026", "120"),
    ],
)  # fmt: skip
def test_names_and_other_numbered_columns_are_not_more_pins(header, cell):
    assert looks(header, cell, present=BOTH) == ""


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Publikovať", ["nie", "áno"]), ("Vypnuté", ["áno", "nie"]), ("Zrušiť", ["x"]), ("Nezobrazovať", ["áno", "nie"]),
        ("Zakázať", ["x"]), ("Cancelled", [Flag(True), Flag(False)]), ("Published", ["no"]), ("Zverejnené", ["áno", "nie"]),
        ("Wyłączone", ["tak"]), ("Kikapcsolva", ["igen"]), ("Delete", ["✓"]), ("Online", ["ja", "nein"]),
    ],
)  # fmt: skip
def test_a_column_of_yes_and_no_that_turns_a_row_off_is_a_switch(header, cells):
    assert looks(header, *cells, present=BOTH) == SWITCH


@pytest.mark.parametrize(
    ("header", "cells", "telling"),
    [
        ("Akcia", ["pridať", "zmazať"], "zmazať"), ("Stav", ["aktívny", "neaktívny", "zrušené"], "neaktívny"),
        ("Status", ["ok", "ok 2", "Cancelled"], "Cancelled"), ("Poznámka", ["pekné", "NEPOSIELAŤ"], "NEPOSIELAŤ"),
        ("", ["do not send!"], "do not send!"), ("Note", ["cancelled"], "cancelled"), ("Uwagi", ["nie wysyłać"], "nie wysyłać"),
        ("Stav pinu", ["vypnutý"], "vypnutý"), ("Aktion", ["löschen"], "löschen"),
    ],
)  # fmt: skip
def test_a_word_that_says_not_to_send_is_asked_about(header, cells, telling):
    assert looks(header, *cells, present=BOTH) == NOT_SENT
    assert sample(NOT_SENT, [(cell, 1) for cell in cells]) == telling


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Zverejnené", ["áno"]), ("Online", ["ja", "yes"]), ("Vypnuté", ["nie"]), ("Zobraziť cenu", ["nie"]), ("Akcia", ["áno", "nie"]),
        ("Akcia", ["-20 %", "1+1"]), ("Stav", ["nové", "použité"]), ("Stav", ["vypredané"]), ("Status", ["active"]), ("Stav", ["hotovo"]),
        ("Poznámka", ["zrušené zľavy overiť"]), ("Poznámka", ["nepoužívať čistiace prostriedky"]), ("Názov", ["Stop", "Off-White"]),
        ("Stav objednávky", ["zrušená zákazníkom"]), ("Brand", ["Stop"]), ("Vypnutie", ["automatické"]), ("Typ", ["On/Off"]),
        ("Stav skladu", ["odstránené"]), ("Tracker", ["GPS 100", "GPS 100"]), ("Vernosť", ["nie"]), ("Delete from feed", ["yes"]),
    ],
)  # fmt: skip
def test_a_column_that_turns_nothing_off_or_speaks_of_something_else_is_no_switch(header, cells):
    looked = looks_like(header, [(cell, 1) for cell in dict.fromkeys(cells)], BOTH)
    assert looked == "" or (header, looked) == ("Stav", SWITCH)


def test_several_trackers_are_asked_about_and_one_is_not():
    assert looks("Tracker ID", "1234-5678", "8765-4321", present=BOTH) == TRACKERS
    assert looks("Tracker ID", "1234-5678", present=BOTH) == ""
    assert looks("GPS tracker", "a", "b", present=BOTH) == ""


@pytest.mark.parametrize(
    "header",
    [
        "Launch date",
        "Spustenie predaja",
        "Vypnutie výroby",
        "Posledná zmena",
        "Deadline",
        "Termín dodania",
        "Naskladnené",
    ],
)
@pytest.mark.parametrize("cell", [DAY, "24.12.2026", "24.12."])
def test_beside_both_ends_a_shop_may_keep_dates_of_its_own(header, cell):
    assert looks(header, cell, present=BOTH) == ""
