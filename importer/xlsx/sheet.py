"""A sheet's XML, a few thousand rows at a time. Elements stand in the order of ECMA-376, 18.3.1.99.

Each distinct cell is turned into XML once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, repeat
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from importer.cells import column_letter
from importer.xlsx.styles import GENERAL, TEXT, Styles
from importer.xlsx.text import FORMULA, escape_attribute
from importer.xlsx.values import is_text, plain, text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.xlsx.styles import CellStyle
    from importer.xlsx.table import Choices, Link, Table, Value

LONGEST_TITLE, LONGEST_PROMPT = 32, 255
"""Characters beside a drop-down that Excel takes; a file with more needs repair, it says."""

CHUNK = 4096
"""Rows turned into XML at a time."""

KEPT = 20_000
"""Distinct cells of a column whose XML is kept; more are made again."""

_ROW = "\0"
"""Stands for the row's number in a cell's XML until the row is made; no text can hold it."""

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
    yield f'{head_xml(table, area, styles, selected=selected)}<sheetData><row r="1">'
    for place, column in enumerate(table.columns):
        if column.header:
            style = styles[column.header_style or table.header_style, GENERAL, False]
            yield f'<c r="{column_letter(place)}1" s="{style}" t="s"><v>{texts[0].number(place)}</v></c>'
    yield "</row>"
    columns = [ColumnXml(place, table, styles, own) for place, own in enumerate(texts[1:])]
    heights = _heights(table) if table.fitted else []
    for start in range(0, table.rows, CHUNK):
        stop = min(start + CHUNK, table.rows)
        cells_of_rows = map("".join, zip(*[column.of_rows(start, stop) for column in columns], strict=True))
        rows = zip(count(start + 2), heights[start:stop] or repeat(""), cells_of_rows, strict=False)
        yield "".join(
            [f'<row r="{row}"{height}>' + cells.replace(_ROW, str(row)) + "</row>" for row, height, cells in rows]
        )
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


def _heights(table: Table) -> list[str]:
    """For each row an attribute that makes it as high as its longest text, which is wrapped at its column's width."""
    lines = np.ones(table.rows, dtype=np.int64)
    for column in table.columns:
        room = column.width * 0.9  # lines break between words, so a part of each stays empty
        needed = [1] * (len(column.cells.values) + 1)  # the last is for empty cells, whose code is -1
        for code, cell in enumerate(column.cells.values):
            needed[code] = 0
            for paragraph in str(cell).split("\n"):
                needed[code] += 1 + int(len(paragraph) / room)
        lines = np.maximum(lines, np.array(needed)[column.cells.codes])
    return list(map(' ht="{}" customHeight="1"'.format, (lines * _ROW_HEIGHT).tolist()))


# ── Texts, which stand in the workbook once ─────────────────────────────────────────────────────────────


class Texts:
    """The texts among the distinct cells of a column, and their numbers among the workbook's shared strings."""

    def __init__(self, values: Sequence[Value], first: int) -> None:
        self._values = values
        self._first = first
        self._places: NDArray[np.int64] | None = None
        """For each value its place among the texts, -1 for others; `None` where all are texts."""
        self.count = len(values)
        kinds = set(map(type, values))
        if not kinds <= {str}:
            are_texts = map(isinstance, values, repeat(str)) if kinds <= {str, int} else map(is_text, values)
            mask = np.fromiter(are_texts, np.bool_, len(values))
            self._places = np.where(mask, np.cumsum(mask) - 1, -1)
            self.count = int(mask.sum())

    def number(self, code: int) -> int | None:
        """The number of a value's text; `None` if it is not written as text."""
        place = code if self._places is None else int(self._places[code])
        return None if place < 0 else self._first + place

    def numbers(self) -> NDArray[np.int64] | None:
        """The number of each value's text; `None` unless all are texts, and none needs a style of its own."""
        if self._places is not None or any(text.startswith(FORMULA) or "\n" in text for text in self.texts()):
            return None
        return np.arange(self._first, self._first + self.count)

    def texts(self) -> Iterable[str]:
        """The texts, in the order of their numbers."""
        if self._places is None:
            return map(str, self._values)
        return [
            value if isinstance(value, str) else text_of(value)
            for value, place in zip(self._values, self._places, strict=True)
            if place >= 0
        ]


