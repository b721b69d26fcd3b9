"""The cells of an OpenDocument spreadsheet. Runs in the child process.

What a person sees stands in the file as text beside the value, and decides; number styles are asked only where a cell
has no such text.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from importer.cells import plain_number
from importer.reading.format_code import GENERAL
from importer.reading.number_format import names_zone, otherwise, raw_iso, raw_moment, raw_number
from importer.reading.raw import EMPTY, Raw, duration

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LIBRE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_UNSEEN = (f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{_TEXT}note", f"{_TEXT}ruby-text")
_BLANKS = re.compile(r"[ \t\r\n]+")
# Stands for a blank that the file states by an element, until the others are trimmed.
_STATED = "\0"
_MOST_BLANKS = 32_767

_GENERAL_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?(?:E[-+]?\d+)?")
_HALF = r"\s*[AaPp]\.?[Mm]\b\.?"
_CLOCKS = (
    re.compile(rf"(?<!\d)(\d{{1,2}}):(\d\d)(?::\d\d(?:[.,]\d+)?)?({_HALF})?"),
    re.compile(rf"(?<!\d)(\d{{1,2}})()({_HALF})"),
    re.compile(r"(?<![\d.:])(\d{1,2})\.?\s?(?:[Hh](?:od(?:[.]|in[ay]?)?)?(?![^\W\d])|[Uu]hr)\.?(?:\s?(\d\d)(?!\d))?()"),
    re.compile(rf"(?<=\s)(\d{{1,2}})\.(\d\d)(?:\.\d\d)?({_HALF})?(?![\d.])"),
)
"""A time of day as `14:30`, `2 PM`, `14 h`, and, where a day stands before it, `14.30`."""
_VALUES = {f"{OFFICE}{kind}value" for kind in ("", "date-", "time-", "boolean-", "string-")}
_HALF_SECOND = timedelta(microseconds=500_000)
_NAME = re.compile(r"[^\W\d]{3}")
_LENGTH = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")


def shown_text(cell: ET.Element) -> str | None:
    """The text that a cell shows, its paragraphs under each other; `None` where the file does not say it."""
    paragraphs = [_paragraph(child) for child in cell if child.tag == f"{_TEXT}p"]
    return "\n".join(paragraphs) if paragraphs else None


def _paragraph(element: ET.Element) -> str:
    return _inside(element).strip(" ").replace(_STATED, " ")


def _inside(element: ET.Element) -> str:
    pieces = [_BLANKS.sub(" ", element.text or "")]
    for child in element:
        match child.tag.removeprefix(_TEXT):
            case "s":
                count = child.get(f"{_TEXT}c", "1")
                pieces.append(_STATED * min(int(count) if count.isdigit() else 1, _MOST_BLANKS))
            case "tab":
                pieces.append("\t")
            case "line-break":
                pieces.append("\n")
            case _ if child.tag not in _UNSEEN:
                pieces.append(_inside(child))
        pieces.append(_BLANKS.sub(" ", child.tail or ""))
    return "".join(pieces)


def raw_cell(cell: ET.Element, code: str) -> Raw | bool:
    """What a cell holds; `code` is the format of its style."""
    text = shown_text(cell)
    kind = cell.get(f"{OFFICE}value-type")
    if cell.get(f"{_LIBRE}value-type") == "error":
        return ("e", text or "#VALUE!")
    formula = cell.get(f"{TABLE}formula")
    if formula and not text and not _VALUES & cell.attrib.keys() and (kind != "string" or text is None):
        return ("u", formula.partition("=")[2] or "…")
    if kind is None:
        return text or EMPTY
    try:
        return _valued(cell, kind, text, code)
    except (ValueError, OverflowError):
        return text or EMPTY


def _valued(cell: ET.Element, kind: str, text: str | None, code: str) -> Raw | bool:
    match kind:
        case "float" | "percentage" | "currency":
            return _number(float(cell.get(f"{OFFICE}value", "")), text, code)
        case "date":
            return _date(cell.get(f"{OFFICE}date-value", ""), text, code)
        case "time":
            return _clock(cell.get(f"{OFFICE}time-value", ""), text)
        case "boolean":
            return cell.get(f"{OFFICE}boolean-value", "") == "true"
        case _:
            return cell.get(f"{OFFICE}string-value", EMPTY) if text is None else text


def _number(value: float, text: str | None, code: str) -> Raw:
    if text is None:
        return raw_number(value, code)
    text = text.strip()
    usual = text.replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if usual == plain_number(value) or (code == GENERAL and _is_rounded(usual, value)):
        return value
    return ("n", value, text)


def _is_rounded(text: str, value: float) -> bool:
    """Whether a text is the number in fewer digits, as a cell without a format shows what is too long for it."""
    if _GENERAL_NUMBER.fullmatch(text) is None:
        return False
    return abs(float(text) - value) <= abs(value) * 1e-4 and ("." in text or "E" in text)


def _date(stated: str, text: str | None, code: str) -> Raw:
    if not text:
        return raw_iso(stated, code)
    when = datetime.fromisoformat(stated.removesuffix("Z"))
    clock = _clock_in(text, when)
    days = text if clock is None else f"{text[: clock.start()]} {text[clock.end() :]}"
    groups = re.findall(r"\d+", days)
    if clock is not None and not groups:
        return ("c", when.strftime("%H:%M:%S"))
    named = _NAME.search(days) is not None
    has_month = bool(groups) and (named or when.month in map(int, groups))
    lacks = _lacks(when, groups, named=named)
    if names_zone(days) or (lacks == "day" and not has_month) or (clock and not _agrees(clock, when)):
        return otherwise(when, text)
    return raw_moment(when, has_time=clock is not None, lacks=lacks)


def _agrees(clock: re.Match[str], when: datetime) -> bool:
    """Whether a time of day that is shown is the one that is stored, down to the minute."""
    shown = (int(clock[1]) % 12, int(clock[2] or 0))
    return shown in [((when + late).hour % 12, (when + late).minute) for late in (timedelta(), _HALF_SECOND)]


def _clock_in(text: str, when: datetime) -> re.Match[str] | None:
    """Where a text shows the time of day; a day is none, though it may look like one: `1.12`."""
    found = next(filter(None, (clock.search(text) for clock in _CLOCKS[:-1])), None)
    dotted = _CLOCKS[-1].search(text) if found is None else None
    if dotted is None or not _agrees(dotted, when):
        return found
    before = text[: dotted.start()]
    is_day = _lacks(when, re.findall(r"\d+", before), named=_NAME.search(before) is not None) != "day"
    return dotted if is_day else None


def _lacks(when: datetime, groups: list[str], *, named: bool) -> str:
    """What of the day a text with these numbers does not show; `named`: with a month by its name."""
    year = next((text for text in (f"{when:%Y}", str(when.year), f"{when:%y}") if text in groups), None)
    if year is not None:
        groups.remove(year)
    if when.day not in map(int, groups) or len(groups) < (1 if named else 2):
        return "day"
    return "" if year is not None else "year"


def _clock(stated: str, text: str | None) -> Raw:
    found = _LENGTH.fullmatch(stated)
    if found is None:
        return text or EMPTY
    sign, days, hours, minutes, seconds = found.groups()
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=float((seconds or "0").replace(",", ".")),
    )
    if (
        text
        and length >= timedelta(days=1)
        and int(re.split(r"\D", text, maxsplit=1)[0] or -1) == length.seconds // 3600
    ):
        length = timedelta(seconds=length.seconds)
    told = duration(-length if sign else length)
    return ("c", told.rjust(8, "0") if not sign else told)
