"""The report: a run's facts as the JSON has them, with how it ended in one sentence and one number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from importer.catalogue.rows import comment
from importer.catalogue.rows import message as message_of
from importer.catalogue.screen import MESSAGES, all_of, counted, verbs
from importer.model import DONE, Result
from importer.reporting.plan_facts import plan_json
from importer.reporting.table import FinishedTable

if TYPE_CHECKING:
    from importer.checking.problems import Problem
    from importer.model import Notice, Outcome, ReadFacts, RowTable, TargetType
    from importer.run import Run


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems or warnings of one kind in one column, or a warning about the whole file."""

    code: str
    """The catalogue's stable name for it."""
    severity: Literal["problem", "warning"]
    text: str
    """The sentence of the first of them: what is wrong and what to do."""
    count: int
    rows: tuple[int, ...] = ()
    """The first of the sheet's rows that have it; none for the whole file."""
    column: str | None = None
    """The column it is about, if it is about one."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: the facts of the JSON, typed."""

    command: Literal["import", "check"]
    file: str
    """The path of the input, as it was given."""
    read: ReadFacts | None
    """How the file was read; `None` where it could not be."""
    rows: int
    """How many rows the sheet has."""
    scopes: int
    """How many scopes they make."""
    row_results: Mapping[Result, int]
    """How many rows have which result; they add up to `rows`. Results that no row has are left out."""
    scope_results: Mapping[Result, int]
    """How many scopes have which result; they add up to `scopes`."""
    problems: int
    """How many problems make a row invalid."""
    warnings: int
    """How many warnings there are, about rows and about the file."""
    results: str | None
    """The path of the results; `None` where none were written."""
    seconds: float
    """How long the whole run took."""
    exit_code: int
    """What the command line exits with."""
    message: str
    """How it ended, in a sentence."""
    notices: Sequence[Notice] = ()
    """What people should know besides."""
    unread_columns: Sequence[str] = ()
    """The columns that are not read, as `Sheet.unread_columns`."""
    unread_sheets: Sequence[str] = ()
    """The sheets that are not read, as `Sheet.unread_sheets`."""
    problem_groups: Sequence[ProblemGroup] = ()
    """Problems before warnings, the most frequent first; warnings about the whole file last."""
    shop: str | None = None
    """The shop in force, by its name in the configuration."""
    mapping: str | None = None
    """The mapping in force: a built-in one's name, or its file."""
    plan: Mapping[str, Any] | None = None
    """Of an update how many scopes get which word, how many cells and pins are changed, and the first changes."""
    requests: int = 0
    """How many requests were made; 0 for a check that looks at nothing."""
    rehearsal: bool = False
    """Whether a stand-in server took the scopes."""
    problem_list: Callable[[], Iterator[Problem]] = field(default=lambda: iter(()), repr=False, compare=False)
    """Every problem and warning of the file, in the order of the sheet; each is made when its turn comes."""
    scope_list: Callable[[], Iterator[tuple[str, TargetType, str, Outcome]]] = field(
        default=lambda: iter(()), repr=False, compare=False
    )
    """Model, target type, target and outcome of every scope, in the order of their first rows."""
    table: Callable[[], RowTable | None] = field(default=lambda: None, repr=False, compare=False)
    """The file's rows with their cells, results and problems, a page at a time; `None` where no file was read."""


def report_of(run: Run, *, strict: bool) -> Report:
    """The report of a run; where its results are and how long it took is filled in once that is known."""
    message = _checked(run) if run.command == "check" else _imported(run, strict=strict)
    if run.stop is not None:
        message = run.stop.text
    problems, warnings = run.checked.problems.problem_count, run.warning_count
    return Report(
        command=run.command,
        file=run.sheet.file,
        read=run.sheet.facts,
        rows=len(run.sheet.frame),
        scopes=len(run.scopes),
        row_results=run.row_results,
        scope_results=run.scope_results,
        problems=problems,
        warnings=warnings,
        results=None,
        seconds=0.0,
        exit_code=exit_code(run),
        message=message,
        notices=run.all_notices,
        unread_columns=run.sheet.unread_columns,
        unread_sheets=run.sheet.unread_sheets,
        problem_groups=tuple(_groups(run)) if problems or warnings else (),
        plan=plan_json(run) if run.update is not None else None,
        requests=run.requests,
        rehearsal=run.rehearsal,
        shop=run.shop or None,
        mapping=run.sheet.origin.name if run.sheet.origin else None,
        problem_list=lambda: _problems(run),
        scope_list=run.labelled_outcomes,
        table=lambda: FinishedTable(run),
    )


