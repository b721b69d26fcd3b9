"""Which pin of the sheet is which live pin (pure).

A pin has no name of its own. Those that agree in most are taken for the same, step by step; where two would do and it
makes a difference to what is kept of them, nobody guesses.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from importer.canonical import PIN_FIELDS, canonical_json, is_empty
from importer.columns import PERIOD

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

PRODUCT = ("pin_type", "pin_identity", "pin_criteria")
"""What a pin pins: the sheet always says it, in one of these columns."""

_OF_THE_SERVICE = frozenset({"id", "created_at", "creator", "available"})
"""What a service may say of a pin that makes it no other pin."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Where a pin of the sheet stands among the live ones."""

    live: tuple[int, ...] = ()
    """The live pin's place in its list; none for a pin that is new. Several only where the sheet's columns tell no
    difference between them and this one, so that all of them stay as they are."""
    same_product: bool = True
    """Whether it pins what the live one pins. Another product on the same place keeps the period, not what else the
    live pin says of its product."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Live pins that the sheet's columns cannot tell apart, though they are not the same."""

    fields: tuple[str, ...]
    """What they differ in."""


def value_of(pin: Mapping[str, Any], name: str) -> str:
    """A field of a pin as it is compared, "" where it is as good as missing."""
    value = pin.get(name)
    return "" if is_empty(value) else PIN_FIELDS[name](value)


def paired(
    live: Sequence[Mapping[str, Any]], sheet: Sequence[Mapping[str, Any]], columns: Collection[str]
) -> tuple[Pair, ...] | Alike:
    """For each pin of the sheet the live pin that it is, if any; each live one once at most.

    `columns` are the sheet's: a field without a column does not distinguish pins, and stays as it is live.
    """
    columns = {*columns, *PRODUCT}
    present = [name for name in PIN_FIELDS if name in columns]
    found = _same(present, live, sheet)
    left = _left(live, found)
    for names in _steps(present):
        groups = _groups(names, live, left, sheet, [at for at in range(len(sheet)) if at not in found])
        for olds, news in groups:
            alike = _alike([live[at] for at in olds], columns, spare=len(news) > len(olds))
            if alike and (len(olds) > 1 or len(news) > 1):
                return Alike(alike)
            found |= {new: Pair((old,)) for old, new in zip(olds, news, strict=False)}
        left = _left(live, found)
    for old, new in _of_one_place(live, left, sheet, [at for at in range(len(sheet)) if at not in found], columns):
        found[new] = Pair((old,), same_product=False)
    return tuple(found.get(at, Pair()) for at in range(len(sheet)))


def _same(
    present: Sequence[str], live: Sequence[Mapping[str, Any]], sheet: Sequence[Mapping[str, Any]]
) -> dict[int, Pair]:
    """The pins of the sheet that agree with live ones in all of its columns: nothing of these changes."""
    found: dict[int, Pair] = {}
    for olds, news in _groups(present, live, range(len(live)), sheet, range(len(sheet))):
        found |= {new: Pair((old,)) for old, new in zip(olds, news, strict=False)}
        if len(olds) > len(news):
            found[news[-1]] = Pair(tuple(olds[len(news) - 1 :]))
    return found


def _left(live: Sequence[Mapping[str, Any]], found: Mapping[int, Pair]) -> list[int]:
    taken = {at for pair in found.values() for at in pair.live}
    return [at for at in range(len(live)) if at not in taken]


def _steps(present: Sequence[str]) -> list[Sequence[str]]:
    """Fields that two pins must agree in to be the same: fewer and fewer, always what they pin."""
    steps = [[name for name in present if name not in but] for but in (PERIOD[1:], PERIOD[:1], PERIOD)]
    steps += [[*PRODUCT, *more] for more in (("position", "widget_id"), ("position",), ("widget_id",), ())]
    return [[name for name in step if name in present] for step in steps]


def _groups(
    names: Sequence[str],
    live: Sequence[Mapping[str, Any]],
    olds: Sequence[int],
    sheet: Sequence[Mapping[str, Any]],
    news: Sequence[int],
) -> list[tuple[list[int], list[int]]]:
    """Live pins and pins of the sheet that agree in these fields, where there are both."""
    found: dict[tuple[str, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, pins, places in ((0, live, olds), (1, sheet, news)):
        for at in places:
            found[tuple(value_of(pins[at], name) for name in names)][side].append(at)
    return [group for group in found.values() if group[0] and group[1]]


def _alike(pins: Sequence[Mapping[str, Any]], columns: Collection[str], *, spare: bool) -> tuple[str, ...]:
    """The fields, kept of the live pins, in which these differ; where one pin more is `spare`, also from none."""
    names = {name for pin in pins for name in pin if name not in columns and name not in _OF_THE_SERVICE}
    shown: list[Mapping[str, Any]] = [*pins, *([{}] if spare else [])]
    return tuple(sorted(name for name in names if len({_kept(pin, name) for pin in shown}) > 1))


def _kept(pin: Mapping[str, Any], name: str) -> str:
    if name in PIN_FIELDS:
        return value_of(pin, name)
    return "" if pin.get(name) is None else canonical_json(pin[name])


def _of_one_place(
    live: Sequence[Mapping[str, Any]],
    olds: Sequence[int],
    sheet: Sequence[Mapping[str, Any]],
    news: Sequence[int],
    columns: Collection[str],
) -> list[tuple[int, int]]:
    """Pins of different products on one fixed place, where there is one of each: a product took another's place."""
    names = [name for name in ("position", "widget_id", "is_block_pin") if name in columns]
    groups = _groups(names, live, olds, sheet, news)
    return [(old[0], new[0]) for old, new in groups if len(old) == len(new) == 1 and _is_fixed(sheet[new[0]])]


def _is_fixed(pin: Mapping[str, Any]) -> bool:
    position = pin.get("position")
    return isinstance(position, int) and position > 0
