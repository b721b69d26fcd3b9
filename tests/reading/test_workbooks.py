"""Excel workbooks: sheets, rows and cells are what Excel shows, and what the fast engine hides is found."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from importer.cells import Broken, Clock, Flag, Moment, Number, Reformatted, Uncalculated
from importer.errors import FileError
from importer.reading.worker import read_workbook
from importer.settings import ReadOptions
from tests.reading.both_ways import read
from tests.reading.making import HEADER, MAIN, ROW, STRICT, header_row, inline, pin_row, pins, styles, workbook, xlsx


def codes(sheet):
    return [notice.code for notice in sheet.notices]


def column(sheet, key):
    return list(sheet.frame[key])


def test_every_cell_is_what_it_was(tmp_path):
    cells = ["00123", "NA", "null", "TRUE", " padded ", "a\nb\tc", "1+1", "ž漢😀", "1.0"]
    rows = [("basket", "item", text, 1, "item", "x") for text in cells]
    sheet = read(pins(tmp_path / "pins.xlsx", *rows))
    assert column(sheet, "target_identity") == cells
    assert set(column(sheet, "position")) == {Number(1)}


def test_types_stay_apart_though_python_holds_them_equal(tmp_path):
    values = [1, True, "1", "True", 0, False, "", 1.0]
    rows = [("basket", "item", value, 1, "item", "x") for value in values]
    found = column(read(pins(tmp_path / "pins.xlsx", *rows)), "target_identity")
    assert found[:6] == [Number(1), Flag(value=True), "1", "True", Number(0), Flag(value=False)]
    assert found[6] != found[6]
    assert found[7] == Number(1)


def test_dates_times_and_durations(tmp_path):
    values = [date(2026, 12, 24), datetime(2026, 12, 24, 14, 30), time(14, 30), timedelta(hours=36, minutes=5)]
    path = pins(tmp_path / "pins.xlsx", *[(*ROW, value) for value in values], header=(*HEADER, "active_from"))
    assert column(read(path), "active_from") == [
        Moment(datetime(2026, 12, 24), has_time=False),
        Moment(datetime(2026, 12, 24, 14, 30), has_time=True),
        Clock("14:30:00"),
        Clock("36:05:00"),
    ]


def test_a_moment_is_rounded_to_the_second_that_excel_shows(tmp_path):
    """14:00 is kept as 0.58333…: 13:59:59.99 is not what anybody typed."""
    cell = '<c r="G2" s="1"><v>46115.583333333299</v></c>'
    path = xlsx(
        tmp_path / "pins.xlsx",
        header_row(header=(*HEADER, "active_from")) + pin_row(2).replace("</row>", cell + "</row>"),
        styles=styles("yyyy-mm-dd hh:mm"),
    )
    assert column(read(path), "active_from") == [Moment(datetime(2026, 4, 3, 14, 0), has_time=True)]


def test_h28_workbooks_of_1904_keep_their_days(tmp_path):
    path = tmp_path / "pins.xlsx"
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append([*HEADER, "active_from"])
    book.active.append([*ROW, datetime(2026, 4, 3)])
    book.save(path)
    assert column(read(path), "active_from") == [Moment(datetime(2026, 4, 3), has_time=True)]


class TestSheetsH13:
    """The first visible sheet that holds anything, said aloud; never silently a hidden one."""

    def test_an_empty_first_sheet_is_passed_over_and_others_are_listed(self, tmp_path):
        sheets = {"Empty": [], "Pins": [HEADER, ROW], "More": [["x"]]}
        sheet = read(workbook(tmp_path / "pins.xlsx", sheets))
        assert sheet.facts.sheet == "Pins"
        assert sheet.sheets == ("Pins",)
        assert "Empty, More" in next(notice.text for notice in sheet.notices if notice.code == "sheet")

    def test_a_hidden_sheet_is_passed_over(self, tmp_path):
        sheets = {"Old": [HEADER, ROW, ROW], "Pins": [HEADER, ROW]}
        assert read(workbook(tmp_path / "p.xlsx", sheets, hidden=["Old"])).facts.sheet == "Pins"

    def test_only_a_hidden_sheet_has_data(self, tmp_path):
        path = workbook(tmp_path / "p.xlsx", {"Old": [HEADER, ROW], "Pins": []}, hidden=["Old"])
        with pytest.raises(FileError, match="hidden sheet Old") as caught:
            read(path)
        assert caught.value.code == "only-hidden"
        assert read(path, ReadOptions(sheet="Old")).facts.sheet == "Old"

    def test_a_sheet_by_name_without_regard_to_case(self, tmp_path):
        path = workbook(tmp_path / "p.xlsx", {"A": [HEADER, ROW], "My Pins": [HEADER, ROW, ROW]})
        assert read(path, ReadOptions(sheet="my  pins")).facts.sheet == "My Pins"

    def test_a_sheet_that_is_not_there(self, tmp_path):
        path = workbook(tmp_path / "p.xlsx", {"A": [HEADER, ROW], "B": []})
        with pytest.raises(FileError, match="Its sheets are: A, B"):
            read(path, ReadOptions(sheet="C"))

    def test_all_sheets_are_empty(self, tmp_path):
        with pytest.raises(FileError) as caught:
            read(workbook(tmp_path / "p.xlsx", {"A": [], "B": []}))
        assert caught.value.code == "nothing-in-it"

    def test_the_first_sheet_that_has_the_header_is_read_whatever_stands_on_those_before(self, tmp_path):
        sheets = {"Notes": [["Eva", "calls"], ["model", "position"]], "Pins": [["Spring"], [], HEADER, ROW]}
        sheet = read(workbook(tmp_path / "p.xlsx", sheets))
        assert sheet.facts.sheet == "Pins"
        assert sheet.unread_sheets == ("Notes",)

    def test_without_the_whole_header_the_sheet_that_has_most_of_it_is_told_about(self, tmp_path):
        sheets = {"Notes": [["Eva"]], "Pins": [["model", "position", "Typ"], ["a", 1, "x"]], "Old": [["x"]]}
        with pytest.raises(FileError) as caught:
            read(workbook(tmp_path / "p.xlsx", sheets, hidden=["Old"]))
        assert str(caught.value).startswith("p.xlsx (sheet Pins) lacks the needed columns")
        assert str(caught.value).endswith("Also in the workbook, not read: Notes, Old. Choose another with --sheet.")

    def test_a_hidden_sheet_with_the_header_is_named_and_never_chosen(self, tmp_path):
        sheets = {"Old": [HEADER, ROW], "Notes": [["Eva"]]}
        with pytest.raises(FileError, match=r"p.xlsx \(sheet Notes\)"):
            read(workbook(tmp_path / "p.xlsx", sheets, hidden=["Old"]))

    def test_other_sheets_of_pins_are_said(self, tmp_path):
        sheets = {"December": [HEADER, ROW], "January": [HEADER, ROW], "Old": [HEADER, ROW], "Notes": [["x"]]}
        sheet = read(workbook(tmp_path / "p.xlsx", sheets, hidden=["Old"]))
        assert sheet.unread_sheets == ("January", "Old", "Notes")
        assert [notice.text for notice in sheet.notices] == [
            "Read the sheet December. Also in the workbook, not read: January, Old (hidden), Notes. "  # noqa: ISC004
            "Choose another with --sheet.",
            'January also looks like a sheet of pins. Import it with --sheet "January".',
        ]

    def test_a_large_further_sheet_is_not_read_for_that(self, tmp_path, monkeypatch):
        monkeypatch.setattr("importer.reading.workbook.SMALL_BOOK", 10)
        content = workbook(tmp_path / "p.xlsx", {"A": [HEADER, ROW], "B": [HEADER, ROW]}).read_bytes()
        request = {"sheet": None, "cells": 10**6, "unpacked_bytes": 10**9, "memory_bytes": 2**50}
        assert read_workbook(content, request, lambda limit: None).alike == []

    def test_one_sheet_needs_no_notice(self, tmp_path):
        assert codes(read(pins(tmp_path / "pins.xlsx"))) == []


class TestPlacesH19:
    """Rows and columns are named as Excel names them, whatever stands above, between and beside."""

    def test_blank_rows_are_skipped_but_counted(self, tmp_path):
        blanks = f'<row r="4">{inline("B4", " ")}</row>'
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2) + blanks + pin_row(5)))
        assert list(sheet.frame.index) == [2, 5]
        assert sheet.frame.index.name == "row"
        assert sheet.facts.non_empty_rows == 4

    def test_h14_a_header_further_down_and_to_the_right(self, tmp_path):
        rows = [["Spring"], [], ["", "", *HEADER], ["", "", *ROW], [], ["", "", *ROW]]
        sheet = read(workbook(tmp_path / "p.xlsx", {"S": rows}))
        assert sheet.facts.header_row == 3
        assert list(sheet.frame.index) == [4, 6]
        assert [column.letter for column in sheet.columns] == list("CDEFGH")
        assert sheet.address(6, "position") == "F6"
        assert codes(sheet) == ["header-row"]

    def test_rows_and_cells_without_their_names_are_counted_on(self, tmp_path):
        cells = ["".join(inline("", cell).replace(' r=""', "") for cell in map(str, row)) for row in (HEADER, ROW, ROW)]
        rows = "".join(f"<row>{row}</row>" for row in cells)
        sheet = read(xlsx(tmp_path / "p.xlsx", rows))
        assert list(sheet.frame.index) == [2, 3]

    def test_h10_a_dimension_that_lies_is_not_believed(self, tmp_path):
        path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2))
        for lie in ("A1", "A1:XFD1048576"):
            made = xlsx(
                tmp_path / "q.xlsx",
                "",
                parts={
                    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><dimension ref="{lie}"/>'
                    f"<sheetData>{header_row()}{pin_row(2)}</sheetData></worksheet>"
                },
            )
            assert read(made).frame.equals(read(path).frame)

    def test_h11_styled_blank_rows_cost_no_rows(self, tmp_path):
        blank = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(3, 3000))
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2) + blank, styles=styles("0.00")))
        assert sheet.facts.non_empty_rows == 2

    def test_a_lone_cell_in_the_last_row_is_read(self, tmp_path):
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2) + pin_row(1_048_576)))
        assert list(sheet.frame.index) == [2, 1_048_576]
        assert sheet.address(1_048_576, "model") == "A1048576"

    def test_h16_columns_to_the_last_one_and_empty_ones_between(self, tmp_path):
        rows = (header_row() + pin_row(2)).replace("</row>", inline("XFD1", "note") + "</row>", 1)
        sheet = read(xlsx(tmp_path / "p.xlsx", rows))
        assert [column.letter for column in sheet.columns] == [*"ABCDEF", "XFD"]

    def test_h17_hidden_and_filtered_rows_are_read_and_said(self, tmp_path):
        hidden = ' hidden="1"'
        rows = header_row() + pin_row(2, extra=hidden) + pin_row(3, extra=' hidden="true"') + pin_row(4)
        sheet = read(xlsx(tmp_path / "p.xlsx", rows))
        assert len(sheet.frame) == 3
        assert sheet.notices[0].text == "2 rows of the sheet are hidden or filtered out; they were read as well."

    def test_a_hidden_column_is_no_hidden_row(self, tmp_path):
        book = openpyxl.load_workbook(pins(tmp_path / "p.xlsx"))
        book.active.column_dimensions["B"].hidden = True
        book.save(tmp_path / "p.xlsx")
        assert codes(read(tmp_path / "p.xlsx")) == []

    @pytest.mark.parametrize("attributes", ['min="7" max="7" hidden="1"', 'hidden="true" width="9" min="7" max="9"'])
    def test_a_hidden_column_that_a_sheet_may_lack_is_read_and_said(self, tmp_path, attributes):
        head = header_row(header=(*HEADER, "active_to"))
        row = pin_row(2).replace("</row>", inline("G2", "24.12.2026") + "</row>")
        sheet = f"<cols><col {attributes}/></cols><sheetData>{head}{row}</sheetData>"
        parts = {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>'}
        found = read(xlsx(tmp_path / "p.xlsx", "", parts=parts))
        assert [notice.text for notice in found.notices] == [
            "The column active_to of the sheet is hidden; it was read as well."
        ]


class TestChangingDates:
    """TODAY() shows another day in Excel than the one that was stored."""

    @staticmethod
    def notices(tmp_path, formula, header="active_to"):
        cell = f'<c r="G2" s="1"><f>{formula}</f><v>46365</v></c></row>'
        rows = header_row(header=(*HEADER, header)) + pin_row(2).replace("</row>", cell)
        sheet = read(
            xlsx(tmp_path / "p.xlsx", rows, styles=styles("d.m.yyyy")),
            ReadOptions(ignore_columns=[header] * (header == "Note")),
        )
        return [(notice.code, notice.severity, "in G2" in notice.text) for notice in sheet.notices]

    @pytest.mark.parametrize("formula", ["TODAY()+14", "INT(NOW())"])
    def test_a_date_counted_from_today_is_said(self, tmp_path, formula):
        assert self.notices(tmp_path, formula) == [("changing-dates", "warning", True)]

    def test_another_formula_or_another_column_is_not(self, tmp_path):
        assert self.notices(tmp_path, "DATE(2026,12,24)") == []
        assert self.notices(tmp_path, "TODAY()", header="Note") == []


class TestHiddenCells:
    """What python-calamine reads as empty or drops without a word."""

    @pytest.mark.parametrize("token", ["#N/A", "#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#NULL!", "#NUM!", "#SPILL!"])
    def test_h21_error_cells_keep_their_token(self, tmp_path, token):
        cell = f'<c r="F2" t="e"><f>VLOOKUP(A1,B:B,1)</f><v>{token}</v></c>'
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell)))
        assert column(sheet, "pin_identity") == [Broken(token)]

    def test_h21_in_every_spelling_of_xml(self, tmp_path):
        cell = "<x:c r='F2' s='0' t='e'><x:v>#N/A</x:v></x:c>"
        rows = (header_row() + pin_row(2, F="")).replace("<", "<x:").replace("<x:/", "</x:")
        rows = rows.replace("</x:row>", cell + "</x:row>").replace(cell, "", 1)
        sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
        path = xlsx(tmp_path / "p.xlsx", "", parts={"xl/worksheets/sheet1.xml": sheet})
        assert column(read(path), "pin_identity") == [Broken("#N/A")]

    def test_h21_a_row_of_nothing_but_an_error_is_a_row(self, tmp_path):
        last = '<row r="9"><c r="F9" t="e"><v>#N/A</v></c></row>'
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2) + last))
        assert list(sheet.frame.index) == [2, 9]
        assert column(sheet, "pin_identity")[1] == Broken("#N/A")

    def test_text_that_talks_of_errors_is_text(self, tmp_path):
        text = 'see t="e" and &lt;f&gt; and #N/A'
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=inline("F2", text))))
        assert column(sheet, "pin_identity") == ['see t="e" and <f> and #N/A']

    @pytest.mark.parametrize(
        ("cell", "formula"),
        [
            ('<c r="F2"><f>A1&amp;"x"</f></c>', 'A1&"x"'),
            ('<c r="F2"><f>A1</f><v></v></c>', "A1"),
            ('<c r="F2"><f>A1</f><v/></c>', "A1"),
            ('<c r="F2" t="n"><f t="shared" ref="F2:F9" si="0">A1</f></c>', "A1"),
            ('<c r="F2"><f t="shared" si="0"/></c>', "…"),
        ],
    )
    def test_h22_a_formula_without_a_stored_value(self, tmp_path, cell, formula):
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell)))
        assert column(sheet, "pin_identity") == [Uncalculated(formula)]

    def test_h22_as_openpyxl_leaves_it(self, tmp_path):
        sheet = read(pins(tmp_path / "pins.xlsx", (*ROW[:5], '="a"&"b"')))
        assert column(sheet, "pin_identity") == [Uncalculated('"a"&"b"')]

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ('<c r="F2" t="str"><f>A1</f><v>x</v></c>', "x"),
            ('<c r="F2"><f>A1</f><v>0</v></c>', Number(0)),
            ('<c r="F2" t="inlineStr"><f>A1</f><is><t>x</t></is></c>', "x"),
        ],
    )
    def test_a_formula_with_its_result_is_the_result(self, tmp_path, cell, value):
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell)))
        assert column(sheet, "pin_identity") == [value]

    @pytest.mark.parametrize(
        "cell",
        [
            '<c r="F2" s="0" t="s"><f>A1</f></c>',
            '<c r="F2" t="str"><f>A1</f></c>',
            '<c r="F2" t="str"><f>A1</f><v></v></c>',
            '<c r="F2" t="str"><f>A1</f><v/></c>',
            '<c r="F2" t="b"><f>A1</f></c>',
        ],
    )
    def test_h22_whatever_kind_of_result_is_announced(self, tmp_path, cell):
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell)))
        assert column(sheet, "pin_identity") == [Uncalculated("A1")]

    def test_a_formula_that_comes_to_nothing_is_an_empty_cell(self, tmp_path):
        """Whoever wrote it has calculated, since another formula has a result."""
        cell = '<c r="F2" t="str"><f>""</f><v></v></c>'
        other = '<c r="F3" t="str"><f>"x"</f><v>x</v></c>'
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell) + pin_row(3, F=other)))
        assert sheet.frame["pin_identity"].isna().tolist() == [True, False]

    @pytest.mark.parametrize(
        ("code", "number", "shown"),
        [
            ("00000", 123, "00123"),
            ("000-000", 12345, "012-345"),
            ('"SKU-"0000', 7, "SKU-0007"),
            ("[Red]000;-0", 5, "005"),
        ],
    )
    def test_h23_a_number_shown_otherwise_keeps_both_readings(self, tmp_path, code, number, shown):
        cell = f'<c r="C2" s="1"><v>{number}</v></c>'
        path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, C=cell), styles=styles(code))
        assert column(read(path), "target_identity") == [Number(number, shown)]

    @pytest.mark.parametrize("cell", ['t="inlineStr"><is><t>987</t></is>', 't="str"><v>987</v>', 't="s"><v>0</v>'])
    @pytest.mark.parametrize(
        ("code", "shown"),
        [('"/p/"@', "/p/987"), ('General;General;General;"/p/"@', "/p/987"), (";;;", ""), ('0;0;0;"none"', "none")],
    )
    def test_a_text_shown_otherwise_keeps_both_readings(self, tmp_path, cell, code, shown):
        strings = {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>987</t></si></sst>'}
        link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        strings["xl/_rels/workbook.xml.rels"] = (
            f'<Relationships xmlns="{package}">'
            f'<Relationship Id="r1" Type="{link}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{link}/styles" Target="styles.xml"/>'
            f'<Relationship Id="r3" Type="{link}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        )
        rows = header_row() + pin_row(2, F=f'<c r="F2" s="1" {cell}</c>')
        path = xlsx(tmp_path / "p.xlsx", rows, styles=styles(code), parts=strings)
        assert column(read(path), "pin_identity") == [Reformatted("987", shown)]

    def test_a_number_in_a_format_for_texts_alone_is_shown_like_one(self, tmp_path):
        cell = '<c r="F2" s="1"><v>987</v></c>'
        path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell), styles=styles('"/p/"@'))
        assert column(read(path), "pin_identity") == [Number(987, "/p/987")]

    @pytest.mark.parametrize(
        "code", ["@", "General", "0", "_-@_-", "[Red]@", "0;-0;0;@", "#,##0;[Blue]@", "yyyy-mm-dd;@"]
    )
    def test_a_text_in_a_usual_format_is_itself(self, tmp_path, code):
        cell = '<c r="F2" s="1" t="inlineStr"><is><t>987</t></is></c>'
        path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell), styles=styles(code))
        assert column(read(path), "pin_identity") == ["987"]

    def test_h23_only_the_cells_in_that_format(self, tmp_path):
        cells = {"C": '<c r="C2" s="1"><v>12345</v></c>', "D": '<c r="D2" s="2"><v>3</v></c>'}
        path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, **cells), styles=styles("00000", "0.00"))
        sheet = read(path)
        assert column(sheet, "target_identity") == [Number(12345)]
        assert column(sheet, "position") == [Number(3, "3.00")]

    def test_marks_are_found_across_the_pieces_a_sheet_is_read_in(self, tmp_path):
        rows = header_row() + "".join(
            pin_row(row, F=f'<c r="F{row}" t="e"><v>#N/A</v></c>') if row % 7 == 0 else pin_row(row)
            for row in range(2, 6000)
        )
        sheet = read(xlsx(tmp_path / "p.xlsx", rows))
        broken = [row for row, cell in sheet.frame["pin_identity"].items() if cell == Broken("#N/A")]
        assert broken == [row for row in range(2, 6000) if row % 7 == 0]

    def test_an_infinite_number_is_no_number(self, tmp_path):
        sheet = read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, D='<c r="D2"><v>1E+999</v></c>')))
        assert column(sheet, "position") == [Broken("#NUM!")]


class TestOddSpellings:
    """XML may be written in more ways than any writer of workbooks does: the slow engine reads them all."""

    @pytest.mark.parametrize(
        "cell",
        [
            '<c r="C2" s="1"><v><![CDATA[123]]></v></c>',
            '<c r="C2" s="1"><v>12&#51;</v></c>',
            '<c r="C2" s="1"><v>12<!-- a remark -->3</v></c>',
            '<c r="C2" s = "1"><v>123</v></c>',
            '<c r="C2" s= "1"><v>123</v></c>',
            "<c r='C2' s ='1'><v>123</v></c>",
        ],
    )
    def test_a_number_and_its_format(self, tmp_path, cell):
        path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, C=cell), styles=styles("00000"))
        assert column(read(path), "target_identity") == [Number(123, "00123")]

    def test_a_hidden_row_and_a_merged_range(self, tmp_path):
        rows = header_row() + pin_row(2, extra=' hidden = "1"') + pin_row(3, A='<c r="A3"/>')
        after = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
        sheet = read(xlsx(tmp_path / "p.xlsx", rows, after=after))
        assert codes(sheet) == ["hidden-row", "merged-cell"]

    def test_a_formula_with_a_blank_beside_its_equals_sign_is_nothing_odd(self, tmp_path, monkeypatch):
        monkeypatch.setattr("importer.reading.formats.xlsx.OpenPyxl", None)
        cell = '<c r="F2" t="str"><f>IF(A1= "x",B1 ="y","&#10;")</f><v>a &#10; b</v></c>'
        path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell))
        assert column(read(path), "pin_identity") == ["a \n b"]


class TestTextsH35:
    """Rich, inline, phonetic and CDATA strings are their plain text; escapes are what they stand for."""

    @pytest.mark.parametrize(
        ("xml", "text"),
        [
            ("<r><t>ab</t></r><r><rPr><b/></rPr><t>cd</t></r>", "abcd"),
            ("<t>漢字</t><rPh sb='0' eb='1'><t>カンジ</t></rPh>", "漢字"),
            ("<t><![CDATA[a<b]]></t>", "a<b"),
            ("<t>a&#10;b</t>", "a\nb"),
            ("<t>a_x000D_b</t>", "a\rb"),
            ("<t>a_x005F_x000D_b</t>", "a_x000D_b"),
            ("<t>&amp;lt;</t>", "&lt;"),
        ],
    )
    def test_inline_and_shared(self, tmp_path, xml, text):
        cell = f'<c r="F2" t="inlineStr"><is>{xml}</is></c>'
        assert column(read(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2, F=cell))), "pin_identity") == [text]


def test_h12_strict_ooxml_is_read(tmp_path):
    path = xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2), main=STRICT)
    assert column(read(path), "model") == ["basket"]


def test_backslashes_in_the_names_of_parts(tmp_path):
    made = xlsx(tmp_path / "made.xlsx", header_row() + pin_row(2, F='<c r="F2" t="e"><v>#N/A</v></c>'))
    with zipfile.ZipFile(made) as package, zipfile.ZipFile(tmp_path / "p.xlsx", "w") as other:
        for name in package.namelist():
            info = zipfile.ZipInfo(name)
            info.filename = name.replace("/", "\\")
            other.writestr(info, package.read(name))
    assert column(read(tmp_path / "p.xlsx"), "pin_identity") == [Broken("#N/A")]


def test_where_the_fast_engine_gives_up_the_slow_one_reads(tmp_path):
    """A workbook in UTF-16: python-calamine cannot read it, openpyxl can; errors and formulas are found as well."""
    made = pins(tmp_path / "made.xlsx", ROW, (*ROW[:5], "#N/A"), (*ROW[:5], "=A1"))
    with zipfile.ZipFile(made) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = ('<?xml version="1.0" encoding="UTF-16"?>' + text.split("?>")[-1]).encode("utf-16")
    with zipfile.ZipFile(tmp_path / "p.xlsx", "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    sheet = read(tmp_path / "p.xlsx")
    assert column(sheet, "pin_identity") == ["/p/2", Broken("#N/A"), Uncalculated("A1")]
    assert list(sheet.frame.index) == [2, 3, 4]


def test_cells_without_their_names_are_read_by_the_slow_engine_where_the_fast_one_hides_some(tmp_path):
    """An error cell that does not say where it stands: only a reader of the whole sheet can tell."""
    cells = "".join(inline("", cell).replace(' r=""', "") for cell in map(str, ROW[:5]))
    rows = header_row() + f'<row r="2">{cells}<c t="e"><v>#N/A</v></c></row>' + pin_row(3, extra=' hidden="1"')
    sheet = read(xlsx(tmp_path / "p.xlsx", rows))
    assert column(sheet, "pin_identity") == [Broken("#N/A"), "/p/2"]
    assert codes(sheet) == ["hidden-row"]


def test_an_excel_table_and_its_filter_are_rows_like_others(tmp_path):
    book = openpyxl.load_workbook(pins(tmp_path / "p.xlsx"))
    book.active.add_table(Table(displayName="T", ref="A1:F2"))
    book.save(tmp_path / "p.xlsx")
    assert len(read(tmp_path / "p.xlsx").frame) == 1


def test_facts_travel_with_a_refusal(tmp_path):
    with pytest.raises(FileError) as caught:
        read(workbook(tmp_path / "p.xlsx", {"S": [["id", "name"], [1, "x"], [], [2, "y"]]}))
    assert caught.value.read.non_empty_rows == 3
    assert caught.value.read.sheet == "S"
    assert caught.value.read.header_row is None


class TestPlaceholders:
    """A writer that does not calculate stores 0 or "" and asks for it when the workbook opens: that is no value."""

    CELLS = (
        '<c r="D2"><f>A9</f><v>0</v></c>',
        '<c r="D2" t="str"><f>A9</f><v></v></c>',
    )

    @staticmethod
    def position(tmp_path, cell, calculation):
        links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        book = (
            f'<workbook xmlns="{MAIN}" xmlns:r="{links}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            f"{calculation}</workbook>"
        )
        rows = header_row() + pin_row(2, D=cell)
        sheet = read(xlsx(tmp_path / "p.xlsx", rows, parts={"xl/workbook.xml": book}))
        return [cell for cell in sheet.frame["position"] if cell == cell]

    @pytest.mark.parametrize("cell", CELLS)
    @pytest.mark.parametrize("engine", ["", 'calcId="0"', 'calcId="124519"'])
    def test_no_engine_has_calculated_it(self, tmp_path, cell, engine):
        made = self.position(tmp_path, cell, f'<calcPr {engine} fullCalcOnLoad="1"/>')
        assert made == [Uncalculated("A9")]

    @pytest.mark.parametrize(
        "calculation",
        [
            "",
            '<calcPr calcId="124519"/>',
            '<calcPr calcId="191029" fullCalcOnLoad="1"/>',
            '<calcPr iterateCount="100" refMode="A1" iterate="false" iterateDelta="0.001"/>',
        ],
    )
    def test_results_of_excel_and_libreoffice_are_kept(self, tmp_path, calculation):
        assert self.position(tmp_path, self.CELLS[0], calculation) == [Number(0)]

    @pytest.mark.parametrize("calculation", ['<calcPr calcId="191029"/>', '<calcPr iterateCount="100"/>'])
    def test_nothing_is_a_result_where_an_engine_is_named(self, tmp_path, calculation):
        assert self.position(tmp_path, self.CELLS[1], calculation) == []

    def test_other_results_are_kept(self, tmp_path):
        made = self.position(tmp_path, '<c r="D2"><f>A9</f><v>7</v></c>', '<calcPr fullCalcOnLoad="1"/>')
        assert made == [Number(7)]
