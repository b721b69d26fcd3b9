"""Read a file under a mapping, and say of a sheet without our columns which mapping fits it."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pandas as pd

from importer.catalogue import files
from importer.catalogue.mapping import AN, FILE, NOTICES, PROPOSE
from importer.columns import BY_NAME
from importer.errors import FileError
from importer.headers import NEEDED, known_name
from importer.mapping.apply import apply
from importer.mapping.file import Mapping
from importer.mapping.find import Finder
from importer.mapping.load import built_in, read_tables
from importer.mapping.one_offs import complete
from importer.mapping.propose import fitting
from importer.model import Notice, Sheet
from importer.reading import read
from importer.settings import ReadOptions
from importer.shell_words import as_typed

FOREIGN = frozenset({"no-header", "columns-missing", "misspelt", "looks-like", "column-twice"})
"""Refusals of sheets whose columns are not ours: they may be an export."""

_FILLED = ("target_type", "target_identity", "target_criteria")


def read_mapped(path: str | os.PathLike[str], options: ReadOptions, mapping: Mapping) -> Sheet:
    """Read a file, and make it a sheet of pins. One that has the importer's own columns needs no mapping.

    Raises `FileError` for a file that nobody can use, `UsageError` for one that the mapping is not for.
    """
    theirs = (*mapping.headers(), *(BY_NAME if mapping.keeps_own else ()))
    sheet = read(path, replace(options, theirs=theirs))
    if not mapping.keeps_own and has_own_columns(sheet):
        said = Notice("mapping-not-needed", NOTICES["mapping-not-needed"].format(name=mapping.name))
        own = read(path, options)
        return replace(own, notices=(*own.notices, said))
    if options.fill_down:
        sheet = _filled_down(sheet, complete(mapping, sheet))
    return apply(sheet, mapping, read_tables(mapping))


def has_own_columns(sheet: Sheet) -> bool:
    """Whether a sheet, read as it stands, has all columns that a sheet of pins needs."""
    return {known_name(column.header) for column in sheet.columns} >= NEEDED


def _filled_down(sheet: Sheet, mapping: Mapping) -> Sheet:
    """Copy what a row says of the target into the rows below it that say nothing."""
    find = Finder(sheet, mapping)
    frame, count = sheet.frame.copy(deep=False), 0
    sources = {block.columns[name] for block in mapping.blocks for name in _FILLED if name in block.columns}
    for key in {column.key for source in sources for _, column in find.columns(source)}:
        array = frame[key].array
        last = np.maximum.accumulate(np.where(array.codes >= 0, np.arange(len(frame)), 0))
        codes = array.codes[last]
        count += int(((codes >= 0) & (array.codes < 0)).sum())
        frame[key] = pd.Categorical.from_codes(codes, dtype=array.dtype)
    said = (files.notice("filled-down", count=count),) if count else ()
    return replace(sheet, frame=frame, notices=(*sheet.notices, *said))


def with_hint(error: FileError, path: str | os.PathLike[str], options: ReadOptions) -> FileError:
    """Add to a refusal which mapping fits the file, if it is an export."""
    try:
        sheet = read(path, replace(options, theirs=()))
    except FileError:
        return error
    found = fitting(sheet, list(built_in()))
    if found is not None:
        title = found.title.partition(":")[0]
        text = FILE["looks-like"].format(title=f"{AN[title[0] in 'AEIOU']} {title}", name=found.name)
        return FileError(text, code="looks-like-export", read=error.read)
    if len({known_name(column.header) for column in sheet.columns} & NEEDED) > 1:
        return error
    return FileError(f"{error} {PROPOSE.format(file=as_typed(path))}", code=error.code, read=error.read)
