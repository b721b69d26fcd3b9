"""The key that binds a row of the results to the content it was written with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.import_key import ImportKey, content_part, read_key, target_part

PART = st.integers(0, 16**10 - 1)


@given(PART, st.none() | PART, st.integers(0, 10**6))
def test_a_key_is_read_back_as_it_was_written(target, content, pins):
    key = ImportKey(target, content, pins)
    assert read_key(str(key)) == key
    assert read_key(f" {str(key).lower()} ") == key
    assert len(str(key)) <= 32


@given(st.text())
def test_other_texts_are_no_keys(text):
    assert read_key(text) is None


@pytest.mark.parametrize("text", ["", "T1-2-3", "T4F2A9C01B7", "T4F2A9C01B7-91AC03D2E5-", "T4F2A9C01B7-91AC03D2E-3"])
def test_half_a_key_is_none(text):
    assert read_key(text) is None


def test_a_key_is_a_text_to_every_spreadsheet_and_says_the_same_on_every_computer():
    key = ImportKey(target_part("basket", "item", "/p/1"), content_part(b"{}"), 3)
    assert str(key) == "T20FD599F5C-F43ABB3290-3"
    assert str(key._replace(content=None)) == "T20FD599F5C-3"


def test_targets_that_differ_have_keys_that_differ():
    targets = [("basket", "item", "1"), ("basket", "criteria", "1"), ("baskets", "item", "1"), ("basket", "item", "2")]
    assert len({target_part(*target) for target in targets}) == 4
