"""The results of a dirty file open in LibreOffice as they should, and import again: shown with the real one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from importer.errors import FileError
from importer.model import Created, Refused, Result
from importer.reading import read
from importer.reporting import write_results
from importer.reporting.styles import RESULT_COLOURS, STYLES, WRONG
from importer.template import write_template
from tests.builders import pins
from tests.reporting.making import cell, finished, opened
from tests.reporting.test_round_trip import KINDS, bodies, invalid

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


def through_libreoffice(folder: Path, *files: Path) -> list[Path]:
    """The files as LibreOffice saves them after opening them."""
    command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    out = folder / "saved"
    subprocess.run(
        [*command, "--convert-to", "xlsx", "--outdir", str(out), *map(str, files)],
        check=True,
        timeout=100,
        capture_output=True,
    )
    return [out / file.name for file in files]


def test_results_and_template_open_and_come_back_the_same(tmp_path):
    rows = [
        {"target_identity": f"/p/{at}", "widget_id": found, "note": found} for at, found in enumerate(KINDS.values())
    ]
    sheet = pins(*rows, {"target_identity": "/p/x", "position": "x"})
    run = finished(
        sheet, lambda number: Refused(422, "no", {"position": ["bad"]}, 1) if number else Created("a", 201, 1)
    )
    write_template(tmp_path / "template.xlsx")
    results, template = through_libreoffice(
        tmp_path, write_results(run, tmp_path / "results.xlsx"), tmp_path / "template.xlsx"
    )
    back = read(results)
    assert invalid(back) == invalid(sheet)
    assert bodies(back) == bodies(sheet)
    assert back.provenance is not None
    book = opened(results)
    assert book.sheetnames == ["Results", "Scopes", "Problems", "Summary"]
    page = book["Results"]
    assert page.auto_filter.ref == f"A1:{page.cell(page.max_row, page.max_column).coordinate}"
    assert cell(page, "position", page.max_row).fill.fgColor.rgb == f"FF{STYLES[WRONG].fill}"
    assert cell(page, "position", page.max_row).comment is not None
    lines = book["Problems"]
    assert lines.max_row > 10
    for line in lines.iter_rows(min_row=2):
        linked = next(found for found in line if found.hyperlink)
        assert linked.hyperlink.location.rpartition("!")[2].lstrip("$").replace("$", "") == line[1].value
    assert cell(page, "Import Result", 2).fill.fgColor.rgb == f"FF{RESULT_COLOURS[Result.CREATED].cell}"
    with pytest.raises(FileError, match="only the template's example rows"):
        read(template)
    assert len(opened(template).worksheets[0].data_validations.dataValidation) == 4
