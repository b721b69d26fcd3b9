"""What is live says of one scope: a table of all that can be known before, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from importer.catalogue.outcomes import COMMENTS
from importer.delivery.contents import content_of
from importer.ledger import Entry, LedgerStatus
from importer.live.customization import Live
from importer.live.judgement import Evidence, Rules, rule
from importer.model import AlreadyCreated, HeldBack

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()
PIN = {"position": 1, "pin_type": "item", "pin_identity": "/p/9"}
BODY: dict[str, Any] = {
    "model": "basket",
    "target_type": "item",
    "target_identity": "/p/1",
    "pin_definitions": [PIN],
}
SINCE = datetime(2026, 11, 3, 9, tzinfo=UTC)
EQUAL = Live("id-equal", BODY | {"creator": "jana@shop.example", "created_at": "2026-11-03T09:00:00Z"})
TWIN = Live("id-twin", BODY)
OTHER = Live(
    "id-other", BODY | {"tags": ["else"], "creator": "petr@shop.example", "created_at": "2026-10-01T09:00:00Z"}
)
THIRD = Live("id-third", BODY | {"tags": ["third"]})
OVER = Live("id-over", BODY | {"pin_definitions": [PIN | {"active_to": "2026-01-31T23:59:59+01:00"}]})

USUAL = Rules(again=False, create_beside=False, now=NOW)
AGAIN = Rules(again=True, create_beside=False, now=NOW)
BESIDE = Rules(again=False, create_beside=True, now=NOW)

FOUND = AlreadyCreated("id-equal", SINCE, found=True, creator="jana@shop.example")
LONG_AGO = AlreadyCreated("id-own", SINCE)
HELD = HeldBack("because", "id-own")


def entry(status: LedgerStatus, scope_id: str | None) -> Entry:
    return Entry(b"", 0, status, 1, "basket", "item", "/p/1", 0.0, None, scope_id, None, None)


OWN = entry(LedgerStatus.CREATED, "id-own")
ABSENT = entry(LedgerStatus.ABSENT, None)


def case(*lives: Live, **more: Any) -> Evidence:
    ids = frozenset(live.id for live in lives) | more.pop("also", frozenset())
    return Evidence(content_of(BODY), lives, live_ids=ids, **more)


SENT: list[tuple[str, Evidence, Rules]] = [
    ("nothing is live", case(), USUAL),
    ("nothing is live, and it was proven absent before", case(entry=ABSENT), USUAL),
    ("it is live, but people want it again", case(EQUAL), AGAIN),
    ("it is live, but people want another one beside", case(EQUAL), BESIDE),
    ("another one is live, and people want both", case(OTHER), BESIDE),
    ("what is live is over", case(OVER), USUAL),
    ("people want once more what the ledger knows", case(EQUAL, entry=OWN), AGAIN),
    ("it was created long ago and was not seen: the delivery asks", case(before=LONG_AGO, entry=OWN), USUAL),
    ("so it does where not all was seen", case(OTHER, before=LONG_AGO, entry=OWN, covered=False), USUAL),
    ("what was found once is gone", case(before=HELD, unproven=True, gone=frozenset({"id-own"})), USUAL),
]


@pytest.mark.parametrize(("what", "one", "rules"), SENT, ids=[row[0] for row in SENT])
def test_sent(what, one, rules):
    assert what
    found = rule(one, rules)
    assert found.outcome is None
    assert found.found is None


ALREADY: list[tuple[str, Evidence, Rules, AlreadyCreated]] = [
    ("whoever made it", case(EQUAL), USUAL, FOUND),
    ("whatever else there is", case(OTHER, EQUAL, OVER), USUAL, FOUND),
    ("though its period is over", case(EQUAL), Rules(again=False, create_beside=False, now=NOW * 2), FOUND),
    ("though an earlier run held it back", case(EQUAL, before=HELD), USUAL, FOUND),
    ("though it was created long ago under another ID", case(EQUAL, before=LONG_AGO, entry=OWN), USUAL, FOUND),
    (
        "created long ago and seen",
        case(OTHER, before=LONG_AGO, entry=OWN, also=frozenset({"id-own"})),
        USUAL,
        LONG_AGO,
    ),
    (
        "a workbook's ID, seen",
        case(EQUAL, before=AlreadyCreated("id-equal"), own=frozenset({"id-equal"}), unproven=True),
        USUAL,
        FOUND,
    ),
    ("a workbook's ID, not looked for", case(before=LONG_AGO, unproven=True, covered=False), USUAL, LONG_AGO),
    ("a workbook's ID that a get finds", case(before=LONG_AGO, unproven=True), USUAL, LONG_AGO),
    (
        "a workbook's ID that is gone from what was only half read",
        case(before=LONG_AGO, unproven=True, covered=False, gone=frozenset({"id-own"})),
        USUAL,
        LONG_AGO,
    ),
    ("its own of two equal ones", case(TWIN, EQUAL, own=frozenset({"id-equal"}), before=HELD), USUAL, FOUND),
]  # fmt: skip


@pytest.mark.parametrize(("what", "one", "rules", "outcome"), ALREADY, ids=[row[0] for row in ALREADY])
def test_already_created(what, one, rules, outcome):
    assert what
    found = rule(one, rules).outcome
    assert isinstance(found, AlreadyCreated)
    assert found == outcome or (found.warning and found.id == outcome.id)


def test_of_several_equal_ones_all_are_named():
    found = rule(case(EQUAL, TWIN), USUAL)
    assert isinstance(found.outcome, AlreadyCreated)
    assert found.outcome.id == "id-equal"
    assert "id-equal" in found.outcome.warning
    assert "id-twin" in found.outcome.warning


def test_what_a_workbook_names_and_someone_changed_is_said():
    brought = AlreadyCreated("id-other")
    found = rule(case(OTHER, before=brought, own=frozenset({"id-other"}), unproven=True), USUAL).outcome
    assert isinstance(found, AlreadyCreated)
    assert found.id == "id-other"
    assert found.warning == COMMENTS["live-changed"]


def test_what_was_found_once_and_is_over_now_holds_nothing_back():
    before = HeldBack("because", "id-over")
    assert rule(case(OVER, before=before, unproven=True), USUAL) == (None, None, (), (OVER,))
    half_read = case(OVER, before=HELD, unproven=True, covered=False)
    assert rule(half_read, USUAL).outcome == HELD, "what was found may be among what was not read"


HELD_BACK: list[tuple[str, Evidence, Rules, str]] = [
    ("another one is live", case(OTHER), USUAL, "--create-beside"),
    ("another one is live, as the ledger does not know", case(OTHER, entry=ABSENT), USUAL, "id-other, made by petr@"),
    ("--again is no wish for a second one", case(OTHER), AGAIN, "--update"),
    ("several others are live", case(OTHER, THIRD, OVER), USUAL, "2 customizations live"),
    ("others are live and the own one is not", case(OTHER, before=LONG_AGO, entry=OWN), USUAL, "id-other"),
    ("what earlier runs say stands", case(OTHER, before=HELD), USUAL, "because"),
    ("a workbook's ID is gone", case(before=LONG_AGO, unproven=True, gone=frozenset({"id-own"})), USUAL, "no longer"),
    (
        "what was found once is gone and another one is live",
        case(OTHER, before=HELD, unproven=True, gone=frozenset({"id-own"})),
        USUAL,
        "id-other",
    ),
    (
        "what was found once is live still, and is not this",
        case(OTHER, before=HeldBack("because", "id-other"), unproven=True),
        USUAL,
        "id-other, made by petr@",
    ),
    (
        "its rows carry the ID of what is live with other content",
        case(
            OTHER,
            EQUAL,
            before=HeldBack(COMMENTS["held-no-key"].format(id="id-other"), "id-other"),
            own=frozenset({"id-other"}),
        ),
        USUAL,
        "live with other content: ID id-other",
    ),
    ("its rows carry another ID too", case(OTHER, before=HELD, own=frozenset({"id-other"})), USUAL, "because"),
]


@pytest.mark.parametrize(("what", "one", "rules", "said"), HELD_BACK, ids=[row[0] for row in HELD_BACK])
def test_held_back(what, one, rules, said):
    assert what
    found = rule(one, rules)
    assert isinstance(found.outcome, HeldBack)
    assert said in found.outcome.comment
    assert found.found is None


def test_what_it_comes_beside_is_named():
    assert rule(case(OTHER, EQUAL, OVER), BESIDE).beside == (OTHER, EQUAL)
    assert rule(case(OTHER, EQUAL, OVER), BESIDE).over == (OVER,)
    assert rule(case(EQUAL, entry=OWN), AGAIN).beside == (EQUAL,)
    assert rule(case(OVER), USUAL) == (None, None, (), (OVER,))


def test_content_that_cannot_be_compared_is_not_the_same():
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    strange = Live("id-strange", BODY | {"target_metadata": deep})
    assert isinstance(rule(case(strange), USUAL).outcome, HeldBack)
