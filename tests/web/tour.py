"""Every view of the page in every state, one after the other.

    python -m tests.web.tour FOLDER
    python -m tests.web.tour --picture examples/page.png

takes a picture of each: light, dark, narrow, wide and printed; or the one picture of the README.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from importer.ledger import Ledger
from importer.sandbox import Sandbox, running_sandbox
from importer.settings import Tracker
from importer.web.desk import Setup
from importer.web.work import Phase
from tests.driving import HEADER, pins
from tests.pages import ROOT
from tests.web.conftest import KEY, shop_of
from tests.web.site import Site, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Where this computer has a Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A Chromium without a window."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


def enter(context: BrowserContext, site: Site) -> Page:
    """A tab that has come in by the address."""
    page = context.new_page()
    page.goto(f"http://{site.host}/open?token={site.gate.new_token()}")
    return page


def shop_export(folder: Path, name: str = "spring.csv", faults: bool = True, changed: bool = False) -> Path:
    """A shop's sheet of some hundred pins, two of them wrong and one worth a look; some of `changed` ones differ."""
    header = [*HEADER[:3], "target_metadata.title", *HEADER[3:], "active_from", "active_to", "Note"]
    rows = []
    for number in range(120):
        place = number % 3 + 1
        watch = f"/p/{1000 + number // 3}"
        period = ["1.12.2030", "24.12.2030"] if number % 2 else ["", ""]
        title = ("Diver watch 42 mm", "Dress watch", "Field watch", "Pilot watch")[number // 3 % 4]
        model = "basket" if number < 60 else "item_detail_complements"
        rows.append([model, "item", watch, title, place, "item", f"/p/{2000 + number}", *period, "strap"])
    if changed:
        rows[0][6], rows[4][4] = "/p/2999", 7
        rows[9][8] = "31.12.2030"
    if faults:
        rows[40][4], rows[77][8], rows[77][7] = "first", "1.12.2030", "24.12.2030"
        rows[90][6] = rows[90][2]
    return pins(folder / name, *rows, header=header)


@contextmanager
def a_shop(folder: Path, **behaviour: Any) -> Iterator[tuple[Site, Sandbox]]:
    """The page of a shop, and the shop's service."""
    with running_sandbox(private_key=KEY) as server:
        for name, value in behaviour.items():
            setattr(server.behaviour, name, value)
        options = {"ledger": folder / "ledger.sqlite", "settle_time": 0.3, "timezone": "Europe/Bratislava"}
        with running(Setup([replace(shop_of(server), name="Watches SK")], options)) as site:
            yield site, server


def views(folder: Path) -> Iterator[tuple[str, Site, str]]:
    """The name of each view in each state, the page, and the address. What comes next waits until it was looked at."""
    with running() as site:
        yield "start-empty", site, "/"
        yield "trouble", site, "/nothing"
        site.upload("paper.pdf", b"%PDF-1.7\n")
        site.settle()
        yield "sheet-refused", site, f"/sheets/{_last(site)}"
        for name in ("shoptet", "links"):
            address = site.drop(ROOT / "examples" / "exports" / f"{name}.csv")
            yield f"sheet-foreign-{name}", site, address
            yield f"mapping-{name}", site, f"{address}/mapping"
        site.post(f"{address}/mapping", builtin="shoptet")
        site.settle()
        yield "mapping-wrong", site, address
        yield "ask-no-shop", site, f"{site.post('/example').to}/import"
        site.settle()
        yield "sheet-example", site, f"/sheets/{_last(site)}"
    with a_shop(folder) as (site, server):
        yield "past-empty", site, "/past"
        address = site.drop(shop_export(folder))
        yield from _busy_sheet(site, address)
        yield "sheet-problems", site, address
        yield "sheet-all-rows", site, f"{address}?show=all&page=2"
        yield "calendar", site, f"{address}/calendar"
        yield "ask", site, f"{address}/import"
        site.post(f"{address}/rehearse")
        site.settle()
        yield "run-rehearsal", site, f"/runs/{site.desk.run.number if site.desk.run else 0}"
        server.behaviour.latency = 0.1
        yield from _busy_run(site, address)
        server.behaviour.latency = 0.0
        address = site.drop(shop_export(folder, faults=False))
        yield "sheet-mended", site, address
        address = site.drop(shop_export(folder, faults=False, changed=True))
        site.post(f"{address}/options", update="on")
        site.settle()
        yield "sheet-plan", site, address
        yield "ask-plan", site, f"{address}/import"
        with Ledger.open(folder / "ledger.sqlite") as ledger:
            target = Tracker(server.tracker_id, server.url)
            ledger.begin(target, file="winter-campaign.xlsx", sha256="", again=False, now=time.time())
        yield "start-broken", site, "/"
        yield "past", site, "/past"


def _last(site: Site) -> int:
    return site.desk.sheet.number if site.desk.sheet else 0


def _busy_sheet(site: Site, address: str) -> Iterator[tuple[str, Site, str]]:
    sheet = site.desk.sheet
    assert sheet is not None
    report, table = sheet.report, sheet.table
    sheet.phase, sheet.report, sheet.table = Phase.READING, None, None
    yield "sheet-reading", site, address
    from importer.reporting.table import SheetTable  # noqa: PLC0415

    sheet.phase, sheet.table = Phase.CHECKING, SheetTable(table._sheet)  # type: ignore[union-attr]
    yield "sheet-checking", site, address
    sheet.phase, sheet.report, sheet.table = Phase.CHECKED, report, table


def _busy_run(site: Site, address: str) -> Iterator[tuple[str, Site, str]]:
    run = site.post(f"{address}/import", count="38").to
    sending = site.desk.run
    assert sending is not None
    late = time.monotonic() + 20
    while sending.progress.done < 8:
        assert time.monotonic() < late, site.get(run).text
        time.sleep(0.02)
    site.post(f"{run}/pause")
    time.sleep(0.5)
    yield "run-paused", site, run
    sending.phase = Phase.SENDING
    sending.lines.append("Waiting until 10:15:07: Luigi's Box asked to send more slowly.")
    yield "run-sending", site, run
    sending.phase = Phase.PAUSED
    site.post(f"{run}/resume")
    site.post(f"{run}/stop")
    site.settle()
    yield "run-stopped", site, run
    site.get(address)
    site.settle()
    left = sending.expected - sending.progress.counts["Created"]
    run = site.post(f"{address}/import", count=str(left)).to
    site.settle()
    yield "run-done", site, run
    assert sending.shop is not None
    undo = f"/past/last/undo?shop={quote(sending.shop.name)}"
    yield "undo", site, undo
    yield "undone", site, site.post(undo, count=str(left)).to
    site.settle()


SHAPES: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 860}},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "wide": {"viewport": {"width": 1920, "height": 1000}},
}


def main(folder: Path) -> None:
    """A picture of every view in every shape."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, launched() as browser:
        for name, site, address in views(Path(work)):
            for shape, how in SHAPES.items():
                with browser.new_context(**how) as context:
                    page = enter(context, site)
                    page.goto(f"http://{site.host}{address}")
                    page.screenshot(path=folder / f"{name}.{shape}.png", full_page=True)
                    if shape == "light":
                        page.emulate_media(media="print")
                        page.screenshot(path=folder / f"{name}.print.png", full_page=True)


def picture(path: Path) -> None:
    """The README's picture: a sheet with two wrong cells."""
    with tempfile.TemporaryDirectory() as work, launched() as browser:
        look = {"viewport": {"width": 1290, "height": 900}}
        with a_shop(Path(work)) as (site, _), browser.new_context(**look) as context:
            address = site.drop(shop_export(Path(work)))
            page = enter(context, site)
            page.goto(f"http://{site.host}{address}")
            page.screenshot(path=path)


if __name__ == "__main__":
    if sys.argv[1] == "--picture":
        picture(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]))
