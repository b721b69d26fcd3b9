"""Rows that hold no pin though they are not empty: taken for blank, and said."""

from __future__ import annotations

import openpyxl
import pytest

from importer.errors import FileError
from tests.reading.both_ways import read
from tests.reading.making import pins

HEADER = ("model", "target_type", "target_identity", "position", "pin_type", "pin_identity", "is_block_pin", "Note")
PIN = ("basket", "item", "/p/1", 1, "item", "a", "no", "")
SAID = "only yes or no, words of drop-downs, or columns that are not read, so"


def texts(sheet):
    return [notice.text for notice in sheet.notices if notice.code != "text"]


@pytest.mark.parametrize(
    "row",
    [
        ("", "", "", "", "", "", "no"),
        ("", "", "", "", "", "", False),
        ("", "item", "", "", "item", "", 0),
        ("", " ITEM ", "", "", "Criteria"),
        ("", "", "", "", "", "", "", "prepared by Jana"),
        ("\u00a0", "\u200b", " ", "", "", "", "no"),
    ],
)
def test_what_is_filled_down_beside_pins_makes_no_row(tmp_path, row):
    sheet = read(pins(tmp_path / "p.xlsx", PIN, row, PIN, header=HEADER))
    assert list(sheet.frame.index) == [2, 4]
    assert sheet.facts.non_empty_rows == 4
    assert texts(sheet) == [f"Row 3 holds {SAID} it counts as blank."]


@pytest.mark.parametrize(
    "row",
    [
        ("basket",),
        ("", "product"),
        ("", "", "/p/1"),
        ("", "", "", 7),
        ("", "", "", "", "", "a"),
        ("", "item", "", "", "", "a", "no", "x"),
    ],
)
def test_anything_of_a_pin_or_a_target_makes_a_row(tmp_path, row):
    sheet = read(pins(tmp_path / "p.xlsx", PIN, row, header=HEADER))
    assert list(sheet.frame.index) == [2, 3]
    assert texts(sheet) == []


def test_many_are_said_once_with_the_first_of_them(tmp_path):
    sheet = read(pins(tmp_path / "p.xlsx", PIN, *[("", "item", "", "", "item", "", "no")] * 1200, header=HEADER))
    assert list(sheet.frame.index) == [2]
    assert texts(sheet) == [f"1,200 rows hold {SAID} they count as blank: rows 3, 4, 5, 6, 7 and 1,195 more."]


def test_a_merged_model_does_not_make_pins_of_them(tmp_path):
    path = pins(tmp_path / "p.xlsx", PIN, ("", "item", "", "", "item", "", "no"), header=HEADER)
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("C2:C3")
    book.save(path)
    assert list(read(path).frame.index) == [2]


def test_a_sheet_of_nothing_else_is_refused(tmp_path):
    with pytest.raises(FileError, match="has no pins under its row of headers") as caught:
        read(pins(tmp_path / "p.xlsx", ("", "item", "", "", "item", "", "no"), header=HEADER))
    assert caught.value.code == "only-blank-rows"
    assert caught.value.read.non_empty_rows == 2


def test_a_row_that_reaches_past_the_header_stays(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("model;target_type;target_identity;position;pin_type;pin_identity\nb;all;;1;item;x\n;;;;;;y\n")
    assert list(read(path).frame.index) == [2, 3]
