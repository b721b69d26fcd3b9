"""The ledger as a file: private, versioned, locked, and what happens when it cannot be written."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from importer.errors import StoppedError
from importer.ledger import Ledger
from importer.ledger.ledger_file import connect, identity, is_local, unusable
from importer.ledger.lock import Lock, shared_lock_path
from importer.ledger.records import Baseline, Intent, LedgerStatus, OutcomeRecord, fingerprint, target_key
from importer.ledger.tables import STEPS, VERSION
from importer.ledger.writer import UnsavedIds, paths, read_back
from importer.sandbox import Arrival, scripted
from importer.settings import Tracker
from tests.delivery.shop import Shop, scope, several

TARGET = Tracker("1234-5678", "https://live.luigisbox.com")


def intent(number: int, baseline: int | None = None) -> Intent:
    one = scope(number, f"/p/{number}")
    print_ = fingerprint(TARGET, one.canonical)
    return Intent(print_, target_key(TARGET, one), one.model, one.target_type, one.target, 1000.0, baseline)


def record(of: Intent, status: LedgerStatus, scope_id: str | None = None, since: float | None = None) -> OutcomeRecord:
    return OutcomeRecord(of.fingerprint, of.target_key, status, scope_id, None, since)


def filled(ledger: Ledger, count: int, status: LedgerStatus = LedgerStatus.CREATED) -> tuple[int, int]:
    tracker_number, run = ledger.begin(TARGET, file="a.xlsx", sha256="aa", again=False, now=1.0)
    intents = [intent(number) for number in range(count)]
    ledger.write(tracker_number, run, intents, [])
    ledger.write(tracker_number, run, [], [record(i, status, f"id-{n}", 5.0) for n, i in enumerate(intents)])
    return tracker_number, run


def test_it_keeps_what_it_is_told(tmp_path):
    path = tmp_path / "a" / "b" / "ledger.db"
    with Ledger.open(path) as ledger:
        tracker_number, run = filled(ledger, 3)
        ledger.end(run, now=9.0)
    with Ledger.open(path) as ledger:
        assert ledger.number_of(TARGET) == tracker_number
        assert ledger.number_of(Tracker("1234-5678", "https://live.luigisbox.tech")) is None
        entries = ledger.of_target(intent(1).target_key)
        assert [(e.status, e.id, e.target, e.since) for e in entries] == [(LedgerStatus.CREATED, "id-1", "/p/1", 5.0)]
        assert ledger.of_target(1) == []
        assert ledger.claimed(tracker_number) == {"id-0", "id-1", "id-2"}
        assert set(ledger.of_ids(tracker_number, ["id-0", "nope"])) == {"id-0"}
        assert ledger.of_ids(tracker_number, []) == {}
        run_entry = ledger.upkeep.runs()[0]
        assert (run_entry.created, run_entry.unknown, run_entry.ended) == (3, 0, 9.0)


def test_an_id_is_kept_when_its_scope_is_sent_again(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 1)
        ledger.write(tracker_number, run, [intent(0)], [])
        again = ledger.of_target(intent(0).target_key)
        assert [(entry.status, entry.id) for entry in again] == [(LedgerStatus.INTENT, "id-0")]
        assert ledger.claimed(tracker_number) == {"id-0"}
        ledger.write(tracker_number, run, [], [record(intent(0), LedgerStatus.CREATED, "second", 6.0)])
        assert ledger.claimed(tracker_number) == {"id-0", "second"}


def test_an_id_is_not_lost_to_a_later_verdict_without_one(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 1)
        ledger.write(tracker_number, run, [], [record(intent(0), LedgerStatus.UNKNOWN)])
        assert ledger.upkeep.unknown()[0].id == "id-0"


def test_scopes_and_runs_are_forgotten_on_request(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 4)
        assert ledger.upkeep.forget_scope("id-0") == 1
        assert ledger.upkeep.forget_scope(intent(1).fingerprint.hex()[:12]) == 1
        assert ledger.upkeep.forget_scope("abc") == 0
        assert ledger.upkeep.forget_scope("%%%%%%%%") == 0
        assert len(ledger.claimed(tracker_number)) == 2
        assert ledger.upkeep.forget_run(run) == 2
        assert ledger.upkeep.runs() == []
        assert ledger.is_blank(tracker_number)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folder private by other means")
def test_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "new" / "l.db"
    with Ledger.open(path) as ledger, ledger.claim(TARGET):
        filled(ledger, 1)
        for each in path.parent.iterdir():
            assert stat.S_IMODE(each.stat().st_mode) == 0o600, each
        assert {each.suffix for each in path.parent.iterdir()} >= {".db", ".db-wal", ".lock"}


def test_it_uses_a_write_ahead_log_that_is_synced_at_every_commit(tmp_path):
    db, logged = connect(tmp_path / "l.db")
    assert logged
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    db.close()


def test_on_a_network_drive_a_rollback_journal_keeps_it_durable_and_that_is_said(tmp_path, monkeypatch):
    db, logged = connect(tmp_path / "l.db", local=False)
    assert not logged
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 3
    db.close()
    monkeypatch.setattr("importer.ledger.ledger_file.is_local", lambda _: False)
    with Ledger.open(tmp_path / "other.db") as ledger:
        assert [notice.code for notice in ledger.notices] == ["ledger-no-wal"]
        filled(ledger, 2)


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("/dev/sda1 / ext4 rw 0 0", True),
        ("/dev/sda1 / ext4 rw 0 0\nbox:/x {here} nfs4 rw 0 0", False),
        ("box:/x / nfs4 rw 0 0\n/dev/sdb {here} ext4 rw 0 0", True),
        ("/dev/sda1 / ext4 rw 0 0\n//box/share {here} cifs rw 0 0", False),
        ("garbage", True),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there drives are known by their path")
def test_network_drives_are_told_by_their_mount(tmp_path, mounts, expected):
    table = tmp_path / "mounts"
    here = str(tmp_path.resolve()).replace(" ", "\\040")
    table.write_text(mounts.format(here=here), "utf-8")
    assert is_local(tmp_path / "l.db", table) is expected
    assert is_local(tmp_path / "l.db", tmp_path / "no such table")


def test_a_view_reads_and_never_writes(tmp_path):
    path = tmp_path / "l.db"
    assert Ledger.view(path) is None
    with Ledger.open(path) as ledger:
        tracker_number, run = filled(ledger, 1)
        view = Ledger.view(path)
        assert view is not None
        with view:
            assert view.number_of(TARGET) == tracker_number
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                view.write(tracker_number, run, [intent(5)], [])


def test_a_file_that_is_no_ledger_is_refused_in_plain_words(tmp_path):
    path = tmp_path / "l.db"
    path.write_bytes(b"this is no database, and long enough to differ from an empty one" * 20)
    for opening in (Ledger.open, Ledger.view):
        with pytest.raises(StoppedError, match="damaged or is no ledger") as caught:
            opening(path)
        assert caught.value.exit_code == 3


VERSION_1 = """
CREATE TABLE places (place INTEGER PRIMARY KEY, tracker_id TEXT NOT NULL, base_url TEXT NOT NULL,
    UNIQUE (tracker_id, base_url));
