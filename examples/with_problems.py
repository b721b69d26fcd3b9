"""The rows of `with-problems.xlsx` and `with-problems.csv`: every kind of problem and warning at least once.

The sheet's last column, `This row shows`, names what is wrong with its row by the code that the results use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

Row = dict[str, Any]

SHOWS = "This row shows"
COLUMNS = (
    "model",
    "target_type",
    "target_identity",
    "target_criteria",
    "target_metadata",
    "target_metadata.title",
    "tags",
    "position",
    "pin_type",
    "pin_identity",
    "pin_criteria",
    "widget_id",
    "is_block_pin",
    "is_bundle_pin",
    "active_from",
    "active_to",
    SHOWS,
)
SCOPE_COLUMNS = ("model", "target_type", "target_identity")


@dataclass(frozen=True)
class Shown:
    """A number or a text together with the format that Excel shows it in."""

    number: float | str
    number_format: str


# A code, and what a row that is otherwise good must hold to earn it.
CELLS: tuple[tuple[str, Row], ...] = (
    # Cells without a value
    ("cell-error", {"pin_identity": "#N/A"}),
    ("cell-error", {"tags": "#REF!"}),
    ("cell-uncalculated", {"pin_identity": '="/p/"&"lorient-diver-42"'}),
    ("character-forbidden", {"pin_identity": "/p/lorient\x7fdiver"}),
    ("text-line-break", {"pin_identity": "/p/lorient-diver-42\n/p/lorient-diver-38"}),
    ("text-invisible", {"pin_identity": "/p/lorient\u200bdiver"}),
    ("text-garbled", {"widget_id": "päta".encode().decode("cp1252")}),
    ("letters-lost", {"widget_id": "p\ufffdta"}),
    ("cell-ditto", {"target_identity": '-"-'}),
    ("text-cut", {"target_metadata.title": "Lorient Diver 42… [cut here: the text is too long for a cell]"}),
    # What Excel makes of IDs
    ("number-exponent", {"pin_identity": "1,23457E+15"}),
    ("number-too-long", {"pin_identity": 4006381333931001000}),
    ("number-reformatted", {"pin_identity": Shown(421, "00000")}),
    ("number-hidden", {"pin_identity": Shown(421, ";;;")}),
    ("text-reformatted", {"pin_identity": Shown("lorient-diver-42", '"/p/"@')}),
    ("text-hidden", {"widget_id": Shown("cart", ";;;")}),
    ("number-fraction", {"pin_identity": 12.5}),
    ("became-date", {"pin_identity": date(2027, 3, 4)}),
    ("became-time", {"pin_identity": time(12, 30)}),
    ("became-flag", {"pin_identity": True}),
    # Tags
    ("tags-list", {"tags": "['spring', 'straps']"}),
    ("tags-quotes", {"tags": '"spring, straps'}),
    # The target
    ("model-missing", {"model": None}),
    ("target-type-missing", {"target_type": None}),
    ("target-type-unknown", {"target_type": "product"}),
    ("target-identity-missing", {"target_identity": None}),
    ("target-identity-unwanted", {"target_type": "all"}),
    ("target-criteria-missing", {"target_type": "criteria", "target_identity": None}),
    ("target-criteria-unwanted", {"target_criteria": '{"category": "Watches"}'}),
    ("metadata-twice", {"target_metadata": '{"title": "Diver 42"}', "target_metadata.title": "Diver 38"}),
    # The pin
    ("position-missing", {"position": None}),
    ("position-unreadable", {"position": "first"}),
    ("position-fraction", {"position": "1,5"}),
    ("position-below", {"position": -2}),
    ("position-zero", {"position": 0}),
    ("block-position", {"is_block_pin": "yes"}),
    ("pin-type-missing", {"pin_type": None}),
    ("pin-type-unknown", {"pin_type": "product"}),
    ("pin-identity-missing", {"pin_identity": None}),
    ("pin-identity-unwanted", {"pin_type": "criteria", "pin_criteria": '{"brand": "Lorient"}'}),
    ("pin-criteria-missing", {"pin_type": "criteria", "pin_identity": None}),
    ("pin-criteria-unwanted", {"pin_criteria": '{"brand": "Lorient"}'}),
    ("yes-no-unknown", {"is_bundle_pin": "maybe"}),
    # The period
    ("date-unreadable", {"active_from": "after Easter"}),
    ("date-ambiguous", {"active_from": "03/04/2027"}),
    ("date-impossible", {"active_to": "31.02.2027"}),
    ("date-span", {"active_from": "1.3.2027 - 24.3.2027"}),
    ("date-order-mixed", {"active_to": "13/3/2027"}),
    ("date-order-mixed", {"active_to": "3/14/2027"}),
    ("date-weekday", {"active_from": "Monday, 2 March 2027"}),
    ("date-two-digits", {"active_to": "1.3.27"}),
    ("date-no-day", {"active_from": Shown(46447, "mmm-yy")}),
    ("date-no-year", {"active_from": Shown(46447, "d.m.")}),
    ("date-year", {"active_to": "1.3.1926"}),
    ("date-bare-number", {"active_from": 46447}),
    ("date-reformatted", {"active_from": Shown(46447.75, 'd.m.yyyy hh:mm" UTC"')}),
    ("date-hidden", {"active_to": Shown(46447, ";;;")}),
    ("date-only-time", {"active_from": time(18, 0)}),
    ("date-time-impossible", {"active_from": "2027-03-01 25:00"}),
    ("date-skipped", {"active_from": datetime(2027, 3, 28, 2, 30)}),  # noqa: DTZ001 - a cell has no zone
    ("date-twice", {"active_to": datetime(2027, 10, 31, 2, 30)}),  # noqa: DTZ001
    ("period-reversed", {"active_from": date(2027, 5, 1), "active_to": date(2027, 3, 1)}),
    # What the other rows speak against
    ("spelled-apart", {"model": "Basket"}),
    ("several-ids", {"pin_identity": "/p/strap-tool, /p/gift-card"}),
    ("several-names", {"widget_id": "cart-bottom, cart-top"}),
    ("two-alphabets", {"widget_id": "c\u0430rt"}),
    ("placeholder", {"pin_identity": "TBD"}),
    ("quotes-around", {"pin_identity": "“/p/strap-tool”"}),
    ("odd-digits", {"pin_identity": "/p/strap-\uff14\uff12"}),
    ("number-in-powers", {"pin_identity": "8.59E12"}),
    ("address-among-paths", {"pin_identity": "https://shop.example/p/strap-tool"}),
    ("period-over", {"active_to": date(2020, 12, 24)}),
)

# A code, and conditions that earn it.
CONDITIONS: tuple[tuple[str, str], ...] = (
    ("json-unseen", '{"brand": "Lorient "}'),
    ("json-quotes", "{“brand”: “Lorient”}"),
    ("json-quotes", "{'brand': 'Lorient'}"),
    ("json-comma", '{"brand": "Lorient",}'),
    ("json-line-break", '{"brand": "Lorient\nParis"}'),
    ("json-unfinished", '{"brand": "Lorient"'),
    ("json-broken", "{brand: Lorient}"),
    ("json-key-twice", '{"brand": "Lorient", "brand": "Aubrac"}'),
    ("json-no-number", '{"price": NaN}'),
    ("json-number-too-large", '{"price": 1e999}'),
    ("json-too-deep", '{"or": ' + "[" * 60 + "]" * 60 + "}"),
    ("json-not-object", '["Lorient", "Aubrac"]'),
    ("json-empty", "{}"),
    ("json-character", '{"brand": "Lorient\\u0007"}'),
)


def rows() -> list[Row]:
    """All rows; each about a target of its own unless it is about what rows of one target do to each other."""
    return [*_wrong_cells(), *_wrong_conditions(), *_between_rows(), *_nothing_wrong()]


def _good(number: int, **changes: Any) -> Row:
    return {
        "model": "basket",
        "target_type": "item",
        "target_identity": f"/p/example-{number}",
        "position": 1,
        "pin_type": "item",
        "pin_identity": "/p/strap-tool",
        **changes,
    }


def _wrong_cells() -> Iterator[Row]:
    for number, (code, changes) in enumerate(CELLS, 1):
        yield {**_good(number), **changes, SHOWS: code}
    yield {"model": "Straps for divers", SHOWS: "row-alone"}
    yield {"model": "Straps in all", "position": 12, SHOWS: "row-total"}


def _wrong_conditions() -> Iterator[Row]:
    for number, (code, conditions) in enumerate(CONDITIONS, 101):
        yield _good(number, pin_type="criteria", pin_identity=None, pin_criteria=conditions) | {SHOWS: code}


def _between_rows() -> Iterator[Row]:
    """Rows of one target that repeat, crowd or contradict each other."""
    yield _good(200)
    yield _good(200, position=2, pin_identity=None) | {SHOWS: "cell-covered"}
    yield _good(201)
    yield _good(201) | {SHOWS: "pin-repeated"}
    yield _good(202)
    yield _good(202, pin_identity="/p/gift-card") | {SHOWS: "position-shared"}
    yield _good(203)
    yield _good(203, position=0, is_block_pin="yes") | {SHOWS: "pinned-and-blocked"}
    yield _good(205, pin_identity="/p/example-205") | {SHOWS: "pins-itself"}
    for position, identity in enumerate(("000904", "000905"), 1):
        yield _good(206, position=position, pin_identity=identity)
    yield _good(206, position=3, pin_identity="906") | {SHOWS: "zeros-lost"}
    yield _good(207, pin_identity="NULL") | {SHOWS: "looks-empty"}
    yield _good(208, model="# basket") | {SHOWS: "switched-off"}
    yield _good(209, pin_identity="'/p/strap-tool") | {SHOWS: "apostrophe-first"}
    yield _good(210, pin_identity="904.0") | {SHOWS: "number-with-decimals"}
    yield _good(211, pin_identity="1-Sep") | {SHOWS: "looks-like-date"}
    yield _good(204) | {"target_metadata.title": "Diver 42", SHOWS: "metadata-conflict"}
    yield _good(204, position=2) | {"target_metadata.title": "Diver 38", SHOWS: "metadata-conflict"}


def _nothing_wrong() -> Iterator[Row]:
    """Two good rows; in the sheet their target is one merged cell."""
    yield _good(301)
    yield _good(301, position=2, pin_identity="/p/gift-card")


WriteHeader = Callable[[Worksheet, Sequence[str]], None]
WriteCell = Callable[[Worksheet, int, int, Any], None]


def fill(sheet: Worksheet, write_header: WriteHeader, write_cell: WriteCell) -> None:
    """Write all rows into a sheet."""
    sheet.title = "Pins"
    write_header(sheet, COLUMNS)
    all_rows = rows()
    for number, row in enumerate(all_rows, 2):
        for column, name in enumerate(COLUMNS, 1):
            value = row.get(name)
            if isinstance(value, Shown):
                sheet.cell(number, column, value.number).number_format = value.number_format
            elif value is not None:
                write_cell(sheet, number, column, value)
        if row.get(SHOWS) == "cell-covered":
            column = COLUMNS.index("pin_identity") + 1
            sheet.merge_cells(start_row=number - 1, end_row=number, start_column=column, end_column=column)
    last = len(all_rows) + 1
    for column, _ in enumerate(SCOPE_COLUMNS, 1):
        sheet.merge_cells(start_row=last - 1, end_row=last, start_column=column, end_column=column)


CSV = f"""\
model,target_type,target_identity,tags,position,pin_type,pin_identity,{SHOWS}
basket,item,/p/example-1,"spring, straps",1,item,/p/strap-tool,
basket,item,/p/example-2,straps,1,item,/p/strap-tool,row-too-long,spring
basket,item,/p/example-3,"9 inch,1,item,/p/strap-tool,
basket,item,/p/example-4,straps 9",1,item,/p/strap-tool,row-swallows
"""


def csv_bytes() -> bytes:
    """The CSV file: what only such a file can have wrong, a row with more cells than its header, and rows in a cell."""
    return CSV.replace("\n", "\r\n").encode("utf-8-sig")
