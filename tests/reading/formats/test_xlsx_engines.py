"""The slow engine reads every cell as the fast one does, so that it does not matter which of them read a sheet."""

from __future__ import annotations

import io
import os
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from importer.reading.formats import xlsx as readers
from importer.reading.formats.xlsx_engines import OpenPyxl
from importer.reading.package import open_package
from importer.reading.raw import RefusalError
from importer.settings import ReadOptions
from tests.reading.making import header_row, inline, pin_row, styles, xlsx

FOLDER = os.environ.get("PIN_IMPORTER_PRACTICE")
LIMITS = asdict(ReadOptions().limits)
LARGEST = 2_000_000


def cells_of(content: bytes, *, exact: bool):
    """Every sheet as a list of rows of raw cells, or why the file is refused."""
    try:
        package = open_package(io.BytesIO(content), len(content), LIMITS["unpacked_bytes"])
        reader = readers.XlsxReader(package, LIMITS["cells"])
        if exact:
            reader._engine = OpenPyxl(io.BytesIO(content), package.workbook_facts())
        elif reader._engine.exact:
            return None
        found = {}
        for sheet in reader.sheets():
            raw = reader.read(sheet.name)
            if not exact and reader._engine.exact:
                return None
            found[sheet.name] = (
                {
                    (row, place): column.values[code]
                    for place, column in raw.columns.items()
                    for row, code in enumerate(column.codes)
                    if code and str(column.values[code]).strip()
                },
                raw.merged,
                raw.hidden_rows,
            )
    except RefusalError as refusal:
        return refusal.code
    return found


def assert_alike(content: bytes):
    fast = cells_of(content, exact=False)
    exact = cells_of(content, exact=True) if fast is not None else None
    # The slow engine finds no sheets in a strict package.
    if exact:
        assert exact == fast


def _practice():
    """All but those that are made to use up a computer, which only the child process is safe from."""
    files = sorted(Path(FOLDER).rglob("*.xls[xm]")) if FOLDER else []
    hostile = ("1M", "far_cell", "poc-")
    return [path for path in files if path.stat().st_size < LARGEST and not any(word in path.name for word in hostile)]


@pytest.mark.practice
@pytest.mark.parametrize("path", _practice(), ids=lambda path: path.name)
def test_real_files(path):
    content = path.read_bytes()
    if not content.startswith(b"PK"):
        pytest.skip("no package inside")
    if path.name in ("shared_string_with_escape.xlsx", "new_line_errors.xlsx"):
        pytest.skip("an escaped escape, `_x005F_x000D_`, is unescaped twice by the fast engine")
    try:
        assert_alike(content)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        pytest.skip(f"the slow engine cannot read it: {error!r}")


CODES = [
    "General", "@", "0", "00000", "0.00", "#,##0", "0%", "0.00E+00", "# ?/?", ";;;", '"x"0', "yyyy-mm-dd", "d.m.yyyy;@",
    "yyyy-mm-dd hh:mm", "m/d/yy h:mm AM/PM", "mmm-yy", "d.m.", "dddd", "h:mm", "[h]:mm:ss", "mm:ss.0",
    "[$-405]d. mmmm yyyy", 'yyyy"年"m"月"d"日"', "TT.MM.JJJJ", "[>=100]0.0;0", 'd "days"',
    '0 "days"', "Standard", "[Red]General", "[$-F400]h:mm:ss AM/PM",
]  # fmt: skip
NUMBERS = [0, 1, 7, 59, 60, 61, 99.5, 100, 12345, 46115, 46115.25, 46115.5833333, 46115.9999999, 0.5, 0.99999999, -1,
           -0.5, 1234567, 1e15, 123456789012, 1e-7, 2958466]  # fmt: skip


@pytest.mark.parametrize("epoch1904", [False, True])
def test_every_format_with_every_number(tmp_path, epoch1904):
    with xlsxwriter.Workbook(tmp_path / "p.xlsx", {"date_1904": epoch1904}) as book:
        sheet = book.add_worksheet()
        forms = [book.add_format({"num_format": code}) for code in CODES]
        forms += [book.add_format({"num_format": number}) for number in range(1, 50)]
        for place, form in enumerate(forms):
            for row, number in enumerate(NUMBERS):
                sheet.write_number(row, place, number, form)
    assert_alike((tmp_path / "p.xlsx").read_bytes())


RICH = '<r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r><rPh sb="0" eb="1"><t>phonetic</t></rPh>'


def test_every_kind_of_cell(tmp_path):
    cells = [
        '<c r="A2" t="e"><v>#SPILL!</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2" t="e"><v></v></c>',
        '<c r="A3" t="d"><v>2026-04-03</v></c><c r="C3" t="d" s="2"><v>2026-04-03T00:00:00</v></c>',
        '<c r="A4" t="b"><v>1</v></c><c r="B4" t="str"><f>A1</f><v>x</v></c><c r="C4" t="str"><f>A1</f><v></v></c>',
        '<c r="A5"><f>A1</f></c><c r="B5"><f>A1</f><v>0</v></c><c r="C5" t="b"><f>A1</f><v>0</v></c>',
        f'<c r="A6" t="inlineStr"><is>{RICH}</is></c>' + inline("B6", "  "),
        '<c r="A7" s="1"/><c r="B7" s="3"><v>46115</v></c><c s="3" r="C7"><v>46115</v></c>',
    ]
    rows = header_row() + "".join(f'<row r="{row + 2}">{made}</row>' for row, made in enumerate(cells))
    after = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    path = xlsx(tmp_path / "p.xlsx", rows, after=after, styles=styles("yyyy-mm-dd", "d.m.yyyy hh:mm", "0.00"))
    assert_alike(path.read_bytes())


def test_texts_in_every_format(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "p.xlsx") as book:
        sheet = book.add_worksheet()
        for place, code in enumerate([*CODES, '"/p/"@', '0;0;0;"none"', '@" ks"', "[Red]@", "_-@_-"]):
            for row, text in enumerate(["987", " x "]):
                sheet.write_string(row, place, text, book.add_format({"num_format": code}))
    assert_alike((tmp_path / "p.xlsx").read_bytes())


def test_dates_as_a_writer_gives_them(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "p.xlsx") as book:
        sheet = book.add_worksheet()
        for place, code in enumerate(["yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm"]):
            form = book.add_format({"num_format": code})
            for row, value in enumerate(
                [
                    date(2026, 4, 3),
                    datetime(2026, 4, 3),
                    datetime(2026, 4, 3, 14, 30),
                    time(14, 30),
                    timedelta(hours=30),
                ]
            ):
                sheet.write_datetime(row, place, value, form)
    assert_alike((tmp_path / "p.xlsx").read_bytes())


def test_a_row_of_pins(tmp_path):
    assert_alike(xlsx(tmp_path / "p.xlsx", header_row() + pin_row(2) + pin_row(3, extra=' hidden="1"')).read_bytes())
