"""What a cell becomes: a typed value, or what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a cell has no usable value: a code of `importer.catalogue.rows`, and what only this cell knows."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON value: `text` is compact and keeps people's spelling; values with equal `canonical` are equal."""

    text: str
    canonical: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Instant:
    """A date as it is sent: `text` in ISO 8601 with an offset, `at` in milliseconds since 1970 UTC.

    `zoneless` says that the cell named no zone, `whole_day` that it named no time of day.
    """

    text: str
    at: int = field(compare=False)
    zoneless: bool = False
    whole_day: bool = False


Typed = str | int | bool | tuple[str, ...] | Json | Instant


@dataclass(frozen=True, slots=True)
class CellWarning:
    """A usable value with a warning beside it."""

    value: Typed
    code: str
    detail: str = ""


Read = Typed | CellWarning | CellError | None
"""What reading a cell comes to; `None` is a cell that holds nothing but blanks."""
