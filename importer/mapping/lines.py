"""On which line of a TOML file a key stands (pure): the standard library reads the values only."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TABLE = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*\.?""")


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line of the key, counted from 1, or of the nearest table or key around it; `None` if there is none.

    Blocks of an array are numbered: `("pins", "1", "position")` is in the second `[[pins]]`.
    """
    best: tuple[int, int] | None = None
    counts: dict[str, int] = {}
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if found := _TABLE.match(line):
            table = _parts(found[1])
            if line.lstrip().startswith("[[") and len(table) == 1:
                counts[table[0]] = counts.get(table[0], -1) + 1
            if table and table[0] in counts:
                table = [table[0], str(counts[table[0]]), *table[1:]]
            here = table
        elif found := _KEY.match(line):
            here = [*table, *_parts(found[1])]
        else:
            continue
        fits = _common(_joined(here), _joined(path))
        if fits and (best is None or fits > best[0]):
            best = fits, number
    return best[1] if best else None


def _parts(key: str) -> list[str]:
    return [found[1] or found[2] or found[3] or "" for found in _PART.finditer(key)]


def _joined(path: Sequence[str]) -> str:
    return "".join(f"{part}." for part in path)


def _common(here: str, path: str) -> int:
    """How much of the path a key or table names; 0 where it names something else."""
    if here.startswith(path):
        return len(path)
    return len(here) if path.startswith(here) else 0
