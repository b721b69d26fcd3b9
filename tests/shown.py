"""Prints, for a folder of sheets, what would be sent beside what each cell shows, and marks where the two differ.

    python -m tests.shown FOLDER [--differences] [--libreoffice] [--timezone ZONE]

Nothing is sent. What a cell shows is told by `tests.witness`, without the importer. Exits 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from importer.checking import check
from importer.columns import METADATA, METADATA_PREFIX
from importer.errors import ImporterError
from importer.model import ColumnKind, Sheet
from importer.reading import read
from importer.scopes import Scopes
from importer.settings import CheckOptions, DateOrder, ReadOptions
from tests import witness

YES = frozenset(["yes", "y", "true", "1", "áno", "ano", "a", "pravda", "ja", "j", "wahr"])
NO = frozenset(["no", "n", "false", "0", "nie", "ne", "nepravda", "nein", "falsch"])
BLANKS = " \t\r\n\u00a0\u200b\u200c\u200d\ufeff\u2060\u00ad\u2800\u202a\u2066"
QUOTES = BLANKS + "\"'[]"
MONTHS = re.compile(r"[^\W\d_]{3,}")
CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?m)?"
    r"|(?P<alone>\d{1,2})(?:\.(?P<of_it>\d{2}))?\s*(?P<unit>[ap]\.?m|uhr|h\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One cell of one row that would be sent."""

    file: str
    cell: str
    column: str
    shows: str | None
    """What a person sees; `None` where no witness knows."""
    sends: Any
    """What the request would say; `None` where it says nothing."""

    @property
    def differs(self) -> bool:
        """Whether the request says something else than the cell shows."""
        return self.shows is not None and not agrees(self.column, self.shows, self.sends)

    def __str__(self) -> str:
        mark = "≠" if self.differs else "?" if self.shows is None else "="
        return f"{mark} {self.file} {self.cell:<6} {self.column:<22} shows {self.shows!r:<36} sends {self.sends!r}"


def lines(
    path: Path,
    timezone: str = "Europe/Bratislava",
    order: DateOrder | None = None,
    *,
    fill_down: bool = False,
    libreoffice: bool = False,
    told: witness.Shown | None = None,
) -> Iterator[Line]:
    """Every known cell of every row that would be sent. Raises `ImporterError`.

    `told` is what the cells show, where the caller knows that better than any witness.
    """
    sheet = read(path, ReadOptions(fill_down=fill_down))
    scopes = Scopes(check(sheet, CheckOptions(ZoneInfo(timezone), order), datetime.now(ZoneInfo(timezone))))
    names = sheet.sheets or ("",)
    seen = [told or _shown(path, sheet, name, libreoffice=libreoffice) for name in names]
    known = [column for column in sheet.columns if column.kind in (ColumnKind.KNOWN, ColumnKind.METADATA)]
    for number in range(len(scopes)):
        if not scopes.ready[number]:
            continue
        scope = scopes[number]
        body = json.loads(scope.body)
        for row, pin in zip(scope.rows, body["pin_definitions"], strict=True):
            name, _ = sheet.place(row)
            shown = seen[sheet.sheets.index(name) if sheet.sheets else 0]
            for column in known:
                address = sheet.address(row, column.key)
                text = shown.get(address, "") if shown else None
                if fill_down and not text:
                    continue  # the option asks for a value that the cell does not show
                yield Line(path.name, address, column.key, text, _sent(body, pin, column.key))


def _shown(path: Path, sheet: Sheet, name: str, *, libreoffice: bool) -> witness.Shown:
    facts = sheet.facts
    if facts.delimiter is not None:
        return witness.by_csv(path, facts.encoding or "utf-8", facts.delimiter)
    if libreoffice or facts.format not in ("xlsx", "xlsm"):
        return witness.by_libreoffice(path, name)
    return witness.by_openpyxl(path, name)


def _sent(body: dict[str, Any], pin: dict[str, Any], key: str) -> Any:
    if key.startswith(METADATA_PREFIX):
        return body.get(METADATA, {}).get(key.removeprefix(METADATA_PREFIX))
    return pin[key] if key in pin else body.get(key)


def agrees(column: str, shows: str, sends: Any) -> bool:
    """Whether a field says what a person reads in the cell. Scope columns may stand on any of a scope's rows."""
    text = shows.strip(BLANKS)
    scope_wide = column in ("tags", METADATA) or column.startswith(METADATA_PREFIX)
    if not text:
        return sends is None or scope_wide
    if sends is None:
        return False
    match column:
        case "position":
            return re.sub("[\u2010-\u2014\u2212]", "-", re.split("[.,]", text)[0]) == str(sends)
        case "is_block_pin" | "is_bundle_pin":
            return text.casefold() in (YES if sends else NO)
        case "active_from" | "active_to":
            return _same_moment(text, sends, end=column == "active_to")
        case "target_criteria" | "pin_criteria":
            return bool(json.loads(text) == sends)
        case "target_metadata":
            return all(sends.get(key) == value for key, value in json.loads(text).items())
        case "tags":
            return all(piece.strip(QUOTES) in sends for piece in re.split(r"[,;\r\n]", text) if piece.strip(QUOTES))
        case "target_type" | "pin_type":
            return text.casefold() == sends
        case _:
            return text == (json.dumps(sends) if isinstance(sends, int | float) else str(sends))


def _same_moment(text: str, sends: str, *, end: bool) -> bool:
    moment = datetime.fromisoformat(sends)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})", text):
        return datetime.fromisoformat(text.replace("Z", "+00:00")) == moment
    clock = CLOCK.search(text)
    day = CLOCK.sub(" ", text, count=1)
    numbers = [int(number) for number in re.findall(r"\d+", day)]
    named = bool(MONTHS.search(day))
    # Where the cell shows no year, a warning names the one that is taken.
    shows_year = len(numbers) + named > 2
    if moment.day not in numbers or not (named or moment.month in numbers):
        return False
    if shows_year and not {moment.year, moment.year % 100} & set(numbers):
        return False
    if clock is None:
        return f"{moment:%H:%M:%S}" == ("23:59:59" if end else "00:00:00")
    hour, minute = int(clock["hour"] or clock["alone"]), int(clock["minute"] or clock["of_it"] or 0)
    half = (clock["half"] or clock["unit"] or "").lower()
    if half[:1] in ("a", "p"):
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    seconds = clock["second"] is None or moment.second == int(clock["second"])
    return (moment.hour, moment.minute) == (hour, minute) and seconds


def main() -> int:
    """Print it for a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--differences", action="store_true", help="print only where the two differ")
    parser.add_argument("--libreoffice", action="store_true", help="ask LibreOffice what .xlsx cells show, too")
    parser.add_argument("--timezone", default="Europe/Bratislava")
    given = parser.parse_args()
    differing = 0
    for path in sorted(path for path in given.folder.rglob("*") if path.is_file()):
        try:
            found = list(lines(path, given.timezone, libreoffice=given.libreoffice))
        except ImporterError as error:
            print(f"- {path.name}: {error}")
            continue
        differing += sum(line.differs for line in found)
        for line in found:
            if line.differs or not given.differences:
                print(line)
        print(f"  {path.name}: {len(found)} cells would be sent, {sum(line.differs for line in found)} differ")
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main())
