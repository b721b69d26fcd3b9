"""What readings of the list say of a scope: pure judgements over literal pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.api.client import NeverSent
from importer.api.messages import Answer, CreatedScope, Listed, Request
from importer.delivery.contents import TargetName, content_of, difference
from importer.delivery.reader import ENOUGH, ListReader
from importer.delivery.readings import Canary, KnownIds, Pass, Wanted, is_enough
from importer.delivery.reconcile import judge, judge_missing
from importer.delivery.states import Absent, Confirmed, Conflicting, Found, ListUnavailable, Proof
from importer.ledger import Baseline

BODY: dict[str, Any] = {
    "model": "basket",
    "target_type": "item",
    "target_identity": "/p/1",
    "pin_definitions": [{"position": 1, "pin_type": "item", "pin_identity": "7"}],
}
OTHER = {**BODY, "target_identity": "/p/other"}
NAME = TargetName("basket", "item", "/p/1")
CANARY = Canary("canary", 15.0, TargetName("basket", "item", "/p/other"), json.dumps(OTHER).encode())
FRESH = KnownIds({"canary"}, {"canary"}, [CANARY])
RESPELLED = ("canary", {**OTHER, "tags": ["default"]})
"""The canary, as a service shows it that fills in defaults."""


def known(*ids: str, total: int | None = None, complete: bool = True) -> Baseline:
    return Baseline(frozenset(ids), len(ids) if total is None else total, complete)


def wanted(baseline: Baseline | None = None, **more: Any) -> Wanted:
    return Wanted(NAME, content_of(BODY), baseline, **{"sent": 10.0, "due": 43.0, "lag": 23.0, **more})


def read(*shown: str | tuple[str, dict[str, Any]], began: float = 50.0, total: int | None = -1, **more: Any) -> Pass:
    """A pass that shows these IDs, some with their fields; the canary has its own."""
    pairs = [(each, OTHER if each == "canary" else {}) if isinstance(each, str) else each for each in shown]
    items = [Listed(name, fields) for name, fields in pairs if fields]
    positions = {name: place for place, (name, _) in enumerate(pairs)}
    said = len(pairs) if total == -1 else total
    return Pass(began, positions, items, said, **{"complete": True, "newest_first": True, **more})


def proof(baseline: Baseline | None, *passes: Pass, evidence: KnownIds = FRESH, **more: Any) -> Proof:
    event = judge(wanted(baseline, **more), passes, evidence)
    assert isinstance(event, Absent)
    return event.proof


# ── New ones ────────────────────────────────────────────────────────────────────────────────────────────


def test_one_new_one_of_equal_content_is_its_own():
    event = judge(wanted(known("old")), [read(("new", {**BODY, "created_at": "x"}), "old")], FRESH)
    assert isinstance(event, Found)
    assert (event.created.id, event.created.created_at, event.note) == ("new", "x", "adopted")


@pytest.mark.parametrize("fields", [BODY, {**BODY, "tags": ["x"]}])
def test_what_was_there_before_or_is_another_scopes_is_never_taken(fields):
    shown = [read("canary", ("old", fields)), read("canary", ("old", fields))]
    assert proof(known("old"), *shown) is Proof.RELIABLE
    claimed = KnownIds({"canary", "theirs"}, {"canary"}, [CANARY])
    shown = [read("canary", ("theirs", fields)), read("canary", ("theirs", fields))]
    assert proof(known(total=0), *shown, evidence=claimed) is Proof.RELIABLE


def test_what_an_answer_gave_to_another_scope_and_the_list_calls_this_ones_is_no_absence():
    evidence = KnownIds({"canary", "mixed-up"}, {"canary", "mixed-up"}, [CANARY, Canary("mixed-up", 16.0, NAME, b"{}")])
    shown = read("canary", ("mixed-up", BODY))
    assert isinstance(judge(wanted(known()), [shown, shown], evidence), Conflicting)


def test_several_equal_new_ones_cannot_be_told_apart():
    event = judge(wanted(known()), [read(("a", BODY), ("b", BODY))], FRESH)
    assert event == Conflicting(("a", "b"), "unknown-several")


def test_an_unequal_new_one_is_never_taken_and_its_difference_is_said():
    event = judge(wanted(known()), [read("canary", ("a", {**BODY, "tags": ["x"]}))], FRESH)
    assert isinstance(event, Conflicting)
    assert (event.ids, event.why) == (("a",), "unknown-other")
    assert event.difference == 'tags: — / ["x"]'


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (("b", {**BODY, "tags": ["x"]}), True),
        (("b", {**BODY, "tags": ["x"], "model": None}), False),
        (("mixed-up", {**BODY, "tags": ["x"]}), False),
    ],
)
def test_beside_an_equal_new_one_there_may_be_only_others_that_surely_are_new_ones_of_this_target(other, found):
    evidence = KnownIds({"canary", "mixed-up"}, {"canary", "mixed-up"}, [CANARY])
    event = judge(wanted(known()), [read("canary", ("a", BODY), other)], evidence)
    assert isinstance(event, Found if found else Conflicting)
    assert not isinstance(event, Found) or event.created == CreatedScope("a", None)


def test_an_unequal_new_one_is_taken_where_the_service_respells_what_was_surely_made():
    respelled = ("canary", {**OTHER, "tags": ["default"]})
    event = judge(wanted(known()), [read(respelled, ("a", {**BODY, "tags": ["default"]}))], FRESH)
    assert isinstance(event, Found)
    assert event.note == "adopted-respelled"
    two = [read(respelled, ("a", {**BODY, "tags": ["x"]}), ("b", {**BODY, "tags": ["y"]}))]
    assert isinstance(judge(wanted(known()), two, FRESH), Conflicting)


def test_whether_the_service_respells_is_waited_for_while_something_is_yet_to_be_created():
    shown = read(("a", {**BODY, "tags": ["default"]}))
    event = judge(wanted(known()), [shown], canaries(may_come=True))
    assert isinstance(event, Absent)
    assert event.proof is Proof.PENDING
    assert isinstance(judge(wanted(known()), [shown], canaries()), Conflicting)


def test_an_equal_one_by_someone_else_is_not_taken_where_creators_are_shown():
    mine = ("canary", {**OTHER, "creator": "importer"})
    theirs = ("a", {**BODY, "creator": "someone"})
    event = judge(wanted(known()), [read(mine, theirs)], FRESH)
    assert isinstance(event, Conflicting)
    assert event.why == "unknown-creator"


def test_without_a_baseline_an_equal_one_that_nobody_claims_is_taken_with_a_note_and_no_absence_counts():
    event = judge(wanted(None), [read(("a", BODY))], FRESH)
    assert isinstance(event, Found)
    assert event.note == "adopted-without-baseline"
    assert proof(None, read("canary"), read("canary")) is Proof.NO_BASELINE


@pytest.mark.parametrize(
    "fields",
    [
        {**BODY, "target_identity": "/P/1"},
        {**BODY, "target_identity": "p/1/"},
        {**BODY, "target_identity": "%2Fp%2F1"},
        {**BODY, "target_identity": None},
        {**BODY, "model": None},
        {key: value for key, value in BODY.items() if key != "target_type"},
    ],
)
def test_a_target_in_another_spelling_hides_nothing(fields):
    assert isinstance(judge(wanted(known()), [read("canary", ("a", fields))] * 2, FRESH), Conflicting)
    event = judge(wanted(known()), [read(RESPELLED, ("a", {**fields, "tags": ["default"]}))] * 2, FRESH)
    assert isinstance(event, Conflicting), "what might be another target's is not taken where the service respells"


CRITERIA: dict[str, Any] = {**BODY, "target_type": "criteria", "target_criteria": {"brand": "A", "price": 10}}


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        (CRITERIA, True),
        ({**CRITERIA, "target_criteria": {"price": 10.0, "brand": "A"}}, True),
        ({**CRITERIA, "target_criteria": {"brand": "B"}}, False),
        ({**CRITERIA, "target_criteria": None}, False),
        ({**CRITERIA, "model": None}, False),
    ],
)
def test_criteria_are_compared_by_value_and_other_ones_might_be_these_in_another_spelling(fields, taken):
    name = TargetName("basket", "criteria", '{"brand":"A","price":10}')
    looked_for = Wanted(name, content_of(CRITERIA), known(), 10.0, 43.0, 23.0)
    event = judge(looked_for, [read(RESPELLED, ("a", {**fields, "tags": ["default"]}))] * 2, FRESH)
    assert isinstance(event, Found if taken else Conflicting)


@pytest.mark.parametrize("fields", [{**BODY, "model": "x"}, {**BODY, "target_type": "all"}, OTHER])
def test_another_target_is_another_target(fields):
    assert proof(known(), *[read("canary", ("a", fields))] * 2) is Proof.RELIABLE


# ── Equal ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "other",
    [
        {**BODY, "tags": []},
        {**BODY, "tags": None, "target_metadata": {}},
        {**BODY, "id": "x", "creator": "y", "available": False},
        {**BODY, "pin_definitions": [{**BODY["pin_definitions"][0], "position": 1.0, "is_block_pin": False, "id": 9}]},
    ],
)
def test_other_spellings_are_equal(other):
    assert content_of(other) == content_of(BODY)


@given(st.permutations(range(4)), st.permutations(["a", "b", "c"]))
def test_pins_and_tags_are_sets(order, tags):
    pins = [{"position": n, "pin_type": "item", "pin_identity": str(n)} for n in range(4)]
    one = {**BODY, "pin_definitions": pins, "tags": ["a", "b", "c"]}
    assert content_of(one) == content_of({**one, "pin_definitions": [pins[n] for n in order], "tags": tags})


FIELDS = st.sampled_from(["model", "tags", "pin_definitions", "position"])
VALUES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(VALUES, lambda each: st.lists(each, max_size=4) | st.dictionaries(FIELDS, each, max_size=4)))
def test_whatever_a_list_holds_is_compared_without_a_fault(found):
    fields = found if isinstance(found, dict) else {"pin_definitions": found, "tags": found}
    assert isinstance(difference(content_of(BODY), content_of(fields)), str)


# ── An absence ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("baseline", "shown", "expected"),
    [
        (known("o"), read("canary", "o"), Proof.RELIABLE),
        (known("o"), read("canary", "o", total=None), Proof.RELIABLE),
        (known("o"), read("canary"), Proof.INCOMPLETE),
        (known("o"), read("canary", "o", total=3), Proof.INCOMPLETE),
        (known("o"), read("canary", "o", complete=False), Proof.RELIABLE),
        (known("o"), read("canary", "o", total=3, complete=False), Proof.INCOMPLETE),
        (known("o"), read("canary", "o", complete=False, newest_first=False), Proof.INCOMPLETE),
        (known("o", "p", total=90, complete=False), read("canary", "o", "p", total=91, complete=False), Proof.RELIABLE),
        (
            known("o", "p", total=90, complete=False),
            read("canary", "o", "p", total=92, complete=False),
            Proof.INCOMPLETE,
        ),
        (known("o", "p", total=90, complete=False), read("canary", "o", total=91, complete=False), Proof.INCOMPLETE),
        (known(total=0), read("canary", complete=False), Proof.INCOMPLETE),
    ],
)
def test_what_a_reading_must_show(baseline, shown, expected):
    assert proof(baseline, shown, shown) is expected


def test_what_a_get_says_is_gone_need_not_be_shown():
    shown = read("canary", "o", complete=False)
    assert proof(known("o", "p"), shown, shown, gone=frozenset({"p"})) is Proof.RELIABLE


def test_two_passes_must_agree_but_for_what_this_run_created():
    one, two = read("canary", "o"), read("canary", "x", "o")
    assert proof(known("o"), one) is Proof.PENDING
    assert proof(known("o"), one, two) is Proof.UNSTABLE
    mine = KnownIds({"canary", "x"}, {"canary", "x"}, [CANARY])
    assert proof(known("o"), one, two, evidence=mine) is Proof.RELIABLE


def test_among_the_ids_of_a_baseline_the_totals_say_what_is_new():
    few = known("o", "p", total=90, complete=False)
    amid = ("amid", BODY)
    new = read("canary", "o", amid, "p", total=92, complete=False)
    assert isinstance(judge(wanted(few), [new], FRESH), Found)
    old = read("canary", "o", amid, "p", total=91, complete=False)
    assert proof(few, old, old) is Proof.RELIABLE
    neither = read("canary", "o", amid, "p", total=95)
    assert isinstance(judge(wanted(few), [neither], FRESH), Conflicting)
    silent = read("canary", "o", amid, "p", total=None, complete=False)
    assert isinstance(judge(wanted(few), [silent], FRESH), Conflicting)


def canaries(*accepted: float, may_come: bool = False, claimed: Sequence[str] = ()) -> KnownIds:
    own = [Canary(f"c{n}", moment, CANARY.target, CANARY.body) for n, moment in enumerate(accepted)]
    ids = {each.id for each in own}
    return KnownIds({*ids, *claimed}, ids, own, lambda: may_come)


def test_a_reading_that_ends_early_needs_totals_or_a_new_one_among_the_first():
    """Without either, the list may go on, and show what is new at its end."""
    older, fresh = canaries(9.0), canaries(11.0)

    def told(total: int | None, evidence: KnownIds, baseline_total: int | None = 1) -> tuple[Proof, bool]:
        shown = read(("c0", OTHER), "o", total=total, complete=False)
        baseline = Baseline(frozenset({"o"}), baseline_total, complete=False)
        return proof(baseline, shown, shown, evidence=evidence), is_enough(wanted(baseline), shown, evidence)

    assert told(2, older) == (Proof.RELIABLE, True)
    assert told(None, older) == (Proof.INCOMPLETE, False)
    assert told(None, older, None) == (Proof.INCOMPLETE, False)
    assert told(2, older, None) == (Proof.INCOMPLETE, False)
    assert told(None, fresh, None) == (Proof.RELIABLE, True)
    assert told(2, fresh) == (Proof.RELIABLE, True)
    assert told(3, fresh) == (Proof.INCOMPLETE, False)


def test_an_empty_baseline_never_ends_a_reading_early():
    shown = read("canary", total=1, complete=False)
    assert proof(Baseline(frozenset(), 0, complete=True), shown, shown) is Proof.INCOMPLETE


def shows(*ids: str) -> Pass:
    return read(*((each, OTHER) for each in ids))


@pytest.mark.parametrize(
    ("evidence", "shown", "expected"),
    [
        (canaries(11.0), shows("c0"), Proof.RELIABLE),
        (canaries(11.0), shows(), Proof.INCOMPLETE),
        (canaries(49.0), shows(), Proof.PENDING),
        (canaries(9.0, may_come=True), shows("c0"), Proof.PENDING),
        (canaries(9.0), shows("c0"), Proof.RELIABLE),
        (canaries(9.0), shows(), Proof.INCOMPLETE),
        (canaries(), shows(), Proof.NO_CANARY),
        (canaries(may_come=True), shows(), Proof.PENDING),
        (canaries(claimed=["before"]), shows("before"), Proof.RELIABLE),
        (canaries(), shows("whose"), Proof.NO_CANARY),
        (canaries(10.0, may_come=True), shows("c0"), Proof.PENDING),
        (canaries(27.0), shows(), Proof.INCOMPLETE),
        (canaries(27.5), shows(), Proof.PENDING),
    ],
)
def test_a_canary_must_be_shown(evidence, shown, expected):
    assert proof(known(total=0), shown, shown, evidence=evidence) is expected


def test_of_what_the_baseline_holds_each_is_a_canary_though_an_old_one():
    assert proof(known("o"), shows("o"), shows("o"), evidence=canaries()) is Proof.RELIABLE


@pytest.mark.parametrize(("accepted", "expected"), [(9.0, Proof.INCOMPLETE), (9.5, Proof.NO_CANARY)])
def test_a_canary_need_not_be_shown_before_its_time(accepted, expected):
    early = read(began=32.0)
    assert proof(known(), early, early, evidence=canaries(accepted)) is expected


def test_a_canary_that_comes_back_under_another_target_shows_nothing():
    strange = read(("canary", {**OTHER, "target_identity": "somewhere"}))
    assert proof(known(), strange, strange) is Proof.INCOMPLETE


def test_what_is_gone_takes_two_readings_to_the_end_that_show_something_known():
    evidence = KnownIds({"a", "b"})
    assert judge_missing("a", [read("a"), read("a")], evidence) == Confirmed()
    for shown, expected in (
        (read("b"), Proof.RELIABLE),
        (read("b", total=2), Proof.INCOMPLETE),
        (read("b", complete=False), Proof.INCOMPLETE),
        (read(), Proof.NO_CANARY),
    ):
        assert judge_missing("a", [shown, shown], evidence) == Absent(50.0, expected)
    assert judge_missing("a", [read("b"), read("b", "c", began=60.0)], evidence) == Absent(50.0, Proof.UNSTABLE)


# ── Reading pages ───────────────────────────────────────────────────────────────────────────────────────

Pages = Callable[[int, int], Any]


def reader(pages: Pages) -> tuple[ListReader, list[dict[str, list[str]]]]:
    """A reader of a list that is made by offset and limit, and what it was asked."""
    asked: list[dict[str, list[str]]] = []

    async def ask(request: Request) -> Any:
        query = parse_qs(request.query[1:])
        asked.append(query)
        if request.call == "get":
            return Answer(404, b"{}", None, None, 0)
        found = pages(int(query["offset"][0]), int(query["limit"][0]))
        return (
            found
            if isinstance(found, Answer | NeverSent | None)
            else Answer(200, json.dumps(found).encode(), None, None, 0)
        )

    return ListReader("/scope", ask, lambda: 50.0), asked


def listed(count: int, *, total: bool = True) -> Pages:
    times = [f"2027-01-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z" for n in range(count)]
    rows = [{"id": f"id-{n}", "created_at": time} for n, time in enumerate(times)][::-1]

    def page(offset: int, limit: int) -> Any:
        part = rows[offset : offset + limit]
        return {"results": part, "pagination": {"total": count}} if total else part

    return page


def test_a_list_of_one_moment_shows_nothing_of_its_order_and_is_read_to_its_end():
    rows = [{"id": f"id-{n}", "created_at": "2027-01-01"} for n in range(250)]
    one, _ = reader(lambda offset, limit: {"results": rows[offset : offset + limit], "pagination": {"total": 250}})
    baseline = asyncio.run(one.open())
    assert isinstance(baseline, Baseline)
    assert (len(baseline.ids), baseline.complete) == (250, True)


def test_a_page_that_breaks_off_once_is_asked_for_once_more_and_as_large_as_before():
    pages, broken = listed(250), iter([True, False, False, True])

    def page(offset: int, limit: int) -> Any:
        return Answer(200, None, None, None, 0) if next(broken, False) else pages(offset, limit)

    one, asked = reader(page)
    assert isinstance(asyncio.run(one.open()), Baseline)
    assert {query["limit"][0] for query in asked} == {"100"}


@pytest.mark.parametrize(
    ("count", "total", "requests", "ids"),
    [
        (0, True, 1, 0),
        (30, True, 2, 30),
        (30, False, 4, 30),
        (99, True, 2, 99),
        (100, True, 1, 100),
        (5000, True, 1, 100),
    ],
)
def test_a_baseline_is_all_or_the_newest_hundred(count, total, requests, ids):
    one, asked = reader(listed(count, total=total))
    baseline = asyncio.run(one.open())
    assert isinstance(baseline, Baseline)
    assert (len(baseline.ids), baseline.complete) == (ids, count < ENOUGH)
    assert len(asked) == requests


@pytest.mark.parametrize(
    ("name", "count", "oldest"),
    [
        (lambda n: 1000 - n, 500, "901"),
        (lambda n: 1000 - n, 50, None),
        (lambda n: 1000 + n, 500, None),
        (lambda n: 37 * n % 1001 + 1, 500, None),
    ],
)
def test_a_baseline_of_the_newest_says_below_which_id_all_was_there(name, count, oldest):
    rows = [{"id": name(n), "created_at": f"2027-01-01T00:{59 - n // 20:02}:00Z"} for n in range(count)]
    one, _ = reader(lambda offset, limit: {"results": rows[offset : offset + limit], "pagination": {"total": count}})
    baseline = asyncio.run(one.open())
    assert isinstance(baseline, Baseline)
    assert baseline.oldest == oldest


def test_a_list_that_is_not_newest_first_is_read_to_its_end():
    rows = [{"id": f"id-{n}", "created_at": f"2027-01-{n // 20 + 1:02}T00:00:00Z"} for n in range(250)]
    one, asked = reader(lambda offset, limit: {"results": rows[offset : offset + limit], "pagination": {"total": 250}})
    baseline = asyncio.run(one.open())
    assert isinstance(baseline, Baseline)
    assert (len(baseline.ids), baseline.complete, len(asked)) == (250, True, 4)


def test_a_list_that_refuses_the_order_is_asked_without_it():
    def page(offset: int, limit: int) -> Any:
        return Answer(422, b"{}", None, None, 0) if "sort" in asked[-1] else []

    one, asked = reader(page)
    assert asyncio.run(one.open()) == Baseline(frozenset(), None, complete=True)
    assert ["sort" in query for query in asked[:2]] == [True, False]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(404, b"", 1.0, None, 0), ListUnavailable(forever=True)),
        (Answer(405, b"", 1.0, None, 0), ListUnavailable(forever=True)),
        (Answer(302, b"", 1.0, None, 0), ListUnavailable(forever=True)),
        (Answer(200, b"<html>", 1.0, None, 0), ListUnavailable(forever=True)),
        (Answer(401, b"", 1.0, None, 0), ListUnavailable(forever=True)),
        (Answer(503, b"", 1.0, None, 0), ListUnavailable(forever=False)),
        (None, ListUnavailable(forever=False)),
    ],
)
def test_an_answer_that_is_no_list(answer, expected):
    one, _ = reader(lambda _, __: answer)
    assert asyncio.run(one.open()) == expected


def test_pages_that_are_too_large_are_asked_for_smaller():
    pages = listed(30)
    one, asked = reader(lambda offset, limit: Answer(200, None, None, None, 0) if limit > 5 else pages(offset, limit))
    baseline = asyncio.run(one.open())
    assert isinstance(baseline, Baseline)
    assert len(baseline.ids) == 30
    assert {query["limit"][0] for query in asked} == {"100", "20", "4"}


def test_a_server_that_gives_the_same_page_for_ever_ends():
    one, asked = reader(lambda _, __: {"results": [{"id": "a", "model": "x"}], "pagination": {"total": 9}})
    events = asyncio.run(one.look([wanted(known())], FRESH))
    assert isinstance(events[0], Absent)
    assert events[0].proof is Proof.INCOMPLETE
    assert len(asked) <= 10
