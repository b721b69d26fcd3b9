"""`--update` as people meet it: the screen, the JSON, the question, the number to type."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox import Sandbox, running_sandbox
from tests.driving import Program
from tests.live.test_update import LATER, body, pin, row, scopes, sheet


@pytest.fixture
def shop() -> Iterator[Sandbox]:
    with running_sandbox() as server:
        server.seed({**body("/other", target_metadata={"title": "x"}), "model": "other"})
        yield server


@pytest.fixture
def program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shop: Sandbox, tmp_path: Path
) -> Program:
    monkeypatch.chdir(tmp_path)
    for name, value in environment(shop, tmp_path).items():
        monkeypatch.setenv(name, value)
    return Program(capsys)


def environment(shop: Sandbox, folder: Path) -> dict[str, str]:
    return {
        "LUIGISBOX_BASE_URL": shop.url,
        "LUIGISBOX_TRACKER_ID": shop.tracker_id,
        "LUIGISBOX_PRIVATE_KEY": shop.private_key,
        "PIN_IMPORTER_LEDGER": str(folder / "ledger.sqlite"),
        "PIN_IMPORTER_TIMEZONE": "Europe/Bratislava",
    }


def test_the_screen_says_how_much_is_changed_and_shows_the_first(program, shop, tmp_path):
    one, two = shop.seed(body("/p/1", pin(), tags=["a"])), shop.seed(body("/p/2"))
    path = sheet(tmp_path, row(one, active_to=LATER, tags=""), row(two, command="delete"))
    said = program("check", path, "--update")
    assert said.code == 0, said.err
    assert "By what is live: 1 to replace, 1 to delete." in said.out
    assert "To change: 2 cells changed." in said.out
    assert "row 2, active_to: 2026-12-24 23:59:59 → 2027-01-06 23:59:59" in said.out
    assert "row 2, tags: a → (empty)" in said.out
    assert f"row 3: customization {two.id} deleted, with 1 pin\n" in said.out
    assert "more, all on the sheet Plan" not in said.out
    assert "To send" not in said.out
    assert "tags, Live Version, Command." in said.out, "they are read"


def test_the_first_ten_changes_are_shown_and_the_rest_counted(program, shop, tmp_path):
    rows = [row(shop.seed(body(f"/p/{at}")), active_to=LATER) for at in range(12)]
    said = program("check", sheet(tmp_path, *rows), "--update")
    assert said.out.count("active_to: ") == 10
    assert "and 2 more. The sheet Plan of the results workbook has them all (check writes it with --output" in said.out


def test_the_json_has_the_plan(program, shop, tmp_path):
    record = shop.seed(body())
    path = sheet(tmp_path, row(record, active_to=LATER))
    found: dict[str, Any] = program("import", path, "--update", "--yes", "--json").object
    assert found["plan"] == {
        "create": 0,
        "unchanged": 0,
        "replace": 1,
        "delete": 0,
        "gone": 0,
        "conflict": 0,
        "cells": 1,
        "pins_added": 0,
        "pins_removed": 0,
        "first": [
            {
                "row": 2,
                "column": "active_to",
                "change": "changed",
                "live": "2026-12-24 23:59:59",
                "new": "2027-01-06 23:59:59",
                "id": record.id,
            }
        ],
    }
    assert (found["exit_code"], found["row_results"]) == (0, {"Replaced": 1})
    assert found["message"] == "1 row is done: 1 replaced."
    assert program("check", path, "--json", "--no-look").object["plan"] is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--again"], "--update and --again do not go together"),
        (["--create-beside"], "--update and --create-beside do not go together"),
        (["--no-look"], "--update and --no-look do not go together"),
    ],
)
def test_wrong_usage(program, shop, tmp_path, more, said):
    path = sheet(tmp_path, row(shop.seed(body())))
    found = program("import", path, "--update", "--yes", *more)
    assert (found.code, said in found.err) == (2, True)


def test_yes_delete_goes_with_update_alone(program, shop, tmp_path):
    path = sheet(tmp_path, row(shop.seed(body())))
    found = program("import", path, "--yes", "--yes-delete", "3")
    assert (found.code, "Add --update" in found.err) == (2, True)


def test_without_a_terminal_many_changes_end_with_exit_2_and_the_number(program, shop, tmp_path):
    path = sheet(tmp_path, *(row(shop.seed(body(f"/p/{at}")), command="delete") for at in range(21)))
    found = program("import", path, "--update", "--yes")
    assert (found.code, len(scopes(shop))) == (2, 21)
    assert "21 customizations of 21" in found.err
    assert "--yes-delete 21" in found.err
    found = program("import", path, "--update", "--yes", "--yes-delete", "21")
    assert (found.code, len(scopes(shop))) == (0, 0)


def test_a_wrong_key_changes_nothing(program, shop, tmp_path, monkeypatch):
    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", "wrong")
    path = sheet(tmp_path, row(shop.seed(body()), command="delete"))
    for command in (["check", path, "--update"], ["import", path, "--update", "--yes"]):
        assert program(*command).code == 3
    assert len(scopes(shop)) == 1


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("extra", "typed", "left"), [([], "21", 0), ([], "20", 21), ([], "y", 21), (["--yes"], "21", 0)]
)
def test_on_a_terminal_the_number_is_typed(shop, tmp_path, extra, typed, left):
    from tests.terminal import converse  # noqa: PLC0415 - posix only

    path = sheet(tmp_path, *(row(shop.seed(body(f"/p/{at}")), command="delete") for at in range(21)))
    command = [sys.executable, "-m", "importer", "import", str(path), "--update", *extra]
    code, screen = converse(command, [("Type the number", typed)], environment(shop, tmp_path))
    assert (len(scopes(shop)), code) == (left, 0 if left == 0 else 1), screen


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_on_a_terminal_few_changes_are_asked_about_with_their_kinds(shop, tmp_path):
    from tests.terminal import converse  # noqa: PLC0415 - posix only

    path = sheet(tmp_path, row(shop.seed(body()), active_to=LATER))
    command = [sys.executable, "-m", "importer", "import", str(path), "--update"]
    code, _ = converse(command, [("Create 0, replace 1 and delete 0 at tracker", "y")], environment(shop, tmp_path))
    assert code == 0
    assert scopes(shop) == [body("/p/1", pin(active_to=LATER))]


def test_a_scope_that_is_held_back_names_its_row_or_its_first_rows(program, shop, tmp_path):
    one, many = shop.seed(body("/p/1")), shop.seed(body("/p/2"))
    rows = [row(one), *(row(many, position=str(place), pin_identity=f"/s/{place}") for place in range(1, 8))]
    shop.store.delete(one.id)
    shop.store.delete(many.id)
    said = program("check", sheet(tmp_path, *rows), "--update")
    assert f"  row 2: Customization {one.id}" in said.out
    assert f"  rows 3, 4, 5, 6, 7 …: Customization {many.id}" in said.out


def test_only_what_is_counted_is_said(program, shop, tmp_path):
    wrong = {**row(shop.seed(body())), "position": "x"}
    said = program("import", sheet(tmp_path, wrong), "--update", "--yes")
    assert "Held back       1 scope" in said.out
    assert "0 rows" not in said.out
