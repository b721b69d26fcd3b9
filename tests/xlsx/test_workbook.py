"""Workbooks as other programs read them, and as the standard wants them."""

from __future__ import annotations

import io
import zipfile
from array import array
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from importer.cells import Broken, Clock, Flag, Moment, Number, Uncalculated, column_letter
from importer.xlsx import CellStyle, Choices, Column, Encoded, Note, Properties, Table, Value, encode, write_workbook
from importer.xlsx.sheet import CHUNK, KEPT

at = datetime.fromisoformat

PROPERTIES = Properties("tests", "A title & more", datetime(2026, 1, 1, tzinfo=UTC), "[cut]")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RED = CellStyle(fill="FF0000", bold=True)


def column(values: Sequence[Value | None], header: str = "h", **more: Any) -> Column:
    return Column(header, encode(values), **more)


def table(*columns: Column, name: str = "Sheet", **more: Any) -> Table:
    return Table(name, columns, len(columns[0].cells.codes), **more)


def written(*tables: Table) -> io.BytesIO:
    stream = io.BytesIO()
    write_workbook(stream, tables, PROPERTIES)
    stream.seek(0)
    return stream


def by_calamine(stream: io.BytesIO, sheet: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(stream).get_sheet_by_index(sheet).to_python()


def by_openpyxl(stream: io.BytesIO) -> openpyxl.Workbook:
    return openpyxl.load_workbook(stream)


def read_back(value: Value) -> Any:
    return by_calamine(written(table(column([value]))))[1][0]


# ── Kinds of cells ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("00123", "00123"),
        ("=1+1", "=1+1"),
        (Number(3), 3.0),
        (Number(-2.5), -2.5),
        (Number(1e300), 1e300),
        (7, 7.0),
        (Flag(True), True),
        (Flag(False), False),
        (Moment(at("2027-03-28"), has_time=False), date(2027, 3, 28)),
        (Moment(at("2027-03-28 23:59:59"), has_time=True), at("2027-03-28 23:59:59")),
        (Moment(at("1899-12-31"), has_time=False), "1899-12-31"),
        (Clock("09:05:00"), time(9, 5)),
        (Clock("26:00:01"), timedelta(hours=26, seconds=1)),
        (Clock("7:30"), timedelta(hours=7, minutes=30)),
        (Clock("noon"), "noon"),
        (Uncalculated("A1"), "=A1"),
        (Number(float("inf")), "Infinity"),
    ],
)
def test_each_kind_reads_back_as_what_it_was(value, read):
    assert read_back(value) == read
    assert type(read_back(value)) is type(read)


@pytest.mark.parametrize("token", ["#N/A", "#REF!", "#DIV/0!"])
def test_error_cells_stay_error_cells(token):
    sheet = by_openpyxl(written(table(column([Broken(token)])))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (token, "e")


def test_an_error_that_old_programs_do_not_know_becomes_one_that_they_do():
    sheet = by_openpyxl(written(table(column([Broken("#SPILL!")])))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("#VALUE!", "e")


@pytest.mark.parametrize(("number", "text", "form"), [(123, "00123", "00000"), (7, "AB-07", '"AB-"00')])
def test_a_number_keeps_how_it_was_shown(number, text, form):
    """A number shown as 00123 by its format stays one."""
    sheet = by_openpyxl(written(table(column([Number(number, text)])))).active
    assert (sheet["A2"].value, sheet["A2"].number_format) == (number, form)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_is_text_even_after_a_person_edits_it(text):
    """Text beginning with = + - @ stays text, never a formula."""
    cell = by_openpyxl(written(table(column([text])))).active["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_a_long_number_is_shown_with_all_its_digits():
    sheet = by_openpyxl(written(table(column([Number(123456789012), Number(1234), Number(0.5)])))).active
    assert [sheet[cell].number_format for cell in ("A2", "A3", "A4")] == ["0", "General", "General"]


def test_a_text_of_several_lines_shows_them_all():
    sheet = by_openpyxl(written(table(column(["one\ntwo", "one"])))).active
    assert [bool(sheet[cell].alignment.wrapText) for cell in ("A2", "A3")] == [True, False]


def test_a_hint_beside_a_drop_down_is_no_longer_than_excel_takes():
    choices = [Choices(0, ("a",), 0, 1, title="t" * 99, text="x" * 999)]
    hint = by_openpyxl(written(table(column(["a"]), choices=choices))).active.data_validations.dataValidation[0]
    assert (len(hint.promptTitle), len(hint.prompt)) == (32, 255)


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), min_size=1),
            st.integers(-(10**14), 10**14).map(Number),
            st.floats(allow_nan=False, allow_infinity=False).map(Number),
            st.booleans().map(Flag),
            st.datetimes(at("1900-03-01"), at("9999-12-31")).map(
                lambda moment: Moment(moment.replace(microsecond=0), has_time=True)
            ),
        ),
        min_size=1,
        max_size=20,
    )
)
@settings(max_examples=60, deadline=None)
def test_all_cells_read_back_in_order(values):
    marks: list[Value | None] = [7] * len(values)
    rows = by_calamine(written(table(column(values), column(marks, "mark"))))[1:]
    assert [row[1] for row in rows] == [7.0] * len(values)
    for value, (read, _) in zip(values, rows, strict=True):
        match value:
            case None:
                assert read == ""
            case Moment(moment, _):
                found = read if isinstance(read, datetime) else datetime.combine(read, time())
                assert abs(found - moment) < timedelta(milliseconds=1)
            case Number(number, _) | Flag(number):
                assert read == pytest.approx(float(number), rel=1e-15)
            case _:
                assert read == value


