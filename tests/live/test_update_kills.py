"""Whole updates that are killed: the same command finishes, and nothing is half done or done twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.ledger import Ledger
from importer.sandbox import Sandbox, running_sandbox
from tests.delivery.test_kills import Forker
from tests.live.test_update import LATER, body, pin, row, scopes, sheet

MOMENTS = [("after-answer", 1, 0.0), ("after-answer", 5, 0.02), ("after-answer", 9, 0.0), ("before-rename", 1, 0.0)]

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    made = Forker()
    yield made
    made.stop()


@pytest.mark.parametrize(("moment", "at", "within"), MOMENTS)
def test_the_same_command_finishes(forker, tmp_path, moment, at, within):
    (tmp_path / "tmp").mkdir()
    with running_sandbox() as shop:
        shop.seed({**body("/other", target_metadata={"title": "x"}), "model": "other"})
        old = [shop.seed(body(f"/p/{at}", pin(weight=at))) for at in range(8)]
        rows = [row(record, active_to=LATER) for record in old[:5]] + [row(each, command="delete") for each in old[5:]]
        new = {**row(old[0]), "Customization ID": "", "Live Version": ""}
        path = sheet(tmp_path, *rows, *({**new, "target_identity": f"/new/{at}"} for at in range(3)))
        order = {
            "file": str(path),
            "home": str(tmp_path),
            "said": str(tmp_path / "said.json"),
            "update": 8,
        }
        killed = run(forker, shop, order, moment=moment, at=at, within=within)
        codes = [killed]
        while codes[-1] != 0 and len(codes) < 4:
            codes.append(run(forker, shop, order))
        assert codes[0] != 0 or within, "it was killed"
        assert codes[-1] == 0, (codes, (tmp_path / "said.json").read_text("utf-8"))

        there = {each["target_identity"]: each for each in scopes(shop)}
        wanted = {f"/p/{at}": body(f"/p/{at}", pin(weight=at, active_to=LATER)) for at in range(5)}
        assert there == wanted | {f"/new/{at}": body(f"/new/{at}") for at in range(3)}
        assert len(scopes(shop)) == len(there), "nothing is created twice"
        said = json.loads((tmp_path / "said.json").read_text("utf-8"))
        assert sum(said["scopes"].values()) == 11
        assert set(said["scopes"]) <= {"Created", "Already created", "Replaced", "Deleted", "Unchanged"}


def run(forker: Forker, shop: Sandbox, order: dict[str, object], **more: object) -> int:
    """One whole import; its exit code, less than 0 where it was killed."""
    return forker.run(shop, Path(str(order["home"]), "ledger.sqlite"), **order, **more)


def test_what_was_created_in_a_killed_update_is_owned_by_its_run(forker, tmp_path):
    """Its answer was lost with the process: the next run finds it again as its own, so that an undo reaches it."""
    (tmp_path / "tmp").mkdir()
    with running_sandbox() as shop:
        record = shop.seed({**body("/other", target_metadata={"title": "x"}), "model": "other"})
        fresh = {**row(record), "model": "basket", "Customization ID": "", "Live Version": ""}
        path = sheet(tmp_path, *({**fresh, "target_identity": f"/new/{at}"} for at in range(3)))
        order = {"file": str(path), "home": str(tmp_path), "said": str(tmp_path / "said.json"), "update": 8}
        assert run(forker, shop, order, moment="after-answer", at=3, within=0.0) != 0
        assert run(forker, shop, order) == 0
        made = {each["target_identity"] for each in scopes(shop)} - {"/other"}
        assert made == {f"/new/{at}" for at in range(3)}
        with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
            assert not ledger.upkeep.unknown()
