"""Tells how a text file is encoded, by evidence, the surest first."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from importer.reading.plausible import GUESS, better_encodings
from importer.reading.raw import RefusalError

SAMPLE_LENGTH = 60
"""Bytes of the sample that people see."""
LOOKED_AT = 65_536
"""Bytes at the beginning of a text in which the NULs of UTF-16 and UTF-32 are counted."""
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its mark begins like that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Two bytes or more that only UTF-8 puts together.
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, and how sure it is."""

    name: str
    """Python's name for it."""
    sample: str | None = None
    """Where it is a guess: a piece of the text as it reads then."""
    likelier: tuple[tuple[str, str], ...] = ()
    """Where the guess makes no sense: the guess and likelier encodings, each with some words as it reads them."""


def encoding_of(data: bytes, wanted: str | None = None) -> Encoding:
    """Tell the encoding of a whole text file: the one wanted, or by its mark, its NULs, strict UTF-8, or Windows-1250.

    Raises `RefusalError` if the text is not in it.
    """
    if wanted is not None:
        return Encoding(_check(data, ("utf-8-sig" if wanted == "utf-8" else wanted)))
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Encoding(_check(data, name))
    if b"\x00" in data:
        by_nulls = _by_nulls(data[:LOOKED_AT])
        if by_nulls is None:
            raise RefusalError("null-character", line=_line(data, data.index(b"\x00")))
        return Encoding(_check(data, by_nulls))
    failure = _failure(data, "utf-8")
    if failure is None:
        return Encoding("utf-8")
    _refuse_damaged_utf8(data, failure)
    return Encoding(GUESS, _sample(data), tuple(better_encodings(data)))


def _check(data: bytes, name: str) -> str:
    """Refuse a text that is not in the encoding; its name."""
    failure = _failure(data, name)
    if failure is not None:
        raise RefusalError("not-in-encoding", encoding=name, line=_line_in(data, name, failure.start))
    return name


def _failure(data: bytes, name: str) -> UnicodeDecodeError | None:
    """Where the text stops being in the encoding. It is decoded a megabyte at a time to save memory."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    view = memoryview(data)
    for start in range(0, len(data) or 1, 1 << 20):
        piece = view[start : start + (1 << 20)]
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, start + (1 << 20) >= len(data))
        except UnicodeDecodeError as error:
            error.start += start - pending
            return error
        except UnicodeError:
            # UTF-16 and UTF-32 without the mark that their plain names ask for.
            return UnicodeDecodeError(name, b" ", 0, 1, "no mark")
    return None


def _by_nulls(head: bytes) -> str | None:
    """UTF-32 or UTF-16 without a mark: most of its bytes at certain places are NULs."""
    for width, names in ((4, ("utf-32-be", "utf-32-le")), (2, ("utf-16-be", "utf-16-le"))):
        whole = head[: len(head) // width * width]
        shares = [whole[place::width].count(0) * width / len(whole) if whole else 0.0 for place in range(width)]
        big = min(shares[: width - 1]) > 0.5 and shares[-1] < 0.1
        little = min(shares[1:]) > 0.5 and shares[0] < 0.1
        if big or little:
            return names[0] if big else names[1]
    return None


def _refuse_damaged_utf8(data: bytes, failure: UnicodeDecodeError) -> None:
    """A text full of UTF-8 letters with a few broken ones is damaged UTF-8. Any other encoding makes mojibake of it."""
    letters = len(_UTF8_LETTER.findall(data))
    others = len(_HIGH.findall(_UTF8_LETTER.sub(b"", data)))
    if letters > 10 * others:
        raise RefusalError("damaged-utf8", line=_line(data, failure.start))


def _sample(data: bytes) -> str:
    """The first words that are not plain ASCII, decoded as guessed."""
    found = _HIGH.search(data)
    place = found.start() if found else 0
    start = max(data.rfind(b"\n", 0, place) + 1, data.rfind(b"\r", 0, place) + 1, place - SAMPLE_LENGTH // 2)
    piece = data[start : start + SAMPLE_LENGTH]
    try:
        _check(data, GUESS)
    except RefusalError as refusal:
        likelier = better_encodings(data)[1:]
        raise RefusalError("encoding-not-found", line=refusal.details["line"], likelier=likelier) from refusal
    return re.split(r"[\r\n]", piece.decode(GUESS).strip())[0]


def _line(data: bytes, place: int) -> int:
    before = data[:place]
    return 1 + before.count(b"\n") + before.replace(b"\r\n", b"").count(b"\r")


def _line_in(data: bytes, name: str, place: int) -> int:
    width = 4 if "32" in name else 2 if "16" in name else 1
    return _line(data[:place].replace(b"\x00", b""), place) if width > 1 else _line(data, place)
