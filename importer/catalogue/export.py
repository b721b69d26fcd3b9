"""What an export says: in cells that no value can be read from, on the screen, on the sheet `Summary`."""

from __future__ import annotations

ODD = (
    "(Luigi's Box has this value, but no cell of a sheet can hold it: this customization cannot be changed by a sheet.)"
)

ENDING = "The export cannot be written to {path}: the name must end in .xlsx or .csv."
EXISTS = "{path} exists already. Choose another name, or add --yes to replace it."
REPLACE = "{path} exists already. Replace it?"
UNWRITABLE = "The export cannot be written to {path} ({why}). Choose another folder or name."
INTERRUPTED = "Interrupted. Nothing was written."
NO_LIST = (
    "Luigi's Box gave no list of customizations, so nothing can be exported, and nothing was written. Run the same "
    "command again later."
)
UNREADABLE = "Luigi's Box gave no usable answer after {count}. Nothing was written. Run the same command again later."
READING = "Reading"
UNIT = " customizations"

DONE = "Exported {customizations} in {rows} to {path}."
NONE = "No customization fits. {path} has the headers alone."
INCOMPLETE = (
    "{path} may be incomplete: Luigi's Box says that there are {total}, and showed {count} in several readings. Run "
    "the same command again, best when nobody changes anything there."
)
INCOMPLETE_UNTOLD = (
    "{path} may be incomplete: Luigi's Box showed other customizations in each of several readings. Run the same "
    "command again, best when nobody changes anything there."
)
ODD_VALUES = (
    "{customizations} {have} values that no cell of a sheet can hold ({columns}). The cells say so, and such a "
    "customization is never changed by a sheet."
)
UNKNOWN_FIELDS = (
    "{customizations} {have} fields that a sheet has no column for ({fields}). They are not in the file; a change by "
    "import keeps them."
)
NO_PINS = "{customizations} {have} no pins: {they} {have} one row, with the columns of a pin empty."
UNSETTLED = (
    "{scopes} may have been created by an earlier import, which has not found out yet. Import that file again first."
)
MORE_SHEETS = "The rows do not fit on one sheet: {sheets} together hold them."

TITLE = "Export of tracker {tracker}"
LABELS = {
    "command": "Command",
    "filters": "Only",
    "started": "Start",
    "ended": "End",
    "timezone": "Time zone of the dates",
    "version": "Version of pin-importer",
    "customizations": "Customizations",
    "rows": "Rows",
    "complete": "Complete",
    "notice": "Notice",
}
