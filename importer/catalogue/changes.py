"""What is said of replacing, deleting and undoing."""

from __future__ import annotations

from importer.catalogue.run import AGAIN

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
