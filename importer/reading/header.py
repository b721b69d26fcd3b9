"""Which row names the columns, and what each column is to the importer."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from importer.cells import shown
from importer.columns import (
    ABOUT_LIVE,
    COLUMNS,
    LIVE_COLUMNS,
    LIVE_VERSION,
    METADATA,
    METADATA_PREFIX,
    RESULT_COLUMNS,
    SOURCE_COLUMN,
)
from importer.headers import NEEDED, exact_name, folded, known_name, known_names, pattern_of, word_of
from importer.model import ColumnKind, SheetColumn
from importer.reading.lookalike import Counted, looks_like, meaning
from importer.reading.raw import RefusalError
from importer.reading.two_rows import find_pair

LOOKED_AT_ROWS = 20
ENOUGH_KNOWN = 2
ALIKE = 0.8
POSSIBLY_ALIKE = 0.6

_NUMBER = re.compile(r"\s*[-+]?\d[\d\s.,]*")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A header cell: its column's place, counted from 0, and its text."""

    place: int
    text: str


def known_count(cells: Sequence[str]) -> int:
    """How many different known columns a row names."""
    return len(known_names(cells))


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows names the columns: the first one with all needed names, else the one with most known
    names, two at least."""
    needed = {column.name for column in COLUMNS if column.required}
    for row, cells in enumerate(rows):
        if needed <= {known_name(cell) for cell in cells}:
            return row
    best = max(range(len(rows)), key=lambda row: known_count(rows[row]), default=None)
    return best if best is not None and known_count(rows[best]) >= ENOUGH_KNOWN else None


def find_foreign_header(rows: Sequence[Sequence[str]], theirs: Sequence[str]) -> int | None:
    """Which of the first rows of another system's sheet names the columns.

    The first with all that a sheet of ours needs; else the first with most of these headers; with none of them, the
    first that is nearly as wide as any and holds different texts only.
    """
    if not rows:
        return None
    own = next((row for row, cells in enumerate(rows) if known_names(cells) >= NEEDED), None)
    if own is not None:
        return own
    counts = [foreign_count(cells, theirs) for cells in rows]
    if max(counts):
        return counts.index(max(counts))
    filled = [[cell for cell in cells if cell.strip()] for cells in rows]
    widest = max(map(len, filled))
    texts = [len(set(cells)) == len(cells) and not any(_NUMBER.fullmatch(cell) for cell in cells) for cells in filled]
    wide = (row for row, cells in enumerate(filled) if texts[row] and len(cells) >= ALIKE * widest)
    return next(wide, 0)


def foreign_count(cells: Sequence[str], theirs: Sequence[str]) -> int:
    """How many of another system's headers a row has; `#` in one stands for a number or nothing."""
    words = {word_of(cell) for cell in cells if cell}
    plain = sum(word_of(header) in words for header in theirs)
    patterns = [pattern_of(header) for header in theirs if "#" in header]
    return plain + sum(any(pattern.fullmatch(word) for word in words) for pattern in patterns)


def named_width(rows: Sequence[Sequence[str]], theirs: Sequence[str] | None = None) -> int:
    """How many fields the header has, up to its last named one; 0 where no row is a header."""
    head = rows[:LOOKED_AT_ROWS]
    found = find_header(head) if theirs is None else find_foreign_header(head, theirs)
    longest = max(map(len, head), default=0)
    pair = find_pair([[*row, *[""] * (longest - len(row))] for row in head], found) if theirs is None else None
    names = pair[1] if pair else rows[found] if found is not None else ()
    return max((place + 1 for place, cell in enumerate(names) if cell.strip()), default=0)


def name_columns(
    header: Sequence[Named], letter: Callable[[int], str], ignored: Sequence[str]
) -> tuple[SheetColumn, ...]:
    """What each column is. Raises `RefusalError` for a known column that is there twice, missing or misspelt.

    A name without remarks beats one with some: the other is then not read.
    """
    is_ignored = [ignores(ignored, cell.text, letter(cell.place)) for cell in header]
    is_export = any(exact_name(cell.text) == LIVE_VERSION for cell in header)
    exact = {exact_name(cell.text) for cell, skip in zip(header, is_ignored, strict=True) if not skip}
    columns: list[SheetColumn] = []
    for cell, skip in zip(header, is_ignored, strict=True):
        known = None if skip else known_name(cell.text)
        if known in exact and exact_name(cell.text) is None:
            known = None
        twin = next((column for column in columns if known and column.key == known), None)
        if twin is not None:
            raise RefusalError("column-twice", column=known, first=twin.letter, second=letter(cell.place))
        columns.append(_column(cell, known or _about(cell, is_export=is_export), letter(cell.place)))
    _refuse_missing(columns)
    _refuse_misspelt(columns, ignored)
    return tuple(_with_own_keys(columns))


def foreign_columns(header: Sequence[Named], letter: Callable[[int], str]) -> tuple[SheetColumn, ...]:
    """The columns of another system's sheet, none of which is ours."""
    return tuple(_with_own_keys([_column(cell, None, letter(cell.place)) for cell in header]))


