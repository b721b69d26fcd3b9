"""Kills real processes while they send, while the server fails too, and runs them again until all is done.

    python -m tests.soak [ROUNDS] [--seed N]

Each round has a server of its own, with lost answers, errors and a lagging list by chance. Importers are ended by
SIGKILL at random moments; the last one may finish. Then the server must hold every scope once, and the report the
server's IDs.
The `Date` window and the settle time are shortened. Prints how many were killed; exits 1 at the first violation.
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
from collections import Counter
from pathlib import Path

from importer.sandbox import Behaviour, Sandbox, running_sandbox, seeded
from tests.delivery.test_kills import Forker

SCOPES = 30
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
    "other-id": 0.01,
}


class ViolationError(AssertionError):
    """The promise was broken: something is lost, or there twice."""


def soak(rounds: int, seed: int) -> Counter[str]:
    """So many rounds; what happened, counted. Raises `ViolationError`."""
    dice, seen = random.Random(seed), Counter[str]()
    forker = Forker()
    try:
        for number in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                seen += one_round(forker, Path(folder, "ledger.sqlite"), dice, f"seed {seed}, round {number}")
    finally:
        forker.stop()
    return seen


def one_round(forker: Forker, ledger: Path, dice: random.Random, name: str) -> Counter[str]:
    """Kill a few times, then let it finish."""
    # A list whose pages tie by chance loses rows each time it is read: that is rightly never believed, and never ends.
    ties = dice.random() < 0.3
    edge, node = dice.choice([(0.0, 0.0), (0.0, 0.0), (600.0, 0.0), (0.0, -60.0), (0.0, 60.0)])
    behaviour = Behaviour(
        latency=dice.choice([0.0, 0.005, 0.02]),
        list_lag=dice.choice([0.0, 0.2]),
        retry_after=0.05,
        slow=0.05,
        respells=dice.random() < 0.3,
        ties=ties,
        page_cap=100 if ties else dice.choice([7, 100]),
        shape=dice.choice(["paged", "bare"]),
        created_at=dice.choice(["utc", "naive", "local", "minute", "date", "12-hour"]),
        created_offset=dice.choice([0.0, -5.0, 60.0]),
        edge_offset=edge,
        list_clock_offset=node,
    )
    seen = Counter(rounds=1)
    with running_sandbox(behaviour, seeded(dice.randrange(2**32), CHANCES)) as server:
        for _ in range(dice.randint(1, 3)):
            seen[killed(forker, server, ledger, dice.uniform(0.02, 0.6))] += 1
        for _ in range(MOST_RUNS):
            seen["finished runs"] += 1
            code = forker.run(server, ledger, count=SCOPES, concurrency=4)
            if code == 0 and all(word in DONE for word, _ in report(ledger).values()):
                break
        judge_truth(server, ledger, f"{name}, {behaviour}")
    return seen


DONE = {"Created", "AlreadyCreated"}


def killed(forker: Forker, server: Sandbox, ledger: Path, after: float) -> str:
    """Start an importer and end it by SIGKILL after so many seconds."""
    child = forker.start(server, ledger, count=SCOPES, concurrency=4)
    time.sleep(after)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return "killed" if forker.wait(child) == -signal.SIGKILL else "was faster"


def report(ledger: Path) -> dict[str, list[str]]:
    """What the last run that ended says: outcome and ID by target."""
    return json.loads(Path(f"{ledger}.json").read_text("utf-8"))


def judge_truth(server: Sandbox, ledger: Path, name: str) -> None:
    """Each scope once, under the ID that the report gives."""
    truth: dict[str, list[str]] = {}
    for record in server.store.records():
        truth.setdefault(record.body["target_identity"], []).append(record.id)
    twice = [target for target, ids in truth.items() if len(ids) > 1]
    told = {target: [scope_id] for target, (word, scope_id) in report(ledger).items() if word in DONE}
    if twice or len(truth) != SCOPES or told != truth:
        raise ViolationError(
            f"{name}: twice {twice}, there {len(truth)} of {SCOPES}, told {len(told)}: {report(ledger)}"
        )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    try:
        seen = soak(given.rounds, given.seed)
    except ViolationError as violation:
        sys.exit(f"VIOLATION {violation}")
    print(", ".join(f"{count} {what}" for what, count in seen.items()), "; 0 lost, 0 twice")


if __name__ == "__main__":
    main()
