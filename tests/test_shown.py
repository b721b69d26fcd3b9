"""What would be sent is what each cell shows: in random sheets, in real ones, and in the examples."""

from __future__ import annotations

import os
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from importer.cells import Cell
from importer.checking.cells import read_text, trimming
from importer.checking.values import CellWarning
from importer.errors import FileError, ImporterError
from importer.reading.isolation import IsolatedReader
from importer.reading.raw import RawSheet, RefusalError
from importer.reading.table import cell_of
from importer.settings import ReadOptions
from tests import witness
from tests.practice import index
from tests.shown import agrees, lines

EXAMPLES = Path(__file__).parents[1] / "examples"
FOLDER = os.environ.get("PIN_IMPORTER_PRACTICE")
LARGE = 1_000_000
"""Bytes of a real workbook that openpyxl takes minutes over."""
HEADER = [
    "model", "target_type", "target_identity", "target_metadata.price", "tags", "position", "pin_type", "pin_identity",
    "widget_id", "is_bundle_pin", "active_from", "active_to",
]  # fmt: skip

Typed = tuple[object, str, str]
"""A cell by construction: what is stored, its number format, and what a person sees."""

texts = st.text(st.sampled_from("abcXYZ0123456789/-_. ěšČ\u00a0\u200b"), min_size=1, max_size=12)
numbers = st.integers(0, 10**9)
days = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31)).map(lambda day: day.replace(second=0, microsecond=0))


def as_stored(text: str) -> Typed:
    return text, "@", text


@st.composite
def a_number(draw: st.DrawFn) -> Typed:
    number = draw(numbers)
    shown = {
        "General": str(number),
        "0": str(number),
        "00000": f"{number:05}",
        "0000000": f"{number:07}",
        "#,##0": f"{number:,}",
        "0.00": f"{number}.00",
        "0%": f"{number * 100}%",
        '"SKU-"0': f"SKU-{number}",
        '0" ks"': f"{number} ks",
        "0.00E+00": f"{number:.2E}",
        ";;;": "",
        "[>=1000]#,##0;0": f"{number:,}" if number >= 1000 else str(number),
        "[$€-x-euro2] 0": f"€ {number}",
    }
    code = draw(st.sampled_from(list(shown)))
    return number, code, shown[code]


@st.composite
def a_date(draw: st.DrawFn) -> Typed:
    moment = draw(days)
    if draw(st.booleans()):
        moment = datetime.combine(moment.date(), time())
    month = moment.strftime("%b")
    shown = {
        "dd.mm.yyyy": f"{moment:%d.%m.%Y}",
        "d.m.yyyy": f"{moment.day}.{moment.month}.{moment.year}",
        "yyyy-mm-dd": f"{moment:%Y-%m-%d}",
        "d/m/yy": f"{moment.day}/{moment.month}/{moment:%y}",
        "dd.mm.yyyy hh:mm": f"{moment:%d.%m.%Y %H:%M}",
        "yyyy-mm-dd hh:mm:ss": f"{moment:%Y-%m-%d %H:%M:%S}",
        "[$-405]d. m. yyyy;@": f"{moment.day}. {moment.month}. {moment.year}",
        "d-mmm-yyyy": f"{moment.day}-{month}-{moment.year}",
        "mmm-yy": f"{month}-{moment:%y}",
        "hh:mm": f"{moment:%H:%M}",
        "d.m.": f"{moment.day}.{moment.month}.",
    }
    code = draw(st.sampled_from(list(shown)))
    return moment, code, shown[code]


empty = st.just((None, "General", ""))
identities = st.one_of(texts.map(as_stored), a_number(), a_date())
rows = st.fixed_dictionaries(
    {
        "model": st.sampled_from(["basket", "Basket ", "category"]).map(as_stored),
        "target_type": st.just(as_stored("item")),
        "target_identity": st.one_of(texts.map(as_stored), a_number()),
        "target_metadata.price": st.one_of(empty, texts.map(as_stored), a_number()),
        "tags": st.one_of(empty, st.sampled_from(["a", "a, b", "x;y", '["a", "b"]']).map(as_stored), a_number()),
        "position": st.one_of(
            st.integers(1, 9).map(lambda n: (n, "0", str(n))),
            st.integers(1, 9).map(lambda n: (n, "0.00", f"{n}.00")),
            st.integers(1, 9).map(lambda n: (n, "0%", f"{n * 100}%")),
            st.integers(1, 9).map(lambda n: (n + 0.4, "0", str(n))),
            st.integers(1, 9).map(lambda n: as_stored(str(n))),
        ),
        "pin_type": st.just(as_stored("item")),
        "pin_identity": identities,
        "widget_id": st.one_of(empty, texts.map(as_stored), a_number()),
        "is_bundle_pin": st.sampled_from(
            [
                (None, "General", ""),
                as_stored("áno"),
                as_stored("no"),
                (True, "General", "TRUE"),
                (1, '"yes";;"no"', "yes"),
                (0, '"yes";;"no"', "no"),
            ]
        ),
        "active_from": st.one_of(empty, a_date()),
        "active_to": empty,
    }
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, min_size=1, max_size=12))
def test_a_random_sheet_sends_what_its_cells_show_or_says_why_not(tmp_path, sheet):
    path, told = written(tmp_path / "random.xlsx", sheet)
    differing = [str(line) for line in lines(path, told=told) if line.differs]
    assert not differing, "\n".join(differing)


