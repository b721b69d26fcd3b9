"""What can befall a run and its scopes: comments on outcomes, reasons to stop, run-level errors, notices."""

from __future__ import annotations

AGAIN = "Run the same command again"

ANSWER = (
    "Look for this target in Luigi's Box, then say what you see: pin-importer ledger lists the question and how to "
    "answer it."
)

COMMENTS: dict[str, str] = {
    "held-by-itself": "Not sent: fix row {row} first.",
    "held-by-neighbour": (
        "Fix row {row} first. What it says of its target cannot be used, so it may belong here. Pins for one product "
        "are sent together or not at all."
    ),
    "held-by-row": "Fix row {row} first. Pins for one product are sent together or not at all.",
    "not-sent-strict": "It was not sent: with --strict nothing is sent while any row is invalid.",
    "not-sent-declined": "It was not sent, as you chose.",
    "adopted": "The answer was lost on the way, but Luigi's Box lists the customization; its ID is from there.",
    "adopted-respelled": (
        "The answer was lost on the way. Luigi's Box lists one new customization of this target, whose ID is taken. It "
        "gives back other content than was sent, here as elsewhere: look at it in Luigi's Box once."
    ),
    "adopted-without-baseline": (
        "The answer was lost on the way. Luigi's Box lists one customization with exactly this content, whose ID is "
        "taken. What was there before it was sent is not known: if someone else made it, this one was never created."
    ),
    "odd-status": (
        "Luigi's Box gave an ID with the unusual answer {status}. Look the customization up in Luigi's Box once."
    ),
    "gone": (
        "It had been created before (ID {id}), but Luigi's Box no longer has that customization, so it was sent again."
    ),
    "not-confirmed": (
        "It was created more than 24 hours ago, and Luigi's Box did not confirm that it is still there. If it is "
        "missing in Luigi's Box, run the same command again with --again."
    ),
    "not-sent": f"The run ended before its turn; it was not sent. {AGAIN} to send it.",
    "stopped-before-retry": f"It was not created: the run ended before it could be sent again. {AGAIN} to send it.",
    "proxy": f"It was not created: the proxy asks for a user and password. {AGAIN} once that is settled.",
    "certificate": (
        "It was not sent: the server's certificate cannot be trusted, so the connection was refused. "
        f"{AGAIN} once that is mended."
    ),
    "redirect": (
        "It was not created: the server sent the request on to another address, which is never followed. "
        "Check the base URL."
    ),
    "key": (
        "It was not created: Luigi's Box did not accept the signature. Check that the private key belongs "
        "to the tracker."
    ),
    "forbidden": (
        "It was not created: Luigi's Box does not allow this key to create customizations. Ask Luigi's Box for access."
    ),
    "tracker": "It was not created: Luigi's Box does not know the tracker. Check the tracker ID and the base URL.",
    "failed-unreachable": (
        f"It was not created: the server could not be reached, three times in a row. {AGAIN} to send it."
    ),
    "failed-budget": (
        "It was not created: too many requests of this run had to be sent again, so no more were. "
        f"{AGAIN} when Luigi's Box answers steadily."
    ),
    "failed-absent": (
        "It was not created: it was sent several times without an answer, and Luigi's Box does not list it. "
        f"{AGAIN} to send it."
    ),
    "unknown-stopped": (
        "It may have been created: the run ended before that could be looked up. "
        f"{AGAIN}: it looks the customization up first and sends it only if it is missing."
    ),
    "unknown-cut": (
        "It may have been created: the run was ended while the answer was on its way. "
        f"{AGAIN}: it looks the customization up first and sends it only if it is missing."
    ),
    "unknown-several": (
        "It may have been created: Luigi's Box lists several new customizations of this target (IDs {ids}), "
        "and nothing "
        f"tells which of them is this one. It is never sent again. {ANSWER}"
    ),
    "unknown-other": (
        "It may have been created: Luigi's Box lists a new customization of this target (IDs {ids}) whose content is "
        f"not what was sent ({{difference}}). It is never sent again. {ANSWER}"
    ),
    "unknown-creator": (
        "It may have been created: Luigi's Box lists a new customization with this content (IDs {ids}), but someone "
        f"else is named as its creator. It is never sent again. {ANSWER}"
    ),
    "unknown-list": (
        "It may have been created: no answer came, and the list of customizations could not be read. "
        f"{AGAIN} later: it looks the customization up first and sends it only if it is missing."
    ),
    "unknown-no-list": (
        "It may have been created: no answer came, and the server has no list that can be read to look it up in. "
        f"{ANSWER}"
    ),
    "unknown-no-canary": (
        "It may have been created: no answer came, and the list of customizations is empty, which proves nothing as "
        f"long as nothing is known to be in it. {ANSWER}"
    ),
    "unknown-no-baseline": (
        "It may have been created: no answer came, and what was in Luigi's Box before it was sent is not known. "
        f"{ANSWER}"
    ),
    "unknown-unstable": (
        "It may have been created: the list of customizations changed each time it was read. "
        f"{AGAIN} later: it looks the customization up first and sends it only if it is missing."
    ),
    "unknown-seen": (
        "Luigi's Box said that it was created, but its ID could not be read and the list does not show it yet. "
        f"It is never sent again. {AGAIN} later to find its ID, or look for this target in Luigi's Box."
    ),
    "unknown-untrusted": (
        "It may have been created: the list of customizations does not show all that it must, so it cannot be relied "
        f"upon. {AGAIN} later. If it stays so: {ANSWER}"
    ),
    "held-command": (
        "Command says delete. Nothing is deleted without --update: run again with it, or empty Command in these rows."
    ),
    "held-live": (
        "Its target has a customization live that is not this one: {ids}. It is not sent, because that would put a "
        "second one beside the first. To change the first one, run again with --update; to have both, with "
        "--create-beside; or leave it as it is."
    ),
    "held-several-live": (
        "Its target has {count} customizations live, none of which is this one: {ids}. It is not sent, because that "
        "would put another one beside them. Delete those that are not wanted, or write the ID of the one to change "
        "into its Customization ID cells and run again with --update; or run again with --create-beside."
    ),
    "held-differs": (
        "Its rows carry the ID of a customization that is live with other content: {ids}. To change it to what the "
        "rows say, run again with --update; to have both, empty the Customization ID cells of its rows and run again "
        "with --create-beside; or leave it as it is."
    ),
    "held-gone": (
        "Its rows say that it was created (ID {id}), but Luigi's Box no longer has that customization: someone deleted "
        "it. If it is to be created again, empty the cells Customization ID and Import Key of its rows; otherwise "
        "delete the rows."
    ),
    "held-found": (
        "This target had a customization live before, which no import of this computer made (ID {id}), and the rows "
        "say something else. It is not sent, because that could put a second one beside it. To change that one to what "
        "the rows say, run again with --update; to have both, with --create-beside."
    ),
    "live-changed": "What is live under this ID is no longer what the rows say: someone changed it in Luigi's Box.",
    "live-same": "The same content is live more than once: {ids}.",
    "live-beside": "On purpose beside what is live already for this target: {ids}.",
    "held-changed": (
        "This target's customization was created before (ID {id}, run {run}), and its rows have changed "
        "since, or their dates are now read in another time zone. It is not "
        "sent, because that would put a second customization beside the first. To change the first to what the rows "
        "say, run again with --update; to have both, with --create-beside."
    ),
    "held-unknown-before": (
        "Another version of this customization was sent before (run {run}), and it is not known whether it was "
        "created. Import that version's file again to find out, or run again with --create-beside to send "
        "this one in any case."
    ),
    "held-foreign-id": (
        "Its rows carry the Customization ID {id}, which is not known for this tracker. If it belongs to another "
        "tracker and the scope is to be created here, empty the Customization ID cells of its rows."
    ),
    "held-several-ids": (
        "Its rows carry different Customization IDs ({ids}), so it cannot be told which of them is this scope. Keep "
        "one ID and its Import Key on all of its rows, or run again with --create-beside to create it anew."
    ),
    "held-some-ids": (
        "Only some of its rows carry the Customization ID {id}: {missing} of its {rows} {have} none, so rows seem to "
        "have been added since it was created; {how}. It is not sent, because that would put a second customization "
        "beside the first. Add the pins in Luigi's Box, or run again with --create-beside to have both."
    ),
    "held-half-empty": (
        "Its pins are still those of the customization {id}, but {missing} of its {rows} {have} no Customization ID. "
        "Copy the ID and the Import Key to all of its rows to keep it as it is; empty them on all to create it anew."
    ),
    "held-edited": (
        "Its rows were changed since this customization was created (ID {id}): {how}. It is not sent, because that "
        "would put a second customization beside the first. To change the first to what the rows say, run again with "
        "--update; to have both, with --create-beside."
    ),
    "held-copied": (
        "Its rows carry the ID of another customization: they were copied, or their target was changed. If they are to "
        "be created, empty the cells Customization ID and Import Key of these rows."
    ),
    "held-id-lost": (
        "Its rows say that it was created, but the cells Customization ID are empty. Copy the ID back, for "
        "example from the sheet Scopes; or, if it is to be created again, empty the cells Import Key of its rows."
    ),
    "held-unknown-elsewhere": (
        "Another run sent it and could not find out whether it was created; this computer knows nothing of that run. "
        "Run the import again where that run was made; or look for this target in Luigi's Box, and if it is missing, "
        "empty the cells Import Key of its rows."
    ),
    "held-mixed": (
        "This customization was created before (ID {id}), and {strangers} of it came from another one: copied here, or "
        "given this target. It is not sent, because that would put a second customization beside the first. Add the "
        "pins in Luigi's Box, or run again with --create-beside to have both."
    ),
    "held-no-key": (
        "Its rows carry the Customization ID {id} but no Import Key, so it cannot be told whether they are still as "
        "they were created. If the customization is to be created, empty the Customization ID cells of its rows."
    ),
}

