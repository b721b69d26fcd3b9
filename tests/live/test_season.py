"""A season: five hundred pins that are live get a new end date, by a sheet of them and one column filled down."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.canonical import canonical_date
from importer.columns import COLUMNS
from importer.sandbox import running_sandbox
from tests.driving import Program

NAMES = [column.name for column in COLUMNS]
OLD, NEW = "2026-12-24T22:59:59+00:00", "2027-01-31T23:59:59+01:00"


def season(chance: random.Random, number: int) -> dict[str, Any]:
    """A customization of a colleague's, with five pins and fields that the importer does not know."""
    pins = []
    for position in range(1, 6):
        one = {"position": position, "pin_type": "item", "pin_identity": f"/p/{chance.randrange(10**6)}"}
        one |= {"active_from": "2026-12-01T00:00:00+01:00"} if chance.random() < 0.5 else {}
        one |= {"widget_id": "cart"} if chance.random() < 0.3 else {}
        pins.append({**one, "active_to": OLD, "weight": chance.random()})
    made: dict[str, Any] = {"model": "basket", "target_type": "item", "target_identity": f"/p/{number}"}
    made |= {"tags": ["winter", "sale"]} if number % 3 else {}
    made |= {"target_metadata": {"title": f"Product {number}", "rank": 1.5}} if number % 2 else {}
    return {**made, "pin_definitions": pins, "campaign": {"id": number, "note": None}}


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIN_IMPORTER_LEDGER", str(tmp_path / "ledger.sqlite"))
    monkeypatch.setenv("PIN_IMPORTER_TIMEZONE", "Europe/Bratislava")
    return Program(capsys)


def test_a_season_gets_a_new_end_date(program, monkeypatch, tmp_path):
    chance = random.Random(7)
    with running_sandbox() as shop:
        monkeypatch.setenv("LUIGISBOX_BASE_URL", shop.url)
        monkeypatch.setenv("LUIGISBOX_TRACKER_ID", shop.tracker_id)
        monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", shop.private_key)
        before = [shop.seed(season(chance, number), creator="eva").body for number in range(100)]
        path = tmp_path / "season.xlsx"
        assert program("export", path).code == 0

        untouched = program("check", path, "--update", "--json").object
        assert (untouched["row_results"], untouched["plan"]["unchanged"]) == ({"Unchanged": 500}, 100)

        book = openpyxl.load_workbook(path)
        sheet = book["Live"]
        for row in range(2, sheet.max_row + 1):
            cell = sheet.cell(row, NAMES.index("active_to") + 1)
            cell.value, cell.number_format = datetime(2027, 1, 31), "yyyy-mm-dd"
        book.save(path)

        shown = program("check", path, "--update", "--json").object
        assert (shown["plan"]["replace"], shown["plan"]["cells"]) == (100, 500)
        done = program("import", path, "--update", "--yes", "--yes-delete", "100", "--json").object
        assert (done["exit_code"], done["row_results"]) == (0, {"Replaced": 500})

        after = [record.body for record in shop.store.records()]
        for fields in (*before, *after):
            for pin in fields["pin_definitions"]:
                pin["active_to"] = canonical_date(pin["active_to"])
        wanted = [
            {
                **fields,
                "pin_definitions": [{**pin, "active_to": canonical_date(NEW)} for pin in fields["pin_definitions"]],
            }
            for fields in before
        ]
        assert after == wanted
        again = program("import", path, "--update", "--yes", "--json").object
        assert (again["row_results"], again["requests"] < 10) == ({"Unchanged": 500}, True)
