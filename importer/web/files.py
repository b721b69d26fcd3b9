"""What is uploaded: bounded, under names that the page makes, in a private folder that goes when the process does."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from importer.catalogue.web import TROUBLE
from importer.errors import FileError, StoppedError
from importer.ledger.lock import Lock

MOST_BYTES = 512 * 1024**2
"""The largest file that is taken in."""
PREFIX, LOCK = "pin-importer-web-", "lock"
CHUNK = 256 * 1024
LONGEST_NAME = 80

_OTHERS = re.compile(r"[^\w .()-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_name(given: str) -> str:
    """A name of our own for an uploaded file: letters, digits and a few signs of the given one, and never a path, a
    formula, a hidden file or a name that a system keeps for itself."""
    name = _OTHERS.sub("_", re.split(r"[/\\]", given)[-1])
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    ending = re.sub(r"[^A-Za-z0-9]", "", ending)[:5]
    stem = stem.strip(" ._-")[:LONGEST_NAME].strip(" ._-")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"sheet {stem}".strip()
    return f"{stem}.{ending}" if ending else stem


class Folder:
    """The private folder of one process, locked while that lives. Making one takes away those of killed processes."""

    def __init__(self) -> None:
        for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            _take_away(path)
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = Lock(self.path / LOCK)
        self._lock.__enter__()
        self._count = 0

    def place(self, name: str) -> Path:
        """A new path for a file with this name, in a folder of its own."""
        self._count += 1
        folder = self.path / str(self._count)
        folder.mkdir()
        return folder / safe_name(name)

    async def take(self, name: str, read: Callable[[int], Awaitable[bytes]], most: int = MOST_BYTES) -> Path:
        """Write what is uploaded, chunk by chunk. Raises `FileError` for more than `most` bytes and for a full disk."""
        path = self.place(name)
        try:
            await _written(path, read, most)
        except OSError:
            await asyncio.to_thread(self.drop, path)
            raise FileError(TROUBLE["disk"], code="disk") from None
        except BaseException:
            self.drop(path)
            raise
        return path

    @staticmethod
    def drop(path: Path) -> None:
        """Delete what was uploaded."""
        shutil.rmtree(path.parent, ignore_errors=True)

    def close(self) -> None:
        """Delete everything."""
        self._lock.__exit__()
        shutil.rmtree(self.path, ignore_errors=True)


def _take_away(path: Path) -> None:
    """Delete the folder of a process that was killed: nobody holds its lock."""
    with suppress(OSError, StoppedError):
        if (path / LOCK).exists():
            with Lock(path / LOCK):
                pass
            shutil.rmtree(path, ignore_errors=True)


async def _written(path: Path, read: Callable[[int], Awaitable[bytes]], most: int) -> None:
    size = 0
    stream = await asyncio.to_thread(path.open, "xb")
    try:
        while chunk := await read(CHUNK):
            size += len(chunk)
            if size > most:
                raise FileError(TROUBLE["too-big"].format(megabytes=most // 1024**2), code="too-big")
            await asyncio.to_thread(stream.write, chunk)
        if not size:
            raise FileError(TROUBLE["empty"], code="empty")
    finally:
        await asyncio.to_thread(stream.close)
