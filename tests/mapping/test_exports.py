"""The example exports from file to service: what must be sent, field for field, and what comes back in the results."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

import importer
from importer.errors import ImporterError
from importer.mapping.load import BUILT_IN
from importer.sandbox import running_sandbox
from tests.driving import Program

EXPORTS = Path(__file__).parents[2] / "examples" / "exports"
COMPLEMENTS, ALTERNATIVES = "item_detail_complements", "item_detail_alternatives"


def item(model, target, *pins, **more):
    """A customization beside one product."""
    return {
        "model": model,
        "target_type": "item",
        "target_identity": target,
        "pin_definitions": [{"position": at, "pin_type": "item", "pin_identity": pin} for at, pin in pins],
        **more,
    }


def in_order(*pins):
    return tuple(enumerate(pins, 1))


TENT, MAT, LAMP, PEG, BATTERY = (
    "7b65dcf020279efe8040bb20835ea938",
    "4a258d930b7d3409982d727ddbb4ba88",
    "263addb7611158a2c3db7c164a20cc2f",
    "ac40141674092695d8b98ec0e4a6a838",
    "20c1d18791a246001f5df7867d4e6bf5",
)
CHRISTMAS = {"active_from": "2026-12-01T00:00:00+01:00", "active_to": "2026-12-24T23:59:59+01:00"}


def criteria(category, *pins, **more):
    return {
        "model": "category",
        "target_type": "criteria",
        "target_criteria": {"category": category},
        "pin_definitions": [{"position": at, "pin_type": "item", "pin_identity": pin, **more} for at, pin in pins],
    }


EXPECTED = {
    "magento": [
        item(COMPLEMENTS, "24-MB01", (2, "24-MB05"), (3, "24-MB03"), (1, "24-MB04")),
        item("basket", "24-MB01", *in_order("24-WB05", "24-WB02")),
        item(ALTERNATIVES, "24-MB01", *in_order("24-UB02", "24-MB02", "24-MB06")),
        item("basket", "24-MB03", (1, "24-WB05")),
    ],
    "woocommerce": [
        item(ALTERNATIVES, "woo-beanie", (1, "woo-cap")),
        item("basket", "woo-beanie", *in_order("woo-belt", "woo-sunglasses")),
        item(ALTERNATIVES, "woo-hoodie", *in_order("woo-cap", "woo-beanie")),
    ],
    "shopify": [
        item(COMPLEMENTS, "linen-shirt", *in_order("leather-belt", "straw-hat", "canvas-bag")),
        item(ALTERNATIVES, "linen-shirt", (1, "cotton-shirt")),
        item(ALTERNATIVES, "leather-belt", *in_order("canvas-belt", "woven-belt")),
    ],
    "shoptet": [
        item(COMPLEMENTS, "0001", *in_order("0002", "60177/46", "0010")),
        item(ALTERNATIVES, "0001", (1, "0003")),
        item(ALTERNATIVES, "60177/46", *in_order("60178/46", "60179/46")),
    ],
    "prestashop": [item(COMPLEMENTS, "1", *in_order("12", "15", "7")), item(COMPLEMENTS, "12", (1, "1"))],
    "shopware": [item(COMPLEMENTS, TENT, *in_order(MAT, LAMP, PEG)), item(COMPLEMENTS, LAMP, (1, BATTERY))],
    "akeneo": [
        item("basket", "10699783", (1, "cable-3m")),
        item(ALTERNATIVES, "10699783", *in_order("10700112", "10700113")),
        item("item_detail_substitutes", "10699783", (1, "10699785")),
        item(COMPLEMENTS, "10699783", *in_order("cable-3m", "stand-60")),
        item("basket", "cable-3m", (1, "10699783")),
    ],
    "algolia": [
        criteria("Watches", (1, "W-100"), (10, "W-230"), **CHRISTMAS),
        criteria("Straps", *in_order("S-1", "S-2", "S-3")),
        criteria("Bands", (2, "B-1")),
    ],
}


def bodies(path: Path, **options) -> Iterator[dict[str, object]]:
    """What would be sent."""
    found = []

    def show(plan):
        found.extend(json.loads(scope.body) for scope in plan.scopes)

    importer.check(path, timezone="Europe/Bratislava", show=show, **options)
    return found


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_each_export_sends(name):
    assert bodies(EXPORTS / f"{name}.csv", mapping=name) == EXPECTED[name]


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_export_imports_and_its_results_need_no_mapping(name, tmp_path):
    first = importer.run_import(EXPORTS / f"{name}.csv", mapping=name, sandbox=True, output=tmp_path / "r.xlsx")
    assert (first.exit_code, first.mapping, first.scopes) == (0, name, len(EXPECTED[name]))
    assert bodies(tmp_path / "r.xlsx") == EXPECTED[name]


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_export_alone_says_which_mapping_fits(name):
    with pytest.raises(
        ImporterError, match=rf"This looks like an? \w+ export; run again with --mapping {name}\."
    ) as caught:
        importer.check(EXPORTS / f"{name}.csv")
    assert (caught.value.exit_code, caught.value.code) == (2, "looks-like-export")


def test_the_results_say_where_each_pin_came_from(tmp_path):
    importer.check(EXPORTS / "shoptet.csv", mapping="shoptet", output=tmp_path / "r.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "r.xlsx")["Results"].values)
    at = [rows[0].index(header) for header in ("pin_identity", "Source Row", "Source Column")]
    assert [tuple(row[place] for place in at) for row in rows[1:]] == [
        ("0002", 2, "relatedProduct"),
        ("60177/46", 2, "relatedProduct2"),
        ("0010", 2, "relatedProduct4"),
        ("0003", 2, "alternativeProduct"),
        ("60178/46", 3, "alternativeProduct"),
        ("60179/46", 3, "alternativeProduct2"),
    ]
    summary = dict(row[:2] for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["Summary"].values)
    assert summary["Mapping"] == "shoptet (Shoptet: related and alternative products)"


def test_csv_results_say_it_too(tmp_path):
    importer.check(EXPORTS / "shoptet.csv", mapping="shoptet", output=tmp_path / "r.csv")
    header, first, *_ = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()
    assert header.endswith("Source Row;Source Column;Import Key")
    assert ";2;relatedProduct;" in first
    assert bodies(tmp_path / "r.csv") == EXPECTED["shoptet"]


LINKS = '[columns]\ntarget_identity = "code"\n[constants]\nmodel = "m"\n[[pins]]\npin_identity = { columns = "rel#" }\n'


def test_every_problem_names_the_exports_row_header_and_cell(tmp_path):
    (tmp_path / "map.toml").write_text(LINKS, "utf-8")
    (tmp_path / "in.csv").write_text("name,code,rel,rel2,rel3\nx,,A,B,\ny,P,C,,1.5E+11\n", "utf-8")
    report = importer.check(tmp_path / "in.csv", mapping=tmp_path / "map.toml", output=tmp_path / "r.xlsx")
    assert [(found.row, found.column, found.source) for found in report.problem_list()] == [
        (2, "target_identity", "B2 code"),
        (2, "target_identity", "B2 code"),
        (3, "pin_identity", "E3 rel3"),
    ]
    groups = {group.code: (group.rows, group.text.partition(":")[0]) for group in report.problem_groups}
    assert groups == {"identity-missing": ((2,), "B2 code"), "number-exponent": ((3,), "E3 rel3")} or len(groups) == 2
    lines = list(openpyxl.load_workbook(tmp_path / "r.xlsx")["Problems"].values)
    assert [(line[2], line[3]) for line in lines[1:]] == [
        (2, "target_identity (B2 code)"),
        (2, "target_identity (B2 code)"),
        (3, "pin_identity (E3 rel3)"),
    ]


def test_fixed_results_create_only_what_was_missing(tmp_path):
    (tmp_path / "map.toml").write_text(LINKS, "utf-8")
    (tmp_path / "in.csv").write_text("code,rel,rel2\nP,A,B\nQ,1.5E+11,C\n", "utf-8")
    with running_sandbox() as server:
        there = {
            "tracker_id": server.tracker_id,
            "private_key": server.private_key,
            "base_url": server.url,
            "ledger": tmp_path / "l.sqlite",
            "timezone": "UTC",
        }
        first = importer.run_import(
            tmp_path / "in.csv", mapping=tmp_path / "map.toml", output=tmp_path / "r.xlsx", **there
        )
        assert {str(word): count for word, count in first.scope_results.items()} == {"Created": 1, "Held back": 1}
        book = openpyxl.load_workbook(tmp_path / "r.xlsx")
        sheet = book["Results"]
        column = [cell.value for cell in sheet[1]].index("pin_identity") + 1
        assert sheet.cell(4, column).value == "1.5E+11"
        sheet.cell(4, column).value = "D"
        book.save(tmp_path / "fixed.xlsx")
        again = importer.run_import(tmp_path / "fixed.xlsx", output=tmp_path / "r2.xlsx", **there)
    assert {str(word): count for word, count in again.scope_results.items()} == {"Already created": 1, "Created": 1}


BROKEN = {
    "magento": "24-UB02",
    "woocommerce": "woo-sunglasses",
    "shopify": "woven-belt",
    "shoptet": "60179/46",
    "prestashop": "15",
    "shopware": BATTERY,
    "akeneo": "stand-60",
    "algolia": "W-230",
}
"""Of each export a pinned product that no other row names."""


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_was_wrong_in_an_export_is_fixed_in_its_results_and_only_that_is_created(name, tmp_path):
    data = (EXPORTS / f"{name}.csv").read_bytes()
    before, found, after = data.rpartition(BROKEN[name].encode())
    assert found
    (tmp_path / "in.csv").write_bytes(before + b"1.5E+11" + after)
    with running_sandbox() as server:
        there = {
            "tracker_id": server.tracker_id,
            "private_key": server.private_key,
            "base_url": server.url,
            "ledger": tmp_path / "l.sqlite",
            "timezone": "Europe/Bratislava",
        }
        first = importer.run_import(tmp_path / "in.csv", mapping=name, output=tmp_path / "r.xlsx", **there)
        assert (first.exit_code, len(server.store)) == (1, len(EXPECTED[name]) - 1)
        book = openpyxl.load_workbook(tmp_path / "r.xlsx")
        (cell,) = [cell for row in book["Results"] for cell in row if cell.value == "1.5E+11"]
        cell.value = BROKEN[name]
        book.save(tmp_path / "fixed.xlsx")
        again = importer.run_import(tmp_path / "fixed.xlsx", output=tmp_path / "r2.xlsx", **there)
        sent = [json.loads(record.raw) for record in server.store.records()]
    assert {str(word): count for word, count in again.scope_results.items()} == {
        "Already created": len(EXPECTED[name]) - 1,
        "Created": 1,
    }
    assert sorted(map(json.dumps, sent)) == sorted(map(json.dumps, EXPECTED[name]))


def test_an_untranslated_identity_does_not_pass_for_one_when_the_results_come_back(tmp_path):
    (tmp_path / "urls.csv").write_text("sku;url\nP;/p/p\nA;/p/a\n", "utf-8")
    text = LINKS + '[identities]\nfile = "urls.csv"\nfrom = "sku"\nto = "url"\n'
    (tmp_path / "map.toml").write_text(text, "utf-8")
    (tmp_path / "in.csv").write_text("code,rel,rel2\nP,A,B\n", "utf-8")
    for output in ("r.xlsx", "r.csv"):
        report = importer.check(tmp_path / "in.csv", mapping=tmp_path / "map.toml", output=tmp_path / output)
        assert [problem.code for problem in report.problem_list()] == ["identity-unlisted"]
        back = importer.check(tmp_path / output)
        assert [problem.code for problem in back.problem_list()] == ["cell-error"]


def test_a_results_workbook_is_read_without_the_mapping_even_where_it_is_asked_for(tmp_path):
    importer.check(EXPORTS / "shoptet.csv", mapping="shoptet", output=tmp_path / "r.xlsx")
    report = importer.check(tmp_path / "r.xlsx", mapping="shoptet")
    assert (report.mapping, report.exit_code) == (None, 0)
    said = "The sheet has the importer's own columns, so the mapping shoptet was not used."
    assert said in [notice.text for notice in report.notices]


def test_problems_of_one_row_of_an_export_are_said_so(tmp_path, capsys):
    (tmp_path / "map.toml").write_text(LINKS, "utf-8")
    (tmp_path / "in.csv").write_text("code,rel,rel2\nP,1.5E+11,2.5E+11\nQ,A,B\n", "utf-8")
    said = Program(capsys)("check", tmp_path / "in.csv", "--mapping", tmp_path / "map.toml").out
    assert re.search(r" \(2\), in row 2\n", said), said


def test_one_offs_are_called_what_they_are(tmp_path):
    (tmp_path / "in.csv").write_text("sku,linked\nP,A\n", "utf-8")
    options = {"map": {"target_identity": "sku", "pin_identity": "linked"}, "set": ["model=basket"]}
    report = importer.check(tmp_path / "in.csv", **options)
    assert "Mapping: columns that the command names (--map). 1 row gave 1 pin." in [n.text for n in report.notices]


def test_one_offs_without_a_mapping_file(tmp_path):
    (tmp_path / "in.csv").write_text("sku,linked,position\nP,A,1\nP,B,2\n", "utf-8")
    found = bodies(tmp_path / "in.csv", map={"target_identity": "sku", "pin_identity": "linked"}, set=["model=basket"])
    assert found == [item("basket", "P", (1, "A"), (2, "B"))]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"map": ["sku"]}, "--map sku is not understood. Write --map OURS=THEIRS"),
        ({"set": ["modell=x"]}, "--set modell=x: pins have no column modell. Possible are model,"),
        ({"mapping": "shopptet"}, "There is no mapping shopptet: neither a file of that name nor a built-in one."),
        (
            {"map": {"pin_identity": "nothing"}, "set": {"model": "m", "target_type": "all"}},
            "--map, pin_identity: the sheet in.csv has no",
        ),
    ],
)
def test_wrong_one_offs_are_refused(options, said, tmp_path):
    (tmp_path / "in.csv").write_text("sku,linked\nP,A\n", "utf-8")
    with pytest.raises(ImporterError) as caught:
        importer.check(tmp_path / "in.csv", **options)
    assert str(caught.value).startswith(said)


def test_targets_may_be_filled_down(tmp_path):
    (tmp_path / "in.csv").write_text("sku,linked_sku\nP,A\n,B\nQ,C\n", "utf-8")
    found = bodies(tmp_path / "in.csv", mapping="magento", fill_down=True)
    assert found == [item(COMPLEMENTS, "P", (1, "A"), (2, "B")), item(COMPLEMENTS, "Q", (1, "C"))]


def test_an_unknown_sheet_is_sent_to_the_command_that_proposes(tmp_path):
    (tmp_path / "in.csv").write_text("Artikelnummer;Zubehör\nA;B\n", "utf-8")
    with pytest.raises(ImporterError, match=r"pin-importer mapping .*in\.csv proposes how to read it\."):
        importer.check(tmp_path / "in.csv")


def test_workbooks_are_exports_too(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Exported 1 March"], [], ["SKU", "Upsells", "Cross-sells"], [1001, "1002, 1003", None]):
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    assert bodies(tmp_path / "in.xlsx", mapping="woocommerce") == [
        item(ALTERNATIVES, "1001", *in_order("1002", "1003"))
    ]
