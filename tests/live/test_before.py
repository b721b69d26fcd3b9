"""The look before sending, as people meet it: two computers, colleagues, results that come back, odd services."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import importer
from importer.delivery import Hooks
from importer.ledger import Ledger, LedgerStatus
from importer.model import AlreadyCreated, Created, HeldBack, Outcome
from importer.reporting import Report
from importer.sandbox import Sandbox, always, running_sandbox, scripted
from importer.settings import Tracker
from tests.driving import pin, pins

QUICK = {"settle_time": 0.3, "timeout": 2.0}


@dataclass
class Office:
    """A shop's service, and computers of its people: each has a ledger of its own."""

    server: Sandbox
    folder: Path
    waits: list[str] = field(default_factory=list)

    def given(self, computer: str, **options: Any) -> dict[str, Any]:
        usual = {"tracker_id": self.server.tracker_id, "base_url": self.server.url}
        key = {"private_key": self.server.private_key, "ledger": self.folder / f"{computer}.sqlite"}
        return {**usual, **key, **QUICK, **options}

    def sends(self, file: Path, computer: str = "a", **options: Any) -> Report:
        looking = Hooks(waits=self.waits.append, jitter=lambda: 0.0)
        output = options.pop("output", self.folder / "results.xlsx")
        return importer.run_import(file, looking=looking, **self.given(computer, output=output, **options))

    def checks(self, file: Path, computer: str = "a", **options: Any) -> Report:
        return importer.check(file, **self.given(computer, **options))

    def sheet(self, *targets: str, product: str = "/p/9") -> Path:
        return pins(self.folder / "pins.csv", *(pin(target, product=product) for target in targets))

    def seed(self, target: str, product: str = "/p/9", creator: str = "jana@shop.example", **pin: Any) -> str:
        fields = {"position": 1, "pin_type": "item", "pin_identity": product, **pin}
        body = {"model": "basket", "target_type": "item", "target_identity": target, "pin_definitions": [fields]}
        return self.server.seed(body, age=86_400.0, creator=creator).id

    def entries(self, computer: str = "a") -> list[Any]:
        with Ledger.open(self.folder / f"{computer}.sqlite") as ledger:
            tracker_number = ledger.number_of(Tracker(self.server.tracker_id, self.server.url))
            assert tracker_number is not None
            return list(ledger.of_ids(tracker_number, ledger.claimed(tracker_number)).values())

    @property
    def creates(self) -> int:
        return len(self.server.calls("create"))


def only(report: Report) -> Outcome:
    """The one outcome of a run."""
    (found,) = report.scope_list()
    return found[3]


def results(report: Report) -> dict[str, int]:
    return {str(word): count for word, count in report.scope_results.items()}


def codes(report: Report) -> set[str]:
    return {notice.code for notice in report.notices}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with running_sandbox() as server:
        yield Office(server, tmp_path)


# ── Whoever made it ─────────────────────────────────────────────────────────────────────────────────────


def test_the_same_sheet_on_a_second_computer_creates_nothing(office):
    sheet = office.sheet(*(f"/p/{number}" for number in range(45)))
    assert results(office.sends(sheet, "a")) == {"Created": 45}
    report = office.sends(sheet, "b")
    assert (results(report), report.exit_code, office.creates) == ({"Already created": 45}, 0, 45)
    assert "look-found" in codes(report)
    mine = {entry.id: entry.status for entry in office.entries("a")}
    theirs = {entry.id: entry.status for entry in office.entries("b")}
    assert mine.keys() == theirs.keys()
    assert set(mine.values()) == {LedgerStatus.CREATED}
    assert set(theirs.values()) == {LedgerStatus.FOUND}


def test_what_was_found_belongs_to_no_run(office):
    office.seed("/p/1")
    office.sends(office.sheet("/p/1"))
    assert [entry.run for entry in office.entries()] == [0]
    with Ledger.open(office.folder / "a.sqlite") as ledger:
        tracker_number = ledger.number_of(Tracker(office.server.tracker_id, office.server.url))
        assert tracker_number is not None
        assert [run.created for run in ledger.upkeep.runs()] == [0]
        assert ledger.changes.last_run(tracker_number) is None, "there is nothing to take back"


