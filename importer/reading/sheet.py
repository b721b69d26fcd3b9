"""The last step of reading: the tables of a book become the `Sheet`, and notices say what was done with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from importer.catalogue import files
from importer.cells import Cell, column_letter, shown
from importer.columns import COLUMNS, PERIOD
from importer.headers import NEEDED, zone_in
from importer.model import ColumnKind, Notice, ReadFacts, Sheet, SheetColumn
from importer.reading.fill import fill_down, fill_merged
from importer.reading.header import foreign_columns, ignores, label, name_columns, nearest, refuse_lookalikes
from importer.reading.kinds import Counted
from importer.reading.no_pins import refuse_rows_above, take_out_blank, take_out_examples, take_out_headers
from importer.reading.one_cell import refuse_one_cell
from importer.reading.raw import SHEET_COLUMNS, SHEET_ROWS, RawBook, RefusalError
from importer.reading.summary import date_order, provenance, said_in
from importer.reading.table import Part, Table, cell_of, codes_of, frame_of
from importer.settings import ReadOptions

LOOKED_AT_CELLS = 500
"""Distinct cells that are looked at to see what an unread column holds."""

_WRAPPED = re.compile(r'\A="(.*)"\Z', re.DOTALL)
_PREFIXED = re.compile(r"\A'(?='*[=+\-@])")
_NO_PINS = {
    "repeated-headers": take_out_headers,
    "example-rows": take_out_examples,
    "blank-rows": take_out_blank,
}
"""The ways to take out rows that are no pins, by the catalogue's code for saying so."""


def sheet_of(
    book: RawBook, tables: Sequence[Table], options: ReadOptions, facts: ReadFacts, *, file: str, sha256: str
) -> Sheet:
    """Make the sheet of a book. Raises `RefusalError` for columns that are missing, misspelt or double, or no rows."""
    parts = [_part(tables[0], options, book.delimiter)]
    results = any(column.kind is ColumnKind.RESULT for column in parts[0].columns)
    if results:
        parts += [_part(table, options, book.delimiter) for table in tables[1:]]
        parts = list(map(_with_surplus, parts))
    columns = parts[0].columns
    if not any(len(part.table.rows) for part in parts):
        raise RefusalError("no-rows", row=facts.header_row)
    unread = book.unread(results=results)
    notices = _reading_notices(book, parts, facts, unread)
    if options.ignore_columns:
        notices += _ignoring_notices(columns, options)
    if options.theirs is None:
        notices += _leave_out(parts, facts)
        for part in parts:
            if part.unread:
                cells = {column: _some_cells(part.table, part.places[column.key]) for column in part.unread}
                refuse_lookalikes(part.columns, cells, options.ignore_columns)
    notices += _fill(parts, options)
    said = said_in(book.summary) if results and book.summary else {}
    meant = None if not book.delimiter else _unquoted if results else _unwrapped
    return Sheet(
        file=file,
        sha256=sha256,
        facts=replace(facts, non_empty_rows=sum(part.table.not_empty for part in parts)),
        columns=columns,
        frame=frame_of(columns, parts, meant),
        sheets=() if book.delimiter else tuple(part.table.raw.name for part in parts),
        surplus=_surplus(parts),
        swallowed=_swallowed(parts[0]) if parts[0].table.raw.swallowed else {},
        cut=_cut(parts[0].table),
        unread_columns=_unread_columns(parts),
        unread_sheets=tuple(unread),
        notices=tuple(notices),
        provenance=provenance(said) if said else None,
        date_order=date_order(said) if said else None,
    )


def _part(table: Table, options: ReadOptions, delimiter: str | None) -> Part:
    """Name the columns of a table. `delimiter` is that of a text file."""
    if table.header is None:
        missing = [column.name for column in COLUMNS if column.required]
        headers = [cell.text for cell in table.named if cell.text.strip()]
        if options.theirs is None:
            refuse_one_cell(headers, table.likeliest + 1, delimiter)
        near = nearest(headers, missing)
        raise RefusalError("no-header", missing=missing, headers=headers, nearest=near, row=table.likeliest + 1)
    named = [cell for cell in table.named if cell.text.strip() or _holds_data(table, cell.place)]
    try:
        columns = foreign_columns(named) if options.theirs is not None else name_columns(named, options.ignore_columns)
    except RefusalError as refusal:
        refusal.details.setdefault("row", table.header + 1)
        raise
    places = {column.key: cell.place for column, cell in zip(columns, named, strict=True)}
    return Part(table, columns, places, [column for column in columns if column.kind is ColumnKind.OTHER])


