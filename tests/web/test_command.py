"""`pin-importer web` as a process of its own: started, opened, asked twice for one port, ended, killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from importer.web.desk import Desk, Setup
from importer.web.doors import Doors
from tests.driving import Program, pin, pins
from tests.web.conftest import KEY
from tests.web.site import Site


@contextmanager
def started(folder: Path, *words: object, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, and the address that it prints."""
    surroundings = {**os.environ, "PIN_IMPORTER_LEDGER": str(folder / "ledger.sqlite"), **environment}
    command = [sys.executable, "-m", "importer", "web", "--no-browser", *map(str, words)]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**surroundings, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    try:
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        yield process, address
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def inside(address: str) -> Site:
    """A browser that opened the address."""
    port, token = re.findall(r":(\d+)/open\?token=(.*)", address)[0]
    site = Site(Doors(int(port)), Desk.__new__(Desk), None)  # type: ignore[arg-type]
    cookie = site.ask("GET", f"/open?token={token}").headers["Set-Cookie"]
    site.cookie = {"Cookie": cookie.split(";")[0]}
    return site


def shown(site: Site, path: str, words: str) -> str:
    """What a view shows once it has these words."""
    late = time.monotonic() + 30
    while words not in (text := site.get(path).text):
        assert time.monotonic() < late, text
        time.sleep(0.1)
    return text


def test_it_starts_opens_and_ends(tmp_path):
    file = pins(tmp_path / "pins.csv", pin())
    with started(tmp_path, file) as (process, address):
        site = inside(address)
        assert "Drop your sheet here" in site.get("/").text
        shown(site, "/sheets/1", "1 row is ready to send.")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()
    assert file.exists()


def test_a_port_that_is_taken_is_a_sentence(tmp_path):
    with started(tmp_path) as (_, address):
        port = address.split(":")[2].split("/")[0]
        second = subprocess.run(
            [sys.executable, "-m", "importer", "web", "--no-browser", "--port", port],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert second.returncode == 2
    assert f"The port {port} is taken" in " ".join(second.stderr.split())


def test_without_a_key_it_says_so_and_shows_no_other(tmp_path, capfd):
    with started(tmp_path, "--tracker-id", "1234-5678") as (_, address):
        site = inside(address)
        site.upload("pins.csv", ";".join(["model"]).encode())
        assert "1234-5678" in site.get("/").text


def test_wrong_options_are_said_before_it_starts(capsys, tmp_path):
    program = Program(capsys)
    assert "is not known" in program("web", "--timezone", "Nowhere").err
    assert "does not exist" in program("web", tmp_path / "nothing.csv").err
    assert program("web", "--shop", "none-such").code == 2


def test_shops_of_the_configuration_are_offered(tmp_path):
    (tmp_path / "key").write_text(KEY, "utf-8")
    shops = [f'[shops.{name}]\ntracker_id = "{name}-1"\nprivate_key_file = "key"\n' for name in ("sk", "cz")]
    (tmp_path / "config.toml").write_text("\n".join(shops), "utf-8")
    file = pins(tmp_path / "pins.csv", pin())
    with started(tmp_path, file, "--config", tmp_path / "config.toml") as (_, address):
        site = inside(address)
        shown(site, "/sheets/1", "1 row is ready to send.")
        page = site.get("/sheets/1").body.decode()
        assert "<option selected>sk</option>" in page
        assert "<option>cz</option>" in page
        site.post("/sheets/1/options", shop="cz")
        shown(site, "/sheets/1", "1 row is ready to send.")
        assert "cz-1" in site.get("/sheets/1/import").text
        assert KEY not in site.get("/sheets/1/import").text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such kill")
def test_killed_in_mid_run_it_shows_what_is_known_and_goes_on(server, tmp_path):
    server.behaviour.latency = 0.05
    words = ("--tracker-id", server.tracker_id, "--base-url", server.url, "--settle-time", "0.3")
    file = pins(tmp_path / "pins.csv", *(pin(f"/p/{number}") for number in range(40)))
    with started(tmp_path, file, *words, LUIGISBOX_PRIVATE_KEY=KEY) as (process, address):
        site = inside(address)
        shown(site, "/sheets/1", "All 40 rows are ready to send.")
        site.post("/sheets/1/import", count="40")
        while len(server.calls("create")) < 8:
            time.sleep(0.02)
        process.kill()
        process.wait()
    with started(tmp_path, *words, LUIGISBOX_PRIVATE_KEY=KEY) as (process, address):
        site = inside(address)
        text = site.get("/").text
        assert "An import did not finish" in text
        assert "pins.csv" in text
        site.upload("pins.csv", file.read_bytes())
        text = shown(site, "/sheets/1", "What would be sent")
        left = int(re.findall(r"Type (\d+) to confirm", site.get("/sheets/1/import").text)[0])
        assert 0 < left <= 40
        run = site.post("/sheets/1/import", count=str(left)).to
        shown(site, run, "All 40 rows are created")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    targets = [record.body["target_identity"] for record in server.store.records()]
    assert sorted(targets) == sorted(f"/p/{number}" for number in range(40))


def test_the_command_line_does_not_load_the_page():
    asked = "import sys, importer.cli; print({'jinja2', 'aiohttp', 'importer.web'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_setup_shows_no_key():
    from importer.settings import Secret  # noqa: PLC0415
    from importer.web.work import Shop  # noqa: PLC0415

    setup = Setup([Shop("sk", "1-1", "https://x.example", has_key=True, options={"private_key": Secret(KEY)})])
    assert KEY not in repr(setup)
