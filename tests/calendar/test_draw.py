"""The picture. Warnings are errors, those of missing letters too."""

import io
import xml.etree.ElementTree as ET

import pytest

from importer.calendar.draw import draw
from importer.calendar.fonts import families
from tests.calendar.making import day, many, picture_of, pin

SEASONS = {
    "one": [pin(start=day(30), end=day(50))],
    "no dates": [pin(f"/p/{number}", place) for number in range(3) for place in (1, 2)],
    "open ends": [pin(start=day(30)), pin(position=2, end=day(40)), pin(position=3)],
    "every kind": [
        pin(product="a", start=day(1), end=day(9)), pin(product="b", start=day(5), end=day(12)),
        pin(product="c", start=day(20), end=day(22)), pin(position=-1, product="d"), pin(position=0, product="e"),
    ],
    "ten years": [pin(start="2024-01-01", end="2034-01-01"), pin(position=2, start=day(30), end=day(31))],
    "two years": [pin(f"/p/{month}", start=f"2026-{month:02}-01", end=f"2027-{month:02}-20") for month in range(1, 12)],
    "long ago": [pin(start="2024-12-01", end="2024-12-24")],
    "far ahead": [pin(start="2029-12-01", end="2029-12-24")],
    "forever": [pin(start=day(30), end="9999-12-31")],
    "long names": [pin("https://shop.example/" + "very-long-" * 30, product="x" * 300, widget_id="cart-" * 30)],
    "500 targets": many(500),
}  # fmt: skip


def drawn(form, *rows):
    stream = io.BytesIO()
    found = draw(picture_of(*rows), stream, form)
    return stream.getvalue(), found


@pytest.mark.parametrize("rows", SEASONS.values(), ids=SEASONS)
def test_every_season_can_be_drawn(rows):
    content, found = drawn("png", *rows)
    assert content.startswith(b"\x89PNG")
    assert found.unknown_letters == ""


def words(*rows):
    content, _ = drawn("svg", *rows)
    root = ET.fromstring(content)
    return ["".join(text.itertext()).strip() for text in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_picture_says_what_is_pinned_when():
    said = words(*SEASONS["every kind"])
    assert {"basket", "/p/1", "1", "every place", "blocked", "a", "2: a + b", "d", "e"} <= set(said)
    assert {"November 2026", "W45", "2 Nov", "today, 2026-11-30", "overlap: two pins, one place"} <= set(said)


def test_markup_and_dollars_are_text():
    said = words(pin("$x_1$ & <b>", product=r"$\alpha$"))
    assert {"$x_1$ & <b>", r"$\alpha$"} <= set(said)


def test_the_same_season_gives_the_same_bytes():
    assert drawn("svg", *SEASONS["every kind"]) == drawn("svg", *SEASONS["every kind"])


def test_a_letter_that_no_font_has_is_a_box_and_is_told():
    """U+1F9FF may be in a font of this computer, but no font has a letter that is not assigned."""
    content, found = drawn("png", pin("čaj \u2d7f", start=day(30), end=day(50)))
    assert content.startswith(b"\x89PNG")
    assert found.unknown_letters in ("", "\u2d7f")
    assert "\u2d7f" in "".join(words(pin("čaj \u2d7f", start=day(30), end=day(50))))


def test_latin_greek_and_cyrillic_need_no_font_of_the_computer():
    assert families("Čaj, Ωραίο, Чай 1234 ◀▶□") == (["DejaVu Sans"], "")


def test_far_apart_weeks_are_numbered_in_steps():
    said = words(*SEASONS["ten years"])
    assert {"2024", "2033", "W01", "W27"} <= set(said)
    assert "W53" not in said