def test_a_colleagues_equal_one_counts_with_its_id_creator_and_date(office):
    theirs = office.seed("/p/1")
    report = office.sends(office.sheet("/p/1"))
    outcome = only(report)
    assert isinstance(outcome, AlreadyCreated)
    assert (outcome.id, outcome.found, outcome.creator, office.creates) == (theirs, True, "jana@shop.example", 0)
    assert outcome.since is not None
    assert report.results is not None
    row = dict(zip(*(tuple(cell.value for cell in row) for row in _first_rows(report.results)), strict=True))
    assert row["Customization ID"] == theirs
    assert row["Import Comment"].startswith("Live already: made by jana@shop.example on 20")


def _first_rows(path: str) -> list[Any]:
    book = openpyxl.load_workbook(path)
    return list(book["Results"].iter_rows(min_row=1, max_row=2))


def _ids(office: Office, report: Report) -> tuple[dict[str, str], dict[str, str]]:
    """The IDs that a run gives its targets, and those that they have."""
    reported = {name: end.id for *_, name, end in report.scope_list() if isinstance(end, Created | AlreadyCreated)}
    there = {record.target_identity or "": record.id for record in office.server.store.records()}
    return reported, {name: there[name] for name in reported}


def test_an_answer_with_an_id_that_the_look_saw_gives_no_row_a_foreign_id(office):
    office.server.fill(250)
    office.server.faults = scripted({2: "other-id"})
    reported, there = _ids(office, office.sends(office.sheet("/new/1", "/new/2", "/new/3")))
    assert reported == there
    assert len(reported) == 3


def test_a_foreign_id_that_nothing_tells_from_a_new_one_is_put_right_by_a_later_look(office):
    office.server.fill(250)
    office.server.faults = scripted({2: "other-id"})
    sheet = office.sheet("/new/1", "/new/2", "/new/3")
    reported, there = _ids(office, office.sends(sheet, no_look=True))
    assert [name for name in reported if reported[name] != there[name]] == ["/new/2"]
    with Ledger.open(office.folder / "a.sqlite") as ledger:
        ledger._db.execute("UPDATE scopes SET since = since - 100000")
    reported, there = _ids(office, office.sends(sheet))
    assert reported == there
    assert office.creates == 3


def test_another_one_is_held_back_with_three_ways_on(office):
    theirs = office.seed("/p/1", product="/p/77")
    report = office.sends(office.sheet("/p/1", "/p/2"))
    assert (results(report), report.exit_code, office.creates) == ({"Created": 1, "Held back": 1}, 1, 1)
    held = next(found for *_, found in report.scope_list() if isinstance(found, HeldBack))
    assert f"ID {theirs}, made by jana@shop.example on 20" in held.comment
    assert "--update" in held.comment
    assert "--create-beside" in held.comment
    assert held.id == theirs


def test_several_others_are_all_named(office):
    ids = [office.seed("/p/1", product=f"/p/{number}") for number in range(70, 73)]
    held = only(office.sends(office.sheet("/p/1")))
    assert isinstance(held, HeldBack)
    assert all(each in held.comment for each in ids)


def test_one_that_is_over_is_only_said(office):
    theirs = office.seed("/p/1", product="/p/77", active_to="2020-01-31T23:59:59+01:00")
    report = office.sends(office.sheet("/p/1"))
    assert (results(report), report.exit_code) == ({"Created": 1}, 0)
    said = next(notice.text for notice in report.notices if notice.code == "look-over")
    assert theirs in said


def test_beside_on_purpose_is_said_before_and_after(office):
    theirs = office.seed("/p/1", product="/p/77")
    report = office.sends(office.sheet("/p/1"), create_beside=True)
    assert (results(report), report.warnings) == ({"Created": 1}, 1)
    said = next(notice for notice in report.notices if notice.code == "look-beside")
    assert (said.severity, theirs in said.text) == ("warning", True)
    created = only(report)
    assert theirs in getattr(created, "warning", "")
    again = office.sends(office.sheet("/p/1"), create_beside=True)
    assert (results(again), office.creates) == ({"Already created": 1}, 1), "what this computer made is not made again"


