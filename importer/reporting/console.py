"""What a run looks like in words, for a screen: what was found before sending, and how it ended. Returns text only."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from importer.catalogue import plan, screen, shops
from importer.catalogue.screen import counted
from importer.ledger import LIVE
from importer.live.plan import NOUNS
from importer.model import HeldBack, Result
from importer.reporting.file_lines import (
    SHOWN_OF_A_KIND,
    SHOWN_ROWS,
    contents_lines,
    date_lines,
    problem_lines,
    reading_lines,
)
from importer.reporting.plan_facts import differences, plan_counts, plan_lines
from importer.run import result_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from importer.delivery import Attempt
    from importer.live.plan import UpdatePlan
    from importer.model import Notice, Sheet
    from importer.reporting.plan_facts import PlanLine
    from importer.reporting.report import Report
    from importer.run import Run

SHOWN_CHANGES = 10

NEVER_QUIET = frozenset({"results-elsewhere"})
"""Notices that people get even with `--quiet`."""

_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Text from a file or a server without what could steer a terminal: control and text-direction characters."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def found(run: Run, *, width: int | None) -> str:
    """What the file holds, what is wrong with it, and what would be sent. `width` wraps long lines."""
    lines = [*reading_lines(run.sheet), *contents_lines(run.checked, run.scopes), *date_lines(run)]
    lines += [notice.text for notice in run.all_notices]
    lines += problem_lines(run.checked)
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


def problems(run: Run, *, width: int | None) -> str:
    """What is wrong in the file, without warnings; "" if nothing is."""
    return _said(problem_lines(run.checked, ("problem",))[1:-1], width)


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
