"""Takes out rows that are no pins: headers that stand again, the template's examples, nothing but what was filled down.

A sheet is refused where it is not clear which headers a row has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from importer.cells import Cell, Moment, shown
from importer.columns import BY_NAME, CellType
from importer.headers import ENOUGH_KNOWN, known_name
from importer.reading.header import Named
from importer.reading.raw import Raw, RefusalError
from importer.reading.table import Table, cell_of, codes_of, is_ours, text_at
from importer.template_rows import EXAMPLES

Rows = NDArray[np.int64]

_FEW = 5_000
"""Up to this number of distinct cells, each is looked at for a name."""
_LONGEST = 200
_LIKE_A_NAME = re.compile("model|target|pin|position|widget|active|tags", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;\t|]")
_NEEDED = tuple(column for column in BY_NAME.values() if column.required)
_LONGEST_DATE = 30
_DIGITS = re.compile("[0-9]+")


def refuse_rows_above(table: Table, places: Mapping[str, int]) -> None:
    """Refuse a sheet with a whole pin above its headers: sorting the sheet moved them. Raises `RefusalError`."""
    for row in np.flatnonzero(table.filled[: table.header or 0]).tolist():
        if _is_pin(table, places, row):
            raise RefusalError("rows-above-header", row=row + 1, header=(table.header or 0) + 1)


def take_out_headers(table: Table, places: Mapping[str, int]) -> Rows:
    """Take out the rows that repeat the headers, as printed pages do; which rows, counted from 0.

    Raises `RefusalError` for a row with the headers of another table: nobody knows what the rows under it mean.
    """
    repeated = []
    for row, names in _named_rows(table).items():
        if _is_pin(table, places, row):
            continue
        if names != {cell.place: name for cell in table.named if (name := _name(cell.text))}:
            raise RefusalError("two-tables", row=(table.header or 0) + 1, other=row + 1)
        repeated.append(row)
    rows = np.array(repeated, dtype=np.int64)
    table.filled[rows] = False
    return rows


def take_out_examples(table: Table, places: Mapping[str, int]) -> Rows:
    """Take out the template's example rows that were left unchanged; which rows, counted from 0."""
    rows = table.rows
    found = np.zeros(len(rows), dtype=np.bool_)
    for example in EXAMPLES:
        if example.keys() <= places.keys():
            found |= _is_example(table, places, rows, example)
    found &= ~np.isin(rows, list(table.raw.surplus))
    table.filled[rows[found]] = False
    return rows[found]


def take_out_blank(table: Table, places: Mapping[str, int]) -> Rows:
    """Take out the rows without any cell of a pin or target; which rows, counted from 0.

    Flags, the words of drop-downs and columns that are not ours are often filled down below the last pin.
    """
    rows = table.rows
    empty = np.ones(len(rows), dtype=np.bool_)
    empty[np.isin(rows, [*table.raw.surplus, *table.raw.swallowed])] = False
    for key, place in places.items():
        column = table.raw.columns.get(place)
        known = BY_NAME.get(key)
        if column is None or not is_ours(key) or (known and known.cell is CellType.YES_NO) or not empty.any():
            continue
        filled = ~table.blank[place]
        if known and known.choices:
            filled[[code for code, cell in enumerate(column.values) if _is_word(cell, known.choices)]] = False
        empty &= ~filled[codes_of(column)[rows]]
    table.filled[rows[empty]] = False
    return rows[empty]


def _is_example(table: Table, places: Mapping[str, int], rows: Rows, example: Mapping[str, Cell]) -> NDArray[np.bool_]:
    """Tell for each row whether all its cells are the example's. The rarest cells are compared first."""
    left = np.ones(len(rows), dtype=np.bool_)
    for key in sorted(filter(is_ours, places), key=lambda key: not key.endswith(("_metadata", "_criteria"))):
        column = table.raw.columns.get(places[key])
        if column is None:
            left &= key not in example
        else:
            wanted = example.get(key)
            same = table.blank[places[key]] if wanted is None else [_is_cell(cell, wanted) for cell in column.values]
            left &= np.array(same, dtype=np.bool_)[codes_of(column)[rows]]
        if not left.any():
            break
    return left


def _is_cell(raw: Raw, wanted: Cell) -> bool:
    """Whether a cell shows what another does. Programs that save a template show its date in ways of their own."""
    if isinstance(wanted, str):
        return isinstance(raw, str) and raw.strip() == wanted
    cell = cell_of(raw)
    text = "" if cell is None else shown(cell).strip()
    if isinstance(wanted, Moment):
        return len(text) <= _LONGEST_DATE and _numbers(text) == _numbers(shown(wanted))
    return text == shown(wanted)


def _numbers(text: str) -> list[int]:
    return sorted(filter(None, map(int, _DIGITS.findall(text))))


def _is_word(cell: Raw, words: tuple[str, ...]) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in words


def _named_rows(table: Table) -> dict[int, dict[int, str]]:
    """Find the rows under the header with at least two names of columns: the names by their places."""
    names: dict[int, dict[int, str]] = {}
    hits = np.zeros(table.raw.rows, dtype=np.int32)
    for place, column in table.raw.columns.items():
        names[place] = _names_among(column.values, table.named)
        if names[place]:
            is_name = np.zeros(len(column.values), dtype=np.int32)
            is_name[list(names[place])] = 1
            hits += is_name[codes_of(column)]
    hits[: (table.header or 0) + 1] = 0
    beyond: dict[int, list[str]] = {}
    for row, text in table.raw.surplus.items():
        if row > (table.header or 0) and (fields := _names_in(text)):
            beyond[row] = fields
    named = {}
    for row in sorted({*np.flatnonzero(hits >= ENOUGH_KNOWN).tolist(), *beyond}):
        codes = {place: table.raw.columns[place].codes[row] for place in names}
        here = {place: names[place][code] for place, code in codes.items() if code in names[place]}
        here |= dict(enumerate(beyond.get(row, ()), max(table.raw.columns, default=0) + 1))
        if len(set(here.values())) >= ENOUGH_KNOWN:
            named[row] = here
    return named


def _names_among(cells: Sequence[Raw], headers: Sequence[Named]) -> dict[int, str]:
    """Find the distinct cells that name columns. Among very many, a name counts only as the headers or we spell it."""
    if len(cells) > _FEW:
        usual = {*BY_NAME, *(cell.text for cell in headers)}
        likely = [code for code, cell in enumerate(cells) if cell in usual]
    else:
        likely = [
            code
            for code, cell in enumerate(cells)
            if type(cell) is str and len(cell) <= _LONGEST and _LIKE_A_NAME.search(cell)
        ]
    names = {}
    for code in likely:
        name = _name(str(cells[code]))
        if name is not None:
            names[code] = name
    return names


def _names_in(text: str) -> list[str]:
    """Find the names of columns in what stands past the header of a text file."""
    if not _LIKE_A_NAME.search(text):
        return []
    return [name for field in _SEPARATORS.split(text[: _LONGEST * 20]) if (name := _name(field.strip('"')))]


def _name(text: str) -> str | None:
    """The column of ours that a text names."""
    name = known_name(text)
    return name if name is not None and is_ours(name) else None


def _is_pin(table: Table, places: Mapping[str, int], row: int) -> bool:
    """Whether a row has all that a pin needs, and real words where only some are possible."""
    for column in _NEEDED:
        text = text_at(table.raw.columns[places[column.name]], row).strip()
        if not text or (column.choices and text.casefold() not in column.choices):
            return False
    return True
