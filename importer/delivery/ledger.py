"""What was sent, remembered: a SQLite file that survives kills and power loss.

It knows scopes by target and by the fingerprint of their content, never holds the key or a signature, and is written
before a byte leaves and before progress moves on.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Self

from importer.catalogue.run import ERRORS, NOTICES
from importer.delivery.lock import Lock
from importer.delivery.records import Entry, Fate, Intent, RunEntry, Verdict, storable
from importer.delivery.storage import NewerError, connected, viewed
from importer.errors import StoppedError
from importer.model import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from importer.settings import Target

_COLUMNS = (
    "fingerprint, target_key, fate, run, model, target_type, target, intent_at, doubt, signed_at, id, created_at, since"
)
_UPSERT = """
INSERT INTO scopes (place, fingerprint, target_key, model, target_type, target, intent_at, doubt, run, fate)
VALUES {rows}
ON CONFLICT (target_key, fingerprint) DO UPDATE SET fate = 1, run = excluded.run, intent_at = excluded.intent_at,
    doubt = excluded.doubt, signed_at = NULL, id = NULL, created_at = NULL, since = NULL
"""
_KEEP = """
INSERT INTO former (id, fingerprint, target_key, run, since)
SELECT id, fingerprint, target_key, run, since FROM scopes WHERE target_key = ? AND fingerprint = ? AND id IS NOT NULL
"""
_SETTLE = """
UPDATE scopes SET fate = ?, id = coalesce(?, id), created_at = coalesce(?, created_at), since = coalesce(?, since),
    signed_at = coalesce(?, signed_at), run = ?
WHERE target_key = ? AND fingerprint = ?
"""
_RUNS = """
SELECT run, tracker_id, base_url, file, started, ended,
    (SELECT count(*) FROM scopes WHERE scopes.run = runs.run AND fate = 2),
    (SELECT count(*) FROM scopes WHERE scopes.run = runs.run AND fate IN (1, 3, 4))
