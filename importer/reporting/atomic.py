"""Files written whole or not at all: a temporary file in the same folder, flushed to the disk, then renamed.

A process that is killed leaves its temporary file behind; the next one that writes into the folder takes it away. Each
is locked by the process that writes it: one with our name, of this user, that nobody has locked, is nobody's any more.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from importer.ledger.lock import is_still_there, try_lock

Probe = Callable[[str], None]
"""Called with the name of each step, so that a test can fail there."""


_OURS = re.compile(r"\..+\.[0-9a-f]{12}\.pin-importer\.tmp")


def write_whole(
    path: Path,
    write: Callable[[IO[bytes]], object],
    *,
    replace: bool,
    others: Iterable[str] = (),
    probe: Probe | None = None,
) -> Path:
    """Write a file through `write` and return its path; it is there whole, or the folder is as it was.

    With `replace` an older file is replaced; without, none is, even if another process made it a moment ago. Where the
    path is taken, or locked by another program, the file gets the first of the `others` (names in the same folder) that
    is free. Raises `OSError` where the folder cannot be written or every name is taken.
    """
    real = Path(os.path.realpath(path))  # a symbolic link stays one: what it leads to is replaced
    take_away_left_behind(real.parent)
    temporary, stream = _begin(real)
    try:
        with stream:
            if probe:
                probe("before-write")
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
            if os.name == "nt":  # there no open file can be renamed
                stream.close()
            if probe:
                probe("before-rename")
            published = real
            try:
                _publish(temporary, real, replace=replace)
            except OSError as trouble:
                published = _publish_elsewhere(temporary, map(real.with_name, others), trouble)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_folder(real.parent)
    return path if published == real else published


def take_away_left_behind(folder: Path) -> None:
    """Delete the temporary files that killed processes of this user left in a folder. Never raises."""
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(folder)):
            if _OURS.fullmatch(entry.name):
                with contextlib.suppress(OSError):
                    _take_away(Path(entry.path))


def _take_away(path: Path) -> None:
    """Delete a temporary file of this user, unless a process that lives has it locked."""
    file = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        found = os.fstat(file)
        ours = stat.S_ISREG(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())
        if not ours or not try_lock(file):
            return
        if os.name != "nt" and is_still_there(path, file):
            path.unlink()
    finally:
        os.close(file)
    if os.name == "nt":  # there an open file cannot be deleted, so that one in use stays
        path.unlink()


def _begin(real: Path) -> tuple[Path, IO[bytes]]:
    """Create a temporary file for a path, open and locked where files can be."""
    while True:
        temporary = real.with_name(f".{cut(real.name, 100)}.{secrets.token_hex(6)}.pin-importer.tmp")
        stream = temporary.open("xb")
        try:
            mine = try_lock(stream.fileno()) and is_still_there(temporary, stream.fileno())
        except OSError:
            mine = True  # where nothing can be locked, nothing is taken away
        if mine:
            return temporary, stream
        stream.close()  # another process took it for one that was left behind, and has deleted it


def _publish_elsewhere(temporary: Path, others: Iterable[Path], trouble: OSError) -> Path:
    """The first of the other paths that is free; raises the trouble if none is."""
    for other in others:
        with contextlib.suppress(OSError):
            _publish(temporary, other, replace=False)
            return other
    raise trouble from None


def _publish(temporary: Path, path: Path, *, replace: bool) -> None:
    """Give the temporary file its name; raises `OSError` where that cannot be done."""
    if path.exists() and not path.is_file():
        raise IsADirectoryError(path)
    if replace:
        temporary.replace(path)
        return
    try:
        os.link(temporary, path)  # unlike a rename, it never goes over a file that is there
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # Some network drives and memory cards know no links.
        if path.exists():
            raise FileExistsError(path) from None
        temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where folders can be opened for that (not on Windows)."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def cut(name: str, most: int) -> str:
    """The beginning of a name that takes so many bytes at most."""
    return os.fsencode(name)[:most].decode("utf-8", "ignore")
