"""A column that the sheet lacks though its rows need it: said once, not once a row."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from importer.catalogue import files
from importer.columns import COLUMNS
from importer.errors import FileError
from importer.model import ColumnKind
from importer.reading.header import label, nearest

if TYPE_CHECKING:
    from importer.checking.check import Checked


def refuse_missing_columns(checked: Checked) -> None:
    """Raise `FileError` for columns that are not there and that at least half of the rows need by their type."""
    sheet, rows = checked.sheet, len(checked.sheet.frame)
    needed: dict[str, str] = {}
    for column in COLUMNS:
        if column.only_if is None or column.name in checked.typed or column.only_if[0] not in checked.typed:
            continue
        depends_on, choice = column.only_if
        count = int((checked.typed[depends_on] == choice).sum())
        if count and 2 * count >= rows:
            needed[column.name] = files.NEEDED_BY.format(
                column=column.name, choice=f"{depends_on} {choice}", count=f"{count:,}", rows=f"{rows:,}"
            )
    if needed:
        other = [column for column in sheet.columns if column.kind is not ColumnKind.RESULT]
        headers = [label(column.header, column.letter) for column in other]
        details = {
            "needed": list(needed.values()),
            "row": sheet.facts.header_row,
            "headers": headers,
            "nearest": nearest([column.header for column in other], list(needed)),
        }
        name = PurePath(sheet.file).name
        text = files.refusal("columns-needed", name, details, sheet=sheet.facts.sheet, others=sheet.unread_sheets)
        raise FileError(text, code="columns-needed", read=sheet.facts)