CREATE TABLE runs (run INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL REFERENCES places, file TEXT NOT NULL,
    sha256 TEXT NOT NULL, again INTEGER NOT NULL, started REAL NOT NULL, ended REAL,
    finished INTEGER NOT NULL DEFAULT 0);
CREATE TABLE scopes (scope INTEGER PRIMARY KEY, place INTEGER NOT NULL, fingerprint BLOB NOT NULL UNIQUE,
    target_key INTEGER NOT NULL, fate INTEGER NOT NULL, run INTEGER NOT NULL, model TEXT NOT NULL,
    target_type TEXT NOT NULL, target TEXT NOT NULL, intent_at REAL NOT NULL, doubt REAL NOT NULL, signed_at REAL,
    id TEXT, created_at TEXT, since REAL);
CREATE INDEX scopes_by_target ON scopes (target_key);
CREATE TABLE former (id TEXT NOT NULL, fingerprint BLOB NOT NULL, target_key INTEGER NOT NULL, run INTEGER NOT NULL,
    since REAL);
CREATE INDEX former_by_target ON former (target_key);
INSERT INTO places VALUES (1, '1234-5678', 'https://live.luigisbox.com');
INSERT INTO runs VALUES (1, 1, 'a.xlsx', 'aa', 0, 1.0, 2.0, 1);
PRAGMA user_version = 1;
"""


def test_the_first_ledgers_had_other_keys_of_targets_and_are_still_understood(tmp_path):
    path, known = tmp_path / "l.db", intent(0)
    parts = (TARGET.tracker_id, TARGET.base_url, *known[2:5])
    key = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:8], "big", signed=True)
    assert key != known.target_key
    db = sqlite3.connect(path)
    db.executescript(VERSION_1)
    values = (7, 1, known.fingerprint, key, 2, 1, *known[2:6], 0.0, None, "id-0", None, 5.0)
    db.execute(f"INSERT INTO scopes VALUES ({','.join('?' * 15)})", values)
    db.execute("INSERT INTO former VALUES ('id-before', ?, ?, 1, 1.0)", (known.fingerprint, key))
    db.commit()
    db.close()
    with Ledger.open(path) as ledger:
        assert [entry.id for entry in ledger.of_target(known.target_key)] == ["id-0"]
        assert ledger.claimed(1) == {"id-0", "id-before"}


VERSION_2 = (
    VERSION_1.replace("NOT NULL UNIQUE,", "NOT NULL,")
    .replace(
        "since REAL);\nCREATE INDEX scopes_by_target ON scopes (target_key);",
        "since REAL,\n    UNIQUE (target_key, fingerprint));",
    )
    .replace("user_version = 1", "user_version = 2")
)


def test_a_ledger_of_an_earlier_version_keeps_what_it_knows(tmp_path):
    path, known = tmp_path / "l.db", intent(0)
    db = sqlite3.connect(path)
    db.executescript(VERSION_1)
    values = (7, 1, known.fingerprint, known.target_key, 2, 1, *known[2:6], 0.0, None, "id-0", None, 5.0)
    db.execute(f"INSERT INTO scopes VALUES ({','.join('?' * 15)})", values)
    db.commit()
    db.close()
    with Ledger.view(path) as view:
        before = view.of_target(known.target_key)
    assert [entry.id for entry in before] == ["id-0"]
    for _ in range(2):
        with Ledger.open(path) as ledger:
            assert ledger.of_target(known.target_key) == before
    with Ledger.open(path) as ledger:
        tracker_number, run = filled(ledger, 2)
        assert tracker_number == 1
        assert [(e.id, e.run) for e in ledger.of_target(known.target_key)] == [("id-0", run)]
        assert len(ledger.claimed(tracker_number)) == 2
    Ledger.open(tmp_path / "new.db").close()
    assert tables(path) == tables(tmp_path / "new.db")


def tables(path: Path) -> list[tuple[str, ...]]:
    db = sqlite3.connect(path)
    found = db.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY name").fetchall()
    found += db.execute("SELECT name, type, pk FROM pragma_table_info('scopes')").fetchall()
    db.close()
    return found


def test_a_ledger_whose_change_to_this_version_fails_stays_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "l.db"
    db = sqlite3.connect(path)
    db.executescript(VERSION_1)
    db.close()
    before = tables(path)
    monkeypatch.setitem(STEPS, 1, f"{STEPS[1]}SELECT broken")
    with pytest.raises(StoppedError):
        Ledger.open(path)
    assert tables(path) == before
    monkeypatch.undo()
    with Ledger.open(path) as ledger:
        assert ledger.number_of(TARGET) == 1


def test_a_ledger_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "l.db"
    Ledger.open(path).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    for opening in (Ledger.open, Ledger.view):
        with pytest.raises(StoppedError, match="newer version"):
            opening(path)


def test_a_folder_in_its_place_is_refused(tmp_path):
    with pytest.raises(StoppedError, match="cannot be opened"):
        Ledger.open(tmp_path)


def test_line_27_the_refusal_names_the_other_process(tmp_path):
    with Ledger.open(tmp_path / "l.db") as one, Ledger.open(tmp_path / "l.db") as two:
        with one.claim(TARGET), pytest.raises(StoppedError, match=f"process {os.getpid()}"), two.claim(TARGET):
            pass
        with two.claim(TARGET):
            pass


def test_locks_go_with_their_run_and_those_of_a_killed_one_with_the_next(tmp_path):
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        with ledger.claim(TARGET):
            beside = next(tmp_path.glob("*.lock"))
            shared = shared_lock_path(identity(path), beside.name.split(".")[-2])
            assert shared.exists()
        assert not beside.exists()
        assert not shared.exists()
        for lock in (beside, shared):
            lock.write_bytes(b"")
        with ledger.claim(TARGET):
            pass
    assert [each.name for each in tmp_path.iterdir()] == ["l.db"]
    assert not shared.exists()


def test_one_at_a_time_though_each_takes_its_lock_file_away(tmp_path):
    """Who opens the file just before it goes must not believe that the lock of a file without a name is one."""
    inside: list[int] = []
    most: list[int] = []

    def often(number: int) -> None:
        for _ in range(40):
            while True:
                with contextlib.suppress(StoppedError), Lock(tmp_path / "lock"):
                    inside.append(number)
                    most.append(len(inside))
                    time.sleep(0)
                    inside.remove(number)
                    break

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(often, range(6)))
    assert len(most) == 240
    assert max(most) == 1
    assert not list(tmp_path.iterdir())


def test_a_view_leaves_nothing_behind(tmp_path):
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        filled(ledger, 2)
    view = Ledger.view(path)
    assert view is not None
    with view:
        assert view.upkeep.runs()
    assert [each.name for each in tmp_path.iterdir()] == ["l.db"]


def test_a_lock_without_a_readable_card_is_a_lock_all_the_same(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger, ledger.claim(TARGET):
        lock = next(tmp_path.glob("*.lock"))
        name = lock.name.split(".")[-2]
        shared_lock_path(identity(tmp_path / "l.db"), name).write_bytes(b"{")
        with pytest.raises(StoppedError, match="a moment ago"), ledger.claim(TARGET):
            pass


def test_a_place_that_cannot_be_locked_is_refused(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        with ledger.claim(TARGET):
            lock = next(tmp_path.glob("*.lock"))
        lock.mkdir()
        with pytest.raises(StoppedError, match="cannot be locked"), ledger.claim(TARGET):
            pass


# ── It cannot be written ────────────────────────────────────────────────────────────────────────────────


def full_at(commit: int) -> Callable[[str], None]:
    """A disk that is full from that commit on, as SQLite reports it."""
    seen: Counter[str] = Counter()

    def probe(name: str) -> None:
        seen[name] += 1
        if name == "before-commit" and seen[name] >= commit:
            raise sqlite3.OperationalError("database or disk is full")

    return probe


def test_line_23_a_full_disk_before_anything_was_sent_stops_before_sending(shop):
    with pytest.raises(StoppedError, match="Nothing was sent") as caught:
        shop.run(several(3), probe=full_at(1))
    assert caught.value.exit_code == 3
    ran = shop.run(several(3), probe=full_at(2))
    assert ran.stop == "ledger"
    assert ran.words == ["NotSent"] * 3
    assert shop.creates() == 0


def test_line_24_an_id_that_the_ledger_cannot_take_is_shown_and_kept_in_a_file(shop):
    ran = shop.run(several(6), probe=full_at(4), concurrency=1)
    assert ran.stop == "ledger"
    created = [ran[number].id for number in range(6) if ran.words[number] == "Created"]
    assert created
    assert len(created) == shop.creates()
    rescued = kept_in(rescue_file(shop))
    for scope_id in created:
        assert any(scope_id in line for line in ran.alarms)
    assert set(rescued) == set(created)
    assert "rescued" in ran.codes
    assert "NotSent" in ran.words
    # With room again, the same command knows what was created, and finishes. The file has done its duty.
    scopes = several(6)
    again = shop.run(scopes)
    assert [again.words[n] for n in range(6) if ran.words[n] == "Created"] == ["AlreadyCreated"] * len(created)
    assert shop.creates() == 6
    shop.check(again, scopes)
    assert left(shop) == ["ledger.db"]


def kept_in(path: Path) -> list[str]:
    """The IDs that a file of unsaved ones holds."""
    found = read_back(path)
    assert found is not None
    return [scope_id for _, scope_id in found]


def rescue_file(shop: Shop) -> Path:
    return paths(shop.path, shop.tracker)[0]


def left(shop: Shop) -> list[str]:
    """What stands beside the ledger."""
    return sorted(each.name for each in shop.path.parent.iterdir())


def test_half_a_line_that_a_kill_left_hinders_nothing(shop):
    first = shop.run(several(6), probe=full_at(4), concurrency=1)
    whole = rescue_file(shop).read_bytes()
    rescue_file(shop).write_bytes(whole.rstrip(b"\n")[:-4])
    unsaved = UnsavedIds([rescue_file(shop)], lambda _: None)
    unsaved.keep([(intent(9), "id-9")])
    assert kept_in(rescue_file(shop))[-1] == "id-9"
    assert whole.count(b"\n") == first.words.count("Created"), "the last of these is the one that was cut"
    scopes = several(6)
    again = shop.run(scopes)
    assert again.words.count("Created") == 1 + first.words.count("NotSent")
    assert shop.creates() == 6
    shop.check(again, scopes)
    assert left(shop) == ["ledger.db"]


def test_rescued_ids_are_taken_once_and_never_over_something_newer(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        filled(ledger, 3)
        tracker_number, run = filled(ledger, 2)
        ledger.write(tracker_number, run, [intent(0), intent(4)], [])
        for number, scope_id in ((0, "rescued-0"), (1, "id-1"), (2, "rescued-2"), (3, "rescued-3")):
            UnsavedIds(paths(ledger.path, TARGET), lambda _: None).keep([(intent(number), scope_id)])
        with ledger.claim(TARGET):
            found = [ledger.of_target(intent(number).target_key)[0] for number in range(4)]
        assert [(entry.status.value, entry.id) for entry in found] == [
            (2, "rescued-0"), (2, "id-1"), (2, "id-2"), (2, "rescued-3"),
        ]  # fmt: skip
        assert ledger.claimed(tracker_number) == {"id-0", "rescued-0", "id-1", "id-2", "rescued-3"}
        assert [entry.target for entry in ledger.upkeep.unknown()] == ["/p/4"]
    assert [each.name for each in tmp_path.iterdir()] == ["l.db"]


def test_rescued_ids_that_the_ledger_still_cannot_take_stay_where_they_are(tmp_path):
    Ledger.open(tmp_path / "l.db").close()
    unsaved = UnsavedIds(paths(tmp_path / "l.db", TARGET), lambda _: None)
    unsaved.keep([(intent(0), "id-0")])
    with Ledger.open(tmp_path / "l.db", probe=full_at(1)) as ledger, ledger.claim(TARGET):
        pass
    assert unsaved.path is not None
    assert read_back(unsaved.path)
    with Ledger.open(tmp_path / "l.db") as ledger, ledger.claim(Tracker("9999-0000", TARGET.base_url)):
        assert read_back(unsaved.path), "what was sent to another tracker is taken by a run to that one"


@pytest.mark.skipif(os.name != "posix", reason="links and owners of POSIX")
def test_no_ids_are_taken_from_what_someone_else_put_there(tmp_path, monkeypatch):
    theirs, link = tmp_path / "theirs", tmp_path / "link"
    UnsavedIds([theirs], lambda _: None).keep([(intent(0), "id-0")])
    assert kept_in(theirs) == ["id-0"]
    link.symlink_to(theirs)
    assert read_back(link) is None
    assert read_back(tmp_path) is None
    user = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: user + 1)
    assert read_back(theirs) is None


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_ids_are_not_written_to_what_a_link_leads_to(tmp_path):
    path = tmp_path / "sub" / "rescued"
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")
    unsaved = UnsavedIds([path, tmp_path / "rescued"], lambda _: None)
    unsaved.keep([(intent(0), "id-0")])
    assert unsaved.path == tmp_path / "rescued"
    assert kept_in(tmp_path / "rescued") == ["id-0"]


def test_line_24_a_ledger_that_is_really_full(shop, monkeypatch):
    """SQLite's own limit of pages, so that it is SQLite that fails, in mid-run."""

    def small(path: Path) -> tuple[sqlite3.Connection, bool]:
        db, logged = connect(path)
        db.execute("PRAGMA max_page_count = 20")
        return db, logged

    with monkeypatch.context() as patched:
        patched.setattr("importer.ledger.ledger.connect", small)
        ran = shop.run(several(400))
    assert ran.stop == "ledger"
    assert set(ran.words) == {"Created", "NotSent"}
    scopes = several(400)
    again = shop.run(scopes)
    assert shop.creates() == 400
    shop.check(again, scopes)


