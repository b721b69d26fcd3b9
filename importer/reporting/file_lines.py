"""What a file holds in words, for a screen, and what is wrong in it."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from importer.catalogue import rows as row_texts
from importer.catalogue import screen
from importer.catalogue.files import delimiter_name
from importer.catalogue.screen import counted, verbs
from importer.columns import LIVE_COLUMNS
from importer.headers import folded
from importer.model import ColumnKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from importer.checking import Checked, Group
    from importer.checking.problems import Problem
    from importer.model import ReadFacts, Sheet
    from importer.run import Run
    from importer.scopes import Scopes

SHOWN_PROBLEMS = 20
"""Problems in full, of all kinds together."""

SHOWN_OF_A_KIND = 3
SHOWN_ROWS = 5
SHOWN_MODELS = 6


def reading_lines(sheet: Sheet) -> list[str]:
    """Which file it is, how it was read, and which columns are used."""
    facts = sheet.facts
    parts = [_format(facts)]
    if facts.sheet:
        parts.append(screen.SHEET.format(sheet=facts.sheet))
    if facts.header_row:
        parts.append(screen.HEADER_ROW.format(row=facts.header_row))
    parts.append(counted(len(sheet.frame if sheet.origin is None else sheet.origin.sheet.frame), "row"))
    return [f"{Path(sheet.file).name}: {', '.join(parts)}", _columns(sheet)]


def _columns(sheet: Sheet) -> str:
    """Which columns are used, under which headers, and which are not."""
    used = []
    for column in sheet.columns:
        if column.kind in (ColumnKind.KNOWN, ColumnKind.METADATA) or column.key in LIVE_COLUMNS:
            header = " ".join(column.header.split())
            if sheet.origin is not None:
                header = ", ".join(sheet.origin.headers(column.key)) or header
            plain = folded(header) == folded(column.key)
            used.append(column.key if plain else screen.COLUMN_WRITTEN.format(name=column.key, header=header))
    line = screen.COLUMNS_USED.format(used=", ".join(used))
    if not sheet.unread_columns:
        return line
    return f"{line} {screen.COLUMNS_NOT_USED.format(unread=', '.join(sheet.unread_columns))}"


def _format(facts: ReadFacts) -> str:
    if facts.delimiter is None:
        return facts.format
    return f"{facts.format} ({facts.encoding}, {delimiter_name(facts.delimiter)})"


def contents_lines(checked: Checked, scopes: Scopes) -> list[str]:
    """How many scopes, pins and models there are, by kind."""
    targets = _counted_values(checked, "target_type", scopes.first_positions)
    lines = [screen.FOUND.format(what=counted(len(scopes), "scope"), kinds=_listed(targets))]
    kinds = Counter({"fixed": 0, "global": 0, "block": 0})
    in_scopes = np.flatnonzero(scopes.of_row >= 0)
    for position, count in _counted_values(checked, "position", in_scopes).items():
        kinds[{-1: "global", 0: "block"}.get(int(position), "fixed")] += count
    if bundles := _counted_values(checked, "is_bundle_pin", in_scopes).get(True):
        kinds["bundle"] = bundles
    named = {screen.PINS_OF_KIND[kind]: count for kind, count in kinds.items()}
    lines.append(screen.FOUND.format(what=counted(int(scopes.pins.sum()), "pin"), kinds=_listed(named)))
    models = _counted_values(checked, "model", in_scopes)
    if models:
        lines.append(screen.FOUND.format(what=counted(len(models), "model"), kinds=_listed_briefly(models)))
    return [line.removesuffix(": ") for line in lines]


def _counted_values(checked: Checked, column: str, at: NDArray[np.int64] | None = None) -> Counter[Any]:
    """How often each typed value of a column occurs, in all rows or at these positions."""
    if column not in checked.typed:
        return Counter()
    cells = checked.typed[column].array
    codes = cells.codes if at is None else cells.codes[at]
    counts = np.bincount(codes[codes >= 0], minlength=len(cells.categories)).tolist()
    return Counter({value: count for value, count in zip(cells.categories, counts, strict=True) if count})


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


def _listed_briefly(counts: Counter[str]) -> str:
    """The commonest, and how many more there are."""
    shown = _listed(dict(counts.most_common(SHOWN_MODELS)))
    return (
        shown if len(counts) <= SHOWN_MODELS else screen.AND_MORE.format(shown=shown, count=len(counts) - SHOWN_MODELS)
    )


def date_lines(run: Run) -> list[str]:
    """How dates without a zone or a time of day are read."""
    lines = []
    checked = run.checked
    if checked.zoneless_dates:
        said = verbs(checked.zoneless_dates) | {"dates": counted(checked.zoneless_dates, "date")}
        lines.append(screen.ZONE.format(timezone=run.timezone, **said))
    if checked.whole_days:
        said = verbs(checked.whole_days) | {"dates": counted(checked.whole_days, "date")}
        lines.append(screen.WHOLE_DAYS.format(**said))
    return lines


def problem_lines(checked: Checked, severities: Collection[str] = ("problem", "warning")) -> list[str]:
    """Of each group the heading and the first few; at least one of each, however many there are before it."""
    problems = checked.problems
    groups = [group for group in problems.groups() if group.severity in severities]
    if not groups:
        return []
    counts = [(sum(found.count for found in groups if found.severity == noun), noun) for noun in severities]
    lines = ["", ", ".join(counted(count, noun) for count, noun in counts if count) + ":"]
    left, more = SHOWN_PROBLEMS, 0
    codes = Counter(group.code for group in groups)
    for group in groups:
        lines.append(f"  {_group_heading(checked.sheet, group, named=codes[group.code] > 1)}")
        shown = list(islice(problems.of_group(group), min(SHOWN_OF_A_KIND, max(left, 1))))
        lines += [f"    {problem_line(checked.sheet, problem)}" for problem in shown]
        left -= len(shown)
        more += group.count - len(shown)
    if more:
        lines.append("  " + screen.MORE_PROBLEMS.format(count=f"{more:,}"))
    return [*lines, ""]


def _group_heading(sheet: Sheet, group: Group, *, named: bool) -> str:
    """A group's title and first rows; with the column where groups of other columns have the same title."""
    labels = dict.fromkeys(str(sheet.row_label(row)) for row in group.rows)
    more = len(labels) > SHOWN_ROWS or group.count > len(group.rows)
    rows = ", ".join(list(labels)[:SHOWN_ROWS]) + (" …" if more else "")
    of_one_row = screen.PROBLEMS_OF_A_ROW if group.count > 1 else screen.ONE_PROBLEM
    text = screen.PROBLEM_GROUP if len(labels) > 1 or more else of_one_row
    title = row_texts.entry(group.code).title
    if named and group.column:
        title = screen.IN_COLUMN.format(title=title, column=group.column)
    return text.format(title=title, count=f"{group.count:,}", rows=rows)


def problem_line(sheet: Sheet, problem: Problem) -> str:
    """One problem: where, in which column, what is wrong and what to do."""
    source = sheet.source_cell(problem.row, problem.column)
    if source:
        return f"{source}: {row_texts.message(problem, sheet.row_label)}"
    place = _cell_label(sheet, problem.row, problem.column) or screen.ROW.format(row=sheet.row_label(problem.row))
    return f"{place}{f' {problem.column}' if problem.column else ''}: {row_texts.message(problem, sheet.row_label)}"


def _cell_label(sheet: Sheet, row: int, key: str | None) -> str:
    """The cell's address in the input, or "" where the file lacks the column."""
    address = sheet.address(row, key)
    name, _ = sheet.place(row)
    return f"{name}: {address}" if address and name not in ("", *sheet.sheets[:1]) else address
