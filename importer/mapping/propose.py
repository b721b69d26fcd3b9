"""A mapping for a sheet that nobody has described yet (pure): a built-in one that fits, or a draft to edit.

Exact names decide. What only looks like something, by a similar name or by what its cells hold, is a guess, and stays
one until a person says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from importer.cells import Cell, shown
from importer.headers import folded
from importer.mapping import names
from importer.mapping.explode import entries
from importer.mapping.file import Mapping
from importer.mapping.find import Finder
from importer.model import Sheet, SheetColumn

SEPARATORS = ("\n", "|", ";", ",")
"""What may stand between the entries of a cell."""
LOOKED_AT = 2_000
"""How many distinct cells of a column a proposal looks at: enough to know it, and fast with a million."""
_ENOUGH = 0.3
"""From this share on of entries that are products of the sheet, a column may hold pinned ones."""
_NUMBERED = re.compile(r"\A(.*?)\s*(\d{1,3})\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of pin that a draft takes from a sheet."""

    header: str
    """The column's header, or the pattern of several, with `#` for the number."""
    model: str
    """The recommender that usually shows such pins."""
    split: str = ""
    """What separates the entries of a cell; "" if the cell is one."""
    position: str = ""
    """The header of the column with the positions, if there is one."""
    guessed: str = ""
    """Why it is only a guess; "" where the name decides."""
    several: bool = False
    """Whether several columns bear this very header."""


@dataclass(frozen=True, slots=True)
class Use:
    """What becomes of a column."""

    column: SheetColumn
    ours: str
    """The column of ours, or "" if it is not used."""
    guessed: str
    """Why it is only a guess; "" where the name decides."""
    samples: tuple[str, ...]
    """Some of its cells."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed mapping, by what it takes from which column."""

    target: str
    """The header of the products beside which pins show; "" if no name says."""
    target_guesses: tuple[str, ...]
    """Headers that may be it, where no name says."""
    kinds: tuple[Kind, ...]
    """The kinds of pins."""
    others: tuple[tuple[str, str], ...]
    """Further columns of ours and their headers: all of them guesses."""
    uses: tuple[Use, ...]
    """What becomes of each column."""

    @property
    def is_whole(self) -> bool:
        """Whether it says, without any guess, beside which products what is pinned."""
        return bool(self.target) and any(not kind.guessed for kind in self.kinds)


def fitting(sheet: Sheet, mappings: Sequence[Mapping]) -> Mapping | None:
    """The mapping whose columns the sheet has: the one with most of them, where several fit."""
    best, most = None, 0
    for mapping in mappings:
        find = Finder(sheet, mapping)
        if find.is_expected() and any(find.has_pins(block) for block in mapping.blocks):
            used = find.used()
            if any(names.guess(column.header) == ("model", "") for column in sheet.columns if column.key not in used):
                continue
            count = len(used)
            if count > most:
                best, most = mapping, count
    return best


def draft(sheet: Sheet) -> Draft:
    """Propose what the columns of a sheet are."""
    columns = [column for column in sheet.columns if column.header.strip()]
    target = _target(sheet, columns)
    products = set(_samples(sheet, target)) if target else set()
    kinds = list(_kinds(sheet, columns, target, products))
    taken = {header for kind in kinds for header in (kind.header, kind.position)} | {target.header if target else ""}
    guesses = [
        (column.header, found[0])
        for column in columns
        if column.header not in taken and _stem(column.header, columns) not in taken
        if (found := names.guess(column.header)) is not None and found[0] != "pin_identity"
        if found[0] != "position" or any(not kind.split and "#" not in kind.header for kind in kinds)
    ]
    return Draft(
        target.header if target else "",
        () if target else tuple(header for header, ours in guesses if ours == "target_identity"),
        tuple(kinds),
        tuple((ours, header) for header, ours in guesses if ours != "target_identity"),
        tuple(_uses(sheet, target, kinds, dict(guesses) if target is None else _without_targets(guesses))),
    )


def _target(sheet: Sheet, columns: Sequence[SheetColumn]) -> SheetColumn | None:
    """The column whose name says beside which products pins show; of several the one whose cells are pinned most."""
    pinned = [_cells(sheet, column) for column in columns if _model(column.header)]

    def met(column: SheetColumn) -> float:
        """The greatest share of pinned cells whose products stand in this column."""
        products = set(_samples(sheet, column))
        return max((_share(cells, _separator(cells, products), products) for cells in pinned), default=0.0)

    return max((column for column in columns if names.is_target(column.header)), key=met, default=None)


def _model(header: str) -> str | None:
    """The usual recommender of a column, numbered or not, that says by its name what is pinned."""
    return names.model_of(header.rstrip("0123456789 ")) or names.model_of(header)


