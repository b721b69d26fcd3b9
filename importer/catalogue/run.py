"""What can befall a run and its scopes: comments on outcomes, reasons to stop, run-level errors, notices."""

from __future__ import annotations

COMMENTS: dict[str, str] = {}

STOPS: dict[str, str] = {}

ERRORS: dict[str, str] = {
    "tracker": (
        "The tracker ID {value!r} cannot be right: it holds only letters, digits and hyphens, like 1234-5678. "
        "Copy it from Luigi's Box."
    ),
    "tracker-missing": (
        "The tracker ID is missing. Give it with --tracker-id, or set LUIGISBOX_TRACKER_ID; to rehearse without one, "
        "add --sandbox."
    ),
    "key-missing": (
        "The private key is missing. Set LUIGISBOX_PRIVATE_KEY, or name a file that holds it with --private-key-file; "
        "to rehearse without one, add --sandbox."
    ),
    "base-url": ("The base URL {value!r} is not a web address. Write it like https://live.luigisbox.com."),
    "base-url-extras": (
        "The base URL {value!r} must be the host alone, like https://live.luigisbox.com: without user, path, ? or #."
    ),
    "base-url-http": (
        "The base URL {value!r} is not encrypted. Write https:// in front of it; http is for this computer's own "
        "test servers only."
    ),
    "timezone-missing": (
        "{count} date cells name no time zone, and it was not said which one they are in. Add --timezone, for example "
        "--timezone Europe/Bratislava, or set PIN_IMPORTER_TIMEZONE."
    ),
    "timezone": (
        "The time zone {value!r} is not known. Write it as region and city, like Europe/Bratislava, or UTC."
    ),
    "encoding": "The encoding {value!r} is not known. Usual ones are utf-8, cp1250 and utf-16.",
    "delimiter": "The delimiter {value!r} cannot be used. Write one of: comma, semicolon, tab, pipe.",
    "date-order": "The date order {value!r} is not known. Write one of: dmy, mdy, ymd.",
    "number": "The value {value} of --{option} cannot be used: it must be a number above zero.",
    "output": ("The results cannot be written to {value}: the name must end in .xlsx or .csv."),
}

NOTICES: dict[str, str] = {
    "tags-united": (
        "Targets whose rows have different tags: {count} (for example in rows {one} and {other}). Each gets the tags of "
        "all its rows."
    ),
}
