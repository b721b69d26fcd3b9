"""Tells what a column seems to be that no header names, by the words of its header and by its cells (pure).

The words are English, Slovak, Czech and German, those about time also Polish, Hungarian and French, without
diacritics. A pin that loses its period or a flag goes live
otherwise than the sheet shows. So people are asked about every column that may be one, and not about those that they
keep beside: a price, a link, a note, who approved it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from importer.cells import Cell, shown
from importer.columns import BY_NAME, COLUMNS, IDENTITIES, PERIOD, CellType
from importer.headers import known_name
from importer.patterns import Pattern
from importer.reading.kinds import (
    Counted,
    is_date,
    is_identity,
    is_length,
    is_month,
    is_object,
    is_rough_time,
    is_something_else,
    is_week,
    is_weekdays,
    is_whole,
    is_yes_no,
    most,
    tells_time,
)
from importer.reading.not_sent import says_no, switches
from importer.reading.time_words import (
    ABOUT_TIME,
    DAYS,
    DURATION,
    END,
    EXCEPT,
    EXPIRY,
    FOR,
    FROM,
    GOODS,
    LOG,
    MAYBE_END,
    MAYBE_START,
    NOT_OF_PIN,
    PART_OF_YEAR,
    SHOWING,
    SPAN,
    START,
    TO,
    WHEN,
)
from importer.reading.words import any_of, one_of, only, words_of

JSON_COLUMNS = ("target_criteria", "pin_criteria", "target_metadata")
ZONE = "a time zone of the dates, which --timezone names"
"""What `Timezone` seems to be: the zone is one for the whole sheet."""

ONE_MORE = "one more {name}, while every pin has a row of its own"
"""What `pin_identity_2` seems to be."""
DAYS_OFF = "days on which pins do not show"
"""What `Except on` over dates seems to be: a pin has one period without gaps."""
WEEKDAYS = "days of the week on which pins show"
"""What `Days` over `Mon–Fri` seems to be: a pin shows on all days of its period."""  # noqa: RUF001

_MATTERING = frozenset(
    column.name
    for column in COLUMNS
    if column.name in PERIOD or column.cell in (CellType.YES_NO, CellType.POSITION, CellType.JSON_OBJECT)
)

_TIME_ZONE = one_of(r"timezone\w* zeitzone tz pasmo")
_FLAGS = {
    "is_block_pin": one_of(
        r"block(s|ed|ing|iert|ieren)? blok\w* hid(e|den|es) exclu(de|des|ded|sion) skry\w* vyluc\w* vylouc\w* "
        r"ausblend\w* ausgeblendet sperr\w* gesperrt ausschl\w* ausgeschl\w*"
    ),
    "is_bundle_pin": one_of(r"bundle\w* balik(y|u|om|ov)? balic(ek|ku|ky|ka|kov)"),
}
_ABOUT_FLAGS = one_of(
    r"is pins? pinu product produkt\w* item je ist from recommend\w* odporuc\w* doporuc\w* empfehl\w* the or a and "
    r"this tento in v z on na web\w* pinning pripnut\w* pripin\w* rows? riad\w* lb luigi\w* "
    r"flag y n yes no ano nie ne ja nein true false"
)
_NOTE = one_of(
    r"notes? pozn poznam\w* info comments? koment\w* komment?ar\w* popis\w* detail\w* bemerk\w* anmerk\w* "
    r"uwag[ai] megjegyz\w* remarques?"
)
_WIDGET = one_of(r"widget\w*")
_POSITION = one_of(
    r"position(s|en)? pozic[ei]\w* poradi\w* poradov\w* reihenfolge rang rank(ing)? slots? umiestneni\w* umisteni\w*"
)
_ABOUT_POSITION = one_of(r"pins? pinu number numbers no nr cislo c nummer new nova nove the in v of")
_CRITERIA = one_of(r"criteria criterion conditions podmienk\w* podmink\w* bedingung\w* kriteri\w*")
_ABOUT_CRITERIA = one_of(
    r"pins? pinu target\w* condition product\w* produkt\w* ciel\w* cil\w* ziel\w* json the of for pre pro fur"
)

_NUMBERED = Pattern(r"\s*(.*\D?[^\d.,])(?:[2-9]|1\d)\W*", re.DOTALL)
_PINNED = one_of(r"pins? pinned pinu piny pripnut\w* prip[ie]n\w*")

# Words that only help to guess which header is meant by a needed column that is missing.
_TYPE = one_of(r"typ typu types? typy druh\w* art")
_PRODUCT = one_of(
    r"product\w* produkt\w* items? tovar\w* zbozi artikel\w* article polozk\w* identity id url sku ean kod code"
)
_TARGET = one_of(r"target\w* ciel\w* cil\w* ziel\w* beside pri u bei where kde wo page strank\w* seite")
_PIN = one_of(r"pin\w* prip\w* angeheft\w* pinned show\w* zobraz\w* odporucan\w* doporucen\w* empfohlen\w*")
_MODEL = one_of(r"model\w* recommender\w* odporuc\w* doporuc\w* empfehl\w* algorit\w* modul\w*")
_MEANINGS: dict[str, tuple[Pattern, ...]] = {
    "model": (_MODEL,),
    "target_type": (_TYPE, _TARGET),
    "target_identity": (_PRODUCT, _TARGET),
    "target_criteria": (_CRITERIA, _TARGET),
    "position": (_POSITION,),
    "pin_type": (_TYPE, _PIN),
    "pin_identity": (_PRODUCT, _PIN),
    "pin_criteria": (_CRITERIA, _PIN),
}


def looks_like(header: str, cells: Counted, present: Collection[str]) -> str:
    """Tell what an unread column seems to be, in words, or "". `present` are the columns that are read.

    Of the cells one is "" where the column is blank in some rows.
    """
    gaps = any(cell == "" for cell, _ in cells)
    cells = [(cell, count) for cell, count in cells if cell != ""]
    if not cells:
        return ""
    if same := _twin(header, cells):
        return same
    words = words_of(header)
    lacking = [name for name in PERIOD if name not in present]
    times = _times(words, cells, both=not lacking)
    if most(cells, is_date) and (times or (lacking and not _logs(words))):
        return times or _or(lacking)
    if most(cells, is_object):
        return _or([name for name in JSON_COLUMNS if name not in present] or JSON_COLUMNS)
    if any_of(words, _TIME_ZONE) or words[:2] == ["time", "zone"]:
        return ZONE
    return (
        times
        or (_or(lacking) if lacking and _when(words, cells) else "")
        or _days(words, cells)
        or _by_header(words, cells, gaps=gaps)
    )


def meaning(header: str, name: str) -> int:
    """Count how many of the ideas of the column `name` a header's words have: 0 if it cannot be that column."""
    words = words_of(header)
    return sum(any(pattern.re.fullmatch(word) for word in words) for pattern in _MEANINGS.get(name, ()))


