"""The calls of the contract and of the vendor's other pages, over real HTTP."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime

import pytest


def test_a_good_create_is_answered_as_the_contract_shows(call, scope, sandbox):
    answer = call("POST", "/scope", scope())
    assert answer.status == 201
    assert list(answer.json) == ["id", "model", "target_type", "target_identity", "created_at"]
    assert str(uuid.UUID(answer.json["id"])) == answer.json["id"]
    assert answer.json["model"] == "basket"
    assert answer.json["target_identity"] == "/p/123"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.json["created_at"])
    assert abs(datetime.fromisoformat(answer.json["created_at"]) - datetime.now(UTC)).total_seconds() < 5
    assert answer.headers["Date"].endswith("GMT")
    assert sandbox.store.bodies() == [scope()]


def test_the_contracts_own_example_without_pins_is_good(call, scope):
    assert call("POST", "/scope", scope(pin_definitions=[])).status == 201


def test_the_same_create_twice_makes_two(call, scope, sandbox):
    ids = {call("POST", "/scope", scope()).json["id"] for _ in range(2)}
    assert len(ids) == len(sandbox.store) == 2


def test_another_tracker_is_not_found(call, scope, sandbox):
    assert call("POST", "/scope", scope(), tracker="9999-0000").status == 404
    assert len(sandbox.store) == 0


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b'{"model": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_not_a_json_object_is_a_bad_request(call, raw):
    answer = call("POST", "/scope", raw)
    assert answer.status == 400
    assert answer.json["reason"]


def test_another_content_type_is_a_bad_request_even_if_signed(call, scope):
    assert call("POST", "/scope", scope(), content_type="application/json").status == 400


def test_several_rules_broken_are_all_named(call, scope, sandbox):
    pins = [{"pin_type": "item", "pin_identity": "x"}]
    answer = call("POST", "/scope", scope(target_type="page", pin_definitions=pins))
    assert answer.status == 422
    assert answer.json["reason"] == "Invalid pin definition provided"
    assert answer.json["exception_details"]["pin_definitions"] == ["Missing required field: position"]
    assert "Must be one of: item, criteria, all" in answer.json["exception_details"]["target_type"]
    assert len(sandbox.store) == 0


def test_get_shows_the_whole_object(call, scope):
    identifier = call("POST", "/scope", scope(tags=["spring"])).json["id"]
    shown = call("GET", f"/scope/{identifier}").json
    assert shown["id"] == identifier
    assert shown["tags"] == ["spring"]
    assert shown["pin_definitions"] == scope()["pin_definitions"]
    assert {"creator", "created_at", "available"} <= shown.keys()


def test_put_replaces_the_whole(call, scope):
    identifier = call("POST", "/scope", scope(tags=["spring"])).json["id"]
    answer = call("PUT", f"/scope/{identifier}", scope(model="favorites"))
    assert (answer.status, answer.raw) == (204, b"")
    shown = call("GET", f"/scope/{identifier}").json
    assert shown["model"] == "favorites"
    assert "tags" not in shown


def test_put_holds_to_the_contract(call, scope):
    identifier = call("POST", "/scope", scope()).json["id"]
    assert call("PUT", f"/scope/{identifier}", scope(model="")).status == 422
    assert call("GET", f"/scope/{identifier}").json["model"] == "basket"


def test_delete_forgets(call, scope):
    identifier = call("POST", "/scope", scope()).json["id"]
    assert call("DELETE", f"/scope/{identifier}").status == 204
    assert call("GET", f"/scope/{identifier}").status == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_scope_is_not_found(call, scope, method):
    assert call(method, "/scope/nothing-here", scope()).status == 404


def test_an_unknown_path_is_not_found(call):
    assert call("GET", "", url="/elsewhere").status == 404


def test_another_method_is_not_found(call, scope, sandbox):
    assert call("PATCH", "/scope", scope()).status == 404
    assert len(sandbox.store) == 0


@pytest.mark.parametrize("path", ["/scopes", "/scopes/export"])
def test_a_list_with_a_body_that_is_not_json_is_a_bad_request(call, path):
    assert call("POST", path, b"{").status == 400


def test_the_query_is_left_out_of_the_signed_path(call, scope):
    assert call("POST", "/scopes?limit=1&offset=0").status == 200


# ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def stocked(call, scope):
    """Five scopes: two models, three target types, tags on some."""
    call("POST", "/scope", scope(tags=["spring", "straps"]))
    call("POST", "/scope", scope(model="favorites", target_identity="/p/124", tags=["spring"]))
    call("POST", "/scope", scope(target_identity="/p/125"))
    everywhere = scope(target_type="all")
    del everywhere["target_identity"]
    call("POST", "/scope", everywhere)
    call("POST", "/scope", {**everywhere, "target_type": "criteria", "target_criteria": {"category": "Watches"}})
    return call


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 5),
        ("model=favorites", 1),
        ("model=favorites&model=basket", 5),
        ("tag=spring", 2),
        ("tag=straps&model=favorites", 0),
        ("target_type=item", 3),
        ("target_identity=%2Fp%2F123", 1),
        ("target_identity=%2Fp%2F123&target_identity=%2Fp%2F125", 2),
    ],
)
def test_lists_are_filtered(stocked, query, count):
    answer = stocked("POST", f"/scopes?{query}").json
    assert len(answer["results"]) == answer["pagination"]["total"] == count


def test_lists_are_filtered_by_criteria(stocked):
    results = stocked("POST", "/scopes", {"criteria": {"category": "Watches"}}).json["results"]
    assert [scope["target_type"] for scope in results] == ["criteria"]


def test_pages_follow_limit_and_offset(stocked):
    identities = [
        scope.get("target_identity")
        for offset in (0, 2, 4, 6)
        for scope in stocked("POST", f"/scopes?limit=2&offset={offset}").json["results"]
    ]
    assert identities == ["/p/123", "/p/124", "/p/125", None, None]


def test_a_page_is_capped_and_the_total_is_not(stocked, sandbox):
    sandbox.behaviour.page_cap = 2
    answer = stocked("POST", "/scopes?limit=100").json
    assert (len(answer["results"]), answer["pagination"]["total"]) == (2, 5)
    sandbox.behaviour.total = 1
    assert stocked("POST", "/scopes").json["pagination"]["total"] == 1


def test_the_newest_come_first_when_asked_for(call, scope, sandbox):
    old = sandbox.seed(scope(), age=3600)
    new = call("POST", "/scope", scope()).json["id"]
    older = sandbox.seed(scope(), age=7200)
    results = call("POST", "/scopes?sort=created_at:desc").json["results"]
    assert [each["id"] for each in results] == [new, old.id, older.id]


@pytest.mark.parametrize("query", ["limit=x", "offset=-1", "limit=1.5"])
def test_a_page_that_is_no_count_is_a_bad_request(call, query):
    assert call("POST", f"/scopes?{query}").status == 400


def test_a_list_that_lags_shows_a_new_scope_later(call, scope, sandbox):
    sandbox.behaviour.list_lag = 60
    identifier = call("POST", "/scope", scope()).json["id"]
    assert call("POST", "/scopes").json["results"] == []
    assert call("GET", f"/scope/{identifier}").status == 200
    sandbox.store.hide(identifier, until=0)
    assert len(call("POST", "/scopes").json["results"]) == 1


def test_a_bare_list_is_one_of_the_shapes(stocked, sandbox):
    sandbox.behaviour.shape = "list"
    assert len(stocked("POST", "/scopes").json) == 5


def test_fields_can_be_left_out_of_lists(call, scope, sandbox):
    sandbox.behaviour.omits = ("created_at", "target_metadata")
    call("POST", "/scope", scope(target_metadata={"title": "x"}))
    (shown,) = call("POST", "/scopes").json["results"]
    assert not {"created_at", "target_metadata"} & shown.keys()


def test_export_is_not_paged_and_drops_expired_pins_on_request(stocked, scope, sandbox):
    sandbox.behaviour.page_cap = 1
    over = {"position": 2, "pin_type": "item", "pin_identity": "x", "active_to": "2020-01-01T00:00:00Z"}
    stocked("POST", "/scope", scope(target_identity="/p/9", pin_definitions=[over]))
    assert len(stocked("POST", "/scopes/export").json["results"]) == 6
    (left,) = stocked("POST", "/scopes/export?target_identity=/p/9&remove_expired_pins=true").json["results"]
    assert left["pin_definitions"] == []


# ── Bulk ────────────────────────────────────────────────────────────────────────────────────────────────

NDJSON = "application/x-ndjson"


def lines(*bodies: dict) -> bytes:
    return b"\n".join(json.dumps(body).encode() for body in bodies)


def test_bulk_keeps_all_and_returns_no_ids(call, scope, sandbox):
    raw = lines(scope(), scope(target_identity="/p/5"))
    answer = call("POST", "/scopes/_bulk?conflict_strategy=raise", raw, content_type=NDJSON)
    assert (answer.status, answer.json, len(sandbox.store)) == (200, {}, 2)


@pytest.mark.parametrize(
    ("strategy", "status", "model_tags"), [("raise", 409, []), ("ignore", 200, []), ("override", 200, ["new"])]
)
def test_bulk_treats_a_taken_target_as_told(call, scope, sandbox, strategy, status, model_tags):
    call("POST", "/scope", scope())
    raw = lines(scope(tags=["new"]))
    assert call("POST", f"/scopes/_bulk?conflict_strategy={strategy}", raw, content_type=NDJSON).status == status
    (kept,) = sandbox.store.bodies()
    assert kept.get("tags", []) == model_tags


def test_bulk_is_all_or_nothing(call, scope, sandbox):
    raw = lines(scope(), scope(model=None))
    assert call("POST", "/scopes/_bulk", raw, content_type=NDJSON).status == 422
    assert call("POST", "/scopes/_bulk", raw).status == 400
    assert call("POST", "/scopes/_bulk", b"{}\n" * 5001, content_type=NDJSON).status == 413
    assert len(sandbox.store) == 0


def test_the_store_can_be_looked_at_without_a_key(call, scope):
    identifier = call("POST", "/scope", scope()).json["id"]
    shown = call("GET", "", url="/_sandbox/store").json
    assert [(each["id"], each["body"]) for each in shown["scopes"]] == [(identifier, scope())]
    assert shown["calls"] == [{"call": "create", "answer": "201"}]


# ── Fields that the contract does not name ──────────────────────────────────────────────────────────────


def test_put_takes_back_a_field_that_get_has_shown_and_no_other(call, scope, sandbox):
    pin = {**scope()["pin_definitions"][0], "weight": 3}
    record = sandbox.seed(scope(pin_definitions=[pin], campaign="spring"), creator="jana")
    shown = call("GET", f"/scope/{record.id}").json
    assert (shown["campaign"], shown["creator"]) == ("spring", "jana")
    own = {"id", "created_at", "creator", "available"}
    back = {key: value for key, value in shown.items() if key not in own}
    assert call("PUT", f"/scope/{record.id}", back | {"tags": ["new"]}).status == 204
    assert call("GET", f"/scope/{record.id}").json == shown | {"tags": ["new"]}
    assert call("PUT", f"/scope/{record.id}", back | {"creator": "me"}).status == 422
    assert call("POST", "/scope", back).status == 422
