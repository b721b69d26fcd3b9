"""What taking a run back means: from the ledger alone, as tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from importer.canonical import canonical_projection
from importer.ledger.records import ChangeEntry, ChangeKind, ChangeStatus, Made, ScopeName, fingerprint
from importer.live.customization import Live
from importer.live.plan import Doubt
from importer.live.restore import restored
from importer.live.undo import Bucket, Did, History, UndoPlan, counts_of, lines_of, plan_undo
from importer.model import (
    AlreadyCreated,
    Created,
    Deleted,
    Failed,
    HeldBack,
    NotSent,
    Refused,
    Replaced,
    Unchanged,
    Unknown,
)
from importer.settings import Tracker
from tests.live.changing import body

TARGET = Tracker("1234-5678", "https://live.luigisbox.com")
DONE = ChangeStatus.DONE
REPLACE, DELETE = ChangeKind.REPLACE, ChangeKind.DELETE


def raw(**more: Any) -> bytes:
    return json.dumps(body(**more)).encode()


def name(**more: Any) -> ScopeName:
    return ScopeName(fingerprint(TARGET, canonical_projection(body(**more))), 1, "basket", "item", "/p/1")


def made(scope_id: str = "id-1", sent: bytes | None = None, *, adopted: bool = False) -> Made:
    return Made(scope_id, name(), sent, adopted)


def shown(scope_id: str = "id-1", **more: Any) -> bytes:
    return json.dumps(
        {"id": scope_id, **body(**more), "creator": "jana", "created_at": "2027-01-01T00:00:00Z"}
    ).encode()


def entry(kind: ChangeKind, status: ChangeStatus = DONE, scope_id: str = "id-1", **changed: Any) -> ChangeEntry:
    sent = None if kind is DELETE else raw(tags=["new"])
    made = ChangeEntry(7, scope_id, kind, status, shown(scope_id), "v-old", sent, "v-new", 1.0, 2.0)
    return made._replace(**changed)


def planned(*, include_adopted: bool = False, **known: Any) -> UndoPlan:
    nothing: dict[str, Any] = {"made": (), "changes": (), "open": (), "later": (), "before": {}}
    return plan_undo(History(7, **{**nothing, **known}), TARGET, include_adopted=include_adopted)


def unlike(plan: UndoPlan, **more: Any) -> str | None:
    """What the only order says of a customization that looks like this now."""
    (order,) = plan.orders
    return order.expects(Live(order.id, json.loads(shown(order.id, **more))))


def test_what_was_created_is_deleted_if_it_is_still_as_it_was_made():
    plan = planned(made=[made(sent=raw())])
    (order,) = plan.orders
    assert (order.kind, order.id, order.undoes, order.body) == (DELETE, "id-1", True, None)
    assert unlike(plan) is None
    assert "tags" in str(unlike(plan, tags=["theirs"]))
    assert unlike(plan, odd={"a": 1}) is None, "what the importer does not know is the service's"
    assert (plan.count, plan.number(Did.CREATED), plan.number(Did.REPLACED)) == (1, 1, 0)


def test_what_an_earlier_version_created_is_known_by_its_fingerprint():
    plan = planned(made=[made()])
    assert unlike(plan) is None
    assert unlike(plan, tags=["theirs"]) == ""


def test_what_was_adopted_is_kept_unless_asked_for():
    plan = planned(made=[made(adopted=True)])
    assert plan.count == 0
    (line,) = lines_of(plan, {})
    assert (line.bucket, line.thing.adopted) == (Bucket.KEPT, True)
    assert "--include-adopted" in line.comment
    assert planned(made=[made(adopted=True)], include_adopted=True).count == 1


def test_what_was_replaced_is_put_back_if_it_is_still_as_it_was_left():
    plan = planned(changes=[entry(REPLACE)])
    (order,) = plan.orders
    assert order.kind is REPLACE
    assert unlike(plan, tags=["new"]) is None
    assert "tags" in str(unlike(plan))
    assert order.body is not None
    assert json.loads(order.body(shown(tags=["new"]))) == body()  # type: ignore[arg-type]


def test_what_was_deleted_is_created_again():
    plan = planned(changes=[entry(DELETE)])
    assert plan.orders == []
    scope = plan.scopes[0]
    assert (scope.model, scope.target_type, scope.target) == ("basket", "item", "/p/1")
    assert json.loads(scope.body) == body()
    assert scope.canonical == canonical_projection(body())


@pytest.mark.parametrize(
    ("changed", "bucket", "words"),
    [
        (entry(REPLACE, ChangeStatus.CONFLICT), Bucket.KEPT, "Someone else"),
        (entry(REPLACE, old=b"[]"), Bucket.FAILED, "cannot be read"),
        (entry(DELETE, old=b""), Bucket.FAILED, "cannot be read"),
        (entry(DELETE, old=b'{"id": "id-1"}'), Bucket.FAILED, "cannot be read"),
    ],
)
def test_what_needs_no_asking(changed, bucket, words):
    plan = planned(changes=[changed])
    assert plan.count == 0
    (line,) = lines_of(plan, {})
    assert line.bucket is bucket
    assert words in line.comment


def test_what_was_never_changed_is_not_there_at_all():
    assert planned(changes=[entry(REPLACE, ChangeStatus.NOT_DONE)]).things == []


@pytest.mark.parametrize("status", [ChangeStatus.INTENT, ChangeStatus.UNKNOWN])
def test_what_may_have_been_changed_is_to_be_found_out_first(status):
    plan = planned(changes=[entry(REPLACE, status)])
    assert (plan.count, list(plan.unsettled), plan.orders) == (1, [0], [])
    assert lines_of(plan, {})[0].bucket is Bucket.UNKNOWN


def test_what_may_have_been_created_is_said():
    plan = planned(open=[("basket", "item", "/p/5")])
    (line,) = lines_of(plan, {})
    assert (line.bucket, line.thing.target.target) == (Bucket.FAILED, "/p/5")


@pytest.mark.parametrize(
    ("later", "before"),
    [
        ([("id-1", 9, DELETE, 7)], True),
        ([("id-1", 9, DELETE, None)], False),
        ([("id-1", 9, DELETE, 8)], False),
        ([("id-2", 9, DELETE, 7)], False),
        ([("id-1", 8, REPLACE, None), ("id-1", 9, DELETE, 7)], True),
    ],
)
def test_what_was_taken_back_before_is_left(later, before):
    plan = planned(made=[made(sent=raw())], later=later)
    assert plan.count == (not before)
    if before:
        assert lines_of(plan, {})[0].bucket is Bucket.UNDONE


def test_what_was_put_back_and_then_done_again_is_put_back_once_more():
    back = ("id-1", 9, REPLACE, 7)
    assert planned(changes=[entry(REPLACE)], later=[back]).count == 0
    assert planned(changes=[entry(REPLACE)], later=[back, ("id-1", 10, REPLACE, 9)]).count == 1


# ── Bodies ──────────────────────────────────────────────────────────────────────────────────────────────


def test_what_comes_back_is_spelled_as_it_was():
    set_by_the_service = b'"id": "x", "created_at": "then", "creator": "jana", "available": true, "tags": null'
    rest = b'"price": 49.90, "pin_definitions": [{"position": 1.0, "id": 7}], "big": 12345678901234567890'
    old = b"{" + set_by_the_service + b", " + rest + b"}"
    assert restored(entry(REPLACE, old=old), None, b"{}") == (
        b'{"price":49.90,"pin_definitions":[{"position":1,"id":7}],"big":12345678901234567890}'
    )


def test_what_is_created_again_has_only_what_a_create_takes_and_the_rest_is_said():
    pins_ = [{"position": 1.0, "pin_type": "item", "pin_identity": "/p/9", "id": 7, "widget_id": None}]
    old = shown(odd={"a": 1}, updated_at="now", pin_definitions=pins_)
    plan = planned(changes=[entry(DELETE, old=old)])
    wanted = {**body(), "pin_definitions": [{"position": 1, "pin_type": "item", "pin_identity": "/p/9"}]}
    assert json.loads(plan.scopes[0].body) == wanted
    (line,) = lines_of(plan, {0: Created("id-2", 201, 1)})
    assert line.comment.endswith("not sent: odd, updated_at, id.")


@pytest.mark.parametrize(
    ("old", "sent", "said"),
    [
        ({}, None, True),
        ({}, raw(), False),
        ({"target_metadata": None}, None, False),
        ({"target_metadata": {"title": "Watch"}}, None, False),
        ({"target_type": "all"}, None, False),
    ],
)
def test_metadata_that_nobody_saw_before_a_deletion_are_said(old, sent, said):
    known = {"before": {"id-1": sent}} if sent else {}
    plan = planned(changes=[entry(DELETE, old=shown(**old))], **known)
    assert plan.scopes[0].target_type == old.get("target_type", "item")
    (line,) = lines_of(plan, {0: Created("id-2", 201, 1)})
    assert ("metadata" in line.comment) is said


def test_what_a_service_shows_empty_is_not_sent_back():
    pins_ = [
        {"position": 1, "pin_type": "item", "pin_identity": "/p/9", "widget_id": "", "pin_criteria": None, "x": ""}
    ]
    old = shown(target_criteria=None, target_metadata={}, pin_definitions=pins_)
    kept = {"position": 1, "pin_type": "item", "pin_identity": "/p/9", "x": ""}
    assert json.loads(restored(entry(REPLACE, old=old), None, b"{}")) == {**body(), "pin_definitions": [kept]}  # type: ignore[arg-type]


TITLE = {"target_metadata": {"title": "Watch"}}


@pytest.mark.parametrize(
    ("old", "sent", "before", "fresh", "expected"),
    [
        (TITLE, TITLE, None, TITLE, TITLE),
        ({}, {}, None, {}, {}),
        ({}, TITLE, raw(**TITLE), {}, TITLE),
        ({}, TITLE, raw(), {}, {}),
        ({}, TITLE, None, TITLE, {}),
        ({}, TITLE, None, {}, None),
    ],
    ids=["shown", "none known", "we sent them", "we sent none", "the service shows them", "nobody knows"],
)
def test_metadata_that_a_get_does_not_show(old, sent, before, fresh, expected):
    changed = entry(REPLACE, old=shown(**old), body=raw(**sent))
    found = restored(changed, before, shown(**fresh))
    if expected is None:
        assert found == Doubt("metadata-unknown")
    else:
        assert isinstance(found, bytes)
        assert json.loads(found) == body(**expected)


@pytest.mark.parametrize("broken", [b"", b"[]", b"{", b'{"a": ' + b"[" * 100_000])
def test_an_old_object_that_cannot_be_read_is_no_crash(broken):
    assert restored(entry(REPLACE, old=broken), None, b"{}") == Doubt("unreadable")


# ── What it came to ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("did", "outcome", "bucket", "now"),
    [
        ("made", Deleted("id-1", 204, 1), Bucket.UNDONE, "id-1"),
        ("made", Unchanged("id-1"), Bucket.KEPT, "id-1"),
        ("made", HeldBack("edited", "id-1"), Bucket.KEPT, "id-1"),
        ("made", Failed("why", 1), Bucket.FAILED, "id-1"),
        ("made", Refused(422, "no", None, 1), Bucket.FAILED, "id-1"),
        ("made", Unknown("who knows", 1), Bucket.UNKNOWN, "id-1"),
        ("made", NotSent("stopped"), Bucket.NOT_SENT, "id-1"),
        ("replaced", Replaced("id-1", 204, 1), Bucket.UNDONE, "id-1"),
        ("replaced", Unchanged("id-1"), Bucket.UNDONE, "id-1"),
        ("deleted", Created("id-2", 201, 1), Bucket.UNDONE, "id-2"),
        ("deleted", AlreadyCreated("id-3"), Bucket.UNDONE, "id-3"),
        ("deleted", None, Bucket.NOT_SENT, "id-1"),
    ],
)
def test_the_bucket_of_each_outcome(did, outcome, bucket, now):
    plan = {
        "made": planned(made=[made(sent=raw())]),
        "replaced": planned(changes=[entry(REPLACE)]),
        "deleted": planned(changes=[entry(DELETE)]),
    }[did]
    (line,) = lines_of(plan, {} if outcome is None else {0: outcome})
    assert (line.bucket, line.id) == (bucket, now)
    assert counts_of([line]) == {bucket: 1}
    assert now == "id-1" or now in line.comment
