"""A configuration folder and a service of each test's own."""

import pytest

from importer.sandbox import running_sandbox
from tests.driving import Program


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch, tmp_path):
    for name in ("XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "configuration"))


@pytest.fixture
def server():
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def program(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIN_IMPORTER_LEDGER", str(tmp_path / "ledger.sqlite"))
    return Program(capsys)
