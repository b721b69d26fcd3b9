"""Taking runs back, as a person does: by the command line, against the stand-in."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.ledger import Ledger
from importer.ledger.records import ChangeStatus
from importer.sandbox import Sandbox, always, running_sandbox, scripted
from importer.settings import Tracker
from tests.delivery.shop import Shop
from tests.driving import Program, Said, pin, pins
from tests.live.changing import body, change, deleting, replacing
from tests.pages import ROOT, blocks


class Desk:
    """One person's computer: a server, a ledger, a folder, and the program."""

    def __init__(self, server: Sandbox, folder: Path, program: Program) -> None:
        self.server, self.folder, self._program = server, folder, program
        self.ledger = folder / "ledger.sqlite"
        self.shop = Shop(server, self.ledger)

    def __call__(self, *words: object) -> Said:
        return self._program(*words, "--ledger", self.ledger)

    def imported(self, *targets: str, **cells: Any) -> Said:
        said = self("import", pins(self.folder / "a.csv", *(pin(target, **cells) for target in targets)), "--yes")
        assert said.code == 0, said.err
        return said

    def undo(self, *words: object) -> Said:
        return self("undo", "--yes", "--json", "--output", self.folder / "undo.csv", *words)

    def report(self) -> list[dict[str, str]]:
        with (self.folder / "undo.csv").open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream, delimiter=";"))

    def truth(self) -> list[dict[str, Any]]:
        return sorted(self.server.store.bodies(), key=lambda one: str(one["target_identity"]))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    with running_sandbox() as server:
        monkeypatch.setenv("LUIGISBOX_TRACKER_ID", server.tracker_id)
        monkeypatch.setenv("LUIGISBOX_BASE_URL", server.url)
        monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", server.private_key)
        yield Desk(server, tmp_path, Program(capsys))


def test_what_was_created_is_gone_again_and_the_same_sheet_creates_it_anew(desk):
    desk.imported("/p/1", "/p/2", "/p/3")
    said = desk.undo()
    assert said.code == 0
    assert list(said.object) == list(json.loads(blocks(ROOT / "importer" / "cli" / "README.md", "json")[1]))
    assert said.object["undo_results"] == {"Undone": 3}
    assert (said.object["run"], said.object["undo_run"], said.object["scopes"]) == (1, 2, 3)
    assert said.object["message"] == "Run 1 is undone: 3 undone."
    assert desk.truth() == []
    assert [(row["The Run"], row["Undo Result"], row["ID Now"]) for row in desk.report()] == [
        ("Created", "Undone", "")
    ] * 3
    desk.imported("/p/1", "/p/2", "/p/3")
    assert len(desk.truth()) == 3


def test_an_undoing_is_undone_and_that_again(desk):
    desk.imported("/p/1", "/p/2")
    before = desk.truth()
    ids = {record.id for record in desk.server.store.records()}
    assert desk.undo().object["run"] == 1
    back = desk.undo()
    assert (back.code, back.object["run"], back.object["undo_run"]) == (0, 2, 3)
    assert desk.truth() == before
    assert not ids & {record.id for record in desk.server.store.records()}
    assert {row["ID Now"] for row in desk.report()} == {record.id for record in desk.server.store.records()}
    assert desk.undo().object["run"] == 3
    assert desk.truth() == []


def test_export_update_undo_gives_byte_for_byte_what_was_there(desk):
    seeded = [
        desk.server.seed(body("/p/1", odd=[1, {"b": None}])), desk.server.seed(body("/p/2")),
        desk.server.seed(body("/p/3")),
    ]  # fmt: skip
    before = {record.id: record.body for record in desk.server.store.records()}
    one, two, three = seeded
    assert change(desk.shop, replacing(one, 0), replacing(two, 1), deleting(three, 2)).words[2] == "Deleted"
    said = desk.undo()
    assert said.object["undo_results"] == {"Undone": 3}
    after = {record.id: record.body for record in desk.server.store.records()}
    assert after.pop(next(row["ID Now"] for row in desk.report() if row["The Run"] == "Deleted")) == before.pop(
        three.id
    )
    assert after == before


def test_what_was_edited_since_and_what_is_gone_are_kept_and_said(desk):
    desk.imported("/p/1", "/p/2", "/p/3")
    edited, gone, _ = desk.server.store.records()
    desk.server.store.replace(edited.id, json.dumps(body("/p/1", tags=["theirs"])).encode(), body("/p/1", ["theirs"]))
    desk.server.store.delete(gone.id)
    said = desk.undo()
    assert said.code == 1
    assert said.object["undo_results"] == {"Undone": 1, "Kept": 2}
    comments = {row["Customization ID"]: row["Comment"] for row in desk.report() if row["Undo Result"] == "Kept"}
    assert "not as the run left it" in comments[edited.id]
    assert "tags" in comments[edited.id]
    assert "not in Luigi's Box any more" in comments[gone.id]
    assert [record.id for record in desk.server.store.records()] == [edited.id]


