"""Text in cells: blanks around it, characters that cannot be sent, encodings gone wrong (pure)."""

from __future__ import annotations

import re
from functools import partial

from importer.characters import hidden, trimmed

__all__ = [
    "DITTOS",
    "doubt",
    "forbidden",
    "has_line_break",
    "hidden",
    "is_clean",
    "is_error_token",
    "is_known_error",
    "is_plain",
    "trimmed",
]

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_BREAK = re.compile("[\t\n\r\u2028\u2029]")
_SUSPECT = re.compile("[ÂĂÃÄĹÅâ][\x80-\U0010ffff]|\ufffd")  # how Latin letters in UTF-8 begin when misread
_RUN = re.compile("[\x80-\U0010ffff]{2,}")
_LATIN = re.compile("[\u00a1-\u017f\u2010-\u203a\u20ac\u2122]+")
_ODD_STARTS = ("", " ", "#")

# What spreadsheets show for an error, in the languages of Excel, LibreOffice and Google Sheets; CSV exports hold them
# as text. All end with "!" or "?" but those listed first. A tag or a title may be `#SALE!`: there only the known count.
# fmt: off
_ERRORS_WITHOUT_MARK = frozenset({
    "#N/A", "#N/D", "#N/B", "#N/V", "#NV", "#I/T", "#Н/Д", "#Δ/Υ", "#YOK", "#HIÁNYZIK", "#NENÍ_K_DISPOZICI",  # noqa: RUF001
    "#NEDOSTUPNÝ", "#GETTING_DATA",
})
_WITH_MARK = (
    "REF! VALUE! NAME? DIV/0! NUM! NULL! SPILL! CALC! FIELD! BLOCKED! CONNECT! BUSY! UNKNOWN! ERROR! "
    "EXTERNAL! TIMEOUT! PYTHON! ODKAZ! HODNOTA! NÁZOV? DELENIENULOU! ČÍSLO! NEPLATNÝ! PRELIATIE! PRESAH! "
    "NÁZEV? DĚLENÍ_NULOU! PŘESAH! BEZUG! WERT! ZAHL! ÜBERLAUF! KALK! FELD! BLOCKIERT! ADR! ARG! NAZWA? "
    "DZIEL/0! LICZBA! ZERO! ROZLANIE! BRAK! HIV! ÉRTÉK! NÉV? ZÉRÓOSZTÓ! SZÁM! NULLA! KIBONTÁS! VALEUR! NOM? "
    "NOMBRE! NUL! ¡REF! ¡VALOR! ¿NOMBRE? ¡DIV/0! ¡NUM! ¡NULO! RIF! VALORE! NOME? NULLO! VALOR! NÚM! NULO! "
    "VERW! WAARDE! NAAM? DEEL/0! GETAL! LEEG! REFERENS! VÄRDEFEL! NAMN? DIVISION/0! OGILTIGT! SKÄRNING! "
    "SAKNAS! REFERENCE! VÆRDI! NAVN? VERDI! VIITTAUS! ARVO! NIMI? JAKO/0! LUKU! TYHJÄ! PUUTTUU! ССЫЛКА! ЗНАЧ! "
    "ИМЯ? ДЕЛ/0! ЧИСЛО! ПУСТО! BAŞV! DEĞER! AD? SAYI/0! SAYI! BOŞ! VREDN! IME? DEL/0! ŠTEV! NIČ! VRIJ! NAZIV? "
)
_ERRORS_WITH_MARK = frozenset(f"#{word}" for word in _WITH_MARK.split()) | {"#DELENIE NULOU!", "#DĚLENÍ NULOU!"}
# fmt: on
_ENGLISH = frozenset({"#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#n/a"})
_MARKED_ERROR = re.compile(r"#[¡¿]?[\w/.]{1,30}(?: [\w/.]{1,20}){0,2}[!?]")
_HASHES = re.compile("#{3,}")
_NUMBERED_ERROR = r"(?:Err|Error|Chyba|Błąd|Fout|Erreur|Errore|Erro|Fel|Feil|Fejl|Hiba|Virhe) ?: ?5\d\d"
_WAITING = (
    r"(?:Loading|Wird geladen|Načítava sa|Načítání|Načítá se|Ładowanie|Wczytywanie|Chargement|Chargement en cours|"
    r"Cargando|Caricamento|Carregando|A carregar|Betöltés|Laden|Läser in|Se încarcă|Učitavanje|Загрузка)"
    r"(?: ?\.\.\.| ?…)"
)
_DITTO_WORDS = ("dtto", "detto", "ditto", "dto.", "idem", "j.w.", "jw.", "same as above", "wie oben")
_DITTO_MARKS = (
    '" "" \'\' ,, „ “ ” « » 〃 ″ // -||- -"- -\'\'- -„- -”- -“- --"-- ---"--- "-" —"— '
    '–"– –„– –”– -//- --//-- –//– —//—'  # noqa: RUF001 - people write all of these
)
DITTOS = frozenset(
    {
        *_DITTO_MARKS.split(),
        *(" ".join(mark) for mark in _DITTO_MARKS.split()),
        *(spelled for word in _DITTO_WORDS for spelled in (word, word.upper(), word.capitalize())),
        *("dto", "-dtto-", "- // -"),
    }
)
"""What people write for "the same as above"."""
_SPELLED_ERROR = re.compile(f"{_NUMBERED_ERROR}|{_WAITING}", re.I)
_PLAIN = re.compile(r"(?!#|[\d.,]+[eE]\+)[!-~](?:[ -~]*[!-~])?(?<!\.\.\.)(?<!:5\d\d)(?<!: 5\d\d)")

