"""Lets the n-th write, sync or rename of an import fail, for every n, and runs the same command again.

    python -m tests.write_faults [--from N] [--every K] [--sample]

Needs Linux and a C compiler. The ledger, the file of IDs that it could not take and the results are written below one
folder, in which the n-th call fails: once, or all from there on; as on a full disk or a broken one. Three ways, of
which each n is tried in one half, the next n in the other:

    kept        in the folder of the ledger and the results alone
    everywhere  at home, among temporary files and in the working folder too
    rescued     everywhere, in a run after one whose ledger failed in mid-run, so that IDs wait in a file

After each run every ID that the server gave must be somewhere; then the same command must finish: each scope once on
the server, its ID in the results, nothing left behind. With `--sample` each n is tried in one way, in turn.
Prints how many were tried; exits 1 at the first violation.
"""

import argparse
import contextlib
import ctypes
import errno
import functools
import io
import itertools
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from importer import options
from importer.checking import check
from importer.cli import run as program
from importer.delivery import run_delivery
from importer.ledger.writer import paths
from importer.pipeline import run_import
from importer.reporting import write_results
from importer.settings import SendOptions, Tracker
from tests.driving import pin, pins
from tests.servers.process import Remote, sandbox_process

SCOPES = 5
ERRORS = (errno.ENOSPC, errno.EIO)
SHIM = Path(__file__).with_suffix(".c")
FOR_EVER = 1 << 30
MID_RUN = 0.6
"""The share of a run's calls after which the ledger fails, so that there are IDs that it cannot take."""

WAYS = ("kept", "everywhere", "rescued")
LOADED = (run_import, run_delivery, write_results, check)
"""What a forked child need not load."""

ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class ViolationError(AssertionError):
    """The promise was broken."""


class Failing(NamedTuple):
    """Which calls of a run fail, and how."""

    way: str = "kept"
    number: int = 0
    """The first one; 0 for none."""
    error: int = 0
    more: int = 0
    """How many after it."""


UNDISTURBED = Failing()


def compiled(folder: Path) -> Path | None:
    """The shim as a library; `None` where none can be made."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        return None
    made = folder / "write_faults.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(SHIM), "-ldl"]
    return made if subprocess.run(command, capture_output=True, check=False).returncode == 0 else None


def run(folder: Path, remote: Remote, failing: Failing = UNDISTURBED) -> dict[str, Any]:
    """One import in a forked child; what it said, its exit code, and how many calls there were."""
    said = folder.with_suffix(".json")
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return json.loads(said.read_text("utf-8")) | {"status": os.waitstatus_to_exitcode(status)}
    code = 70
    try:
        os.chdir(folder)
        tempfile.tempdir = str(folder / "tmp")
        os.environ["HOME"] = str(folder / "home")
        options.SendOptions = functools.partial(SendOptions, date_window=0.2)  # type: ignore[misc,assignment]
        shim = ctypes.CDLL(None)
        below = folder / "kept" if failing.way == "kept" else folder
        shim.fault_arm(str(below).encode(), ctypes.c_long(failing.number), failing.error, ctypes.c_long(failing.more))
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as err:
            code = program(
                ["import", str(folder / "pins.csv"), "--yes", "--json", "--tracker-id", remote.tracker_id,
                 "--base-url", remote.url, "--private-key-file", str(folder / "key"), "--settle-time", "0.2",
                 "--timezone", "UTC", "--ledger", str(folder / "kept" / "ledger.sqlite"),
                 "--output", str(folder / "kept" / "results.xlsx")]
            )  # fmt: skip
        facts = {"calls": shim.fault_seen(), "said": json.loads(out.getvalue() or "{}"), "err": err.getvalue()}
        shim.fault_arm(b"", ctypes.c_long(0), 0, ctypes.c_long(0))
        said.write_text(json.dumps(facts), "utf-8")
    finally:
        os._exit(code)


def prepared(folder: Path, remote: Remote) -> None:
    """A sheet, a key and empty folders."""
    for each in ("kept", "tmp", "home"):
        (folder / each).mkdir(parents=True)
    (folder / "key").write_text(remote.private_key, "utf-8")
    (folder / "key").chmod(0o600)
    pins(folder / "pins.csv", *(pin(f"/{folder.name}/{n}") for n in range(SCOPES)))


def truth(folder: Path, remote: Remote) -> dict[str, list[str]]:
    """The server's IDs by target."""
    found: dict[str, list[str]] = {}
    for scope in remote.store()["scopes"]:
        if scope["body"]["target_identity"].startswith(f"/{folder.name}/"):
            found.setdefault(scope["body"]["target_identity"], []).append(scope["id"])
    return found


def rescue_files(folder: Path, remote: Remote) -> list[Path]:
    """Where IDs wait that the ledger could not take; only shared memory is outside of the folder."""
    beside, *_, shared = paths(folder / "kept" / "ledger.sqlite", Tracker(remote.tracker_id, remote.url))
    return [*folder.rglob(beside.name), shared]


