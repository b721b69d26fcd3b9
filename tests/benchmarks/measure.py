"""Run a script in a process of its own, take its stages' times from it and watch its memory from outside."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).parent
SAMPLE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage's time in seconds, how much it handled, and the peak memory of all its processes in bytes.

    Memory that processes share is counted in each of them.
    """

    name: str
    seconds: float
    count: int
    peak: int


class Watcher(threading.Thread):
    """Samples the memory of a process and all its children; keeps the peak since it was last taken."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._peak = 0

    def run(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, self._memory())

    def _memory(self) -> int:
        total = 0
        try:
            for process in (self._process, *self._process.children(recursive=True)):
                total += process.memory_info().rss
        except psutil.Error:
            return total
        return total

    def take(self) -> int:
        peak, self._peak = max(self._peak, self._memory()), 0
        return peak

    def stop(self) -> None:
        self._over.set()
        self.join()


def run_script(script: str, *arguments: str) -> list[Stage]:
    """The stages that a script of this folder prints, one JSON line each: `stage`, `seconds`, `count`.

    Raises `RuntimeError` where the script fails; its own error is on stderr.
    """
    command = [sys.executable, str(HERE / script), *arguments]
    stages = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watcher = Watcher(process.pid)
        watcher.start()
        for line in process.stdout or ():
            facts = json.loads(line)
            stages.append(Stage(facts["stage"], facts["seconds"], facts["count"], watcher.take()))
        watcher.stop()
    if process.returncode:
        raise RuntimeError(f"{script} ended with {process.returncode}")
    return stages
