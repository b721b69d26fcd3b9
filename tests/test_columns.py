"""One table of columns: what is added there is everywhere, and what ledgers know scopes by stays as it is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import importer
from importer.canonical import canonical_projection
from tests.pages import ROOT

WHOLE = {
    "model": "basket",
    "target_type": "item",
    "target_identity": "/p/1",
    "target_metadata": {"title": "Watch"},
    "tags": ["spring"],
    "pin_definitions": [
        {
            "position": 1,
            "pin_type": "item",
            "pin_identity": "/p/2",
            "widget_id": "cart",
            "is_bundle_pin": True,
            "active_from": "2026-12-01T00:00:00+01:00",
            "active_to": "2026-12-24T23:59:59+01:00",
        }
    ],
}


def test_ledgers_still_know_what_was_created_before():
    """A literal: if this changes, every ledger forgets what it created, and the next import makes it twice."""
    assert canonical_projection(WHOLE) == (
        b'{"model":"basket","target_type":"item","target_identity":"/p/1","tags":["spring"],'
        b'"target_metadata":{"title":"Watch"},"pin_definitions":[{"position":1,"pin_type":"item","pin_identity":"/p/2",'
        b'"widget_id":"cart","is_bundle_pin":true,"active_from":1796079600000000,"active_to":1798153199000000}]}'
    )


ADDED = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path

import importer
from importer.checking import check
from importer.options import settings
from importer.canonical import canonical_projection
from importer.reading import read
from importer.scopes import Scopes
from importer.template import write_template
from tests import page_tables

folder = Path(sys.argv[1])
write_template(folder / "template.csv")
sheet = folder / "pins.csv"
head = "model,target_type,target_identity,season,position,pin_type,pin_identity,label\\n"
sheet.write_text(head + "basket,item,/p/1,spring,1,item,/p/2,red\\n", encoding="utf-8")
given = settings({"timezone": "UTC"})
scope = Scopes(check(read(sheet, given.reading), given.checking, datetime.now(UTC)))[0]
importer.check(sheet, timezone="UTC", output=folder / "results.csv")
body = json.loads(scope.body)
print(json.dumps({
    "body": body,
    "same": scope.canonical == canonical_projection(body),
    "counts": scope.canonical != canonical_projection(body | {"season": "autumn"}),
    "template": (folder / "template.csv").read_text(encoding="utf-8-sig").splitlines()[0],
    "results": (folder / "results.csv").read_text(encoding="utf-8-sig").splitlines()[0],
    "page": page_tables.TABLES["columns"](),
}))
"""


def test_a_column_that_is_added_to_the_table_is_everywhere(tmp_path):
    package = shutil.copytree(Path(importer.__file__).parent, tmp_path / "importer")
    table = package / "columns.py"
    text = table.read_text("utf-8")
    column = 'Column("{name}", "{level}", CellType.TEXT, "optional", "The {name}.", "x"),\n'
    at, end = text.index('Column(\n        "tags"'), text.index(")\n\nBY_NAME")
    added = column.format(name="season", level="scope"), column.format(name="label", level="pin")
    table.write_text(text[:at] + added[0] + text[at:end] + added[1] + text[end:], "utf-8")

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ADDED, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PYTHONUTF8": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["body"]["season"] == "spring"
    assert found["body"]["pin_definitions"][0]["label"] == "red"
    assert found["same"]
    assert found["counts"]
    for where in ("template", "results", "page"):
        assert "season" in found[where], where
        assert "label" in found[where], where
