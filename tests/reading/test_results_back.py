"""A results workbook is itself a valid input: all its sheets, its result columns, and who wrote it."""

from __future__ import annotations

import pytest

import importer
from importer.errors import FileError
from importer.model import SHEET_ROWS, ColumnKind, Provenance
from importer.settings import ReadOptions
from tests.reading.both_ways import read
from tests.reading.making import HEADER, ROW, workbook

RESULT = ("Import Result", "Customization ID", "Import Comment", "Source Row", "Import Key")
DONE = ("Created", "id-1", "", 2, "T4F2A9C01B7-91AC03D2E5-1")
SUMMARY = [["Result", ""], ["Tracker", "1234-5678"], ["Base URL", "https://live.luigisbox.com"], ["Rehearsal", "no"]]


def results(tmp_path, **sheets):
    return workbook(tmp_path / "r.xlsx", {name.replace("_", " "): rows for name, rows in sheets.items()})


def test_result_columns_are_no_data_and_provenance_is_read(tmp_path):
    path = results(tmp_path, Results=[(*HEADER, *RESULT), (*ROW, *DONE)], Scopes=[["x"]], Summary=SUMMARY)
    sheet = read(path)
    assert [column.key for column in sheet.columns if column.kind is ColumnKind.RESULT] == list(RESULT)
    assert sheet.provenance == Provenance("1234-5678", "https://live.luigisbox.com", rehearsal=False)
    assert sheet.notices == ()


def test_the_own_sheets_are_not_unread_but_one_that_somebody_added_is(tmp_path):
    own = [(*HEADER, *RESULT), (*ROW, *DONE)]
    sheets = {"Results": own, "Scopes": [["x"]], "Problems": [["x"]], "Summary": SUMMARY}
    assert read(results(tmp_path, **sheets)).unread_sheets == ()
    sheet = read(results(tmp_path, **sheets, New_pins=[HEADER, ROW]))
    assert sheet.unread_sheets == ("New pins",)
    assert "New pins" in " ".join(notice.text for notice in sheet.notices)


@pytest.mark.parametrize(("said", "rehearsal"), [("yes", True), ("Yes", True), ("no", False)])
def test_a_rehearsal_says_so(tmp_path, said, rehearsal):
    summary = [*SUMMARY[:3], ["Rehearsal", said]]
    path = results(tmp_path, Results=[(*HEADER, *RESULT), (*ROW, *DONE)], Summary=summary)
    assert read(path).provenance.rehearsal is rehearsal


def test_h20_every_results_sheet_is_read_in_the_order_of_its_number(tmp_path):
    def sheet(target, *more):
        return [(*HEADER, *more, *RESULT), *[(*ROW[:2], target, *ROW[3:], *(["n"] * len(more)), *DONE)] * 2]

    path = results(
        tmp_path, Results=sheet("/p/a"), Results_10=sheet("/p/c"), Results_2=sheet("/p/b", "notes"), Summary=SUMMARY
    )
    read_back = read(path)
    assert read_back.sheets == ("Results", "Results 2", "Results 10")
    assert list(read_back.frame.index) == [2, 3, SHEET_ROWS + 2, SHEET_ROWS + 3, 2 * SHEET_ROWS + 2, 2 * SHEET_ROWS + 3]
    assert list(read_back.frame["target_identity"]) == ["/p/a", "/p/a", "/p/b", "/p/b", "/p/c", "/p/c"]
    assert read_back.place(SHEET_ROWS + 3) == ("Results 2", 3)
    assert read_back.facts.non_empty_rows == 9


def test_h20_a_results_sheet_that_lost_its_header_is_refused_not_left_out(tmp_path):
    path = results(tmp_path, Results=[(*HEADER, *RESULT), (*ROW, *DONE)], Results_2=[(*ROW, *DONE)])
    with pytest.raises(FileError) as caught:
        read(path)
    assert caught.value.code == "no-header"


def test_a_sheet_that_is_only_called_results_is_one_sheet(tmp_path):
    sheet = read(results(tmp_path, Results=[HEADER, ROW], Results_2=[HEADER, ROW], Summary=SUMMARY))
    assert sheet.sheets == ("Results",)
    assert sheet.unread_sheets == ("Results 2", "Summary")
    assert len(sheet.frame) == 1
    assert sheet.provenance is None


def test_results_by_name_are_read_whole(tmp_path):
    path = results(tmp_path, Results=[(*HEADER, *RESULT), (*ROW, *DONE)], Results_2=[(*HEADER, *RESULT), (*ROW, *DONE)])
    assert len(read(path, ReadOptions(sheet="Results")).frame) == 2
    assert len(read(path, ReadOptions(sheet="Results 2")).frame) == 1


@pytest.mark.parametrize("summary", [[], [["Tracker"]], [["Tracker", "1"]], [["a", "b"]]])
def test_a_summary_that_does_not_say_it_is_no_provenance(tmp_path, summary):
    assert read(results(tmp_path, Results=[(*HEADER, *RESULT), (*ROW, *DONE)], Summary=summary)).provenance is None


def test_h59_the_prefix_of_a_results_csv_is_taken_off_once(tmp_path):
    path = tmp_path / "r.csv"
    cells = ["'=1+1", "''=x", "'@a", "'-1", "'+2", "'plain", '\'=""00123""', '"=""00123"""']
    rows = [
        ";".join((*HEADER, *RESULT)),
        *(";".join(("basket", "item", cell, "1", "item", "x", "", "", "", "")) for cell in cells),
    ]
    path.write_text("\r\n".join(rows))
    found = list(read(path).frame["target_identity"])
    assert found == ["=1+1", "'=x", "@a", "-1", "+2", "'plain", '=""00123""', "00123"]


def test_h59_in_other_csv_files_it_stays(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(";".join(HEADER) + "\n" + ";".join(("'=a", *map(str, ROW[1:]))))
    assert read(path).frame["model"].iloc[0] == "'=a"


def test_the_date_order_of_the_run_that_wrote_the_workbook_holds_when_it_comes_back(tmp_path):
    path = tmp_path / "pins.csv"
    path.write_text(
        "model;target_type;target_identity;position;pin_type;pin_identity;active_from\n"
        "basket;item;/p/1;1;item;/p/9;03/04/2027\n",
        encoding="utf-8",
    )
    results = tmp_path / "results.xlsx"
    first = importer.check(path, timezone="UTC", date_order="dmy", output=results)
    again = importer.check(results, timezone="UTC")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "day first" in " ".join(notice.text for notice in again.notices)
    otherwise = importer.check(results, timezone="UTC", date_order="mdy")
    assert "day first" not in " ".join(notice.text for notice in otherwise.notices)
