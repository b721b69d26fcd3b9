"""Comments on cells: the parts that hold their texts and, in the old drawing language, their boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from importer.cells import column_letter
from importer.xlsx.text import escape, escape_attribute

if TYPE_CHECKING:
    from importer.xlsx.table import Note

_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINE = 46
"""Characters in a line of a comment's box."""

_SHAPE = (
    '<v:shape id="_x0000_s{shape}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:216pt;height:{height}pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 2, {right}, 15, {bottom}, 4</x:Anchor>"
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def in_order(notes: Sequence[Note]) -> list[Note]:
    """The notes by row, then by column, one a cell: a second on one cell is joined to the first."""
    by_cell: dict[tuple[int, int], Note] = {}
    for note in notes:
        place = (note.row, note.column)
        earlier = by_cell.get(place)
        by_cell[place] = note if earlier is None else type(note)(*place, f"{earlier.text}\n{note.text}")
    return [by_cell[place] for place in sorted(by_cell)]


def texts_xml(notes: Sequence[Note], author: str) -> str:
    """The part `xl/commentsN.xml`."""
    body = "".join(
        f'<comment ref="{column_letter(note.column)}{note.row + 2}" authorId="0"><text><r><rPr><sz val="9"/>'
        '<color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'
        f'<t xml:space="preserve">{escape(note.text)}</t></r></text></comment>'
        for note in notes
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<comments xmlns="{_SPREADSHEET}"><authors><author>{escape_attribute(author)}</author></authors>'
        f"<commentList>{body}</commentList></comments>"
    )


def boxes_xml(notes: Sequence[Note], sheet: int) -> str:
    """The part `xl/drawings/vmlDrawingN.vml`; `sheet` counts from 1 and keeps shapes' names apart."""
    shapes = "".join(_shape(note, order, sheet) for order, note in enumerate(notes, 1))
    blocks = ",".join(str(sheet * 8 + block) for block in range(len(notes) // 1024 + 1))
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
        '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
        f"{shapes}</xml>"
    )


def _shape(note: Note, order: int, sheet: int) -> str:
    lines = sum(1 + len(line) // _LINE for line in note.text.split("\n"))
    row = note.row + 1
    return _SHAPE.format(
        shape=sheet * 8 * 1024 + order,
        order=order,
        height=12 * min(lines, 24) + 8,
        left=note.column + 1,
        top=max(row - 1, 0),
        right=note.column + 4,
        bottom=max(row - 1, 0) + min(lines, 24),
        row=row,
        column=note.column,
    )
