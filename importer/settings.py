"""The settings of a run, frozen. Only `importer.cli` turns arguments and environment into these values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DEFAULT_BASE_URL = "https://live.luigisbox.com"

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
"""The signs that usually separate the cells of a text file, by the names that people may give them."""

DateOrder = Literal["dmy", "mdy", "ymd"]


class Secret:
    """A text that shows itself nowhere: not in `repr`, `str`, a format, a pickle or a traceback.

    `reveal()` gives the text; only signing calls it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost before it is refused."""

    cells: int = 60_000_000
    """How many cells are read."""
    unpacked_bytes: int = 4 * 1024**3
    """Bytes of a workbook once it is unpacked."""
    seconds: float = 120.0
    """How long it may take to read."""
    memory_bytes: int = 3 * 1024**3
    """Memory that the process which reads it may take."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the file; `None` means by evidence."""

    sheet: str | None = None
    """The name of the workbook's sheet."""
    encoding: str | None = None
    """By Python's name for it."""
    delimiter: str | None = None
    """The one sign between two cells."""
    fill_down: bool = False
    """Whether an empty cell means the same as the one above it."""
    ignore_columns: tuple[str, ...] = ()
    """Headers that look like one of ours and are none."""
    theirs: tuple[str, ...] | None = None
    """Headers of another system's sheet, which is read as it stands; none of them known is (). `None` for our own."""
    limits: Limits = field(default_factory=Limits)
    """How much it may cost."""


@dataclass(frozen=True, slots=True)
class MappingOptions:
    """How another system's sheet is read."""

    name: str | None = None
    """A built-in mapping's name, or a mapping file."""
    columns: tuple[tuple[str, str], ...] = ()
    """Our columns and theirs, for this run alone."""
    constants: tuple[tuple[str, str], ...] = ()
    """Our columns and what stands in each of their cells, for this run alone."""
    shop: str = ""
    """The shop whose mapping it is; "" for one that was asked for."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How to understand dates, and which rows are one customization."""

    timezone: ZoneInfo | None = None
    """The zone of dates that name none; `None` refuses such dates with a `UsageError`."""
    date_order: DateOrder | None = None
    """How dates such as 03/04/2026 are read; `None` where nobody said."""
    by_id: bool = False
    """Whether rows of one target are several customizations where they name several: always so in an export."""


@dataclass(frozen=True, slots=True)
class Tracker:
    """Where scopes go."""

    tracker_id: str
    """The shop's tracker, as the vendor numbers it."""
    base_url: str = DEFAULT_BASE_URL
    """The service: scheme and host, no path."""


@dataclass(frozen=True, slots=True)
class SendOptions:
    """How to send. Times in seconds, rates in requests a second."""

    concurrency: int = 5
    """How many requests are on their way at once."""
    timeout: float = 60.0
    """How long an answer may take."""
    connect_timeout: float = 10.0
    """How long a connection may take."""
    proxy: str | None = None
    """The proxy's address."""
    max_rate: float | None = None
    """How many requests a second are sent at most; `None` for as many as the service takes."""
    settle_time: float = 15.0
    """How long the service's list may lag behind a create."""
    date_window: float = 8.0
    """How long the service may accept a signed request: its tolerance for `Date`, with a margin."""
    patience: float = 600.0
    """Seconds without one success or refusal after which a run stops."""
    again: bool = False
    """Whether what this ledger knows as created is sent again."""
    create_beside: bool = False
    """Whether a customization is created though another one is live for its target."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one run."""

    reading: ReadOptions = field(default_factory=ReadOptions)
    """How to read the file."""
    mapping: MappingOptions = field(default_factory=MappingOptions)
    """How to read another system's sheet."""
    checking: CheckOptions = field(default_factory=CheckOptions)
    """How to understand its cells."""
    sending: SendOptions = field(default_factory=SendOptions)
    """How to send."""
    tracker: Tracker | None = None
    """Where a real import sends to; a rehearsal makes one up."""
    key: Secret | None = None
    """The key that a real import signs with; a rehearsal makes one up."""
    output: Path | None = None
    """Where the results go; `None` for the default name beside the input."""
    ledger: Path | None = None
    """The ledger's file; `None` for the user's own."""
    strict: bool = False
    """Whether one wrong row keeps all from being sent."""
    update: bool = False
    """Whether what is live is changed to what the sheet says."""
    yes_delete: int | None = None
    """How many customizations may be replaced or deleted without a person typing the number."""
    look: bool = True
    """Whether what is live is looked at before anything is sent."""
    sandbox: bool = False
    """Whether it is a rehearsal: the run starts a stand-in of the service."""
    shop: str = ""
    """The shop in force, whose settings are among these; "" for none."""
    hint: str = ""
    """What to say of shops where something is missing, or nothing; "" if there is nothing to say."""
