"""The README tells the truth: its tables are the program's own, its examples run."""

import json
import re

import pytest

from importer.columns import COLUMNS
from importer.model import Result
from tests import readme_tables
from tests.driving import pin, pins
from tests.reading import making
from tests.readme_commands import README, command

TEXT = README.read_text("utf-8")


def test_tables_are_as_the_program_makes_them():
    assert readme_tables.renewed(TEXT) == TEXT, "run: python -m tests.readme_tables"


def test_every_column_and_result_word_is_explained():
    for column in COLUMNS:
        assert f"| `{column.name}` |" in TEXT
    for result in set(Result) - {Result.READY}:
        assert f"| `{result}` |" in TEXT


def test_the_two_commands_are_one_line_each():
    for name in ("import", "test"):
        assert command(name).count("\n") == 1


def test_the_json_example_has_the_keys_that_the_program_prints(tmp_path):
    import importer  # noqa: PLC0415
    from importer.reporting import as_json  # noqa: PLC0415

    example = json.loads(re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)[1])
    real = as_json(importer.run_import(pins(tmp_path / "pins.csv", pin()), sandbox=True))
    assert list(example) == list(real)
    assert list(example["read"]) == list(real["read"])


def test_the_library_example_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    making.pins(tmp_path / "pins.xlsx")
    exec(re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)[1], {})
    assert "1 row is created." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["importer/columns.py", "importer/delivery/machine.py", ".ci/run", "LICENSE"])
def test_files_that_it_names_are_there(name):
    assert name in TEXT
    assert (README.parent / name).exists()
