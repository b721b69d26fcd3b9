"""The commands: each reads like its line in the README."""

from __future__ import annotations

import contextlib
import json
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.catalogue import screen
from importer.catalogue.errors import ERRORS
from importer.catalogue.screen import counted
from importer.cli.arguments import FILE, HELP, JSON, LEDGER, READING, SENDING
from importer.cli.calendar import calendar
from importer.cli.export import export
from importer.cli.mapping import mapping
from importer.cli.session import Session
from importer.cli.shops import shops
from importer.cli.undo import undo
from importer.cli.web import web
from importer.errors import UsageError
from importer.options import settings
from importer.shell_words import as_typed
from importer.version import __version__

if TYPE_CHECKING:
    from importer.reporting.report import Report
    from importer.sandbox import Plan


@click.group(context_settings=HELP | {"show_default": True}, help=screen.HELP["main"])
@click.version_option(__version__, prog_name="pin-importer")
def cli() -> None:
    """The group of commands; its help is in the catalogue."""


@cli.command("import", help=screen.HELP["import"])
@FILE
@SENDING
@READING
def import_(file: Path, **given: Any) -> int:
    """`pin-importer import FILE`."""
    session = Session("import", file, given)
    return session.run(lambda: _import(session, file, given))


def _import(session: Session, file: Path, given: dict[str, Any]) -> Report:
    from importer import pipeline  # noqa: PLC0415 - heavy
    from importer.sources import refuse_without_tracker  # noqa: PLC0415

    rehearsal, agreed = given["sandbox"], given["yes"] or given["sandbox"]
    if not (session.interactive or agreed):
        raise UsageError(ERRORS["yes-missing"], code="yes-missing")
    options = session.options(given)
    read = settings(options)  # name a wrong option before asking for a key
    if not rehearsal:
        refuse_without_tracker(read)
        options["private_key"] = session.private_key(options)
        options["private_key_file"] = None
    confirm = session.show_and_count if agreed else session.ask
    with session.hooks() as hooks:
        return pipeline.run_import(
            file, confirm=confirm, hooks=hooks, looking=hooks(0), counts=session.interactive, **options
        )


@cli.command("check", help=screen.HELP["check"])
@FILE
@READING
def check(file: Path, **given: Any) -> int:
    """`pin-importer check FILE`."""
    session = Session("check", file, given)
    return session.run(lambda: _check(session, file, given))


def _check(session: Session, file: Path, given: dict[str, Any]) -> Report:
    from importer import pipeline  # noqa: PLC0415 - heavy

    options = session.options(given)
    with session.hooks() as hooks:
        return pipeline.check(file, show=session.show_plan, looking=hooks(0), **options)


@cli.command("template", help=screen.HELP["template"])
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), default="pins.xlsx")
@click.option("--force", is_flag=True, help=screen.OPTIONS["force"])
def template(path: Path, *, force: bool) -> None:
    """`pin-importer template [PATH]`."""
    from importer.template import write_template  # noqa: PLC0415 - heavy

    if path.exists() and not force:
        raise UsageError(ERRORS["template-exists"].format(path=path), code="template-exists")
    write_template(path)
    click.echo(screen.TEMPLATE_WRITTEN.format(path=path, typed=as_typed(path)))


@cli.command("sandbox", help=screen.HELP["sandbox"])
@click.option("--host", default="127.0.0.1", help=screen.OPTIONS["host"])
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", default=0, help=screen.OPTIONS["port"])
@click.option("--latency", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help=screen.OPTIONS["latency"])
@click.option("--rate-limit", type=click.FloatRange(1), metavar="PER_SECOND", help=screen.OPTIONS["rate-limit"])
@click.option("--fault", "faults", multiple=True, metavar="WORD", help=screen.OPTIONS["fault"])
@click.option("--fill", type=click.IntRange(0, 1_000_000), metavar="N", default=0, help=screen.OPTIONS["fill"])
def sandbox(host: str, port: int, latency: float, rate_limit: float | None, faults: tuple[str, ...], fill: int) -> None:
    """`pin-importer sandbox`."""
    from importer.sandbox import Behaviour, run_forever  # noqa: PLC0415 - heavy

    plan = _faults(faults)
    try:
        behaviour = Behaviour(latency=latency, rate_limit=rate_limit)
        run_forever(host, port, click.echo, behaviour=behaviour, faults=plan, fill=fill)
    except OSError:
        raise UsageError(screen.SANDBOX_PORT.format(host=host, port=port), code="port") from None


