"""The rows and what became of them as CSV: the sheet `Results` alone."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING

from importer.cells import Number, shown
from importer.reporting.result_rows import Places, result_rows
from importer.run import Run
from importer.xlsx.table import Encoded
from importer.xlsx.text import NO_CHARACTER

if TYPE_CHECKING:
    from importer.xlsx import Value

CHUNK = 8_192
"""Rows turned into text at a time."""

DEFAULT_DELIMITER = ";"
_FORMULA = re.compile(r"'*[=+\-@]")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


def _no_character(error: UnicodeError) -> tuple[bytes, int]:
    """Instead of half a character, such as a server's JSON can hold."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return NO_CHARACTER.encode() * (error.end - error.start), error.end


codecs.register_error("no-character", _no_character)


def write_csv(run: Run, stream: IO[bytes]) -> None:
    """Write UTF-8 with a byte order mark, the input's delimiter (or semicolons), and line ends as Excel writes them.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, which reading takes off again.
    """
    delimiter = run.sheet.facts.delimiter or DEFAULT_DELIMITER
    rows = result_rows(run, Places(run.sheet, sheet_rows=None), as_text=True)
    columns = [*((column.header, cells) for column, cells in rows.own_columns), *rows.result_columns.items()]
    page = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="no-character", newline="")
    try:
        writer = csv.writer(page, delimiter=delimiter)
        writer.writerow([plain_text(header) for header, _ in columns])
        for start in range(0, len(run.sheet.frame), CHUNK):
            writer.writerows(_rows([column for _, column in columns], start, start + CHUNK))
    finally:
        page.flush()
        page.detach()


def _rows(columns: Sequence[Encoded], start: int, stop: int) -> Iterator[tuple[str, ...]]:
    return zip(*(_texts(column, start, stop) for column in columns), strict=True)


def _texts(column: Encoded, start: int, stop: int) -> Iterator[str]:
    codes = column.codes[start:stop].tolist()
    made = {code: plain_text(column.values[code]) if code >= 0 else "" for code in set(codes)}
    return map(made.__getitem__, codes)


def plain_text(value: Value) -> str:
    """A cell as the CSV holds it."""
    if isinstance(value, int | float) or (isinstance(value, Number) and value.shown is None):
        return shown(value if isinstance(value, Number) else Number(value))
    text = value if isinstance(value, str) else shown(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
