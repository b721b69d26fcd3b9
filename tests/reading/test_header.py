"""Which row names the columns, what each column is, and what is refused about them."""

from __future__ import annotations

from datetime import date

import pytest

from importer.cells import column_letter, column_number
from importer.columns import COLUMNS
from importer.errors import FileError
from importer.model import ColumnKind
from importer.reading.header import Named, find_header, name_columns
from importer.reading.raw import RefusalError
from importer.settings import ReadOptions
from tests.reading.both_ways import read
from tests.reading.making import HEADER, ROW, pins, workbook


def named(*texts, ignored=()):
    return name_columns([Named(place, text) for place, text in enumerate(texts)], ignored)


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
        "pins.xlsx (sheet Pins) lacks the needed columns position, pin_type. The headers found in row 1 are: Model, "
        "target type, Positon. Is Positon meant to be position? "
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


def test_a_name_with_a_remark_is_that_column_and_keeps_its_header(tmp_path):
    header = [f"{name} *" for name in HEADER]
    sheet = read(pins(tmp_path / "pins.xlsx", (*ROW, "2026-12-01"), header=[*header, "Začiatok\n(active_from)"]))
    assert [column.key for column in sheet.columns] == [*HEADER, "active_from"]
    assert sheet.columns[-1].header == "Začiatok\n(active_from)"
    assert sheet.unread_columns == ()


def test_a_name_alone_beats_the_same_name_with_a_remark():
    columns = named(*NEEDED, "Model (internal)", "tags (old)", "Tags")
    assert [column.key for column in columns[:4]] == list(NEEDED)
    assert [(column.kind, column.header) for column in columns[4:]] == [
        (ColumnKind.OTHER, "Model (internal)"),
        (ColumnKind.OTHER, "tags (old)"),
        (ColumnKind.KNOWN, "Tags"),
    ]


def test_two_names_with_remarks_for_one_column_are_one_too_many():
    assert refusal(*NEEDED, "tags (old)", "tags (new)").code == "column-twice"


def test_a_second_period_beside_the_exact_one_stops_the_run(tmp_path):
    path = pins(tmp_path / "p.xlsx", (*ROW, "", "2026-12-01"), header=[*HEADER, "active_from", "active_from (planned)"])
    with pytest.raises(FileError, match=r"H “active_from \(planned\)” looks like active_from"):
        read(path)


def test_every_column_that_is_not_read_is_named(tmp_path):
    path = pins(
        tmp_path / "p.xlsx", (*ROW, "Watch", 12.5, "x", "2026-12-01"), header=[*HEADER, "Name", "Price", "", "Start"]
    )
    sheet = read(path, ReadOptions(ignore_columns=("start",)))
    assert sheet.unread_columns == ("Name", "Price", "column I", "Start")


def test_all_columns_that_matter_are_named_at_once_with_the_options_to_go_on(tmp_path):
    header = [*HEADER, "Start", "", 'Koniec "K"', "Widget", "Name", "Criteria"]
    rows = [(*ROW, date(2026, 12, 1), "24.12.2026", "31.12.2026", "cart", "Watch", ""), (*ROW, "", "", "", "", "", "")]
    with pytest.raises(FileError) as caught:
        read(pins(tmp_path / "p.xlsx", *rows, header=header))
    assert str(caught.value) == (
        "p.xlsx (sheet Pins) has columns that are not read, though they look as if they matter: G “Start” looks like "
        "active_from (for example 2026-12-01); H without a header looks like active_from or active_to (for example "
        "24.12.2026); "
        'I “Koniec "K"” looks like active_to (for example 31.12.2026); J “Widget” looks like widget_id (for example '
        "cart). Rename each to the name the template has for it, or delete it. If it is not meant for the import, add "
        '--ignore-column "Start" --ignore-column "column H" --ignore-column "column I" --ignore-column "Widget" '
        "to the command."
    )
    assert caught.value.read.header_row == 1


def test_the_options_that_are_named_let_the_run_go_on(tmp_path):
    header = [*HEADER, "Start", "", "Začiatok " + "x" * 80]
    path = pins(tmp_path / "p.xlsx", (*ROW, *["1.12.2026"] * 3), header=header)
    ignored = ["start", "column H", "Column I"]
    sheet = read(path, ReadOptions(ignore_columns=tuple(ignored)))
    assert len(sheet.unread_columns) == 3
    assert not sheet.notices


def test_ignoring_a_column_that_is_not_there_is_said(tmp_path):
    sheet = read(pins(tmp_path / "p.xlsx"), ReadOptions(ignore_columns=("Foo", "column Z")))
    (said,) = [notice.text for notice in sheet.notices]
    assert said == (
        "There is no column Foo, column Z to ignore. The headers are: model, target_type, target_identity, position, "
        "pin_type, pin_identity."
    )


def test_headers_of_another_language_are_suggested_by_their_meaning(tmp_path):
    header = ["Odporúčač", "Typ", "Produkt", "Poradie", "Typ pinu", "Pripnutý produkt"]
    with pytest.raises(FileError) as caught:
        read(pins(tmp_path / "p.xlsx", ROW, header=header))
    assert (
        "Is Odporúčač meant to be model? Is Typ meant to be target_type? Is Poradie meant to be position? "
        "Is Typ pinu meant to be pin_type? "
    ) in str(caught.value)


def test_a_header_whose_remark_changes_the_meaning_stops_the_run_and_can_be_ignored(tmp_path):
    path = pins(tmp_path / "pins.xlsx", (*ROW, "2026-12-24"), header=[*HEADER, "active_to (do 12:00)"])
    with pytest.raises(FileError, match=r"active_to \(do 12:00\)”.*\(G\)") as caught:
        read(path)
    assert caught.value.code == "remark-matters"
    assert read(path, ReadOptions(ignore_columns=("active_to (do 12:00)",))).unread_columns == ("active_to (do 12:00)",)


def test_a_remark_beside_the_name_alone_is_that_of_another_column():
    assert named(*NEEDED, "tags (neplatí)", "tags")[-1].key == "tags"


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_a_table_in_one_column_of_a_workbook_is_called_so(tmp_path, sign):
    path = workbook(tmp_path / "pins.xlsx", {"Pins": [[sign.join(HEADER)], [sign.join(map(str, ROW))]]})
    with pytest.raises(FileError, match="Text to Columns") as caught:
        read(path)
    assert caught.value.code == "one-cell"


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("{}\n{}\n".format("^".join(HEADER), "^".join(map(str, ROW))), "one-cell-text", '--delimiter "^"'),
        ("sep=,\n{}\n{}\n".format(";".join(HEADER), ";".join(map(str, ROW))), "one-cell-text", '--delimiter ";"'),
        ('"{}"\n"{}"\n'.format(",".join(HEADER), ",".join(map(str, ROW))), "one-cell-quoted", "quotation marks"),
    ],
)
def test_a_text_in_one_column_is_called_so(tmp_path, text, code, told):
    path = tmp_path / "pins.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read(path)
    assert caught.value.code == code
    assert told in str(caught.value)


def test_one_header_with_signs_in_it_is_no_table(tmp_path):
    with pytest.raises(FileError) as caught:
        read(workbook(tmp_path / "pins.xlsx", {"Pins": [["a;b;c"], ["1"]]}))
    assert caught.value.code == "no-header"
