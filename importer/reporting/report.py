"""How a run ended, in one sentence and one number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from importer.catalogue.rows import comment
from importer.catalogue.rows import message as message_of
from importer.catalogue.screen import MESSAGES, all_of, counted, verbs
from importer.model import Problem, ProblemGroup, Report, Result
from importer.reporting.table import FinishedTable
from importer.run import Finished, tally, warnings_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from importer.run import Tally

DONE = frozenset({Result.CREATED, Result.ALREADY_CREATED})


def report(finished: Finished, *, strict: bool) -> Report:
    """The report of a run; where its results are and how long it took is filled in once that is known."""
    counts = tally(finished)
    facts = finished.facts
    return Report(
        command=facts.command,
        file=finished.sheet.file,
        read=finished.sheet.facts,
        rows=counts.rows,
        scopes=counts.scopes,
        row_results=counts.row_results,
        scope_results=counts.scope_results,
        problems=counts.problems,
        warnings=counts.warnings,
        results=None,
        seconds=0.0,
        exit_code=exit_code(finished, counts),
        message=message(finished, counts, strict=strict),
        notices=(*finished.sheet.notices, *facts.notices),
        unread_columns=finished.sheet.unread_columns,
        unread_sheets=finished.sheet.unread_sheets,
        problem_groups=_groups(finished),
        requests=facts.requests,
        rehearsal=facts.rehearsal,
        mapping=finished.sheet.origin.name if finished.sheet.origin else None,
        problem_list=lambda: _problems(finished),
        scope_list=finished.labelled_outcomes,
        table=lambda: FinishedTable(finished),
    )


def _problems(finished: Finished) -> Iterator[Problem]:
    """The problems as the file has them: those of a mapped sheet by the rows and cells of the export."""
    sheet = finished.sheet
    if sheet.origin is None:
        return iter(finished.checked.problems)
    return (
        replace(
            problem,
            row=sheet.source_row(problem.row),
            other=None if problem.other is None else sheet.source_row(problem.other),
            source=sheet.source_cell(problem.row, problem.column),
        )
        for problem in finished.checked.problems
    )


def _groups(finished: Finished) -> tuple[ProblemGroup, ...]:
    problems, sheet = finished.checked.problems, finished.sheet
    groups = []
    for group in problems.groups():
        first = problems.first_of(group)
        source = sheet.source_cell(first.row, first.column)
        text = f"{source}: {message_of(first, sheet.row_label)}" if source else comment(first, sheet.row_label)
        rows = tuple(dict.fromkeys(map(sheet.source_row, group.rows)))
        groups.append(ProblemGroup(group.code, group.severity, text, group.count, rows))
    return (*groups, *(ProblemGroup(notice.code, "warning", notice.text, 1) for notice in warnings_of(finished)))


def exit_code(finished: Finished, counts: Tally) -> int:
    """130 before 3 before 4 before 1; for `check` 0 or 1."""
    if finished.facts.command == "check":
        return 1 if counts.row_results.keys() & {Result.INVALID, Result.HELD_BACK} else 0
    if finished.facts.stop is not None:
        return finished.facts.stop.exit_code
    if Result.UNKNOWN in counts.scope_results:
        return 4
    return 0 if set(counts.row_results) <= DONE else 1


def message(finished: Finished, counts: Tally, *, strict: bool) -> str:
    """The closing sentence."""
    if finished.facts.command == "check":
        return _checked(counts)
    if finished.facts.stop is not None:
        return finished.facts.stop.text
    return _imported(counts, strict=strict)


def _imported(counts: Tally, *, strict: bool) -> str:
    found = counts.row_results
    created, before = found.get(Result.CREATED, 0), found.get(Result.ALREADY_CREATED, 0)
    if Result.UNKNOWN in counts.scope_results:
        return MESSAGES["unknown"].format(scopes=counted(counts.scope_results[Result.UNKNOWN], "scope"))
    if strict and Result.NOT_SENT in found and Result.INVALID in found:
        return MESSAGES["strict"].format(rest=_rest(found))
    if found.keys() & {Result.NOT_SENT} and not created:
        return MESSAGES["declined"]
    if created + before < counts.rows:
        return _said("some", counts.rows, created + before, rest=_rest(found))
    key = "created-or-already" if created and before else "all-created" if created else "all-already"
    return _said(key, counts.rows, counts.rows, created=f"{created:,}", before=f"{before:,}")


def _checked(counts: Tally) -> str:
    found = counts.row_results
    ready, before = found.get(Result.READY, 0), found.get(Result.ALREADY_CREATED, 0)
    if before == counts.rows:
        return _said("checked-all-already", counts.rows, before)
    if ready == counts.rows:
        return _said("checked-all", counts.rows, ready)
    return _said("checked", counts.rows, ready, rest=_rest(found, but={Result.READY}))


def _said(key: str, rows: int, done: int, **facts: str) -> str:
    """A closing sentence about so many of the rows."""
    numbers = {"rows": counted(rows, "row"), "all_rows": all_of(rows, "row"), "done": f"{done:,}"}
    return MESSAGES[key].format(**numbers, **verbs(rows, done), **facts)


def _rest(found: Mapping[Result, int], but: Collection[Result] = DONE) -> str:
    """The results that are none of `but`, with their counts: `2 invalid, 5 held back`."""
    left = {result: count for result, count in found.items() if result not in but}
    return ", ".join(f"{count:,} {str(result).lower()}" for result, count in left.items())
