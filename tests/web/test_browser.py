"""The page in a real Chromium: the way from drop to download, faults on the way, and what a person with a keyboard or a
screen reader meets. Runs where there is a Chromium and Playwright: `python -m pytest -m web`."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.driving import pin, pins
from tests.web.test_command import started
from tests.web.tour import SHAPES, a_shop, chromium, enter, launched, shop_export, views

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.web.site import Site

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
AXE = Path(__file__).with_name("axe-4.14.1.min.js").read_text("utf-8")
pytestmark = [
    pytest.mark.web,
    pytest.mark.timeout(600),
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this computer"),
]


@pytest.fixture(scope="module", name="browser")
def _browser() -> Iterator[Browser]:
    with launched() as made:
        yield made


@pytest.fixture(name="context")
def _context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, in which nothing may go wrong unseen and nobody else is asked for anything."""
    wrong: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 860}, accept_downloads=True) as made:
        made.set_default_timeout(20_000)
        made.on("weberror", lambda found: wrong.append(str(found.error)))
        made.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        made.on("dialog", lambda dialog: wrong.append(dialog.message))
        made.on("request", lambda asked: wrong.append(asked.url) if "://127.0.0.1:" not in asked.url else None)
        yield made
    # The page's server ends before its tab does.
    assert not [text for text in wrong if "ERR_CONNECTION_REFUSED" not in text]


def drop(page: Page, file: Path) -> None:
    """Drop a sheet, and see its check."""
    page.set_input_files("#drop input[type=file]", file)
    page.wait_for_selector(".message, .box.invalid")


def test_the_way_from_drop_to_download_and_undo(context, tmp_path):
    with a_shop(tmp_path) as (site, server):
        page = enter(context, site)
        drop(page, shop_export(tmp_path))
        assert page.inner_text(".message") == "114 of 120 rows are ready to send; 2 invalid, 4 held back."
        page.get_by_role("link", name="Show the rows: 42").click()
        page.wait_for_selector("#r42 td.problem")
        assert page.locator("#rows tbody tr").count() == 1
        page.get_by_role("link", name="All 120").click()
        page.get_by_role("link", name="Next").click()
        page.wait_for_selector("#r60")
        page.go_back()
        page.wait_for_selector("#r2")

        drop(page, shop_export(tmp_path, faults=False))
        assert page.inner_text(".message") == "All 120 rows are ready to send."
        assert "2 problems before, 0 now" in page.inner_text(".since")
        page.get_by_role("button", name="Rehearse").click()
        page.wait_for_selector(".message")
        assert "This was a rehearsal" in page.inner_text("main")

        server.behaviour.latency = 0.1
        page.get_by_role("link", name="Back to the sheet").click()
        page.get_by_role("link", name="Import …").click()
        page.get_by_label("Type 40 to confirm").fill("40")
        page.get_by_role("button", name="Import 40 customizations").click()
        page.wait_for_selector("progress[value]")
        expect(page).to_have_title(re.compile("[1-9] %"))
        page.wait_for_selector(".message")
        assert page.inner_text(".message") == "All 120 rows are created."
        with page.expect_download() as saved:
            page.get_by_role("link", name="Download the results").click()
        assert saved.value.suggested_filename.startswith("spring.results-")
        saved.value.save_as(tmp_path / "results.xlsx")
        book = openpyxl.load_workbook(tmp_path / "results.xlsx")
        assert book["Results"].max_row == 121
        assert len(server.store.records()) == 40
        page.get_by_role("link", name="Undo this import …").click()
        assert "40 customizations created, to be deleted" in page.inner_text("main")
        page.get_by_label("Type 40 to confirm").fill("40")
        page.get_by_role("button", name="Undo 40 customizations").click()
        page.wait_for_selector(".message")
        assert "is undone: 40 undone." in page.inner_text(".message")
        assert not server.store.records()
        page.get_by_role("link", name="To the past runs").click()
        assert "spring.csv" in page.inner_text("table")


