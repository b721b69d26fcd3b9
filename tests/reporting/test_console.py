"""Texts in lines of a terminal's width."""

from __future__ import annotations

import pytest

from importer.reporting.console import wrapped

TEXT = "The tracker ID is missing. Give it with --tracker-id, or set LUIGISBOX_TRACKER_ID; to rehearse, add --sandbox."


@pytest.mark.parametrize("width", [20, 40, 80])
def test_long_texts_are_wrapped_between_words_only(width):
    lines = wrapped(TEXT, width).split("\n")
    assert " ".join(line.strip() for line in lines) == TEXT
    assert all(len(line) <= max(width, 2 + len("LUIGISBOX_TRACKER_ID;")) for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])


def test_a_word_that_is_longer_than_a_line_stays_whole_and_lines_stay_lines():
    path = "/very/long/" + "x" * 100
    assert wrapped(f"Results: {path}\nDone.", 80).split("\n") == ["Results:", f"  {path}", "Done."]


def test_without_a_terminal_nothing_is_wrapped():
    assert wrapped(TEXT, None) == TEXT
