"""Turn pins into scopes: rows with one target are one customization. Its body exists only while something uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast, overload

import numpy as np
from numpy.typing import NDArray

from importer.bodies import Bodies
from importer.catalogue.run import NOTICES
from importer.catalogue.screen import counted, verbs
from importer.cells import shown
from importer.checking import Checked
from importer.checking.commands import deletes
from importer.checking.values import Json
from importer.columns import COMMAND, CUSTOMIZATION_ID, IMPORT_KEY, IMPORT_RESULT, LIVE_VERSION, METADATA
from importer.import_key import MARK, ImportKey, content_part, read_key, target_part
from importer.model import MAY_BE_LIVE, Notice, Said, Scope, Sheet, TargetType

_NAMES = ("model", "target_type", "target_identity", "target_criteria")
_NO_VERSION = frozenset({""})


class Scopes(Sequence[Scope]):
    """A file's scopes, in the order of their first rows; pins keep the sheet's order.

    `scopes[i]` makes body and canonical projection each time; only its key's part is kept.
    """

    def __init__(self, checked: Checked) -> None:
        self._checked = checked
        self._row: NDArray[np.int64] = checked.sheet.frame.index.to_numpy()
        columns = set(checked.sheet.frame.columns)
        self.has_versions = LIVE_VERSION in columns
        """Whether the sheet has a column `Live Version`."""
        self.of_row = checked.scope_of_row
        """Per row of the frame the number of its scope; -1 where the row does not show one."""
        self._count = int(self.of_row.max(initial=-1)) + 1
        self._order: NDArray[np.int64] = np.argsort(self.of_row, kind="stable")[int((self.of_row < 0).sum()) :]
        self.pins: NDArray[np.int64] = np.bincount(self.of_row[self._order], minlength=self._count)
        """Per scope the number of its pins."""
        self._ends = np.cumsum(self.pins)
        self.first_positions: NDArray[np.int64] = self._order[self._ends - self.pins]
        """Per scope the position of its first row in the frame."""
        self.blocker = np.zeros(self._count, dtype=np.int64)
        """Per scope the sheet row that holds it back, or 0."""
        if checked.invalid.any() or len(self._order) < len(self.of_row) or len(checked.gaps):
            self._note_blockers()
        self.ready = self.blocker == 0
        """Per scope whether nothing holds it back."""
        self.has_earlier_ids = np.zeros(self._count, dtype=np.bool_)
        """Per scope whether a row carries a Customization ID or says that it was created."""
        if not columns.isdisjoint((CUSTOMIZATION_ID, IMPORT_KEY, IMPORT_RESULT)):
            self._note_earlier_ids()
        self.deletes = np.zeros(self._count, dtype=np.bool_)
        """Per scope whether a row says to delete it."""
        if COMMAND in columns:
            self.deletes[self.of_row[deletes(checked.sheet) & (self.of_row >= 0)]] = True
        self._names: dict[str, tuple[list[object], list[int]]] = {}
        """Of a column the distinct values, and which of them the first row of each scope has."""
        for name in _NAMES:
            if name in checked.typed.columns:
                array = checked.typed[name].array
                self._names[name] = list(array.categories), array.codes[self.first_positions].tolist()
        self._contents = np.zeros(self._count, dtype=np.int64)
        tags = _tags_notices(checked, self._order) if "tags" in checked.typed.columns else ()
        self.notices = (*tags, *(self._fewer_rows() if IMPORT_KEY in columns else ()))
        """Where the tags of a scope's rows differ, and where a scope has fewer rows than an earlier run left it."""

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
        span = self._span(number)
        body, canonical = self._bodies.made(number, span)
        self._contents[number] = content_part(canonical)
        model, kind, target = self.target(number)
        return Scope(number, model, kind, target, tuple(self._row[self._order[span]].tolist()), body, canonical)

    @cached_property
    def _bodies(self) -> Bodies:
        return Bodies(self._checked.typed, self._order, self.first_positions)

    @cached_property
    def _earlier(self) -> _Earlier:
        return _Earlier(self._checked.sheet, self._order)

    def __iter__(self) -> Iterator[Scope]:
        return (self[number] for number in range(self._count))

    def _span(self, number: int) -> slice:
        end = int(self._ends[number])
        return slice(end - int(self.pins[number]), end)

    def rows(self, number: int) -> NDArray[np.int64]:
        """The sheet rows of a scope, in order."""
        return self._row[self._order[self._span(number)]]

    def pin_rows(self, number: int) -> NDArray[np.int64]:
        """The sheet rows of a scope that have a pin: an export's row for a customization without pins has none."""
        rows = self._order[self._span(number)]
        found: NDArray[np.int64] = self._row[rows[self._checked.typed["position"].array.codes[rows] >= 0]]
        return found

    def label(self, number: int) -> tuple[str, TargetType, str]:
        """Model, target type and target as people wrote it ("" for all); no body is made."""
        return self.target(number, canonical=False)

    def target(self, number: int, *, canonical: bool = True) -> tuple[str, TargetType, str]:
        """Model, target type and target as a `Scope` has them: the identity, canonical criteria, or ""."""
        (models, model_of), (kinds, kind_of) = self._names["model"], self._names["target_type"]
        model, kind = models[model_of[number]], kinds[kind_of[number]]
        target: object = ""
        if kind != "all":
            targets, target_of = self._names["target_identity" if kind == "item" else "target_criteria"]
            target = targets[target_of[number]]
        if isinstance(target, Json):
            target = target.canonical if canonical else target.text
        return str(model), cast("TargetType", kind), str(target)

    def key(self, number: int) -> ImportKey:
        """What the results say of a scope in `Import Key`. This makes its content once, and its body never."""
        if self.ready[number] and not self._contents[number]:
            self._contents[number] = content_part(self._bodies.projection(number, self._span(number)))
        target = target_part(*self.target(number))
        return ImportKey(target, int(self._contents[number]) or None, int(self.pins[number]))

    def earlier(self, number: int) -> Mapping[tuple[str, str], int]:
        """How many of its rows carry which Customization ID and Import Key of an earlier run; "" where one is empty."""
        return self._earlier.pairs(self._span(number))

    def says_no_metadata(self, number: int) -> bool:
        """Whether a row of it says with `{}` that its target has no metadata."""
        return self._earlier.says_no_metadata(self._span(number))

    def live_versions(self, number: int) -> frozenset[str]:
        """Which `Live Version` its rows have, "" among them for an empty cell."""
        return self._earlier.versions(self._span(number)) if self.has_versions else _NO_VERSION

    def said(self, number: int) -> frozenset[str]:
        """The words under Import Result of its rows, as an earlier run left them."""
        return self._earlier.results(self._span(number))

    def _fewer_rows(self) -> Iterator[Notice]:
        """Name scopes with fewer rows than their Import Keys say that they had."""
        rows, before = self._earlier.pins_before()
        scopes = self.of_row[self._order[rows]]
        fewer = before > self.pins[scopes]
        found: dict[int, int] = {}
        for at, number in zip(rows[fewer].tolist(), scopes[fewer].tolist(), strict=True):
            key = self._earlier.key(at)
            if key and key.target == target_part(*self.target(number)):
                found[number] = max(key.pins, found.get(number, 0))
        if found:
            number, most = next(iter(found.items()))
            facts = {"scopes": counted(len(found), "scope"), "before": counted(most, "row"), "now": self.pins[number]}
            at = {"row": int(self.rows(number)[0])}
            text = Said(NOTICES["rows-fewer"], self._checked.sheet.row_label, at, **facts, **verbs(len(found)))
            yield Notice("rows-fewer", text, "warning")

    def _note_earlier_ids(self) -> None:
        if CUSTOMIZATION_ID in self._checked.sheet.frame.columns:
            cells = self._checked.sheet.frame[CUSTOMIZATION_ID].array
            filled = np.array([bool(shown(cell).strip()) for cell in cells.categories] + [False])[cells.codes]
            self.has_earlier_ids[self.of_row[filled & (self.of_row >= 0)]] = True
        self.has_earlier_ids[self.of_row[self._order[self._earlier.may_be_live()]]] = True

    def _note_blockers(self) -> None:
        """A scope's own first invalid row holds it back, or a neighbour that may belong to it."""
        own = np.flatnonzero(self._checked.invalid & (self.of_row >= 0))
        for scopes, rows in (*_neighbours(self.of_row, self._checked), (self.of_row[own], own)):
            self.blocker[scopes[::-1]] = self._row[rows[::-1]]


