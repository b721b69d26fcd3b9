"""The number formats of an OpenDocument spreadsheet, as codes like those of Excel. Runs in the child process."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from xml.etree import ElementTree as ET

from importer.reading.format_code import GENERAL

_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CONDITION = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?[\d.]+)")
_MOST_PLACES = 30
_PARTS = {
    "day": ("d", "dd"),
    "year": ("yy", "yyyy"),
    "day-of-week": ("ddd", "dddd"),
    "hours": ("h", "hh"),
    "minutes": ("m", "mm"),
    "am-pm": ("AM/PM", "AM/PM"),
}


class CellStyles:
    """The cell and table styles that a spreadsheet names, gathered from its parts."""

    def __init__(self) -> None:
        self._cells: dict[str, tuple[str, str]] = {}
        self._formats: dict[str, ET.Element] = {}
        self.hidden_tables: set[str] = set()
        self.code = cache(self._code)

    def gather(self, parent: ET.Element) -> None:
        """Take the styles that stand in an element; those taken later count."""
        for element in parent:
            name = element.get(f"{_STYLE}name", "")
            if element.tag == f"{_STYLE}style":
                if element.get(f"{_STYLE}family") == "table-cell":
                    data = element.get(f"{_STYLE}data-style-name", "")
                    self._cells[name] = (data, element.get(f"{_STYLE}parent-style-name", ""))
                look = element.find(f"{_STYLE}table-properties")
                if look is not None and look.get(f"{_TABLE}display") == "false":
                    self.hidden_tables.add(name)
            elif element.tag.startswith(_NUMBER):
                self._formats[name] = element

    def _code(self, style: str) -> str:
        """The format code of a cell style."""
        for _ in range(20):
            data, parent = self._cells.get(style, ("", ""))
            if data in self._formats:
                return self._with_conditions(self._formats[data])
            style = parent
        return GENERAL

    def _with_conditions(self, element: ET.Element) -> str:
        sections = []
        for condition in element.iter(f"{_STYLE}map"):
            found = _CONDITION.match(condition.get(f"{_STYLE}condition", ""))
            other = self._formats.get(condition.get(f"{_STYLE}apply-style-name", ""))
            if found and other is not None:
                sections.append(f"[{found[1].replace('!=', '<>')}{found[2]}]{_code_of(other)}")
        return ";".join([*sections, _code_of(element)])


def _code_of(element: ET.Element) -> str:
    overflows = element.get(f"{_NUMBER}truncate-on-overflow") == "false"
    code = ""
    for part in element:
        kind = part.tag.removeprefix(_NUMBER)
        long = part.get(f"{_NUMBER}style") == "long"
        if kind == "text":
            text = "".join(part.itertext())
            code += text if text == "%" else _quoted(text)
        elif kind in ("currency-symbol", "quarter", "week-of-year", "era"):
            code += _quoted("".join(part.itertext()))
        elif kind == "month":
            code += ("mmm" if part.get(f"{_NUMBER}textual") == "true" else "m") + ("m" if long else "")
        elif kind == "seconds":
            places = _count(part, "decimal-places", 0)
            code += ("ss" if long else "s") + ("." + "0" * places if places else "")
        elif kind in _PARTS:
            code += "[h]" if kind == "hours" and overflows else _PARTS[kind][long]
        elif kind == "text-content":
            code += "@"
        else:
            code += _digits(kind, part)
    return code


def _digits(kind: str, part: ET.Element) -> str:
    if kind == "fraction":
        below = part.get(f"{_NUMBER}denominator-value") or "?" * _count(part, "min-denominator-digits", 1)
        whole = "# " if part.get(f"{_NUMBER}min-integer-digits") is not None else ""
        return f"{whole}{'?' * _count(part, 'min-numerator-digits', 1)}/{below}"
    if kind not in ("number", "scientific-number"):
        return ""
    is_loose = kind == "number" and part.get(f"{_NUMBER}decimal-places") is None
    if is_loose and _count(part, "min-integer-digits", 1) <= 1 and part.get(f"{_NUMBER}grouping") != "true":
        # Without a word on decimals as many are shown as there are.
        return GENERAL
    whole = "0" * _count(part, "min-integer-digits", 1) or "#"
    for place, text in sorted(_embedded(part)):
        cut = len(whole.rjust(place + 1, "#")) - place
        whole = whole.rjust(place + 1, "#")
        whole = whole[:cut] + _quoted(text) + whole[cut:]
    if part.get(f"{_NUMBER}grouping") == "true":
        whole = f"#,{whole.rjust(3, '#')}"
    most = _count(part, "decimal-places", 0)
    least = _count(part, "min-decimal-places", most)
    decimals = "0" * min(least, most) + "#" * (most - least)
    factor = "," * ((len(part.get(f"{_NUMBER}display-factor", "1")) - 1) // 3)
    power = "E+" + "0" * _count(part, "min-exponent-digits", 2) if kind == "scientific-number" else ""
    return whole + ("." + decimals if decimals else "") + factor + power


def _embedded(part: ET.Element) -> Iterable[tuple[int, str]]:
    for text in part.iter(f"{_NUMBER}embedded-text"):
        yield _count(text, "position", 0), "".join(text.itertext())


def _count(element: ET.Element, name: str, default: int) -> int:
    value = element.get(f"{_NUMBER}{name}", "")
    return min(int(value), _MOST_PLACES) if value.isdigit() else default


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "") + '"' if text else ""
