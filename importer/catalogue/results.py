"""What the results workbook and the template say: headers, labels and comments. What is read back of them is in
`importer.columns`."""

from __future__ import annotations

COLUMNS = "Columns"

CREATOR = "pin-importer"
TITLE = "Results of importing {file}"

SCOPE_HEADERS = (
    "Model",
    "Target Type",
    "Target",
    "Pins",
    "First Row",
    "Source Row",
    "Result",
    "Customization ID",
    "HTTP Status",
    "Attempts",
    "Created At",
    "Reason",
)

PROBLEM_HEADERS = ("Row", "Cell", "Source Row", "Column", "Code", "What is wrong and what to do", "Value", "Kind")
REFUSED = "refused"
KINDS = {"problem": "Problem", "warning": "Warning", REFUSED: "Refusal"}
ROW_AND_SOURCE = "{row} (row {source} of {file})"
MORE = "There are {count} more of this kind: the column Import Comment on the sheet Results has them all."

SUMMARY_HEADERS = ("What", "Value")
LABELS = {
    "command": "Command",
    "started": "Start",
    "ended": "End",
    "version": "Version of pin-importer",
    "timezone": "Time zone of dates that name none",
    "file": "File",
    "sha256": "SHA-256 of the file",
    "format": "Format",
    "encoding": "Encoding",
    "delimiter": "Delimiter",
    "sheet": "Sheet",
    "header_row": "Header in row",
    "shop": "Shop",
    "mapping": "Mapping",
    "export_rows": "Rows of the export",
    "unread_columns": "Columns that were not read",
    "unread_sheets": "Sheets that were not read",
    "rows": "Rows",
    "rows_of": "Rows: {result}",
    "scopes": "Scopes",
    "scopes_of": "Scopes: {result}",
    "problems": "Problems",
    "warnings": "Warnings",
    "zoneless_dates": "Dates that name no time zone",
    "whole_days": "Dates without a time of day, taken as whole days",
    "stop": "Stopped early",
    "notice": "Notice",
    "file_notice": "Notice about the file (rows are the file's)",
}

CREATED_BEFORE = "Created before, on {since}."
CREATED_BEFORE_UNDATED = "Created before."
LIVE_ALREADY = {
    "by-since": "Live already: made by {creator} on {since}.",
    "by": "Live already: made by {creator}.",
    "since": "Live already, made on {since}.",
    "": "Live already.",
}
REFUSAL = "The service refused it: {reason}"
SENTENCE = "{text}."
REFUSAL_UNREASONED = "The service refused it (answer {status}) and gave no reason."
REFUSAL_CURE = "Correct the row and import this file again."
DETAIL_OF = "{column}: {text}"

FOREIGN_ID = "{id} (tracker {tracker})"
UNKNOWN_TRACKER = "unknown"

ELSEWHERE = "The results could not be saved as {wanted}; they are in {path}."
NOWHERE = (
    "The results could not be saved as {wanted}, nor anywhere else on this computer. Make room on the disk or choose "
    "another place with --output, and run the same command again: nothing is created twice."
)

TEMPLATE_TITLE = "Template for pins"
TEMPLATE_SHEET = "Pins"
COLUMN_HEADERS = ("Column", "Needed", "What it is", "Example", "Allowed values")
NEEDED = "Needed: {needed}."
EXAMPLE = "Example: {example}"
CHOOSE = "Choose one: {choices}."
SAY_YES_OR_NO = "Choose yes or no, or leave it empty."
EXAMPLE_ROW = "This row is an example. Type your own pins over it, or delete it, before you import."
TEMPLATE_ENDING = "The template cannot be written to {path}: the name must end in .xlsx or .csv."
TEMPLATE_UNWRITABLE = "The template cannot be written to {path} ({why}). Choose another folder or name."
