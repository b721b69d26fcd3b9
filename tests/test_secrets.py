"""The private key and signatures appear nowhere: not on screen, in a log, in the ledger, in a workbook, in a repr."""

import copy
import io
import logging
import pickle
import zipfile

import pytest

import importer
from importer.options import settings
from importer.sandbox import always, running_sandbox
from importer.settings import Secret
from tests.driving import Program, pin, pins

KEY = "k3y-that-must-never-be-seen"


def contents(folder):
    """Every file below a folder, those inside workbooks unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield path, data
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(io.BytesIO(data)) as package:
                    yield from ((path / name, package.read(name)) for name in package.namelist())


@pytest.mark.parametrize("fault", ["", "401", "403", "404", "422", "301"])
def test_nothing_that_a_run_leaves_behind_holds_the_key_or_a_signature(tmp_path, capsys, caplog, monkeypatch, fault):
    caplog.set_level(logging.DEBUG)
    with running_sandbox(private_key=KEY) as server:
        if fault:
            server.faults = always(fault)
        monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", KEY)
        arguments = ["--yes", "--verbose", "--json", "--base-url", server.url, "--tracker-id", server.tracker_id]
        limits = ["--settle-time", "0", "--ledger", tmp_path / "l.sqlite", "--timeout", "2"]
        said = Program(capsys)("import", pins(tmp_path / "a.csv", pin()), *arguments, *limits)
    texts = [(tmp_path, (said.out + said.err + caplog.text).encode()), *contents(tmp_path)]
    assert len(texts) > 10, "the workbook's parts were read too"
    for path, data in texts:
        assert KEY.encode() not in data, path
        assert b"ApiAuth" not in data, path


def test_an_unforeseen_error_is_named_without_its_text(tmp_path, capsys, monkeypatch):
    def broken(*_, **__):
        raise ValueError(f"the key is {KEY}")

    monkeypatch.setattr("importer.sources.read", broken)
    said = Program(capsys)("import", pins(tmp_path / "a.csv", pin()), "--sandbox", "--json")
    assert said.code == 3
    assert KEY not in said.out + said.err
    assert "ValueError" in said.err
    assert "Traceback" not in said.err


def test_a_secret_shows_itself_nowhere():
    secret = Secret(KEY)
    given = settings({"tracker_id": "1234-5678", "private_key": secret})
    for text in (repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", repr(given), str(vars(importer))):
        assert KEY not in text
    for way in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            way(secret)
    assert secret.reveal() == KEY


def test_the_key_is_no_option(capsys):
    said = Program(capsys)("import", "x.csv", "--private-key", KEY)
    assert said.code == 2
    assert KEY not in said.out + said.err
