"""The last step of reading: tables found in a book, and their columns, become the `Sheet`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import get_args

import numpy as np

from importer.catalogue import files
from importer.cells import Cell, column_letter, shown
from importer.columns import (
    BASE_URL,
    BY_NAME,
    CALENDAR_SHEET,
    COLUMNS,
    DATE_ORDER,
    NO,
    PLAN_SHEET,
    PROBLEMS_SHEET,
    REHEARSAL,
    SCOPES_SHEET,
    TRACKER,
    YES,
    CellType,
)
from importer.headers import zone_in
from importer.model import ColumnKind, Notice, Provenance, ReadFacts, Sheet, SheetColumn
from importer.reading.fill import fill_down, fill_merged
from importer.reading.header import (
    foreign_columns,
    ignores,
    is_results,
    label,
    name_columns,
    nearest,
    refuse_lookalikes,
)
from importer.reading.lookalike import Counted
from importer.reading.more_headers import refuse_rows_above, take_out_headers
from importer.reading.no_pins import Rows, take_out_blank, take_out_examples
from importer.reading.raw import SHEET_COLUMNS, SHEET_ROWS, RawBook, RawSheet, RefusalError
from importer.reading.table import Table, cell_of, codes_of, frame_of, is_blank, table_of
from importer.settings import DateOrder, ReadOptions

LOOKED_AT_CELLS = 500
"""Distinct cells that are looked at to tell what an unread column holds."""

_WRAPPED = re.compile(r'\A="(.*)"\Z', re.DOTALL)
_PREFIXED = re.compile(r"\A'(?='*[=+\-@])")


def facts_of(book: RawBook, tables: Sequence[Table]) -> ReadFacts:
    """How the file was read, as far as its columns are not yet known."""
    first = tables[0]
    return ReadFacts(
        format=book.format,
        encoding=book.encoding,
        delimiter=book.delimiter,
        sheet=None if book.delimiter else first.raw.name,
        header_row=None if first.header is None else first.header + 1,
        non_empty_rows=first.not_empty,
    )


def sheet_of(
    book: RawBook, tables: Sequence[Table], options: ReadOptions, facts: ReadFacts, *, file: str, sha256: str
) -> Sheet:
    """The sheet of a book. Raises `RefusalError` for columns that are missing, misspelt or double, or no rows."""
    columns, places = _columns(tables[0], options)
    results = is_results(columns)
    parts = [(tables[0], places)]
    others = [_columns(table, options) for table in tables[1:] if results]
    parts += [(table, own) for table, (_, own) in zip(tables[1:], others, strict=False)]
    if not any(len(table.rows) for table, _ in parts):
        raise RefusalError("no-rows", row=facts.header_row)
    notices = [*_reading_notices(book, parts, columns, facts, results=results), *_ignoring_notices(columns, options)]
    if options.theirs is None:
        notices += _notices_of_no_pins(parts, facts)
        for (table, own), its in zip(parts, [columns, *(found for found, _ in others)], strict=True):
            other = {column: _some_cells(table, own[column.key]) for column in its if column.kind is ColumnKind.OTHER}
            refuse_lookalikes(its, other, options.ignore_columns)
    notices += _filling_notices(parts, options)
    said = _said(book.summary) if results and book.summary else {}
    keyed = [(table, [own.get(column.key, -1) for column in columns]) for table, own in parts]
    return Sheet(
        file=file,
        sha256=sha256,
        facts=replace(facts, non_empty_rows=sum(table.not_empty for table, _ in parts)),
        columns=columns,
        frame=frame_of(columns, keyed, _as_meant(book, results=results)),
        sheets=() if book.delimiter else tuple(table.raw.name for table, _ in parts),
        surplus=_surplus(parts),
        swallowed=_swallowed(*parts[0]),
        unread_columns=_unread_columns(columns, parts),
        unread_sheets=tuple(unread_sheets(book, results=results)),
        notices=tuple(notices),
        provenance=_provenance(said),
        date_order=next((order for order in get_args(DateOrder) if order == said.get(DATE_ORDER.casefold())), None),
    )


def _columns(table: Table, options: ReadOptions) -> tuple[tuple[SheetColumn, ...], dict[str, int]]:
    """The table's columns, and each one's place by its key."""
    if table.header is None:
        missing = [column.name for column in COLUMNS if column.required]
        headers = [cell.text for cell in table.named if cell.text.strip()]
        near = nearest(headers, missing)
        raise RefusalError("no-header", missing=missing, headers=headers, nearest=near, row=table.likeliest + 1)
    named = [cell for cell in table.named if cell.text.strip() or _holds_data(table, cell.place)]
    if options.theirs is not None:
        foreign = foreign_columns(named, column_letter)
        return foreign, {column.key: cell.place for column, cell in zip(foreign, named, strict=True)}
    try:
        columns = name_columns(named, column_letter, options.ignore_columns)
        places = {column.key: cell.place for column, cell in zip(columns, named, strict=True)}
    except RefusalError as refusal:
        refusal.details.setdefault("row", table.header + 1)
        raise
    return _without_surplus(table, columns, places), places


def unread_sheets(book: RawBook, *, results: bool) -> list[str]:
    """The sheets of a book that are not read: of a results workbook, all but the importer's own."""
    if results:
        return [name for name in book.others if name not in (SCOPES_SHEET, PROBLEMS_SHEET, PLAN_SHEET, CALENDAR_SHEET)]
    more = [each.name for each in book.sheets[1:]] + ([book.summary.name] if book.summary else [])
    return [*more, *book.others]


