"""The child process that parses workbooks: some files kill the process that parses them, and this one may die.

Its last argument is a request as JSON, its standard input is the file. It answers on its standard output with
marshalled frames: `("book", …)`, for each sheet `("sheet", …)` and its `("column", …)`s, and at last `("end",)` or
`("refuse", code, details)`. An answer without a last frame means that the process died.
"""

from __future__ import annotations

import gc
import io
import json
import marshal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from importer.reading.formats import FORMATS, Format, format_of, open_workbook
from importer.reading.package import Package, open_package, what_else
from importer.reading.raw import SENT, RawBook, RawSheet, RefusalError
from importer.reading.workbook import choose

MIB = 1024**2
OLE = b"\xd0\xcf\x11\xe0"
XLS = next(each for each in FORMATS if not each.parts)
# An older layout of marshal: it does not look for repeated objects, of which there are none.
MARSHAL_VERSION = 2


def main() -> None:
    """Answer the one request, in any case."""
    # Every value lives until the process ends: collecting garbage would only take time.
    gc.disable()
    out = sys.stdout.buffer
    try:
        book = read_workbook(sys.stdin.buffer.read(), json.loads(sys.argv[-1]), limit_memory)
        send_book(out, book)
    except RefusalError as refusal:
        send(out, ("refuse", refusal.code, refusal.details))
    except MemoryError:
        send(out, ("refuse", "too-big", {}))
    except BaseException as error:  # noqa: BLE001 - a panic of the parser is no Exception
        send(out, ("refuse", "damaged", {"why": f"{type(error).__name__}: {error}"[:300]}))
    out.flush()


def read_workbook(content: bytes, request: dict[str, Any], limit: Callable[[int], None]) -> RawBook:
    """Read a workbook's chosen sheets. Raises `RefusalError`, and anything that an engine raises.

    Before an engine sees the file, `limit` is called with the bytes of memory that an honest one of its size needs.
    """
    source: bytes | Package
    found: Format | None
    if content.startswith(OLE):
        found, source, size, least = XLS, content, len(content), 60 * len(content)
    else:
        source = open_package(io.BytesIO(content), len(content), request["unpacked_bytes"])
        found, size, least = format_of(source), source.unpacked, 5 * source.unpacked
        if found is None:
            raise RefusalError(what_else(source))
    limit(min(512 * MIB + least, request["memory_bytes"]))
    return choose(open_workbook(found, source, request["cells"]), request["sheet"], size)


def limit_memory(limit: int) -> None:
    """Limit this process to a number of bytes of memory, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def send(out: BinaryIO, frame: tuple[Any, ...]) -> None:
    """Write one frame: its length in eight bytes, then itself."""
    data = marshal.dumps(frame, MARSHAL_VERSION)
    out.write(len(data).to_bytes(8, "little"))
    out.write(data)


def send_book(out: BinaryIO, book: RawBook) -> None:
    """Write a whole book, each column as soon as it is packed."""
    send(out, ("book", book.format, book.others, book.hidden, book.alike))
    for sheet in book.sheets:
        _send_sheet(out, sheet, is_summary=False)
    if book.summary is not None:
        _send_sheet(out, book.summary, is_summary=True)
    send(out, ("end",))


def _send_sheet(out: BinaryIO, sheet: RawSheet, *, is_summary: bool) -> None:
    send(out, ("sheet", *[getattr(sheet, name) for name in SENT], is_summary))
    for place in sorted(sheet.columns):
        column = sheet.columns.pop(place)
        send(out, ("column", place, column.values, column.codes.tobytes()))


if __name__ == "__main__":
    main()
