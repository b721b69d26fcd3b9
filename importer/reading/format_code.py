"""Number formats as their code says them, cut into sections and tokens. Runs in the child process.

A code (`[Red]-0.00 "ks";;@`) has up to four sections: for numbers above, below and at zero, and for text; or sections
with conditions of their own. ECMA-376, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

GENERAL = "General"

_OPERATORS: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_CONDITION = re.compile(r"\[\s*(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:E[-+]?\d+)?)\s*\]", re.IGNORECASE)
_TOKEN = re.compile(
    r"""
    (?P<quoted>"[^"]*"?) | (?P<escaped>\\.?) | (?P<blank>_.?) | (?P<filled>\*.?)
  | (?P<elapsed>\[(?:h+|m+|s+)\]) | (?P<money>\[\$[^\]]*\]) | (?P<bracket>\[[^\]]*\])
  | (?P<general>General|Standard) | (?P<half>AM/PM|A/P|上午/下午|午前/午後)
  | (?P<power>E[-+]) | (?P<digit>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<text>@)
  | (?P<date>y+|m+|d+|h+|s+|e+|g+|b+|j+|t+|r+|a+) | (?P<literal>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_FRACTION = re.compile(r"[0#?]\s*/\s*[0#?\d]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a section."""

    kind: str
    """`literal`, `digit`, `point`, `comma`, `percent`, `power`, `text`, `general`, or of dates `date`, `elapsed`,
    `half`."""
    text: str
    """What it shows, or the letters that say what is shown."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a format."""

    tokens: tuple[Token, ...]
    """Its pieces; colours, fillers and the like are left out."""
    holds: Callable[[float], bool] | None
    """The condition that it states."""
    is_date: bool
    """Whether it shows days or times."""
    is_fraction: bool
    """Whether it shows `1 1/2`."""

    def shows(self, letters: str) -> bool:
        """Whether it shows any of these parts of a moment."""
        return any(token.kind == "date" and token.text[0] in letters for token in self.tokens)


@lru_cache(maxsize=4096)
def sections_of(code: str) -> tuple[Section, ...]:
    """The sections for numbers; none where numbers are shown as they are."""
    parts = _parts(code)
    if len(parts) > 1 and ("@" in _bare(parts[-1]) or len(parts) > 3):
        parts = parts[: min(len(parts) - 1, 3)]
    sections = tuple(_section(part) for part in parts)
    is_plain = len(sections) <= 1 and all(
        not section.tokens or [token.kind for token in section.tokens] in (["general"], ["text"])
        for section in sections
    )
    return () if is_plain else sections


@lru_cache(maxsize=4096)
def text_section(code: str) -> Section | None:
    """The section for texts; `None` where they are shown as they are, but for blanks around them."""
    parts = _parts(code)
    if len(parts) < 4 and "@" not in _bare(parts[-1]):
        return None
    section = _section(parts[min(len(parts) - 1, 3)])
    seen = [token.kind for token in section.tokens if token.kind != "literal" or token.text.strip()]
    return None if seen in (["text"], ["general"]) else section


def _parts(code: str) -> list[str]:
    parts = [""]
    for token in _TOKEN.finditer(code):
        if token[0] == ";":
            parts.append("")
        else:
            parts[-1] += token[0]
    return parts


def _bare(part: str) -> str:
    """A section without what it quotes."""
    return "".join(token[0] for token in _TOKEN.finditer(part) if token.lastgroup == "text")


def _section(part: str) -> Section:
    condition = _CONDITION.search(part)
    found = [token for match in _TOKEN.finditer(part) if (token := _token(match)) is not None]
    tokens = _minutes(_dates(found))
    is_date = any(token.kind in ("date", "elapsed", "half") for token in tokens)
    bare = "".join(
        token.text if token.kind != "literal" or token.text in "/ " or token.text.isdigit() else "." for token in tokens
    )
    return Section(tokens, _holds(condition), is_date, not is_date and _FRACTION.search(bare) is not None)


def _holds(condition: re.Match[str] | None) -> Callable[[float], bool] | None:
    if condition is None:
        return None
    try:
        compare, bound = _OPERATORS[condition[1]], float(condition[2])
    except ValueError:
        return None
    return lambda value: compare(value, bound)


def _token(match: re.Match[str]) -> Token | None:  # noqa: PLR0911 - one line a kind
    text, kind = match[0], str(match.lastgroup)
    match kind:
        case "quoted":
            return Token("literal", text.strip('"'))
        case "escaped":
            return Token("literal", text[1:])
        case "blank":
            return Token("literal", " ")
        case "money":
            return Token("literal", text[2:-1].partition("-")[0])
        case "filled" | "bracket":
            return None
        case "date" | "elapsed":
            return Token(kind, text.lower().strip("[]"))
        case _:
            return Token(kind, text)


def _dates(tokens: list[Token]) -> list[Token]:
    """Letters mean parts of a moment only where no digits are shown but those of split seconds."""
    kinds = [token.kind for token in tokens]
    letters = {token.text[0] for token in tokens if token.kind == "date"}
    digits = any(kind in ("digit", "general") and not _of_seconds(tokens, place) for place, kind in enumerate(kinds))
    if "elapsed" not in kinds and (digits or not letters & set("ymdhsjtrea")):
        return [Token("literal", token.text) if token.kind == "date" else token for token in tokens]
    return [_in_english(token, letters) for token in tokens]


def _of_seconds(tokens: list[Token], place: int) -> bool:
    while place >= 0 and tokens[place].kind in ("digit", "point"):
        place -= 1
    return place >= 0 and tokens[place].kind in ("date", "elapsed") and tokens[place].text[0] == "s"


def _in_english(token: Token, letters: set[str]) -> Token:
    """`TT.MM.JJJJ`, `jj/mm/aaaa`, `dd.mm.rrrr`: some programs write the letters of their own language."""
    if token.kind != "date":
        return token
    letter, length = token.text[0], len(token.text)
    if letter == "j":
        letter = "y" if "t" in letters or length > 2 else "d"
    elif letter == "a":
        letter = "y" if "j" in letters or ("d" in letters and "y" not in letters) else "d"
        length = length if letter == "y" else 4
    else:
        letter = {"t": "d", "r": "y", "e": "y", "b": "y"}.get(letter, letter)
    return Token("date", letter * length)


def _minutes(tokens: list[Token]) -> tuple[Token, ...]:
    """`m` means minutes right after hours and right before seconds: those are spelled `n` from here on."""
    timed = [place for place, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    for before, place, after in zip([None, *timed], timed, [*timed[1:], None], strict=False):
        if tokens[place].text[0] != "m":
            continue
        beside = (before is not None and tokens[before].text[0] == "h") or (
            after is not None and tokens[after].text[0] == "s"
        )
        if beside or tokens[place].kind == "elapsed":
            tokens[place] = Token(tokens[place].kind, "n" * len(tokens[place].text))
    return tuple(tokens)
