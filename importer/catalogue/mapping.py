"""What is said about mappings and shops: files that cannot be used, what a mapping made of a sheet, a proposal."""

from __future__ import annotations

FILE: dict[str, str] = {
    # ── The mapping file itself: each begins with the file, the line and the key ──
    "missing": "There is no mapping {name}: neither a file of that name nor a built-in one. Built in are {builtin}.",
    "unreadable": "The mapping file {name} cannot be opened ({why}).",
    "toml": "{where}: this is not valid TOML ({why}).",
    "unknown-key": "{where}: there is no such key here. Possible are {keys}.",
    "unknown-column": "{where}: pins have no such column. Possible are {keys}.",
    "kind": "{where}: this must be {kind}.",
    "set-twice": "{where}: {column} is set twice, in {first} and in {second}. Keep one of them.",
    "used-twice": "{where}: the column “{header}” is used for {first} and for {second}. "
    "One column can stand for one thing only.",
    "same-pins": "{where}: two blocks pin the same columns for the same model. Delete one of them.",
    "no-pins": "{where}: no column says which products are pinned. Set pin_identity (or pin_criteria) in [columns] or "
    "in a [[pins]] block.",
    "no-columns": "{where}: this needs column (one header) or columns (a list, or one with # for a number).",
    "number-position": "{where}: number = true works for position only, and where the pins are columns with # in their "
    "header.",
    "no-header": "{where}: the sheet {file} has no column “{header}”. Its columns are {headers}. Correct the "
    "header, or add optional = true if the column may be missing.",
    "several-headers": "{where}: the sheet {file} has several columns “{header}” ({letters}). Rename the one that "
    'is not meant, or use columns = ["{header}"] to take all of them.',
    "no-block": "None of the columns from which {name} takes pinned products is in {file}: {headers}.",
    # ── A mapping that is for another sheet ──
    "expects": "{file} is not a sheet for the mapping {name}: it lacks the columns {missing}. "
    "The columns found are {headers}. pin-importer mapping {path} says which mapping fits.",
    # ── One-offs ──
    "pair": "{option} {value} is not understood. Write {shape}.",
    "one-off-column": "{option} {value}: pins have no column {column}. Possible are {keys}.",
    # ── The table of identities ──
    "table-missing": "{where}: the table {file} cannot be read. {why}",
    "table-columns": "{where}: the table {file} has no column “{header}”. Its columns are {headers}.",
    "table-twice": "{where}: the table {file} has two different values for {value}: {first} and {second}. Delete one.",
    "needed": "{where}: nothing says what {columns} is. Add it to [columns] or [constants], or to the command, such as "
    "--set {first}=VALUE.",
    "results": (
        "{file} has the column {column}: it is a results workbook, or an export of what is live. Leave out --map and "
        "--set, and change its cells there."
    ),
    "looks-like": "This looks like {title} export; run again with --mapping {name}.",
}

SHAPES = {
    "--map": "--map OURS=THEIRS, such as --map target_identity=sku",
    "--set": "--set OURS=VALUE, such as --set model=basket",
}
ONE_OFF_TITLE = "columns that the command names"
AN = {True: "an", False: "a"}
PROPOSE = "If it is an export of another system, pin-importer mapping {file} proposes how to read it."

KINDS = {
    "text": "a text in quotes",
    "texts": "a list of texts in quotes",
    "table": "a table",
    "tables": "one or more [[pins]] blocks",
    "value": "a text, a number, a date or true/false",
    "source": 'the header of a column in quotes, or a table such as { column = "…", split = "," }',
    "number": "a whole number",
    "flag": "true or false",
    "date-order": '"dmy", "mdy" or "ymd"',
    "missing": '"problem" or "keep"',
}

NOTICES: dict[str, str] = {
    "mapping": "Mapping: {title} ({name}). {rows} gave {pins}.",
    "mapping-no-pins": "{rows} no pins ({which}).",
    "mapping-skipped": "{rows} switched off ({why}) and left out ({which}).",
    "mapping-absent": "The sheet has no column {headers}, so there are no pins of that kind.",
    "mapping-translated": "{done} of {all} identities were translated with {table}.",
    "mapping-not-needed": "The sheet has the importer's own columns, so the mapping {name} was not used.",
}

ROWS_GIVE_NONE = {True: "1 row has", False: "{count} rows have"}
ROWS_ARE_OFF = {True: "1 row is", False: "{count} rows are"}

# ── pin-importer mapping ────────────────────────────────────────────────────────────────────────────────────────

DRAFT_HEAD = """A mapping for {file}, proposed by its headers. Check it, edit it, and import with --mapping FILE.
Lines that begin with # are comments: a guess is one, until you delete its #."""
DRAFT_COLUMNS = "The sheet's columns, what each is used for, and some of its cells:"
DRAFT_MODELS = "Which recommender shows what, your shop decides: change the models as you need."
DRAFT_UNCOMMENT = "Delete the # in front of its lines to use it."
DRAFT_NO_PINS = """No column looks like pinned products. Name the one that holds them:
[[pins]]
constants = { model = "item_detail_complements" }
pin_identity = { column = "its header", split = "," }"""
GUESSES = {
    "name": "A guess by its name.",
    "model": "A guess by its name. To use it, delete constants from the blocks below; [values.model] has your words.",
    "cells": "A guess by its cells: many are products of this sheet.",
}
NOT_USED = "not used"
PERHAPS = "{ours}?"
SWITCHES_OFF = "switches rows off"

PROPOSED = {
    "builtin": "{file} fits the built-in mapping {name} ({title}).",
    "whole": "No built-in mapping fits {file}. This one takes {target} and pins {pinned}.",
    "no-pins": "No built-in mapping fits {file}, and no column says by its name which products are pinned: this "
    "proposal maps no pinned product. Choose among the guesses, or name the column yourself.",
    "no-target": "No built-in mapping fits {file}, and no column says by its name beside which product pins show. "
    "Choose among the guesses, or name target_identity yourself.",
    "own": "{file} has the importer's own columns: it needs no mapping.",
    "first": "The first customization as it would be sent:",
    "first-none": "No customization can be shown: every row has a problem or no pins. The first: {problem}",
    "columns": "Columns:",
    "file": "The mapping file:",
    "next-builtin": "Check it with: pin-importer check {path} --mapping {name}",
    "next-write": "Save it with: pin-importer mapping {path} --output mapping.toml",
    "next-written": "Written to {written}. Edit it, then: pin-importer check {path} --mapping {output}",
    "output-exists": "{path} is there already. Choose another name, or add --force to replace it.",
    "show-or-file": "Name a file, or a built-in mapping with --show. Built in are {builtin}.",
}
