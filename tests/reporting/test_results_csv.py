"""The results as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from importer.catalogue.rows import ROWS
from importer.cells import Broken, Number, Uncalculated
from importer.model import HeldBack, ReadFacts
from importer.reporting import write_results
from importer.reporting.result_rows import NOT_AS_TEXT
from importer.reporting.results_csv import plain_text
from tests.builders import checked, pins, sheet
from tests.reporting.making import finished


def rows(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_the_first_sheet_alone_with_a_byte_order_mark_and_semicolons(tmp_path):
    run = finished(pins({"target_identity": 'Žltý; "kôň"\nx', "active_from": date(2026, 12, 1)}))
    path = write_results(run, tmp_path / "r.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfmodel;target_type;")
    assert b"\r\n" in path.read_bytes()


def test_cells_and_what_became_of_them(tmp_path):
    run = finished(pins({"is_bundle_pin": True, "active_from": date(2026, 12, 1), "position": -1}, {"position": 2.0}))
    first, second = rows(write_results(run, tmp_path / "r.CSV"))
    assert first.pop("Import Key") == str(run.scopes.key(0))
    assert first == {
        "model": "basket",
        "target_type": "item",
        "target_identity": "/p/1",
        "position": "-1",
        "pin_type": "item",
        "pin_identity": "/p/100",
        "is_bundle_pin": "TRUE",
        "active_from": "2026-12-01",
        "Import Result": "Created",
        "Customization ID": "id-0",
        "Import Comment": "",
        "Source Row": "2",
    }
    assert second["position"] == "2"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_inputs(tmp_path, delimiter):
    run = finished(pins({"target_identity": f"a{delimiter}b"}))
    found = replace(run.sheet, facts=ReadFacts("csv", "utf-8", delimiter, None, 1, 2))
    path = write_results(replace(run, sheet=found), tmp_path / "r.csv")
    assert rows(path, delimiter)[0]["target_identity"] == f"a{delimiter}b"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+421 900", "'+421 900"),
        ("-x", "'-x"),
        ("@x", "'@x"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("-1", "-1"),
        ("-1,5", "-1,5"),
        (Number(-1), "-1"),
        (Number(-2.5), "-2.5"),
        (Uncalculated("A1"), "'=A1"),
        (Number(5, "=5"), "'=5"),
        (7, "7"),
    ],
)
def test_texts_that_a_spreadsheet_would_run_are_disarmed_and_numbers_are_not(value, text):
    assert plain_text(value) == text


def test_half_a_character_is_written_as_none(tmp_path):
    """A lone surrogate, as a server's JSON can hold, does not keep the results from being saved."""
    run = finished(pins({}), [HeldBack("a\udc80b")])
    assert rows(write_results(run, tmp_path / "r.csv"))[0]["Import Comment"] == "a\ufdd0b"
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "no-character")


def test_a_cell_that_is_wrong_by_its_kind_does_not_turn_into_a_good_text(tmp_path):
    """CSV knows only text, and `00123` as text would be a good identity."""
    bad = [Number(123, "00123"), Number(1234567890123456), Number(1.5), date(2026, 3, 4), Broken("#N/A")]
    bad.append(Uncalculated("A1"))
    run = finished(pins(*({"pin_identity": cell, "position": at} for at, cell in enumerate(bad, 1))))
    assert run.checked.invalid.all()
    path = write_results(run, tmp_path / "r.csv")
    cells = [row["pin_identity"] for row in rows(path)]
    assert cells == ["#VALUE!"] * 4 + ["#N/A"] * 2
    again = checked(pins(*({"pin_identity": cell, "position": at} for at, cell in enumerate(cells, 1))))
    assert again.invalid.all()


def test_a_problem_with_a_column_that_the_sheet_lacks(tmp_path):
    run = finished(pins({"pin_type": "criteria", "pin_identity": None}, {"pin_identity": Number(1.5)}))
    assert "pin_criteria" not in run.sheet.frame
    first, second = rows(write_results(run, tmp_path / "r.csv"))
    assert "pin_criteria" in first["Import Comment"]
    assert second["pin_identity"] == "#VALUE!"


def test_the_codes_of_such_problems_exist():
    assert set(ROWS) >= NOT_AS_TEXT


def test_what_goes_on_past_the_header_stands_past_it_again(tmp_path):
    header = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity"]
    found = sheet(header, [["basket", "item", "/p/1", 1, "item", "/p/2"]], surplus={2: "too much"})
    text = write_results(finished(found), tmp_path / "r.csv").read_text("utf-8-sig")
    first, second, *_ = text.split("\n")
    assert first.rstrip("\r").endswith("Import Key;")
    assert second.rstrip("\r").endswith(";too much")
