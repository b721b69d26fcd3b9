"""What the fast engine hides in an xlsx sheet, found in the sheet's bytes. Runs in the child process.

The engine reads error cells and formulas without a result as empty, drops the number formats, and lays out the whole
rectangle up to the farthest cell before it returns. So the unpacked bytes are searched for a few short marks, which
costs little; only where a mark is found is the cell around it looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import chain, islice

from importer.cells import column_letter, column_number
from importer.reading.formats.xlsx_styles import CellFormats
from importer.reading.package import NO_FACTS, WorkbookFacts
from importer.reading.raw import SHEET_ROWS, Raw, RefusalError

USUAL_COLUMNS = 64
LONGEST_ROW_BYTES = 64 * 1024**2
LONGEST_CELL_BYTES = 256 * 1024
MOST_STYLES = 200
MOST_CHANGING = 1_000

_ATTRIBUTE = re.compile(rb"""\s(r|s|t)=["']([^"']*)["']""")
_REFERENCE = re.compile(rb"\A([A-Za-z]{1,3})(\d{1,7})\Z")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,9})["']""")
_HIDDEN = re.compile(rb"""hidden\s*=\s*["'](?:1|true)["']""")
_ENDS = re.compile(rb"""\s(min|max)\s*=\s*["'](\d{1,5})["']""")
_CHANGING = (b"TODAY(", b"NOW(")
# A number of which a part is spelled in another way than in digits.
_ODD_VALUE = re.compile(rb"v>[-+\d.Ee\s]*(?:&#|<!)")
_QUOTES = (b'"', b"'")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_VALUE_TAG = re.compile(rb"<(?:\w+:)?v[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]*)<")
_MERGED = re.compile(rb"""mergeCell\s[^>]*?ref=["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})["']""")
_ZERO = re.compile(rb"-?0(?:\.0+)?")
_ROOT = re.compile(rb"<(\w+:)?worksheet\b")
_COLUMN = re.compile(rb"""\sr=["']([A-Z]+)\d""")


class OddSheetError(Exception):
    """The sheet is written in a way that this search does not understand; a slower engine does."""


@dataclass(slots=True)
class SheetScan:
    """What was found; rows and columns of `cells` and `merged` are counted from 0."""

    cells: list[tuple[int, int, Raw]] = field(default_factory=list)
    """The cells that the fast engine reads wrongly."""
    texts: list[tuple[int, int, int]] = field(default_factory=list)
    """Texts whose format may show others: row, column, style."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged ranges, as in `RawSheet`."""
    hidden_rows: int = 0
    """How many rows are hidden."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """Hidden columns, as in `RawSheet`."""
    changing: dict[int, int] = field(default_factory=dict)
    """Columns with formulas that change from day to day, as in `RawSheet`."""
    last_row: int = 0
    """The last row, counted from 1."""
    size: int = 0
    """How many bytes the sheet has."""
    wide: bool = False
    """Whether it has more than `USUAL_COLUMNS`."""


def scan_sheet(
    chunks: Iterable[bytes], formats: CellFormats | None = None, facts: WorkbookFacts = NO_FACTS
) -> SheetScan:
    """Search a sheet's bytes. `formats` tell what is shown, `facts` whether a formula's 0 or "" may be no result.

    Without `formats` no cells are looked for, only how far the sheet reaches, hidden rows and merged cells.

    Raises `OddSheetError`, and `RefusalError` for rows past the last one that a sheet can have.
    """
    found = SheetScan()
    formulas = _Formulas(facts)
    marks: _Marks | None = None
    for rows in _whole_rows(chunks):
        marks = marks or _Marks.of(rows, formats or CellFormats())
        found.size += len(rows)
        found.wide = found.wide or _UNUSUAL.search(rows) is not None
        found.last_row = max(found.last_row, _last_row(rows, marks.tag))
        if found.last_row > SHEET_ROWS:
            raise RefusalError("damaged")
        _note_hidden(rows, marks.tag, found)
        if formats is not None:
            _refuse_odd_spelling(rows)
            found.cells += _by_format(rows, marks, formats)
            found.texts += _formatted_texts(rows, marks)
            found.cells += _moments_as_text(rows, marks, formats)
            found.cells += _errors(rows, marks)
            found.cells += formulas.uncalculated(rows, marks)
            if formulas.any:
                _note_changing(rows, marks, found)
        if b"mergeCell" in rows:
            found.merged += _merged(rows)
    found.cells += formulas.doubtful()
    return found


def reaches_beyond(chunks: Iterable[bytes], columns: int) -> bool:
    """Whether any cell stands further right than so many columns."""
    beyond = _beyond(columns)
    return any(beyond.search(rows) for rows in _whole_rows(chunks))


def widest_column(chunks: Iterable[bytes]) -> int:
    """How many columns the sheet's cells reach, by looking at every one of them."""
    letters: set[bytes] = set()
    for rows in _whole_rows(chunks):
        letters.update(_COLUMN.findall(rows))
    return 1 + max((column_number(name.decode()) for name in letters), default=0)


