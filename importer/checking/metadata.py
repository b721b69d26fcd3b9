"""Metadata of a target, which may stand on any row of a scope, in one column or in one for each key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from importer.checking.coercion import Coerced
from importer.checking.json_cells import members
from importer.checking.keys import Codes, combined, first_of_each, numbered
from importer.checking.problems import Collector
from importer.checking.values import Json, Typed
from importer.columns import METADATA, METADATA_PREFIX
from importer.projection import canonical_metadata_text


@dataclass(frozen=True)
class _Entries:
    """Every value of a metadata key on every row: row, key, value and the column it stands in, as numbers."""

    row: Codes
    key: Codes
    value: Codes
    column: Codes
    keys: list[str]
    columns: list[str]


def check_metadata(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32], found: Collector) -> None:
    """Two different values of one key in one scope: named on both rows, or once where both stand on one row."""
    entries = _entries(coerced, of_row)
    if not len(entries.row):
        return
    pair = combined([(of_row[entries.row], len(of_row)), (entries.key, len(entries.keys))])
    number, count = numbered(pair)
    first = first_of_each(number, count)[number]
    differs = np.flatnonzero(entries.value != entries.value[first])
    _tell(entries, differs, first[differs], found)


def _tell(entries: _Entries, one: Codes, other: Codes, found: Collector) -> None:
    same_row = entries.row[one] == entries.row[other]
    apart = ~same_row
    _add("metadata-twice", entries, one[same_row], None, found)
    _add("metadata-conflict", entries, one[apart], other[apart], found)
    # the first row of all is told once, about the first that contradicts it
    back, at = np.unique(other[apart], return_index=True)
    _add("metadata-conflict", entries, back, one[apart][at], found)


def _add(code: str, entries: _Entries, at: Codes, others: Codes | None, found: Collector) -> None:
    for number, column in enumerate(entries.columns):
        mine = entries.column[at] == number
        chosen = at[mine]
        found.add(
            code,
            column,
            entries.row[chosen],
            others=None if others is None else entries.row[others[mine]],
            details=entries.keys,
            which=entries.key[chosen],
        )


def _entries(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32]) -> _Entries:
    """All entries of the rows whose scope is known, in the order of the rows."""
    keys: dict[str, int] = {}
    values: dict[str, int] = {}
    columns = [name for name in coerced if name == METADATA or name.startswith(METADATA_PREFIX)]
    parts = [_of_column(coerced[name], _keyed(name), of_row, keys, values) for name in columns]
    rows, key, value = (np.concatenate([part[of] for part in parts] or [np.empty(0, np.int64)]) for of in range(3))
    column = np.repeat(np.arange(len(columns)), [len(part[0]) for part in parts])
    order = np.argsort(rows, kind="stable")
    return _Entries(rows[order], key[order], value[order], column[order], list(keys), columns)


def _keyed(name: str) -> str | None:
    """The key a column is for; `None` for the column of whole objects."""
    return None if name == METADATA else name.removeprefix(METADATA_PREFIX)


def _of_column(
    column: Coerced, key: str | None, of_row: NDArray[np.int32], keys: dict[str, int], values: dict[str, int]
) -> tuple[Codes, Codes, Codes]:
    """The rows of a column's entries, and the numbers of their keys and values."""
    pairs = [[*_pairs(value, key)] for value in column.values]
    starts = np.cumsum([0, *map(len, pairs)])
    key_of = np.array([keys.setdefault(k, len(keys)) for found in pairs for k, _ in found], dtype=np.int64)
    value_of = np.array([values.setdefault(v, len(values)) for found in pairs for _, v in found], dtype=np.int64)
    rows = np.flatnonzero((column.codes >= 0) & (of_row >= 0))
    codes = column.codes[rows]
    lengths = starts[codes + 1] - starts[codes]
    ends = np.cumsum(lengths)
    flat = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths - starts[codes], lengths)
    return np.repeat(rows, lengths), key_of[flat], value_of[flat]


def _pairs(value: Typed, key: str | None) -> list[tuple[str, str]]:
    """The keys of a typed cell with the canonical text of their values."""
    assert isinstance(value, Json)  # noqa: S101 - metadata columns hold nothing else
    if key is not None:
        return [(key, value.canonical)]
    return [(name, canonical_metadata_text(text)) for name, text in members(value.text)]
