"""OpenDocument spreadsheets: the text that a cell shows decides, whoever wrote the file."""

from __future__ import annotations

import io
from datetime import datetime

import pytest

from importer.cells import Clock, Flag, Moment, Number, Uncalculated
from importer.reading.formats.ods import OdsReader
from importer.reading.package import open_package
from importer.reading.table import cell_of
from tests.reading.both_ways import read
from tests.reading.making import HEADER, ROW, ods, ods_text

DAY = datetime(2026, 4, 3)
RUBY = "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby>"

FORMULA = 'table:formula="of:=[.A1]"'


def value(kind, attribute, text=None, more=""):
    shown = "" if text is None else f"<text:p>{text}</text:p>"
    return f'<table:table-cell office:value-type="{kind}" office:{attribute} {more}>{shown}</table:table-cell>'


def number(stated, text=None, kind="float", more=""):
    return value(kind, f'value="{stated}"', text, more)


def moment(text, at="2026-12-01T08:30:00"):
    return value("date", f'date-value="{at}"', text)


def one_cell(tmp_path, cell, **options):
    """The first cell of a sheet that has only this one."""
    content = ods(tmp_path / "p.ods", [cell], **options).read_bytes()
    sheet = OdsReader(open_package(io.BytesIO(content), len(content), 10**9), 10**6).read("S")
    column = sheet.columns.get(0)
    if column is None:
        return None
    return cell_of(column.values[column.codes[0]])


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        (number(4, "4"), Number(4)),
        (number(1.5, "1,5"), Number(1.5)),
        (number("0.333333333333333314", "0.333333333333333"), Number(0.333333333333333314)),
        (number("1E+20", "1E+020"), Number(1e20)),
        (number(4, "004"), Number(4, "004")),
        (number(4, "4.00"), Number(4, "4.00")),
        (number(1234, "1,234"), Number(1234, "1,234")),
        (number(4, ""), Number(4, "")),
        (number(0.5, "50 %", "percentage"), Number(0.5, "50 %")),
        (number(5, "5,00 Kč", "currency"), Number(5, "5,00 Kč")),
        (number(-4, "\N{MINUS SIGN}4"), Number(-4)),
        (value("boolean", 'boolean-value="true"', "PRAVDA"), Flag(value=True)),
        (value("date", 'date-value="2026-04-03"', "03.04.26"), Moment(DAY, has_time=False)),
        (value("date", 'date-value="2026-04-03"', "Freitag, 3. April 2026"), Moment(DAY, has_time=False)),
        (value("date", 'date-value="2026-04-03T00:00:00"', "3. 4. 2026 0:00"), Moment(DAY, has_time=True)),
        (value("date", 'date-value="2026-04-03T14:30:00"', "3.4.2026"), Moment(datetime(2026, 4, 3, 14, 30), False)),
        (value("date", 'date-value="2026-04-03"', "April 2026"), Moment(DAY, False, "day")),
        (value("date", 'date-value="2026-04-03"', "04/26"), Moment(DAY, False, "day")),
        (value("date", 'date-value="2026-04-03"', "3.4."), Moment(DAY, False, "year")),
        (value("date", 'date-value="2026-04-03"'), Moment(DAY, has_time=False)),
        (value("time", 'time-value="PT14H30M00S"', "14:30"), Clock("14:30:00")),
        (value("time", 'time-value="PT9H05M00S"', "9:05"), Clock("09:05:00")),
        (value("time", 'time-value="PT30H00M00S"', "30:00:00"), Clock("30:00:00")),
        ('<table:table-cell table:formula="of:=[.A1]"/>', Uncalculated("[.A1]")),
        (f'<table:table-cell {FORMULA} office:value-type="float"/>', Uncalculated("[.A1]")),
        (f'<table:table-cell {FORMULA} office:value-type="date"/>', Uncalculated("[.A1]")),
        (f'<table:table-cell {FORMULA} office:value-type="boolean"/>', Uncalculated("[.A1]")),
        (f'<table:table-cell {FORMULA} office:value-type="string"/>', Uncalculated("[.A1]")),
        (f'<table:table-cell {FORMULA} office:value-type="string"><text:p/></table:table-cell>', None),
        (value("string", 'string-value=""', more=FORMULA), None),
        ("<table:table-cell><text:p>no type</text:p></table:table-cell>", "no type"),
        (value("string", 'string-value="said elsewhere"'), "said elsewhere"),
    ],
)
def test_what_a_cell_shows(tmp_path, cell, read_as):
    assert one_cell(tmp_path, cell) == read_as


@pytest.mark.parametrize(
    "text",
    [
        "01.12.2026 08:30",
        "1.12.2026 8:30",
        "01.12.26 08:30:00",
        "12/01/26 08:30 AM",
        "1. 12. 2026 8.30",
        "01.12.2026 08.30",
        "1. 12. 2026 8h30",
        "1. decembra 2026 o 8.30",
        "1. 12. 2026 o 8:30 hod.",
        "8:30 1.12.2026",
        "1.12.2026 8 h 30",
        "Di 1.12.2026 um 8.30 Uhr",
    ],
)
def test_a_day_with_points_and_a_time_of_day(tmp_path, text):
    assert one_cell(tmp_path, moment(text)) == Moment(datetime(2026, 12, 1, 8, 30), has_time=True)


