"""Killed at every step, and run again: each scope is on the server once, and its ID in the report is the server's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from importer.ledger import Ledger
from importer.sandbox import Sandbox, running_sandbox

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed children are forked"),
]

ROOT = Path(__file__).parents[2]
COUNT = 4


class Forker:
    """The process that runs deliveries in children."""

    module = "tests.delivery.forked"

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        self._guard = threading.Lock()

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def run(self, server: Sandbox, ledger: Path, **order: Any) -> int:
        """One delivery; its exit code, -9 where it was killed."""
        return self.wait(self.start(server, ledger, **order))

    def start(self, server: Sandbox, ledger: Path, **order: Any) -> int:
        """Begin one delivery; the child's process ID."""
        order = {"url": server.url, "tracker_id": server.tracker_id, "key": server.private_key, **order}
        with self._guard:
            return self._ask({"ledger": str(ledger), "count": COUNT, **order})["child"]

    def wait(self, child: int) -> int:
        with self._guard:
            return self._ask({"wait": child})["exit"]

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(100)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def forkers() -> Iterator[list[Forker]]:
    made = [Forker() for _ in range(4)]
    yield made
    for forker in made:
        forker.stop()


def finished_right(server: Sandbox, ledger: Path) -> None:
    """The server's truth is the sheet's, and the report's IDs are the server's."""
    report = json.loads(Path(f"{ledger}.json").read_text("utf-8"))
    truth: dict[str, list[str]] = {f"/p/{number}": [] for number in range(COUNT)}
    for record in server.store.records():
        truth[record.body["target_identity"]].append(record.id)
    assert {target: [scope_id] for target, (_, scope_id) in report.items()} == truth
    assert {word for word, _ in report.values()} <= {"Created", "AlreadyCreated"}


def killed_then_run_again(forker: Forker, folder: Path, moment: str, at: int) -> bool:
    """Whether the moment came at all."""
    ledger = folder / f"{moment}-{at}" / "ledger.db"
    with running_sandbox() as server:
        first = forker.run(server, ledger, moment=moment, at=at)
        assert first in {0, 9}
        assert forker.run(server, ledger) == 0
        finished_right(server, ledger)
        creates = len(server.calls("create"))
        assert forker.run(server, ledger) == 0
        assert len(server.calls("create")) == creates
    return first == 9


@pytest.mark.parametrize("moment", ["before-commit", "after-commit", "after-answer"])
def test_lines_1_2_5_and_6_a_kill_at_every_commit_and_answer(moment, tmp_path, forkers):
    def every(lane: int) -> int:
        came = 0
        for at in range(1 + lane, 100, len(forkers)):
            if not killed_then_run_again(forkers[lane], tmp_path, moment, at):
                break
            came += 1
        return came

    with ThreadPoolExecutor(len(forkers)) as pool:
        assert sum(pool.map(every, range(len(forkers)))) >= COUNT


@pytest.mark.parametrize("fault", ["drop-before", None])
def test_lines_3_and_4_a_kill_while_the_server_has_the_request(fault, tmp_path, forkers):
    def at(number: int) -> None:
        ledger = tmp_path / f"{fault}-{number}" / "ledger.db"
        with running_sandbox() as server:
            known = threading.Event()
            child: list[int] = []

            def plan(arrival: Any) -> str | None:
                if arrival.call == "create" and arrival.number == number:
                    known.wait(5)
                    os.kill(child.pop(), signal.SIGKILL)
                    return fault
                return None

            server.faults = plan
            started = forkers[number - 1].start(server, ledger)
            child.append(started)
            known.set()
            assert forkers[number - 1].wait(started) == -9
            assert forkers[number - 1].run(server, ledger) == 0
            finished_right(server, ledger)

    with ThreadPoolExecutor(len(forkers)) as pool:
        list(pool.map(at, range(1, COUNT + 1)))


def test_line_27_the_lock_of_a_killed_process_is_taken_over(tmp_path, forkers):
    ledger = tmp_path / "ledger.db"
    with running_sandbox() as server:
        assert forkers[0].run(server, ledger, moment="after-answer", at=2) == 9
        with Ledger.open(ledger) as opened:
            assert opened.upkeep.runs()[0].ended is None
            assert opened.upkeep.unknown()
        assert list(tmp_path.glob("*.lock"))
        assert forkers[0].run(server, ledger) == 0
        finished_right(server, ledger)
        assert sorted(each.name for each in tmp_path.iterdir()) == ["ledger.db", "ledger.db.json"]
