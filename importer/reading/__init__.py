"""A file's bytes to a `Sheet`: what the file is, its sheets, encodings, header; cells as found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from importer.settings import ReadOptions

if TYPE_CHECKING:
    from importer.model import Sheet

__all__ = ["read"]


def read(path: str | os.PathLike[str], options: ReadOptions | None = None) -> Sheet:
    """Read a sheet of pins from an Excel workbook or a CSV file; what the file is, its content tells.

    Every cell stays as it was found. Raises `FileError` for a file that cannot be used; its `read` tells how far
    reading came.
    """
    # pandas and numpy take most of a second to load; whoever only asks for --help never waits for them.
    from importer.reading.open import read_file  # noqa: PLC0415

    return read_file(path, options or ReadOptions())
