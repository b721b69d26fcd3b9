"""`pin-importer undo`: take back what a run did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.catalogue import screen
from importer.catalogue.changes import UNDO, UNDO_ERRORS
from importer.cli.arguments import CONNECTION, JSON, LEDGER, PACE, SHOP, TIMEZONE, TRACKER, options_of
from importer.cli.session import Session, print_out, warn
from importer.errors import UsageError
from importer.options import settings

if TYPE_CHECKING:
    from importer.reporting.undo_lines import Proposal, UndoReport

UNDOING = options_of(
    click.option("--include-adopted", is_flag=True, help=screen.OPTIONS["include-adopted"]),
    click.option("--yes", "-y", is_flag=True, help=screen.OPTIONS["undo-yes"]),
    click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help=screen.OPTIONS["undo-output"]),
    TIMEZONE,
    *SHOP,
    *TRACKER,
    *CONNECTION,
    LEDGER,
    *PACE,
    JSON,
    click.option("--quiet", is_flag=True, help=screen.OPTIONS["quiet"]),
    click.option("--verbose", is_flag=True, help=screen.OPTIONS["verbose"]),
)


@click.command("undo", help=screen.HELP["undo"])
@click.argument("run", required=False, type=click.IntRange(1))
@UNDOING
def undo(run: int | None, *, include_adopted: bool, **given: Any) -> int:
    """`pin-importer undo [RUN]`."""
    from importer import undoing  # noqa: PLC0415 - heavy
    from importer.sources import refuse_without_tracker  # noqa: PLC0415

    session = Session("import", Path(), given)
    options = session.options(given)
    refuse_without_tracker(settings(options))
    options["private_key"] = session.private_key(options)
    options["private_key_file"] = None
    with session.hooks() as hooks:
        report = undoing.undo(
            run,
            include_adopted=include_adopted,
            confirm=lambda proposal: _ask_consent(session, proposal, yes=given["yes"]),
            hooks=hooks,
            **options,
        )
    _tell(session, report)
    return report.exit_code


def _ask_consent(session: Session, proposal: Proposal, *, yes: bool) -> bool:
    """Show what would be undone, and ask for its number once."""
    from importer.reporting.console import printable  # noqa: PLC0415 - heavy
    from importer.reporting.undo_lines import lines_before, question  # noqa: PLC0415

    lines = [printable(line) for line in lines_before(proposal)]
    if yes or not session.interactive:
        if not session.quiet:
            session.say("\n".join(lines))
        if not yes:
            raise UsageError(UNDO_ERRORS["yes-missing"], code="yes-missing")
        return True
    click.echo("\n".join(lines), err=session.as_json)
    typed: str = click.prompt(question(proposal), default="", show_default=False, err=True)
    return typed.strip() == str(proposal.plan.count)


def _tell(session: Session, report: UndoReport) -> None:
    from importer.reporting.console import printable  # noqa: PLC0415 - heavy
    from importer.reporting.undo_lines import as_json  # noqa: PLC0415

    if session.as_json:
        print_out(json.dumps(as_json(report)))
        return
    lines = [notice.text for notice in report.notices if not session.quiet]
    lines.append(report.message)
    if report.results:
        lines.append(UNDO["report"].format(path=report.results))
    if report.undo_run and not session.quiet:
        lines.append(UNDO["again"].format(undo_run=report.undo_run))
    for line in lines:
        (warn if report.exit_code in {3, 130} else print_out)(printable(line))