def _unread_columns(parts: Sequence[Part]) -> tuple[str, ...]:
    """List the columns that are not read: those that are not known, and those that only further sheets have."""
    unread = [label(column.header, column.letter) for column in parts[0].unread]
    for table, _, places, _ in parts[1:]:
        texts = {cell.place: cell.text for cell in table.named}
        own = places.keys() - {column.key for column in parts[0].columns}
        unread += [label(texts[place], column_letter(place)) for key, place in places.items() if key in own]
    return tuple(unread)


def _with_surplus(part: Part) -> Part:
    """Take the nameless columns to the right of a results sheet's own for cells past its header.

    They hold what stood past the header of an earlier input.
    """
    table, columns, places, unread = part
    last = max((places[column.key] for column in columns if column.kind is ColumnKind.RESULT), default=SHEET_COLUMNS)
    beyond = [column for column in columns if not column.header.strip() and places[column.key] > last]
    for column in beyond:
        cells = table.raw.columns[places[column.key]]
        for row in table.rows.tolist():
            cell = cell_of(cells.values[cells.codes[row]])
            if cell is not None:
                table.raw.surplus[row] = shown(cell)
    columns = tuple(column for column in columns if column not in beyond)
    return Part(table, columns, places, [column for column in unread if column not in beyond])


def _holds_data(table: Table, place: int) -> bool:
    return bool((~table.blank[place])[codes_of(table.raw.columns[place])[table.rows]].any())


def _some_cells(table: Table, place: int) -> Counted:
    """Count the first distinct cells of a column's data rows. The last is "" if rows are blank there."""
    column = table.raw.columns[place]
    counts = np.bincount(codes_of(column)[table.rows], minlength=len(column.values))
    used = np.flatnonzero(counts)[: LOOKED_AT_CELLS + 1].tolist()
    some = ((cell_of(column.values[code]), int(counts[code])) for code in used)
    filled = [(cell, count) for cell, count in some if cell is not None and shown(cell).strip()]
    blank = len(table.rows) - int((~table.blank[place])[codes_of(column)[table.rows]].sum())
    return [*filled, ("", blank)] if blank else filled


def _unwrapped(cell: Cell | None) -> Cell | None:
    """Read a CSV cell as it is meant: spreadsheets write `="00123"` to keep zeros."""
    if not isinstance(cell, str) or cell[0] != "=":
        return cell
    wrapped = _WRAPPED.match(cell)
    return (wrapped[1].replace('""', '"') or None) if wrapped else cell


def _unquoted(cell: Cell | None) -> Cell | None:
    """The same in our own results, which put a `'` before what a spreadsheet would take for a formula."""
    return cell[1:] if isinstance(cell, str) and _PREFIXED.match(cell) else _unwrapped(cell)


def _surplus(parts: Sequence[Part]) -> dict[int, str]:
    """Collect what rows hold past the last column, by their number in the frame."""
    surplus = {}
    for number, (table, _, _, _) in enumerate(parts):
        for row, text in table.raw.surplus.items():
            if table.header is None or row > table.header:
                surplus[row + 1 + number * SHEET_ROWS] = text
    return surplus


def _swallowed(part: Part) -> dict[int, tuple[str, int, int]]:
    """Collect the data rows that hold others in one cell. Headers and what is above them are no data rows."""
    keys = {place: key for key, place in part.places.items()}
    rows = set(part.table.rows.tolist())
    return {
        row + 1: (keys.get(place, ""), first, last)
        for row, (place, first, last) in part.table.raw.swallowed.items()
        if row in rows
    }


def _cut(table: Table) -> int | None:
    """The data row within which the file seems to break off."""
    row = table.raw.cut
    return None if row is None or row not in table.rows[-1:] else row + 1


