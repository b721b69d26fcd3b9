"""Finds the row that names the columns, and what each column is to the importer."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from importer.cells import column_letter, shown
from importer.columns import (
    ABOUT_LIVE,
    BY_NAME,
    COLUMNS,
    LIVE_COLUMNS,
    LIVE_VERSION,
    METADATA,
    METADATA_PREFIX,
    RESULT_COLUMNS,
    SOURCE_COLUMN,
)
from importer.headers import (
    ENOUGH_KNOWN,
    NEEDED,
    changes_meaning,
    exact_name,
    folded,
    known_name,
    known_names,
    pattern_of,
    word_of,
)
from importer.model import ColumnKind, SheetColumn
from importer.reading.kinds import Counted
from importer.reading.lookalike import looks_like, meaning
from importer.reading.not_sent import sample
from importer.reading.raw import RefusalError

ALIKE = 0.8
"""Of the letters of two names: one of them is the other misspelt."""
POSSIBLY_ALIKE = 0.6
"""The same: one of them may be meant by the other."""

_NUMBER = re.compile(r"\s*[-+]?\d[\d\s.,]*")
_WORDS = re.compile(r"[^\W_]+")
_ABOUT = {folded(name): name for name in ABOUT_LIVE}
"""What columns of an export say of a customization besides; in other sheets such a header is people's own."""


class Named(NamedTuple):
    """A header cell."""

    place: int
    """Its column's place, counted from 0."""
    text: str


class Header(NamedTuple):
    """The row that names the columns."""

    row: int
    """Its number, counted from 0; of two rows the lower one's."""
    names: Sequence[str]
    """What stands in it, or in both of two rows."""
    in_two_rows: bool = False
    """Whether the row above it names groups of columns."""


def find_names(rows: Sequence[Sequence[str]], theirs: Sequence[str] | None = None) -> Header | None:
    """Find the row that names the columns, alone or with the row above it.

    `theirs` are some headers of another system's sheet.
    """
    if theirs is not None:
        found = find_foreign_header(rows, theirs)
        return None if found is None else Header(found, rows[found])
    found = find_header(rows)
    pair = find_pair(rows, found)
    if pair is not None:
        return pair
    return None if found is None else Header(found, rows[found])


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Find the row that names the columns: the first with all needed names, else the one with most known names."""
    best, most = None, ENOUGH_KNOWN - 1
    for row, cells in enumerate(rows):
        known = known_names(cells)
        if known >= NEEDED:
            return row
        if len(known) > most:
            best, most = row, len(known)
    return best


def find_pair(rows: Sequence[Sequence[str]], header: int | None) -> Header | None:
    """Find two rows that name more columns together than `header`, the best single row.

    Where `header` has all needed columns, only it and a row beside it can be the two.
    """
    best = None
    worth = _worth(rows[header]) if header is not None else (False, 1)
    firsts = range(len(rows) - 1)
    if header is not None and worth[0]:
        firsts = range(max(header - 1, 0), min(header + 1, len(rows) - 1))
    for first in firsts:
        names = join_names(rows[first], rows[first + 1])
        if names is not None and _worth(names) > worth:
            best, worth = Header(first + 1, names, in_two_rows=True), _worth(names)
    return best


def join_names(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """Read two rows as one header: `target` over `type` and `identity`.

    A group's name counts to the right, as far as the cells beside it are blank. A name that is complete needs none.
    `None` where the rows are no header: `lower` holds something else than names, or a name would be there twice.
    """
    names: list[str] = []
    group = ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above if above.strip() else group
        together = f"{group.strip()} {below.strip()}".strip()
        if not below.strip():
            names.append(above)
        elif known_name(together) is not None:
            names.append(together)
        elif known_name(below) is not None and known_name(above) is None:
            names.append(below)
        elif known_name(above) is not None:
            return None
        else:
            names.append(together)
    known = list(filter(None, map(known_name, names)))
    return names if len(known) == len(set(known)) else None


def _worth(names: Sequence[str]) -> tuple[bool, int]:
    known = known_names(names)
    return known >= NEEDED, len(known)


def find_foreign_header(rows: Sequence[Sequence[str]], theirs: Sequence[str]) -> int | None:
    """Find the row that names the columns of another system's sheet.

    It is the first with all that a sheet of ours needs, else the first with most of these headers, else the first that
    is nearly as wide as any and holds nothing but texts, none of them twice.
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
    """Count another system's headers in a row. A `#` in a header stands for a number or nothing."""
    words = {word_of(cell) for cell in cells if cell}
    plain = sum(word_of(header) in words for header in theirs)
    patterns = [pattern_of(header) for header in theirs if "#" in header]
    return plain + sum(any(pattern.fullmatch(word) for word in words) for pattern in patterns)


