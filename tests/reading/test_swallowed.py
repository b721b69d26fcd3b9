"""Rows of a CSV file that vanish inside one quoted cell are said; honest cells of several lines are none."""

from __future__ import annotations

import json

import pytest

from importer.catalogue.rows import message
from importer.scopes import Scopes
from importer.settings import ReadOptions
from tests.builders import checked
from tests.reading.both_ways import read

HEADER = ("model", "target_type", "target_identity", "tags", "position", "pin_type", "pin_identity", "Note", "Price")
DELIMITERS = (";", ",", "\t", "|")


def row(number, **cells):
    usual = {
        "model": "basket",
        "target_type": "item",
        "target_identity": f"/p/{number}",
        "position": "1",
        "pin_type": "item",
        "pin_identity": f"/q/{number}",
    }
    return [{**usual, **cells}.get(name, "") for name in HEADER]


def found(tmp_path, delimiter, *rows, first="", end="\n"):
    path = tmp_path / "p.csv"
    lines = [delimiter.join(HEADER), *(delimiter.join(each) for each in rows)]
    path.write_bytes((first + end.join(lines) + end).encode())
    return checked(read(path, ReadOptions(ignore_columns=("Note",))))


def codes(result):
    return [(problem.row, problem.column, problem.code, problem.detail) for problem in result.problems]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("column", "known"), [("Note", None), ("tags", "tags"), ("pin_identity", "pin_identity"), ("Price", None)]
)
def test_one_row_that_vanished_in_any_column(tmp_path, delimiter, end, column, known):
    rows = [row(1), row(2, **{column: '"19 inch'}), row(3, **{column: '21 inch"'}), row(4)]
    result = found(tmp_path, delimiter, *rows, end=end)
    assert codes(result) == [(3, known, "row-swallows", "3 to 4")]
    assert result.invalid.tolist() == [False, True, False]


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_many_rows_that_vanished(tmp_path, delimiter):
    rows = [row(1), row(2, Note='"19 inch'), *map(row, range(3, 40)), row(40, Note='21 inch"'), row(41)]
    result = found(tmp_path, delimiter, *rows)
    assert codes(result) == [(3, None, "row-swallows", "3 to 41")]


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_rows_without_a_target_that_vanished(tmp_path, delimiter):
    blank = {"model": "", "target_type": "", "target_identity": ""}
    rows = [row(1), row(2, Note='"19 inch'), row(3, **blank, Note='21 inch"'), row(4)]
    assert [problem.code for problem in found(tmp_path, delimiter, *rows).problems] == ["row-swallows"]


def test_a_cell_that_begins_in_one_column_and_ends_in_another(tmp_path):
    rows = [row(1), row(2, tags='"x'), row(3, Note='y"'), row(4)]
    assert "row-swallows" in [problem.code for problem in found(tmp_path, ";", *rows).problems]


def test_the_scopes_on_both_sides_wait(tmp_path):
    rows = [row(1), row(2, Note='"19 inch'), row(3, Note='21 inch"'), row(4), row(5)]
    assert Scopes(found(tmp_path, ";", *rows)).blocker.tolist() == [3, 3, 3, 0]


def test_the_lines_are_those_of_the_file(tmp_path):
    honest = row(1, Note='"two\nlines"')
    rows = [honest, row(2, Note='"19 inch'), row(3, Note='21 inch"')]
    result = found(tmp_path, ";", *rows, first="sep=;\n")
    assert [problem.detail for problem in result.problems] == ["5 to 6"]
    assert message(next(iter(result.problems))) == (
        "One cell holds what looks like whole rows: a quotation mark opens it, and only one further down closes it. "
        "It takes up lines 5 to 6 of the file. Delete the quotation mark that opens the cell, or write it twice "
        '(""), and look at all of these lines.'
    )


PRETTY = json.dumps({"title": "Diver", "all": ["item", "criteria"], **{f"k{n}": n for n in range(12)}}, indent=2)
HONEST = {
    "pretty-printed JSON": PRETTY,
    "JSON indented with tabs": json.dumps(json.loads(PRETTY), indent="\t"),
    "JSON on few lines": '{"a":1,"b":2,"c":3,"d":4,\n"e":5,"f":6,"g":7,"h":8,"i":9}',
    "one a line": "spring\nstraps\nsummer\nitem\nall\ncriteria\nwinter\nautumn\nx\ny",
    "one a line with separators": "spring;\nstraps;\nsummer;\nwinter;\nautumn;\na;\nb;\nc;\nd",
    "commas at the ends": "spring,\nstraps,\nsummer,\nwinter,\nautumn,\na,\nb,\nc,\nd",
    "a description": "A watch, a strap, a box, a tool, a cloth, a book, all of it,\nin steel, gold, silver, or bronze.",
    "sizes": "S,M,L,XL,XXL\n3XL,4XL,5XL,6XL",
    "numbers": "1,5 x 2,5 x 3,5 cm,\n4,5 x 5,5 x 6,5 cm, 7,5 x 8,5 x 9,5 cm",
    "words that are ours": "Write item, criteria, all.\nMeaning: one product; conditions; everything.",
    "a long sentence with semicolons": "Water; steel; glass; gold; silver; bronze; leather; rubber\nand nothing else.",
    "a path": "/a|b\n/c|d",
    "an address": "Hlavná 1,\n811 01 Bratislava,\nSlovakia",
    "two short lines": "19 inch\n21 inch",
}


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("kind", HONEST)
@pytest.mark.parametrize("column", ["Note", "tags"])
def test_honest_cells_of_several_lines_are_no_problem(tmp_path, delimiter, kind, column):
    quoted = '"{}"'.format(HONEST[kind].replace('"', '""'))
    result = found(tmp_path, delimiter, row(1), row(2, **{column: quoted}), row(3))
    assert "row-swallows" not in [problem.code for problem in result.problems]


def test_many_tags_are_no_rows(tmp_path):
    result = found(tmp_path, ";", row(1), row(2, tags='"a;b;c;d;e\nf;g;h;i;j"'))
    assert codes(result) == []


FULL = "model;target_type;target_identity;position;pin_type;pin_identity;active_from;active_to"
FIRST = "basket;item;/p/1;1;item;/p/987;1.12.2026;24.12.2026"


@pytest.mark.parametrize("last", ["basket;item;/p/2;2;item;/p/98", "basket;item;/p/2;2;item;/p/988;1.12.2026", "bas;i"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_file_that_breaks_off_in_its_last_row(tmp_path, last, encoding):
    (tmp_path / "p.csv").write_bytes("\r\n".join(["December", "", FULL, FIRST, last]).encode(encoding))
    result = checked(read(tmp_path / "p.csv"))
    assert "row-cut" in [problem.code for problem in result.problems if problem.row == 5]
    assert result.invalid.tolist() == [False, True]


@pytest.mark.parametrize(
    "rows",
    [
        [FULL, FIRST, FIRST],
        [FULL, FIRST, "basket;item;/p/2;2;item;/p/98", ""],
        [FULL, "basket;item;/p/2;2;item;/p/98", FIRST, "basket;item;/p/1;2;item;/p/98"],
        [FULL, FIRST, "Exported by our shop"],
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_last_row_that_may_well_be_whole(tmp_path, rows, encoding):
    (tmp_path / "p.csv").write_bytes("\n".join(rows).encode(encoding))
    assert "row-cut" not in [problem.code for problem in checked(read(tmp_path / "p.csv")).problems]
