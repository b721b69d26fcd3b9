"""Reduce customizations to the content by which to compare them (pure).

At the contract's own fields, a missing field, null, false, "", [] and {} are equal. The order of keys, tags and pins
does not count (a pin's position says where it goes), nor does the spelling of numbers and dates. Fields that the
contract's "Request body attributes" and "Pin object attributes" do not name (`id`, `creator`, `created_at`,
`available`, IDs of pins …) do not count either. The contract is at
https://docs.luigisbox.com/recommendations/customization/create-customization
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from json.encoder import encode_basestring
from math import inf
from typing import Any

from importer.columns import METADATA, PIN_COLUMNS, PINS, SCOPE_COLUMNS, CellType, Column

FARTHEST = 2**53
"""Past it, on either side, only their texts order positions: two such numbers can be one float."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - arithmetic without zones cannot overflow at the year 9999
_FLAGS = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_NO_OFFSET = timedelta(0)
_MICROSECOND = timedelta(microseconds=1)


def canonical_projection(customization: Mapping[str, Any]) -> bytes:
    """The comparable content of a customization, as a client sends it or a server answers it.

    Takes anything that `json.loads` returns: a field of an unexpected type counts as it is.
    Raises `RecursionError` for values nested deeper than Python can follow.
    """
    return _fields(customization, SCOPE_FIELDS).encode("utf-8", "surrogatepass")


def earlier_projections(customization: Mapping[str, Any]) -> Iterator[bytes]:
    """What earlier versions made of this content: pins in the order that they have, metadata by its JSON, or both."""
    for pins, metadata in (
        (_pins_as_they_stand, canonical_metadata),
        (_pins, canonical_json),
        (_pins_as_they_stand, canonical_json),
    ):
        yield _fields(customization, {**SCOPE_FIELDS, PINS: pins, METADATA: metadata}).encode("utf-8", "surrogatepass")


def canonical_json(value: object) -> str:
    """A JSON value as text: keys sorted, numbers by value; equal texts mean equal values."""
    match value:
        case str():
            return encode_basestring(value)
        case dict():
            members = (f"{encode_basestring(key)}:{canonical_json(value[key])}" for key in sorted(value))
            return "{" + ",".join(members) + "}"
        case list():
            return "[" + ",".join(map(canonical_json, value)) + "]"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return json.dumps(value)


def canonical_metadata(value: object) -> str:
    """Metadata of a target: a number, true or false is the same as the text that a cell shows for it.

    Only the values of the keys themselves, not what stands deeper.
    """
    if not isinstance(value, dict):
        return canonical_json(value)
    members = (f"{encode_basestring(key)}:{canonical_metadata_value(value[key])}" for key in sorted(value))
    return "{" + ",".join(members) + "}"


def canonical_metadata_value(value: object) -> str:
    """The value of one metadata key, by what a cell shows of it: 42 is "42", and true is "TRUE"."""
    match value:
        case str():
            return encode_basestring(value.lower() if value in _FLAGS else value)
        case bool():
            return '"true"' if value else '"false"'
        case int() | float():
            return f'"{_shown_number(value)}"'
        case _:
            return canonical_json(value)


def canonical_metadata_text(text: str) -> str:
    """The canonical text of one key's value that is spelled in JSON."""
    return canonical_metadata_value(json.loads(text))


def _shown_number(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return f"{Decimal(repr(value)):f}"


def canonical_tags(tags: object) -> str:
    """Tags without their order."""
    if not isinstance(tags, list | tuple):
        return canonical_json(tags)
    return "[" + ",".join(sorted(map(canonical_json, tags))) + "]"


def canonical_date(date: object) -> str:
    """A date as the instant that it names, in any offset; one without an offset is UTC."""
    if not isinstance(date, str):
        return canonical_json(date)
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return canonical_json(date)
    since_epoch = moment.replace(tzinfo=None) - _EPOCH - (moment.utcoffset() or _NO_OFFSET)
    return str(since_epoch // _MICROSECOND)


def is_empty(value: object) -> bool:
    """Whether a field of the contract with this value is as good as missing. 0 is a value: it blocks."""
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)


def _fields(found: Mapping[str, Any], fields: Mapping[str, Callable[[Any], str]]) -> str:
    parts = [f'"{name}":{text(found[name])}' for name, text in fields.items() if not is_empty(found.get(name))]
    return "{" + ",".join(parts) + "}"


def _pins(pins: object) -> str:
    if not isinstance(pins, list):
        return canonical_json(pins)
    texts = sorted(map(_pin, pins))
    return "[" + ",".join(text for _, text in texts) + "]"


def _pins_as_they_stand(pins: object) -> str:
    return "[" + ",".join(_pin(pin)[1] for pin in pins) + "]" if isinstance(pins, list) else canonical_json(pins)


def _pin(pin: object) -> tuple[float, str]:
    """A pin's position and text, which give the order of pins; one without a usable position is last."""
    if not isinstance(pin, dict):
        return inf, canonical_json(pin)
    position = pin.get("position")
    if isinstance(position, bool) or not isinstance(position, int | float) or not abs(position) <= FARTHEST:
        position = inf
    return position, _fields(pin, PIN_FIELDS)


def _compared(column: Column) -> Callable[[Any], str]:
    """The function that makes the values of a column comparable."""
    if column.name == METADATA:
        return canonical_metadata
    return _BY_CELL.get(column.cell, canonical_json)


_BY_CELL: Mapping[CellType, Callable[[Any], str]] = {
    CellType.TAGS: canonical_tags,
    CellType.FROM: canonical_date,
    CellType.TO: canonical_date,
}

PIN_FIELDS: Mapping[str, Callable[[Any], str]] = {column.name: _compared(column) for column in PIN_COLUMNS}
"""The fields of a pin in the order of the table of columns, each with the function that makes it comparable."""

SCOPE_FIELDS: Mapping[str, Callable[[Any], str]] = {column.name: _compared(column) for column in SCOPE_COLUMNS} | {
    PINS: _pins
}
"""The same of a customization, its pins last."""