def name_columns(header: Sequence[Named], ignored: Sequence[str]) -> tuple[SheetColumn, ...]:
    """Tell what each column is. Raises `RefusalError` for a known column that is there twice, missing or misspelt.

    A name without remarks wins over the same with some: that column is then not read.
    """
    exact = [exact_name(cell.text) for cell in header]
    skipped = [ignores(ignored, cell.text, column_letter(cell.place)) for cell in header]
    exact_and_read = {name for name, skip in zip(exact, skipped, strict=True) if not skip}
    columns: list[SheetColumn] = []
    letters: dict[str, str] = {}
    strange = []
    for cell, name, skip in zip(header, exact, skipped, strict=True):
        letter = column_letter(cell.place)
        known = None if skip else known_name(cell.text)
        if name is None and known in exact_and_read:
            known = None
        if known in letters:
            raise RefusalError("column-twice", column=known, first=letters[known], second=letter)
        if known in BY_NAME and changes_meaning(cell.text, known):
            raise RefusalError("remark-matters", header=cell.text, letter=letter, column=known)
        if known is None and LIVE_VERSION in exact:
            known = _ABOUT.get(folded(cell.text))
        columns.append(_column(cell.text, letter, known, letters))
        letters[columns[-1].key] = letter
        if known is None and not skip:
            strange.append(columns[-1])
    if not letters.keys() >= NEEDED:
        _refuse_missing(columns)
    if strange:
        _refuse_misspelt(strange, letters)
    return tuple(columns)


def foreign_columns(header: Sequence[Named]) -> tuple[SheetColumn, ...]:
    """Name the columns of another system's sheet, none of which is ours."""
    columns: list[SheetColumn] = []
    taken: set[str] = set()
    for cell in header:
        columns.append(_column(cell.text, column_letter(cell.place), None, taken))
        taken.add(columns[-1].key)
    return tuple(columns)


def ignores(ignored: Sequence[str], header: str, letter: str) -> bool:
    """Whether the options say not to read a column. They name it by its header, or as `column F`."""
    names = set(filter(None, map(folded, ignored)))
    return bool(names) and not names.isdisjoint((folded(header), folded(f"column {letter}")))


def label(header: str, letter: str) -> str:
    """Name a column for people: by its header, on one line, or as `column F`."""
    return " ".join(header.split()) or f"column {letter}"


def refuse_lookalikes(
    columns: Sequence[SheetColumn], cells: Mapping[SheetColumn, Counted], ignored: Sequence[str]
) -> None:
    """Refuse unread columns that seem to say when, where or whether a pin shows, all at once. Raises `RefusalError`.

    `cells` are some cells of each unread column.
    """
    present = {column.key for column in columns}
    found = [
        {"header": column.header, "letter": column.letter, "looks": looks, "sample": shown(sample(looks, held))}
        for column, held in cells.items()
        if not ignores(ignored, column.header, column.letter) and (looks := looks_like(column.header, held, present))
    ]
    if found:
        raise RefusalError("looks-like", found=found)


def _column(header: str, letter: str, known: str | None, taken: Container[str]) -> SheetColumn:
    """A column. One that is not known gets a key of its own, none of those `taken`."""
    if known is None:
        base = f"other:{' '.join(header.split())}"
        return SheetColumn(base if base not in taken else f"{base} ({letter})", header, letter, ColumnKind.OTHER)
    if known in (*RESULT_COLUMNS, SOURCE_COLUMN):
        kind = ColumnKind.RESULT
    elif known in (*LIVE_COLUMNS, *ABOUT_LIVE):
        kind = ColumnKind.LIVE
    else:
        kind = ColumnKind.METADATA if known.startswith(METADATA_PREFIX) else ColumnKind.KNOWN
    return SheetColumn(known, header, letter, kind)


def _refuse_missing(columns: Sequence[SheetColumn]) -> None:
    present = {column.key for column in columns}
    missing = [column.name for column in COLUMNS if column.required and column.name not in present]
    headers = [column.header for column in columns if column.header.strip()]
    raise RefusalError("columns-missing", missing=missing, headers=headers, nearest=nearest(headers, missing))


def nearest(headers: Sequence[str], missing: Sequence[str]) -> dict[str, str]:
    """Find for each missing column the header that is most like it by letters and meaning, if any is."""
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


def _refuse_misspelt(strange: Sequence[SheetColumn], present: Container[str]) -> None:
    lacking = [column.name for column in COLUMNS if column.name not in present]
    for column in strange:
        meant = _meant(column.header, lacking)
        if meant is not None:
            header = " ".join(column.header.split())
            raise RefusalError("misspelt", header=header, letter=column.letter, column=meant)


def _meant(header: str, lacking: Sequence[str]) -> str | None:
    prefix, dot, key = header.partition(".")
    if dot and key.strip() and difflib.SequenceMatcher(None, folded(prefix), folded(METADATA)).ratio() >= ALIKE:
        return METADATA_PREFIX + key.strip()
    by_folded = {folded(name): name for name in lacking}
    for match in difflib.get_close_matches(folded(header), list(by_folded), n=1, cutoff=ALIKE):
        # `active` instead of `active_to` is another word, not a slip of the finger.
        if not _words(header) < _words(by_folded[match]):
            return by_folded[match]
    return None


def _words(name: str) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(name)}
