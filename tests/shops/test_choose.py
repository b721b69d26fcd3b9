"""Which shop is in force, and what wins: option, environment, shop, default."""

import json
from pathlib import Path

import openpyxl
import pytest

import importer
from importer.cli.commands import cli
from importer.cli.session import Session
from importer.errors import UsageError
from importer.options import local_timezone, settings
from importer.shops.choose import filled, own_config
from tests.driving import HEADER, pin, pins
from tests.shops.configuring import complete, configured, shop

HEADERS = [*HEADER, "active_from"]
EXPORT = "code;relatedProduct\n0001;0002\n"


# ── Precedence ──────────────────────────────────────────────────────────────────────────────────────────────────


def settings_of(*words):
    """The settings of a check with these words."""
    given = cli.commands["check"].make_context("check", list(words)).params
    return settings(Session("check", Path(given["file"]), given).options(given))


SETTINGS = {
    "tracker_id": (
        "--tracker-id",
        "LUIGISBOX_TRACKER_ID",
        lambda it: it.tracker and it.tracker.tracker_id,
        None,
        ("1-1", "2-2", "3-3"),
    ),
    "base_url": (
        "--base-url",
        "LUIGISBOX_BASE_URL",
        lambda it: it.tracker.base_url,
        "https://live.luigisbox.com",
        ("https://one.example", "https://two.example", "https://three.example"),
    ),
    "timezone": (
        "--timezone",
        "PIN_IMPORTER_TIMEZONE",
        lambda it: str(it.checking.timezone),
        str(local_timezone()),
        ("Europe/Prague", "Europe/London", "Asia/Tokyo"),
    ),
    "mapping": ("--mapping", None, lambda it: it.mapping.name, None, ("shoptet", None, "magento")),
}


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("given", ["option", "environment", "shop", "default"])
def test_an_option_beats_the_environment_beats_the_shop_beats_the_default(name, given, monkeypatch):
    option, variable, value_of, default, (first, second, third) = SETTINGS[name]
    rest = {} if name == "tracker_id" else {"tracker_id": "9-9"}
    configured(shop("sk", **rest | ({name: third} if given != "default" else {})))
    if variable and given in ("option", "environment"):
        monkeypatch.setenv(variable, second)
    found = settings_of("in.csv", *([option, first] if given == "option" else []))
    expected = {"option": first, "environment": second or third, "shop": third, "default": default}[given]
    assert value_of(found) == expected


@pytest.mark.parametrize("given", ["option", "environment", "shop", "none"])
def test_where_the_key_is_from(given, program, server, monkeypatch, tmp_path):
    """Only the winner's key is the server's: the import goes through."""
    for name in ("option", "shop"):
        (tmp_path / name).write_text(server.private_key if name == given else "wrong", "utf-8")
    entries = complete(server, tmp_path) | {"private_key_file": "shop"}
    if given == "none":
        del entries["private_key_file"]
    config = configured(shop("sk", **entries), tmp_path / "c.toml")
    if given in ("option", "environment"):
        monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", server.private_key if given == "environment" else "wrong")
    option = ["--private-key-file", tmp_path / "option"] if given == "option" else []
    said = program("import", pins(tmp_path / "a.csv", pin()), "--yes", "--config", config, *option)
    assert (said.code, len(server.store)) == ((2, 0) if given == "none" else (0, 1))
    if given == "none":
        assert "The private key is missing." in said.err


@pytest.mark.parametrize("way", ["option", "environment", "only", "file"])
def test_which_shop_is_in_force(way, program, server, monkeypatch, tmp_path):
    text = shop("sk", **complete(server, tmp_path))
    if way in ("option", "environment"):
        text += shop("cz", tracker_id="7-7")
    path = configured(text, tmp_path / "my config.toml" if way == "file" else None)
    if way == "environment":
        monkeypatch.setenv("PIN_IMPORTER_SHOP", "sk")
    words = {"option": ["--shop", "sk"], "file": ["--config", path]}.get(way, [])
    said = program("import", pins(tmp_path / "a.csv", pin()), "--yes", "--json", *words)
    assert (said.code, said.object["shop"], len(server.store)) == (0, "sk", 1)


