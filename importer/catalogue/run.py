"""What can happen in a run: reasons to stop, what it waits for, and what people should know of it."""

from __future__ import annotations

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
        "There was no progress for a long time, so the run ended. Run the same command again later to go on."
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
"""Why sending ended before its end, by the code of the reason; `said` follows where the service gave words."""

WAITS: dict[str, str] = {
    "look": "Looking at what is live before anything is sent, with about {count} requests.",
    "throttled": "Waiting until {until}: Luigi's Box asked to send more slowly.",
    "no-answer": "Waiting until {until} to try again, because there was no answer.",
    "probing": "Waiting until {until} to see whether Luigi's Box is back. Meanwhile nothing is created.",
    "list": "Waiting until {until}: by then the list of customizations must show what was created.",
    "change": "Waiting until {until}: what an earlier run sent may still arrive until then.",
    "no-list": (
        "This service shows no list that can be read: what gets lost on the way cannot be found again, and "
        "stays Unknown."
    ),
}
"""What a run says while it waits, by what it waits for."""

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
        "The list of customizations did not show one that was certainly created. Nothing was sent again because of it."
    ),
    "rescued": "These IDs could not be written to the ledger. They are kept in {path}, where the next run finds them.",
    "rescued-nowhere": "These IDs could not be written to any file. Copy them from the screen.",
    "rescued-id": "Created: {model} / {target_type} / {target}: ID {id}",
    "changes-settled": (
        "An earlier run ended while {customizations} {were} being replaced or deleted. Luigi's Box was asked what "
        "became of {them}, and the ledger knows it now."
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
"""Facts that people should know, by code."""
