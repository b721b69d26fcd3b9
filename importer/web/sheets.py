"""Views of sheets: drop one, see what is wrong with it and what would be sent."""

from __future__ import annotations

import asyncio
from datetime import datetime

from aiohttp import web

import importer
from importer.catalogue.web import TROUBLE
from importer.errors import FileError
from importer.web import events, files, render
from importer.web.checking import Checking
from importer.web.pages import DESK, attachment, html, row_page, sheet_of, taken, text_of, to
from importer.web.work import Phase, given_options

FLAGS = ("fill_down", "again", "create_beside", "update", "no_look")
TEXTS = ("sheet", "timezone", "date_order", "encoding", "delimiter")
FOREIGN = frozenset({"no-header", "columns-missing", "looks-like", "looks-like-export", "mapping-expects"})
"""Refusals of sheets that a mapping may help to read."""


async def start(request: web.Request) -> web.Response:
    """The first view: drop a sheet, or go on with what there is."""
    past = await asyncio.to_thread(request.app[DESK].past)
    return html("start", request, past=past, trouble="")


async def upload(request: web.Request) -> web.StreamResponse:
    """Take a sheet in, and go to its check."""
    desk = request.app[DESK]
    try:
        path = await taken(request, files.MOST_BYTES)
    except FileError as error:
        if request.headers.get("X-Upload"):
            return web.json_response({"trouble": str(error)}, status=422)
        past = await asyncio.to_thread(desk.past)
        return html("start", request, status=422, past=past, trouble=str(error))
    address = f"/sheets/{desk.add(path).number}"
    return web.json_response({"to": address}) if request.headers.get("X-Upload") else to(address)


async def example(request: web.Request) -> web.Response:
    """Open a sheet that the importer brings along."""
    desk = request.app[DESK]
    path = desk.folder.place("example.csv")
    year = datetime.now().astimezone().year + 1
    text = render.EXAMPLE.read_text("utf-8").replace("YEAR", str(year))
    await asyncio.to_thread(path.write_text, text, "utf-8-sig")
    return to(f"/sheets/{desk.add(path).number}")


async def template(request: web.Request) -> web.StreamResponse:
    """The blank sheet to fill in."""
    from importer.template import write_template  # noqa: PLC0415 - heavy

    path = request.app[DESK].folder.place("pins.xlsx")
    await asyncio.to_thread(write_template, path)
    return attachment(str(path), "pins.xlsx")


async def sheet(request: web.Request) -> web.Response:
    """A sheet as it is read, what is wrong with it, and what would be sent."""
    checking = sheet_of(request)
    request.app[DESK].refresh(checking)
    table, rows = checking.table, None
    if table is not None:
        usual = "wrong" if checking.report is not None and table.count("wrong") else "all"
        rows = row_page(table, request.query, request.path, usual)
    models = table.models() if table is not None else ()
    foreign = checking.error is not None and checking.error.code in FOREIGN
    return html("sheet", request, sheet=checking, rows=rows, models=models, foreign=foreign)


async def sheet_events(request: web.Request) -> web.StreamResponse:
    """Push how far the check is."""
    checking = sheet_of(request)
    return await events.stream(request, checking, lambda: render.escaped(checking.lines[-1] if checking.lines else ""))


async def options(request: web.Request) -> web.Response:
    """Read and check a sheet again, with other options."""
    checking, desk = sheet_of(request), request.app[DESK]
    form = await request.post()
    kept = {name: it for name, it in checking.options.items() if name in ("mapping", "map", "set")}
    said = {name: text for name in TEXTS if (text := text_of(form.get(name)))}
    flags = {name: True for name in FLAGS if form.get(name)}
    ignored = [name.strip() for name in text_of(form.get("ignore_columns")).replace("\n", ",").split(",")]
    columns = {"ignore_columns": tuple(filter(None, ignored))} if any(ignored) else {}
    shop = desk.shop(text_of(form.get("shop"))) if "shop" in form else checking.shop
    checking.start({**kept, **said, **flags, **columns}, shop, desk.common())
    return to(f"/sheets/{checking.number}")


async def marked(request: web.Request) -> web.StreamResponse:
    """The sheet as a workbook with its wrong cells marked, to fix and drop again."""
    checking, desk = sheet_of(request), request.app[DESK]
    if checking.phase is not Phase.CHECKED:
        raise web.HTTPNotFound
    path = desk.folder.place(f"{checking.path.stem}.xlsx")
    try:
        given = given_options(desk.common(), checking.shop, {**checking.options, "output": path}, rehearsal=False)
        report = await asyncio.to_thread(importer.check, checking.path, **given)
    except importer.ImporterError as error:
        return html("trouble", request, status=500, trouble=str(error))
    return attachment(str(report.results), f"{checking.path.stem}.checked.xlsx")


async def ask(request: web.Request) -> web.Response:
    """Before an import: what is sent where, and the question."""
    checking = sheet_of(request)
    return _ask(request, checking, "")


def _ask(request: web.Request, checking: Checking, trouble: str) -> web.Response:
    if checking.report is None:
        return to(f"/sheets/{checking.number}")
    models = checking.table.models() if checking.table is not None else ()
    status = 422 if trouble else 200
    return html("ask", request, status=status, sheet=checking, models=models, trouble=trouble)


async def rehearse(request: web.Request) -> web.Response:
    """Send a sheet to the stand-in."""
    checking, desk = sheet_of(request), request.app[DESK]
    run = desk.busy_run
    if run is None and checking.report is not None:
        run = desk.send(checking, is_rehearsal=True)
    return to(f"/runs/{run.number}" if run else f"/sheets/{checking.number}")


async def send(request: web.Request) -> web.Response:
    """Import a sheet, once the person has said how many customizations that makes."""
    checking, desk = sheet_of(request), request.app[DESK]
    form = await request.post()
    if desk.busy_run is not None:
        return to(f"/runs/{desk.busy_run.number}")
    shop = checking.shop
    if checking.report is None or shop is None or not shop.has_key:
        return to(f"/sheets/{checking.number}/import")
    ready = checking.ready
    if text_of(form.get("count")).replace(",", "").replace(" ", "") != str(ready):
        return _ask(request, checking, TROUBLE["count"].format(count=f"{ready:,}"))
    return to(f"/runs/{desk.send(checking, is_rehearsal=False).number}")
