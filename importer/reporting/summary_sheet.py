"""The sheet `Summary`: the run's circumstances and its counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from importer.catalogue import results as texts
from importer.catalogue.files import delimiter_name
from importer.columns import BASE_URL, DATE_ORDER, NO, REHEARSAL, SUMMARY_SHEET, TRACKER, YES
from importer.model import Result, said_at
from importer.reporting import styles
from importer.reporting.places import Places
from importer.run import Run
from importer.xlsx import CellStyle, Column, Table, Value
from importer.xlsx.table import encode_rows

_WIDTHS = (46.0, 90.0)

Fact = tuple[str, Value]


def summary_table(run: Run, places: Places) -> Table:
    """Two columns, label and value. `Tracker`, `Base URL` and `Rehearsal` say whose IDs the results hold."""
    return facts_table([fact for fact in _facts(run, places) if fact[1] != ""])


def facts_table(facts: Sequence[Fact]) -> Table:
    """A sheet `Summary` of these labels and values."""
    sides = zip(texts.SUMMARY_HEADERS, encode_rows(facts, 2), _WIDTHS, strict=True)
    return Table(
        name=SUMMARY_SHEET,
        columns=[
            Column(header, side, width, np.full(len(facts), look, dtype=np.int8))
            for look, (header, side, width) in enumerate(sides)
        ],
        rows=len(facts),
        styles=(CellStyle(bold=True, top=True), CellStyle(wrap=True, top=True, left=True)),
        header_style=styles.OWN_HEADER,
        filters=False,
        fitted=True,
    )


def _facts(run: Run, places: Places) -> Iterator[Fact]:
    yield from _run(run)
    yield from _file(run)
    yield from _counts(run)
    if run.stop is not None:
        yield texts.LABELS["stop"], run.stop.text
    for notice in run.sheet.notices:
        yield texts.LABELS["file_notice"], notice.text
    for notice in run.notices:
        yield texts.LABELS["notice"], said_at(notice.text, places.row)


def _run(run: Run) -> Iterator[Fact]:
    origin = run.provenance
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


def _file(run: Run) -> Iterator[Fact]:
    sheet, read = run.sheet, run.sheet.facts
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
    yield from _by_result("rows_of", run.row_results)
    yield texts.LABELS["scopes"], len(run.scopes)
    yield from _by_result("scopes_of", run.scope_results)
    yield texts.LABELS["problems"], run.problem_count
    yield texts.LABELS["warnings"], run.warning_count
    yield texts.LABELS["zoneless_dates"], run.checked.zoneless_dates
    yield texts.LABELS["whole_days"], run.checked.whole_days


def _by_result(label: str, counts: Mapping[Result, int]) -> Iterator[Fact]:
    for result, count in counts.items():
        yield texts.LABELS[label].format(result=result), count