FROM runs JOIN places USING (place) ORDER BY run DESC
"""

BATCH = 64
"""Rows to one statement: after each one the ledger's thread must wait for the sending one to let it go on. A row has
nine values, and SQLite before 3.32 takes 999 to a statement."""


class Ledger:
    """The ledger file. `open` makes or opens it, `view` opens it for reading only; a context manager.

    Its methods block, and may be called from any thread. `sqlite3.Error` from `write` means that nothing of that call
    is durable. `notices` is what people should know of the file.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        notices: tuple[Notice, ...] = (),
        probe: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.path = path
        self.notices = notices
        self._db = connection
        self._probe = probe
        self._guard = threading.RLock()

    @classmethod
    def open(cls, path: Path, *, probe: Callable[[str], None] = lambda _: None) -> Self:
        """Open the ledger, making it and its folder where they are missing.

        Raises `StoppedError` where it cannot be read or written, or a newer version made it. `probe` is called with
        the name of each moment at which a fault would matter most.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            connection, logged = connected(path)
        except (sqlite3.DatabaseError, OSError) as error:
            raise _unusable(path, error) from None
        notices = () if logged else (Notice("ledger-no-wal", NOTICES["ledger-no-wal"].format(path=path)),)
        return cls(path, connection, notices, probe)

    @classmethod
    def view(cls, path: Path) -> Self | None:
        """The ledger for reading only; `None` where there is none yet. Raises `StoppedError` where it is unusable."""
        if not path.exists() or path.stat().st_size == 0:
            return None
        try:
            return cls(path, viewed(path))
        except (sqlite3.DatabaseError, OSError) as error:
            raise _unusable(path, error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._guard, contextlib.suppress(sqlite3.Error):
            self._db.close()

    @contextlib.contextmanager
    def claim(self, target: Target) -> Iterator[None]:
        """Keep every other process from sending to this target through this ledger, while the context lasts.

        Raises `StoppedError` naming the process that has it.
        """
        name = hashlib.sha256(f"{target.tracker_id}\n{target.base_url}".encode()).hexdigest()[:12]
        with Lock(self.path.with_name(f"{self.path.name}.{name}.lock")):
            yield

    # ── Reading ─────────────────────────────────────────────────────────────────────────────────────────

    def place(self, target: Target) -> int | None:
        """The number under which the ledger keeps a target; `None` if it knows nothing of it."""
        rows = self._rows(
            "SELECT place FROM places WHERE tracker_id = ? AND base_url = ?", target.tracker_id, target.base_url
        )
        return rows[0][0] if rows else None

    def is_blank(self, place: int) -> bool:
        """Whether it knows no scope of that place."""
        return not self._rows("SELECT 1 FROM scopes WHERE place = ? LIMIT 1", place)

    def of_target(self, key: int) -> list[Entry]:
        """Every entry of one target, whatever its content; the newest comes first."""
        return self._entries("WHERE target_key = ? ORDER BY scope DESC", key)

    def of_ids(self, place: int, ids: Iterable[str]) -> dict[str, Entry]:
        """The entries that customization IDs belong to."""
        wanted = frozenset(ids)
        if not wanted:
            return {}
        with self._guard:
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM scopes WHERE place = ? AND id IS NOT NULL", (place,))  # noqa: S608
            return {row[10]: _entry(row) for row in rows if row[10] in wanted}

    def claimed(self, key: int) -> frozenset[str]:
        """Every ID that is known to be a scope's of one target."""
        rows = self._rows(
            """SELECT id FROM scopes WHERE target_key = ? AND id IS NOT NULL
            UNION SELECT id FROM former WHERE target_key = ?""",
            key,
            key,
        )
        return frozenset(row[0] for row in rows)

    def witnesses(self, place: int, count: int) -> list[Entry]:
        """The scopes that were created last, newest first."""
        return self._entries("WHERE place = ? AND fate = 2 ORDER BY scope DESC LIMIT ?", place, count)

    def runs(self) -> list[RunEntry]:
        """All runs, the newest first."""
        return [RunEntry(*row) for row in self._rows(_RUNS)]

    def unknown(self) -> list[Entry]:
        """Every scope of unknown fate, in the order of sending."""
        return self._entries("WHERE fate IN (1, 3, 4) ORDER BY scope")

    def again_since(self, place: int, sha256: str) -> int | None:
        """The first of the latest unfinished runs that sent this very file `--again`; `None` if there is none.

        What such a run created is not sent a third time when the same command finishes the job.
        """
        first = None
        rows = self._rows("SELECT run, sha256, again, finished FROM runs WHERE place = ? ORDER BY run DESC", place)
        for run, sha, again, finished in rows:
            if sha != sha256 or not again or finished:
                break
            first = run
        return first

    # ── Writing ─────────────────────────────────────────────────────────────────────────────────────────

    def begin(self, target: Target, *, file: str, sha256: str, again: bool, now: float) -> tuple[int, int]:
        """Write down that a run starts; its place and its number. Raises `sqlite3.Error`."""
        where = (target.tracker_id, target.base_url)
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO places (tracker_id, base_url) VALUES (?, ?)", where)
            place = self._db.execute("SELECT place FROM places WHERE tracker_id = ? AND base_url = ?", where).fetchone()
            run = self._db.execute(
                "INSERT INTO runs (place, file, sha256, again, started) VALUES (?, ?, ?, ?, ?)",
                (place[0], storable(file), sha256, again, now),
            )
        return place[0], run.lastrowid or 0

    def end(self, run: int, *, finished: bool, now: float) -> None:
        """Write down that a run ended; `finished` is whether it came to the end of its scopes."""
        with self._transaction():
            self._db.execute("UPDATE runs SET ended = ?, finished = ? WHERE run = ?", (now, finished, run))

    def write(self, place: int, run: int, intents: Sequence[Intent], verdicts: Sequence[Verdict]) -> None:
        """Make intents and verdicts durable, all of them in one commit. Raises `sqlite3.Error` if it cannot."""
        with self._transaction():
            self._db.executemany(
                _KEEP, [(intent.target_key, intent.fingerprint) for intent in intents if intent.replaces]
            )
            for at in range(0, len(intents), BATCH):
                part = intents[at : at + BATCH]
                rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"] * len(part))
                values = [value for intent in part for value in (place, *intent[:7], run)]
                self._db.execute(_UPSERT.format(rows=rows), values)
            self._db.executemany(
                _SETTLE,
                [
                    (v.fate, v.id, v.created_at, v.since, v.signed_at, run, v.target_key, v.fingerprint)
                    for v in verdicts
                ],
            )

    def forget_run(self, run: int) -> int:
        """Forget all scopes of a run; how many. What was created stays in Luigi's Box. Raises `sqlite3.Error`."""
        with self._transaction():
            count = self._db.execute("DELETE FROM scopes WHERE run = ?", (run,)).rowcount
            self._db.execute("DELETE FROM runs WHERE run = ?", (run,))
        return count

    def forget_scope(self, name: str) -> int:
        """Forget one scope, by its customization ID or the first eight or more digits of its fingerprint; how many.

        What was created stays in Luigi's Box. Raises `sqlite3.Error`.
        """
        with self._transaction():
            count = self._db.execute("DELETE FROM scopes WHERE id = ?", (name,)).rowcount
            if not count and len(name) >= 8 and set(name.upper()) <= set("0123456789ABCDEF"):
                count = self._db.execute("DELETE FROM scopes WHERE hex(fingerprint) LIKE ? || '%'", (name,)).rowcount
        return count

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._guard:
            self._probe("before-commit")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
            self._probe("after-commit")

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with self._guard:
            return self._db.execute(sql, values).fetchall()

    def _entries(self, where: str, *values: object) -> list[Entry]:
        return [_entry(row) for row in self._rows(f"SELECT {_COLUMNS} FROM scopes {where}", *values)]  # noqa: S608


def _entry(row: Any) -> Entry:
    return Entry(row[0], row[1], Fate(row[2]), *row[3:])


def _unusable(path: Path, error: Exception) -> StoppedError:
    code = "ledger-newer" if isinstance(error, NewerError) else "ledger-open"
    if isinstance(error, sqlite3.DatabaseError) and getattr(error, "sqlite_errorname", "") in {
        "SQLITE_NOTADB",
        "SQLITE_CORRUPT",
    }:
        code = "ledger-damaged"
    return StoppedError(ERRORS[code].format(path=path), code=code)
