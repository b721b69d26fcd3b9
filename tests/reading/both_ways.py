"""Reads a file as people do, and a workbook once more without the child process: the answers are the same."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import importer.reading
from importer.errors import FileError
from importer.model import Sheet
from importer.reading.open import facts_of
from importer.reading.raw import RefusalError
from importer.reading.sheet import sheet_of
from importer.reading.table import table_of
from importer.reading.worker import read_workbook
from importer.settings import ReadOptions


def read(path, options=None):
    """What `importer.reading.read` returns or raises."""
    options = options or ReadOptions()
    try:
        sheet = importer.reading.read(path, options)
    except FileError as error:
        if _uncontained(path, options) not in (error.code, None):
            raise AssertionError("refused otherwise without the child process") from error
        raise
    again = _uncontained(path, options)
    assert again is None or (again.frame.equals(sheet.frame) and again.columns == sheet.columns)
    return sheet


def _uncontained(path, options) -> Sheet | str | None:
    """The sheet, or why it is refused; `None` for what is no workbook or did not get as far as the child."""
    try:
        content = Path(path).read_bytes() if Path(path).is_file() else b""
    except (OSError, ValueError):
        return None
    if not content.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or len(content) > options.limits.memory_bytes // 4:
        return None
    request = {"sheet": options.sheet, **asdict(options.limits)}
    try:
        book = read_workbook(content, request, lambda limit: None)
        tables = [table_of(sheet) for sheet in book.sheets]
        return sheet_of(book, tables, options, facts_of(book, tables), file="", sha256="")
    except RefusalError as refusal:
        return refusal.code
    except Exception:  # noqa: BLE001 - the child answers to whatever an engine raises
        return "damaged"
