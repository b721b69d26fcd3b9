"""The command line: arguments and environment to options, a call of the pipeline, what people see, the exit code.

Only this package prints, asks, exits or reads the environment: `arguments` says what can be given, `commands` what is
done with it, `shell` how a call meets its person.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import click

from importer.cli.commands import cli
from importer.cli.shell import as_trouble

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code. Never a traceback; no console's encoding ends a run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None) -> int:
    """Run the command line and give its exit code."""
    try:
        return int(cli.main(arguments, prog_name="pin-importer", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BaseException as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        trouble = as_trouble(error)
        click.echo(str(trouble), err=True)
        return trouble.exit_code
