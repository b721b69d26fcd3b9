"""What can be wrong with a file as a whole, and what is worth knowing about how it was read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from importer.model import Notice

MOST_LISTED = 30
MOST_ROWS = 5
LONGEST_NAME = 60

REFUSALS: dict[str, str] = {
    # ── The file cannot be opened ───────────────────────────────────────────────────────────────────────────
    "missing": "There is no file {file}. Check the name and the folder.",
    "folder": "{file} is a folder. Name the Excel or CSV file in it.",
    "not-a-file": "{file} is not an ordinary file. Save the sheet as an Excel or CSV file and name that.",
    "unreadable": "{file} cannot be opened ({why}). If it is open in Excel, close it there; "
    "else check that you may read it.",
    "lock-file": "{file} is the marker that Excel or LibreOffice leaves while a workbook is open, not the workbook. "
    "Name the workbook itself, without the {mark} in front.",
    "empty": "{file} is empty: it holds no bytes at all. Save or download it again.",
    # ── It is something else ────────────────────────────────────────────────────────────────────────────────
    "web-page": "{file} is a web page saved under another name, as web shops often export. "
    "Open it in Excel and save it as an Excel workbook (.xlsx).",
    "xml-2003": "{file} is an Excel 2003 XML sheet. Open it in Excel and save it as an Excel workbook (.xlsx).",
    "xml": "{file} is an XML file, not a sheet. Export the pins as an Excel workbook (.xlsx) or as CSV.",
    "json": "{file} is a JSON file, not a sheet. Export the pins as an Excel workbook (.xlsx) or as CSV.",
    "rtf": "{file} is a text document (RTF), not a sheet. Copy its table into Excel and save that as .xlsx.",
    "sylk": "{file} is an old SYLK sheet. Open it in Excel and save it as an Excel workbook (.xlsx).",
    "pdf": "{file} is a PDF document, not a sheet. Ask for the table as an Excel workbook (.xlsx) or as CSV.",
    "picture": "{file} is a picture, not a sheet. Ask for the table as an Excel workbook (.xlsx) or as CSV.",
    "media": "{file} is a picture, sound or film, not a sheet. Name an Excel workbook (.xlsx) or a CSV file.",
    "archive": "{file} is a packed archive, not a workbook. Unpack it and name the Excel or CSV file inside.",
    "database": "{file} is a database file, not a sheet. Export the pins as an Excel workbook (.xlsx) or as CSV.",
    "program": "{file} is a program or a system file, not a sheet. Name an Excel workbook (.xlsx) or a CSV file.",
    "other-office": "{file} is a document or a presentation, not a sheet. "
    "Copy its table into Excel and save that as an Excel workbook (.xlsx).",
    "numbers": "{file} is an Apple Numbers document. In Numbers choose File, Export To, Excel, and name that file.",
    "old-excel": "{file} comes from a very old Excel (before Excel 97). "
    "Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx).",
    # ── It cannot be read ───────────────────────────────────────────────────────────────────────────────────
    "password": "{file} is protected with a password. Open it in Excel, remove the password "
    "(File, Info, Protect Workbook, Encrypt with Password) and save it.",
    "damaged": "{file} is damaged or only half there, so it cannot be read. Download or export it again; "
    "if it opens in Excel, save it there as a new Excel workbook (.xlsx).",
    "only-nulls": "{file} is damaged: it holds nothing but null bytes, as after a failed download. "
    "Download or export it again.",
    "entities": "{file} holds XML declarations that no spreadsheet program writes and that can be used to attack, "
    "so it is not read. Open it in Excel and save it as a new Excel workbook (.xlsx).",
    "unpacks-too-far": "{file} is small but unpacks to far more than a sheet of its size, so it is not read. "
    "Open it in Excel, copy the rows into a new workbook and save that.",
    "far-cells": "The sheet {sheet} of {file} has a cell so far out that the sheet spans {rows} rows and {columns} "
    "columns. Delete the empty rows and columns around the table (press Ctrl+End in Excel to see the last cell), "
    "save, and try again.",
    "too-big": "{file} needs more memory than one import may use. "
    "Delete the empty rows and columns around the table, save the rows as CSV, or split the sheet into several files.",
    "no-helper": "{file} could not be read, since no helper process could be started ({why}). "
    "Close other programs and try again, or save the rows as CSV.",
    "too-slow": "{file} took too long to read. Save the rows as CSV or as a new Excel workbook (.xlsx); "
    "if it is very large, split it into several files.",
    # ── Sheets ──────────────────────────────────────────────────────────────────────────────────────────────
    "no-sheets": "{file} has no sheet with cells. Put the pins on an ordinary sheet, or save them in a new workbook.",
    "no-such-sheet": "{file} has no sheet named {sheet}. Its sheets are: {sheets}. Check --sheet.",
    "sheet-of-csv": "{file} is a text file and has no sheets. Leave out --sheet.",
    "only-hidden": "Nothing is on the visible sheets of {file}; only the hidden sheet {sheet} holds data. "
    "Unhide it in Excel, or name it with --sheet.",
    "nothing-in-it": "{file} holds no data: every visible sheet is empty. "
    "Fill in the sheet; pin-importer template writes one to start from.",
    "nothing-in-text": "{file} holds no data: there is nothing but blanks and separators in it. "
    "Fill in the sheet; pin-importer template writes one to start from.",
    # ── Columns ─────────────────────────────────────────────────────────────────────────────────────────────
    "no-rows": "{file} has a row of headers (row {row}) but no rows under it. Add a row for each pin.",
    "only-blank-rows": "{file} has no pins under its row of headers (row {row}): the rows there hold only yes or no, "
    "words of drop-downs, or columns that are not read. Add a row for each pin.",
    "only-examples": "{file} holds only the template's example rows. Type your own pins over them and try again.",
    "two-tables": "{file} has two tables in one sheet: row {row} has headers, and row {other} has headers again, "
    "but not the same ones in the same columns. Put the tables on two sheets (or into two files) and import them one "
    "after the other; --sheet chooses a sheet.",
    "rows-above-header": "{file} has pins above its headers: row {row} is a pin, and the headers stand in row "
    "{header}. Sorting has probably moved the headers. Move them back above the first pin and try again.",
    "columns-missing": "{file} lacks the needed columns {missing}. The headers found in row {row} are: {headers}. "
    "{nearest}Name the columns as in the template (pin-importer template writes one).",
    "columns-needed": "{file} lacks columns that its rows need: {needed}. "
    "The headers found in row {row} are: {headers}. "
    "{nearest}Name the columns as in the template (pin-importer template writes one).",
    "no-header": "No row of headers was found in the first rows of {file}: the needed columns are {missing}. "
    "The most likely row, {row}, has: {headers}. "
    "{nearest}Name the columns as in the template (pin-importer template writes one).",
    "column-twice": "{file} has the column {column} twice, in {first} and in {second}, so it is not clear which one "
    "counts. Delete or rename one of them.",
    "misspelt": "The column {header} ({letter}) of {file} looks like a misspelt {column}, which the sheet lacks. "
    'Correct the header, or, if it is meant so, add --ignore-column "{header}".',
    "remark-matters": "The header “{header}” ({letter}) of {file} names {column}, but says something beside it that "
    "may change what the cells mean, and the importer does not follow it. Check that the cells mean what the template "
    'says, and take the remark out of the header; or, if the column is not meant, add --ignore-column "{header}".',
    "one-cell": "The whole table of {file} stands in one column: a single cell of row {row} holds all headers, with "
    "{sign} between them. In Excel select that column, choose Data, Text to Columns, Delimited, and save the workbook.",
    "one-cell-text": "{file} was not split into columns: row {row} is one cell, which holds all headers with {sign} "
    'between them. Name that sign: --delimiter "{option}".',
    "one-cell-quoted": "Each line of {file} stands in quotation marks as a whole, so it is one cell (row {row} holds "
    "all headers). Export it again; or open it in Excel, choose Data, Text to Columns, and save it as .xlsx.",
    "looks-like": "{file} has columns that are not read, though they look as if they matter: {looks}. "
    "Rename each to the name the template has for it, or delete it. If it is not meant for the import, "
    "add {options} to the command.",
    # ── CSV ─────────────────────────────────────────────────────────────────────────────────────────────────
    "not-in-encoding": "{file} is not valid {encoding} text (line {line}). "
    "Save it again as CSV UTF-8, or name its encoding with --encoding.",
    "damaged-utf8": "{file} is UTF-8 text, but line {line} has characters that are broken. "
    "Export it again, or correct that line and save as CSV UTF-8.",
    "encoding-not-found": "The text encoding of {file} could not be found out: it is neither UTF-8 nor Windows-1250 "
    "(line {line}). Save it again as CSV UTF-8, or name its encoding: {likelier}.",
    "null-character": "Line {line} of {file} has a null character, which no text has: the file is damaged or is not "
    "a CSV file. Export it again, or, if it is text, name its encoding with --encoding.",
    "backslash-quote": 'Line {line} of {file} writes a quotation mark inside a cell as \\", so it is not clear where '
    'the cell ends. Export it again with such marks written twice ("").',
    "open-quote": 'Line {line} of {file} opens a quotation mark (") that is not closed as it should be, so it is not '
    "clear where the cell ends. Close it, or write quotation marks inside a cell twice.",
}

_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32", "cp1250": "Windows-1250"}
_DELIMITERS = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "vertical bars",
    "^": "carets",
    "~": "tildes",
    ":": "colons",
}

LIKELIER = "--encoding {encoding} (it reads: {sample})"
USUAL_ENCODINGS = "--encoding cp1252, --encoding iso8859-2"
OF_SHEET = "{file} (sheet {sheet})"
OTHER_SHEETS = " Also in the workbook, not read: {others}. Choose another with --sheet."
HIDDEN = "{sheet} (hidden)"
NEEDED_BY = "{column} (for {choice}, in {count} of {rows} rows)"
LOOKS_LIKE = "{column} looks like {looks} (for example {sample})"
HEADED = "{letter} “{header}”"
HEADLESS = "{letter} without a header"
IGNORE = "--ignore-column {name}"

NOTICES: dict[str, str] = {
    "sheet": "Read the sheet {sheet}. Also in the workbook, not read: {others}. Choose another with --sheet.",
    "pins-too": '{sheet} also looks like a sheet of pins. Import it with --sheet "{sheet}".',
    "text-doubtful": "Read as {encoding}, separated by {delimiter}. It is not UTF-8, and as {encoding} its words "
    "make no sense: {sample}. See which of these reads well, and add it: {likelier}.",
    "results-sheets": "Read the sheets {sheets} as one.",
    "header-row": "The headers were found in row {row}; the rows above it were left out.",
    "header-rows": "The headers stand in two rows, {upper} and {row}; they were read together.",
    "text": "Read as {encoding}, separated by {delimiter}.",
    "text-guessed": "Read as {encoding} (a guess: it is not UTF-8), separated by {delimiter}. "
    "It reads like this: {sample}. If letters look wrong, name the encoding with --encoding.",
    "nothing-to-ignore": "There is no column {names} to ignore. The headers are: {headers}.",
    "hidden-rows": "{count} rows of the sheet are hidden or filtered out; they were read as well.",
    "hidden-row": "One row of the sheet is hidden or filtered out; it was read as well.",
    "hidden-columns": "The columns {columns} of the sheet are hidden; they were read as well.",
    "hidden-column": "The column {columns} of the sheet is hidden; it was read as well.",
    "changing-dates": "The column {column} has formulas with TODAY() or NOW(), the first in {cell}. The days are read "
    "that the file was saved with; Excel shows others each day. Type the days in place of the formulas.",
    "merged": "Filled {count} cells down from merged cells, in the columns {columns}.",
    "merged-cell": "Filled one cell down from merged cells, in the column {columns}.",
    "repeated-headers": "{count} rows repeat the headers, so they were skipped: rows {rows}.",
    "repeated-header": "Row {rows} repeats the headers, so it was skipped.",
    "example-rows": "Rows {rows} are the template's examples, left as they were; they are not sent.",
    "example-row": "Row {rows} is one of the template's examples, left as it was; it is not sent.",
    "blank-rows": "{count} rows have nothing of a pin in the columns that are used (headings, totals, cells filled "
    "down), so they are left out: rows {rows}.",
    "blank-row": "Row {rows} has nothing of a pin in the columns that are used (a heading, a total, cells filled "
    "down), so it is left out.",
    "zone-in-header": "The header “{column}” names the time zone {zone}, but times that name none are read in the zone "
    "of --timezone. If the two differ, name the zone with --timezone.",
    "date-order": "Dates such as 03/04/2026 are read {order}, as in the run that wrote this workbook.",
    "date-order-mapping": "Dates such as 03/04/2026 are read {order}, as the mapping says.",
    "filled-down": "Filled {count} empty cells from the row above, as --fill-down asks.",
}


def refusal(
    code: str, file: str, details: Mapping[str, object], *, sheet: str | None = None, others: Sequence[str] = ()
) -> str:
    """The sentence of a refusal. `file` is the name as people know it; `sheet` the one that was read, of a workbook,
    `others` those that were not."""
    words = {name: _worded(value) for name, value in details.items() if name not in ("nearest", "found", "likelier")}
    hints, found = details.get("nearest"), details.get("found")
    words["likelier"] = likelier_encodings(details.get("likelier"))
    words["nearest"] = _hints(hints) if isinstance(hints, Mapping) else ""
    if isinstance(found, Sequence):
        words["looks"] = "; ".join(map(_looks, found))
        words["options"] = " ".join(map(_ignoring, found))
    words["file"] = OF_SHEET.format(file=_named(file), sheet=_named(sheet)) if sheet else _named(file)
    text = REFUSALS[code].format_map(words)
    return text + OTHER_SHEETS.format(others=_worded(others)) if others else text


def option(text: str, otherwise: str = "") -> str:
    """A foreign text in quotation marks, ready to copy into any shell; `otherwise` where that cannot be."""
    line = " ".join(text.split())
    simple = line == _named(line) and re.fullmatch(r"[^\"'`$\\!%^]*\w[^\"'`$\\!%^]*", line)
    return f'"{line if simple or not otherwise else otherwise}"'


def likelier_encodings(found: object) -> str:
    """Encodings, given with a sample of each, as options ready to use."""
    pairs = found if isinstance(found, Sequence) else ()
    options = (LIKELIER.format(encoding=encoding, sample=_named(sample)) for encoding, sample in pairs)
    return "; ".join(options) or USUAL_ENCODINGS


def notice(code: str, **details: object) -> Notice:
    """A notice, ready to show."""
    return Notice(code, NOTICES[code].format_map({name: _worded(value) for name, value in details.items()}))


def doubtful_text(encoding: str, delimiter: str, likelier: Sequence[tuple[str, str]]) -> Notice:
    """The warning about an encoding that makes no sense; `likelier` begins with that encoding's own sample."""
    words = {"encoding": encoding, "delimiter": delimiter, "sample": _named(likelier[0][1])}
    text = NOTICES["text-doubtful"].format(**words, likelier=likelier_encodings(likelier[1:]))
    return Notice("text-doubtful", text, severity="warning")


