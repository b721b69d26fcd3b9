"""Files written whole or not at all: a temporary file in the same folder, flushed to the disk, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import IO

Probe = Callable[[str], None]
"""Called with the name of each step, so that a test can fail there."""


def _no_probe(step: str) -> None:
    del step


def write_whole(
    path: Path, write: Callable[[IO[bytes]], object], *, replace: bool, probe: Probe | None = None
) -> None:
    """Writes a file through `write`; afterwards it is there whole, or the folder is as it was.

    With `replace` an older file is replaced; without, `FileExistsError` is raised if there is one, even if another
    process made it a moment ago. Raises `OSError` where the folder or the file cannot be written.
    """
    probe = probe or _no_probe
    if not replace and path.exists():
        raise FileExistsError(path)
    if path.exists() and not path.is_file():
        raise IsADirectoryError(path)
    path = Path(os.path.realpath(path))
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        with open(temporary, "xb") as stream:  # noqa: PTH123 - Path.open has no exclusive default either
            probe("before-write")
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        probe("before-rename")
        _publish(temporary, path, replace=replace)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _publish(temporary: Path, path: Path, *, replace: bool) -> None:
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
