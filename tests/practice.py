"""Runs `pin-importer check --json` over real files and holds each answer to what an index expects of it.

    python tests/practice.py [FOLDER] [--verbose]

FOLDER (or the environment variable PIN_IMPORTER_PRACTICE) has an `INDEX.tsv` with the columns `path` and `expectation`:
`read N non-empty rows …`, `refuse:reason` or `bounded…` (read or refused, but neither crash nor hang). A violation is a
traceback, a killed process, a hang, too much memory, silence, a file accepted that must be refused, or another count of
rows. Prints each of them and a total; exits 1 if there is one.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

MOST_SECONDS = 15.0
MOST_BYTES = 1024**3
EXIT_CODES = (0, 1, 2)

# An empty sheet before one with data is read by the rule "the first visible sheet with data".
EMPTY_FIRST = "no data on first visible sheet"
# Where the index is wrong, and why: by path, the count of non-empty rows that is right.
WRONG = {
    "tafia__calamine/encoded_entities.xlsx": (
        1,
        "the second row holds a line break and nothing else; without xml:space it is no text at all",
    ),
}


@dataclass(frozen=True)
class Answer:
    """What one run did. `memory` is the most that the process and its children held together, in bytes."""

    exit_code: int
    out: str
    errors: str
    seconds: float
    memory: int

    @property
    def said(self) -> dict[str, Any]:
        """The JSON object, or {} where there is none."""
        try:
            said = json.loads(self.out)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


def check(path: Path) -> Answer:
    """Check one file as a person's script would."""
    command = [sys.executable, "-m", "importer", "check", "--json", "--timezone", "Europe/Bratislava", str(path)]
    started = time.monotonic()
    with tempfile.TemporaryFile("w+b") as out, tempfile.TemporaryFile("w+b") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        most = [0]
        watcher = threading.Thread(target=_watch, args=(process, most), daemon=True)
        watcher.start()
        try:
            process.wait(MOST_SECONDS + 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        watcher.join()
        seconds = time.monotonic() - started
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return Answer(process.returncode, texts[0], texts[1], seconds, most[0])


def _watch(process: subprocess.Popen[bytes], most: list[int]) -> None:
    try:
        whole = psutil.Process(process.pid)
        while process.poll() is None:
            family = [whole, *whole.children(recursive=True)]
            most[0] = max(most[0], sum(_resident(each) for each in family))
            time.sleep(0.02)
    except psutil.Error:
        return


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def violations(path: str, expectation: str, answer: Answer) -> Iterator[str]:
    """What is wrong with an answer."""
    if answer.seconds > MOST_SECONDS:
        yield f"hang: {answer.seconds:.1f} s"
    if answer.memory > MOST_BYTES:
        yield f"memory: {answer.memory >> 20} MiB"
    if "Traceback" in answer.out + answer.errors:
        yield "traceback"
    if answer.exit_code not in EXIT_CODES:
        yield f"killed or crashed: exit code {answer.exit_code}"
        return
    said = answer.said
    if not said or not str(said.get("message") or "").strip():
        yield "silence: no JSON, or no message in it"
        return
    yield from _against(path, expectation, said)


def _against(path: str, expectation: str, said: dict[str, Any]) -> Iterator[str]:
    facts = said.get("read")
    wanted = re.match(r"read (\d+)", expectation)
    if wanted:
        rows, _ = WRONG.get(path, (int(wanted[1]), ""))
        if facts is None:
            yield f"not read: {said['message']}"
        elif facts["non_empty_rows"] != rows:
            yield f"{facts['non_empty_rows']} non-empty rows instead of {rows}"
    elif expectation.startswith("refuse"):
        if facts is not None and EMPTY_FIRST not in expectation:
            yield "accepted what must be refused"
        elif said["exit_code"] != 2:
            yield f"exit code {said['exit_code']} instead of 2"


def index(folder: Path) -> list[tuple[str, str]]:
    """The files of a folder and what is expected of each."""
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(line["path"], line["expectation"]) for line in lines]


def main() -> int:
    """Check every file of the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default=os.environ.get("PIN_IMPORTER_PRACTICE"))
    parser.add_argument("--verbose", action="store_true", help="say what became of every file")
    options = parser.parse_args()
    if not options.folder:
        print("Name a folder with an INDEX.tsv, or set PIN_IMPORTER_PRACTICE.", file=sys.stderr)
        return 2
    folder = Path(options.folder)
    files = index(folder)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(lambda line: check(folder / line[0]), files))
    count = 0
    for (path, expectation), answer in zip(files, answers, strict=True):
        found = list(violations(path, expectation, answer))
        count += len(found)
        for each in found:
            print(f"{path}: {each} (expected: {expectation})")
        if options.verbose:
            print(f"{path}: {answer.seconds:.1f} s, {answer.memory >> 20} MiB: {answer.said.get('message')}")
    for path, (rows, why) in WRONG.items():
        if path in dict(files):
            print(f"The index is wrong about {path}: {rows}, since {why}.")
    slowest = max((answer.seconds for answer in answers), default=0.0)
    largest = max((answer.memory for answer in answers), default=0)
    print(f"{len(files)} files, {count} violations; slowest {slowest:.1f} s, most memory {largest >> 20} MiB")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
