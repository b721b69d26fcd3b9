"""Makes examples/results.png, the README's picture of a results workbook. Needs LibreOffice and pdftoppm.

Run it from the project's folder: python examples/make_picture.py
"""

import csv
import subprocess
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment

import importer

HERE = Path(__file__).parent
CROP = ["-x", "160", "-y", "172", "-W", "2310", "-H", "128"]
HEADER = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity", "active_from", "active_to"]
ROWS = [
    ["basket", "item", "/p/diver-42", 1, "item", "/p/strap-nato-blue", "1.3.2027", "31.3.2027"],
    ["basket", "item", "/p/diver-42", 2, "item", "/p/strap-rubber", "1.3.2027", "31.3.2027"],
    ["basket", "item", "/p/diver-38", "first", "item", "/p/strap-nato-green", "1.3.2027", "31.3.2027"],
    ["basket", "item", "/p/diver-38", 2, "item", "/p/strap-steel", "1.3.2027", "31.3.2027"],
    ["basket", "item", "/p/pilot-40", 1, "item", "/p/strap-leather", "1.3.2027", "31.2.2027"],
    ["basket_popup", "all", "", -1, "item", "/p/gift-box", "1.3.2027", "31.3.2027"],
]


def results(folder: Path) -> Path:
    """The results of a rehearsal with two mistakes in it."""
    file = folder / "spring.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([HEADER, *ROWS])
    report = importer.run_import(file, sandbox=True, timezone="Europe/Bratislava")
    return Path(str(report.results))


def on_one_page(workbook: Path) -> None:
    """Lay the first sheet out on one wide page, and leave the others out."""
    book = openpyxl.load_workbook(workbook)
    for name in book.sheetnames[1:]:
        del book[name]
    sheet = book.active
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    sheet.print_options.gridLines = sheet.print_options.headings = True
    for row in sheet.iter_rows():
        for cell in row:
            cell.comment = Comment(cell.comment.text, "") if cell.comment else None
    book.save(workbook)


def main() -> None:
    """Make the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workbook = results(folder)
        page = workbook.with_suffix(".pdf")
        on_one_page(workbook)
        for command in (
            ["soffice", "--headless", "--convert-to", "pdf", "--outdir", name, str(workbook)],
            ["pdftoppm", "-r", "240", "-png", "-singlefile", *CROP, str(page), str(HERE / "results")],
        ):  # fmt: skip
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the tools named above


if __name__ == "__main__":
    main()
