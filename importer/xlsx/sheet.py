"""A sheet's XML, a few thousand rows at a time. Elements stand in the order of ECMA-376, 18.3.1.99."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, repeat
from typing import TYPE_CHECKING

import numpy as np

from importer.cells import column_letter
from importer.xlsx.styles import GENERAL, TEXT, Styles
from importer.xlsx.text import escape_attribute
from importer.xlsx.values import ROW, ColumnXml, Texts

if TYPE_CHECKING:
    from importer.xlsx.table import Choices, Link, Table

LONGEST_TITLE, LONGEST_PROMPT = 32, 255
"""Characters beside a drop-down that Excel takes; a file with more needs repair, it says."""

CHUNK = 4096
"""Rows turned into XML at a time."""

_ROW_HEIGHT = 15
"""The usual height of a row in points."""

_OPEN = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
)


def sheet_xml(table: Table, texts: Sequence[Texts], styles: Styles, *, selected: bool, drawing: bool) -> Iterator[str]:
    """The part `xl/worksheets/sheetN.xml`, in pieces.

    `texts` are the headers' and then each column's; `drawing` is whether comments' boxes (relation `rId1`) belong
    to it.
    """
    area = f"A1:{column_letter(len(table.columns) - 1)}{table.rows + 1}"
    yield f"{head_xml(table, area, styles, selected=selected)}<sheetData>"
    yield from _rows(table, texts, styles)
    yield f"</sheetData>{tail_xml(table, area, drawing=drawing)}"


def head_xml(table: Table, area: str | None, styles: Styles, *, selected: bool) -> str:
    """The sheet up to its rows; without an `area` where its last row is not known yet."""
    color = f'<tabColor rgb="FF{table.tab_color}"/>' if table.tab_color else ""
    dimension = f'<dimension ref="{area}"/>' if area else ""
    widths = []
    for place, column in enumerate(table.columns, 1):
        style = styles[table.styles[0], TEXT if column.as_text else GENERAL, False]
        named = f' style="{style}"' if style else ""
        widths.append(f'<col min="{place}" max="{place}" width="{column.width + 0.7109375}"{named} customWidth="1"/>')
    chosen = 'tabSelected="1" ' if selected else ""
    return (
        f'{_OPEN}<sheetPr>{color}<pageSetUpPr fitToPage="1"/></sheetPr>{dimension}'
        f'<sheetViews><sheetView {chosen}workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{_ROW_HEIGHT}"/><cols>{"".join(widths)}</cols>'
    )


def _rows(table: Table, texts: Sequence[Texts], styles: Styles) -> Iterator[str]:
    """The header's row, then the others, some thousand at a time."""
    header = []
    for place, column in enumerate(table.columns):
        if column.header:
            style = styles[column.header_style or table.header_style, GENERAL, False]
            header.append(f'<c r="{column_letter(place)}1" s="{style}" t="s"><v>{texts[0].number(place)}</v></c>')
    yield f'<row r="1">{"".join(header)}</row>'
    columns = [ColumnXml(place, table, styles, own) for place, own in enumerate(texts[1:])]
    heights = _heights(table) if table.fitted else []
    for start in range(0, table.rows, CHUNK):
        stop = min(start + CHUNK, table.rows)
        cells_of_rows = map("".join, zip(*[column.of_rows(start, stop) for column in columns], strict=True))
        rows = zip(count(start + 2), heights[start:stop] or repeat(""), cells_of_rows, strict=False)
        yield "".join(
            [f'<row r="{row}"{height}>' + cells.replace(ROW, str(row)) + "</row>" for row, height, cells in rows]
        )


def _heights(table: Table) -> list[str]:
    """For each row an attribute that makes it as high as its longest text, which is wrapped at its column's width."""
    lines = np.ones(table.rows, dtype=np.int64)
    for column in table.columns:
        room = column.width * 0.9  # lines break between words, so a part of each stays empty
        needed = [sum(1 + int(len(line) / room) for line in str(cell).split("\n")) for cell in column.cells.values]
        lines = np.maximum(lines, np.array([*needed, 1])[column.cells.codes])
    return [f' ht="{_ROW_HEIGHT * number}" customHeight="1"' for number in lines.tolist()]


def tail_xml(table: Table, area: str, *, drawing: bool) -> str:
    """The sheet behind its rows."""
    filters = f'<autoFilter ref="{area}"/>' if table.filters else ""
    choices = "".join(map(_choice, table.choices))
    validations = f'<dataValidations count="{len(table.choices)}">{choices}</dataValidations>' if choices else ""
    jumps = "".join(map(_link, table.links))
    links = f"<hyperlinks>{jumps}</hyperlinks>" if jumps else ""
    margins = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    page = '<pageSetup orientation="landscape" fitToHeight="0"/>'
    calm = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
    boxes = '<legacyDrawing r:id="rId1"/>' if drawing else ""
    return f"{filters}{validations}{links}{margins}{page}{calm}{boxes}</worksheet>"


def _choice(choice: Choices) -> str:
    column = column_letter(choice.column)
    title, prompt = choice.title[:LONGEST_TITLE], choice.text[:LONGEST_PROMPT]
    text = f' promptTitle="{escape_attribute(title)}" prompt="{escape_attribute(prompt)}"'
    return (
        '<dataValidation type="list" allowBlank="1" showInputMessage="1" '
        f'showErrorMessage="{int(choice.strict)}"'
        f'{text if choice.text else ""} sqref="{column}{choice.first + 2}:{column}{choice.last + 2}">'
        f'<formula1>"{escape_attribute(",".join(choice.choices))}"</formula1></dataValidation>'
    )


def _link(link: Link) -> str:
    return f'<hyperlink ref="{column_letter(link.column)}{link.row + 2}" location="{escape_attribute(link.target)}"/>'
