"""What a configuration file can say, and how what it cannot say is refused."""

import re
from pathlib import Path

import pytest

from importer.errors import UsageError
from importer.shops.choose import read_config
from importer.shops.file import parse

SK = """[shops.sk]
tracker_id = "1234-5678"
private_key_file = "keys/sk"
timezone = "Europe/Bratislava"
mapping = "Shoptet"
"""


def refused(text, path=Path("config.toml")):
    with pytest.raises(UsageError) as caught:
        parse(text, path)
    return str(caught.value)


def test_a_shop_with_all_that_it_can_say(tmp_path):
    (tmp_path / "our.toml").write_text("", "utf-8")
    text = SK.replace("Shoptet", "our.toml") + 'base_url = "https://live.luigisbox.tech"\n'
    (shop,) = parse(text, tmp_path / "config.toml")
    assert (shop.name, shop.tracker_id, shop.base_url) == ("sk", "1234-5678", "https://live.luigisbox.tech")
    assert (shop.private_key_file, shop.timezone) == (tmp_path / "keys" / "sk", "Europe/Bratislava")
    assert shop.mapping == str(tmp_path / "our.toml")


def test_paths_count_from_the_file_or_from_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    (shop,) = parse('[shops.sk]\nprivate_key_file = "~/.keys/sk"\n', tmp_path / "config.toml")
    assert shop.private_key_file == tmp_path / "home" / ".keys" / "sk"
    absolute = (tmp_path / "elsewhere").as_posix()
    (shop,) = parse(f'[shops.sk]\nprivate_key_file = "{absolute}"\n', Path("config.toml"))
    assert shop.private_key_file == tmp_path / "elsewhere"


@pytest.mark.parametrize(
    "data",
    [
        SK.encode(),
        b"\xef\xbb\xbf" + SK.encode(),
        SK.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + SK.replace("\n", "\r\n").encode(),
    ],
    ids=["plain", "bom", "crlf", "bom and crlf"],
)
def test_files_as_editors_save_them(data, tmp_path):
    (tmp_path / "config.toml").write_bytes(data)
    config = read_config(tmp_path / "config.toml")
    assert [(shop.name, shop.mapping, shop.tracker_id) for shop in config.shops] == [("sk", "shoptet", "1234-5678")]


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "[shops]\n"])
def test_an_empty_file_has_no_shops(text):
    assert parse(text, Path("config.toml")) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[shops.sk\n", r"config\.toml: this is not valid TOML \(.*line 1.*\)\."),
        ("[shops.sk]\ntracker_id = 1-2\n", r"config\.toml: this is not valid TOML \(.*line 2.*\)\."),
        (SK + 'tracker = "1"\n', r"config\.toml, line 6, shops\.sk\.tracker: there is no such key here\. Possible"),
        ('[shop.sk]\ntracker_id = "1"\n', r"config\.toml, line 1, shop: there is no such key here\. Po"),
        ('tracker_id = "1-2"\n', r"config\.toml, line 1, tracker_id: there is no such key here"),
        ('shops = "sk"\n', r"config\.toml, line 1, shops: this must be a table of shops"),
        ('[shops]\nsk = "1"\n', r"config\.toml, line 2, shops\.sk: this must be a shop, begun with .* \[shops\.sk\]\."),
        ("[shops.sk]\ntracker_id = 12345678\n", r"line 2, shops\.sk\.tracker_id: this must be a text in quotes\."),
        ('[shops.sk]\nmapping = " "\n', r"line 2, shops\.sk\.mapping: this must be a text in quotes\."),
        ('[shops.sk]\n\ntracker_id = "1/2"\n', r"line 3, shops\.sk\.tracker_id: The tracker ID cannot be right"),
        ('[shops.sk]\nbase_url = "http://x.com"\n', r"line 2, shops\.sk\.base_url: The base URL is not encrypted"),
        ('[shops.sk]\ntimezone = "Bratislava"\n', r"line 2, shops\.sk\.timezone: The time zone 'Bratislava'"),
        ('[shops.sk]\nmapping = "shopptet"\n', r"line 2, shops\.sk\.mapping: there is no mapping shopptet: neither a"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_line_and_key(text, said):
    assert re.match(rf"(config\.toml, )?{said}", refused(text)), refused(text)


KEY = "b64kEyThatNobodyMaySee0123456789"


@pytest.mark.parametrize(
    "text",
    [
        f'[shops.sk]\nprivate_key = "{KEY}"\n',
        f'[shops.sk]\nkey = "{KEY}"\n',
        f'[shops.sk]\napi_secret = "{KEY}"\n',
        f'private_key = "{KEY}"\n',
        f'[shops]\nprivate_key = "{KEY}"\n',
        f'[shops.sk]\ntracker_id = "1-2"\nprivate_key.file = "{KEY}"\n',
    ],
)
def test_a_key_in_the_file_is_refused_and_not_repeated(text):
    said = refused(text)
    assert "a private key has no place in this file" in said
    assert KEY not in said
    assert re.match(r"config\.toml, line \d, ", said)


@pytest.mark.parametrize("name", ["tracker_id", "private_key_file"])
def test_a_key_in_the_wrong_place_is_not_repeated_either(name):
    value = KEY + "+/=" if name == "tracker_id" else ""
    assert KEY not in refused(f'[shops.sk]\n{name} = "{value}"\n')


def test_a_file_that_is_none(tmp_path):
    with pytest.raises(UsageError, match=r"^There is no configuration file .*config\.toml\.$"):
        read_config(tmp_path / "config.toml")
    with pytest.raises(UsageError, match=r"^The configuration file .* cannot be read \(.+\)\. It must be a text file"):
        read_config(tmp_path)
    (tmp_path / "config.toml").write_bytes(SK.encode("utf-16"))
    with pytest.raises(UsageError, match=r"cannot be read \(it is not UTF-8\)"):
        read_config(tmp_path / "config.toml")
