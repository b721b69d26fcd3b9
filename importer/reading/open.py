"""From a path to a `Sheet`: opens the file, lets the right room read it, and says in words why it cannot."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import PurePath

from importer.catalogue import files
from importer.errors import FileError
from importer.model import ReadFacts, Sheet
from importer.reading.csv_file import SplitText
from importer.reading.encoding import encoding_of
from importer.reading.isolation import IsolatedReader
from importer.reading.raw import RawBook, RefusalError
from importer.reading.sniff import HEAD_BYTES, Kind, kind_of
from importer.settings import ReadOptions

_LOCK_MARKS = ("~$", ".~lock.")


def read_file(path: str | os.PathLike[str], options: ReadOptions) -> Sheet:
    """Read a file. Raises `FileError`, with what could be read in its `read`."""
    name = PurePath(os.fspath(path)).name or os.fspath(path)
    facts: ReadFacts | None = None
    others: list[str] = []
    try:
        with _opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            book = _book(file, size, options)
        from importer.reading.sheet import facts_of, sheet_of, table_of, unread_sheets  # noqa: PLC0415 - loads pandas

        tables = [table_of(sheet, options.theirs) for sheet in book.sheets]
        facts = facts_of(book, tables)
        others = unread_sheets(book, results=book.summary is not None)
        return sheet_of(book, tables, options, facts, file=os.fspath(path), sha256=sha256)
    except RefusalError as refusal:
        sheet = facts.sheet if facts else None
        text = files.refusal(refusal.code, name, refusal.details, sheet=sheet, others=others)
        raise FileError(text, code=refusal.code, read=facts) from refusal
    except MemoryError as error:
        raise FileError(files.refusal("too-big", name, {}), code="too-big", read=facts) from error


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[BufferedReader]:
    """The file, if it is one. Anything but an ordinary file could keep the reader waiting for ever."""
    name = PurePath(os.fspath(path)).name
    mark = next((mark for mark in _LOCK_MARKS if name.startswith(mark)), None)
    if mark is not None:
        raise RefusalError("lock-file", mark=mark)
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - any path-like
        if stat.S_ISDIR(mode):
            raise RefusalError("folder")
        if not stat.S_ISREG(mode):
            raise RefusalError("not-a-file")
        file = open(path, "rb")  # noqa: PTH123, SIM115 - any path-like; closed below
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RefusalError("missing") from error
    except (OSError, ValueError) as error:
        raise RefusalError("unreadable", why=getattr(error, "strerror", None) or str(error)) from error
    with file:
        yield file


def _book(file: BufferedReader, size: int, options: ReadOptions) -> RawBook:
    if size > options.limits.memory_bytes // 4:
        raise RefusalError("too-big")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if kind_of(head) is Kind.TEXT:
        return _text_book(head + file.read(), options)
    # The child reads from where the file stands, whatever this process has buffered.
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    with IsolatedReader(file, size, options) as child:
        # pandas takes longer to load than a usual sheet to parse: both at the same time.
        import importer.reading.sheet  # noqa: F401, PLC0415

        return child.book()


def _text_book(data: bytes, options: ReadOptions) -> RawBook:
    if options.sheet is not None:
        raise RefusalError("sheet-of-csv")
    encoding = encoding_of(data, options.encoding)
    split = SplitText(data, encoding.name, options.delimiter, options.theirs)
    sheet = split.sheet(options.limits.cells)
    if not sheet.holds_anything:
        raise RefusalError("nothing-in-text")
    return RawBook(
        "csv",
        [sheet],
        encoding=encoding.name,
        delimiter=split.delimiter,
        guessed=encoding.sample,
        likelier=encoding.likelier,
    )