@pytest.mark.parametrize("wish", ["again", "create_beside"])
def test_people_may_want_the_same_once_more(office, wish):
    office.seed("/p/1")
    report = office.sends(office.sheet("/p/1"), **{wish: True})
    assert (results(report), office.creates) == ({"Created": 1}, 1)
    assert "look-beside" in codes(report)


def test_without_looking(office):
    office.seed("/p/1", product="/p/77")
    report = office.sends(office.sheet("/p/1"), no_look=True)
    assert (results(report), report.requests) == ({"Created": 1}, len(office.server.log))
    assert len(office.server.calls("list")) == 2, "the baseline, and where it ends"


def test_a_found_one_that_was_changed_since_is_held_back_and_one_that_is_gone_is_not(office):
    theirs = office.seed("/p/1")
    office.sends(office.sheet("/p/1"))
    other = office.sheet("/p/1", product="/p/77")
    assert results(office.sends(other, no_look=True)) == {"Held back": 1}, "the ledger remembers what was found"
    assert results(office.sends(other)) == {"Held back": 1}
    office.server.store.delete(theirs)
    assert results(office.sends(other, no_look=True)) == {"Held back": 1}
    assert results(office.sends(other)) == {"Created": 1}


def test_a_changed_scope_that_people_changed_in_the_app_as_told_is_there(office):
    office.sends(office.sheet("/p/1"))
    changed = office.sheet("/p/1", product="/p/77")
    assert results(office.sends(changed)) == {"Held back": 1}
    office.server.store.delete(office.server.store.records()[0].id)
    theirs = office.seed("/p/1", product="/p/77")
    outcome = only(office.sends(changed))
    assert isinstance(outcome, AlreadyCreated)
    assert outcome.id == theirs


# ── Results that come back ──────────────────────────────────────────────────────────────────────────────


def sent_back(office: Office, sheet: Path) -> Path:
    """The results of the first computer, on another one."""
    book = office.folder / "back.xlsx"
    office.sends(sheet, "a", output=book)
    return book


def test_results_are_confirmed_on_another_computer(office):
    book = sent_back(office, office.sheet("/p/1", "/p/2"))
    report = office.sends(book, "b")
    assert (results(report), office.creates) == ({"Already created": 2}, 2)
    assert {entry.status for entry in office.entries("b")} == {LedgerStatus.FOUND}


def test_results_that_someone_deleted_are_not_made_again_unasked(office):
    book = sent_back(office, office.sheet("/p/1"))
    office.server.store.delete(office.server.store.records()[0].id)
    held = only(office.sends(book, "b"))
    assert isinstance(held, HeldBack)
    assert "someone deleted it" in held.comment
    assert office.creates == 1


def test_results_that_someone_changed_say_so(office):
    book = sent_back(office, office.sheet("/p/1"))
    record = office.server.store.records()[0]
    changed = {**record.body, "tags": ["changed"]}
    office.server.store.replace(record.id, json.dumps(changed).encode(), changed)
    outcome = only(office.sends(book, "b"))
    assert isinstance(outcome, AlreadyCreated)
    assert "someone changed it" in outcome.warning


def test_an_id_without_a_key_is_settled_by_what_is_live(office):
    theirs = office.seed("/p/1")
    header = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity", "Customization ID"]
    equal = pins(office.folder / "ids.csv", pin("/p/1", 1, "/p/9", theirs), header=header)
    assert results(office.sends(equal)) == {"Already created": 1}
    other = pins(office.folder / "ids.csv", pin("/p/1", 1, "/p/77", theirs), header=header)
    held = only(office.sends(other, "b"))
    assert isinstance(held, HeldBack)
    assert "live with other content" in held.comment


def test_unknown_rows_of_another_computer_are_settled_by_what_is_live(office):
    office.server.faults = scripted({1: "drop-after", 2: "drop-before"})
    office.server.behaviour.empty = True
    book = office.folder / "unknown.xlsx"
    sheet = office.sheet("/p/1")
    assert results(office.sends(sheet, "a", output=book)) == {"Unknown": 1}
    assert results(office.sends(book, "b")) == {"Held back": 1}, "nothing shows what became of it"
    office.server.behaviour.empty = False
    assert results(office.sends(book, "b")) == {"Already created": 1}
    assert len(office.server.store) == 1


