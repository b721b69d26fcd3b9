"""Number formats that make a number look like a different text: `00000`, `000-000`, `"SKU-"0000`."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

# Only a run of digit places with literal text around or between is rendered: what shows decimals, thousands, percent,
# dates or conditions shows the same digits, or no digits that anybody takes for an identity.
_SKIPPED = re.compile(r"\A(?:\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color\s?\d+)\])", re.IGNORECASE)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_(.)|([0#?])|([-+/():! $€£.])', re.DOTALL)


def styles_shown_otherwise(styles_xml: bytes) -> dict[int, str]:
    """The cell styles of a workbook whose whole numbers do not look like the number itself, with their format."""
    try:
        root = fromstring(styles_xml)
    except (ET.ParseError, ValueError):
        return {}
    formats: dict[int, str] = {}
    for element in root.iter():
        if _local(element) == "numFmt" and element.get("numFmtId", "").isdigit():
            formats[int(element.get("numFmtId", ""))] = element.get("formatCode", "")
    chosen = {number: code for number, code in formats.items() if looks_otherwise(code)}
    if not chosen:
        return {}
    cells = next((element for element in root.iter() if _local(element) == "cellXfs"), None)
    return {
        style: chosen[int(xf.get("numFmtId", "0"))]
        for style, xf in enumerate(cells if cells is not None else ())
        if xf.get("numFmtId", "0").isdigit() and int(xf.get("numFmtId", "0")) in chosen
    }


def looks_otherwise(code: str) -> bool:
    """Whether a format makes whole numbers look unlike themselves."""
    return render(1, code) not in (None, "1")


def shown_as(number: float, code: str) -> str | None:
    """How the format shows a number, where that differs from the number itself in digits or letters."""
    text = render(number, code)
    if text is None:
        return None
    # A currency sign or a full stop beside the same digits misleads nobody.
    return None if re.sub(r"[^\w-]", "", text) == str(int(number)) else text


def render(number: float, code: str) -> str | None:
    """A whole number in a format of digit places and literal text; `None` for every other number and format."""
    section = code.split(";", 1)[0]
    section = _SKIPPED.sub("", section)
    pieces = _pieces(section)
    if pieces is None or not 0 <= number < 1e15 or number != int(number):
        return None
    places = sum(1 for is_digit, _ in pieces if is_digit)
    digits = str(int(number))
    if places == 0:
        return None
    surplus, digits = digits[: max(0, len(digits) - places)], digits[-places:].rjust(places)
    return _filled(pieces, surplus, digits)


def _pieces(section: str) -> list[tuple[bool, str]] | None:
    """The format as (is a digit place, text); `None` where it has anything else."""
    pieces = []
    place = 0
    while place < len(section):
        token = _TOKEN.match(section, place)
        if token is None or token[0] == ".":
            return None
        quoted, escaped, blank, digit, literal = token.groups()
        text = next(part for part in (quoted, escaped, " " if blank else None, digit, literal) if part is not None)
        pieces.append((digit is not None, text))
        place = token.end()
    return pieces


def _filled(pieces: list[tuple[bool, str]], surplus: str, digits: str) -> str:
    shown: list[str] = []
    taken = 0
    for is_digit, text in pieces:
        if not is_digit:
            shown.append(text)
            continue
        if taken == 0:
            shown.append(surplus)
        digit = digits[taken]
        taken += 1
        shown.append(digit if digit != " " else {"0": "0", "?": " "}.get(text, ""))
    return "".join(shown)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
