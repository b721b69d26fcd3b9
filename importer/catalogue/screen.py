"""What the command line says besides: help, prompts, headings, the summary, progress."""

from __future__ import annotations

HELP = {
    "main": "Pin products into Luigi's Box recommendations, from an Excel or CSV file with one row per pin.",
    "import": (
        "Read FILE, check every row, send what is right and write a results workbook beside it. "
        "The workbook says row by row what happened, and is itself the next input. "
        "Running the same command again never creates anything twice."
    ),
    "check": (
        "Say what is wrong in FILE and what would be sent. Nothing is sent and no key is needed; if tracker and key "
        "are known, check also looks at what is live."
    ),
    "mapping": "Look at FILE, an export of another system, and propose how to read it: a built-in mapping, or a "
    "mapping file to edit. Nothing is sent.",
    "undo": (
        "Take back what a run did, the last one that changed something if RUN is left out: what it created is deleted, "
        "what it replaced is put back, what it deleted is created again. What was edited since is kept."
    ),
    "shops": "List the shops of the configuration, and say for each whether its key, clock and tracker work. Nothing "
    "is changed in Luigi's Box.",
    "template": "Write a blank sheet to fill in: .xlsx, or .csv by the ending. PATH is pins.xlsx if left out.",
    "web": (
        "Open the page: the importer in the browser, on this computer alone, for people who never open a terminal. "
        "FILE is the sheet to begin with. The private key is asked for here, never in the page."
    ),
    "sandbox": (
        "Run a stand-in for the Luigi's Box service on this computer, until Ctrl-C. "
        "It prints how to point the importer at it."
    ),
    "export": (
        "Write all live customizations to FILE (.xlsx or .csv), one row per pin. It can be imported again: unchanged, "
        "nothing is sent. Nothing is changed in Luigi's Box."
    ),
    "calendar": "Draw what FILE pins and when, with gaps and overlaps: a picture (SVG and PNG) and a workbook with "
    "the sheet Calendar. Nothing is sent.",
    "ledger": (
        "List past runs and what is unknown. With --forget-scope or --forget-run, forget a scope or a run, "
        "so that it is sent as if for the first time."
    ),
}

OPTIONS = {
    "shop": "The shop of the configuration whose settings count; the only one if left out.",
    "config": "The configuration file; config.toml in your own configuration folder if left out.",
    "include-adopted": (
        "Delete also customizations whose answer was lost and whose ID was found in the list afterwards. Without this "
        "option they are listed and kept."
    ),
    "undo-yes": "Undo without asking.",
    "undo-output": "Where the report goes: .xlsx or .csv. Without it, a new file in this folder.",
    "shops-timeout": "How long to wait for the answers, at most.",
    "tracker-id": "Your tracker's ID, like 1234-5678.",
    "base-url": "Where the service is; {default} if left out.",
    "private-key-file": "A file that holds the private key, and nothing else. Otherwise LUIGISBOX_PRIVATE_KEY is used, "
    "or the shop's file.",
    "sandbox": "Rehearse: send to a stand-in on this computer. No key is needed, nothing leaves the machine.",
    "sheet": "The sheet to read; the first visible one with the headers if left out.",
    "output": "Where to write the results (.xlsx or .csv).",
    "export-model": "Only customizations of this model; may be given several times.",
    "export-tag": "Only those with this tag; may be given several times.",
    "export-target-type": "Only those of this kind of target: item, criteria or all; may be given several times.",
    "export-target-identity": "Only those beside this product; may be given several times.",
    "export-timezone": "The zone to show dates in, each with its offset; this computer's if left out.",
    "export-yes": "Replace FILE without asking if it is there.",
    "calendar-output": "Write this one file (.svg, .png or .xlsx) instead of all three beside FILE.",
    "timezone": "The zone of dates that name none, like Europe/Bratislava; `local` is this computer's.",
    "date-order": "How to read dates such as 03/04/2026.",
    "encoding": "The encoding of a CSV file, where the guess is wrong.",
    "delimiter": "What separates a CSV file's columns (comma, semicolon, tab, pipe), where the guess is wrong.",
    "show-mapping": "Show this built-in mapping, to copy and edit.",
    "mapping-output": "Write the mapping file here.",
    "mapping": "The sheet is another system's export: read it with this built-in mapping or mapping file.",
    "map": "Take a column of ours from this column of theirs; may be given several times.",
    "set": "Give a column of ours this value in every row; may be given several times.",
    "fill-down": "Blank model and target cells take the value of the row above.",
    "ignore-column": "Do not read this column; may be given several times.",
    "concurrency": "How many requests may be under way at once.",
    "max-rate": "Send at most this many requests a second.",
    "timeout": "How long to wait for an answer; connecting may take 10 seconds.",
    "proxy": "Send through this proxy, like http://proxy.example:8080.",
    "settle-time": "How long the service's list may lag behind a create.",
    "strict": "Send nothing if any row is invalid.",
    "ledger": "The file that remembers what was created; your own one if left out.",
    "again": "Send again what the ledger says was created, but never what is unknown.",
    "create-beside": "Send changed scopes whose target was created before: a second customization beside the first.",
    "update": "Change what is live to what the sheet says; with check, only show what would be changed.",
    "yes-delete": "Replace and delete up to this many customizations without asking for their number.",
    "no-look": "Do not look at what is live before sending.",
    "yes": "Send without asking.",
    "json": "Print one JSON object and nothing else.",
    "quiet": "Say only what went wrong.",
    "verbose": "Also print one line for each attempt, without secrets, to show to support.",
    "force": "Replace a file that is there already.",
    "forget-scope": "Forget what is known of the scope with this customization ID or fingerprint.",
    "created": "Say that an unknown scope, named by its fingerprint, is the customization with this ID.",
    "close-again": "Count an unfinished import with --again as finished.",
    "forget-run": "Forget what is known of all scopes of the run with this number.",
    "latency": "Seconds to wait before each answer.",
    "rate-limit": "Answer 429 when more requests come in a second than this.",
    "fault": (
        "What goes wrong: 3=drop-after is the third create, drop-after=0.1 one create in ten, replace:1=500-after the "
        "first replacement (or list, get, delete). May be given several times; a wrong word lists the names."
    ),
    "fill": "Begin with this many made-up customizations, as a shop may have them.",
    "forget-yes": "Forget without asking.",
    "port": "The port to listen on; a free one if left out.",
    "no-browser": "Only print the page's address; do not open the browser.",
    "host": "The address to listen on; this computer alone if left out.",
}

