"""`Import Key`: what a row of the results says of the customization it was part of when it was written (pure).

It binds a Customization ID to the content that the ID stands for, on any computer: a row that was edited, copied,
added or deleted since shows by it. `T4F2A9C01B7-91AC03D2E5-3` is the target, the content and the number of pins; a `?`
behind it says that the customization may be live though its ID is not known.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from importer.model import Scope

BYTES = 5
"""Of each part: among a million scopes, the chance that one changed content passes for the old is one in a million."""

MARK = "?"
"""Behind a key: the customization may be live, though its ID is not known."""

_DIGITS = BYTES * 2
_KEY = re.compile(rf"T([0-9A-F]{{{_DIGITS}}})(?:-([0-9A-F]{{{_DIGITS}}}))?-([0-9]{{1,9}})([?]?)")


class ImportKey(NamedTuple):
    """The key as a value."""

    target: int
    """Stands for model, target type and target."""
    content: int | None
    """Stands for all of the content, without the order of pins; `None` where a wrong row left no content."""
    pins: int
    """How many pins there were."""
    may_be_live: bool = False
    """Whether the results said that it was created, or may have been, and its ID was missing when they came back."""

    def __str__(self) -> str:
        content = "" if self.content is None else f"-{self.content:0{_DIGITS}X}"
        mark = MARK if self.may_be_live else ""
        return f"T{self.target:0{_DIGITS}X}{content}-{self.pins}{mark}"


def read_key(text: str) -> ImportKey | None:
    """Read the key that a cell holds; `None` where it holds none."""
    found = _KEY.fullmatch(text.strip().upper())
    if found is None:
        return None
    target, content, pins, doubt = found.groups()
    return ImportKey(int(target, 16), None if content is None else int(content, 16), int(pins), doubt == MARK)


def target_part(model: str, target_type: str, target: str) -> int:
    """Make the part for a target, which is an identity, or canonical criteria."""
    return _digest("\n".join((target_type, model, target)).encode("utf-8", "surrogatepass"))


def content_part(canonical: bytes) -> int:
    """Make the part for a content, of its canonical projection. It is never 0."""
    return _digest(canonical) or 1


def key_of(scope: Scope) -> ImportKey:
    """Make the key of a scope as it is now."""
    target = target_part(scope.model, scope.target_type, scope.target)
    return ImportKey(target, content_part(scope.canonical), len(scope.rows))


def _digest(content: bytes) -> int:
    return int.from_bytes(blake2b(content, digest_size=BYTES).digest(), "big")
