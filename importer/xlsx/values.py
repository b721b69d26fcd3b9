"""Cells as XML, each distinct one made once."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from importer.cells import Broken, Clock, Covered, Flag, Moment, Number, Uncalculated, column_letter, shown
from importer.reading.number_format import raw_number
from importer.xlsx.styles import DAY, DAY_OF_YEAR, DURATION, GENERAL, MONTH, TEXT, TIME, WHOLE, CellStyle, Styles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.xlsx.table import Table, Value

ROW = "\0"
"""Stands for the row's number in a cell's XML until the row is made; no text can hold it."""

KEPT = 20_000
"""Distinct cells of a column whose XML is kept; more are made again."""

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no zone
_LEAP_BUG = datetime(1900, 3, 1)  # noqa: DTZ001
_FORMULA = ("=", "+", "-", "@")
_CLOCK = re.compile(r"(-?)(\d+):([0-5]\d)(?::([0-5]\d)(\.\d+)?)?")
_OF_DAY = re.compile(r"[01]\d:|2[0-3]:")
_SPELLING = re.compile(r"[.,'\s]")
_NUMBER = re.compile(r"(\D*?)(\d{1,3}(?:[,.'\s]\d{3})+(?=\D|$)|\d+)([.,]\d+)?(E[+-]\d+)?(\D*)", re.DOTALL)
_NOTHING = ";;;"
_LONGEST_FORMAT = 200
_LONG, _EXACT = 10**11, 10**15
_DAY_SECONDS = 86_400


class Texts:
    """The texts among the distinct cells of a column, and their numbers among the workbook's shared strings."""

    def __init__(self, values: Sequence[Value], first: int) -> None:
        self._values = values
        self._first = first
        self._places: NDArray[np.int64] | None = None
        """For each value its place among the texts, -1 for others; `None` where all are texts."""
        self.count = len(values)
        if not set(map(type, values)) <= {str}:
            mask = np.fromiter(map(_is_text, values), np.bool_, len(values))
            self._places = np.where(mask, np.cumsum(mask) - 1, -1)
            self.count = int(mask.sum())

    def number(self, code: int) -> int | None:
        """The number of a value's text; `None` if it is not written as text."""
        place = code if self._places is None else int(self._places[code])
        return None if place < 0 else self._first + place

    def numbers(self) -> NDArray[np.int64] | None:
        """The number of each value's text; `None` unless all are texts, and none needs a style of its own."""
        if self._places is not None or any(map(_is_special, self.texts())):
            return None
        return np.arange(self._first, self._first + self.count)

    def texts(self) -> Iterable[str]:
        """The texts, in the order of their numbers."""
        if self._places is None:
            return map(str, self._values)
        return [_text_of(value) for value, place in zip(self._values, self._places, strict=True) if place >= 0]


def number_texts(tables: Sequence[Table]) -> list[list[Texts]]:
    """Number the shared strings of all tables: for each table its headers' texts, then those of each column."""
    known: dict[int, Texts] = {}  # by identity: sheets that go on in another share their distinct values
    place = 0
    numbered = []
    for table in tables:
        own = []
        for values in ([column.header for column in table.columns], *(column.cells.values for column in table.columns)):
            texts = known.get(id(values))
            if texts is None:
                texts = known[id(values)] = Texts(values, place)
                place += texts.count
            own.append(texts)
        numbered.append(own)
    return numbered


def _is_text(value: Value) -> bool:
    match value:
        case str():
            return True
        case Moment(moment, _):
            return serial(moment) is None
        case Clock(text):
            return _CLOCK.fullmatch(text) is None
        case Number(number, _) | (int() | float() as number):
            return not math.isfinite(number)
        case _:
            return isinstance(value, Uncalculated | Covered)


def is_formula(text: str) -> bool:
    """Whether a person's edit of a cell with this text would turn it into a formula."""
    return text.startswith(_FORMULA)


def _is_special(text: str) -> bool:
    """Whether a text needs a style of its own: one that a person's edit would turn into a formula, or several lines."""
    return is_formula(text) or "\n" in text


def _text_of(value: Value) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else shown(value)


