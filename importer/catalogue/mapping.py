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
    "is not meant, or use columns = [“{header}”] to take all of them.",
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
    "looks-like": "This looks like a {title} export; run again with --mapping {name}.",
}

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
