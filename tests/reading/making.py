"""Small files of every kind, made byte by byte where no library writes what people's programs write."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

HEADER = ("model", "target_type", "target_identity", "position", "pin_type", "pin_identity")
ROW = ("basket", "item", "/p/1", 1, "item", "/p/2")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[str] = ()) -> Path:
    """A workbook as openpyxl writes it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def pins(path: Path, *rows: Sequence[Any], header: Sequence[Any] = HEADER) -> Path:
    """A workbook with one sheet of pins."""
    return workbook(path, {"Pins": [header, *(rows or [ROW])]})


def inline(reference: str, text: str) -> str:
    """A cell with its text inside, as XML."""
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def header_row(row: int = 1, header: Sequence[str] = HEADER) -> str:
    """The header as a row of XML, from column A on."""
    cells = "".join(inline(f"{chr(65 + place)}{row}", name) for place, name in enumerate(header))
    return f'<row r="{row}">{cells}</row>'


def pin_row(row: int, *, extra: str = "", **cells: str) -> str:
    """A row of a good pin as XML; `cells` replace the cells of columns by XML of their own."""
    usual = {chr(65 + place): value for place, value in enumerate(ROW)}
    made = []
    for letter, value in usual.items():
        own = inline(f"{letter}{row}", value) if isinstance(value, str) else f'<c r="{letter}{row}"><v>{value}</v></c>'
        made.append(cells.get(letter, own))
    return f'<row r="{row}"{extra}>{"".join(made)}</row>'


def xlsx(
    path: Path, rows: str, *, after: str = "", styles: str = "", main: str = MAIN, parts: Mapping[str, str] = {}
) -> Path:
    """An xlsx package whose one sheet, `S`, has these rows as XML. `parts` are more parts, or others, by their name."""
    made = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_LINKS}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{after}</worksheet>',
    }
    if styles:
        made["xl/styles.xml"] = styles
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**made, **parts}.items():
            package.writestr(name, content)
    return path


def styles(*codes: str) -> str:
    """A styles part: style 0 is General, then one style for each number format."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for number, code in enumerate(codes)
    )
    used = "".join(f'<xf numFmtId="{164 + number}" applyNumberFormat="1"/>' for number in range(len(codes)))
    cells = f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs>'
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>{cells}</styleSheet>'


_ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods_text(text: str, attributes: str = "") -> str:
    """A text cell of an ods sheet."""
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods(path: Path, rows: Sequence[str], *, manifest: str = "", head: str = "", columns: str = "") -> Path:
    """An ods package whose one sheet, `S`, has these rows; a row is XML of cells, `columns` are those of columns."""
    content = "".join(
        row if row.startswith("<table:table-row") else f"<table:table-row>{row}</table:table-row>" for row in rows
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        package.writestr(
            "content.xml",
            f"<office:document-content {_ODS}>{head}<office:body><office:spreadsheet>"
            f'<table:table table:name="S">{columns}{content}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return path


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def biff_label(row: int, column: int, text: str) -> bytes:
    """A text cell of an xls sheet."""
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode("latin-1"))


def biff_number(row: int, column: int, number: float, style: int = 0) -> bytes:
    """A number cell of an xls sheet."""
    return _record(0x0203, struct.pack("<HHHd", row, column, style, number))


def biff_rks(row: int, column: int, *packed: int, style: int = 0) -> bytes:
    """Several packed numbers side by side in an xls sheet."""
    numbers = b"".join(struct.pack("<HI", style, each) for each in packed)
    return _record(0x00BD, struct.pack("<HH", row, column) + numbers + struct.pack("<H", column + len(packed) - 1))


def biff_error(row: int, column: int, code: int) -> bytes:
    """An error cell of an xls sheet."""
    return _record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def biff_formula_error(row: int, column: int, code: int) -> bytes:
    """A formula of an xls sheet whose stored result is an error."""
    result = struct.pack("<BBBBBBH", 2, 0, code, 0, 0, 0, 0xFFFF)
    return _record(0x0006, struct.pack("<HHH", row, column, 0) + result + struct.pack("<HIH", 0, 0, 0))


def biff_formula(row: int, column: int, result: bytes) -> bytes:
    """A formula of an xls sheet, with the eight bytes of its stored result."""
    return _record(0x0006, struct.pack("<HHH", row, column, 0) + result + struct.pack("<HIH", 0, 0, 0))


def biff_hidden_row(row: int) -> bytes:
    """The record of a hidden row of an xls sheet."""
    return _record(0x0208, struct.pack("<HHHHHHI", row, 0, 9, 255, 0, 0, 0x20))


def xls(path: Path, *records: bytes, formats: Sequence[str] = (), protected: bool = False) -> Path:
    """An xls workbook whose one sheet, `S`, has these records; style 1 and on have these formats."""
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    begin = _record(0x0809, bof)
    if protected:
        begin += _record(0x002F, bytes(6))
    for number, code in enumerate(formats):
        begin += _record(0x041E, struct.pack("<HHB", 164 + number, len(code), 0) + code.encode("latin-1"))
    for number in (0, *(164 + place for place in range(len(formats)))):
        begin += _record(0x00E0, struct.pack("<HH", 0, number) + bytes(16))
    offset = len(begin) + 4 + 8 + 1 + 4
    begin += _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 1, 0) + b"S") + _record(0x000A, b"")
    sheet = _record(0x0809, bof.replace(b"\x05\x00", b"\x10\x00", 1)) + b"".join(records) + _record(0x000A, b"")
    path.write_bytes(ole({"Workbook": (begin + sheet).ljust(4096, b"\x00")}))
    return path


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container of streams of at least 4096 bytes each."""
    sectors: list[bytes] = []
    table: list[int] = []
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams.items():
        first = len(table)
        pieces = [content[place : place + 512].ljust(512, b"\x00") for place in range(0, len(content), 512)]
        sectors += pieces
        table += [first + step + 1 for step in range(len(pieces) - 1)] + [0xFFFFFFFE]
        entries.append(_entry(name, 2, first, len(content)))
    directory = len(table)
    sectors.append(b"".join(entries).ljust(512, b"\x00"))
    table += [0xFFFFFFFE, 0xFFFFFFFD]
    fat = len(table) - 1
    sectors.append(struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return head + struct.pack("<109I", fat, *[0xFFFFFFFF] * 108) + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    siblings = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
    return (
        text.ljust(64, b"\x00")
        + struct.pack("<HBB", len(text), kind, 1)
        + siblings
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def packed(content: Mapping[str, bytes]) -> bytes:
    """A zip package of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return file.getvalue()
