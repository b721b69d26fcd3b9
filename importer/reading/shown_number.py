"""Writes a number as a section of a number format shows it. Runs in the child process.

Points and commas are those of English. Which ones people see depends on their computer, not on the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from importer.cells import plain_number
from importer.reading.format_code import Section, Token

# A sheet keeps fifteen digits of a number; the three hundred others are for the very large and the very small.
_WIDE = Context(prec=700, rounding=ROUND_HALF_UP)
_MOST_PLACES = 100


def render(value: float, section: Section, *, signed: bool) -> str:
    """Write a number as the section shows it, with a minus before it if `signed`."""
    tokens = section.tokens
    number = abs(Decimal(repr(value)))
    number *= Decimal(100) ** sum(token.kind == "percent" for token in tokens)
    if section.is_fraction:
        text = _as_fraction(number, tokens)
    elif any(token.kind == "power" for token in tokens):
        text = _with_power(number, tokens)
    else:
        text = _as_decimal(number, tokens)
    return f"-{text.lstrip()}" if value < 0 and signed and tokens else text


def _as_decimal(number: Decimal, tokens: Sequence[Token]) -> str:
    kinds = [token.kind for token in tokens]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    whole = [place for place in range(point) if kinds[place] == "digit"]
    split = [place for place in range(point, len(kinds)) if kinds[place] == "digit"][:_MOST_PLACES]
    commas = [place for place in range(len(kinds)) if kinds[place] == "comma"]
    last = whole[-1] if whole else -1
    number /= Decimal(1000) ** sum(
        last < place and (place < point or place > max(split, default=0)) for place in commas
    )
    grouped = bool(whole) and any(whole[0] < place < last for place in commas)
    digits = f"{_rounded(number, len(split)):f}"
    before, _, after = digits.partition(".")
    shown = dict(zip(split, _trailing(after, [tokens[place].text for place in split]), strict=True))
    shown |= zip(whole, _leading(before, [tokens[place].text for place in whole], grouped=grouped), strict=True)
    text = ""
    for place, token in enumerate(tokens):
        match token.kind:
            case "digit":
                text += shown.get(place, "")
            case "point":
                text += ("" if whole or before == "0" else before) + "."
            case "general":
                text += plain_number(float(number))
            case "comma" if whole or split:
                pass
            case "text":
                text += plain_number(float(number))
            case _:
                text += token.text
    return text


def _rounded(number: Decimal, places: int) -> Decimal:
    return _WIDE.quantize(number, Decimal(1).scaleb(-places))


def _leading(digits: str, places: Sequence[str], *, grouped: bool) -> list[str]:
    """Digits before the point, one for each place, the surplus ones at the first."""
    if not places:
        return []
    digits = "" if digits == "0" else digits
    blanks = {"0": "0", "?": " ", "#": ""}
    singles = [blanks[place] for place in places[: max(0, len(places) - len(digits))]] + list(digits)
    # All places to the right of a `0` show a digit, too.
    needed = places.index("0") if "0" in places else len(places)
    singles = [single or ("0" if at > needed else "") for at, single in enumerate(singles)]
    if grouped:
        last = len(singles) - 1
        singles = [
            single + ("," if single.strip() and (last - at) % 3 == 0 and at < last else "")
            for at, single in enumerate(singles)
        ]
    surplus = len(singles) - len(places)
    return ["".join(singles[: surplus + 1]), *singles[surplus + 1 :]]


def _trailing(digits: str, places: Sequence[str]) -> list[str]:
    """Digits after the point; zeros at the end are shown only where the format says `0`."""
    singles = list(digits.ljust(len(places), "0")[: len(places)])
    for at in range(len(places) - 1, -1, -1):
        if singles[at] != "0" or places[at] == "0":
            break
        singles[at] = " " if places[at] == "?" else ""
    return singles


def _with_power(number: Decimal, tokens: Sequence[Token]) -> str:
    at = next(place for place, token in enumerate(tokens) if token.kind == "power")
    mantissa, rest = tokens[:at], tokens[at + 1 :]
    point = next((place for place, token in enumerate(mantissa) if token.kind == "point"), len(mantissa))
    whole = max(1, sum(token.kind == "digit" for token in mantissa[:point]))
    places = sum(token.kind == "digit" for token in mantissa[point:])
    power = number.adjusted() if number else 0
    power -= power % whole if whole > 1 else 0
    scaled = number.scaleb(-power, _WIDE)
    if _rounded(scaled, places) >= Decimal(10) ** whole:
        power += whole
        scaled = number.scaleb(-power, _WIDE)
    sign = "-" if power < 0 else "+" if tokens[at].text[1] == "+" else ""
    digits = [token.text for token in rest if token.kind == "digit"]
    shown = iter(_leading(str(abs(power)), digits, grouped=False) or [str(abs(power))])
    exponent = "".join(next(shown) if token.kind == "digit" else token.text for token in rest)
    return f"{_as_decimal(scaled, mantissa)}{tokens[at].text[0]}{sign}{exponent}"


def _as_fraction(number: Decimal, tokens: Sequence[Token]) -> str:
    """`1 1/2`; in a format without a part for wholes `3/2`."""
    slash = next(place for place, token in enumerate(tokens) if token.text == "/")
    below = "".join(token.text for token in tokens[slash + 1 :] if token.kind == "digit" or token.text.isdigit())
    above = slash - 1
    while above > 0 and tokens[above - 1].kind == "digit":
        above -= 1
    wholes = [place for place in range(above) if tokens[place].kind == "digit"]
    exact = Fraction(number)
    whole = int(exact) if wholes else 0
    if below.isdigit() and int(below):
        denominator = int(below)
        numerator = int((exact - whole) * denominator + Fraction(1, 2))
    else:
        part = (exact - whole).limit_denominator(10 ** min(len(below), 9) - 1)
        numerator, denominator = part.numerator, part.denominator
    if wholes and numerator >= denominator:
        whole, numerator = whole + 1, 0
    around = "".join(
        token.text
        for place, token in enumerate(tokens)
        if token.kind in ("literal", "percent")
        and token.text not in " /"
        and not (place > slash and token.text.isdigit())
    )
    if wholes and not numerator:
        return f"{whole}{around}"
    return (f"{whole} " if whole else "") + f"{numerator}/{denominator}{around}"


def render_moment(when: datetime, section: Section) -> str:
    """The text that the section makes of a moment, names in English."""
    half = any(token.kind == "half" for token in section.tokens)
    text = ""
    for token, after in zip(section.tokens, (*section.tokens[1:], None), strict=True):
        is_split_second = token.kind == "digit" or (token.kind == "point" and after and after.kind == "digit")
        if token.kind == "half":
            text += f"{when:%p}"
        elif token.kind in ("date", "elapsed"):
            text += _part(when, token.text, half=half)
        elif not is_split_second:
            text += token.text
    return text.strip()


def _part(when: datetime, letters: str, *, half: bool) -> str:
    letter, length = letters[0], len(letters)
    names = {"m": "%B" if length > 3 else "%b", "d": "%A" if length > 3 else "%a"}
    if letter == "y":
        return f"{when:%Y}" if length > 2 else f"{when:%y}"
    if letter in names and length > 2:
        return when.strftime(names[letter])
    hour = (when.hour + 11) % 12 + 1 if half else when.hour
    numbers = {"m": when.month, "d": when.day, "h": hour, "n": when.minute, "s": when.second}
    return f"{numbers[letter]:0{min(length, 2)}}" if letter in numbers else ""
