"""The benchmark runs, small, so that it does not rot; its sheets are what they say; its arithmetic is right."""

from __future__ import annotations

import importlib
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

import importer

BENCHMARKS = Path(__file__).parent / "benchmarks"


@pytest.fixture
def module(monkeypatch):
    """Imports a script of the benchmark by its name."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))

    def load(name: str) -> ModuleType:
        return importlib.import_module(name)

    return load


def test_a_small_run_prints_every_table():
    options = ["--rows", "200", "400", "--latency", "2", "--seconds", "0.1", "--concurrency", "4", "--no-naive"]
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "run.py", *options], check=False, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("| stage") == 3
    for stage in ("start", "read", "check", "group", "send", "write", "all"):
        assert done.stdout.count(f"| {stage} ") >= 2
    assert "2 ms" in done.stdout


def test_what_a_mapping_costs_is_printed_as_a_ratio():
    command = [sys.executable, BENCHMARKS / "run.py", "--mapped", "50"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "50 rows of 10 numbered columns, 500 pins" in done.stdout
    for line in ("seconds of processors", "peak MiB"):
        mapped, plain, ratio = next(text for text in done.stdout.splitlines() if line in text).split("|")[2:5]
        assert float(mapped) > 0
        assert float(ratio) == pytest.approx(float(mapped) / float(plain), rel=0.1)


def test_both_sheets_of_that_hold_the_same_pins(module, tmp_path):
    wide, mapping, long = module("mapped").write(tmp_path, 20)
    found = []
    for path, options in ((wide, {"mapping": mapping}), (long, {})):
        importer.check(path, show=lambda run: found.append([scope.body for scope in run.scopes]), **options)
    assert found[0] == found[1]
    assert len(found[0]) == 20


def test_a_latency_of_nothing_is_refused_for_it_is_always_measured():
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "run.py", "--latency", "0"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "above 0" in done.stderr


@pytest.mark.parametrize("invalid", [0.0, 0.5])
def test_the_sheets_have_their_rows_and_their_share_of_wrong_ones(module, tmp_path, invalid):
    sheets = module("sheets")
    sheets.write_sheet(tmp_path / "s.xlsx", 200, invalid)
    header, *rows = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0].iter_rows(values_only=True)
    assert header == sheets.COLUMNS
    assert len(rows) == 200
    assert len({(row[2], row[3]) for row in rows}) == 40
    start, end = header.index("active_from"), header.index("active_to")
    periods = [(row[start], row[end]) for row in rows if row[start] is not None]
    assert all(isinstance(moment, datetime) for period in periods for moment in period)
    assert sum(last < first for first, last in periods) == invalid * len(periods)


def test_ratios_rates_and_medians(module):
    tables, measure = module("tables"), module("measure")
    runs = [[measure.Stage("read", seconds, 1000, peak)] for seconds, peak in ((2.0, 1), (0.5, 9), (1.0, 2))]
    ours = tables.medians(runs)
    assert ours == {"read": measure.Stage("read", 1.0, 1000, 9)}
    naive, floor = {"read": measure.Stage("read", 8.0, 1000, 0)}, {"read": measure.Stage("read", 0.4, 1000, 0)}
    line = next(
        line for line in tables.stages_table(1000, ours, naive, floor).splitlines() if line.startswith("| read")
    )
    assert [cell.strip() for cell in line.split("|")[2:-1]] == ["1.00", "1,000", "0", "8.00", "8.0", "0.40", "2.5"]


def test_the_exponent_of_growth(module):
    tables, measure = module("tables"), module("measure")
    by_rows = {rows: {"read": measure.Stage("read", rows**1.5, rows, 0)} for rows in (100, 1000)}
    assert "1.50" in tables.growth_table(by_rows)


def test_the_share_of_the_best_rate(module):
    tables, measure = module("tables"), module("measure")
    ours, bare = measure.Stage("50/8", 10.0, 1520, 0), measure.Stage("50/8", 10.0, 1584, 0)
    line = tables.latency_table([tables.Latency(50.0, 8, ours, bare, None)]).splitlines()[-1]
    assert [cell.strip() for cell in line.split("|")[1:-1]] == ["50 ms", "8", "152", "160", "95%", "99%", ""]
