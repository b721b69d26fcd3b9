"""Pins to scopes: rows with one target are one customization, whose body is made when it is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast, overload

import numpy as np
from numpy.typing import NDArray

from importer.bodies import Bodies
from importer.catalogue.run import NOTICES
from importer.cells import shown
from importer.checking import Checked
from importer.checking.values import Json
from importer.columns import CUSTOMIZATION_ID
from importer.model import Notice, Scope, TargetType

_NO_ID = ""
_NAMES = ("model", "target_type", "target_identity", "target_criteria")


def group(checked: Checked) -> Scopes:
    """The scopes of a sheet, in the order of their first rows; pins keep the sheet's order."""
    return Scopes(checked)


class Scopes(Sequence[Scope]):
    """A file's scopes. `scopes[i]` makes body and canonical projection anew each time; nothing of it is kept.

    Per row of the frame: `of_row`, its scope's number, -1 where no scope can be told. Per scope: `ready`, whether
    nothing holds it back; `blocker`, the sheet row that does, or 0; `has_earlier_ids`, whether a row carries a
    Customization ID. `notices` say where the tags of a scope's rows differ.
    """

    def __init__(self, checked: Checked) -> None:
        self._checked = checked
        self._row: NDArray[np.int64] = checked.sheet.frame.index.to_numpy()
        self.of_row = checked.scope_of_row
        self._count = int(self.of_row.max(initial=-1)) + 1
        self._order: NDArray[np.int64] = np.argsort(self.of_row, kind="stable")[int((self.of_row < 0).sum()) :]
        self._pins = np.bincount(self.of_row[self._order], minlength=self._count)
        self._ends = np.cumsum(self._pins)
        self._first: NDArray[np.int64] = self._order[self._ends - self._pins]
        self.blocker = self._blockers()
        self.ready = self.blocker == 0
        self.has_earlier_ids = self._scopes_with_ids()
        self.notices = _tags_notices(checked, self._order)
        self._names = {name: self._of_first_rows(name) for name in _NAMES if name in checked.typed.columns}
        self._bodies: Bodies | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> Scope: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Scope]: ...
    def __getitem__(self, number: int | slice) -> Scope | Sequence[Scope]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(self._count))]
        number = range(self._count)[number]
        if not self.ready[number]:
            raise ValueError(f"scope {number} is held back by row {self.blocker[number]}: it has no body")
        self._bodies = self._bodies or Bodies(self._checked.typed, self._order, self._first)
        body, canonical = self._bodies.made(number, self._span(number))
        model, kind, target = self._named(number, canonical=True)
        return Scope(number, model, kind, target, tuple(self.rows(number).tolist()), body, canonical)

    def __iter__(self) -> Iterator[Scope]:
        return (self[number] for number in range(self._count))

    def _span(self, number: int) -> slice:
        end = int(self._ends[number])
        return slice(end - int(self._pins[number]), end)

    def rows(self, number: int) -> NDArray[np.int64]:
        """The sheet rows of a scope, in order."""
        return self._row[self._order[self._span(number)]]

    def first_positions(self) -> NDArray[np.int64]:
        """Per scope: the position of its first row in the frame."""
        return self._first

    def pins(self) -> NDArray[np.int64]:
        """Per scope: the number of its pins."""
        return self._pins

    def label(self, number: int) -> tuple[str, TargetType, str]:
        """Model, target type and target as people wrote it ("" for all); no body is made."""
        return self._named(number, canonical=False)

    def _named(self, number: int, *, canonical: bool) -> tuple[str, TargetType, str]:
        model, kind = (self._value(number, name) for name in ("model", "target_type"))
        target = "" if kind == "all" else self._value(number, f"target_{'identity' if kind == 'item' else 'criteria'}")
        if isinstance(target, Json):
            target = target.canonical if canonical else target.text
        return str(model), cast("TargetType", kind), str(target)

    def _value(self, number: int, name: str) -> object:
        values, codes = self._names[name]
        return values[codes[number]]

    def _of_first_rows(self, name: str) -> tuple[list[object], NDArray[np.integer]]:
        """The distinct values of a column, and which of them the first row of each scope has."""
        array = self._checked.typed[name].array
        return list(array.categories), array.codes[self._first]

    def earlier_ids(self, number: int) -> tuple[str, ...]:
        """The Customization IDs on its rows, as a results workbook has them; "" where a row has none."""
        if CUSTOMIZATION_ID not in self._checked.sheet.frame.columns:
            return (_NO_ID,) * int(self._pins[number])
        cells = self._checked.sheet.frame[CUSTOMIZATION_ID].array[self._order[self._span(number)]]
        return tuple(_NO_ID if code < 0 else shown(cells.categories[code]).strip() for code in cells.codes)

    def _scopes_with_ids(self) -> NDArray[np.bool_]:
        found = np.zeros(self._count, dtype=np.bool_)
        if CUSTOMIZATION_ID in self._checked.sheet.frame.columns:
            cells = self._checked.sheet.frame[CUSTOMIZATION_ID].array
            filled = np.array([bool(shown(cell).strip()) for cell in cells.categories] + [False])[cells.codes]
            found[self.of_row[filled & (self.of_row >= 0)]] = True
        return found

    def _blockers(self) -> NDArray[np.int64]:
        """Per scope the row that holds it back: its own first invalid row, or a neighbour that may belong to it."""
        blocker = np.zeros(self._count, dtype=np.int64)
        for scopes, rows in (*_neighbours(self.of_row, self._checked.no_pins), self._own_invalid()):
            blocker[scopes[::-1]] = self._row[rows[::-1]]
        return blocker

    def _own_invalid(self) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
        rows = np.flatnonzero(self._checked.invalid & (self.of_row >= 0))
        return self.of_row[rows], rows


def _neighbours(
    of_row: NDArray[np.int32], no_pins: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.integer], NDArray[np.integer]]]:
    """The scopes of the nearest readable rows above and below each row whose scope cannot be told, and that row.

    Such a row may belong to either, unless it is a heading or a total, which are `no_pins`.
    """
    rows = np.setdiff1d(np.flatnonzero(of_row < 0), no_pins, assume_unique=True)
    readable = np.flatnonzero(of_row >= 0)
    below = np.searchsorted(readable, rows)
    for nearest in (below - 1, below):
        there = (nearest >= 0) & (nearest < len(readable))
        yield of_row[readable[nearest[there]]], rows[there]


def _tags_notices(checked: Checked, order: NDArray[np.int64]) -> tuple[Notice, ...]:
    """Where rows of one scope carry different tags: they are united, and that is said."""
    if "tags" not in checked.typed.columns:
        return ()
    array = checked.typed["tags"].array
    numbers: dict[frozenset[str], int] = {}
    same = np.array([numbers.setdefault(frozenset(tags), len(numbers)) for tags in array.categories] + [-1])
    rows = order[array.codes[order] >= 0]
    tags, scopes = same[array.codes[rows]], checked.scope_of_row[rows]
    before = np.flatnonzero((scopes[1:] == scopes[:-1]) & (tags[1:] != tags[:-1]))
    if not len(before):
        return ()
    row = checked.sheet.frame.index[rows]
    text = NOTICES["tags-united"].format(
        count=len(np.unique(scopes[before])), one=row[before[0]], other=row[before[0] + 1]
    )
    return (Notice("tags-united", text),)
