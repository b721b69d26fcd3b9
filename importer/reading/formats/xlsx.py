"""Excel workbooks as sheets of raw cells, nothing hidden. Runs in the child process."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import TypeVar

from importer.reading.formats.xlsx_engines import Calamine, Cells, Engine, OpenPyxl, SheetName
from importer.reading.formats.xlsx_scan import (
    USUAL_COLUMNS,
    OddSheetError,
    SheetScan,
    reaches_beyond,
    scan_sheet,
    widest_column,
)
from importer.reading.formats.xlsx_styles import cell_formats
from importer.reading.package import Package
from importer.reading.raw import EMPTY, SHEET_COLUMNS, Encoder, Raw, RawSheet, RefusalError, put

# The fast engine lays out every cell of the rectangle up to the farthest one, 24 to 32 bytes each.
SMALL_RECTANGLE = 10_000_000
BYTES_OF_A_CELL = 8
LARGE_SHEET = 8 * 1024**2
LONG_TEXT = 2_048
MOST_TEXT = 1024**3
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedstrings.xml"
TYPES = "[content_types].xml"

_SHARED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?t=["']s["'][^>]*><(?:\w+:)?v>(\d+)<""")

Done = TypeVar("Done")


def raw_sheet(name: str, cells: Cells, most_cells: int) -> RawSheet:
    """A sheet as the engine reads it."""
    encoder = Encoder(most_cells)
    encoder.feed(cells.rows)
    return RawSheet(name, encoder.rows, encoder.columns(cells.first_column), cells.merged)


def meanwhile(work: Callable[[], Done]) -> Callable[[], Done]:
    """Start work in another thread; what is returned waits for it, and returns or raises what it did."""
    done: list[Done] = []
    failed: list[BaseException] = []

    def run() -> None:
        """Do the work, and keep its result or its failure."""
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 - a panic of the engine is no Exception
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()

    def wait() -> Done:
        """The result, once it is there. Raises what the work raised."""
        thread.join()
        if failed:
            raise failed[0]
        return done[0]

    return wait


class XlsxReader:
    """An xlsx or xlsm workbook: searched first, then read by the fast engine, or by the slow one where that fails."""

    def __init__(self, package: Package, most_cells: int) -> None:
        self._package = package
        self._most_cells = most_cells
        self._parts = package.sheet_parts()
        self._workbook = package.workbook_facts()
        styles = b"".join(package.chunks(STYLES)) if STYLES in package.names else b""
        self._formats = cell_formats(styles, epoch1904=self._workbook.epoch1904)
        self._longest = self._longest_text()
        self._engine = self._open()

    @property
    def format(self) -> str:
        """Whether it is an xlsx, or an xlsm: one that may hold macros."""
        types = b"".join(self._package.chunks(TYPES)) if TYPES in self._package.names else b""
        return "xlsm" if b"macroEnabled" in types else "xlsx"

    def sheets(self) -> list[SheetName]:
        """The sheets that hold cells, in the workbook's order."""
        return self._engine.sheets()

    def read(self, name: str) -> RawSheet:
        """One sheet, whole."""
        if not self._engine.exact:
            try:
                return self._read_fast(name)
            except (RefusalError, MemoryError):
                raise
            except BaseException:  # noqa: BLE001 - a panic of the engine is no Exception
                self._engine = OpenPyxl(self._package.file, self._workbook)
        return self._read_exactly(name)

    def _read_exactly(self, name: str) -> RawSheet:
        part = self._parts.get(name)
        try:
            scan = scan_sheet(self._package.chunks(part)) if part else SheetScan()
        except OddSheetError:
            scan = SheetScan()
        self._refuse_far_cells(name, scan)
        return self._with_scan(raw_sheet(name, self._engine.cells(name), self._most_cells), scan)

    def _read_fast(self, name: str) -> RawSheet:
        part = self._parts.get(name)
        if part is None:
            raise OddSheetError
        parsed: Callable[[], Cells] = partial(self._engine.cells, name)
        if self._package.names[part].file_size > LARGE_SHEET:
            # Other threads run while the engine parses. A small sheet is searched before it may do any harm.
            parsed = meanwhile(parsed)
        scan = scan_sheet(self._package.chunks(part), self._formats, self._workbook)
        self._refuse_far_cells(name, scan)
        self._refuse_copied_text(part, scan)
        sheet = self._with_scan(raw_sheet(name, parsed(), self._most_cells), scan)
        put(sheet, scan.cells)
        put(sheet, self._formatted(sheet, scan.texts))
        return sheet

    def _formatted(self, sheet: RawSheet, places: list[tuple[int, int, int]]) -> list[tuple[int, int, Raw]]:
        """The texts at these places and of these styles, as they are shown."""
        cells: list[tuple[int, int, Raw]] = []
        for row, place, style in places:
            column = sheet.columns.get(place)
            cell = column.values[column.codes[row]] if column is not None and row < sheet.rows else EMPTY
            if isinstance(cell, str) and cell:
                cells.append((row, place, self._formats.raw_text(cell, style)))
        return cells

    @staticmethod
    def _with_scan(sheet: RawSheet, scan: SheetScan) -> RawSheet:
        sheet.merged = scan.merged
        sheet.hidden_rows = scan.hidden_rows
        sheet.hidden_columns = scan.hidden_columns
        sheet.changing = scan.changing
        return sheet

    def _open(self) -> Engine:
        try:
            return Calamine(self._package.file)
        except MemoryError:
            raise
        except BaseException:  # noqa: BLE001 - a panic of the engine is no Exception
            return OpenPyxl(self._package.file, self._workbook)

    def _refuse_far_cells(self, name: str, scan: SheetScan) -> None:
        """Two cells at opposite corners make a rectangle that no memory holds."""
        honest = max(SMALL_RECTANGLE, scan.size // BYTES_OF_A_CELL)
        most = min(honest, self._most_cells)
        if scan.last_row * (SHEET_COLUMNS if scan.wide else USUAL_COLUMNS) <= most:
            return
        part = self._parts[name]
        if reaches_beyond(self._package.chunks(part), most // scan.last_row):
            columns = widest_column(self._package.chunks(part))
            if scan.last_row * columns <= honest:
                raise RefusalError("too-big")
            raise RefusalError("far-cells", sheet=name, rows=scan.last_row, columns=columns)

    def _longest_text(self) -> int:
        longest, rest = 0, b""
        for chunk in self._package.chunks(STRINGS) if STRINGS in self._package.names else ():
            *texts, rest = (rest + chunk).split(b"</si>" if b"</si>" in chunk else b":si>")
            longest = max(longest, max(map(len, texts), default=0))
        return max(longest, len(rest))

    def _refuse_copied_text(self, part: str, scan: SheetScan) -> None:
        """The engine copies a shared text into each cell that shows it: one long text in many cells is an attack."""
        if self._longest <= LONG_TEXT or self._longest * scan.size // BYTES_OF_A_CELL <= MOST_TEXT:
            return
        texts = b"".join(self._package.chunks(STRINGS))
        lengths = [len(text) for text in texts.split(b"</si>" if b"</si>" in texts else b":si>")]
        uses = Counter(int(number) for number in _SHARED.findall(b"".join(self._package.chunks(part))))
        if sum(lengths[number] * count for number, count in uses.items() if number < len(lengths)) > MOST_TEXT:
            raise RefusalError("unpacks-too-far")
