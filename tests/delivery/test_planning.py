"""What the ledger and a results workbook's IDs say before anything is sent."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from importer.delivery import plan_sending
from importer.delivery.planning import Evidence, Rules, decide
from importer.delivery.workbook import Brought
from importer.import_key import ImportKey
from importer.ledger import Entry, Intent, Ledger, LedgerStatus, OutcomeRecord
from importer.ledger.records import fingerprint, target_key
from importer.model import AlreadyCreated, HeldBack, Provenance, Scope
from importer.sandbox import always, scripted, together
from importer.settings import SendOptions, Tracker
from tests.delivery.shop import Few, Shop, scope, several

RULES = Rules(again=False, create_beside=False, again_since=None)


def entry(status: LedgerStatus, scope_id: str | None = None, run: int = 1) -> Entry:
    return Entry(b"f", 1, status, run, "basket", "item", "/p/1", 0.0, None, scope_id, None, 100.0)


def case(
    same: Entry | None = None, others: Any = (), ids: Any = (), trusted: bool = False, known: Any = None
) -> Evidence:
    now = ImportKey(1, 2, 1)
    pairs = Counter((scope_id, str(now) if scope_id else "") for scope_id in ids)
    return Evidence(same, others, Brought(pairs, now, 1, known or {}, trusted))


CREATED = entry(LedgerStatus.CREATED, "id-1")


@pytest.mark.parametrize(
    ("given", "rules", "expected"),
    [
        (case(), RULES, None),
        (case(CREATED), RULES, AlreadyCreated),
        (case(CREATED), Rules(True, False, None), None),
        (case(CREATED), Rules(True, False, 1), AlreadyCreated),
        (case(CREATED), Rules(True, False, 2), None),
        (case(entry(LedgerStatus.ABSENT)), RULES, None),
        (case(entry(LedgerStatus.INTENT)), RULES, None),
        (case(others=[CREATED]), RULES, HeldBack),
        (case(others=[CREATED]), Rules(False, True, None), None),
        (case(others=[CREATED]), Rules(True, False, None), HeldBack),
        (case(others=[entry(LedgerStatus.UNKNOWN)]), RULES, HeldBack),
        (case(others=[entry(LedgerStatus.ABSENT)]), RULES, None),
        (case(ids=("id-9",), trusted=True), RULES, AlreadyCreated),
        (case(ids=("id-9",), trusted=True), Rules(True, True, None), AlreadyCreated),
        (case(ids=("id-9",)), RULES, HeldBack),
        (case(ids=("id-9",)), Rules(False, True, None), HeldBack),
        (case(ids=("id-9", ""), trusted=True), RULES, HeldBack),
        (case(ids=("id-9", ""), trusted=True), Rules(False, True, None), None),
        (case(ids=("id-9", "id-8"), trusted=True), RULES, HeldBack),
        (case(ids=("id-1",), known={"id-1": CREATED}), RULES, AlreadyCreated),
        (case(CREATED, ids=("id-9",)), RULES, AlreadyCreated),
    ],
)
def test_one_scope(given, rules, expected):
    verdict, _ = decide(given, rules)
    assert (verdict is None) if expected is None else isinstance(verdict, expected)


def test_what_is_of_unknown_fate_is_delivered_with_what_is_known_of_it():
    open_one = entry(LedgerStatus.INTENT)
    assert decide(case(open_one), RULES) == (None, open_one)
    assert decide(case(open_one), Rules(True, True, None)) == (None, open_one)


def ids(shop: Shop, count: int) -> dict[int, tuple[str, ...]]:
    truth = shop.truth()
    return {number: (truth[f"/p/{number}"][0],) for number in range(count)}


def real(shop: Shop) -> Provenance:
    return Provenance(shop.tracker.tracker_id, shop.tracker.base_url, rehearsal=False)


def test_a_results_workbook_fed_back_on_another_computer_sends_nothing_twice(shop):
    shop.run(several(3))
    found = ids(shop, 3)
    del found[2]
    shop.path = shop.path.with_name("another.db")
    workbook = Few([*several(2), scope(2, "/p/new")], found)
    ran = shop.run(workbook, provenance=real(shop))
    assert ran.words == ["AlreadyCreated", "AlreadyCreated", "Created"]


def test_the_ids_of_a_rehearsal_never_count_and_that_is_said(shop):
    rehearsal = Provenance(shop.tracker.tracker_id, shop.tracker.base_url, rehearsal=True)
    ran = shop.run(Few(list(several(2)), {0: ("from-a-rehearsal",)}), provenance=rehearsal)
    assert ran.words == ["Created", "Created"]
    assert "rehearsal-ids" in ran.codes


def test_ids_of_nowhere_hold_their_scope_back(shop):
    ran = shop.run(Few(list(several(2)), {0: ("someones-id",)}))
    assert ran.words == ["HeldBack", "Created"]
    assert "someones-id" in ran[0].comment


def test_an_id_that_the_ledger_knows_counts_without_provenance(shop):
    shop.run(several(2))
    changed = Few([scope(0, "/p/0", pins=2), scope(1, "/p/1")], ids(shop, 2), several(2))
    ran = shop.run(changed)
    assert ran.words == ["HeldBack", "AlreadyCreated"]
    assert ran[0].id == ids(shop, 2)[0][0]
    assert "had 1 pin when it was created and has 2 now" in ran[0].comment


def test_a_row_added_to_a_created_scope_holds_it_back(shop):
    shop.run(several(1))
    scope_id = ids(shop, 1)[0][0]
    ran = shop.run(Few([scope(0, "/p/0", pins=2)], {0: (scope_id, "")}, several(1)), provenance=real(shop))
    assert ran.words == ["HeldBack"]
    assert "Only some" in ran[0].comment


def test_without_a_target_everything_ready_is_due():
    scopes = several(3)
    scopes.ready[1] = False
    earlier = plan_sending(scopes, None, None, None, SendOptions(), datetime.now(UTC))
    assert list(earlier.due) == [0, 2]
    earlier = plan_sending(scopes, None, None, Tracker("1-1"), SendOptions(), datetime.now(UTC))
    assert list(earlier.due) == [0, 2]


def test_a_changed_scope_whose_earlier_version_is_of_unknown_fate_is_held_back(shop):
    shop.server.faults = together(scripted({1: "drop-after"}), always("404", call="list"))
    assert shop.run(several(1)).words == ["Unknown"]
    ran = shop.run(Few([scope(0, "/p/0", pins=2)]))
    assert ran.words == ["HeldBack"]
    assert "not known whether" in ran[0].comment


def test_again_that_was_interrupted_is_finished_by_the_same_command_and_creates_nothing_a_third_time(
    shop,
):
    shop.run(several(4))
    shop.server.faults = lambda arrival: "403" if arrival.call == "create" and arrival.number == 7 else None
    stopped = shop.run(several(4), again=True, concurrency=1)
    assert stopped.words == ["Created", "Created", "Failed", "NotSent"]
    finished = shop.run(several(4), again=True)
    assert finished.words == ["AlreadyCreated", "AlreadyCreated", "Created", "Created"]
    assert {len(found) for found in shop.truth().values()} == {2}
    once_more = shop.run(several(4), again=True)
    assert once_more.words == ["Created"] * 4


# ── Ledgers of earlier versions ─────────────────────────────────────────────────────────────────────────

UNSORTED = {
    "tags": ["b", "a"],
    "target_metadata": {"n": 42, "t": "x"},
    "pin_definitions": [
        {"position": 2, "pin_type": "item", "pin_identity": "7"},
        {"position": 1, "pin_type": "item", "pin_identity": "8"},
    ],
}
HEAD = b'{"model":"basket","target_type":"item","target_identity":"/p/0","tags":["a","b"],"target_metadata":'
PINS = [b'{"position":2,"pin_type":"item","pin_identity":"7"}', b'{"position":1,"pin_type":"item","pin_identity":"8"}']
FIRST = HEAD + b'{"n":42,"t":"x"},"pin_definitions":[' + b",".join(PINS) + b"]}"
"""As the first version compared it: pins in the order of the sheet, numbers in metadata as numbers."""

PINS_SORTED = HEAD + b'{"n":42,"t":"x"},"pin_definitions":[' + b",".join(PINS[::-1]) + b"]}"
AS_SHOWN = HEAD + b'{"n":"42","t":"x"},"pin_definitions":[' + b",".join(PINS) + b"]}"


def of_earlier(shop: Shop, one: Scope, written: bytes) -> Intent:
    names = (one.model, one.target_type, one.target)
    return Intent(fingerprint(shop.tracker, written), target_key(shop.tracker, one), *names, 1.0, None)


@pytest.mark.parametrize("written", [FIRST, PINS_SORTED, AS_SHOWN])
def test_what_an_earlier_version_created_is_known_though_it_compared_content_in_another_way(shop, written):
    sheet = Few([scope(0, "/p/0", **UNSORTED), scope(1, "/p/1")])
    known = Intent(
        fingerprint(shop.tracker, written), target_key(shop.tracker, sheet[0]), "basket", "item", "/p/0", 1.0, None
    )
    assert written != sheet[0].canonical
    with Ledger.open(shop.path) as ledger:
        tracker_number, run = ledger.begin(shop.tracker, file="a", sha256="b", again=False, now=1.0)
        ledger.write(
            tracker_number, run, [known], [OutcomeRecord(*known[:2], LedgerStatus.CREATED, "id-0", None, time.time())]
        )
    ran = shop.run(sheet)
    assert ran.words == ["AlreadyCreated", "Created"]
    assert ran[0].id == "id-0"
    changed = Few([scope(0, "/p/0", **{**UNSORTED, "tags": ["c"]})])
    assert shop.run(changed).words == ["HeldBack"]


def test_what_an_earlier_version_left_open_is_settled_under_the_name_that_it_has_there(shop):
    sheet = Few([scope(0, "/p/0", **UNSORTED), scope(1, "/p/1")])
    made = shop.server.seed(json.loads(sheet[0].body))
    known = Intent(
        fingerprint(shop.tracker, FIRST), target_key(shop.tracker, sheet[0]), "basket", "item", "/p/0", 1.0, None
    )
    with Ledger.open(shop.path) as ledger:
        tracker_number, run = ledger.begin(shop.tracker, file="a", sha256="b", again=False, now=1.0)
        ledger.write(tracker_number, run, [known], [])
    assert shop.run(sheet)[0].id == made.id
    assert shop.run(sheet).words == ["AlreadyCreated"] * 2
    with Ledger.open(shop.path) as ledger:
        assert [(one.id, one.status) for one in ledger.of_target(known.target_key)] == [(made.id, LedgerStatus.CREATED)]
