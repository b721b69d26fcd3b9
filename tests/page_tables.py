"""The pages' generated tables: columns and options. `python -m tests.page_tables` writes them anew."""

import re

import click

from importer.cli import commands
from importer.columns import COLUMNS
from tests.pages import PAGES


def columns_table() -> str:
    """The table of columns."""
    lines = ["| column | fill in | meaning | example |", "|---|---|---|---|"]
    lines += [f"| `{one.name}` | {one.needed} | {one.meaning} | `{one.example}` |" for one in COLUMNS]
    return "\n".join(lines)


def options_table(*names: str, but: str = "") -> str:
    """The options of these commands, each once; `but` those that another one has in the same words."""
    lines = ["| option | meaning |", "|---|---|"]
    seen = set()
    known = {(each.name, getattr(each, "help", "")) for each in commands.cli.commands[but].params} if but else set()
    for name in names:
        for option in commands.cli.commands[name].params:
            if not isinstance(option, click.Option) or (option.name, option.help) in known:
                continue
            if option.name not in seen:
                seen.add(option.name)
                lines.append(f"| {_spelling(option)} | {_meaning(option)} |")
    return "\n".join(lines)


def _spelling(option: click.Option) -> str:
    words = ", ".join(f"`{word}`" for word in option.opts)
    if option.is_flag:
        return words
    if isinstance(option.type, click.Choice):
        kind = r"\|".join(option.type.choices)
    else:
        kind = option.metavar or {"file": "PATH", "path": "PATH"}.get(option.type.name, "TEXT").upper()
        kind = {"ENCODING": "NAME"}.get(kind, kind)
    return f"{words} `{kind}`"


def _meaning(option: click.Option) -> str:
    notes = []
    if option.envvar:
        notes.append(f"environment: `{option.envvar}`")
    if isinstance(option.default, int | float) and not option.is_flag:
        notes.append(f"default {option.default:g}")
    elif isinstance(option.default, str):
        notes.append(f"default `{option.default}`")
    return (option.help or "") + (f" ({'; '.join(notes)})" if notes else "")


TABLES = {
    "columns": columns_table,
    "options": lambda: options_table("import", "check"),
    "export options": lambda: options_table("export"),
    "calendar options": lambda: options_table("calendar"),
    "sandbox options": lambda: options_table("sandbox"),
    "web options": lambda: options_table("web"),
    "undo options": lambda: options_table("undo", but="import"),
    "ledger options": lambda: options_table("ledger"),
}


def renewed(text: str) -> str:
    """The page with each table between its markers made anew."""

    def table(found: re.Match[str]) -> str:
        return f"{found[1]}{TABLES[found[2]]()}\n{found[3]}"

    return re.sub(r"(<!-- table: ([a-z ]+) -->\n).*?(<!-- end -->)", table, text, flags=re.DOTALL)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")
