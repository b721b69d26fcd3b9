"""Which fonts show the letters of a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

UNKNOWN = "□"
"""Stands for a letter that no font has."""

_OWN = "DejaVu Sans"
"""Comes with matplotlib: Latin, Greek, Cyrillic, and more."""

_BROAD = (
    "Noto Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Symbols",
    "Noto Sans Symbols 2",
    "Segoe UI",
    "Segoe UI Symbol",
    "Segoe UI Emoji",
    "Microsoft YaHei",
    "Yu Gothic",
    "Meiryo",
    "Malgun Gothic",
    "Nirmala UI",
    "Leelawadee UI",
    "PingFang SC",
    "Hiragino Sans",
    "Apple SD Gothic Neo",
    "Geeza Pro",
    "Arial Unicode MS",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Unifont",
)
"""Families of many scripts on Linux, Windows and macOS; looking into every font of a computer would take a minute."""


def families(text: str) -> tuple[list[str], str]:
    """The families to draw a text with, the first one that has a letter draws it, and the letters that none has."""
    chosen, missing = [_OWN], {mark for mark in text if mark.isprintable() and mark != " "}
    for family, letters in _letters():
        if missing & letters:
            chosen += [family] if family != _OWN else []
            missing -= letters
        if not missing:
            break
    return chosen, "".join(sorted(missing))


def known_letters(unknown: str) -> Callable[[str], str]:
    """What puts a box in the place of each of these letters."""
    table = str.maketrans(dict.fromkeys(unknown, UNKNOWN))
    return lambda text: text.translate(table)


def _letters() -> Iterator[tuple[str, set[str]]]:
    """The families that are here, and the letters of each."""
    from matplotlib import font_manager  # noqa: PLC0415 - an extra
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    paths = {font.name: font.fname for font in reversed(font_manager.fontManager.ttflist)}
    regular = {
        font.name: font.fname
        for font in font_manager.fontManager.ttflist
        if font.style == "normal" and str(font.weight) in {"400", "normal", "regular"}
    }
    for family in (_OWN, *_BROAD):
        path = regular.get(family) or paths.get(family)
        if path is not None:
            yield family, set(map(chr, FT2Font(path).get_charmap()))
