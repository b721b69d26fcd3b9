"""Blank scope cells: filled in merged ranges always, elsewhere on request, and always said."""

from __future__ import annotations

from datetime import datetime

import openpyxl
import pytest

from importer.cells import Covered, Flag, Number
from importer.checking import check
from importer.settings import CheckOptions, ReadOptions
from tests.builders import NOW
from tests.reading.both_ways import read
from tests.reading.making import pins

HEADER = ("model", "target_type", "target_identity", "tags", "position", "pin_type", "pin_identity")


def merged(tmp_path, rows, *ranges, options=None):
    path = pins(tmp_path / "p.xlsx", *rows, header=HEADER)
    book = openpyxl.load_workbook(path)
    for each in ranges:
        book.active.merge_cells(each)
    book.save(path)
    return read(path, options)


def filled(tmp_path, rows, header=HEADER):
    path = tmp_path / "p.csv"
    path.write_text("\n".join(";".join(row) for row in (header, *rows)))
    return read(path, ReadOptions(fill_down=True))


def column(sheet, key):
    return [None if cell != cell else cell for cell in sheet.frame[key]]


ROWS = [
    ("basket", "item", "/p/1", "spring", 1, "item", "a"),
    ("", "", "", "", 2, "item", "b"),
    ("", "", "", "", 3, "item", "c"),
]


class TestMergedCellsH30:
    def test_scope_columns_are_filled_down_and_said(self, tmp_path):
        sheet = merged(tmp_path, ROWS, "A2:A4", "B2:B4", "C2:C3", "D2:D4")
        assert column(sheet, "model") == ["basket"] * 3
        assert column(sheet, "target_identity") == ["/p/1", "/p/1", None]
        assert column(sheet, "tags") == ["spring"] * 3
        assert [notice.text for notice in sheet.notices] == [
            "Filled 7 cells down from merged cells, in the columns model, target_type, target_identity, tags."
        ]

    def test_what_a_pin_has_to_itself_is_covered_on_each_further_row(self, tmp_path):
        rows = [ROWS[0], (*ROWS[0][:4], "", "item", ""), (*ROWS[0][:4], 3, "item", "")]
        sheet = merged(tmp_path, rows, "E2:E3", "G2:G4")
        assert column(sheet, "pin_identity") == ["a", Covered("a"), Covered("a")]
        assert column(sheet, "position") == [Number(1), Covered("1"), Number(3)]
        assert sheet.notices == ()
        codes = [(problem.row, problem.column, problem.code) for problem in check(sheet, CheckOptions(), NOW).problems]
        assert codes == [
            (3, "position", "cell-covered"),
            (3, "pin_identity", "cell-covered"),
            (4, "pin_identity", "cell-covered"),
        ]

    def test_what_may_be_the_same_for_several_pins_is_filled_down_and_said(self, tmp_path):
        header = (*HEADER[:4], "position", "pin_identity", "pin_type", "widget_id", "is_block_pin", "active_to")
        day = datetime(2027, 3, 1)
        first = ("basket", "item", "/p/1", "", 1, "a", "item", "w", True, day)
        second = ("basket", "item", "/p/1", "", 2, "b")
        path = pins(tmp_path / "p.xlsx", first, second, header=header)
        book = openpyxl.load_workbook(path)
        for each in ("G2:G3", "H2:H3", "I2:I3", "J2:J3"):
            book.active.merge_cells(each)
        book.save(path)
        sheet = read(path)
        assert column(sheet, "pin_type") == ["item"] * 2
        assert column(sheet, "widget_id") == ["w"] * 2
        assert column(sheet, "is_block_pin") == [Flag(True)] * 2
        assert [cell.value for cell in column(sheet, "active_to")] == [day] * 2
        assert [notice.text for notice in sheet.notices] == [
            "Filled 4 cells down from merged cells, in the columns pin_type, widget_id, is_block_pin, active_to."
        ]

    def test_one_cell_is_said_as_one(self, tmp_path):
        sheet = merged(tmp_path, [ROWS[0], ("", *ROWS[0][1:])], "A2:A3")
        assert [notice.text for notice in sheet.notices] == [
            "Filled one cell down from merged cells, in the column model."
        ]

    def test_a_range_over_a_pin_column_and_others_leaves_none_of_them_empty_in_silence(self, tmp_path):
        header = (*HEADER, "widget_id", "Note", "active_from", "active_to")
        row = (*ROWS[0], "", "", datetime(2027, 3, 1), "")
        path = pins(tmp_path / "p.xlsx", row, row, header=header)
        book = openpyxl.load_workbook(path)
        for each in ("G2:I2", "J2:K3"):
            book.active.merge_cells(each)
        book.save(path)
        sheet = read(path)
        assert column(sheet, "widget_id") == [Covered("a"), None]
        assert [type(cell) for cell in column(sheet, "active_to")] == [Covered] * 2
        assert column(sheet, "active_from")[0] == column(sheet, "active_from")[1]

    def test_a_column_of_the_target_merged_into_one_of_the_pin_covers_it(self, tmp_path):
        sheet = merged(tmp_path, [(*ROWS[0][:4], "", *ROWS[0][5:])], "D2:E2")
        assert column(sheet, "position") == [Covered("spring")]

    def test_a_heading_over_the_whole_row_stays_one(self, tmp_path):
        sheet = merged(tmp_path, [ROWS[0], ("Zimná kampaň",), ROWS[0]], "A3:G3")
        assert column(sheet, "pin_identity") == ["a", None, "a"]
        assert [problem.code for problem in check(sheet, CheckOptions(), NOW).problems][:1] == ["row-alone"]

    def test_a_heading_over_part_of_its_row_stays_one(self, tmp_path):
        sheet = merged(tmp_path, [ROWS[0], ("", "", "", "", "Zimná kampaň"), ROWS[0]], "E3:G3")
        assert column(sheet, "pin_identity") == ["a", None, "a"]

    def test_a_range_over_several_columns_fills_its_first_one_only(self, tmp_path):
        sheet = merged(tmp_path, ROWS, "A2:C4")
        assert column(sheet, "model") == ["basket"] * 3
        assert column(sheet, "target_type") == [None] * 3

    def test_a_title_merged_above_the_header_fills_nothing(self, tmp_path):
        path = tmp_path / "p.xlsx"
        book = openpyxl.Workbook()
        book.active.append(["Spring"])
        book.active.append([])
        book.active.append(HEADER)
        book.active.append(ROWS[0])
        book.active.append(("", *ROWS[0][1:]))
        book.active.merge_cells("A1:A2")
        book.save(path)
        sheet = read(path)
        assert column(sheet, "model") == ["basket", None]
        assert [notice.code for notice in sheet.notices] == ["header-row"]

    def test_a_row_of_nothing_but_a_merged_cell_stays_blank(self, tmp_path):
        sheet = merged(tmp_path, ROWS[:2], "A2:A9")
        assert list(sheet.frame.index) == [2, 3]

    def test_without_merging_blank_cells_stay_blank(self, tmp_path):
        assert column(merged(tmp_path, ROWS), "model") == ["basket", None, None]


