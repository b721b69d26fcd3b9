"""The program on bad days: nobody listens, nothing can be kept where it should, a key stands where none belongs."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import platformdirs
import pytest

import importer
from importer import sources
from importer.delivery import Hooks
from importer.errors import StoppedError, UsageError
from importer.ledger import Ledger
from importer.reading import isolation
from importer.sandbox import Arrival, Sandbox, always, running_sandbox, scripted, together
from tests.delivery.tls import certificate, door
from tests.driving import Program, pin, pins

KEY = "dGhpcyBpcyBhIHByaXZhdGUga2V5"


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with running_sandbox(private_key=KEY) as made:
        yield made


@pytest.fixture
def surroundings(server: Sandbox, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "LUIGISBOX_BASE_URL": server.url,
        "LUIGISBOX_TRACKER_ID": server.tracker_id,
        "LUIGISBOX_PRIVATE_KEY": KEY,
        "PIN_IMPORTER_LEDGER": str(tmp_path / "ledger.sqlite"),
    }


def sheet(folder: Path, count: int = 12) -> Path:
    return pins(folder / "pins.csv", *(pin(f"/p/{number}") for number in range(count)))


def given(server: Sandbox, folder: Path, **more: Any) -> dict[str, Any]:
    return {
        "tracker_id": server.tracker_id, "base_url": server.url, "private_key": KEY, "timezone": "UTC",
        "ledger": folder / "ledger.sqlite", **more,
    }  # fmt: skip


# ── Nobody listens ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name != "posix", reason="a shell's redirections")
@pytest.mark.parametrize(
    "streams", [">&-", "2>&-", ">&- 2>&-", ">/dev/full", "2>/dev/full", ">/dev/full 2>/dev/full", "2>&1 | true"]
)
def test_line_39_closed_full_and_dead_streams_change_nothing(server, surroundings, tmp_path, streams):
    file = sheet(tmp_path)
    program = f'"{sys.executable}" -m importer import "{file}" --yes --verbose --output "{tmp_path}/r.xlsx"'
    command = f"set -o pipefail; {program} {streams}"
    done = subprocess.run(["bash", "-c", command], env=dict(surroundings), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert (tmp_path / "r.xlsx").exists()
    assert len(server.store) == len({record.target_identity for record in server.store.records()}) == 12


def test_a_signal_while_the_workbook_is_written_waits_until_it_is_in_place(server, tmp_path):
    seen: list[str] = []

    def probe(name: str) -> None:
        seen.append(name)
        if name in {"before-write", "before-rename"}:
            os.kill(os.getpid(), signal.SIGINT)

    report = importer.run_import(sheet(tmp_path), hooks=lambda _: Hooks(probe=probe), **given(server, tmp_path))
    assert "before-rename" in seen
    assert report.exit_code == 0
    assert report.results is not None
    assert Path(report.results).exists()


def test_line_9_a_certificate_that_goes_bad_in_mid_run_stops_it_and_what_was_created_is_said(
    server, surroundings, tmp_path
):
    good, bad = certificate(tmp_path, "good"), certificate(tmp_path, "bad")
    if good is None or bad is None:
        pytest.skip("openssl cannot make a certificate here")
    file = sheet(tmp_path, 12)
    with door(server.url, good) as outside:

        def plan(arrival: Arrival) -> None:
            if arrival.call == "create" and arrival.number == 6:
                outside.show(bad)

        server.faults = plan
        server.behaviour.headers = {"Connection": "close"}
        environment = {**surroundings, "LUIGISBOX_BASE_URL": outside.url, "SSL_CERT_FILE": str(good)}
        command = [sys.executable, "-m", "importer", "import", str(file), "--yes", "--json", "--settle-time", "1"]
        first = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        said = json.loads(first.stdout)
        assert first.returncode == 3
        assert "certificate" in said["message"]
        assert "nothing more was sent" in said["message"]
        assert "Traceback" not in first.stderr
        created = said["row_results"]["Created"]
        assert created == len(server.store)
        assert 6 <= created < 12
        assert sum(said["row_results"].values()) == 12
        outside.show(good)
        again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout
    assert len(server.store) == len({record.target_identity for record in server.store.records()}) == 12


# ── The progress bar ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
@pytest.mark.parametrize("ending", ["Ctrl-C", "401", "nothing to send"])
def test_the_progress_bar_says_no_more_than_was_done(server, surroundings, tmp_path, ending):
    from tests.terminal import converse  # noqa: PLC0415 - not on Windows

    file, number = sheet(tmp_path, 12), tmp_path / "process"
    if ending == "nothing to send":
        assert importer.run_import(file, **given(server, tmp_path)).exit_code == 0

    def plan(arrival: Arrival) -> str | None:
        if arrival.call != "create" or arrival.number < 6:
            return None
        if ending == "Ctrl-C" and arrival.number == 6:
            os.kill(int(number.read_text()), signal.SIGINT)
        return "401" if ending == "401" else None

    server.faults, server.behaviour.latency = plan, 0.2
    program = f"echo $$ > '{number}'; exec '{sys.executable}' -m importer import '{file}' --yes --concurrency 1"
    code, screen = converse(["sh", "-c", program], [], surroundings)
    shown = [int(done) for done in re.findall(r"(\d+)/12 \[", screen)]
    assert code == {"Ctrl-C": 130, "401": 3, "nothing to send": 0}[ending], screen
    if ending == "nothing to send":
        assert "scope/s" not in screen
        assert "scopes/s" not in screen
        assert not shown
    else:
        assert shown, screen
        assert max(shown) <= len(server.store) + 1 < 12, "a refused scope has its outcome too"
        assert "100%" not in screen


# ── Words that fit ──────────────────────────────────────────────────────────────────────────────────────


def test_nothing_reachable_is_exit_3_however_few_scopes_there_are(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    for count in (1, 2):
        report = importer.run_import(
            sheet(tmp_path, count),
            tracker_id="1-1",
            base_url=url,
            private_key=KEY,
            ledger=tmp_path / "l",
            timezone="UTC",
        )
        assert (report.exit_code, report.row_results) == (3, {"Not sent": count})
        assert "could not be reached" in report.message


def test_a_proxy_that_asks_who_one_is_ends_the_run_with_a_word_about_the_proxy(server, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(3):
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        report = importer.run_import(sheet(tmp_path, 2), **given(server, tmp_path, proxy=proxy))
    assert report.exit_code == 3
    assert "proxy asks for a user" in report.message
    assert not server.log


@pytest.mark.parametrize("proxy", ["http://", "proxy", "http://a\nb", "http://a b", "ftp://a", "http://[::1"])
def test_a_proxy_that_is_none_is_refused_and_never_gone_round(server, tmp_path, proxy):
    with pytest.raises(UsageError, match="proxy's address"):
        importer.run_import(sheet(tmp_path), **given(server, tmp_path, proxy=proxy))
    assert not server.log


def test_a_key_that_no_key_can_be_is_said_and_not_sent(server, tmp_path):
    with pytest.raises(UsageError, match="private key holds characters"):
        importer.run_import(sheet(tmp_path), **given(server, tmp_path, private_key="a\udcffb"))


@pytest.mark.parametrize("length", [200, 230, 250])
@pytest.mark.parametrize("letter", ["a", "č"])
def test_long_names_leave_room_for_the_results(server, tmp_path, length, letter):
    file = tmp_path / (letter * (length // len(letter.encode())) + ".csv")
    sheet(tmp_path, 1).rename(file)
    report = importer.run_import(file, **given(server, tmp_path))
    assert report.exit_code == 0, report.message
    assert report.results is not None
    assert Path(report.results).parent == tmp_path


def test_no_home_folder_is_said_before_anything_is_made(monkeypatch):
    monkeypatch.setattr(platformdirs, "user_state_dir", lambda *_, **__: "~/.local/state/pin-importer")
    with pytest.raises(StoppedError, match="no home folder"):
        sources.default_ledger()


@pytest.mark.skipif(os.name != "posix", reason="only there a folder in use can be deleted")
def test_a_deleted_working_folder_stops_nothing(server, surroundings, tmp_path):
    file = sheet(tmp_path, 2)
    root = Path(__file__).parents[1]
    program = f'"{sys.executable}" -c "from importer.cli import main; main()" import "{file}" --yes --json'
    command = f"mkdir gone && cd gone && rmdir ../gone && {program}"
    environment = {**surroundings, "PYTHONPATH": str(root)}
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["row_results"] == {"Created": 2}


# ── Secrets ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "where", [{"tracker_id": KEY}, {"base_url": f"https://{KEY}.example"}, {"base_url": f"https://x.example/?k={KEY}"}]
)
def test_a_key_in_the_wrong_place_is_refused_and_repeated_nowhere(server, tmp_path, where):
    with pytest.raises(UsageError) as caught:
        importer.run_import(sheet(tmp_path), **given(server, tmp_path, **where))
    assert KEY not in str(caught.value)
    assert not (tmp_path / "ledger.sqlite").exists()


@pytest.mark.parametrize(
    "option", [("--private-key-file", KEY), ("--tracker-id", f"{KEY}=="), ("--base-url", f"http://u:{KEY}@x")]
)
def test_a_key_as_another_options_value_is_not_repeated(capsys, tmp_path, monkeypatch, option):
    for name, text in (("TRACKER_ID", "1-1"), ("BASE_URL", "https://x.example")):
        monkeypatch.setenv(f"LUIGISBOX_{name}", text)
    said = Program(capsys)("import", sheet(tmp_path), "--yes", "--json", "--timezone", "UTC", *option)
    assert said.code == 2
    assert KEY not in said.out + said.err


def test_the_child_that_parses_foreign_files_is_not_given_the_key(monkeypatch, tmp_path):
    given_to: list[Mapping[str, str]] = []
    popen = subprocess.Popen

    def recording(*arguments: Any, **named: Any) -> Any:
        given_to.append(named["env"])
        return popen(*arguments, **named)

    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", KEY)
    monkeypatch.setattr(isolation.subprocess, "Popen", recording)
    importer.check(Path(__file__).parents[1] / "examples" / "spring-campaign.xlsx", timezone="UTC")
    assert given_to
    assert all(KEY not in environment.values() for environment in given_to)


def test_what_a_server_says_of_a_wrong_key_holds_no_key(server, tmp_path):
    report = importer.run_import(sheet(tmp_path), **given(server, tmp_path, private_key="another"))
    assert report.exit_code == 3
    assert "It said: Invalid signature" in report.message


# ── The ledger's questions ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def asking(server: Sandbox, tmp_path: Path) -> Path:
    """A ledger with one unknown scope, which the server has."""
    server.faults = together(scripted({2: "drop-after"}), always("404", call="list"))
    report = importer.run_import(sheet(tmp_path, 3), **given(server, tmp_path))
    assert report.exit_code == 4
    server.faults = scripted({})
    return tmp_path / "ledger.sqlite"


def test_a_person_says_that_a_customization_is_there(capsys, server, tmp_path, asking):
    program = Program(capsys)
    listed = program("ledger", "--ledger", asking)
    name = listed.out.split("--created ")[1].split()[0]
    assert program("ledger", "--ledger", asking, "--created", "0" * 12, "x").code == 2
    said = program("ledger", "--ledger", asking, "--created", name, server.store.records()[1].id)
    assert (said.code, "now known as created" in said.out) == (0, True)
    report = importer.run_import(sheet(tmp_path, 3), **given(server, tmp_path))
    assert (report.exit_code, len(server.store)) == (0, 3)


def test_an_unfinished_wish_is_named_at_the_end_and_can_be_closed(capsys, server, tmp_path):
    importer.run_import(sheet(tmp_path, 3), **given(server, tmp_path))
    server.faults = scripted({5: "422"})
    report = importer.run_import(sheet(tmp_path, 3), **given(server, tmp_path, again=True, concurrency=1))
    assert report.exit_code == 1
    assert "--close-again" in report.message
    assert Program(capsys)("ledger", "--ledger", tmp_path / "ledger.sqlite", "--close-again").code == 0
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.again_since(1) is None


def test_how_long_sending_takes_is_said_before(
    capsys, server, tmp_path, surroundings,
    monkeypatch,
):  # fmt: skip
    for name, text in surroundings.items():
        monkeypatch.setenv(name, text)
    said = Program(capsys)("import", sheet(tmp_path, 3), "--yes", "--max-rate", "2")
    assert "Sending takes about a minute or less, at 2 a second." in said.out
