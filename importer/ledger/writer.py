"""Keeps what a run learns: in the ledger, and IDs that the ledger could not take in a file beside it.

`LedgerWriter` writes in groups, off the event loop: whatever gathers while one commit runs goes into the next.

`UnsavedIds` keeps the IDs that the server gave and the ledger could not take: kept first, spoken of afterwards, taken
by the next run. Each ledger and tracker have a file of their own, which only the run that has claimed them writes,
reads and takes away. A line is a JSON object. A process that is killed may leave half of one: its scope is looked up
like any other whose answer was not read.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import sqlite3
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from importer.catalogue.run import NOTICES
from importer.ledger.records import Intent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from importer.ledger.records import OutcomeRecord
    from importer.settings import Tracker

NAME = "pin-importer-rescued-ids-{}.txt"

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

Token = TypeVar("Token")
"""What the caller wants back beside each write, and knows the scope by."""


class Written(NamedTuple, Generic[Token]):
    """One group that was written, or could not be."""

    durable: bool
    """Whether the ledger has it."""
    intents: list[tuple[Token, Intent]]
    """The intents, each with what the caller knows its scope by."""
    outcomes: list[tuple[Token, OutcomeRecord]]
    """The outcomes, likewise."""


class LedgerWriter(Generic[Token]):
    """Takes intents and outcomes, and gives back group after group once it is durable.

    Once a write has failed none is tried again: what is on disk stays as it
    is, and every later group comes back as not durable.
    """

    def __init__(self, write: Callable[[list[Intent], list[OutcomeRecord]], None]) -> None:
        """`write` is the ledger's, for one run."""
        self._ledger_write = write
        self._intents: list[tuple[Token, Intent]] = []
        self._outcomes: list[tuple[Token, OutcomeRecord]] = []
        self._wanted = asyncio.Event()
        self._closing = False
        self.pending = 0
        """How many intents are on their way."""
        self.fault: sqlite3.Error | None = None
        """Why nothing is written any more."""
        self._thread = ThreadPoolExecutor(1, "ledger")

    def write_intent(self, token: Token, intent: Intent) -> None:
        """Make an intent durable."""
        self.pending += 1
        self._intents.append((token, intent))
        self._wanted.set()

    def write_outcome(self, token: Token, record: OutcomeRecord) -> None:
        """Make an outcome durable."""
        self._outcomes.append((token, record))
        self._wanted.set()

    def close(self) -> None:
        """Say that no more will come than what has gathered."""
        self._closing = True
        self._wanted.set()

    async def next_written(self) -> Written[Token] | None:
        """Wait until there is something to write, write it, and give it back; `None` at the end."""
        while not self._intents and not self._outcomes:
            if self._closing:
                self._thread.shutdown()
                return None
            self._wanted.clear()
            await self._wanted.wait()
        intents, self._intents = self._intents, []
        outcomes, self._outcomes = self._outcomes, []
        loop = asyncio.get_running_loop()
        durable = await loop.run_in_executor(self._thread, self._write, intents, outcomes)
        self.pending -= len(intents)
        return Written(durable, intents, outcomes)

    def _write(self, intents: list[tuple[Token, Intent]], outcomes: list[tuple[Token, OutcomeRecord]]) -> bool:
        """In the ledger's thread."""
        if self.fault is None:
            try:
                self._ledger_write([each for _, each in intents], [each for _, each in outcomes])
            except sqlite3.Error as error:
                self.fault = error
        return self.fault is None


class UnsavedIds:
    """Keeps IDs that are not in the ledger. `alarm` is called with each line that people should read."""

    def __init__(self, paths: Sequence[Path], alarm: Callable[[str], None]) -> None:
        self._paths = list(paths)
        self._alarm = alarm
        self.path: Path | None = None
        """The file that holds them, once there is one."""

    def keep(self, ids: Sequence[tuple[Intent, str]]) -> None:
        """Keep customizations, each with the intent that it was sent by, wherever a file can be written."""
        if not ids:
            return
        written = self._write_somewhere("".join(_line(intent, scope_id) for intent, scope_id in ids))
        for intent, scope_id in ids:
            said = NOTICES["rescued-id"]
            names = {"model": intent.model, "target_type": intent.target_type, "target": intent.target}
            self._alarm(said.format(**names, id=scope_id))
        self._alarm(NOTICES["rescued"].format(path=self.path) if written else NOTICES["rescued-nowhere"])

    def _write_somewhere(self, lines: str) -> bool:
        while self._paths:
            try:
                _append(self._paths[0], lines.encode())
            except OSError:
                self._paths.pop(0)
            else:
                self.path = self._paths[0]
                return True
        return False


def paths(ledger: Path, tracker: Tracker) -> list[Path]:
    """Where IDs may be kept: beside the ledger, at home, in this folder, among temporary files, in shared memory.

    Not each of the folders exists everywhere: a container may have no home, and a working folder can be deleted.
    """
    text = f"{ledger.resolve()}\n{tracker.tracker_id}\n{tracker.base_url}".encode("utf-8", "surrogateescape")
    name = NAME.format(hashlib.sha256(text).hexdigest()[:12])
    found = [ledger.parent / name]
    for folder in (Path.home, Path.cwd, tempfile.gettempdir):
        with contextlib.suppress(OSError, RuntimeError):
            found.append(Path(folder(), name))
    found.append(Path("/dev/shm", name))  # noqa: S108 - the name is ours, and no link there is followed
    return found


def read_back(path: Path) -> list[tuple[Intent, str]] | None:
    """What such a file holds; `None` where there is none that this user wrote."""
    try:
        file = os.open(path, os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
            return None
        return list(_read_lines(os.read(file, found.st_size)))
    finally:
        os.close(file)


def _read_lines(data: bytes) -> Iterator[tuple[Intent, str]]:
    for line in data.split(b"\n"):
        # Half a line is no JSON, and names no whole ID.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            said = json.loads(line)
            names = (str(said["model"]), str(said["target_type"]), str(said["target"]))
            intent = Intent(bytes.fromhex(said["fingerprint"]), int(said["key"]), *names, float(said["at"]), None)
            yield intent, str(said["id"])


def _line(intent: Intent, scope_id: str) -> str:
    said = {
        "model": intent.model,
        "target_type": intent.target_type,
        "target": intent.target,
        "fingerprint": intent.fingerprint.hex(),
        "key": intent.target_key,
        "at": intent.intent_at,
        "id": scope_id,
    }
    return f"{json.dumps(said, ensure_ascii=False)}\n"


def _append(path: Path, data: bytes) -> None:
    """Add whole lines to the end, durably, or leave it as it was. Raises `OSError` where that cannot be."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _NO_LINK, 0o600)
    try:
        before = os.lseek(file, 0, os.SEEK_END)
        try:
            # What was killed while it wrote may have left half a line.
            _write(file, b"\n" + data if before else data)
            os.fsync(file)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(file, before)
            if not before:
                with contextlib.suppress(OSError):
                    path.unlink()
            raise
    finally:
        os.close(file)


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
