"""What can be wrong with a row or within a scope: cells that are missing, that do not go together, that repeat."""

from __future__ import annotations

from importer.catalogue.entry import Entry

_FILL_DOWN = " If an empty cell means “the same as above” in this sheet, leave it and run again with --fill-down."

RULES: dict[str, Entry] = {
    # ── Rows ──
    "row-alone": Entry(
        "problem",
        "Headings between rows, or rows with a single cell",
        "The row holds only “{value}”.",
        "Delete the row if it is a heading or a total; if it is a pin, fill in its cells.",
    ),
    "row-total": Entry(
        "problem",
        "Totals between rows",
        "The row holds only “{value}” and numbers or dates.",
        "Delete the row if it is a total; if it is a pin, fill in its cells.",
    ),
    "row-too-long": Entry(
        "problem",
        "Rows with more cells than the header",
        "The row has more cells than the header: “{detail}” stands past the last column. A separator inside a text "
        "has probably pushed the cells to the right.",
        'Put the text that holds the separator in quotes ("…"), or save the sheet from Excel as .xlsx.',
    ),
    "row-cut": Entry(
        "problem",
        "A last row that breaks off",
        "The file ends within this row: it has fewer cells than the others and no line end. The rest may be lost.",
        "Export or download the file again; or, if the row is complete, press Enter after it.",
    ),
    "row-swallows": Entry(
        "problem",
        "Rows that ended up inside one cell",
        "One cell holds what looks like whole rows: a quotation mark opens it, and only one further down closes it. "
        "It takes up lines {detail} of the file.",
        'Delete the quotation mark that opens the cell, or write it twice (""), and look at all of these lines.',
    ),
    "command-unknown": Entry(
        "problem",
        "Commands that do not exist",
        "“{value}” is not a command.",
        "Write delete, to have the customization deleted with --update; else empty the cell.",
    ),
    "command-differs": Entry(
        "problem",
        "Rows of one customization with and without delete",
        "Row {other} says delete, and this row of the same customization does not.",
        "To delete the whole customization, write delete in all of its rows. To take out only some of its pins, delete "
        "their rows, and empty Command in the others.",
    ),
    # ── Scope columns ──
    "model-missing": Entry(
        "problem",
        "The model is missing",
        "The cell is empty. It must say which recommender the pin belongs to.",
        "Write the model's name, for example basket." + _FILL_DOWN,
    ),
    "target-type-missing": Entry(
        "problem",
        "The target type is missing",
        "The cell is empty. It must say where the pin shows.",
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
        "target_type is item, but the cell does not say which product.",
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
        "target_type is criteria, but the cell does not say which conditions.",
        "Write the conditions as JSON, for example {example}." + _FILL_DOWN,
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
        "“{detail}” has another value in row {other}, which has the same target; a target has one value.",
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
        "The cell is empty. It must say which place the pin takes.",
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
        "“{value}” is not a whole number.",
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
        "Positions start at 1. 0 means to block, but is_block_pin does not say yes.",
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
        "The cell is empty. It must say what the pin shows.",
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
        "pin_type is item, but the cell does not say which product.",
        "Write the ID or path of the product to pin.",
    ),
    "pin-identity-unwanted": Entry(
        "problem",
        "A pinned product that does not go with the pin type",
        "pin_type is {detail}, so pin_identity must be empty; it holds “{value}”.",
        "Empty the cell; or, to pin this product, change pin_type to item.",
    ),
    "pin-criteria-missing": Entry(
        "problem",
        "The pin's conditions are missing",
        "pin_type is criteria, but the cell does not say which conditions.",
        "Write the conditions as JSON, for example {example}.",
    ),
    "pin-criteria-unwanted": Entry(
        "problem",
        "Pin conditions that do not go with the pin type",
        "pin_type is {detail}, so pin_criteria must be empty; it holds “{value}”.",
        "Empty the cell; or, to pin whatever fits these conditions, change pin_type to criteria.",
    ),
    "pin-repeated": Entry(
        "problem",
        "The same pin twice",
        "The row is the same pin as row {other}.",
        "Delete one of the two rows, or change what should differ.",
    ),
    "position-shared": Entry(
        "warning",
        "Two pins on one position",
        "Row {other} also has position {value} at the same time; only one pin can take it.",
        "Change one of the positions or periods, unless this is meant.",
    ),
    "pinned-and-blocked": Entry(
        "warning",
        "Products both pinned and blocked",
        "This row blocks “{value}”, and row {other} pins it beside the same target.",
        "Delete one of the two rows, unless this is meant.",
    ),
    "pins-itself": Entry(
        "warning",
        "Products beside themselves",
        "The pin shows “{value}” beside itself.",
        "Correct one of the two products, unless this is meant.",
    ),
}
