"""What the page says: headings, buttons, states, trouble. What is wrong with a sheet has its sentences elsewhere."""

from __future__ import annotations

DURATIONS = {"seconds": "{count} s", "minutes": "{count} min", "hours": "{count:.1f} hours"}

TERMINAL = {
    "ready": (
        "The page is ready on this computer. It opens in your browser; if it does not, open this address:\n\n"
        "  {address}\n\n"
        "The address works once. Press Enter here for another one. Keep this window open; Ctrl-C ends the page."
    ),
    "again": "Another address, which works once:\n\n  {address}\n",
    "stopping": "An import is under way. It is stopped in good order first; press Ctrl-C again to end it at once.",
    "kept": "The results that nobody had downloaded are in {path}",
    "no-key": (
        "There is no private key for {shops}, so the page can check and rehearse, and not import there. To import, set "
        "LUIGISBOX_PRIVATE_KEY or add --private-key-file, and start again."
    ),
}

TROUBLE = {
    "port": "The port {port} is taken, perhaps by a page that is open already. Leave out --port, or choose another.",
    "too-big": (
        "This file is larger than {megabytes} MB, which is the most that the page takes. Split it, or use the command "
        "pin-importer import."
    ),
    "empty": "This file is empty.",
    "no-file": "No file came along. Choose an Excel or CSV file.",
    "disk": "There is no room on this computer's disk to keep the file while it is read. Make room, then try again.",
    "memory": "This computer's memory is not enough for the file. Close other programs, or split the file.",
    "count": "Type {count} to import; another number was typed. Nothing was sent.",
    "mapping-table": (
        "This mapping names a table of identities in another file, and the page reads no file but those that were "
        "dropped. Use the command pin-importer import with --mapping for it."
    ),
    "not-found": "There is no such page. The sheet or run may belong to an earlier start of the program.",
    "refused-host": "This page answers to 127.0.0.1 and localhost alone.",
    "refused-origin": "This request did not come from the page itself, so nothing was done.",
    "refused-cookie": (
        "This browser has not been let in. Open the address that the terminal shows; for another browser, press Enter "
        "there to get a new one. If the program was started again, its new address counts."
    ),
    "refused-token": (
        "This address has been used, or belongs to an earlier start. Press Enter in the terminal to get a new one."
    ),
}

