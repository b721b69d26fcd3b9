"""Views of the calendar: what is pinned when."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from importer.errors import ImporterError
from importer.web.checking import Checking
from importer.web.desk import Desk
from importer.web.pages import DESK, attachment, html, sheet_of
from importer.web.work import Phase, given_options

if TYPE_CHECKING:
    from importer.season import CalendarReport

NO_LIBRARY = "no-library"


async def calendar(request: web.Request) -> web.Response:
    """The calendar of a sheet, drawn once for each check."""
    checking, desk = sheet_of(request), request.app[DESK]
    if checking.phase is not Phase.CHECKED:
        raise web.HTTPNotFound
    trouble = ""
    if checking.calendar is None:
        try:
            checking.calendar = await asyncio.to_thread(_drawn, checking, desk)
        except ImporterError as error:
            trouble = str(error).replace(str(checking.path), checking.name)
    return html("calendar", request, sheet=checking, calendar=checking.calendar, trouble=trouble)


def _drawn(checking: Checking, desk: Desk) -> dict[str, Any]:
    """Draw it: its report, and the files by their endings. Without the library that draws, there is the workbook
    alone. Raises `ImporterError`."""
    files: dict[str, Path] = {}
    report = None
    for ending in ("svg", "xlsx"):
        path = desk.folder.place(f"{checking.path.stem}.{ending}")
        try:
            report = _written(checking, desk, path)
        except ImporterError as error:
            if error.code != NO_LIBRARY:
                raise
        else:
            files[ending] = path
    assert report is not None  # noqa: S101 - the workbook needs no library
    return {"report": report, "files": files}


def _written(checking: Checking, desk: Desk, path: Path) -> CalendarReport:
    from importer.season import write_calendar  # noqa: PLC0415 - heavy

    own = {**checking.options, "output": path}
    return write_calendar(checking.path, **given_options(desk.common(), checking.shop, own, rehearsal=False))


async def picture(request: web.Request) -> web.StreamResponse:
    """The picture, to be shown."""
    return web.FileResponse(_file(sheet_of(request), "svg"), headers={"Content-Type": "image/svg+xml"})


async def download(request: web.Request) -> web.StreamResponse:
    """The picture or the workbook, to keep."""
    checking, ending = sheet_of(request), request.match_info["ending"]
    return attachment(str(_file(checking, ending)), f"{checking.path.stem}.calendar.{ending}")


def _file(checking: Checking, ending: str) -> Path:
    path: Path | None = checking.calendar["files"].get(ending) if checking.calendar is not None else None
    if path is None:
        raise web.HTTPNotFound
    return path