def _beyond(columns: int) -> re.Pattern[bytes]:
    """Matches a cell's reference past so many columns: longer letters, or as many of which one is later."""
    last = column_letter(max(columns, 1) - 1)
    later = [
        re.escape(last[:place]) + f"[{chr(ord(letter) + 1)}-Z]" + "[A-Z]" * (len(last) - place - 1)
        for place, letter in enumerate(last)
        if letter != "Z"
    ]
    longer = "[A-Z]" * (len(last) + 1)
    return re.compile(f"""r=["'](?:{"|".join([longer, *later])})""".encode())


def _whole_rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes again, cut at the ends of rows."""
    rest = b""
    for chunk in chunks:
        piece = rest + chunk
        cut = piece.rfind(b"row>") + 4
        if cut == 3 and len(piece) < LONGEST_ROW_BYTES:
            rest = piece
            continue
        cut = cut if cut > 3 else len(piece)
        yield piece[:cut]
        rest = piece[cut:]
    if rest:
        yield rest


@dataclass(frozen=True, slots=True)
class _Marks:
    """The byte strings to look for, in this sheet's spelling."""

    tag: bytes
    errors: tuple[bytes, ...]
    moments: tuple[bytes, ...]
    formula: bytes
    cell_end: bytes
    of_texts: tuple[bytes, ...]
    styles: tuple[re.Pattern[bytes], ...]

    @classmethod
    def of(cls, head: bytes, formats: CellFormats) -> _Marks:
        """Those of a sheet that begins with `head`. Raises `OddSheetError` where that does not name a sheet."""
        root = _ROOT.search(head)
        if root is None:
            raise OddSheetError
        tag = b"<" + (root[1] or b"")
        quotes = _QUOTES if b"='" in head else _QUOTES[:1]
        return cls(
            tag=tag,
            errors=tuple(b" t=" + quote + b"e" + quote for quote in quotes),
            moments=tuple(b" t=" + quote + b"d" + quote for quote in quotes),
            formula=tag + b"f",
            cell_end=b"</" + tag[1:] + b"c>",
            of_texts=tuple(b" s=%s%d%s" % (quote, style, quote) for quote in quotes for style in formats.of_texts),
            styles=tuple(pattern for quote in quotes for pattern in _misread(formats.read_right, tag, quote)),
        )


def _misread(read_right: Mapping[int, bytes], tag: bytes, quote: bytes) -> Iterator[re.Pattern[bytes]]:
    """Patterns of the cells of these styles but for those that hold text, nothing, or a number that is read right."""
    for right in sorted(set(read_right.values())):
        styles = [style for style, pattern in read_right.items() if pattern == right]
        named = b"|".join(b"%d" % style for style in styles) if len(styles) <= MOST_STYLES else rb"\d+"
        left_out = rb"""[^<>]*(?:/>|\st=["'](?:s|b|e|d|str|inlineStr)["']|>(?:<TAGf[^<]*(?:</TAGf>)?)?<TAGv>(?:%s)<)"""
        left_out = left_out.replace(b"TAG", tag[1:]) % right
        # Words that stand fast are found many times faster than what may vary.
        yield re.compile(b" s=%s(?:%s)%s(?!%s)" % (quote, named, quote, left_out))
        if 0 in styles:
            # A cell that names no style has the first one.
            yield re.compile(rb"""%sc\s(?![^<>]*\ss=)(?!%s)""" % (tag, left_out))


