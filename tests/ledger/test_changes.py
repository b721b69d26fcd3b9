"""What the ledger keeps of changes, and what it takes them to mean for the scopes that it knows."""

from __future__ import annotations

import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.ledger import Ledger
from importer.ledger.packing import packed, unpacked
from importer.ledger.records import ChangeEnd, ChangeIntent, ChangeKind, ChangeStatus, LedgerStatus, ScopeName
from importer.ledger.tables import VERSION
from importer.sandbox import scripted
from tests.delivery.shop import Few, scope, several
from tests.ledger.test_ledger import TARGET, VERSION_1, VERSION_2, filled, intent, record

OLD = b'{"id": "id-0", "price": 49.90, "tags": null}'
NEW = b'{"model": "basket", "pin_definitions": []}'
VERSION_3 = VERSION_2.replace("doubt REAL NOT NULL, signed_at REAL,\n    id", "baseline INTEGER,\n    id").replace(
    "PRAGMA user_version = 2",
    "CREATE TABLE baselines (baseline INTEGER PRIMARY KEY, ids TEXT NOT NULL, total INTEGER, "
    "complete INTEGER NOT NULL);\nPRAGMA user_version = 3",
)


def replace(scope_id: str = "id-0", body: bytes = NEW) -> ChangeIntent:
    return ChangeIntent(scope_id, ChangeKind.REPLACE, OLD, "v-old", body, "v-new", 10.0)


def delete(scope_id: str = "id-0") -> ChangeIntent:
    return ChangeIntent(scope_id, ChangeKind.DELETE, OLD, "v-old", None, None, 10.0)


def done(run: int, scope_id: str = "id-0", now: ScopeName | None = None) -> ChangeEnd:
    return ChangeEnd(run, scope_id, ChangeStatus.DONE, 11.0, now)


def name(number: int) -> ScopeName:
    return ScopeName(*intent(number)[:5])


@given(st.binary(max_size=2000))
def test_whatever_is_packed_comes_back(body):
    assert unpacked(packed(body)) == body
    assert len(packed(body)) <= len(body) + 1


def test_what_is_packed_today_stays_readable():
    """A literal of the first form: a changed dictionary would lose every body that users have."""
    body = b'{"model":"basket_popup","target_type":"item","target_identity":"/p/123","pin_definitions":[]}'
    kept = bytes.fromhex("0178bba717e6d7a342d8181a192b610b92d85a00fde42064")
    assert unpacked(kept) == body
    assert unpacked(kept[:-1] + b"x") is None
    assert unpacked(b"") is unpacked(None) is unpacked(b"\x07more") is None
    assert unpacked(b"\x00as it is") == b"as it is"


def test_a_body_of_pins_takes_a_sixth():
    body = scope(0, "/p/1", pins=10).body
    assert len(packed(body)) * 6 < len(body)


def test_an_intent_keeps_the_old_object_byte_for_byte(tmp_path):
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        tracker_number, run = filled(ledger, 2)
        ledger.changes.write(tracker_number, run, [replace(), delete("id-1")], [])
    with Ledger.open(path) as ledger:
        one, other = ledger.changes.unsettled(tracker_number)
        assert (one.id, one.kind, one.status) == ("id-0", ChangeKind.REPLACE, ChangeStatus.INTENT)
        assert (one.old, one.old_version, one.body, one.version) == (OLD, "v-old", NEW, "v-new")
        assert (other.old, other.body, other.version, other.ended) == (OLD, None, None, None)
        assert ledger.changes.of_run(run) == [one, other]
        assert ledger.changes.of_id(tracker_number, "id-1") == [other]


@pytest.mark.parametrize("status", [ChangeStatus.DONE, ChangeStatus.NOT_DONE, ChangeStatus.CONFLICT])
def test_what_is_settled_is_not_asked_for_again(tmp_path, status):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 1)
        ledger.changes.write(tracker_number, run, [replace("another's")], [])
        ledger.changes.write(tracker_number, run, [], [ChangeEnd(run, "another's", ChangeStatus.UNKNOWN, 11.0)])
        assert [entry.status for entry in ledger.changes.unsettled(tracker_number)] == [ChangeStatus.UNKNOWN]
        ledger.changes.write(tracker_number, run, [], [ChangeEnd(run, "another's", status, 12.0)])
        assert ledger.changes.unsettled(tracker_number) == []
        assert [(entry.status, entry.ended) for entry in ledger.changes.of_run(run)] == [(status, 12.0)]