PROMPT_KEY = "Private key (it stays hidden)"
PROMPT_SEND = "Send {scopes} to tracker {tracker} at {base_url}?"
PROMPT_SEND_AGAIN = (
    "Send {scopes} to tracker {tracker} at {base_url}? For {count} of them there is one already, and they get a second "
    "one."
)
DURATION = "Sending takes about {time}, at {pace:g} a second."
DURATIONS = {"minute": "a minute or less", "minutes": "{count:.0f} minutes", "hours": "{count:.1f} hours"}
TEMPLATE_WRITTEN = "Wrote {path}. Fill in one row per pin, then run: pin-importer check {typed}"
INTERNAL = (
    "Something went wrong inside pin-importer itself ({kind} in {place}). What was sent is recorded: "
    "run the same command again to go on, and please report this line."
)
OUT_OF_MEMORY = (
    "This computer's memory is not enough for the file. What was sent is recorded. Close other programs, or split the "
    "file into smaller ones, and run the command again."
)
INTERRUPTED = "Interrupted before anything was sent."
KEY_BLANKS = "The private key had blanks or line breaks around it; they were left out."
KEY_FILE_READABLE = "Others on this computer can read {path}. Let only yourself read it: chmod 600 {typed}"

DATE_ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
SHEET = "sheet {sheet!r}"
HEADER_ROW = "header in row {row}"
COLUMNS_USED = "Columns used: {used}."
COLUMN_WRITTEN = "{name} (“{header}”)"
COLUMNS_NOT_USED = "Not used: {unread}."
FOUND = "{what}: {kinds}"
AND_MORE = "{shown} and {count} more"
PINS_OF_KIND = {"fixed": "fixed", "global": "global (-1)", "block": "block (0)", "bundle": "bundle"}
ZONE = "{dates} without a zone {are} read as {timezone} time."
WHOLE_DAYS = "{dates} without a time of day {count} as whole days."
IN_COLUMN = "{title} in {column}"
PROBLEM_GROUP = "{title} ({count}), in rows {rows}"
PROBLEMS_OF_A_ROW = "{title} ({count}), in row {rows}"
ONE_PROBLEM = "{title}, in row {rows}"
ROW = "row {row}"
MORE_PROBLEMS = "… and {count} more. The results workbook lists them all (check writes it with --output problems.xlsx)."
SENDING = "Sending"
SCOPE = " scopes"
WOULD_SEND = "To send: {scopes} with {pins}."
HELD_BACK = "Held back because of a wrong row: {scopes} with {pins}."
ALREADY = "Already created: {scopes}."
HELD_BACK_ROW = "row {rows}: {comment}"
HELD_BACK_ROWS = "rows {rows}: {comment}"
MORE_HELD_BACK = "and {count} more."
HELD_BACK_EARLIER = "Held back because of what is live or was created before: {scopes}."
RESULTS = "Results: {path}"
REHEARSAL = "This was a rehearsal: nothing was really created, and nothing left this computer."
SEE_MARKED = "For a workbook with the cells marked, run again with: --output problems.xlsx"

