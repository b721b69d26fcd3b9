"""Finished runs of literal sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from importer.model import Created, HeldBack, Outcome, Sheet
from importer.run import Run
from importer.scopes import Scopes
from importer.settings import Tracker
from tests.builders import checked

STARTED = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
ENDED = datetime(2026, 11, 24, 12, 0, 4, tzinfo=UTC)
HELD = "Row {row} of the same customization is wrong."


def created(number: int) -> Outcome:
    return Created(f"id-{number}", 201, 1, "2026-11-24T12:00:01Z")


def finished(sheet: Sheet, outcomes: Callable[[int], Outcome] | Iterable[Outcome] = created, **changed: Any) -> Run:
    """The sheet checked and grouped; scopes that are ready get the outcomes, others are held back."""
    found = checked(sheet)
    scopes = Scopes(found)
    of = outcomes if callable(outcomes) else list(outcomes).__getitem__
    ends = [
        of(number) if scopes.ready[number] else HeldBack(HELD.format(row=scopes.blocker[number]))
        for number in range(len(scopes))
    ]
    facts: dict[str, Any] = {
        "command": "import",
        "version": "1.2.3",
        "started": STARTED,
        "ended": ENDED,
        "tracker": Tracker("1234-5678", "https://live.luigisbox.com"),
        "timezone": "Europe/Bratislava",
    }
    return Run(sheet=sheet, checked=found, scopes=scopes, outcomes=ends, **facts | changed)


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    """A sheet's rows by header."""
    header, *rows = opened(path)[sheet].values
    return [dict(zip(header, row, strict=True)) for row in rows]


def cell(sheet: Any, header: str, row: int) -> Any:
    """The cell below a header."""
    place = [found.value for found in sheet[1]].index(header)
    return sheet[row][place]


def column(path: Path, sheet: str, header: str) -> list[Any]:
    return [row[header] for row in table(path, sheet)]
