"""What is said of an update: what will be changed, what is held back, and what to do next."""

from __future__ import annotations

COMMENTS: dict[str, str] = {
    "not-live": "It is not live any more, so there is nothing to delete.",
    "gone": (
        "Customization {id}, which these rows name, is not live any more: someone deleted it. It is not created again. "
        "Delete these rows; or, to have it back, empty their cells Customization ID and Live Version."
    ),
    "gone-others": "Live for its target instead: {ids}.",
    "several-live": (
        "Several customizations are live for this target ({ids}), and nothing says which of them these rows are. Write "
        "its ID into Customization ID of these rows, or export what is live and change it there."
    ),
    "several-ids": (
        "These rows name several customizations ({ids}). Write the ID of the one that is meant into Customization ID "
        "of all of them."
    ),
    "strays": (
        "Rows of this target name several customizations, and some name none. Write into their empty cells "
        "Customization ID the ID of the one that they belong to."
    ),
    "stale": (
        "Customization {id} was changed after this sheet was made: its Live Version is another one now. Export what is "
        "live again and make your change there; or, to overwrite what is live, empty Live Version in these rows."
    ),
    "other-target": (
        "The Customization ID {id} in these rows is that of another target ({detail}). If the rows were copied, empty "
        "their cells Customization ID and Live Version, and they become a customization of their own. A customization "
        "cannot be moved: to move it, delete the other one with Command, too."
    ),
    "foreign-id": (
        "The Customization ID {id} in these rows is not known for this tracker. If it belongs to another tracker, "
        "empty it in these rows."
    ),
    "no-list": (
        "This service shows no list of what is live, so what is live for this target cannot be found. Write the ID of "
        "its customization into Customization ID of these rows; to create a new one, import without --update."
    ),
    "not-seen": (
        "What is live for this target could not be read, so nothing is done. Run the same command again later."
    ),
    "not-read": (
        "Whether customization {id} is still live could not be read, so nothing is done. Run the same command again "
        "later."
    ),
    "unreadable": (
        "What Luigi's Box shows of customization {id} is not understood, so it is not changed. Change it in Luigi's "
        "Box."
    ),
    "pins-alike": (
        "Customization {id} has pins that these rows cannot tell apart: they differ only in {detail}. Export what is "
        "live, with all of its columns, and make your change there; where that does not help, change it in Luigi's Box."
    ),
    "metadata-hidden": (
        "Luigi's Box does not show whether the target of customization {id} has metadata, this computer did not make "
        "it, and replacing it would delete them. Write its metadata into target_metadata of these rows, or {{}} if "
        "there are none; or change it in Luigi's Box."
    ),
    "unknown-before": (
        "Another version of this customization was sent before (run {detail}), and it is not known whether it was "
        "created. Import that version's file again to find out."
    ),
}
"""Of a scope of which nothing is sent: why, and what to do."""

WOULD_REPLACE = "An import with --update would replace customization {id}: {changes}."
WOULD_DELETE = "An import with --update would delete customization {id} with {pins}."
CHANGES = {"changed": "{count} changed", "added": "{count} added", "removed": "{count} removed"}

HEADERS = (
    "What",
    "Row",
    "Column",
    "Live Value",
    "New Value",
    "Model",
    "Target Type",
    "Target",
    "Customization ID",
    "Creator",
)
WHAT = {
    "changed": "Cell changed",
    "added": "Pin added",
    "removed": "Pin removed",
    "deleted": "Customization deleted",
}
PIN = "position {position}: {product}"
PIN_PARTS = {"widget_id": "widget {value}", "active_from": "from {value}", "active_to": "to {value}"}
YES, NO = "yes", "no"

COUNTS = "By what is live: {what}."
KINDS = {
    "create": "{count} to create",
    "replace": "{count} to replace",
    "delete": "{count} to delete",
    "unchanged": "{count} unchanged",
    "gone": "{count} gone",
    "conflict": "{count} held back for another reason",
}
DIFFERENCES = "To change: {what}."
CHANGED_LINE = "row {row}, {column}: {live} → {new}"
ADDED_LINE = "row {row}: pin added, {new}"
REMOVED_LINE = "customization {id}: pin removed, {live}"
DELETED_LINE = "row {row}: customization {id} deleted, with {live}"
NOTHING = "(empty)"
MORE_LINES = (
    "and {count} more. The sheet Plan of the results workbook has them all (check writes it with --output plan.xlsx)."
)
TYPE_NUMBER = (
    "This replaces or deletes {customizations} of {live} that are live for these models. Type the number to go on"
)
"""Asked for where many are changed."""
WRONG_NUMBER = "That is not the number, so nothing is sent."
PROMPT = "Create {create}, replace {replace} and delete {delete} at tracker {tracker}, {base_url}?"
