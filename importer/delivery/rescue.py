"""IDs that the server gave and the ledger could not take: into a file of their own, wherever one can be written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from importer.catalogue.run import NOTICES
from importer.delivery.records import Fate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from importer.delivery.job import Job
    from importer.delivery.records import Verdict

NAME = "pin-importer-rescued-ids.txt"


class Rescue:
    """Keeps IDs that are not in the ledger. `alarm` is told each line; `path` is the file, if there is one."""

    def __init__(self, folders: Sequence[Path], alarm: Callable[[str], None]) -> None:
        self._folders = list(folders)
        self._alarm = alarm
        self.path: Path | None = None

    def keep(self, unsaved: Sequence[tuple[Job, Verdict]]) -> None:
        """Keep the IDs among the verdicts that could not be written."""
        lines = [
            NOTICES["rescued-id"].format(model=job.model, target_type=job.target_type, target=job.target, id=verdict.id)
            for job, verdict in unsaved
            if verdict.fate is Fate.CREATED
        ]
        if not lines:
            return
        for line in lines:
            self._alarm(line)
        self._alarm(NOTICES["rescued"].format(path=self.path) if self._written(lines) else NOTICES["rescued-nowhere"])

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
    """Where IDs may be kept: beside the ledger, in this folder, at home, among temporary files."""
    return [ledger.parent, Path.cwd(), Path.home(), Path(tempfile.gettempdir())]


def _append(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
    finally:
        os.close(file)
