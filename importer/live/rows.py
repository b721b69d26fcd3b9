"""A live customization as rows of a sheet: one for each pin, and one where it has none (pure).

Each cell is read back here as a sheet's cell is read. What would come back as something else is written so that it
cannot be read at all: then the row says so when the sheet is imported, and nothing is ever changed unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from importer.canonical import PIN_FIELDS, SCOPE_FIELDS, is_empty
from importer.catalogue.export import ODD
from importer.cells import LONGEST_TEXT, Cell, Number
from importer.checking.coercion import reader_of
from importer.checking.dates import timespec_of
from importer.checking.values import CellError, CellWarning, Instant, Json
from importer.columns import (
    ABOUT_LIVE,
    COLUMNS,
    CUSTOMIZATION_ID,
    LIVE_VERSION,
    METADATA,
    NO,
    PINS,
    YES,
    CellType,
    Column,
)
from importer.settings import CheckOptions

if TYPE_CHECKING:
    from importer.live.customization import Live

ABOUT = (CUSTOMIZATION_ID, LIVE_VERSION, *ABOUT_LIVE)
"""Columns of an export behind those of pins and targets."""

OF_THE_SERVICE = frozenset({"id", "created_at", "creator", "available"})
"""Fields of a customization that an export shows beside what is pinned, or that name it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One customization, as an export has it."""

    rows: tuple[tuple[Cell | None, ...], ...]
    """A cell for each column of `header`."""
    odd: frozenset[str] = frozenset()
    """The columns some cell of which cannot be read back: the value is none that a sheet can hold."""
    unknown: frozenset[str] = frozenset()
    """Fields that have a value and no column."""


class Rows:
    """Makes the rows of customizations. Dates are shown in a zone, each with its offset from UTC."""

    def __init__(self, zone: tzinfo, *, with_metadata: bool = True) -> None:
        """Without metadata there is no column for them: where nobody shows them, an empty cell would say that there
        are none."""
        self._zone = zone
        self._columns = [column for column in COLUMNS if with_metadata or column.name != METADATA]
        self._scope = {column.name: _Writer(column, zone) for column in self._columns if column.level == "scope"}
        self._pin = {column.name: _Writer(column, zone) for column in self._columns if column.level == "pin"}

    @property
    def header(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return (*(column.name for column in self._columns), *ABOUT)

    def of(self, live: Live) -> Exported:
        """The rows of one customization. Never raises for what a service may answer."""
        odd: set[str] = set()
        shared = {name: writer.cell(live.fields.get(name), odd) for name, writer in self._scope.items()}
        about = (live.id, live.version or None, live.created_at or None, live.creator or None, _word(live.available))
        rows = []
        for pin in _pins(live.fields):
            own = {name: writer.cell(pin.get(name), odd) for name, writer in self._pin.items()}
            cells = shared | own
            rows.append((*(cells[column.name] for column in self._columns), *about))
        return Exported(tuple(rows), frozenset(odd), frozenset(self._unknown(live.fields)))

    def _unknown(self, fields: Mapping[str, Any]) -> Iterator[str]:
        known = {*SCOPE_FIELDS, PINS, *OF_THE_SERVICE}
        yield from (name for name, value in fields.items() if name not in known and value is not None)
        if METADATA not in self._scope and not is_empty(fields.get(METADATA)):
            yield METADATA
        pins = fields.get(PINS)
        for pin in pins if isinstance(pins, list) else ():
            if isinstance(pin, dict):
                known_of_pin = {*PIN_FIELDS, *OF_THE_SERVICE}
                yield from (
                    f"{PINS}.{name}" for name, value in pin.items() if name not in known_of_pin and value is not None
                )


def _pins(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The pins; one without anything where there is none. What is no pin stands where a position does, as no number,
    and so do pins that nobody shows."""
    found = fields.get(PINS, [None])
    if is_empty(found):
        return [{}]
    pins = found if isinstance(found, list) else [[found]]
    return [pin if isinstance(pin, dict) and pin else {"position": [pin]} for pin in pins]


def _word(available: bool | None) -> str | None:  # noqa: FBT001 - a value, as the service says it
    return None if available is None else YES if available else NO


class _Writer:
    """Makes the cells of one column."""

    def __init__(self, column: Column, zone: tzinfo) -> None:
        self._column = column
        self._zone = zone
        self._read = reader_of(column.cell, CheckOptions())
        self._text = {**SCOPE_FIELDS, **PIN_FIELDS}[column.name]
        self._known: dict[tuple[type, Any], tuple[Cell, bool]] = {}

    def cell(self, value: Any, odd: set[str]) -> Cell | None:
        """The cell of a value, `None` for one that is as good as missing; its column among `odd` where it cannot be
        read back."""
        if is_empty(value):
            return None
        key = (type(value), value) if isinstance(value, str | int) else None
        found = self._known.get(key) if key is not None else None
        if found is None:
            found = self._made(value)
            if key is not None:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[key] = found
        if not found[1]:
            odd.add(self._column.name)
        return found[0]

    def _made(self, value: Any) -> tuple[Cell, bool]:
        """The cell, and whether it comes back as the value."""
        refused = None
        try:
            for candidate in self._candidates(value):
                read = self._read(candidate)
                read = read.value if isinstance(read, CellWarning) else read
                if self._is_refused(read):
                    refused = candidate if refused is None else refused
                elif self._text(value) == self._text(_plain(read)):
                    return candidate, len(str(candidate)) <= LONGEST_TEXT
        except (RecursionError, ValueError, OverflowError):
            refused = None
        return self._unreadable(value) if refused is None else refused, False

    def _candidates(self, value: Any) -> Iterator[Cell]:
        """Cells that may be read as the value, the plainest first."""
        match self._column.cell, value:
            case CellType.POSITION, int() | float() if not isinstance(value, bool) and value == int(value):
                yield Number(int(value))
            case CellType.YES_NO, True:
                yield YES
            case CellType.JSON_OBJECT, dict():
                yield json.dumps(value, ensure_ascii=False)
            case CellType.TAGS, list() if all(isinstance(tag, str) for tag in value):
                yield ", ".join(value)
                yield json.dumps(value, ensure_ascii=False)
            case CellType.FROM | CellType.TO, str():
                yield from self._dates(value)
            case CellType.TEXT | CellType.IDENTITY | CellType.CHOICE, str():
                yield value

    def _dates(self, text: str) -> Iterator[str]:
        """A date as people read it, in the zone of the export, or as it came."""
        try:
            moment = datetime.fromisoformat(text)
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(self._zone)
        except (ValueError, OverflowError):
            pass
        else:
            yield moment.isoformat(" ", timespec_of(moment))
        yield text

    def _is_refused(self, read: Any) -> bool:
        return isinstance(read, CellError) or bool(self._column.choices and read not in self._column.choices)

    def _unreadable(self, value: Any) -> str:
        """A value as a cell that no column takes: a line break, or for tags a JSON object, stands in it."""
        if self._column.cell is CellType.TAGS:
            return _json({ODD: value})
        return f"{_json(value)}\n{ODD}"


_KEPT = 20_000
"""Values of a column whose cells are kept; more are made again."""


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "{}"


def _plain(read: Any) -> Any:
    """What was read of a cell, as JSON has it."""
    match read:
        case Json(text):
            return json.loads(text)
        case Instant(text):
            return text
        case tuple():
            return list(read)
        case _:
            return read
