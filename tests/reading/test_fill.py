"""Blank scope cells: filled in merged ranges always, elsewhere on request, and always said."""

from __future__ import annotations

import openpyxl
import pytest

from importer.settings import ReadOptions
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

    def test_pin_columns_are_not(self, tmp_path):
        rows = [ROWS[0], (*ROWS[0][:6], "")]
        sheet = merged(tmp_path, rows, "G2:G3")
        assert column(sheet, "pin_identity") == ["a", None]
        assert sheet.notices == ()

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

    @pytest.mark.parametrize("missing", ["target_identity", "tags"])
    def test_columns_that_are_not_there(self, tmp_path, missing):
        place = HEADER.index(missing)

        def without(row):
            return tuple(str(cell) for at, cell in enumerate(row) if at != place)

        sheet = filled(tmp_path, [without(row) for row in ROWS], without(HEADER))
        assert column(sheet, "model") == ["basket"] * 3