def test_what_this_computer_does_not_know_the_fate_of_stays_the_deliverys(office):
    office.server.faults = scripted({1: "drop-after"})
    office.server.behaviour.empty = True
    assert results(office.sends(office.sheet("/p/1"))) == {"Unknown": 1}
    office.server.behaviour.empty = False
    report = office.sends(office.sheet("/p/1"))
    assert len(office.server.store) == 1
    assert results(report).keys() <= {"Created", "Already created"}
    assert [entry.status for entry in office.entries()] == [LedgerStatus.CREATED]


def test_what_was_created_long_ago_is_confirmed_without_a_get(office):
    office.sends(office.sheet("/p/1", "/p/2"))
    with Ledger.open(office.folder / "a.sqlite") as ledger:
        ledger._db.execute("UPDATE scopes SET since = since - 100000")
    assert results(office.sends(office.sheet("/p/1", "/p/2"))) == {"Already created": 2}
    assert not office.server.calls("get")


# ── Before the first create ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("options", "stop"),
    [
        ({"private_key": "wrong"}, "signature"),
        ({"base_url": "http://127.0.0.1:1"}, "could not be reached"),
        ({"tracker_id": "9999-9999"}, "does not know the tracker 9999-9999"),
    ],
)
def test_what_keeps_everything_from_going_costs_no_create_and_no_question(office, options, stop):
    asked: list[object] = []

    def confirm(run: object) -> bool:
        asked.append(run)
        return True

    given = office.given("a", output=office.folder / "results.xlsx", **options)
    report = importer.run_import(
        office.sheet("/p/1", "/p/2"), confirm=confirm, looking=Hooks(jitter=lambda: 0.0), **given
    )
    assert (results(report), report.exit_code, office.creates) == ({"Not sent": 2}, 3, 0)
    assert stop in report.message
    assert not asked
    assert "wrong" not in report.message


def test_a_tracker_that_seems_not_to_be_there_may_be_sent_to_all_the_same(office):
    given = office.given("a", output=office.folder / "results.xlsx", tracker_id="9999-9999", no_look=True)
    assert importer.run_import(office.sheet("/p/1"), **given).exit_code == 3
    assert office.creates == 1, "then a create finds out"


def test_a_wrong_clock_is_corrected_before_anything_is_sent(office):
    office.server.behaviour.clock_offset = 300.0
    report = office.sends(office.sheet("/p/1", "/p/2"))
    assert results(report) == {"Created": 2}
    assert "clock" in codes(report)


def test_ctrl_c_while_looking_ends_it_before_anything_is_sent(office):
    office.server.behaviour.latency = 20.0

    def interrupt() -> None:
        while not office.server.log:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    began = time.monotonic()
    report = office.sends(office.sheet("/p/1"), timeout=60.0)
    assert (results(report), report.exit_code, office.creates) == ({"Not sent": 1}, 130, 0)
    assert time.monotonic() - began < 15, "it does not wait for an answer that changes nothing"


def test_what_is_live_is_on_the_screen_before_the_question(office):
    office.seed("/p/1", product="/p/77")
    shown: list[Any] = []

    def confirm(run: Any) -> bool:
        shown.append(run)
        return False

    report = importer.run_import(office.sheet("/p/1", "/p/2"), confirm=confirm, **office.given("a"))
    assert office.creates == 0
    assert [type(found).__name__ for found in shown[0].plan.outcomes.values()] == ["HeldBack"]
    assert list(shown[0].plan.due) == [1]
    assert report.requests == len(office.server.log)


def test_requests_are_counted(office):
    report = office.sends(office.sheet(*(f"/p/{number}" for number in range(30))))
    assert report.requests == len(office.server.log) <= 30 + 3


