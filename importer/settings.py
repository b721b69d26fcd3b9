"""What a run is told, frozen. Only `importer.cli` turns arguments and environment into these values."""

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
    """How much one file may cost before it is refused (cells, bytes once unpacked, seconds, bytes of memory)."""

    cells: int = 60_000_000
    unpacked_bytes: int = 4 * 1024**3
    seconds: float = 120.0
    memory_bytes: int = 3 * 1024**3


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the file; `None` means by evidence."""

    sheet: str | None = None
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
    """How to understand dates, and which rows are one customization.

    `timezone` is the zone of dates that name none; `None` refuses such dates with a `UsageError`.
    """

    timezone: ZoneInfo | None = None
    date_order: DateOrder | None = None
    by_id: bool = False
    """Whether rows of one target are several customizations where they name several: always so in an export."""


@dataclass(frozen=True, slots=True)
class Tracker:
    """Where scopes go: the tracker and the base URL (scheme and host, no path)."""

    tracker_id: str
    base_url: str = DEFAULT_BASE_URL


@dataclass(frozen=True, slots=True)
class SendOptions:
    """How to send. Times in seconds, rates in requests a second.

    `date_window` is how long a signed request can be accepted by the server (its `Date` tolerance with a
    margin); `settle_time` is how long its list may lag behind a create.
    """

    concurrency: int = 5
    timeout: float = 60.0
    connect_timeout: float = 10.0
    proxy: str | None = None
    max_rate: float | None = None
    settle_time: float = 15.0
    date_window: float = 8.0
    patience: float = 600.0
    """Seconds without one success or refusal after which a run stops."""
    again: bool = False
    create_beside: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything one run is told.

    `tracker` and `key` are needed for a real import only. With `sandbox` the run starts its own stand-in
    server, and they are made up. `ledger` of `None` is the user's own ledger; `output` of `None` the default name
    beside the input.
    """

    reading: ReadOptions = field(default_factory=ReadOptions)
    mapping: MappingOptions = field(default_factory=MappingOptions)
    checking: CheckOptions = field(default_factory=CheckOptions)
    sending: SendOptions = field(default_factory=SendOptions)
    tracker: Tracker | None = None
    key: Secret | None = None
    output: Path | None = None
    ledger: Path | None = None
    strict: bool = False
    update: bool = False
    """Whether what is live is changed to what the sheet says."""
    yes_delete: int | None = None
    """How many customizations may be replaced or deleted without a person typing the number."""
    look: bool = True
    """Whether what is live is looked at before anything is sent."""
    sandbox: bool = False
    shop: str = ""
    """The shop in force, whose settings are among these; "" for none."""
    hint: str = ""
    """What to say of shops where something is missing, or nothing; "" if there is nothing to say."""
