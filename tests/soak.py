"""Kills real imports at random while the server fails too, and runs them again until all is done.

    python -m tests.soak [SHEETS] [--kills N] [--lanes N] [--seed N]

Each sheet has a server of its own, with lost answers, errors and a lagging list by chance. The whole program imports it
(reads, checks, sends, writes the workbook) and is ended by SIGKILL at random moments, about N times; then it is run
until it ends well. The server must hold every scope once, the workbook the server's IDs, every workbook must be whole,
and nothing may be left behind but the ledger and the workbooks.
The `Date` window and the settle time are shortened. Prints how many were killed and when; exits 1 at the first
violation.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from importer.ledger.writer import paths
from importer.sandbox import Behaviour, Sandbox, running_sandbox, seeded, together
from importer.settings import Tracker
from tests.delivery.forked import workbook_says
from tests.delivery.test_kills import Forker
from tests.driving import pin, pins

MOST_RUNS = 15
CHANCES = {
    "drop-after": 0.04,
    "drop-before": 0.04,
    "reset-after": 0.03,
    "500-after": 0.03,
    "503-before": 0.03,
    "truncated": 0.02,
    "no-id": 0.02,
    "429": 0.02,
    "commit-late": 0.02,
}

OF_NUMBERS = {"other-id": 0.02}
"""Only where IDs are counted up: a random one of someone else's that is older than the newest hundred tells nothing."""

OF_LISTS = {"503-before": 0.03, "drop-before": 0.03, "truncated": 0.02, "429": 0.02}
DONE = {"Created", "Already created"}


class ViolationError(AssertionError):
    """The promise was broken: something is lost, there twice, unfinished or left behind."""


@dataclass
class Place:
    """One sheet and all that its imports may write."""

    home: Path
    output: str
    """The name of the results, or "" for one of each run's own."""
    count: int = 0
    """How many scopes the sheet has."""

    def grow(self, more: int) -> None:
        """Add so many scopes to the sheet, which may not be there yet."""
        self.count += more
        rows = (pin(f"/p/{n}", k + 1) for n in range(self.count) for k in range(1 + n % 3))
        pins(self.kept / "pins.csv", *rows)

    @property
    def kept(self) -> Path:
        """The folder with the sheet, the ledger and the results."""
        return self.home / "kept"

    @property
    def ledger(self) -> Path:
        """The ledger."""
        return self.kept / "ledger.sqlite"

    @property
    def results(self) -> dict[Path, int]:
        """The workbooks that are there, and which file each is."""
        return {path: path.stat().st_ino for path in self.kept.glob("*.xlsx")}

    def order(self, **more: object) -> dict[str, object]:
        """The orders for the child."""
        output = {"output": str(self.kept / self.output)} if self.output else {}
        return {"file": str(self.kept / "pins.csv"), "home": str(self.home), "said": self.said, **output, **more}

    @property
    def said(self) -> str:
        """Where a run that ended says what it came to."""
        return f"{self.home}.json"


def soak(sheets: int, seed: int, kills: int = 10, lanes: int = 4) -> Counter[str]:
    """So many sheets, each killed about so often, some at once; what happened, counted. Raises `ViolationError`."""

    broken: list[ViolationError] = []

    def lane(first: int) -> Counter[str]:
        seen, forker = Counter[str](), Forker()
        try:
            for number in range(first, sheets, lanes):
                if broken:
                    break
                dice = random.Random(f"{seed}/{number}")
                with tempfile.TemporaryDirectory() as folder:
                    came = one_sheet(forker, Path(folder, "home"), dice, kills, f"seed {seed}, sheet {number}")
                    print(f"sheet {number}: {said(came)}", flush=True)
                    seen += came
        except ViolationError as violation:
            print(f"VIOLATION {violation}", flush=True)
            broken.append(violation)
        finally:
            forker.stop()
        return seen

    with ThreadPoolExecutor(lanes) as pool:
        seen = sum(pool.map(lane, range(lanes)), Counter[str]())
    if broken:
        raise broken[0]
    return seen


def said(seen: Counter[str]) -> str:
    """What happened, on one line."""
    return ", ".join(f"{what}: {count}" for what, count in sorted(seen.items()))


def one_sheet(forker: Forker, home: Path, dice: random.Random, kills: int, name: str) -> Counter[str]:
    """Kill a few times, then let it finish."""
    place = Place(home, dice.choice(["", "results.xlsx"]))
    for folder in (place.kept, home / "tmp"):
        folder.mkdir(parents=True)
    place.grow(dice.choice([1, 2, 5, 30, 30, 60]))
    behaviour = some_behaviour(dice)
    seen, dies = Counter(sheets=1), dice.randrange(2**32)
    chances = CHANCES | OF_NUMBERS if behaviour.numbered else CHANCES
    faults = together(seeded(dies, chances), seeded(dies, OF_LISTS, call="list"))
    with running_sandbox(behaviour, faults) as server:
        # Where nothing else is there, an empty list proves nothing, and a single scope ends in a question. Where pages
        # tie by chance, each that is read loses rows: that is rightly never believed, so that there is only one.
        older = 1 if behaviour.ties else dice.choice([1, 20, 150])
        for number in range(older):
            body = {"model": "basket", "target_type": "item", "target_identity": f"/older/{number}"}
            server.seed({**body, "pin_definitions": []}, age=3600.0 + older - number)
        lasts = 0.5
        for _ in range(dice.randint(1, 2 * kills - 1)):
            started = time.monotonic()
            came = killed(forker, server, place, dice, lasts, name)
            seen[came] += 1
            if not came.startswith("killed"):
                lasts = (lasts + time.monotonic() - started) / 2
                place.grow(0 if behaviour.ties and place.count > 40 else dice.choice([0, 1, 20, 40]))
        for _ in range(MOST_RUNS):
            seen["finishing runs"] += 1
            code = forker.run(server, place.ledger, **place.order())
            must_have_ended(place, name)
            if code == 0:
                break
        else:
            facts = json.loads(Path(place.said).read_text("utf-8"))
            written = workbook_says(Path(facts["results"])) if facts["results"] else {}
            left = [facts["message"], *(one for one in written.values() if one[1] not in DONE)]
            raise ViolationError(f"{name}, {behaviour}: unfinished after {MOST_RUNS} runs: {left}")
        judge_truth(server, place, f"{name}, {behaviour}")
    judge_tidiness(server, place, name)
    return seen