def test_two_tabs_a_reload_pause_and_stop(context, tmp_path):
    with a_shop(tmp_path, latency=1.0) as (site, server):
        first = enter(context, site)
        drop(first, shop_export(tmp_path, faults=False))
        first.get_by_role("link", name="Import …").click()
        first.get_by_label("Type 40 to confirm").fill("40")
        first.keyboard.press("Enter")
        first.wait_for_selector("progress[value]")
        second = context.new_page()
        second.goto(first.url)
        second.get_by_role("button", name="Pause").click()
        for tab in (first, second):
            tab.wait_for_selector(".working.paused")
        first.reload()
        first.wait_for_selector(".working.paused")
        first.close()
        second.get_by_role("button", name="Go on").focus()
        second.keyboard.press("Enter")
        second.wait_for_selector(".working.sending")
        assert second.evaluate("document.activeElement.id") == "pause", "the focus stays where it was"
        second.get_by_role("button", name="Stop").click()
        second.wait_for_selector(".message")
        assert "Interrupted." in second.inner_text(".message")
        assert second.inner_text("#live").startswith("Interrupted.")
        created = len(server.store.records())
        assert 0 < created < 40


def test_a_file_is_dropped_with_the_mouse(context, tmp_path):
    with a_shop(tmp_path) as (site, _):
        page = enter(context, site)
        text = shop_export(tmp_path).read_text("utf-8")
        page.evaluate(
            """text => {
                const data = new DataTransfer();
                data.items.add(new File([text], "dropped.csv"));
                for (const kind of ["dragenter", "dragover", "drop"])
                    document.getElementById("drop").dispatchEvent(
                        new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
            }""",
            text,
        )
        page.wait_for_selector(".message")
        assert page.inner_text("h1") == "dropped.csv"


def test_a_program_that_is_gone_is_said_and_the_next_one_goes_on(browser, tmp_path):
    from importer.sandbox import running_sandbox  # noqa: PLC0415
    from tests.web.conftest import KEY  # noqa: PLC0415

    file = shop_export(tmp_path, faults=False)
    with running_sandbox(private_key=KEY) as server, browser.new_context() as context:
        server.behaviour.latency = 0.1
        words = ("--tracker-id", server.tracker_id, "--base-url", server.url, "--settle-time", "0.3")
        page = context.new_page()
        with started(tmp_path, *words, LUIGISBOX_PRIVATE_KEY=KEY) as (process, address):
            page.goto(address)
            drop(page, file)
            page.get_by_role("link", name="Import …").click()
            page.get_by_label("Type 40 to confirm").fill("40")
            page.keyboard.press("Enter")
            expect(page).to_have_title(re.compile("^[1-9]"))
            os.kill(process.pid, signal.SIGSTOP)
            time.sleep(0.5)
            os.kill(process.pid, signal.SIGCONT)
            process.kill()
            page.wait_for_selector("#lost:not([hidden])")
            assert "The program does not answer" in page.inner_text("#lost")
        with started(tmp_path, *words, LUIGISBOX_PRIVATE_KEY=KEY) as (process, address):
            page.goto(address)
            assert "An import did not finish" in page.inner_text("main")
            drop(page, file)
            page.get_by_role("link", name="Import …").click()
            left = page.inner_text("label[for=count]").split()[1]
            page.fill("#count", left)
            page.keyboard.press("Enter")
            page.wait_for_selector(".message")
            assert "All 120 rows are created" in page.inner_text(".message")
        targets = [record.body["target_identity"] for record in server.store.records()]
        assert len(targets) == len(set(targets)) == 40


def test_a_hundred_thousand_rows_stay_fluid(context, tmp_path):
    rows = [pin(f"/p/{number // 4}", number % 4 + 1, f"/q/{number}") for number in range(100_000)]
    rows[99_000][3] = "last"
    with a_shop(tmp_path) as (site, _):
        page = enter(context, site)
        page.set_default_timeout(60_000)
        page.set_input_files("#drop input[type=file]", pins(tmp_path / "many.csv", *rows))
        page.wait_for_selector("#rows tbody tr")
        page.wait_for_selector(".message")
        assert page.locator("#rows tbody tr").count() == 1
        page.get_by_role("link", name="All 100,000").click()
        page.get_by_label("Go to row").fill("70001")
        page.keyboard.press("Enter")
        page.wait_for_selector("#r70001")
        assert page.locator("#rows tbody tr").count() == 50
        assert page.evaluate("document.getElementsByTagName('*').length") < 2500


