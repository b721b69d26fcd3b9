"""Inside a zip package: what it is, how much it unpacks to, and where its sheets are. Runs in the child process."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath
from typing import BinaryIO
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml.ElementTree import fromstring

from importer.reading.raw import RefusalError

CHUNK = 1 << 20
"""Bytes unpacked at a time: enough that calls cost nothing, few enough that memory does not notice."""
MOST_UNPACKED_FOLD = 200
"""Honest sheets unpack about 20-fold; ten times that is an attack."""
SMALL_ENOUGH = 64 * 1024**2
"""Bytes that a package may unpack to by any factor: every computer has them to spare."""

_DOCTYPE = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
_TRUE = ("1", "true", "on")
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, LookupError)


# Writers that do not calculate say so by these numbers of Excel's engine: none, or one copied from an early file.
_NO_ENGINE = frozenset({"", "0", "124519", "999999"})


@dataclass(frozen=True, slots=True)
class WorkbookFacts:
    """What an xlsx workbook says of all its sheets."""

    epoch1904: bool = False
    """Whether it counts days from 1904."""
    placeholders: bool = False
    """Whether its writer did not calculate: it asks for that when the workbook opens and names no engine of its own."""
    calculated: bool = True
    """Whether it says anything of calculating: writers that do hardly ever leave that out."""


NO_FACTS = WorkbookFacts()


@dataclass(slots=True)
class Package:
    """A zip package that may hold a workbook. `names` are its parts, by their name in lower case with `/`."""

    zip: ZipFile
    file: BinaryIO
    names: dict[str, ZipInfo]
    unpacked: int

    def has(self, beginning: str) -> bool:
        """Whether the name of a part begins so."""
        return beginning in self.names or any(name.startswith(beginning) for name in self.names)

    def chunks(self, part: str) -> Iterator[bytes]:
        """A part's bytes, a piece at a time. Raises `RefusalError` if the part is damaged."""
        try:
            with self.zip.open(self.names[part]) as file:
                while piece := file.read(CHUNK):
                    yield piece
        except _BROKEN as error:
            raise RefusalError("damaged") from error

    def sheet_parts(self) -> dict[str, str]:
        """For each sheet's name, the part that holds it; empty where the package does not say so in a usual way."""
        try:
            links = {link.get("Id"): link.get("Target") or "" for link in self.xml("xl/_rels/workbook.xml.rels")}
            sheets = [sheet for sheet in self.xml("xl/workbook.xml").iter() if sheet.tag.endswith("}sheet")]
        except (ET.ParseError, ValueError, KeyError, RefusalError):
            return {}
        found = {}
        for sheet in sheets:
            link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
            part = part_name(links.get(link, ""))
            if part in self.names:
                found[sheet.get("name", "")] = part
        return found

    def workbook_facts(self) -> WorkbookFacts:
        """What the workbook says of all its sheets; nothing where it cannot be read."""
        try:
            elements = list(self.xml("xl/workbook.xml").iter())
        except (ET.ParseError, ValueError, KeyError, RefusalError):
            return WorkbookFacts()
        # Extensions repeat the names further down.
        attributes = {element.tag.rpartition("}")[2]: element.attrib for element in reversed(elements)}
        calculation = attributes.get("calcPr", {})
        asks = calculation.get("fullCalcOnLoad", "") in _TRUE
        return WorkbookFacts(
            epoch1904=attributes.get("workbookPr", {}).get("date1904", "") in _TRUE,
            placeholders=asks and calculation.get("calcId", "") in _NO_ENGINE,
            calculated="calcPr" in attributes,
        )

    def xml(self, part: str) -> ET.Element:
        """A small part as an element. Raises `ParseError`, `ValueError` for entities, `KeyError` if there is none."""
        element: ET.Element = fromstring(b"".join(self.chunks(part)))
        return element


def part_name(target: str) -> str:
    """A part's name in `Package.names`, from a link in the workbook."""
    target = target.replace("\\", "/").lower()
    return target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")


def open_package(file: BinaryIO, size: int, most_unpacked: int) -> Package:
    """Open a zip package. Raises `RefusalError` if it is none, is damaged, a bomb, or has entities of its own."""
    try:
        archive = ZipFile(file)
        infos = archive.infolist()
    except _BROKEN as error:
        raise RefusalError("damaged") from error
    names = {info.filename.replace("\\", "/").lower().lstrip("/"): info for info in infos}
    unpacked = sum(info.file_size for info in infos)
    if unpacked > most_unpacked or unpacked > max(SMALL_ENOUGH, MOST_UNPACKED_FOLD * size):
        raise RefusalError("unpacks-too-far")
    package = Package(archive, file, names, unpacked)
    _refuse_entities(package)
    return package


def what_else(package: Package) -> str:
    """What a package is that is no workbook: the catalogue's word for it."""
    names = package.names
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        return "other-office"
    if any(name.endswith(".iwa") for name in names):
        return "numbers"
    return "password" if "encryptedpackage" in names else "archive"


def _refuse_entities(package: Package) -> None:
    """Workbooks have no document types and no entities of their own; attacks do."""
    for name, info in package.names.items():
        if name.endswith((".xml", ".rels")) and info.file_size:
            first = next(package.chunks(name), b"")
            if _DOCTYPE.search(first[:4096]):
                raise RefusalError("entities")
