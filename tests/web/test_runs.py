"""Views of runs: rehearse, import, pause, stop, results."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from importer.ledger import Ledger
from importer.web.desk import Setup
from importer.web.work import Phase
from tests.driving import HEADER, pin, pins
from tests.web.conftest import KEY, shop_of
from tests.web.site import Site, running


def many(folder: Path, count: int, name: str = "pins.csv") -> Path:
    return pins(folder / name, *(pin(f"/p/{number}") for number in range(count)))


def wait_for(true: Callable[[], object], seconds: float = 20) -> None:
    late = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < late
        time.sleep(0.01)


def begun(shop: Site, folder: Path, count: int = 40) -> str:
    """An import that is under way."""
    address = shop.drop(many(folder, count))
    run = shop.post(f"{address}/import", count=str(count)).to
    wait_for(lambda: shop.desk.run is not None and shop.desk.run.progress.done >= 3)
    return run


def test_a_rehearsal_creates_everything_in_a_stand_in(shop, server, tmp_path):
    address = shop.drop(many(tmp_path, 3))
    run = shop.post(f"{address}/rehearse").to
    shop.settle()
    text = shop.get(run).text
    assert "All 3 rows are created." in text
    assert "This was a rehearsal" in text
    assert not server.calls("create")
    assert not (tmp_path / "ledger.sqlite").exists()


def test_an_import_asks_for_the_number_and_creates(shop, server, tmp_path):
    address = shop.drop(many(tmp_path, 3))
    question = shop.get(f"{address}/import").text
    assert "Type 3 to confirm" in question
    assert server.tracker_id in question
    wrong = shop.post(f"{address}/import", count="30")
    assert (wrong.status, "Type 3 to import; another number was typed." in wrong.text) == (422, True)
    assert not server.calls("create")
    run = shop.post(f"{address}/import", count="3").to
    shop.settle()
    assert "All 3 rows are created." in shop.get(run).text
    assert len(server.calls("create")) == 3
    book = openpyxl.load_workbook(io.BytesIO(shop.get(f"{run}/results.xlsx").body))
    assert [row[6] for row in book["Results"].iter_rows(min_row=2, values_only=True)] == ["Created"] * 3


def test_what_was_created_is_skipped_the_next_time(shop, server, tmp_path):
    address = shop.drop(many(tmp_path, 3))
    shop.post(f"{address}/import", count="3")
    shop.settle()
    shop.get(address)
    shop.settle()
    assert "All 3 rows were created before" in shop.get(address).text
    assert "There is nothing to send." in shop.get(f"{address}/import").text


def test_without_a_shop_nothing_can_be_imported(site, tmp_path):
    address = site.drop(many(tmp_path, 1))
    assert "pin-importer web --tracker-id" in site.get(f"{address}/import").text
    assert site.post(f"{address}/import", count="1").to == f"{address}/import"
    assert not site.desk.runs


def test_a_shop_without_a_key_can_be_rehearsed_only(server, tmp_path):
    from dataclasses import replace  # noqa: PLC0415

    shop = replace(shop_of(server), has_key=False)
    with running(Setup([shop], {"ledger": tmp_path / "ledger.sqlite"})) as site:
        address = site.drop(many(tmp_path, 1))
        assert "start the page again with the private key" in site.get(address).text
        assert site.post(f"{address}/import", count="1").to == f"{address}/import"
        assert not site.desk.runs


def live(target: str, product: str) -> dict[str, object]:
    """A customization as the shop has it."""
    pins = [{"position": 1, "pin_type": "item", "pin_identity": product}]
    return {"model": "basket", "target_type": "item", "target_identity": target, "pin_definitions": pins}


def test_what_is_live_is_held_back_and_changed_when_asked(shop, server, tmp_path):
    old, same = server.seed(live("/p/0", "/p/old")), server.seed(live("/p/1", "/p/9"))
    rows = [pin(f"/p/{number}", 1, "/p/9", "{}") for number in range(3)]
    address = shop.drop(pins(tmp_path / "pins.csv", *rows, header=[*HEADER, "target_metadata"]))
    text = shop.get(f"{address}?show=all").text
    assert "1 of 3 rows is ready to send" in text
    assert old.id in text
    shop.post(f"{address}/options", update="on")
    shop.settle()
    text = shop.get(address).text
    assert "1 to create 1 to replace 1 unchanged" in text, text.split("Results")[1][:900]
    assert "/p/old" in text
    question = shop.get(f"{address}/import").text
    assert "Type 2 to confirm" in question
    assert "1 replaced and 0 deleted" in question
    run = shop.post(f"{address}/import", count="2").to
    shop.settle()
    text = shop.get(run).text
    assert "Replaced 1" in text
    assert "Created 1" in text
    kept = server.store.get(old.id)
    assert kept is not None
    assert kept.body["pin_definitions"][0]["pin_identity"] == "/p/9"
    assert server.store.get(same.id) is not None
    assert len(server.store.records()) == 3


def test_options_that_exclude_one_another_are_a_sentence(shop, tmp_path):
    address = shop.drop(many(tmp_path, 1))
    shop.post(f"{address}/options", update="on", again="on")
    shop.settle()
    assert "--again" in shop.get(address).text


def test_pause_go_on_stop(shop, server, tmp_path):
    server.behaviour.latency = 0.05
    run = begun(shop, tmp_path, 80)
    assert shop.post(f"{run}/pause").to == run
    text = shop.get(run).text
    assert "Paused." in text
    time.sleep(0.4)
    before = len(server.calls("create"))
    time.sleep(0.4)
    assert len(server.calls("create")) == before
    shop.post(f"{run}/resume")
    wait_for(lambda: len(server.calls("create")) > before)
    shop.post(f"{run}/stop")
    shop.settle()
    text = shop.get(run).text
    assert "Interrupted. What was sent is recorded." in text
    assert "Check it again and go on" in text
    assert len(server.calls("create")) < 80


def test_a_stopped_run_goes_on_and_creates_nothing_twice(shop, server, tmp_path):
    server.behaviour.latency = 0.05
    run = begun(shop, tmp_path)
    shop.post(f"{run}/stop")
    shop.settle()
    address = f"/sheets/{shop.desk.sheet.number if shop.desk.sheet else 0}"
    shop.get(address)
    shop.settle()
    assert shop.desk.sheet is not None
    assert shop.desk.sheet.report is not None
    left = shop.desk.sheet.report.scope_results
    again = shop.post(f"{address}/import", count=str(sum(left.values()) - left.get("Already created", 0))).to
    shop.settle()
    assert "All 40 rows are created" in shop.get(again).text
    targets = [record.body["target_identity"] for record in server.store.records()]
    assert sorted(targets) == sorted(set(targets))


def test_a_second_import_leads_to_the_one_under_way(shop, server, tmp_path):
    server.behaviour.latency = 0.05
    run = begun(shop, tmp_path)
    assert shop.post("/sheets/1/import", count="40").to == run
    assert shop.post("/sheets/1/rehearse").to == run
    assert len(shop.desk.runs) == 1


def test_another_number_than_was_shown_sends_nothing(shop, server, tmp_path, setup):
    """Two tabs, two programs: what was checked is not what is due any more."""
    import importer  # noqa: PLC0415

    address = shop.drop(many(tmp_path, 3))
    place = {**setup.shops[0].options, **setup.options}
    importer.run_import(many(tmp_path, 1, "other.csv"), output=tmp_path / "other.xlsx", **place)
    run = shop.post(f"{address}/import", count="3").to
    shop.settle()
    text = shop.get(run).text
    assert "number of customizations that are ready has changed" in text
    assert len(server.calls("create")) == 1


def test_a_second_program_has_the_ledger(shop, setup, server, tmp_path):
    from importer.settings import Tracker  # noqa: PLC0415

    address = shop.drop(many(tmp_path, 1))
    with Ledger.open(setup.options["ledger"]) as ledger, ledger.claim(Tracker(server.tracker_id, server.url)):
        run = shop.post(f"{address}/import", count="1").to
        shop.settle()
        assert "Another import to this tracker is running" in shop.get(run).text
    assert not server.calls("create")


def test_a_wrong_key_ends_the_run_before_the_first_create(server, tmp_path):
    with running(Setup([shop_of(server, "wrong")], {"ledger": tmp_path / "ledger.sqlite"})) as site:
        address = site.drop(many(tmp_path, 2))
        run = site.post(f"{address}/import", count="2").to
        site.settle()
        assert "did not accept the signature" in site.get(run).text
    assert not server.store.records()


def test_a_service_that_is_down_ends_in_a_sentence(setup, tmp_path, server):
    from dataclasses import replace  # noqa: PLC0415

    gone = {**setup.shops[0].options, "base_url": "http://127.0.0.1:9"}
    with running(replace(setup, shops=[replace(setup.shops[0], options=gone)])) as site:
        address = site.drop(many(tmp_path, 1))
        run = site.post(f"{address}/import", count="1").to
        site.settle()
        assert "could not be reached" in site.get(run).text


def test_throttling_is_said_while_it_lasts(shop, server, tmp_path):
    server.behaviour.rate_limit = 5
    run = begun(shop, tmp_path, 12)
    shop.settle()
    text = shop.get(run).text
    assert "All 12 rows are created." in text
    assert "asked to send more slowly" in text


def test_progress_is_pushed_and_ends_with_the_run(shop, server, tmp_path):
    server.behaviour.latency = 0.03
    run = begun(shop, tmp_path)
    stream = shop.get(f"{run}/events?phase=sending")
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    events = [part.split("\n", 1)[0] for part in stream.body.decode().split("\n\n") if part.startswith("event")]
    assert "event: progress" in events
    assert events[-1] == "event: phase"
    assert "data: done" in stream.body.decode()
    assert shop.get(f"{run}/events?phase=done").body == b"event: phase\ndata: done\n\n"


def test_the_oldest_of_many_tabs_rests_for_a_newer_one(shop, server, tmp_path):
    import http.client  # noqa: PLC0415

    server.behaviour.latency = 0.05
    run = begun(shop, tmp_path)
    tabs = [http.client.HTTPConnection("127.0.0.1", shop.gate.port) for _ in range(5)]
    streams = []
    for tab in tabs:
        tab.request("GET", f"{run}/events?phase=sending", headers=shop.cookie)
        streams.append(tab.getresponse())
    assert streams[0].read().endswith(b"event: rest\ndata: \n\n")
    assert streams[-1].read().endswith(b"event: phase\ndata: done\n\n")
    for tab in tabs:
        tab.close()


def test_many_tabs_may_look_and_go(shop, server, tmp_path):
    server.behaviour.latency = 0.03
    run = begun(shop, tmp_path)
    import http.client  # noqa: PLC0415

    for _ in range(5):
        tab = http.client.HTTPConnection("127.0.0.1", shop.gate.port)
        tab.request("GET", f"{run}/events", headers=shop.cookie)
        tab.getresponse().read(10)
        tab.close()
    shop.settle()
    assert "All 40 rows are created." in shop.get(run).text


def test_the_key_is_in_no_answer_no_log_and_no_file(shop, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    address = shop.drop(many(tmp_path, 2))
    run = shop.post(f"{address}/import", count="2").to
    answers = [shop.get(f"{run}/events")]
    shop.settle()
    paths = ("/", address, f"{address}/import", run, f"{run}/results.xlsx", "/past", "/nothing", "/open")
    answers += map(shop.get, paths)
    said = [answer.body + str(answer.headers).encode() for answer in answers]
    files = [file.read_bytes() for file in shop.desk.folder.path.rglob("*") if file.is_file()]
    files += [file.read_bytes() for file in tmp_path.iterdir() if file.is_file()]
    assert not [text for text in (*said, *files) if KEY.encode() in text]
    assert KEY not in caplog.text + "".join(capfd.readouterr())


def test_results_that_nobody_downloaded_are_kept(setup, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with running(setup) as site:
        address = site.drop(many(tmp_path, 1))
        site.post(f"{address}/rehearse")
        site.settle()
        site.post(f"{address}/import", count="1")
        site.settle()
    [kept] = tmp_path.glob("pins.results-*.xlsx")
    assert openpyxl.load_workbook(kept)["Results"]["G2"].value == "Created"


def test_past_runs_are_shown_and_what_broke_off_is_said(shop, setup, server, tmp_path):
    from importer.settings import Tracker  # noqa: PLC0415

    assert "Nothing is remembered yet" in shop.get("/past").text
    address = shop.drop(many(tmp_path, 2))
    shop.post(f"{address}/import", count="2")
    shop.settle()
    assert "pins.csv" in shop.get("/past").text
    assert "did not finish" not in shop.get("/").text
    with Ledger.open(setup.options["ledger"]) as ledger:
        ledger.begin(Tracker(server.tracker_id, server.url), file="killed.csv", sha256="", again=False, now=time.time())
    text = shop.get("/").text
    assert "An import did not finish" in text
    assert "killed.csv" in text
    assert "drop the same file again" in text


def test_a_damaged_ledger_is_a_sentence(setup, tmp_path):
    (tmp_path / "ledger.sqlite").write_bytes(b"no ledger" * 999)
    with running(setup) as site:
        assert "is damaged or is no ledger" in site.get("/past").text
        assert site.get("/").status == 200


def test_ctrl_c_stops_a_run_in_good_order(shop, server, tmp_path):
    import asyncio  # noqa: PLC0415

    from importer.web.server import _interrupted  # noqa: PLC0415

    server.behaviour.latency = 0.05
    run = begun(shop, tmp_path)
    lines: list[str] = []

    async def interrupted() -> None:
        _interrupted(shop.desk, asyncio.Event(), lines.append)

    asyncio.run_coroutine_threadsafe(interrupted(), shop.loop).result()
    shop.settle()
    assert "stopped in good order first" in lines[0]
    assert shop.desk.run is not None
    assert shop.desk.run.phase is Phase.DONE
    assert "Interrupted." in shop.get(run).text