def test_the_option_names_another_shop_than_the_environment(program, monkeypatch, tmp_path):
    configured(shop("sk", tracker_id="1-1") + shop("cz", tracker_id="2-2"))
    monkeypatch.setenv("PIN_IMPORTER_SHOP", "cz")
    said = program("check", pins(tmp_path / "a.csv", pin()), "--shop", "sk")
    assert "For the shop sk, tracker 1-1 at https://live.luigisbox.com." in said.out


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (shop("sk"), ["--shop", "cz"], "There is no shop cz in {path}. The shops there are: sk."),
        ("", ["--shop", "cz"], "There is no shop cz in {path}. It has no shops."),
        (shop("sk") + shop("cz"), ["--shop", "SK"], "There is no shop SK in {path}. The shops there are: sk, cz."),
        (None, ["--shop", "cz"], "There is no configuration file {path}."),
        (None, ["--config", "gone.toml"], "There is no configuration file gone.toml."),
    ],
)
def test_a_shop_or_a_file_that_there_is_not(text, words, said, program, tmp_path):
    if text is not None:
        configured(text)
    found = program("check", pins(tmp_path / "a.csv", pin()), *words)
    assert (found.code, found.err.strip()) == (2, said.format(path=own_config()))


def test_no_configuration_is_no_trouble(program, tmp_path):
    said = program("check", pins(tmp_path / "a.csv", pin()), "--json")
    assert (said.code, said.object["shop"]) == (0, None)
    configured("")
    assert program("check", tmp_path / "a.csv").code == 0


def test_of_several_shops_none_is_chosen_by_itself(program, tmp_path):
    path = configured(shop("sk", tracker_id="1-1", mapping="shoptet") + shop("cz", tracker_id="2-2"))
    file = pins(tmp_path / "a.csv", pin())
    hint = f"None of the shops in {path} is chosen; name one with --shop: sk, cz."
    said = program("check", file)
    assert (said.code, hint in said.out) == (0, True)
    assert "For the" not in said.out
    said = program("import", file, "--yes")
    assert said.code == 2
    assert said.err.startswith("The tracker ID is missing.")
    assert hint in said.err


def test_no_shop_at_all_where_there_is_one(program, tmp_path):
    configured(shop("sk", tracker_id="1-1"))
    said = program("check", pins(tmp_path / "a.csv", pin()), "--shop", "", "--json")
    assert (said.code, said.object["shop"]) == (0, None)


def test_a_key_goes_with_its_tracker_only(program, server, tmp_path):
    configured(shop("sk", **complete(server, tmp_path)))
    said = program("import", pins(tmp_path / "a.csv", pin()), "--yes", "--tracker-id", "9-9")
    assert said.code == 2
    assert said.err.endswith("The shop sk has another tracker, so its key is not used.\n")


# ── What a shop does ────────────────────────────────────────────────────────────────────────────────────────────


def test_shop_tracker_and_mapping_are_shown_and_kept(program, server, tmp_path):
    configured(shop("sk", **complete(server, tmp_path, mapping="shoptet", timezone="Asia/Tokyo")))
    (tmp_path / "in.csv").write_text(EXPORT, "utf-8")
    said = program("import", "in.csv", "--yes", "--output", "r.xlsx")
    lines = said.out.splitlines()
    shown = lines.index(f"For the shop sk, tracker {server.tracker_id} at {server.url}.")
    assert shown < lines.index("To send: 1 scope with 1 pin.")
    assert any(line.startswith("Mapping: Shoptet") and "(shoptet)" in line for line in lines[:shown])
    summary = dict(row[:2] for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["Summary"].values)
    assert (summary["Shop"], summary["Tracker"]) == ("sk", server.tracker_id)
    assert (summary["Mapping"], summary["Time zone of dates that name none"]) == (
        "shoptet (Shoptet: related and alternative products)",
        "Asia/Tokyo",
    )
    assert server.private_key not in said.out + said.err
    again = program("import", "in.csv", "--yes", "--json").object
    assert (again["shop"], again["mapping"], again["row_results"]) == ("sk", "shoptet", {"Already created": 1})


