"""What a file is, told from its first bytes; its ending counts for nothing."""

from __future__ import annotations

import re
from enum import Enum

from importer.reading.raw import RefusalError

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


def kind_of(head: bytes) -> Kind:
    """What the file is, by its first `HEAD_BYTES` bytes. Raises `RefusalError` for what cannot hold a table."""
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
    _refuse_markup(_roughly_decoded(head))
    return Kind.TEXT


def _roughly_decoded(head: bytes) -> str:
    """Enough of the text to know markup by; NULs go, so that UTF-16 and UTF-32 look like ASCII."""
    text = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return text.replace(b"\x00", b"").decode("latin-1").lstrip()


def _refuse_markup(text: str) -> None:
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
