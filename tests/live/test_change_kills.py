"""Killed at every commit and answer while changing and undoing, and run again: lines 40 to 42 of the matrix."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from importer.ledger import Ledger
from importer.ledger.records import ChangeStatus
from importer.sandbox import Record, Sandbox, running_sandbox
from tests.live.changing import body, version
from tests.soak_changes import ChangeForker

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed children are forked"),
]

LANES = 3
KILLED = -9


@pytest.fixture
def forkers() -> Iterator[list[ChangeForker]]:
    made = [ChangeForker() for _ in range(LANES)]
    yield made
    for forker in made:
        forker.stop()


def orders(records: list[Record]) -> list[dict[str, Any]]:
    """The first two are to be replaced, the third deleted."""
    new = [json.dumps({**record.body, "tags": ["new"]}) for record in records[:2]]
    kinds = ["replace", "replace", "delete"]
    return [
        {"id": record.id, "kind": kind, "version": version(record), "body": made}
        for record, kind, made in zip(records, kinds, [*new, ""], strict=True)
    ]


def killed_then_run_again(forker: ChangeForker, folder: Path, moment: str, at: int) -> bool:
    """Whether the moment came at all."""
    folder.mkdir()
    ledger, said = folder / "ledger.sqlite", str(folder / "said.json")
    with running_sandbox() as server:
        records = [server.seed(body(f"/p/{number}")) for number in range(3)]
        before = {record.id: record.body for record in records}
        order = {"changes": orders(records), "creates": 0, "said": said}
        first = forker.run(server, ledger, moment=moment, at=at, **order)
        assert first in {0, KILLED}
        assert forker.run(server, ledger, **order) == 0
        changed_right(server, records, ledger)
        assert set(json.loads(Path(said).read_text("utf-8"))) <= {"Replaced", "Deleted", "Unchanged"}
        with Ledger.open(ledger) as opened:
            runs = [entry.run for entry in opened.upkeep.runs() if opened.changes.of_run(entry.run)]
        for run in runs:
            undo = {"run": run, "said": said, "output": str(folder / "undo.csv")}
            assert forker.run(server, ledger, moment=moment, at=at, **undo) in {0, 1, KILLED}
            assert forker.run(server, ledger, **undo) in {0, 2}
        deleted = records[2]
        after = {record.id: record.body for record in server.store.records()}
        assert [made for scope_id, made in after.items() if scope_id not in before] == [deleted.body]
        assert {scope_id: after[scope_id] for scope_id in before if scope_id != deleted.id} == {
            record.id: before[record.id] for record in records[:2]
        }
    return first == KILLED


def changed_right(server: Sandbox, records: list[Record], ledger: Path) -> None:
    """Each is as ordered, was sent in one version only, and the ledger has nothing open."""
    assert [record.body["tags"] for record in server.store.records()] == [["new"], ["new"]]
    sent = {(seen.path, seen.body) for seen in server.calls("replace")}
    assert len(sent) == len({path for path, _ in sent}) == 2
    with Ledger.open(ledger) as opened:
        entries = [entry for run in opened.upkeep.runs() for entry in opened.changes.of_run(run.run)]
    assert {entry.status for entry in entries} <= {ChangeStatus.DONE, ChangeStatus.NOT_DONE}
    assert {entry.id for entry in entries if entry.status is ChangeStatus.DONE} == {record.id for record in records}


@pytest.mark.parametrize("moment", ["before-commit", "after-commit", "after-answer"])
def test_lines_40_to_42_a_kill_at_every_commit_and_answer(moment, tmp_path, forkers):
    def every(lane: int) -> int:
        came = 0
        for at in range(1 + lane, 40, LANES):
            if not killed_then_run_again(forkers[lane], tmp_path / f"{moment}-{at}", moment, at):
                break
            came += 1
        return came

    with ThreadPoolExecutor(LANES) as pool:
        assert sum(pool.map(every, range(LANES))) >= 3
