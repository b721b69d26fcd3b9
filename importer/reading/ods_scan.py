"""What the fast engine hides in an ods sheet, found in its content. Runs in the child process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from importer.cells import plain_number
from importer.reading.package import Package
from importer.reading.raw import Found, Raw, RefusalError

CONTENT = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LIBRE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
# An error, zeros in front, a hidden row, or cells that are merged downwards: only then is a closer look worth it.
_MARKS = re.compile(
    rb'value-type="error"|number:min-integer-digits="(?:[2-9]|\d\d)"|table:visibility="(?:collapse|filter)"'
    rb'|number-rows-spanned="(?:[2-9]|\d\d)'
)


class OdsScan:
    """The content of an ods package, looked at closely only where it has a mark of what the engine hides."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._marked = self._has_marks()

    def find(self, name: str) -> Found:
        """A sheet's error cells, its numbers that look otherwise, its hidden rows and merged cells."""
        found = Found()
        if not self._marked:
            return found
        try:
            for row, repeats, element in self._rows(name):
                if element.get(f"{_TABLE}visibility") in ("collapse", "filter") and len(element):
                    found.hidden_rows += repeats if repeats < 1000 else 1
                _look_at(element, row, found)
        except ET.ParseError as error:
            raise RefusalError("damaged") from error
        return found

    def _has_marks(self) -> bool:
        rest = b""
        for chunk in self._package.chunks(CONTENT):
            if _MARKS.search(rest + chunk):
                return True
            rest = chunk[-100:]
        return False

    def _rows(self, name: str) -> Iterator[tuple[int, int, ET.Element]]:
        parser: Any = ET.XMLPullParser(("start", "end"))
        row, inside = 0, False
        for chunk in self._package.chunks(CONTENT):
            parser.feed(chunk)
            for event, element in parser.read_events():
                if element.tag == f"{_TABLE}table":
                    inside = event == "start" and element.get(f"{_TABLE}name") == name
                    row = 0
                elif element.tag == f"{_TABLE}table-row" and event == "end":
                    repeats = int(element.get(f"{_TABLE}number-rows-repeated") or 1)
                    if inside:
                        yield row, repeats, element
                    row += repeats
                    element.clear()


def _look_at(row_element: ET.Element, row: int, found: Found) -> None:
    column = 0
    for cell in row_element:
        repeats = int(cell.get(f"{_TABLE}number-columns-repeated") or 1)
        raw = _hidden_cell(cell)
        if raw is not None:
            found.cells += [(row, column + step, raw) for step in range(min(repeats, 1000))]
        rows = int(cell.get(f"{_TABLE}number-rows-spanned") or 1)
        if rows > 1:
            columns = int(cell.get(f"{_TABLE}number-columns-spanned") or 1)
            found.merged.append((row, column, row + rows - 1, column + columns - 1))
        column += repeats


def _hidden_cell(cell: ET.Element) -> Raw | None:
    paragraph = cell.find(f"{_TEXT}p")
    text = "".join(paragraph.itertext()) if paragraph is not None else ""
    if cell.get(f"{_LIBRE}value-type") == "error":
        return ("e", text or "#VALUE!")
    if cell.get(f"{_OFFICE}value-type") == "float" and text.isdigit():
        number = float(cell.get(f"{_OFFICE}value") or 0)
        return ("n", number, text) if number.is_integer() and plain_number(number) != text else None
    return None