def _refuse_odd_spelling(rows: bytes) -> None:
    """Raise `OddSheetError` for what XML allows, and no writer known does: what stands there is not found by marks."""
    if _ODD_VALUE.search(rows):
        raise OddSheetError
    for quote in _QUOTES:
        if quote not in rows:  # a single byte is found many times faster than several
            continue
        for place in chain(_places(rows, b" =" + quote), _places(rows, b"= " + quote)):
            # Formulas, too, have an equals sign with a blank beside it, but not within a tag.
            if rows.rfind(b"<", 0, place) > rows.rfind(b">", 0, place):
                raise OddSheetError


def _places(text: bytes, mark: bytes) -> Iterator[int]:
    place = text.find(mark)
    while place >= 0:
        yield place
        place = text.find(mark, place + len(mark))


def _last_row(rows: bytes, tag: bytes) -> int:
    place = rows.rfind(tag + b"row ")
    number = _ROW_NUMBER.search(rows, place, place + 200) if place >= 0 else None
    return int(number[1]) if number else 0


def _note_hidden(rows: bytes, tag: bytes, found: SheetScan) -> None:
    for hidden in _HIDDEN.finditer(rows):
        start = rows.rfind(b"<", 0, hidden.start())
        if rows.startswith(tag + b"row ", start):
            found.hidden_rows += 1
        elif rows.startswith(tag + b"col ", start):
            ends = dict(_ENDS.findall(rows, start, rows.find(b">", start)))
            if len(ends) == len((b"min", b"max")):
                found.hidden_columns.append((int(ends[b"min"]) - 1, int(ends[b"max"]) - 1))


def _cell_around(rows: bytes, place: int, marks: _Marks) -> tuple[bytes, bytes] | None:
    """The opening tag and the content of the cell that a mark stands in; `None` if it stands in no cell."""
    start = rows.rfind(marks.tag + b"c", max(0, place - LONGEST_CELL_BYTES), place + 1)
    if start < 0 or rows[start + len(marks.tag) + 1 : start + len(marks.tag) + 2] not in (b" ", b">", b"\t", b"\n"):
        return None
    opened = rows.find(b">", start)
    if opened < 0 or rows[opened - 1 : opened] == b"/":
        return (rows[start:opened], b"") if place < opened else None
    end = rows.find(marks.cell_end, opened)
    return (rows[start:opened], rows[opened + 1 : end]) if place < end else None


def _position(tag: bytes) -> tuple[int, int, dict[bytes, bytes]]:
    attributes = dict(_ATTRIBUTE.findall(tag))
    reference = _REFERENCE.match(attributes.get(b"r", b""))
    if reference is None:
        raise OddSheetError
    return int(reference[2]) - 1, column_number(reference[1].decode()), attributes


def _marked(
    rows: bytes, wanted: Iterable[bytes], marks: _Marks
) -> Iterator[tuple[int, int, dict[bytes, bytes], bytes]]:
    """The cells with one of these marks in their tag: row, column, attributes and content."""
    for mark in wanted:
        for place in _places(rows, mark):
            around = _cell_around(rows, place, marks)
            if around is not None and mark in around[0]:
                yield *_position(around[0]), around[1]


def _errors(rows: bytes, marks: _Marks) -> Iterator[tuple[int, int, Raw]]:
    for row, column, _, content in _marked(rows, marks.errors, marks):
        value = _VALUE.search(content)
        yield row, column, ("e", _text(value[1]) if value and value[1] else "#VALUE!")


