"""Tells which known column a header stands for, however people decorate it (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from importer.characters import INVISIBLE
from importer.columns import (
    BY_NAME,
    COLUMNS,
    LIVE_COLUMNS,
    METADATA,
    METADATA_PREFIX,
    PERIOD,
    RESULT_COLUMNS,
    SOURCE_COLUMN,
)

LOOKED_AT_ROWS = 20
"""Of so many of its first rows one is the header."""

ENOUGH_KNOWN = 2
"""So many names of columns in a row make it a header."""

NEEDED = frozenset(column.name for column in COLUMNS if column.required)
"""The columns without which no row says anything."""

LONGEST_HEADER = 500
"""A longer text explains something; it names no column."""

_SEPARATORS = re.compile(r"[\s_\-]+")
# What surely stands beside a name, and what may also stand inside one: `target\ntype`, `target-type`.
_BESIDE = re.compile(r"[()\[\]{}<>|/\\;:=\"'“”„‘’‚«»‹›→←⇒⇐↑↓▲▼•·…]")  # noqa: RUF001 - people write all of these
_PERHAPS_BESIDE = re.compile(r"[,\n\r\t\v\f\u2028\u2029\x85–—-]")  # noqa: RUF001
_NUMBERING = re.compile(r"\A(?:\d{1,3}[.\s]\s*|[A-Za-z]\.\s+)")
_MARKS = re.compile(r"\A[\W_]+|[\W_]+\Z")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_KEY_END = re.compile(r"\s*[(\[{<\n\r\t|;*†‡].*|[:,]?\s+[/–—\-].*|[:,](?:\s.*)?\Z", re.DOTALL)  # noqa: RUF001

_JSON = re.compile(r"[\"'“”]\s*:")
# A remark that makes dates mean something else: the last day is not part of the period.
_EXCLUSIVE = re.compile(r"exclu|exkl|excl\b|vynima|vyluc|vylouc|ausschl")
_ZONE = re.compile(
    r"(?<![A-Za-z])(?:UTC|GMT|CES?T|[ECMP][SD]T|BST|WES?T|EES?T|MS[KZ])(?![A-Za-z])(?:\s?[+-]\s?\d{1,2})?"
    r"|\b(?:London|New York|Los Angeles|Chicago|Toronto|Tokyo|Berlin|Vienna|Wien|Paris|Prague|Praha|Budapest|Warsaw|"
    r"Warszawa|Moscow|Moskva|Kyiv|Kiev|Athens|Dublin|Lisbon|Helsinki|Bucharest|Sofia|Istanbul|Dubai)\b"
)
# Remarks that change what the cells mean: a count from zero, a column that is not to be used, a day that does not
# count, an hour for all days. A date beside an hour shows how to write one.
_FROM_ZERO = re.compile(
    r"\b(?:od|from|ab|de|at|with) (?:nuly|0|zero|null|zera)\b|\bnullatol\b"
    r"|\b(?:zero|0|null)[- ]?(?:based|basiert|indexed)\b"
)
_NOT_USED = re.compile(
    r"\bneplat[in]\w*|\bnepouz\w*|\b(?:not|no longer) (?:used|valid)\b|\bunused\b|\bdo(?: not|n.t) use\b|\bobsolet\w*|"
    r"\bdeprecated\b|\bneaktualn\w*|\bnieaktualn\w*|\bnie uzywa\w*|\bnicht (?:be|ver)(?:nutz|wend)\w*|\bungultig\w*|"
    r"\bveraltet\w*|\bervenytelen\b|\bne hasznal\w*|\bne pas utiliser\b|\bzrusen\w*"
)
_WITHOUT = re.compile(
    r"\b(?:bez|okrem|krome|without|except|ohne|ausser|nelkul|kiveve|sauf|sans|oprocz)\b"
    r"(?! *\(?(?:cas|time|uhr|zeit|hod|heure|godz))"
)
_HOUR = re.compile(
    r"(?<![\d.:])(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?(?![\d.:])|\b(?:1?\d|2[0-4])\s?(?:[ap]m|h|hod|uhr)\b"
)
_USUAL_HOUR = {"active_from": re.compile(r"\b0?0[:.]00"), "active_to": re.compile(r"\b23[:.]59|\b24[:.]00")}
_EXAMPLE = re.compile(
    r"\d{4}|\d{1,2}\. ?\d{1,2}\.|\b(?:napr|np|e\.?g|z\.? ?b|pl|for example|priklad|format|tvar|beispiel)\b"
)
_DATE_FORMAT = re.compile(
    r"\b(?:dd?|tt?|mm?|yyyy|yy|rrrr|rr|jjjj|jj)(?:\s?[-./]\s?(?:dd?|tt?|mm?|yyyy|yy|rrrr|rr|jjjj|jj)){1,2}\b"
    r"(?:[ ,]*hh?:mm(?::ss)?)?",
    re.IGNORECASE,
)

# What people write behind or before a name to say how its cells are filled.
_REMARKS = re.compile(
    "dates?|day|datetime|time|timestamp|datum|termin|cas|zeit|uhrzeit|numbers?|no|nr|num|cislo|nummer|text|string|json|list|"
    "yes|ja|nein|ano|nie|ne|true|false|required|mandatory|needed|optional|obligatory|(ne)?povinn[eyai]|udaj|volitel?n[eya]|"
    "pflicht|pflichtfeld|erforderlich|column|field|stlpec|sloupec|spalte|feld|pole|utc|cet|cest"
)


def plain(text: str) -> str:
    """Write a text in small letters, without diacritics."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def folded(header: str) -> str:
    """Take out what does not count in a header: case, blanks, `_`, `-`, invisible characters."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", header))
    return _SEPARATORS.sub("", text).casefold()


def word_of(text: str) -> str:
    """Write a header or a word of another system as it is compared: case and the number of blanks do not count."""
    return " ".join(text.split()).casefold()


def pattern_of(header: str) -> re.Pattern[str]:
    """Make the pattern of a header of another system. It is for texts of `word_of`; `#` is a number or nothing."""
    before, sign, after = word_of(header).partition("#")
    if not sign:
        return re.compile(re.escape(before))
    return re.compile(rf"{re.escape(before.rstrip())}\s*(\d{{0,6}})\s*{re.escape(after.lstrip())}")


_BY_FOLDED: dict[str, str] = {folded(name): name for name in (*BY_NAME, *RESULT_COLUMNS, SOURCE_COLUMN, *LIVE_COLUMNS)}


def exact_name(header: str) -> str | None:
    """Find the column that a header names without any remark; `None` if there is no such column.

    A metadata key's own spelling is kept: `Target Metadata.Title` is `target_metadata.Title`.
    """
    found = _BY_FOLDED.get(folded(header))
    if found is not None:
        return found
    prefix, dot, key = header.partition(".")
    key = INVISIBLE.sub("", key).strip()
    if dot and key and folded(prefix) == folded(METADATA) and key == _bare_key(key):
        return METADATA_PREFIX + key
    return None


@lru_cache(maxsize=4096)
def known_name(header: str) -> str | None:
    """Find the column that a header stands for as people write it; `None` if it names no column, or two.

    A remark beside the name does not count: in brackets, behind a slash or a line break, a star, a number in front.
    """
    found = exact_name(header)
    if found is not None or len(header) > LONGEST_HEADER or _JSON.search(header):
        return found
    names = {name for piece in _pieces(header) if (name := _plain_name(piece)) is not None}
    if names.issubset(PERIOD) and _EXCLUSIVE.search(plain(header)):
        return None
    return names.pop() if len(names) == 1 else None


def changes_meaning(header: str, name: str) -> bool:
    """Whether a header that stands for a column says beside its name that the cells mean something else."""
    if exact_name(header) is not None or len(header) > LONGEST_HEADER:
        return False
    text = plain(header)
    if name not in PERIOD:
        return bool(_NOT_USED.search(text) or (name == "position" and _FROM_ZERO.search(text)))
    hour = _HOUR.search(text) and not (_EXAMPLE.search(text) or _USUAL_HOUR[name].search(text))
    return bool(hour or _NOT_USED.search(text) or _WITHOUT.search(text))


def zone_in(header: str) -> str:
    """Find the time zone that a header names beside its column (`active_from (UTC)`), or ""."""
    found = _ZONE.search(header)
    return found[0] if found else ""


def known_names(cells: Iterable[str]) -> set[str]:
    """Find the different known columns that a row names."""
    return set(filter(None, map(known_name, cells)))


def _pieces(header: str) -> set[str]:
    """Every part of a header that may be the name alone."""
    text = _DATE_FORMAT.sub("", INVISIBLE.sub("", unicodedata.normalize("NFKC", header)))
    large = _BESIDE.split(text)
    return {*large, *(small for piece in large for small in _PERHAPS_BESIDE.split(piece))}


def _plain_name(piece: str) -> str | None:
    """The column a piece names once numbering, marks and remark words around the name are off."""
    bare = _MARKS.sub("", _NUMBERING.sub("", _MARKS.sub("", piece)))
    prefix, dot, key = bare.partition(".")
    if dot:
        name = exact_name(f"{prefix}.{_bare_key(key)}")
        return name if name is not None and name.startswith(METADATA_PREFIX) else None
    words = _SEPARATORS.split(_CAMEL.sub(" ", bare))
    while words and _REMARKS.fullmatch(plain(words[-1])):
        words.pop()
    while words and _REMARKS.fullmatch(plain(words[0])):
        words.pop(0)
    return _BY_FOLDED.get(folded("".join(words)))


def _bare_key(key: str) -> str:
    """A metadata key without the remarks behind it."""
    return _KEY_END.sub("", key.strip()).strip()