def some_behaviour(dice: random.Random) -> Behaviour:
    """A service as one may meet it."""
    ties = dice.random() < 0.3
    edge, node = dice.choice([(0.0, 0.0), (0.0, 0.0), (600.0, 0.0), (0.0, -60.0), (0.0, 60.0)])
    return Behaviour(
        latency=dice.choice([0.0, 0.005, 0.02, 0.05]),
        list_lag=dice.choice([0.0, 0.2]),
        retry_after=0.05,
        slow=0.05,
        numbered=dice.random() < 0.5,
        respells=dice.random() < 0.3,
        ties=ties,
        page_cap=100 if ties else dice.choice([17, 100]),
        shape=dice.choice(["paged", "list"]),
        created_at=dice.choice(["utc", "naive", "local", "minute", "date", "12-hour"]),
        created_offset=dice.choice([0.0, -5.0, 60.0]),
        edge_offset=edge,
        list_clock_offset=node,
    )


def killed(forker: Forker, server: Sandbox, place: Place, dice: random.Random, lasts: float, name: str) -> str:
    """Start an import and end it by SIGKILL; when that was, as far as what is there afterwards tells."""
    before, calls = place.results, len(server.log)
    match dice.randrange(4):
        case 0:
            more = {"moment": "after-answer", "at": dice.randint(1, 8), "within": dice.uniform(0.0, 0.02)}
        case 1:
            moment = dice.choice(["before-write", "before-rename"])
            more = {"moment": moment, "at": 1, "within": dice.choice([0.0, dice.uniform(0.0, 0.06)])}
        case _:
            more = {}
    child = forker.start(server, place.ledger, **place.order(**more))
    if not more:
        time.sleep(dice.uniform(0.0, lasts))
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    if forker.wait(child) != -signal.SIGKILL:
        must_have_ended(place, name)
        return "faster than the kill"
    if list(place.kept.glob(".*.tmp")):
        return "killed while the workbook was written"
    if place.results != before:
        return "killed after the workbook"
    asked = {seen.call for seen in server.log[calls:]}
    when = "while sending" if "create" in asked else "while reading lists" if asked else "before anything was sent"
    return f"killed {when}"


def must_have_ended(place: Place, name: str) -> None:
    """A run that was not killed came to its end by itself."""
    if not Path(place.said).exists():
        lines = Path(place.said).with_suffix(".lines").read_text("utf-8").splitlines()
        raise ViolationError(f"{name}: it did not end:\n" + "\n".join([*lines[:60], "…", *lines[-100:]]))


def judge_truth(server: Sandbox, place: Place, name: str) -> None:
    """Each scope once, under the ID that the workbook gives."""
    truth: dict[str, list[str]] = {}
    for record in server.store.records():
        if not record.body["target_identity"].startswith("/older/"):
            truth.setdefault(record.body["target_identity"], []).append(record.id)
    twice = [target for target, ids in truth.items() if len(ids) > 1]
    said = json.loads(Path(place.said).read_text("utf-8"))
    written = workbook_says(Path(said["results"]))
    right = {target: ids[0] for target, ids in truth.items()}
    ids = {target: one[0] for target, one in written.items() if one[1] in DONE}
    if twice or len(truth) != place.count or ids != right or len(written) != place.count:
        raise ViolationError(f"{name}: twice {twice}, there {len(truth)} of {place.count}: {truth}, {said}, {written}")


def judge_tidiness(server: Sandbox, place: Place, name: str) -> None:
    """Nothing is left behind, and every workbook is whole."""
    wanted = {place.kept / "pins.csv", place.ledger, *place.results}
    left = {each for each in place.home.rglob("*") if each.is_file() or each.is_symlink()} - wanted
    left |= {path for path in paths(place.ledger, Tracker(server.tracker_id, server.url)) if path.exists()}
    broken = [each.name for each in place.results if zipfile.ZipFile(each).testzip() is not None]
    if left or broken or not place.results:
        raise ViolationError(f"{name}: left behind {sorted(map(str, left))}, broken {broken}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheets", nargs="?", type=int, default=100)
    parser.add_argument("--kills", type=int, default=10, help="how often each is killed, about")
    parser.add_argument("--lanes", type=int, default=4, help="how many sheets at once")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    try:
        seen = soak(given.sheets, given.seed, given.kills, given.lanes)
    except ViolationError:
        sys.exit(1)
    print(said(seen))
    print(
        f"{sum(seen[what] for what in seen if what.startswith('killed'))} kills; 0 lost, 0 twice, 0 unfinished, "
        "nothing left behind"
    )


if __name__ == "__main__":
    main()
