"""Tells what a column seems to be that no header names, by the words of its header and by its cells (pure).

The words are English, Slovak, Czech and German, without diacritics. A pin that loses its period or a flag goes live
otherwise than the sheet shows. So people are asked about every column that may be one, and not about those that they
keep beside: a price, a link, a note, who approved it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from importer.cells import Cell, Flag, Moment, Number, shown
from importer.columns import COLUMNS, PERIOD, CellType
from importer.headers import known_name, plain
from importer.patterns import Pattern

JSON_COLUMNS = ("target_criteria", "pin_criteria", "target_metadata")
SWITCH = "a switch that turns pins on and off"
"""What `Active` seems to be: pins have no such column."""
ZONE = "a time zone of the dates, which --timezone names"
"""What `Timezone` seems to be: the zone is one for the whole sheet."""

_MATTERING = frozenset(
    column.name
    for column in COLUMNS
    if column.name in PERIOD or column.cell in (CellType.YES_NO, CellType.POSITION, CellType.JSON_OBJECT)
)

Counted = Sequence[tuple[Cell, int]]
"""Some distinct cells of a column, and how many rows hold each."""


def _words(pattern: str) -> Pattern:
    return Pattern("|".join(pattern.split()))


_START = _words(
    r"start(s|ed|ing|date|datum|zeit|termin|tag)? beg[aiu]n(s|n|nt|ning|ndatum)? zaciat\w* zacat\w* zacin\w*"
)
_END = _words(
    r"end(s|ed|ing|e|en|et|date|datum|zeit|termin)? until till koni?ec konca konce koncom koncem konci "
    r"skonc\w* ukonc\w*"
)
_SPAN = _words(
    r"valid(ity)? platnost\w* plati platny platne platna obdobi\w* gu?e?ltig\w* period[aesy]? periods "
    r"zeitraum\w* laufzeit\w*"
)
_FROM = _words("from od von vom ab since")
_TO = _words("to do bis")
_ABOUT_TIME = _words(
    r"dates? datum\w* days? den dni tage? times? cas\w* zeit uhr(zeit)? hours? hod\w* live shows? shown "
    r"visible display(ed)? "
    r"publish(ed)? online zobraz\w* zverejn\w* viditeln\w* sichtbar anzeigen? akti[vw]\w* activ\w* "
    r"pins? pinu pripnut\w* "
    r"kampan\w* campaign akci[ae] aktion promo\w* a and und az the of"
)
_WHEN = _words(r"when kedy kdy wann schedule\w* timing harmonogram live goes dates launch\w* expir\w*")
_SWITCH = _words(r"(in)?activ(e|ated) enabled? disabled? (ne|in)?aktiv\w* povolen\w* zapnut\w*")
_MAYBE_SWITCH = _words(r"import\w* skip\w* ignor\w* presko\w* status stav use pouz\w* send posl\w*")
"""Words that mean a switch only over cells that say yes or no."""
_TIME_ZONE = _words(r"timezone\w* zeitzone tz pasmo")
_FLAGS = {
    "is_block_pin": _words(
        r"block(s|ed|ing|iert|ieren)? blok\w* hid(e|den|es) exclu(de|des|ded|sion) skry\w* vyluc\w* vylouc\w* "
        r"ausblend\w* ausgeblendet sperr\w* gesperrt ausschl\w* ausgeschl\w*"
    ),
    "is_bundle_pin": _words(r"bundle\w* balik\w* balic(ek|ku|ky|ka|kov)"),
    SWITCH: _SWITCH,
}
_ABOUT_FLAGS = _words(r"is pins? pinu product produkt\w* item je ist from recommendation odporucan\w* the or a and")
_WIDGET = _words(r"widget\w*")
_POSITION = _words(
    r"position(s|en)? pozic[ei]\w* poradi\w* poradov\w* reihenfolge rang rank(ing)? slots? umiestneni\w* umisteni\w*"
)
_ABOUT_POSITION = _words(r"pins? pinu number numbers no nr cislo c nummer new nova nove the in v of")
_CRITERIA = _words(r"criteria criterion conditions podmienk\w* podmink\w* bedingung\w* kriteri\w*")
_ABOUT_CRITERIA = _words(
    r"pins? pinu target\w* condition product\w* produkt\w* ciel\w* cil\w* ziel\w* json the of for pre pro fur"
)

# Words that only help to guess which header is meant by a needed column that is missing.
_TYPE = _words(r"typ typu types? typy druh\w* art")
_PRODUCT = _words(
    r"product\w* produkt\w* items? tovar\w* zbozi artikel\w* article polozk\w* identity id url sku ean kod code"
)
_TARGET = _words(r"target\w* ciel\w* cil\w* ziel\w* beside pri u bei where kde wo page strank\w* seite")
_PIN = _words(r"pin\w* prip\w* angeheft\w* pinned show\w* zobraz\w* odporucan\w* doporucen\w* empfohlen\w*")
_MODEL = _words(r"model\w* recommender\w* odporuc\w* doporuc\w* empfehl\w* algorit\w* modul\w*")
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

_MONTH = (
    r"(?:jan|feb|mar|maer|apr|maj|mai|may|jun|jul|aug|sep|oct|okt|nov|dec|dez|leden|ledn|unor|brez|dub[ne]|kvet|cerv|srp|"
    r"zari|rij|list|pros)[a-z]*\.?"
)
_DATE = Pattern(
    r"\b\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(?!\d)"
    r"|\b\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(?:\d{4}|\d{2})\b"
    rf"|\b\d{{1,2}}\.?\s*{_MONTH}[\s,]*\d{{4}}\b|\b{_MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?[\s,]+\d{{4}}\b"
)
_TIME = Pattern(
    r"(?:\bt)?(?<!\d)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\b\.?)?\s*"
    r"(?:z\b|utc|gmt|cet|cest|[+-]\d{2}:?\d{2})?"
    r"|\b\d{1,2}\s*(?:[ap]\.?m\b\.?|h\b|hod\b\.?|uhr\b)|\b\d{1,2}\.\s?\d{1,2}\."
)
_WEEKDAY = _words(
    r"mo\w* tu\w* we\w* th\w* fr\w* sa\w* su\w* po\w* ut\w* st\w* ct\w* pia\w* pa\w* so\w* ne\w* di\w* mi\w* do\w*"
)
_OBJECT = Pattern(r"\s*\{.*:.*\}\s*", re.DOTALL)
_LINK = Pattern(r"\s*(?:https?://|www\.|/)\S*\s*")
_PLAIN_NUMBER = Pattern(r"\s*[-+]?[\d\s]*\d(?:[.,]\d+)?\s*(?:€|eur|kc|%|\$|ks)?\s*", re.IGNORECASE)
_WHOLE = Pattern(r"\s*-?\d{1,4}\s*")
_YES_NO = _words("yes no y n x 1 0 true false ano nie ne ja nein wahr falsch on off")
_SERIALS = range(36_526, 73_051)
_LETTERS = Pattern(r"[^\W\d_]+")
_CAMEL = Pattern(r"(?<=[a-z])(?=[A-Z])")


def looks_like(header: str, cells: Counted, present: Collection[str]) -> str:
    """Tell what an unread column seems to be, in words, or "". `present` are the columns that are read."""
    if not cells:
        return ""
    twin = known_name(header)
    if twin in _MATTERING:
        return twin
    words = _words_of(header)
    times = _times(words, cells)
    if _most(cells, _is_date) and (times or not set(PERIOD) <= set(present)):
        return times or _or([name for name in PERIOD if name not in present])
    if _most(cells, _is_object):
        return _or([name for name in JSON_COLUMNS if name not in present] or JSON_COLUMNS)
    if _any(words, _TIME_ZONE) or words[:2] == ["time", "zone"]:
        return ZONE
    return times or _when(words, cells, present) or _by_header(words, cells)


def meaning(header: str, name: str) -> int:
    """Count how many of the ideas of the column `name` a header's words have: 0 if it cannot be that column."""
    words = _words_of(header)
    return sum(any(pattern.re.fullmatch(word) for word in words) for pattern in _MEANINGS.get(name, ()))


