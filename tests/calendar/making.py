"""Seasons of literal sheets."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from importer.calendar.picture import picture
from importer.calendar.pins import season
from importer.scopes import Scopes
from tests.builders import checked
from tests.builders import pins as sheet_of

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Bratislava")


def day(number):
    """A day of the season, counted from 1 November 2026."""
    return (date(2026, 11, 1) + timedelta(days=number)).isoformat()


def pin(target="/p/1", position=1, product="/p/9", start="", end="", **more):
    return {
        "target_identity": target,
        "position": position,
        "pin_identity": product,
        "active_from": start,
        "active_to": end,
        "is_block_pin": "yes" if position == 0 else "",
        **more,
    }


def season_of(*rows, **limits):
    found = checked(sheet_of(*rows), now=NOW, timezone=ZONE)
    return season(found, Scopes(found), **limits)


def picture_of(*rows, most_lanes=60, **limits):
    return picture(season_of(*rows, **limits), "pins.xlsx", NOW, ZONE, most_lanes)


def many(count):
    """A season of so many targets, the first ones busier, with overlaps and gaps."""
    rows = []
    for target in range(count):
        for number in range(1 + 7 // (1 + target // 10)):
            start = (target * 7 + number * 13) % 60
            rows.append(pin(f"/p/{target}", 1 + number % 2, f"/p/{target}-{number}", day(start), day(start + 9)))
    return rows
