"""The results are themselves a valid input. Read back, they hold the same pins and give the same verdicts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.catalogue import results as texts
from importer.cells import Broken, Clock, Flag, Moment, Number, Uncalculated
from importer.columns import CUSTOMIZATION_ID, RESULT_COLUMNS
from importer.model import ColumnKind, Provenance, ReadFacts, Sheet
from importer.reading import read
from importer.reading.number_format import raw_number
from importer.reporting import write_results
from importer.scopes import Scopes
from importer.settings import ReadOptions
from importer.xlsx.values import format_showing
from tests.builders import checked, pins
from tests.builders import sheet as literal
from tests.reporting.making import finished, opened

at = datetime.fromisoformat
MIDNIGHT = Moment(at("2026-12-01"), has_time=True)


def cells(sheet: Sheet) -> list[dict[str, Any]]:
    """The sheet's own cells, row by row, without result columns."""
    own = [column for column in sheet.columns if column.kind is not ColumnKind.RESULT]
    rows = sheet.frame[[column.key for column in own]].astype(object)
    headers = [column.header for column in own]
    return [
        {header: cell for header, cell in zip(headers, row, strict=True) if isinstance(cell, str) or cell == cell}
        for row in rows.itertuples(index=False)
    ]


def bodies(sheet: Sheet) -> list[bytes]:
    scopes = Scopes(checked(sheet))
    return [scopes[number].body for number in range(len(scopes)) if scopes.ready[number]]


def invalid(sheet: Sheet) -> list[bool]:
    return checked(sheet).invalid.tolist()


def again(sheet: Sheet, path: Path, **more: Any) -> Sheet:
    return read(write_results(finished(sheet), path, **more), ReadOptions(ignore_columns=("note of mine",)))


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_result_columns_are_known_again_and_are_no_data(tmp_path, ending):
    back = again(pins({}, {"target_identity": "/p/2"}), tmp_path / f"r.{ending}")
    results = [column.key for column in back.columns if column.kind is ColumnKind.RESULT]
    assert results == list(RESULT_COLUMNS)
    assert back.frame[CUSTOMIZATION_ID].tolist() == ["id-0", "id-1"]
    assert back.frame.index.tolist() == [2, 3]


@pytest.mark.parametrize("rehearsal", [True, False])
def test_the_summary_says_whose_ids_they_are(tmp_path, rehearsal):
    path = write_results(finished(pins({}), rehearsal=rehearsal), tmp_path / "r.xlsx")
    assert read(path).provenance == Provenance("1234-5678", "https://live.luigisbox.com", rehearsal)


def translated(text: object) -> object:
    """A text in another language: no letter of it is the same, what is filled in stays."""
    if isinstance(text, str):
        return "".join(re.split(r"(\{.*?\})", text)[1::2]) + "Ďalší"
    if isinstance(text, tuple):
        return tuple(map(translated, text))
    return {key: translated(value) for key, value in text.items()} if isinstance(text, dict) else text


def test_a_translation_leaves_a_workbook_that_is_read_back(tmp_path, monkeypatch):
    """Labels that are read back are a file format: none of them is among the texts that a translation replaces."""
    for name in [name for name in vars(texts) if name.isupper()]:
        monkeypatch.setattr(texts, name, translated(getattr(texts, name)))
    path = write_results(finished(pins({}, {"position": "x"}), date_order="dmy"), tmp_path / "r.xlsx")
    assert opened(path)["Summary"]["A1"].value == "Ďalší"
    back = read(path)
    assert back.provenance == Provenance("1234-5678", "https://live.luigisbox.com", rehearsal=False)
    assert (back.date_order, back.sheets, back.unread_sheets) == ("dmy", ("Results",), ())


def test_all_results_sheets_are_read_back(tmp_path):
    """`Results 2` and so on, nothing lost, all read back."""
    sheet = pins(*({"target_identity": f"/p/{number}"} for number in range(7)))
    back = again(sheet, tmp_path / "r.xlsx", sheet_rows=4)
    assert back.sheets == ("Results", "Results 2", "Results 3")
    assert bodies(back) == bodies(sheet)


KINDS = {
    "text": "x",
    "digits": "00123",
    "formula": "=1+1",
    "minus": "-x",
    "number": Number(123),
    "padded": Number(123, "00123"),
    "lettered": Number(7, "AB-07"),
    "long": Number(1234567890123456),
    "fraction": Number(1.5),
    "yes": Flag(value=True),
    "day": Moment(at("2026-12-01"), has_time=False),
    "moment": Moment(at("2026-12-01 13:30:00"), has_time=True),
    "midnight": MIDNIGHT,
    "early": Moment(at("1900-01-15"), has_time=False),
    "clock": Clock("09:05:00"),
    "duration": Clock("26:00:01"),
    "error": Broken("#REF!"),
    "formula without result": Uncalculated("A1+1"),
    "tab": "a\tb",
    "lines": "a\nb",
    "return": "a\r\nb",
    "control": "a\x0bb",
    "escape": "_x000D_",
    "no character": "a\uffffb",
    "blanks": "  a\u00a0",
    "smile": "😀",
}
COLUMNS = ["model", "target_identity", "pin_identity", "position", "widget_id", "is_bundle_pin", "active_from", "tags"]
COLUMNS += ["target_metadata.title", "note of mine"]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("column", COLUMNS)
def test_every_kind_of_cell_in_every_kind_of_column_gives_the_same_verdict(tmp_path, column, ending):
    sheet = pins(*({"target_identity": f"/p/{at}", column: cell} for at, cell in enumerate(KINDS.values())))
    back = again(sheet, tmp_path / f"r.{ending}")
    verdicts = dict(zip(KINDS, invalid(back), strict=True))
    assert verdicts == dict(zip(KINDS, invalid(sheet), strict=True))
    if (column, ending) != ("target_metadata.title", "csv"):  # CSV cannot tell the number 123 from the text 123
        assert bodies(back) == bodies(sheet)


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"formula without result", "no character", "early", "midnight", "return"})
)
def test_every_kind_of_cell_is_the_same_cell_again(tmp_path, kind):
    sheet = pins({"note of mine": KINDS[kind]})
    assert cells(again(sheet, tmp_path / "r.xlsx")) == cells(sheet)


