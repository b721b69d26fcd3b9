"""The benchmark's numbers as tables for people (pure)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from measure import Stage

STAGES = ("start", "read", "check", "group", "send", "write")
Runs = Sequence[Sequence[Stage]]


def medians(runs: Runs) -> dict[str, Stage]:
    """One stage each of several runs: the median time, the highest memory."""
    by_name: dict[str, list[Stage]] = {}
    for stage in (stage for run in runs for stage in run):
        by_name.setdefault(stage.name, []).append(stage)
    return {
        name: Stage(name, median(s.seconds for s in same), same[0].count, max(s.peak for s in same))
        for name, same in by_name.items()
    }


def stages_table(rows: int, ours: Mapping[str, Stage], naive: Mapping[str, Stage], floor: Mapping[str, Stage]) -> str:
    """Per stage: seconds, how much a second, memory, and the ratios to the naive script and to the floor."""
    head = (
        "stage",
        "seconds",
        "a second",
        "peak MiB",
        "naive, seconds",
        "times faster",
        "floor, seconds",
        "times floor",
    )
    lines = [_line(ours[name], naive.get(name), floor.get(name)) for name in STAGES if name in ours]
    both = [name for name in STAGES if name in ours and name in naive]
    whole = _sum("all", [ours[name] for name in STAGES if name in ours], rows)
    lines.append(_line(whole, _sum("all", [naive[name] for name in both], rows) if both else None, None))
    return f"{rows:,} rows\n\n{_markdown(head, lines)}"


def _line(ours: Stage, naive: Stage | None, floor: Stage | None) -> list[str]:
    return [
        ours.name,
        f"{ours.seconds:.2f}",
        f"{ours.count / ours.seconds:,.0f}" if ours.count else "",
        f"{ours.peak / 2**20:,.0f}" if ours.peak else "",
        f"{naive.seconds:.2f}" if naive else "",
        f"{naive.seconds / ours.seconds:.1f}" if naive else "",
        f"{floor.seconds:.2f}" if floor else "",
        f"{ours.seconds / floor.seconds:.1f}" if floor else "",
    ]


def _sum(name: str, stages: Sequence[Stage], rows: int) -> Stage:
    return Stage(name, sum(stage.seconds for stage in stages), rows, max(stage.peak for stage in stages))


@dataclass(frozen=True, slots=True)
class Latency:
    """What was sent with one latency (milliseconds) and concurrency, and by a bare loop and the naive script."""

    milliseconds: float
    concurrency: int
    ours: Stage
    floor: Stage
    naive: Stage | None

    def line(self) -> list[str]:
        rate, best = _rate(self.ours), self.concurrency / self.milliseconds * 1000
        numbers = (f"{rate:,.0f}", f"{best:,.0f}", f"{rate / best:.0%}", f"{_rate(self.floor) / best:.0%}")
        alone = f"{_rate(self.naive):,.0f}" if self.naive else ""
        return [f"{self.milliseconds:g} ms", str(self.concurrency), *numbers, alone]


def _rate(stage: Stage) -> float:
    return stage.count / stage.seconds


def latency_table(sends: Sequence[Latency]) -> str:
    """For each latency and concurrency: requests a second, and their share of concurrency over latency."""
    head = ("latency", "at once", "a second", "at best", "share", "a bare loop's share", "naive, a second")
    return _markdown(head, [send.line() for send in sends])


def growth_table(by_rows: Mapping[int, Mapping[str, Stage]]) -> str:
    """For each stage, the exponent by which its time grows from one size to the next (1 is in step with the rows)."""
    sizes = sorted(by_rows)
    pairs = list(pairwise(sizes))
    head = ("stage", *(f"{few:,} → {many:,} rows" for few, many in pairs))
    names = [name for name in STAGES if name != "start" and all(name in by_rows[size] for size in sizes)]
    lines = [[name, *(f"{_exponent(by_rows, name, *pair):.2f}" for pair in pairs)] for name in names]
    return _markdown(head, lines)


def _exponent(by_rows: Mapping[int, Mapping[str, Stage]], name: str, few: int, many: int) -> float:
    return math.log(by_rows[many][name].seconds / by_rows[few][name].seconds) / math.log(many / few)


def _markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[at]) for line in (head, *lines)) for at in range(len(head))]
    rows = [head, ["-" * (width - 1) + ":" if at else "-" * width for at, width in enumerate(widths)], *lines]
    return "\n".join("| " + " | ".join(_padded(row, widths)) + " |" for row in rows)


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first = row[0].ljust(widths[0])
    return [first, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