def _words_of(text: str) -> list[str]:
    return _LETTERS.re.findall(plain(_CAMEL.re.sub(" ", text).replace("_", " ")))


def _any(words: Iterable[str], *patterns: Pattern) -> bool:
    return any(pattern.re.fullmatch(word) for word in words for pattern in patterns)


def _only(words: Sequence[str], *patterns: Pattern) -> bool:
    return all(_any([word], *patterns) for word in words)


def _times(words: Sequence[str], cells: Counted) -> str:
    """Which end of a period a header means. `from` and `to` alone say little: `Cena od` is a price."""
    start, end, span = _any(words, _START), _any(words, _END), _any(words, _SPAN)
    weak_from, weak_to = _any(words, _FROM), _any(words, _TO)
    weak = (weak_from or weak_to) and _only(words, _FROM, _TO, _START, _END, _SPAN, _ABOUT_TIME)
    if not (start or end or span or weak) or all(_is_something_else(cell) for cell, _ in cells):
        return ""
    ends = (start or (weak_from and not start), end or (weak_to and not end))
    named = [name for name, meant in zip(PERIOD, ends, strict=True) if meant]
    return _or(named) if len(named) == 1 else " and ".join(PERIOD)


def _when(words: Sequence[str], cells: Counted, present: Collection[str]) -> str:
    """Which ends of a period a header means that asks when: `Goes live` over `1 March`."""
    lacking = [name for name in PERIOD if name not in present]
    if not (lacking and _any(words, _WHEN) and _only(words, _WHEN, _ABOUT_TIME)):
        return ""
    told = any(any(map(str.isdigit, shown(cell))) and not _is_something_else(cell) for cell, _ in cells)
    return _or(lacking) if told else ""


