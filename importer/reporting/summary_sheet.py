"""The sheet `Summary`: the run's circumstances and its counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

import numpy as np

from importer.catalogue import results as texts
from importer.catalogue.files import delimiter_name
from importer.columns import BASE_URL, DATE_ORDER, NO, REHEARSAL, SUMMARY_SHEET, TRACKER, YES
from importer.model import said_at
from importer.reporting import styles
from importer.reporting.result_rows import Places
from importer.run import Run
from importer.xlsx import CellStyle, Column, Table, Value
from importer.xlsx.table import encode

_WIDTHS = (46.0, 90.0)

Fact = tuple[str, Value]


def summary_table(run: Run, places: Places) -> Table:
    """Two columns, label and value. `Tracker`, `Base URL` and `Rehearsal` say whose IDs the results hold."""
    facts = [*_circumstances(run), *_counts(run)]
    if run.stop is not None:
        facts.append((texts.LABELS["stop"], run.stop.text))
    facts += [(texts.LABELS["file_notice"], notice.text) for notice in run.sheet.notices]
    facts += [(texts.LABELS["notice"], said_at(notice.text, places.row)) for notice in run.notices]
    return facts_table([fact for fact in facts if fact[1] != ""])


def facts_table(facts: Sequence[Fact]) -> Table:
    """A sheet `Summary` of these labels and values."""
    columns = []
    for side, (header, width) in enumerate(zip(texts.SUMMARY_HEADERS, _WIDTHS, strict=True)):
        looks = np.full(len(facts), side, dtype=np.int8)
        columns.append(Column(header, encode(map(itemgetter(side), facts)), width, looks))
    return Table(
        name=SUMMARY_SHEET,
        columns=columns,
        rows=len(facts),
        styles=(CellStyle(bold=True, top=True), CellStyle(wrap=True, top=True, left=True)),
        header_style=styles.OWN_HEADER,
        filters=False,
        fitted=True,
    )


def _circumstances(run: Run) -> Iterator[Fact]:
    origin, sheet, read = run.provenance, run.sheet, run.sheet.facts
    yield texts.LABELS["command"], run.command
    yield texts.LABELS["shop"], run.shop
    yield TRACKER, origin.tracker_id
    yield BASE_URL, origin.base_url
    yield REHEARSAL, YES if origin.rehearsal else NO
    yield texts.LABELS["started"], run.started.isoformat(" ", "seconds")
    yield texts.LABELS["ended"], (run.ended or run.started).isoformat(" ", "seconds")
    yield texts.LABELS["timezone"], run.timezone
    yield DATE_ORDER, run.date_order
    yield texts.LABELS["version"], run.version
    yield texts.LABELS["file"], Path(sheet.file).name
    yield texts.LABELS["sha256"], sheet.sha256
    yield texts.LABELS["format"], read.format
    yield texts.LABELS["encoding"], read.encoding or ""
    yield texts.LABELS["delimiter"], delimiter_name(read.delimiter or "")
    yield texts.LABELS["sheet"], ", ".join(sheet.sheets) or read.sheet or ""
    yield texts.LABELS["header_row"], read.header_row or ""
    if sheet.origin is not None:
        yield texts.LABELS["mapping"], f"{sheet.origin.name} ({sheet.origin.title})"
        yield texts.LABELS["export_rows"], len(sheet.origin.sheet.frame)
    yield texts.LABELS["unread_columns"], ", ".join(sheet.unread_columns)
    yield texts.LABELS["unread_sheets"], ", ".join(sheet.unread_sheets)


def _counts(run: Run) -> Iterator[Fact]:
    yield texts.LABELS["rows"], len(run.sheet.frame)
    for result, count in run.row_results.items():
        yield texts.LABELS["rows_of"].format(result=result), count
    yield texts.LABELS["scopes"], len(run.scopes)
    for result, count in run.scope_results.items():
        yield texts.LABELS["scopes_of"].format(result=result), count
    yield texts.LABELS["problems"], run.checked.problems.problem_count
    yield texts.LABELS["warnings"], run.warning_count
    yield texts.LABELS["zoneless_dates"], run.checked.zoneless_dates
    yield texts.LABELS["whole_days"], run.checked.whole_days
