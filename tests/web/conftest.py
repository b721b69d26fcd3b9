"""The page for each test, and a shop to import into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.sandbox import Sandbox, running_sandbox
from importer.settings import Secret
from importer.web.desk import Setup
from importer.web.work import Shop
from tests.web.site import Site, running

KEY = "a-key-that-must-show-nowhere"


@pytest.fixture
def site() -> Iterator[Site]:
    """The page without a shop: checks and rehearsals."""
    with running() as made:
        yield made


@pytest.fixture
def server() -> Iterator[Sandbox]:
    """The service of a shop."""
    with running_sandbox(private_key=KEY) as sandbox:
        yield sandbox


def shop_of(server: Sandbox, key: str = KEY) -> Shop:
    """A shop whose service this is."""
    place = {"tracker_id": server.tracker_id, "base_url": server.url, "private_key": Secret(key)}
    return Shop("my shop", server.tracker_id, server.url, has_key=True, options=place)


@pytest.fixture
def setup(server: Sandbox, tmp_path: Path) -> Setup:
    """What the page of a shop is told."""
    options = {"ledger": tmp_path / "ledger.sqlite", "settle_time": 0.3, "timezone": "Europe/Bratislava"}
    return Setup([shop_of(server)], options)


@pytest.fixture
def shop(setup: Setup) -> Iterator[Site]:
    """The page of a shop."""
    with running(setup) as made:
        yield made
