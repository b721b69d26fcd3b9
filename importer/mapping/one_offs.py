"""`--map` and `--set`: change a mapping for one run, or make one of nothing else (pure)."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import replace

from importer.catalogue.mapping import FILE, ONE_OFF_TITLE, SHAPES
from importer.columns import BY_NAME, COLUMNS, LIVE_COLUMNS, RESULT_COLUMNS
from importer.errors import UsageError
from importer.headers import known_name
from importer.mapping.file import PINNED, Block, Mapping, Source, is_ours
from importer.model import Sheet

_IMPLIED = {"target_type": ("target_identity", "target_criteria"), "pin_type": PINNED}
"""Columns whose word is clear where one of two others is there: `item` for the first, `criteria` for the second."""


def pair(option: str, text: str) -> tuple[str, str]:
    """Split `OURS=THEIRS`. Raises `UsageError` for a text without the sign, or for a column that pins do not have."""
    ours, sign, theirs = text.partition("=")
    ours = ours.strip()
    if not sign or not ours or (option == "--map" and not theirs.strip()):
        raise UsageError(FILE["pair"].format(option=option, value=text, shape=SHAPES[option]), code="mapping-pair")
    if not is_ours(ours):
        keys = ", ".join(BY_NAME)
        text = FILE["one-off-column"].format(option=option, value=text, column=ours, keys=keys)
        raise UsageError(text, code="mapping-pair")
    return ours, theirs.strip()


def with_one_offs(mapping: Mapping | None, columns: Table[str, str], constants: Table[str, str]) -> Mapping | None:
    """Give the mapping other columns (ours to theirs) and constants; they win over all that it says.

    Without a mapping, the sheet's columns that bear our names count too.
    """
    if not columns and not constants:
        return mapping
    base = mapping or Mapping("--map", ONE_OFF_TITLE, (), (Block({}, {}, {}, {}),), {}, keeps_own=True)
    blocks = []
    for block in base.blocks:
        kept = {name: it for name, it in block.columns.items() if name not in columns and name not in constants}
        fixed = {name: it for name, it in block.constants.items() if name not in columns and name not in constants}
        named = {name: Source((header,), key_path=("--map", name)) for name, header in columns.items()}
        blocks.append(replace(block, columns={**kept, **named}, constants={**fixed, **constants}))
    return replace(base, blocks=tuple(blocks))


def complete(mapping: Mapping, sheet: Sheet) -> Mapping:
    """Complete the mapping for a sheet: with the sheet's own columns where they count, and with words that are clear.

    Raises `UsageError` where nothing says which column a needed one is.
    """
    blocks = []
    for block in mapping.blocks:
        own = _own(block, sheet) if mapping.keeps_own else {}
        whole = replace(block, columns={**block.columns, **own})
        said = {*whole.columns, *whole.constants, *whole.defaults}
        implied = {
            name: word
            for name, others in _IMPLIED.items()
            if name not in said
            for word in [word for other, word in zip(others, ("item", "criteria"), strict=True) if other in said][:1]
        }
        whole = replace(whole, constants={**whole.constants, **implied})
        missing = [
            column.name
            for column in COLUMNS
            if column.required and column.name != "position" and column.name not in said | implied.keys()
        ]
        if missing:
            mapping.fail("needed", (), columns=", ".join(missing), first=missing[0])
        if not said & set(PINNED):
            mapping.fail("no-pins", ())
        blocks.append(whole)
    return replace(mapping, blocks=tuple(blocks))


def _own(block: Block, sheet: Sheet) -> dict[str, Source]:
    own: dict[str, Source] = {}
    used = {header for source in block.columns.values() for header in source.headers}
    for column in sheet.columns:
        name = known_name(column.header)
        if name in (*RESULT_COLUMNS, *LIVE_COLUMNS):
            raise UsageError(FILE["results"].format(file=sheet.file, column=name), code="mapping-results")
        if name and name not in block.columns and name not in block.constants and column.header not in used:
            own.setdefault(name, Source((column.header,), key_path=(name,)))
    return own
