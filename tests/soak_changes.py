"""Kills updates and undoings at random while the server fails too, and runs them again until all is done.

    python -m tests.soak_changes [ROUNDS] [--kills N] [--lanes N] [--seed N]

Each round has a server of its own with customizations of colleagues. One command replaces some, deletes some and
creates others; it is ended by SIGKILL at random moments and run again until it ends well. Then every one must be as
ordered, and nothing may have been sent in two versions. A colleague edits or deletes some meanwhile: that must stay.
Then all runs are undone, with kills again: every customization must be, field for field, what it was in the beginning,
but for what the colleague did. Prints how many were killed and when; exits 1 at the first violation.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from importer.delivery.contents import content_of
from importer.ledger import Ledger
from importer.ledger.records import ChangeStatus
from importer.sandbox import Behaviour, Record, Sandbox, running_sandbox, seeded, together
from tests.delivery.test_kills import Forker
from tests.driving import HEADER, pins
from tests.live.changing import body, version
from tests.soak import CHANCES, OF_LISTS, ViolationError

MOST_RUNS = 20
OF_CHANGES = {
    "drop-after": 0.05, "drop-before": 0.05, "reset-after": 0.04, "500-after": 0.04, "503-before": 0.03, "200": 0.03,
    "429": 0.02, "commit-late": 0.03,
}  # fmt: skip
OF_GETS = {"503-before": 0.03, "drop-before": 0.03, "truncated": 0.02, "html-502-before": 0.02, "429": 0.02}
DONE = {"Created", "AlreadyCreated", "Replaced", "Deleted", "Unchanged"}
THEIRS = {"tags": ["theirs"]}


def content_said(made: dict[str, Any] | None) -> Any:
    """What a customization says, however the service spells it."""
    return None if made is None else (content_of(made), made.get("odd"))


class ChangeForker(Forker):
    """The process whose children change and undo."""

    module = "tests.live.forked"


class Round:
    """One server, one ledger, and what is to become of what is there."""

    def __init__(self, server: Sandbox, folder: Path, forker: Forker, dice: random.Random, name: str) -> None:
        self.server, self.folder, self.forker, self.dice, self.name = server, folder, forker, dice, name
        self.ledger = folder / "ledger.sqlite"
        self.seen = Counter(rounds=1)
        count = dice.choice([2, 6, 20])
        made = [body(f"/theirs/{n}", odd={"n": n}, target_metadata={"title": f"{n}"}) for n in range(count)]
        records = [server.seed(one, creator="jana") for one in made]
        self.whole = dice.random() < 0.5
        """Whether the whole program updates by a sheet: then it goes by what is live, a colleague's edits included."""
        self.before = {record.id: record.body for record in records}
        self.orders = [self._order(record) for record in records if dice.random() < 0.85]
        self.creates = dice.choice([0, 1, 4])
        self.edited: dict[str, dict[str, Any] | None] = {}
        """What a colleague made of a customization; `None` where it was deleted."""

    def _order(self, record: Record) -> dict[str, str]:
        kind = "replace" if self.dice.random() < 0.6 else "delete"
        wanted = json.dumps({**record.body, "tags": ["ours"]}) if kind == "replace" else ""
        return {"id": record.id, "kind": kind, "version": version(record), "body": wanted}

    def fail(self, why: str) -> ViolationError:
        return ViolationError(f"{self.name}: {why}\n{self.server.behaviour}\nkept for you: {self.folder}")

    @property
    def said(self) -> Any:
        text = (self.folder / "said.json").read_text("utf-8")
        try:
            return json.loads(text)
        except ValueError:
            raise self.fail(f"a run ended with {text}") from None

    def run(self, kills: int, **order: Any) -> int:
        """Run a command, killed so often at most, and to its end at last; its exit code, -9 where it was killed."""
        words = {"said": str(self.folder / "said.json"), **order}
        if not kills:
            return self.forker.run(self.server, self.ledger, **words)
        if self.dice.random() < 0.5:
            moments = ["after-answer", "before-commit", "after-commit"]
            words |= {"moment": self.dice.choice(moments), "at": self.dice.randint(1, 12)}
            words |= {"within": self.dice.choice([0.0, self.dice.uniform(0.0, 0.01)])}
        calls = len(self.server.log)
        child = self.forker.start(self.server, self.ledger, **words)
        if "moment" not in words:
            time.sleep(self.dice.uniform(0.0, 0.5))
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        code = self.forker.wait(child)
        what = "undo" if "run" in order else "update"
        if code == -signal.SIGKILL:
            asked = [seen.call for seen in self.server.log[calls:]]
            when = next((call for call in ("replace", "delete", "create", "get", "list") if call in asked), "nothing")
            self.seen[f"{what} killed after {when}"] += 1
        else:
            self.seen[f"{what} faster than the kill"] += 1
        return code

    # ── Update ──────────────────────────────────────────────────────────────────────────────────────────

    def update(self, kills: int) -> None:
        """The same command until all is done."""
        order: dict[str, Any] = {"changes": self.orders, "creates": self.creates}
        if self.whole and self.orders:
            order = {"file": str(self.sheet()), "output": str(self.folder / "results.csv")}
            self.seen["rounds of the whole program"] += 1
        for _ in range(kills):
            self.run(1, **order)
            self.meddle(0.0 if self.whole else 0.1)
        for _ in range(MOST_RUNS):
            self.seen["finishing runs"] += 1
            code = self.run(0, **order)
            words = self.said
            if code == 0 and set(words) <= DONE | {"HeldBack"}:
                break
        else:
            raise self.fail(f"the update never ended: {words}")
        self.judge_update()

    def sheet(self) -> Path:
        """The sheet that orders the same."""
        rows = [
            ["basket", "item", f"/p/{number}", "1", "item", "/p/pinned-1", "", ""] for number in range(self.creates)
        ]
        for order in self.orders:
            target = self.before[order["id"]]["target_identity"]
            words = ["ours", ""] if order["kind"] == "replace" else ["", "delete"]
            rows.append(["basket", "item", target, "1", "item", "/p/9", *words])
        return pins(self.folder / "pins.csv", *rows, header=[*HEADER, "tags", "Command"])

    def meddle(self, chance: float) -> None:
        """A colleague edits or deletes something, now and then."""
        if self.dice.random() >= chance or not self.orders:
            return
        time.sleep(0.3)  # what the killed one sent has arrived by now
        scope_id = self.dice.choice(self.orders)["id"]
        if self.server.store.get(scope_id) is None:
            return
        self.seen["edits of a colleague"] += 1
        if self.dice.random() < 0.3:
            self.server.store.delete(scope_id)
            self.edited[scope_id] = None
        else:
            made = {**self.before[scope_id], **THEIRS}
            self.server.store.replace(scope_id, json.dumps(made).encode(), made)
            self.edited[scope_id] = made

    def judge_update(self) -> None:
        """Everything is as ordered, or as the colleague left it; nothing was sent in two versions."""
        there = {record.id: record.body for record in self.server.store.records()}
        for order in self.orders:
            scope_id, wanted = order["id"], json.loads(order["body"]) if order["body"] else None
            expected = self.edited.get(scope_id, wanted)
            if content_said(there.get(scope_id)) != content_said(expected):
                raise self.fail(f"{order} is {there.get(scope_id)}, not {expected}")
        touched = {order["id"] for order in self.orders}
        for scope_id, made in self.before.items():
            if scope_id not in touched and content_said(there.get(scope_id)) != content_said(made):
                raise self.fail(f"{scope_id} was not ordered and is {there.get(scope_id)}")
        self.judge_created(there, {f"/p/{number}" for number in range(self.creates)})
        sent: dict[str, set[Any]] = {}
        for seen in self.server.calls("replace"):
            sent.setdefault(seen.path, set()).add(content_of(json.loads(seen.body)))
        if any(len(bodies) > 1 for bodies in sent.values()):
            raise self.fail(f"sent in two versions: {sent}")

    def judge_created(self, there: dict[str, Any], targets: set[str]) -> None:
        found = Counter(made["target_identity"] for made in there.values() if made["target_identity"].startswith("/p/"))
        if found != Counter(targets):
            raise self.fail(f"created: {found}, wanted {targets}")

    # ── Undo ────────────────────────────────────────────────────────────────────────────────────────────

    def undo(self, kills: int) -> None:
        """All runs, the last one first."""
        self.server.log.clear()
        with Ledger.open(self.ledger) as ledger:
            runs = [
                run.run
                for run in ledger.upkeep.runs()
                if ledger.changes.of_run(run.run) or ledger.changes.made_by(run.run)
            ]
        self.meddle(0.5)
        for number, run in enumerate(runs):
            self.undo_one(run, kills if number < 2 else 1, by_name=number > 0)
        self.judge_undo()

    def undo_one(self, run: int, kills: int, *, by_name: bool) -> None:
        """One run: where it is the last one it need not be named, and a killed undoing is gone on with."""
        order = {"run": run if by_name else None, "output": str(self.folder / "undo.csv")}
        for _ in range(kills):
            self.run(1, **order)
            with Ledger.open(self.ledger) as ledger:
                if any(each.finished for each in ledger.changes.taken_back(run)):
                    order["run"] = run  # the undoing is over: without its number the next one would undo that
        for _ in range(MOST_RUNS):
            self.seen["finishing runs"] += 1
            code = self.run(0, **order)
            said = self.said
            if said["run"] != run:
                raise self.fail(f"{said['run']} was undone instead of {run}")
            if code in {0, 1} and not {line[0] for line in said["lines"]} & {"Unknown", "Not sent"}:
                return
        raise self.fail(f"the undoing never ended: {code}, {said}")

    def judge_undo(self) -> None:
        """Everything is as in the beginning, or as the colleague left it."""
        there = {record.id: record.body for record in self.server.store.records()}
        for scope_id, made in self.before.items():
            expected = self.edited.get(scope_id, made)
            deleted = any(order["id"] == scope_id and order["kind"] == "delete" for order in self.orders)
            if deleted and scope_id not in self.edited:
                found = [one for one in there.values() if one["target_identity"] == made["target_identity"]]
                known = {name: value for name, value in made.items() if name != "odd"}  # a create takes no others
                if [content_said(one) for one in found] != [content_said(known)]:
                    raise self.fail(f"deleted, and now {found}, not {known}: {self.said}")
            elif content_said(there.get(scope_id)) != content_said(expected):
                raise self.fail(f"{scope_id} is {there.get(scope_id)}, not {expected}: {self.said}")
        self.judge_created(there, set())
        with Ledger.open(self.ledger) as ledger:
            left = [entry for run in ledger.upkeep.runs() for entry in ledger.changes.of_run(run.run)]
        conflicts = [
            entry.id for entry in left if entry.status is ChangeStatus.CONFLICT and entry.id not in self.edited
        ]
        unsettled = [entry.id for entry in left if entry.status in {ChangeStatus.INTENT, ChangeStatus.UNKNOWN}]
        if conflicts or unsettled:
            raise self.fail(f"conflicts {conflicts}, unsettled {unsettled}")


