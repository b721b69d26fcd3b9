"""Splits a text into rows of fields: finds the separator, counts rows as Excel does, finds quotes that stay open."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from statistics import multimode
from typing import IO

from importer.headers import LOOKED_AT_ROWS, known_name, known_names
from importer.reading.header import find_header, find_names, foreign_count
from importer.reading.raw import EMPTY, SHEET_COLUMNS, Encoder, RawSheet, RefusalError
from importer.reading.swallowed import swallowing
from importer.settings import DELIMITERS

_LONGEST_FIELD = 2**31 - 1
_SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?[ \t;,]*[\r\n]*\Z', re.IGNORECASE | re.DOTALL)


class SplitText:
    """A text file as rows. `delimiter` is the separator, as wanted or found.

    Rows are counted as Excel shows them on opening the file: a record with line breaks in it is one row, an empty
    line is a row, a first line `sep=;` is not.
    """

    def __init__(self, data: bytes, encoding: str, wanted: str | None, theirs: Sequence[str] | None = None) -> None:
        """`wanted` is the separator to use, `theirs` are some headers of another system's sheet."""
        # Programs of old put a mark at the end.
        self._data = data if encoding.startswith(("utf-16", "utf-32")) else data.rstrip(b"\x1a")
        self._theirs = theirs
        self._encoding = encoding
        self._lines = 0
        self._skipped = 0
        stated = _SEPARATOR_LINE.match(self._text().readline(200))
        if stated:
            self._skipped = 1
        self.delimiter = wanted or (stated[1] if stated else max(DELIMITERS.values(), key=self._evidence))

    def sheet(self, most_cells: int) -> RawSheet:
        """Read all rows. Raises `RefusalError` for a quote that stays open, and for more than `most_cells` cells."""
        encoder = Encoder(most_cells)
        surplus: dict[int, str] = {}
        rows = self._rows(self.delimiter)
        head = list(islice(rows, LOOKED_AT_ROWS))
        width = _width(head, self._theirs)
        every: Iterator[list[str]] = chain(head, rows)
        # Only a last row without a line end may have lost something: mostly nothing needs counting.
        lengths: Counter[int] = Counter()
        if not self._data[-8:].rstrip(b"\x00").endswith((b"\n", b"\r")):
            every = _counted(every, lengths)
        encoder.feed(_cut(every, width, self.delimiter, surplus))
        sheet = RawSheet("", encoder.rows, encoder.columns(), surplus=surplus)
        if lengths and _breaks_off(lengths):
            sheet.cut = encoder.rows - 1
        if self._lines > encoder.rows:
            self._find_swallowed(sheet, head, width)
        return sheet

    def _find_swallowed(self, sheet: RawSheet, head: Sequence[Sequence[str]], width: int) -> None:
        """Note the cells that hold rows. Only where there are any, the text is read once more for their lines."""
        found = find_header(head)
        names = {} if found is None else {place: known_name(text) for place, text in enumerate(head[found])}
        place_of: dict[int, int] = {}
        for place, column in sheet.columns.items():
            cells = set(swallowing(column.values, self.delimiter, width, is_list=names.get(place) == "tags"))
            if cells:
                place_of |= {row: place for row, code in enumerate(column.codes) if code in cells}
        if not place_of:
            return
        before = 0
        for row, _ in enumerate(self._rows(self.delimiter)):
            if row in place_of:
                sheet.swallowed[row] = (place_of[row], before + 1 + self._skipped, self._lines + self._skipped)
            before = self._lines

    def _text(self) -> IO[str]:
        text = io.TextIOWrapper(io.BytesIO(self._data), self._encoding, newline="")
        for _ in range(self._skipped):
            text.readline()
        return text

    def _evidence(self, delimiter: str) -> tuple[int, int, int]:
        """How much speaks for a separator: how many columns are known under it, then how evenly it splits the rows."""
        rows = list(islice(self._rows(delimiter, strict=False), LOOKED_AT_ROWS))
        widths = list(map(len, filter(None, rows)))
        usual = max(multimode(widths), default=1)
        even = widths.count(usual) if usual > 1 else 0
        if self._theirs is None:
            return (max(map(len, map(known_names, rows)), default=0), even, 0)
        return (max((foreign_count(row, self._theirs) for row in rows), default=0), even, usual)

    def _rows(self, delimiter: str, *, strict: bool = True) -> Iterator[list[str]]:
        reader = csv.reader(self._text(), delimiter=delimiter, strict=strict)
        before = csv.field_size_limit(_LONGEST_FIELD)
        line = 0
        try:
            for row in reader:
                self._lines = reader.line_num
                yield row
                line = reader.line_num
        except csv.Error as error:
            read = islice(self._text(), line, max(reader.line_num, line + 1))
            code = "backslash-quote" if any('\\"' in text for text in read) else "open-quote"
            raise RefusalError(code, line=line + 1 + self._skipped) from error
        finally:
            csv.field_size_limit(before)


def _width(head: Sequence[Sequence[str]], theirs: Sequence[str] | None) -> int:
    """How many columns the table has: up to the last one with a name, or, with no known names, the longest row's."""
    header = find_names(head, theirs)
    names = header.names if header else ()
    width = len(names)
    while width and not names[width - 1].strip():
        width -= 1
    return min(SHEET_COLUMNS, width or max(map(len, head), default=0))


def _counted(rows: Iterator[list[str]], lengths: Counter[int]) -> Iterator[list[str]]:
    """The rows, and in `lengths` how many have how many cells; the last row's is the last one of all lengths."""
    length = 0
    for row in rows:
        if len(row) != length:
            length = len(row)
            lengths[length] = lengths.pop(length, 0)
        lengths[length] += 1
        yield row


def _breaks_off(lengths: Counter[int]) -> bool:
    """Whether the last row has fewer cells than any other one has: the rest may be lost."""
    last = next(reversed(lengths))
    # A line with one cell is a heading.
    others = [each for each in lengths if each > 1 and each != last]
    return last > 1 and lengths[last] == 1 and last < min(others, default=0)


def _cut(rows: Iterator[list[str]], width: int, delimiter: str, surplus: dict[int, str]) -> Iterator[Sequence[str]]:
    for number, row in enumerate(rows):
        if len(row) > width:
            rest = delimiter.join(row[width:]).strip(delimiter)
            if rest.strip():
                surplus[number] = rest
        # An empty line is an empty row.
        yield row[:width] or (EMPTY,)
