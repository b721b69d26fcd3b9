"""The version, written down once and the one that is installed, and the public names."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import importer


def test_the_version_is_written_down_once():
    about = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    assert "version" in about["project"]["dynamic"]
    assert about["tool"]["hatch"]["version"]["path"] == "importer/version.py"
    assert version("pin-importer") == importer.__version__


def test_the_public_names_are_listed_before_they_are_loaded():
    code = "import importer; print(*dir(importer))"
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(importer.__all__) <= set(listed)
    assert "import_module" not in listed
