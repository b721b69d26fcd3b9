"""A workbook of rows that come one by one, however many: each is written before the next is asked for.

Their texts stand in the cells (ECMA-376, 18.3.1.53), not in the table of shared strings, which would have to be kept.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import IO, TYPE_CHECKING

import numpy as np

from importer.cells import Cell, Number, column_letter
from importer.model import SHEET_ROWS
from importer.xlsx.package import LEVEL, Properties, shared_strings, small_parts, write_part
from importer.xlsx.sheet import head_xml, number_texts, sheet_xml, tail_xml
from importer.xlsx.styles import GENERAL, TEXT, Styles
from importer.xlsx.table import Column, Encoded, Table
from importer.xlsx.text import FORMULA, cut, escape

if TYPE_CHECKING:
    from importer.xlsx.styles import CellStyle

MOST_BYTES = 2**31 - 2**22
"""Of a sheet's XML: not every program opens a longer one."""

_BATCH = 500
"""Rows that are kept before they are written."""

_NONE = Encoded([], np.empty(0, np.int32))


class StreamedWorkbook:
    """A workbook under way. Its first sheets hold the rows that are added; where one is full another goes on."""

    def __init__(
        self, stream: IO[bytes], name: str, columns: Sequence[tuple[str, float, bool]], header_style: CellStyle
    ) -> None:
        """`columns` are header, width, and whether empty cells are cells of text too."""
        empty = [Column(header, _NONE, width, as_text=as_text) for header, width, as_text in columns]
        self._like = Table(name, empty, 0, header_style=header_style, tab_color=header_style.fill)
        self._styles = Styles()
        self._letters = [column_letter(place) for place in range(len(columns))]
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._sheets: list[Table] = []
        self._part: IO[bytes] | None = None
        self._rows = self._bytes = 0
        self._waiting: list[str] = []
        plain = self._like.styles[0]
        self._general = self._styles[plain, GENERAL, False]
        self._plain = [self._styles[plain, TEXT if as_text else GENERAL, False] for _, _, as_text in columns]
        self._quoted = [self._styles[plain, TEXT if as_text else GENERAL, True] for _, _, as_text in columns]
        self._open()

    def add(self, cells: Sequence[Cell | None], mark: str) -> None:
        """Write one row: texts, numbers, and empty cells. A text that is too long for a cell ends with the mark.

        Raises `OSError` as the stream does.
        """
        if self._rows + 1 >= SHEET_ROWS or self._bytes >= MOST_BYTES:
            self._close()
            self._open()
        self._rows += 1
        row = str(self._rows + 1)
        xml = "".join([self._cell(place, row, cell, mark) for place, cell in enumerate(cells) if cell is not None])
        self._waiting.append(f'<row r="{row}">{xml}</row>')
        if len(self._waiting) >= _BATCH:
            self._flush()

    def close(self, others: Sequence[Table], properties: Properties) -> int:
        """End the workbook, with other sheets behind those of the rows; how many these are."""
        self._close()
        tables = [*self._sheets, *others]
        texts = number_texts(tables)
        for number, table in enumerate(others, len(self._sheets) + 1):
            pieces = sheet_xml(table, texts[number - 1], self._styles, selected=False, drawing=False)
            write_part(self._archive, f"xl/worksheets/sheet{number}.xml", pieces)
        write_part(self._archive, "xl/sharedStrings.xml", shared_strings(texts, properties.cut_mark))
        parts = [*small_parts(tables, [[]] * len(tables), properties), ("xl/styles.xml", self._styles.xml())]
        for name, xml in parts:
            self._archive.writestr(zipfile.ZipInfo(name), xml, zipfile.ZIP_DEFLATED, LEVEL)
        self._archive.close()
        return len(self._sheets)

    def abandon(self) -> None:
        """Give up what is under way: what the stream holds is no workbook."""
        if self._part is not None:
            self._part.close()
        self._archive.close()

    def _cell(self, place: int, row: str, cell: Cell, mark: str) -> str:
        where = f'<c r="{self._letters[place]}{row}"'
        if isinstance(cell, Number):
            return f'{where} s="{self._general}"><v>{cell.value!r}</v></c>'
        text = str(cell)
        style = (self._quoted if text.startswith(FORMULA) else self._plain)[place]
        held = escape(cut(text, mark))
        return f'{where} s="{style}" t="inlineStr"><is><t xml:space="preserve">{held}</t></is></c>'

    def _open(self) -> None:
        number = len(self._sheets) + 1
        self._part = self._archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True)
        head = head_xml(self._like, None, self._styles, selected=number == 1)
        style = self._styles[self._like.header_style, GENERAL, False]
        cells = [
            f'<c r="{letter}1" s="{style}" t="inlineStr"><is><t>{escape(column.header)}</t></is></c>'
            for letter, column in zip(self._letters, self._like.columns, strict=True)
        ]
        self._rows = self._bytes = 0
        self._waiting.append(f'{head}<sheetData><row r="1">{"".join(cells)}</row>')

    def _flush(self) -> None:
        assert self._part is not None  # noqa: S101 - a sheet is open as long as rows may come
        held = "".join(self._waiting).encode()
        self._waiting.clear()
        self._bytes += len(held)
        self._part.write(held)

    def _close(self) -> None:
        number = len(self._sheets) + 1
        name = self._like.name if number == 1 else f"{self._like.name} {number}"
        table = replace(self._like, name=name, rows=self._rows)
        area = f"A1:{self._letters[-1]}{self._rows + 1}"
        self._waiting.append(f"</sheetData>{tail_xml(table, area, drawing=False)}")
        self._flush()
        assert self._part is not None  # noqa: S101 - as above
        self._part.close()
        self._sheets.append(table)
