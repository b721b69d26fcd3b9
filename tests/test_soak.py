"""Real SIGKILLs of real processes while they send: a CI step of its own (`pytest -m soak`)."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from importer.sandbox import Behaviour, running_sandbox
from tests import soak_changes
from tests.driving import pin, pins
from tests.soak import soak

pytestmark = [pytest.mark.soak, pytest.mark.skipif(not hasattr(os, "fork"), reason="SIGKILL"), pytest.mark.timeout(300)]


def test_nothing_is_lost_and_nothing_is_there_twice_after_kills_and_faults():
    seen = soak(8, random.randrange(2**32), kills=4)
    assert sum(seen[what] for what in seen if what.startswith("killed")) >= 8


def test_nothing_is_lost_half_done_or_done_in_two_versions_after_kills_while_changing_and_undoing():
    seen = soak_changes.soak(4, random.randrange(2**32), kills=3)
    assert sum(seen[what] for what in seen if "killed" in what) >= 3


def surroundings(server, folder):
    return {
        **os.environ,
        "LUIGISBOX_BASE_URL": server.url,
        "LUIGISBOX_TRACKER_ID": server.tracker_id,
        "LUIGISBOX_PRIVATE_KEY": server.private_key,
        "PIN_IMPORTER_LEDGER": str(folder / "ledger.sqlite"),
    }


def importing(file):
    return [sys.executable, "-m", "importer", "import", str(file), "--yes", "--json", "--settle-time", "1"]


def test_the_program_itself_is_killed_and_the_same_command_finishes(tmp_path):
    """With the real `Date` window: the last run waits for it."""
    file = pins(tmp_path / "a.csv", *(pin(f"/p/{number}") for number in range(150)))
    with running_sandbox(Behaviour(latency=0.05)) as server:
        environment = surroundings(server, tmp_path)
        command = importing(file)
        for _ in range(3):
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            before = len(server.store)
            while len(server.store) < min(before + 20, 150) and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.wait()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        assert json.loads(done.stdout)["scope_results"].keys() <= {"Created", "Already created"}
        targets = [record.target_identity for record in server.store.records()]
    assert len(targets) == len(set(targets)) == 150


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from importer.cli import main
main()
"""


def test_a_drive_that_takes_no_more_ends_the_run_in_words_and_the_same_command_finishes(tmp_path):
    """The system refuses every file larger than 200 kB: the ledger's, in mid-run."""
    file = pins(tmp_path / "a.csv", *(pin(f"/p/{number}") for number in range(2000)))
    with running_sandbox() as server:
        environment = surroundings(server, tmp_path)
        whole = importing(file)
        limited = [sys.executable, "-c", LIMITED, *whole[3:]]
        first = subprocess.run(limited, env=environment, capture_output=True, text=True, check=False)
        assert first.returncode == 3, first.stderr
        assert "Traceback" not in first.stderr
        assert "cannot be written, perhaps because the disk is full" in json.loads(first.stdout)["message"]
        assert 0 < len(server.store) < 2000
        again = subprocess.run(whole, env=environment, capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stdout
        targets = [record.target_identity for record in server.store.records()]
    assert len(targets) == len(set(targets)) == 2000


def test_each_of_some_writes_that_fail_is_survived():
    """`python -m tests.write_faults` tries every one."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.write_faults", "--every", "9", "--sample"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 or "No C compiler" in done.stderr, done.stdout + done.stderr