def test_ids_that_can_be_written_nowhere_are_said(tmp_path):
    alarms: list[str] = []
    unsaved = UnsavedIds([tmp_path / "no" / "such"], alarms.append)
    unsaved.keep([])
    assert not alarms
    unsaved.keep([(intent(0), "id-7")])
    assert "id-7" in alarms[0]
    assert "Copy them from the screen" in alarms[1]
    assert unsaved.path is None


def test_ids_are_kept_before_anything_is_said_of_them(tmp_path):
    def nobody_listens(_: str) -> None:
        assert "id-7" in (tmp_path / "rescued").read_text("utf-8")
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        UnsavedIds([tmp_path / "rescued"], nobody_listens).keep([(intent(0), "id-7")])


def test_no_home_and_a_deleted_working_folder_are_no_places(tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert tmp_path in [path.parent for path in paths(tmp_path / "l.db", TARGET)]


# ── Whose file it is, and whether it is whole ───────────────────────────────────────────────────────────


def test_a_ledger_that_is_deleted_in_mid_run_ends_the_run_and_its_ids_are_kept(shop):
    def plan(arrival: Arrival) -> None:
        if arrival.call == "create" and arrival.number == 4:
            shop.path.unlink()

    shop.server.faults = plan
    ran = shop.run(several(30), concurrency=1)
    assert ran.stop == "ledger-moved"
    assert "NotSent" in ran.words
    rescued = set(kept_in(rescue_file(shop)))
    created = [n for n in range(30) if ran.words[n] == "Created"]
    assert ran[created[-1]].id in rescued
    # A new ledger in its place knows at least these: they are not sent again.
    again = shop.run(several(30))
    kept = [n for n in created if ran[n].id in rescued]
    assert [again.words[n] for n in kept] == ["AlreadyCreated"] * len(kept)
    assert left(shop) == ["ledger.db"]


@pytest.mark.parametrize("link", ["symbolic", "hard", "hard, in another folder"])
def test_line_27_the_lock_is_the_files_own_whatever_name_leads_to_it(tmp_path, link):
    path, other = tmp_path / "l.db", tmp_path / "other.db"
    Ledger.open(path).close()
    if link == "symbolic":
        other.symlink_to(path)
    else:
        other = tmp_path / "sub" / "other.db" if "folder" in link else other
        other.parent.mkdir(exist_ok=True)
        other.hardlink_to(path)
    with Ledger.open(path) as one, one.claim(TARGET), Ledger.open(other) as two:
        with pytest.raises(StoppedError, match="Another import"), two.claim(TARGET):
            pass
        with two.claim(Tracker("9999-0000", TARGET.base_url)):
            pass


def damaged(path: Path, old: bytes, new: bytes) -> None:
    raw = path.read_bytes()
    assert old in raw
    path.write_bytes(raw.replace(old, new, 1))


def test_a_flipped_bit_in_a_fingerprint_is_named_as_damage(tmp_path):
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        filled(ledger, 20)
    print_ = intent(7).fingerprint
    damaged(path, print_, bytes([print_[0] ^ 1]) + print_[1:])
    for opening in (Ledger.open, Ledger.view):
        with pytest.raises(StoppedError, match="damaged or is no ledger"):
            opening(path)


@pytest.mark.parametrize("at", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_ledger_that_is_cut_or_overwritten_is_named_as_damage(tmp_path, at):
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        filled(ledger, 300)
    raw = path.read_bytes()
    where = int(len(raw) * at) // 4096 * 4096
    for spoilt in (raw[:where], raw[:where] + b"\xff" * 4096 + raw[where + 4096 :]):
        path.write_bytes(spoilt)
        if not spoilt:
            continue
        with pytest.raises(StoppedError, match="damaged or is no ledger"):
            Ledger.open(path)


KILLED_IN_MID_RUN = """
import os, sys
from pathlib import Path
from importer.ledger import Ledger
from tests.ledger.test_ledger import TARGET, filled
filled(Ledger.open(Path(sys.argv[1])), 3)
os._exit(9)
"""


def killed_in_mid_run(path: Path) -> None:
    command = [sys.executable, "-c", KILLED_IN_MID_RUN, str(path)]
    assert subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode == 9
    assert Path(f"{path}-wal").stat().st_size


@pytest.mark.parametrize("how", ["copied", "moved", "hard link", "copied over another one"])
def test_a_ledger_without_its_log_is_refused_and_with_it_all_is_there(tmp_path, how):
    path, other = tmp_path / "l.db", tmp_path / "other.db"
    killed_in_mid_run(path)
    if how == "copied over another one":
        Ledger.open(other).close()
    if how == "moved":
        path.rename(other)
    elif how == "hard link":
        other.hardlink_to(path)
    else:
        shutil.copyfile(path, other)
    for opening in (Ledger.open, Ledger.view):
        with pytest.raises(StoppedError, match=r"other\.db-wal") as caught:
            opening(other)
        assert caught.value.code == "ledger-copied"
    assert not Path(f"{other}-wal").exists()
    shutil.copyfile(f"{path}-wal", f"{other}-wal")
    for _ in range(2):
        view = Ledger.view(other)
        assert view is not None
        with view:
            assert view.claimed(1) == {"id-0", "id-1", "id-2"}
        with Ledger.open(other) as ledger:
            assert ledger.claimed(1) == {"id-0", "id-1", "id-2"}


def test_a_ledger_in_use_may_be_looked_at_and_after_its_run_be_copied_and_moved(tmp_path):
    path, copy = tmp_path / "l.db", tmp_path / "copy.db"
    with Ledger.open(path) as ledger:
        filled(ledger, 2)
        view = Ledger.view(path)
        assert view is not None
        with view:
            assert view.claimed(1) == {"id-0", "id-1"}
        assert Path(f"{path}-wal").exists()
    shutil.copyfile(path, copy)
    with Ledger.open(copy) as ledger:
        assert ledger.claimed(1) == {"id-0", "id-1"}
    killed_in_mid_run(path)
    db = sqlite3.connect(path)  # another program takes the log in
    assert db.execute("SELECT count(*) FROM scopes").fetchone()[0] == 3
    db.close()
    assert not Path(f"{path}-wal").exists()
    with Ledger.open(path) as ledger:
        assert ledger.claimed(1) == {"id-0", "id-1", "id-2"}


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "l.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE theirs (a)")
    db.commit()
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoppedError, match="damaged or is no ledger"):
        Ledger.open(path)
    assert path.read_bytes() == before


