"""The results of a run as a file: a workbook, or CSV by the ending."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from importer.catalogue import results as texts
from importer.columns import CUT
from importer.errors import ImporterError
from importer.model import SHEET_ROWS
from importer.reporting.atomic import Probe, write_whole
from importer.reporting.naming import beside, default_path, elsewhere
from importer.reporting.places import Places, rows_of_a_sheet
from importer.reporting.problems_sheet import problems_table
from importer.reporting.result_rows import result_rows
from importer.reporting.results_csv import write_csv
from importer.reporting.results_sheet import results_tables
from importer.reporting.scopes_sheet import scopes_table
from importer.reporting.summary_sheet import summary_table
from importer.run import Run
from importer.xlsx import Properties, write_workbook


def write_results(
    run: Run, path: Path | None = None, *, sheet_rows: int = SHEET_ROWS, probe: Probe | None = None
) -> Path:
    """Writes the results and returns the path they are really at.

    Without a `path` the name is the default one beside the input, and no existing file is touched; an older file at a
    given `path` is replaced, whole or not at all. Where the path cannot be written (a folder that is read-only, a
    workbook that is open in Excel) another name is taken, in the same folder or a usual one; the input never.
    Raises `ImporterError` if the results can be written nowhere.
    """
    wanted = path or default_path(run.sheet.file, run.ended or run.started)
    write = _writer(run, wanted, sheet_rows)
    replace = path is not None and not _is_input(wanted, run)
    for candidate in (wanted, *elsewhere(wanted)):
        with contextlib.suppress(OSError):
            return write_whole(
                candidate, write, replace=replace and candidate is wanted, others=beside(candidate), probe=probe
            )
    raise ImporterError(texts.NOWHERE.format(wanted=wanted), code="results-nowhere")


def _writer(run: Run, path: Path, sheet_rows: int) -> Callable[[IO[bytes]], None]:
    if path.suffix.lower() == ".csv":
        return lambda stream: write_csv(stream, run)
    return lambda stream: write_workbook_of(run, stream, sheet_rows)


def write_workbook_of(run: Run, stream: IO[bytes], sheet_rows: int = SHEET_ROWS) -> None:
    """Writes the results workbook: `Results` (and `Results 2` …), `Scopes`, `Problems`, `Summary`."""
    rows = result_rows(run, Places(run.sheet, rows_of_a_sheet(run.sheet, sheet_rows)))
    tables = [*results_tables(rows), scopes_table(rows), problems_table(rows), summary_table(run, rows.places)]
    name = Path(run.sheet.file).name
    title = texts.TITLE.format(file=name)
    write_workbook(stream, tables, Properties(texts.CREATOR, title, run.ended or run.started, CUT))


def _is_input(path: Path, run: Run) -> bool:
    try:
        return path.samefile(run.sheet.file)
    except OSError:
        return False
