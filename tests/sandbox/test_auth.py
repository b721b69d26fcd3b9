"""Who is let in: the contract's headers, the five seconds, the signature."""

from __future__ import annotations

import pytest

from importer.sandbox.auth import denial

# Computed with openssl along the contract's shell recipe, for the values below:
# printf 'POST\napplication/json; charset=utf-8\nMon, 20 Jan 2025 12:00:00 GMT\n/v1/recommender/pin/1234-5678/scope' \
#   | openssl dgst -sha256 -hmac 'your_private_api_key' -binary | base64
GOLDEN = "p7L8w8fAeFHKhgy39xUaA9bTJHTfTu/qfBwhN73WwU4="
DATE = "Mon, 20 Jan 2025 12:00:00 GMT"
AT = 1737374400.0
GOOD = {
    "Content-Type": "application/json; charset=utf-8",
    "Date": DATE,
    "Authorization": f"ApiAuth 1234-5678:{GOLDEN}",
}


def decide(now: float = AT, method: str = "POST", path: str = "/v1/recommender/pin/1234-5678/scope", **changes):
    headers = {name: text for name, text in {**GOOD, **changes}.items() if text is not None}
    return denial(method, path, headers, tracker_id="1234-5678", private_key="your_private_api_key", now=now)


def test_what_openssl_signs_is_let_in():
    assert decide() is None


@pytest.mark.parametrize("seconds", [-5, -1, 0, 4.9, 5])
def test_a_date_within_five_seconds_is_current(seconds):
    assert decide(now=AT + seconds) is None


@pytest.mark.parametrize("seconds", [-3600, -6, 5.1, 60])
def test_a_date_further_off_is_refused(seconds):
    assert "5 seconds" in decide(now=AT + seconds)


@pytest.mark.parametrize(
    "changes",
    [
        {"Date": None},
        {"Date": "yesterday"},
        {"Date": ""},
        {"Authorization": None},
        {"Authorization": f"ApiAuth 9999-0000:{GOLDEN}"},
        {"Authorization": f"Basic 1234-5678:{GOLDEN}"},
        {"Authorization": "ApiAuth 1234-5678:"},
        {"Authorization": "ApiAuth 1234-5678:\udcff"},
        {"Authorization": f"ApiAuth 1234-5678:{GOLDEN[:-2]}A="},
        {"Content-Type": "application/json"},
        {"method": "PUT"},
        {"path": "/v1/recommender/pin/1234-5678/scope/"},
    ],
)
def test_any_other_byte_is_refused(changes):
    assert decide(**changes)


def test_a_wrong_key_is_unauthorized(call, scope, sandbox):
    answer = call("POST", "/scope", scope(), key="wrong")
    assert answer.status == 401
    assert answer.json == {"reason": "Invalid signature"}
    assert len(sandbox.store) == 0


def test_a_stale_date_is_unauthorized_and_the_answer_tells_the_servers_time(call, scope, sandbox):
    sandbox.behaviour.clock_offset = 3600
    answer = call("POST", "/scope", scope())
    assert answer.status == 401
    assert call("POST", "/scope", scope(), date=answer.headers["Date"]).status == 201


def test_a_missing_date_header_is_unauthorized(call, scope):
    assert call("POST", "/scope", scope(), date=None).status == 401


def test_the_signed_and_the_sent_content_type_must_be_the_same(call, scope):
    assert call("POST", "/scope", scope(), signed_type="application/json").status == 401


def test_the_key_is_not_in_what_the_server_remembers(call, scope, sandbox):
    call("POST", "/scope", scope())
    assert sandbox.private_key not in repr(sandbox.log)
    assert "ApiAuth" not in repr(sandbox.log)
