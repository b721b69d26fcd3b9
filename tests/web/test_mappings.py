"""Views of mappings: a built-in one, columns chosen one by one, a file of one's own."""

from __future__ import annotations

import html
import re
import shutil

import pytest

from importer.mapping.parse import parse
from importer.mapping.write import Choice, chosen_text
from tests.pages import ROOT
from tests.web.site import SAME

EXPORTS = ROOT / "examples" / "exports"


def fields(page: str) -> dict[str, str]:
    """A form as a browser would send it unchanged."""
    found = dict(re.findall(r'<input (?:type="hidden" )?name="([^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r"<option[^>]*? selected[^>]*>", options)
        value = re.search(r'value="([^"]*)"', chosen[0]) if chosen else None
        found[name] = value[1] if value else ""
    found.pop("builtin", None)
    return {name: html.unescape(value) for name, value in found.items()}


def test_an_export_that_a_built_in_mapping_fits_is_read_by_one_press(site):
    address = site.drop(EXPORTS / "shoptet.csv")
    text = site.get(address).text
    assert "Is it an export of another system?" in text
    text = site.get(f"{address}/mapping").text
    assert "fits the built-in mapping shoptet" in text
    assert site.post(f"{address}/mapping", builtin="shoptet").to == address
    site.settle()
    text = site.get(address).text
    assert "ready to send" in text
    assert "It is read with the mapping shoptet." in text
    assert "relatedProduct" in site.get(f"{address}/mapping.toml").body.decode()


def test_a_model_is_given_for_an_export_that_names_none(site):
    address = site.drop(EXPORTS / "prestashop.csv")
    site.post(f"{address}/mapping", builtin="prestashop", model="basket")
    site.settle()
    assert "ready to send" in site.get(address).text


def test_columns_are_chosen_one_by_one_and_kept_as_a_file(site, tmp_path):
    address = site.drop(EXPORTS / "links.csv")
    page = site.get(f"{address}/mapping").body.decode()
    form = fields(page)
    form["set-model"] = "basket"
    assert "target_identity" in form.values()
    assert site.post(f"{address}/mapping", **form).to == address
    site.settle()
    assert "ready to send" in site.get(address).text
    saved = site.get(f"{address}/mapping.toml")
    assert saved.headers["Content-Disposition"].endswith("links.mapping.toml")
    assert parse(saved.body.decode(), "links.toml").blocks
    site.post(f"{address}/mapping", none="1")
    site.settle()
    assert "This sheet cannot be used as it is" in site.get(address).text
    body = (
        b'--m\r\nContent-Disposition: form-data; name="file"; filename="links.toml"\r\n\r\n'
        + saved.body
        + b"\r\n--m--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=m"}
    answer = site.ask("POST", f"{address}/mapping-file", {**site.cookie, **SAME, **kind}, body)
    assert answer.to == address
    site.settle()
    assert "It is read with the mapping links.toml." in site.get(address).text


def test_a_choice_that_cannot_be_is_a_sentence(site):
    address = site.drop(EXPORTS / "links.csv")
    form = fields(site.get(f"{address}/mapping").body.decode())
    nothing = {name: "" if name.startswith("ours-") else value for name, value in form.items()}
    answer = site.post(f"{address}/mapping", **nothing)
    assert answer.status == 422
    assert "no column says which products are pinned" in answer.text
    assert str(site.desk.folder.path) not in answer.text


def test_the_mapping_stays_for_the_next_sheet_of_the_kind(site, tmp_path):
    address = site.drop(EXPORTS / "shoptet.csv")
    site.post(f"{address}/mapping", builtin="shoptet")
    site.settle()
    shutil.copy(EXPORTS / "shoptet.csv", tmp_path / "next.csv")
    assert "ready to send" in site.get(site.drop(tmp_path / "next.csv")).text


@pytest.mark.parametrize("name", ["no such mapping", "../../etc/passwd", "/etc/passwd"])
def test_another_name_than_a_built_in_one_reads_no_file_of_this_computer(site, name):
    address = site.drop(EXPORTS / "shoptet.csv")
    answer = site.post(f"{address}/mapping", builtin=name)
    site.settle()
    assert answer.status == 404
    assert "root:" not in site.get(address).text


def test_a_mapping_that_names_another_file_is_refused(site):
    address = site.drop(EXPORTS / "links.csv")
    table = '[identities]\nfile = "/etc/passwd"\nfrom = "a"\nto = "b"\n'
    text = chosen_text([Choice("SKU", "target_identity"), Choice("x", "pin_identity", "m")], {}, "t") + table
    body = (
        b'--m\r\nContent-Disposition: form-data; name="file"; filename="x.toml"\r\n\r\n' + text.encode() + b"\r\n--m--"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=m"}
    answer = site.ask("POST", f"{address}/mapping-file", {**site.cookie, **SAME, **kind}, body)
    assert answer.status == 422
    assert "reads no file but those that were dropped" in answer.text


def test_hostile_headers_stay_text(site):
    content = b'sku;related;<b id="x">"\n1;2;3\n'
    address = site.upload("export.csv", content).to
    site.settle()
    assert b'<b id="x">' not in site.get(f"{address}/mapping").body


def test_the_text_of_choices_is_a_mapping_that_says_them():
    choices = [
        Choice("SKU", "target_identity"),
        Choice('name "x"', "target_metadata.title"),
        Choice("related#", "pin_identity", "basket"),
        Choice("up\tsell", "pin_identity", "other", "\n"),
    ]
    mapping = parse(chosen_text(choices, {"target_type": "item", "position": ""}, 'a "b"'), "x.toml")
    first, second = mapping.blocks
    assert first.columns["pin_identity"].headers == ("related#",)
    assert (first.constants["model"], second.constants["model"]) == ("basket", "other")
    assert second.columns["pin_identity"].split == "\n"
    assert first.columns["target_metadata.title"].headers == ('name "x"',)
    assert "position" not in first.constants
