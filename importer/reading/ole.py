"""The OLE container that old and protected workbooks come in. Runs in the child process."""

from __future__ import annotations

import struct

from importer.reading.raw import RefusalError

_FREE = 0xFFFFFFFA
_OTHER = {
    "worddocument": "other-office",
    "powerpoint document": "other-office",
    "__properties_version1.0": "other-office",
}
_FILEPASS = 0x2F
_BOF = (0x0809, 0x0409, 0x0209, 0x0009)


def open_container(content: bytes) -> bytes:
    """The stream of an xls workbook. Raises `RefusalError` for what is protected, damaged, or something else."""
    try:
        streams = _Container(content)
        for name in streams.names:
            if name == "encryptedpackage":
                raise RefusalError("password")
            if name in _OTHER:
                raise RefusalError(_OTHER[name])
        workbook = next((name for name in ("workbook", "book") if name in streams.names), None)
        if workbook is None:
            raise RefusalError("damaged")
        stream = streams.read(workbook)
    except (struct.error, IndexError, ValueError) as error:
        raise RefusalError("damaged") from error
    if _is_protected(stream):
        raise RefusalError("password")
    return stream


def _is_protected(stream: bytes) -> bool:
    """A protected workbook says so in one of its first records."""
    place = 0
    for _ in range(20):
        if place + 4 > len(stream):
            return False
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _FILEPASS:
            return True
        place += 4 + length
    return False


class _Container:
    """The directory and the sectors. Every chain is followed at most once round, loops or not."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._shift, self._mini_shift = struct.unpack_from("<HH", content, 30)
        if self._shift not in (9, 12) or self._mini_shift != 6:
            raise RefusalError("damaged")
        directory, self._cutoff, mini = struct.unpack_from("<4xI4xII", content, 44)
        self._table = self._sector_table()
        self._mini_table = _words(self._chain(mini))
        self.names: dict[str, tuple[int, int]] = {}
        entries = self._chain(directory)
        root = None
        for place in range(0, len(entries) - 127, 128):
            entry = entries[place : place + 128]
            length, kind = struct.unpack_from("<HB", entry, 64)
            start, size = struct.unpack_from("<IQ", entry, 116)
            if kind == 5:
                root = (start, size)
            elif kind == 2:
                name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
                self.names[name] = (start, size & 0xFFFFFFFF)
        self._mini = self._chain(root[0]) if root else b""

    def read(self, name: str) -> bytes:
        """One stream."""
        start, size = self.names[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        pieces = [self._mini[sector << 6 : (sector + 1) << 6] for sector in _followed(start, self._mini_table)]
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        return self._content[(number + 1) << self._shift : (number + 2) << self._shift]

    def _sector_table(self) -> list[int]:
        sectors = [word for word in struct.unpack_from("<109I", self._content, 76) if word < _FREE]
        following, count = struct.unpack_from("<II", self._content, 68)
        for _ in range(min(count, len(self._content) >> self._shift)):
            if following >= _FREE:
                break
            *more, following = _words(self._sector(following))
            sectors += [word for word in more if word < _FREE]
        most = len(self._content) >> self._shift
        return _words(b"".join(self._sector(sector) for sector in sectors[: most + 1]))

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(sector) for sector in _followed(start, self._table))


def _words(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _followed(start: int, table: list[int]) -> list[int]:
    """The sectors of a chain. Raises `RefusalError` for a loop."""
    sectors: list[int] = []
    sector = start
    while sector < _FREE:
        if len(sectors) > len(table):
            raise RefusalError("damaged")
        sectors.append(sector)
        sector = table[sector]
    return sectors
