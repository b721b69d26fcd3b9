"""THE table of columns. It makes the schema, the template, requests, comparison, the results and the README's table.

Names and meanings follow the contract's "Request body attributes" and "Pin object attributes",
https://docs.luigisbox.com/recommendations/customization/create-customization
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Level = Literal["scope", "pin"]


class CellType(Enum):
    """What a column's cells hold once they are typed."""

    TEXT = "text"
    CHOICE = "choice"
    IDENTITY = "identity"
    JSON_OBJECT = "JSON object"
    JSON_VALUE = "text or number"
    TAGS = "tags"
    POSITION = "whole number"
    YES_NO = "yes/no"
    FROM = "date, start"
    TO = "date, end"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet."""

    name: str
    """Its header, and its field in the request."""
    level: Level
    """Whether it is a field of the customization or of a pin."""
    cell: CellType
    """What its cells hold."""
    needed: str
    """In plain words, when a cell needs a value."""
    meaning: str
    """In plain words, what it says."""
    example: str
    """A cell that a person might type."""
    required: bool = False
    """Whether the header must be there."""
    choices: tuple[str, ...] = ()
    """The closed values of a CHOICE."""
    only_if: tuple[str, str] | None = None
    """The column and the choice that a filled cell needs, and that need a filled cell."""
    width: int = 16
    """Of the column in a workbook, in letters."""


METADATA = "target_metadata"
METADATA_PREFIX = METADATA + "."

COLUMNS: tuple[Column, ...] = (
    Column(
        "model",
        "scope",
        CellType.TEXT,
        "always",
        "The recommender the pin belongs to, as it is named in Luigi's Box. Your shop may have its own.",
        "basket",
        required=True,
    ),
    Column(
        "target_type",
        "scope",
        CellType.CHOICE,
        "always",
        "Where the pin shows: beside one product (item), where conditions hold (criteria), or everywhere (all).",
        "item",
        required=True,
        choices=("item", "criteria", "all"),
    ),
    Column(
        "target_identity",
        "scope",
        CellType.IDENTITY,
        "if target_type is item, else empty",
        "The product beside which the pin shows: its ID or path, exactly as Luigi's Box knows it.",
        "/p/123",
        only_if=("target_type", "item"),
        width=22,
    ),
    Column(
        "target_criteria",
        "scope",
        CellType.JSON_OBJECT,
        "if target_type is criteria, else empty",
        "The conditions under which the pin shows, as JSON.",
        '{"category": "Watches"}',
        only_if=("target_type", "criteria"),
        width=30,
    ),
    Column(
        METADATA,
        "scope",
        CellType.JSON_OBJECT,
        "optional",
        "More about the target, commonly its title or image, as JSON; "
        "or one column for each key, such as target_metadata.title.",
        '{"title": "Diver watch 42 mm"}',
        width=30,
    ),
    Column(
        "tags",
        "scope",
        CellType.TAGS,
        "optional",
        "Words to find the customization by, separated by comma, semicolon or line break; a tag that holds a comma "
        "stands in quotes.",
        "spring, straps",
        width=22,
    ),
    Column(
        "position",
        "pin",
        CellType.POSITION,
        "always",
        "The place in the recommendation: 1, 2, 3 and so on; -1 for every place (global); 0 to block.",
        "1",
        required=True,
        width=10,
    ),
    Column(
        "pin_type",
        "pin",
        CellType.CHOICE,
        "always",
        "What is pinned: one product (item) or whatever fits conditions (criteria).",
        "item",
        required=True,
        choices=("item", "criteria"),
        width=12,
    ),
    Column(
        "pin_identity",
        "pin",
        CellType.IDENTITY,
        "if pin_type is item, else empty",
        "The product that is pinned: its ID or path, exactly as Luigi's Box knows it.",
        "/p/987",
        only_if=("pin_type", "item"),
        width=22,
    ),
    Column(
        "pin_criteria",
        "pin",
        CellType.JSON_OBJECT,
        "if pin_type is criteria, else empty",
        "The conditions that a pinned product fits, as JSON.",
        '{"brand": "Lorient"}',
        only_if=("pin_type", "criteria"),
        width=30,
    ),
    Column(
        "widget_id",
        "pin",
        CellType.TEXT,
        "optional",
        "The widget the pin is for, where a page has several.",
        "cart-bottom",
    ),
    Column(
        "is_block_pin",
        "pin",
        CellType.YES_NO,
        "if position is 0: yes; else no or empty",
        "Yes takes matching products out of the recommendation; goes together with position 0.",
        "no",
        width=14,
    ),
    Column(
        "is_bundle_pin",
        "pin",
        CellType.YES_NO,
        "optional",
        "Yes marks the pin as part of a bundle.",
        "no",
        width=14,
    ),
    Column(
        "active_from",
        "pin",
        CellType.FROM,
        "optional",
        "When the pin starts. A date alone is its first second.",
        "2026-12-01",
        width=20,
    ),
    Column(
        "active_to",
        "pin",
        CellType.TO,
        "optional",
        "When the pin ends. A date alone is its last second.",
        "2026-12-24",
        width=20,
    ),
)

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}

PERIOD: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.cell in (CellType.FROM, CellType.TO))
"""When a pin shows: its start, then its end."""

IDENTITIES: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.cell is CellType.IDENTITY)
"""Which product it is about: beside which a pin shows, then which it shows."""

PINS = "pin_definitions"
"""The field of a customization that holds its pins, after those of `SCOPE_COLUMNS`."""

SCOPE_COLUMNS: tuple[Column, ...] = tuple(
    sorted((column for column in COLUMNS if column.level == "scope"), key=lambda column: column.name == METADATA)
)
"""The fields of a customization in the order in which they are sent and compared: metadata last. Ledgers know scopes by
a fingerprint of that text: another order of what is there would make all of them forget."""

PIN_COLUMNS: tuple[Column, ...] = tuple(column for column in COLUMNS if column.level == "pin")
"""The fields of a pin in the order in which they are sent and compared, which ledgers depend on as well."""

IMPORT_RESULT = "Import Result"
CUSTOMIZATION_ID = "Customization ID"
IMPORT_COMMENT = "Import Comment"
SOURCE_ROW = "Source Row"
IMPORT_KEY = "Import Key"
SOURCE_COLUMN = "Source Column"
"""Beside the source row where a mapping made the rows: the export's column of what is pinned."""
RESULT_COLUMNS: tuple[str, ...] = (IMPORT_RESULT, CUSTOMIZATION_ID, IMPORT_COMMENT, SOURCE_ROW, IMPORT_KEY)
COMMAND = "Command"
"""What is to become of the customization of a row: `DELETE`, or nothing for what the cells say."""
DELETE = "delete"
"""The only word of `COMMAND`, in any case."""
LIVE_VERSION = "Live Version"
"""Of an export: a fingerprint of the customization as it was live then."""
LIVE_COLUMNS: tuple[str, ...] = (COMMAND, LIVE_VERSION)
"""Columns about the live state. They are not data, and stay in the results as they are."""
CREATED_AT, CREATOR, AVAILABLE = "Created At", "Creator", "Available"
ABOUT_LIVE = (CREATED_AT, CREATOR, AVAILABLE)
"""Of an export: what the service says of a customization besides. They are not data either, beside `LIVE_VERSION`."""
CUT = "… [cut here: the text is too long for a cell]"
"""How a text ends in the results that was too long for a cell."""

# By these names a results workbook is read back. They are a file format: no translation changes them.
RESULTS_SHEET = "Results"
"""The first sheet of rows; the others are `Results 2`, `Results 3` …"""
SCOPES_SHEET = "Scopes"
PROBLEMS_SHEET = "Problems"
PLAN_SHEET = "Plan"
SUMMARY_SHEET = "Summary"
CALENDAR_SHEET = "Calendar"
LIVE_SHEET = "Live"
"""The first sheet of an export; the others are `Live 2`, `Live 3` …"""
TRACKER, BASE_URL, REHEARSAL, DATE_ORDER = "Tracker", "Base URL", "Rehearsal", "Date order"
"""Labels of the sheet `Summary`: whose IDs the results hold, and how their dates were read."""
YES, NO = "yes", "no"
"""As the importer itself writes them."""
