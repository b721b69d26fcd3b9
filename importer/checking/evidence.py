"""What the cells of a column say of one another: a cell that the rest speaks against gets a warning.

Every rule looks at distinct values, and only speaks where the others give the evidence. No rule looks at a column whose
texts, joined to one, lack the characters that the rule is about.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from importer.checking.coercion import Coerced
from importer.checking.odd_names import odd_names
from importer.checking.problems import Collector
from importer.columns import IDENTITIES

_NAMES = ("model", *IDENTITIES)
_SEPARATORS = (",", ";", "|", " ", "-/", "–/", "—/")  # noqa: RUF001 - people write all of these
_BETWEEN_IDS = re.compile(r"\s+(?:or|and|alebo|a|nebo|lub|i|vagy|és|oder|und|ou|et)\s+|\s*[-–—]\s*(?=/)|[\s,;|]+")  # noqa: RUF001
_BETWEEN_SLASHES = re.compile(r"[^/]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^/]+(?:/.*)?", re.I | re.S)
_NUL, _LEAST_WITH_ZEROS = "\0", 2
_MOST_EVIDENCE = 20_000
"""How many other values a rule compares with an ID before it counts as like none of them."""


def check_columns(coerced: Mapping[str, Coerced], problems: Collector, *, but: NDArray[np.int64]) -> None:
    """Add to `problems` which names and identities the rest of their column speaks against."""
    pools: dict[str, _Pool] = {}
    for name in (*_NAMES, "widget_id"):
        if name in coerced:
            pools[name] = pool = _Pool.of(coerced[name], but)
            # Lower-case ASCII is spelled in one way only.
            if name != "widget_id" and not (pool.joined.isascii() and pool.joined == pool.joined.lower()):
                _check_spelling(name, pool, problems)
    for name, pool in pools.items():
        for code, numbers in odd_names(name, pool.values, pool.joined):
            _warn(code, {name: numbers}, pools, problems)
    ids = {name: pools[name] for name in IDENTITIES if name in pools}
    if _hold(ids, *_SEPARATORS):
        _warn("several-ids", _several_ids(ids), ids, problems)
    if _hold(ids, _NUL + "0"):
        _warn("zeros-lost", _zeros_lost(ids), ids, problems)
    if _hold(ids, "://", "www.", "WWW."):
        for code, wrong in _addresses(ids):
            _warn(code, wrong, ids, problems)


@dataclass(frozen=True)
class _Pool:
    """The distinct texts of a column, the rows of each, and the code of each row's text."""

    values: Sequence[str]
    rows: NDArray[np.int64]
    """Per text: how many rows have it."""
    codes: NDArray[np.int32]
    joined: str
    """All texts in one, each after a NUL: one look shows what none of a million holds."""

    @classmethod
    def of(cls, column: Coerced, but: NDArray[np.int64]) -> _Pool:
        """The texts of a typed column."""
        values = cast("Sequence[str]", column.values)
        codes = column.codes
        if len(but):
            codes = codes.copy()
            codes[but] = -1
        rows = np.bincount(codes[codes >= 0], minlength=len(values))
        return cls(values, rows, codes, _NUL.join(["", *values]))


def _hold(pools: Mapping[str, _Pool], *parts: str) -> bool:
    """Whether one of these parts stands in any of the texts."""
    for pool in pools.values():
        for part in parts:
            if part in pool.joined:
                return True
    return False


Wrong = Mapping[str, Mapping[int, str]]
"""By column and number of the distinct value: the detail of its warning."""


def _warn(code: str, wrong: Wrong, pools: Mapping[str, _Pool], problems: Collector) -> None:
    for name, details in wrong.items():
        if details:
            positions, which = _rows_of(list(details), pools[name].codes, len(pools[name].values))
            problems.add(code, name, positions, details=list(details.values()), which=which)


