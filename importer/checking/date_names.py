"""Names of months and weekdays in English, Slovak, Czech and German, in full, short and inflected (pure)."""

from __future__ import annotations

import unicodedata

# fmt: off
_MONTHS = (
    "january jan januar januara janner leden ledna led",
    "february feb februar februara feber unor unora uno",
    "march mar marec marca brezen brezna bre marz maerz mrz",
    "april apr aprila duben dubna dub",
    "may maj maja kveten kvetna kve mai",
    "june jun juna cerven cervna cvn juni",
    "july jul jula cervenec cervence cvc juli",
    "august aug augusta srpen srpna srp",
    "september sept sep septembra zari zar",
    "october oct oktober oktobra okt rijen rijna rij",
    "november nov novembra listopad listopadu lis",
    "december dec decembra prosinec prosince pro pros dezember dez",
)
_WEEKDAYS = (
    "monday mon pondelok pondeli pon po montag mo",
    "tuesday tues tue utorok utery ut dienstag di",
    "wednesday wed streda str st mittwoch mi",
    "thursday thurs thur thu stvrtok ctvrtek stv ctv donnerstag do",
    "friday fri piatok patek pia pi pá freitag fr",
    "saturday sat sobota sob so samstag sa sonnabend",
    "sunday sun nedela nedele ned ne sonntag so",
)
# fmt: on
_ALSO_WORDS = frozenset({"do", "po"})
"""In Slovak and Czech these say "until" and "after"; only a mark after them makes them weekdays."""


def _folded(name: str) -> str:
    """A name without regard to case and accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_MONTH = {_folded(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_ACCENTED = {"št": frozenset({3}), "čt": frozenset({3})}
_WEEKDAY: dict[str, frozenset[int]] = {}
for _number, _names in enumerate(_WEEKDAYS):
    for _name in _names.split():
        if _name not in _ACCENTED:
            _WEEKDAY[_folded(_name)] = _WEEKDAY.get(_folded(_name), frozenset()) | {_number}


def month(name: str) -> int | None:
    """The month's number, from 1."""
    return _MONTH.get(_folded(name))


def weekdays(name: str, *, marked: bool) -> frozenset[int]:
    """The days of the week that a name may stand for, Monday being 0; `marked` if a point or comma follows it."""
    name = unicodedata.normalize("NFC", name.casefold())
    if name in _ALSO_WORDS and not marked:
        return frozenset()
    return _ACCENTED.get(name) or _WEEKDAY.get(_folded(name), frozenset())
