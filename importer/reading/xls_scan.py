"""What the fast engine hides in an xls sheet, found in its records. Runs in the child process."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from importer.reading.number_format import looks_otherwise, shown_as
from importer.reading.raw import Found

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_FORMULA, _EOF, _SHEET, _MULTIPLE_RK, _XF = 0x0006, 0x000A, 0x0085, 0x00BD, 0x00E0
_NUMBER, _ERROR, _ROW, _RK, _FORMAT, _BOF = 0x0203, 0x0205, 0x0208, 0x027E, 0x041E, 0x0809
_HIDDEN = 0x20


class XlsScan:
    """The records of a workbook's stream (`importer.reading.ole.open_container`)."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._sheets: dict[str, int] = {}
        self._styles: dict[int, str] = {}
        self._read_globals()

    def find(self, name: str) -> Found:
        """A sheet's error cells, its numbers that look otherwise, and its hidden rows."""
        found = Found()
        start = self._sheets.get(name)
        for kind, data in self._records(start) if start is not None else ():
            if kind == _ERROR and len(data) >= 8 and data[7]:
                row, column = struct.unpack_from("<HH", data)
                found.cells.append((row, column, ("e", ERRORS.get(data[6], "#VALUE!"))))
            elif kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
                row, column = struct.unpack_from("<HH", data)
                found.cells.append((row, column, ("e", ERRORS.get(data[8], "#VALUE!"))))
            elif kind == _ROW and len(data) >= 14 and data[12] & _HIDDEN:
                found.hidden_rows += 1
            elif self._styles and kind in (_NUMBER, _RK, _MULTIPLE_RK):
                for row, column, style, number in _numbers(kind, data):
                    text = shown_as(number, self._styles[style]) if style in self._styles else None
                    if text is not None:
                        found.cells.append((row, column, ("n", number, text)))
        return found

    def _read_globals(self) -> None:
        formats: dict[int, str] = {}
        used: list[int] = []
        for kind, data in self._records(0):
            if kind == _SHEET and len(data) > 8:
                self._sheets[_short_text(data[6:])] = struct.unpack_from("<I", data)[0]
            elif kind == _FORMAT and len(data) > 5:
                formats[struct.unpack_from("<H", data)[0]] = _text(data[2:])
            elif kind == _XF and len(data) >= 4:
                used.append(struct.unpack_from("<H", data, 2)[0])
        strange = {number: code for number, code in formats.items() if looks_otherwise(code)}
        self._styles = {style: strange[number] for style, number in enumerate(used) if number in strange}

    def _records(self, place: int) -> Iterator[tuple[int, bytes]]:
        """The records of one substream, charts inside it left out."""
        stream, depth = self._stream, 0
        while place + 4 <= len(stream):
            kind, length = struct.unpack_from("<HH", stream, place)
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth <= 1:
                yield kind, stream[place + 4 : place + 4 + length]
            place += 4 + length


def _numbers(kind: int, data: bytes) -> Iterator[tuple[int, int, int, float]]:
    row, column, style = struct.unpack_from("<HHH", data)
    if kind == _NUMBER and len(data) >= 14:
        yield row, column, style, struct.unpack_from("<d", data, 6)[0]
    elif kind == _RK and len(data) >= 10:
        yield row, column, style, rk_number(struct.unpack_from("<I", data, 6)[0])
    elif kind == _MULTIPLE_RK:
        for step in range((len(data) - 6) // 6):
            style, packed = struct.unpack_from("<HI", data, 4 + 6 * step)
            yield row, column + step, style, rk_number(packed)


def rk_number(packed: int) -> float:
    """A number in Excel's packed form: 30 bits of an integer or of a float, maybe a hundredth of it."""
    if packed & 2:
        whole = packed >> 2
        number = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return number / 100 if packed & 1 else number


def _short_text(data: bytes) -> str:
    """A text whose length is one byte; the next one tells whether its characters take one byte or two."""
    return _characters(data[0], data[1:])


def _text(data: bytes) -> str:
    return _characters(struct.unpack_from("<H", data)[0], data[2:])


def _characters(count: int, data: bytes) -> str:
    if data[:1] and data[0] & 1:
        return data[1 : 1 + 2 * count].decode("utf-16-le", "replace")
    return data[1 : 1 + count].decode("latin-1")
