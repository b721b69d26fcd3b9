"""Turn an export into a sheet with one row per pin (pure).

This reads each distinct cell once, and makes the rows by the codes of their cells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.cells import Cell, Number, shown
from importer.columns import BY_NAME
from importer.headers import word_of
from importer.mapping.columns import Encoded, encode, take_rows, unite
from importer.mapping.explode import Pins, parallel, pins_of, without_entries
from importer.mapping.file import Block, Mapping, Source
from importer.mapping.find import Finder
from importer.mapping.identities import Tables, translate
from importer.mapping.notices import notices_of
from importer.mapping.number import numbered_by_order
from importer.mapping.one_offs import complete
from importer.model import ColumnKind, Origin, Sheet, SheetColumn

Fact = TypeVar("Fact")

_WHOLE = re.compile(r"[+-]?\d+")


@dataclass(frozen=True, slots=True)
class Made:
    """One block's pins."""

    pins: Pins
    cells: dict[str, Encoded]
    """By our column's name its cells."""
    sources: dict[str, NDArray[np.int16]]
    """By our column's name the place of the export's column that each cell comes from, -1 for none."""


def apply(sheet: Sheet, mapping: Mapping, tables: Tables | None = None) -> Sheet:
    """The pins of an export, a row each, in the order of the export.

    `tables` are the tables of identities that the mapping names, read. Raises `UsageError` where the sheet is not the
    one that the mapping is for, or lacks a column.
    """
    mapping = complete(mapping, sheet)
    find = Finder(sheet, mapping)
    find.refuse_other_sheet()
    on, off = find.switched_on()
    present = [block for block in mapping.blocks if find.has(block)]
    if not present:
        find.fail_without_block()
    made: list[Made] = []
    for block in present:
        made.append(_made(sheet, block, find, on & ~_has_pins(made, len(on)) if block.otherwise else on))
    rows = np.concatenate([each.pins.rows for each in made])
    gaps = _gaps(sheet, rows)
    order = np.argsort(np.concatenate([rows, gaps]), kind="stable")
    cells, sources = _joined(made, order, len(gaps))
    rows = np.concatenate([rows, gaps])[order]
    cells, counts = translate(cells, mapping, tables, sheet)
    if "position" in cells:
        cells["position"] = numbered_by_order(
            cells, np.concatenate([*(e.pins.by_order for e in made), gaps < 0])[order]
        )
    labels = sheet.frame.index.to_numpy().astype(np.int64)[rows]
    index = pd.RangeIndex(1, len(rows) + 1, name="row")
    names = [*filter(cells.__contains__, BY_NAME), *(name for name in cells if name not in BY_NAME)]
    frame = pd.DataFrame({name: cells[name].categorical() for name in names}, index=index, copy=False)
    used = find.used()
    return replace(
        sheet,
        columns=tuple(_column(name) for name in names),
        frame=frame,
        surplus=_at_first_pin(sheet.surplus, labels),
        swallowed={row: ("", *rest[1:]) for row, rest in _at_first_pin(sheet.swallowed, labels).items()},
        cut=None if sheet.cut is None else next(iter(_at_first_pin({sheet.cut: ""}, labels)), None),
        date_order=mapping.date_order,
        notices=(*sheet.notices, *notices_of(sheet, mapping, rows, off, find, counts)),
        unread_columns=tuple(find.label(column) for column in sheet.columns if column.key not in used),
        origin=_origin(sheet, mapping, labels, sources),
    )


def _origin(sheet: Sheet, mapping: Mapping, labels: NDArray[np.int64], sources: dict[str, NDArray[np.int16]]) -> Origin:
    columns = {name: (places, sheet.columns) for name, places in sources.items()}
    # Later steps only ask which rows there were, and what to call them. The cells would take much memory.
    sheet = replace(sheet, frame=sheet.frame[[]])
    return Origin(sheet, labels, columns, mapping.name, mapping.title)


def _column(name: str) -> SheetColumn:
    return SheetColumn(name, name, "", ColumnKind.KNOWN if name in BY_NAME else ColumnKind.METADATA)


# ── One block ───────────────────────────────────────────────────────────────────────────────────────────────


def _has_pins(made: Sequence[Made], rows: int) -> NDArray[np.bool_]:
    """Per row of the export whether a block has a pin in it."""
    found = np.zeros(rows, dtype=np.bool_)
    for each in made:
        found[each.pins.rows] = True
    return found