def _problems(run: Run) -> Iterator[Problem]:
    """The problems as the file has them: those of a mapped sheet by the rows and cells of the export."""
    sheet = run.sheet
    if sheet.origin is None:
        return iter(run.checked.problems)
    return (
        replace(
            problem,
            row=sheet.source_row(problem.row),
            other=None if problem.other is None else sheet.source_row(problem.other),
            source=sheet.source_cell(problem.row, problem.column),
        )
        for problem in run.checked.problems
    )


def _groups(run: Run) -> Iterator[ProblemGroup]:
    """The kinds of problems, and behind them the warnings about the whole file."""
    problems, sheet = run.checked.problems, run.sheet
    for group in problems.groups():
        first = problems.first_of(group)
        source = sheet.source_cell(first.row, first.column)
        text = f"{source}: {message_of(first, sheet.row_label)}" if source else comment(first, sheet.row_label)
        rows = tuple(dict.fromkeys(map(sheet.source_row, group.rows)))
        yield ProblemGroup(group.code, group.severity, text, group.count, rows, group.column)
    for notice in run.all_notices:
        if notice.severity == "warning":
            yield ProblemGroup(notice.code, "warning", notice.text, 1)


def exit_code(run: Run) -> int:
    """130 before 3 before 4 before 1; for `check` 0 or 1."""
    if run.command == "check":
        return 1 if run.row_results.keys() & {Result.INVALID, Result.HELD_BACK} else 0
    if run.stop is not None:
        return run.stop.exit_code
    if Result.UNKNOWN in run.scope_results:
        return 4
    return 0 if set(run.row_results) <= DONE else 1


def _imported(run: Run, *, strict: bool) -> str:
    """The closing sentence of an import."""
    found, rows = run.row_results, len(run.sheet.frame)
    created, before = found.get(Result.CREATED, 0), found.get(Result.ALREADY_CREATED, 0)
    done = sum(map(found.__getitem__, found.keys() & DONE))
    if Result.UNKNOWN in run.scope_results:
        return MESSAGES["unknown"].format(scopes=counted(run.scope_results[Result.UNKNOWN], "scope"))
    if strict and Result.NOT_SENT in found and Result.INVALID in found:
        return MESSAGES["strict"].format(rest=_rest(found))
    if Result.NOT_SENT in found and not found.keys() & {Result.CREATED, Result.REPLACED, Result.DELETED}:
        return MESSAGES["declined"]
    if done > created + before:
        kinds = {result: count for result, count in found.items() if result in DONE}
        what = _rest(kinds, but=())
        return _said("changed" if done == rows else "changed-some", rows, done, what=what, rest=_rest(found))
    if done < rows:
        return _said("some", rows, done, rest=_rest(found))
    key = "created-or-already" if created and before else "all-created" if created else "all-already"
    return _said(key, rows, len(run.sheet.frame), created=f"{created:,}", before=f"{before:,}")


def _checked(run: Run) -> str:
    """The closing sentence of a check."""
    found, rows = run.row_results, len(run.sheet.frame)
    ready, before = found.get(Result.READY, 0), found.get(Result.ALREADY_CREATED, 0)
    if before == rows:
        return _said("checked-all-already", rows, before)
    if before + found.get(Result.UNCHANGED, 0) == rows:
        return _said("checked-all-live", rows, rows)
    if ready == rows:
        return _said("checked-all", rows, ready)
    return _said("checked", rows, ready, rest=_rest(found, but={Result.READY}))


def _said(key: str, rows: int, done: int, **facts: str) -> str:
    """A closing sentence about so many of the rows."""
    numbers = {"rows": counted(rows, "row"), "all_rows": all_of(rows, "row"), "done": f"{done:,}"}
    return MESSAGES[key].format(**numbers, **verbs(rows, done), **facts)


def _rest(found: Mapping[Result, int], but: Collection[Result] = DONE) -> str:
    """The results that are none of `but`, with their counts: `2 invalid, 5 held back`."""
    left = {result: count for result, count in found.items() if result not in but}
    return ", ".join(f"{count:,} {str(result).lower()}" for result, count in left.items())
