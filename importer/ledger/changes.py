"""What the ledger knows of changes: what was live before, what was sent for it, and what became of it.

The old body is durable before the first byte of a change leaves. What a change did is known to the scopes too: one that
was deleted is no longer taken for created, one that was replaced is known by its new content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importer.ledger.ledger_file import version_of
from importer.ledger.packing import packed, unpacked
from importer.ledger.records import (
    UNSETTLED,
    ChangeEnd,
    ChangeEntry,
    ChangeIntent,
    ChangeKind,
    ChangeStatus,
    LedgerStatus,
    Made,
    RunFact,
    ScopeName,
    storable,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

FIRST_WITH_CHANGES = 4
"""The first version of the tables that keeps changes; one that is only viewed may be older."""

_INTENT = """
INSERT INTO changes (place, run, id, kind, status, old, old_version, body, version, at)
VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
ON CONFLICT (run, id) DO UPDATE SET kind = excluded.kind, status = 1, old = excluded.old, ended = NULL,
    old_version = excluded.old_version, body = excluded.body, version = excluded.version, at = excluded.at
"""
_END = "UPDATE changes SET status = ?, ended = ? WHERE run = ? AND id = ?"
_ENTRY = "SELECT run, id, kind, status, old, old_version, body, version, at, ended FROM changes"
_LEAVE = """
INSERT INTO former (id, fingerprint, target_key, run, since, adopted, body)
SELECT id, fingerprint, target_key, run, since, adopted, body FROM scopes WHERE place = ? AND id = ?
"""
# A customization that an earlier life of a scope had is in `former`, under the scope's own name.
_MADE = """
SELECT id, fingerprint, target_key, model, target_type, target, body, adopted
FROM scopes WHERE run = ? AND fate = 2 AND id IS NOT NULL
UNION ALL
SELECT former.id, former.fingerprint, former.target_key, coalesce(model, ''), coalesce(target_type, ''),
    coalesce(target, ''), former.body, former.adopted
