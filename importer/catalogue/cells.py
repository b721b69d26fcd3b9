"""What can be wrong with the value of a single cell."""

from __future__ import annotations

from importer.catalogue.entry import Entry

_RETYPE = "Format the cell as text (Format Cells, Number, Text), then type it again."

CELLS: dict[str, Entry] = {
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
    "cell-covered": Entry(
        "problem",
        "Merged cells where every row needs a value of its own",
        "The cell is part of a merged range that shows “{value}”; {column} cannot be the same for all of it.",
        "Write a value into the cell of every row; to split the cells, use Home, Merge & Center.",
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
    "letters-lost": Entry(
        "warning",
        "Letters that were lost",
        "“{value}” holds the sign � in place of a letter that was lost when the file was saved.",
        "Type the text again; if many cells are so, save the file again as .xlsx or as CSV UTF-8.",
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
        _RETYPE,
    ),
    "number-fraction": Entry(
        "problem",
        "Numbers with decimals where an ID or a name belongs",
        "The cell holds the number {value}, with decimals; whether it is written just so cannot be told.",
        _RETYPE,
    ),
    "became-date": Entry(
        "problem",
        "IDs and texts that Excel turned into dates",
        "The cell holds the date {value}. Excel has probably made a date of what was typed.",
        _RETYPE,
    ),
    "became-time": Entry(
        "problem",
        "IDs and texts that Excel turned into times",
        "The cell holds the time {value}. Excel has probably made a time of what was typed.",
        _RETYPE,
    ),
    "became-flag": Entry(
        "warning",
        "TRUE or FALSE where a text belongs",
        "The cell is a TRUE/FALSE cell; it is taken as the text {value}.",
        "If it is written otherwise in Luigi's Box, format the cell as text and type it again.",
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
        "The cell holds the number {value}, not a date; shown as a date it would be {detail}.",
        "If that is the day, format the cell as a date (Format Cells, Number, Date); if not, write it like 2026-12-24.",
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
    # ── Text in braces ──
    "json-quotes": Entry(
        "problem",
        "The wrong kind of quotes",
        'Only straight double quotes (") work here; another kind stands at character {detail}.',
        'Replace such quotes by ", as in {example}. Excel and Word like to turn them into curly ones.',
    ),
    "json-comma": Entry(
        "problem",
        "A comma too many",
        "A comma stands before the closing bracket, at character {detail}.",
        "Delete that comma.",
    ),
    "json-line-break": Entry(
        "problem",
        "A line break inside quotes",
        "A line break or tab stands inside a quoted text, at character {detail}.",
        "Delete it.",
    ),
    "json-unfinished": Entry(
        "problem",
        "Texts in braces that break off",
        "The text breaks off before it is complete, at character {detail}: a closing quote or bracket is missing.",
        "Complete it; it must look like {example}.",
    ),
    "json-broken": Entry(
        "problem",
        "Texts in braces that cannot be read",
        "The text cannot be read from character {detail} on.",
        "Write it like {example}: names and texts in straight double quotes, a colon after each name, and commas "
        "between.",
    ),
    "json-key-twice": Entry(
        "problem",
        "One name twice in a pair of braces",
        "“{detail}” stands twice in one pair of braces; only one of the two would count.",
        'Leave one of them; several values for it may be written as a list: ["A", "B"].',
    ),
    "json-no-number": Entry(
        "problem",
        "NaN or Infinity for a number",
        "{detail} is not a number that can be sent.",
        "Write a number, or a text in straight double quotes.",
    ),
    "json-number-too-large": Entry(
        "problem",
        "Numbers that are too large",
        "The number {detail} is too large to be sent.",
        "Write a smaller number, or write it as a text in straight double quotes.",
    ),
    "json-too-deep": Entry(
        "problem",
        "Brackets nested too deeply",
        "More than 50 brackets stand in one another.",
        "Write it more simply, like {example}.",
    ),
    "json-not-object": Entry(
        "problem",
        "Texts that must stand in braces",
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
        "Characters in braces that cannot be sent",
        "“{value}” holds an invisible or broken character that cannot be sent.",
        "Delete the cell's content and type it anew instead of pasting it.",
    ),
}
