"""Views of past runs: a run is taken back, and that can be taken back too."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl

from tests.driving import pin, pins
from tests.web.site import Site, running


def imported(shop: Site, folder: Path, count: int = 3) -> str:
    """A run that created so many; its address."""
    address = shop.drop(pins(folder / "pins.csv", *(pin(f"/p/{number}") for number in range(count))))
    run = shop.post(f"{address}/import", count=str(count)).to
    shop.settle()
    return run


def test_a_run_is_shown_then_undone_then_done_again(shop, server, tmp_path):
    run = imported(shop, tmp_path)
    assert "Undo this import" in shop.get(run).text
    assert b"/past/1/undo?shop=my%20shop" in shop.get("/past").body
    question = shop.get("/past/last/undo?shop=my%20shop").text
    assert "3 customizations created, to be deleted" in question
    wrong = shop.post("/past/1/undo?shop=my%20shop", count="4")
    assert (wrong.status, "Nothing was done." in wrong.text) == (422, True)
    assert len(server.store.records()) == 3
    undoing = shop.post("/past/1/undo?shop=my%20shop", count="3").to
    shop.settle()
    text = shop.get(undoing).text
    assert "Run 1 is undone: 3 undone." in text
    assert not server.store.records()
    book = openpyxl.load_workbook(io.BytesIO(shop.get(f"{undoing}/results.xlsx").body))
    assert "Undo" in book.sheetnames
    again = shop.post("/past/2/undo?shop=my%20shop", count="3").to
    shop.settle()
    assert "Run 2 is undone" in shop.get(again).text
    assert len(server.store.records()) == 3


def test_what_was_edited_since_is_kept_and_said(shop, server, tmp_path):
    imported(shop, tmp_path)
    record = server.store.records()[0]
    theirs = {**record.body, "tags": ["theirs"]}
    server.store.replace(record.id, json.dumps(theirs).encode(), theirs)
    undoing = shop.post("/past/last/undo?shop=my%20shop", count="3").to
    shop.settle()
    text = shop.get(undoing).text
    assert "2 undone, 1 kept" in text
    assert "It is not as the run left it any more" in text
    assert [each.id for each in server.store.records()] == [record.id]


def test_there_is_nothing_to_undo_without_a_run_or_a_key(site, shop):
    assert "There is no run to undo" in shop.get("/past/last/undo?shop=my%20shop").text
    assert shop.get("/past/last/undo?shop=other").status == 404
    assert site.get("/past/1/undo").status == 404
    assert site.post("/past/1/undo?shop=my%20shop", count="1").status == 404


def test_the_undoing_of_another_tab_is_not_repeated(shop, server, tmp_path):
    imported(shop, tmp_path)
    shop.post("/past/1/undo?shop=my%20shop", count="3")
    shop.settle()
    answer = shop.post("/past/1/undo?shop=my%20shop", count="3")
    assert answer.status == 422
    assert "There is nothing left to undo" in answer.text
    assert len([run for run in shop.desk.runs.values() if run.name]) == 2


def test_a_second_start_undoes_what_the_first_one_did(setup, server, tmp_path):
    with running(setup) as first:
        imported(first, tmp_path)
    with running(setup) as second:
        undoing = second.post("/past/1/undo?shop=my%20shop", count="3").to
        second.settle()
        assert "Run 1 is undone" in second.get(undoing).text
    assert not server.store.records()
