"""A mapping as a frozen value (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Literal, NoReturn

from importer.catalogue.mapping import FILE
from importer.columns import BY_NAME, METADATA_PREFIX
from importer.errors import UsageError
from importer.mapping.lines import line_of
from importer.settings import DateOrder

PINNED = ("pin_identity", "pin_criteria")
"""The columns that say what is pinned; one of them makes a row's pins."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands in the other system's sheet."""

    headers: tuple[str, ...]
    """Headers of columns; in a pattern `#` stands for a number or nothing."""
    several: bool = False
    """Whether the mapping takes all columns that fit, not the only one."""
    split: str = ""
    """What separates the values within a cell; "" if the cell is one value."""
    add: int = 0
    """What to add to a number."""
    number: bool = False
    """Whether the value is the number in the header of the pin's own column."""
    key: str = ""
    """The key of a JSON object that the cell becomes the value of; "" if the cell stays as it is."""
    optional: bool = False
    """Whether the sheet may lack the column."""
    key_path: tuple[str, ...] = ()
    """The key in the mapping file, for messages."""


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of pin in a row. Its tables are by our column's name."""

    columns: Table[str, Source]
    """Where the values stand."""
    constants: Table[str, str]
    """The same value for every pin."""
    defaults: Table[str, str]
    """The value of an empty cell."""
    values: Table[str, Table[str, str]]
    """Their word, in small letters, to ours."""
    optional: bool = False
    """Whether the sheet may lack the columns of its pinned products."""
    otherwise: bool = False
    """Whether only rows count that have no pin of the blocks before."""

    @property
    def pinned(self) -> Source | None:
        """The columns whose filled cells are the pins; `None` where every row is one pin."""
        return next((self.columns[name] for name in PINNED if name in self.columns), None)


@dataclass(frozen=True, slots=True)
class Identities:
    """A table that turns their identities into those of Luigi's Box."""

    file: str
    """The table's path, from the folder of the mapping file; "" for the sheet itself."""
    from_column: str
    """The header of their identities."""
    to_column: str
    """The header of those of Luigi's Box."""
    missing: Literal["problem", "keep"] = "problem"
    """What to do with an identity that the table lacks."""
    prefix: str = ""
    """Look up only identities that begin so, and without it."""
    key_path: tuple[str, ...] = ("identities",)
    """The key in the mapping file, for messages."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How another system's sheet becomes one row per pin."""

    name: str
    """The built-in one's name, or the file's path."""
    title: str
    """What the mapping is for, in words."""
    expects: tuple[str, ...]
    """Headers without which the sheet is another one."""
    blocks: tuple[Block, ...]
    """The kinds of pins in a row."""
    skip: Table[str, frozenset[str]]
    """Their column to the words, in small letters, that switch a row off."""
    identities: tuple[Identities, ...] = ()
    date_order: DateOrder | None = None
    """How to read dates such as 03/04/2026 in this system's sheets."""
    text: str = ""
    """The file itself, for the lines that messages name."""
    keeps_own: bool = False
    """Whether to take the sheet's columns that bear our names as well (one-offs without a mapping file)."""

    def where(self, key_path: Sequence[str]) -> str:
        """A key as messages name it: the file, the line, the key."""
        line = line_of(self.text, key_path) if self.text else None
        key = ".".join(part for part in key_path if not part.isdigit() and part != self.name)
        return ", ".join([self.name, *([f"line {line}"] if line else []), *([key] if key else [])])

    def fail(self, code: str, key_path: Sequence[str], **facts: object) -> NoReturn:
        """Raise the `UsageError` about one key."""
        text = FILE[code].format(where=self.where(key_path), name=self.name, **facts)
        raise UsageError(text, code=f"mapping-{code}")

    def headers(self) -> Iterator[str]:
        """Every header that the mapping names, patterns included."""
        yield from self.expects
        for block in self.blocks:
            for source in block.columns.values():
                yield from source.headers
        yield from self.skip


def is_ours(name: str) -> bool:
    """Whether a name is that of one of our columns, a key of the target's metadata included."""
    return name in BY_NAME or (name.startswith(METADATA_PREFIX) and len(name) > len(METADATA_PREFIX))
