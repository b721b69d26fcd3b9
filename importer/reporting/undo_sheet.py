"""The report of an undoing as a file: a line for each customization, and what happened around it."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from importer.catalogue import results as texts
from importer.catalogue.changes import UNDO_FACTS, UNDO_HEADERS, UNDO_SHEET, UNDO_TITLE
from importer.columns import BASE_URL, CUT, SUMMARY_SHEET, TRACKER
from importer.errors import ImporterError
from importer.live.undo import Bucket, Line, counts_of
from importer.model import Result
from importer.reporting import styles
from importer.reporting.atomic import write_whole
from importer.reporting.write import beside, elsewhere
from importer.version import __version__
from importer.xlsx import CellStyle, Column, Properties, Table, write_workbook
from importer.xlsx.table import Value, encode

if TYPE_CHECKING:
    from importer.model import Notice, Stop
    from importer.settings import Tracker

_WIDTHS = (38.0, 38.0, 22.0, 13.0, 34.0, 11.0, 14.0, 90.0)
_BUCKET = 6
_AS_TEXT = frozenset({0, 1, 2, 4})
_SHADES = {
    Bucket.UNDONE: styles.RESULT_COLOURS[Result.CREATED],
    Bucket.KEPT: styles.RESULT_COLOURS[Result.HELD_BACK],
    Bucket.FAILED: styles.RESULT_COLOURS[Result.FAILED],
    Bucket.UNKNOWN: styles.RESULT_COLOURS[Result.UNKNOWN],
    Bucket.NOT_SENT: styles.RESULT_COLOURS[Result.NOT_SENT],
}
_STYLES = (
    *(CellStyle(fill=_SHADES[bucket].row) if _SHADES[bucket].row else CellStyle() for bucket in Bucket),
    *(CellStyle(fill=_SHADES[bucket].cell, color=_SHADES[bucket].letters, bold=True) for bucket in Bucket),
)


class UndoFile:
    """What the file says."""

    def __init__(
        self,
        lines: Sequence[Line],
        tracker: Tracker,
        runs: tuple[int, int],
        moments: tuple[datetime, datetime],
        stop: Stop | None,
        notices: Sequence[Notice],
    ) -> None:
        """`runs` are the one that was taken back and the undoing, `moments` when this began and ended."""
        self.lines = lines
        self._tracker = tracker
        self.runs = runs
        self.moments = moments
        self._stop = stop
        self._notices = notices

    def rows(self) -> Iterator[tuple[str, ...]]:
        """A row for each customization."""
        for thing, bucket, now, comment in self.lines:
            gone = bucket is Bucket.UNDONE and now == thing.id and thing.did == "Created"
            model, kind, name = thing.target
            yield thing.id, "" if gone else now, model, kind, name, str(thing.did), str(bucket), comment

    def facts(self) -> Iterator[tuple[str, Value]]:
        """What happened around it."""
        yield UNDO_FACTS["command"], "undo"
        yield TRACKER, self._tracker.tracker_id
        yield BASE_URL, self._tracker.base_url
        yield UNDO_FACTS["run"], self.runs[0]
        yield UNDO_FACTS["undo_run"], self.runs[1]
        yield UNDO_FACTS["started"], self.moments[0].isoformat(" ", "seconds")
        yield UNDO_FACTS["ended"], self.moments[1].isoformat(" ", "seconds")
        yield texts.LABELS["version"], __version__
        for bucket, count in counts_of(self.lines).items():
            yield UNDO_FACTS["count"].format(bucket=bucket), count
        if self._stop is not None:
            yield UNDO_FACTS["stop"], self._stop.text
        for notice in self._notices:
            yield UNDO_FACTS["notice"], notice.text


def write_undo(said: UndoFile, path: Path | None = None) -> Path:
    """Write the report and return the path it is really at.

    Without a `path` it is a new file in this folder. Raises `ImporterError` where it can be written nowhere.
    """
    wanted = path or Path(f"undo-{said.runs[0]}.results-{said.moments[1]:%Y%m%d-%H%M%S}.xlsx")
    write = partial(_csv if wanted.suffix.lower() == ".csv" else _workbook, said)
    for candidate in chain((wanted,), elsewhere(wanted)):
        with contextlib.suppress(OSError):
            replace = path is not None and candidate is wanted
            return write_whole(candidate, write, replace=replace, others=beside(candidate))
    raise ImporterError(texts.NOWHERE.format(wanted=wanted), code="results-nowhere")


def _csv(said: UndoFile, stream: IO[bytes]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([UNDO_HEADERS, *said.rows()])
    stream.write(text.getvalue().encode("utf-8-sig", "backslashreplace"))


def _workbook(said: UndoFile, stream: IO[bytes]) -> None:
    title = UNDO_TITLE.format(run=said.runs[0])
    write_workbook(stream, [_lines(said), _summary(said)], Properties(texts.CREATOR, title, said.moments[1], CUT))


def _lines(said: UndoFile) -> Table:
    buckets = np.array([list(Bucket).index(line.bucket) for line in said.lines], dtype=np.int8)
    rows = list(said.rows())
    return Table(
        name=UNDO_SHEET,
        columns=[
            Column(
                header=header,
                cells=encode(row[place] for row in rows),
                width=_WIDTHS[place],
                styles=buckets + np.int8(len(Bucket)) if place == _BUCKET else buckets,
                as_text=place in _AS_TEXT,
            )
            for place, header in enumerate(UNDO_HEADERS)
        ],
        rows=len(rows),
        styles=_STYLES,
        header_style=styles.OWN_HEADER,
    )


def _summary(said: UndoFile) -> Table:
    facts = list(said.facts())
    return Table(
        name=SUMMARY_SHEET,
        columns=[
            Column(header, encode(fact[side] for fact in facts), width)
            for side, (header, width) in enumerate(zip(texts.SUMMARY_HEADERS, (46.0, 90.0), strict=True))
        ],
        rows=len(facts),
        styles=(CellStyle(wrap=True, top=True, left=True),),
        header_style=styles.OWN_HEADER,
        filters=False,
        fitted=True,
    )
