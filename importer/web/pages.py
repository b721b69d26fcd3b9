"""What every view shares: the desk of a request, a page of rows, answers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from aiohttp import BodyPartReader, web

from importer.catalogue.web import TROUBLE
from importer.errors import FileError
from importer.model import RowTable, TableRow
from importer.web import render
from importer.web.checking import Checking
from importer.web.desk import Desk
from importer.web.doors import Doors
from importer.web.files import CHUNK
from importer.web.sending import Sending
from importer.web.taking_back import TakingBack

DESK = web.AppKey("desk", Desk)
DOORS = web.AppKey("doors", Doors)
ROWS = 50
"""Rows of a page of the table: the browser never holds more."""


@dataclass(frozen=True, slots=True)
class RowPage:
    """The rows that a table shows at a time."""

    rows: Iterable[TableRow]
    show: str
    """What is asked for, as `RowTable` has it."""
    total: int
    page: int
    """Counted from 1."""
    base: str
    """The address without its query."""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, math.ceil(self.total / ROWS))

    @property
    def first(self) -> int:
        """The first row's place among all that are asked for, counted from 1."""
        return min(self.total, (self.page - 1) * ROWS + 1)

    @property
    def last(self) -> int:
        """The last row's place."""
        return min(self.total, self.page * ROWS)

    def address(self, page: int | None = None, show: str | None = None) -> str:
        """Where another page of this table is."""
        return f"{self.base}?{urlencode({'show': show or self.show, 'page': page or 1})}#rows"


def row_page(table: RowTable, query: Mapping[str, str], base: str, usual: str = "all") -> RowPage:
    """The page of rows that an address asks for: `show`, and `page` or the `row` to go to."""
    show = query.get("show", usual)
    total = table.count(show)
    page = _whole(query.get("page", "")) or 1
    if row := _whole(query.get("row", "")):
        page = table.place(row, show) // ROWS + 1
    page = min(page, max(1, math.ceil(total / ROWS)))
    return RowPage(table.rows((page - 1) * ROWS, ROWS, show), show, total, page, base)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def html(name: str, request: web.Request, *, status: int = 200, **values: object) -> web.Response:
    """A template as an answer, with what every page shows."""
    desk = request.app[DESK]
    text = render.page(name, **{"desk": desk, "setup": desk.setup, "here": request.path, "is_inside": True, **values})
    return web.Response(text=text, content_type="text/html", status=status)


def attachment(path: str, name: str) -> web.FileResponse:
    """A file to download under a name."""
    found = f"attachment; filename*=UTF-8''{quote(name)}"
    return web.FileResponse(path, headers={"Content-Disposition": found})


def sheet_of(request: web.Request) -> Checking:
    """The sheet that an address names."""
    found = request.app[DESK].sheets.get(_whole(request.match_info["number"]))
    if found is None:
        raise web.HTTPNotFound
    return found


def run_of(request: web.Request) -> Sending | TakingBack:
    """The run that an address names."""
    found = request.app[DESK].runs.get(_whole(request.match_info["number"]))
    if found is None:
        raise web.HTTPNotFound
    return found


async def taken(request: web.Request, most: int) -> Path:
    """The file that a form carries. Raises `FileError` for none, and for one of more than `most` bytes."""
    if (request.content_length or 0) > most + CHUNK:
        raise FileError(TROUBLE["too-big"].format(megabytes=most // 1024**2), code="too-big")
    if not request.content_type.startswith("multipart/"):
        raise FileError(TROUBLE["no-file"], code="no-file")
    try:
        part = await (await request.multipart()).next()
    except ValueError:
        raise FileError(TROUBLE["no-file"], code="no-file") from None
    if not isinstance(part, BodyPartReader) or part.name != "file" or not part.filename:
        raise FileError(TROUBLE["no-file"], code="no-file")
    return await request.app[DESK].folder.take(part.filename, part.read_chunk, most)


def text_of(value: object) -> str:
    """A form's field as text without blanks around it; "" for a file or nothing."""
    return value.strip() if isinstance(value, str) else ""


def to(address: str) -> web.Response:
    """Send the browser on, after something was done."""
    return web.Response(status=303, headers={"Location": address})
