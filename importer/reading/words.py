"""Words of headers and cells, without regard to case and diacritics (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from importer.headers import plain
from importer.patterns import Pattern

LETTERS = Pattern(r"[^\W\d_]+")
"""A word in a text."""
_CAMEL = Pattern(r"(?<=[a-z])(?=[A-Z])")


def one_of(words: str) -> Pattern:
    """What fits one of these words, each a regular expression, with blanks between."""
    return Pattern("|".join(words.split()))


def words_of(text: str) -> list[str]:
    """The words of a header, in small letters."""
    return LETTERS.re.findall(plain(_CAMEL.re.sub(" ", text).replace("_", " ")))


def any_of(words: Iterable[str], *patterns: Pattern) -> bool:
    """Whether one of the words fits one of the patterns."""
    return any(pattern.re.fullmatch(word) for word in words for pattern in patterns)


def only(words: Sequence[str], *patterns: Pattern) -> bool:
    """Whether each of the words fits one of the patterns."""
    return all(any_of([word], *patterns) for word in words)