def test_a_cut_text_says_so():
    assert read_back("x" * 40_000) == "x" * 32_762 + "[cut]"


@pytest.mark.parametrize("special", [None, "=1+1", 5, ""])
def test_more_rows_than_are_made_at_a_time_and_more_distinct_cells_than_are_kept(special):
    count = KEPT + CHUNK + 7
    texts: list[Value | None] = [f"n{number}" for number in range(count)]
    texts[CHUNK + 3] = special
    styles = (np.arange(count) % 2).astype(np.int8)
    numbers = Column("number", Encoded(array("q", range(count)), np.arange(count)))
    pages = table(column(texts, styles=styles), numbers, column(texts, "again"), styles=(CellStyle(), RED))
    rows = by_calamine(written(pages))[1:]
    read = [text or "" for text in texts]
    assert [row[0] for row in rows] == [row[2] for row in rows] == read
    assert [int(row[1]) for row in rows] == list(range(count))


# ── What a person sees ──────────────────────────────────────────────────────────────────────────────────


def test_header_is_frozen_and_filters_are_on():
    book = by_openpyxl(written(table(column(["a", "b"]), column(["c"] * 2, "second"), name="Bob's & Co")))
    sheet = book["Bob's & Co"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet["A1"].font.bold


def test_styles_widths_and_notes():
    styles = np.array([0, 1], dtype=np.int8)
    sheet = by_openpyxl(
        written(
            table(
                column(["a", None], styles=styles, width=33, as_text=True),
                styles=(CellStyle(), RED),
                notes=[Note(1, 0, "first"), Note(-1, 0, "of the header"), Note(1, 0, "second & last")],
            )
        )
    ).active
    assert sheet["A2"].fill.patternType is None
    assert sheet["A3"].fill.fgColor.rgb == "FFFF0000"
    assert [sheet[cell].number_format for cell in ("A2", "A3")] == ["@", "@"]
    assert sheet.column_dimensions["A"].width == pytest.approx(33, abs=1)
    assert sheet["A1"].comment.text == "of the header"
    assert sheet["A3"].comment.text == "first\nsecond & last"


def test_in_a_fitted_table_a_row_is_as_high_as_its_wrapped_text():
    """Not every program makes room for a wrapped text by itself: it would cover the next row."""
    texts = column(["short", "x " * 100, "three\nlines\nhere", None], width=50)
    sheet = by_openpyxl(written(table(texts, styles=(CellStyle(wrap=True),), fitted=True))).active
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4, 5)] == [15, 75, 45, 15]


def test_drop_downs():
    choices = [Choices(0, ("item", "all"), 0, 99), Choices(1, ("yes", "no"), 0, 99, False, "Yes", 'Say "yes" or no')]
    sheet = by_openpyxl(written(table(column(["item"]), column(["yes"], "b"), choices=choices))).active
    strict, loose = sheet.data_validations.dataValidation
    assert (strict.formula1, str(strict.sqref), strict.showErrorMessage) == ('"item,all"', "A2:A101", True)
    assert (loose.formula1, str(loose.sqref), loose.showErrorMessage) == ('"yes,no"', "B2:B101", False)
    assert loose.prompt == 'Say "yes" or no'


def test_a_column_without_header_has_no_header_cell():
    """What goes on past the last header has to read back as that."""
    rows = by_calamine(written(table(column(["a"], "x"), column(["surplus"], ""))))
    assert rows == [["x", ""], ["a", "surplus"]]


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_letters(place, name):
    assert column_letter(place) == name