def test_a_rehearsal_takes_zone_and_mapping_but_neither_tracker_nor_key(program, tmp_path):
    configured(shop("sk", tracker_id="1-1", private_key_file="gone", timezone="Asia/Tokyo"))
    file = pins(tmp_path / "a.csv", pin("/p/1", 1, "/p/2", "2026-12-01"), header=HEADERS)
    said = program("import", file, "--sandbox", "--output", "r.xlsx")
    assert said.code == 0, said.err
    assert "A rehearsal for the shop sk: its time zone and mapping count, its tracker and key are not used." in said.out
    summary = dict(row[:2] for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["Summary"].values)
    assert (summary["Time zone of dates that name none"], summary["Shop"]) == ("Asia/Tokyo", "sk")
    assert summary["Tracker"] != "1-1"


def test_a_check_needs_no_key(program, tmp_path):
    configured(shop("sk", tracker_id="1-1", private_key_file="gone"))
    assert program("check", pins(tmp_path / "a.csv", pin())).code == 0


def test_a_key_file_that_is_not_there_is_said_before_the_file_is_read(program, tmp_path):
    configured(shop("sk", tracker_id="1-1", private_key_file="gone"))
    said = program("import", tmp_path / "none.csv", "--yes")
    assert (said.code, said.err.startswith("The key file that was named cannot be read.")) == (2, True)


@pytest.mark.skipif("os.name != 'posix'", reason="Windows has no such bits")
def test_a_key_file_that_others_can_read_is_said(program, server, tmp_path):
    entries = complete(server, tmp_path)
    Path(entries["private_key_file"]).chmod(0o644)
    configured(shop("sk", **entries))
    said = program("import", pins(tmp_path / "a.csv", pin()), "--yes")
    assert (said.code, "Others on this computer can read" in said.err) == (0, True)


def test_a_shops_mapping_is_not_for_this_sheet(program, tmp_path):
    configured(shop("sk", mapping="shoptet"))
    (tmp_path / "in.csv").write_text("SKU,Upsells\nA,B\n", "utf-8")
    said = program("check", "in.csv")
    assert said.code == 2
    assert said.err.endswith('The mapping is that of the shop sk; --mapping "" reads the sheet without one.\n')
    said = program("check", "in.csv", "--mapping", "magento")
    assert (said.code, "that of the shop" in said.err) == (2, False)
    said = program("check", "in.csv", "--mapping", "")
    assert said.err.startswith("No row of headers was found in the first rows of in.csv")


def test_a_shops_mapping_file_counts_from_the_configuration(program, tmp_path):
    path = configured(shop("sk", mapping="our.toml"), tmp_path / "etc" / "c.toml")
    (path.parent / "our.toml").write_text(
        '[columns]\ntarget_identity = "a"\npin_identity = "b"\n[constants]\nmodel = "basket"\n', "utf-8"
    )
    (tmp_path / "in.csv").write_text("a,b\nA,B\n", "utf-8")
    said = program("check", "in.csv", "--config", path, "--json")
    assert (said.code, said.object["mapping"]) == (0, str(path.parent / "our.toml"))


# ── As a library ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_library_reads_no_configuration_unasked(tmp_path):
    configured(shop("sk", tracker_id="1-1", timezone="Asia/Tokyo"))
    assert (settings({}).tracker, settings({}).shop) == (None, "")
    named = settings({"shop": "sk"})
    assert (named.shop, named.tracker.tracker_id, str(named.checking.timezone)) == ("sk", "1-1", "Asia/Tokyo")
    assert importer.check(pins(tmp_path / "a.csv", pin()), shop="sk").shop == "sk"


def test_the_library_imports_for_a_shop(server, tmp_path):
    path = configured(shop("sk", **complete(server, tmp_path)), tmp_path / "c.toml")
    file = pins(tmp_path / "a.csv", pin())
    report = importer.run_import(file, config=path, ledger=tmp_path / "l.sqlite", output=tmp_path / "r.xlsx")
    assert (report.exit_code, report.shop, len(server.store)) == (0, "sk", 1)
    with pytest.raises(UsageError, match="The key file that was named cannot be read"):
        importer.run_import(file, config=path, private_key_file=tmp_path / "gone", ledger=tmp_path / "l.sqlite")


def test_filling_twice_changes_nothing(tmp_path):
    path = configured(shop("sk", tracker_id="1-1", private_key_file="k", mapping="shoptet"), tmp_path / "c.toml")
    once = filled({"config": path, "timezone": None}).options
    assert filled(once).options == once
    assert json.loads(json.dumps(once, default=str))["mapping"] == "shoptet"