def _twin(header: str, cells: Counted) -> str:
    """Which column a header names with a remark beside it, or with a number: `pin_identity_2`; or ""."""
    name = known_name(header)
    if name in _MATTERING or (name in IDENTITIES and most(cells, is_identity)):
        return name
    numbered = _NUMBERED.re.fullmatch(header)
    if numbered is None:
        return ""
    name = known_name(numbered[1])
    if name is None and any_of(words := words_of(header), _PINNED) and only(words, _PINNED, _PRODUCT):
        name = "pin_identity" if most(cells, is_identity) else None
    return ONE_MORE.format(name=name) if name in BY_NAME.keys() - _MATTERING else ""


def _times(words: Sequence[str], cells: Counted, *, both: bool) -> str:
    """Which end of a period a header means. `from` and `to` alone say little: `Cena od` is a price.

    Where `both` ends are read, words without a time are a label: `Obdobie` over `Vianoce`.
    """
    if most(cells, is_yes_no) or (both and not any(_has_time(cell) for cell, _ in cells)):
        return ""
    start, end, span = any_of(words, START), any_of(words, END), _spans(words, cells)
    weak_from, weak_to = any_of(words, FROM), any_of(words, TO)
    weak = (weak_from or weak_to) and only(words, FROM, TO, START, END, SPAN, ABOUT_TIME)
    maybe = any_of(words, MAYBE_START, MAYBE_END) and only(words, MAYBE_START, MAYBE_END, FROM, TO, ABOUT_TIME)
    if not (start or end or span) and maybe and most(cells, tells_time):
        start, end = any_of(words, MAYBE_START), any_of(words, MAYBE_END)
    if not (start or end or span or weak):
        return ""
    if all(is_something_else(cell) for cell, _ in cells):
        return ""
    ends = (start or (weak_from and not start), end or (weak_to and not end))
    named = [name for name, meant in zip(PERIOD, ends, strict=True) if meant]
    return _or(named) if len(named) == 1 else " and ".join(PERIOD)


