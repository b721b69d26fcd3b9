"""Tables that turn one system's identities into another's (pure)."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from importer.cells import Cell, Unmapped, shown
from importer.columns import IDENTITIES
from importer.headers import word_of
from importer.mapping.columns import Encoded, encode
from importer.mapping.file import Identities, Mapping
from importer.mapping.find import listed
from importer.model import Sheet

Tables = Table[str, Sheet]
"""The tables that a mapping names, by their file, as `read` gives them."""


@dataclass(frozen=True, slots=True)
class Count:
    """How much a table of identities knew."""

    table: str
    """Its file's name."""
    asked: int
    """How many different identities the sheet has for it."""
    done: int
    """How many of these it has."""


def translate(
    cells: dict[str, Encoded], mapping: Mapping, tables: Tables | None, sheet: Sheet
) -> tuple[dict[str, Encoded], list[Count]]:
    """Turn the identities of the columns into those of the tables, one table after the other."""
    counts = []
    for table in mapping.identities:
        source = sheet if not table.file else (tables or {})[table.file]
        known = lookup(source, table, mapping)
        name = PurePath(source.file).name
        asked: set[str] = set()
        done: set[str] = set()
        for column in IDENTITIES:
            if column in cells:
                now = [_translate(cell, table, known, name, asked, done) for cell in cells[column].cells]
                cells = {**cells, column: encode(now, cells[column].codes)}
        if asked:
            counts.append(Count(name, len(asked), len(done)))
    return cells, counts


def _translate(
    cell: Cell, table: Identities, known: Table[str, Cell], name: str, asked: set[str], done: set[str]
) -> Cell:
    text = shown(cell).strip()
    if isinstance(cell, Unmapped) or not text.startswith(table.prefix):
        return cell
    asked.add(text)
    found = known.get(text.removeprefix(table.prefix).strip())
    if found is not None:
        done.add(text)
        return found
    return Unmapped(text, "identity-unlisted", name) if table.missing == "problem" else cell


def lookup(sheet: Sheet, table: Identities, mapping: Mapping) -> dict[str, Cell]:
    """A table as their identity to Luigi's Box's. Raises `UsageError` where it has two for one of theirs."""
    keys = []
    name = PurePath(sheet.file).name
    for header in (table.from_column, table.to_column):
        fitting = [column.key for column in sheet.columns if word_of(column.header) == word_of(header)]
        if not fitting and not table.file:
            return {}
        if not fitting:
            headers = listed([column.header for column in sheet.columns])
            mapping.fail("table-columns", table.key_path, file=name, header=header, headers=headers)
        keys.append(fitting[0])
    theirs, ours = (sheet.frame[key].array for key in keys)
    pairs = set(zip(theirs.codes.tolist(), ours.codes.tolist(), strict=True))
    known: dict[str, Cell] = {}
    for one, other in sorted(pairs):
        if one >= 0 and other >= 0:
            key, value = shown(theirs.categories[one]).strip(), ours.categories[other]
            first = known.setdefault(key, value)
            if first != value:
                facts = {"value": key, "first": shown(first), "second": shown(value)}
                mapping.fail("table-twice", table.key_path, file=name, **facts)
    return known


def wanted(mapping: Mapping) -> Sequence[Identities]:
    """The tables that stand in files of their own."""
    return [table for table in mapping.identities if table.file]
