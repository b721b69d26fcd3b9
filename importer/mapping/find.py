"""Which of a sheet's columns a mapping means (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from importer.catalogue.mapping import FILE
from importer.cells import shown
from importer.errors import UsageError
from importer.headers import pattern_of, word_of
from importer.mapping.file import Block, Mapping, Source
from importer.model import Sheet, SheetColumn
from importer.shell_words import as_typed

Placed = tuple[int, SheetColumn]
"""A column, and its place among the sheet's columns."""

MOST_LISTED = 30
"""Names that a message lists: more would hide what it says."""


class Finder:
    """Looks headers up, without regard to case and to how many blanks are in them."""

    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self._sheet = sheet
        self._mapping = mapping
        self._places: dict[str, list[int]] = {}
        for place, column in enumerate(sheet.columns):
            self._places.setdefault(word_of(column.header), []).append(place)
        self.absent: list[str] = []
        """Headers of blocks that the sheet lacks, and may lack."""

    @staticmethod
    def label(column: SheetColumn) -> str:
        """The name of a column in messages."""
        return " ".join(column.header.split()) or f"column {column.letter}"

    def is_expected(self) -> bool:
        """Whether the sheet has all that the mapping expects."""
        return all(map(self._fitting, self._mapping.expects))

    def has_pins(self, block: Block) -> bool:
        """Whether the sheet has a column of a block's pinned products."""
        return block.pinned is not None and any(map(self._fitting, block.pinned.headers))

    def refuse_other_sheet(self) -> None:
        """Raise `UsageError` where the sheet lacks what the mapping expects."""
        missing = [header for header in self._mapping.expects if not self._fitting(header)]
        if missing:
            text = FILE["expects"].format(
                file=PurePath(self._sheet.file).name,
                path=as_typed(self._sheet.file),
                name=self._mapping.name,
                missing=listed(missing),
                headers=self._headers(),
            )
            raise UsageError(text, code="mapping-expects")

    def has(self, block: Block) -> bool:
        """Whether the sheet has a block's pinned products. Raises `UsageError` where it lacks a needed column."""
        pinned = block.pinned
        if pinned is not None and block.optional and not any(map(self._fitting, pinned.headers)):
            self.absent += pinned.headers
            return False
        for source in block.columns.values():
            fitting = [self._fitting(header) for header in source.headers]
            if fitting and not source.optional and not any(fitting):
                self._fail("no-header", source)
            if fitting and not source.several and len(fitting[0]) > 1:
                self._fail("several-headers", source)
        return True

    def columns(self, source: Source) -> Sequence[Placed]:
        """The columns a source means, in its order: of a list header by header, of a pattern by number."""
        places = dict.fromkeys(place for header in source.headers for place in self._fitting(header))
        return [(place, self._sheet.columns[place]) for place in places]

    def numbers(self, source: Source | None) -> list[int]:
        """For each column of a pattern the number in its header; 1 where there is none."""
        numbers = []
        patterns = [pattern_of(header) for header in source.headers if "#" in header] if source else []
        for _, column in self.columns(source) if source else ():
            found = (pattern.fullmatch(word_of(column.header)) for pattern in patterns)
            numbers.append(next((int(match[1] or 1) for match in found if match), 1))
        return numbers

    def switched_on(self) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.int64]]]:
        """Per row whether it counts, and the positions of the rows that each column switches off."""
        on = np.ones(len(self._sheet.frame), dtype=np.bool_)
        off = {}
        for header, words in self._mapping.skip.items():
            for place in self._fitting(header):
                column = self._sheet.columns[place]
                array = self._sheet.frame[column.key].array
                is_off = np.array([*(word_of(shown(cell)) in words for cell in array.categories), "" in words])
                rows = np.flatnonzero(is_off[array.codes] & on)
                on[rows] = False
                off[self.label(column)] = rows
        return on, off

    def used(self) -> set[str]:
        """The keys of the columns from which the mapping takes something."""
        headers = {header for block in self._mapping.blocks for it in block.columns.values() for header in it.headers}
        headers |= set(self._mapping.skip)
        headers |= {
            name for each in self._mapping.identities if not each.file for name in (each.from_column, each.to_column)
        }
        return {self._sheet.columns[place].key for header in headers for place in self._fitting(header)}

    def fail_without_block(self) -> NoReturn:
        """Raise the `UsageError` about a sheet that has none of the columns of pinned products."""
        name, headers = PurePath(self._sheet.file).name, listed(dict.fromkeys(self.absent))
        raise UsageError(
            FILE["no-block"].format(name=self._mapping.name, file=name, headers=headers), code="mapping-no-block"
        )

    def _fitting(self, header: str) -> list[int]:
        if "#" not in header or word_of(header) in self._places:
            return self._places.get(word_of(header), [])
        pattern = pattern_of(header)
        found = [(match, places) for name, places in self._places.items() if (match := pattern.fullmatch(name))]
        numbered = sorted(found, key=lambda each: int(each[0][1] or 1))
        return [place for _, places in numbered for place in places]

    def _headers(self) -> str:
        return listed([self.label(column) for column in self._sheet.columns])

    def _fail(self, code: str, source: Source) -> NoReturn:
        letters = [self._sheet.columns[place].letter for place in self._fitting(source.headers[0])]
        self._mapping.fail(
            code,
            source.key_path,
            file=PurePath(self._sheet.file).name,
            header=" / ".join(source.headers),
            headers=self._headers(),
            letters=", ".join(letters),
        )


def listed(names: Sequence[str] | dict[str, None]) -> str:
    """Names one after the other; of many the first, and how many more there are."""
    all_names = list(names)
    more = f" … and {len(all_names) - MOST_LISTED} more" if len(all_names) > MOST_LISTED else ""
    return ", ".join(all_names[:MOST_LISTED]) + more
