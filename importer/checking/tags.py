"""Cells of tags: words between separators, some of them in quotes, or a JSON list (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from importer.cells import Cell
from importer.checking import text as texts
from importer.checking.cells import doubted, read_text
from importer.checking.values import CellError, CellWarning, Read

_SEPARATORS = r",;\r\n\t\u2028\u2029"
_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb'
_QUOTED = re.compile(rf'\s*[{_QUOTES}]((?:[^{_QUOTES}]|"")*)[{_QUOTES}]\s*(?:[{_SEPARATORS}]|\Z)')
_BARE = re.compile(rf"([^{_SEPARATORS}]*)(?:[{_SEPARATORS}]|\Z)")
_LIST = re.compile(rf"\[\s*[{_QUOTES}']")


def read_tags(cell: Cell) -> Read:
    """Read tags in their order, each once."""
    if not isinstance(cell, str):
        read = read_text(cell)
        if isinstance(read, CellWarning):
            return CellWarning((str(read.value),), read.code, read.detail)
        return (read,) if isinstance(read, str) else read
    found = _from_list(cell) if _is_list(cell) else _split(cell)
    return found if isinstance(found, CellError) else _tags(found, cell)


def _is_list(cell: str) -> bool:
    """Whether a cell means a list in JSON: brackets around quotes, around several words or around nothing."""
    inside = cell[1:-1].strip()
    enclosed = cell.startswith("[") and cell.endswith("]") and not re.search(r"[\[\]]", inside)
    enclosed = enclosed and (not inside or "," in inside or ";" in inside)
    enclosed = enclosed or (cell.startswith("{") and cell.endswith("}"))  # so databases write a list
    return enclosed or _LIST.match(cell) is not None


def _tags(words: Iterable[str], cell: str) -> Read:
    tags = tuple(dict.fromkeys(filter(None, map(texts.trimmed, words))))
    if not tags:
        return None
    if any(map(texts.is_known_error, tags)):
        return CellError("cell-error")
    if cell.isascii():
        return tags
    read = doubted(tags, cell)
    spelled = texts.hidden(", ".join(tags))
    return CellError("text-invisible", spelled) if spelled and not isinstance(read, CellWarning) else read


def _split(cell: str) -> Sequence[str] | CellError:
    """The words between separators; a separator inside quotes that enclose a whole word is part of it."""
    words, at = [], 0
    while at < len(cell):
        quoted = _QUOTED.match(cell, at)
        found = quoted or _BARE.match(cell, at)
        if found is None:
            break
        word = found[1].replace('""', '"') if quoted else found[1]
        if not quoted and word.lstrip().startswith('"') and word.count('"') % 2:
            return CellError("tags-quotes", word.strip())
        words.append(word)
        at = found.end()
    return words


def _from_list(cell: str) -> Sequence[str] | CellError:
    """The words of a JSON list of texts and numbers, these as they are spelled."""
    try:
        words = json.loads(cell, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return CellError("tags-list")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return CellError("tags-list")
    character = next(filter(None, map(texts.forbidden, words)), None)
    if character:
        return CellError("character-forbidden", character)
    return CellError("text-line-break") if any(map(texts.has_line_break, map(texts.trimmed, words))) else words
