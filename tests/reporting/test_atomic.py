"""A temporary file, flushed, renamed. An older file is replaced whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import IO

import pytest

from importer.ledger.lock import try_lock
from importer.reporting.atomic import write_whole
from tests.reporting.making import names


def writing(data: bytes) -> Callable[[IO[bytes]], object]:
    return lambda stream: stream.write(data)


def failing_at(wanted: str) -> Callable[[str], None]:
    def probe(step: str) -> None:
        if step == wanted:
            raise OSError(28, "No space left on device")

    return probe


def test_a_new_file(tmp_path):
    write_whole(tmp_path / "a", writing(b"new"), replace=False)
    assert (tmp_path / "a").read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


def test_an_older_file_is_replaced(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    write_whole(tmp_path / "a", writing(b"new"), replace=True)
    assert (tmp_path / "a").read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


def test_an_older_file_is_not_replaced_unasked(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a", writing(b"new"), replace=False)
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_name_that_is_taken_gives_way_to_the_next_free_one(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"old")
    assert write_whole(tmp_path / "a", writing(b"new"), replace=False, others=["b", "c", "d"]) == tmp_path / "c"
    assert names(tmp_path) == ["a", "b", "c"]
    assert (tmp_path / "b").read_bytes() == b"old"


def test_the_file_is_written_once_however_many_names_are_tried(tmp_path):
    written: list[bytes] = []
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a", lambda stream: written.append(b""), replace=False, others=["a", "a"])
    assert len(written) == 1


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_in_the_meantime_is_not_replaced_unasked(tmp_path, links, monkeypatch):
    if not links:

        def no_links(*args: object) -> None:
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(os, "link", no_links)

    def appears(step: str) -> None:
        if step == "before-rename":
            (tmp_path / "a").write_bytes(b"another's")

    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a", writing(b"new"), replace=False, probe=appears)
    assert (tmp_path / "a").read_bytes() == b"another's"
    assert names(tmp_path) == ["a"]


def test_where_there_are_no_links_a_new_file_is_renamed(tmp_path, monkeypatch):
    def no_links(*args: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(os, "link", no_links)
    write_whole(tmp_path / "a", writing(b"new"), replace=False)
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize("step", ["before-write", "before-rename"])
def test_a_full_disk_leaves_the_older_file_whole(tmp_path, step):
    """Failure matrix: kill or disk full while saving the workbook."""
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a", writing(b"new"), replace=True, probe=failing_at(step))
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_failure_in_the_middle_leaves_the_older_file_whole(tmp_path):
    def half(stream: IO[bytes]) -> None:
        stream.write(b"ne")
        raise OSError(28, "No space left on device")

    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a", half, replace=True)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_what_is_no_file_is_not_replaced(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "a", writing(b"new"), replace=True)


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    try:
        (tmp_path / "a").symlink_to(tmp_path / "real")
    except OSError:
        pytest.skip("this account may not make symbolic links")
    write_whole(tmp_path / "a", writing(b"new"), replace=True)
    assert (tmp_path / "a").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_the_file_can_be_read_by_whom_other_files_can(tmp_path):
    (tmp_path / "usual").write_bytes(b"")
    write_whole(tmp_path / "a", writing(b"new"), replace=False)
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


KILLED = """
import os, sys
from pathlib import Path
from importer.ledger.lock import try_lock
from importer.reporting.atomic import write_whole
probe = lambda step: os._exit(9) if step == sys.argv[2] else None
write_whole(Path(sys.argv[1]), lambda stream: stream.write(b"new"), replace=True, probe=probe)
"""

FULL = """
import resource, signal, sys
from pathlib import Path
from importer.ledger.lock import try_lock
from importer.reporting.atomic import write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write_whole(Path(sys.argv[1]), lambda stream: stream.write(b"x" * 100_000), replace=True)
"""


@pytest.mark.parametrize("step", ["before-write", "before-rename"])
def test_line_7_a_process_that_is_killed_leaves_the_older_file_whole(tmp_path, step):
    """Failure matrix: kill while saving the workbook."""
    (tmp_path / "a").write_bytes(b"old")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "a"), step], check=False, timeout=60)
    assert ended.returncode == 9
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_line_7_a_real_limit_on_the_file_leaves_the_older_file_whole_and_nothing_beside_it(tmp_path):
    """Failure matrix: disk full while saving the workbook."""
    (tmp_path / "a").write_bytes(b"old")
    command = [sys.executable, "-c", FULL, str(tmp_path / "a")]
    ended = subprocess.run(command, check=False, timeout=60, capture_output=True, text=True)
    assert "File too large" in ended.stderr
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


# ── What a killed process leaves behind ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", ["before-write", "before-rename"])
@pytest.mark.parametrize("name", ["a", "another name"])
def test_the_next_process_takes_away_what_a_killed_one_left(tmp_path, step, name):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "a"), step], check=False, timeout=60)
    assert len(names(tmp_path)) == 1
    write_whole(tmp_path / name, writing(b"new"), replace=True)
    assert names(tmp_path) == [name]


@pytest.mark.skipif(os.name == "nt", reason="there an open file cannot be deleted, which is enough")
def test_what_another_process_is_writing_is_left_alone(tmp_path):
    def write_another_meanwhile(stream: IO[bytes]) -> None:
        stream.write(b"one")
        write_whole(tmp_path / "b", writing(b"another"), replace=True)

    write_whole(tmp_path / "a", write_another_meanwhile, replace=True)
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / "a").read_bytes() == b"one"


@pytest.mark.skipif(os.name == "nt", reason="modes, links and locks of POSIX")
def test_what_is_someone_elses_is_left_alone(tmp_path):
    others = [".a.0123456789ab.tmp", "a.0123456789ab.pin-importer.tmp", ".a.pin-importer.tmp", ".~lock.a#"]
    for name in others:
        (tmp_path / name).write_bytes(b"theirs")
    folder, link, busy = (tmp_path / f".{name}.0123456789ab.pin-importer.tmp" for name in ("folder", "link", "busy"))
    folder.mkdir()
    link.symlink_to(tmp_path / others[0])
    os.mkfifo(tmp_path / ".pipe.0123456789ab.pin-importer.tmp")
    with busy.open("wb") as held:
        assert try_lock(held.fileno())
        write_whole(tmp_path / "a", writing(b"new"), replace=True)
        assert {folder.name, link.name, busy.name, ".pipe.0123456789ab.pin-importer.tmp", *others, "a"} == set(
            names(tmp_path)
        )
    assert (tmp_path / others[0]).read_bytes() == b"theirs"
    write_whole(tmp_path / "a", writing(b"new"), replace=True)
    assert not busy.exists(), "nobody has it any more"
