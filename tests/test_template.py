from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from importer.columns import COLUMNS, CellType
from importer.errors import UsageError
from importer.reading import read
from importer.scopes import Scopes
from importer.template import write_template
from importer.template_rows import EXAMPLES
from tests.builders import BRATISLAVA, checked

TEMPLATES = Path(__file__).parent.parent / "templates"
NAMES = [column.name for column in COLUMNS]


@pytest.mark.parametrize("name", ["pins.xlsx", "pins.csv"])
def test_the_templates_in_the_repository_are_what_the_command_writes(tmp_path, name):
    write_template(tmp_path / name)
    assert (TEMPLATES / name).read_bytes() == (tmp_path / name).read_bytes()


def typed_over(tmp_path: Path, name: str) -> Path:
    """The template with another model in both of its rows, as a person would begin."""
    path = tmp_path / name
    if path.suffix == ".csv":
        path.write_bytes((TEMPLATES / name).read_bytes().replace(b"basket", b"cart"))
    else:
        book = openpyxl.load_workbook(TEMPLATES / name)
        book.worksheets[0]["A2"] = book.worksheets[0]["A3"] = "cart"
        book.save(path)
    return path


@pytest.mark.parametrize("name", ["pins.xlsx", "pins.csv"])
@pytest.mark.parametrize("year", [2026, 2099])
def test_the_examples_check_clean_at_any_time(tmp_path, name, year):
    now = datetime(year, 12, 31, tzinfo=UTC)
    found = checked(read(typed_over(tmp_path, name)), timezone=BRATISLAVA, now=now)
    assert list(found.problems) == []
    scopes = Scopes(found)
    assert [scopes.label(number)[:2] for number in range(len(scopes))] == [("cart", "item"), ("cart", "criteria")]


def test_workbook_and_csv_are_the_same_pins(tmp_path):
    sheets = [read(typed_over(tmp_path, name)) for name in ("pins.xlsx", "pins.csv")]
    bodies = [[scope.body for scope in Scopes(checked(sheet))] for sheet in sheets]
    assert bodies[0] == bodies[1]


def test_every_header_has_a_note_and_closed_values_a_drop_down():
    sheet = openpyxl.load_workbook(TEMPLATES / "pins.xlsx").worksheets[0]
    header = next(sheet.iter_rows())
    assert [cell.value for cell in header] == NAMES
    for cell, column in zip(header, COLUMNS, strict=True):
        assert column.meaning in cell.comment.text
        assert column.needed in cell.comment.text
        assert column.example in cell.comment.text
    drops = {str(drop.sqref).split(":")[0]: drop for drop in sheet.data_validations.dataValidation}
    for cell, column in zip(header, COLUMNS, strict=True):
        drop = drops.get(f"{cell.column_letter}2")
        assert (drop is not None) == (column.cell in {CellType.CHOICE, CellType.YES_NO})
        if column.choices:
            assert drop.formula1 == f'"{",".join(column.choices)}"'
        if drop is not None:
            assert str(drop.sqref).endswith("1048576")
            # Yes/no is understood in other languages, too.
            assert drop.showErrorMessage == bool(column.choices)


def test_what_a_person_types_into_an_id_column_keeps_its_zeros():
    sheet = openpyxl.load_workbook(TEMPLATES / "pins.xlsx").worksheets[0]
    for column in ("target_identity", "pin_identity"):
        letter = openpyxl.utils.get_column_letter(NAMES.index(column) + 1)
        assert sheet.column_dimensions[letter].number_format == "@"


def test_a_sheet_explains_every_column():
    book = openpyxl.load_workbook(TEMPLATES / "pins.xlsx")
    _, *lines = book["Columns"].values
    assert [line[:4] for line in lines] == [(c.name, c.needed, c.meaning, c.example) for c in COLUMNS]
    assert [line[4] for line in lines if line[0] == "target_type"] == ["item, criteria, all"]


def test_the_csv_opens_in_excel():
    """A byte order mark for the letters, semicolons for the columns, and Excel's line ends."""
    data = (TEMPLATES / "pins.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == NAMES
    assert [len(row) for row in rows] == [len(NAMES)] * (1 + len(EXAMPLES))
    assert data.count(b"\r\n") == data.count(b"\n") == 3


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"must end in \.xlsx or \.csv"):
        write_template(tmp_path / "pins.xls")


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UsageError, match="Choose another folder or name"):
        write_template(tmp_path / "gone" / "pins.xlsx")
