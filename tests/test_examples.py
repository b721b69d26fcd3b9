"""The example sheets: made again they are the same; the good ones arrive whole; the wrong one shows every problem."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

import importer
from importer.catalogue.rows import ROWS
from importer.checking import Checked, check
from importer.model import Result
from importer.reading import read
from importer.sandbox import running_sandbox
from importer.settings import CheckOptions

EXAMPLES = Path(__file__).parent.parent / "examples"
GOOD = ("spring-campaign.xlsx", "catalog-migration.csv")
WRONG = ("with-problems.xlsx", "with-problems.csv")
ZONE = ZoneInfo("Europe/Bratislava")
NOT_SHOWN = {"date-order-other", "path-among-addresses", "identity-unlisted", "list-length"} | {
    "command-unknown",
    "command-differs",
    "row-cut",
    "looks-like-formula",
}
"""They need an option, another sheet, a mapping, an export of what is live, or a text file."""
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def checked(name: str) -> Checked:
    return check(read(EXAMPLES / name), CheckOptions(ZONE), NOW)


# ── Made again ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run([sys.executable, EXAMPLES / "make_examples.py", folder], check=True)
    return folder


def cells(path: Path) -> list[tuple[str, Any, str]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [(cell.coordinate, cell.value, cell.number_format) for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("name", [name for name in (*GOOD, *WRONG) if name.endswith(".csv")])
def test_a_csv_example_made_again_is_the_same_to_the_byte(made, name):
    assert (made / name).read_bytes() == (EXAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", [name for name in (*GOOD, *WRONG) if name.endswith(".xlsx")])
def test_a_workbook_made_again_has_the_same_cells(made, name):
    assert cells(made / name) == cells(EXAMPLES / name)


# ── The good ones, against a reading of their own ───────────────────────────────────────────────────────


def rows_of_workbook(path: Path) -> list[dict[str, Any]]:
    """Rows by column, read with openpyxl; a day without a time is a `date`."""
    header, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows()
    names = [cell.value for cell in header]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in rows]


def _plain(cell: Any) -> Any:
    if isinstance(cell.value, datetime) and "h" not in cell.number_format:
        return cell.value.date()
    return cell.value


def rows_of_csv(path: Path) -> list[dict[str, Any]]:
    """Rows by column, read with the csv module; names as in the contract, dates as dates."""
    with path.open(encoding="cp1250", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    names = [name.lower().replace(" ", "_") for name in header]
    return [{name: _date(name, text) for name, text in zip(names, row, strict=True) if text} for row in rows]


def _date(name: str, text: str) -> Any:
    if not name.startswith("active_"):
        return text
    day, _, clock = text.partition(" ")
    found = date(*map(int, reversed(day.split("."))))
    return datetime.combine(found, time(*map(int, clock.split(":")))) if clock else found


def expected(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What a person would send for these rows: customizations by their target."""
    scopes: dict[str, dict[str, Any]] = {}
    for row in rows:
        target = {"model": row["model"], "target_type": row["target_type"]}
        if row.get("target_identity"):
            target["target_identity"] = str(row["target_identity"])
        if row.get("target_criteria"):
            target["target_criteria"] = json.loads(row["target_criteria"])
        scope = scopes.setdefault(key(target), {**target, "pin_definitions": []})
        for tag in re.split(r"[,;\n]", row.get("tags") or ""):
            if tag.strip() and tag.strip() not in scope.setdefault("tags", []):
                scope["tags"].append(tag.strip())
        for name, value in row.items():
            if name.startswith("target_metadata.") and value:
                scope.setdefault("target_metadata", {})[name.partition(".")[2]] = value
        scope["pin_definitions"].append(pin(row))
    return {target: {name: value for name, value in scope.items() if value != []} for target, scope in scopes.items()}


def key(scope: dict[str, Any]) -> str:
    names = ("model", "target_type", "target_identity", "target_criteria")
    return json.dumps([scope.get(name) for name in names], sort_keys=True)


def pin(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"position": int(row["position"]), "pin_type": row["pin_type"]}
    for name in ("pin_identity", "widget_id"):
        if row.get(name):
            found[name] = str(row[name])
    if row.get("pin_criteria"):
        found["pin_criteria"] = json.loads(row["pin_criteria"])
    for name in ("is_block_pin", "is_bundle_pin"):
        if row.get(name):
            found[name] = row[name].lower() in ("yes", "áno")
    for name, of_day in (("active_from", time()), ("active_to", time(23, 59, 59))):
        if row.get(name):
            moment = row[name] if isinstance(row[name], datetime) else datetime.combine(row[name], of_day)
            found[name] = moment.replace(tzinfo=ZONE).isoformat()
    return found


@pytest.mark.parametrize("name", GOOD)
def test_a_good_example_has_no_problem_and_no_warning(name):
    assert list(checked(name).problems) == []


@pytest.mark.parametrize(("name", "rows_of"), [(GOOD[0], rows_of_workbook), (GOOD[1], rows_of_csv)])
def test_a_good_example_arrives_whole_field_for_field(name, rows_of, tmp_path):
    rows = rows_of(EXAMPLES / name)
    with running_sandbox() as sandbox:
        report = importer.run_import(
            EXAMPLES / name,
            tracker_id=sandbox.tracker_id,
            private_key=sandbox.private_key,
            base_url=sandbox.url,
            timezone="Europe/Bratislava",
            ledger=tmp_path / "ledger",
            output=tmp_path / "results.xlsx",
        )
    arrived = sandbox.store.bodies()
    assert report.exit_code == 0
    assert report.row_results == {Result.CREATED: len(rows)}
    assert len(arrived) == report.scopes
    assert {key(scope): scope for scope in arrived} == expected(rows)


def test_the_spring_campaign_has_every_kind_of_target_and_pin():
    scopes = expected(rows_of_workbook(EXAMPLES / "spring-campaign.xlsx")).values()
    pins = [pin for scope in scopes for pin in scope["pin_definitions"]]
    assert 110 <= len(pins) <= 130
    assert {scope["target_type"] for scope in scopes} == {"item", "criteria", "all"}
    assert {min(pin["position"], 1) for pin in pins} == {-1, 0, 1}
    assert {pin["pin_type"] for pin in pins} == {"item", "criteria"}
    assert any(pin.get("is_bundle_pin") for pin in pins)
    assert any("tags" in scope for scope in scopes)
    assert any("target_metadata" in scope for scope in scopes)
    assert {pin["active_to"][11:19] for pin in pins if "active_to" in pin} == {"23:59:59", "23:59:00"}


def test_the_migration_is_a_central_european_excel_file():
    raw = (EXAMPLES / "catalog-migration.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2001
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert set("áčéěíôřšůýžŽČäöüß") <= set(raw.decode("cp1250"))


# ── The wrong one ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", WRONG)
def test_each_row_shows_what_its_last_column_says_and_nothing_else(name):
    found = checked(name)
    codes = defaultdict(set)
    for problem in found.problems:
        codes[problem.row].add(problem.code)
    key = next(column.key for column in found.sheet.columns if column.header == "This row shows")
    said = found.sheet.frame[key].astype(object)
    wanted = {row: {code} for row, code in said.items() if isinstance(code, str)}
    assert codes == wanted


def test_every_kind_of_problem_is_shown():
    assert {problem.code for name in WRONG for problem in checked(name).problems} == set(ROWS) - NOT_SHOWN
