"""A report as the JSON object of `--json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from importer.errors import FileError
from importer.reporting.report import Report

if TYPE_CHECKING:
    import os

    from importer.errors import ImporterError

Command = Literal["import", "check"]

_KEYS = (
    "command",
    "file",
    "read",
    "rows",
    "scopes",
    "row_results",
    "scope_results",
    "problems",
    "warnings",
    "problem_groups",
    "unread_columns",
    "unread_sheets",
    "shop",
    "mapping",
    "plan",
    "requests",
    "results",
    "seconds",
    "exit_code",
    "message",
)


def as_json(report: Report) -> dict[str, Any]:
    """The object that `--json` prints: plain values under the documented keys, in their order."""
    values: dict[str, Any] = {key: getattr(report, key) for key in _KEYS}
    values["read"] = asdict(report.read) if report.read else None
    for results in ("row_results", "scope_results"):
        values[results] = {str(result): count for result, count in values[results].items()}
    for unread in ("unread_columns", "unread_sheets"):
        values[unread] = list(values[unread])
    values["problem_groups"] = [asdict(group) | {"rows": list(group.rows)} for group in report.problem_groups]
    values["seconds"] = round(report.seconds, 3)
    return values


def report_of_error(error: ImporterError, command: Command, file: str | os.PathLike[str], seconds: float) -> Report:
    """The report of a run that ended in an error: no rows, the error's sentence and exit code."""
    return Report(
        command=command,
        file=str(file),
        read=error.read if isinstance(error, FileError) else None,
        rows=0,
        scopes=0,
        row_results={},
        scope_results={},
        problems=0,
        warnings=0,
        results=None,
        seconds=seconds,
        exit_code=error.exit_code,
        message=str(error),
    )
