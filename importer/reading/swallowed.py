"""Rows of a text file that vanished inside one cell, between two quotation marks that stand there by accident."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from importer.columns import COLUMNS
from importer.reading.raw import Raw

_BREAK = re.compile(r"\r\n|\r|\n")
_WORDS = frozenset(word for column in COLUMNS for word in column.choices)
_ALMOST, _HARDLY = 0.8, 1.3
"""A row has between so many times the separators of the header's row."""
_FEWEST = 3
"""Any text may have fewer separators than that."""


def swallowing(values: Sequence[Raw], delimiter: str, width: int, *, is_list: bool) -> list[int]:
    """Find the distinct cells of a column that seem to hold rows of the table, which has `width` columns.

    `is_list` says that the column's cells are often lists of many parts.
    """
    return [
        number
        for number, cell in enumerate(values)
        if isinstance(cell, str) and _BREAK.search(cell) and _swallows(cell, delimiter, width - 1, is_list=is_list)
    ]


def _swallows(cell: str, delimiter: str, separators: int, *, is_list: bool) -> bool:
    if cell.count(delimiter) < min(_FEWEST, separators) or _is_json(cell):
        return False
    lines = [line.strip(" ") for line in _BREAK.split(cell.strip("\r\n"))]
    # In a sentence or a list a blank follows the separator, in a row it hardly ever does.
    tight = re.compile(rf"{re.escape(delimiter)}(?! )")
    words = sum(_is_word(field) for line in lines if delimiter in line for field in tight.split(line))
    if words >= 2 and sum(len(tight.findall(line)) for line in lines) >= min(_FEWEST, separators):
        return True
    loose = [line.count(delimiter) for line in lines]
    if sum(_is_word(field) for line in lines if delimiter in line for field in line.split(delimiter)) >= 2:
        return sum(loose) >= max(_FEWEST, _ALMOST * separators)
    if is_list or (delimiter == "," and not words):
        return False
    return _are_rows([len(tight.findall(line)) for line in lines], separators)


def _are_rows(counts: Sequence[int], separators: int) -> bool:
    """Whether the lines have as many separators as the end of a row, whole rows, and the beginning of a row."""
    first, *whole, last = counts
    return (
        len(counts) > 1
        and max(_FEWEST, _ALMOST * separators) <= first + last <= _HARDLY * separators
        and all(_ALMOST * separators <= count <= _HARDLY * separators for count in whole)
    )


def _is_word(field: str) -> bool:
    return field.strip(' "').casefold() in _WORDS


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
