"""Characters that nobody sees: one set of them for headers and cells (pure)."""

from __future__ import annotations

import re
import unicodedata

_SELECTORS = "\ufe00-\ufe0f\U000e0000-\U000e0fff"  # of a variant of the sign before them, and tags of flags
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a"
)

INVISIBLE = re.compile(f"[{_UNSEEN}{_SELECTORS}]")
"""One character that takes no place or shows nothing: soft hyphens, zero widths, directions, fillers, selectors."""

_EDGE = re.compile(rf"\A[\s{_UNSEEN}]+|[\s{_UNSEEN}]+\Z")
_ODD_BLANK = re.compile(r"[^\S \t\n\r]")
_KEYCAP = "\u20e3"
_LETTERS, _SIGNS = ("Lo", "Mn", "Mc"), ("So", "Sk", "Cf", "Mn", "Po", "Lo")


def trimmed(text: str) -> str:
    """The text without blanks and invisible characters around it."""
    return _EDGE.sub("", text)


def hidden(text: str, *, blanks: bool = False) -> str:
    """The text with its invisible characters spelled out (`12⟨U+200B⟩3`), or "" where it has none.

    Those that make up an emoji, or join letters in a script that needs it, are no reason for alarm. With `blanks`
    every blank that is not the ordinary one counts as well.
    """
    strange = {found.start() for found in INVISIBLE.finditer(text) if not _belongs(text, found.start())}
    if blanks:
        strange |= {found.start() for found in _ODD_BLANK.finditer(text)}
    if not strange:
        return ""
    return "".join(f"⟨U+{ord(sign):04X}⟩" if at in strange else sign for at, sign in enumerate(text))


def _belongs(text: str, at: int) -> bool:
    """Whether an invisible character follows what it is made for: an emoji, or a letter of a script that joins."""
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if not before or before < "\u0590":
        return after == _KEYCAP
    kind = unicodedata.category(before)
    if sign in "\u200c\u200d" and kind in _LETTERS:
        return bool(after)
    selects = "\ufe00" <= sign <= "\ufe0f" or sign >= "\U000e0000" or sign == "\u200d"
    return selects and kind in _SIGNS