def test_a_deleted_customization_is_not_taken_for_created_any_more(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 1)
        ledger.changes.write(tracker_number, run, [delete()], [])
        assert ledger.of_target(intent(0).target_key)[0].status is LedgerStatus.CREATED
        ledger.changes.write(tracker_number, run, [], [done(run)])
        (entry,) = ledger.of_target(intent(0).target_key)
        assert (entry.status, entry.id) == (LedgerStatus.ABSENT, None)
        assert ledger.claimed(tracker_number) == {"id-0"}, "its ID is never another scope's"
        assert [made.id for made in ledger.changes.made_by(run)] == ["id-0"]


def test_a_replaced_customization_is_known_by_what_it_is_now(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 1)
        ledger.changes.write(tracker_number, run, [replace()], [])
        ledger.changes.write(tracker_number, run, [], [done(run, now=name(7))])
        assert ledger.of_target(intent(0).target_key) == []
        assert [(e.status, e.id) for e in ledger.of_target(intent(7).target_key)] == [(LedgerStatus.CREATED, "id-0")]


@pytest.mark.parametrize(("status", "stays"), [(LedgerStatus.ABSENT, False), (LedgerStatus.CREATED, True)])
def test_two_scopes_never_share_a_content(tmp_path, status, stays):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 1)
        ledger.write(tracker_number, run, [intent(7)], [])
        ledger.write(tracker_number, run, [], [record(intent(7), status, "id-7" if stays else None)])
        ledger.changes.write(tracker_number, run, [replace()], [])
        ledger.changes.write(tracker_number, run, [], [done(run, now=name(7))])
        assert [entry.id for entry in ledger.of_target(intent(7).target_key)] == ["id-7" if stays else "id-0"]
        assert ledger.claimed(tracker_number) == {"id-0"} | ({"id-7"} if stays else set())


def test_what_was_last_sent_is_known(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 1)
        assert ledger.changes.sent_bodies(tracker_number, ["id-0"]) == {}, "an empty body says nothing"
        ledger.write(
            tracker_number, run, [intent(1)._replace(body=b"created")], [record(intent(1), LedgerStatus.CREATED, "one")]
        )
        assert ledger.changes.sent_bodies(tracker_number, ["one", "two"]) == {"one": b"created"}
        ledger.changes.write(tracker_number, run, [replace("one"), replace("two")], [])
        assert ledger.changes.sent_bodies(tracker_number, ["one", "two"]) == {"one": b"created"}
        ledger.changes.write(tracker_number, run, [], [done(run, "one"), done(run, "two")])
        assert ledger.changes.sent_bodies(tracker_number, ["one", "two"]) == {"one": NEW, "two": NEW}
        assert ledger.changes.sent_bodies(tracker_number, []) == {}
        assert ledger.changes.sent_bodies(tracker_number, ["one", "two"], before=run) == {}
        assert ledger.changes.done_since(tracker_number, run) == []
        found = [("one", run, ChangeKind.REPLACE, None), ("two", run, ChangeKind.REPLACE, None)]
        assert ledger.changes.done_since(tracker_number, run - 1) == found


def test_what_may_have_been_created_is_told_of_its_run(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 2)
        ledger.write(tracker_number, run, [intent(2)], [])
        assert ledger.changes.open_of(run) == [("basket", "item", "/p/2")]


def test_what_a_run_made_is_told_with_what_was_sent_and_what_was_adopted(shop):
    shop.server.faults = scripted({2: "drop-after"})
    ran = shop.run(several(3, pins=2))
    with Ledger.open(shop.path) as ledger:
        made = {each.name.target: each for each in ledger.changes.made_by(ran.delivered.run)}
        assert ledger.changes.made_by(99) == []
    assert {target: each.id for target, each in made.items()} == {f"/p/{n}": ran[n].id for n in range(3)}
    assert [made[f"/p/{n}"].adopted for n in range(3)] == [ran[n].adopted for n in range(3)]
    assert sum(each.adopted for each in made.values()) == 1
    assert [made[f"/p/{n}"].body for n in range(3)] == [one.body for one in several(3, pins=2)]


def test_what_was_created_before_it_was_sent_again_stays_its_runs(shop):
    first = shop.run(several(1))
    second = shop.run(several(1), again=True)
    with Ledger.open(shop.path) as ledger:
        assert [made.id for made in ledger.changes.made_by(first.delivered.run)] == [first[0].id]
        assert [made.id for made in ledger.changes.made_by(second.delivered.run)] == [second[0].id]


