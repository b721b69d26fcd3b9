"""Whatever a sheet holds, it is read back as it was written: hypothesis makes the sheets."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from datetime import datetime
from html import escape
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.cells import Broken, Flag, Moment, Number, Uncalculated, column_letter
from importer.reading import read
from importer.reading.csv_file import SplitText
from importer.reading.encoding import encoding_of
from importer.reading.formats.xlsx_scan import reaches_beyond, scan_sheet
from importer.reading.formats.xlsx_styles import CellFormats
from importer.reading.raw import RawSheet, RefusalError
from importer.settings import ReadOptions

SCOPE = ("model", "target_type", "target_identity")
HEADER = (*SCOPE, "position", "pin_type", "active_from")
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# No controls and no lone surrogates, which XML cannot hold; the blanks around are trimmed by some programs.
plain = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
hostile = st.sampled_from(
    ["00123", "NA", "null", "TRUE", "1e5", "=1+1", "+49", "@x", "-", "'x", '"', '""', 'a"b', "a;b,c|d\te", "#N/A",
     "</c>", 't="e"', "<f>", "&amp;", "_x0041_", "\u200bx", "ž漢😀", "12345678901234567890", "2026-01-01"]
)  # fmt: skip
texts = (plain | hostile).map(str.strip).filter(bool)
cells = st.one_of(
    st.none(),
    texts.filter(lambda text: not text.startswith("=") and not re.fullmatch(r".*_x[0-9A-Fa-f]{4}_.*", text)),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 4)),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
)
rows_of_cells = st.lists(st.lists(cells, min_size=6, max_size=6), min_size=1, max_size=6)


def as_cell(value):
    match value:
        case bool():
            return Flag(value)
        case int() | float():
            return Number(value)
        case datetime():
            # The writer gives all of them a format with hours.
            return Moment(value, has_time=True)
        case _:
            return value


def frame_rows(sheet):
    return {row: [None if cell != cell else cell for cell in cells] for row, *cells in sheet.frame.itertuples()}


@FEW
@given(rows=rows_of_cells, down=st.integers(0, 5), right=st.integers(0, 3), blank=st.integers(0, 3))
def test_a_workbook_wherever_its_table_stands(rows, down, right, blank):
    book = openpyxl.Workbook()
    expected = {}
    for place, name in enumerate(HEADER):
        book.active.cell(down + 1, right + place + 1, name)
    for number, row in enumerate(rows):
        at = down + 2 + number * (blank + 1)
        for place, value in enumerate(row):
            cell = book.active.cell(at, right + place + 1, value)
            if isinstance(value, str):
                cell.data_type = "s"
        if any(value is not None for value in row):
            expected[at] = [as_cell(value) for value in row]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.xlsx"
        book.save(path)
        if not expected:
            return
        sheet = read(path)
    assert frame_rows(sheet) == expected
    assert [column.letter for column in sheet.columns] == [column_letter(right + place) for place in range(6)]


csv_texts = (plain | hostile | st.just("")).filter(lambda text: not re.match(r'\A="', text))
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-32-be"]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(csv_texts, min_size=6, max_size=6), min_size=1, max_size=8),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    sep_line=st.booleans(),
)
def test_text_in_every_encoding_with_every_separator(rows, encoding, delimiter, end, quoting, sep_line):
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADER, *rows])
    text = (f"sep={delimiter}{end}" if sep_line else "") + written.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.csv"
        path.write_bytes(text.encode(encoding))
        expected = {at + 2: [cell or None for cell in row] for at, row in enumerate(rows) if any(map(str.strip, row))}
        if not expected:
            return
        assert frame_rows(read(path)) == expected


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data):
    try:
        split = SplitText(data, encoding_of(data).name, None)
        sheet = split.sheet(10**6)
    except RefusalError:
        return
    assert isinstance(sheet, RawSheet)
    assert all(len(column.codes) == sheet.rows for column in sheet.columns.values())


@settings(max_examples=60, deadline=None)
@given(st.text("kočíš\u00e9", min_size=1, max_size=30))
def test_windows_1250_is_decoded_as_it_was_encoded(text):
    data = (text + "\n").encode("cp1250")
    found = encoding_of(data)
    assert data.decode(found.name) == text + "\n" or found.name == "utf-8"


marks = st.sampled_from(["e", "u", "n", ""])


@settings(max_examples=60, deadline=None)
@given(
    kinds=st.lists(st.lists(marks, min_size=1, max_size=5), min_size=1, max_size=20),
    piece=st.integers(1, 200),
    prefix=st.sampled_from(["", "x:"]),
    text=plain,
)
def test_hidden_cells_are_found_however_the_bytes_are_cut(kinds, piece, prefix, text):
    expected, rows = [], []
    for row, line in enumerate(kinds):
        made = []
        for place, kind in enumerate(line):
            name = f"{column_letter(place)}{row + 1}"
            made.append(
                {
                    "e": f'<{prefix}c r="{name}" t="e"><{prefix}v>#N/A</{prefix}v></{prefix}c>',
                    "u": f'<{prefix}c r="{name}"><{prefix}f>A1</{prefix}f></{prefix}c>',
                    "n": f'<{prefix}c r="{name}" s="7"><{prefix}v>12</{prefix}v></{prefix}c>',
                    "": f'<{prefix}c r="{name}" t="inlineStr"><{prefix}is>{escape(text)}</{prefix}is></{prefix}c>',
                }[kind]
            )
            if kind:
                raw = {"e": ("e", "#N/A"), "u": ("u", "A1"), "n": ("n", 12.0, "00012")}[kind]
                expected.append((row, place, raw))
        rows.append(f'<{prefix}row r="{row + 1}">{"".join(made)}</{prefix}row>')
    sheet = f"<{prefix}worksheet><{prefix}sheetData>{''.join(rows)}</{prefix}sheetData></{prefix}worksheet>".encode()
    pieces = [sheet[at : at + piece] for at in range(0, len(sheet), piece)]
    formats = CellFormats([*["General"] * 7, "00000"], [0] * 8)
    found = scan_sheet(pieces, formats)
    assert sorted(found.cells) == sorted(expected)
    assert found.last_row == len(kinds)


@given(cell=st.integers(0, 16_383), columns=st.integers(1, 16_384))
def test_a_cell_past_so_many_columns_is_noticed(cell, columns):
    sheet = f'<row r="1"><c r="{column_letter(cell)}1"/></row>'.encode()
    assert reaches_beyond([sheet], columns) == (cell >= columns)


@FEW
@given(
    heights=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    columns=st.sets(st.integers(0, 2), min_size=1),
)
def test_merged_scope_cells_are_the_same_as_repeated_ones(heights, columns):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    expected, at = {}, 2
    for block, height in enumerate(heights):
        values = [f"m{block}", "item", f"/p/{block}"]
        for step in range(height):
            shown = [value if step == 0 or place not in columns else None for place, value in enumerate(values)]
            book.active.append([*shown, step + 1, "item", None])
            expected[at + step] = [*values, Number(step + 1), "item", None]
        for place in columns if height > 1 else ():
            book.active.merge_cells(f"{column_letter(place)}{at}:{column_letter(place)}{at + height - 1}")
        at += height
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.xlsx"
        book.save(path)
        merged = read(path)
        book.active.merged_cells.ranges.clear()
        book.save(path)
        down = read(path, ReadOptions(fill_down=True))
    assert frame_rows(merged) == expected
    if columns == {0, 1, 2}:
        assert frame_rows(down) == expected


def test_error_cells_written_by_openpyxl_keep_their_kind(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["#N/A", "=A1", "item", 1, "item", "x"])
    book.save(tmp_path / "p.xlsx")
    sheet = read(tmp_path / "p.xlsx")
    assert frame_rows(sheet)[2][:2] == [Broken("#N/A"), Uncalculated("A1")]
