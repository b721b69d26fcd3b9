"""The frozen values that travel from room to room. Imports neither pandas nor aiohttp."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from importer.settings import DateOrder


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """How the file was read, as in the JSON's `read`. Rows are counted from 1, as Excel does.

    `non_empty_rows` counts the chosen sheet's rows that hold anything, header included.
    """

    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_row: int | None
    non_empty_rows: int


class ColumnKind(Enum):
    """What a column of the file is to the importer."""

    KNOWN = "known"
    METADATA = "metadata"
    RESULT = "result"
    LIVE = "live"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of the file. `key` is its name in the frame: the known name, or a unique one made of `header`.

    `header` is as people wrote it; `letter` as Excel names the column.
    """

    key: str
    header: str
    letter: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a results workbook says of the run that wrote it."""

    tracker_id: str
    base_url: str
    rehearsal: bool


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
    """The file's table, every cell as found.

    `frame` has one row per data row that holds anything; its index, named `row`, is the sheet's own row number;
    its columns are the `key`s of `columns`, each a pandas Categorical whose categories are `Cell` values (so that
    each distinct cell is held, and later parsed, once). `sheets` are the names of the sheets the rows came from:
    one, or `Results`, `Results 2` … of a results workbook that is read back.
    `surplus` has the rows with more fields than the header, and the surplus text.
    """

    file: str
    sha256: str
    facts: ReadFacts
    columns: tuple[SheetColumn, ...]
    frame: pd.DataFrame
    sheets: tuple[str, ...] = ()
    surplus: Mapping[int, str] = field(default_factory=dict)
    swallowed: Mapping[int, tuple[str, int, int]] = field(default_factory=dict)
    """Rows of a text file that hold other rows in one cell: its column's key, and the first and last line."""
    notices: tuple[Notice, ...] = ()
    provenance: Provenance | None = None
    date_order: DateOrder | None = None
    """How the run that wrote a results workbook read dates such as 03/04/2026: `dmy`, `mdy`, `ymd`, if it was told."""
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


TargetType = Literal["item", "criteria", "all"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One customization, ready to be sent (contract, "Request body attributes").

    `number` counts scopes in the order of their first row, from 0. `target` is the identity, the canonical criteria,
    or "" for `all`. `rows` are sheet rows, one a pin, in order. `body` is what is sent, byte for byte; `canonical` is
    its canonical projection (see `importer.canonical`), by which contents are compared.
    """

    number: int
    model: str
    target_type: TargetType
    target: str
    rows: tuple[int, ...]
    body: bytes
    canonical: bytes


class Result(StrEnum):
    """The words of `Import Result`, and of the JSON's counts."""

    CREATED = "Created"
    ALREADY_CREATED = "Already created"
    REPLACED = "Replaced"
    DELETED = "Deleted"
    UNCHANGED = "Unchanged"
    INVALID = "Invalid"
    HELD_BACK = "Held back"
    REFUSED = "Refused"
    FAILED = "Failed"
    UNKNOWN = "Unknown"
    NOT_SENT = "Not sent"
    READY = "Ready"


DONE = frozenset({Result.CREATED, Result.ALREADY_CREATED, Result.REPLACED, Result.DELETED, Result.UNCHANGED})
"""Results of rows that are as their sheet wants them."""

MAY_BE_LIVE = frozenset({Result.CREATED, Result.ALREADY_CREATED, Result.REPLACED, Result.UNCHANGED, Result.UNKNOWN})
"""Results of rows that have a customization, or may have one."""


@dataclass(frozen=True, slots=True)
class Created:
    """The server has it, by this run. `warning` says what was odd about the answer; `adopted` that the ID was
    found in the server's list after the answer was lost."""

    id: str
    status: int | None
    attempts: int
    created_at: str | None = None
    adopted: bool = False
    warning: str = ""


@dataclass(frozen=True, slots=True)
class AlreadyCreated:
    """An earlier run created it, or it is live anyway. `since` is when it was created, if known."""

    id: str
    since: datetime | None = None
    warning: str = ""
    found: bool = False
    """Whether it was found live: no run of this ledger made it."""
    creator: str = ""
    """Who made it, where the service says so."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """This run replaced what was live. `status` is `None` where the answer was lost and a get showed it."""

    id: str
    status: int | None
    attempts: int
    warning: str = ""
    version: str = ""
    """Its `Live Version` now."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """This run deleted it. `status` as of `Replaced`."""

    id: str
    status: int | None
    attempts: int
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What is live is as the sheet wants it; nothing was sent."""

    id: str
    comment: str = ""
    """What is worth saying of it, such as that it was deleted before."""
    version: str = ""
    """Its `Live Version`; "" where nothing is live."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Not sent on purpose."""

    comment: str
    """Why, and what to do."""
    id: str | None = None
    """The customization that it would double."""
    may_be_live: bool = False
    """Whether it may be live though its ID is not known: the results go on saying so."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The server said no to this scope: proven not created. `details` is the answer's `exception_details`."""

    status: int
    reason: str
    details: Any
    attempts: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Proven not created, and given up for this run."""

    comment: str
    attempts: int
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have been created; never folded into `Failed`."""

    comment: str
    attempts: int
    status: int | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The run ended before its turn."""

    comment: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Nothing is wrong with it: an import would send it."""

    comment: str = ""
    """What an import would do, where that is not to create it."""


Outcome = (
    Created | AlreadyCreated | Replaced | Deleted | Unchanged | HeldBack | Refused | Failed | Unknown | NotSent | Ready
)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why sending ended early: `code` from the catalogue, `text` ready to show, `exit_code` 3 or 130."""

    code: str
    text: str
    exit_code: int = 3


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with a row, or worth a warning, as a table shows it."""

    column: int | None
    """The column's place in the table, counted from 0; `None` where it is about the whole row."""
    severity: Literal["problem", "warning"]
    text: str
    """What is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the file as a table shows it."""

    label: int | str
    """The row's number in the file, as `Sheet.row_label`."""
    cells: tuple[str, ...]
    """What each cell shows, in the order of the table's columns."""
    result: Result | None = None
    """What became of it; `None` where it is read and not checked yet."""
    id: str = ""
    """Its customization's ID, if it has one."""
    comment: str = ""
    """What became of its scope and what to do; "" where the result alone says it."""
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelCount:
    """How many customizations of one model and one kind of target a file holds, by what became of them."""

    model: str
    target_type: TargetType
    pins: int
    results: Mapping[Result, int]
    """Customizations by result; words whose count is 0 are left out."""


class RowTable(Protocol):
    """The rows of a file, a page at a time. `show` is `all`, `wrong`, `doubtful`, a word of `Import Result`, or the
    code of a problem, with `@` and its column if it has one."""

    @property
    def columns(self) -> Sequence[SheetColumn]:
        """The file's own columns, from left to right."""

    def __len__(self) -> int: ...
    def count(self, show: str = "all") -> int:
        """How many rows there are to show."""

    def rows(self, start: int, count: int, show: str = "all") -> Sequence[TableRow]:
        """At most `count` of the rows to show, from the `start`-th on, counted from 0."""

    def place(self, row: int, show: str = "all") -> int:
        """Where the first row to show stands, counted from 0, whose number in the file is `row` or more."""

    def models(self) -> Sequence[ModelCount]:
        """The customizations by model and kind of target, in the order of their first rows."""