def test_the_last_run_that_changed_something(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        assert ledger.changes.last_run(1) is None
        tracker_number, first = filled(ledger, 1)
        ledger.begin(TARGET, file="b.xlsx", sha256="bb", again=False, now=2.0)
        assert (ledger.changes.last_run(tracker_number) or pytest.fail("none")).run == first
        _, second = ledger.begin(TARGET, file="c.xlsx", sha256="cc", again=False, now=3.0)
        ledger.changes.write(tracker_number, second, [replace()], [])
        found = ledger.changes.last_run(tracker_number)
        assert found is not None
        assert (found.run, found.file, found.started, found.undoes, found.finished) == (
            second,
            "c.xlsx",
            3.0,
            None,
            False,
        )
        ledger.changes.write(tracker_number, second, [], [ChangeEnd(second, "id-0", ChangeStatus.NOT_DONE, 4.0)])
        assert (ledger.changes.last_run(tracker_number) or pytest.fail("none")).run == first
        _, idle = ledger.begin(TARGET, file="undo", sha256="", again=False, now=2.0, undoes=first)
        found = ledger.changes.last_run(tracker_number)
        assert found is not None
        assert (found.run, found.undoes) == (idle, first), "an undoing that was begun is to be ended"
        assert ledger.changes.taken_back(first) == [found]
        ledger.fulfil(idle)
        assert (ledger.changes.last_run(tracker_number) or pytest.fail("none")).run == first
        assert ledger.changes.run(99) is None


def test_a_forgotten_run_is_forgotten_with_its_changes(tmp_path):
    with Ledger.open(tmp_path / "l.db") as ledger:
        tracker_number, run = filled(ledger, 1)
        ledger.changes.write(tracker_number, run, [replace("a"), replace("b")], [])
        assert ledger.upkeep.forget_scope("a") == 1
        assert ledger.upkeep.forget_run(run) == 2
        assert ledger.changes.unsettled(tracker_number) == []


@pytest.mark.parametrize("tables", [VERSION_1, VERSION_2, VERSION_3], ids=["1", "2", "3"])
def test_a_ledger_from_before_changes_is_read_as_it_is_and_brought_over(tmp_path, tables):
    path, known = tmp_path / "l.db", intent(0)
    db = sqlite3.connect(path)
    db.executescript(tables)
    count = len(db.execute("PRAGMA table_info(scopes)").fetchall())
    values = {"scope": 7, "place": 1, "fingerprint": known.fingerprint, "target_key": known.target_key, "fate": 2,
              "run": 1, "model": "basket", "target_type": "item", "target": "/p/0", "intent_at": 1.0, "id": "id-0",
              "since": 5.0, "doubt": 0.0}  # fmt: skip
    columns = [row[1] for row in db.execute("PRAGMA table_info(scopes)")]
    db.execute(f"INSERT INTO scopes VALUES ({','.join('?' * count)})", [values.get(column) for column in columns])
    db.commit()
    db.close()
    with Ledger.view(path) as view:  # type: ignore[union-attr]
        assert [entry.id for entry in view.of_target(known.target_key)] == ["id-0"]
        assert view.changes.unsettled(1) == view.changes.of_run(1) == view.changes.made_by(1) == []
        assert view.changes.sent_bodies(1, ["id-0"]) == {}
        assert view.changes.last_run(1) is view.changes.run(1) is None
        assert view.changes.taken_back(1) == []
    with Ledger.open(path) as ledger:
        (made,) = ledger.changes.made_by(1)
        assert (made.id, made.name, made.body, made.adopted) == ("id-0", name(0), None, False)
        ledger.changes.write(1, 1, [replace()], [])
        assert len(ledger.changes.unsettled(1)) == 1
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
    db.close()


def test_bodies_hold_whatever_a_sheet_can_hold(shop):
    odd = scope(0, "/p/0", target_metadata={"title": "½ \ud83d\ude00 \u0000", "big": 12345678901234567890})
    ran = shop.run(Few([odd]))
    with Ledger.open(shop.path) as ledger:
        (made,) = ledger.changes.made_by(ran.delivered.run)
    assert made.body == odd.body
    assert json.loads(made.body or b"")["target_metadata"]["big"] == 12345678901234567890