SANDBOX_READY = """\
The sandbox is ready at {url}. It stands in for Luigi's Box and keeps what you send until you stop it with Ctrl-C.
{filled}
To send to it, open another terminal and run there first (macOS, Linux):
{bash}

or, in PowerShell (Windows):
{powershell}

then: pin-importer import FILE

What it holds: {url}/_sandbox/store"""
SANDBOX_FILLED = "It already holds {count}.\n"
SANDBOX_STOPPED = "The sandbox has stopped. It held {count}, which are gone now."

LEDGER = "{path} remembers these runs:"
LEDGER_EMPTY = "Nothing is remembered yet: there is no ledger at {path}."
LEDGER_HEADERS = ("run", "started", "tracker", "base URL", "created", "replaced", "deleted", "unknown", "file")
LEDGER_UNDONE = "{file} (taken back by run {run})"
LEDGER_UNKNOWN = "Unknown: {scopes}. Run the import of their file again first: mostly it finds out what became of them."
LEDGER_SCOPE = "{name}  {model}, {kind} {target} (run {run})"
LEDGER_ANSWER = (
    "What stays unknown, look up in Luigi's Box by its target. If the customization is there, say so with its ID: "
    "pin-importer ledger --created {name} ID. If it is not: pin-importer ledger --forget-scope {name}, and the next "
    "import sends it."
)
LEDGER_TAKEN = "{name} is now known as created, with the ID {id}."
LEDGER_SEVERAL = "Several unknown scopes begin with {name}. Write more digits of the one you mean."
LEDGER_AGAIN_CLOSED = "The next import with --again sends everything once more. Runs that were closed: {count}."
LEDGER_MORE = "… and {count} more; --json lists them all."
FORGET_QUESTION = (
    "Forget {what}? What was created stays in Luigi's Box; importing it again with --no-look, or once it was changed "
    "there, then creates it a second time."
)
FORGOTTEN = "{scopes} forgotten."
NOTHING_TO_FORGET = "The ledger {path} knows no {what}. Nothing was changed."
THE_RUN = "run {name}"
THE_SCOPE = "scope {name}"
SANDBOX_PORT = "The sandbox cannot listen on {host}:{port}: the port is taken or not allowed. Choose another --port."

COUNTED = {
    "row": ("row", "rows"),
    "scope": ("scope", "scopes"),
    "overlap": ("overlap", "overlaps"),
    "gap": ("gap", "gaps"),
    "pin": ("pin", "pins"),
    "model": ("model", "models"),
    "problem": ("problem", "problems"),
    "warning": ("warning", "warnings"),
    "date": ("date", "dates"),
    "shop": ("shop", "shops"),
    "cell": ("cell", "cells"),
    "customization": ("customization", "customizations"),
    "target": ("target", "targets"),
}

ALL = "All "
VERBS = {
    "are": ("is", "are"),
    "were": ("was", "were"),
    "have": ("has", "have"),
    "count": ("counts", "count"),
    "name": ("names", "name"),
    "hide": ("hides", "hide"),
    "they": ("it", "they"),
    "them": ("it", "them"),
    "get": ("gets", "get"),
}

MESSAGES = {
    "all-created": "{all_rows} {are} created.",
    "all-already": "{all_rows} {were} created before; nothing was sent.",
    "created-or-already": "{all_rows} {are} created: {created} now, {before} before.",
    "some": "{done} of {rows} {are} created; {rest}. Fix what the results say, then import the results workbook.",
    "changed": "{all_rows} {are} done: {what}.",
    "changed-some": (
        "{done} of {rows} {are} done ({what}); {rest}. Fix what the results say, then import the results workbook."
    ),
    "unknown": (
        "What became of {scopes} is not known yet. Nothing is lost and nothing was sent twice: "
        "run the same command again, and it finds out."
    ),
    "checked": "{done} of {rows} {are} ready to send; {rest}.",
    "checked-all": "{all_rows} {are} ready to send.",
    "checked-all-already": "{all_rows} {were} created before: there is nothing to send.",
    "checked-all-live": "All that {rows} say is live already: there is nothing to send.",
    "strict": "Nothing was sent, as --strict asks: {rest}. Fix what the results say and run the command again.",
    "declined": "Nothing was sent.",
    "again-open": (
        "What --again has sent so far is not sent once more by the same command. To send everything anew instead, run "
        "pin-importer ledger --close-again first."
    ),
}


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 row`, `12,000 rows`."""
    one, many = COUNTED[noun]
    return f"{number:,} {one if number == 1 else many}"


def all_of(number: int, noun: str) -> str:
    """All of a number of things: `All 12 rows`, or `1 row`."""
    return f"{ALL if number > 1 else ''}{counted(number, noun)}"


def verbs(*numbers: int) -> dict[str, str]:
    """The verbs after a number of things, in the singular if one of these numbers is 1: `0 of 1 row is`."""
    return {verb: one if 1 in numbers else many for verb, (one, many) in VERBS.items()}