FROM former LEFT JOIN scopes USING (target_key, fingerprint) WHERE former.run = ?
"""
_CHANGED = """
SELECT run, place, file, started, finished, undoes FROM runs WHERE place = ? AND (
    EXISTS (SELECT 1 FROM changes WHERE changes.run = runs.run AND status IN (1, 2, 3))
    OR run IN (SELECT run FROM scopes WHERE fate = 2 AND id IS NOT NULL) OR run IN (SELECT run FROM former)
    OR (undoes IS NOT NULL AND NOT finished)
) ORDER BY run DESC LIMIT 1
"""


class Changes:
    """The ledger's changes, of all runs. Its methods block, and raise `sqlite3.Error` as the ledger's do."""

    def __init__(
        self,
        rows: Callable[..., list[Any]],
        transaction: Callable[[], AbstractContextManager[None]],
        db: sqlite3.Connection,
    ) -> None:
        self._rows = rows
        self._transaction = transaction
        self._db = db
        self.kept = version_of(db) >= FIRST_WITH_CHANGES
        """Whether the file has changes at all."""

    def write(self, tracker_number: int, run: int, intents: Sequence[ChangeIntent], ends: Sequence[ChangeEnd]) -> None:
        """Make intents of a run and ends of any run durable, all of them in one commit."""
        with self._transaction():
            for each in intents:
                body = None if each.body is None else packed(each.body)
                sent = (packed(each.old), each.old_version, body, each.version, each.at)
                self._db.execute(_INTENT, (tracker_number, run, each.id, each.kind, *sent))
            for end in ends:
                self._db.execute(_END, (end.status, end.at, end.run, end.id))
                if end.status is ChangeStatus.DONE:
                    self._apply(tracker_number, end)

    def _apply(self, tracker_number: int, end: ChangeEnd) -> None:
        """Let the scopes know what a change did."""
        row = self._db.execute(
            "SELECT scope, fate FROM scopes WHERE place = ? AND id = ?", (tracker_number, end.id)
        ).fetchone()
        if row is None:
            return
        if end.now is not None and self._is_free(end.now, row[0]):
            name = (*end.now[:2], storable(end.now.model), end.now.target_type, storable(end.now.target))
            self._db.execute(
                "UPDATE scopes SET fingerprint = ?, target_key = ?, model = ?, target_type = ?, target = ? "
                "WHERE scope = ?",
                (*name, row[0]),
            )
            return
        self._db.execute(_LEAVE, (tracker_number, end.id))
        self._db.execute(
            "UPDATE scopes SET id = NULL, fate = CASE WHEN fate IN (2, 6) THEN 5 ELSE fate END WHERE scope = ?",
            (row[0],),
        )

    def _is_free(self, name: ScopeName, scope: int) -> bool:
        """Whether no other scope stands for that content; one that is proven not to exist makes room."""
        sql = "SELECT scope, fate, id FROM scopes WHERE target_key = ? AND fingerprint = ? AND scope <> ?"
        other = self._db.execute(sql, (name.target_key, name.fingerprint, scope)).fetchone()
        if other is None:
            return True
        if other[1] == LedgerStatus.ABSENT and other[2] is None:
            self._db.execute("DELETE FROM scopes WHERE scope = ?", (other[0],))
            return True
        return False

    def unsettled(self, tracker_number: int) -> list[ChangeEntry]:
        """Every change of which only an intent is known, the oldest first."""
        statuses = ", ".join(str(status.value) for status in sorted(UNSETTLED))
        return self._entries(f"WHERE place = ? AND status IN ({statuses}) ORDER BY change", tracker_number)

    def of_run(self, run: int) -> list[ChangeEntry]:
        """Every change of a run, in the order in which they were begun."""
        return self._entries("WHERE run = ? ORDER BY change", run)

    def of_id(self, tracker_number: int, scope_id: str) -> list[ChangeEntry]:
        """Every change of a customization, the oldest first."""
        return self._entries("WHERE place = ? AND id = ? ORDER BY run, change", tracker_number, scope_id)

    def made_by(self, run: int) -> list[Made]:
        """Every customization that a run created, even if it is gone since."""
        if not self.kept:
            return []
        found = [
            Made(row[0], ScopeName(*row[1:6]), unpacked(row[6]) or None, bool(row[7]))
            for row in self._rows(_MADE, run, run)
        ]
        return list({made.id: made for made in found}.values())

    def sent_bodies(self, tracker_number: int, ids: Iterable[str], *, before: int | None = None) -> dict[str, bytes]:
        """What was last sent for each of these customizations through this ledger, as far as it was kept; with `before`
        only by runs earlier than that one."""
        wanted = frozenset(ids)
        if not wanted or not self.kept:
            return {}
        last = before if before is not None else 1 << 62
        sql = (
            "SELECT id, body FROM former WHERE body IS NOT NULL AND run < ? UNION ALL "
            "SELECT id, body FROM scopes WHERE place = ? AND run < ?"
        )
        kept = [*self._rows(sql, last, tracker_number, last)]
        sql = (
            "SELECT id, body FROM changes WHERE place = ? AND status = ? AND run < ? AND body IS NOT NULL "
            "ORDER BY run, change"
        )
        kept += self._rows(sql, tracker_number, ChangeStatus.DONE, last)
        bodies = [(scope_id, unpacked(body)) for scope_id, body in kept if scope_id in wanted]
        # A customization that was found live has an empty body, for nothing was sent: it hides none that was.
        return {scope_id: body for scope_id, body in bodies if body}

    def run(self, run: int) -> RunFact | None:
        """A run by its number."""
        sql = "SELECT run, place, file, started, finished, undoes FROM runs WHERE run = ?"
        return next((_fact(row) for row in self._rows(sql, run)), None) if self.kept else None

    def last_run(self, tracker_number: int) -> RunFact | None:
        """The last run of a tracker that changed something, or is an undoing that has not finished."""
        return next((_fact(row) for row in self._rows(_CHANGED, tracker_number)), None) if self.kept else None

    def begun_before(self, run: int) -> list[int]:
        """The earlier runs of the same file that did not finish and changed something, the latest first."""
        if not self.kept:
            return []
        sql = (
            "SELECT earlier.run FROM runs AS this JOIN runs AS earlier USING (place, file, sha256) "
            "WHERE this.run = ? AND earlier.run < this.run AND this.undoes IS NULL AND earlier.undoes IS NULL "
            "AND NOT earlier.finished ORDER BY earlier.run DESC"
        )
        return [row[0] for row in self._rows(sql, run) if self.made_by(row[0]) or self._did_something(row[0])]

    def _did_something(self, run: int) -> bool:
        return any(entry.status is ChangeStatus.DONE for entry in self.of_run(run))

    def taken_back(self, run: int) -> list[RunFact]:
        """The runs that take another one back, the oldest first."""
        sql = "SELECT run, place, file, started, finished, undoes FROM runs WHERE undoes = ? ORDER BY run"
        return [_fact(row) for row in self._rows(sql, run)] if self.kept else []

    def done_since(self, tracker_number: int, run: int) -> list[tuple[str, int, ChangeKind, int | None]]:
        """What later runs than this one changed: ID, run, what was done, and the run that this took back, if any."""
        if not self.kept:
            return []
        sql = (
            "SELECT changes.id, changes.run, kind, undoes FROM changes JOIN runs USING (run) "
            "WHERE changes.place = ? AND status = ? AND changes.run > ? ORDER BY changes.run, change"
        )
        rows = self._rows(sql, tracker_number, ChangeStatus.DONE, run)
        return [(row[0], row[1], ChangeKind(row[2]), row[3]) for row in rows]

    def open_of(self, run: int) -> list[tuple[str, str, str]]:
        """Model, target type and target of the scopes of a run of which it is not known whether they were created."""
        sql = "SELECT model, target_type, target FROM scopes WHERE run = ? AND fate IN (1, 3, 4) ORDER BY scope"
        return [(row[0], row[1], row[2]) for row in self._rows(sql, run)]

    def _entries(self, where: str, *values: object) -> list[ChangeEntry]:
        return [_entry(row) for row in self._rows(f"{_ENTRY} {where}", *values)] if self.kept else []


def _entry(row: Any) -> ChangeEntry:
    run, scope_id, kind, status, old, old_version, body, version, at, ended = row
    kept = unpacked(old) or b""
    return ChangeEntry(
        run, scope_id, ChangeKind(kind), ChangeStatus(status), kept, old_version, unpacked(body), version, at, ended
    )


def _fact(row: Any) -> RunFact:
    return RunFact(row[0], row[1], row[2], row[3], bool(row[4]), row[5])
