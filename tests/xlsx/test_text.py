from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importer.checking.text import forbidden
from importer.xlsx.text import LONGEST_TEXT, NO_CHARACTER, cut, escape, escape_attribute

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


def read_as_excel_does(xml: str) -> str:
    text = ET.fromstring(f"<t>{xml}</t>").text or ""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def without_impossible(text: str) -> str:
    return re.sub("[\ud800-\udfff\ufffe\uffff]", NO_CHARACTER, text)


@given(ANY_TEXT)
@example("_x000D_")
@example("_x000D_x000D_")
@example("_x005F_x000D_")
@example("a\r\nb\tc\x00\x0b")
@example("]]> & <b>")
def test_any_text_reads_back_equal(text):
    """Line breaks, control characters, and texts that look like an escape themselves."""
    assert read_as_excel_does(escape(text)) == without_impossible(text)


@given(ANY_TEXT)
@example('"quoted" & <b>\n\t')
def test_any_attribute_reads_back_equal(text):
    xml = f'<t a="{escape_attribute(text)}"/>'
    read = ET.fromstring(xml).attrib["a"]
    assert re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), read) == without_impossible(text)


@pytest.mark.parametrize("character", ["\udc80", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_becomes_something_that_checking_refuses(character):
    assert escape(f"a{character}b") == f"a{NO_CHARACTER}b"
    assert forbidden(character) is not None
    assert forbidden(NO_CHARACTER) is not None


def test_a_text_that_fits_is_not_cut():
    text = "x" * LONGEST_TEXT
    assert cut(text, "…") is text


def test_a_longer_text_is_cut_and_says_so():
    """Texts over 32 767 characters are cut visibly."""
    text = cut("x" * (LONGEST_TEXT + 1), " [cut]")
    assert len(text) == LONGEST_TEXT
    assert text.endswith("x [cut]")


@given(st.text(st.sampled_from("x😀"), max_size=60), st.integers(10, 40))
def test_length_is_counted_in_utf_16_as_excel_does(text, longest):
    short = cut(text, "…", longest)
    assert len(short.encode("utf-16-le")) // 2 <= longest
    if len(text.encode("utf-16-le")) // 2 <= longest:
        assert short == text
    else:
        assert short.endswith("…")
        assert text.startswith(short[:-1])
        assert len(short.encode("utf-16-le")) // 2 >= longest - 1
