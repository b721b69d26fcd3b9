"""How one call meets its person."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO, cast

import click

from importer.catalogue import plan, screen
from importer.catalogue.errors import ERRORS
from importer.catalogue.screen import counted
from importer.errors import ImporterError, InterruptedRun, StoppedError, UsageError
from importer.options import Options
from importer.settings import Secret
from importer.shell_words import as_typed
from importer.shops.choose import filled, own_config, read_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from importer.delivery import Attempt, Hooks
    from importer.live.plan import UpdatePlan
    from importer.model import Notice
    from importer.reporting.report import Report
    from importer.run import Run


OPTION_NAMES = frozenset(Options.__annotations__) - {"private_key"}


class Session:
    """What one call prints and asks: on a terminal or not, quiet or not, in words or in JSON."""

    def __init__(self, command: Literal["import", "check"], file: Path, given: dict[str, Any]) -> None:
        self.command = command
        self.file = file
        self.as_json: bool = given["as_json"]
        self.quiet: bool = given["quiet"]
        self.verbose: bool = given["verbose"]
        self.already_shown: tuple[Notice, ...] = ()
        self.allowed: int | None = given.get("yes_delete")
        """How many customizations may be changed without typing their number; `None` where that was not said."""
        self.interactive = sys.stdin.isatty() and sys.stderr.isatty()

    def run(self, work: Callable[[], Report]) -> int:
        """Do the work, show its result, and return the exit code."""
        started = time.monotonic()
        try:
            report = work()
        except BaseException as error:  # noqa: BLE001 - each ends as a sentence and an exit code, never a traceback
            from importer.reporting.results_json import report_of_error  # noqa: PLC0415 - heavy

            trouble = as_trouble(error)
            report = report_of_error(trouble, self.command, self.file, time.monotonic() - started)
            warn(str(trouble))
        else:
            from importer.reporting import console  # noqa: PLC0415 - heavy

            if said := console.ending(
                report, already_shown=self.already_shown, width=_width(sys.stdout), quiet=self.quiet
            ):
                self.say(said)
        if self.as_json:
            from importer.reporting.results_json import as_json  # noqa: PLC0415 - heavy

            print_out(json.dumps(as_json(report)))
        return report.exit_code

    def say(self, text: str) -> None:
        """Words for the person; with `--json` none, since stdout is for the object alone."""
        if not self.as_json:
            print_out(text)

    def show_plan(self, run: Run) -> bool:
        """Show what was found, and go ahead."""
        from importer.reporting import console  # noqa: PLC0415 - heavy

        if not self.quiet:
            self.say(console.found(run, width=_width(sys.stdout)))
            self.already_shown = run.all_notices
        elif said := console.problems(run, width=_width(sys.stdout)):
            self.say(said)
        return True

    def ask(self, run: Run) -> bool:
        """Show what was found, and ask whether to send."""
        from importer.reporting import console  # noqa: PLC0415 - heavy

        if not run.plan.due and not (run.update and run.update.changes):
            return self.show_plan(run)
        click.echo(console.found(run, width=_width(sys.stdout)), err=self.as_json)
        self.already_shown = run.all_notices
        if run.update is not None and self.allowed is None and run.update.needs_number:
            return self.type_number(run.update)
        return click.confirm(console.question(run), err=True)

    def show_and_count(self, run: Run) -> bool:
        """Show what was found, and go ahead; on a terminal only after its number was typed where much is changed."""
        self.show_plan(run)
        needs = run.update is not None and self.allowed is None and run.update.needs_number
        return not (needs and self.interactive) or self.type_number(run.update)

    def type_number(self, update: UpdatePlan | None) -> bool:
        """Ask a person to type how many customizations will be changed; whether it was that number."""
        count = len(update.changes) if update is not None else 0
        facts = {"customizations": counted(count, "customization"), "live": f"{update.live:,}" if update else ""}
        typed = click.prompt(plan.TYPE_NUMBER.format(**facts), err=True, default="", show_default=False)
        if typed.strip().replace(",", "") == str(count):
            return True
        warn(plan.WRONG_NUMBER)
        return False

    @contextlib.contextmanager
    def hooks(self) -> Iterator[Callable[[int], Hooks]]:
        """What the delivery calls on its way: a progress bar on a terminal, lines for `--verbose`, IDs in distress."""
        from importer.delivery import Hooks  # noqa: PLC0415 - heavy
        from importer.model import NotSent  # noqa: PLC0415
        from importer.reporting.progress import bar  # noqa: PLC0415

        with contextlib.ExitStack() as stack:

            def made(count: int) -> Hooks:
                """Hooks for this number of scopes, with a bar that counts them."""
                shown = count > 0 and sys.stderr.isatty() and not self.quiet
                one_more = stack.enter_context(bar(count, shown=shown))
                return Hooks(
                    watch=lambda _, outcome: None if isinstance(outcome, NotSent) else one_more(),
                    waits=warn if not self.quiet else lambda _: None,
                    attempt=self.attempt if self.verbose else None,
                    alarm=warn,
                )

            yield made

    def options(self, given: dict[str, Any]) -> Options:
        """What was given, as the library's options, completed by the environment and the shop in force.

        The zone of dates defaults to this computer's for a person.
        """
        options: dict[str, Any] = {name: given[name] for name in set(given) & OPTION_NAMES}
        if options.get("config") is None and (own := own_config()) is not None and own.exists():
            options["config"] = own
        if "private_key_file" in options and options["private_key_file"] is None:
            text = os.environ.get("LUIGISBOX_PRIVATE_KEY", "")
            # A check asks nobody about blanks in a key.
            options["private_key"] = (text.strip() if self.command == "check" else text) or None
        options = filled(options).options
        if options["timezone"] is None and (self.interactive or self.command == "check"):
            options["timezone"] = "local"
        return cast("Options", options)

    def private_key(self, options: Options) -> Secret | None:
        """The private key: from the file, the environment, or a hidden prompt; `None` if there is none."""
        return private_key(options, interactive=self.interactive)

    def attempt(self, attempt: Attempt) -> None:
        """One line on stderr for one attempt (`--verbose`)."""
        from importer.reporting import console  # noqa: PLC0415 - heavy

        click.echo(console.printable(console.attempt_line(attempt)), err=True)


def private_key(options: Options, *, interactive: bool) -> Secret | None:
    """The private key: from the options, their file, or a hidden prompt; `None` if there is none."""
    path = options.get("private_key_file")
    text = _key_from(Path(path)) if path is not None else options.get("private_key") or ""
    text = text.reveal() if isinstance(text, Secret) else text
    if not text and path is None and interactive:
        text = click.prompt(screen.PROMPT_KEY, hide_input=True, err=True)
    if text != text.strip():
        warn(screen.KEY_BLANKS)
    if path is not None and not text.strip():
        raise UsageError(ERRORS["key-missing"], code="key-missing")
    return Secret(text.strip()) if text.strip() else None


def print_out(text: str) -> None:
    """Print words on stdout. Their reader may go away, as `head` does: that changes nothing about the run."""
    try:
        print(text, flush=True)  # noqa: T201 - click ends the program where a pipe is closed
    except (OSError, ValueError):
        _give_up(sys.stdout)


def print_trouble(trouble: ImporterError, words: Sequence[str]) -> None:
    """The object of `--json` for a call that did not get as far as its file, which is then not known."""
    from importer.reporting.results_json import as_json, report_of_error  # noqa: PLC0415 - heavy

    command = next((word for word in words if not word.startswith("-")), "")
    print_out(json.dumps(as_json(report_of_error(trouble, "import", "", 0.0)) | {"command": command}))


def as_trouble(error: BaseException) -> ImporterError:
    """An error that ended a call, as the run's trouble: a plain sentence and an exit code.

    An unexpected error is named by its kind and place alone: its text could hold a secret.
    """
    match error:
        case ImporterError():
            return error
        case KeyboardInterrupt() | click.Abort():
            return InterruptedRun(screen.INTERRUPTED, code="interrupted")
        case MemoryError():
            return StoppedError(screen.OUT_OF_MEMORY, code="memory")
        case _:
            text = screen.INTERNAL.format(kind=type(error).__name__, place=_place(error))
            return StoppedError(text, code="internal")


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "importer" in Path(frame.filename).parts] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"


def warn(text: str) -> None:
    """A line on stderr, without disturbing a progress bar."""
    from importer.reporting.console import printable, wrapped  # noqa: PLC0415

    try:
        click.echo(wrapped(printable(text), _width(sys.stderr)), err=True)
    except (OSError, ValueError):
        _give_up(sys.stderr)


def _give_up(stream: TextIO) -> None:
    """Silence a stream that nobody reads any more, so that the end of the interpreter does not fail on it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _key_from(path: Path) -> str:
    if (text := read_key(path)) is None:
        raise UsageError(ERRORS["key-file"], code="key-file")
    warn_of_readers(path)
    return text


def warn_of_readers(path: Path) -> None:
    """Say that others on this computer can read a key file, if they can."""
    with contextlib.suppress(OSError):
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            warn(screen.KEY_FILE_READABLE.format(path=path, typed=as_typed(path)))


def _width(stream: TextIO) -> int | None:
    return shutil.get_terminal_size().columns if stream.isatty() else None