def ignores(ignored: Sequence[str], header: str, letter: str) -> bool:
    """Whether the options say not to read a column: by its header, or as `column F`."""
    if folded(label("", letter)) in map(folded, ignored):
        return True
    return bool(folded(header)) and folded(header) in map(folded, ignored)


def label(header: str, letter: str) -> str:
    """What a column is called: its header as written on one line, or `column F`."""
    return " ".join(header.split()) or f"column {letter}"


def refuse_lookalikes(
    columns: Sequence[SheetColumn], cells: Mapping[SheetColumn, Counted], ignored: Sequence[str]
) -> None:
    """Refuse columns that are not read but look as if they say when, where or whether a pin shows, all at once.

    `cells` are some of each unread column's. Raises `RefusalError`.
    """
    present = {column.key for column in columns}
    found = [
        {"header": column.header, "letter": column.letter, "looks": looks, "sample": shown(held[0][0])}
        for column, held in cells.items()
        if not ignores(ignored, column.header, column.letter) and (looks := looks_like(column.header, held, present))
    ]
    if found:
        raise RefusalError("looks-like", found=found)


def is_results(columns: Sequence[SheetColumn]) -> bool:
    """Whether a sheet is one that the importer wrote: it has result columns."""
    return any(column.kind is ColumnKind.RESULT for column in columns)


def _about(cell: Named, *, is_export: bool) -> str | None:
    """What a column of an export says of a customization besides; in other sheets such a header is people's own."""
    return next((name for name in ABOUT_LIVE if is_export and folded(name) == folded(cell.text)), None)


def _column(cell: Named, known: str | None, letter: str) -> SheetColumn:
    if known is None:
        return SheetColumn("", cell.text, letter, ColumnKind.OTHER)
    if known in (*RESULT_COLUMNS, SOURCE_COLUMN):
        return SheetColumn(known, cell.text, letter, ColumnKind.RESULT)
    if known in (*LIVE_COLUMNS, *ABOUT_LIVE):
        return SheetColumn(known, cell.text, letter, ColumnKind.LIVE)
    kind = ColumnKind.METADATA if known.startswith(METADATA_PREFIX) else ColumnKind.KNOWN
    return SheetColumn(known, cell.text, letter, kind)


def _with_own_keys(columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """Columns that are not known get a name of their own, which no other column has."""
    taken = {column.key for column in columns if column.key}
    named = []
    for column in columns:
        key = column.key
        if not key:
            base = f"other:{' '.join(column.header.split())}"
            key = base if base not in taken else f"{base} ({column.letter})"
            taken.add(key)
        named.append(SheetColumn(key, column.header, column.letter, column.kind))
    return named


def _refuse_missing(columns: Sequence[SheetColumn]) -> None:
    present = {column.key for column in columns}
    missing = [column.name for column in COLUMNS if column.required and column.name not in present]
    if missing:
        headers = [column.header for column in columns if column.header.strip()]
        raise RefusalError("columns-missing", missing=missing, headers=headers, nearest=nearest(headers, missing))


def nearest(headers: Sequence[str], missing: Sequence[str]) -> dict[str, str]:
    """For each missing column, the header that is most like it by its letters and its meaning, if any is."""
    strange = [header for header in headers if known_name(header) is None]
    found = {}
    for name in missing:
        best = max(strange, key=lambda header: _likeness(header, name), default="")
        if best and _likeness(best, name):
            found[name] = " ".join(best.split())
    return found


def _likeness(header: str, name: str) -> float:
    alike = difflib.SequenceMatcher(None, folded(name), folded(header)).ratio()
    meant = meaning(header, name)
    return meant + alike if meant or alike >= POSSIBLY_ALIKE else 0.0


def _refuse_misspelt(columns: Sequence[SheetColumn], ignored: Sequence[str]) -> None:
    present = {column.key for column in columns}
    lacking = [column.name for column in COLUMNS if column.name not in present]
    for column in columns:
        if column.kind is ColumnKind.OTHER and not ignores(ignored, column.header, column.letter):
            meant = _meant(column.header, lacking)
            if meant is not None:
                raise RefusalError(
                    "misspelt", header=" ".join(column.header.split()), letter=column.letter, column=meant
                )


def _meant(header: str, lacking: Sequence[str]) -> str | None:
    prefix, dot, key = header.partition(".")
    if dot and key.strip() and difflib.SequenceMatcher(None, folded(prefix), folded(METADATA)).ratio() >= ALIKE:
        return METADATA_PREFIX + key.strip()
    by_folded = {folded(name): name for name in lacking}
    for match in difflib.get_close_matches(folded(header), list(by_folded), n=1, cutoff=ALIKE):
        # `active` beside `active_to` is another word, not a slip of the finger.
        if not _words(header) < _words(by_folded[match]):
            return by_folded[match]
    return None


def _words(name: str) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(name)}
