"""`pin-importer export`: what is live, to a file."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.catalogue import export as texts
from importer.catalogue import screen
from importer.cli.arguments import CONNECTION, JSON, LEDGER, QUIET, SHOP, TRACKER, options_of
from importer.cli.session import Session, as_trouble, print_out, warn
from importer.errors import UsageError
from importer.options import settings

if TYPE_CHECKING:
    from importer.errors import ImporterError
    from importer.exporting import ExportReport

_KEYS = ("customizations", "rows", "without_pins", "odd", "unknown_fields", "complete", "requests")


@click.command("export", help=screen.HELP["export"])
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--model", "models", multiple=True, metavar="NAME", help=screen.OPTIONS["export-model"])
@click.option("--tag", "tags", multiple=True, metavar="TAG", help=screen.OPTIONS["export-tag"])
@click.option("--target-type", "target_types", multiple=True, metavar="TYPE", help=screen.OPTIONS["export-target-type"])
@click.option(
    "--target-identity", "target_identities", multiple=True, metavar="ID", help=screen.OPTIONS["export-target-identity"]
)
@click.option(
    "--timezone",
    metavar="ZONE",
    envvar="PIN_IMPORTER_TIMEZONE",
    show_envvar=True,
    help=screen.OPTIONS["export-timezone"],
)
@options_of(*SHOP, *TRACKER, LEDGER, *CONNECTION)
@click.option("--yes", "-y", is_flag=True, help=screen.OPTIONS["export-yes"])
@JSON
@QUIET
@click.option("--verbose", is_flag=True, help=screen.OPTIONS["verbose"])
def export(file: Path, *, yes: bool, **given: Any) -> int:
    """`pin-importer export FILE`."""
    session, began = Session("check", file, given), time.monotonic()
    try:
        report = _export(session, file, given, agreed=yes)
    except BaseException as error:  # noqa: BLE001 - each ends as a sentence and an exit code, never a traceback
        trouble = as_trouble(error)
        warn(str(trouble))
        if session.as_json:
            print_out(json.dumps(_of_trouble(trouble, file, time.monotonic() - began)))
        return trouble.exit_code
    if session.as_json:
        print_out(json.dumps(export_json(report)))
    else:
        _say(report, quiet=session.quiet)
    return report.exit_code


def _export(session: Session, file: Path, given: dict[str, Any], *, agreed: bool) -> ExportReport:
    from importer.delivery import Hooks  # noqa: PLC0415 - heavy
    from importer.exporting import run_export  # noqa: PLC0415
    from importer.sources import refuse_without_tracker  # noqa: PLC0415

    replace = agreed
    if file.exists() and not agreed and session.interactive:
        if not click.confirm(texts.REPLACE.format(path=file), err=True):
            raise UsageError(texts.EXISTS.format(path=file), code="export-exists")
        replace = True
    options = session.options(given)
    refuse_without_tracker(settings(options))  # name a wrong option before asking for a key
    options["private_key"] = session.private_key(options)
    options["private_key_file"] = None
    hooks = Hooks(
        waits=warn if not session.quiet else lambda _: None, attempt=session.attempt if session.verbose else None
    )
    filters = {name: given[name] for name in ("models", "tags", "target_types", "target_identities")}
    with _progress(shown=sys.stderr.isatty() and not session.quiet) as progress:
        return run_export(file, replace=replace, hooks=hooks, progress=progress, **filters, **options)


@contextlib.contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[int, int | None], None]]:
    """A bar that goes on with the customizations that are read."""
    from tqdm import tqdm  # noqa: PLC0415 - heavy

    with tqdm(desc=texts.READING, unit=texts.UNIT, disable=not shown, file=sys.stderr) as bar:

        def progress(read: int, total: int | None) -> None:
            """Show how many are read, and of how many."""
            bar.total = total
            bar.update(read - bar.n)

        yield progress


def _say(report: ExportReport, *, quiet: bool) -> None:
    from importer.reporting.console import printable  # noqa: PLC0415 - heavy

    for notice in report.notices:
        if notice.severity == "warning":
            warn(notice.text)
        elif not quiet:
            print_out(printable(notice.text))
    if not report.complete:
        warn(report.message)
    elif not quiet:
        print_out(printable(report.message))


def export_json(report: ExportReport) -> dict[str, Any]:
    """The object that `--json` prints."""
    facts = {key: getattr(report, key) for key in _KEYS}
    ended = {"seconds": round(report.seconds, 3), "exit_code": report.exit_code, "message": report.message}
    return {"command": "export", "file": report.file} | facts | ended


def _of_trouble(trouble: ImporterError, file: Path, seconds: float) -> dict[str, Any]:
    nothing = dict.fromkeys(_KEYS, 0) | {"unknown_fields": {}, "complete": False}
    ended = {"seconds": round(seconds, 3), "exit_code": trouble.exit_code, "message": str(trouble)}
    return {"command": "export", "file": str(file)} | nothing | ended
