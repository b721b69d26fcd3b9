"""Bodies of scopes, joined from pieces that are made once for each distinct value.

A body and its canonical projection have the same fields in the same order, that of the table of columns (contract,
"Request body attributes" and "Pin object attributes"), so each piece is a pair: the text as it is sent, and the text as
it is compared. Pins are sent in the order of the sheet and compared in that of their positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.canonical import FARTHEST, canonical_date, canonical_metadata_text, canonical_tags
from importer.checking.codes import combined, first_of_each, numbered
from importer.checking.json_cells import members
from importer.checking.values import Instant, Json, Typed
from importer.columns import METADATA, METADATA_PREFIX, PIN_COLUMNS, PINS, SCOPE_COLUMNS

Pair = tuple[str, str]
"""A text as it is sent, and as it is compared ("" where it does not count)."""

_UNITED = ("tags", METADATA)
"""Fields of a scope that are put together from all of its rows. The others are the same on each."""
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
    """Some fields of each row: the code of its piece, and each distinct piece as sent and as compared."""

    codes: NDArray[np.int32]
    sent: Sequence[str]
    compared: Sequence[str]


def pieces(typed: pd.DataFrame, names: Iterable[str]) -> Pieces:
    """The fields of these columns in this order, without a comma before the first of a body or pin."""
    columns = [(name, typed[name].array) for name in names if name in typed.columns]
    if not columns:
        return Pieces(np.zeros(len(typed), dtype=np.int32), [""], [""])
    codes, count = numbered(combined([(array.codes, len(array.categories)) for _, array in columns]))
    first = first_of_each(codes, count)
    made = [_members(name, array, array.codes[first].tolist()) for name, array in columns]
    sent = list(map("".join, zip(*(part for part, _ in made), strict=True)))
    if all(compared is part for part, compared in made):
        return Pieces(codes.astype(np.int32), sent, sent)
    compared = list(map("".join, zip(*(part for _, part in made), strict=True)))
    return Pieces(codes.astype(np.int32), sent, compared)


def _members(name: str, array: pd.Categorical[Any], codes: Sequence[int]) -> tuple[list[str], list[str]]:
    """A column's fields at some rows, as sent and as compared; one and the same list where that makes no difference."""
    values: list[Any] = list(array.categories)
    if values and isinstance(values[0], str):
        sent = [f',"{name}":{encode_basestring(value)}' for value in values]
        chosen = list(map([*sent, ""].__getitem__, codes))
        return chosen, chosen
    made = [*(member(name, pair(value)) for value in values), _NOTHING]
    return [made[code][0] for code in codes], [made[code][1] for code in codes]


class Bodies:
    """Makes the bodies of scopes.

    `order` has the rows of all scopes one after another, `first` each scope's first row.
    """

    def __init__(self, typed: pd.DataFrame, order: NDArray[np.int64], first: NDArray[np.int64]) -> None:
        self._target = pieces(typed.iloc[first], _TARGET)
        self._pin = [pieces(typed, names) for names in _PIN]
        self._pin_codes = np.column_stack([*(piece.codes for piece in self._pin), _ranks(typed["position"].array)])[
            order
        ]
        self._bare = typed["position"].array.codes[order] < 0
        self._some_bare = bool(self._bare.any())
        self._tags = _Tags(typed, order)
        self._metadata = _Metadata(typed, order)

    def made(self, number: int, span: slice) -> tuple[bytes, bytes]:
        """The body of a scope and its canonical projection; `span` is where its rows stand in the order."""
        codes = self._pins_of(span)
        tags, metadata = self._tags.united(span), self._metadata.merged(span)
        fields = self._target.sent[self._target.codes[number]] + tags[0] + metadata[0]
        sent = _body(fields, _pins([piece.sent for piece in self._pin], codes))
        return sent, self._compared(number, codes, tags[1] + metadata[1])

    def projection(self, number: int, span: slice) -> bytes:
        """The canonical projection alone."""
        fields = self._tags.united(span)[1] + self._metadata.merged(span)[1]
        return self._compared(number, self._pins_of(span), fields)

    def _pins_of(self, span: slice) -> list[list[int]]:
        """What the pins are made of. A row without a position has none: it stands for a customization without pins."""
        codes = self._pin_codes[span]
        found: list[list[int]] = (codes[~self._bare[span]] if self._some_bare else codes).tolist()
        return found

    def _compared(self, number: int, codes: list[list[int]], fields: str) -> bytes:
        pins = _pins([piece.compared for piece in self._pin], codes)
        ranks = [row[-1] for row in codes]
        in_order = [text for _, text in sorted(zip(ranks, pins, strict=True))]
        return _body(self._target.compared[self._target.codes[number]] + fields, in_order)


def _ranks(positions: pd.Categorical[Any]) -> NDArray[np.int32]:
    """Each row's place in the order of positions; those that are compared by their text alone come last."""
    values = [value if abs(value) <= FARTHEST else FARTHEST + 1 for value in positions.categories]
    order = {value: rank for rank, value in enumerate(sorted(set(values)))}
    ranks = np.array([*(order[value] for value in values), len(order)], dtype=np.int32)
    return ranks[np.asarray(positions.codes)]


def _pins(pieces: Sequence[Sequence[str]], codes: list[list[int]]) -> list[str]:
    place, pinned, rest = pieces
    return [f"{{{place[a][1:]}{pinned[b]}{rest[c]}}}" for a, b, c, _ in codes]


def _body(fields: str, pins: list[str]) -> bytes:
    return f'{{{fields[1:]},"{PINS}":[{",".join(pins)}]}}'.encode()


class _Tags:
    """The tags of scopes: those of all rows, each once, in the order they are found."""

    def __init__(self, typed: pd.DataFrame, order: NDArray[np.int64]) -> None:
        array = typed["tags"].array if "tags" in typed.columns else pd.Categorical([None] * len(typed))
        self._tags: list[tuple[str, ...]] = list(array.categories)
        self._pieces: list[Pair] = [member("tags", pair(tags)) for tags in self._tags]
        self._codes = array.codes[order]

    def united(self, span: slice) -> Pair:
        """The field `tags` of the scope that stands in `span`."""
        codes: list[int] = [code for code in dict.fromkeys(self._codes[span].tolist()) if code >= 0]
        if not codes:
            return _NOTHING
        if len(codes) == 1:
            return self._pieces[codes[0]]
        return member("tags", pair(tuple(dict.fromkeys(tag for code in codes for tag in self._tags[code]))))


class _Metadata:
    """The metadata of scopes: each key of all rows, spelled as where it is found first."""

    def __init__(self, typed: pd.DataFrame, order: NDArray[np.int64]) -> None:
        names = [name for name in typed.columns if name == METADATA or name.startswith(METADATA_PREFIX)]
        arrays = [typed[name].array for name in names]
        self._keys = [None if name == METADATA else name.removeprefix(METADATA_PREFIX) for name in names]
        self._values = [list(array.categories) for array in arrays]
        self._rows, count = np.zeros(len(order), dtype=np.int64), 1
        if arrays:
            self._rows, count = numbered(combined([(array.codes[order], len(array.categories)) for array in arrays]))
        first = order[first_of_each(self._rows, count)] if len(order) else order
        self._kinds = [array.codes[first].tolist() for array in arrays]

    def merged(self, span: slice) -> Pair:
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
