"""What undoing a run would do, and what it did: as values, as lines on a screen, as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.catalogue.changes import UNDO
from importer.catalogue.screen import counted
from importer.ledger.records import RunFact
from importer.live.undo import Bucket, Did, Line, UndoPlan, lines_of

if TYPE_CHECKING:
    from importer.model import Notice
    from importer.settings import Tracker

SHOWN = 10
"""Adopted customizations that are named on the screen."""


@dataclass(frozen=True)
class Proposal:
    """What undoing a run would do, before it is agreed to."""

    run: RunFact
    """The run that would be taken back."""
    plan: UndoPlan
    """What would be done."""
    tracker: Tracker
    """The tracker of the run."""
    continues: bool
    """Whether an earlier undoing of it did not finish."""
    parts: tuple[int, ...] = ()
    """Earlier runs of the same file that this one went on with."""

    @property
    def adopted(self) -> list[Line]:
        """What is kept because only its ID was found, by a list."""
        return [line for line in lines_of(self.plan, {}) if line.thing.adopted and line.bucket is Bucket.KEPT]


@dataclass(frozen=True)
class UndoReport:
    """What undoing a run did."""

    run: int
    """The run that was taken back."""
    undo_run: int
    """The number of the undoing, which can be undone in turn; 0 where nothing was begun."""
    counts: Mapping[Bucket, int]
    """How many customizations ended in which bucket; they add up to `lines`."""
    lines: tuple[Line, ...] = field(repr=False, default=())
    """What became of each customization."""
    adopted: int = 0
    """How many of those kept were adopted."""
    results: str | None = None
    """The report's file."""
    requests: int = 0
    """How many were sent."""
    seconds: float = 0.0
    """How long it took."""
    exit_code: int = 0
    """What the command line ends with."""
    message: str = ""
    """How it ended, in a sentence or two."""
    notices: tuple[Notice, ...] = ()
    """What people should know."""


def lines_before(proposal: Proposal) -> Iterator[str]:
    """What would be done, for people."""
    run, plan, tracker = proposal.run, proposal.plan, proposal.tracker
    started = datetime.fromtimestamp(run.started, UTC).astimezone()
    code = "title-continued" if proposal.continues else "title"
    yield UNDO[code].format(
        run=run.run,
        started=f"{started:%Y-%m-%d %H:%M}",
        file=Path(run.file).name,
        tracker=tracker.tracker_id,
        base_url=tracker.base_url,
    )
    for did in Did:
        if count := plan.number(did):
            yield "  " + UNDO[did.lower()].format(count=counted(count, "customization"))
    if plan.unsettled:
        yield "  " + UNDO["unsettled"].format(count=counted(len(plan.unsettled), "customization"))
    if count := sum(entry.bucket is Bucket.UNDONE for entry in plan.settled.values()):
        yield "  " + UNDO["before"].format(count=counted(count, "customization"))
    adopted = proposal.adopted
    others = sum(entry.bucket is not Bucket.UNDONE for entry in plan.settled.values()) - len(adopted)
    if others:
        yield "  " + UNDO["kept-too"].format(count=counted(others, "customization"))
    if adopted:
        yield "  " + UNDO["adopted"].format(count=counted(len(adopted), "customization"))
        for line in adopted[:SHOWN]:
            model, kind, name = line.thing.target
            yield "    " + UNDO["adopted-line"].format(id=line.thing.id, model=model, kind=kind, target=name)
        if len(adopted) > SHOWN:
            yield "    " + UNDO["more"].format(count=len(adopted) - SHOWN)
    if proposal.parts:
        yield UNDO["parts"].format(runs=", ".join(f"pin-importer undo {part}" for part in proposal.parts))
    yield UNDO["rule"]


def question(proposal: Proposal) -> str:
    """The question, which a person answers by typing the number."""
    count = proposal.plan.count
    return UNDO["question"].format(count=count, these="it" if count == 1 else "them")


def as_json(report: UndoReport) -> dict[str, Any]:
    """The object of `--json`."""
    return {
        "command": "undo",
        "run": report.run,
        "undo_run": report.undo_run or None,
        "scopes": len(report.lines),
        "undo_results": {str(bucket): count for bucket, count in report.counts.items()},
        "adopted": report.adopted,
        "requests": report.requests,
        "results": report.results,
        "seconds": round(report.seconds, 3),
        "exit_code": report.exit_code,
        "message": report.message,
    }
