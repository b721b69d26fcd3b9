"""Styles of cells, and the part `styles.xml` that lists them."""

from __future__ import annotations

from typing import NamedTuple

from importer.xlsx.text import escape_attribute

GENERAL = "General"
TEXT = "@"
WHOLE = "0"
DAY = "yyyy-mm-dd"
MONTH = "mm/yyyy"
DAY_OF_YEAR = "dd.mm."
TIME = "hh:mm:ss"
DURATION = "[h]:mm:ss"

_BUILT_IN = {GENERAL: 0, WHOLE: 1, TEXT: 49}
_FIRST_OWN_FORMAT = 164  # ECMA-376, 18.8.30: lower ones are Excel's
_NO_FILL = '<fill><patternFill patternType="none"/></fill>'
_FIXED_FILLS = {_NO_FILL: 0, '<fill><patternFill patternType="gray125"/></fill>': 1}
"""The fills that Excel takes for these, no matter what a workbook says; ECMA-376, 18.8.21."""
_FILL = '<fill><patternFill patternType="solid"><fgColor rgb="FF{}"/><bgColor indexed="64"/></patternFill></fill>'
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class CellStyle(NamedTuple):
    """How a cell looks, apart from its number format."""

    fill: str = ""
    """The colour behind it, RRGGBB; "" for none."""
    color: str = ""
    """The colour of its letters, RRGGBB; "" for the usual one."""
    bold: bool = False
    """Whether its letters are bold."""
    underline: bool = False
    """Whether its letters are underlined."""
    wrap: bool = False
    """Whether a long text goes on in the next line."""
    top: bool = False
    """Whether its content stands at the top of a high row."""
    left: bool = False
    """Whether numbers stand at the left, too."""


PLAIN = CellStyle()


class Styles(dict[tuple[CellStyle, str, bool], int]):
    """The numbers by which cells name their styles; a combination gets its number when it is first asked for.

    The key is a style, a number format, and whether text stays text when a person edits it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[str, int] = {}
        self._fonts: dict[str, int] = {}
        self._fills = dict(_FIXED_FILLS)
        self._records: list[str] = []
        _ = self[PLAIN, GENERAL, False]

    def __missing__(self, key: tuple[CellStyle, str, bool]) -> int:
        style, form, quoted = key
        number = _BUILT_IN.get(form)
        if number is None:
            number = self._formats.setdefault(form, _FIRST_OWN_FORMAT + len(self._formats))
        marks = ("<b/>" if style.bold else "") + ("<u/>" if style.underline else "")
        marks += '<sz val="11"/>' + (f'<color rgb="FF{style.color}"/>' if style.color else "")
        font = self._fonts.setdefault(f'<font>{marks}<name val="Calibri"/><family val="2"/></font>', len(self._fonts))
        fill = self._fills.setdefault(_FILL.format(style.fill) if style.fill else _NO_FILL, len(self._fills))
        record = f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
        record += ' quotePrefix="1"' if quoted else ""
        record += ' applyNumberFormat="1"' if number else ""
        record += ' applyFont="1"' if font else ""
        record += ' applyFill="1"' if fill else ""
        place = ' horizontal="left"' if style.left else ""
        place += ' vertical="top"' if style.top else ""
        place += ' wrapText="1"' if style.wrap else ""
        self._records.append(f'{record} applyAlignment="1"><alignment{place}/></xf>' if place else f"{record}/>")
        found = self[key] = len(self)
        return found

    def xml(self) -> str:
        """The part `xl/styles.xml`."""
        formats = ""
        for form, number in self._formats.items():
            formats += f'<numFmt numFmtId="{number}" formatCode="{escape_attribute(form)}"/>'
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<styleSheet xmlns="{_NAMESPACE}">'
            + (f'<numFmts count="{len(self._formats)}">{formats}</numFmts>' if formats else "")
            + f'<fonts count="{len(self._fonts)}">{"".join(self._fonts)}</fonts>'
            f'<fills count="{len(self._fills)}">{"".join(self._fills)}</fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(self._records)}">{"".join(self._records)}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            '<dxfs count="0"/></styleSheet>'
        )
