"""The workbook as a file: its parts, and how they name each other (ECMA-376 parts 1 and 2)."""

from __future__ import annotations

import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

from importer.cells import column_letter
from importer.xlsx.notes import boxes_xml, in_order, texts_xml
from importer.xlsx.sheet import Texts, number_texts, sheet_xml
from importer.xlsx.styles import Styles
from importer.xlsx.text import SURELY_SHORT, cut, escape, escape_all, escape_attribute

if TYPE_CHECKING:
    from importer.xlsx.table import Note, Table

LEVEL = 1
"""Of deflate: 3 makes the file a twentieth smaller and takes more than twice the time."""

_BATCH = 4096
"""Shared strings that are turned into XML at a time."""

MOST_UNDER_WAY = 4
"""Pieces that wait to be deflated at most, so that they never fill the memory; making more waits."""

_STRING, _STRING_END = '<si><t xml:space="preserve">', "</t></si>"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_APPLICATION = (
    f'{_XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>{creator}</Application></Properties>"
)
_CORE = (
    f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created></cp:coreProperties>'
)
_MAIN_PARTS = (
    (f"{_RELATION}/officeDocument", "xl/workbook.xml"),
    (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    (f"{_RELATION}/extended-properties", "docProps/app.xml"),
)
_KIND = "application/vnd.openxmlformats-officedocument"
_PACKAGE_KIND = "application/vnd.openxmlformats-package"
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{_PACKAGE_KIND}.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Default Extension="vml" ContentType="{_KIND}.vmlDrawing"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.spreadsheetml.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.spreadsheetml.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.spreadsheetml.sharedStrings+xml"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="{_PACKAGE_KIND}.core-properties+xml"/>'
    f'<Override PartName="/docProps/app.xml" ContentType="{_KIND}.extended-properties+xml"/>'
)
"""The part `[Content_Types].xml` up to the sheets."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What the workbook says of itself."""

    creator: str
    """The program that made it."""
    title: str
    created: datetime
    """With a zone."""
    cut_mark: str = "…"
    """Ends a text that is longer than a cell can hold."""


def write_workbook(stream: IO[bytes], tables: Sequence[Table], properties: Properties) -> None:
    """Write the tables as an Excel workbook, the first one shown when it opens.

    The same tables and properties always give the same bytes. Raises `OSError` as the stream does.
    """
    styles = Styles()
    notes = [in_order(table.notes) if table.notes else [] for table in tables]
    texts = number_texts(tables)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, xml in small_parts(tables, notes, properties):
            archive.writestr(zipfile.ZipInfo(name), xml, zipfile.ZIP_DEFLATED, LEVEL)
        write_part(archive, "xl/sharedStrings.xml", shared_strings(texts, properties.cut_mark))
        for number, (table, own, remarks) in enumerate(zip(tables, texts, notes, strict=True), 1):
            pieces = sheet_xml(table, own, styles, selected=number == 1, drawing=bool(remarks))
            write_part(archive, f"xl/worksheets/sheet{number}.xml", pieces)
        archive.writestr(zipfile.ZipInfo("xl/styles.xml"), styles.xml(), zipfile.ZIP_DEFLATED, LEVEL)