def notice_of_rows(code: str, rows: Sequence[str]) -> Notice:
    """A notice that names the first of its rows; `code` is that of several, without its `s` that of one."""
    one = code.removesuffix("s")
    listed = rows if len(rows) <= MOST_ROWS else [*rows[:MOST_ROWS], f"{len(rows) - MOST_ROWS:,} more"]
    text = NOTICES[code if len(rows) > 1 else one].format(count=f"{len(rows):,}", rows=and_listed(listed))
    return Notice(code, text)


def and_listed(parts: Sequence[str]) -> str:
    """Parts as a sentence lists them: `7`, `7 and 8`, `7, 8 and 12 more`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def encoding_name(encoding: str) -> str:
    """An encoding as people know it: `Windows-1250`."""
    return _ENCODINGS.get(encoding, encoding.upper())


def delimiter_name(delimiter: str) -> str:
    """A separator in a word: `semicolons`."""
    return _DELIMITERS.get(delimiter, delimiter)


def _worded(value: object) -> str:
    if isinstance(value, str):
        return _named(value)
    if isinstance(value, Sequence):
        listed = [_named(str(each)) for each in value[:MOST_LISTED]]
        more = len(value) - len(listed)
        return (", ".join(listed) or "none") + (f" and {more} more" if more > 0 else "")
    return str(value)


def _hints(nearest: Mapping[str, str]) -> str:
    meant: dict[str, list[str]] = {}
    for name, header in nearest.items():
        meant.setdefault(header, []).append(name)
    return "".join(f"Is {_named(header)} meant to be {' or '.join(names)}? " for header, names in meant.items())


def _looks(found: Mapping[str, str]) -> str:
    """One column that is not read, and what it looks like."""
    header = _named(found["header"])
    column = (HEADED if header else HEADLESS).format(letter=found["letter"], header=header)
    return LOOKS_LIKE.format(column=column, looks=found["looks"], sample=_named(found["sample"]))


def _ignoring(found: Mapping[str, str]) -> str:
    """The option that leaves a column out, ready to copy into any shell."""
    return IGNORE.format(name=option(found["header"], f"column {found['letter']}"))


def _named(text: str) -> str:
    """A foreign text fit for one line: no line breaks, no controls, no lone surrogates, not too long."""
    line = " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"
