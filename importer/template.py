"""A blank sheet to fill in, made from the table of columns: drop-downs, notes, examples, an explanation."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from importer import xlsx
from importer.catalogue import results as texts
from importer.columns import COLUMNS, NO, YES, CellType, Column
from importer.errors import UsageError
from importer.model import SHEET_ROWS
from importer.reporting.atomic import write_whole
from importer.reporting.results_csv import plain_text
from importer.reporting.styles import OPTIONAL_HEADER, OWN_HEADER
from importer.template_rows import EXAMPLES
from importer.xlsx import CellStyle, Choices, Encoded, Note, Table, encode, write_workbook

DELIMITER = ";"
"""Excel splits at semicolons unasked wherever the comma is the decimal sign, as in the vendor's home market."""

_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed time: the same template has the same bytes
_TYPED_AS_TEXT = {CellType.TEXT, CellType.IDENTITY}
_EXAMPLE = CellStyle(fill="F2F2F2", color="7F7F7F")
_WRAPPED = CellStyle(wrap=True, top=True)
_COLUMN_WIDTHS = (22.0, 36.0, 80.0, 32.0, 24.0)


def write_template(path: str | Path) -> None:
    """Writes the template, a workbook or CSV by the ending; the same bytes every time.

    An older file is replaced whole. Raises `UsageError` for another ending and where the path cannot be written.
    """
    path = Path(path)
    writers: dict[str, Callable[[IO[bytes]], None]] = {".xlsx": _write_workbook, ".csv": _write_csv}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UsageError(texts.TEMPLATE_ENDING.format(path=path), code="template-ending")
    try:
        write_whole(path, writer, replace=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(texts.TEMPLATE_UNWRITABLE.format(path=path, why=why), code="template-unwritable") from error


def _write_workbook(stream: IO[bytes]) -> None:
    properties = xlsx.Properties(texts.CREATOR, texts.TEMPLATE_TITLE, _MADE)
    write_workbook(stream, [_pins_table(), _columns_table()], properties)


def _write_csv(stream: IO[bytes]) -> None:
    page = io.StringIO(newline="")
    rows = csv.writer(page, delimiter=DELIMITER)
    rows.writerow([column.name for column in COLUMNS])
    for example in EXAMPLES:
        rows.writerow([plain_text(example.get(column.name, "")) for column in COLUMNS])
    stream.write(page.getvalue().encode("utf-8-sig"))


# ── The table of pins ───────────────────────────────────────────────────────────────────────────────────


def _pins_table() -> Table:
    notes = [Note(-1, place, _note(column)) for place, column in enumerate(COLUMNS)]
    return Table(
        name=texts.TEMPLATE_SHEET,
        columns=[_pins_column(column) for column in COLUMNS],
        rows=len(EXAMPLES),
        styles=(CellStyle(), _EXAMPLE),
        notes=[*notes, *(Note(row, 0, texts.EXAMPLE_ROW) for row in range(len(EXAMPLES)))],
        choices=[
            Choices(
                place,
                choices,
                first=0,
                last=SHEET_ROWS - 2,
                strict=column.cell is CellType.CHOICE,
                title=column.name,
                text=_choose(column, choices),
            )
            for place, column in enumerate(COLUMNS)
            if (choices := _choices(column))
        ],
        tab_color=OWN_HEADER.fill,
    )


def _pins_column(column: Column) -> xlsx.Column:
    cells = encode(example.get(column.name) for example in EXAMPLES)
    return xlsx.Column(
        header=column.name,
        cells=cells,
        width=float(column.width),
        styles=cells.codes * 0 + 1,
        header_style=OWN_HEADER if column.required else OPTIONAL_HEADER,
        as_text=column.cell in _TYPED_AS_TEXT,
    )


def _choices(column: Column) -> tuple[str, ...]:
    return (YES, NO) if column.cell is CellType.YES_NO else column.choices


def _choose(column: Column, choices: Sequence[str]) -> str:
    if column.cell is CellType.YES_NO:
        return texts.SAY_YES_OR_NO
    return texts.CHOOSE.format(choices=", ".join(choices))


def _note(column: Column) -> str:
    lines = [column.meaning, texts.NEEDED.format(needed=column.needed), texts.EXAMPLE.format(example=column.example)]
    return "\n".join(lines)


# ── The sheet that explains ─────────────────────────────────────────────────────────────────────────────


def _columns_table() -> Table:
    lines = [
        (column.name, column.needed, column.meaning, column.example, ", ".join(_choices(column))) for column in COLUMNS
    ]
    columns: list[Encoded] = [encode(cells) for cells in zip(*lines, strict=True)]
    return Table(
        name=texts.COLUMNS,
        columns=[
            xlsx.Column(header, cells, width, as_text=True)
            for header, cells, width in zip(texts.COLUMN_HEADERS, columns, _COLUMN_WIDTHS, strict=True)
        ],
        rows=len(lines),
        styles=(_WRAPPED,),
        header_style=OWN_HEADER,
        filters=False,
        fitted=True,
    )
