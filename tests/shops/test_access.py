"""`pin-importer shops`: what works, what does not, and what to do."""

import socket
import time

import pytest

from importer.sandbox import always, together
from importer.settings import Secret, SendOptions, Tracker
from importer.shops.access import Door, ask
from tests.shops.configuring import complete, configured, shop


def asked(server, **more):
    """What a server says to its own key, or another."""
    door = Door(
        Tracker(more.get("tracker", server.tracker_id), server.url), Secret(more.get("key", server.private_key))
    )
    (found,) = ask([door], SendOptions(timeout=more.get("timeout", 10.0)))
    return found


def test_all_works(server):
    found = asked(server)
    assert (found.works, found.key, found.tracker, found.clock_off, found.lists) == (True, True, True, 0.0, True)
    assert found.message == "Key, clock and tracker are right."
    assert [(seen.call, seen.answer) for seen in server.log] == [("list", "200")]
    assert not len(server.store)


def test_a_wrong_key(server):
    found = asked(server, key="another")
    assert (found.works, found.key) == (False, False)
    assert found.message.startswith("Luigi's Box did not accept the signature. Check that the key belongs to the ")
    assert found.message.endswith(" It said: Invalid signature")


def test_a_wrong_key_where_the_service_does_not_tell_its_time(server):
    server.behaviour.sends_date = False
    found = asked(server, key="another")
    assert (found.works, found.key) == (False, None)
    assert "the key is wrong, or this computer's clock" in found.message


def test_what_the_service_says_never_shows_the_key(server):
    assert asked(server, key="signature").message.endswith("It said: Invalid ***")


@pytest.mark.parametrize("offset", [-600.0, 300.0])
def test_a_clock_that_is_wrong_by_minutes(server, offset):
    server.behaviour.clock_offset = offset
    found = asked(server)
    assert (found.works, found.key) == (True, True)
    assert abs(found.clock_off - offset) < 3
    assert f"seconds {'slow' if offset > 0 else 'fast'}; imports take that into account" in found.message


def test_a_wrong_clock_and_a_wrong_key(server):
    server.behaviour.clock_offset = 300.0
    found = asked(server, key="another")
    assert (found.works, found.key) == (False, False)


def test_an_unknown_tracker(server):
    found = asked(server, tracker="9-9")
    assert (found.works, found.tracker) == (False, False)
    assert found.message.endswith("Check tracker_id and base_url. It said: Tracker not found")


@pytest.mark.parametrize("fault", ["404", "405", "403", "401", "html-200"])
def test_a_service_without_a_list(server, fault):
    server.faults = always(fault, call="list")
    found = asked(server)
    assert (found.works, found.key, found.tracker, found.lists) == (True, True, True, False)
    assert "shows no list that can be read" in found.message
    assert {seen.call for seen in server.log} == {"list", "get"}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("429", "has trouble or is busy (answer 429)"),
        ("503-before", "has trouble or is busy (answer 503)"),
        ("301", "It sends requests on to another address"),
        ("drop-before", "It could not be reached."),
        ("hang-before", "There was no answer within 0.5 seconds."),
    ],
)
def test_a_service_in_trouble(server, fault, said):
    server.faults = always(fault, call="list")
    began = time.monotonic()
    found = asked(server, timeout=0.5 if "hang" in fault else 10.0)
    assert (found.works, said in found.message) == (False, True), found.message
    assert time.monotonic() - began < 8


def test_a_key_that_may_not_read(server):
    server.faults = together(always("403", call="list"), always("403", call="get"))
    found = asked(server)
    assert (found.works, "Ask Luigi's Box for access." in found.message) == (False, True)


def test_an_address_that_nobody_answers():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (found,) = ask([Door(Tracker("1-2", f"http://127.0.0.1:{port}"), Secret("k"))], SendOptions(timeout=10.0))
    assert (found.works, found.message.startswith("It could not be reached.")) == (False, True)