def _made(sheet: Sheet, block: Block, find: Finder, on: NDArray[np.bool_]) -> Made:
    """The pins of one block."""
    pinned = block.pinned
    pins = pins_of(sheet, find.columns(pinned) if pinned else (), pinned.split if pinned else "", on)
    cells: dict[str, Encoded] = {}
    sources: dict[str, NDArray[np.int16]] = {}
    for name, source in block.columns.items():
        if source is pinned:
            cells[name], sources[name] = _with_key(pins.cells, source.key), pins.places
        elif source.number:
            numbers = [Number(number + source.add) for number in find.numbers(pinned)]
            cells[name], sources[name] = encode(numbers, pins.places_among), pins.places
        elif found := find.columns(source):
            place, column = found[0]
            cells[name] = _field(sheet, source, column, pins)
            sources[name] = np.full(len(pins.rows), place, dtype=np.int16)
    for name, text in block.constants.items():
        cells[name] = Encoded([text] if text else [], np.zeros(len(pins.rows), np.int32) - (not text))
    _find_what_goes_by_order(block, cells, pins)
    for name, words in block.values.items():
        cells[name] = _in_our_words(cells.get(name, _empty(pins)), words)
    for name, text in block.defaults.items():
        cells[name] = _filled(cells.get(name, _empty(pins)), text)
    return Made(pins, cells, sources)


def _empty(pins: Pins) -> Encoded:
    return Encoded([], np.full(len(pins.rows), -1, np.int32))


def _find_what_goes_by_order(block: Block, cells: dict[str, Encoded], pins: Pins) -> None:
    """Mark pins without a position, and those of a row with an empty list of positions: their order numbers them."""
    source = block.columns.get("position")
    if "position" not in cells and "position" not in block.defaults:
        cells["position"] = _empty(pins)
        pins.by_order[:] = True
    elif source is not None and source.split and "position" not in block.defaults:
        pins.by_order[:] = without_entries(cells["position"], pins)


def _field(sheet: Sheet, source: Source, column: SheetColumn, pins: Pins) -> Encoded:
    """A column beside the pins: its cell whole, or the part that stands where the pin stands in its own list."""
    array = sheet.frame[column.key].array
    cells = parallel(array, source.split, pins) if source.split else take_rows(array, pins.rows)
    if source.add:
        cells = encode([_plus(cell, source.add) for cell in cells.cells], cells.codes)
    return _with_key(cells, source.key)


def _plus(cell: Cell, add: int) -> Cell:
    text = shown(cell).strip()
    return Number(int(text) + add) if _WHOLE.fullmatch(text) else cell


def _with_key(cells: Encoded, key: str) -> Encoded:
    """The cells as JSON objects with one key."""
    if not key:
        return cells
    return encode([json.dumps({key: shown(cell).strip()}, ensure_ascii=False) for cell in cells.cells], cells.codes)


def _in_our_words(cells: Encoded, words: Table[str, str]) -> Encoded:
    """Their words as ours; other cells stay as they are."""
    ours: list[Cell | None] = [words.get(word_of(shown(cell)), cell) or None for cell in cells.cells]
    return encode([*ours, words.get("") or None], np.where(cells.codes < 0, len(cells.cells), cells.codes))


def _filled(cells: Encoded, text: str) -> Encoded:
    """The column with a text where it is empty."""
    return encode([*cells.cells, text], np.where(cells.codes < 0, len(cells.cells), cells.codes))


# ── All blocks ──────────────────────────────────────────────────────────────────────────────────────────────


def _joined(
    made: Sequence[Made], order: NDArray[np.int64], gaps: int
) -> tuple[dict[str, Encoded], dict[str, NDArray[np.int16]]]:
    """Columns over the pins of all blocks and the rows that only stand for a gap, in the order of the export."""
    nothing = Encoded([], np.full(gaps, -1, np.int32))
    cells: dict[str, Encoded] = {}
    sources: dict[str, NDArray[np.int16]] = {}
    for name in dict.fromkeys(name for each in made for name in each.cells):
        parts = [each.cells.get(name) or Encoded([], np.full(len(each.pins.rows), -1, np.int32)) for each in made]
        cells[name] = unite([*parts, nothing], order)
        if any(name in each.sources for each in made):
            places = [each.sources.get(name, np.full(len(each.pins.rows), -1, np.int16)) for each in made]
            sources[name] = np.concatenate([*places, np.full(gaps, -1, np.int16)])[order]
    return cells, sources


def _gaps(sheet: Sheet, rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """Rows without a pin that hold unread text: the mapped sheet keeps them, with empty cells, for their problem."""
    odd = sheet.frame.index.get_indexer(pd.Index([*sheet.surplus, *sheet.swallowed], dtype="int64"))
    return np.setdiff1d(odd[odd >= 0], rows).astype(np.int32)


def _at_first_pin(facts: Table[int, Fact], labels: NDArray[np.int64]) -> dict[int, Fact]:
    """Facts about the export's rows, moved to the first pin of each row."""
    rows = np.fromiter(facts, dtype=np.int64, count=len(facts))
    at = np.minimum(np.searchsorted(labels, rows), max(len(labels) - 1, 0))
    there = labels[at] == rows if len(labels) else np.zeros(len(rows), np.bool_)
    found = zip(at.tolist(), there.tolist(), facts.values(), strict=True)
    return {place + 1: fact for place, is_there, fact in found if is_there}