def kept(folder: Path, remote: Remote, said: str) -> set[str]:
    """Every ID that is somewhere: in the ledger, in a file of rescued ones, in results, on the screen."""
    texts = [said.encode()]
    rescued = [path for path in rescue_files(folder, remote) if path.exists()]
    texts += [path.read_bytes() for path in rescued]
    for path in folder.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            texts += [book.read(name) for name in book.namelist()]
    with tempfile.TemporaryDirectory() as scratch:
        for path in (folder / "kept").glob("ledger.sqlite*"):
            shutil.copy(path, scratch)
        with (
            contextlib.closing(sqlite3.connect(Path(scratch, "ledger.sqlite"))) as db,
            contextlib.suppress(sqlite3.Error),
        ):
            texts += [row[0].encode() for row in db.execute("SELECT id FROM scopes WHERE id IS NOT NULL")]
    return {found.decode() for text in texts for found in ID.findall(text)}


def one(folder: Path, remote: Remote, failing: Failing, calls: int) -> Counter[str]:
    """Fail, then run again; what happened, counted. `calls` is how many a run makes in which none fails."""
    prepared(folder, remote)
    name = f"{failing}, {'from there on' if failing.more else 'once'}"
    runs = []
    if failing.way == "rescued":
        runs.append(Failing("kept", int(calls * MID_RUN), errno.ENOSPC, FOR_EVER))
    first = {"status": 0}
    for each in [*runs, failing]:
        first = run(folder, remote, each)
        if first["status"] not in {0, 1, 3, 4} or "Traceback" in first["err"] or "went wrong inside" in first["err"]:
            raise ViolationError(f"{name}: {first}")
        lost = {i for ids in truth(folder, remote).values() for i in ids} - kept(folder, remote, str(first))
        if lost:
            raise ViolationError(f"{name}: IDs that are nowhere: {lost}: {first}")
    last = first
    for _ in range(3):
        last = run(folder, remote)
        if last["status"] == 0:
            break
    found = truth(folder, remote)
    allowed = {"pins.csv", "key", "ledger.sqlite"}
    left = [
        each for each in folder.rglob("*") if each.is_file() and each.name not in allowed and each.suffix != ".xlsx"
    ]
    left += [path for path in rescue_files(folder, remote) if path.exists()]
    with zipfile.ZipFile(folder / "kept" / "results.xlsx") as book:
        told = {one.decode() for one in ID.findall(b"".join(book.read(name) for name in book.namelist()))}
    right = last["status"] == 0 and len(found) == SCOPES and all(len(ids) == 1 for ids in found.values())
    if not right or left or told != {ids[0] for ids in found.values()}:
        raise ViolationError(f"{name}: {found}, left {left}: {first} {last}")
    shutil.rmtree(folder)
    return Counter({"runs with failing calls": 1, f"ended with {first['status']}": 1})


def tried(step: int, begin: int, *, sample: bool) -> Iterator[Failing]:
    """Which calls fail, without an end; a full disk and a broken one in turn."""
    every = [Failing(way, 0, 0, more) for more in (0, FOR_EVER) for way in WAYS]
    turns = itertools.cycle(every)
    for number in itertools.count(begin, step):
        for each in [next(turns)] if sample else every[number % 2 :: 2]:
            yield each._replace(number=number, error=ERRORS[number // step % len(ERRORS)])


def attempt_all(step: int, begin: int, *, sample: bool) -> Counter[str]:
    """Each n in steps, until a run has no n-th call. Only where the shim is loaded."""
    seen = Counter[str]()
    with tempfile.TemporaryDirectory() as scratch, sandbox_process() as remote:
        # With nothing else there, an empty list proves nothing.
        for name in ("older", "undisturbed"):
            folder = Path(scratch, name)
            prepared(folder, remote)
            calls = run(folder, remote, Failing("everywhere"))["calls"]
        seen["calls of a run"] = calls
        for number, failing in enumerate(tried(step, begin, sample=sample)):
            if failing.number > calls + 5:
                break
            seen += one(Path(scratch, str(number)), remote, failing, calls)
            if number % 20 == 0:
                print(f"call {failing.number} of {calls}", flush=True)
    return seen


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", type=int, default=1, dest="begin")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--sample", action="store_true", help="one way for each call")
    parser.add_argument("--library", type=Path, help="the shim; made if left out")
    given = parser.parse_args()
    if given.library is None:
        with tempfile.TemporaryDirectory() as scratch:
            library = compiled(Path(scratch))
            if library is None:
                sys.exit("No C compiler, or not Linux: nothing was tried.")
            command = [sys.executable, "-m", "tests.write_faults", *sys.argv[1:], "--library", str(library)]
            sys.exit(subprocess.run(command, env={**os.environ, "LD_PRELOAD": str(library)}, check=False).returncode)
    os.environ.pop("LD_PRELOAD", None)
    try:
        seen = attempt_all(given.every, given.begin, sample=given.sample)
    except ViolationError as violation:
        sys.exit(f"VIOLATION {violation}")
    print(", ".join(f"{what}: {count}" for what, count in sorted(seen.items())))
    print("0 lost, 0 twice, nothing left behind")


if __name__ == "__main__":
    main()
