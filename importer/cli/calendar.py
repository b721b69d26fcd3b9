"""`pin-importer calendar`: draw a sheet's season."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.catalogue import screen
from importer.cli.arguments import CELLS, FILE, JSON, QUIET, SHEET, SHOP, options_of
from importer.cli.session import print_out, warn

if TYPE_CHECKING:
    from importer.season import CalendarReport

_KEYS = (
    "file", "targets", "pins", "overlaps", "gaps", "unplaced", "written", "seconds", "exit_code", "message",
)  # fmt: skip


@click.command("calendar", help=screen.HELP["calendar"])
@FILE
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help=screen.OPTIONS["calendar-output"])
@options_of(SHEET, *CELLS, *SHOP, JSON, QUIET)
def calendar(file: Path, output: Path | None, *, as_json: bool, quiet: bool, **given: Any) -> int:
    """`pin-importer calendar FILE`."""
    from importer.season import write_calendar  # noqa: PLC0415 - heavy

    given["timezone"] = given["timezone"] or "local"
    report = write_calendar(file, output=output, **given)
    if as_json:
        print_out(json.dumps(calendar_json(report)))
    else:
        _say(report, quiet=quiet)
    return report.exit_code


def _say(report: CalendarReport, *, quiet: bool) -> None:
    from importer.reporting.console import printable  # noqa: PLC0415 - heavy

    for notice in report.notices:
        if notice.severity == "warning":
            warn(notice.text)
        elif not quiet:
            print_out(printable(notice.text))
    if not quiet:
        print_out(printable(report.message))


def calendar_json(report: CalendarReport) -> dict[str, Any]:
    """The object that `--json` prints."""
    values = {"command": "calendar"} | {key: getattr(report, key) for key in _KEYS}
    return values | {"written": list(report.written), "seconds": round(report.seconds, 3)}
