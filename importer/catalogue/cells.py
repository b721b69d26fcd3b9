"""What can be wrong with the value of a single cell."""

from __future__ import annotations

from importer.catalogue.entry import Entry

_AS_TEXT = "Format the cell as text (Format Cells, Number, Text), then type the value again."
_AS_LONG_TEXT = "Format the cell as text (Format Cells, Number, Text), then type the whole number again."
_TYPE_ANEW = "Delete the cell's content and type it instead of pasting it."

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
        "The cell holds the formula {value}, but the file does not hold its result.",
        "Open the file in Excel, save it there and run again; or type the value in place of the formula.",
    ),
    "cell-covered": Entry(
        "problem",
        "Merged cells where every row needs a value of its own",
        "The cell is part of a merged range that shows “{value}”; {column} cannot be the same for all of it.",
        "Write a value into the cell of every row; to split the cells, use Home, Merge & Center.",
    ),
    "cell-ditto": Entry(
        "problem",
        "Marks that mean “the same as above”",
        "“{value}” seems to mean “the same as above”, which the importer does not look up.",
        "Write the value itself. For the model and the target, such cells may be left empty if you run again with "
        "--fill-down.",
    ),
    "identity-unlisted": Entry(
        "problem",
        "Products that the table of identities lacks",
        "“{value}” is not in the table of identities ({detail}), so it is not known what Luigi's Box calls it.",
        "Put it into the table, or type the identity in its place.",
    ),
    "list-length": Entry(
        "problem",
        "Lists that do not go with the list of pins",
        "“{value}” does not list one {column} for each of the {detail} pins beside it; it is not clear which is whose.",
        "Write one for every pin, or leave the cell empty to number the pins as they stand.",
    ),
    "character-forbidden": Entry(
        "problem",
        "Characters that cannot be sent",
        "“{value}” holds a broken character that cannot be sent ({detail}).",
        _TYPE_ANEW,
    ),
    "text-invisible": Entry(
        "problem",
        "Characters that nobody sees",
        "“{value}” holds a character that nobody sees, here between ⟨ and ⟩: {detail}.",
        _TYPE_ANEW,
    ),
    "text-cut": Entry(
        "problem",
        "Texts whose end was cut off",
        "“{value}” is longer than a cell of Excel can be (32,767 characters), so its end was cut off.",
        "Write a shorter text, or import the whole one from a CSV file.",
    ),
    "text-reformatted": Entry(
        "problem",
        "Cells that show another text than they hold",
        "The cell shows “{value}”, but it holds the text “{detail}”. One of the two is wrong.",
        _AS_TEXT,
    ),
    "text-hidden": Entry(
        "problem",
        "Cells that show nothing but hold a text",
        "The cell shows nothing, but it holds the text “{detail}”.",
        "Empty the cell; or, if the text is meant, format the cell as text (Format Cells, Number, Text) and type it "
        "again.",
    ),
    "text-line-break": Entry(
        "problem",
        "Several lines or a tab in one cell",
        "“{value}” runs over several lines or holds a tab, but {column} is one value.",
        "Leave one value in the cell, and give every pin a row of its own.",
    ),
    "text-garbled": Entry(
        "warning",
        "Letters that look garbled",
        "“{value}” looks as if its accented letters were garbled; it may have been “{detail}”.",
        "Correct the text if it is wrong; if many cells are, save the file again as .xlsx or as CSV UTF-8.",
    ),
    "letters-lost": Entry(
        "warning",
        "Letters that were lost",
        "“{value}” shows the sign � where the file has lost a letter.",
        "Type the text again; if many cells look so, save the file again as .xlsx or as CSV UTF-8.",
    ),
    # ── Numbers, dates and yes/no where a text belongs ──
    "number-exponent": Entry(
        "problem",
        "Long numbers cut short",
        "“{value}” is a long number that Excel cut short: its last digits are lost.",
        _AS_LONG_TEXT,
    ),
    "number-too-long": Entry(
        "problem",
        "Numbers of more than 15 digits",
        "{value} has more than 15 digits. Excel keeps only 15, so the last ones may be wrong.",
        _AS_LONG_TEXT,
    ),
    "number-reformatted": Entry(
        "problem",
        "Cells that show another number than they hold",
        "The cell shows {value}, but it holds the number {detail}. One of the two is wrong.",
        _AS_TEXT,
    ),
    "number-hidden": Entry(
        "problem",
        "Cells that show nothing but hold a number",
        "The cell shows nothing, but it holds the number {detail}.",
        "Empty the cell; or, if the number is meant, format the cell as text (Format Cells, Number, Text) and type it "
        "again.",
    ),
    "number-fraction": Entry(
        "problem",
        "Numbers with decimals where an ID or a name belongs",
        "The cell holds the number {value}, with decimals. An ID or a name must be text, or Excel may change it.",
        _AS_TEXT,
    ),
    "became-date": Entry(
        "problem",
        "IDs and texts that Excel turned into dates",
        "The cell holds the date {value}. Excel has probably turned your text into a date.",
        _AS_TEXT,
    ),
    "became-time": Entry(
        "problem",
        "IDs and texts that Excel turned into times",
        "The cell holds the time {value}. Excel has probably turned your text into a time.",
        _AS_TEXT,
    ),
    "became-flag": Entry(
        "warning",
        "TRUE or FALSE where a text belongs",
        "The cell is a TRUE/FALSE cell, so the text {value} is sent.",
        "If Luigi's Box spells it otherwise, format the cell as text and type it again.",
    ),
    # ── Tags ──
    "tags-list": Entry(
        "problem",
        "Lists of tags that cannot be read",
        "“{value}” starts like a JSON list, but it is not one.",
        'Write the tags between commas, like {example}; or as JSON, like ["spring", "straps"].',
    ),
    "tags-quotes": Entry(
        "problem",
        "Tags with a quote too few",
        "A quote opens in “{value}” and never closes: {detail}.",
        'Write the tags between commas, like {example}; put " before and after a tag that holds a comma.',
    ),
    # ── JSON ──
    "json-quotes": Entry(
        "problem",
        "The wrong kind of quotes in JSON",
        'JSON takes only straight double quotes ("); another kind stands at character {detail}.',
        'Replace such quotes by ", as in {example}. Excel and Word like to turn them into curly ones.',
    ),
    "json-comma": Entry(
        "problem",
        "A comma too many in JSON",
        "A comma stands before the closing bracket, at character {detail}.",
        "Delete that comma.",
    ),
    "json-line-break": Entry(
        "problem",
        "A line break inside quotes in JSON",
        "A line break or tab stands inside a quoted text, at character {detail}.",
        "Delete it.",
    ),
    "json-unfinished": Entry(
        "problem",
        "JSON that breaks off",
        "The JSON breaks off at character {detail}: a closing quote or bracket is missing.",
        "Complete it, so that it looks like {example}.",
    ),
    "json-broken": Entry(
        "problem",
        "JSON that cannot be read",
        "The JSON cannot be read from character {detail} on.",
        "Write it like {example}: names and texts in straight double quotes, a colon after each name, and commas "
        "between.",
    ),
    "json-key-twice": Entry(
        "problem",
        "One name twice in JSON",
        "“{detail}” stands twice in the JSON; only one of the two would count.",
        'Leave one of them; write several values for it as a list: ["A", "B"].',
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
        "JSON nested too deeply",
        "The JSON has more than 50 brackets inside one another.",
        "Write it more simply, like {example}.",
    ),
    "json-not-object": Entry(
        "problem",
        "Cells that must hold JSON",
        "{column} must hold JSON, but the cell says “{value}”.",
        "Write it like {example}.",
    ),
    "json-empty": Entry(
        "problem",
        "Empty JSON",
        "“{value}” is JSON that says nothing.",
        "Write something like {example}; or empty the cell if you need none.",
    ),
    "json-unseen": Entry(
        "warning",
        "Characters in conditions that nobody sees",
        "{detail} holds a blank or a sign that nobody sees, here between ⟨ and ⟩. Conditions fit only what is spelled "
        "just so.",
        "Delete the text between the quotes and type it instead of pasting it, unless it is meant so.",
    ),
    "json-character": Entry(
        "problem",
        "Characters in JSON that cannot be sent",
        "“{value}” holds an invisible or broken character that cannot be sent.",
        _TYPE_ANEW,
    ),
    # ── Yes and no ──
    "yes-no-unknown": Entry(
        "problem",
        "Cells that say neither yes nor no",
        "“{value}” is neither yes nor no.",
        "Write yes or no, or leave the cell empty.",
    ),
}
