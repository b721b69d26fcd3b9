"""IDs that the server gave and the ledger could not take: kept first, spoken of afterwards."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from importer.catalogue.run import NOTICES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAME = "pin-importer-rescued-ids.txt"


class UnsavedIds:
    """Keeps IDs that are not in the ledger. `alarm` is told each line; `path` is the file, if there is one."""

    def __init__(self, folders: Sequence[Path], alarm: Callable[[str], None]) -> None:
        self._folders = list(folders)
        self._alarm = alarm
        self.path: Path | None = None

    def keep(self, ids: Sequence[tuple[str, str, str, str]]) -> None:
        """Keep customizations, each by model, target type, target and ID, wherever a file can be written."""
        lines = [
            NOTICES["rescued-id"].format(model=model, target_type=target_type, target=target, id=scope_id)
            for model, target_type, target, scope_id in ids
        ]
        if not lines:
            return
        written = self._written(lines)
        for line in lines:
            self._alarm(line)
        self._alarm(NOTICES["rescued"].format(path=self.path) if written else NOTICES["rescued-nowhere"])

    def _written(self, lines: Sequence[str]) -> bool:
        data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
        while self._folders:
            path = self._folders[0] / NAME
            try:
                _append(path, data)
            except OSError:
                self._folders.pop(0)
            else:
                self.path = path
                return True
        return False


def folders(ledger: Path) -> list[Path]:
    """Where IDs may be kept: beside the ledger, in this folder, at home, among temporary files, in shared memory.

    Not each of them exists everywhere: a container may have no home, and a working folder can be deleted.
    """
    found = [ledger.parent]
    for place in (Path.cwd, Path.home, lambda: Path(tempfile.gettempdir()), lambda: Path("/dev/shm")):  # noqa: S108
        with contextlib.suppress(OSError, RuntimeError):
            found.append(place())
    return found


def _append(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
    finally:
        os.close(file)
