"""The command line: arguments and environment to options, a call of the pipeline, what people see, the exit code.

Only this package prints, asks, exits or reads the environment: `arguments` says what can be given, `commands` what is
done with it, `session` how a call meets its person.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from importer.cli.commands import cli
from importer.cli.session import as_trouble, print_trouble, warn
from importer.errors import ImporterError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code. Never a traceback; no console's encoding ends a run."""
    with contextlib.suppress(OSError):
        _find_a_folder()
    # A scheduler may close them: nobody listens then, and the run goes on.
    sys.stdout = sys.stdout or _deaf()
    sys.stderr = sys.stderr or _deaf()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(arguments))


def _find_a_folder() -> None:
    """Leave a working folder that was deleted: libraries that ask for the working folder would fail there."""
    try:
        Path.cwd()
    except FileNotFoundError:
        os.chdir(Path(sys.executable).anchor)


def _deaf() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def run(arguments: Sequence[str] | None) -> int:
    """Run the command line and give its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return int(cli.main(words, prog_name="pin-importer", standalone_mode=False) or 0)
    except SystemExit as ended:  # by which click leaves once it has answered a shell that completes a word
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except click.ClickException as error:
        with contextlib.suppress(OSError, ValueError):
            error.show()
        trouble: ImporterError = UsageError(error.format_message(), code="usage")
    except BaseException as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        trouble = as_trouble(error)
        warn(str(trouble))
    if "--json" in words:
        print_trouble(trouble, words)
    return trouble.exit_code
