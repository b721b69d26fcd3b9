"""What the calendar says: words in the picture, of the sheet `Calendar`, and of the command."""

from __future__ import annotations

HEADERS = ("Model", "Target Type", "Target", "Widget", "Place", "Pins", "Overlaps", "Gaps")

TITLE = "{file}: {facts}"
ALL = "(everywhere)"
EVERYWHERE = "every place"
BLOCKED = "blocked"
IN_WIDGET = "{widget} {place}"
REST = "and {targets} with {pins}, by week"
TODAY = "today, {day}"
TODAY_BEFORE = "← today, {day}"
TODAY_AFTER = "today, {day} →"
SEVERAL = "{count} pins"
NAMED = "{count}: {what}"
GAP = "gap"
ARROWS = "An arrow: from before, or going on."
ZONE = "Weeks by ISO 8601, {zone} time."
LEGEND = {
    "pinned": "pinned",
    "everywhere": "in every place",
    "blocked": "blocked",
    "clash": "overlap: two pins, one place",
    "gap": "gap: a place stands empty",
}

WEEKS_NOTE = (
    "Weeks by ISO 8601, {zone} time. A cell names what is pinned in the week. Red: two pins want one place at the same "
    "time. Yellow: the place stands empty between two pins. Rows in which something is wrong are left out."
)
MORE = "and {targets} more, with {pins}"

DRAWN = "Wrote {files}: {facts}."
NO_PINS = "No row of {file} can be shown in a calendar. To see what is wrong, run: pin-importer check {file}"
LEFT_OUT = "{rows} {are} not in the calendar, because something in them is wrong; pin-importer check says what."
NO_LIBRARY = (
    "No picture was drawn, because matplotlib is not installed. Install it with: pip install matplotlib (in a checkout "
    "of this project: pip install '.[calendar]')."
)
UNKNOWN_LETTERS = (
    "No font of this computer has these letters, so the PNG shows □ for them: {letters}. The SVG and the sheet "
    "Calendar have them."
)
OUTPUT = "The calendar can be written as .svg, .png or .xlsx, not as {path}."
UNWRITABLE = "The calendar cannot be written to {path} ({why}). Choose another folder or name with --output."
WORKBOOK_TITLE = "Calendar of {file}"