def _without_targets(guesses: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {header: ours for header, ours in guesses if ours != "target_identity"}


def _kinds(
    sheet: Sheet, columns: Sequence[SheetColumn], target: SheetColumn | None, products: set[str]
) -> Iterator[Kind]:
    """Every column, or group of numbered columns, that holds what is pinned, or may hold it."""
    seen = set()
    for column in columns:
        stem = _stem(column.header, columns)
        if column == target or stem in seen:
            continue
        seen.add(stem)
        model = _model(column.header)
        several = "#" not in stem and sum(folded(other.header) == folded(stem) for other in columns) > 1
        cells = _cells(sheet, column)
        split = "" if stem != column.header else _separator(cells, products)
        among = _share(cells, split, products)
        guessed = names.guess(column.header)
        if model is not None:
            yield Kind(stem, model, split, _positions(column.header, columns), several=several)
        elif guessed is not None and guessed[0] == "pin_identity":
            yield Kind(stem, guessed[1], split, _positions(column.header, columns), "name", several)
        elif among >= _ENOUGH and not names.FALSE_FRIENDS.search(column.header.lower()):
            yield Kind(stem, names.COMPLEMENTS, split, "", "cells", several)


def _stem(header: str, columns: Sequence[SheetColumn]) -> str:
    """The pattern of numbered columns (`relatedProduct#`) to which a header belongs; the header itself if to none."""
    found = _NUMBERED.match(header)
    base = found[1] if found else header
    numbered = [
        column.header
        for column in columns
        if (other := _NUMBERED.match(column.header)) and folded(other[1]) == folded(base)
    ]
    alike = numbered + [column.header for column in columns if folded(column.header) == folded(base)]
    gap = " " if any(re.search(r"\s\d", each) for each in numbered) else ""
    return f"{base}{gap}#" if base.strip() and numbered and len(alike) >= 2 else header


def _positions(header: str, columns: Sequence[SheetColumn]) -> str:
    """The column of the positions of a list beside it: `related_position` beside `related_skus`."""
    base = re.sub(r"(skus?|products?|items?|codes?|ids?)\Z", "", folded(header))
    bases = {base, base.removesuffix("s")} - {""}
    wanted = {each + word for each in bases for word in ("position", "positions", "order", "rank")}
    return next((column.header for column in columns if folded(column.header) in wanted), "")


def _separator(cells: Sequence[Cell], products: set[str]) -> str:
    """What separates entries: that under which most of them are products of the sheet, else what is there most."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    counts = {sign: sum(sign in text.strip() for text in texts) for sign in SEPARATORS}
    there = [sign for sign in SEPARATORS if counts[sign]]
    if not there:
        return ""
    return max(there, key=lambda sign: (_share(texts, sign, products), counts[sign]))


def _share(cells: Sequence[Cell], split: str, products: set[str]) -> float:
    items = [shown(item).strip() for cell in cells for item in entries(cell, split)]
    items = [item for item in items if item]
    return sum(item in products for item in items) / len(items) if items and products else 0.0


def _cells(sheet: Sheet, column: SheetColumn) -> list[Cell]:
    return list(sheet.frame[column.key].array.categories[:LOOKED_AT])


def _samples(sheet: Sheet, column: SheetColumn) -> list[str]:
    return [text for cell in _cells(sheet, column) if (text := " ".join(shown(cell).split()))]


def _uses(sheet: Sheet, target: SheetColumn | None, kinds: Sequence[Kind], guesses: dict[str, str]) -> Iterator[Use]:
    for column in sheet.columns:
        samples = tuple(_samples(sheet, column)[:3])
        stem = _stem(column.header, sheet.columns)
        kind = next((kind for kind in kinds if kind.header in (column.header, stem)), None)
        beside = next((kind for kind in kinds if kind.position and kind.position == column.header), None)
        if column == target:
            yield Use(column, "target_identity", "", samples)
        elif kind is not None:
            yield Use(column, "pin_identity", kind.guessed, samples)
        elif beside is not None:
            yield Use(column, "position", beside.guessed, samples)
        else:
            ours = guesses.get(column.header, "")
            yield Use(column, ours, "name" if ours else "", samples)


def used_by(sheet: Sheet, mapping: Mapping) -> list[Use]:
    """What becomes of each column under a mapping."""
    find = Finder(sheet, mapping)
    of: dict[str, list[str]] = {}
    for block in mapping.blocks:
        for ours, source in block.columns.items():
            for _, column in find.columns(source):
                if ours not in of.setdefault(column.key, []):
                    of[column.key].append(ours)
    used = find.used()
    return [
        Use(
            column,
            ", ".join(of.get(column.key, [])) or ("skip" if column.key in used else ""),
            "",
            tuple(_samples(sheet, column)[:3]),
        )
        for column in sheet.columns
    ]
