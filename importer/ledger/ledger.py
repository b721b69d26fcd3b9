"""The ledger: what a run asks of it and writes into it.

It knows scopes by target and by the fingerprint of their content, never holds the key or a signature, and is written
before a byte leaves and before progress moves on.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import sqlite3
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from importer.catalogue.run import NOTICES
from importer.ledger.changes import Changes
from importer.ledger.ledger_file import (
    MovedError,
    connect,
    connect_to_read,
    identity,
    place_of,
    unusable,
    version_of,
)
from importer.ledger.lock import Lock, shared_lock_path
from importer.ledger.packing import packed
from importer.ledger.records import Baseline, Entry, Intent, LedgerStatus, OutcomeRecord, storable
from importer.ledger.upkeep import Upkeep
from importer.ledger.writer import paths, read_back
from importer.model import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from importer.settings import Tracker

_COLUMNS = (
    "fingerprint, target_key, fate, run, model, target_type, target, intent_at, {baseline}, id, created_at, since"
)
_UPSERT = """
INSERT INTO scopes (place, fingerprint, target_key, model, target_type, target, intent_at, baseline, body, run, fate)
VALUES {rows}
ON CONFLICT (target_key, fingerprint) DO UPDATE SET fate = 1, run = excluded.run, intent_at = excluded.intent_at,
    baseline = excluded.baseline, body = excluded.body
"""
_KEEP = """
INSERT INTO former (id, fingerprint, target_key, run, since, adopted, body)
SELECT id, fingerprint, target_key, run, since, adopted, body FROM scopes
WHERE target_key = ? AND fingerprint = ? AND id IS NOT NULL AND id IS NOT ?
    AND NOT EXISTS (SELECT 1 FROM former WHERE former.target_key = scopes.target_key AND former.id = scopes.id)
"""
_SETTLE = """
UPDATE scopes SET fate = ?, id = coalesce(?, id), created_at = coalesce(?, created_at), since = coalesce(?, since),
    run = coalesce(?, ?), adopted = coalesce(?, adopted)
