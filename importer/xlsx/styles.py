"""Looks of cells, and the part `styles.xml` that lists them."""

from __future__ import annotations

from dataclasses import dataclass

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
_FONT = '<name val="Calibri"/><family val="2"/>'
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks, apart from its number format. Colours are RRGGBB, "" for none."""

    fill: str = ""
    color: str = ""
    bold: bool = False
    underline: bool = False
    wrap: bool = False
    top: bool = False
    left: bool = False


PLAIN = Look()


class Styles:
    """The styles used so far; each combination gets a number, by which cells name it."""

    def __init__(self) -> None:
        self._formats: dict[str, int] = {}
        self._fonts: dict[tuple[str, bool, bool], int] = {("", False, False): 0}
        self._fills: dict[str, int] = {"": 0, "gray125": 1}  # ECMA-376, 18.8.21: the first two are fixed
        self._numbers: dict[tuple[Look, str, bool], int] = {(PLAIN, GENERAL, False): 0}
        self._records: list[str] = [_record(0, 0, 0, PLAIN, quoted=False)]

    def number(self, look: Look, form: str = GENERAL, *, quoted: bool = False) -> int:
        """The number of a style. `form` is a number format; `quoted` keeps text as text when a person edits it."""
        key = (look, form, quoted)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._records)
            font = self._fonts.setdefault((look.color, look.bold, look.underline), len(self._fonts))
            fill = self._fills.setdefault(look.fill, len(self._fills))
            self._records.append(_record(self._format(form), font, fill, look, quoted=quoted))
        return found

    def _format(self, form: str) -> int:
        built_in = _BUILT_IN.get(form)
        if built_in is not None:
            return built_in
        return self._formats.setdefault(form, _FIRST_OWN_FORMAT + len(self._formats))

    def xml(self) -> str:
        """The part `xl/styles.xml`."""
        formats = "".join(
            f'<numFmt numFmtId="{number}" formatCode="{escape_attribute(form)}"/>'
            for form, number in self._formats.items()
        )
        fonts = "".join(_font(color, bold=bold, underline=underline) for color, bold, underline in self._fonts)
        fills = "".join(_fill(color) for color in self._fills)
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<styleSheet xmlns="{_NAMESPACE}">'
            + (f'<numFmts count="{len(self._formats)}">{formats}</numFmts>' if formats else "")
            + f'<fonts count="{len(self._fonts)}">{fonts}</fonts>'
            f'<fills count="{len(self._fills)}">{fills}</fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(self._records)}">{"".join(self._records)}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            '<dxfs count="0"/></styleSheet>'
        )


def _record(form: int, font: int, fill: int, look: Look, *, quoted: bool) -> str:
    attributes = f'numFmtId="{form}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
    attributes += ' quotePrefix="1"' if quoted else ""
    attributes += ' applyNumberFormat="1"' if form else ""
    attributes += ' applyFont="1"' if font else ""
    attributes += ' applyFill="1"' if fill else ""
    place = ' horizontal="left"' if look.left else ""
    place += ' vertical="top"' if look.top else ""
    place += ' wrapText="1"' if look.wrap else ""
    if not place:
        return f"<xf {attributes}/>"
    return f'<xf {attributes} applyAlignment="1"><alignment{place}/></xf>'


def _font(color: str, *, bold: bool, underline: bool) -> str:
    shade = f'<color rgb="FF{color}"/>' if color else ""
    return f'<font>{"<b/>" if bold else ""}{"<u/>" if underline else ""}<sz val="11"/>{shade}{_FONT}</font>'


def _fill(color: str) -> str:
    if color in ("", "gray125"):
        return f'<fill><patternFill patternType="{color or "none"}"/></fill>'
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{color}"/><bgColor indexed="64"/></patternFill></fill>'
    )
