"""The sheet `Calendar`."""

import io

import openpyxl

from importer.calendar import sheet
from importer.calendar.sheet import calendar_table
from importer.xlsx import Properties, write_workbook
from tests.calendar.making import NOW, ZONE, day, pin, season_of


def opened(*rows, **limits):
    stream = io.BytesIO()
    table = calendar_table(season_of(*rows, **limits), NOW, ZONE)
    write_workbook(stream, [table], Properties("pin-importer", "Calendar", NOW))
    return openpyxl.load_workbook(stream)["Calendar"]


def cells(*rows, **limits):
    header, *lines = opened(*rows, **limits).iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_each_week_names_what_is_pinned_and_says_where_something_is_wrong():
    (line,) = cells(
        pin(product="a", start=day(1), end=day(10)),
        pin(product="b", start=day(9), end=day(14)),
        pin(product="c", start=day(23), end=day(28)),
    )
    assert line == {
        "Model": "basket", "Target Type": "item", "Target": "/p/1", "Widget": None, "Place": "1", "Pins": 3,
        "Overlaps": 1, "Gaps": 1,
        "2026-W45": "a", "2026-W46": "2: a + b", "2026-W47": "gap", "2026-W48": "c, gap", "2026-W49": None,
    }  # fmt: skip


def test_weeks_that_are_wrong_have_a_colour_and_the_week_of_today_too():
    found = opened(pin(product="a", start=day(1), end=day(5)), pin(product="b", start=day(3), end=day(40)))
    fills = {cell.value: found.cell(2, cell.column).fill.fgColor.rgb for cell in found[1]}
    assert fills["2026-W45"] == "FFF4B6B6"
    assert fills["2026-W46"] == "FFC9D7E8"
    heads = {cell.value: cell.fill.fgColor.rgb for cell in found[1]}
    assert heads["2026-W49"] == "FFD62728" != heads["2026-W50"]


def test_a_formula_and_markup_are_text():
    (line,) = cells(pin("=1+1", product="<b>$x$"))
    assert (line["Target"], line["2026-W49"]) == ("=1+1", "<b>$x$")


def test_what_has_no_room_is_counted(monkeypatch):
    monkeypatch.setattr(sheet, "MOST_CELLS", 14 * 3)
    found = cells(*(pin(f"/p/{number}", place) for number in range(4) for place in (1, 2)), pin("/p/9"), most_targets=3)
    assert [line["Target"] for line in found] == ["/p/0", "/p/0", None]
    assert found[-1]["Model"] == "and 4 targets more, with 7 pins"
