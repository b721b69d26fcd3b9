"""Sheets for the benchmark: any number of rows, five a scope, eighteen columns, the same every time.

Written by hand, since the writers at hand take longer for a million rows than the whole benchmark.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

PINS_A_SCOPE = 5
COLUMNS = (
    "model",
    "target_type",
    "target_identity",
    "target_criteria",
    "target_metadata.title",
    "target_metadata.image",
    "tags",
    "position",
    "pin_type",
    "pin_identity",
    "pin_criteria",
    "widget_id",
    "is_block_pin",
    "is_bundle_pin",
    "active_from",
    "active_to",
    "Note",
    "Internal code",
)
DATES = frozenset({14, 15})
MODELS = ("basket", "item_detail_alternatives", "item_detail_complements", "category", "favorites")
BRANDS = ("Lorient", "Aubrac", "Kite", "Čapek", "Müller & Söhne")
FIRST_DAY = (date(2027, 3, 1) - date(1899, 12, 30)).days
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
        '<Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook {NAMESPACE} xmlns:r="{OFFICE}">'
        '<sheets><sheet name="Pins" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/styles.xml": (
        f'<styleSheet {NAMESPACE}><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}

Value = str | int | None


def rows(count: int, invalid: float = 0.0) -> Iterator[Sequence[Value]]:
    """That many rows; `invalid` is the share of scopes with wrong rows, spread evenly."""
    for index in range(count):
        scope, place = divmod(index, PINS_A_SCOPE)
        bad = int(scope * invalid) != int((scope + 1) * invalid)
        yield (*_target(scope, place), *_pin(scope, place, bad=bad), f"row {index}", f"{index:09}")


def _target(scope: int, place: int) -> tuple[Value, ...]:
    model = MODELS[scope % 5]
    about: tuple[Value, ...] = (None, None, None)
    if place == 0:
        about = (f"Watch no. {scope}", f"https://cdn.example.com/{scope}.jpg", f"spring, {BRANDS[scope % 5]}")
    if scope % 10 == 9:
        return (model, "criteria", None, json.dumps({"category": f"c{scope}"}), *about)
    return (model, "item", f"/p/{scope:07}", None, *about)


def _pin(scope: int, place: int, *, bad: bool) -> tuple[Value, ...]:
    start = FIRST_DAY + scope % 60
    period = (start, start + 30 if not bad else start - 30)
    if place == 3:
        return (0, "item", f"/b/{scope % 5000}", None, "cart", "yes", None, None, None)
    if place == 4:
        return (-1, "criteria", None, json.dumps({"brand": BRANDS[scope % 5]}), None, "no", "no", *period)
    identity = f"/p/{(scope * 7 + place * 13) % 50_000:07}"
    widget, bundle = ("cart" if scope % 2 else None), ("yes" if place == 1 else "no")
    return (place + 1, "item", identity, None, widget, "no", bundle, *period)


def write_sheet(path: Path, count: int, invalid: float = 0.0) -> None:
    """Write the workbook: shared strings as Excel does, dates as dates."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f"<worksheet {NAMESPACE}><sheetData>".encode())
            part.write(_row(1, COLUMNS, strings).encode())
            for number, row in enumerate(rows(count, invalid), 2):
                part.write(_row(number, row, strings).encode())
            part.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f"<sst {NAMESPACE}>".encode())
            part.writelines(f"<si><t>{escape(text)}</t></si>".encode() for text in strings)
            part.write(b"</sst>")


def _row(number: int, values: Sequence[Value], strings: dict[str, int]) -> str:
    cells = []
    for column, value in enumerate(values):
        if isinstance(value, str):
            index = strings.setdefault(value, len(strings))
            cells.append(f'<c r="{chr(65 + column)}{number}" t="s"><v>{index}</v></c>')
        elif value is not None:
            style = ' s="1"' if column in DATES else ""
            cells.append(f'<c r="{chr(65 + column)}{number}"{style}><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'