class _Formulas:
    """The formulas of a sheet: those without a stored result, and whether any other one has one."""

    def __init__(self, facts: WorkbookFacts) -> None:
        self.any = False
        """Whether the sheet has what may be one, as far as it was searched."""
        self._facts = facts
        self._calculated = facts.calculated
        self._nothing: list[tuple[int, int, Raw]] = []

    def doubtful(self) -> list[tuple[int, int, Raw]]:
        """Those whose result is "" in a workbook that says nothing of an engine and has no other result: none is."""
        return [] if self._calculated else self._nothing

    def uncalculated(self, rows: bytes, marks: _Marks) -> Iterator[tuple[int, int, Raw]]:
        """Those that have no result."""
        length = len(marks.formula)
        for place in _places(rows, marks.formula):
            self.any = True
            if rows[place + length : place + length + 1] not in (b">", b" ", b"/"):
                continue
            end = rows.find(marks.cell_end, place)
            value = _VALUE.search(rows, place, end)
            result = value[1] if value else b""
            if result and not (self._facts.placeholders and _ZERO.fullmatch(result)):
                self._calculated = self._calculated or _ZERO.fullmatch(result) is None
                continue
            around = _cell_around(rows, place, marks)
            if around is not None:
                yield from self._looked_at(around, result)

    def _looked_at(self, around: tuple[bytes, bytes], result: bytes) -> Iterator[tuple[int, int, Raw]]:
        row, column, attributes = _position(around[0])
        kind = attributes.get(b"t", b"n")
        # What is stated as text may well be nothing; what has no value at all is no result.
        is_stated = kind == b"inlineStr" or (kind == b"str" and _VALUE_TAG.search(around[1]) is not None)
        placeholders = self._facts.placeholders
        if kind == b"e" or (result and kind in (b"str", b"inlineStr", b"s", b"b")):
            return
        formula = _FORMULA.search(around[1])
        cell = (row, column, ("u", _text(formula[1]) if formula and formula[1] else "…"))
        if not is_stated or placeholders:
            yield cell
        elif kind == b"str":
            self._nothing.append(cell)


def _note_changing(rows: bytes, marks: _Marks, found: SheetScan) -> None:
    """Note the columns with formulas of today's date. They go on from row to row: the first ones tell which."""
    for mark in _CHANGING:
        for place in islice(_places(rows, mark), MOST_CHANGING):
            around = _cell_around(rows, place, marks)
            formula = _FORMULA.search(around[1]) if around else None
            if around and formula and mark in formula[1]:
                row, column, _ = _position(around[0])
                found.changing[column] = min(row, found.changing.get(column, row))


def _by_format(rows: bytes, marks: _Marks, formats: CellFormats) -> Iterator[tuple[int, int, Raw]]:
    """The numbers that the engine reads otherwise than their format shows them."""
    known: dict[tuple[bytes, bytes], Raw | None] = {}
    for pattern in marks.styles:
        for mark in pattern.finditer(rows):
            around = _cell_around(rows, mark.start(), marks)
            value = _VALUE.search(around[1]) if around else None
            if around is None or value is None:
                continue
            row, column, attributes = _position(around[0])
            if attributes.get(b"t", b"n") != b"n":
                continue
            key = (attributes.get(b"s", b"0"), value[1])
            if key not in known:
                known[key] = _number(key, formats)
            raw = known[key]
            if raw is not None:
                yield row, column, raw


def _number(key: tuple[bytes, bytes], formats: CellFormats) -> Raw | None:
    try:
        return formats.raw(float(key[1]), int(key[0]))
    except ValueError:
        return None


def _moments_as_text(rows: bytes, marks: _Marks, formats: CellFormats) -> Iterator[tuple[int, int, Raw]]:
    for row, column, attributes, content in _marked(rows, marks.moments, marks):
        value = _VALUE.search(content)
        style = attributes.get(b"s", b"0")
        yield row, column, formats.raw_iso(_text(value[1]) if value else "", int(style) if style.isdigit() else 0)


def _formatted_texts(rows: bytes, marks: _Marks) -> Iterator[tuple[int, int, int]]:
    """Where texts stand whose style may show them otherwise."""
    for row, column, attributes, _ in _marked(rows, marks.of_texts, marks):
        if attributes.get(b"t") in (b"s", b"str", b"inlineStr"):
            yield row, column, int(attributes[b"s"])


def _merged(rows: bytes) -> Iterator[tuple[int, int, int, int]]:
    for first, top, last, bottom in _MERGED.findall(rows):
        yield int(top) - 1, column_number(first.decode()), int(bottom) - 1, column_number(last.decode())


def _text(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", "replace"))


_UNUSUAL = _beyond(USUAL_COLUMNS)
