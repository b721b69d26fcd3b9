"""Where results go: the default name, and other places when the first will not do."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

_STAMP = re.compile(r"\.results-\d{8}-\d{6}(-\d+)?$")
_TRIES = 50
LONGEST_STEM = 200
"""Bytes of a name that leave room for the stamp, a number and an ending: file systems take 255 in all."""


def default_path(file: str | Path, when: datetime) -> Path:
    """The results workbook's name beside its input: `<stem>.results-YYYYMMDD-HHMMSS.xlsx`.

    An earlier stamp in the stem is replaced. `when` is taken in its own zone.
    """
    file = Path(file)
    stem = cut(_STAMP.sub("", file.stem), LONGEST_STEM)
    return file.with_name(f"{stem}.results-{when:%Y%m%d-%H%M%S}.xlsx")


def cut(name: str, most: int) -> str:
    """The beginning of a name that takes so many bytes at most."""
    return os.fsencode(name)[:most].decode("utf-8", "ignore")


def beside(path: Path) -> Iterator[str]:
    """Names like the path's: `name-2.xlsx`, `name-3.xlsx` …"""
    return (f"{path.stem}-{number}{path.suffix}" for number in range(2, 2 + _TRIES))


def elsewhere(path: Path) -> Iterator[Path]:
    """The same name in folders that a person can usually write to: here, at home, the folder of temporary files."""
    for folder in (Path.cwd, Path.home, lambda: Path(tempfile.gettempdir())):
        try:
            yield folder() / path.name
        except (OSError, RuntimeError):
            continue
