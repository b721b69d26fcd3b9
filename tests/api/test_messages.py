"""Requests as they are built, and answers as they are read: no answer, however odd, raises."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.api import messages
from importer.api.messages import Answer, CreatedScope

PATH = "/v1/recommender/pin/1234-5678/scope"


def answer(status: int, body: object) -> Answer:
    raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    return Answer(status, raw, None, None, 0)


def test_a_create_is_the_body_itself():
    assert messages.create(PATH, b"{}") == ("create", "POST", PATH, "", b"{}")


def test_a_fetch_lets_only_plain_ids_into_the_path():
    assert messages.fetch(PATH, "a-1_B") == ("get", "GET", f"{PATH}/a-1_B", "", b"")
    for odd in ("", "..", "a/b", "a%2fb", "a?b", "a b", "~x", "é", "a\n"):
        assert messages.fetch(PATH, odd) is None


def test_replacing_and_deleting_name_the_customization_and_nothing_else():
    assert messages.replacement(PATH, "a-1_B", b"{}") == ("replace", "PUT", f"{PATH}/a-1_B", "", b"{}")
    assert messages.deletion(PATH, "a-1_B") == ("delete", "DELETE", f"{PATH}/a-1_B", "", b"")
    for odd in ("", "..", "a/b", "../scopes", "a%2fb", "a?b", "é"):
        assert messages.replacement(PATH, odd, b"{}") is None
        assert messages.deletion(PATH, odd) is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"id": "a", "model": "basket"}, {"id": "a", "model": "basket"}),
        ({"id": "b"}, None),
        ({}, None),
        ([{"id": "a"}], None),
        (b"", None),
        (b"<html>", None),
        (None, None),
    ],
)
def test_the_answer_to_a_get_is_believed_only_about_its_own_id(body, found):
    assert messages.scope_of(answer(200, body), "a") == found


def test_a_number_as_an_id_is_the_same_id():
    assert messages.scope_of(answer(200, {"id": 7}), "7") == {"id": 7}


def test_filters_of_the_list_arrive_as_they_are_written():
    filters = [("model", "basket"), ("tag", "50 % & more"), ("tag", "léto"), ("target_identity", "/p/1,2?a=b#c")]
    query = messages.listing(PATH, limit=1, offset=0, filters=filters).query
    assert query.startswith("?model=basket&tag=50%20%25%20%26%20more&tag=l%C3%A9to&target_identity=%2Fp%2F1%2C2")
    assert parse_qsl(query[1:]) == [*filters, ("sort", "created_at:desc"), ("limit", "1"), ("offset", "0")]


def test_a_page_of_the_list_is_not_narrowed_unasked_and_its_query_is_not_signed():
    request = messages.listing(PATH, limit=100, offset=200)
    assert request.path == PATH + "s"
    assert request.query == "?sort=created_at%3Adesc&limit=100&offset=200"
    assert messages.listing(PATH, limit=1, offset=0, newest_first=False).query == "?limit=1&offset=0"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"reason": "Date is off", "exception_details": {"date": ["too old"]}}, 'Date is off {"date": ["too old"]}'),
        ({"error": "Wrong\x1b[2J key"}, "Wrong [2J key"),
        (b"plain words", "plain words"),
        (b"<html><body>Bad Gateway</body></html>", ""),
        (b"", ""),
        (None, ""),
    ],
)
def test_what_a_401_says_of_why_is_shown(body, expected):
    assert messages.diagnostics(answer(401, body)) == expected


def test_what_a_401_says_is_cut():
    assert len(messages.diagnostics(answer(401, {"reason": "x" * 1_000_000}))) == 500


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"id": "a-1", "created_at": "2025-01-20T12:00:00Z"}, CreatedScope("a-1", "2025-01-20T12:00:00Z")),
        ({"id": "a-1"}, CreatedScope("a-1", None)),
        ({"id": "a-1", "created_at": 5}, CreatedScope("a-1", None)),
        ({"id": 17}, CreatedScope("17", None)),
        ({"id": True}, None),
        ({"id": ""}, None),
        ({"id": None}, None),
        ({"id": "a b"}, None),
        ({"id": "\x1b[31m"}, None),
        ({"id": ["a"]}, None),
        ({}, None),
        ([], None),
        (b"<html>", None),
        (b'{"id": "a-1"', None),
        (b"\xff\xfe", None),
        (b"", None),
        (None, None),
        (b"[" * 100_000, None),
    ],
)
def test_the_id_of_a_create(body, expected):
    assert messages.parse_created(answer(201, body), "basket", "item", "/p/1") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"reason": "No", "exception_details": {"a": ["b"]}}, ("No", {"a": ["b"]})),
        ({"reason": ["No"]}, ("", None)),
        ({"reason": "\x1b[2J No\u202e"}, ("[2J No", None)),
        (b"<html>", ("", None)),
        (None, ("", None)),
    ],
)
def test_a_refusal(body, expected):
    assert messages.refusal(answer(422, body)) == expected


@pytest.mark.parametrize(
    ("body", "count", "total"),
    [
        ({"results": [{"id": 1}], "pagination": {"total": 9}}, 1, 9),
        ({"results": []}, 0, None),
        ({"results": [], "pagination": [1]}, 0, None),
        ([{"id": "a"}, {"id": "b"}], 2, None),
    ],
)
def test_both_shapes_of_the_list(body, count, total):
    page = messages.page(answer(200, body))
    assert page is not None
    assert (len(page.items), page.total) == (count, total)


@pytest.mark.parametrize("body", [{}, {"results": {}}, {"results": [1]}, [{"model": "x"}], "x", b"", b"[", None])
def test_what_is_no_list(body):
    assert messages.page(answer(200, body)) is None


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("7", None, 7.0),
        (" 0 ", None, 0.0),
        ("1.5", None, 1.5),
        ("Mon, 20 Jan 2025 12:00:30 GMT", 1737374400.0, 30.0),
        ("Mon, 20 Jan 2025 11:00:00 GMT", 1737374400.0, 0.0),
        ("Mon, 20 Jan 2025 12:00:30 GMT", None, None),
        ("soon", 0.0, None),
        ("-3", 0.0, None),
        (None, 0.0, None),
    ],
)
def test_retry_after_in_both_its_forms(value, date, seconds):
    assert messages.retry_seconds(value, date) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2025-01-20T12:00:00Z", 1737374400.0),
        ("2025-01-20T13:00:00.000+01:00", 1737374400.0),
        ("2025-01-20T12:00:00", 1737374400.0),
        ("2025-01-20 12:00:00", 1737374400.0),
        ("Mon, 20 Jan 2025 12:00:00 GMT", 1737374400.0),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_when_something_was_created(text, seconds):
    assert messages.instant_of(text) == seconds


@given(st.none() | st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "results", "pagination", "total", "reason"]), inner, max_size=3),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_answer_raises(body):
    found = answer(200, body)
    messages.parse_created(found, "basket", "item", "/p/1")
    messages.names_target(found, "basket", "item", "/p/1")
    messages.diagnostics(found)
    messages.is_scope(found, "a")
    messages.refusal(found)
    messages.page(found)


@given(st.text(max_size=40))
def test_no_date_raises(text):
    messages.seconds_of(text)
    messages.instant_of(text)
    messages.retry_seconds(text, 0.0)
