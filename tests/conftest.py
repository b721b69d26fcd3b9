"""What every test stands on: no environment of the person who runs it, no state or configuration folder of theirs."""

import os
import signal
import threading

import hypothesis
import pytest

# No deadline: machines are busy, and a test never measures time. Fewer examples than usual keep the whole short; before
# a release, HYPOTHESIS_PROFILE=thorough looks longer.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=50)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

VARIABLES = (
    "LUIGISBOX_TRACKER_ID",
    "LUIGISBOX_PRIVATE_KEY",
    "LUIGISBOX_BASE_URL",
    "PIN_IMPORTER_LEDGER",
    "PIN_IMPORTER_TIMEZONE",
    "PIN_IMPORTER_SHOP",
)


@pytest.fixture(autouse=True)
def _signals_as_on_a_terminal():
    """Signals that the shell has set to be ignored (`nohup … &`) are heard: tests and their children send some."""
    usual = {signal.SIGINT: signal.default_int_handler, getattr(signal, "SIGHUP", signal.SIGTERM): signal.SIG_DFL}
    usual[signal.SIGTERM] = signal.SIG_DFL
    main = threading.current_thread() is threading.main_thread()
    ignored = [number for number in usual if main and signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, usual[number])
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path_factory):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    state = str(tmp_path_factory.getbasetemp() / "state")
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, state)


def pytest_collection_modifyitems(items):
    """Whole programs first: the tests at the top take longest, and no long one should be the last to begin."""
    items.sort(key=lambda item: len(item.path.parts))
