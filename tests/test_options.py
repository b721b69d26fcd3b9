"""Options of the library that are of another kind than they must be."""

from __future__ import annotations

from pathlib import Path

import pytest

import importer
from importer.options import Options, settings

WRONG = {
    "sheet": 0, "encoding": 1250, "delimiter": b";", "timezone": 1, "date_order": 3, "base_url": Path("x"),
    "ignore_columns": "Start", "fill_down": "yes", "sandbox": 1, "strict": None, "concurrency": "8", "timeout": True,
    "max_rate": "1", "settle_time": "x", "output": 3, "ledger": True, "private_key": b"key", "tracker_id": 1234,
    "proxy": 1, "again": "no", "create_beside": 0, "no_look": 1, "mapping": 3, "map": "model=a",
    "update": 1, "yes_delete": "3",
    "set": {"model": 1}, "shop": 3, "config": 3, "private_key_file": 3,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(Options.__annotations__))
def test_a_value_of_another_kind_is_refused_in_a_sentence(name):
    with pytest.raises(importer.UsageError, match=f"^The option {name} is .*; it was given a"):
        settings({name: WRONG[name]})


def test_the_value_is_not_repeated_since_it_may_be_a_key_in_the_wrong_place():
    with pytest.raises(importer.UsageError) as caught:
        settings({"tracker_id": ["0123secret"]})
    assert "secret" not in str(caught.value)


def test_a_sheet_is_named_not_numbered(tmp_path):
    with pytest.raises(importer.UsageError, match="The option sheet is the name of a sheet, like 'Pins'; it was given"):
        importer.check(tmp_path / "p.xlsx", sheet=0)


@pytest.mark.parametrize("name", ["sheet", "encoding", "output", "max_rate", "private_key"])
def test_nothing_is_as_good_as_left_out(name):
    assert settings({name: None}) == settings({})


@pytest.mark.parametrize("wanted", ["utf-9", "hex", "rot13", "a\x00b", "ž"])
def test_an_encoding_that_is_none(wanted):
    with pytest.raises(importer.UsageError, match="is not known") as error:
        settings({"encoding": wanted})
    assert error.value.code == "encoding"


@pytest.mark.parametrize(
    ("wanted", "delimiter"), [("tab", "\t"), ("\\t", "\t"), ("^", "^"), ("Semicolon", ";"), ("|", "|"), ("\t", "\t")]
)
def test_a_delimiter_is_named_or_given_as_it_is(wanted, delimiter):
    assert settings({"delimiter": wanted}).reading.delimiter == delimiter


@pytest.mark.parametrize("wanted", ['"', "ab", "\n", "x", "7", "\0"])
def test_what_cannot_separate(wanted):
    with pytest.raises(importer.UsageError, match="cannot be used") as error:
        settings({"delimiter": wanted})
    assert error.value.code == "delimiter"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ignore_column": ["a"]}, "no such option: ignore_column (is ignore_columns meant?)"),
        ({"zz": 1}, "no such option: zz"),
    ],
)
def test_an_option_by_a_wrong_name_is_a_type_error_that_says_the_right_one(given, said):
    with pytest.raises(TypeError) as caught:
        settings(given)  # type: ignore[arg-type]
    assert str(caught.value) == said
