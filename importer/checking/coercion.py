"""Turn columns of cells into columns of typed values: each distinct cell is read once, for all of its rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, assert_never

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.cells import LONGEST_TEXT, Cell, shown
from importer.checking import cells, text
from importer.checking.date_texts import contradicting
from importer.checking.dates import read_date
from importer.checking.json_cells import read_json_object, unseen
from importer.checking.problems import Collector
from importer.checking.tags import read_tags
from importer.checking.values import CellError, CellWarning, Instant, Json, Read, Typed
from importer.columns import BY_NAME, CUT, METADATA, CellType
from importer.model import ColumnKind, Sheet
from importer.settings import CheckOptions

_MISSING, _FAULTY = -1, -2
_WRONG = (CellError, CellWarning)
_CRITERIA = frozenset(name for name, column in BY_NAME.items() if column.cell is CellType.JSON_OBJECT) - {METADATA}
_CUT_ENDS = (CUT, CUT.replace("…", "..."))


@dataclass(frozen=True)
class Coerced:
    """A typed column."""

    codes: NDArray[np.int32]
    """Per row which of `values` it has, -1 for none."""
    values: Sequence[Typed]
    """The distinct values, all of one type."""
    faulty: NDArray[np.bool_]
    """Per row whether it has no value because its cell could not be read."""

    def categorical(self) -> pd.Categorical[Any]:
        """The column for a pandas frame."""
        pool = np.empty(len(self.values), dtype=object)
        pool[:] = self.values
        categories = pd.Index(pool, dtype=object, tupleize_cols=False)
        return pd.Categorical.from_codes(self.codes, dtype=pd.CategoricalDtype(categories), validate=False)

    def same(self) -> tuple[NDArray[np.int64], int]:
        """Per row a number that is equal where values are, and the count of such numbers; -1 is none, or a "no".

        JSON compares as JSON, dates compare as instants, and a "no" is the same as an empty cell.
        """
        if not self.values or type(self.values[0]) in (str, int):
            return self.codes.astype(np.int64), len(self.values)
        numbers: dict[object, int] = {False: -1}
        same = [numbers.setdefault(_comparable(value), len(numbers) - 1) for value in self.values]
        return np.array([*same, _MISSING], dtype=np.int64)[self.codes], len(numbers) - 1

    def per_value(self, fact: Callable[[Any], int], *, missing: int) -> NDArray[np.int64]:
        """Per row a fact about its value, or `missing`."""
        facts = np.array([*map(fact, self.values), missing], dtype=np.int64)
        return facts[self.codes]


def _comparable(value: Typed) -> object:
    match value:
        case Json():
            return value.canonical
        case Instant():
            return value.at
        case _:
            return value


def coerce(
    sheet: Sheet, options: CheckOptions, problems: Collector, *, silent: NDArray[np.int64]
) -> dict[str, Coerced]:
    """Type every known column and metadata key of the sheet.

    Adds cells that nobody can read to `problems`, except those of the rows at `silent`.
    """
    coerced = {}
    for column in sheet.columns:
        if column.kind in (ColumnKind.KNOWN, ColumnKind.METADATA):
            coerced[column.key] = _column(column.key, sheet, options, problems, silent)
    return coerced


def _column(key: str, sheet: Sheet, options: CheckOptions, problems: Collector, silent: NDArray[np.int64]) -> Coerced:
    known = BY_NAME.get(key)
    kind = known.cell if known else CellType.JSON_VALUE
    cells_of_column = sheet.frame[key].array
    distinct = cells_of_column.categories
    reads = _reads(distinct, kind, options, in_workbook=sheet.facts.delimiter is None)
    if key == METADATA:
        # An empty object says that there are none: people write it where an empty cell would leave that open.
        reads = [None if read == CellError("json-empty") else read for read in reads]
    if not text.DITTOS.isdisjoint(distinct):
        ditto = CellError("cell-ditto")
        reads = [ditto if cell in text.DITTOS else read for cell, read in zip(distinct, reads, strict=True)]
    if key in _CRITERIA:
        reads = [*map(unseen, reads)]
    others: dict[int, int] = {}
    if kind in (CellType.FROM, CellType.TO) and options.date_order not in ("dmy", "mdy"):
        others = contradicting(distinct)
    for cell, other in others.items():
        reads[cell] = CellError("date-order-mixed", shown(distinct[other]))
    lookup, values, wrong = _sorted_out(reads)
    if wrong:
        reported = cells_of_column.codes.copy()
        reported[silent] = -1
        for code, details in wrong.items():
            _report(code, key, details, reported, problems, others if code == "date-order-mixed" else {})
    codes = lookup[cells_of_column.codes]
    faulty = codes == _FAULTY
    codes[faulty] = _MISSING
    return Coerced(codes, values, faulty)


def _reads(cells_: Sequence[Cell], kind: CellType, options: CheckOptions, *, in_workbook: bool) -> list[Read]:
    """What each cell says.

    A text whose end is lost says nothing: our results mark where they cut one, other programs cut at the longest text
    that a workbook's cell can hold.
    """
    read, is_plain = reader_of(kind, options), text.is_plain
    as_it_stands = kind in (CellType.TEXT, CellType.IDENTITY)
    long = LONGEST_TEXT // 2 if in_workbook else sys.maxsize
    reads: list[Read] = []
    for cell in cells_:
        if type(cell) is not str:
            reads.append(read(cell))
        elif cell.endswith(_CUT_ENDS) or (len(cell) > long and _fills(cell)):
            reads.append(CellError("text-cut"))
        else:
            # Most names and identities need no work, and there may be a million of them.
            reads.append(cell if as_it_stands and is_plain(cell) else read(cell))
    return reads


def _fills(text: str) -> bool:
    """Whether a text is as long as a cell can hold, in characters or as Excel counts them."""
    return LONGEST_TEXT in (len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def reader_of(kind: CellType, options: CheckOptions) -> Callable[[Cell], Read]:
    """The function that reads the cells of a kind of column."""
    match kind:
        case CellType.TEXT:
            read: Callable[[Cell], Read] = cells.read_text
        case CellType.IDENTITY:
            read = cells.read_identity
        case CellType.CHOICE:
            read = cells.read_choice
        case CellType.JSON_OBJECT:
            read = read_json_object
        case CellType.JSON_VALUE:
            read = cells.read_metadata_value
        case CellType.TAGS:
            read = read_tags
        case CellType.POSITION:
            read = cells.read_position
        case CellType.YES_NO:
            read = cells.read_yes_no
        case CellType.FROM | CellType.TO:
            end = kind is CellType.TO
            read = partial(read_date, end=end, zone=options.timezone, order=options.date_order)
        case _:
            assert_never(kind)
    return cells.trimming(read, free=kind in (CellType.TAGS, CellType.JSON_VALUE))


def _sorted_out(reads: Sequence[Read]) -> tuple[NDArray[np.int32], list[Typed], dict[str, dict[int, str]]]:
    """Per distinct cell the place of its value among the distinct values, those, and what is wrong: code → cell →
    detail."""
    numbers: dict[Typed, int] = {}
    wrong: dict[str, dict[int, str]] = {}
    lookup = []
    for cell, read in enumerate(reads):
        value = read
        if isinstance(value, _WRONG):
            wrong.setdefault(value.code, {})[cell] = value.detail
            value = value.value if isinstance(value, CellWarning) else value
        if value is None or isinstance(value, CellError):
            lookup.append(_MISSING if value is None else _FAULTY)
        else:
            lookup.append(numbers.setdefault(value, len(numbers)))
    return np.array([*lookup, _MISSING], dtype=np.int32), list(numbers), wrong


def _report(
    code: str,
    key: str,
    details: Mapping[int, str],
    codes: NDArray[np.integer],
    problems: Collector,
    others: Mapping[int, int],
) -> None:
    """Add one problem for each row whose cell has a detail; `others` names another cell that it is about."""
    place = np.full(int(max(details)) + 2, -1, dtype=np.int64)
    place[list(details)] = np.arange(len(details))
    per_row = place[np.where(codes < len(place) - 1, codes, -1)]
    positions = np.flatnonzero(per_row >= 0)
    which = per_row[positions]
    first = {other: int(np.argmax(codes == other)) for other in set(others.values())}
    rows = np.array([first[others[cell]] for cell in details], dtype=np.int64)[which] if others else None
    problems.add(code, key, positions, details=list(details.values()), which=which, others=rows)
