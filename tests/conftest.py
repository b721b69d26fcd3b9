"""What every test stands on: no environment of the person who runs it, no state folder of theirs."""

import pytest

VARIABLES = (
    "LUIGISBOX_TRACKER_ID",
    "LUIGISBOX_PRIVATE_KEY",
    "LUIGISBOX_BASE_URL",
    "PIN_IMPORTER_LEDGER",
    "PIN_IMPORTER_TIMEZONE",
)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path_factory):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    state = str(tmp_path_factory.getbasetemp() / "state")
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, state)