class TestFillDown:
    def test_a_blank_target_goes_on_with_the_one_above(self, tmp_path):
        sheet = filled(tmp_path, [tuple(map(str, row)) for row in ROWS])
        assert column(sheet, "model") == ["basket"] * 3
        assert column(sheet, "target_type") == ["item"] * 3
        assert column(sheet, "target_identity") == ["/p/1"] * 3
        assert sheet.notices[-1].text == "Filled 6 empty cells from the row above, as --fill-down asks."

    def test_the_identity_of_one_target_never_meets_the_type_of_another(self, tmp_path):
        rows = [("basket", "item", "/p/1", "", "1", "item", "a"), ("", "all", "", "", "1", "item", "b")]
        sheet = filled(tmp_path, rows)
        assert column(sheet, "model") == ["basket", "basket"]
        assert column(sheet, "target_identity") == ["/p/1", None]

    def test_an_identity_alone_takes_the_type_from_above(self, tmp_path):
        rows = [
            ("basket", "item", "/p/1", "", "1", "item", "a"),
            (" ", "", "/p/2", "", "1", "item", "b"),
            ("", "", "", "", "2", "item", "c"),
        ]
        sheet = filled(tmp_path, rows)
        assert column(sheet, "target_type") == ["item"] * 3
        assert column(sheet, "target_identity") == ["/p/1", "/p/2", "/p/2"]
        assert column(sheet, "model") == ["basket"] * 3

    def test_tags_are_never_taken_from_another_scope(self, tmp_path):
        rows = [("basket", "item", "/p/1", "x", "1", "item", "a"), ("basket", "item", "/p/2", "", "1", "item", "b")]
        assert column(filled(tmp_path, rows), "tags") == ["x", None]

    def test_nothing_above_nothing_filled(self, tmp_path):
        rows = [("", "", "", "", "1", "item", "a"), ("basket", "item", "/p/1", "", "1", "item", "b")]
        sheet = filled(tmp_path, rows)
        assert column(sheet, "model") == [None, "basket"]
        assert [notice.code for notice in sheet.notices] == ["text"]

    def test_blank_rows_between_do_not_end_it(self, tmp_path):
        rows = [tuple(map(str, ROWS[0])), ("",) * 7, tuple(map(str, ROWS[1]))]
        assert column(filled(tmp_path, rows), "model") == ["basket", "basket"]

    def test_a_heading_between_rows_neither_gives_nor_takes(self, tmp_path):
        rows = [
            ("basket", "item", "/p/1", "", "1", "item", "a"),
            ("Zimná kampaň", "", "", "", "", "", ""),
            ("", "", "/p/2", "", "1", "item", "b"),
            ("", "", "Letná kampaň", "", "", "", ""),
            ("", "", "", "", "2", "item", "c"),
        ]
        sheet = filled(tmp_path, rows)
        assert column(sheet, "model") == ["basket", "Zimná kampaň", "basket", None, "basket"]
        assert column(sheet, "target_identity") == ["/p/1", None, "/p/2", "Letná kampaň", "/p/2"]

    @pytest.mark.parametrize("missing", ["target_identity", "tags"])
    def test_columns_that_are_not_there(self, tmp_path, missing):
        place = HEADER.index(missing)

        def without(row):
            return tuple(str(cell) for at, cell in enumerate(row) if at != place)

        sheet = filled(tmp_path, [without(row) for row in ROWS], without(HEADER))
        assert column(sheet, "model") == ["basket"] * 3