def _has_time(cell: Cell) -> bool:
    """Whether a time may be in a cell, perhaps among other words."""
    return is_rough_time(cell, alone=True) or (any(map(str.isdigit, shown(cell))) and not is_something_else(cell))


def _spans(words: Sequence[str], cells: Counted) -> bool:
    """Whether a header speaks of a period of the pin, and not of a warranty's, or of whom it is valid for."""
    if not any_of(words, SPAN) or any_of(words, NOT_OF_PIN):
        return False
    followed = any(any_of([word], SPAN) and any_of([after], FOR) for word, after in pairwise(words))
    return not followed or any(tells_time(cell) or is_length(cell) for cell, _ in cells)


def _logs(words: Sequence[str]) -> bool:
    """Whether a header speaks of what was done: `Created at`. Not if it speaks of a period or of showing, too."""
    others = (START, END, SPAN, FROM, TO, MAYBE_START, MAYBE_END, SHOWING)
    return any_of(words, LOG) and not any_of(words, *others)


def _of_goods(words: Sequence[str], cells: Counted) -> bool:
    """Whether a header speaks of a delivery, a batch, an order, or of when goods expire: `05/2027`."""
    if any_of(words, START, END, SPAN):
        return False
    return any_of(words, GOODS) or (any_of(words, EXPIRY) and most(cells, is_month))


def _when(words: Sequence[str], cells: Counted) -> bool:
    """Whether a column tells when, at least roughly: `Goes live` over `1 March`, `KW 49`, a number of days."""
    if _logs(words) or _of_goods(words, cells):
        return False
    if most(cells, is_rough_time) and not any_of(words, _NOTE):
        return True
    if not only(words, WHEN, PART_OF_YEAR, DURATION, ABOUT_TIME):
        return False
    if any_of(words, DURATION):
        return most(cells, is_length)
    if any_of(words, PART_OF_YEAR) and most(cells, is_week):
        return True
    return any_of(words, WHEN, PART_OF_YEAR) and any(_has_time(cell) for cell, _ in cells)


def _days(words: Sequence[str], cells: Counted) -> str:
    """Days beside a period: those on which nothing is to show, or those of the week on which something is."""
    if any_of(words, EXCEPT) and most(cells, tells_time):
        return DAYS_OFF
    if any_of(words, DAYS) and only(words, DAYS, PART_OF_YEAR, ABOUT_TIME, FROM, TO) and most(cells, is_weekdays):
        return WEEKDAYS
    return ""


def _by_header(words: Sequence[str], cells: Counted, *, gaps: bool) -> str:
    if any_of(words, _WIDGET):
        return "widget_id"
    for name, pattern in _FLAGS.items():
        named = any_of(words, pattern) and only(words, pattern, _ABOUT_FLAGS)
        if named and not all(says_no(cell) for cell, _ in cells):
            return name
    if off := switches(words, cells, gaps=gaps):
        return off
    if (
        any_of(words, _POSITION)
        and only(words, _POSITION, _ABOUT_POSITION)
        and any(is_whole(cell) for cell, _ in cells)
    ):
        return "position"
    if any_of(words, _CRITERIA) and only(words, _CRITERIA, _ABOUT_CRITERIA):
        return _or(JSON_COLUMNS[:2])
    return ""


def _or(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
