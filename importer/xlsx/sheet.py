"""A sheet's XML, a few thousand rows at a time. Elements stand in the order of ECMA-376, 18.3.1.99."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from importer.xlsx.cells import ROW, Fragments, Texts
from importer.xlsx.styles import GENERAL, TEXT, Styles
from importer.xlsx.table import letters
from importer.xlsx.text import escape_attribute

if TYPE_CHECKING:
    from importer.xlsx.table import Choices, Link, Table

LONGEST_TITLE, LONGEST_PROMPT = 32, 255
"""Characters beside a drop-down that Excel takes; a file with more needs repair, it says."""

CHUNK = 4096
"""Rows turned into XML at a time."""

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
    yield _head(table, styles, selected=selected)
    yield f"<sheetData>{_header_row(table, texts[0], styles)}"
    yield from _rows(table, texts[1:], styles)
    yield f"</sheetData>{_tail(table, drawing=drawing)}"


def _head(table: Table, styles: Styles, *, selected: bool) -> str:
    color = f'<tabColor rgb="FF{table.tab_color}"/>' if table.tab_color else ""
    return (
        f'{_OPEN}<sheetPr>{color}<pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="{extent(table)}"/>'
        f"<sheetViews><sheetView {'tabSelected=' + chr(34) + '1' + chr(34) + ' ' if selected else ''}"
        'workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{_widths(table, styles)}</cols>'
    )


def _widths(table: Table, styles: Styles) -> str:
    parts = []
    for place, column in enumerate(table.columns, 1):
        style = styles.number(table.looks[0], TEXT if column.as_text else GENERAL)
        named = f' style="{style}"' if style else ""
        parts.append(f'<col min="{place}" max="{place}" width="{column.width + 0.7109375}"{named} customWidth="1"/>')
    return "".join(parts)


def _header_row(table: Table, texts: Texts, styles: Styles) -> str:
    cells = []
    for place, column in enumerate(table.columns):
        if not column.header:
            continue
        style = styles.number(column.header_look or table.header_look)
        cells.append(f'<c r="{letters(place)}1" s="{style}" t="s"><v>{texts.number(place)}</v></c>')
    return f'<row r="1">{"".join(cells)}</row>'


def _rows(table: Table, texts: Sequence[Texts], styles: Styles) -> Iterator[str]:
    columns = [
        Fragments(place, column, table.looks, styles, own)
        for place, (column, own) in enumerate(zip(table.columns, texts, strict=True))
    ]
    for start in range(0, table.rows, CHUNK):
        stop = min(start + CHUNK, table.rows)
        rows = map("".join, zip(*(column.of(start, stop) for column in columns), strict=True))
        yield "".join(
            [
                f'<row r="{number}">' + cells.replace(ROW, str(number)) + "</row>"
                for number, cells in enumerate(rows, start + 2)
            ]
        )


def _tail(table: Table, *, drawing: bool) -> str:
    area = extent(table)
    filters = f'<autoFilter ref="{area}"/>' if table.filters else ""
    choices = "".join(_choice(choice) for choice in table.choices)
    validations = f'<dataValidations count="{len(table.choices)}">{choices}</dataValidations>' if choices else ""
    jumps = "".join(_link(link) for link in table.links)
    links = f"<hyperlinks>{jumps}</hyperlinks>" if jumps else ""
    margins = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    page = '<pageSetup orientation="landscape" fitToHeight="0"/>'
    calm = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
    boxes = '<legacyDrawing r:id="rId1"/>' if drawing else ""
    return f"{filters}{validations}{links}{margins}{page}{calm}{boxes}</worksheet>"


def _choice(choice: Choices) -> str:
    column = letters(choice.column)
    title, prompt = choice.title[:LONGEST_TITLE], choice.text[:LONGEST_PROMPT]
    text = f' promptTitle="{escape_attribute(title)}" prompt="{escape_attribute(prompt)}"'
    return (
        '<dataValidation type="list" allowBlank="1" showInputMessage="1" '
        f'showErrorMessage="{int(choice.strict)}"'
        f'{text if choice.text else ""} sqref="{column}{choice.first + 2}:{column}{choice.last + 2}">'
        f'<formula1>"{escape_attribute(",".join(choice.choices))}"</formula1></dataValidation>'
    )


def _link(link: Link) -> str:
    return f'<hyperlink ref="{letters(link.column)}{link.row + 2}" location="{escape_attribute(link.target)}"/>'


def extent(table: Table) -> str:
    """The sheet's area, header included, such as `A1:T101`."""
    return f"A1:{letters(len(table.columns) - 1)}{table.rows + 1}"
