"""What a run looks like in words, for a screen: what was found before sending, and how it ended. Returns text only."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from importer.catalogue import plan, screen, shops
from importer.catalogue import rows as row_texts
from importer.catalogue.files import delimiter_name
from importer.catalogue.screen import counted, verbs
from importer.columns import LIVE_COLUMNS
from importer.headers import folded
from importer.ledger import LIVE
from importer.live.plan import NOUNS
from importer.model import ColumnKind, HeldBack, Result
from importer.reporting.plan_facts import differences, plan_counts, plan_lines
from importer.run import result_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from importer.checking import Checked, Group
    from importer.checking.problems import Problem
    from importer.delivery import Attempt
    from importer.live.plan import UpdatePlan
    from importer.model import Notice, ReadFacts, Sheet
    from importer.reporting.plan_facts import PlanLine
    from importer.reporting.report import Report
    from importer.run import Run
    from importer.scopes import Scopes

SHOWN_PROBLEMS = 20
SHOWN_OF_A_KIND = 3
SHOWN_ROWS = 5
SHOWN_CHANGES = 10
NEVER_QUIET = frozenset({"results-elsewhere"})
SHOWN_MODELS = 6
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Text from a file or a server without what could steer a terminal: control and text-direction characters."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def found(run: Run, *, width: int | None) -> str:
    """What the file holds, what is wrong with it, and what would be sent. `width` wraps long lines."""
    lines = [*_reading(run.sheet), *_contents(run.checked, run.scopes), *date_lines(run)]
    lines += [notice.text for notice in run.all_notices]
    lines += _problems(run.checked)
    lines += _destination(run)
    lines += _sending(run)
    return _said(lines, width)


def ending(report: Report, *, already_shown: Collection[Notice], width: int | None, quiet: bool = False) -> str:
    """How an import or a check ended: counts by result, notices not told yet, the results' path, a closing sentence.

    With `quiet` nothing of a good run; that the results are not where they were wanted is said even then.
    """
    lines = []
    if report.command == "import" and not quiet:
        lines += _counts(report.row_results, report.scope_results)
    lines += [
        found.text
        for found in report.notices
        if found not in already_shown and (not quiet or found.code in NEVER_QUIET)
    ]
    if quiet and not report.exit_code:
        return _said(lines, width)
    if report.results is not None:
        lines.append(screen.RESULTS.format(path=report.results))
    elif report.command == "check" and report.problems:
        lines.append(screen.SEE_MARKED)
    lines.append(report.message)
    if report.rehearsal:
        lines.append(screen.REHEARSAL)
    return _said(lines, width)


def _said(lines: Iterable[str], width: int | None) -> str:
    return "\n".join(wrapped(printable(line), width) for line in lines)


def wrapped(text: str, width: int | None) -> str:
    """A text in lines of a width, or as it is; no word is broken."""
    if width is None:
        return text
    return "\n".join(line if len(line) <= width else _filled(line, width) for line in text.split("\n"))


def _filled(line: str, width: int) -> str:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _reading(sheet: Sheet) -> list[str]:
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


def _contents(checked: Checked, scopes: Scopes) -> list[str]:
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


def problems(run: Run, *, width: int | None) -> str:
    """What is wrong in the file, without warnings; "" if nothing is."""
    return _said(_problems(run.checked, ("problem",))[1:-1], width)


def _problems(checked: Checked, severities: Collection[str] = ("problem", "warning")) -> list[str]:
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


def _destination(run: Run) -> list[str]:
    """Which shop and tracker it is for."""
    shop, tracker = run.shop, run.tracker
    if run.rehearsal:
        return [shops.REHEARSED.format(shop=shop)] if shop else []
    if tracker is None:
        return [shops.SHOP_ALONE.format(shop=shop)] if shop else []
    text = shops.TO_SHOP if shop else shops.TO_TRACKER
    return [text.format(shop=shop, tracker=tracker.tracker_id, base_url=tracker.base_url)]


def _sending(run: Run) -> list[str]:
    """What is due, and why the rest is not."""
    scopes, pins = run.scopes, run.scopes.pins
    blocked = scopes.blocker > 0
    due = np.zeros(len(scopes), dtype=np.bool_)
    due[list(run.plan.due)] = True
    due[list(run.plan.shown)] = False
    known = [result_of(outcome) for outcome in (*run.plan.outcomes.values(), *run.plan.shown.values())]
    lines = _changes(run, run.update) if run.update is not None else []
    if run.update is None or due.any():
        said = {"scopes": counted(int(due.sum()), "scope"), "pins": counted(int(pins[due].sum()), "pin")}
        lines.append(screen.WOULD_SEND.format(**said))
    # A change takes two requests: what is live is read once more before it.
    requests = int(due.sum()) + 2 * len(run.update.changes if run.update is not None else ())
    if requests and run.pace is not None:
        lines.append(_duration(requests, run.pace))
    if blocked.any():
        held = counted(int(blocked.sum()), "scope"), counted(int(pins[blocked].sum()), "pin")
        lines.append(screen.HELD_BACK.format(scopes=held[0], pins=held[1]))
    for result, text in ((Result.ALREADY_CREATED, screen.ALREADY), (Result.HELD_BACK, screen.HELD_BACK_EARLIER)):
        if count := known.count(result):
            lines.append(text.format(scopes=counted(count, "scope")))
    reasons = [(number, found) for number, found in run.plan.outcomes.items() if isinstance(found, HeldBack)]
    for number, found in reasons[:SHOWN_OF_A_KIND]:
        lines.append("  " + _held_back(run.sheet, scopes.rows(number).tolist(), found.comment))
    if len(reasons) > SHOWN_OF_A_KIND:
        lines.append("  " + screen.MORE_HELD_BACK.format(count=f"{len(reasons) - SHOWN_OF_A_KIND:,}"))
    return lines


def _held_back(sheet: Sheet, rows: Sequence[int], comment: str) -> str:
    """Why a scope is held back, and its first rows; rows made of one row of an export have one label."""
    labels = list(dict.fromkeys(str(sheet.row_label(row)) for row in rows))
    text = screen.HELD_BACK_ROWS if len(labels) > 1 else screen.HELD_BACK_ROW
    more = " …" if len(labels) > SHOWN_ROWS else ""
    return text.format(rows=", ".join(labels[:SHOWN_ROWS]) + more, comment=comment)


def _changes(run: Run, update: UpdatePlan) -> list[str]:
    """What becomes of what is live: counts, and the first changes."""
    counts = plan_counts(update)
    already_shown = [text.format(count=f"{counts[word]:,}") for word, text in plan.KINDS.items() if counts[word]]
    lines = [plan.COUNTS.format(what=", ".join(already_shown))] if already_shown else []
    kinds = Counter(each.kind for each in differences(update))
    already_shown = [plan.CHANGES[kind].format(count=counted(kinds[kind], noun)) for kind, noun in NOUNS if kinds[kind]]
    lines += [plan.DIFFERENCES.format(what=", ".join(already_shown))] if already_shown else []
    first = list(islice(plan_lines(run), SHOWN_CHANGES))
    lines += ["  " + _change(run, line) for line in first]
    left = sum(kinds.values()) + counts["delete"] - len(first)
    return [*lines, *(["  " + plan.MORE_LINES.format(count=f"{left:,}")] if left else [])]


def _change(run: Run, line: PlanLine) -> str:
    text = {
        "changed": plan.CHANGED_LINE,
        "added": plan.ADDED_LINE,
        "removed": plan.REMOVED_LINE,
        "deleted": plan.DELETED_LINE,
    }[line.what]
    row = "" if line.row is None else run.sheet.row_label(line.row)
    values = {"live": line.live or plan.NOTHING, "new": line.new or plan.NOTHING}
    return text.format(row=row, column=line.column, id=line.id, **values)


def _duration(requests: int, pace: float) -> str:
    minutes = requests / pace / 60
    unit = "minute" if minutes <= 1 else "minutes" if minutes < 120 else "hours"
    time = screen.DURATIONS[unit].format(count=minutes / 60 if unit == "hours" else minutes)
    return screen.DURATION.format(time=time, pace=round(pace, 1))


def question(run: Run) -> str:
    """What to ask before sending."""
    tracker, sends = run.tracker, run.plan
    if run.update is not None:
        counts = {word: f"{count:,}" for word, count in plan_counts(run.update).items()}
        where = {"tracker": tracker.tracker_id if tracker else "", "base_url": tracker.base_url if tracker else ""}
        return plan.PROMPT.format(**counts, **where)
    known = sends.known.items()
    again = {n for n, entry in known if entry.status in LIVE and n not in sends.shown} | sends.beside.keys()
    text = screen.PROMPT_SEND_AGAIN if again else screen.PROMPT_SEND
    return text.format(
        count=f"{len(again):,}",
        scopes=counted(len(run.plan.due), "scope"),
        tracker=tracker.tracker_id if tracker else "",
        base_url=tracker.base_url if tracker else "",
    )


def attempt_line(attempt: Attempt) -> str:
    """One request in one line, for the vendor's support; it holds no secrets."""
    scope = f"scope {attempt.scope + 1}" if attempt.scope >= 0 else "-"
    return (
        f"{attempt.when:%Y-%m-%dT%H:%M:%S.%fZ} {attempt.call} {scope} attempt {attempt.attempt} "
        f"{attempt.status or attempt.why} {attempt.milliseconds:.0f} ms"
    )


def _counts(rows: Mapping[Result, int], scopes: Mapping[Result, int]) -> list[str]:
    lines = [""]
    for result in Result:
        if result in rows or result in scopes:
            parts = [counted(of[result], noun) for of, noun in ((rows, "row"), (scopes, "scope")) if result in of]
            lines.append(f"  {result:<16}{', '.join(parts)}")
    return lines