def test_a_ledger_that_another_program_uses_is_no_full_disk(tmp_path, monkeypatch):
    path = tmp_path / "l.db"
    Ledger.open(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda name, **more: connect(name, **{**more, "timeout": 0.05}))
    with Ledger.open(path) as ledger, pytest.raises(sqlite3.OperationalError) as caught:
        ledger.begin(TARGET, file="a", sha256="b", again=False, now=1.0)
    assert "in use by another program" in str(unusable(path, caught.value))
    other.close()


# ── Baselines, wishes, answers of a person ──────────────────────────────────────────────────────────────


def test_a_baseline_is_kept_as_long_as_a_scope_needs_it(tmp_path):
    baseline = Baseline(frozenset({"a", "b"}), 7, complete=False)
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 0)
        first, second = ledger.add_baseline(baseline), ledger.add_baseline(Baseline(frozenset(), None, complete=True))
        ledger.write(tracker_number, run, [intent(0, first), intent(1, second)], [])
        ledger.write(tracker_number, run, [], [record(intent(1), LedgerStatus.CREATED, "id-1")])
        filled(ledger, 0)
        assert ledger.baseline(first) == baseline
        assert ledger.baseline(second) is None
        assert [entry.baseline for entry in ledger.upkeep.unknown()] == [first]


