"""Text as a workbook's XML holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from importer.cells import LONGEST_TEXT

# Control characters travel as `_xHHHH_`, so a text that itself reads `_x000D_` has its underscore escaped.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
# XML cannot hold these at all. Excel would take `_xFFFF_` for them, but other readers give that back as seven
# ordinary characters, which would pass for a good value. Another character that stands for none never does.
NO_CHARACTER = "\ufdd0"
"""Stands where a character cannot be written; checking refuses it as it refuses what it stands for."""

FORMULA = ("=", "+", "-", "@")
"""How a text begins that a person's edit of its cell would turn into a formula."""

SURELY_SHORT = LONGEST_TEXT // 2
"""Any text of up to this number of characters fits into a cell."""

_IMPOSSIBLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_UNUSUAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x")
_UNUSUAL_BUT_NUL = re.compile(_UNUSUAL.pattern.replace("\x00", "\x01", 1))


def escape(text: str) -> str:
    """The text as the content of an element; characters that XML cannot hold become U+FDD0, which is none."""
    if _UNUSUAL.search(text):
        text = _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
        text = _IMPOSSIBLE.sub(NO_CHARACTER, text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_all(texts: Sequence[str], between: str) -> str:
    """Each text as `escape` makes it, joined by `between`; the bulk of them at once where nothing is unusual."""
    joined = "\0".join(texts)
    if joined.count("\0") >= len(texts) or _UNUSUAL_BUT_NUL.search(joined):
        return between.join(map(escape, texts))
    return joined.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\0", between)


def escape_attribute(text: str) -> str:
    """The text as the value of an attribute in double quotes."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def cut(text: str, mark: str, longest: int = LONGEST_TEXT) -> str:
    """The text, or as much of its start as fits before `mark` in `longest` UTF-16 units."""
    if _units(text) <= longest:
        return text
    kept = text[: longest - len(mark)]
    while _units(kept) > longest - _units(mark):
        kept = kept[: len(kept) - max(1, (_units(kept) - (longest - _units(mark))) // 2)]
    return kept + mark


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
