"""Views of mappings: which column of another system's export is what."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from importer.catalogue.web import TROUBLE
from importer.columns import BY_NAME
from importer.errors import FileError, ImporterError
from importer.web.checking import Checking
from importer.web.pages import DESK, attachment, html, sheet_of, taken, text_of, to

if TYPE_CHECKING:
    from importer.mapping.proposal import Proposal

MOST_BYTES = 1024**2
SIGNS = {"comma": ",", "semicolon": ";", "pipe": "|", "line": "\n"}
"""What can separate values within a cell, by the names that the form has for them."""
CONSTANTS = ("model", "target_type", "pin_type", "position", "active_from", "active_to")
"""Columns of ours that the form offers to fill with the same in every pin."""


@dataclass(frozen=True, slots=True)
class Line:
    """One column of theirs in the form, or a group of numbered ones."""

    header: str
    """The header, or the pattern of several, with `#` for the number."""
    letter: str
    """Where the column stands, as Excel names it."""
    samples: tuple[str, ...]
    """Some of its cells."""
    ours: str
    """What it is taken for; "" if it is not used."""
    is_guess: bool = False
    """Whether its name is only similar, so that a person should look at it."""
    model: str = ""
    """The recommender that its pins are for."""
    sign: str = ""
    """What separates values within its cells, by its name in the form."""


async def mapping(request: web.Request) -> web.Response:
    """The proposal as a table to change."""
    return await _shown(request, sheet_of(request), "")


async def _shown(request: web.Request, checking: Checking, trouble: str) -> web.Response:
    from importer.mapping.load import BUILT_IN  # noqa: PLC0415 - heavy

    try:
        proposal = await asyncio.to_thread(_proposed, checking)
    except ImporterError as error:
        return html("trouble", request, status=422, trouble=str(error))
    return html(
        "mapping",
        request,
        status=422 if trouble else 200,
        sheet=checking,
        proposal=proposal,
        lines=list(_lines(proposal)),
        ours=list(BY_NAME),
        constants={name: BY_NAME[name] for name in CONSTANTS},
        signs=list(SIGNS),
        builtin=BUILT_IN,
        trouble=trouble,
    )


def _proposed(checking: Checking) -> Proposal:
    from importer.mapping.proposal import propose  # noqa: PLC0415 - heavy
    from importer.options import Options, settings  # noqa: PLC0415

    chosen = {name: checking.options.get(name) for name in ("sheet", "encoding", "delimiter")}
    reading = settings(
        Options(sheet=chosen["sheet"], encoding=chosen["encoding"], delimiter=chosen["delimiter"])
    ).reading
    return propose(checking.path, reading)


def _lines(proposal: Proposal) -> Iterator[Line]:
    """The columns of theirs, numbered ones as one line."""
    from importer.headers import pattern_of, word_of  # noqa: PLC0415

    names = {sign: name for name, sign in SIGNS.items()}
    kinds = {kind.header: kind for kind in proposal.kinds}
    patterns = [(header, pattern_of(header)) for header in kinds if "#" in header]
    seen = set()
    for use in proposal.uses:
        header = use.column.header
        header = next((name for name, pattern in patterns if pattern.fullmatch(word_of(header))), header)
        if not header.strip() or header in seen:
            continue
        seen.add(header)
        kind = kinds.get(header)
        yield Line(
            header,
            use.column.letter,
            use.samples,
            use.ours,
            bool(use.guessed),
            kind.model if kind else "",
            names.get(kind.split, "") if kind else "",
        )


async def choose(request: web.Request) -> web.Response:
    """Read the sheet with what the person chose: a built-in mapping, columns one by one, or none."""
    from importer.mapping.load import BUILT_IN  # noqa: PLC0415 - heavy

    checking, desk = sheet_of(request), request.app[DESK]
    form = {name: text_of(value) for name, value in (await request.post()).items()}
    if name := form.get("builtin"):
        if name not in BUILT_IN:
            raise web.HTTPNotFound
        options: dict[str, object] = {"mapping": name}
        if model := form.get("model"):
            options["set"] = {"model": model}
    elif "none" in form:
        options = {"mapping": ""} if checking.shop else {}
    else:
        try:
            path = await asyncio.to_thread(_saved, desk.folder.place("mapping.toml"), form, checking.path.stem)
        except ImporterError as error:
            return await _shown(request, checking, _without_path(str(error)))
        options = {"mapping": str(path)}
    return _read_with(request, checking, options)


def _read_with(request: web.Request, checking: Checking, options: Mapping[str, object]) -> web.Response:
    kept = {name: it for name, it in checking.options.items() if name not in ("mapping", "map", "set")}
    checking.start({**kept, **options}, checking.shop, request.app[DESK].common())
    return to(f"/sheets/{checking.number}")


def _saved(path: Path, form: Mapping[str, str], title: str) -> Path:
    """Write a mapping file of a form. Raises `UsageError` for one that cannot be used."""
    from importer.mapping.parse import parse  # noqa: PLC0415 - heavy
    from importer.mapping.write import Choice, chosen_text  # noqa: PLC0415

    choices, number = [], 0
    while f"header-{number}" in form:
        ours, header = form.get(f"ours-{number}", ""), form[f"header-{number}"]
        if ours in BY_NAME:
            split = SIGNS.get(form.get(f"sign-{number}", ""), "")
            choices.append(Choice(header, ours, form.get(f"model-{number}", ""), split))
        number += 1
    constants = {name: form.get(f"set-{name}", "") for name in CONSTANTS}
    text = chosen_text(choices, constants, title)
    parse(text, str(path))
    path.write_text(text, "utf-8")
    return path


def _without_path(text: str) -> str:
    """A sentence about a mapping file without where the file is, which is nowhere that a person could look."""
    return re.sub(r"^\S*mapping\.toml(, line \d+)?[,:] ", "", text)


async def upload(request: web.Request) -> web.Response:
    """Read the sheet with a mapping file of the person's own."""
    checking = sheet_of(request)
    try:
        path = await taken(request, MOST_BYTES)
        await asyncio.to_thread(_checked, path)
    except (FileError, ImporterError) as error:
        return await _shown(request, checking, str(error))
    return _read_with(request, checking, {"mapping": str(path)})


def _checked(path: Path) -> None:
    """Raise `ImporterError` for a mapping file that cannot be used.

    A table that it names would be read from anywhere on this computer, and the page reads what was uploaded alone.
    """
    from importer.mapping.load import load  # noqa: PLC0415 - heavy

    if any(table.file for table in load(str(path)).identities):
        raise FileError(TROUBLE["mapping-table"], code="mapping-table")


async def download(request: web.Request) -> web.StreamResponse:
    """The mapping in force, as a file to keep."""
    from importer.mapping.load import BUILT_IN, built_in_text  # noqa: PLC0415 - heavy

    checking = sheet_of(request)
    name = checking.options.get("mapping")
    if not name:
        return html("trouble", request, status=404, trouble=TROUBLE["not-found"])
    path = Path(name)
    if name in BUILT_IN:
        path = request.app[DESK].folder.place("mapping.toml")
        await asyncio.to_thread(path.write_text, built_in_text(name), "utf-8")
    return attachment(str(path), f"{checking.path.stem}.mapping.toml")