def test_a_server_that_takes_the_connection_and_says_nothing():
    """Bounded in time, however many shops there are: all are asked at once."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        began = time.monotonic()
        found = ask([Door(Tracker(f"1-{number}", url), Secret("k")) for number in range(10)], SendOptions(timeout=0.5))
    assert [each.works for each in found] == [False] * 10
    assert {each.message.partition(".")[0] for each in found} == {"There was no answer within 0"}
    assert time.monotonic() - began < 4, "not ten times half a second"


# ── The command ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_shops_that_work_and_that_do_not(program, server, tmp_path):
    right = complete(server, tmp_path, timezone="Europe/Bratislava", mapping="shoptet")
    (tmp_path / "wrong").write_text("another", "utf-8")
    path = configured(shop("sk", **right) + shop("cz", **right | {"private_key_file": (tmp_path / "wrong").as_posix()}))
    said = program("shops")
    key = tmp_path / "the key"
    assert said.code == 3
    place = f"  tracker {server.tracker_id} at {server.url}, key from"
    rest = "time zone Europe/Bratislava, mapping shoptet"
    refused = "Luigi's Box did not accept the signature. Check that the key belongs to the tracker."
    assert said.out.splitlines() == [
        f"2 shops in {path}:",
        "",
        "sk: works",
        f"{place} {key}, {rest}",
        "  Key, clock and tracker are right.",
        "",
        "cz: does not work",
        f"{place} {tmp_path / 'wrong'}, {rest}",
        f"  {refused} It said: Invalid signature",
        "",
        "1 of 2 shops works; cz does not.",
    ]
    assert server.private_key not in said.out + said.err
    assert not len(server.store)


def test_all_shops_work_in_json(program, server, tmp_path):
    path = configured(shop("sk", **complete(server, tmp_path)))
    said = program("shops", "--json")
    found = said.object
    assert (said.code, found.pop("seconds") >= 0) == (0, True)
    assert found == {
        "command": "shops",
        "config": str(path),
        "shops": [
            {
                "name": "sk",
                "tracker_id": server.tracker_id,
                "base_url": server.url,
                "key_from": str(tmp_path / "the key"),
                "timezone": None,
                "mapping": None,
                "works": True,
                "key": True,
                "tracker": True,
                "clock_off": 0.0,
                "list": True,
                "message": "Key, clock and tracker are right.",
            }
        ],
        "environment": [],
        "exit_code": 0,
        "message": "1 of 1 shop works.",
    }


def test_what_cannot_be_asked_is_no_failure(program, server, tmp_path, monkeypatch):
    configured(shop("zone", timezone="UTC") + shop("keyless", tracker_id=server.tracker_id, base_url=server.url))
    said = program("shops")
    assert said.code == 0
    assert "zone: not tested\n  time zone UTC\n  It names no tracker_id, so there is nothing to ask.\n" in said.out
    assert "It names no private_key_file, and LUIGISBOX_PRIVATE_KEY is not set" in said.out
    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", server.private_key)
    said = program("shops")
    assert "keyless: works" in said.out
    assert "The environment sets LUIGISBOX_PRIVATE_KEY, which beats what shops say." in said.out
    assert server.private_key not in said.out


def test_a_key_file_that_is_none(program, tmp_path):
    """What was written there may be the key: it is not repeated."""
    configured(shop("sk", tracker_id="1-2", private_key_file="b64kEyThatNobodyMaySee"))
    for words in ([], ["--json"]):
        said = program("shops", *words)
        assert (said.code, "b64kEy" in said.out + said.err) == (3, False)
        assert "The file that private_key_file names cannot be read" in said.out


@pytest.mark.skipif("os.name != 'posix'", reason="Windows has no such bits")
def test_a_key_file_that_others_can_read_is_said(program, server, tmp_path):
    right = complete(server, tmp_path)
    configured(shop("sk", **right))
    assert program("shops").err == ""
    (tmp_path / "the key").chmod(0o640)
    said = program("shops")
    assert (said.code, "Others on this computer can read" in said.err) == (0, True)


def test_a_mapping_that_is_wrong(program, tmp_path):
    path = configured(shop("sk", mapping="our.toml"))
    (path.parent / "our.toml").write_text("colums = 1\n", "utf-8")
    said = program("shops")
    assert (said.code, "our.toml, line 1, colums: there is no such key here." in said.out) == (3, True)


def test_no_shops_yet(program, tmp_path):
    said = program("shops")
    assert (said.code, said.out.startswith("There are no shops in ")) == (0, True)
    example = said.out.partition("\n\n")[2]
    configured(example)
    assert program("shops", "--timeout", "1").out.startswith("1 shop in "), "the example can be taken as it is"


def test_a_configuration_that_cannot_be_used(program):
    path = configured("[shops.sk]\ntracker = 1\n")
    said = program("shops", "--json")
    assert (said.code, said.object["command"], said.object["exit_code"]) == (2, "shops", 2)
    assert said.object["message"].startswith(f"{path}, line 2, shops.sk.tracker: there is no such key here.")
    assert program("shops", "--config", "gone.toml").code == 2
    assert program("shops", "--timeout", "0").code == 2
