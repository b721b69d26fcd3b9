"""Make the example sheets again: `python examples/make_examples.py [FOLDER]`.

The same files come out every time, byte for byte with the same openpyxl; FOLDER is this one if left out.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import catalog_migration  # noqa: E402 - the folder is no package
import spring_campaign  # noqa: E402
import with_problems  # noqa: E402

MADE = datetime(2026, 11, 2, 9, 0)  # noqa: DTZ001 - Excel's own dates know no zone
HEADER_FILL = PatternFill("solid", fgColor="DDEBF7")
WIDTHS = {"position": 10, "pin_type": 11, "target_type": 12, "is_block_pin": 13, "is_bundle_pin": 14}


def save(workbook: Workbook, path: Path) -> None:
    """Save a workbook so that the same cells give the same bytes: no time of saving anywhere."""
    workbook.properties.creator = "pin-importer examples"
    workbook.properties.created = MADE
    buffer = io.BytesIO()
    workbook.save(buffer)
    stamp = f"{MADE.isoformat()}Z".encode()
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            fixed.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)


def write_header(sheet: Worksheet, columns: Sequence[str], row: int = 1) -> None:
    """A header as a tidy person makes it: bold, filled, frozen."""
    for number, name in enumerate(columns, 1):
        cell = sheet.cell(row, number, name)
        cell.font = Font(bold=True)
        cell.fill = HEADER_FILL
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = WIDTHS.get(name, 24)
    sheet.freeze_panes = sheet.cell(row + 1, 1)


def write_cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """One cell; dates get a format that shows what they are."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str) and not value.startswith("="):
        cell.number_format = "@"


def make_spring_campaign(path: Path) -> None:
    """An Excel sheet with a table, dates and a column of the shop's own."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Spring 2027"
    write_header(sheet, spring_campaign.COLUMNS)
    rows = spring_campaign.rows()
    for number, row in enumerate(rows, 2):
        for column, name in enumerate(spring_campaign.COLUMNS, 1):
            if row.get(name) is not None:
                write_cell(sheet, number, column, row[name])
    sheet.auto_filter.ref = sheet.dimensions
    save(workbook, path)


def make_catalog_migration(path: Path) -> None:
    """A CSV file as Excel saves it on a Slovak or Czech Windows: semicolons, Windows-1250, CRLF."""
    with path.open("w", encoding="cp1250", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(catalog_migration.COLUMNS)
        for row in catalog_migration.rows():
            writer.writerow([row.get(name, "") for name in catalog_migration.COLUMNS])


def make_with_problems(path: Path) -> None:
    """An Excel sheet with every kind of problem that such a sheet can have."""
    workbook = Workbook()
    with_problems.fill(workbook.worksheets[0], write_header, write_cell)
    save(workbook, path)


def make_with_problems_csv(path: Path) -> None:
    """A CSV file with the problem that only such a file can have."""
    path.write_bytes(with_problems.csv_bytes())


EXAMPLES: dict[str, Callable[[Path], None]] = {
    "spring-campaign.xlsx": make_spring_campaign,
    "catalog-migration.csv": make_catalog_migration,
    "with-problems.xlsx": make_with_problems,
    "with-problems.csv": make_with_problems_csv,
}


def main(folder: Path) -> None:
    """Make all examples in a folder."""
    for name, make in EXAMPLES.items():
        make(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
