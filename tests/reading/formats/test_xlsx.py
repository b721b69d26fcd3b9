"""Large sheets are searched while the engine parses them."""

from __future__ import annotations

import pytest

from importer.cells import Broken
from importer.errors import FileError
from importer.reading.formats import xlsx as readers
from importer.reading.formats.xlsx import meanwhile
from tests.reading.both_ways import read
from tests.reading.making import header_row, pin_row, xlsx


def test_work_done_meanwhile_returns_what_it_did():
    assert meanwhile(lambda: 7)() == 7


def test_work_that_fails_meanwhile_raises_what_it_raised():
    def fail():
        raise SystemExit("a panic is no Exception")

    with pytest.raises(SystemExit, match="a panic"):
        meanwhile(fail)()


def test_a_large_sheet_is_read_like_a_small_one(tmp_path):
    """Blanks between the rows make the sheet large, and nothing else."""
    broken = pin_row(3, F='<c r="F3" t="e"><v>#N/A</v></c>')
    path = xlsx(tmp_path / "p.xlsx", header_row() + " " * (readers.LARGE_SHEET + 1) + pin_row(2) + broken)
    assert list(read(path).frame["pin_identity"]) == ["/p/2", Broken("#N/A")]


def test_a_large_sheet_that_is_damaged_is_refused(tmp_path):
    path = xlsx(tmp_path / "p.xlsx", header_row() + " " * (readers.LARGE_SHEET + 1) + pin_row(2) + "<row")
    with pytest.raises(FileError) as caught:
        read(path)
    assert caught.value.code == "damaged"
