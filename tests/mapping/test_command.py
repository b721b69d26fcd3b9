"""`pin-importer mapping`, as a person meets it."""

import json
import os
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from importer.cli.commands import cli
from importer.errors import UsageError
from importer.mapping.load import BUILT_IN, built_in_text
from importer.mapping.parse import parse

EXPORTS = Path(__file__).parents[2] / "examples" / "exports"


def said(*arguments):
    result = CliRunner().invoke(cli, ["mapping", *map(str, arguments)], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.stdout


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_mapping_is_shown_as_it_is(name):
    assert said("--show", name) == built_in_text(name)


def test_a_built_in_mapping_that_fits():
    text = said(EXPORTS / "shopware.csv")
    assert text.startswith("shopware.csv fits the built-in mapping shopware (Shopware: cross-selling).\n")
    assert "  D  active             switches rows off  1 | 0\n" in text
    first = text[text.index("{") : text.rindex("}") + 1]
    assert len(json.loads(first)["pin_definitions"]) == 3
    assert text.endswith(f"Check it with: pin-importer check {EXPORTS / 'shopware.csv'} --mapping shopware\n")


def test_a_file_to_edit_is_written_where_it_is_wanted(tmp_path):
    text = said(EXPORTS / "links.csv", "--output", tmp_path / "links.toml")
    assert "This one takes product_import_code and pins alt_import_code." in text
    assert parse((tmp_path / "links.toml").read_text("utf-8"), "links.toml").blocks
    with pytest.raises(UsageError, match=r"links\.toml is there already"):
        said(EXPORTS / "links.csv", "--output", tmp_path / "links.toml")


@pytest.mark.skipif(os.name != "posix", reason="splits as a Unix shell does")
def test_the_commands_that_it_prints_can_be_copied(tmp_path):
    folder = tmp_path / "my exports"
    folder.mkdir()
    for name in ("links", "shoptet"):
        shutil.copy(EXPORTS / f"{name}.csv", folder / f"{name} (1).csv")

    def printed_words(*words):
        return shlex.split(said(*words).splitlines()[-1].partition(": ")[2])[2:]

    links, ours = folder / "links (1).csv", folder / "our map.toml"
    assert printed_words(links) == [str(links), "--output", "mapping.toml"]
    assert printed_words(links, "--output", ours) == [str(links), "--mapping", str(ours)]
    assert printed_words(folder / "shoptet (1).csv") == [str(folder / "shoptet (1).csv"), "--mapping", "shoptet"]


def test_a_proposal_without_pinned_products_says_so(tmp_path):
    (tmp_path / "in.csv").write_text("sku,name\nA,x\n", "utf-8")
    text = said(tmp_path / "in.csv")
    assert "this proposal maps no pinned product" in text
    assert "The first customization" not in text


def test_a_proposal_whose_rows_are_all_wrong_says_what_is(tmp_path):
    (tmp_path / "in.csv").write_text("sku,linked_skus\n1.5E+11,B\n", "utf-8")
    assert "The first: A2: " in said(tmp_path / "in.csv")


def test_our_own_sheet_needs_none(tmp_path):
    (tmp_path / "in.csv").write_text("model,target_type,position,pin_type\nm,all,1,item\n", "utf-8")
    assert said(tmp_path / "in.csv") == "in.csv has the importer's own columns: it needs no mapping.\n"


@pytest.mark.parametrize("arguments", [(), ("x.csv", "--show", "shoptet"), ("--show", "nothing")])
def test_what_cannot_be_said(arguments):
    with pytest.raises(UsageError, match="magento, woocommerce, shopify"):
        said(*arguments)
