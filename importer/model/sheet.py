"""The sheet as it was read, and the notices about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from importer.settings import DateOrder


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """How the file was read, as in the JSON's `read`. Rows are counted from 1, as Excel does."""

    format: str
    """The kind of file, by the ending that it usually has."""
    encoding: str | None
    """Of a text file, by Python's name for it."""
    delimiter: str | None
    """Of a text file: the sign between two cells."""
    sheet: str | None
    """The workbook's sheet that was chosen."""
    header_row: int | None
    """The row of the column names."""
    non_empty_rows: int
    """How many rows of the sheet hold anything, header included."""


class ColumnKind(Enum):
    """What a column of the file is to the importer."""

    KNOWN = "known"
    METADATA = "metadata"
    RESULT = "result"
    LIVE = "live"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of the file."""

    key: str
    """Its name in the frame: the known name, or a unique one made of `header`."""
    header: str
    """As people wrote it."""
    letter: str
    """As Excel names the column."""
    kind: ColumnKind
    """What it is to the importer."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a results workbook says of the run that wrote it."""

    tracker_id: str
    """The tracker that it sent to."""
    base_url: str
    """The service that it sent to."""
    rehearsal: bool
    """Whether that was a stand-in."""


class Said(str):
    """A text that names rows of the sheet. As a `str` it names them where the source has them."""

    def __new__(cls, pattern: str, place: Callable[[int], object], rows: Mapping[str, int], **facts: object) -> Self:
        """`pattern` as `str.format` takes it; `place` is how the source's own `rows` are called."""
        said = super().__new__(cls, pattern.format(**{name: place(row) for name, row in rows.items()}, **facts))
        said._parts = (pattern, rows, facts)
        return said

    _parts: tuple[str, Mapping[str, int], Mapping[str, object]]

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """A copy, and what travels to another process, is the plain text."""
        return str, (str(self),)

    def at(self, place: Callable[[int], object]) -> str:
        """The text with its rows called otherwise, as where they stand in the results."""
        pattern, rows, facts = self._parts
        return pattern.format(**{name: place(row) for name, row in rows.items()}, **facts)


def said_at(text: str, place: Callable[[int], object]) -> str:
    """A text as it reads where rows are called by `place`."""
    return text.at(place) if isinstance(text, Said) else text


@dataclass(frozen=True, slots=True)
class Notice:
    """A fact about the run that people should know; never a reason to stop."""

    code: str
    """The catalogue's stable name for it."""
    text: str
    """Ready to show."""
    severity: Literal["notice", "warning"] = "notice"
    """A "warning" counts among the warnings, and stands among `problem_groups` in the JSON."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rows of a sheet come from that a mapping made of another system's export. They count from 1."""

    sheet: Sheet
    """The export as it was read, without its cells."""
    rows: NDArray[np.int64]
    """For each row of the mapped sheet the export's row."""
    sources: Mapping[str, tuple[NDArray[np.int16], tuple[SheetColumn, ...]]]
    """For a column of ours: from which of the export's columns each row's cell comes (-1: none), and those columns."""
    name: str
    """What the mapping is called: the built-in one's name, or its file."""
    title: str
    """What the mapping is for, in words."""

    def column(self, row: int, key: str) -> SheetColumn | None:
        """The export's column that a row's cell comes from; `None` where it comes from the mapping itself."""
        if key not in self.sources:
            return None
        codes, columns = self.sources[key]
        code = int(codes[row - 1])
        return columns[code] if code >= 0 else None

    def headers(self, key: str) -> list[str]:
        """The headers of all of the export's columns that a column of ours comes from."""
        if key not in self.sources:
            return []
        codes, columns = self.sources[key]
        return [" ".join(columns[code].header.split()) for code in sorted(set(codes.tolist())) if code >= 0]


SHEET_ROWS = 1_048_576
"""The rows one Excel sheet holds. Row numbers past it belong to the next `Results` sheet."""


@dataclass(frozen=True)
class Sheet:
    """The file's table, every cell as found."""

    file: str
    """The file's path, as it was given."""
    sha256: str
    """The hash of its bytes."""
    facts: ReadFacts
    """How it was read."""
    columns: tuple[SheetColumn, ...]
    """Its columns, from left to right."""
    frame: pd.DataFrame
    """One row for each data row that holds anything. Its index, named `row`, is the sheet's own row number. Its columns
    are the `key`s of `columns`, each a pandas Categorical whose categories are `Cell` values: each distinct cell is
    held, and later parsed, once."""
    sheets: tuple[str, ...] = ()
    """The sheets that the rows come from: one, or `Results`, `Results 2` … of a results workbook that is read back."""
    surplus: Mapping[int, str] = field(default_factory=dict)
    """Rows with more fields than the header, and the surplus text."""
    swallowed: Mapping[int, tuple[str, int, int]] = field(default_factory=dict)
    """Rows of a text file that hold other rows in one cell: its column's key, and the first and last line."""
    cut: int | None = None
    """The last row of a text file, if it seems to break off within it."""
    notices: tuple[Notice, ...] = ()
    """What people should know of how it was read."""
    provenance: Provenance | None = None
    """Of a results workbook: the run that wrote it."""
    date_order: DateOrder | None = None
    """How the run that wrote a results workbook read dates such as 03/04/2026: `dmy`, `mdy`, `ymd`, if given."""
    unread_columns: tuple[str, ...] = ()
    """The columns that are not read, by their headers as written; one without a header is `column F`."""
    unread_sheets: tuple[str, ...] = ()
    """The workbook's other sheets, visible and hidden, but for the importer's own."""
    origin: Origin | None = None
    """Where the rows come from, if a mapping made them of another system's export."""

    def column(self, key: str) -> SheetColumn | None:
        """The column of that key, if the file has it."""
        return next((column for column in self.columns if column.key == key), None)

    def place(self, row: int) -> tuple[str, int]:
        """The sheet's name and the row in it, for a row number of the frame's index. A text file is one sheet, however
        long, and its name is ""."""
        if self.origin is not None:
            return self.origin.sheet.place(int(self.origin.rows[row - 1]))
        if not self.sheets:
            return "", row
        number, rest = divmod(row - 1, SHEET_ROWS)
        return self.sheets[number], rest + 1

    def row_label(self, row: int) -> int | str:
        """The row's number; with the sheet's name where the rows came from several sheets and it is not the first."""
        name, number = self.place(row)
        return f"{name}: {number}" if name not in ("", *self.sheets[:1]) else number

    def source(self, row: int, key: str | None) -> SheetColumn | None:
        """The column of the file in which a row's cell stands; `None` where the file lacks it."""
        if not key:
            return None
        return self.column(key) if self.origin is None else self.origin.column(row, key)

    def source_row(self, row: int) -> int:
        """The row of the file that a row of the frame comes from."""
        return row if self.origin is None else int(self.origin.rows[row - 1])

    def source_cell(self, row: int, key: str | None) -> str:
        """The export's cell and header that a mapped row's cell comes from (`K17 relatedProduct3`), or ""."""
        column = self.source(row, key) if self.origin is not None else None
        return f"{self.address(row, key)} {' '.join(column.header.split())}" if column else ""

    def address(self, row: int, key: str | None) -> str:
        """The cell as Excel names it (`C17`), or "" where the file lacks the column."""
        column = self.source(row, key)
        return f"{column.letter}{self.place(row)[1]}" if column else ""
