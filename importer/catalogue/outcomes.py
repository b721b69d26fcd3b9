"""What can become of a scope: the comment on each outcome, and the parts of some."""

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
"""What became of a scope and what to do, by the code of the reason."""

CHANGES = {
    "counted": "it had {before} when it was created and has {now} now",
    "edited": "it still has {before}, but not the same ones, or its dates are now read in another time zone",
}
"""What is changed in rows that were created before, for `held-edited`."""

LIVE_ID = {
    "by-since": "ID {id}, made by {creator} on {since}",
    "by": "ID {id}, made by {creator}",
    "since": "ID {id}, made on {since}",
    "": "ID {id}",
}
"""How a customization is named that is live: by its ID, who made it, and when, as far as that is known."""
