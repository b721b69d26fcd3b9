"""Views of past runs: what the ledger remembers, and taking a run back."""

from __future__ import annotations

import asyncio

from aiohttp import web

from importer.catalogue.web import TROUBLE
from importer.errors import ImporterError
from importer.web.pages import DESK, html, text_of, to
from importer.web.taking_back import proposed
from importer.web.work import Shop


async def past(request: web.Request) -> web.Response:
    """Past runs from the ledger, and what is unknown."""
    return html("past", request, past=await asyncio.to_thread(request.app[DESK].past))


async def ask(request: web.Request) -> web.Response:
    """What undoing a run would do, and the question."""
    return await _asked(request, _shop(request), include_adopted="adopted" in request.query, trouble="")


async def take_back(request: web.Request) -> web.Response:
    """Undo a run, once the person has said how many customizations that changes."""
    from importer.catalogue.screen import counted  # noqa: PLC0415

    desk, shop = request.app[DESK], _shop(request)
    if desk.busy_run is not None:
        return to(f"/runs/{desk.busy_run.number}")
    form = await request.post()
    include = "adopted" in form
    try:
        proposal, said = await asyncio.to_thread(proposed, _run(request), shop, desk.common(), include_adopted=include)
    except ImporterError as error:
        return await _asked(request, shop, include_adopted=include, trouble=str(error))
    if proposal is None:
        return await _asked(request, shop, include_adopted=include, trouble=said)
    if text_of(form.get("count")).replace(",", "") != str(proposal.plan.count):
        said = TROUBLE["undo-count"].format(customizations=counted(proposal.plan.count, "customization"))
        return await _asked(request, shop, include_adopted=include, trouble=said)
    return to(f"/runs/{desk.take_back(proposal, shop, include_adopted=include).number}")


async def _asked(request: web.Request, shop: Shop, *, include_adopted: bool, trouble: str) -> web.Response:
    from importer.reporting.undo_lines import lines_before  # noqa: PLC0415 - heavy

    desk = request.app[DESK]
    status = 422 if trouble else 200
    values = {"shop": shop, "run": request.match_info["run"], "include_adopted": include_adopted, "trouble": trouble}
    try:
        proposal, said = await asyncio.to_thread(
            proposed, _run(request), shop, desk.common(), include_adopted=include_adopted
        )
    except ImporterError as error:
        return html("undo", request, status=422, proposal=None, lines=[], said=str(error), **values)
    lines = list(lines_before(proposal)) if proposal is not None else []
    return html("undo", request, status=status, proposal=proposal, lines=lines, said=said, **values)


def _run(request: web.Request) -> int | None:
    """The run that an address names; `None` for the last one that changed something."""
    name = request.match_info["run"]
    return None if name == "last" else int(name)


def _shop(request: web.Request) -> Shop:
    """The shop whose run it is."""
    found = request.app[DESK].shop(request.query.get("shop", ""))
    if found is None or not found.has_key:
        raise web.HTTPNotFound
    return found
