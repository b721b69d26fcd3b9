"""What is said of replacing, deleting and undoing."""

from __future__ import annotations

from importer.catalogue.outcomes import AGAIN

LOOKS_FIRST = f"{AGAIN}: it looks at the customization first and sends nothing that is done already."

COMMENTS: dict[str, str] = {
    "settled": "The answer was lost on the way, but Luigi's Box shows that it was done.",
    "same-already": "Luigi's Box has it like this already; nothing was sent.",
    "deleted-already": "It was not there any more; nothing was sent.",
    "conflict": (
        "It was changed in Luigi's Box since it was read ({what}), so it is left as it is. Export it "
        "again, make your change there, and import that."
    ),
    "conflict-sent": (
        "It was sent, no answer came, and the customization is neither as it was nor as it was to become ({what}): "
        "someone else changed it meanwhile. It is left as it is. Look at it in Luigi's Box."
    ),
    "kept-edited": (
        "It is not as the run left it any more ({what}), so it is kept as it is. If a later run of yours changed it, "
        "undo that one first."
    ),
    "kept-edited-meanwhile": (
        "It was sent, no answer came, and someone else edited the customization meanwhile ({what}). It is kept as it "
        "is."
    ),
    "kept-gone": "It is not in Luigi's Box any more (ID {id}): there is nothing to take back.",
    "kept-adopted": (
        "Its answer was lost when it was created, and its ID was found in Luigi's Box afterwards (ID {id}). It is most "
        "likely yours, and is kept unless you add --include-adopted."
    ),
    "kept-conflict": "Someone else changed it while it was being changed (ID {id}): it is kept as it is.",
    "undone-before": "It was taken back before.",
    "undone-already": "It was as before already.",
    "undone-again": "It has the new ID {id}.",
    "undone-metadata-unseen": (
        "Luigi's Box showed no metadata of its target before it was deleted; if there were any, they are lost: look at "
        "it in Luigi's Box."
    ),
    "undone-without": "These fields are the service's own and were not sent: {fields}.",
    "undone-equal": "It was not created again: an equal customization is there (ID {id}).",
    "metadata-unknown": (
        "It was not put back: what metadata its target had is not known, and putting it back would wipe out those that "
        "are there. Change the customization {id} in Luigi's Box."
    ),
    "failed-unknown": (
        "It is not known whether it was created. Import its file again, which finds out, and then take that run back."
    ),
    "failed-unreadable": "What it was before cannot be read any more. Change it in Luigi's Box (ID {id}).",
    "gone": (
        "The customization {id} is not in Luigi's Box any more, so there is nothing to replace. If its pins are to be "
        "there again, empty the Customization ID cells of its rows and import them."
    ),
    "unreadable": (
        "It was not changed: Luigi's Box did not show the customization {id} in a way that can be read. "
        f"{AGAIN} later."
    ),
    "metadata-hidden": (
        "It was not changed: Luigi's Box does not show the metadata of its target, this computer does not know them, "
        "and replacing the customization would wipe them out. Write all of them into the column target_metadata, or "
        "change the customization in Luigi's Box."
    ),
    "pins-alike": (
        "It was not changed: it has pins that the columns of the sheet cannot tell apart. Add what tells them apart: "
        "{detail}."
    ),
    "not-sent": f"The run ended before its turn; nothing was changed. {AGAIN} to go on.",
    "stopped": f"It was not changed: the run ended before it was sent. {AGAIN} to go on.",
    "not-reached": f"It was not changed: the server could not be reached. {AGAIN} to go on.",
    "denied": f"It was not changed: Luigi's Box did not let the request in. {AGAIN} once that is settled.",
    "redirect": "It was not changed: the server sent the request on to another address. Check the base URL.",
    "certificate": "It was not changed: the server's certificate cannot be trusted.",
    "unknown-cut": f"It may have been changed: the run was ended while the answer was on its way. {LOOKS_FIRST}",
    "unknown": f"It may have been changed: no answer came, and what came of it is not known. {LOOKS_FIRST}",
    "unknown-still": (
        "It was sent several times without an answer, and Luigi's Box still shows the customization as it was. "
        f"{LOOKS_FIRST}"
    ),
}

UNDO: dict[str, str] = {
    "title": "Run {run} of {started} ({file}), tracker {tracker} at {base_url}:",
    "title-continued": "Undoing run {run} of {started} ({file}) goes on, tracker {tracker} at {base_url}:",
    "created": "{count} created, to be deleted",
    "replaced": "{count} replaced, to be put back as before",
    "deleted": "{count} deleted, to be created again with new IDs",
    "unsettled": "{count} of them may not have been changed: Luigi's Box is asked first",
    "adopted": (
        "{count} whose answer was lost, and whose ID was found afterwards; kept unless you add --include-adopted:"
    ),
    "adopted-line": "{id}  {model}, {kind} {target}",
    "more": "… and {count} more",
    "before": "{count} taken back before",
    "parts": (
        "It went on with what earlier runs of the same file began. Those are undone by their own numbers afterwards: "
        "{runs}."
    ),
    "kept-too": "{count} to be kept or looked at by you, see the report",
    "rule": "What was edited since, or is gone, stays as it is, and the report says so.",
    "question": "Type {count} to undo {these}",
    "nothing": "There is nothing left to undo of run {run}.",
    "nothing-adopted": (
        "Kept: {count} whose answer was lost, and whose ID was found afterwards. Add --include-adopted to delete "
        "those too."
    ),
    "declined": "Nothing was undone.",
    "done": "Run {run} is undone: {counts}.",
    "some": "Run {run} is undone in part: {counts}. The report says why for each.",
    "unknown": (
        "Run {run} is undone in part: {counts}. Run the same command again: it finds out what became of the rest, and "
        "undoes nothing twice."
    ),
    "again": "It can itself be undone: pin-importer undo {undo_run}",
    "report": "Report: {path}",
    "file": "undo of run {run}",
}

UNDO_ERRORS: dict[str, str] = {
    "no-run": (
        "There is no run to undo: the ledger {ledger} knows none that changed something at the tracker {tracker}. A "
        "rehearsal (--sandbox) cannot be undone, because nothing was changed."
    ),
    "no-such-run": (
        "The ledger {ledger} knows no run {run} at the tracker {tracker}. pin-importer ledger lists the runs. A "
        "rehearsal (--sandbox) has no number and cannot be undone, because nothing was changed."
    ),
    "yes-missing": "Nothing was undone: there is no terminal to confirm on. Add --yes to undo without asking.",
}

UNDO_SHEET = "Undo"
UNDO_HEADERS = (
    "Customization ID",
    "ID Now",
    "Model",
    "Target Type",
    "Target",
    "The Run",
    "Undo Result",
    "Comment",
)
UNDO_FACTS = {
    "command": "Command",
    "run": "Run that was undone",
    "undo_run": "Run of the undoing",
    "started": "Start",
    "ended": "End",
    "count": "Customizations: {bucket}",
    "stop": "Stopped early",
    "notice": "Notice",
}
UNDO_TITLE = "Undo of run {run}"