def _reading_notices(book: RawBook, parts: Sequence[Part], facts: ReadFacts, unread: Sequence[str]) -> list[Notice]:
    """Say how the file was read; `unread` are the sheets that were not."""
    notices = [_text_notice(book, book.delimiter)] if book.delimiter else []
    if unread:
        unread_names = [files.HIDDEN.format(sheet=name) if name in book.hidden else name for name in unread]
        notices.append(files.notice("sheet", sheet=facts.sheet or "", others=unread_names))
    notices += [files.notice("pins-too", sheet=name) for name in book.alike if name in unread]
    if len(parts) > 1:
        notices.append(files.notice("results-sheets", sheets=[part.table.raw.name for part in parts]))
    groups = parts[0].table.groups
    if facts.header_row is not None and groups is not None:
        notices.append(files.notice("header-rows", upper=groups + 1, row=facts.header_row))
    elif facts.header_row is not None and facts.header_row > 1:
        notices.append(files.notice("header-row", row=facts.header_row))
    notices += [
        files.notice("zone-in-header", column=column.header, zone=zone)
        for column in parts[0].columns
        if column.key in PERIOD and (zone := zone_in(column.header))
    ]
    hidden = sum(part.table.raw.hidden_rows for part in parts)
    if hidden:
        notices.append(files.notice("hidden-rows" if hidden > 1 else "hidden-row", count=hidden))
    raw = parts[0].table.raw
    return notices + _notices_of_columns(parts[0]) if raw.hidden_columns or raw.changing else notices


def _notices_of_columns(part: Part) -> list[Notice]:
    """Say which filled columns are hidden, of those that a sheet may lack, and which hold dates that change."""
    raw = part.table.raw
    hidden = [
        column.header
        for column in part.columns
        if column.kind in (ColumnKind.KNOWN, ColumnKind.METADATA) and column.key not in NEEDED
        if any(first <= part.places[column.key] <= last for first, last in raw.hidden_columns)
        and _holds_data(part.table, part.places[column.key])
    ]
    notices = []
    if hidden:
        notices.append(files.notice("hidden-columns" if len(hidden) > 1 else "hidden-column", columns=hidden))
    for column in part.columns:
        row = raw.changing.get(part.places[column.key]) if column.key in PERIOD else None
        if row is not None and row > (part.table.header or 0):
            told = files.notice("changing-dates", column=column.header, cell=f"{column.letter}{row + 1}")
            notices.append(replace(told, severity="warning"))
    return notices


def _text_notice(book: RawBook, delimiter: str) -> Notice:
    words = {"encoding": files.encoding_name(book.encoding or ""), "delimiter": files.delimiter_name(delimiter)}
    if book.likelier:
        return files.doubtful_text(**words, likelier=book.likelier)
    if book.guessed is not None:
        return files.notice("text-guessed", **words, sample=book.guessed)
    return files.notice("text", **words)


def _leave_out(parts: Sequence[Part], facts: ReadFacts) -> list[Notice]:
    """Take out the rows that are no pins, and say which. Raises `RefusalError` if no other rows are left."""
    for table, _, places, _ in parts:
        if table.header:
            refuse_rows_above(table, places)
    found: dict[str, list[str]] = {}
    for code, take_out in _NO_PINS.items():
        for table, _, places, _ in parts:
            for row in take_out(table, places).tolist():
                label = f"{row + 1} ({table.raw.name})" if len(parts) > 1 else str(row + 1)
                found.setdefault(code, []).append(label)
    if not found:
        return []
    if not any(len(part.table.rows) for part in parts):
        raise RefusalError("only-examples" if "example-rows" in found else "only-blank-rows", row=facts.header_row)
    return [files.notice_of_rows(code, rows) for code, rows in found.items()]


def _ignoring_notices(columns: Sequence[SheetColumn], options: ReadOptions) -> list[Notice]:
    """Say which of the columns to ignore the sheet does not have."""
    unmatched = [
        name
        for name in options.ignore_columns
        if not any(ignores([name], column.header, column.letter) for column in columns)
    ]
    headers = [label(column.header, column.letter) for column in columns]
    return [files.notice("nothing-to-ignore", names=unmatched, headers=headers)] if unmatched else []


def _fill(parts: Sequence[Part], options: ReadOptions) -> list[Notice]:
    """Fill what is to be filled, and say so."""
    notices = []
    merged: dict[str, int] = {}
    for table, _, places, _ in parts:
        if table.raw.merged:
            for key, count in fill_merged(table, places).items():
                merged[key] = merged.get(key, 0) + count
    if merged:
        columns = [key for key in parts[0].places if key in merged]
        count = sum(merged.values())
        notices.append(files.notice("merged" if count > 1 else "merged-cell", count=count, columns=columns))
    filled = sum(fill_down(table, places) for table, _, places, _ in parts) if options.fill_down else 0
    if filled:
        notices.append(files.notice("filled-down", count=filled))
    return notices
