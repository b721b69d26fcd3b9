"""The commands: each reads like its line in the README."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import importer
from importer.catalogue import screen
from importer.catalogue.run import ERRORS
from importer.cli.arguments import FILE, HELP, READING, SENDING
from importer.cli.shell import Shell
from importer.errors import UsageError

if TYPE_CHECKING:
    from importer.model import Report


@click.group(context_settings=HELP | {"show_default": True}, help=screen.HELP["main"])
@click.version_option(importer.__version__, prog_name="pin-importer")
def cli() -> None:
    """The group of commands; its help is in the catalogue."""


@cli.command("import", help=screen.HELP["import"])
@FILE
@SENDING
@READING
def import_(file: Path, **given: Any) -> int:
    """`pin-importer import FILE`."""
    shell = Shell("import", file, given)
    return shell.run(lambda: _import(shell, file, given))


def _import(shell: Shell, file: Path, given: dict[str, Any]) -> Report:
    from importer import pipeline  # noqa: PLC0415 - heavy

    rehearsal, agreed = given["sandbox"], given["yes"] or given["sandbox"]
    if not (shell.interactive or agreed):
        raise UsageError(ERRORS["yes-missing"], code="yes-missing")
    options = shell.options(given)
    if not rehearsal:
        options["private_key"] = shell.private_key(given["private_key_file"])
    with shell.progress() as watch:
        return pipeline.run_import(
            file,
            confirm=shell.show_plan if agreed else shell.ask,
            watch=watch,
            attempts=shell.attempt if shell.verbose else None,
            **options,
        )


@cli.command("check", help=screen.HELP["check"])
@FILE
@READING
def check(file: Path, **given: Any) -> int:
    """`pin-importer check FILE`."""
    from importer import pipeline  # noqa: PLC0415 - heavy

    shell = Shell("check", file, given)
    return shell.run(lambda: pipeline.check(file, show=shell.show_plan, **shell.options(given)))


@cli.command("template", help=screen.HELP["template"])
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), default="pins.xlsx")
@click.option("--force", is_flag=True, help=screen.OPTIONS["force"])
def template(path: Path, *, force: bool) -> None:
    """`pin-importer template [PATH]`."""
    from importer.template import write_template  # noqa: PLC0415 - heavy

    if path.exists() and not force:
        raise UsageError(ERRORS["template-exists"].format(path=path), code="template-exists")
    write_template(path)
    click.echo(screen.TEMPLATE_WRITTEN.format(path=path))
