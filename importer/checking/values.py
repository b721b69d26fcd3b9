"""What a cell becomes: a typed value, or what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a cell has no usable value."""

    code: str
    """A code of `importer.catalogue.rows`."""
    detail: str = ""
    """What only this cell knows."""


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON value."""

    text: str
    """Compact, in the spelling of the cell."""
    canonical: str = field(compare=False)
    """Values with the same text here mean the same."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A date as the importer sends it."""

    text: str
    """ISO 8601 with an offset."""
    at: int = field(compare=False)
    """Milliseconds since 1970 UTC."""
    zoneless: bool = False
    """Whether the cell named no zone."""
    whole_day: bool = False
    """Whether the cell named no time of day."""


Typed = str | int | bool | tuple[str, ...] | Json | Instant


@dataclass(frozen=True, slots=True)
class CellWarning:
    """A usable value with a warning beside it."""

    value: Typed
    code: str
    """A code of `importer.catalogue.rows`."""
    detail: str = ""
    """What only this cell knows."""


Read = Typed | CellWarning | CellError | None
"""The result of reading a cell; `None` for one that holds nothing but blanks."""