def written(path: Path, rows: list[dict[str, Typed]]) -> tuple[Path, witness.Shown]:
    """A workbook of these rows, and what each cell shows."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(HEADER)
    told: witness.Shown = {"A1": "model"}
    for number, row in enumerate(rows, 2):
        for place, name in enumerate(HEADER, 1):
            value, code, shown = row[name]
            cell = page.cell(number, place, value)
            cell.number_format = code
            if shown:
                told[f"{get_column_letter(place)}{number}"] = shown
    book.save(path)
    return path, told


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.[xc]s*")), ids=lambda path: path.name)
def test_an_example_sends_what_its_cells_show(path):
    found = list(lines(path))
    assert found
    assert not [str(line) for line in found if line.differs]


@pytest.mark.practice
@pytest.mark.skipif(not FOLDER, reason="PIN_IMPORTER_PRACTICE names no folder of real files")
@pytest.mark.parametrize(
    "path", [path for path, _ in index(Path(FOLDER)) if path.endswith((".xlsx", ".xlsm"))] if FOLDER else []
)
def test_a_cell_of_a_real_workbook_taken_for_an_identity_is_what_it_shows_or_a_problem(path):
    sheet = raw_sheet(Path(FOLDER) / path)
    if sheet is None or (Path(FOLDER) / path).stat().st_size > LARGE:
        return
    try:
        shown = witness.by_openpyxl(Path(FOLDER) / path, sheet.name)
    except Exception:  # noqa: BLE001 - whatever the witness cannot open, it says nothing of
        return
    differing = []
    for place, column in sheet.columns.items():
        for row, code in enumerate(column.codes):
            text = shown.get(f"{get_column_letter(place + 1)}{row + 1}")
            sent = identity(cell_of(column.values[code]))
            if text is not None and isinstance(sent, str) and not agrees("pin_identity", text, sent):
                differing.append((place, row + 1, text, sent))
    assert not differing


def raw_sheet(path: Path) -> RawSheet | None:
    with path.open("rb") as file:
        try:
            with IsolatedReader(file, path.stat().st_size, ReadOptions()) as child:
                return child.book().sheets[0]
        except (RefusalError, FileError, ImporterError):
            return None


read_identity = trimming(read_text)


def identity(cell: Cell | None) -> object:
    """What a cell would be sent as in an identity column; anything but a text is a problem."""
    read = None if cell is None else read_identity(cell)
    return read.value if isinstance(read, CellWarning) else read


@pytest.mark.parametrize(
    ("column", "shows", "sends", "same"),
    [
        ("pin_identity", "00123", "123", False),
        ("pin_identity", " /p/1\u200b", "/p/1", True),
        ("position", "1.00", 1, True),
        ("position", "100%", 1, False),
        ("active_to", "24.12.2026", "2026-12-24T23:59:59+01:00", True),
        ("active_to", "24.12.2026", "2026-12-24T00:00:00+01:00", False),
        ("active_from", "24.12.2026 14:00", "2026-12-24T14:00:00+01:00", True),
        ("active_from", "24.12.2026", None, False),
        ("active_from", "24.12.", "2026-12-24T00:00:00+01:00", True),
        ("active_from", "Dec-26", "2026-12-01T00:00:00+01:00", False),
        ("is_block_pin", "áno", True, True),
        ("is_block_pin", "yes", False, False),
        ("tags", "a, b", ["a", "b"], True),
        ("tags", "a, b", ["a"], False),
        ("widget_id", "", "x", False),
    ],
)
def test_the_script_sees_every_difference(column, shows, sends, same):
    assert agrees(column, shows, sends) is same
