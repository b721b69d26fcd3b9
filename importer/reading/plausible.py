"""Decides whether bytes that are not UTF-8 make sense as Windows-1250, and as what else they would make more (pure).

In each of these encodings every byte is some letter, so only whole words decide. In text of Central Europe no word has
letters of different languages, signs inside it, or a capital in its middle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from importer.patterns import Pattern

GUESS = "cp1250"
OTHERS = ("cp1252", "iso8859-2", "cp852", "mac_latin2", "cp1251")
MOST_NAMED = 3
"""How many other encodings a message names."""
LOOKED_AT = 1 << 20
"""Bytes of the text that are looked at: enough words to decide, in a fraction of a second."""
ENOUGH_ODD = 2
"""Odd words from which a text is in doubt: a single one may be a typing error."""
ODD_SHARE = 0.05
"""Of the words that are not plain ASCII. One word in twenty may be a foreign name."""
FEW_ODD_SHARE = 0.5
SOME_ODD_SHARE = 0.25
"""Enough where another encoding leaves no word odd."""

_CENTRAL = (
    "áäčďéíĺľňóôŕšťúýž",
    "áčďéěíňóřšťúůýž",
    "ąćęłńóśźż",
    "áéíóöőúüű",
    "äöüß",
    "čšžćđ",
    "ăâîşţșț",
)
_ANYWHERE = "éëçöüáèà"
"""Letters that foreign names bring into every language: Citroën, Curaçao, Müller."""
_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßšžðþ"
_ALPHABETS = {"cp1252": (_WESTERN,), "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяёђѓєіїјљњќћўџґ",)}

_WORD = Pattern(r"[^\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]+")
_HIGH = Pattern(r"[^\x00-\x7f]")
_SIGNS = "§ˇ‚¤¦¨¬¶¸»«†‡‰‹›˛˘˝˙µ„¹²³¼½¾¿¡€ƒ¯¢£¥ªº°±"  # noqa: RUF001
_SIGN_INSIDE = Pattern(rf"[^\W\d_][{_SIGNS}©®]+[^\W\d_]|^[§©®¹¾¼¦][^\W\d_]|[^\W\d_]‚$")  # noqa: RUF001
_CONTROL = Pattern("[\x80-\x9f]|[\u2500-\u259f]")
_CONSONANT = "bcčdďfghjklľmnňpqrřsštťvwxzž"
# A letter where no language that has it puts it.
_MISPLACED = Pattern(
    rf"(?<![{_CONSONANT}])[ŕĺ]|[ŕĺ](?![{_CONSONANT}])|ń[aeiouyáéíóú]|^[ęąů]|oů|ăo|[ęą][aeiouy]", re.IGNORECASE
)


def better_encodings(data: bytes) -> list[tuple[str, str]]:
    """Find likelier encodings than Windows-1250, each with the first odd words as it reads them.

    Windows-1250 itself comes first. There are none where it makes sense.
    """
    words = [word for word in _words(data) if any(byte > 0x7F for byte in word)]
    odd = [word for word in words if _is_odd_as(word, GUESS)]
    share = len(odd) / len(words) if words else 0.0
    if not odd or share < ODD_SHARE or (share < SOME_ODD_SHARE and len(odd) < ENOUGH_ODD):
        return []
    odd_as = {name: sum(_is_odd_as(word, name) for word in words) for name in OTHERS}
    if share < FEW_ODD_SHARE and len(odd) < ENOUGH_ODD and min(odd_as.values()):
        return []
    likely = sorted(OTHERS, key=lambda name: (odd_as[name], sum(_has_capital_as(word, name) for word in words)))
    return [(name, _sample(odd, name)) for name in (GUESS, *likely[:MOST_NAMED])]


def _words(data: bytes) -> Iterator[bytes]:
    """Cut the text at blanks and ASCII signs. The words are bytes: what a letter is depends on the encoding."""
    return (found[0] for found in re.finditer(rb"[A-Za-z\x80-\xff]+", data[:LOOKED_AT]))


def _sample(words: list[bytes], encoding: str) -> str:
    return ", ".join(dict.fromkeys(word.decode(encoding, "replace") for word in words[:3]))


def _is_odd_as(word: bytes, encoding: str) -> bool:
    try:
        return _is_odd(word.decode(encoding), encoding)
    except UnicodeDecodeError:
        return True


def _is_odd(text: str, encoding: str) -> bool:
    """Whether a word cannot be one: by a sign or a capital inside it, or letters of several languages."""
    if _CONTROL.re.search(text) or _SIGN_INSIDE.re.search(text) or _has_capital_inside(text):
        return True
    # An edge may be a sign, a quotation mark or a dash with the words on both sides of it.
    return any(_is_odd_part(part, encoding) for part in re.split(r"[\W\d_]+", text) if _HIGH.re.search(part))


def _has_capital_inside(text: str) -> bool:
    return any(
        third > "\x7f" and third.isupper() and first.islower() and second.islower()
        for first, second, third in zip(text, text[1:], text[2:], strict=False)
    )


def _has_capital_as(word: bytes, encoding: str) -> bool:
    """Whether a capital that is not plain ASCII stands right after a small letter."""
    text = word.decode(encoding, "replace")
    return any(second > "\x7f" and second.isupper() and first.islower() for first, second in pairwise(text))


def _is_odd_part(part: str, encoding: str) -> bool:
    letters = part.lower()
    if letters[0] == "µ" and len(letters) <= len("µm"):
        return False
    high = set(_HIGH.re.findall(letters))
    if encoding == "cp1251":
        return not set(letters) <= set(_ALPHABETS[encoding][0])
    if len(letters) >= 5 and len(_HIGH.re.findall(letters)) > 0.8 * len(letters):
        return True
    if encoding == "cp1252":
        return not high <= set(_WESTERN)
    if _MISPLACED.re.search(letters):
        return True
    return not any(high <= {*alphabet, *_ANYWHERE} for alphabet in _CENTRAL)
