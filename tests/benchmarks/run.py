"""How fast is the importer? `python tests/benchmarks/run.py [--rows N …] [--latency MS …]`

Makes the sheets, starts the sandbox's bare responder in a process of its own, runs the importer's stages, their
floors and the naive script side by side, and prints tables. Only ratios within one run mean anything.
The naive script needs `pip install requests`; without it, or with --no-naive, its columns stay empty.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import mapped
import psutil
from measure import Stage, run_script
from sending import Send
from sheets import write_sheet
from tables import Latency, growth_table, latency_table, medians, stages_table

sys.path.append(str(Path(__file__).parents[2]))
from tests.servers.process import Remote, bare_process  # found from wherever this is called

Words = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Scene:
    """Where one benchmark happens: its folder, and a bare responder for each latency in milliseconds."""

    folder: Path
    remotes: Mapping[float, Remote]

    def sheet(self, rows: int, invalid: float) -> Path:
        """The sheet of so many rows, made when it is first asked for."""
        path = self.folder / f"sheet-{rows}-{invalid:g}.xlsx"
        if not path.exists():
            write_sheet(path, rows, invalid)
        return path


def main() -> None:
    words = _words()
    if words.mapped:
        print(_machine())
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n{mapped.table(words.mapped, mapped.measured(Path(folder), words.mapped, words.repeat))}")
        return
    with _scene(words) as scene:
        print(_machine())
        by_rows = {}
        for rows in words.rows:
            ours, naive, floor = _measured(scene, rows, words)
            by_rows[rows] = ours
            print(f"\n{stages_table(rows, ours, naive, floor)}", flush=True)
        if words.latency:
            print(f"\n{latency_table(_with_latency(scene, words))}", flush=True)
        if len(by_rows) > 1:
            print(f"\n{growth_table(by_rows)}", flush=True)


def _words() -> Words:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--rows", type=int, nargs="+", default=[100_000], help="sizes of the sheets")
    add("--latency", type=float, nargs="+", default=[], metavar="MS", help="also send with these latencies")
    add("--concurrency", type=int, nargs="+", default=[8], help="requests at once; the first is for no latency")
    add("--repeat", type=int, default=1, help="take the medians of so many runs")
    add("--invalid", type=float, default=0.0, metavar="SHARE", help="share of the scopes with wrong rows")
    add("--seconds", type=float, default=10.0, help="how long to send with each latency")
    add("--naive-rows", type=int, default=100_000, help="sheets larger than this are not given to the naive script")
    add("--no-naive", action="store_true")
    add("--mapped", type=int, default=0, metavar="ROWS", help="compare an export of so many rows of ten columns, only")
    add("--folder", type=Path, help="keep sheets and results here instead of in a temporary folder")
    words = parser.parse_args()
    if any(not latency > 0 for latency in words.latency):
        parser.error("--latency is in milliseconds above 0; no latency is always measured")
    return words


@contextlib.contextmanager
def _scene(words: Words) -> Iterator[Scene]:
    with contextlib.ExitStack() as stack:
        folder = words.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        latencies = sorted({0.0, *words.latency})
        remotes = {ms: stack.enter_context(bare_process("--latency", str(ms / 1000))) for ms in latencies}
        yield Scene(folder, remotes)


Stages = dict[str, Stage]


def _measured(scene: Scene, rows: int, words: Words) -> tuple[Stages, Stages, Stages]:
    """Medians of the importer, of the naive script and of the floors."""
    sheet = scene.sheet(rows, words.invalid)
    send = Send("send", scene.remotes[0].url, words.concurrency[0])
    with_naive = not words.no_naive and rows <= words.naive_rows and importlib.util.find_spec("requests") is not None
    ours, naive, floor = [], [], []
    for _ in range(words.repeat):
        ours.append([_start("importer"), *_stages(scene, sheet, send)])
        floor.append(run_script("floors.py", str(sheet), "--output", str(_results(sheet)), *send.words()))
        if with_naive:
            arguments = (str(sheet), send.url, str(scene.folder / "naive.xlsx"))
            naive.append([_start("pandas"), *run_script("naive.py", *arguments)])
    return medians(ours), medians(naive), medians(floor)


def _stages(scene: Scene, sheet: Path, *sends: Send) -> list[Stage]:
    arguments = [word for send in sends for word in send.words()]
    with tempfile.TemporaryDirectory(dir=scene.folder) as ledgers:
        ledger = str(Path(ledgers) / "ledger")
        return run_script("stages.py", str(sheet), "--output", str(_results(sheet)), "--ledger", ledger, *arguments)


def _results(sheet: Path) -> Path:
    return sheet.with_name(f"{sheet.stem}.results.xlsx")


def _start(what: str) -> Stage:
    """From the start of Python to the first sign of life: `--help`, or for the naive script its imports."""
    command = ["-m", "importer", "--help"] if what == "importer" else ["-c", f"import {what}"]
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return Stage("start", time.perf_counter() - began, 0, 0)


def _with_latency(scene: Scene, words: Words) -> list[Latency]:
    """Each latency with each concurrency, for the same few seconds."""
    pairs = [(ms, at_once) for ms in words.latency for at_once in words.concurrency]
    sends = [
        Send(f"{ms:g}/{at_once}", scene.remotes[ms].url, at_once, max(1, int(at_once / ms * 1000 * words.seconds)))
        for ms, at_once in pairs
    ]
    sheet = scene.sheet(max(send.scopes for send in sends) * 5, 0.0)
    ours = {stage.name: stage for stage in _stages(scene, sheet, *sends)}
    arguments = [word for send in sends for word in send.words()]
    floor = {
        stage.name: stage for stage in run_script("floors.py", str(sheet), "--output", str(_results(sheet)), *arguments)
    }
    naive = {ms: _naive_rate(scene, ms, words) for ms in words.latency}
    return [
        Latency(ms, at_once, ours[send.name], floor[send.name], naive[ms])
        for (ms, at_once), send in zip(pairs, sends, strict=True)
    ]


def _naive_rate(scene: Scene, latency: float, words: Words) -> Stage | None:
    if words.no_naive or importlib.util.find_spec("requests") is None:
        return None
    scopes = max(1, int(words.seconds / latency * 1000))
    sheet, url = scene.sheet(scopes * 5, 0.0), scene.remotes[latency].url
    stages = run_script("naive.py", str(sheet), url, str(scene.folder / "naive.xlsx"), str(scopes))
    return next(stage for stage in stages if stage.name == "send")


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return f"{platform.platform()}, Python {platform.python_version()}, {psutil.cpu_count()} cores, {memory:.0f} GiB"


if __name__ == "__main__":
    main()
