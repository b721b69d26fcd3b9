"""The version: written down once, and the one that is installed."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

import importer


def test_the_version_is_written_down_once() -> None:
    about = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    assert "version" in about["project"]["dynamic"]
    assert about["tool"]["hatch"]["version"]["path"] == "importer/version.py"
    assert version("pin-importer") == importer.__version__
