"""Each door, tried without the right to come in: nothing is shown and nothing is done."""

from __future__ import annotations

import http.client
import socket

import pytest

from importer.web.doors import HEADERS, Doors
from tests.driving import pin, pins
from tests.web.site import SAME, Answer, Site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def is_shut(answer: Answer, site: Site) -> bool:
    return answer.status == 403 and not site.desk.sheets and b"<form" not in answer.body


def test_without_a_cookie_nothing_is_shown(site):
    for path in ("/", "/past", "/sheets/1", "/runs/1/events", "/template.xlsx"):
        assert is_shut(site.ask("GET", path, SAME), site)
    assert is_shut(site.ask("POST", "/example", SAME), site)


def test_a_token_is_exchanged_for_a_cookie_and_the_address_forgets_it(site):
    token = site.gate.new_token()
    answer = site.ask("GET", f"/open?token={token}")
    assert (answer.status, answer.to) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"pin-importer-{site.gate.port}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert token not in cookie
    assert site.ask("GET", "/", {"Cookie": cookie.split(";")[0]}).status == 200


def test_a_token_opens_once(site):
    token = site.gate.new_token()
    assert site.ask("GET", f"/open?token={token}").status == 303
    again = site.ask("GET", f"/open?token={token}")
    assert is_shut(again, site)
    assert "Set-Cookie" not in again.headers
    assert "Press Enter in the terminal" in again.text


def test_a_used_address_is_no_obstacle_to_who_is_inside(site):
    answer = site.get("/open?token=used")
    assert (answer.status, answer.to) == (303, "/")


@pytest.mark.parametrize("token", ["", "x", "ü", "\udcff", "a" * 5000])
def test_other_tokens_open_nothing(token):
    gate = Doors(80)
    real = gate.new_token()
    assert not gate.use(token)
    assert not gate.knows(token)
    assert gate.use(real)


def test_a_cookie_that_is_nearly_right_opens_nothing(site):
    for value in ("", site.gate.cookie[:-1], site.gate.cookie.swapcase(), site.gate.new_token()):
        assert is_shut(site.ask("GET", "/", {"Cookie": f"{site.gate.cookie_name}={value}"}), site)


def test_the_cookie_of_another_port_opens_nothing(site):
    assert is_shut(site.ask("GET", "/", {"Cookie": f"pin-importer-1={site.gate.cookie}"}), site)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""]
)
def test_another_host_is_refused_even_with_the_cookie(site, host):
    headers = {**site.cookie, **SAME, "Host": host.format(port=site.gate.port)}
    assert is_shut(site.ask("GET", "/", headers), site)
    assert is_shut(site.ask("POST", "/example", headers), site)
    token = site.gate.new_token()
    assert "Set-Cookie" not in site.ask("GET", f"/open?token={token}", headers).headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_loopback_names_with_this_port_are_ours(site, host):
    assert site.ask("GET", "/", {**site.cookie, "Host": f"{host}:{site.gate.port}"}).status == 200


@pytest.mark.parametrize("value", ["cross-site", "same-site", "none", "nonsense"])
def test_what_another_page_asks_for_is_not_done(site, value):
    headers = {**site.cookie, **FORM, "Sec-Fetch-Site": value, "Origin": f"http://{site.host}"}
    assert is_shut(site.ask("POST", "/example", headers, b""), site)


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1:1", "http://localhost:{port}", "https://{host}"]
)
def test_browsers_without_fetch_metadata_must_come_from_our_origin(site, origin):
    headers = {**site.cookie, **FORM}
    if origin is not None:
        headers["Origin"] = origin.format(port=site.gate.port, host=site.host)
    assert is_shut(site.ask("POST", "/example", headers, b""), site)


def test_an_equal_origin_is_enough_without_fetch_metadata(site):
    answer = site.ask("POST", "/example", {**site.cookie, **FORM, "Origin": f"http://{site.host}"}, b"")
    assert answer.status == 303


def test_another_page_can_neither_show_nor_fetch_ours(site):
    for value in ("cross-site", "same-site"):
        headers = {**site.cookie, "Sec-Fetch-Site": value, "Sec-Fetch-Mode": "no-cors"}
        assert is_shut(site.ask("GET", "/", headers), site)


@pytest.mark.parametrize("path", ["/", "/open", "/static/page.css", "/nothing", "/static/../work.py"])
def test_every_answer_carries_the_headers(site, path):
    for answer in (site.get(path), site.ask("GET", path), site.ask("DELETE", path, {**site.cookie, **SAME})):
        assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/../server.py", "/static/%2e%2e/server.py", "/static/..%2fserver.py", "/sheets/../../etc/passwd"]
)
def test_no_path_leads_out_of_the_static_files(site, path):
    answer = site.get(path)
    assert answer.status in (403, 404)
    assert b"from __future__" not in answer.body
    assert b"root:" not in answer.body


def test_it_listens_on_loopback_alone(site):
    with socket.socket() as other:
        other.settimeout(1)
        assert other.connect_ex(("127.0.0.2", site.gate.port)) != 0


def test_a_refusal_tells_nothing_of_what_is_inside(site, tmp_path):
    site.drop(pins(tmp_path / "secret-campaign.csv", pin()))
    assert b"secret-campaign" not in site.ask("GET", "/").body


def test_a_request_that_is_no_http_ends_in_order(site):
    with socket.create_connection(("127.0.0.1", site.gate.port)) as other:
        other.sendall(b"\x16\x03\x01\x02\x00\x01\n\n")
        assert other.recv(100)[:12] in (b"", b"HTTP/1.0 400", b"HTTP/1.1 400")
    assert site.get("/").status == 200


def test_a_method_that_there_is_not_is_refused(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.gate.port)
    connection.request("PUT", "/", headers={**site.cookie, **SAME})
    assert connection.getresponse().status == 405
    connection.close()
