"""Headers that stand again on a sheet, and pins above them: no row is read under headers that are not its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from importer.cells import shown
from importer.columns import BY_NAME, METADATA_PREFIX
from importer.headers import known_name
from importer.reading.no_pins import Rows
from importer.reading.raw import Raw, RefusalError
from importer.reading.table import Table, cell_of, codes_of

ENOUGH = 2
"""So many names in one row are headers."""
_FEW = 5_000
_LONGEST = 200
_LIKE_A_NAME = re.compile("model|target|pin|position|widget|active|tags", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;\t|]")
_NEEDED = tuple(column for column in BY_NAME.values() if column.required)


def refuse_rows_above(table: Table, places: Mapping[str, int]) -> None:
    """Raises `RefusalError` where a whole pin stands above the headers: sorting the sheet has moved them."""
    for row in np.flatnonzero(table.filled[: table.header or 0]).tolist():
        if _is_pin(table, places, row):
            raise RefusalError("rows-above-header", row=row + 1, header=(table.header or 0) + 1)


def take_out_headers(table: Table, places: Mapping[str, int]) -> Rows:
    """Take out the rows that repeat the headers, as printed pages do; which rows, counted from 0.

    Raises `RefusalError` where a row has headers of another table: what the rows under it mean is not known.
    """
    own = {cell.place: name for cell in table.named if (name := _name(cell.text))}
    repeated = []
    for row, names in _named_rows(table, frozenset(cell.text for cell in table.named)).items():
        if _is_pin(table, places, row):
            continue
        if names != own:
            raise RefusalError("two-tables", row=(table.header or 0) + 1, other=row + 1)
        repeated.append(row)
    rows = np.array(repeated, dtype=np.int64)
    table.filled[rows] = False
    return rows


def _name(text: str) -> str | None:
    name = known_name(text)
    return name if name is not None and (name in BY_NAME or name.startswith(METADATA_PREFIX)) else None


def _named_rows(table: Table, headers: frozenset[str]) -> dict[int, dict[int, str]]:
    """The rows under the header that have two names of columns at least: the names by their places."""
    names = {place: _names_among(column.values, headers) for place, column in table.raw.columns.items()}
    hits = np.zeros(table.raw.rows, dtype=np.int32)
    for place, found in names.items():
        if found:
            column = table.raw.columns[place]
            is_name = np.zeros(len(column.values), dtype=np.int32)
            is_name[list(found)] = 1
            hits += is_name[codes_of(column)]
    beyond = {row: fields for row, text in table.raw.surplus.items() if (fields := _names_in(text))}
    rows = {*np.flatnonzero(hits >= ENOUGH).tolist(), *beyond}
    named = {}
    for row in sorted(row for row in rows if row > (table.header or 0)):
        codes = {place: table.raw.columns[place].codes[row] for place in names}
        here = {place: names[place][code] for place, code in codes.items() if code in names[place]}
        here |= dict(enumerate(beyond.get(row, ()), max(table.raw.columns, default=0) + 1))
        if len(set(here.values())) >= ENOUGH:
            named[row] = here
    return named


def _names_among(values: Sequence[Raw], headers: frozenset[str]) -> dict[int, str]:
    """Which distinct cells are names of columns. Among very many, only names as the headers or this page have them."""
    if len(values) > _FEW:
        usual = headers | BY_NAME.keys()
        likely = [place for place, cell in enumerate(values) if cell in usual]
    else:
        likely = [
            place
            for place, cell in enumerate(values)
            if type(cell) is str and len(cell) <= _LONGEST and _LIKE_A_NAME.search(cell)
        ]
    return {place: name for place in likely if (name := _name(str(values[place])))}


def _names_in(text: str) -> list[str]:
    """The names of columns in what stands past the header of a text file."""
    if not _LIKE_A_NAME.search(text):
        return []
    return [name for field in _SEPARATORS.split(text[: _LONGEST * 20]) if (name := _name(field.strip('"')))]


def _is_pin(table: Table, places: Mapping[str, int], row: int) -> bool:
    """Whether a row has all that a pin needs, and real words where only some are possible."""
    for column in _NEEDED:
        cells = table.raw.columns[places[column.name]]
        cell = cell_of(cells.values[cells.codes[row]])
        text = "" if cell is None else shown(cell).strip()
        if not text or (column.choices and text.casefold() not in column.choices):
            return False
    return True