def _faults(words: tuple[str, ...]) -> Plan:
    from importer.sandbox.faults import CALLS, FAULTS, plan_of  # noqa: PLC0415 - heavy

    try:
        return plan_of(words, random.randrange(2**32))  # noqa: S311 - a rehearsal's dice
    except (KeyError, ValueError):
        raise UsageError(
            ERRORS["fault"].format(calls=", ".join(CALLS), names=", ".join(FAULTS)), code="fault"
        ) from None


@cli.command("ledger", help=screen.HELP["ledger"])
@LEDGER
@click.option("--forget-scope", metavar="NAME", help=screen.OPTIONS["forget-scope"])
@click.option("--forget-run", type=click.IntRange(1), metavar="NUMBER", help=screen.OPTIONS["forget-run"])
@click.option("--created", nargs=2, metavar="NAME ID", help=screen.OPTIONS["created"])
@click.option("--close-again", is_flag=True, help=screen.OPTIONS["close-again"])
@click.option("--yes", "-y", is_flag=True, help=screen.OPTIONS["forget-yes"])
@JSON
def ledger(
    ledger: Path | None,
    forget_scope: str | None,
    forget_run: int | None,
    created: tuple[str, str] | None,
    *,
    close_again: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """`pin-importer ledger`."""
    from importer.ledger import Ledger  # noqa: PLC0415 - heavy
    from importer.reporting import console, ledger_lines  # noqa: PLC0415
    from importer.sources import default_ledger  # noqa: PLC0415

    path = ledger or default_ledger()
    if forget_scope or forget_run:
        return _forget(path, forget_scope, forget_run, agreed=yes)
    if created or close_again:
        return _answer(path, created)
    opened = Ledger.view(path)
    with opened or contextlib.nullcontext():
        if as_json:
            click.echo(json.dumps(ledger_lines.ledger_json(path, opened)))
        else:
            click.echo(console.printable(ledger_lines.ledger_lines(path, opened)))
    return 0


def _answer(path: Path, created: tuple[str, str] | None) -> int:
    """Take a person's word: a scope is there, or a wish is fulfilled."""
    from importer.api.endpoint import is_plain  # noqa: PLC0415 - heavy
    from importer.ledger import Ledger  # noqa: PLC0415

    what = screen.THE_SCOPE.format(name=created[0]) if created else ""
    if not path.exists() or (created and not is_plain(created[1])):
        raise UsageError(screen.NOTHING_TO_FORGET.format(path=path, what=what), code="nothing-to-answer")
    with Ledger.open(path) as opened:
        if created is None:
            click.echo(screen.LEDGER_AGAIN_CLOSED.format(count=opened.upkeep.close_again()))
            return 0
        count = opened.upkeep.found(*created, time.time())
    if count != 1:
        text = screen.LEDGER_SEVERAL if count else screen.NOTHING_TO_FORGET
        raise UsageError(text.format(path=path, what=what, name=created[0]), code="nothing-to-answer")
    click.echo(screen.LEDGER_TAKEN.format(name=created[0], id=created[1]))
    return 0


def _forget(path: Path, scope: str | None, run: int | None, *, agreed: bool) -> int:
    from importer.ledger import Ledger  # noqa: PLC0415 - heavy

    what = screen.THE_SCOPE.format(name=scope) if scope else screen.THE_RUN.format(name=run)
    if not agreed and not sys.stdin.isatty():
        raise UsageError(ERRORS["forget-yes-missing"], code="yes-missing")
    if not agreed and not click.confirm(screen.FORGET_QUESTION.format(what=what), err=True):
        return 1
    if not path.exists():
        raise UsageError(screen.NOTHING_TO_FORGET.format(path=path, what=what), code="nothing-to-forget")
    with Ledger.open(path) as opened:
        count = opened.upkeep.forget_scope(scope) if scope else opened.upkeep.forget_run(run or 0)
    if not count:
        raise UsageError(screen.NOTHING_TO_FORGET.format(path=path, what=what), code="nothing-to-forget")
    click.echo(screen.FORGOTTEN.format(scopes=counted(count, "scope")))
    return 0


cli.add_command(calendar)
cli.add_command(export)
cli.add_command(mapping)
cli.add_command(undo)
cli.add_command(shops)
cli.add_command(web)