STOPS: dict[str, str] = {
    "interrupted": (
        "Interrupted. What was sent is recorded. Run the same command again to go on; nothing is created twice."
    ),
    "key": (
        "Luigi's Box did not accept the signature. Check that the private key belongs to the tracker "
        "{tracker}, then run the same command again."
    ),
    "forbidden": (
        "Luigi's Box does not allow this key to create customizations for the tracker {tracker}. Ask Luigi's Box for "
        "access, then run the same command again."
    ),
    "tracker": (
        "Luigi's Box does not know the tracker {tracker} at {base_url}. Check the tracker ID and the base URL, "
        "then run the same command again."
    ),
    "tracker-unseen": (
        "Luigi's Box does not know the tracker {tracker} at {base_url}: it has no list of customizations. Nothing was "
        "sent. Check the tracker ID and the base URL, then run the same command again; if both are right, --no-look "
        "goes on without looking."
    ),
    "redirect": (
        "Wrong base URL: {base_url} sends requests on to another address, which is never followed. "
        "Check the base URL, then run the same command again."
    ),
    "proxy": "The proxy asks for a user and password. Ask your IT department how to get through it.",
    "base-url": (
        "Wrong base URL: {base_url} gave the same odd answer to everything that was sent. "
        "Check the base URL, then run the same command again."
    ),
    "incident": (
        "Luigi's Box has trouble: it gave no usable answer several times in a row. See luigisboxstatus.com, "
        "and run the "
        "same command again to go on once it is over."
    ),
    "no-progress": (
        "Nothing went forward for a long time, so the run was ended. Run the same command again later to go on."
    ),
    "said": "It said: {text}",
    "ledger-moved": (
        "The ledger {ledger} was deleted, moved or replaced while the run was using it. Nothing more was sent. Put it "
        "back before you run the same command again: it remembers what was created."
    ),
    "ledger-busy": (
        "The ledger {ledger} is in use by another program. Nothing more was sent. Close that program, then "
        "run the same "
        "command again to go on."
    ),
    "ledger-damaged": (
        "The ledger {ledger} is damaged. Nothing more was sent. Restore it from a backup before you run the same "
        "command again: it remembers what was created."
    ),
    "certificate": (
        "The certificate of {base_url} cannot be trusted, so nothing more was sent. If a company proxy or "
        "virus scanner "
        "reads along, ask your IT department; otherwise check the base URL."
    ),
    "network": (
        "{base_url} could not be reached, or gave no usable answer, several times in a row. Check the internet "
        "connection, then run the same command again to go on."
    ),
    "ledger": (
        "The ledger {ledger} cannot be written, perhaps because the disk is full. Nothing more was sent. "
        "Make room, then run the same command again to go on."
    ),
}

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