def test_nothing_to_send_and_nothing_to_confirm_is_not_looked_at(office):
    sheet = office.sheet("/p/1")
    office.sends(sheet)
    before = len(office.server.log)
    assert results(office.sends(sheet)) == {"Already created": 1}
    assert len(office.server.log) == before


# ── Checking ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_check_with_a_key_says_what_is_live_and_writes_nothing(office):
    office.seed("/p/1")
    office.seed("/p/2", product="/p/77")
    report = office.checks(office.sheet("/p/1", "/p/2", "/p/3"))
    assert results(report) == {"Already created": 1, "Held back": 1, "Ready": 1}
    assert (report.exit_code, report.requests) == (1, len(office.server.log))
    assert not (office.folder / "a.sqlite").exists()


def test_a_check_without_a_key_asks_nobody(office):
    office.seed("/p/1")
    report = office.checks(office.sheet("/p/1"), private_key=None)
    assert (results(report), len(office.server.log)) == ({"Ready": 1}, 0)
    assert results(office.checks(office.sheet("/p/1"), no_look=True)) == {"Ready": 1}
    assert not office.server.log


def test_a_check_that_is_not_let_in_says_so_and_goes_on(office):
    report = office.checks(office.sheet("/p/1"), private_key="wrong")
    assert (results(report), report.exit_code) == ({"Ready": 1}, 0)
    said = next(notice for notice in report.notices if notice.code == "look-denied")
    assert said.severity == "warning"
    assert "signature" in said.text


# ── Services that are odd ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", ["404", "405", "500-before", "hang-before"])
def test_a_service_without_a_usable_list_is_said_in_one_line(office, fault):
    office.server.faults = always(fault, call="list")
    report = office.sends(office.sheet("/p/1"), timeout=0.5)
    assert results(report) == {"Created": 1}
    lines = [notice.code for notice in report.notices if notice.code.startswith("look-")]
    assert lines == ["look-no-list" if fault in {"404", "405"} else "look-unreadable"]


def test_a_service_that_respells_content_is_understood(office):
    office.server.behaviour.respells = True
    sheet = office.sheet("/p/1", "/p/2")
    office.sends(sheet, "a")
    assert results(office.sends(sheet, "b")) == {"Already created": 2}


def test_a_service_that_does_not_show_metadata_is_understood(office):
    header = [
        "model",
        "target_type",
        "target_identity",
        "position",
        "pin_type",
        "pin_identity",
        "target_metadata.title",
    ]
    sheet = pins(office.folder / "meta.csv", pin("/p/1", 1, "/p/9", "Ring"), header=header)
    office.sends(sheet, "a")
    office.server.behaviour.omits = ("target_metadata",)
    assert results(office.sends(sheet, "b")) == {"Already created": 1}


def test_a_list_that_leaves_out_the_pins_is_completed_by_gets(office):
    sheet = office.sheet("/p/1", "/p/2")
    office.sends(sheet, "a")
    office.server.behaviour.list_omits = ("pin_definitions", "creator")
    assert results(office.sends(sheet, "b")) == {"Already created": 2}
    assert len(office.server.calls("get")) == 2


@pytest.mark.parametrize("field", ["model", "target_type", "target_identity"])
def test_a_list_that_does_not_say_what_anything_is_for_is_none(office, field):
    office.seed("/p/1", product="/p/77")
    office.server.behaviour.list_omits = (field,)
    report = office.sends(office.sheet("/p/1"))
    assert results(report) == {"Created": 1}
    assert "look-no-list" in codes(report)


def test_a_service_that_refuses_every_reading_is_said_and_ends(office):
    office.server.faults = always("429", call="list")
    report = office.sends(office.sheet("/p/1"))
    assert results(report) == {"Created": 1}
    assert "look-unreadable" in codes(report)
    assert len(office.server.calls("list")) <= 50


def test_a_list_that_lags_creates_what_it_does_not_show_and_no_more(office):
    """As without a look: what nobody shows cannot be known. The own ledger is not fooled."""
    sheet = office.sheet("/p/1")
    office.sends(sheet, "a")
    office.server.behaviour.frozen_at = 0.0
    assert results(office.sends(sheet, "a")) == {"Already created": 1}
    assert office.creates == 1
