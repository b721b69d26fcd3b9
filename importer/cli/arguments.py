"""What can be given on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from importer.catalogue import screen
from importer.settings import DEFAULT_BASE_URL, SendOptions

USUAL = SendOptions()
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


Command = Callable[..., Any]


def options_of(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """One decorator made of several click options, shown in this order."""

    def decorate(function: Command) -> Command:
        """The function with all these options."""
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


FILE = click.argument("file", type=click.Path(path_type=Path))
TRACKER = [
    click.option("--tracker-id", envvar="LUIGISBOX_TRACKER_ID", show_envvar=True, help=screen.OPTIONS["tracker-id"]),
    click.option(
        "--base-url",
        envvar="LUIGISBOX_BASE_URL",
        show_envvar=True,
        help=screen.OPTIONS["base-url"].format(default=DEFAULT_BASE_URL),
    ),
]
CONFIG = click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help=screen.OPTIONS["config"])
SHOP = [
    click.option("--shop", metavar="NAME", envvar="PIN_IMPORTER_SHOP", show_envvar=True, help=screen.OPTIONS["shop"]),
    CONFIG,
]
PROXY = click.option("--proxy", metavar="URL", help=screen.OPTIONS["proxy"])
LEDGER = click.option(
    "--ledger",
    envvar="PIN_IMPORTER_LEDGER",
    show_envvar=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=screen.OPTIONS["ledger"],
)
TIMEZONE = click.option(
    "--timezone",
    metavar="ZONE",
    envvar="PIN_IMPORTER_TIMEZONE",
    show_envvar=True,
    help=screen.OPTIONS["timezone"],
)
CONNECTION = [
    click.option(
        "--private-key-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help=screen.OPTIONS["private-key-file"],
    ),
    click.option("--max-rate", type=float, metavar="PER_SECOND", help=screen.OPTIONS["max-rate"]),
    click.option("--timeout", type=float, metavar="SECONDS", default=USUAL.timeout, help=screen.OPTIONS["timeout"]),
    PROXY,
]
PACE = [
    click.option(
        "--concurrency",
        type=click.IntRange(1, 256),
        metavar="N",
        default=USUAL.concurrency,
        help=screen.OPTIONS["concurrency"],
    ),
    click.option(
        "--settle-time",
        type=float,
        metavar="SECONDS",
        default=USUAL.settle_time,
        help=screen.OPTIONS["settle-time"],
    ),
]
JSON = click.option("--json", "as_json", is_flag=True, help=screen.OPTIONS["json"])
SHEET = click.option("--sheet", metavar="NAME", help=screen.OPTIONS["sheet"])
OUTPUT = click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help=screen.OPTIONS["output"])
CELLS = [
    TIMEZONE,
    click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help=screen.OPTIONS["date-order"]),
    click.option("--encoding", help=screen.OPTIONS["encoding"]),
    click.option("--delimiter", help=screen.OPTIONS["delimiter"]),
    click.option("--mapping", metavar="NAME_OR_FILE", help=screen.OPTIONS["mapping"]),
    click.option("--map", multiple=True, metavar="OURS=THEIRS", help=screen.OPTIONS["map"]),
    click.option("--set", multiple=True, metavar="OURS=VALUE", help=screen.OPTIONS["set"]),
    click.option("--fill-down", is_flag=True, help=screen.OPTIONS["fill-down"]),
    click.option(
        "--ignore-column", "ignore_columns", multiple=True, metavar="NAME", help=screen.OPTIONS["ignore-column"]
    ),
]
"""How a sheet and its cells are read."""
QUIET = click.option("--quiet", is_flag=True, help=screen.OPTIONS["quiet"])
READING = options_of(
    SHEET,
    OUTPUT,
    *CELLS,
    *SHOP,
    *TRACKER,
    *CONNECTION,
    LEDGER,
    click.option("--update", is_flag=True, help=screen.OPTIONS["update"]),
    click.option("--no-look", is_flag=True, help=screen.OPTIONS["no-look"]),
    click.option("--again", is_flag=True, help=screen.OPTIONS["again"]),
    click.option("--create-beside", is_flag=True, help=screen.OPTIONS["create-beside"]),
    JSON,
    QUIET,
    click.option("--verbose", is_flag=True, help=screen.OPTIONS["verbose"]),
)
SENDING = options_of(
    click.option("--sandbox", is_flag=True, help=screen.OPTIONS["sandbox"]),
    click.option("--yes", "-y", is_flag=True, help=screen.OPTIONS["yes"]),
    click.option("--yes-delete", type=click.IntRange(0), metavar="N", help=screen.OPTIONS["yes-delete"]),
    click.option("--strict", is_flag=True, help=screen.OPTIONS["strict"]),
    *PACE,
)
WEB = options_of(
    click.option("--port", type=click.IntRange(0, 65535), metavar="N", default=0, help=screen.OPTIONS["port"]),
    click.option("--no-browser", is_flag=True, help=screen.OPTIONS["no-browser"]),
    *SHOP,
    *TRACKER,
    *CONNECTION,
    TIMEZONE,
    LEDGER,
    *PACE,
)
