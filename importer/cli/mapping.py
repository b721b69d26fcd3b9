"""`pin-importer mapping`: propose a mapping for another system's sheet, or show a built-in one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from importer.catalogue import screen
from importer.catalogue.mapping import PROPOSED
from importer.catalogue.rows import message
from importer.errors import UsageError
from importer.options import Options, local_timezone, settings
from importer.shell_words import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from importer.mapping.proposal import Proposal
    from importer.model import Sheet


@click.command("mapping", help=screen.HELP["mapping"])
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--show", metavar="NAME", help=screen.OPTIONS["show-mapping"])
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help=screen.OPTIONS["mapping-output"])
@click.option("--force", is_flag=True, help=screen.OPTIONS["force"])
@click.option("--sheet", metavar="NAME", help=screen.OPTIONS["sheet"])
@click.option("--encoding", help=screen.OPTIONS["encoding"])
@click.option("--delimiter", help=screen.OPTIONS["delimiter"])
def mapping(file: Path | None, show: str | None, output: Path | None, *, force: bool, **reading: str | None) -> int:
    """`pin-importer mapping FILE`, or `--show NAME`."""
    from importer.mapping.load import BUILT_IN, built_in_text  # noqa: PLC0415 - heavy

    if (file is None) == (show is None):
        raise UsageError(PROPOSED["show-or-file"].format(builtin=", ".join(BUILT_IN)), code="usage")
    if output is not None and output.exists() and not force:
        raise UsageError(PROPOSED["output-exists"].format(path=output), code="output-exists")
    if file is None:
        text = built_in_text(show or "")
        if output is None:
            click.echo(text, nl=False)
        else:
            output.write_text(text, "utf-8")
        return 0
    from importer.mapping.proposal import propose  # noqa: PLC0415 - heavy
    from importer.reporting.console import printable  # noqa: PLC0415

    options = Options(sheet=reading["sheet"], encoding=reading["encoding"], delimiter=reading["delimiter"])
    proposal = propose(file, settings(options).reading)
    if output is not None and proposal.text:
        output.write_text(proposal.text, "utf-8")
    click.echo(printable("\n".join(_lines(proposal, file, output))))
    return 0


def _lines(proposal: Proposal, file: Path, output: Path | None) -> Iterator[str]:
    yield proposal.finding
    if proposal.columns:
        yield from ("", PROPOSED["columns"], *(f"  {line}" for line in proposal.columns))
    if proposal.trouble:
        yield from ("", proposal.trouble)
    if proposal.sheet is not None:
        yield from ("", *_first(proposal.sheet))
    if not proposal.text:
        return
    if not proposal.name and output is None:
        yield from ("", PROPOSED["file"], *(f"  {line}".rstrip() for line in proposal.text.splitlines()))
    code = "next-written" if output else "next-builtin" if proposal.name else "next-write"
    yield from (
        "",
        PROPOSED[code].format(path=as_typed(file), name=proposal.name, output=as_typed(output or ""), written=output),
    )


def _first(sheet: Sheet) -> list[str]:
    """The first customization as it would be sent, or why there is none."""
    from importer.checking import check  # noqa: PLC0415 - heavy
    from importer.scopes import Scopes  # noqa: PLC0415
    from importer.settings import CheckOptions  # noqa: PLC0415

    checked = check(sheet, CheckOptions(local_timezone(), sheet.date_order), datetime.now(UTC))
    for scope, blocker in zip(scopes := Scopes(checked), scopes.blocker.tolist(), strict=True):
        if not blocker:
            body = json.dumps(json.loads(scope.body), ensure_ascii=False, indent=2)
            return [PROPOSED["first"], *(f"  {line}" for line in body.splitlines())]
    said = next((f"{sheet.address(it.row, it.column)}: {message(it)}" for it in checked.problems), "-")
    return [PROPOSED["first-none"].format(problem=said)]