def test_an_answer_of_a_person_ends_a_question(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 0)
        ledger.write(tracker_number, run, [intent(0), intent(1)], [record(intent(0), LedgerStatus.UNKNOWN)])
        name = intent(0).fingerprint.hex()[:12]
        assert ledger.upkeep.found("abc", "id-0", 5.0) == 0
        assert ledger.upkeep.found(name, "id-0", 5.0) == 1
        assert ledger.upkeep.found(name, "id-0", 5.0) == 0, "it is no question any more"
        known = ledger.of_target(intent(0).target_key)[0]
        assert (known.status, known.id, known.since, known.run) == (LedgerStatus.CREATED, "id-0", 5.0, run)


def test_the_pace_of_the_last_runs_is_known(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 60)
        assert ledger.pace(tracker_number) is None
        ledger.end(run, now=11.0)
        assert ledger.pace(tracker_number) == 6.0


@pytest.mark.parametrize("version", [1, 2])
def test_ledgers_of_the_first_version_are_brought_over_unknowns_and_forgotten_ids_included(tmp_path, version):
    path = tmp_path / "l.db"
    db = sqlite3.connect(path)
    db.executescript(VERSION_1 if version == 1 else VERSION_2)
    statuses = [(2, "id-0", 5.0), (1, None, None), (3, None, None), (4, None, None), (5, None, None), (5, None, None)]
    for number, (status, scope_id, since) in enumerate(statuses):
        known = intent(number)
        values = (
            number,
            1,
            known.fingerprint,
            known.target_key,
            status,
            1,
            *known[2:6],
            0.0,
            None,
            scope_id,
            None,
            since,
        )
        db.execute(f"INSERT INTO scopes VALUES ({','.join('?' * 15)})", values)
    for number in (2, 4):
        known = intent(number)
        db.execute(
            "INSERT INTO former VALUES (?, ?, ?, 1, 3.0)", (f"before-{number}", known.fingerprint, known.target_key)
        )
    db.commit()
    db.close()
    with Ledger.view(path) as view:
        assert len(view.upkeep.unknown()) == 3
    for _ in range(2):
        with Ledger.open(path) as ledger:
            found = [ledger.of_target(intent(number).target_key)[0] for number in range(6)]
            assert [(entry.status.value, entry.id, entry.since) for entry in found] == [
                (2, "id-0", 5.0), (1, None, None), (3, "before-2", 3.0), (4, None, None),
                (2, "before-4", 3.0), (5, None, None),
            ]  # fmt: skip
            assert {entry.baseline for entry in found} == {None}
            assert ledger.claimed(1) == {"id-0", "before-2", "before-4"}
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
    assert "since" in {row[1] for row in db.execute("PRAGMA table_info(scopes)")}
    db.close()


