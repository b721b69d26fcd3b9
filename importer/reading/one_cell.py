"""Tables that stand in one column: the headers, with signs between them, in a single cell."""

from __future__ import annotations

from collections.abc import Sequence

from importer.catalogue.files import delimiter_name
from importer.headers import known_names
from importer.reading.raw import RefusalError

ENOUGH = 3
"""So many names in one cell are a whole row of headers."""
_BETWEEN = ";,\t|^~:"


def refuse_one_cell(headers: Sequence[str], row: int, delimiter: str | None) -> None:
    """Raises `RefusalError` where one cell of a row holds the headers. `delimiter` is that of a text file."""
    for text in headers:
        for sign in _BETWEEN:
            if len(known_names(part.strip(' "') for part in text.split(sign))) >= ENOUGH:
                code = "one-cell" if delimiter is None else "one-cell-quoted" if sign == delimiter else "one-cell-text"
                raise RefusalError(code, row=row, sign=delimiter_name(sign), option="tab" if sign == "\t" else sign)
