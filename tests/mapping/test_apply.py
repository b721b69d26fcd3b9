"""What a mapping makes of a sheet: a row per pin, and where each came from."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.cells import Number, Unmapped, shown
from importer.errors import UsageError
from importer.mapping.apply import apply
from importer.mapping.file import Block, Mapping, Source
from importer.mapping.one_offs import with_one_offs
from importer.mapping.parse import parse
from importer.reading import read
from importer.settings import ReadOptions
from tests.builders import sheet

LINKS = '[columns]\ntarget_identity = "sku"\n[constants]\nmodel = "basket"\n'


def mapped(text, header, rows, tables=None, **more):
    return apply(sheet(header, rows, **more), parse(text, "shop.toml"), tables)


def pins(made, *columns):
    """The rows of a mapped sheet as texts."""
    cells = [[None if cell != cell else shown(cell) for cell in made.frame[name]] for name in columns]
    return [tuple(row) for row in zip(*cells, strict=True)]


def places(made, column):
    return [made.address(row, column) for row in made.frame.index]


def test_one_row_a_link():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = "linked"\nposition = "place"\n',
        ["sku", "linked", "place", "name"],
        [["A", " B ", 2, "x"], ["A", "C", 1, "y"], ["B", "", 1, "z"]],
    )
    assert pins(made, "model", "target_type", "target_identity", "pin_type", "pin_identity", "position") == [
        ("basket", "item", "A", "item", "B", "2"),
        ("basket", "item", "A", "item", "C", "1"),
    ]
    assert made.unread_columns == ("name",)
    assert places(made, "pin_identity") == ["B2", "B3"]
    assert places(made, "position") == ["C2", "C3"]
    assert places(made, "model") == ["", ""]


def test_a_list_in_a_cell_with_its_positions():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = { column = "list", split = "," }\n'
        'position = { column = "places", split = ",", add = 1 }\n',
        ["sku", "list", "places"],
        [["A", "B, C,,D", "1,0,,2"], ["B", "E,F", ",,"], ["C", "G,H", ""], ["D", "I", 4]],
    )
    assert pins(made, "target_identity", "pin_identity", "position") == [
        ("A", "B", "2"),
        ("A", "C", "1"),
        ("A", "D", "3"),
        ("B", "E", "1"),
        ("B", "F", "2"),
        ("C", "G", "1"),
        ("C", "H", "2"),
        ("D", "I", "5"),
    ]


def test_lists_of_different_length_are_a_problem_of_each_pin():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = { column = "list", split = "," }\n'
        'position = { column = "places", split = "," }\n',
        ["sku", "list", "places"],
        [["A", "B,C", "1"], ["B", "D,E,F", "1,2"], ["C", "G,H", "1,2"]],
    )
    assert list(made.frame["position"]) == [
        *[Unmapped("1", "list-length", "2")] * 2,
        *[Unmapped("1,2", "list-length", "3")] * 3,
        "1",
        "2",
    ]


def test_a_position_missing_among_others_stays_missing():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = { column = "list", split = "," }\n'
        'position = { column = "places", split = "," }\n',
        ["sku", "list", "places"],
        [["A", "B,C", "1,"]],
    )
    assert pins(made, "position") == [("1",), (None,)]


@pytest.mark.parametrize("separator", [",", ";", "|", "\n"])
def test_separators_with_or_without_blanks(separator):
    made = mapped(
        LINKS + f'[[pins]]\npin_identity = {{ column = "list", split = "{separator}" }}\n'.replace('\n"', '\\n"'),
        ["sku", "list"],
        [["A", separator.join(["B", " C ", "", "D"])], ["A", f"{separator} "]],
    )
    assert pins(made, "pin_identity", "position") == [("B", "1"), ("C", "2"), ("D", "3")]


def test_lines_may_end_as_in_windows():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = { column = "list", split = "\\n" }\n', ["sku", "list"], [["A", "B\r\nC"]]
    )
    assert pins(made, "pin_identity") == [("B",), ("C",)]


def test_numbered_columns_by_the_order_of_the_filled_cells():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = { columns = "rel#" }\n',
        ["rel10", "sku", "rel2", "rel", "other rel"],
        [["D", "A", "", "B", "x"], ["", "B", "C", "", "y"], ["", "C", " ", "", ""]],
    )
    assert pins(made, "target_identity", "pin_identity", "position") == [
        ("A", "B", "1"),
        ("A", "D", "2"),
        ("B", "C", "1"),
    ]
    assert places(made, "pin_identity") == ["D2", "A2", "C3"]


def test_numbered_columns_by_their_number():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = { columns = "Item #" }\nposition = { number = true }\n',
        ["sku", "Item 1", "Item 10", "Item 3"],
        [["A", "B", "C", ""], ["B", "", "", "D"]],
    )
    assert pins(made, "pin_identity", "position") == [("B", "1"), ("C", "10"), ("D", "3")]
    assert places(made, "position") == ["B2", "C2", "D3"]


def test_a_list_of_headers_and_a_header_that_is_there_twice(tmp_path):
    path = tmp_path / "links.csv"
    path.write_text("sku,first,second,first\nA,1st,2nd,1st again\n", "utf-8")
    mapping = parse(LINKS + '[[pins]]\npin_identity = { columns = ["second", "first"] }\n', "shop.toml")
    made = apply(read(path, ReadOptions(theirs=tuple(mapping.headers()))), mapping)
    assert pins(made, "pin_identity", "position") == [("2nd", "1"), ("1st", "2"), ("1st again", "3")]


def test_a_block_a_kind_of_pin():
    made = mapped(
        '[columns]\ntarget_identity = "sku"\n[[pins]]\nconstants = { model = "a" }\npin_identity = "up"\n'
        '[[pins]]\nconstants = { model = "b" }\npin_identity = { column = "cross", split = "," }\n',
        ["sku", "cross", "up"],
        [["A", "B,C", "D"], ["B", "", "E"]],
    )
    assert pins(made, "model", "target_identity", "pin_identity", "position") == [
        ("a", "A", "D", "1"),
        ("b", "A", "B", "1"),
        ("b", "A", "C", "2"),
        ("a", "B", "E", "1"),
    ]


def test_pins_of_one_target_are_numbered_through_the_sheet():
    made = mapped(LINKS + '[[pins]]\npin_identity = "to"\n', ["sku", "to"], [["A", "B"], ["C", "D"], ["A", "E"]])
    assert pins(made, "target_identity", "position") == [("A", "1"), ("C", "1"), ("A", "2")]


def test_constants_defaults_and_words():
    made = mapped(
        LINKS + 'widget_id = "cart"\n[defaults]\nactive_from = 2027-03-01\ntags = "spring"\n'
        '[values.is_block_pin]\nHidden = "yes"\n"" = "no"\n[values.tags]\nnone = ""\n'
        '[[pins]]\npin_identity = "to"\nactive_from = "from"\nis_block_pin = "state"\ntags = "label"\n'
        'position = "at"\n',
        ["sku", "to", "from", "state", "label", "at"],
        [["A", "B", "2027-01-01", "hidden", "NONE", 0], ["A", "C", "", "", "hats", 1]],
    )
    assert pins(made, "widget_id", "active_from", "is_block_pin", "tags") == [
        ("cart", "2027-01-01", "yes", "spring"),
        ("cart", "2027-03-01", "no", "hats"),
    ]


def test_a_cell_becomes_criteria():
    made = mapped(
        '[columns]\ntarget_criteria = { column = "Context", key = "category" }\npin_identity = "item"\n'
        '[constants]\nmodel = "m"\n',
        ["Context", "item"],
        [['Men\'s "best"', "A"]],
    )
    assert pins(made, "target_type", "target_criteria") == [("criteria", '{"category": "Men\'s \\"best\\""}')]


def test_rows_that_are_switched_off_and_rows_without_pins_are_counted():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = "to"\n[skip]\nEnabled = ["false", "0"]\n',
        ["sku", "to", "Enabled"],
        [["A", "B", "FALSE"], ["B", "", "TRUE"], ["C", "D", "yes"], ["D", "E", False], ["E", "", 0]],
    )
    assert pins(made, "target_identity") == [("C",)]
    assert [notice.text for notice in made.notices] == [
        "Mapping: shop.toml (shop.toml). 5 rows gave 1 pin.",
        "3 rows are switched off (Enabled) and left out (rows 2, 5, 6).",
        "1 row has no pins (row 3).",
    ]


def test_a_block_for_rows_that_have_no_other_pins():
    made = mapped(
        f'{LINKS}[[pins]]\npin_identity = "one"\n'
        '[[pins]]\npin_identity = { column = "all", split = "," }\notherwise = true\n',
        ["sku", "one", "all"],
        [["A", "B", "C,D"], ["E", "", "F,G"]],
    )
    assert pins(made, "target_identity", "pin_identity") == [("A", "B"), ("E", "F"), ("E", "G")]


def test_number_cells_stay_numbers():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = { column = "to", split = "," }\n', ["sku", "to"], [[1, 7], [1, "007, 8"]]
    )
    assert list(made.frame["pin_identity"]) == [Number(7), "007", "8"]
    assert list(made.frame["target_identity"]) == [Number(1)] * 3


TABLE = '[identities]\nfile = "t.csv"\nfrom = "sku"\nto = "url"\n'


def test_identities_are_translated_and_unknown_ones_are_a_problem():
    table = sheet(["url", "sku"], [["/p/a", "A"], ["/p/b", "B"], ["/p/b", "B"]])
    made = mapped(
        LINKS + '[[pins]]\npin_identity = "to"\n' + TABLE, ["sku", "to"], [["A", "B"], ["A", "C"]], {"t.csv": table}
    )
    assert list(made.frame["target_identity"]) == ["/p/a", "/p/a"]
    assert list(made.frame["pin_identity"]) == ["/p/b", Unmapped("C", "identity-unlisted", "pins.xlsx")]
    assert made.notices[-1].text == "2 of 3 identities were translated with pins.xlsx."


def test_unknown_identities_are_kept_where_the_mapping_says_so():
    table = sheet(["url", "sku"], [["/p/a", "A"]])
    text = LINKS + '[[pins]]\npin_identity = "to"\n' + TABLE + 'missing = "keep"\n'
    made = mapped(text, ["sku", "to"], [["A", "B"]], {"t.csv": table})
    assert pins(made, "target_identity", "pin_identity") == [("/p/a", "B")]


def test_a_table_that_says_two_things_is_refused():
    table = sheet(["url", "sku"], [["/p/a", "A"], ["/p/b", "A"]])
    with pytest.raises(UsageError, match=r"the table pins\.xlsx has two different values for A: /p/a and /p/b"):
        mapped(LINKS + '[[pins]]\npin_identity = "to"\n' + TABLE, ["sku", "to"], [["A", "B"]], {"t.csv": table})


def test_identities_of_a_prefix_are_looked_up_in_the_sheet_itself():
    made = mapped(
        f'{LINKS}[[pins]]\npin_identity = {{ column = "up", split = "," }}\n'
        '[identities]\nprefix = "id:"\nfrom = "ID"\nto = "sku"\n',
        ["ID", "sku", "up"],
        [[1, "A", "id:2, X"], ["2", "B", "id:3"]],
    )
    assert list(made.frame["pin_identity"]) == ["B", "X", Unmapped("id:3", "identity-unlisted", "pins.xlsx")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["code", "to"], "pins.xlsx is not a sheet for the mapping shop.toml: it lacks the columns sku."),
        (
            ["sku", "too"],
            "shop.toml, line 8, pins.pin_identity: the sheet pins.xlsx has no column “to”. Its columns are sku, too.",
        ),
        (
            ["sku", "to", "to"],
            "shop.toml, line 8, pins.pin_identity: the sheet pins.xlsx has several columns “to” (B, C).",
        ),
    ],
)
def test_another_sheet_is_refused(header, said):
    text = 'title = "x"\nexpects = ["sku"]\n' + LINKS + '[[pins]]\npin_identity = "to"\n'
    with pytest.raises(UsageError) as caught:
        mapped(text, header, [["A"] * len(header)])
    assert str(caught.value).startswith(said)


def test_optional_blocks_may_be_absent_but_not_all_of_them():
    text = LINKS + '[[pins]]\npin_identity = "up"\noptional = true\n[[pins]]\npin_identity = "cross"\noptional = true\n'
    made = mapped(text, ["sku", "up"], [["A", "B"]])
    assert made.notices[-1].text == "The sheet has no column cross, so there are no pins of that kind."
    with pytest.raises(UsageError, match=r"None of the columns .* pinned products is in pins\.xlsx: up, cross"):
        mapped(text, ["sku", "down"], [["A", "B"]])


def test_a_mapping_that_leaves_a_needed_column_open_is_refused():
    with pytest.raises(UsageError, match=r"nothing says what model is. .* such as --set model=VALUE"):
        mapped('[columns]\ntarget_identity = "sku"\npin_identity = "to"\n', ["sku", "to"], [["A", "B"]])


def test_headers_count_without_regard_to_case_and_blanks():
    made = mapped(LINKS + '[[pins]]\npin_identity = "Acessories  (x,y)"\n', ["SKU ", "acessories (x,y)"], [["A", "B"]])
    assert pins(made, "target_identity", "pin_identity") == [("A", "B")]


def test_rows_with_more_than_the_header_stay_a_problem_though_they_have_no_pin():
    made = mapped(
        LINKS + '[[pins]]\npin_identity = "to"\n',
        ["sku", "to"],
        [["A", "B"], ["B", ""], ["C", "D"]],
        surplus={3: "x", 4: "y"},
    )
    assert made.surplus == {2: "x", 3: "y"}
    assert [made.place(row)[1] for row in made.frame.index] == [2, 3, 4]
    assert pins(made, "target_identity") == [("A",), (None,), ("C",)]


def test_one_offs_change_a_mapping():
    mapping = with_one_offs(
        parse(LINKS + '[[pins]]\npin_identity = "to"\n', "x"), {"pin_identity": "other"}, {"model": "m"}
    )
    made = apply(sheet(["sku", "to", "other"], [["A", "B", "C"]]), mapping)
    assert pins(made, "model", "pin_identity") == [("m", "C")]
    assert made.unread_columns == ("to",)


def test_one_offs_alone_leave_the_sheets_own_columns():
    mapping = with_one_offs(None, {"target_identity": "sku"}, {"model": "m"})
    made = apply(sheet(["sku", "Pin Identity", "position", "note"], [["A", "B", 3, "x"]]), mapping)
    assert pins(made, "model", "target_identity", "pin_identity", "position") == [("m", "A", "B", "3")]
    assert made.unread_columns == ("note",)


@pytest.mark.parametrize("column", ["Customization ID", "Live Version", "command"])
def test_one_offs_alone_do_not_read_what_the_importer_wrote(column):
    mapping = with_one_offs(None, {}, {"model": "m"})
    with pytest.raises(UsageError, match="Leave out --map and --set") as caught:
        apply(sheet(["target_identity", "pin_identity", column], [["A", "B", "x"]]), mapping)
    assert caught.value.code == "mapping-results"


def test_without_one_offs_nothing_is_changed():
    assert with_one_offs(None, {}, {}) is None


def slow(rows, split):
    """What a list in a cell comes to, written without any thought of speed."""
    place: dict[str, int] = {}
    for target, text in rows:
        for item in text.split(split):
            if item.strip():
                place[target] = place.get(target, 0) + 1
                yield target, item.strip(), str(place[target])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.text("xy, ", max_size=8)), min_size=1, max_size=8))
def test_lists_come_to_the_same_as_one_by_one(rows):
    block = Block(
        {"target_identity": Source(("sku",)), "pin_identity": Source(("to",), split=",")}, {"model": "m"}, {}, {}
    )
    made = apply(sheet(["sku", "to"], rows), Mapping("x", "x", (), (block,), {}))
    assert pins(made, "target_identity", "pin_identity", "position") == list(slow(rows, ","))