# ── What the standard wants ─────────────────────────────────────────────────────────────────────────────

ORDER = [  # ECMA-376 part 1, 18.3.1.99, as far as it is used
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter"),
    *("dataValidations", "pageMargins", "pageSetup", "ignoredErrors", "legacyDrawing"),
]
STYLE_ORDER = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"]


def everything() -> io.BytesIO:
    styles = np.array([1, 0, 1], dtype=np.int8)
    first = table(
        column(["=a", Number(1, "01"), None], styles=styles),
        column([Moment(at("2027-01-01"), has_time=False), Clock("01:00:00"), Flag(True)], "b"),
        styles=(CellStyle(), RED),
        notes=[Note(0, 0, "one"), Note(2, 1, "two")],
        choices=[Choices(0, ("a", "b"), 0, 2)],
        tab_color="00FF00",
    )
    return written(first, table(column(["only text"]), name="Second", filters=False))


def test_elements_stand_in_the_order_of_the_standard():
    archive = zipfile.ZipFile(everything())
    for number in (1, 2):
        names = [
            child.tag.removeprefix(MAIN) for child in ET.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
        ]
        assert names == [name for name in ORDER if name in names]
    assert len(names) < len(ORDER)
    styles = [child.tag.removeprefix(MAIN) for child in ET.fromstring(archive.read("xl/styles.xml"))]
    assert styles == STYLE_ORDER


def test_every_part_has_a_type_and_every_relation_a_part():
    archive = zipfile.ZipFile(everything())
    names = set(archive.namelist())
    types = ET.fromstring(archive.read("[Content_Types].xml"))
    overridden = {node.attrib["PartName"] for node in types if "PartName" in node.attrib}
    defaults = {node.attrib["Extension"] for node in types if "Extension" in node.attrib}
    assert {name.removeprefix("/") for name in overridden} <= names
    for name in names - {"[Content_Types].xml"}:
        assert f"/{name}" in overridden or name.rsplit(".", 1)[1] in defaults - {"xml"}
    for name in names:
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rsplit("/", 1)[0] + "/" if "/_rels/" in name else ""
            for relation in ET.fromstring(archive.read(name)):
                path = (folder + relation.attrib["Target"]).replace("worksheets/../", "")
                assert path in names


def test_cells_name_only_strings_and_styles_that_exist():
    archive = zipfile.ZipFile(everything())
    strings = len(ET.fromstring(archive.read("xl/sharedStrings.xml")))
    styles = len(ET.fromstring(archive.read("xl/styles.xml")).find(f"{MAIN}cellXfs") or ())
    cells = [
        cell
        for number in (1, 2)
        for cell in ET.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{MAIN}c")
    ]
    numbers = [int(cell.findtext(f"{MAIN}v") or -1) for cell in cells if cell.attrib.get("t") == "s"]
    assert numbers
    assert max(numbers) < strings
    assert max(int(cell.attrib.get("s", 0)) for cell in cells) < styles


def test_filters_have_the_hidden_name_that_excel_gives_them():
    book = ET.fromstring(zipfile.ZipFile(everything()).read("xl/workbook.xml"))
    names = [(node.attrib["localSheetId"], node.text) for node in book.iter(f"{MAIN}definedName")]
    assert names == [("0", "'Sheet'!$A$1:$B$4")]


def test_the_same_tables_give_the_same_bytes():
    assert everything().getvalue() == everything().getvalue()


def test_columns_that_share_their_values_share_their_strings():
    """`Results 2` goes on with the same distinct texts: they are written once."""
    cells = encode(["a", "b", "c"])
    parts = [
        Table(name, [Column("h", Encoded(cells.values, cells.codes[part]))], 2 - at)
        for at, (name, part) in enumerate([("Results", slice(0, 2)), ("Results 2", slice(2, 3))])
    ]
    stream = written(*parts).getvalue()
    strings = ET.fromstring(zipfile.ZipFile(io.BytesIO(stream)).read("xl/sharedStrings.xml"))
    assert len(strings) == 5
    assert [by_calamine(io.BytesIO(stream), sheet)[1:] for sheet in (0, 1)] == [[["a"], ["b"]], [["c"]]]


def test_what_the_stream_raises_comes_out():
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            if self.tell() > 200:
                raise OSError(28, "No space left on device")
            return super().write(data)

    with pytest.raises(OSError, match="No space left"):
        write_workbook(Full(), [table(column([f"text {number}" for number in range(50_000)]))], PROPERTIES)