def _unread_columns(columns: Sequence[SheetColumn], parts: Sequence[tuple[Table, dict[str, int]]]) -> tuple[str, ...]:
    """What the columns are called that are not read: those that are not known, and further sheets' own ones."""
    unread = [label(column.header, column.letter) for column in columns if column.kind is ColumnKind.OTHER]
    keys = {column.key for column in columns}
    for table, places in parts[1:]:
        texts = {cell.place: cell.text for cell in table.named}
        unread += [label(texts[place], column_letter(place)) for key, place in places.items() if key not in keys]
    return tuple(unread)


def _without_surplus(table: Table, columns: tuple[SheetColumn, ...], places: dict[str, int]) -> tuple[SheetColumn, ...]:
    """The columns but those without a name to the right of a results sheet's own: what rows of an earlier input held
    past its header stands there, and is past the header again."""
    last = max((places[column.key] for column in columns if column.kind is ColumnKind.RESULT), default=SHEET_COLUMNS)
    beyond = [column for column in columns if not column.header.strip() and places[column.key] > last]
    for column in beyond:
        cells = table.raw.columns[places[column.key]]
        for row in table.rows.tolist():
            cell = cell_of(cells.values[cells.codes[row]])
            if cell is not None:
                table.raw.surplus[row] = shown(cell)
    return tuple(column for column in columns if column not in beyond)


def _holds_data(table: Table, place: int) -> bool:
    column = table.raw.columns[place]
    return bool((~is_blank(column.values))[codes_of(column)[table.rows]].any())


def _some_cells(table: Table, place: int) -> Counted:
    """The first distinct cells of a column's data rows, and how many rows hold each."""
    column = table.raw.columns[place]
    counts = np.bincount(codes_of(column)[table.rows], minlength=len(column.values))
    used = np.flatnonzero(counts)[: LOOKED_AT_CELLS + 1].tolist()
    some = ((cell_of(column.values[code]), int(counts[code])) for code in used)
    return [(cell, count) for cell, count in some if cell is not None and shown(cell).strip()]


def _as_meant(book: RawBook, *, results: bool) -> Callable[[Cell | None], Cell | None]:
    """What a CSV cell stands for: spreadsheets write `="00123"` to keep zeros, and our own results a leading `'`."""
    if not book.delimiter:
        return lambda cell: cell

    def meant(cell: Cell | None) -> Cell | None:
        if not isinstance(cell, str) or cell[0] not in "='":
            return cell
        if results and _PREFIXED.match(cell):
            return cell[1:]
        wrapped = _WRAPPED.match(cell)
        return (wrapped[1].replace('""', '"') or None) if wrapped else cell

    return meant


def _surplus(parts: Sequence[tuple[Table, dict[str, int]]]) -> dict[int, str]:
    return {
        row + 1 + number * SHEET_ROWS: text
        for number, (table, _) in enumerate(parts)
        for row, text in table.raw.surplus.items()
        if table.header is None or row > table.header
    }


def _swallowed(table: Table, places: Mapping[str, int]) -> dict[int, tuple[str, int, int]]:
    """Rows that hold others in one cell, if they are data rows: headers and what is above them are not."""
    keys = {place: key for key, place in places.items()}
    rows = set(table.rows.tolist())
    return {
        row + 1: (keys.get(place, ""), first, last)
        for row, (place, first, last) in table.raw.swallowed.items()
        if row in rows
    }