@pytest.mark.parametrize(
    "text", ["1.12.2026", "1. 12. 2026", "1.12.26", "Di 01.12.2026", "1. 12.2026", "utorok 1. 12.26"]
)
def test_a_day_with_points_is_no_time_of_day(tmp_path, text):
    assert one_cell(tmp_path, moment(text)) == Moment(datetime(2026, 12, 1, 8, 30), has_time=False)


@pytest.mark.parametrize(
    "text", ["24.12.2026 14h", "24. decembra 2026 o 14. hod.", "24.12.2026 2 PM", "24.12.2026 14 Uhr"]
)
def test_an_hour_alone_is_a_time_of_day(tmp_path, text):
    cell = moment(text, "2026-12-24T14:00:00")
    assert one_cell(tmp_path, cell) == Moment(datetime(2026, 12, 24, 14), has_time=True)


@pytest.mark.parametrize(
    "text",
    [
        "24.12.2026 18:30 UTC",
        "2026-12-24T18:30:00Z",
        "24. 12. 2026 18:30 +00:00",
        "24.12.2026 12:00",
        "24.12.2026 18h",
        "neobmedzene",
        "2026",
    ],
)
def test_a_date_that_is_shown_as_something_else_keeps_both(tmp_path, text):
    read_as = one_cell(tmp_path, moment(text, "2026-12-24T18:30:00"))
    assert read_as == Number(46380.770833333336, text)


STYLES = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
    '<number:number-style style:name="N1"><number:number number:min-integer-digits="5" number:decimal-places="0"/>'
    '</number:number-style><number:date-style style:name="N2"><number:month number:textual="true"/><number:text> '
    '</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="c1" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="c2" style:family="table-cell" style:data-style-name="N2"/></office:automatic-styles>'
)


def test_where_a_cell_has_no_text_its_style_tells_what_it_shows(tmp_path):
    assert one_cell(tmp_path, number(12, more='table:style-name="c1"'), head=STYLES) == Number(12, "00012")
    month = value("date", 'date-value="2026-04-03"', more='table:style-name="c2"')
    assert one_cell(tmp_path, month, head=STYLES) == Moment(DAY, False, "day")


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<text:p>one</text:p><text:p>two</text:p>", "one\ntwo"),
        ("<text:p>a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d</text:p>", "a  b\tc\nd"),
        ("<text:p>a <text:span>b</text:span><text:a>c</text:a> d</text:p>", "a bc d"),
        ("<office:annotation><text:p>a remark</text:p></office:annotation><text:p>cell</text:p>", "cell"),
        ("<text:p>cell<office:annotation><text:p>a remark</text:p></office:annotation>s</text:p>", "cells"),
        ("\n   <text:p>\n     looks\n     nice\n   </text:p>\n", "looks nice"),
        (f"<text:p>{RUBY}</text:p>", "漢"),
    ],
)  # fmt: skip
def test_the_text_of_a_cell(tmp_path, inside, text):
    assert one_cell(tmp_path, f'<table:table-cell office:value-type="string">{inside}</table:table-cell>') == text


def test_blanks_between_elements_mean_nothing(tmp_path):
    rows = ["\n  ".join(["", *map(ods_text, cells), ""]) for cells in (HEADER, map(str, ROW))]
    rows = [f"\n<table:table-row>{row}</table:table-row>\n" for row in rows]
    rows = [row.strip() for row in rows]
    assert list(read(ods(tmp_path / "p.ods", rows)).frame["pin_identity"]) == ["/p/2"]


def test_repeated_cells_and_rows_are_as_many_as_stated_and_empty_ones_cost_nothing(tmp_path):
    empty = '<table:table-cell table:number-columns-repeated="16370"/>'
    row = "".join(map(ods_text, map(str, ROW))) + empty
    rows = [
        "".join(map(ods_text, HEADER)) + empty,
        f'<table:table-row table:number-rows-repeated="3">{row}</table:table-row>',
        f'<table:table-row table:number-rows-repeated="1000">{empty}</table:table-row>',
        row,
        f'<table:table-row table:number-rows-repeated="1047571">{empty}</table:table-row>',
    ]
    assert list(read(ods(tmp_path / "p.ods", rows)).frame.index) == [2, 3, 4, 1005]


def test_what_stands_in_a_covered_cell_is_not_seen(tmp_path):
    covered = "<table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>"
    rows = ["".join(map(ods_text, HEADER)) + covered, "".join(map(ods_text, map(str, ROW))) + covered]
    assert len(read(ods(tmp_path / "p.ods", rows)).columns) == len(HEADER)


def test_a_hidden_column_without_a_filled_cell_is_not_spoken_of(tmp_path):
    columns = '<table:table-column table:number-columns-repeated="6"/><table:table-column table:visibility="collapse"/>'
    rows = ["".join(map(ods_text, (*HEADER, "active_to"))), "".join(map(ods_text, map(str, ROW)))]
    assert not read(ods(tmp_path / "p.ods", rows, columns=columns)).notices


def test_a_hidden_column_and_a_date_counted_from_today(tmp_path):
    columns = '<table:table-column table:number-columns-repeated="6"/><table:table-column table:visibility="collapse"/>'
    day = value("date", 'date-value="2026-12-24"', "24.12.2026", 'table:formula="of:=TODAY()+14"')
    rows = ["".join(map(ods_text, (*HEADER, "active_to"))), "".join(map(ods_text, map(str, ROW))) + day]
    assert [notice.code for notice in read(ods(tmp_path / "p.ods", rows, columns=columns)).notices] == [
        "hidden-column",
        "changing-dates",
    ]