def soak(rounds: int, seed: int, kills: int = 8, lanes: int = 4) -> Counter[str]:
    """So many rounds, some at once; what happened, counted. Raises `ViolationError`."""

    def lane(first: int) -> Counter[str]:
        seen, forker = Counter[str](), ChangeForker()
        try:
            for number in range(first, rounds, lanes):
                dice = random.Random(f"{seed}/{number}")
                with tempfile.TemporaryDirectory() as folder:
                    seen += one_round(forker, Path(folder), dice, kills, f"seed {seed}, round {number}")
        finally:
            forker.stop()
        return seen

    with ThreadPoolExecutor(lanes) as pool:
        return sum(pool.map(lane, range(lanes)), Counter[str]())


def one_round(forker: Forker, folder: Path, dice: random.Random, kills: int, name: str) -> Counter[str]:
    """Update with kills, then undo with kills."""
    behaviour = Behaviour(
        latency=dice.choice([0.0, 0.005, 0.02]), retry_after=0.05, slow=0.05, respells=dice.random() < 0.3
    )
    dies = dice.randrange(2**32)
    faults = together(
        seeded(dies, CHANCES), seeded(dies, OF_LISTS, call="list"), seeded(dies, OF_GETS, call="get"),
        seeded(dies, OF_CHANGES, call="replace"), seeded(dies + 1, OF_CHANGES, call="delete"),
    )  # fmt: skip
    with running_sandbox(behaviour, faults) as server:
        # A list that shows nothing proves nothing about what is created again.
        for older in range(3):
            server.seed(body(f"/older/{older}"), age=3600.0 + older)
        this = Round(server, folder, forker, dice, name)
        this.update(dice.randint(1, kills))
        this.undo(dice.randint(1, max(1, kills // 2)))
        return this.seen


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", nargs="?", type=int, default=100)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--lanes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    try:
        seen = soak(given.rounds, given.seed, given.kills, given.lanes)
    except ViolationError as violation:
        sys.exit(f"VIOLATION {violation}")
    kills = sum(count for what, count in seen.items() if "killed" in what)
    print(f"{kills} killed:", ", ".join(f"{count} {what}" for what, count in sorted(seen.items())))
    print("0 lost, 0 half done, 0 done in two versions")


if __name__ == "__main__":
    main()