CHANGES = {
    "counted": "it had {before} when it was created and has {now} now",
    "edited": "it still has {before}, but not the same ones, or its dates are now read in another time zone",
}
ABOVE = {True: "zero or more", False: "above zero"}

WAITS: dict[str, str] = {
    "look": "Looking at what is live before anything is sent, with about {count} requests.",
    "throttled": "Waiting until {until}: Luigi's Box asked to send more slowly.",
    "no-answer": "Waiting until {until}: there was no answer, so it is tried again then.",
    "probing": "Waiting until {until}: nothing is created any more; whether Luigi's Box is back is looked at then.",
    "list": "Waiting until {until}: the list of customizations must show by then what was created.",
    "change": "Waiting until {until}: what an earlier run sent may still arrive until then.",
    "no-list": (
        "This service shows no list that can be read: what gets lost on the way cannot be found again, and "
        "stays Unknown."
    ),
}

LIVE_ID = {
    "by-since": "ID {id}, made by {creator} on {since}",
    "by": "ID {id}, made by {creator}",
    "since": "ID {id}, made on {since}",
    "": "ID {id}",
}

NOTICES: dict[str, str] = {
    "look-found": (
        "{scopes} {are} live already, though this computer did not create {them}: nothing is created twice. The "
        "results name IDs and who made {them}."
    ),
    "look-over": (
        "{targets} {have} a customization live whose pins are all over (for example {ids}). It is left as it is, and "
        "the new one comes beside it."
    ),
    "look-beside": (
        "{targets} {have} a customization live already and {get} another one beside it, as you asked (for example "
        "{ids})."
    ),
    "look-beyond": (
        "What is live could not be seen for sure for {targets}: that would take more requests than a tenth of what is "
        "to be created, plus 20. If a colleague has pinned something there, it may not be noticed."
    ),
    "look-no-list": (
        "What is live could not be looked at: this service shows no list that can be read. If a colleague has pinned "
        "something for the same targets, it is not noticed."
    ),
    "look-unreadable": (
        "What is live could not be looked at, since the list of customizations gave no usable answer. If a colleague "
        "has pinned something for the same targets, it is not noticed."
    ),
    "look-short": (
        "The list of customizations shows fewer than it says there are. If a colleague has pinned something for the "
        "same targets, it may not be noticed."
    ),
    "look-denied": "What is live could not be looked at. {text}",
    "rehearsal-ids": "The Customization IDs in this file are from a rehearsal in the sandbox; they are ignored.",
    "unsettled": (
        "{scopes} may have been created by an earlier run. Luigi's Box is asked first, and only what is missing there "
        "is sent."
    ),
    "ledger-no-wal": (
        "The ledger {path} is on a network drive. It is kept safe there, but more slowly; --ledger can name a place "
        "on this computer."
    ),
    "clock": (
        "This computer's clock is {seconds} seconds {direction}, compared with Luigi's Box. That was taken into "
        "account; set the clock when you can."
    ),
    "clock-jump": "This computer slept or its clock was set during the run. That was taken into account.",
    "throttled": "Luigi's Box asked to send more slowly (times: {count}); that was done.",
    "gone": (
        "{count} customizations had been created before, but Luigi's Box no longer has them; they were sent again."
    ),
    "list-untrusted": (
        "The list of customizations did not show one that was certainly created. Nothing was sent again on its word."
    ),
    "rescued": "These IDs could not be written to the ledger. They are kept in {path}, where the next run finds them.",
    "rescued-nowhere": "These IDs could not be written to any file. Copy them from the screen.",
    "rescued-id": "Created: {model} / {target_type} / {target}: ID {id}",
    "changes-settled": (
        "An earlier run was ended while {customizations} {were} being replaced or deleted. Luigi's Box was asked what "
        "came of that, and the ledger knows it now."
    ),
    "rows-fewer": (
        "{scopes} {have} fewer rows than when the results were written. For example, the one of row {row} had {before} "
        "when it was checked, has {now} now. If a row was deleted by mistake, put it back."
    ),
    "hidden-times": (
        "{dates} {hide} a time of day that the cell does not show, the first in {place}; the whole day counts."
    ),
    "short-gaps": (
        "{gaps} of three days or less between two pins on one place, for example after row {one} ends and before row "
        "{two} begins. Change the dates, unless this is meant."
    ),
    "tags-united": (
        "Targets whose rows have different tags: {count} (for example in rows {one} and {other}). Each gets "
        "the tags of "
        "all its rows."
    ),
}
