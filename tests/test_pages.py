"""The project's pages tell the truth: their tables are the program's own, their commands and examples run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from importer.cli import commands
from importer.columns import COLUMNS
from importer.mapping.parse import parse
from importer.model import Result
from importer.sandbox import running_sandbox
from importer.shops.file import KEYS
from importer.shops.file import parse as shops_of
from tests import page_tables
from tests.driving import pin, pins
from tests.pages import PAGES, README, ROOT, blocks, command, inline
from tests.reading import making

COMMAND_LINE = ROOT / "importer" / "cli" / "README.md"
SHEET = ROOT / "templates" / "README.md"
SHOPS = ROOT / "importer" / "shops" / "README.md"
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
by_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)


@by_page
def test_tables_are_as_the_program_makes_them(page):
    text = page.read_text("utf-8")
    assert page_tables.renewed(text) == text, "run: python -m tests.page_tables"


def test_every_table_stands_in_some_page():
    together = "".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name in page_tables.TABLES if f"<!-- table: {name} -->" not in together] == []


def test_every_column_and_result_word_is_explained():
    sheet, readme = SHEET.read_text("utf-8"), README.read_text("utf-8")
    for column in COLUMNS:
        assert f"| `{column.name}` |" in sheet
    for result in set(Result) - {Result.READY}:
        assert f"| `{result}` |" in readme


def test_every_key_of_a_shop_is_explained():
    assert re.findall(r"^\| `(\w+)` \| .* \| `--", SHOPS.read_text("utf-8"), re.MULTILINE) == list(KEYS)


def test_the_two_commands_are_one_line_each():
    for name in ("import", "test"):
        assert command(name).count("\n") == 1


def test_the_readme_can_be_read_in_a_hurry():
    assert len(README.read_text("utf-8").splitlines()) <= 200


def test_the_json_example_has_the_keys_that_the_program_prints(tmp_path):
    import importer  # noqa: PLC0415
    from importer.reporting import as_json  # noqa: PLC0415

    example = json.loads(blocks(COMMAND_LINE, "json")[0])
    real = as_json(importer.run_import(pins(tmp_path / "pins.csv", pin()), sandbox=True))
    assert list(example) == list(real)
    assert list(example["read"]) == list(real["read"])


@by_page
def test_library_examples_run(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    making.pins(tmp_path / "pins.xlsx")
    for example in blocks(page, "python"):
        exec(example, {})
        assert "1 row is created." in capsys.readouterr().out


@pytest.mark.skipif(not shutil.which("bash"), reason="the pages' lines are written for a Unix shell")
@by_page
def test_shell_lines_run(page, tmp_path, monkeypatch):
    """Each line of the program, as it stands, with a sandbox for the service and a folder of our own for `/data`."""
    making.pins(tmp_path / "pins.xlsx")
    (tmp_path / "key").write_text("secret", "utf-8")
    shutil.copytree(ROOT / "examples" / "exports", tmp_path / "examples" / "exports")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    with running_sandbox(private_key="secret") as sandbox:
        monkeypatch.setenv("LUIGISBOX_BASE_URL", sandbox.url)
        monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", sandbox.private_key)
        for block in blocks(page, "sh"):
            script = "\n".join(_here(line) for line in block.splitlines() if not line.startswith("docker "))
            done = subprocess.run(
                ["bash", "-ec", script], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False
            )
            assert done.returncode == 0, (script, done.stdout, done.stderr)


def _here(line: str) -> str:
    """A page's line, said where nobody can be asked, with our own files."""
    line = line.replace("/data/", "").replace("/run/secrets/luigisbox", "key")
    asks = " import " in line and "--sandbox" not in line and "--yes" not in line
    return f"{line} --yes" if asks else line


@by_page
def test_mapping_and_configuration_files_can_be_used(page):
    for example in blocks(page, "toml"):
        if page == SHOPS:
            assert [shop.name for shop in shops_of(example, page)] == ["sk", "cz"]
        else:
            assert parse(example, page.name).blocks


@by_page
def test_lines_within_sentences_can_be_said_so(page):
    """What stands in backticks and begins with the program's name is a command with options that it has."""
    for line in inline(page):
        if line.startswith("pin-importer "):
            _, name, *words = shlex.split(line)
            made = commands.cli.commands[name]
            with click.Context(made, info_name=name) as context:
                made.make_parser(context).parse_args(args=words)


@by_page
def test_files_that_it_names_are_there(page):
    text = page.read_text("utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in link:
            assert (page.parent / link).exists(), link
    for name in inline(page):
        if re.fullmatch(r"\.?[a-z]+/[A-Za-z_./-]+", name) and not name.startswith(("./", ".venv/")):
            assert (ROOT / name).exists(), name
