"""Why a run does not begin: options, sheets and ledgers that cannot be used."""

from __future__ import annotations

OPTION_KINDS: dict[str, str] = {
    "text": "a text",
    "sheet": "the name of a sheet, like 'Pins'",
    "ignore_columns": "a list of headers, like ['Start', 'Price']",
    "timezone": "the name of a zone, like 'Europe/Bratislava'",
    "encoding": "the name of an encoding, like 'cp1250'",
    **dict.fromkeys(("sandbox", "fill_down", "strict", "again", "create_beside", "no_look"), "True or False"),
    "update": "True or False",
    "yes_delete": "a whole number",
    **dict.fromkeys(("concurrency", "timeout", "max_rate", "settle_time"), "a number"),
    **dict.fromkeys(("output", "ledger", "config", "private_key_file"), "the path of a file"),
    "shop": "the name of a shop, like 'sk'",
    "mapping": "the name of a built-in mapping or the path of a file",
    **dict.fromkeys(("map", "set"), "a dictionary or a list, like {'model': 'basket'} or ['model=basket']"),
}
"""What an option takes, by its name; `text` stands for the others."""

ERRORS: dict[str, str] = {
    "option-type": "The option {option} is {kind}; it was given a value of the type {given}.",
    "yes-missing": ("There is no terminal to confirm on. Add --yes to send without asking, or --sandbox to rehearse."),
    "update-alone": (
        "--update and {other} do not go together: an update reads what is live and decides by that. Leave one out."
    ),
    "yes-delete-alone": "--yes-delete says how many customizations --update may change. Add --update, or leave it out.",
    "update-key": (
        "--update compares the sheet with what is live, so it needs the tracker (--tracker-id) and its private key "
        "(LUIGISBOX_PRIVATE_KEY or --private-key-file)."
    ),
    "yes-delete-missing": (
        "This would replace or delete {customizations} of {live} that are live for these models. More than 20, or more "
        "than half of them, are never changed unasked. Nothing was sent. "
        "Look at the plan with check --update; if that is what you want, run again with --yes-delete {count}."
    ),
    "yes-delete-fewer": (
        "This would replace or delete {customizations}, more than --yes-delete {allowed} allows. Nothing was sent. "
        "Look at the plan with check --update; if that is what you want, run again with --yes-delete {count}."
    ),
    "forget-yes-missing": "There is no terminal to confirm on. Add --yes to forget without asking.",
    "key-file": (
        "The key file that was named cannot be read. Give the name of a file that holds the private key as text, and "
        "nothing else; never the key itself."
    ),
    "key-misplaced": (
        "The private key was given where the {what} belongs. Others may have seen it: have Luigi's Box make a new one. "
        "Give the key in LUIGISBOX_PRIVATE_KEY or in a file that --private-key-file names."
    ),
    "key-unusable": "The private key holds characters that no key can hold. Copy it from Luigi's Box once more.",
    "proxy": "The proxy's address cannot be used. Write it like http://proxy.example:8080.",
    "no-home": (
        "This user has no home folder to keep the ledger in. It remembers what was sent, so nothing is sent without "
        "it. Name a place with --ledger."
    ),
    "fault": (
        "This is not a fault. Write 3=NAME for the third create, NAME=0.1 for one create in ten, or CALL:3=NAME for "
        "another call ({calls}). Names: {names}."
    ),
    "template-exists": "{path} is there already. Choose another name, or replace it with --force.",
    "tracker": (
        "The tracker ID cannot be right: it holds only letters, digits and hyphens, like 1234-5678. "
        "Copy it from Luigi's Box."
    ),
    "tracker-missing": (
        "The tracker ID is missing. Give it with --tracker-id, or set LUIGISBOX_TRACKER_ID; to rehearse without one, "
        "add --sandbox."
    ),
    "key-missing": (
        "The private key is missing. Set LUIGISBOX_PRIVATE_KEY, or name a file that holds it with "
        "--private-key-file; "
        "to rehearse without one, add --sandbox."
    ),
    "base-url": "The base URL is not a web address. Write it like https://live.luigisbox.com.",
    "base-url-extras": (
        "The base URL must be the host alone, like https://live.luigisbox.com: without user, path, ? or #."
    ),
    "base-url-http": (
        "The base URL is not encrypted. Write https:// in front of it; http is for this computer's own "
        "test servers only."
    ),
    "timezone-missing": (
        "{dates} {name} no time zone, and it was not said which one {they} {are} in. Add --timezone, for example "
        "--timezone Europe/Bratislava, or set PIN_IMPORTER_TIMEZONE."
    ),
    "ledger-open": (
        "The ledger {path} cannot be opened. It remembers what was sent, so nothing is sent without it. "
        "Check that the "
        "file and its folder can be written, or name another place with --ledger."
    ),
    "ledger-damaged": (
        "The ledger {path} is damaged or is no ledger. It remembers what was sent, so nothing is sent without it. "
        "Restore it from a backup, or name another place with --ledger."
    ),
    "ledger-copied": (
        "The ledger {path} was copied, moved or renamed without the file {path}-wal, which held the newest of what was "
        "created. Nothing is sent without it. Put that file beside the ledger under this name, or use the ledger where "
        "it was."
    ),
    "ledger-busy": (
        "The ledger {path} is in use by another program. Nothing was sent. Close that program, then run the same "
        "command again."
    ),
    "ledger-newer": (
        "The ledger {path} was written by a newer version of pin-importer. Update pin-importer, or name "
        "another place "
        "with --ledger."
    ),
    "ledger-write": (
        "The ledger {path} cannot be written, perhaps because the disk is full. Nothing was sent. Make "
        "room, then run "
        "the same command again."
    ),
    "locked": (
        "Another import to this tracker is running ({who}). Wait until it has ended, then run the same command again."
    ),
    "locked-by": "process {process} on {computer}, since {since}",
    "locked-by-someone": "started a moment ago",
    "lock-failed": (
        "The file {path} cannot be locked, so two imports at once could not be kept apart. Name another "
        "place for the "
        "ledger with --ledger, on a drive of this computer."
    ),
    "timezone": ("The time zone {value!r} is not known. Write it as region and city, like Europe/Bratislava, or UTC."),
    "encoding": "The encoding {value!r} is not known. Usual ones are utf-8, cp1250 and utf-16.",
    "delimiter": "The delimiter {value!r} cannot be used. Write comma, semicolon, tab or pipe, or the one sign itself.",
    "date-order": "The date order {value!r} is not known. Write one of: dmy, mdy, ymd.",
    "number": "The value {value} of --{option} cannot be used: it must be {above}.",
    "output": ("The results cannot be written to {value}: the name must end in .xlsx or .csv."),
}
"""The sentence of an error, by its code."""

ABOVE = {True: "zero or more", False: "above zero"}
"""What a number must be, by whether it may be zero; for `number`."""
