"""Read JSON cells strictly, and name the place where they go wrong (pure)."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NoReturn

from importer.cells import Cell
from importer.characters import hidden
from importer.checking.cells import doubted
from importer.checking.values import CellError, CellWarning, Json, Read

DEEPEST = 50
"""How many objects and lists may stand in one another: far more than people write, far fewer than Python can follow."""

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_PART = re.compile(rf'{_STRING}|[^\s"]+')
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|([\[{{])|([\]}}])")
_SMART_QUOTE = re.compile("[\u00ab\u00bb\u2018-\u201f\u2033\uff02]")
_TRAILING_COMMA = re.compile(r",\s*[}\]]")
_FORBIDDEN_INSIDE = re.compile("[\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|(?<!\\\\)(?:\\\\\\\\)*\\\\u00[01]")
_EDGES = re.compile(r"\A +| +\Z")
_BLANK_AT_EDGE = re.compile(r'"\s|\s"')
_EXCERPT = 12


class _FaultyError(ValueError):
    """Carries a fault out of the decoder's hooks."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.fault = CellError(code, detail)


def read_json_object(cell: Cell) -> Read:
    """Read a JSON object that is not empty. Its text stays as it is, but for the blanks between its parts."""
    if not isinstance(cell, str):
        return CellError("json-not-object")
    try:
        value = _decode(cell)
    except _FaultyError as error:
        return error.fault
    except json.JSONDecodeError as error:
        return _broken(error)
    if not isinstance(value, dict):
        return CellError("json-not-object")
    if not value:
        return CellError("json-empty")
    return _typed(cell, value)


def _decode(text: str) -> Any:
    if text.count("{") + text.count("[") > DEEPEST and _depth(text) > DEEPEST:
        raise _FaultyError("json-too-deep")
    return _DECODER.decode(text)


def _typed(text: str, value: dict[str, Any]) -> Read:
    canonical = _canonical(value)
    if ("\\u" in canonical or not canonical.isprintable()) and _FORBIDDEN_INSIDE.search(canonical):
        return CellError("json-character")
    return doubted(Json("".join(_PART.findall(text)), canonical), canonical)


def unseen(read: Read) -> Read:
    """Conditions with a warning beside them where a text in them has something that nobody sees.

    That is an invisible character, a strange blank, a blank before or after, an accent that stands apart.
    """
    if not isinstance(read, Json) or (read.text.isascii() and not _BLANK_AT_EDGE.search(read.text)):
        return read
    for found in re.finditer(_STRING, read.canonical):
        told = _told(json.loads(found[0]))
        if told:
            return CellWarning(read, "json-unseen", f"“{told}”")
    return read


def _told(text: str) -> str:
    """A text with what nobody sees in it spelled out, or "" where it has nothing such."""
    told = _EDGES.sub("⟨blank⟩", text)
    told = hidden(told, blanks=True) or told
    if not unicodedata.is_normalized("NFC", told):
        told = "".join(f"⟨U+{ord(sign):04X}⟩" if unicodedata.combining(sign) else sign for sign in told)
    return told if told != text else ""


def members(text: str) -> Iterator[tuple[str, str]]:
    """The members of a compact JSON object: each key, and its value as it is spelled."""
    decode = _MEMBERS.raw_decode
    at = 1
    while text[at] != "}":
        key, colon = decode(text, at)
        _, end = decode(text, colon + 1)
        yield key, text[colon + 1 : end]
        at = end + (text[end] == ",")


# Integral floats become whole numbers, so that the C encoder writes equal numbers alike, as `canonical_json` does.
def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _FaultyError("json-number-too-large", text)
    return int(number) if number.is_integer() else number


def _int(text: str) -> int:
    if len(text) > 300:
        raise _FaultyError("json-number-too-large", text[:20] + "…")
    return int(text)


def _constant(text: str) -> NoReturn:
    raise _FaultyError("json-no-number", text)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _FaultyError("json-key-twice", next(key for key in keys if keys.count(key) > 1))
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_float=_float, parse_int=_int, parse_constant=_constant)
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_MEMBERS = json.JSONDecoder()


def _depth(text: str) -> int:
    deepest = depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        depth += bool(found[1]) - bool(found[2])
        deepest = max(deepest, depth)
    return deepest


def _broken(error: json.JSONDecodeError) -> CellError:
    text, at = error.doc, error.pos
    code = _reason(text, at, error.msg)
    smart = _SMART_QUOTE.search(text)
    if code in ("json-broken", "json-unfinished") and smart:
        code, at = "json-quotes", smart.start()
    return CellError(code, _place(text, at))


def _reason(text: str, at: int, message: str) -> str:
    here, before = text[at : at + 1], text[:at].rstrip()[-1:]
    if here == "'" or _SMART_QUOTE.match(here):
        return "json-quotes"
    if (here in ("}", "]") and before == ",") or _TRAILING_COMMA.match(text, at):
        return "json-comma"
    if message.startswith("Invalid control character"):
        return "json-line-break"
    if not here or message.startswith("Unterminated string"):
        return "json-unfinished"
    return "json-broken"


def _place(text: str, at: int) -> str:
    """Where in the cell: the character's number and what stands there."""
    near = " ".join(text[max(0, at - _EXCERPT) : at + _EXCERPT].split())
    return f"{at + 1}, “{near}”"
