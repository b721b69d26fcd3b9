"""The number formats of an xlsx workbook's cells, and which of them the fast engine reads wrongly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

from importer.reading.format_code import GENERAL, sections_of, text_section
from importer.reading.number_format import format_code, raw_iso, raw_number, raw_text
from importer.reading.raw import Raw

# Days and times in the usual spelling: the engine, too, knows them as such.
_USUAL_DATE = re.compile(r"(?:\[\$-[0-9A-F]+\])?[dmyhs/\-. :,\\]+(?:AM/PM)?(?:;@)?", re.IGNORECASE)
_BUILT_IN_DATES = range(14, 23)
_FIRST_OWN = 164
# Of these the engine makes a day, and of those a moment with a time.
_DAYS = rb"[1-9]\d{2,5}"
_TIMES = rb"[1-9]\d{2,5}\.0{0,5}[1-9]\d*"
_SMALL_COUNTS = rb"[1-9]\d{0,2}"
_COUNTS = rb"[1-9]\d{0,13}"
_NONE = rb"(?!)"
_SAMPLES_SMALL = (1, 7, 10, 12, 99, 105, 123, 999)
_SAMPLES = (1000, 1234, 98_765, 123_456, 1_234_567, 98_765_432_109, 10_000_000_000_000)


@dataclass(slots=False)
class CellFormats:
    """The number format of each cell style of a workbook."""

    codes: list[str] = field(default_factory=list)
    """The format codes by the style's number."""
    numbers: list[int] = field(default_factory=list)
    """The numbers by which the styles name them; those below 164 are built in."""
    epoch1904: bool = False
    """Whether the workbook counts its days from 1904."""

    def code(self, style: int) -> str:
        """The format code of a style; that of no style is General."""
        return self.codes[style] if 0 <= style < len(self.codes) else GENERAL

    def raw(self, value: float, style: int) -> Raw:
        """A number in a cell of this style."""
        return raw_number(value, self.code(style), epoch1904=self.epoch1904)

    def raw_iso(self, text: str, style: int) -> Raw:
        """A moment that is stated as text, in a cell of this style."""
        return raw_iso(text, self.code(style))

    def raw_text(self, text: str, style: int) -> Raw:
        """A text in a cell of this style."""
        return raw_text(text, self.code(style))

    @cached_property
    def of_texts(self) -> list[int]:
        """The styles that show texts otherwise than they are."""
        return [style for style, code in enumerate(self.codes) if text_section(code) is not None]

    @cached_property
    def read_right(self) -> dict[int, bytes]:
        """For each style of which the engine reads some numbers wrongly, a pattern of those that it reads right."""
        patterns = {}
        for style, (number, code) in enumerate(zip(self.numbers, self.codes, strict=True)):
            pattern = _read_right(number, code)
            if pattern is not None:
                patterns[style] = pattern
        return patterns


def cell_formats(styles_xml: bytes, *, epoch1904: bool) -> CellFormats:
    """The formats of a styles part; none where it is damaged."""
    try:
        root = fromstring(styles_xml)
    except (ET.ParseError, ValueError):
        return CellFormats(epoch1904=epoch1904)
    own = {
        int(element.get("numFmtId", "")): element.get("formatCode", "")
        for element in root.iter()
        if _local(element) == "numFmt" and element.get("numFmtId", "").isdigit()
    }
    cells = next((element for element in root.iter() if _local(element) == "cellXfs"), ())
    numbers = [int(xf.get("numFmtId", "0")) if xf.get("numFmtId", "0").isdigit() else 0 for xf in cells]
    return CellFormats([format_code(number, own) for number in numbers], numbers, epoch1904)


def _read_right(number: int, code: str) -> bytes | None:
    """`None` if the engine reads all numbers of the format right."""
    sections = sections_of(code)
    if not sections:
        return None if code.casefold() in ("", "general", "@") else _NONE
    if len({section.is_date for section in sections}) > 1 or any(section.holds for section in sections):
        return _NONE
    first = sections[0]
    if not first.is_date:
        return _shown_plainly(code)
    if number not in _BUILT_IN_DATES and (number < _FIRST_OWN or not _USUAL_DATE.fullmatch(code)):
        return _NONE
    natural = raw_number(46115.26, code)
    if not isinstance(natural, tuple) or natural[0] != "m" or len(natural) > 3:
        return _NONE
    return _TIMES if natural[2] else _DAYS


def _shown_plainly(code: str) -> bytes:
    if any(letter in code.casefold() for letter in "dmyhs") or not _all_plain(code, _SAMPLES_SMALL):
        return _NONE
    return _COUNTS if _all_plain(code, _SAMPLES) else _SMALL_COUNTS


def _all_plain(code: str, samples: tuple[int, ...]) -> bool:
    return all(raw_number(sample, code) == sample for sample in samples)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
