"""What is proposed for a sheet that nobody has described: names decide, likeness only guesses."""

from pathlib import Path

import pytest

from importer.errors import UsageError
from importer.mapping.apply import apply
from importer.mapping.load import BUILT_IN, built_in
from importer.mapping.parse import parse
from importer.mapping.propose import draft, fitting, used_by
from importer.mapping.write import mapping_text, table_lines
from importer.reading import read
from importer.settings import ReadOptions
from tests.builders import sheet

EXPORTS = Path(__file__).parents[2] / "examples" / "exports"


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_built_in_mapping_knows_its_export(name):
    found = fitting(read(EXPORTS / f"{name}.csv", ReadOptions(theirs=())), list(built_in()))
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "header",
    [
        ["id", "Type", "Parent", "Position", "Tags", "new_from_date", "special_price_from_date"],
        ["Product", "Price", "Stock"],
        ["sku", "name", "price"],
        ["sku", "linked_sku", "link_type"],
    ],
)
def test_no_built_in_mapping_fits_other_sheets(header):
    assert fitting(sheet(header, [["x"] * len(header)]), list(built_in())) is None


def text_of(header, rows):
    return mapping_text(draft(sheet(header, rows)), "links.csv")


def test_a_draft_of_exact_names_is_a_mapping():
    header, rows = ["product_import_code", "alt_import_code"], [["000123", "000456"], ["000123", "000789"]]
    made = apply(sheet(header, rows), parse(text_of(header, rows), "draft.toml"))
    assert list(made.frame["pin_identity"]) == ["000456", "000789"]
    assert list(made.frame["model"]) == ["item_detail_complements"] * 2


def test_lists_their_separator_and_their_positions():
    text = text_of(["SKU", "Cross-Sells", "cross_sell_position"], [["A", "B; C", "1; 2"], ["B", "A", "1"]])
    assert 'constants = { model = "basket" }\npin_identity = { column = "Cross-Sells", split = ";" }\n' in text
    assert 'position = { column = "cross_sell_position", split = ";" }\n' in text


def test_numbered_columns_are_one_pattern():
    text = text_of(
        ["code", "Accessory 1", "Accessory 2", "similarProduct", "similarProduct2"], [["A", "B", "C", "D", "E"]]
    )
    assert 'pin_identity = { columns = "Accessory #" }' in text
    assert 'constants = { model = "item_detail_alternatives" }\npin_identity = { columns = "similarProduct#" }' in text


def test_columns_of_the_same_header_are_one_list(tmp_path):
    (tmp_path / "in.csv").write_text("ITEM_ID,PRICE_VAT,ACCESSORY,ACCESSORY\nCD1,10,CD2,CD3\nCD2,5,CD1,\n", "utf-8")
    export = read(tmp_path / "in.csv", ReadOptions(theirs=()))
    text = mapping_text(draft(export), "in.csv")
    assert text.count('pin_identity = { columns = ["ACCESSORY"] }') == 1
    assert list(apply(export, parse(text, "draft.toml")).frame["pin_identity"]) == ["CD2", "CD3", "CD1"]


@pytest.mark.parametrize(
    ("related", "target"), [("86", "Product ID"), ("AA-1", "Product Code/SKU"), ("elsewhere", "Product ID")]
)
def test_of_two_names_for_the_products_the_one_counts_whose_cells_are_pinned(related, target):
    header = ["Product ID", "Product Code/SKU", "Related Products"]
    assert draft(sheet(header, [["77", "AA-1", related], ["86", "BB-2", ""]])).target == target


@pytest.mark.parametrize(
    ("header", "model"),
    [
        ("related_ids", "item_detail_complements"),
        ("Související zboží", "item_detail_complements"),
        ("Alternativní zboží", "item_detail_alternatives"),
        ("Podobné zboží", "item_detail_alternatives"),
        ("Podobný tovar", "item_detail_alternatives"),
        ("upsell_ids", "item_detail_alternatives"),
        ("cross_sell_ids", "basket"),
    ],
)
def test_names_that_say_what_is_pinned(header, model):
    (kind,) = draft(sheet(["sku", header], [["A", "B"]])).kinds
    assert (kind.model, kind.guessed) == (model, "")


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Passende Produkte", '# pin_identity = { column = "Passende Produkte" }'),
        ("Valid from", '# active_from = "Valid from"   # A guess by its name.'),
        ("Position", '# position = "Position"   # A guess by its name.'),
    ],
)
def test_what_is_only_similar_is_commented_out(header, line):
    text = text_of(["sku", "linked_sku", header], [["A", "B", "x"]])
    assert f"{line}\n" in text
    assert len(parse(text, "draft.toml").blocks) == 1


def test_cells_that_are_products_of_the_sheet_make_a_guess():
    text = text_of(["code", "see also", "colour"], [["A", "B|C", "red"], ["B", "A", "red"], ["C", "", "B lue"]])
    assert "# A guess by its cells: many are products of this sheet." in text
    assert '# pin_identity = { column = "see also", split = "|" }' in text
    assert '{ column = "colour"' not in text


@pytest.mark.parametrize(
    "header",
    ["price", "special_price_from_date", "new_from_date", "created_at", "Tags", "Type", "Parent", "id", "name"],
)
def test_false_friends_are_not_even_guessed(header):
    found = draft(sheet(["sku", "linked_sku", header], [["A", "B", "x"]]))
    assert found.others == ()
    assert [kind.header for kind in found.kinds] == ["linked_sku"]


def test_a_proposal_that_pins_nothing_says_so():
    header, rows = ["sku", "name"], [["A", "x"]]
    assert not draft(sheet(header, rows)).is_whole
    with pytest.raises(UsageError, match="no column says which products are pinned"):
        parse(text_of(header, rows), "draft.toml")


def test_a_sheet_without_a_column_for_the_target():
    found = draft(sheet(["Item-Ref", "accessories"], [["A", "B"]]))
    assert (found.target, found.target_guesses, found.is_whole) == ("", ("Item-Ref",), False)


def test_every_column_is_told_with_some_of_its_cells():
    uses = draft(sheet(["sku", "linked_sku", "see"], [["A", "B", 1], ["C", "D", 2], ["E", "F", 3], ["G", "H", 4]])).uses
    assert table_lines(uses) == [
        "A  sku         target_identity  A | C | E",
        "B  linked_sku  pin_identity     B | D | F",
        "C  see         not used         1 | 2 | 3",
    ]


def test_columns_under_a_mapping():
    shopware = next(mapping for mapping in built_in() if mapping.name == "shopware")
    uses = used_by(read(EXPORTS / "shopware.csv", ReadOptions(theirs=())), shopware)
    assert {use.column.header: use.ours for use in uses if use.ours} == {
        "product_id": "target_identity",
        "active": "skip",
        "assigned_products": "pin_identity",
    }
