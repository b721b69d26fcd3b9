"""Cells of tags: words between separators, in quotes, or as a JSON list."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.cells import Flag, Moment, Number
from importer.checking.cells import trimming
from importer.checking.tags import read_tags
from importer.checking.values import CellError, CellWarning

read = trimming(read_tags, free=True)


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("spring, sale", ("spring", "sale")),
        ("spring;sale\nnew", ("spring", "sale", "new")),
        ("a,,b;", ("a", "b")),
        ("a, a ,A", ("a", "A")),
        (Number(2026), ("2026",)),
        (",;", None),
        ('["a", "b"]', ("a", "b")),  # a JSON list
        ('[ "a, b", "c", "a, b", 2026, 1.50 ]', ("a, b", "c", "2026", "1.50")),
        ('["Ž", ""]', ("Ž",)),
        ("[]", None),
        ('[""]', None),
        ('"a, b", c', ("a, b", "c")),  # quotes keep a separator
        ('"spring"', ("spring",)),
        ('"spring";"sale" ;"spring"', ("spring", "sale")),
        ('c, "say ""hi"", please"', ("c", 'say "hi", please')),
        ("“a, b”, „c“", ("a, b", "c")),
        ('42" TV, 50" TV', ('42" TV', '50" TV')),  # an inch is no quote
        ('"A" quality, b', ('"A" quality', "b")),
        ("[NEW], sale", ("[NEW]", "sale")),  # brackets are no list yet
        ("[NEW]", ("[NEW]",)),
        ("#SALE!, #NEW!", ("#SALE!", "#NEW!")),  # no words for errors, though they look like some
        ("#SALE!", ("#SALE!",)),
        ("❤\ufe0f, 👩\u200d🚀", ("❤\ufe0f", "👩\u200d🚀")),
    ],
)
def test_tags(cell, tags):
    assert read(cell) == tags


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ('["a", "b"', CellError("tags-list")),  # a JSON list that is broken
        ("['a', 'b']", CellError("tags-list")),
        ("#REF!, a", CellError("cell-error")),
        ("#HODNOTA!", CellError("cell-error")),
        ('{"a","b"}', CellError("tags-list")),
        ("{a,b}", CellError("tags-list")),
        ("[a, b]", CellError("tags-list")),
        ("[“a”, “b”]", CellError("tags-list")),
        ('["a", null]', CellError("tags-list")),
        ('["a", ["b"]]', CellError("tags-list")),
        ('["a"], b', CellError("tags-list")),
        ('["a\\u0007"]', CellError("character-forbidden", "U+0007, character 2")),
        ('["a\\nb"]', CellError("text-line-break")),
        ('"a, b', CellError("tags-quotes", '"a')),
        ("spr\u00ading, sale", CellError("text-invisible", "spr⟨U+00AD⟩ing, sale")),
        (Moment(datetime(2026, 3, 4), has_time=False), CellError("became-date")),
        (Number(2026, shown="2 026"), CellError("number-reformatted", "2026")),
    ],
)
def test_what_is_wrong_with_tags(cell, fault):
    assert read(cell) == fault


def test_a_doubt_about_tags_keeps_them():
    assert read(Flag(True)) == CellWarning(("TRUE",), "became-flag")
    assert read("Ĺ˝idle,a") == CellWarning(("Ĺ˝idle", "a"), "text-garbled", "Židle,a")


WORDS = st.lists(
    st.text(alphabet="abcž ,;\"'[]1", min_size=1, max_size=8).map(str.strip).filter(bool), min_size=1, unique=True
)


@given(WORDS)
def test_tags_written_as_json_or_in_quotes_are_read_as_themselves(words):
    assert read(json.dumps(words, ensure_ascii=False)) == tuple(words)
    assert read(", ".join('"' + word.replace('"', '""') + '"' for word in words)) == tuple(words)


@given(st.text(alphabet="[]\"“”',; a1\\u\n"))
def test_no_text_is_too_strange(text):
    found = read(text)
    assert found is None or isinstance(found, tuple | CellError)
