"""What a mapping costs: rows of ten numbered columns against the same pins as a row each, from file to results.

Both are CSV files that the command line checks in a process of its own, with a results workbook. What is compared is
the time that processors worked, which other programs hardly change, and the peak memory of all processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measure import Watcher

PINS_A_ROW = 10
OURS = "model;target_type;target_identity;position;pin_type;pin_identity"
THEIRS = ";".join(("code", "name", *(f"relatedProduct{number or ''}" for number in (0, *range(2, PINS_A_ROW + 1)))))
MAPPING = """title = "Numbered columns"
expects = ["code", "relatedProduct"]
[columns]
target_identity = "code"
target_metadata.title = "name"
[constants]
model = "item_detail_complements"
[[pins]]
pin_identity = { columns = "relatedProduct#" }
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that processors worked, and the peak memory of all processes in bytes."""

    seconds: float
    peak: int


def pins(row: int) -> Sequence[str]:
    """The ten products beside one."""
    return [f"{(row * 7 + place * 13) % 50_000:07}" for place in range(PINS_A_ROW)]


def wide_lines(rows: int) -> Iterator[str]:
    """The export: a row for each product, its pins in numbered columns."""
    yield THEIRS
    for row in range(rows):
        yield ";".join((f"{row:07}", f"Product {row}", *pins(row)))


def long_lines(rows: int) -> Iterator[str]:
    """The same pins in our own columns, a row each."""
    yield f"{OURS};target_metadata.title"
    for row in range(rows):
        for place, pin in enumerate(pins(row), 1):
            yield f"item_detail_complements;item;{row:07};{place};item;{pin};Product {row}"


def write(folder: Path, rows: int) -> tuple[Path, Path, Path]:
    """The export, the mapping, and the same pins as a row each."""
    wide, mapping, long = folder / f"wide-{rows}.csv", folder / "wide.toml", folder / f"long-{rows}.csv"
    mapping.write_text(MAPPING, "utf-8")
    for path, lines in ((wide, wide_lines(rows)), (long, long_lines(rows))):
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
    return wide, mapping, long


def cost(*words: str) -> Cost:
    """What one call of the command line costs. Raises `RuntimeError` where it does not end well."""
    before = os.times()
    with subprocess.Popen([sys.executable, "-m", "importer", *words], stdout=subprocess.DEVNULL) as process:
        watcher = Watcher(process.pid)
        watcher.start()
        process.wait()
        watcher.stop()
    after = os.times()
    if process.returncode:
        raise RuntimeError(f"it ended with {process.returncode}: {words}")
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    return Cost(spent, watcher.take())


def measured(folder: Path, rows: int, repeat: int) -> list[tuple[Cost, Cost]]:
    """The costs of the export and of the same pins as a row each, in turns."""
    wide, mapping, long = write(folder, rows)
    results = str(folder / "results.xlsx")
    return [
        (
            cost("check", str(wide), "--mapping", str(mapping), "--output", results),
            cost("check", str(long), "--output", results),
        )
        for _ in range(repeat)
    ]


def table(rows: int, costs: Sequence[tuple[Cost, Cost]]) -> str:
    """The medians of the times and the highest peaks, with their ratios."""
    lines = [f"{rows:,} rows of {PINS_A_ROW} numbered columns, {rows * PINS_A_ROW:,} pins", ""]
    lines += ["| | mapped | a row each | ratio |", "|---|---:|---:|---:|"]
    seconds = [median(pair[side].seconds for pair in costs) for side in (0, 1)]
    ratio = median(mapped.seconds / plain.seconds for mapped, plain in costs)
    lines.append(f"| seconds of processors | {seconds[0]:.1f} | {seconds[1]:.1f} | {ratio:.2f} |")
    peaks = [max(pair[side].peak for pair in costs) / 2**20 for side in (0, 1)]
    lines.append(f"| peak MiB | {peaks[0]:,.0f} | {peaks[1]:,.0f} | {peaks[0] / max(peaks[1], 1):.2f} |")
    return "\n".join(lines)