class _Earlier:
    """What an earlier run wrote on the rows: their Customization IDs and Import Keys, in the order of scopes."""

    def __init__(self, sheet: Sheet, order: NDArray[np.int64]) -> None:
        self._ids, self._id_codes = _texts(sheet, CUSTOMIZATION_ID, order)
        self._keys, self._key_codes = _texts(sheet, IMPORT_KEY, order)
        self._results, self._result_codes = _texts(sheet, IMPORT_RESULT, order)
        self._versions, self._version_codes = _texts(sheet, LIVE_VERSION, order)
        metadata, self._metadata_codes = _texts(sheet, METADATA, order)
        self._no_metadata = {code for code, text in enumerate(metadata) if "".join(text.split()) == "{}"}

    def pairs(self, span: slice) -> Mapping[tuple[str, str], int]:
        """How many of these rows carry which ID and key."""
        found: dict[tuple[str, str], int] = {}
        for at, key in zip(self._id_codes[span].tolist(), self._key_codes[span].tolist(), strict=True):
            pair = self._ids[at], self._keys[key]
            found[pair] = found.get(pair, 0) + 1
        return found

    def results(self, span: slice) -> frozenset[str]:
        """What these rows say became of them."""
        return frozenset(self._results[at] for at in set(self._result_codes[span].tolist()))

    def versions(self, span: slice) -> frozenset[str]:
        """Which `Live Version` these rows carry."""
        return frozenset(self._versions[at] for at in set(self._version_codes[span].tolist()))

    def says_no_metadata(self, span: slice) -> bool:
        """Whether one of these rows says that there are none."""
        return bool(self._no_metadata) and not self._no_metadata.isdisjoint(self._metadata_codes[span].tolist())

    def may_be_live(self) -> NDArray[np.int64]:
        """Where rows stand that say that they are created, or may be."""
        said = np.array([text in MAY_BE_LIVE for text in self._results])[self._result_codes]
        marked = np.array([text.endswith(MARK) for text in self._keys])[self._key_codes]
        return np.flatnonzero(said | marked)

    def key(self, at: int) -> ImportKey | None:
        """The key of the row that stands there."""
        return read_key(self._keys[self._key_codes[at]])

    def pins_before(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the rows stand that have a key, and how many pins their scopes had."""
        pins = np.array([key.pins if (key := read_key(text)) else 0 for text in self._keys])[self._key_codes]
        rows = np.flatnonzero(pins)
        return rows, pins[rows]


def _texts(sheet: Sheet, column: str, order: NDArray[np.int64]) -> tuple[list[str], NDArray[np.integer]]:
    """The distinct texts of a column, "" as the last of them, and which of them each row has."""
    if column not in sheet.frame.columns:
        return [""], np.zeros(len(order), dtype=np.int8)
    cells = sheet.frame[column].array
    return [*(shown(cell).strip() for cell in cells.categories), ""], cells.codes[order]


def _neighbours(
    of_row: NDArray[np.int32], checked: Checked
) -> Iterator[tuple[NDArray[np.integer], NDArray[np.integer]]]:
    """The scopes of the nearest readable rows above and below each row that does not show its scope, and that row.

    Such a row may belong to either, unless it is a heading or a total. So may the rows that a row hides in one cell.
    """
    unknown = np.setdiff1d(np.flatnonzero(of_row < 0), checked.no_pins, assume_unique=True)
    rows = np.union1d(unknown, checked.gaps)
    readable = np.flatnonzero(of_row >= 0)
    above, below = np.searchsorted(readable, rows, "left") - 1, np.searchsorted(readable, rows, "right")
    for nearest in (above, below):
        there = (nearest >= 0) & (nearest < len(readable))
        yield of_row[readable[nearest[there]]], rows[there]


def _tags_notices(checked: Checked, order: NDArray[np.int64]) -> tuple[Notice, ...]:
    """Say that scopes whose rows carry different tags get all of them."""
    array = checked.typed["tags"].array
    numbers: dict[frozenset[str], int] = {}
    same = np.array([numbers.setdefault(frozenset(tags), len(numbers)) for tags in array.categories] + [-1])
    rows = order[array.codes[order] >= 0]
    tags, scopes = same[array.codes[rows]], checked.scope_of_row[rows]
    before = np.flatnonzero((scopes[1:] == scopes[:-1]) & (tags[1:] != tags[:-1]))
    if not len(before):
        return ()
    row = checked.sheet.frame.index[rows]
    pair = {"one": int(row[before[0]]), "other": int(row[before[0] + 1])}
    text = Said(NOTICES["tags-united"], checked.sheet.row_label, pair, count=len(np.unique(scopes[before])))
    return (Notice("tags-united", text),)
