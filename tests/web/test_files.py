"""What is uploaded: bounded, and under names of our own."""

from __future__ import annotations

import asyncio
import errno
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import FileError
from importer.web import files
from importer.web.files import Folder, safe_name
from tests.driving import pin, pins
from tests.web.site import running


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("pins.xlsx", "pins.xlsx"),
        ("Jarná kampaň (2).xlsx", "Jarná kampaň (2).xlsx"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/cron.d/x", "x"),
        (".bashrc", "sheet.bashr"),
        ("..", "sheet"),
        ("", "sheet"),
        ("CON.csv", "sheet CON.csv"),
        ("nul", "sheet nul"),
        ('=HYPERLINK("http://evil")', "evil_)"),
        ("=cmd|'!A1.csv", "cmd_A1.csv"),
        ("+1.csv", "1.csv"),
        ("-1.csv", "1.csv"),
        ("@x.csv", "x.csv"),
        ("a\x00b\r\nc.csv", "a_b_c.csv"),
        ("<img src=x>.csv", "img src_x.csv"),
        ("pins.xlsx.exe\u200b", "pins.xlsx.exe"),
        ("x" * 300 + ".xlsx", "x" * 80 + ".xlsx"),
    ],
)
def test_names(given, name):
    assert safe_name(given) == name


@given(st.text(max_size=200))
def test_a_name_is_always_one_plain_file_and_no_formula(given):
    name = safe_name(given)
    assert name
    assert Path(name).name == name
    assert name[0] not in "=+-@.\t\r "
    assert not set(name) & set('/\\:*?"<>|\x00\r\n')
    assert len(name.encode()) <= 255 + 80 * 3


def reading(*chunks: bytes):
    left = [*chunks, b""]

    async def read(_: int) -> bytes:
        return left.pop(0)

    return read


@pytest.fixture
def folder():
    made = Folder()
    yield made
    made.close()
    assert not made.path.exists()


def test_the_folder_is_private(folder):
    assert folder.path.stat().st_mode & 0o077 == 0


def test_two_files_of_one_name_stay_apart(folder):
    first, second = (asyncio.run(folder.take("pins.csv", reading(text))) for text in (b"one", b"two"))
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert first.name == second.name == "pins.csv"


@pytest.mark.parametrize(
    ("chunks", "code"), [((b"x" * 6, b"y" * 6), "too-big"), ((), "empty")], ids=["too much", "nothing"]
)
def test_what_cannot_be_taken_leaves_nothing_behind(folder, chunks, code):
    with pytest.raises(FileError) as caught:
        asyncio.run(folder.take("pins.csv", reading(*chunks), 10))
    assert caught.value.code == code
    assert [path.name for path in folder.path.iterdir()] == ["lock"]


def test_a_full_disk_is_a_sentence(folder):
    async def read(_: int) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(FileError, match="no room on this computer's disk"):
        asyncio.run(folder.take("pins.csv", read))
    assert [path.name for path in folder.path.iterdir()] == ["lock"]


def test_the_folder_of_a_killed_process_goes_and_that_of_a_living_one_stays(folder):
    dead = Path(tempfile.mkdtemp(prefix=files.PREFIX))
    (dead / files.LOCK).write_text("{}")
    (dead / "1").mkdir()
    other = Folder()
    assert not dead.exists()
    assert folder.path.exists()
    other.close()


def test_a_huge_upload_is_refused_before_it_is_read(site):
    answer = site.upload("pins.csv", b"x", **{"Content-Length": str(files.MOST_BYTES * 2)})
    assert answer.status == 422
    assert "larger than 512 MB" in answer.text
    assert not site.desk.sheets


def test_an_upload_that_grows_past_the_bound_is_refused(site, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 1024**2)
    answer = site.upload("pins.csv", b"x" * (1024**2 + 1))
    assert answer.status == 422
    assert "larger than 1 MB" in answer.text
    assert [path.name for path in site.desk.folder.path.iterdir()] == ["lock"]


@pytest.mark.parametrize("body", [b"", b"--mark--\r\n", b"nonsense"])
def test_a_form_without_a_file_is_refused(site, body):
    headers = {**site.cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": "multipart/form-data; boundary=mark"}
    answer = site.ask("POST", "/sheets", headers, body)
    assert answer.status == 422
    assert "No file came along" in answer.text


def test_a_name_with_a_path_stays_in_the_folder(site):
    site.upload("../../../../tmp/escaped.csv", b"model\n")
    site.settle()
    assert site.desk.sheet is not None
    assert site.desk.sheet.path.is_relative_to(site.desk.folder.path)
    assert not Path("/tmp/escaped.csv").exists()


def test_everything_is_deleted_at_the_end(tmp_path):
    with running() as site:
        site.drop(pins(tmp_path / "pins.csv", pin()))
        folder = site.desk.folder.path
        assert any(folder.iterdir())
    assert not folder.exists()
