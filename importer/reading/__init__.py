"""Reads a file into a `Sheet`: what the file is, its encoding, its sheets, its header, its cells as they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from importer.settings import ReadOptions

if TYPE_CHECKING:
    from importer.model import Sheet

__all__ = ["read"]


def read(path: str | os.PathLike[str], options: ReadOptions | None = None) -> Sheet:
    """Read a sheet of pins from an Excel workbook or a CSV file. The content decides which it is, not the name.

    Every cell stays as it is. Raises `FileError` for a file that cannot be used. The error's `read` tells how far
    reading got.
    """
    # pandas and numpy take most of a second to load, and --help needs neither.
    from importer.reading.open import read_file  # noqa: PLC0415

    return read_file(path, options or ReadOptions())
