"""Rows that hold no pin though they are not empty: taken for blank, and said."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from importer.columns import COLUMNS
from importer.errors import FileError
from importer.template import write_template
from tests.reading.both_ways import read
from tests.reading.making import pins

HEADER = ("model", "target_type", "target_identity", "position", "pin_type", "pin_identity", "is_block_pin", "Note")
QUOTE = '"'
PIN = ("basket", "item", "/p/1", 1, "item", "a", "no", "")
SAID = "nothing of a pin in the columns that are used"


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
    assert texts(sheet) == [f"Row 3 has {SAID} (a heading, a total, cells filled down), so it is left out."]


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
    (text,) = texts(sheet)
    assert text.startswith(f"1,200 rows have {SAID} (headings, totals, cells filled down), so they are left out: ")
    assert text.endswith("rows 3, 4, 5, 6, 7 and 1,195 more.")


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


class TestTheTemplatesExamples:
    def sheet(self, tmp_path, ending, change):
        """The template with its cells, a list for each row, changed by a person."""
        path = tmp_path / f"pins{ending}"
        write_template(path)
        if ending == ".csv":
            rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))
            change(rows)
            path.write_text("\n".join(";".join(f'"{cell.replace(QUOTE, QUOTE * 2)}"' for cell in row) for row in rows))
        else:
            book = openpyxl.load_workbook(path)
            rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
            change(rows)
            for at, row in enumerate(rows, 1):
                for place, value in enumerate(row, 1):
                    book.worksheets[0].cell(at, place).value = value
            book.save(path)
        return path

    def own(self, rows):
        own = {"model": "basket", "target_type": "all", "position": "1", "pin_type": "item", "pin_identity": "x"}
        rows.append([own.get(name, "") for name in rows[0]])

    @pytest.mark.parametrize("ending", [".xlsx", ".csv"])
    def test_left_unchanged_they_are_no_pins_and_that_is_said(self, tmp_path, ending):
        sheet = read(self.sheet(tmp_path, ending, self.own))
        assert list(sheet.frame.index) == [4]
        assert texts(sheet)[-1] == "Rows 2 and 3 are the template's examples, left as they were; they are not sent."

    @pytest.mark.parametrize("ending", [".xlsx", ".csv"])
    def test_one_is_said_as_one(self, tmp_path, ending):
        def change(rows):
            self.own(rows)
            del rows[1]

        assert texts(read(self.sheet(tmp_path, ending, change)))[-1] == (
            "Row 2 is one of the template's examples, left as it was; it is not sent."
        )

    @pytest.mark.parametrize("ending", [".xlsx", ".csv"])
    @pytest.mark.parametrize("name", [column.name for column in COLUMNS])
    def test_changed_in_any_cell_one_is_a_pin(self, tmp_path, ending, name):
        def change(rows):
            rows[1][rows[0].index(name)] = "2" if name == "position" else "other"

        sheet = read(self.sheet(tmp_path, ending, change))
        assert list(sheet.frame.index) == [2]

    @pytest.mark.parametrize("date", ["1.12.2026", "01. 12. 2026", "12/1/2026", "2026-12-01 00:00:00"])
    def test_a_date_in_another_programs_dress_is_the_same(self, tmp_path, date):
        def change(rows):
            rows[1][rows[0].index("active_from")] = date

        with pytest.raises(FileError):
            read(self.sheet(tmp_path, ".csv", change))

    @pytest.mark.parametrize("ending", [".xlsx", ".csv"])
    def test_a_sheet_of_nothing_else_is_refused(self, tmp_path, ending):
        with pytest.raises(FileError, match="holds only the template's example rows") as caught:
            read(self.sheet(tmp_path, ending, lambda _: None))
        assert caught.value.code == "only-examples"