def _rows_of(
    numbers: Sequence[int], codes: NDArray[np.int32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows with one of these distinct values, and which of them each has."""
    place = np.full(count + 1, -1, dtype=np.int64)
    place[list(numbers)] = np.arange(len(numbers))
    which = place[codes]
    rows = np.flatnonzero(which >= 0)
    return rows, which[rows]


def _check_spelling(name: str, pool: _Pool, problems: Collector) -> None:
    """Say on the rarer of values that differ only in capitals, or in how an accent is stored."""
    folded = [_folded(value) for value in pool.values]
    if len(set(folded)) == len(folded):
        return
    alike: dict[str, list[int]] = defaultdict(list)
    for number, fold in enumerate(folded):
        alike[fold].append(number)
    usual: dict[int, int] = {}
    for numbers in alike.values():
        commonest = max(numbers, key=pool.rows.__getitem__)
        usual |= {number: commonest for number in numbers if number != commonest}
    positions, which = _rows_of(list(usual), pool.codes, len(folded))
    first = np.full(len(folded) + 1, -1, dtype=np.int64)
    first[pool.codes[::-1]] = np.arange(len(pool.codes) - 1, -1, -1)
    details = [pool.values[one] for one in usual.values()]
    others = first[list(usual.values())][which]
    problems.add("spelled-apart", name, positions, others=others, details=details, which=which)


def _folded(value: str) -> str:
    return value.casefold() if value.isascii() else unicodedata.normalize("NFC", value).casefold()


def _several_ids(pools: Mapping[str, _Pool]) -> Wrong:
    """Find values whose parts all look like other single IDs: `000904, 000905`."""
    parts = {name: _split(pool) if _hold({name: pool}, *_SEPARATORS) else {} for name, pool in pools.items()}
    count = sum(map(len, parts.values()))
    if not count or count > sum(len(pool.values) for pool in pools.values()) / 2:
        return {}
    known, shapes = _single_ids(pools, parts)
    return {
        name: {
            number: ""
            for number, split in found.items()
            if all(part in known or (_is_like_an_id(part) and _shape(part) in shapes) for part in split)
        }
        for name, found in parts.items()
    }


def _split(pool: _Pool) -> dict[int, list[str]]:
    """The parts of each value that has several."""
    split = (_BETWEEN_IDS.split(value) for value in pool.values)
    return {number: found for number, parts in enumerate(split) if len(found := [*filter(None, parts)]) > 1}


def _single_ids(pools: Mapping[str, _Pool], parts: Mapping[str, Mapping[int, object]]) -> tuple[set[str], set[str]]:
    """The values that are certainly one ID each, and their shapes."""
    known = {
        value for name, pool in pools.items() for number, value in enumerate(pool.values) if number not in parts[name]
    }
    return known, {_shape(value) for value, _ in zip(known, range(_MOST_EVIDENCE), strict=False)}


def _is_like_an_id(part: str) -> bool:
    return "/" in part or any(map(str.isdigit, part))


def _shape(value: str) -> str:
    """What an ID is made of between its slashes: `/p/A12` is `/a/x`, `17` is `0`."""
    return _BETWEEN_SLASHES.sub(lambda part: _kind(part[0]), value)


def _kind(part: str) -> str:
    if part.isdecimal():
        return "0"
    return "x" if any(map(str.isdigit, part)) else "a"


def _zeros_lost(pools: Mapping[str, _Pool]) -> Wrong:
    """Find numbers that are shorter than the IDs with zeros in front beside them, where all these have one length.

    A column's own IDs with zeros are the evidence if they have one length, else those of both columns.
    """
    own = {
        name: {value for value in pool.values if value[:1] == "0" and value.isdecimal()} for name, pool in pools.items()
    }
    both = set().union(*own.values())
    return {name: _shorter(pool, own[name] if _alike(own[name]) else both) for name, pool in pools.items()}


def _alike(with_zeros: set[str]) -> bool:
    return len(with_zeros) >= _LEAST_WITH_ZEROS and len(set(map(len, with_zeros))) == 1


def _shorter(pool: _Pool, with_zeros: set[str]) -> Mapping[int, str]:
    """The shorter numbers as they may have been: all if they are few, else those whose long form is there."""
    if not _alike(with_zeros):
        return {}
    width = len(next(iter(with_zeros)))
    found = {
        number: value.zfill(width)
        for number, value in enumerate(pool.values)
        if len(value) < width and value.isdecimal()
    }
    if len(set(found.values())) < len(with_zeros):
        return found
    return {number: value for number, value in found.items() if value in with_zeros}


def _addresses(pools: Mapping[str, _Pool]) -> Iterable[tuple[str, Wrong]]:
    """Find full addresses among paths, or paths among full addresses: those that are fewer."""
    addresses = {name: _matching(pool, lambda value: bool(_ADDRESS.fullmatch(value))) for name, pool in pools.items()}
    paths = {name: _matching(pool, lambda value: value[:1] == "/") for name, pool in pools.items()}
    a, b = (sum(int(pools[name].rows[found].sum()) for name, found in kind.items()) for kind in (addresses, paths))
    if not a or not b:
        return
    code, wrong, usual = (
        ("address-among-paths", addresses, paths) if a <= b else ("path-among-addresses", paths, addresses)
    )
    example = next(pools[name].values[numbers[0]] for name, numbers in usual.items() if numbers)
    yield code, {name: dict.fromkeys(numbers, example) for name, numbers in wrong.items()}


def _matching(pool: _Pool, fits: Callable[[str], bool]) -> list[int]:
    return [number for number, value in enumerate(pool.values) if fits(value)]
