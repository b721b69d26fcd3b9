"""A draft as a mapping file to edit (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from importer.catalogue import mapping as texts
from importer.mapping.propose import Draft, Kind, Use

_WIDEST = 28


def mapping_text(draft: Draft, file: str) -> str:
    """The TOML of a draft; guesses are commented out."""
    return "\n".join(_lines(draft, PurePath(file).name)) + "\n"


def _lines(draft: Draft, name: str) -> Iterator[str]:
    yield from (f"# {line}" for line in texts.DRAFT_HEAD.format(file=name).splitlines())
    yield f"title = {_quoted(PurePath(name).stem)}"
    sure = [kind for kind in draft.kinds if not kind.guessed]
    expects = [draft.target] * bool(draft.target) + [kind.header for kind in sure if "#" not in kind.header]
    yield f"expects = [{', '.join(map(_quoted, expects))}]"
    yield ""
    yield f"# {texts.DRAFT_COLUMNS}"
    yield from (f"#   {line}".rstrip() for line in table_lines(draft.uses))
    yield ""
    yield "[columns]"
    if draft.target:
        yield f"target_identity = {_quoted(draft.target)}"
    for header in draft.target_guesses:
        yield f"# target_identity = {_quoted(header)}   # {texts.GUESSES['name']}"
    for ours, header in draft.others:
        yield f"# {ours} = {_quoted(header)}   # {texts.GUESSES['model' if ours == 'model' else 'name']}"
    yield from ("", "[constants]", 'target_type = "item"', 'pin_type = "item"', "", f"# {texts.DRAFT_MODELS}")
    for kind in draft.kinds:
        yield from _block(kind)
    if not draft.kinds:
        yield from (f"# {line}" for line in texts.DRAFT_NO_PINS.splitlines())


def _block(kind: Kind) -> Iterator[str]:
    mark = "# " if kind.guessed else ""
    if kind.guessed:
        yield f"# {texts.GUESSES[kind.guessed]} {texts.DRAFT_UNCOMMENT}"
    which = "columns" if "#" in kind.header else "column"
    split = f", split = {_quoted(kind.split)}" if kind.split else ""
    yield f"{mark}[[pins]]"
    yield f"{mark}constants = {{ model = {_quoted(kind.model)} }}"
    yield f"{mark}pin_identity = {{ {which} = {_quoted(kind.header)}{split} }}"
    if kind.position:
        yield f"{mark}position = {{ column = {_quoted(kind.position)}{split} }}"
    yield ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def table_lines(uses: Sequence[Use]) -> list[str]:
    """What becomes of every column, with some of its cells."""
    rows = [
        (
            use.column.letter,
            _short(use.column.header, 40),
            _said(use),
            " | ".join(_short(each, 24) for each in use.samples),
        )
        for use in uses
    ]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in rows
    ]


def _said(use: Use) -> str:
    if not use.ours:
        return texts.NOT_USED
    if use.ours == "skip":
        return texts.SWITCHES_OFF
    return texts.PERHAPS.format(ours=use.ours) if use.guessed else use.ours


def _short(text: str, longest: int) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= longest else one_line[: longest - 1] + "…"
