"""The results of a run as a file: a workbook, or CSV by the ending; its usual name, and other places for it."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from importer.calendar.pins import season
from importer.calendar.sheet import calendar_table
from importer.catalogue import results as texts
from importer.columns import CUT
from importer.errors import ImporterError
from importer.model import SHEET_ROWS
from importer.reporting.atomic import Probe, cut, take_away_left_behind, write_whole
from importer.reporting.plan_sheet import plan_table
from importer.reporting.problems_sheet import problems_table
from importer.reporting.result_rows import Places, result_rows
from importer.reporting.results_csv import write_csv
from importer.reporting.results_sheet import results_tables, scopes_table
from importer.reporting.summary_sheet import summary_table
from importer.run import Run
from importer.xlsx import Properties, Table, write_workbook

CALENDAR_ROWS = 20_000
"""Rows of a sheet whose results have a calendar."""

_DATES = frozenset({"active_from", "active_to"})
"""The columns of periods."""

_STAMP = re.compile(r"\.(?:results|calendar)-\d{8}-\d{6}(-\d+)?$")
_TRIES = 50
LONGEST_STEM = 200
"""Bytes of a name that leave room for the stamp, a number and an ending: file systems take 255 in all."""


def write_results(
    run: Run, path: Path | None = None, *, sheet_rows: int = SHEET_ROWS, probe: Probe | None = None
) -> Path:
    """Write the results and return the path of their file.

    Without a `path` the name is the default one beside the input, and no existing file is touched; an older file at a
    given `path` is replaced, whole or not at all. Where the path cannot be written (a folder that is read-only, a
    workbook that is open in Excel) another name is taken, in the same folder or a usual one; the input never.
    Raises `ImporterError` if the results can be written nowhere.
    """
    wanted = path or default_path(run.sheet.file, run.ended or run.started)
    as_csv = wanted.suffix.lower() == ".csv"
    write = partial(write_csv, run) if as_csv else partial(write_workbook_of, run, sheet_rows=sheet_rows)
    others = list(elsewhere(wanted))
    for other in others:
        take_away_left_behind(other.parent)
    replace = path is not None
    with contextlib.suppress(OSError):  # where there is no such file, it is not the input
        replace = replace and not wanted.samefile(run.sheet.file)
    for candidate in (wanted, *others):
        with contextlib.suppress(OSError):
            return write_whole(
                candidate, write, replace=replace and candidate is wanted, others=beside(candidate), probe=probe
            )
    raise ImporterError(texts.NOWHERE.format(wanted=wanted), code="results-nowhere")


def write_workbook_of(run: Run, stream: IO[bytes], sheet_rows: int = SHEET_ROWS) -> None:
    """Write the results workbook: `Results` (and `Results 2` …), of an update `Plan`, `Scopes`, `Problems`, `Summary`,
    `Calendar`."""
    rows = result_rows(run, Places(run.sheet, sheet_rows))
    plan = [plan_table(rows)] if run.update is not None else []
    tables = [*results_tables(rows), *plan, scopes_table(rows), problems_table(rows), summary_table(run, rows.places)]
    if not _DATES.isdisjoint(run.checked.typed.columns):
        tables += _calendar(run)
    name = Path(run.sheet.file).name
    title = texts.TITLE.format(file=name)
    write_workbook(stream, tables, Properties(texts.CREATOR, title, run.ended or run.started, CUT))


def _calendar(run: Run) -> Iterator[Table]:
    """The sheet `Calendar`, of a sheet that has periods and is not so long that nobody would look at it."""
    dates = run.checked.typed.columns.intersection(list(_DATES))
    if len(run.sheet.frame) <= CALENDAR_ROWS and run.checked.typed[dates].notna().any(axis=None):
        pins = season(run.checked, run.scopes)
        if pins.dated:
            yield calendar_table(pins, run.started, ZoneInfo(run.timezone or "UTC"))


# ── Where results go ────────────────────────────────────────────────────────────────────────────────────


def default_path(file: str | Path, when: datetime) -> Path:
    """The results workbook's name beside its input: `<stem>.results-YYYYMMDD-HHMMSS.xlsx`.

    An earlier stamp in the stem is replaced. `when` is taken in its own zone.
    """
    return stamped(Path(file), "results", when, ".xlsx")


def stamped(file: Path, word: str, when: datetime, ending: str) -> Path:
    """A name beside the file that says by a word what is made of it, and when."""
    stem = cut(_STAMP.sub("", file.stem), LONGEST_STEM)
    return file.with_name(f"{stem}.{word}-{when:%Y%m%d-%H%M%S}{ending}")


def beside(path: Path) -> Iterator[str]:
    """Names like the path's: `name-2.xlsx`, `name-3.xlsx` …"""
    for number in range(2, 2 + _TRIES):
        yield f"{path.stem}-{number}{path.suffix}"


def elsewhere(path: Path) -> Iterator[Path]:
    """The same name in folders that a person can usually write to: here, at home, the folder of temporary files."""
    for folder in (Path.cwd, Path.home, tempfile.gettempdir):
        with contextlib.suppress(OSError, RuntimeError):
            yield Path(folder(), path.name)
