"""Two tables on one sheet, headers that repeat, and pins above the headers: nothing is read under foreign headers."""

from __future__ import annotations

import random

import pytest

from importer.errors import FileError
from tests.reading.both_ways import read
from tests.reading.making import HEADER, ROW, pins

OTHER_ORDER = ("model", "target_type", "target_identity", "pin_identity", "pin_type", "position")
MORE = (*HEADER, "widget_id")


def csv_of(tmp_path, *rows):
    path = tmp_path / "p.csv"
    path.write_text("\n".join(";".join(map(str, row)) for row in rows), "utf-8")
    return path


def texts(sheet):
    return [notice.text for notice in sheet.notices if notice.code != "text"]


class TestRepeatedHeaders:
    @pytest.mark.parametrize(
        "again",
        [
            HEADER,
            tuple(name.replace("_", " ").title() for name in HEADER),
            tuple(f" {name.upper()}\u00a0" for name in HEADER),
        ],
    )
    def test_the_same_headers_again_are_skipped_and_said(self, tmp_path, again):
        for path in (pins(tmp_path / "p.xlsx", ROW, again, ROW), csv_of(tmp_path, HEADER, ROW, again, ROW)):
            sheet = read(path)
            assert list(sheet.frame.index) == [2, 4]
            assert texts(sheet) == ["Row 3 repeats the headers, so it was skipped."]

    def test_as_printed_pages_do(self, tmp_path):
        rows = [row for _ in range(8) for row in (HEADER, ROW, ROW)]
        assert texts(read(pins(tmp_path / "p.xlsx", *rows[1:]))) == [
            "7 rows repeat the headers, so they were skipped: rows 4, 7, 10, 13, 16 and 2 more."
        ]

    def test_far_below_among_many_different_cells(self, tmp_path):
        rows = [("basket", "item", f"/p/{number}", 1, "item", f"/q/{number}") for number in range(7000)]
        sheet = read(csv_of(tmp_path, HEADER, *rows, HEADER, *rows[:1]))
        assert texts(sheet) == ["Row 7002 repeats the headers, so it was skipped."]
        assert len(sheet.frame) == 7001

    def test_columns_that_are_not_ours_may_have_other_names(self, tmp_path):
        sheet = read(pins(tmp_path / "p.xlsx", (*ROW, "x"), (*HEADER, "Remark"), (*ROW, "y"), header=(*HEADER, "Note")))
        assert texts(sheet) == ["Row 3 repeats the headers, so it was skipped."]

    def test_headers_repeated_at_the_end_over_nothing(self, tmp_path):
        assert len(read(pins(tmp_path / "p.xlsx", ROW, HEADER)).frame) == 1


class TestTwoTables:
    @pytest.mark.parametrize(
        "second",
        [
            OTHER_ORDER,
            MORE,
            HEADER[:-1],
            ("", *HEADER),
            ("",) * 7 + HEADER,
            ("Price", "Shop", "model", "position"),
            tuple(name.replace("_", " ").title() for name in OTHER_ORDER),
        ],
    )
    def test_another_table_is_refused_and_both_rows_are_named(self, tmp_path, second):
        under = ("",) * second.count("") + ROW
        for path in (
            pins(tmp_path / "p.xlsx", ROW, (), second, under),
            csv_of(tmp_path, HEADER, ROW, ("",), second, under),
        ):
            with pytest.raises(FileError, match=r"row 1 has headers, and row 4 has headers again") as caught:
                read(path)
            assert caught.value.code == "two-tables"
            assert caught.value.read.non_empty_rows == 4

    def test_the_first_row_with_all_needed_names_is_the_header(self, tmp_path):
        with pytest.raises(FileError, match=r"row 1 has headers, and row 3 has headers again"):
            read(pins(tmp_path / "p.xlsx", ROW, MORE, (*ROW, "w")))

    @pytest.mark.parametrize(
        "row",
        [
            ("model", "item", "/p/position", 1, "item", "/p/2"),  # a pin whose values look like names
            ("model", "item", "position", 1, "item", "pin_identity"),
            ("basket", "item", "/p/1", 1, "item", "position"),
            ("basket", "item", "/p/model-type", 1, "item", "/p/pin"),
        ],
    )
    def test_pins_whose_cells_are_words_of_headers_are_pins(self, tmp_path, row):
        sheet = read(pins(tmp_path / "p.xlsx", ROW, row))
        assert list(sheet.frame.index) == [2, 3]
        assert texts(sheet) == []

    def test_a_legend_beside_the_table_is_no_table(self, tmp_path):
        legend = [("", name) for name in HEADER]
        sheet = read(pins(tmp_path / "p.xlsx", *((*ROW, *each) for each in legend), header=(*HEADER, "", "Legend")))
        assert len(sheet.frame) == len(HEADER)


class TestRowsAboveTheHeaders:
    def test_a_pin_above_is_refused(self, tmp_path):
        with pytest.raises(FileError, match="row 2 is a pin, and the headers stand in row 3") as caught:
            read(pins(tmp_path / "p.xlsx", ROW, HEADER, ROW, header=("Spring",)))
        assert caught.value.code == "rows-above-header"

    @pytest.mark.parametrize(
        "above",
        [
            ("Jarná kampaň",),
            ("Model", "Typ cieľa", "Cieľ", "Pozícia", "Typ", "Produkt"),
            ("basket", "", "/p/1", 1, "item", "/p/2"),
            ("from Jana", "item or all", "product", "1, 2 …", "item", "product"),
        ],
    )
    def test_titles_and_translated_headers_are_not(self, tmp_path, above):
        sheet = read(pins(tmp_path / "p.xlsx", HEADER, ROW, header=above))
        assert list(sheet.frame.index) == [3]
        assert [notice.code for notice in sheet.notices] == ["header-row"]


def test_a_sheet_sorted_at_random_is_never_read_under_headers_that_moved(tmp_path):
    rows = [HEADER, *(("basket", "item", f"/p/{number}", 1, "item", "/p/9") for number in range(8))]
    for seed in range(12):
        random.Random(seed).shuffle(rows)
        path = pins(tmp_path / "p.xlsx", *rows[1:], header=rows[0])
        if rows[0] == HEADER:
            assert len(read(path).frame) == 8
        else:
            with pytest.raises(FileError):
                read(path)
