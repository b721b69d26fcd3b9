"""An export as a file, row by row: CSV, or a workbook with the sheets `Live`, `Live 2` … and `Summary`."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Protocol

from importer.catalogue import results as texts
from importer.columns import BY_NAME, CUT, LIVE_SHEET
from importer.reporting.results_csv import DEFAULT_DELIMITER, plain_text
from importer.reporting.styles import OWN_HEADER
from importer.reporting.summary_sheet import facts_table
from importer.xlsx import Properties
from importer.xlsx.streamed import StreamedWorkbook

if TYPE_CHECKING:
    from importer.cells import Cell


class Sink(Protocol):
    """Where rows go."""

    def add(self, cells: Sequence[Cell | None]) -> None:
        """Write one row."""

    def abandon(self) -> None:
        """Give it up."""

    def close(self, facts: Sequence[tuple[str, str | int]]) -> int:
        """End it, with the facts of the export; how many sheets there are."""


class CsvSink:
    """Rows as CSV, as the results are: UTF-8 with a byte order mark, semicolons, formulas with an apostrophe."""

    def __init__(self, stream: IO[bytes], header: Sequence[str], title: str) -> None:

        del title
        self._page = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="no-character", newline="")
        self._writer = csv.writer(self._page, delimiter=DEFAULT_DELIMITER)
        self._writer.writerow(header)

    def add(self, cells: Sequence[Cell | None]) -> None:
        """One row."""
        self._writer.writerow(["" if cell is None else plain_text(cell) for cell in cells])

    def abandon(self) -> None:
        """The stream is not ours to close."""
        with contextlib.suppress(OSError, ValueError):
            self._page.detach()

    def close(self, facts: Sequence[tuple[str, str | int]]) -> int:
        """All is written; there is no place for facts."""
        del facts
        self._page.flush()
        self._page.detach()
        return 1


class WorkbookSink:
    """Rows on the sheets `Live`, `Live 2` …, and the facts of the export on `Summary`."""

    def __init__(self, stream: IO[bytes], header: Sequence[str], title: str) -> None:

        columns = [(name, _width(name), True) for name in header]
        self._title = title
        self._book = StreamedWorkbook(stream, LIVE_SHEET, columns, OWN_HEADER)

    def add(self, cells: Sequence[Cell | None]) -> None:
        """One row."""
        self._book.add(cells, CUT)

    def abandon(self) -> None:
        """Whatever the stream says to that."""
        with contextlib.suppress(OSError, ValueError):
            self._book.abandon()

    def close(self, facts: Sequence[tuple[str, str | int]]) -> int:
        """The sheet `Summary`, and the end."""

        table = facts_table(facts)
        properties = Properties(texts.CREATOR, self._title, datetime.now(UTC), CUT)
        return self._book.close([table], properties)


def _width(name: str) -> float:
    known = BY_NAME.get(name)
    return float(known.width) if known else {"Customization ID": 38.0, "Available": 10.0}.get(name, 22.0)
