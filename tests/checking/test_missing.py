"""A column that most rows need is missing: one refusal for the file, not a problem for every row."""

from __future__ import annotations

import pytest

import importer
from importer.checking.check import refuse_missing_columns
from importer.errors import FileError
from tests.builders import checked, sheet

HEADER = ["model", "target_type", "Produkt", "position", "pin_type", "pin_identity"]
ROWS = [["basket", "item", f"/p/{number}", 1, "item", "/p/9"] for number in range(4)]


def test_the_column_is_named_once_with_the_header_that_is_meant():
    with pytest.raises(FileError) as caught:
        refuse_missing_columns(checked(sheet(HEADER, ROWS)))
    assert str(caught.value) == (
        "pins.xlsx (sheet Pins) lacks columns that its rows need: target_identity (for target_type item, in 4 of "
        "4 rows). The headers found in row 1 are: model, target_type, Produkt, position, pin_type, pin_identity. "
        "Is Produkt meant to be target_identity? "
        "Name the columns as in the template (pin-importer template writes one)."
    )
    assert (caught.value.code, caught.value.read.header_row) == ("columns-needed", 1)


@pytest.mark.parametrize(("items", "refused"), [(4, True), (2, True), (1, False), (0, False)])
def test_it_is_refused_where_at_least_half_of_the_rows_need_it(items, refused):
    rows = [["basket", "item" if at < items else "all", "", 1, "item", "/p/9"] for at in range(4)]
    found = checked(sheet(HEADER, rows))
    if refused:
        with pytest.raises(FileError):
            refuse_missing_columns(found)
    else:
        refuse_missing_columns(found)


@pytest.mark.parametrize("name", ["target_identity", "target_criteria", "pin_identity", "pin_criteria"])
def test_each_such_column(name):
    kind, choice = name.split("_")[0], "item" if name.endswith("identity") else "criteria"
    row = {"model": "m", "target_type": "all", "position": 1, "pin_type": "item", "pin_identity": "x"}
    row[f"{kind}_type"] = choice
    row.pop(name, None)
    with pytest.raises(FileError, match=rf"need: {name} \(for {kind}_type {choice}, in 1 of 1 rows\)"):
        refuse_missing_columns(checked(sheet(list(row), [list(row.values())])))


def test_the_run_ends_with_it(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("\n".join(";".join(map(str, row)) for row in [HEADER, *ROWS]), "utf-8")
    with pytest.raises(FileError, match="lacks columns that its rows need") as caught:
        importer.check(path)
    assert caught.value.exit_code == 2