def test_what_a_later_run_changed_is_undone_first(desk):
    desk.imported("/p/1")
    (one,) = desk.server.store.records()
    assert change(desk.shop, replacing(one)).words == ["Replaced"]
    assert desk.undo(1).object["undo_results"] == {"Kept": 1}
    last = desk.undo()
    assert last.object["run"] == 2, "an undoing that changed nothing is not the last that changed something"
    assert last.object["undo_results"] == {"Undone": 1}
    assert desk.undo(1).object["undo_results"] == {"Undone": 1}
    assert desk.truth() == []


def test_what_was_adopted_is_listed_by_itself(desk):
    desk.server.faults = scripted({2: "drop-after"})
    desk.imported("/p/1", "/p/2", "/p/3")
    desk.server.faults = lambda _: None
    shown = desk("undo")
    assert shown.code == 2
    assert "2 customizations created, to be deleted" in shown.out
    assert "1 customization whose answer was lost" in shown.out
    said = desk.undo()
    assert (said.code, said.object["undo_results"], said.object["adopted"]) == (1, {"Undone": 2, "Kept": 1}, 1)
    assert len(desk.truth()) == 1
    again = desk.undo(1)
    assert (again.code, again.object["undo_results"], again.object["undo_run"]) == (1, {"Undone": 2, "Kept": 1}, None)
    assert "1 customization" in again.object["message"]
    assert "--include-adopted" in again.object["message"]
    assert desk.undo(1, "--include-adopted").object["undo_results"] == {"Undone": 3}
    assert desk.truth() == []


def test_without_a_terminal_it_shows_what_it_would_do_and_does_nothing(desk):
    desk.imported("/p/1")
    said = desk("undo")
    assert said.code == 2
    assert "1 customization created, to be deleted" in said.out
    assert "--yes" in said.err
    assert len(desk.truth()) == 1
    said = desk("undo", "--json")
    assert said.object["exit_code"] == said.code == 2


@pytest.mark.parametrize("words", [(), ("7",)])
def test_where_there_is_nothing_to_undo_that_is_said(desk, words):
    said = desk.undo(*words)
    assert said.code == 2
    assert "rehearsal" in said.err
    desk.imported("/p/1")
    assert desk.undo("7").code == 2


def test_a_run_of_another_tracker_is_not_touched(desk, monkeypatch):
    desk.imported("/p/1")
    monkeypatch.setenv("LUIGISBOX_TRACKER_ID", "other")
    assert desk.undo("1").code == 2
    assert desk.undo().code == 2
    assert len(desk.truth()) == 1


def test_what_was_undone_before_is_not_undone_twice(desk):
    desk.imported("/p/1")
    desk.undo("1")
    calls = len(desk.server.log)
    said = desk.undo("1")
    assert (said.code, said.object["undo_results"]) == (0, {"Undone": 1})
    assert "nothing left to undo" in said.object["message"]
    assert said.object["results"] is None
    assert len(desk.server.log) == calls


def test_what_was_deleted_comes_back_once_however_often_it_is_asked_for(desk):
    record = desk.server.seed(body("/p/1"))
    change(desk.shop, deleting(record))
    for _ in range(3):
        assert desk.undo("1").object["undo_results"] == {"Undone": 1}
    assert len(desk.truth()) == 1


def stopped_in_the_middle(desk: Desk) -> Said:
    """An undoing in which the server does not answer any more after some deletions."""
    desk.server.faults = lambda arrival: "401" if arrival.call == "delete" and arrival.number > 2 else None
    said = desk.undo("--concurrency", "1")
    desk.server.faults = lambda _: None
    return said


def test_an_undoing_that_was_ended_is_continued_by_the_same_command(desk):
    desk.imported(*(f"/p/{number}" for number in range(6)))
    said = stopped_in_the_middle(desk)
    assert said.code == 3
    assert said.object["undo_results"] == {"Undone": 2, "Failed": 1, "Not sent": 3}
    again = desk.undo()
    assert (again.code, again.object["run"], again.object["undo_run"]) == (0, 1, 2), "the same undoing, not its undoing"
    assert again.object["undo_results"] == {"Undone": 6}
    assert desk.truth() == []
    assert desk.undo().object["run"] == 2
    assert len(desk.truth()) == 6


