"""The formats of workbooks: a file each, and the one table of them. All of it runs in the child process.

To add one, write its file with a reader (see `importer.reading.workbook.Reader`) and give it a line in `FORMATS`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from importer.reading.package import Package
    from importer.reading.workbook import Reader


class Format(NamedTuple):
    """One format of workbooks."""

    name: str
    """The name of its file in this folder."""
    reader: str
    """The class in that file. Its arguments are the package, or the file's bytes where it is none, and the number of
    cells that are read at most."""
    parts: tuple[str, ...] = ()
    """A zip package is of this format if the name of one of its parts begins so. What is no package has none."""


FORMATS = (
    Format("xlsb", "XlsbReader", ("xl/workbook.bin",)),
    Format("xlsx", "XlsxReader", ("xl/workbook.xml", "xl/worksheets/")),
    Format("ods", "OdsReader", ("content.xml",)),
    Format("xls", "XlsReader"),
)
"""All formats. A package is of the first one that fits."""


def format_of(package: Package) -> Format | None:
    """Tell the format of a package; `None` if it is none of these."""
    return next((each for each in FORMATS if each.parts and any(map(package.has, each.parts))), None)


def open_workbook(found: Format, source: Package | bytes, most_cells: int) -> Reader:
    """Make the reader of a workbook. Raises `RefusalError`.

    The reader's file is loaded here, because the child reads one format only.
    """
    module = import_module(f"{__name__}.{found.name}")
    made: Any = getattr(module, found.reader)(source, most_cells)
    return cast("Reader", made)