def _by_header(words: Sequence[str], cells: Counted) -> str:
    if _any(words, _WIDGET):
        return "widget_id"
    for name, pattern in _FLAGS.items():
        if _any(words, pattern) and (_only(words, pattern, _ABOUT_FLAGS) or _most(cells, _is_yes_no)):
            return name
    if _any(words, _MAYBE_SWITCH) and _most(cells, _is_yes_no):
        return SWITCH
    if (
        _any(words, _POSITION)
        and _only(words, _POSITION, _ABOUT_POSITION)
        and any(_is_whole(cell) for cell, _ in cells)
    ):
        return "position"
    if _any(words, _CRITERIA) and _only(words, _CRITERIA, _ABOUT_CRITERIA):
        return _or(JSON_COLUMNS[:2])
    return ""


def _most(cells: Counted, holds: Callable[[Cell], bool]) -> bool:
    """Whether more than half of the filled cells are so."""
    return 2 * sum(count for cell, count in cells if holds(cell)) > sum(count for _, count in cells)


def _is_date(cell: Cell) -> bool:
    """A date, or a text that is nothing but dates, times and words like `from`."""
    if isinstance(cell, Moment):
        return True
    if not isinstance(cell, str) or len(cell) > 100 or not any(map(str.isdigit, cell)):
        return False
    rest, found = _DATE.re.subn(" ", plain(cell))
    rest = _TIME.re.sub(" ", rest)
    if not found or any(map(str.isdigit, rest)):
        return False
    return _only(_LETTERS.re.findall(rest), _FROM, _TO, _START, _END, _SPAN, _ABOUT_TIME, _WEEKDAY)


def _is_object(cell: Cell) -> bool:
    return isinstance(cell, str) and _OBJECT.re.fullmatch(cell) is not None


def _is_something_else(cell: Cell) -> bool:
    """Whether it is surely no time: a price, a number of pieces, a link."""
    text = shown(cell)
    if isinstance(cell, Number | str) and text.isdecimal():
        return int(text) not in _SERIALS
    return isinstance(cell, Number) or (_LINK.re.fullmatch(text) or _PLAIN_NUMBER.re.fullmatch(text)) is not None


def _is_yes_no(cell: Cell) -> bool:
    return isinstance(cell, Flag) or _YES_NO.re.fullmatch(plain(shown(cell)).strip()) is not None


def _is_whole(cell: Cell) -> bool:
    return isinstance(cell, Number | str) and _WHOLE.re.fullmatch(shown(cell)) is not None


def _or(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
