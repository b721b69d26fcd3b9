"""What people ask of the ledger and say to it: its runs, what is unknown, what to forget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importer.ledger.changes import FIRST_WITH_CHANGES
from importer.ledger.ledger_file import version_of
from importer.ledger.records import Entry, LedgerStatus, OutcomeRecord, RunEntry

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from contextlib import AbstractContextManager

_RUNS = """
SELECT run, tracker_id, base_url, file, started, ended,
    (SELECT count(*) FROM scopes WHERE scopes.run = runs.run AND fate = 2),
    (SELECT count(*) FROM scopes WHERE scopes.run = runs.run AND fate IN (1, 3, 4))
    {changed}
FROM runs JOIN places USING (place) ORDER BY run DESC
"""
_CHANGED = """
    + (SELECT count(*) FROM changes WHERE changes.run = runs.run AND status IN (1, 3)),
    (SELECT count(*) FROM changes WHERE changes.run = runs.run AND status = 2 AND kind = 1),
    (SELECT count(*) FROM changes WHERE changes.run = runs.run AND status = 2 AND kind = 2),
    undoes
"""


class Upkeep:
    """The ledger's upkeep. Its methods block, and raise `sqlite3.Error` as the ledger's do."""

    def __init__(
        self,
        rows: Callable[..., list[Any]],
        entries: Callable[..., list[Entry]],
        transaction: Callable[[], AbstractContextManager[None]],
        db: sqlite3.Connection,
        write: Callable[[int, int, tuple[()], list[OutcomeRecord]], None],
    ) -> None:
        self._rows = rows
        self._entries = entries
        self._transaction = transaction
        self._db = db
        self._write = write

    def runs(self) -> list[RunEntry]:
        """All runs, the newest first."""
        sql = _RUNS.format(changed=_CHANGED if version_of(self._db) >= FIRST_WITH_CHANGES else "")
        return [RunEntry(*row) for row in self._rows(sql)]

    def unknown(self) -> list[Entry]:
        """Every scope of unknown fate, in the order of sending."""
        return self._entries("WHERE fate IN (1, 3, 4) ORDER BY scope")

    def close_again(self) -> int:
        """Close every wish `--again` that is open; how many runs had one. Raises `sqlite3.Error`."""
        with self._transaction():
            return self._db.execute("UPDATE runs SET finished = 1 WHERE again AND NOT finished").rowcount

    def forget_run(self, run: int) -> int:
        """Forget all scopes of a run; how many. What was created stays in Luigi's Box. Raises `sqlite3.Error`."""
        with self._transaction():
            count = self._db.execute("DELETE FROM scopes WHERE run = ?", (run,)).rowcount
            count += self._db.execute("DELETE FROM changes WHERE run = ?", (run,)).rowcount
            self._db.execute("DELETE FROM runs WHERE run = ?", (run,))
        return count

    def forget_scope(self, name: str) -> int:
        """Forget one scope, by its customization ID or the first eight or more digits of its fingerprint; how many.

        What was created stays in Luigi's Box. Raises `sqlite3.Error`.
        """
        with self._transaction():
            count = self._db.execute("DELETE FROM scopes WHERE id = ?", (name,)).rowcount
            count = max(count, self._db.execute("DELETE FROM changes WHERE id = ?", (name,)).rowcount)
            if not count and _is_fingerprint(name):
                count = self._db.execute("DELETE FROM scopes WHERE hex(fingerprint) LIKE ? || '%'", (name,)).rowcount
        return count

    def found(self, name: str, scope_id: str, now: float) -> int:
        """Take a person's word that a scope of unknown fate is the customization of that ID; how many it was.

        `name` is the first eight or more digits of its fingerprint. Raises `sqlite3.Error`.
        """
        if not _is_fingerprint(name):
            return 0
        sql = "WHERE fate IN (1, 3, 4) AND hex(fingerprint) LIKE ? || '%'"
        entries = self._entries(sql, name)
        if len(entries) == 1:
            entry = entries[0]
            record = OutcomeRecord(
                entry.fingerprint, entry.target_key, LedgerStatus.CREATED, scope_id, None, now, entry.run, adopted=True
            )
            self._write(0, entry.run, (), [record])
        return len(entries)


def _is_fingerprint(name: str) -> bool:
    return len(name) >= 8 and set(name.upper()) <= set("0123456789ABCDEF")