is_plain = _PLAIN.fullmatch
"""Matches an identity that needs no work: printable ASCII, no blanks around it, no look of a number gone wrong."""


def is_clean(text: str) -> bool:
    """Whether a text has no blanks around it, no character that cannot be sent, and is no error (a quick look)."""
    return (
        text.isprintable()
        and text[:1] not in _ODD_STARTS
        and text[-1] != " "
        and (text.isascii() or trimmed(text) == text)
        and ((":" not in text and text[-1] not in ".…") or not _SPELLED_ERROR.fullmatch(text))
    )


def is_error_token(text: str) -> bool:
    """Whether a trimmed text is what a spreadsheet shows instead of a value (`#N/A`, `####`, `Err:511`)."""
    if is_known_error(text):
        return True
    return _MARKED_ERROR.fullmatch(text) is not None and text == text.upper() and any(map(str.isalpha, text))


def is_known_error(text: str) -> bool:
    """Whether a trimmed text is an error word that spreadsheets are known for: `#HODNOTA!`, but not `#SALE!`."""
    if not text.startswith("#"):
        return _SPELLED_ERROR.fullmatch(text) is not None
    known = text in _ERRORS_WITHOUT_MARK or text in _ERRORS_WITH_MARK or text.casefold() in _ENGLISH
    return known or _HASHES.fullmatch(text) is not None


def forbidden(text: str) -> str | None:
    """The first character that no request may carry, and its place, or `None`."""
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}, character {found.start() + 1}" if found else None


def has_line_break(text: str) -> bool:
    """Whether a trimmed text has a line break or tab inside."""
    return _LINE_BREAK.search(text) is not None


def doubt(text: str) -> tuple[str, str] | None:
    """The code and the detail of a warning about letters that an encoding has spoilt, or `None`."""
    if text.isascii() or not _SUSPECT.search(text):
        return None
    if "\ufffd" in text:
        return "letters-lost", ""
    for encoding in ("cp1250", "cp1252"):
        meant = _RUN.sub(partial(_ungarbled, encoding), text)
        if meant != text:
            return "text-garbled", meant
    return None


def _ungarbled(encoding: str, run: re.Match[str]) -> str:
    """What accented letters were before UTF-8 was read as another encoding; as they stand, if that makes no sense.

    Only Latin letters and common signs make sense: "NÔŽ" in capitals happens to spell an Armenian letter.
    """
    try:
        meant = run[0].encode(encoding).decode("utf-8")
    except UnicodeError:
        return run[0]
    return meant if _LATIN.fullmatch(meant) else run[0]
