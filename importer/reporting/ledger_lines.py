"""The ledger in words and as JSON: past runs, and the scopes whose fate is unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from importer.catalogue import screen
from importer.catalogue.screen import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from importer.ledger import Entry, Ledger, RunEntry

SHOWN_RUNS = 20
SHOWN_SCOPES = 50
FINGERPRINT_DIGITS = 12


def ledger_lines(path: Path, ledger: Ledger | None) -> str:
    """Past runs, newest first, and what is unknown."""
    if ledger is None:
        return screen.LEDGER_EMPTY.format(path=path)
    runs, unknown = ledger.upkeep.runs(), ledger.upkeep.unknown()
    lines = [screen.LEDGER.format(path=path), *_runs(runs)]
    if unknown:
        lines += ["", screen.LEDGER_UNKNOWN.format(scopes=counted(len(unknown), "scope"))]
        lines += [f"  {_scope(entry)}" for entry in unknown[:SHOWN_SCOPES]]
        if len(unknown) > SHOWN_SCOPES:
            lines.append("  " + screen.LEDGER_MORE.format(count=len(unknown) - SHOWN_SCOPES))
        lines.append(screen.LEDGER_ANSWER.format(name=unknown[0].fingerprint.hex()[:FINGERPRINT_DIGITS]))
    return "\n".join(lines)


def _runs(runs: Sequence[RunEntry]) -> list[str]:
    undone = {run.undoes: run.run for run in reversed(runs)}
    rows = [screen.LEDGER_HEADERS, *(_run(run, undone.get(run.run)) for run in runs[:SHOWN_RUNS])]
    widths = [max(len(row[place]) for row in rows) for place in range(len(screen.LEDGER_HEADERS))]
    lines = ["  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows]
    if len(runs) > SHOWN_RUNS:
        lines.append("  " + screen.LEDGER_MORE.format(count=len(runs) - SHOWN_RUNS))
    return [line.rstrip() for line in lines]


def _run(run: RunEntry, undone_by: int | None) -> tuple[str, ...]:
    file = run.file if undone_by is None else screen.LEDGER_UNDONE.format(file=run.file, run=undone_by)
    started = datetime.fromtimestamp(run.started, UTC).astimezone()
    return (
        str(run.run),
        f"{started:%Y-%m-%d %H:%M}",
        run.tracker_id,
        run.base_url,
        str(run.created),
        str(run.replaced),
        str(run.deleted),
        str(run.unknown),
        file,
    )


def _scope(entry: Entry) -> str:
    digits = entry.fingerprint.hex()[:FINGERPRINT_DIGITS]
    return screen.LEDGER_SCOPE.format(
        name=digits, model=entry.model, kind=entry.target_type, target=entry.target, run=entry.run
    )


def ledger_json(path: Path, ledger: Ledger | None) -> dict[str, Any]:
    """The same as one object, of plain values; times in ISO 8601, UTC."""
    runs = ledger.upkeep.runs() if ledger else []
    return {
        "ledger": str(path),
        "runs": [
            {
                "run": run.run,
                "tracker_id": run.tracker_id,
                "base_url": run.base_url,
                "file": run.file,
                "started": _iso(run.started),
                "ended": _iso(run.ended),
                "created": run.created,
                "replaced": run.replaced,
                "deleted": run.deleted,
                "unknown": run.unknown,
                "undoes": run.undoes,
            }
            for run in runs
        ],
        "unknown": [
            {
                "fingerprint": entry.fingerprint.hex(),
                "model": entry.model,
                "target_type": entry.target_type,
                "target": entry.target,
                "run": entry.run,
            }
            for entry in (ledger.upkeep.unknown() if ledger else [])
        ],
    }


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
