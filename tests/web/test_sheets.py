"""Views of sheets: what is read, what is wrong, what would be sent."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import openpyxl
import pytest

from importer.web import pages
from tests.driving import HEADER, pin, pins
from tests.web.site import running


@pytest.fixture
def two_faults(tmp_path: Path) -> Path:
    rows = [pin(f"/p/{number}") for number in range(120)]
    rows[7][3], rows[110][5] = "first", ""
    return pins(tmp_path / "pins.csv", *rows)


def test_the_first_view_offers_a_drop_a_template_and_an_example(site):
    text = site.get("/").text
    assert "Drop your sheet here" in text
    workbook = openpyxl.load_workbook(io.BytesIO(site.get("/template.xlsx").body))
    assert workbook.sheetnames[0] == "Pins"


def test_the_example_has_two_problems(site):
    address = site.post("/example").to
    site.settle()
    text = site.get(address).text
    assert "6 of 10 rows are ready to send; 2 invalid, 2 held back." in text
    assert "Worth a look 0" in text


def test_wrong_cells_are_marked_and_the_sentence_stands_beside_them(site, two_faults):
    answer = site.get(site.drop(two_faults))
    assert b'<td class="problem">first</td>' in answer.body
    assert answer.body.count(b'<tr id="r') == 2, "the wrong rows come first"
    assert "Wrong: position “first” is not a position." in answer.text
    assert "118 of 120 rows are ready to send" in answer.text


def test_pages_of_rows_come_from_the_server(site, two_faults):
    address = site.drop(two_faults)
    first, last = site.get(f"{address}?show=all"), site.get(f"{address}?show=all&page=3")
    assert first.body.count(b'<tr id="r') == pages.ROWS
    assert "1 to 50 of 120" in first.text
    assert "101 to 120 of 120" in last.text
    assert b'id="r121"' in last.body
    assert "101 to 120 of 120" in site.get(f"{address}?show=all&page=99").text
    assert "51 to 100 of 120" in site.get(f"{address}?show=all&row=60").text


@pytest.mark.parametrize(
    "query", ["page=-1", "page=x", "page=%C2%B2", "row=0", "page=" + "9" * 40, "show=%00", "show=a@b"]
)
def test_no_address_is_a_traceback(site, two_faults, query):
    assert site.get(f"{site.drop(two_faults)}?{query}").status == 200


def test_a_problem_leads_to_its_rows(site, two_faults):
    address = site.drop(two_faults)
    assert site.desk.sheet is not None
    assert site.desk.sheet.report is not None
    group = next(group for group in site.desk.sheet.report.problem_groups if group.column == "position")
    rows = site.get(f"{address}?show={group.code}%40position")
    assert rows.body.count(b'<tr id="r') == 1
    assert b'id="r9"' in rows.body


def test_the_marked_workbook_is_fixed_and_dropped_again(site, two_faults, tmp_path):
    address = site.drop(two_faults)
    answer = site.get(f"{address}/marked.xlsx")
    assert "pins.checked.xlsx" in answer.headers["Content-Disposition"]
    workbook = openpyxl.load_workbook(io.BytesIO(answer.body))
    sheet = workbook["Results"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(9, columns["position"], 1)
    sheet.cell(112, columns["pin_identity"], "/p/9")
    workbook.save(tmp_path / "pins.checked.xlsx")
    text = site.get(site.drop(tmp_path / "pins.checked.xlsx")).text
    assert "All 120 rows are ready to send." in text
    assert "Since pins.csv: 2 problems before, 0 now" in text


def test_it_is_read_differently_when_asked(site, tmp_path):
    file = pins(tmp_path / "pins.csv", pin("/p/1", 1, "/p/9", "03/04/2027"), header=[*HEADER, "active_from"])
    address = site.drop(file)
    assert "1 invalid" in site.get(address).text
    assert site.post(f"{address}/options", date_order="dmy", timezone="Europe/Prague").to == address
    site.settle()
    text = site.get(address).text
    assert "1 row is ready to send." in text
    assert "Europe/Prague" in text


@pytest.mark.parametrize("field", [{"timezone": "Nowhere"}, {"encoding": "klingon"}, {"sheet": "No such"}])
def test_an_option_that_cannot_be_used_is_a_sentence(site, two_faults, field):
    address = site.drop(two_faults)
    site.post(f"{address}/options", **field)
    site.settle()
    text = site.get(address).text
    assert "This sheet cannot be used as it is" in text or field == {"sheet": "No such"}
    assert "Traceback" not in text


def test_a_season_is_shown_as_a_calendar(site):
    address = site.post("/example").to
    site.settle()
    answer = site.get(f"{address}/calendar")
    assert answer.status == 200
    assert "rows are not in the calendar" in answer.text
    book = openpyxl.load_workbook(io.BytesIO(site.get(f"{address}/calendar/xlsx").body))
    assert book.sheetnames[0] == "Calendar"
    if importlib.util.find_spec("matplotlib"):
        picture = site.get(f"{address}/calendar.svg")
        assert picture.headers["Content-Type"] == "image/svg+xml"
        assert b"<svg" in picture.body
    else:
        assert "needs the library matplotlib" in answer.text


def test_a_sheet_without_a_good_row_has_no_calendar(site, tmp_path):
    address = site.drop(pins(tmp_path / "pins.csv", pin("/p/1", "first")))
    answer = site.get(f"{address}/calendar")
    assert "can be shown in a calendar" in answer.text
    assert str(tmp_path) not in answer.text
    assert str(site.desk.folder.path) not in answer.text


@pytest.mark.parametrize(
    ("name", "content"),
    [("virus.exe", b"MZ\x90\x00" * 50), ("paper.pdf", b"%PDF-1.7\n"), ("half.xlsx", b"PK\x03\x04half")],
)
def test_a_wrong_file_is_a_sentence(site, name, content):
    address = site.upload(name, content).to
    site.settle()
    answer = site.get(address)
    assert answer.status == 200
    assert "This sheet cannot be used as it is" in answer.text
    assert b'class="drop small"' in answer.body


def test_cell_text_is_text_whatever_it_looks_like(site, tmp_path):
    hostile = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "{{ 7*7 }}",
        "' onmouseover='x",
        '"><svg/onload=x>',
        "{% include 'x' %}",
    ]
    rows = [pin(text, text, text) for text in hostile]
    address = site.drop(pins(tmp_path / "pins.csv", *rows, header=[*HEADER[:-1], "pin_identity"]))
    page = site.get(f"{address}?show=all").body.decode()
    for raw in ("<script>alert", "<img src=x", "<svg/onload", "'x' %}\"", "' onmouseover='"):
        assert raw not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_a_hostile_header_and_file_name_are_text_too(site, tmp_path):
    content = f"{';'.join(HEADER)};<b onclick=x>\n{';'.join(pin())};y\n".encode()
    address = site.upload("<b onclick=x>.csv", content).to
    site.settle()
    assert "<b onclick" not in site.get(address).body.decode()


def test_an_old_sheet_is_a_plain_404(site):
    for path in ("/sheets/77", "/runs/77", "/sheets/x", "/runs/1/results.xlsx", "/sheets/1/marked.xlsx"):
        answer = site.get(path)
        assert answer.status == 404
        assert "There is no such page" in answer.text


def test_only_the_newest_sheets_stay(site, tmp_path):
    for number in range(5):
        site.drop(pins(tmp_path / f"pins{number}.csv", pin()))
    assert [sheet.name for sheet in site.desk.sheets.values()] == ["pins2.csv", "pins3.csv", "pins4.csv"]
    assert len(list(site.desk.folder.path.rglob("*.csv"))) == 3


def test_a_file_of_the_command_line_is_read_where_it_is(two_faults):
    from importer.web.desk import Setup  # noqa: PLC0415

    with running(Setup(file=two_faults)) as site:
        site.settle()
        assert "118 of 120" in site.get("/sheets/1").text
    assert two_faults.exists()


def test_an_upload_of_a_script_is_answered_in_json(site):
    assert site.uploaded() == {"to": "/sheets/1"}
    site.settle()