def number_texts(tables: Sequence[Table]) -> list[list[Texts]]:
    """Number the shared strings of all tables: for each table its headers' texts, then those of each column."""
    known: dict[int, Texts] = {}  # by identity: sheets that go on in another share their distinct values
    place = 0
    numbered = []
    for table in tables:
        own = [Texts(list(map(attrgetter("header"), table.columns)), place)]
        place += own[0].count
        for column in table.columns:
            texts = known.get(id(column.cells.values))
            if texts is None:
                texts = known[id(column.cells.values)] = Texts(column.cells.values, place)
                place += texts.count
            own.append(texts)
        numbered.append(own)
    return numbered


# ── Columns ─────────────────────────────────────────────────────────────────────────────────────────────


class ColumnXml(dict[int, str]):
    """The cells of one column as XML, made when first asked for, by `(code + 1) * number of styles + style`."""

    def __init__(self, place: int, table: Table, styles: Styles, texts: Texts) -> None:
        super().__init__()
        column = table.columns[place]
        self._start = f'<c r="{column_letter(place)}{_ROW}"'
        self._cells = column.cells
        self._style_of_row = column.styles
        self._table_styles = table.styles
        self._styles = styles
        self._texts = texts
        self._format = TEXT if column.as_text else GENERAL
        # Where the cells of a long column differ by a number alone, none is kept: each is made of a head and a number.
        self._numbers = texts.numbers() if len(self._cells.values) > KEPT else None
        self._heads = [""] * len(table.styles)
        form, kind = self._format, ' t="s"'
        if isinstance(self._cells.values, array):
            self._numbers, form, kind = np.asarray(self._cells.values), GENERAL, ""
        if self._numbers is not None:
            for number, style in enumerate(table.styles):
                self._heads[number] = f"{self._head(style, form)}{kind}><v>"

    def of_rows(self, start: int, stop: int) -> Iterable[str]:
        """The cells of some rows."""
        codes = self._cells.codes[start:stop]
        chosen = None if self._style_of_row is None else self._style_of_row[start:stop]
        if self._numbers is not None and (codes >= 0).all():
            numbers = self._numbers[codes].tolist()
            if chosen is None:
                return [f"{self._heads[0]}{number}</v></c>" for number in numbers]
            heads = map(self._heads.__getitem__, chosen.tolist())
            return [f"{head}{number}</v></c>" for head, number in zip(heads, numbers, strict=True)]
        keys = (codes.astype(np.int64) + 1) * len(self._table_styles)
        if chosen is not None:
            keys += chosen
        return map(self.__getitem__, keys.tolist())

    def __missing__(self, key: int) -> str:
        if len(self) >= KEPT:
            self.clear()
        code, style = divmod(key, len(self._table_styles))
        if code:
            made = self._filled(code - 1, style)
        else:
            number = self._styles[self._table_styles[style], self._format, False]
            made = f'{self._start} s="{number}"/>' if number else ""
        self[key] = made
        return made

    def _filled(self, code: int, style: int) -> str:
        value, shape = self._cells.values[code], self._table_styles[style]
        number = self._texts.number(code)
        if number is None:
            kind, content, form = ("", repr(value), GENERAL) if type(value) is int else plain(value)
            return f"{self._head(shape, form)}{kind}><v>{content}</v></c>"
        text = value if isinstance(value, str) else text_of(value)
        quoted, several = text.startswith(FORMULA), "\n" in text
        if quoted or several:
            shape = shape._replace(wrap=shape.wrap or several)
            return f'{self._head(shape, self._format, quoted=quoted)} t="s"><v>{number}</v></c>'
        head = self._heads[style] = self._heads[style] or self._head(shape, self._format) + ' t="s"><v>'
        return f"{head}{number}</v></c>"

    def _head(self, style: CellStyle, form: str, *, quoted: bool = False) -> str:
        number = self._styles[style, form, quoted]
        return f'{self._start} s="{number}"' if number else self._start
