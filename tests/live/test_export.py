"""`pin-importer export`: what is live, to a file, whatever the service makes of its list."""

import csv
import gc
import io
import os
import signal
import subprocess
import sys
import time

import openpyxl
import pytest

import importer
from importer.errors import StoppedError
from importer.live import export as reading
from importer.sandbox import always, running_sandbox, scripted
from tests.driving import Program

PIN = {"position": 1, "pin_type": "item", "pin_identity": "/p/9"}


def body(target="/p/1", *pins, **more):
    found = {"model": "basket", "target_type": "item", "target_identity": target}
    return {**found, "pin_definitions": list(pins or [PIN]), **more}


@pytest.fixture
def shop():
    with running_sandbox() as found:
        yield found


@pytest.fixture
def program(capsys, monkeypatch, shop, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LUIGISBOX_BASE_URL", shop.url)
    monkeypatch.setenv("LUIGISBOX_TRACKER_ID", shop.tracker_id)
    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", shop.private_key)
    monkeypatch.setenv("PIN_IMPORTER_TIMEZONE", "Europe/Bratislava")
    return Program(capsys)


def access(shop, **more):
    return {
        "tracker_id": shop.tracker_id,
        "private_key": shop.private_key,
        "base_url": shop.url,
        "timezone": "UTC",
        **more,
    }


def rows(path):
    text = path.read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def exported(shop, tmp_path, **more):
    path = tmp_path / "live.csv"
    report = importer.run_export(path, ledger=tmp_path / "ledger.sqlite", **access(shop), **more)
    return report, rows(path)


def ids(found):
    return [row["Customization ID"] for row in found]


# ── As people meet it ───────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_with_a_row_for_each_pin_and_a_summary(program, shop, tmp_path):
    one = shop.seed(body("/p/1", PIN, PIN | {"position": 2, "active_to": "2026-12-24T22:59:59Z"}), creator="eva")
    shop.seed(body("/p/2", pin_definitions=[]), age=5)
    said = program("export", "live.xlsx")
    assert (said.code, said.err) == (0, "")
    assert "1 customization has no pins" in said.out
    assert "Exported 2 customizations in 3 rows to live.xlsx." in said.out
    book = openpyxl.load_workbook(tmp_path / "live.xlsx")
    assert book.sheetnames == ["Live", "Summary"]
    header, *lines = book["Live"].iter_rows(values_only=True)
    found = [dict(zip(header, line, strict=True)) for line in lines]
    assert [(row["target_identity"], row["position"], row["active_to"]) for row in found] == [
        ("/p/1", 1, None), ("/p/1", 2, "2026-12-24 23:59:59+01:00"), ("/p/2", None, None),
    ]  # fmt: skip
    assert (found[0]["Customization ID"], found[0]["Creator"]) == (one.id, "eva")
    facts = dict(book["Summary"].iter_rows(values_only=True))
    assert (facts["Tracker"], facts["Base URL"], facts["Customizations"], facts["Complete"]) == (
        shop.tracker_id, shop.url, 2, "yes",
    )  # fmt: skip


def test_the_json_has_its_facts(program, shop):
    shop.seed(body(colour="red", pin_definitions=[PIN | {"position": "1"}]))
    found = program("export", "live.csv", "--json").object
    assert {**found, "seconds": 0, "message": ""} == {
        "command": "export", "file": "live.csv", "customizations": 1, "rows": 1, "without_pins": 0, "odd": 1,
        "unknown_fields": {"colour": 1}, "complete": True, "requests": 2, "seconds": 0, "exit_code": 0, "message": "",
    }  # fmt: skip


def test_values_and_fields_that_a_sheet_cannot_hold_are_said(program, shop):
    shop.seed(body(colour="red", pin_definitions=[PIN | {"position": "1", "note": 1}]))
    said = program("export", "live.csv")
    assert "1 customization has values that no cell of a sheet can hold (position)." in said.err
    assert "1 customization has fields that a sheet has no column for" in said.out
    assert "colour" in said.out


def test_a_file_that_is_there_is_not_replaced_unasked(program, shop, tmp_path):
    (tmp_path / "live.csv").write_text("mine")
    assert program("export", "live.csv").code == 2
    assert (tmp_path / "live.csv").read_text() == "mine"
    assert program("export", "live.csv", "--yes").code == 0
    assert (tmp_path / "live.csv").read_text("utf-8-sig").startswith("model;")


def test_another_ending_and_a_folder_that_is_not_there_are_refused(program, tmp_path):
    assert ".xlsx or .csv" in program("export", "live.pdf").err
    said = program("export", tmp_path / "nowhere" / "live.csv")
    assert (said.code, "cannot be written" in said.err) == (2, True)


def test_a_wrong_key_writes_nothing(program, shop, monkeypatch, tmp_path):
    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", "wrong-key")
    said = program("export", "live.csv", "--json")
    assert (said.code, said.object["exit_code"], said.object["complete"]) == (3, 3, False)
    assert "private key" in said.err
    assert "wrong-key" not in said.err + said.out
    assert [*tmp_path.iterdir()] == []


def test_without_tracker_or_key_it_says_what_is_missing(program, monkeypatch):
    monkeypatch.delenv("LUIGISBOX_TRACKER_ID")
    assert (program("export", "live.csv").code, "tracker" in program("export", "live.csv").err) == (2, True)


def test_cells_that_begin_like_formulas_stay_text(shop, tmp_path):
    shop.seed(body("=1+1", PIN | {"pin_identity": "-5x"}, tags=["@home"]))
    _, (row,) = exported(shop, tmp_path)
    assert (row["target_identity"], row["pin_identity"], row["tags"]) == ("'=1+1", "'-5x", "'@home")
    report = importer.check(tmp_path / "live.csv", timezone="UTC")
    assert [name for _, _, name, _ in report.scope_list()] == ["=1+1"]


# ── Filters ─────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_fits_all_filters(shop, tmp_path):
    wanted = shop.seed(body("/p/1", tags=["a"]))
    shop.seed(body("/p/2"))
    shop.seed(body("/p/1", tags=["a"]) | {"model": "brand"})
    report, found = exported(shop, tmp_path, models=["basket", "other"], tags=["a", "b"], target_identities=["/p/1"])
    assert (ids(found), report.complete) == ([wanted.id], True)


@pytest.fixture
def many(shop, monkeypatch):
    """A shop so large that filters are worth while."""
    monkeypatch.setattr(reading, "FEW", 100)
    shop.fill(400)
    return shop


def of_model(shop, *models):
    return {record.id for record in shop.store.records() if record.model in models}


def test_in_a_large_shop_the_service_filters(many, tmp_path):
    report, found = exported(many, tmp_path, models=["test_reco"])
    assert (set(ids(found)), report.complete) == (of_model(many, "test_reco"), True)
    assert any("model=test_reco" in call.query for call in many.calls("list"))


@pytest.mark.parametrize("heard", ["ignored", "nothing", "last", "folded", "cut"])
def test_a_filter_that_is_not_heard_as_meant_loses_nothing(many, tmp_path, heard):
    many.behaviour.filters = heard
    report, found = exported(many, tmp_path, models=["basket", "favorites"])
    assert (set(ids(found)), report.complete) == (of_model(many, "basket", "favorites"), True)


def test_a_filter_that_could_not_be_tested_is_not_believed(many, tmp_path):
    many.behaviour.filters = "nothing"
    wanted = many.seed(body("/p/old"), age=10**8)
    _, found = exported(many, tmp_path, target_identities=["/p/old"])
    assert ids(found) == [wanted.id]


# ── Lists as services make them ─────────────────────────────────────────────────────────────────────────


def everything(shop):
    return {record.id for record in shop.store.records()}


@pytest.mark.parametrize(
    "behaviour",
    [{"ties": True}, {"page_cap": 7}, {"shape": "list"}, {"ignores_sort": True}, {"respells": True}, {"page_cap": 1}],
    ids=str,
)
def test_each_customization_once_however_the_list_comes(shop, tmp_path, behaviour):
    for number in range(40):
        shop.seed(body(f"/p/{number}"), age=1)
    for name, value in behaviour.items():
        setattr(shop.behaviour, name, value)
    report, found = exported(shop, tmp_path)
    assert sorted(ids(found)) == sorted(everything(shop))
    assert report.complete


def test_one_that_slips_through_between_two_pages_is_found(shop, tmp_path):
    shop.fill(250)
    shop.behaviour.loses = shop.store.records()[100].id
    report, found = exported(shop, tmp_path)
    assert len(set(ids(found))) >= 249
    assert report.complete == (set(ids(found)) == everything(shop))


@pytest.mark.parametrize("total", [3, 500])
def test_a_total_that_is_never_reached_is_said(program, shop, total):
    shop.seed(body())
    shop.behaviour.total = total
    said = program("export", "live.csv", "--json")
    assert (said.code, said.object["complete"], said.object["customizations"]) == (1, False, 1)
    assert f"there are {total}, and showed 1" in said.object["message"]


def test_the_summary_says_that_it_may_be_incomplete(shop, tmp_path):
    shop.seed(body())
    shop.behaviour.total = 3
    path = tmp_path / "live.xlsx"
    assert importer.run_export(path, ledger=tmp_path / "l.sqlite", **access(shop)).exit_code == 1
    facts = dict(openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True))
    assert facts["Complete"] == "no"
    assert "may be incomplete" in facts["Notice"]


