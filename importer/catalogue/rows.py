"""What can be wrong with a row: code, severity, a heading for a group of them, what is wrong, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from importer.columns import BY_NAME, METADATA, METADATA_PREFIX

if TYPE_CHECKING:
    from importer.model import Problem

Severity = Literal["problem", "warning"]

LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of problem.

    `wrong` and `cure` are format strings over the problem's column, value, other and detail, and over the column's
    example. `title` heads a group of such problems. A "problem" makes its row invalid, a "warning" never stops a row.
    """

    severity: Severity
    title: str
    wrong: str
    cure: str


_FILL_DOWN = " If an empty cell means “the same as above” in this sheet, leave it and run again with --fill-down."
_AS_TEXT = "Format the cell as text (Format Cells, Number, Text), then type the ID again."

ROWS: dict[str, Entry] = {
    # ── Rows ──
    "row-empty": Entry(
        "problem",
        "Rows without a pin",
        "The row holds something, but none of the importer's columns is filled.",
        "Delete the row, or fill in its pin.",
    ),
    "row-too-long": Entry(
        "problem",
        "Rows with more cells than the header",
        "The row has more cells than the header; past the last column stands “{detail}”. A separator inside a text "
        "has probably pushed the cells to the right.",
        'Put the text that holds the separator in quotes ("…"), or save the sheet from Excel as .xlsx.',
    ),
    # ── Any cell ──
    "cell-error": Entry(
        "problem",
        "Cells that show an error",
        "The cell shows the error {value} instead of a value.",
        "Repair the formula, or type the value in its place.",
    ),
    "cell-uncalculated": Entry(
        "problem",
        "Formulas without a result",
        "The cell holds the formula {value}, and the file does not say what it comes to.",
        "Open the file in Excel, save it there and run again; or type the value in place of the formula.",
    ),
    "character-forbidden": Entry(
        "problem",
        "Characters that cannot be sent",
        "“{value}” holds an invisible or broken character that cannot be sent ({detail}).",
        "Delete the cell's content and type it anew instead of pasting it.",
    ),
    "text-line-break": Entry(
        "problem",
        "Several lines or a tab in one cell",
        "“{value}” runs over several lines or holds a tab; {column} is one value.",
        "Leave one value in the cell; every pin has a row of its own.",
    ),
    "text-garbled": Entry(
        "warning",
        "Letters that look garbled",
        "“{value}” looks as if accented letters were garbled when the file was saved; it may have been “{detail}”.",
        "Correct the text if it is wrong; if many cells are, save the file again as .xlsx or as CSV UTF-8.",
    ),
    # ── Numbers, dates and yes/no where a text belongs ──
    "number-exponent": Entry(
        "problem",
        "Long numbers cut short",
        "“{value}” is a long number that Excel cut short: its last digits are lost.",
        "Format the cell as text (Format Cells, Number, Text), then type the whole number again.",
    ),
    "number-too-long": Entry(
        "problem",
        "Numbers of more than 15 digits",
        "{value} has more than 15 digits, and Excel keeps no more than 15 of a number: the last ones may be wrong.",
        "Format the cell as text (Format Cells, Number, Text), then type the whole number again.",
    ),
    "number-reformatted": Entry(
        "problem",
        "Numbers shown otherwise than they are stored",
        "The cell shows {value}, but the number in it is {detail}; it is not clear which of the two is meant.",
        _AS_TEXT,
    ),
    "number-fraction": Entry(
        "problem",
        "Numbers with decimals where an ID belongs",
        "The cell holds the number {value}, with decimals; whether that is how the ID is written cannot be told.",
        _AS_TEXT,
    ),
    "became-date": Entry(
        "problem",
        "IDs and texts that Excel turned into dates",
        "The cell holds the date {value}. Excel has probably made a date of what was typed.",
        "Format the cell as text (Format Cells, Number, Text), then type the value again.",
    ),
    "became-time": Entry(
        "problem",
        "IDs and texts that Excel turned into times",
        "The cell holds the time {value}. Excel has probably made a time of what was typed.",
        "Format the cell as text (Format Cells, Number, Text), then type the value again.",
    ),
    "became-flag": Entry(
        "warning",
        "TRUE or FALSE where a text belongs",
        "The cell is a TRUE/FALSE cell; it is taken as the text {value}.",
        "If it is written otherwise in Luigi's Box, format the cell as text and type it again.",
    ),
    # ── Scope columns ──
    "model-missing": Entry(
        "problem",
        "The model is missing",
        "The cell is empty, so it is not known which recommender the pin belongs to.",
        "Write the model's name, for example basket." + _FILL_DOWN,
    ),
    "target-type-missing": Entry(
        "problem",
        "The target type is missing",
        "The cell is empty, so it is not known where the pin shows.",
        "Write item (beside one product), criteria (where conditions hold) or all (everywhere)." + _FILL_DOWN,
    ),
    "target-type-unknown": Entry(
        "problem",
        "Target types that do not exist",
        "“{value}” is not a target type.",
        "Write item (beside one product), criteria (where conditions hold) or all (everywhere).",
    ),
    "target-identity-missing": Entry(
        "problem",
        "The target product is missing",
        "target_type is item, but the cell that says which product is empty.",
        "Write the ID or path of the product beside which the pin shows." + _FILL_DOWN,
    ),
    "target-identity-unwanted": Entry(
        "problem",
        "A target product that does not go with the target type",
        "target_type is {detail}, so target_identity must be empty; it holds “{value}”.",
        "Empty the cell; or, if the pin belongs beside this product, change target_type to item.",
    ),
    "target-criteria-missing": Entry(
        "problem",
        "The target's conditions are missing",
        "target_type is criteria, but the cell that says which conditions is empty.",
        "Write the conditions, for example {example}." + _FILL_DOWN,
    ),
    "target-criteria-unwanted": Entry(
        "problem",
        "Target conditions that do not go with the target type",
        "target_type is {detail}, so target_criteria must be empty; it holds “{value}”.",
        "Empty the cell; or, if the pin shows where these conditions hold, change target_type to criteria.",
    ),
    "metadata-conflict": Entry(
        "problem",
        "Rows of one target that contradict each other",
        "“{detail}” has another value in row {other}, which is about the same target; a target has one.",
        "Write the same value in both rows, or leave one of the two empty.",
    ),
    "metadata-twice": Entry(
        "problem",
        "Rows that contradict themselves",
        "“{detail}” has two different values in this row: in the column target_metadata, and in a column of its own.",
        "Leave only one of them.",
    ),
    # ── Pin columns ──
    "position-missing": Entry(
        "problem",
        "The position is missing",
        "The cell is empty, so it is not known which place the pin takes.",
        "Write 1, 2, 3 and so on; -1 for every place; 0 to block.",
    ),
    "position-unreadable": Entry(
        "problem",
        "Positions that are not whole numbers",
        "“{value}” is not a position.",
        "Write a whole number in digits: 1, 2, 3 and so on; -1 for every place; 0 to block.",
    ),
    "position-fraction": Entry(
        "problem",
        "Positions with decimals",
        "“{value}” is not a whole number, so it is not a place.",
        "Write 1, 2, 3 and so on; -1 for every place; 0 to block.",
    ),
    "position-below": Entry(
        "problem",
        "Positions below 1",
        "There is no position {value}: positions start at 1.",
        "Write 1, 2, 3 and so on; -1 for every place; 0 to block.",
    ),
    "position-zero": Entry(
        "problem",
        "Position 0 without is_block_pin",
        "Positions start at 1; 0 means to block, but is_block_pin does not say yes.",
        "For the first place write 1; to block, write yes in is_block_pin.",
    ),
    "block-position": Entry(
        "problem",
        "Blocked pins with a position",
        "is_block_pin says yes, but the position is {value}. Positions start at 1 and are for pins that show; "
        "a pin that blocks has position 0.",
        "To block, write 0 here; to show the pin at this position, write no in is_block_pin.",
    ),
    "pin-type-missing": Entry(
        "problem",
        "The pin type is missing",
        "The cell is empty, so it is not known what is pinned.",
        "Write item (one product) or criteria (whatever fits conditions).",
    ),
    "pin-type-unknown": Entry(
        "problem",
        "Pin types that do not exist",
        "“{value}” is not a pin type.",
        "Write item (one product) or criteria (whatever fits conditions).",
    ),
    "pin-identity-missing": Entry(
        "problem",
        "The pinned product is missing",
        "pin_type is item, but the cell that says which product is empty.",
        "Write the ID or path of the product to pin.",
    ),
    "pin-identity-unwanted": Entry(
        "problem",
        "A pinned product that does not go with the pin type",
        "pin_type is {detail}, so pin_identity must be empty; it holds “{value}”.",
        "Empty the cell; or, if this product is to be pinned, change pin_type to item.",
    ),
    "pin-criteria-missing": Entry(
        "problem",
        "The pin's conditions are missing",
        "pin_type is criteria, but the cell that says which conditions is empty.",
        "Write the conditions, for example {example}.",
    ),
    "pin-criteria-unwanted": Entry(
        "problem",
        "Pin conditions that do not go with the pin type",
        "pin_type is {detail}, so pin_criteria must be empty; it holds “{value}”.",
        "Empty the cell; or, if whatever fits these conditions is to be pinned, change pin_type to criteria.",
    ),
    "yes-no-unknown": Entry(
        "problem",
        "Cells that say neither yes nor no",
        "“{value}” is neither yes nor no.",
        "Write yes or no, or leave the cell empty.",
    ),
    "pin-repeated": Entry(
        "problem",
        "Pins that stand twice",
        "The row is the same pin as row {other}, in every cell that counts.",
        "Delete one of the two rows, or change what should differ.",
    ),
    "position-shared": Entry(
        "warning",
        "Two pins on one position",
        "Row {other} has position {value} too, in the same place and for the same time; only one pin can take it.",
        "Change one of the positions or periods, unless this is meant.",
    ),
    "pinned-and-blocked": Entry(
        "warning",
        "Products both pinned and blocked",
        "“{value}” is blocked here and pinned in row {other}, for the same target.",
        "Delete one of the two rows, unless this is meant.",
    ),
    # ── Dates ──
    "date-unreadable": Entry(
        "problem",
        "Dates that cannot be read",
        "“{value}” cannot be read as a date.",
        "Write it like 2026-12-24, or 2026-12-24 18:00 with a time.",
    ),
    "date-ambiguous": Entry(
        "problem",
        "Dates that can be read in two ways",
        "“{value}” can be read in two ways: {detail}.",
        "Write it like 2026-12-24; or, if all such dates of the file have one order, run again with --date-order dmy "
        "(day first) or --date-order mdy (month first).",
    ),
    "date-impossible": Entry(
        "problem",
        "Days that do not exist",
        "There is no such day as “{value}”.",
        "Correct the date; write it like 2026-12-24.",
    ),
    "date-year": Entry(
        "problem",
        "Years that cannot be meant",
        "“{value}” is in the year {detail}, which cannot be meant.",
        "Write the year with four digits, like 2026-12-24.",
    ),
    "date-bare-number": Entry(
        "problem",
        "Numbers where a date belongs",
        "The cell holds the number {value}, not a date{detail}.",
        "Format the cell as a date (Format Cells, Number, Date) and look whether it is the right one; or write it "
        "like 2026-12-24.",
    ),
    "date-only-time": Entry(
        "problem",
        "Times without a day",
        "{value} is a time of day without a date.",
        "Write date and time, like 2026-12-24 18:00.",
    ),
    "date-time-impossible": Entry(
        "problem",
        "Times of day that do not exist",
        "The time in “{value}” does not exist.",
        "Correct the time; the last minute of a day is 23:59.",
    ),
    "date-skipped": Entry(
        "problem",
        "Times that the clock change skips",
        "“{value}” does not exist in the time zone {detail}: that night the clocks go forward past it.",
        "Write a time before or after the hour that is skipped.",
    ),
    "date-twice": Entry(
        "problem",
        "Times that the clock change repeats",
        "“{value}” happens twice: that night the clocks go back.",
        "Write which one is meant, as {detail}; or write a time outside that hour.",
    ),
    "period-reversed": Entry(
        "problem",
        "Periods that end before they start",
        "The pin ends ({value}) before it starts.",
        "Correct active_from or active_to.",
    ),
    "period-over": Entry(
        "warning",
        "Periods that are already over",
        "The pin ended on {value}, so it will never show.",
        "Correct active_to, or delete the row.",
    ),
    # ── JSON ──
    "json-quotes": Entry(
        "problem",
        "Conditions with the wrong kind of quotes",
        'Only straight double quotes (") work here; another kind stands at character {detail}.',
        'Replace such quotes by ", as in {example}. Excel and Word like to turn them into curly ones.',
    ),
    "json-comma": Entry(
        "problem",
        "Conditions with a comma too many",
        "A comma stands before the closing bracket, at character {detail}.",
        "Delete that comma.",
    ),
    "json-line-break": Entry(
        "problem",
        "Conditions with a line break inside a text",
        "A line break or tab stands inside a quoted text, at character {detail}.",
        "Delete it.",
    ),
    "json-unfinished": Entry(
        "problem",
        "Conditions that break off",
        "The text breaks off before it is complete, at character {detail}: a closing quote or bracket is missing.",
        "Complete it; it must look like {example}.",
    ),
    "json-broken": Entry(
        "problem",
        "Conditions that cannot be read",
        "The text cannot be read from character {detail} on.",
        "Write it like {example}: names and texts in straight double quotes, a colon after each name, and commas "
        "between.",
    ),
    "json-key-twice": Entry(
        "problem",
        "Conditions that name one thing twice",
        "“{detail}” stands twice in one pair of braces; only one of the two would count.",
        'Leave one of them; several values for it may be written as a list: ["A", "B"].',
    ),
    "json-no-number": Entry(
        "problem",
        "Conditions with NaN or Infinity",
        "{detail} is not a number that can be sent.",
        "Write a number, or a text in straight double quotes.",
    ),
    "json-number-too-large": Entry(
        "problem",
        "Conditions with a number too large",
        "The number {detail} is too large to be sent.",
        "Write a smaller number, or write it as a text in straight double quotes.",
    ),
    "json-too-deep": Entry(
        "problem",
        "Conditions nested too deeply",
        "More than 50 brackets stand in one another.",
        "Write the conditions more simply, like {example}.",
    ),
    "json-not-object": Entry(
        "problem",
        "Conditions that are not in braces",
        "“{value}” is not written in braces.",
        "Write it like {example}.",
    ),
    "json-empty": Entry(
        "problem",
        "Empty braces",
        "“{value}” says nothing: the braces are empty.",
        "Write something between them, like {example}; or empty the cell if none is needed.",
    ),
    "json-character": Entry(
        "problem",
        "Conditions with characters that cannot be sent",
        "“{value}” holds an invisible or broken character that cannot be sent.",
        "Delete the cell's content and type it anew instead of pasting it.",
    ),
}

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def entry(code: str) -> Entry:
    """The entry of a code."""
    return ROWS[code]


def message(problem: Problem) -> str:
    """What is wrong and what to do, in plain words."""
    found = ROWS[problem.code]
    return f"{found.wrong} {found.cure}".format(
        column=problem.column,
        value=_in_short(problem.value or ""),
        other=problem.other,
        detail=_in_short(problem.detail),
        example=_example(problem.column),
    )


def comment(problem: Problem) -> str:
    """The message as it stands in a row's comment, where it must name its column."""
    return f"{problem.column}: {message(problem)}" if problem.column else message(problem)


def _in_short(value: str) -> str:
    """A value on one line, without what a screen could not show, cut visibly where it is long."""
    text = _UNPRINTABLE.sub("�", " ".join(value.split()))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _example(column: str | None) -> str:
    if column and column.startswith(METADATA_PREFIX):
        return "Diver watch 42 mm"
    return BY_NAME[column or METADATA].example