def test_hostile_text_stays_text(context, tmp_path):
    hostile = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "'\"><b id=evil>"]
    with a_shop(tmp_path) as (site, _):
        page = enter(context, site)
        rows = [pin(text, text, text) for text in hostile] + [pin(text) for text in hostile]
        drop(page, pins(tmp_path / "=cmd <b id=evil>.csv", *rows))
        page.get_by_role("link", name="All 8").click()
        page.wait_for_selector("#r9")
        assert "<script>alert(1)</script>" in page.inner_text("#r2")
        page.get_by_role("button", name="Rehearse").click()
        page.wait_for_selector(".message")
        assert page.locator("#evil").count() == 0


WCAG = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds: the rule, and where. With `rules` only those are tried."""
    page.evaluate(AXE)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": WCAG}
    found = page.evaluate("only => axe.run(document, {runOnly: only})", only)
    assert "color-contrast" in {each["id"] for each in [*found["passes"], *found["violations"]]}
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


def test_every_view_is_accessible_in_light_and_dark_and_fits_a_narrow_screen(browser, tmp_path):
    wrong: dict[str, list[str]] = {}
    contexts = {name: browser.new_context(**SHAPES[name]) for name in ("light", "dark", "narrow")}
    pages = {name: context.new_page() for name, context in contexts.items()}
    for name, site, address in views(tmp_path):
        for shape, page in pages.items():
            page.context.add_cookies([{"name": site.gate.cookie_name, "value": site.gate.cookie, "url": page_of(site)}])
            page.goto(page_of(site) + address, wait_until="domcontentloaded")
            if shape == "narrow":
                width = page.evaluate("document.documentElement.scrollWidth")
                found = [f"{width} wide"] if width > 320 else []
            else:
                found = violations(page, *(["color-contrast"] if shape == "dark" else []))
            if found:
                wrong[f"{name} {shape}"] = found
    for context in contexts.values():
        context.close()
    assert not wrong, json.dumps(wrong, indent=1)


def page_of(site: Site) -> str:
    """Where the page is."""
    return f"http://{site.host}"


def test_nothing_moves_once_it_is_shown(browser, tmp_path):
    """The sum of layout shifts while a sheet is loaded and while a run reports its progress."""
    watch = """new PerformanceObserver(list => list.getEntries().forEach(each => {
        if (!each.hadRecentInput) window.shifted = (window.shifted || 0) + each.value;
    })).observe({type: "layout-shift", buffered: true})"""
    with a_shop(tmp_path, latency=0.1) as (site, _), browser.new_context() as context:
        context.add_init_script(watch)
        page = enter(context, site)
        drop(page, shop_export(tmp_path))
        assert page.evaluate("window.shifted || 0") < 0.1
        page.get_by_role("link", name="Import …").click()
        page.get_by_label("Type 38 to confirm").fill("38")
        page.keyboard.press("Enter")
        expect(page).to_have_title(re.compile(r"^[3-9]\d %"), timeout=20_000)
        assert page.evaluate("window.shifted || 0") < 0.1
        page.get_by_role("button", name="Stop").click()


def test_everything_is_reached_by_keyboard(context, tmp_path):
    with a_shop(tmp_path) as (site, _):
        page = enter(context, site)
        drop(page, shop_export(tmp_path))
        reached = set()
        for _step in range(80):
            page.keyboard.press("Tab")
            here = page.evaluate(
                """() => { const it = document.activeElement; const style = getComputedStyle(it);
                    const seen = getComputedStyle(it.closest('.button') || it);
                    if (it === document.body) return null;
                    return [(it.innerText || it.name || it.tagName).trim(),
                            style.outlineStyle !== 'none' || seen.outlineStyle !== 'none']; }"""
            )
            if here is None:
                break
            reached.add(here[0].split("\n")[0])
            assert here[1], f"the focus on {here[0]} is not seen"
        wanted = {"Skip to the content", "Rehearse", "Import …", "Download the marked workbook", "file", "All 120"}
        assert wanted <= reached


def test_it_works_without_scripts(browser, tmp_path):
    with a_shop(tmp_path) as (site, _), browser.new_context(java_script_enabled=False) as context:
        page = enter(context, site)
        page.set_input_files("#drop input[type=file]", shop_export(tmp_path))
        page.get_by_role("button", name="Check it").click()
        site.settle()
        page.reload()
        assert "114 of 120 rows" in page.inner_text(".message")
        page.get_by_role("link", name="All 120").click()
        page.wait_for_selector("#r2")
        page.get_by_role("button", name="Rehearse").click()
        site.settle()
        page.reload()
        assert "This was a rehearsal" in page.inner_text("main")
