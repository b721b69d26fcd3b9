"""Headers in two rows: names of groups over the names within them, `target` over `type` and `identity` (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from importer.headers import NEEDED, known_name, known_names


def joined(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """Two rows as one header, or `None` where they are none: `lower` holds something else than names, or a name
    would be there twice.

    A group's name counts to the right, as far as the cells beside it are blank; a name that is complete needs none.
    """
    names: list[str] = []
    group = ""
    for above, below in zip(upper, lower, strict=True):
        group = above if above.strip() else group
        together = " ".join(filter(None, (group.strip(), below.strip())))
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
    known = [name for text in names if text.strip() and (name := known_name(text)) is not None]
    return names if len(known) == len(set(known)) else None


def find_pair(rows: Sequence[Sequence[str]], header: int | None) -> tuple[int, list[str]] | None:
    """The lower of two rows that name more columns together than `header`, the best single row, and their names.

    Where `header` has all needed columns, only it and a row beside it can be the two.
    """
    alone = _worth(rows[header]) if header is not None else (False, 1)
    firsts = range(len(rows) - 1)
    if header is not None and alone[0]:
        firsts = range(max(header - 1, 0), min(header + 1, len(rows) - 1))
    found = [(first + 1, names) for first in firsts if (names := joined(rows[first], rows[first + 1]))]
    best = max(found, key=lambda pair: _worth(pair[1]), default=None)
    return best if best is not None and _worth(best[1]) > alone else None


def _worth(names: Sequence[str]) -> tuple[bool, int]:
    known = known_names(names)
    return known >= NEEDED, len(known)
