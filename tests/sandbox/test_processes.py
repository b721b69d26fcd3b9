"""The stand-in and the bare responder in processes of their own; serving until Ctrl-C."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from importer.sandbox import FAULTS, Arrival, Sandbox, plan_of
from importer.sandbox.cli import introduction
from tests.servers.bench_server import request_size
from tests.servers.process import bare_process, sandbox_process

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def test_a_sandbox_in_its_own_process_serves_and_can_be_looked_into(call, scope):
    with sandbox_process("--tracker-id", "4321-0000", "--fault", "2=500-after") as remote:
        assert remote.pid != os.getpid()
        assert remote.tracker_id == "4321-0000"
        call.sandbox = remote
        assert [call("POST", "/scope", scope()).status for _ in range(3)] == [201, 500, 201]
        seen = remote.store()
        assert [each["body"] for each in seen["scopes"]] == [scope()] * 3
        assert [each["answer"] for each in seen["calls"]] == ["201", "500-after", "201"]
    with pytest.raises(OSError):  # noqa: PT011 - refused, reset or timed out, as the system has it
        remote.store()


def test_its_process_ends_with_the_one_that_started_it():
    code = (
        "import os, sys\n"
        "from tests.servers.process import sandbox_process\n"
        "context = sandbox_process()\n"
        "print(context.__enter__().url, flush=True)\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 9
    host, port = urlsplit(done.stdout.strip()).netloc.split(":")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))):
                return
        time.sleep(0.02)
    pytest.fail("the sandbox outlived its parent")


def test_a_process_that_does_not_start_is_reported():
    with pytest.raises(OSError, match="did not start"), bare_process("--no-such-option"):
        pytest.fail("it started all the same")


@pytest.mark.parametrize(
    ("words", "creates", "lists"),
    [
        (["2=drop-after"], [None, "drop-after"], [None, None]),
        (["1=429", "2=204"], ["429", "204"], [None, None]),
        (["500-after=1"], ["500-after", "500-after"], [None, None]),
        (["429=1"], ["429", "429"], [None, None]),
        (["list:404=1"], [None, None], ["404", "404"]),
        (["list:2=404"], [None, None], [None, "404"]),
        (["1=429", "no-id=1", "list:405=1"], ["429", "no-id"], ["405", "405"]),
    ],
)
def test_a_plan_in_words(words, creates, lists):
    plan = plan_of(words, seed=1)
    assert [plan(Arrival("create", number, b"")) for number in (1, 2)] == creates
    assert [plan(Arrival("list", number, b"")) for number in (1, 2)] == lists


@pytest.mark.parametrize("word", ["x=429", "1=nope", "nope", "lists:1=404", "create:3"])
def test_a_plan_in_wrong_words_is_noticed(word):
    with pytest.raises((KeyError, ValueError)):
        plan_of([word], seed=1)


# ── The bare responder ──────────────────────────────────────────────────────────────────────────────────


def test_the_bare_responder_answers_every_post_with_a_fresh_id():
    with bare_process() as remote:
        connection = http.client.HTTPConnection(urlsplit(remote.url).netloc, timeout=5)
        ids = set()
        for _ in range(20):
            connection.request("POST", "/v1/recommender/pin/1-2/scope", b'{"model":"x"}')
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Date"][-3:]) == (201, "GMT")
            ids.add(json.loads(answer.read())["id"])
        assert len(ids) == 20
        connection.request("GET", "/")
        assert json.loads(connection.getresponse().read()) == {"created": 20}
        connection.close()


def test_the_bare_responder_takes_its_latency_and_answers_at_the_same_time():
    with bare_process("--latency", "0.2") as remote:
        host, port = urlsplit(remote.url).netloc.split(":")
        sockets = [socket.create_connection((host, int(port)), timeout=5) for _ in range(8)]
        began = time.monotonic()
        for each in sockets:
            each.sendall(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        for each in sockets:
            assert each.recv(4096).startswith(b"HTTP/1.1 201")
            each.close()
        assert 0.2 <= time.monotonic() - began < 1.4


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"", 0),
        (b"POST / HTTP/1.1\r\ncontent-le", 0),
        (b"GET / HTTP/1.1\r\n\r\n", 18),
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{", 0),
        (b"POST / HTTP/1.1\r\nCONTENT-LENGTH:2\r\n\r\n{}POST", 39),
    ],
)
def test_where_a_request_ends(data, size):
    assert request_size(data) == size
    assert size == 0 or not data[size:].startswith(b"{")


# ── Until Ctrl-C ────────────────────────────────────────────────────────────────────────────────────────


def test_the_introduction_names_every_variable_for_both_shells():
    sandbox = Sandbox(tracker_id="1-2", private_key="made-up")
    sandbox.url = "http://127.0.0.1:8765"
    text = introduction(sandbox)
    for line in (
        "export LUIGISBOX_BASE_URL=http://127.0.0.1:8765",
        "export LUIGISBOX_TRACKER_ID=1-2",
        "export LUIGISBOX_PRIVATE_KEY=made-up",
        '$env:LUIGISBOX_BASE_URL = "http://127.0.0.1:8765"',
        '$env:LUIGISBOX_TRACKER_ID = "1-2"',
        '$env:LUIGISBOX_PRIVATE_KEY = "made-up"',
    ):
        assert re.search(rf"^ +{re.escape(line)}$", text, re.MULTILINE)


@posix
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_told_to_stop_and_says_what_it_held(call, scope, stop):
    code = "from importer.sandbox import run_forever; run_forever('127.0.0.1', 0, lambda text: print(text, flush=True))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        while "/_sandbox/store" not in (line := process.stdout.readline()):
            lines.append(line.strip())
        found = dict(line[7:].split("=") for line in lines if line.startswith("export "))
        call.sandbox = Sandbox(tracker_id=found["LUIGISBOX_TRACKER_ID"], private_key=found["LUIGISBOX_PRIVATE_KEY"])
        call.sandbox.url = found["LUIGISBOX_BASE_URL"]
        assert call("POST", "/scope", scope()).status == 201
        process.send_signal(stop)
        rest, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "1 customization" in rest


def test_the_faults_that_the_documents_name_exist():
    assert {"drop-before", "drop-after", "500-after", "hang-after", "html-502-after", "no-id", "truncated"} <= set(
        FAULTS
    )
