"""Headers in two rows, groups over names, are read together; a row of data is never taken for names."""

from __future__ import annotations

import openpyxl
import pytest

from importer.errors import FileError
from importer.reading.header import find_pair, join_names
from tests.reading.both_ways import read

GROUPED = (
    ["model", "target", "", "pin", "", "", "active", ""],
    ["", "type", "identity", "type", "identity", "position", "from", "to"],
)
PIN = ["basket", "item", "/p/1", "item", "/p/2", 1, "2027-03-01", "2027-03-31"]
KEYS = [
    "model", "target_type", "target_identity", "pin_type", "pin_identity", "position", "active_from", "active_to",
]  # fmt: skip


def book(tmp_path, *rows, merged=()):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append([None if cell == "" else cell for cell in row])
    for cells in merged:
        made.active.merge_cells(cells)
    made.save(tmp_path / "p.xlsx")
    return tmp_path / "p.xlsx"


@pytest.mark.parametrize("merged", [(), ("A1:A2", "B1:C1", "D1:F1", "G1:H1")])
@pytest.mark.parametrize("above", [(), (["Spring pins"],), (["Spring pins"], ["for the basket"])])
def test_names_of_groups_over_names(tmp_path, merged, above):
    sheet = read(book(tmp_path, *above, *GROUPED, PIN, merged=() if above else merged))
    assert [column.key for column in sheet.columns] == KEYS
    first = len(above) + 1
    assert list(sheet.frame.index) == [first + 2]
    assert [notice.text for notice in sheet.notices] == [
        f"The headers stand in two rows, {first} and {first + 1}; they were read together."
    ]


def test_complete_names_with_only_the_period_in_two_rows(tmp_path):
    upper = ["model", "target_type", "target_identity", "pin_type", "pin_identity", "position", "Active", ""]
    sheet = read(book(tmp_path, upper, ["", "", "", "", "", "", "from", "to (incl.)"], PIN, merged=("G1:H1",)))
    assert [column.key for column in sheet.columns] == KEYS


def test_a_band_of_groups_over_complete_names(tmp_path):
    names = [*KEYS[:6], "from", "to"]
    sheet = read(book(tmp_path, ["Where", "", "", "What", "", "", "Active", ""], names, PIN))
    assert [column.key for column in sheet.columns] == KEYS


def test_in_a_text_file(tmp_path):
    path = tmp_path / "p.csv"
    rows = [GROUPED[0][:-1], GROUPED[1], map(str, PIN)]
    path.write_text("\n".join(";".join(row) for row in rows), "utf-8")
    sheet = read(path)
    assert [column.key for column in sheet.columns] == KEYS
    assert not sheet.surplus


def test_what_the_groups_lack_is_said_of_both_rows(tmp_path):
    upper, lower = ([*row[:5], *row[6:]] for row in GROUPED)
    with pytest.raises(FileError) as caught:
        read(book(tmp_path, upper, lower, [*PIN[:5], *PIN[6:]]))
    assert "lacks the needed columns position." in str(caught.value)
    assert "target type, target identity" in str(caught.value)


@pytest.mark.parametrize(
    "lower",
    [
        ["basket", "item", "", "item", "", "1", "from", "to"],
        ["", "", "", "", "", "1", "from", "to"],
    ],
)
def test_a_row_of_data_is_no_second_row_of_names(lower):
    assert join_names([*KEYS[:6], "active", ""], lower) is None


def test_no_column_is_named_twice():
    assert join_names(["pin", "", ""], ["type", "type", "position"]) is None


def test_one_row_that_knows_as_much_is_the_header():
    assert find_pair([["Pins of May", *[""] * 7], KEYS, list(map(str, PIN))], 1) is None
    assert find_pair([KEYS, ["text", *[""] * 7]], 0) is None
    assert find_pair([], None) is None


def test_the_first_table_stays_the_table(tmp_path):
    more = [*KEYS, "tags"]
    rows = [KEYS, list(map(str, PIN)), ["", "", ""], *([*row, "tags"] for row in GROUPED)]
    longest = len(more)
    assert find_pair([[*row, *[""] * (longest - len(row))] for row in rows], 0) is None