class ColumnXml(dict[int, str]):
    """The cells of one column as XML, made when first asked for, by `(code + 1) * number of styles + style`."""

    def __init__(self, place: int, table: Table, styles: Styles, texts: Texts) -> None:
        super().__init__()
        column = table.columns[place]
        self._start = f'<c r="{column_letter(place)}{ROW}"'
        self._cells = column.cells
        self._style_of_row = column.styles
        self._table_styles = table.styles
        self._styles = styles
        self._texts = texts
        self._format = TEXT if column.as_text else GENERAL
        # Where the cells of a long column differ by a number alone, none is kept: each is made of a head and a number.
        self._numbers = texts.numbers() if len(self._cells.values) > KEPT else None
        self._heads = [""] * len(table.styles)
        if isinstance(self._cells.values, array):
            self._numbers = np.asarray(self._cells.values)
            self._heads = [self._head(style, GENERAL) + "><v>" for style in table.styles]
        elif self._numbers is not None:
            self._heads = [self._head(style, self._format) + ' t="s"><v>' for style in table.styles]

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
            kind, content, form = _plain(value)
            return f"{self._head(shape, form)}{kind}><v>{content}</v></c>"
        text = _text_of(value)
        if _is_special(text):
            shape = shape._replace(wrap=shape.wrap or "\n" in text)
            return f'{self._head(shape, self._format, quoted=is_formula(text))} t="s"><v>{number}</v></c>'
        head = self._heads[style] = self._heads[style] or self._head(shape, self._format) + ' t="s"><v>'
        return f"{head}{number}</v></c>"

    def _head(self, style: CellStyle, form: str, *, quoted: bool = False) -> str:
        number = self._styles[style, form, quoted]
        return f'{self._start} s="{number}"' if number else self._start


def _plain(value: Value) -> tuple[str, str, str]:
    """A value that is not text: the attribute of its kind, what its cell holds, its number format."""
    match value:
        case Flag(yes):
            return ' t="b"', str(int(yes)), GENERAL
        case Broken(token):
            return ' t="e"', token if token in _ERRORS else "#VALUE!", GENERAL
        case Moment(moment):
            return "", repr(serial(moment)), _moment_format(value)
        case Clock(text):
            return "", repr(_day_part(text)), TIME if _OF_DAY.match(text) else DURATION
        case Number(number, text):
            return "", repr(number), _usual_format(number) if text is None else format_showing(number, text)
        case _:
            return "", repr(value), GENERAL


def _moment_format(moment: Moment) -> str:
    day = {"": DAY, "day": MONTH, "year": DAY_OF_YEAR}[moment.lacks]
    return f"{day} {TIME}" if moment.has_time else day


def _usual_format(number: float) -> str:
    # In the general format Excel shows 1234567890123 as 1.23457E+12.
    return WHOLE if _LONG <= abs(number) < _EXACT and number == int(number) else GENERAL


def serial(moment: datetime) -> float | int | None:
    """Excel's number for a moment (days, in the 1900 system); `None` for those before 1900, which have none."""
    passed = moment - _EPOCH
    if moment < _LEAP_BUG:
        passed -= timedelta(days=1)
    if passed < timedelta(days=1):
        return None
    seconds = passed.seconds + passed.microseconds / 1e6
    return passed.days + seconds / _DAY_SECONDS if seconds else passed.days


def _day_part(text: str) -> float:
    sign, hours, minutes, seconds, fraction = _CLOCK.findall(text)[0]
    days = (int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0) + float(fraction or 0)) / _DAY_SECONDS
    return -days if sign else days


def format_showing(number: float, text: str) -> str:
    """A number format that shows a number as a text, in this or the other spelling of decimals and thousands.

    One that fits other numbers, too, is preferred: a workbook holds only some thousand formats.
    """
    if not text:
        return _NOTHING
    for form in (_number_format(text), _digits_format(text)):
        shown = raw_number(number, form)
        if isinstance(shown, tuple) and shown[0] == "n" and _SPELLING.sub("", shown[2]) == _SPELLING.sub("", text):
            return form
    return _literal(text[:_LONGEST_FORMAT])


def _number_format(text: str) -> str:
    """`1,234.50 ks` by the parts of a number: thousands, decimals, power of ten, and what stands around them."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return GENERAL
    before, whole, split, power, after = found.groups()
    form = "#,##0" if _SPELLING.search(whole) else "0"
    form += "." + "0" * (len(split) - 1) if split else ""
    form += "E+" + "0" * (len(power) - 2) if power else ""
    return _literal(before) + form + _literal(after)


def _digits_format(text: str) -> str:
    """As many digits as the text has, and its other characters as they are."""
    parts = re.findall(r"[0-9]+|[.]|[^0-9.]+", text)
    return "".join(_digits_part(part) for part in parts)


def _digits_part(part: str) -> str:
    if part[0].isascii() and part[0].isdigit():
        return "0" * len(part)
    return part if part == "." else _literal(part)


def _literal(text: str) -> str:
    """A text as a format shows it; a percent sign means what it says."""
    pieces = re.split(r'(["%])', text)
    return "".join({'"': '\\"', "%": "%"}.get(piece, f'"{piece}"' if piece else "") for piece in pieces)