def _reading_notices(
    book: RawBook,
    parts: Sequence[tuple[Table, dict[str, int]]],
    columns: Sequence[SheetColumn],
    facts: ReadFacts,
    *,
    results: bool,
) -> list[Notice]:
    notices = []
    if book.delimiter:
        words = {
            "encoding": files.encoding_name(book.encoding or ""),
            "delimiter": files.delimiter_name(book.delimiter),
        }
        if book.likelier:
            notices.append(files.doubtful_text(**words, likelier=book.likelier))
        elif book.guessed is not None:
            notices.append(files.notice("text-guessed", **words, sample=book.guessed))
        else:
            notices.append(files.notice("text", **words))
    others = unread_sheets(book, results=results)
    if others:
        told = [files.HIDDEN.format(sheet=name) if name in book.hidden else name for name in others]
        notices.append(files.notice("sheet", sheet=facts.sheet or "", others=told))
    notices += [files.notice("pins-too", sheet=name) for name in book.alike if name in others]
    if len(parts) > 1:
        notices.append(files.notice("results-sheets", sheets=[table.raw.name for table, _ in parts]))
    groups = parts[0][0].groups
    if facts.header_row is not None and groups is not None:
        notices.append(files.notice("header-rows", upper=groups + 1, row=facts.header_row))
    elif facts.header_row is not None and facts.header_row > 1:
        notices.append(files.notice("header-row", row=facts.header_row))
    notices += [
        files.notice("zone-in-header", column=column.header, zone=zone)
        for column in columns
        if column.key in BY_NAME and BY_NAME[column.key].cell in (CellType.FROM, CellType.TO)
        if (zone := zone_in(column.header))
    ]
    hidden = sum(table.raw.hidden_rows for table, _ in parts)
    if hidden:
        notices.append(files.notice("hidden-rows" if hidden > 1 else "hidden-row", count=hidden))
    return notices


def _notices_of_no_pins(parts: Sequence[tuple[Table, dict[str, int]]], facts: ReadFacts) -> list[Notice]:
    """Take out the rows that are no pins, and say which. Raises `RefusalError` where no other rows are left."""
    for table, places in parts:
        refuse_rows_above(table, places)
    found = {
        code: _labels(parts, [take_out(table, places) for table, places in parts])
        for code, take_out in (
            ("repeated-headers", take_out_headers),
            ("example-rows", take_out_examples),
            ("blank-rows", take_out_blank),
        )
    }
    if not any(len(table.rows) for table, _ in parts):
        raise RefusalError("only-examples" if found["example-rows"] else "only-blank-rows", row=facts.header_row)
    return [files.notice_of_rows(code, rows) for code, rows in found.items() if rows]


def _labels(parts: Sequence[tuple[Table, dict[str, int]]], found: Sequence[Rows]) -> list[str]:
    """Rows as people know them, with the sheet's name where there are several."""
    return [
        f"{row + 1} ({table.raw.name})" if len(parts) > 1 else str(row + 1)
        for (table, _), rows in zip(parts, found, strict=True)
        for row in rows.tolist()
    ]


def _ignoring_notices(columns: Sequence[SheetColumn], options: ReadOptions) -> list[Notice]:
    """Say which columns that are to be ignored there are none of."""
    unmatched = [
        name
        for name in options.ignore_columns
        if not any(ignores([name], column.header, column.letter) for column in columns)
    ]
    headers = [label(column.header, column.letter) for column in columns]
    return [files.notice("nothing-to-ignore", names=unmatched, headers=headers)] if unmatched else []


def _filling_notices(parts: Sequence[tuple[Table, dict[str, int]]], options: ReadOptions) -> list[Notice]:
    """Fill what is to be filled, and say so."""
    notices = []
    merged: dict[str, int] = {}
    for table, places in parts:
        for key, count in fill_merged(table, places).items():
            merged[key] = merged.get(key, 0) + count
    if merged:
        columns = [key for key in parts[0][1] if key in merged]
        count = sum(merged.values())
        notices.append(files.notice("merged" if count > 1 else "merged-cell", count=count, columns=columns))
    filled = sum(fill_down(table, places) for table, places in parts) if options.fill_down else 0
    if filled:
        notices.append(files.notice("filled-down", count=filled))
    return notices


def _said(summary: RawSheet) -> dict[str, str]:
    """What the `Summary` sheet, a label and a value in each row, says of the run that wrote it."""
    places = sorted(summary.columns)[:2]
    if len(places) < 2:
        return {}
    labels, values = (summary.columns[place] for place in places)
    said: dict[str, str] = {}
    for row in range(summary.rows):
        label, value = cell_of(labels.values[labels.codes[row]]), cell_of(values.values[values.codes[row]])
        if isinstance(label, str) and value is not None:
            said.setdefault(label.strip().casefold(), shown(value).strip())
    return said


def _provenance(said: Mapping[str, str]) -> Provenance | None:
    tracker, base_url = said.get(TRACKER.casefold()), said.get(BASE_URL.casefold())
    if tracker is None or base_url is None:
        return None
    return Provenance(tracker, base_url, rehearsal=said.get(REHEARSAL.casefold(), NO).casefold() in (YES, "true"))


__all__ = ["facts_of", "sheet_of", "table_of"]
