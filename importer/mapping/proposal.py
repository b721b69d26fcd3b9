"""What `pin-importer mapping FILE` says of a sheet: the mapping that fits, or a file to edit."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import PurePath

from importer.catalogue.mapping import PROPOSED
from importer.errors import ImporterError
from importer.mapping.apply import apply
from importer.mapping.file import Mapping
from importer.mapping.load import built_in, built_in_text, read_tables
from importer.mapping.parse import parse
from importer.mapping.propose import Kind, Use, draft, fitting, used_by
from importer.mapping.read import has_own_columns
from importer.mapping.write import mapping_text, table_lines
from importer.model import Sheet
from importer.reading import read
from importer.settings import ReadOptions


@dataclass(frozen=True)
class Proposal:
    """A mapping for a sheet, as far as its headers show one."""

    finding: str
    """Which built-in mapping fits, or what a draft lacks, in a sentence."""
    name: str
    """The built-in mapping that fits; "" for a draft."""
    text: str
    """The mapping file; "" where the sheet has our own columns."""
    columns: tuple[str, ...]
    """A line for every column of the sheet: its use, and some of its cells."""
    sheet: Sheet | None
    """The sheet of pins that the mapping makes; `None` where no name says beside which products what is pinned."""
    uses: tuple[Use, ...] = ()
    """The same of every column, as values."""
    kinds: tuple[Kind, ...] = ()
    """The kinds of pins that a draft takes or could take; none for a built-in mapping."""
    trouble: str = ""
    """Why there is no sheet of pins, though the mapping is whole."""


def propose(path: str | os.PathLike[str], options: ReadOptions) -> Proposal:
    """Look at a file and propose a mapping. Raises `FileError` for a file that cannot be read."""
    sheet = read(path, replace(options, theirs=()))
    file = PurePath(path).name
    if has_own_columns(sheet):
        return Proposal(PROPOSED["own"].format(file=file), "", "", (), None)
    found = fitting(sheet, list(built_in()))
    if found is not None:
        uses = tuple(used_by(sheet, found))
        lines = tuple(table_lines(uses))
        text = PROPOSED["builtin"].format(file=file, name=found.name, title=found.title)
        return _with_pins(Proposal(text, found.name, built_in_text(found.name), lines, None, uses), sheet, found)
    drafted = draft(sheet)
    text, lines = mapping_text(drafted, file), tuple(table_lines(drafted.uses))
    sure = [kind.header for kind in drafted.kinds if not kind.guessed]
    if not drafted.is_whole:
        code = "no-pins" if not sure else "no-target"
        return Proposal(PROPOSED[code].format(file=file), "", text, lines, None, drafted.uses, drafted.kinds)
    finding = PROPOSED["whole"].format(file=file, target=drafted.target, pinned=", ".join(sure))
    proposal = Proposal(finding, "", text, lines, None, drafted.uses, drafted.kinds)
    return _with_pins(proposal, sheet, parse(text, "mapping.toml"))


def _with_pins(proposal: Proposal, sheet: Sheet, mapping: Mapping) -> Proposal:
    try:
        return replace(proposal, sheet=apply(sheet, mapping, read_tables(mapping)))
    except ImporterError as error:
        return replace(proposal, trouble=str(error))