def test_unknowns_of_the_first_version_are_adopted_where_an_equal_one_is_live_and_never_sent_again(shop):
    shop.server.seed(json.loads(scope(0, "/p/0").body))
    with Ledger.open(shop.path) as ledger:
        tracker_number, run = ledger.begin(shop.tracker, file="a", sha256="b", again=False, now=1.0)
        for number in (0, 1):
            one = scope(number, f"/p/{number}")
            names = (one.model, one.target_type, one.target, 1.0, None)
            known = Intent(fingerprint(shop.tracker, one.canonical), target_key(shop.tracker, one), *names)
            ledger.write(tracker_number, run, [known], [])
    ran = shop.run(several(3))
    assert ran.words == ["Created", "Unknown", "Created"]
    assert ran[0].adopted
    assert "nobody" in ran[0].warning or "someone else" in ran[0].warning
    assert "pin-importer ledger" in ran[1].comment
    assert shop.creates() == 1


def test_the_ledger_never_holds_the_key_or_a_signature(shop):
    shop.server.faults = scripted({1: "drop-after", 2: "422"})
    shop.run(several(3))
    for each in shop.path.parent.iterdir():
        raw = each.read_bytes()
        assert shop.server.private_key.encode() not in raw
        assert b"ApiAuth" not in raw
