"""Workbooks written row by row."""

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
import python_calamine

from importer.cells import Number
from importer.xlsx import CellStyle, Column, Properties, Table, encode, streamed
from importer.xlsx.streamed import StreamedWorkbook

PROPERTIES = Properties("pin-importer", "Export", datetime(2026, 11, 30, tzinfo=UTC), "… [cut]")
COLUMNS = [("model", 16.0, True), ("position", 10.0, False)]


def written(rows, others=()):
    stream = io.BytesIO()
    book = StreamedWorkbook(stream, "Live", COLUMNS, CellStyle(bold=True))
    for row in rows:
        book.add(row, "… [cut]")
    assert book.close(others, PROPERTIES) == len(opened(stream).sheetnames) - len(others)
    return stream


def opened(stream):
    return openpyxl.load_workbook(stream)


def values(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_rows_come_back_as_they_were_given():
    texts = ["basket", "=1+1", " x ", "a\nb", "<&>\"'", "腕時計", "", "00042"]
    book = opened(written([[text, Number(number)] for number, text in enumerate(texts)]))
    assert values(book["Live"]) == [["model", "position"], *([text, number] for number, text in enumerate(texts))]


def test_another_reader_sees_the_same():
    stream = written([["basket", Number(1)], [None, Number(2.5)]])
    stream.seek(0)
    found = python_calamine.CalamineWorkbook.from_filelike(stream).get_sheet_by_name("Live").to_python()
    assert found == [["model", "position"], ["basket", 1.0], ["", 2.5]]


def test_a_text_that_looks_like_a_formula_stays_text_when_it_is_edited():
    cell = opened(written([["=1+1", None]]))["Live"]["A2"]
    assert (cell.data_type, cell.quotePrefix, cell.number_format) == ("s", True, "@")


def test_a_text_too_long_for_a_cell_says_so():
    cell = opened(written([["x" * 40_000, None]]))["Live"]["A2"]
    assert (len(cell.value), cell.value[-7:]) == (32_767, "… [cut]")


def test_where_a_sheet_is_full_another_goes_on(monkeypatch):
    monkeypatch.setattr(streamed, "SHEET_ROWS", 3)
    book = opened(written([["m", Number(number)] for number in range(5)]))
    assert book.sheetnames == ["Live", "Live 2", "Live 3"]
    assert [values(book[name])[1:] for name in book.sheetnames] == [
        [["m", 0], ["m", 1]],
        [["m", 2], ["m", 3]],
        [["m", 4]],
    ]


def test_so_does_one_that_is_too_large_for_programs(monkeypatch):
    monkeypatch.setattr(streamed, "MOST_BYTES", 1)
    monkeypatch.setattr(streamed, "_BATCH", 1)
    assert opened(written([["m", Number(1)]] * 3)).sheetnames == ["Live", "Live 2", "Live 3"]


def test_other_sheets_stand_behind():
    other = Table("Summary", [Column("What", encode(["Rows", "Rows"])), Column("Value", encode([1, None]))], 2)
    book = opened(written([["basket", Number(1)]], [other]))
    assert book.sheetnames == ["Live", "Summary"]
    assert values(book["Summary"]) == [["What", "Value"], ["Rows", 1], ["Rows", None]]
    assert book["Live"].auto_filter.ref == "A1:B2"


def test_no_rows_are_headers_alone():
    assert values(opened(written([]))["Live"]) == [["model", "position"]]


@pytest.mark.parametrize("count", [0, 499, 500, 1001])
def test_every_row_is_written_however_they_are_batched(count):
    with zipfile.ZipFile(written([["m", None]] * count)) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").count(b"<row ") == count + 1