PAGE = {
    # ── On every page ──
    "product": "pin-importer",
    "skip": "Skip to the content",
    "nav": "Pages",
    "nav-start": "Start",
    "nav-sheet": "Sheet",
    "nav-run": "Run",
    "nav-past": "Past runs",
    "foot": "This page runs on this computer alone. Nothing is sent before you say so.",
    "foot-shop": "This page runs on this computer alone. Imports go to tracker {tracker}.",
    "lost-title": "The program does not answer",
    "lost": (
        "It may have been closed, or the computer slept. If it still runs, this page goes on by itself. If not, start "
        "pin-importer web again: what was sent is recorded, it shows what is known, and nothing is created twice."
    ),
    "trouble-title": "That did not work",
    "refused-title": "Not let in",
    "try-again": "Try again",
    "to-start": "To the start",
    "step-drop": "Drop",
    "step-check": "Check",
    "step-rehearse": "Rehearse",
    "step-import": "Import",
    "step-results": "Results",
    "steps": "The way of a sheet",
    # ── Start ──
    "start-title": "Pin products into recommendations",
    "start-lead": "One row per pin, in Excel or CSV. Every row is checked before anything is sent.",
    "drop-title": "Drop your sheet here",
    "drop-or": "or",
    "drop-choose": "Choose a file",
    "drop-send": "Check it",
    "drop-kinds": "Excel (.xlsx, .xls, .xlsb), LibreOffice (.ods) or CSV, up to {megabytes} MB",
    "drop-busy": "Uploading",
    "drop-failed": "The upload was broken off. Check that the program still runs, then try again.",
    "no-sheet": "No sheet yet?",
    "template": "Download a blank template",
    "template-what": "with notes, drop-downs and two example rows",
    "example": "Try an example",
    "example-what": "ten pins of a watch shop, two of them wrong",
    "go-on": "Go on",
    "go-on-sheet": "{name}, dropped at {when}",
    "go-on-run": "{name}, a run that has not ended",
    "go-on-ended": "{name}, run at {when}",
    "open-sheet": "Open the sheet",
    "open-run": "Open the run",
    "broken-title": "An import did not come to its end",
    "broken": (
        "{file}, started {when}: {created} created, {unknown} unknown. It still runs in another window, or was broken "
        "off. If it was, drop the same file again: what is unknown is looked up first, the rest is sent, and "
        "nothing is created twice."
    ),
    # ── A sheet ──
    "reading": "Reading {name} …",
    "checking": "Checking {name} …",
    "checking-wait": "The rows are below already; what is wrong is marked in a moment.",
    "reading-wait": "This takes a moment for a large file.",
    "read-title": "How it was read",
    "read-format": "Format",
    "read-sheet": "Sheet",
    "read-header": "Header",
    "read-header-row": "in row {row}",
    "read-rows": "Rows",
    "read-mapping": "Mapping",
    "read-unread-columns": "Columns not used",
    "read-unread-sheets": "Sheets not read",
    "read-differently": "Read it differently",
    "read-differently-what": (
        "Where a sentence on this page names an option such as --date-order, it is one of these fields."
    ),
    "option-sheet": "Sheet (--sheet)",
    "option-sheet-usual": "the first with the headers",
    "option-timezone": "Time zone of dates (--timezone)",
    "option-timezone-usual": "this computer's",
    "option-date-order": "Dates like 03/04/2026 (--date-order)",
    "option-by-evidence": "found out by itself",
    "option-dmy": "day first",
    "option-mdy": "month first",
    "option-ymd": "year first",
    "option-encoding": "Encoding of a CSV file (--encoding)",
    "option-delimiter": "What separates its columns (--delimiter)",
    "option-comma": "comma",
    "option-semicolon": "semicolon",
    "option-tab": "tab",
    "option-pipe": "pipe |",
    "option-ignore": "Columns to leave out, separated by commas (--ignore-column)",
    "option-fill-down": "Blank model and target cells take the value of the row above (--fill-down)",
    "option-create-beside": "Send changed customizations as second ones beside the first (--create-beside)",
    "option-again": "Send again what was created before (--again)",
    "option-shop": "Shop",
    "option-no-shop": "none: check the sheet alone",
    "check-again": "Check again",
    "mapping": "Map its columns",
    "refused-sheet": "This sheet cannot be used as it is",
    "refused-sheet-what": "Fix it and drop it again, or read it differently below.",
    "all-right": "Nothing is wrong",
    "problems-title": "What is wrong, and what to do",
    "warnings-title": "Worth a look",
    "problems-none": "Every row can be sent.",
    "group-rows": "Show the rows",
    "group-count": "{count} times",
    "since-title": "Since {name}",
    "since": "{before} before, {now} now; {ready_before} ready to send before, {ready_now} now.",
    "fix-title": "Fix it",
    "fix": (
        "Fix the cells in your own file, or in the marked workbook, save it, and drop it here again. Customizations "
        "without a wrong row can be sent now; the others are held back until then."
    ),
    "fix-download": "Download the marked workbook",
    "see-title": "What would be sent",
    "see-none": "Nothing: every customization has a wrong row or is there already.",
    "see-model": "Model",
    "see-count": "Customizations",
    "see-pins": "Pins",
    "target-item": "beside one product (item)",
    "target-criteria": "where conditions hold (criteria)",
    "target-all": "everywhere (all)",
    "notices-title": "Good to know",
    "next-title": "Next",
    "rehearse": "Rehearse",
    "rehearse-what": "Sends everything to a stand-in on this computer. Nothing leaves it.",
    "import-go": "Import …",
    "import-what": "Asks once more before anything is sent.",
    "import-no-shop": (
        "To import into a shop, end the page and start it with its tracker: "
        "pin-importer web --tracker-id 1234-5678. The private key is asked for in the terminal."
    ),
    "import-no-key": "To import, start the page again with the private key, in the terminal.",
    "run-busy": "A run is under way.",
    "foreign": "Is it an export of another system? Then say which of its columns is what.",
    # ── Mapping ──
    "map-title": "Which column is what",
    "map-lead": "Each row of an export becomes pins. Nothing is sent, and your file stays as it is.",
    "map-back": "Back to the sheet",
    "map-builtin": "Read it as {title}",
    "map-builtin-what": "This mapping is built in. What the columns are used for stands below.",
    "map-theirs": "Their column",
    "map-samples": "Some of its cells",
    "map-ours": "Is",
    "map-model": "For the model",
    "map-split": "Separated by",
    "map-guess": "a guess",
    "map-not-used": "not used",
    "map-used": "used for",
    "map-skip": "switches rows off",
    "map-one-value": "one value",
    "map-sign-comma": "comma",
    "map-sign-semicolon": "semicolon",
    "map-sign-pipe": "pipe |",
    "map-sign-line": "line break",
    "map-constants": "The same in every pin",
    "map-constants-what": "Empty where a column says it.",
    "map-save": "Read it so",
    "map-saved": "Download this mapping",
    "map-saved-what": "Keep it: the next export of this kind is read with it.",
    "map-none": "Read it without a mapping",
    "map-other": "Another built-in mapping",
    "map-other-choose": "Read it with it",
    "map-upload": "A mapping file of your own (.toml)",
    "map-upload-button": "Use this file",
    "map-in-force": "It is read with the mapping {name}.",
    "map-table": "Their columns, and what each is",
    # ── Rows ──
    "rows-title": "Rows",
    "rows-all": "All",
    "rows-wrong": "Wrong",
    "rows-doubtful": "Worth a look",
    "rows-filter": "Which rows to show",
    "rows-of-problem": "Rows with this problem",
    "rows-none": "No rows here.",
    "rows-none-wrong": "No row is wrong.",
    "rows-range": "{first} to {last} of {total}",
    "rows-first": "First",
    "rows-previous": "Previous",
    "rows-next": "Next",
    "rows-last": "Last",
    "rows-pages": "Pages of rows",
    "rows-go": "Go to row",
    "rows-go-button": "Go",
    "rows-row": "Row",
    "rows-result": "Result",
    "rows-what": "What is wrong, and what to do",
    "rows-comment": "What became of it",
    "rows-table": "The rows of {name}",
    "row-warning": "Worth a look",
    "row-problem": "Wrong",
    # ── Before an import ──
    "ask-title": "Import {name}?",
    "ask-shop": "Shop",
    "ask-tracker": "Tracker",
    "ask-base-url": "Address",
    "ask-count": "Customizations",
    "ask-held": "Held back or wrong, not sent",
    "ask-type": "Type {count} to confirm",
    "ask-go": "Import {scopes}",
    "ask-back": "Back to the sheet",
    "ask-none": "There is nothing to send.",
    "ask-note": (
        "Each becomes live at once, or when its period begins. You can pause and stop on the way; nothing is created "
        "twice."
    ),
    # ── A run ──
    "run-rehearsal": "Rehearsal",
    "run-import": "Import",
    "run-of": "{kind} of {name}",
    "run-preparing": "Reading and checking the sheet again …",
    "run-sending": "Sending",
    "run-paused": "Paused. What was under way has finished; nothing new is sent.",
    "run-stopping": "Stopping: what is under way finishes first.",
    "run-progress": "{done} of {total}",
    "run-progress-label": "How far the run is",
    "run-pace": "{pace} a second",
    "run-left": "about {time} left",
    "run-pace-unknown": "measuring the pace",
    "run-pause": "Pause",
    "run-resume": "Go on",
    "run-stop": "Stop",
    "run-stop-now": "Stop at once",
    "run-closing": "You may close this tab: the run goes on, and opening the page again shows it.",
    "run-lines": "What it waits for",
    "run-alarm": "Write these down",
    "run-failed": "The run could not begin",
    "run-changed": (
        "Meanwhile another number of customizations is ready than you were told, so nothing was sent. "
        "Look at the sheet again."
    ),
    "run-seconds": "It took {time}, with {requests} requests.",
    "run-rehearsed": "This was a rehearsal: nothing was really created, and nothing left this computer.",
    "run-next": "Next",
    "results-download": "Download the results",
    "results-what": "Fix its coloured cells, save it and drop it here: what was created is skipped.",
    "results-again": "Fix, and import again",
    "run-sheet": "Back to the sheet",
    "run-go-on": "Check it again and go on",
    "run-empty": "Nothing had to be sent.",
    # ── Past runs ──
    "past-title": "Past runs",
    "past-lead": "What this computer remembers of imports. Rehearsals are not among them.",
    "past-empty": "Nothing is remembered yet: the first import will be here.",
    "past-run": "Run",
    "past-started": "Started",
    "past-file": "Sheet",
    "past-tracker": "Tracker",
    "past-created": "Created",
    "past-unknown": "Unknown",
    "past-ended": "Ended",
    "past-open": "not ended",
    "past-more": "and {count} older ones; the command pin-importer ledger lists them.",
    "past-unknown-title": "Not known whether created",
    "past-unknown-what": (
        "Import the same sheet again: mostly that finds out. What stays unknown, look up in Luigi's Box by its target."
    ),
    "past-unknown-scope": "{model}, {kind} {target} (run {run})",
    "past-ledger": "Kept in {path}",
}
