"""Write a draft as a mapping file to edit (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from importer.catalogue import mapping as texts
from importer.mapping.file import PINNED
from importer.mapping.propose import Draft, Kind, Use


def mapping_text(draft: Draft, file: str) -> str:
    """The TOML of a draft, with its guesses as comments."""
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


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says one column of theirs is, or a group of numbered ones."""

    header: str
    """The header, or the pattern of several, with `#` for the number."""
    ours: str
    """The column of ours."""
    model: str = ""
    """Of a column with pinned products: the model that these pins are for; "" where a column says it."""
    split: str = ""
    """What separates the values within a cell; "" if the cell is one value."""


def chosen_text(choices: Sequence[Choice], constants: Mapping[str, str], title: str) -> str:
    """The TOML of a mapping that a person has chosen column by column; every constant stands in each pin."""
    lines = [f"title = {_quoted(title)}", "", "[columns]"]
    pinned = [choice for choice in choices if choice.ours in PINNED]
    lines += [f"{_key(each.ours)} = {_source(each)}" for each in choices if each.ours not in PINNED]
    lines += ["", "[constants]", *(f"{_key(ours)} = {_quoted(value)}" for ours, value in constants.items() if value)]
    for each in pinned:
        lines += ["", "[[pins]]"]
        lines += [f"constants = {{ model = {_quoted(each.model)} }}"] if each.model else []
        lines += [f"{each.ours} = {_source(each)}"]
        lines += ["optional = true"] if len(pinned) > 1 else []
    return "\n".join(lines) + "\n"


def _source(choice: Choice) -> str:
    which = "columns" if "#" in choice.header else "column"
    split = f", split = {_quoted(choice.split)}" if choice.split else ""
    return f"{{ {which} = {_quoted(choice.header)}{split} }}"


def _key(ours: str) -> str:
    """A column's name as a key; its dot would begin another one, and means the same."""
    head, dot, rest = ours.partition(".")
    return f"{head}.{_quoted(rest)}" if dot else head


def _block(kind: Kind) -> Iterator[str]:
    mark = "# " if kind.guessed else ""
    if kind.guessed:
        yield f"# {texts.GUESSES[kind.guessed]} {texts.DRAFT_UNCOMMENT}"
    which = "columns" if "#" in kind.header or kind.several else "column"
    header = f"[{_quoted(kind.header)}]" if kind.several else _quoted(kind.header)
    split = f", split = {_quoted(kind.split)}" if kind.split else ""
    yield f"{mark}[[pins]]"
    yield f"{mark}constants = {{ model = {_quoted(kind.model)} }}"
    yield f"{mark}pin_identity = {{ {which} = {header}{split} }}"
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
