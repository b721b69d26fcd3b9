"""Files written whole or not at all: a temporary file in the same folder, flushed to the disk, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from importer.reporting.naming import cut

Probe = Callable[[str], None]
"""Called with the name of each step, so that a test can fail there."""


def _no_probe(step: str) -> None:
    del step


def write_whole(
    path: Path,
    write: Callable[[IO[bytes]], object],
    *,
    replace: bool,
    others: Iterable[str] = (),
    probe: Probe | None = None,
) -> Path:
    """Writes a file through `write` and returns its path; it is there whole, or the folder is as it was.

    With `replace` an older file is replaced; without, none is, even if another process made it a moment ago. Where the
    path is taken, or locked by another program, the file gets the first of the `others` (names in the same folder) that
    is free. Raises `OSError` where the folder cannot be written or no name can be had.
    """
    probe = probe or _no_probe
    real = Path(os.path.realpath(path))  # a symbolic link stays one: what it leads to is replaced
    temporary = real.with_name(f".{cut(real.name, 100)}.{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as stream:
            probe("before-write")
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        probe("before-rename")
        published = _publish_first(temporary, real, replace=replace, others=others)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_folder(real.parent)
    return path if published == real else published


def _publish_first(temporary: Path, path: Path, *, replace: bool, others: Iterable[str]) -> Path:
    try:
        _publish(temporary, path, replace=replace)
    except OSError as trouble:
        for other in map(path.with_name, others):
            with contextlib.suppress(OSError):
                _publish(temporary, other, replace=False)
                return other
        raise trouble from None
    return path


def _publish(temporary: Path, path: Path, *, replace: bool) -> None:
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
    """Makes the rename itself durable, where folders can be opened for that (not on Windows)."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
