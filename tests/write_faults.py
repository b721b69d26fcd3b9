"""Lets the n-th write, sync or rename of a run fail, for every n, and runs the same command again.

    python -m tests.write_faults [--from N] [--every K]

Needs Linux and a C compiler. The ledger, the fallback file and the results are below one folder, in which the n-th call
fails: once, or all from there on. Then the same command must finish: each scope once on the server, the IDs in the
results, no temporary file left. Prints how many calls were tried; exits 1 at the first violation.
"""

import argparse
import contextlib
import ctypes
import errno
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from importer.cli import run as program
from importer.delivery import run_delivery
from importer.pipeline import run_import
from importer.sandbox.process import Remote, sandbox_process
from tests.driving import pin, pins

SCOPES = 5
ERRORS = (errno.ENOSPC, errno.EIO)
SHIM = Path(__file__).with_suffix(".c")
FOR_EVER = 1 << 30
LOADED = (run_import, run_delivery)
"""What a forked child need not load."""


class ViolationError(AssertionError):
    """The promise was broken."""


def compiled(folder: Path) -> Path | None:
    """The shim as a library; `None` where none can be made."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        return None
    made = folder / "write_faults.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(SHIM), "-ldl"]
    return made if subprocess.run(command, capture_output=True, check=False).returncode == 0 else None


def run(folder: Path, remote: Remote, number: int = 0, error: int = 0, more: int = 0) -> dict:
    """One import in a forked child, whose n-th call fails; what it said, and how many calls there were."""
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
        shim = ctypes.CDLL(None)
        shim.fault_arm(str(folder / "kept").encode(), ctypes.c_long(number), error, ctypes.c_long(more))
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


def one(remote: Remote, base: Path, number: int, error: int, more: int) -> Counter[str]:
    """Fail at the n-th call, then run again; what happened, counted."""
    name = f"call {number}, {errno.errorcode[error]}, {'from there on' if more else 'once'}"
    folder = base / f"{number}-{error}-{more}"
    for each in ("kept", "tmp", "home"):
        (folder / each).mkdir(parents=True)
    (folder / "key").write_text(remote.private_key, "utf-8")
    (folder / "key").chmod(0o600)
    pins(folder / "pins.csv", *(pin(f"/{folder.name}/{n}") for n in range(SCOPES)))
    first = run(folder, remote, number, error, more)
    if first["status"] not in {0, 1, 3, 4} or "Traceback" in first["err"] or "inside" in first["err"]:
        raise ViolationError(f"{name}: {first}")
    last = first
    for _ in range(3):
        last = run(folder, remote)
        if last["status"] == 0:
            break
    truth = [s["id"] for s in remote.store()["scopes"] if s["body"]["target_identity"].startswith(f"/{folder.name}/")]
    left = [each.name for each in (folder / "kept").iterdir() if each.suffix == ".tmp"]
    if last["status"] != 0 or len(truth) != SCOPES or left:
        raise ViolationError(f"{name}: {len(truth)} of {SCOPES}, left {left}: {first} {last}")
    shutil.rmtree(folder)
    return Counter({"calls tried": 1, f"first run ended with {first['status']}": 1})


def every(step: int, begin: int, limit: int = 10_000) -> Counter[str]:
    """Each n in steps, until a run has no n-th call. Only where the shim is loaded."""
    seen = Counter[str]()
    with tempfile.TemporaryDirectory() as scratch, sandbox_process() as remote:
        ways = [(error, more) for error in ERRORS for more in (0, FOR_EVER)]
        for number, (error, more) in zip(itertools.count(begin, step), itertools.cycle(ways), strict=False):
            if number >= limit:
                break
            folder = Path(scratch, str(number))
            folder.mkdir()
            seen += (found := one(remote, folder, number, error, more))
            if found["first run ended with 0"] and number > calls(remote, Path(scratch)):
                break
    return seen


def calls(remote: Remote, base: Path) -> int:
    """How many calls a run makes in which none fails."""
    folder = base / "undisturbed"
    for each in ("kept", "tmp", "home"):
        (folder / each).mkdir(parents=True, exist_ok=True)
    (folder / "key").write_text(remote.private_key, "utf-8")
    pins(folder / "pins.csv", *(pin(f"/{os.urandom(4).hex()}/{n}") for n in range(SCOPES)))
    return run(folder, remote)["calls"]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", type=int, default=1, dest="begin")
    parser.add_argument("--every", type=int, default=1)
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
        seen = every(given.every, given.begin)
    except ViolationError as violation:
        sys.exit(f"VIOLATION {violation}")
    print(
        ", ".join(f"{what}: {count}" for what, count in sorted(seen.items())), "; 0 lost, 0 twice, nothing left behind"
    )


if __name__ == "__main__":
    main()
