"""What can be odd about a name or an ID that is sent as it stands."""

from __future__ import annotations

from importer.catalogue.entry import Entry

ODD_NAMES: dict[str, Entry] = {
    # ── Cells that the rest of their column speaks against ──
    "spelled-apart": Entry(
        "warning",
        "One name in two spellings",
        "“{value}” stands as “{detail}” in row {other}. The two differ only in capitals or in how an accent is "
        "stored, but they count as two.",
        "Write the one that Luigi's Box knows in all rows, unless both exist.",
    ),
    "several-ids": Entry(
        "warning",
        "Several IDs in one cell",
        "“{value}” looks like several IDs, but it is sent as one.",
        "Leave one ID in the cell, and give every product a row of its own.",
    ),
    "zeros-lost": Entry(
        "warning",
        "IDs that have probably lost their zeros",
        "“{value}” is shorter than other IDs here, which begin with zeros; it may have been {detail}.",
        "Format the cell as text (Format Cells, Number, Text), then type the whole ID again.",
    ),
    "looks-empty": Entry(
        "warning",
        "Words for an empty cell",
        "“{value}” looks as if it stands for an empty cell, but it is sent as it is.",
        "If nothing is meant, empty the cell.",
    ),
    "switched-off": Entry(
        "warning",
        "Rows that look switched off",
        "“{value}” looks as if the row was switched off, but the row is sent like any other.",
        "If the row is not meant, delete it; else write the plain name of the model.",
    ),
    "apostrophe-first": Entry(
        "warning",
        "IDs that begin with an apostrophe",
        "{value} begins with an apostrophe, which is sent as part of the ID.",
        "If the ID is {detail}, delete the apostrophe.",
    ),
    "number-with-decimals": Entry(
        "warning",
        "IDs with decimals",
        "“{value}” looks like a number to which a program has added decimals; the ID may be {detail}.",
        "Correct the ID, or export the file again with IDs as text.",
    ),
    "looks-like-date": Entry(
        "warning",
        "IDs that look like dates",
        "“{value}” looks like a date. Excel may have turned an ID into it.",
        "If it is not the ID that your shop shows, format the cell as text (Format Cells, Number, Text), then type the "
        "ID again.",
    ),
    "address-among-paths": Entry(
        "warning",
        "Full addresses among paths",
        "“{value}” is a full address, but other products here are paths like {detail}.",
        "Write the ID or path that Luigi's Box knows.",
    ),
    "path-among-addresses": Entry(
        "warning",
        "Paths among full addresses",
        "“{value}” is a path, but other products here are full addresses like {detail}.",
        "Write the ID or address that Luigi's Box knows.",
    ),
    "several-names": Entry(
        "warning",
        "Several names in one cell",
        "“{value}” looks like several names, but it is sent as one.",
        "Leave one name in the cell, and give every name a row of its own.",
    ),
    "two-alphabets": Entry(
        "warning",
        "Letters of another alphabet",
        "“{value}” holds a letter of another alphabet that looks like an ordinary one: {detail}.",
        "Type the text again, unless it is meant so.",
    ),
    "placeholder": Entry(
        "warning",
        "Cells that are still to be filled in",
        "“{value}” looks as if something is still to be filled in here, but it is sent as it is.",
        "Write what belongs here, or delete the row.",
    ),
    "quotes-around": Entry(
        "warning",
        "IDs in quotation marks",
        "{value} stands in quotation marks, which are sent as part of the ID.",
        "If the ID is {detail}, delete the quotation marks.",
    ),
    "odd-digits": Entry(
        "warning",
        "IDs with unusual digits",
        "“{value}” has digits that only look like the ordinary ones; the ID may be {detail}.",
        "Type the ID again.",
    ),
    "number-in-powers": Entry(
        "warning",
        "IDs written as powers of ten",
        "“{value}” looks like a number that a program has written in its own way; the ID may be {detail}.",
        "Correct the ID, or export the file again with IDs as text.",
    ),
    "looks-like-formula": Entry(
        "warning",
        "IDs that look like formulas",
        "“{value}” looks like a formula, but it is sent as it is.",
        "Write the ID that the formula gives.",
    ),
}
