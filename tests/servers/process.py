"""Start a stand-in in a process of its own, and look into it from outside."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Remote:
    """A stand-in in another process. `tracker_id` and `private_key` are "" for the bare responder."""

    url: str
    pid: int
    tracker_id: str = ""
    private_key: str = ""

    def store(self) -> dict[str, Any]:
        """What it keeps and how it was called: `scopes`, `calls`, `peak_in_flight`. Raises `OSError` when gone."""
        with urllib.request.urlopen(f"{self.url}/_sandbox/store", timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


@contextlib.contextmanager
def sandbox_process(*options: str) -> Iterator[Remote]:
    """A sandbox in a process of its own, for as long as the block lasts; options as of `sandbox_server`."""
    with _process("tests.servers.sandbox_server", options) as remote:
        yield remote


@contextlib.contextmanager
def bare_process(*options: str) -> Iterator[Remote]:
    """A bare responder in a process of its own; options as for `tests.servers.bench_server`."""
    with _process("tests.servers.bench_server", options) as remote:
        yield remote


@contextlib.contextmanager
def _process(module: str, options: tuple[str, ...]) -> Iterator[Remote]:
    command = [sys.executable, "-m", module, "--with-parent", *options]
    # It is found from wherever the starter stands.
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    surroundings = os.environ | {"PYTHONPATH": path}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018 - asked for above
        try:
            line = process.stdout.readline()
            if not line:
                raise OSError(f"{module} did not start")
            yield Remote(**json.loads(line))
        finally:
            process.stdin.close()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