def test_a_list_that_gives_the_first_page_for_ever_is_said(shop, tmp_path):
    shop.fill(250)
    shop.behaviour.ignores_offset = True
    report, found = exported(shop, tmp_path)
    assert (report.complete, report.exit_code, len(set(ids(found)))) == (False, 1, 100)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_list_that_breaks_off_writes_nothing(shop, tmp_path, ending):
    """Nothing is left in the folder, nor anything that Python would speak of when it tidies up."""
    shop.fill(250)
    shop.faults = scripted({2: "404"}, call="list")
    with pytest.raises(StoppedError):
        importer.run_export(tmp_path / f"live{ending}", ledger=tmp_path / "ledger.sqlite", **access(shop))
    gc.collect()
    assert [*tmp_path.iterdir()] == []


@pytest.mark.skipif(os.name != "posix", reason="a signal to another process")
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_ctrl_c_leaves_nothing_behind(shop, tmp_path, ending):
    shop.fill(300)
    shop.behaviour.latency = 0.2
    environment = os.environ | {
        "LUIGISBOX_BASE_URL": shop.url,
        "LUIGISBOX_TRACKER_ID": shop.tracker_id,
        "LUIGISBOX_PRIVATE_KEY": shop.private_key,
        "PIN_IMPORTER_LEDGER": str(tmp_path / "ledger.sqlite"),
    }
    command = [sys.executable, "-m", "importer", "export", tmp_path / f"live{ending}", "--max-rate", "2"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
        while not shop.calls("list"):
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (130, "Interrupted. Nothing was written.\n")
    assert [*tmp_path.iterdir()] == []


def test_a_service_without_a_list_is_said(shop, tmp_path):
    shop.faults = always("404", call="list")
    with pytest.raises(StoppedError, match="no list"):
        exported(shop, tmp_path)


def test_pins_that_the_list_does_not_show_are_asked_for(shop, tmp_path):
    shop.seed(body("/p/1", PIN, PIN | {"position": 2}))
    shop.behaviour.omits = ("target_metadata",)
    report, found = exported(shop, tmp_path)
    assert ([row["position"] for row in found], report.odd) == (["1", "2"], 0)
    assert "target_metadata" not in found[0]


def test_an_empty_shop_gives_the_headers(shop, tmp_path):
    report, found = exported(shop, tmp_path)
    assert (report.customizations, report.complete, found) == (0, True, [])
    assert (tmp_path / "live.csv").read_text("utf-8-sig").startswith("model;target_type")
