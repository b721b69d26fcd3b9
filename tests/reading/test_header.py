"""Which row names the columns, what each column is, and what is refused about them."""

from __future__ import annotations

import pytest

from importer.columns import COLUMNS
from importer.errors import FileError
from importer.model import ColumnKind
from importer.reading.header import Named, find_header, name_columns
from importer.reading.raw import RefusalError
from importer.reading.xlsx_scan import column_letter, column_number
from importer.settings import ReadOptions
from tests.reading.both_ways import read
from tests.reading.making import HEADER, ROW, pins


def named(*texts, ignored=()):
    return name_columns([Named(place, text) for place, text in enumerate(texts)], column_letter, ignored)


def refusal(*texts, ignored=()):
    with pytest.raises(RefusalError) as caught:
        named(*texts, ignored=ignored)
    return caught.value


NEEDED = tuple(column.name for column in COLUMNS if column.required)


@pytest.mark.parametrize(
    "header",
    [
        "Target Type",
        " target-type ",
        "TARGET_TYPE",
        "target\ntype",
        "\ufefftarget_type",
        "target\u00a0type",
        "targetType",
        "\uff54arget_type",
        "tar\u200bget type",
    ],
)
def test_h15_decoration_does_not_count(header):
    columns = named(header, "model", "position", "pin_type")
    assert columns[0].key == "target_type"
    assert columns[0].header == header


def test_h15_a_known_column_twice_is_refused_with_both_places():
    error = refusal(*NEEDED, "notes", "Pin-Type")
    assert error.code == "column-twice"
    assert error.details == {"column": "pin_type", "first": "D", "second": "F"}


def test_kinds_and_keys():
    columns = named(*NEEDED, "target_metadata.Title", "Import Result", "Price", "Price", "", "")
    assert [column.kind for column in columns[4:6]] == [ColumnKind.METADATA, ColumnKind.RESULT]
    assert columns[4].key == "target_metadata.Title"
    others = columns[6:]
    assert {column.kind for column in others} == {ColumnKind.OTHER}
    assert len({column.key for column in others}) == 4
    assert [column.header for column in others] == ["Price", "Price", "", ""]


@pytest.mark.parametrize("missing", NEEDED)
def test_a_needed_column_that_is_missing_is_named_with_its_nearest(missing):
    texts = [name for name in NEEDED if name != missing] + [missing[:-1] + "x", "notes"]
    error = refusal(*texts)
    assert error.code == "columns-missing"
    assert error.details["missing"] == [missing]
    assert error.details["nearest"] == {missing: missing[:-1] + "x"}


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("active_form", "active_from"),
        ("Active Form", "active_from"),
        ("activ_to", "active_to"),
        ("tag", "tags"),
        ("pin_identiy", "pin_identity"),
        ("is_blok_pin", "is_block_pin"),
        ("target_metdata.title", "target_metadata.title"),
    ],
)
def test_a_column_that_looks_misspelt_is_refused_and_can_be_ignored(header, meant):
    error = refusal(*NEEDED, header)
    assert error.code == "misspelt"
    assert error.details == {"header": header, "letter": "E", "column": meant}
    assert named(*NEEDED, header, ignored=[header.upper()])[4].kind is ColumnKind.OTHER


@pytest.mark.parametrize(
    "header", ["active", "price", "name", "url", "widget", "notes", "category", "id", "", "1", "owner"]
)
def test_another_word_is_no_misspelling(header):
    assert named(*NEEDED, header)[4].kind is ColumnKind.OTHER


def test_what_the_sheet_has_cannot_be_meant():
    assert named(*NEEDED, "active_from", "active_form")[5].kind is ColumnKind.OTHER


def test_a_known_column_can_be_ignored():
    column = named(*NEEDED, "tags", ignored=["Tags"])[4]
    assert column.kind is ColumnKind.OTHER
    assert column.key != "tags"


def test_the_row_with_most_known_names_is_the_header():
    rows = [["model", ""], ["Pins of May", ""], ["model", "position"], ["model", "position"]]
    assert find_header(rows) == 2
    assert find_header([["model", "x"], ["1", "2"]]) is None
    assert find_header([]) is None


def test_the_message_lists_the_headers_found(tmp_path):
    with pytest.raises(FileError) as caught:
        read(pins(tmp_path / "pins.xlsx", ["a", "b", "c"], header=["Model", "target type", "Positon"]))
    text = str(caught.value)
    assert text == (
        "pins.xlsx lacks the needed columns position, pin_type. The headers found in row 1 are: Model, target type, "
        "Positon. Is Positon meant to be position? "
        "Name the columns as in the template (pin-importer template writes one)."
    )
    assert caught.value.read.header_row == 1


def test_the_message_of_a_misspelt_column_gives_the_option(tmp_path):
    with pytest.raises(FileError, match='add --ignore-column "active_form"'):
        read(pins(tmp_path / "pins.xlsx", (*ROW, "2026-01-01"), header=(*HEADER, "active_form")))


def test_an_ignored_column_is_kept_as_another_column(tmp_path):
    path = pins(tmp_path / "pins.xlsx", (*ROW, "x"), header=(*HEADER, "active_form"))
    sheet = read(path, ReadOptions(ignore_columns=("active_form",)))
    assert sheet.columns[-1].kind is ColumnKind.OTHER
    assert list(sheet.frame[sheet.columns[-1].key]) == ["x"]


def test_columns_without_a_header_are_kept_if_they_hold_anything(tmp_path):
    path = pins(tmp_path / "pins.xlsx", (*ROW, "", "note"), header=(*HEADER, "", ""))
    sheet = read(path)
    assert [column.letter for column in sheet.columns] == [*"ABCDEF", "H"]


@pytest.mark.parametrize(
    ("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_letters(place, letters):
    assert column_letter(place) == letters
    assert column_number(letters) == place
