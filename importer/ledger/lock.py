"""One process at a time for a ledger and a target. The system frees the lock of a process that dies.

A lock file goes with its lock; that of a process that was killed goes with the next one.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from importer.catalogue.errors import ERRORS
from importer.errors import StoppedError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from importer.ledger.ledger_file import Identity

_BEYOND = 1 << 30
"""The byte that Windows locks: past the text, which others are to read."""

TRIALS = 100
"""How often a lock file may be taken away while it is being locked."""

_TAKEN = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})


def shared_lock_path(identity: Identity, name: str) -> Path:
    """Where every process of this user on this computer locks the same file, under any name."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    device, inode = identity
    return Path(tempfile.gettempdir(), f"pin-importer-{user}-{device:x}-{inode:x}-{name}.lock")


def try_lock(file: int) -> bool:
    """Lock an open file for this process alone; `False` where another one has it.

    Raises `OSError` where files cannot be locked, as on some network drives.
    """
    try:
        if sys.platform == "win32":
            os.lseek(file, _BEYOND, os.SEEK_SET)
            try:
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(file, 0, os.SEEK_SET)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    return True


def is_still_there(path: Path, file: int) -> bool:
    """Whether an open file is the one that stands under its name: who had its lock before may have taken it away."""
    try:
        there, ours = path.lstat(), os.fstat(file)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


class Lock:
    """A lock file, there and held while the context lasts. Raises `StoppedError`, naming the process that has it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> Self:
        for _ in range(TRIALS):
            if self._is_mine():
                # The card only names who has it: on a full disk the lock holds without one.
                with contextlib.suppress(OSError):
                    since = time.strftime("%Y-%m-%d %H:%M:%S")
                    card = {"process": os.getpid(), "computer": socket.gethostname(), "since": since}
                    os.ftruncate(self._file, 0)
                    os.write(self._file, json.dumps(card).encode())
                return self
            # It was taken away between opening and locking, by the process that had it: the next one must be locked.
            os.close(self._file)
        raise self._failed()

    def __exit__(self, *_: object) -> None:
        # Windows deletes no open file. Elsewhere it goes while it is locked, so that nobody else's is ever taken away.
        closes_first = os.name == "nt"
        if closes_first:
            os.close(self._file)
        if closes_first or is_still_there(self._path, self._file):
            with contextlib.suppress(OSError):
                self._path.unlink()
        if not closes_first:
            os.close(self._file)

    def _is_mine(self) -> bool:
        """Open and lock it; whether it is still there then."""
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except OSError:
            raise self._failed() from None
        try:
            locked = try_lock(self._file)
            who = b"" if locked else _read(self._file)
        except OSError:
            os.close(self._file)
            raise self._failed() from None
        if not locked:
            os.close(self._file)
            raise StoppedError(ERRORS["locked"].format(who=_who(who)), code="locked")
        return is_still_there(self._path, self._file)

    def _failed(self) -> StoppedError:
        return StoppedError(ERRORS["lock-failed"].format(path=self._path), code="lock-failed")


def _read(file: int) -> bytes:
    return os.pread(file, 4096, 0) if hasattr(os, "pread") else os.read(file, 4096)


def _who(card: bytes) -> str:
    """Who has it, in words; it may just be writing its card."""
    try:
        found = json.loads(card)
        return ERRORS["locked-by"].format(**{key: found[key] for key in ("process", "computer", "since")})
    except (ValueError, KeyError, TypeError):
        return ERRORS["locked-by-someone"]