def test_earlier_runs_of_the_same_file_are_named(desk):
    desk.server.faults = lambda arrival: "401" if arrival.call == "create" and arrival.number > 1 else None
    file = pins(desk.folder / "a.csv", pin("/p/1"), pin("/p/2"))
    assert desk("import", file, "--yes", "--concurrency", "1").code == 3
    desk.server.faults = lambda _: None
    assert desk("import", file, "--yes").code == 0
    assert "pin-importer undo 1." in desk("undo").out
    desk.undo()
    assert desk.undo("1").object["undo_results"] == {"Undone": 1}
    assert desk.truth() == []
    assert "pin-importer undo 1" not in desk("undo", "2").out


def test_the_ledger_counts_what_was_changed(desk):
    records = [desk.server.seed(body(f"/p/{number}")) for number in range(3)]
    change(desk.shop, replacing(records[0], 0), deleting(records[1], 1), deleting(records[2], 2))
    (run,) = desk("ledger", "--json").object["runs"]
    assert (run["created"], run["replaced"], run["deleted"], run["unknown"]) == (0, 1, 2, 0)


def test_a_deletion_without_an_answer_is_unknown_and_the_same_command_finds_out(desk):
    desk.imported("/p/1")
    desk.server.faults = always("drop-before", call="delete")
    said = desk.undo()
    assert (said.code, said.object["undo_results"]) == (4, {"Unknown": 1})
    assert "undoes nothing twice" in said.object["message"]
    with Ledger.open(desk.ledger) as ledger:
        tracker_number = ledger.number_of(Tracker(desk.server.tracker_id, desk.server.url))
        assert {entry.status for entry in ledger.changes.unsettled(tracker_number or 0)} == {ChangeStatus.UNKNOWN}
    desk.server.faults = lambda _: None
    assert desk.undo().object["undo_results"] == {"Undone": 1}


def test_creating_again_without_an_answer_is_looked_for_in_the_list(desk):
    records = [desk.server.seed(body(f"/p/{number}")) for number in range(4)]
    change(desk.shop, *(deleting(record, number) for number, record in enumerate(records)))
    desk.server.faults = scripted({1: "drop-after", 3: "500-before"})
    said = desk.undo("--settle-time", "0.2")
    assert said.object["undo_results"] == {"Undone": 4}
    assert len(desk.truth()) == 4


def test_a_wrong_key_undoes_nothing(desk, monkeypatch):
    desk.imported("/p/1", "/p/2")
    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", "wrong")
    said = desk.undo()
    assert said.code == 3
    assert len(desk.truth()) == 2
    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", desk.server.private_key)
    assert desk.undo().object["undo_results"] == {"Undone": 2}


def test_the_report_as_a_workbook(desk, monkeypatch):
    desk.imported("/p/1", "/p/2")
    monkeypatch.chdir(desk.folder)
    said = desk("undo", "--yes")
    assert said.code == 0
    (path,) = desk.folder.glob("undo-1.results-*.xlsx")
    assert path.name in said.out
    assert "pin-importer undo 2" in said.out
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Undo", "Summary"]
    rows = list(book["Undo"].iter_rows(values_only=True))
    assert [row[6] for row in rows] == ["Undo Result", "Undone", "Undone"]
    facts = dict(book["Summary"].iter_rows(min_row=2, values_only=True))
    assert (facts["Run that was undone"], facts["Customizations: Undone"]) == (1, 2)


def test_the_ledger_lists_it_as_a_run(desk):
    desk.imported("/p/1")
    desk.undo()
    undone, undoing = reversed(desk("ledger").out.splitlines()[-2:])
    assert undone.endswith("(taken back by run 2)")
    assert undoing.endswith("undo of run 1")
    assert [run["undoes"] for run in desk("ledger", "--json").object["runs"]] == [1, None]


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("typed", "left"), [("2", 0), ("1", 2), ("", 2)])
def test_a_person_types_the_number_once(desk, typed, left):
    from tests.terminal import converse  # noqa: PLC0415 - posix only

    desk.imported("/p/1", "/p/2")
    words = ["undo", "--ledger", str(desk.ledger), "--output", str(desk.folder / "u.csv")]
    code, screen = converse([sys.executable, "-m", "importer", *words], [("Type 2 to undo them", typed)], {})
    assert code == (1 if left else 0), screen
    assert screen.count("Type 2 to undo them") == 1
    assert len(desk.truth()) == left
