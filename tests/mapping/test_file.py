"""What a mapping file may say, and how one is refused: by its file, line and key."""

import pytest

from importer.errors import UsageError
from importer.mapping.file import Source
from importer.mapping.lines import line_of
from importer.mapping.load import BUILT_IN, built_in_text, load
from importer.mapping.parse import parse

EXAMPLE = """\
title = "Shoptet: related and alternative products"
expects = ["code", "relatedProduct"]
[columns]
target_identity = "code"
[constants]
target_type = "item"
pin_type = "item"
[defaults]
active_from = 2027-03-01
[values.is_block_pin]
hidden = "yes"
"" = "no"
[[pins]]
constants = { model = "item_detail_complements" }
pin_identity = { columns = "relatedProduct#" }
[[pins]]
constants = { model = "item_detail_alternatives" }
pin_identity = { column = "upsell_skus", split = "," }
position = { column = "upsell_position", split = ",", add = 1 }
[identities]
file = "sku-to-url.csv"
from = "sku"
to = "url"
missing = "keep"
"""


def test_a_whole_file():
    mapping = parse(EXAMPLE, "shop.toml")
    complements, alternatives = mapping.blocks
    assert (mapping.title, mapping.expects) == (
        "Shoptet: related and alternative products",
        ("code", "relatedProduct"),
    )
    assert complements.constants == {"target_type": "item", "pin_type": "item", "model": "item_detail_complements"}
    assert complements.columns["target_identity"] == Source(("code",), key_path=("columns", "target_identity"))
    assert complements.columns["pin_identity"].several
    assert alternatives.columns["position"].add == 1
    assert alternatives.values == {"is_block_pin": {"hidden": "yes", "": "no"}}
    assert alternatives.defaults == {"active_from": "2027-03-01"}
    assert (mapping.identities[0].from_column, mapping.identities[0].missing) == ("sku", "keep")


def test_without_blocks_the_columns_are_one_kind_of_pin():
    mapping = parse('[columns]\ntarget_identity = "sku"\npin_identity = "linked_sku"\n', "links.toml")
    assert [sorted(block.columns) for block in mapping.blocks] == [["pin_identity", "target_identity"]]


def test_a_block_wins_over_what_all_blocks_share():
    text = (
        '[columns]\nmodel = "kind"\n[constants]\nposition = 1\n[[pins]]\nconstants = { model = "basket" }\n'
        'pin_identity = "a"\nposition = "place"\n'
    )
    (block,) = parse(text, "x.toml").blocks
    assert block.constants == {"model": "basket"}
    assert sorted(block.columns) == ["pin_identity", "position"]


@pytest.mark.parametrize("key", ["target_metadata.title", '"target_metadata.title"'])
def test_metadata_keys_are_written_with_or_without_quotes(key):
    text = f'[columns]\npin_identity = "a"\n{key} = "name"\n[values.target_metadata.title]\nx = "y"\n'
    (block,) = parse(text, "x.toml").blocks
    assert block.columns["target_metadata.title"].headers == ("name",)
    assert block.values == {"target_metadata.title": {"x": "y"}}


def test_criteria_are_written_as_tables():
    text = '[columns]\npin_identity = "a"\n[constants]\ntarget_criteria = { brand = "Lorient" }\n'
    (block,) = parse(text, "x.toml").blocks
    assert block.constants == {"target_criteria": '{"brand": "Lorient"}'}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[defaults]", "[defaults", "x.toml: this is not valid TOML"),
        ("expects =", "expect =", "x.toml, line 2, expect: there is no such key here. Possible are title, expects"),
        ("target_identity =", "target_identiy =", "x.toml, line 4, columns.target_identiy: pins have no such column"),
        ("add = 1", "ad = 1", "x.toml, line 19, pins.position.ad: there is no such key here"),
        ("add = 1", 'add = "1"', "x.toml, line 19, pins.position.add: this must be a whole number"),
        ('"keep"', '"leave"', 'x.toml, line 24, identities.missing: this must be "problem" or "keep"'),
        ('"upsell_position"', '"upsell_skus"', "x.toml, line 19, pins.position: the column “upsell_skus” is used for"),
        (
            'pin_type = "item"',
            'pin_type = "item"\ntarget_identity = "a"',
            "x.toml, line 8, constants.target_identity: target_identity is set twice, in constants and in columns",
        ),
        (
            'split = ",", add',
            "split = true, add",
            "x.toml, line 19, pins.position.split: this must be a text in quotes",
        ),
        ('column = "upsell_skus", ', "", "x.toml, line 18, pins.pin_identity: this needs column (one header)"),
        (
            'hidden = "yes"',
            "hidden = [1]",
            "x.toml, line 11, values.is_block_pin.hidden: this must be a text, a number",
        ),
        (
            "[values.is_block_pin]",
            "[values.is_blockpin]",
            "x.toml, line 10, values.is_blockpin: pins have no such column",
        ),
        ('["code", "relatedProduct"]', '"code"', "x.toml, line 2, expects: this must be a list of texts in quotes"),
        ("title =", 'date_order = "us"\ntitle =', 'x.toml, line 1, date_order: this must be "dmy", "mdy" or "ymd"'),
    ],
)
def test_one_sentence_names_file_line_and_key(old, new, said):
    assert old in EXAMPLE
    with pytest.raises(UsageError) as caught:
        parse(EXAMPLE.replace(old, new), "x.toml")
    assert str(caught.value).startswith(said)


def test_a_mapping_that_pins_nothing_is_refused():
    with pytest.raises(UsageError, match="no column says which products are pinned"):
        parse('[columns]\ntarget_identity = "sku"\n', "x.toml")


def test_two_blocks_with_the_same_pins_are_refused():
    block = '[[pins]]\nconstants = { model = "a" }\npin_identity = "b"\n'
    with pytest.raises(UsageError, match="two blocks pin the same columns"):
        parse(block + block, "x.toml")


def test_positions_by_number_need_numbered_columns():
    with pytest.raises(UsageError, match="number = true works for position only"):
        parse('[[pins]]\npin_identity = "b"\nposition = { number = true }\n', "x.toml")


def test_lines_are_found_in_the_right_block():
    text = "[[pins]]\nposition = 1\n\n[[pins]]\n# position = 3\nposition = 2\n[pins.values.model]\n'a b' = 1\n"
    assert line_of(text, ("pins", "0", "position")) == 2
    assert line_of(text, ("pins", "1", "position")) == 6
    assert line_of(text, ("pins", "1", "position", "add")) == 6
    assert line_of(text, ("pins", "1", "values", "model", "a b")) == 8
    assert line_of(text, ("expects",)) is None


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_mappings_are_loaded_by_name(name):
    mapping = load(name)
    assert mapping.name == name
    assert mapping.text == built_in_text(name)


def test_a_mapping_that_there_is_not():
    with pytest.raises(UsageError, match=r"There is no mapping shopptet: .* Built in are magento, woocommerce"):
        load("shopptet")
