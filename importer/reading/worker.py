"""The child process that parses workbooks: some files end the process that parses them, and this one may end.

It gets a request as JSON in its last argument and the file as its standard input, and answers on its standard output
with marshalled frames: `("book", …)`, for each sheet `("sheet", …)` and its `("column", …)`s, and at last `("end",)` or
`("refuse", code, details)`. An answer without a last frame means that the parser took the process with it.
"""

from __future__ import annotations

import gc
import io
import json
import marshal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from importer.reading.formats.xlsx import XlsxReader
from importer.reading.package import open_package
from importer.reading.raw import RawBook, RawSheet, RefusalError
from importer.reading.workbook import choose

MIB = 1024**2
OLE = b"\xd0\xcf\x11\xe0"
# An older layout of marshal: it does not look for repeated objects, of which there are none.
MARSHAL_VERSION = 2


def main() -> None:
    """Answer the one request, whatever happens."""
    # What is made here lives until the process ends: collecting garbage would only take time.
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
    """Read a workbook's chosen sheets. Raises `RefusalError`, and whatever an engine raises.

    `limit` is told how many bytes of memory an honest file of this size needs at most, before an engine sees it.
    """
    file = io.BytesIO(content)
    wanted, cells = request["sheet"], request["cells"]
    if content.startswith(OLE):
        limit(min(512 * MIB + 60 * len(content), request["memory_bytes"]))
        from importer.reading.formats.xls import XlsReader  # noqa: PLC0415 - this process starts for one format

        return choose(XlsReader(content, cells), "xls", wanted, len(content))
    package = open_package(file, len(content), request["unpacked_bytes"])
    limit(min(512 * MIB + 5 * package.unpacked, request["memory_bytes"]))
    if package.format == "xlsb":
        from importer.reading.formats.xlsb import XlsbReader  # noqa: PLC0415 - likewise

        return choose(XlsbReader(package, cells), "xlsb", wanted, package.unpacked)
    if package.format == "ods":
        from importer.reading.formats.ods import OdsReader  # noqa: PLC0415 - likewise

        return choose(OdsReader(package, cells), "ods", wanted, package.unpacked)
    return choose(XlsxReader(file, package, cells), package.format, wanted, package.unpacked)


def limit_memory(limit: int) -> None:
    """Let this process have so many bytes, where the system can hold it to that."""
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
    send(out, ("sheet", sheet.name, sheet.rows, sheet.merged, sheet.hidden_rows, is_summary))
    for place in sorted(sheet.columns):
        column = sheet.columns.pop(place)
        send(out, ("column", place, column.values, column.codes.tobytes()))


if __name__ == "__main__":
    main()
