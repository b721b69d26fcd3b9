"""Join the bodies of scopes from pieces, one for each distinct value.

A body and its canonical projection have the same fields in the same order, that of the table of columns (contract,
"Request body attributes" and "Pin object attributes"). So each piece is a pair: the text to send, and the text to
compare. A body has its pins in the order of the sheet, a projection in that of their positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from json.encoder import encode_basestring
from operator import is_
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.canonical import canonical_date, canonical_metadata_text, canonical_tags
from importer.checking.codes import combined, first_of_each, numbered
from importer.checking.json_cells import members
from importer.checking.values import Instant, Json, Typed
from importer.columns import BY_NAME, METADATA, METADATA_PREFIX, PIN_COLUMNS, PINS, SCOPE_COLUMNS

Pair = tuple[str, str]
"""A text to send, and the text to compare ("" where it does not count)."""

_UNITED = ("tags", METADATA)
"""Fields of a scope that hold what all of its rows say. The others are the same on each row."""
_TARGET = tuple(column.name for column in SCOPE_COLUMNS if column.name not in _UNITED)
_PIN = tuple(
    tuple(column.name for column in columns)
    for _, columns in groupby(PIN_COLUMNS, key=lambda column: column.only_if is not None)
)
"""The fields of a pin in three parts: what is pinned differs in each row, what stands before and after repeats."""
_NOTHING: Pair = ("", "")


def pair(value: Typed) -> Pair:
    """A typed value as JSON."""
    match value:
        case Json(text, canonical):
            return text, canonical
        case Instant(text=text):
            return f'"{text}"', canonical_date(text)
        case bool():
            return ("true", "true") if value else ("false", "")
        case int():
            return (str(value),) * 2
        case str():
            return (encode_basestring(value),) * 2
        case tuple():
            return "[" + ",".join(map(encode_basestring, value)) + "]", canonical_tags(value)


def member(name: str, value: Pair) -> Pair:
    """A field of an object, with the comma before it."""
    text, canonical = value
    sent = f',"{name}":{text}'
    if text == canonical:
        return sent, sent
    return sent, f',"{name}":{canonical}' if canonical else ""


@dataclass(frozen=True)
class Pieces:
    """Some fields of each row."""

    codes: NDArray[np.int32]
    """Per row which piece it has."""
    sent: Sequence[str]
    """The distinct pieces as they are sent."""
    compared: Sequence[str]
    """The same as they are compared."""


def pieces(typed: pd.DataFrame, names: Iterable[str]) -> Pieces:
    """The fields of these columns in this order, without a comma before the first of a body or pin."""
    arrays, columns = [], []
    for name in names:
        if name in typed.columns:
            array = typed[name].array
            arrays.append((name, array))
            columns.append((array.codes, len(array.categories)))
    if not columns:
        return Pieces(np.zeros(len(typed), dtype=np.int32), [""], [""])
    codes, count = numbered(combined(columns))
    first = first_of_each(codes, count)
    sent, compared = [], []
    for name, array in arrays:
        as_sent, as_compared = _members(name, array, array.codes[first].tolist())
        sent.append(as_sent)
        compared.append(as_compared)
    whole = list(map("".join, zip(*sent, strict=True)))
    # Most columns are compared as they are sent: then the texts are made once.
    same = all(map(is_, sent, compared))
    return Pieces(codes.astype(np.int32), whole, whole if same else list(map("".join, zip(*compared, strict=True))))


def _members(name: str, array: pd.Categorical[Any], codes: Sequence[int]) -> tuple[list[str], list[str]]:
    """A column's fields at some rows, as sent and as compared; one and the same list where that makes no difference."""
    values: list[Any] = list(array.categories)
    if values and type(values[0]) in (str, int):
        text = encode_basestring if type(values[0]) is str else str
        sent = [f',"{name}":{text(value)}' for value in values]
        chosen = list(map([*sent, ""].__getitem__, codes))
        return chosen, chosen
    made = [*(member(name, pair(value)) for value in values), _NOTHING]
    return [made[code][0] for code in codes], [made[code][1] for code in codes]


