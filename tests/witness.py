"""What a person sees in each cell, told without the importer: by openpyxl and a renderer of its own, or by LibreOffice.

Only what is certain is told: a cell whose format this page does not know has no text here, and nothing is held to it.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

Shown = dict[str, str | None]
"""The text that each cell shows, by its address (`C17`): `None` where this page does not know, left out if none."""

MOST_CELLS = 300_000
"""More would take this witness minutes."""

_DATE_TOKEN = re.compile(
    r'"[^"]*"|\\.|\[\$[^\]]*\]|yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|AM/PM|.', re.IGNORECASE
)
_PLAIN_NUMBER = re.compile(r'(?P<before>"[^"]*"|)(?P<digits>[#,]*0+)(?P<decimals>\.0+|)(?P<after>%|"[^"]*"|)')
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def by_openpyxl(path: Path, sheet: str) -> Shown:
    """An xlsx sheet's cells as Excel shows them, as far as this page knows their formats."""
    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)[sheet]
    if page.max_row * page.max_column > MOST_CELLS:
        return {}
    shown: Shown = {}
    for row in page.iter_rows():
        for cell in row:
            if cell.value is not None:
                shown[cell.coordinate] = rendered(cell.value, cell.number_format)
    for merged in page.merged_cells.ranges:
        top = shown.get(f"{get_column_letter(merged.min_col)}{merged.min_row}")
        for row in range(merged.min_row, merged.max_row + 1):
            for column in range(merged.min_col, merged.max_col + 1):
                if top is not None:
                    shown[f"{get_column_letter(column)}{row}"] = top
    return shown


def by_libreoffice(path: Path, sheet: str) -> Shown:
    """Any workbook's sheet as LibreOffice shows it in English; {} where it is not installed or cannot open the file."""
    program = shutil.which("soffice")
    if program is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        command = [
            program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false,false,false,-1",
            "--outdir", folder, str(path),
        ]  # fmt: skip
        subprocess.run(command, capture_output=True, timeout=120, check=False)
        made = [*Path(folder).glob(f"{glob_safe(path.stem)}-{glob_safe(sheet)}.csv"), *Path(folder).glob("*.csv")]
        return by_csv(made[0], "utf-8", ",") if made else {}


def glob_safe(text: str) -> str:
    """A text as a pattern that matches it alone."""
    return re.sub(r"([*?\[])", r"[\1]", text)


def by_csv(path: Path, encoding: str, delimiter: str) -> Shown:
    """A CSV file's fields, addressed as a spreadsheet would show them."""
    with path.open(encoding=encoding, newline="") as stream:
        return {
            f"{get_column_letter(column)}{row}": text
            for row, fields in enumerate(csv.reader(stream, delimiter=delimiter), 1)
            for column, text in enumerate(fields, 1)
            if text
        }


def rendered(value: Any, code: str) -> str | None:
    """A stored value in a number format; `None` where this page does not know."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return value
        case datetime() | date() | time():
            return _date(value, code)
        case int() | float() if code == "General":
            return (
                None
                if abs(value) >= 1e11
                else f"{value:g}"
                if value == int(value) and abs(value) < 1e6
                else repr(value)
            )
        case int() | float():
            return _number(value, code)
        case _:
            return None


def _number(value: float, code: str) -> str | None:
    found = _PLAIN_NUMBER.fullmatch(code)
    if found is None or value < 0:
        return None
    decimals = max(len(found["decimals"]) - 1, 0)
    number = value * 100 if found["after"] == "%" else value
    text = f"{number:,.{decimals}f}" if "," in found["digits"] else f"{number:.{decimals}f}"
    text = text.rjust(found["digits"].count("0") + (decimals + 1 if decimals else 0), "0")
    return found["before"].strip('"') + text + found["after"].strip('"')


def _date(value: datetime | date | time, code: str) -> str | None:
    if isinstance(value, time) or "[h" in code.lower() or "general" in code.lower():
        return None
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    tokens = [token for token in _DATE_TOKEN.findall(code.split(";", maxsplit=1)[0]) if not token.startswith("[$")]
    half = any(token.upper() == "AM/PM" for token in tokens)
    return "".join(_dated(moment, tokens, half=half))


def _dated(moment: datetime, tokens: list[str], *, half: bool) -> Iterator[str]:
    before = ""
    for place, token in enumerate(tokens):
        low = token.lower()
        rest = next((other.lower() for other in tokens[place + 1 :] if other[0].isalpha()), "")
        if low in ("m", "mm") and (before in ("h", "hh") or rest in ("s", "ss")):
            yield f"{moment.minute:02}" if low == "mm" else str(moment.minute)
        elif low in _PARTS:
            yield _PARTS[low](moment)
        elif low in ("h", "hh"):
            hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
            yield f"{hour:02}" if low == "hh" else str(hour)
        elif low == "am/pm":
            yield "AM" if moment.hour < 12 else "PM"
        else:
            yield token.strip('"') if token.startswith('"') else token[-1]
        before = low if token[0].isalpha() else before


_PARTS: dict[str, Any] = {
    "yyyy": lambda moment: f"{moment.year:04}",
    "yy": lambda moment: f"{moment.year % 100:02}",
    "mmmm": lambda moment: _MONTHS[moment.month - 1],
    "mmm": lambda moment: _MONTHS[moment.month - 1][:3],
    "mm": lambda moment: f"{moment.month:02}",
    "m": lambda moment: str(moment.month),
    "dddd": lambda moment: _DAYS[moment.weekday()],
    "ddd": lambda moment: _DAYS[moment.weekday()][:3],
    "dd": lambda moment: f"{moment.day:02}",
    "d": lambda moment: str(moment.day),
    "ss": lambda moment: f"{moment.second:02}",
    "s": lambda moment: str(moment.second),
}
