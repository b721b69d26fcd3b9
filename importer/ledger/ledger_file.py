"""The ledger's file: how it is opened so that what is written stays written."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from pathlib import Path, PurePosixPath

from importer.catalogue.errors import ERRORS
from importer.errors import StoppedError
from importer.ledger.records import key_of
from importer.ledger.tables import STEPS, VERSION

PRIVATE = 0o600
"""The mode of a file that its owner alone may read and write."""

CHECKED_WHOLE = 64 * 1024**2
"""Up to this many bytes a file's indexes are compared with its tables when it is opened; larger ones are checked for
their structure alone."""

_FIRST_TABLES = {("places",), ("runs",), ("scopes",), ("former",)}
"""The tables that every version has, as rows of a select."""

_NETWORKS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afpfs", "davfs", "fuse.davfs2"})


class NewerError(sqlite3.DatabaseError):
    """A newer version of the importer made the file."""


class DamagedError(sqlite3.DatabaseError):
    """The file is damaged, or another program's."""


class CopiedError(sqlite3.DatabaseError):
    """The file was copied or moved without the log beside it that holds the newest of what it knows."""


class MovedError(sqlite3.OperationalError):
    """The file under this name is not the one that was opened: it was deleted, moved or replaced."""


def unusable(path: Path, error: Exception) -> StoppedError:
    """Why a ledger cannot be used, in words."""
    name = getattr(error, "sqlite_errorname", "")
    code = "ledger-open"
    if isinstance(error, NewerError):
        code = "ledger-newer"
    elif isinstance(error, CopiedError):
        code = "ledger-copied"
    elif name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        code = "ledger-busy"
    elif isinstance(error, sqlite3.DatabaseError) and not name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
        full = name.startswith(("SQLITE_FULL", "SQLITE_IOERR")) or (
            not name and type(error) is sqlite3.OperationalError
        )
        code = "ledger-write" if full else "ledger-damaged"
    return StoppedError(ERRORS[code].format(path=path), code=code)


Identity = tuple[int, int]
"""Device and inode: what a file is under all its names."""


def identity(path: Path) -> Identity:
    """What file stands under this name. Raises `OSError` where none does."""
    found = path.stat()
    return found.st_dev, found.st_ino


def connect(path: Path, *, local: bool | None = None) -> tuple[sqlite3.Connection, bool]:
    """A connection to the ledger's file, made with its tables if need be, and whether it uses a write-ahead log.

    On a network drive (`local` says so, or it is found out) a write-ahead log cannot be relied upon: there a rollback
    journal keeps what is committed. Raises `sqlite3.DatabaseError` or `OSError`.
    """
    # For its owner's eyes alone before there is anything to see; SQLite's logs get the same mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
    logged = has_log(path)
    db = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
    try:
        _refuse_unsound(db, path, logged=logged)
        wanted = "WAL" if (is_local(path) if local is None else local) else "DELETE"
        mode = str(db.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0])
        db.execute(f"PRAGMA synchronous = {'FULL' if mode == 'wal' else 'EXTRA'}")
        db.execute("PRAGMA wal_autocheckpoint = 4000")
        db.execute("PRAGMA cache_size = -65536")
        _make_tables(db)
        if (uses := _uses(db)) and place_of(path) not in uses:
            # It came with its log, which is read now and will go when this closes: from here on this is the file.
            db.execute("UPDATE in_use SET path = ?, device = ?, inode = ?", place_of(path))
    except BaseException:
        db.close()
        raise
    return db, mode == "wal"


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises `sqlite3.DatabaseError`, also where there is no such file.

    Where there is no write-ahead log, the file is opened for writing all the same: who may not write cannot take the
    log away that reading makes, and would leave it behind. A log that is there stays there.
    """
    logged = has_log(path)
    mode = f"{path.absolute().as_uri()}?mode={'ro' if logged else 'rw'}"
    db = sqlite3.connect(mode, uri=True, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA query_only = ON")
        _refuse_unsound(db, path, logged=logged)
    except BaseException:
        db.close()
        raise
    return db


def has_log(path: Path) -> bool:
    """Whether there is a write-ahead log beside the file: a run is writing, or was killed."""
    return Path(f"{os.path.realpath(path)}-wal").exists()


def place_of(path: Path) -> tuple[str, str, str]:
    """Where a ledger's file is, and which file it is, as `in_use` has it. Raises `OSError` where there is none."""
    device, inode = identity(path)
    return os.path.realpath(path), str(device), str(inode)


def _refuse_unsound(db: sqlite3.Connection, path: Path, *, logged: bool) -> None:
    """Nothing is sent by a memory that is not sound: raises `NewerError`, `DamagedError` or `CopiedError`."""
    version = version_of(db)
    if version > VERSION:
        raise NewerError
    names = set(db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall())
    if not _FIRST_TABLES.issubset(names) if version else names:
        raise DamagedError
    check = "integrity_check" if path.stat().st_size <= CHECKED_WHOLE else "quick_check"
    if db.execute(f"PRAGMA {check}(1)").fetchone()[0] != "ok":
        raise DamagedError
    # A file that a run had in use knows all only with its log, which another name or a copy does not have. The same
    # file under the same name may do without: then someone else took the log in.
    if not logged and version > 3 and (uses := _uses(db)) and place_of(path) not in uses:
        raise CopiedError


def _uses(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return db.execute("SELECT path, device, inode FROM in_use").fetchall()


def is_local(path: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Whether the file is on a drive of this machine, as far as the system says."""
    if sys.platform == "win32":
        return not str(path.resolve()).startswith("\\\\")
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return True
    place, nearest, kind = PurePosixPath(path.resolve().as_posix()), "", ""
    for line in lines:
        fields = line.split()
        # A blank in a path is written by its octal number (fstab(5)).
        if len(fields) > 2 and len(fields[1]) > len(nearest) and place.is_relative_to(fields[1].replace("\\040", " ")):
            nearest, kind = fields[1], fields[2]
    return kind not in _NETWORKS


def version_of(db: sqlite3.Connection) -> int:
    """The version of the tables."""
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    return found


def _renewed_key(key: int, *parts: str) -> int:
    """A target's key as it is made now: the first ledgers of version 1 made it by another hash."""
    text = "\n".join(parts).encode()
    first = int.from_bytes(hashlib.sha256(text).digest()[:8], "big", signed=True)
    return key_of(*parts) if key == first else key


def _make_tables(db: sqlite3.Connection) -> None:
    if version_of(db) == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process, of a newer version even, may have made them while this one waited.
        if version_of(db) > VERSION:
            raise NewerError  # noqa: TRY301 - what was begun is taken back
        db.create_function("renewed", 6, _renewed_key)
        for statement in STEPS.get(version_of(db), "").split(";\n"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