def write_part(archive: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    """One part, in pieces."""
    with archive.open(name, "w") as part:
        write_on_thread(part.write, map(str.encode, pieces))


def write_on_thread(write: Callable[[bytes], object], pieces: Iterable[bytes]) -> None:
    """Call `write` with each piece, in order, on a second thread: deflating a piece overlaps with making the next.

    Raises what `write` or making the pieces raised.
    """
    under_way: deque[Future[object]] = deque()
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workbook")
    try:
        for piece in pieces:
            while len(under_way) >= MOST_UNDER_WAY:
                under_way.popleft().result()
            under_way.append(thread.submit(write, piece))
        for done in under_way:
            done.result()
    finally:
        thread.shutdown(wait=True, cancel_futures=True)


def shared_strings(tables: Sequence[Sequence[Texts]], mark: str) -> Iterator[str]:
    """The part `xl/sharedStrings.xml`: for each table the headers, then each column's texts."""
    yield f'{_XML}<sst xmlns="{_SPREADSHEET}">'
    once = dict.fromkeys(chain.from_iterable(tables))
    texts = chain.from_iterable(map(Texts.texts, once))
    while batch := list(islice(texts, _BATCH)):
        if max(map(len, batch)) > SURELY_SHORT:
            batch = [cut(text, mark) if len(text) > SURELY_SHORT else text for text in batch]
        yield f"{_STRING}{escape_all(batch, f'{_STRING_END}{_STRING}')}{_STRING_END}"
    yield "</sst>"


# ── The small parts ─────────────────────────────────────────────────────────────────────────────────────


def small_parts(
    tables: Sequence[Table], notes: Sequence[Sequence[Note]], properties: Properties
) -> list[tuple[str, str]]:
    """The parts that say what else there is: names and contents."""
    names = {"creator": escape(properties.creator), "title": escape(properties.title)}
    when = properties.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    sheets, remarks = [], []
    for number, own in enumerate(notes, 1):
        sheets.append((f"{_RELATION}/worksheet", f"worksheets/sheet{number}.xml"))
        if own:
            drawing = (f"{_RELATION}/vmlDrawing", f"../drawings/vmlDrawing{number}.vml")
            comments = (f"{_RELATION}/comments", f"../comments{number}.xml")
            remarks.append((f"xl/comments{number}.xml", texts_xml(own, properties.creator)))
            remarks.append((f"xl/drawings/vmlDrawing{number}.vml", boxes_xml(own, number)))
            remarks.append((f"xl/worksheets/_rels/sheet{number}.xml.rels", _relations(drawing, comments)))
    others = [(f"{_RELATION}/styles", "styles.xml"), (f"{_RELATION}/sharedStrings", "sharedStrings.xml")]
    return [
        ("[Content_Types].xml", _content_types(notes)),
        ("_rels/.rels", _relations(*_MAIN_PARTS)),
        ("docProps/app.xml", _APPLICATION.format(**names)),
        ("docProps/core.xml", _CORE.format(when=when, **names)),
        ("xl/workbook.xml", _workbook(tables)),
        ("xl/_rels/workbook.xml.rels", _relations(*sheets, *others)),
        *remarks,
    ]


def _content_types(notes: Sequence[Sequence[Note]]) -> str:
    sheets = ""
    for number, own in enumerate(notes, 1):
        sheet, comments = f"/xl/worksheets/sheet{number}.xml", f"/xl/comments{number}.xml"
        sheets += f'<Override PartName="{sheet}" ContentType="{_KIND}.spreadsheetml.worksheet+xml"/>'
        if own:
            sheets += f'<Override PartName="{comments}" ContentType="{_KIND}.spreadsheetml.comments+xml"/>'
    return f"{_CONTENT_TYPES}{sheets}</Types>"


def _relations(*relations: tuple[str, str]) -> str:
    body = ""
    for number, (kind, target) in enumerate(relations, 1):
        body += f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{body}</Relationships>'


def _workbook(tables: Sequence[Table]) -> str:
    sheets = filters = ""
    for number, table in enumerate(tables, 1):
        sheets += f'<sheet name="{escape_attribute(table.name)}" sheetId="{number}" r:id="rId{number}"/>'
        if table.filters:
            name = escape(table.name.replace("'", "''"))
            area = f"'{name}'!$A$1:${column_letter(len(table.columns) - 1)}${table.rows + 1}"
            filters += f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number - 1}" hidden="1">{area}'
            filters += "</definedName>"
    names = f"<definedNames>{filters}</definedNames>" if filters else ""
    return (
        f'{_XML}<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_RELATION}"><workbookPr defaultThemeVersion="124226"/>'
        '<bookViews><workbookView xWindow="240" yWindow="120" windowWidth="24000" windowHeight="12000"/></bookViews>'
        f"<sheets>{sheets}</sheets>{names}</workbook>"
    )
