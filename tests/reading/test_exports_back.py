"""An export as it is read: its own columns, its further sheets, what its summary says."""

from datetime import UTC, datetime

import pytest

from importer.cells import Number
from importer.columns import ABOUT_LIVE, BASE_URL, LIVE_SHEET, REHEARSAL, TRACKER
from importer.reading import read
from importer.reporting.summary_sheet import facts_table
from importer.settings import ReadOptions
from importer.xlsx import CellStyle, Properties, streamed
from importer.xlsx.streamed import StreamedWorkbook
from tests.driving import HEADER, pin, pins

LIVE = [*HEADER, "Customization ID", "Live Version", *ABOUT_LIVE]
ABOUT = ["id-1", "v1", "2026-11-24T12:00:00Z", "eva", "yes"]


def workbook(path, rows):
    with path.open("wb") as stream:
        book = StreamedWorkbook(stream, LIVE_SHEET, [(name, 10.0, True) for name in LIVE], CellStyle())
        for number in range(rows):
            book.add(["basket", "item", f"/p/{number}", Number(1), "item", "/p/9", *ABOUT], "…")
        facts = [(TRACKER, "1234-5678"), (BASE_URL, "https://live.luigisbox.com"), (REHEARSAL, "no")]
        book.close([facts_table(facts)], Properties("pin-importer", "Export", datetime(2026, 11, 30, tzinfo=UTC)))
    return path


def test_its_own_columns_are_known(tmp_path):
    found = read(pins(tmp_path / "live.csv", [*pin(), *ABOUT], header=LIVE), ReadOptions())
    assert found.unread_columns == ()
    assert [column.key for column in found.columns][-5:] == LIVE[-5:]


@pytest.mark.parametrize("name", ABOUT_LIVE)
def test_in_other_sheets_such_columns_are_peoples_own(tmp_path, name):
    found = read(pins(tmp_path / "pins.csv", [*pin(), "maybe"], header=[*HEADER, name]), ReadOptions())
    assert found.unread_columns == (name,)


def test_all_its_sheets_are_read_and_its_summary(tmp_path, monkeypatch):
    monkeypatch.setattr(streamed, "SHEET_ROWS", 3)
    found = read(workbook(tmp_path / "live.xlsx", 5), ReadOptions())
    assert found.sheets == ("Live", "Live 2", "Live 3")
    assert len(found.frame) == 5
    assert found.unread_sheets == ()
    assert (found.provenance.tracker_id, found.provenance.rehearsal) == ("1234-5678", False)
