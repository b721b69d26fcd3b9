"""`pin-importer web`: the page, for people who never open a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from importer.catalogue import screen
from importer.cli.arguments import WEB
from importer.cli.session import print_out, private_key, warn
from importer.options import Options, settings
from importer.shops.choose import filled, own_config, read_config

if TYPE_CHECKING:
    from importer.web.work import Shop

COMMON = ("timezone", "ledger", "concurrency", "max_rate", "timeout", "proxy", "settle_time")
PLACE = ("tracker_id", "base_url", "private_key_file", "shop", "config")


@click.command("web", help=screen.HELP["web"])
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@WEB
def web(file: Path | None, *, port: int, no_browser: bool, **given: Any) -> int:
    """`pin-importer web [FILE]`."""
    common = {name: given[name] for name in COMMON}
    place = {name: given[name] for name in PLACE}
    if place["config"] is None and (own := own_config()) is not None and own.exists():
        place["config"] = own
    settings(cast("Options", {**common, **place}))  # name a wrong option before asking for a key
    shops = [*_named(place), *_configured(place)]
    from importer.catalogue.web import TERMINAL  # noqa: PLC0415
    from importer.web.desk import Setup  # noqa: PLC0415 - heavy
    from importer.web.server import serve  # noqa: PLC0415

    if without := [shop.name for shop in shops if not shop.has_key]:
        warn(TERMINAL["no-key"].format(shops=", ".join(without)))
    serve(Setup(shops, common, file), port=port, browser=not no_browser, say=print_out)
    return 0


def _named(place: dict[str, Any]) -> Iterator[Shop]:
    """The tracker that was named, or the shop that is in force, with the key for it: nobody is asked in the page."""
    given = dict(place)
    if given["private_key_file"] is None:
        given["private_key"] = os.environ.get("LUIGISBOX_PRIVATE_KEY") or None
    options, shop, *_ = filled(given)
    tracker = settings(cast("Options", given)).tracker
    if tracker is None:
        return
    from importer.web.work import Shop  # noqa: PLC0415 - heavy

    key = private_key(cast("Options", options), interactive=sys.stdin.isatty() and sys.stderr.isatty())
    options = {**given, "tracker_id": tracker.tracker_id, "base_url": tracker.base_url, "private_key": key}
    options["private_key_file"] = None
    settings(cast("Options", options))
    yield Shop(
        shop.name if shop else tracker.tracker_id, tracker.tracker_id, tracker.base_url, key is not None, options
    )


def _configured(place: dict[str, Any]) -> Iterator[Shop]:
    """The other shops of the configuration, where none of them is in force; each has its key in a file."""
    if place["config"] is None or place["shop"] is not None:
        return
    from importer.settings import DEFAULT_BASE_URL  # noqa: PLC0415
    from importer.web.work import Shop  # noqa: PLC0415 - heavy

    config = read_config(Path(place["config"]))
    for shop in config.shops if len(config.shops) > 1 else ():
        if shop.tracker_id is not None:
            has_key = shop.private_key_file is not None and shop.private_key_file.is_file()
            options = {"shop": shop.name, "config": config.path}
            yield Shop(shop.name, shop.tracker_id, shop.base_url or DEFAULT_BASE_URL, has_key, options)
