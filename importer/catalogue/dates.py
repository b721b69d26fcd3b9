"""What can be wrong with a date, and with the dates of a column."""

from __future__ import annotations

from importer.catalogue.entry import Entry

_LIKE_A_DATE = "Write it like 2026-12-24."

DATES: dict[str, Entry] = {
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
    "date-span": Entry(
        "problem",
        "Dates with a start and an end in one cell",
        "“{value}” names a start and an end.",
        "Write the start into active_from and the end into active_to.",
    ),
    "date-order-mixed": Entry(
        "problem",
        "Dates of one column in two orders",
        "“{value}” has the day and the month in another order than “{detail}” in row {other}.",
        _LIKE_A_DATE,
    ),
    "date-order-other": Entry(
        "problem",
        "Dates in another order than --date-order says",
        "“{value}” can only be read {detail}, but --date-order says otherwise.",
        "Write it like 2026-12-24, or run again without --date-order.",
    ),
    "date-weekday": Entry(
        "problem",
        "Dates with another weekday",
        "“{value}” names another day of the week than the date, which is a {detail}.",
        "Correct the date or the weekday; or write the date alone, like 2026-12-24.",
    ),
    "date-two-digits": Entry(
        "problem",
        "Years with two digits",
        "“{value}” has a two-digit year.",
        "Write all four digits: {detail}.",
    ),
    "date-no-day": Entry(
        "problem",
        "Dates that show no day",
        "The cell shows a month without a day ({value}), but it holds the day {detail}.",
        "Write the day that you mean, like 2026-12-24.",
    ),
    "date-no-year": Entry(
        "warning",
        "Dates that show no year",
        "The cell shows no year ({value}); the pin takes the year that the cell holds, {detail}.",
        "Write the date with its year, like 2026-12-24, if another year is meant.",
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
        "Correct the year; write the date like 2026-12-24.",
    ),
    "date-bare-number": Entry(
        "problem",
        "Numbers where a date belongs",
        "The cell holds the number {value}, not a date; as a date it would be {detail}.",
        "If that is the day, format the cell as a date (Format Cells, Number, Date); if not, write it like 2026-12-24.",
    ),
    "date-reformatted": Entry(
        "problem",
        "Cells that show something else than the date that they hold",
        "The cell shows “{value}”, but it holds {detail}. One of the two is wrong.",
        "Format the cell as a date (Format Cells, Number, Date) and write what you mean, like 2026-12-24 18:00.",
    ),
    "date-hidden": Entry(
        "problem",
        "Cells that show nothing but hold a date",
        "The cell shows nothing, but it holds {detail}.",
        "Empty the cell; or, if that is meant, format it as a date (Format Cells, Number, Date).",
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
        "Write which one you mean, as {detail}; or write a time outside that hour.",
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
}