WHERE target_key = ? AND fingerprint = ?
"""
_PACE = """
SELECT (SELECT count(*) FROM scopes WHERE scopes.run = runs.run AND fate = 2), ended - started FROM runs
WHERE place = ? AND ended > started ORDER BY run DESC LIMIT 5
"""

_TAKE_IN_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"

BATCH = 64
"""Rows to one statement: after each one the ledger's thread must wait for the sending one to let it go on. A row has
ten values, and SQLite before 3.32 takes 999 to a statement."""

ENOUGH_FOR_A_PACE = 50
"""Scopes that a run must have created for its pace to say anything."""


class Ledger(contextlib.AbstractContextManager["Ledger"]):
    """The ledger file. `open` makes or opens it, `view` opens it for reading only; a context manager.

    Its methods block, and may be called from any thread. `sqlite3.Error` from one that writes means that nothing of
    that call is durable.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        notices: tuple[Notice, ...] = (),
        probe: Callable[[str], None] | None = None,
    ) -> None:
        self.path = path
        self.notices = notices
        """What people should know of the file."""
        self._db = connection
        self._probe = probe
        self._guard = threading.RLock()
        self._identity = identity(path)
        self._uses: list[int | None] = []
        self._columns = _COLUMNS.format(baseline="baseline" if version_of(connection) > 2 else "NULL")

    @cached_property
    def changes(self) -> Changes:
        """What was replaced and deleted, and what was sent for it."""
        return Changes(self._rows, self._transaction, self._db)

    @cached_property
    def upkeep(self) -> Upkeep:
        """What people ask of it, and what they say to it."""
        return Upkeep(self._rows, self._entries, self._transaction, self._db, self.write)

    @classmethod
    def open(cls, path: Path, *, probe: Callable[[str], None] | None = None) -> Self:
        """Open the ledger, making it and its folder where they are missing.

        Raises `StoppedError` where it cannot be read or written, is damaged, or a newer version made it. `probe` is
        called with the name of each moment at which a fault would matter most.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            connection, logged = connect(path)
        except (sqlite3.DatabaseError, OSError, ValueError) as error:
            raise unusable(path, error) from None
        notices = () if logged else (Notice("ledger-no-wal", NOTICES["ledger-no-wal"].format(path=path)),)
        return cls(path, connection, notices, probe)

    @classmethod
    def view(cls, path: Path) -> Self | None:
        """The ledger for reading only; `None` where there is none yet. Raises `StoppedError` where it is unusable."""
        try:
            if not path.exists() or path.stat().st_size == 0:
                return None
            return cls(path, connect_to_read(path))
        except (sqlite3.DatabaseError, OSError, ValueError) as error:
            raise unusable(path, error) from None

    def close(self, *_: object) -> None:
        """Close the file. From then on it knows all by itself."""
        with self._guard:
            with contextlib.suppress(sqlite3.Error):
                self._db.executemany("DELETE FROM in_use WHERE run = ?", zip(self._uses, strict=True))
            with contextlib.suppress(sqlite3.Error):
                self._db.close()

    __exit__ = close

    @contextlib.contextmanager
    def claim(self, tracker: Tracker) -> Iterator[None]:
        """Keep every other process from sending to this tracker through this ledger, while the context lasts.

        The lock is the file's own, by device and inode, whatever name leads to it; a second one beside the file keeps
        other computers away from a ledger on a shared drive. Raises `StoppedError` naming the process that has it.
        """
        name = hashlib.sha256(f"{tracker.tracker_id}\n{tracker.base_url}".encode()).hexdigest()[:12]
        path = self.path.resolve()
        with Lock(shared_lock_path(self._identity, name)), Lock(path.with_name(f"{path.name}.{name}.lock")):
            self._take_rescued(tracker)
            yield

    def _take_rescued(self, tracker: Tracker) -> None:
        """Take the IDs that an earlier run read from the server and could not write here; then their file goes."""
        files = {}
        for path in paths(self.path, tracker):
            if os.path.lexists(path) and (found := read_back(path)) is not None:
                files[path] = found
        if not files:
            return
        # Where nothing can be written, as before, they wait for a run in which something can.
        with contextlib.suppress(sqlite3.Error):
            with self._transaction():
                tracker_number = self._make_number(tracker)
            claimed = self.claimed(tracker_number)
            for intent, scope_id in itertools.chain(*files.values()):
                entries = self.of_target(intent.target_key)
                known = next((each for each in entries if each.fingerprint == intent.fingerprint), None)
                if scope_id in claimed or (known is not None and known.status is LedgerStatus.CREATED):
                    continue
                run = known.run if known is not None else 0
                values = (LedgerStatus.CREATED, scope_id, None, intent.intent_at, run)
                record = OutcomeRecord(intent.fingerprint, intent.target_key, *values)
                self.write(tracker_number, run, [] if known is not None else [intent], [record])
            for path in files:
                with contextlib.suppress(OSError):
                    path.unlink()

    # ── Reading ─────────────────────────────────────────────────────────────────────────────────────────

    def number_of(self, tracker: Tracker) -> int | None:
        """The number under which the ledger keeps a tracker; `None` if it knows nothing of it."""
        rows = self._rows(
            "SELECT place FROM places WHERE tracker_id = ? AND base_url = ?", tracker.tracker_id, tracker.base_url
        )
        return rows[0][0] if rows else None

    def is_blank(self, tracker_number: int) -> bool:
        """Whether it knows no scope of that tracker."""
        return not self._rows("SELECT 1 FROM scopes WHERE place = ? LIMIT 1", tracker_number)

    def of_target(self, key: int) -> list[Entry]:
        """Every scope that is known for one target."""
        return self._entries("WHERE target_key = ?", key)

    def of_ids(self, tracker_number: int, ids: Iterable[str]) -> dict[str, Entry]:
        """The entries that customization IDs belong to."""
        wanted = frozenset(ids)
        if not wanted:
            return {}
        with self._guard:
            sql = f"SELECT {self._columns} FROM scopes WHERE place = ? AND id IS NOT NULL"  # noqa: S608
            rows = self._db.execute(sql, (tracker_number,))
            return {row[9]: _entry(row) for row in rows if row[9] in wanted}

    def claimed(self, tracker_number: int) -> set[str]:
        """Every ID that is known to be, or to have been, a scope's of that tracker."""
        rows = self._rows(
            """SELECT id FROM scopes WHERE place = ? AND id IS NOT NULL UNION SELECT former.id FROM former
            JOIN scopes USING (target_key, fingerprint) WHERE scopes.place = ?""",
            tracker_number,
            tracker_number,
        )
        return set(itertools.chain.from_iterable(rows))

    def baseline(self, number: int) -> Baseline | None:
        """The baseline of that number."""
        rows = self._rows("SELECT ids, total, complete FROM baselines WHERE baseline = ?", number)
        return Baseline(frozenset(json.loads(rows[0][0])), rows[0][1], bool(rows[0][2])) if rows else None

    def pace(self, tracker_number: int) -> float | None:
        """How many scopes a second the latest run created that created enough of them; `None` where none did."""
        rows = self._rows(_PACE, tracker_number)
        return next((count / seconds for count, seconds in rows if count >= ENOUGH_FOR_A_PACE), None)

    def again_since(self, tracker_number: int) -> int | None:
        """The first run of the wish `--again` that is still open; `None` if none is.

        A run with it that ended with 0, or `close_again`, closes it. What an open one created is not sent a third time
        by the next, whatever its exit code was.
        """
        first = None
        rows = self._rows("SELECT run, finished FROM runs WHERE place = ? AND again ORDER BY run DESC", tracker_number)
        for run, finished in rows:
            if finished:
                break
            first = run
        return first

    # ── Writing ─────────────────────────────────────────────────────────────────────────────────────────

    def begin(
        self, tracker: Tracker, *, file: str, sha256: str, again: bool, now: float, undoes: int | None = None
    ) -> tuple[int, int]:
        """Write down that a run starts, and which run it takes back, if any; the tracker's number and the run's.

        Raises `sqlite3.Error`.
        """
        with self._transaction():
            tracker_number = self._make_number(tracker)
            run = self._db.execute(
                "INSERT INTO runs (place, file, sha256, again, started, undoes) VALUES (?, ?, ?, ?, ?, ?)",
                (tracker_number, storable(file), sha256, again, now, undoes),
            )
            self._db.execute(
                "DELETE FROM baselines WHERE baseline NOT IN "
                "(SELECT baseline FROM scopes WHERE fate IN (1, 3, 4) AND baseline IS NOT NULL)"
            )
            number = run.lastrowid or 0
            logged = self._use(tracker_number, number)
        if logged:
            self._db.execute(_TAKE_IN_LOG)
        return tracker_number, number

    def resume(self, tracker_number: int, run: int) -> None:
        """Write down that a run that did not finish goes on. Raises `sqlite3.Error`."""
        with self._transaction():
            logged = self._use(tracker_number, run)
        if logged:
            self._db.execute(_TAKE_IN_LOG)

    def _use(self, tracker_number: int, run: int) -> bool:
        """Note that a run uses the file; whether there is a log, which it must take in then to say so by itself."""
        # A run that still has it in use for this tracker was killed: the claim lets in one at a time.
        self._db.execute("DELETE FROM in_use WHERE run IN (SELECT run FROM runs WHERE place = ?)", (tracker_number,))
        logged = bool(self._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal")
        if logged:
            self._db.execute("INSERT INTO in_use VALUES (?, ?, ?, ?)", (run, *place_of(self.path)))
            self._uses.append(run)
        return logged

    def _make_number(self, tracker: Tracker) -> int:
        where = (tracker.tracker_id, tracker.base_url)
        self._db.execute("INSERT OR IGNORE INTO places (tracker_id, base_url) VALUES (?, ?)", where)
        found = self._db.execute("SELECT place FROM places WHERE tracker_id = ? AND base_url = ?", where).fetchone()
        return int(found[0])

    def end(self, run: int, *, now: float) -> None:
        """Write down that a run has sent all that it will."""
        with self._transaction():
            self._db.execute("UPDATE runs SET ended = ? WHERE run = ?", (now, run))

    def fulfil(self, run: int) -> None:
        """Write down that a run ended with every row created: what a person asked of it is done."""
        with self._transaction():
            self._db.execute("UPDATE runs SET finished = 1 WHERE run = ?", (run,))

    def add_baseline(self, baseline: Baseline) -> int:
        """Make a baseline durable; its number. Raises `sqlite3.Error`."""
        with self._transaction():
            values = (json.dumps(sorted(baseline.ids)), baseline.total, baseline.complete)
            made = self._db.execute("INSERT INTO baselines (ids, total, complete) VALUES (?, ?, ?)", values)
        return made.lastrowid or 0

    def write(
        self, tracker_number: int, run: int, intents: Sequence[Intent], outcomes: Sequence[OutcomeRecord]
    ) -> None:
        """Make intents and outcomes durable, all of them in one commit. Raises `sqlite3.Error` if it cannot."""
        with self._transaction():
            self._keep([(each.target_key, each.fingerprint, None) for each in intents])
            for at in range(0, len(intents), BATCH):
                part = intents[at : at + BATCH]
                rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"] * len(part))
                values = [value for each in part for value in (tracker_number, *each[:-1], packed(each.body), run)]
                self._db.execute(_UPSERT.format(rows=rows), values)
            created = [(each.target_key, each.fingerprint, each.id) for each in outcomes if each.id is not None]
            self._keep(created)
            self._db.executemany(_SETTLE, [_settled(each, run) for each in outcomes])

    def _keep(self, scopes: Sequence[tuple[int, bytes, str | None]]) -> None:
        """Keep the IDs of their earlier lives, which these are about to replace. Mostly there are none."""
        for at in range(0, len(scopes), BATCH):
            part = scopes[at : at + BATCH]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT 1 FROM scopes WHERE target_key IN ({marks}) AND id IS NOT NULL LIMIT 1"  # noqa: S608 - marks
            if self._db.execute(sql, [each[0] for each in part]).fetchone() is not None:
                self._db.executemany(_KEEP, part)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._guard:
            if self._probe is not None:
                self._probe("before-commit")
            self._same_file()
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
            self._same_file()
            if self._probe is not None:
                self._probe("after-commit")

    def _same_file(self) -> None:
        """A commit into a file that was deleted or replaced is in no memory: raises `MovedError`."""
        try:
            same = identity(self.path) == self._identity
        except OSError:
            same = False
        if not same:
            raise MovedError("the ledger was deleted, moved or replaced")

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with self._guard:
            return self._db.execute(sql, values).fetchall()

    def _entries(self, where: str, *values: object) -> list[Entry]:
        return [_entry(row) for row in self._rows(f"SELECT {self._columns} FROM scopes {where}", *values)]  # noqa: S608


def _entry(row: Any) -> Entry:
    return Entry(row[0], row[1], LedgerStatus(row[2]), *row[3:])


def _settled(record: OutcomeRecord, run: int) -> tuple[object, ...]:
    """The values of `_SETTLE`."""
    said = (record.status, record.id, record.created_at, record.since, record.run, run, record.adopted)
    return (*said, record.target_key, record.fingerprint)
