"""Opens a file, finds by its first bytes what it is, has it read, or says in words why it cannot be read.

The ending of its name counts for nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from io import BufferedReader
from pathlib import PurePath
from typing import TYPE_CHECKING

from importer.catalogue import files
from importer.errors import FileError
from importer.model import ReadFacts, Sheet
from importer.reading.csv_file import SplitText
from importer.reading.encoding import encoding_of
from importer.reading.isolation import IsolatedReader
from importer.reading.raw import RawBook, RefusalError
from importer.settings import ReadOptions

if TYPE_CHECKING:
    from importer.reading.table import Table

_LOCK_MARKS = ("~$", ".~lock.")
HEAD_BYTES = 65_536


class Kind(Enum):
    """The families of files that can be read."""

    PACKAGE = "a zip package: xlsx, xlsm, xlsb or ods"
    OLE = "an OLE container: xls, or something protected"
    TEXT = "text with separators"


# First bytes, and the catalogue's word for what has them.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM\x00", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"RIFF", "media"),
    (b"\x00\x00\x00\x18ftyp", "media"),
    (b"\x00\x00\x00\x20ftyp", "media"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"{\\rtf", "rtf"),
    (b"SQLite format 3\x00", "database"),
    (b"\x00\x01\x00\x00Standard ", "database"),
    (b"PAR1", "database"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"bplist00", "program"),
)
_OLD_EXCEL = re.compile(rb"\A\x09[\x00\x02\x04\x08](?:\x04|\x06|\x08|\x10)\x00")
_WEB_PAGE = re.compile(
    r"\A(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|script|div|center|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_SYLK = re.compile(r"\AID;P[^\r\n]*[\r\n]+[BCFPO];")
_JSON = re.compile(r'\A(?:\{\s*"|\[\s*[\[{"])')
_MAIL_PAGE = re.compile(r"\AMIME-Version:", re.IGNORECASE)


def read_file(path: str | os.PathLike[str], options: ReadOptions) -> Sheet:
    """Read a file. Raises `FileError`, whose `read` says how far reading got."""
    name = PurePath(os.fspath(path)).name or os.fspath(path)
    facts: ReadFacts | None = None
    book = RawBook("", [])
    try:
        with _open(path) as file:
            size = os.fstat(file.fileno()).st_size
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            book = _book(file, size, options)
        from importer.reading.sheet import sheet_of  # noqa: PLC0415 - loads pandas
        from importer.reading.table import table_of  # noqa: PLC0415

        tables = [table_of(sheet, options.theirs) for sheet in book.sheets]
        facts = facts_of(book, tables)
        return sheet_of(book, tables, options, facts, file=os.fspath(path), sha256=sha256)
    except RefusalError as refusal:
        sheet = facts.sheet if facts else None
        others = book.unread(results=book.summary is not None) if facts else []
        text = files.refusal(refusal.code, name, refusal.details, sheet=sheet, others=others)
        raise FileError(text, code=refusal.code, read=facts) from refusal
    except MemoryError as error:
        raise FileError(files.refusal("too-big", name, {}), code="too-big", read=facts) from error


@contextmanager
def _open(path: str | os.PathLike[str]) -> Iterator[BufferedReader]:
    """Open the file, if it is one. Anything but an ordinary file could keep the reader waiting for ever."""
    name = PurePath(os.fspath(path)).name
    for mark in _LOCK_MARKS:
        if name.startswith(mark):
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
    # The child reads from where the system says the file stands, and this process has read ahead.
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    with IsolatedReader(file, size, options) as child:
        # Loading pandas takes longer than parsing a usual sheet: both happen at the same time.
        import importer.reading.sheet  # noqa: F401, PLC0415

        return child.book()


def facts_of(book: RawBook, tables: Sequence[Table]) -> ReadFacts:
    """Say how the file was read, before its columns are known."""
    first = tables[0]
    return ReadFacts(
        format=book.format,
        encoding=book.encoding,
        delimiter=book.delimiter,
        sheet=None if book.delimiter else first.raw.name,
        header_row=None if first.header is None else first.header + 1,
        non_empty_rows=first.not_empty,
    )


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


def kind_of(head: bytes) -> Kind:
    """Tell what the file is by its first `HEAD_BYTES` bytes. Raises `RefusalError` for what cannot hold a table."""
    if not head:
        raise RefusalError("empty")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK")):
        return Kind.PACKAGE
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Kind.OLE
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise RefusalError(what)
    if _OLD_EXCEL.match(head):
        raise RefusalError("old-excel")
    if not head.strip(b"\x00"):
        raise RefusalError("only-nulls")
    _refuse_markup(head)
    return Kind.TEXT


def _refuse_markup(head: bytes) -> None:
    # Enough of the text to know markup by; NULs go, so that UTF-16 and UTF-32 look like ASCII.
    marked = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    text = marked.replace(b"\x00", b"").decode("latin-1").lstrip()
    if _WEB_PAGE.match(text):
        raise RefusalError("web-page")
    if text.startswith(("<?xml", "<Workbook")):
        raise RefusalError("xml-2003" if "urn:schemas-microsoft-com:office:spreadsheet" in text else "xml")
    if _MAIL_PAGE.match(text):
        raise RefusalError("web-page")
    if _SYLK.match(text):
        raise RefusalError("sylk")
    if _JSON.match(text):
        raise RefusalError("json")
