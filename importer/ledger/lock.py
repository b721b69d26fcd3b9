"""One process at a time for a ledger and a target. The system frees the lock of a process that dies."""

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

from importer.catalogue.run import ERRORS
from importer.errors import StoppedError

if TYPE_CHECKING:
    from importer.ledger.ledger_file import Identity

_BEYOND = 1 << 30
"""The byte that Windows locks: past the text, which others are to read."""

_TAKEN = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})


def shared_lock_path(identity: Identity, name: str) -> Path:
    """Where every process of this user on this computer locks the same file, whatever name it opens it by."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    device, inode = identity
    return Path(tempfile.gettempdir(), f"pin-importer-{user}-{device:x}-{inode:x}-{name}.lock")


class Lock:
    """A lock file, held while the context lasts. Raises `StoppedError`, naming the process that has it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> Self:
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            _lock(self._file)
        except OSError as error:
            raise self._refused(error) from None
        # The card only names who has it: on a full disk the lock holds without one.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.write(self._file, _card())
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
        os.close(self._file)

    def _refused(self, error: OSError) -> StoppedError:
        if self._file < 0 or error.errno not in _TAKEN:
            self._close()
            return StoppedError(ERRORS["lock-failed"].format(path=self._path), code="lock-failed")
        who = os.pread(self._file, 4096, 0) if hasattr(os, "pread") else os.read(self._file, 4096)
        self._close()
        return StoppedError(ERRORS["locked"].format(who=_who(who)), code="locked")

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _card() -> bytes:
    card = {"process": os.getpid(), "computer": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
    return json.dumps(card).encode()


def _who(card: bytes) -> str:
    """Who has it, in words; it may just be writing its card."""
    try:
        found = json.loads(card)
        return ERRORS["locked-by"].format(**{key: found[key] for key in ("process", "computer", "since")})
    except (ValueError, KeyError, TypeError):
        return ERRORS["locked-by-someone"]


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, _BEYOND, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(file, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