class Bodies:
    """Makes the bodies of scopes."""

    def __init__(self, typed: pd.DataFrame, order: NDArray[np.int64], first: NDArray[np.int64]) -> None:
        """`order` has the rows of all scopes one after another, `first` each scope's first row."""
        self._target = pieces(typed.iloc[first], _TARGET)
        self._sent, self._compared, codes = [], [], []
        for names in _PIN:
            part = pieces(typed, names)
            self._sent.append(part.sent)
            self._compared.append(part.compared)
            codes.append(part.codes)
        positions = typed["position"].array
        # A position is at most 2**31 - 1. It says where a pin goes in the order of what is compared.
        codes.append(np.array([*positions.categories, 0], dtype=np.int32)[positions.codes])
        self._pin_codes = np.column_stack(codes)[order]
        pinless = positions.codes[order] < 0
        self._pinless = pinless if pinless.any() else None
        """Where rows stand that have no pin, if there are any: such a row is for a customization without pins."""
        self._tags = _Tags(typed["tags"].array, order) if "tags" in typed.columns else None
        # Every other column is for one key of the metadata.
        has_metadata = METADATA in typed.columns or bool(set(typed.columns) - BY_NAME.keys())
        self._metadata = _Metadata(typed, order) if has_metadata else None

    def made(self, number: int, span: slice) -> tuple[bytes, bytes]:
        """The body of a scope and its canonical projection; `span` is where its rows stand in the order."""
        sent, compared = self._fields(number, span)
        codes = self._pins_of(span)
        place, pinned, rest = self._sent
        pins = ",".join([f"{{{place[a][1:]}{pinned[b]}{rest[c]}}}" for a, b, c, _ in codes])
        return f'{{{sent[1:]},"{PINS}":[{pins}]}}'.encode(), self._projection(compared, codes)

    def projection(self, number: int, span: slice) -> bytes:
        """The canonical projection alone."""
        return self._projection(self._fields(number, span)[1], self._pins_of(span))

    def _fields(self, number: int, span: slice) -> Pair:
        """All fields of a scope but its pins."""
        code = self._target.codes[number]
        sent, compared = self._target.sent[code], self._target.compared[code]
        for united in (self._tags, self._metadata):
            if united is not None:
                field = united.of(span)
                sent, compared = sent + field[0], compared + field[1]
        return sent, compared

    def _pins_of(self, span: slice) -> list[list[int]]:
        """The codes of a scope's pins."""
        codes = self._pin_codes[span]
        found: list[list[int]] = (codes if self._pinless is None else codes[~self._pinless[span]]).tolist()
        return found

    def _projection(self, fields: str, codes: list[list[int]]) -> bytes:
        place, pinned, rest = self._compared
        pins = sorted([(at, f"{{{place[a][1:]}{pinned[b]}{rest[c]}}}") for a, b, c, at in codes])
        return f'{{{fields[1:]},"{PINS}":[{",".join([text for _, text in pins])}]}}'.encode()


class _Tags:
    """The tags of scopes: those of all rows, each once, in the order of the rows."""

    def __init__(self, array: pd.Categorical[Any], order: NDArray[np.int64]) -> None:
        self._tags: list[tuple[str, ...]] = list(array.categories)
        self._pieces: list[Pair] = [member("tags", pair(tags)) for tags in self._tags]
        self._codes = array.codes[order]

    def of(self, span: slice) -> Pair:
        """The field `tags` of the scope that stands in `span`."""
        codes: list[int] = [code for code in dict.fromkeys(self._codes[span].tolist()) if code >= 0]
        if not codes:
            return _NOTHING
        if len(codes) == 1:
            return self._pieces[codes[0]]
        return member("tags", pair(tuple(dict.fromkeys(tag for code in codes for tag in self._tags[code]))))


class _Metadata:
    """The metadata of scopes: each key of all rows, in the spelling of the first row that has it."""

    def __init__(self, typed: pd.DataFrame, order: NDArray[np.int64]) -> None:
        names = [name for name in typed.columns if name == METADATA or name.startswith(METADATA_PREFIX)]
        arrays = [typed[name].array for name in names]
        self._keys = [None if name == METADATA else name.removeprefix(METADATA_PREFIX) for name in names]
        self._values = [list(array.categories) for array in arrays]
        self._rows, count = numbered(combined([(array.codes[order], len(array.categories)) for array in arrays]))
        first = order[first_of_each(self._rows, count)]
        self._kinds = [array.codes[first].tolist() for array in arrays]

    def of(self, span: slice) -> Pair:
        """The field `target_metadata` of the scope that stands in `span`."""
        found: dict[str, Pair] = {}
        for kind in dict.fromkeys(self._rows[span].tolist()):
            for key, values, kinds in zip(self._keys, self._values, self._kinds, strict=True):
                if kinds[kind] >= 0:
                    _gather(key, values[kinds[kind]], found)
        if not found:
            return _NOTHING
        sent = ",".join([f"{encode_basestring(key)}:{value[0]}" for key, value in found.items()])
        compared = ",".join([f"{encode_basestring(key)}:{found[key][1]}" for key in sorted(found)])
        return member(METADATA, ("{" + sent + "}", "{" + compared + "}"))


def _gather(key: str | None, value: Json, found: dict[str, Pair]) -> None:
    if key is not None:
        found.setdefault(key, (value.text, value.canonical))
        return
    for name, text in members(value.text):
        found.setdefault(name, (text, canonical_metadata_text(text)))