def test_too_many_fields_are_too_many_again(tmp_path):
    header = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity"]
    rows = [["basket", "item", f"/p/{number}", 1, "item", "/p/9"] for number in (1, 2)]
    back = again(literal(header, rows, surplus={3: "too much"}), tmp_path / "r.csv")
    assert dict(back.surplus) == {3: "too much"}
    assert invalid(back) == [False, True]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_comes_back_as_the_same_csv(tmp_path, delimiter):
    sheet = pins({"note": f'a{delimiter}"b"\nc'}, {"target_identity": "/p/2", "note": "plain"})
    sheet = replace(sheet, facts=ReadFacts("csv", "utf-8", delimiter, None, 1, 3))
    back = again(sheet, tmp_path / "r.csv")
    assert back.facts.delimiter == delimiter
    assert [row["note"] for row in cells(back)] == [row["note"] for row in cells(sheet)]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), min_size=1, max_size=12)
IDENTITY = st.one_of(TEXT, st.from_regex(r"[=+\-@0-9_x/]{1,8}", fullmatch=True))
PIN = st.fixed_dictionaries(
    {"target_identity": IDENTITY, "pin_identity": IDENTITY, "position": st.integers(-1, 5)},
    optional={
        "tags": TEXT,
        "target_metadata.title": TEXT,
        "widget_id": IDENTITY,
        "is_bundle_pin": st.sampled_from(["yes", "nie", True, False]),
        "active_from": st.dates(at("1990-01-01").date(), at("2100-01-01").date()),
        "note": st.one_of(TEXT, st.integers(-(10**12), 10**12), st.booleans()),
    },
)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@given(rows=st.lists(PIN, min_size=1, max_size=5))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_writing_results_and_reading_them_back_gives_the_same_pins(tmp_path, ending, rows):
    sheet = pins(*rows)
    back = again(sheet, tmp_path / f"r.{ending}")
    assert invalid(back) == invalid(sheet)
    assert bodies(back) == bodies(sheet)


@given(
    st.integers(0, 10**9) | st.decimals(0, 10**6, places=3).map(float),
    st.from_regex(r"(\"[A-Z/ -]{1,4}\")?0{1,12}(-00)?", fullmatch=True)
    | st.sampled_from(
        ["0%", "0.0 %", "0.00E+00", "#,##0.00", "# ?/?", '0.00 "Kč"', ";;;", '"x"', "[$€-2] #,##0", "??0.0?"]
    ),
)
def test_how_a_number_was_shown_is_how_it_is_shown_again(number, form):
    """The format that is written shows the same characters as the one that was read."""
    read = raw_number(number, form)
    if isinstance(read, tuple):
        assert raw_number(number, format_showing(number, read[2])) == read


@pytest.mark.parametrize("text", ["5,00 Kč", "1 234,50", "1.234,50 €", "12,5 %"])
def test_a_number_shown_with_a_comma_is_not_shown_plainly_afterwards(text):
    number = {"5": 5, "1": 1234.5}.get(text[0], 0.125) if text[0:2] != "12" else 0.125
    form = format_showing(number, text)
    assert "0.0" in form
    assert raw_number(number, form) != number


@pytest.mark.parametrize("lacks", ["", "day", "year"])
@pytest.mark.parametrize("has_time", [False, True])
@pytest.mark.parametrize("value", [datetime(2026, 4, 3), datetime(2026, 4, 3, 14, 30)])
def test_what_a_date_cell_shows_is_what_it_shows_again(tmp_path, lacks, has_time, value):
    moment = Moment(value, has_time, lacks)
    back = again(pins({"active_from": moment}), tmp_path / "r.xlsx")
    assert list(back.frame["active_from"]) == [moment]


def test_text_past_the_header_stays_surplus_in_a_workbook_that_is_read_back(tmp_path):
    header = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity"]
    rows = [["basket", "item", f"/p/{number}", 1, "item", "/p/9"] for number in (1, 2)]
    back = again(literal(header, rows, surplus={3: "too much"}), tmp_path / "r.xlsx")
    assert dict(back.surplus) == {3: "too much"}
    assert invalid(back) == [False, True]
    assert all(column.header for column in back.columns)
    assert invalid(again(back, tmp_path / "r2.xlsx")) == [False, True]


def test_apostrophes_before_a_formula_sign_survive_csv(tmp_path):
    sheet = pins({"target_identity": "'=x", "pin_identity": "''+1", "note": "'''@"})
    assert bodies(again(sheet, tmp_path / "r.csv")) == bodies(sheet)
