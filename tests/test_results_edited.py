"""A real results workbook is edited as people do, and imported again: on the same computer, and on another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from importer.sandbox import Sandbox, running_sandbox
from tests.driving import Program, pin, pins

ROWS = [pin("/p/a", 1, "/p/1"), pin("/p/a", 2, "/p/2"), pin("/p/a", 3, "/p/3"), pin("/p/b", 1, "/p/1")]


@pytest.fixture
def server():
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(params=["with the ledger", "on another computer"])
def again(request, capsys, monkeypatch, tmp_path, server):
    """Import `ROWS`, edit the results as told, import them again: rows by target with result and comment."""
    program = Program(capsys)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "LUIGISBOX_BASE_URL": server.url,
        "LUIGISBOX_TRACKER_ID": server.tracker_id,
        "LUIGISBOX_PRIVATE_KEY": server.private_key,
        "PIN_IMPORTER_LEDGER": str(tmp_path / "ledger.sqlite"),
    }.items():
        monkeypatch.setenv(name, value)

    def run(edit: Callable[[Worksheet], object], *options: str, ending: str = "xlsx") -> list[dict[str, Any]]:
        first = program("import", pins(tmp_path / "a.csv", *ROWS), "--yes", "--json")
        assert first.code == 0, first.err
        results = Path(first.object["results"])
        book = openpyxl.load_workbook(results)
        edit(book["Results"])
        book.save(results)
        if request.param == "on another computer":
            monkeypatch.setenv("PIN_IMPORTER_LEDGER", str(tmp_path / "another.sqlite"))
        said = program("import", results, "--yes", "--json", *options)
        header, *rows = openpyxl.load_workbook(said.object["results"])["Results"].values
        return [dict(zip(header, row, strict=True)) for row in rows]

    return run


def words(rows: list[dict[str, Any]], target: str) -> set[str]:
    return {row["Import Result"] for row in rows if row["target_identity"] == target}


def comments(rows: list[dict[str, Any]], target: str) -> str:
    (text,) = {row["Import Comment"] for row in rows if row["target_identity"] == target}
    return str(text)


def ids(server: Sandbox) -> dict[str, str]:
    return {record.body["target_identity"]: record.id for record in server.store.records()}


def column(page: Worksheet, header: str) -> int:
    return 1 + [cell.value for cell in page[1]].index(header)


def copy_row(page: Worksheet, row: int, **changed: object) -> None:
    page.append([cell.value for cell in page[row]])
    for header, value in changed.items():
        page.cell(page.max_row, column(page, header)).value = value


def test_left_alone_everything_is_created_already(again, server):
    rows = again(lambda page: None)
    assert words(rows, "/p/a") == words(rows, "/p/b") == {"Already created"}
    assert len(server.store) == 2


def test_rows_in_another_order_are_the_same(again, server):
    def reverse(page: Worksheet) -> None:
        found = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        for at, values in enumerate(reversed(found), 2):
            for place, value in enumerate(values, 1):
                page.cell(at, place, value)

    rows = again(reverse)
    assert words(rows, "/p/a") == words(rows, "/p/b") == {"Already created"}
    assert len(server.store) == 2


def test_an_edited_pin_holds_its_customization_back_and_nothing_is_sent_in_silence(again, server):
    rows = again(lambda page: page.cell(3, column(page, "pin_identity"), "/p/other"))
    assert words(rows, "/p/a") == {"Held back"}
    assert ids(server)["/p/a"] in comments(rows, "/p/a")
    assert words(rows, "/p/b") == {"Already created"}
    assert len(server.store) == 2


def test_a_deleted_row_is_told_by_the_number_of_pins(again, server):
    rows = again(lambda page: page.delete_rows(3))
    assert words(rows, "/p/a") == {"Held back"}
    assert "had 3 pins when it was created and has 2 now" in comments(rows, "/p/a")
    assert len(server.store) == 2


def test_a_typed_row_is_told_as_added(again, server):
    rows = again(lambda page: page.append(pin("/p/a", 4, "/p/4")))
    assert "1 of its 4 rows has none" in comments(rows, "/p/a")
    assert "had 3 pins when it was created and has 4 now" in comments(rows, "/p/a")


def test_a_row_copied_within_its_customization_is_told_by_the_number_of_pins(again, server):
    rows = again(lambda page: copy_row(page, 2, position=9))
    assert "had 3 pins when it was created and has 4 now" in comments(rows, "/p/a")
    assert len(server.store) == 2


def test_rows_copied_for_another_target_never_point_at_the_first_ones_customization(again, server):
    rows = again(lambda page: copy_row(page, 5, target_identity="/p/c"))
    assert words(rows, "/p/c") == {"Held back"}
    assert "copied, or their target was changed" in comments(rows, "/p/c")
    assert ids(server)["/p/b"] not in comments(rows, "/p/c")
    assert words(rows, "/p/b") == {"Already created"}
    assert len(server.store) == 2


def test_copied_rows_are_created_once_their_id_and_key_are_emptied(again, server):
    nothing = {"Customization ID": None, "Import Key": None}
    rows = again(lambda page: copy_row(page, 5, target_identity="/p/c", **nothing))
    assert words(rows, "/p/c") == {"Created"}
    assert sorted(ids(server)) == ["/p/a", "/p/b", "/p/c"]


def test_a_changed_target_is_told_though_all_rows_of_it_changed(again, server):
    rows = again(lambda page: page.cell(5, column(page, "target_identity"), "/p/c"))
    assert words(rows, "/p/c") == {"Held back"}
    assert ids(server)["/p/b"] not in comments(rows, "/p/c")
    assert len(server.store) == 2


def test_a_row_moved_to_another_customization_holds_both_back(again, server):
    rows = again(lambda page: [page.cell(4, column(page, "target_identity"), "/p/b"), page.cell(4, 4, 7)])
    assert words(rows, "/p/a") == words(rows, "/p/b") == {"Held back"}
    assert "1 row of it came from another one" in comments(rows, "/p/b")
    assert ids(server)["/p/b"] in comments(rows, "/p/b")
    assert ids(server)["/p/a"] not in comments(rows, "/p/b")


def test_beside_the_first_if_that_is_wanted(again, server):
    rows = again(lambda page: page.delete_rows(3), "--create-beside")
    assert words(rows, "/p/a") == {"Created"}
    assert words(rows, "/p/b") == {"Already created"}
    assert len(server.store) == 3


def test_what_was_held_back_keeps_id_and_key_and_is_told_the_same_again(again, capsys, tmp_path):
    rows = again(lambda page: page.delete_rows(3))
    before = {(row["Customization ID"], row["Import Key"]) for row in rows if row["target_identity"] == "/p/a"}
    newest = max(tmp_path.glob("*.xlsx"), key=lambda path: path.stat().st_mtime)
    said = Program(capsys)("import", newest, "--yes", "--output", tmp_path / "third.xlsx", "--json")
    assert said.object["row_results"] == {"Held back": 2, "Already created": 1}
    header, *lines = openpyxl.load_workbook(tmp_path / "third.xlsx")["Results"].values
    third = [dict(zip(header, line, strict=True)) for line in lines]
    assert {(row["Customization ID"], row["Import Key"]) for row in third if row["target_identity"] == "/p/a"} == before
    assert len(before) == 1


def test_a_results_csv_counts_where_the_ledger_knows_its_ids(capsys, monkeypatch, tmp_path, server):
    monkeypatch.chdir(tmp_path)
    program = Program(capsys)
    given = ["--tracker-id", server.tracker_id, "--base-url", server.url, "--ledger", tmp_path / "l.sqlite", "--json"]
    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", server.private_key)
    program("import", pins(tmp_path / "a.csv", *ROWS), "--yes", *given, "--output", tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[0].count("Import Key") == 1
    said = program("import", tmp_path / "r.csv", "--yes", *given)
    assert said.object["row_results"] == {"Already created": 4}
    text = (tmp_path / "r.csv").read_text("utf-8-sig").replace("item;/p/b", "item;/p/c")
    (tmp_path / "c.csv").write_text(text, "utf-8")
    moved = program("import", tmp_path / "c.csv", "--yes", *given)
    assert moved.object["row_results"] == {"Held back": 1, "Already created": 3}
    assert len(server.store) == 2


def test_rows_whose_ids_were_deleted_are_not_created_again_in_silence_however_often(again, server, capsys, monkeypatch):
    rows = again(lambda page: page.delete_cols(column(page, "Customization ID")))
    results = {row["Import Result"] for row in rows}
    assert results in ({"Already created"}, {"Held back"})
    if results == {"Held back"}:
        assert "Customization ID are empty" in comments(rows, "/p/a")
        assert {row["Import Key"][-1] for row in rows} == {"?"}
        latest = max(Path().glob("*.results-*.xlsx"), key=lambda path: path.stat().st_mtime_ns)
        said = Program(capsys)("import", latest, "--yes", "--json")
        assert said.object["scope_results"] == {"Held back": 2}
    assert len(server.store) == 2


def test_rows_without_id_and_key_are_created_as_the_comment_says(again, server):
    def empty(page: Worksheet) -> None:
        for header in ("Customization ID", "Import Key"):
            for row in range(2, page.max_row + 1):
                page.cell(row, column(page, header)).value = None

    rows = again(empty)
    assert {row["Import Result"] for row in rows} in ({"Already created"}, {"Created"})
