"""The shop whose customizations the tests of this room look at and change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.sandbox import running_sandbox
from tests.delivery.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with running_sandbox() as server:
        yield Shop(server, tmp_path / "state" / "ledger.db")
