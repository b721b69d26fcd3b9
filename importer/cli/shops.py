"""`pin-importer shops`: the shops of the configuration, and whether their access works."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.catalogue import screen
from importer.catalogue import shops as texts
from importer.catalogue.screen import counted
from importer.cli.arguments import CONFIG, JSON, PROXY
from importer.cli.session import print_out, warn, warn_of_readers
from importer.errors import UsageError
from importer.options import Options, settings
from importer.settings import DEFAULT_BASE_URL, Secret, SendOptions, Tracker
from importer.shops.choose import Config, key_of, own_config, read_config

if TYPE_CHECKING:
    from importer.shops.access import Access
    from importer.shops.file import Shop

STRONGER = ("LUIGISBOX_TRACKER_ID", "LUIGISBOX_BASE_URL", texts.KEY_VARIABLE, "PIN_IMPORTER_TIMEZONE")
"""Variables that beat what a shop says."""


@click.command("shops", help=screen.HELP["shops"])
@CONFIG
@click.option("--timeout", type=float, metavar="SECONDS", default=10.0, help=screen.OPTIONS["shops-timeout"])
@PROXY
@JSON
def shops(config: Path | None, timeout: float, proxy: str | None, *, as_json: bool) -> int:
    """`pin-importer shops`."""
    from importer.reporting.console import printable  # noqa: PLC0415 - heavy

    began = time.monotonic()
    sending = settings(Options(timeout=timeout, proxy=proxy)).sending
    there = _there(config)
    if there.shops and sys.stderr.isatty() and not as_json:
        warn(texts.ASKING.format(shops=counted(len(there.shops), "shop"), seconds=timeout))
    found = dict(zip(there.shops, _ask_all(there.shops, sending), strict=True)) if there.shops else {}
    broken = [shop.name for shop, access in found.items() if access.works is False]
    code = 3 if broken else 0
    if as_json:
        facts = {"shops": [_object(shop, access) for shop, access in found.items()], "environment": _environment()}
        ended = {"seconds": round(time.monotonic() - began, 3), "exit_code": code, "message": _message(found, broken)}
        print_out(json.dumps({"command": "shops", "config": str(there.path)} | facts | ended))
    else:
        print_out(printable("\n".join(_lines(there, found, broken))))
    return code


def _there(config: Path | None) -> Config:
    """The configuration, or one without shops where the user has none yet."""
    path = config or own_config()
    if path is None:
        raise UsageError(texts.NO_FOLDER, code="no-home")
    return read_config(path) if config is not None or path.exists() else Config(path, ())


def _ask_all(shops: Sequence[Shop], sending: SendOptions) -> list[Access]:
    """Whether each shop's access works; those that nothing can be asked for say why."""
    from importer.shops.access import Access, Door, ask, failed  # noqa: PLC0415 - heavy

    found: dict[int, Access] = {}
    doors: dict[int, Door] = {}
    for number, shop in enumerate(shops):
        if trouble := _mapping_trouble(shop):
            found[number] = Access(works=False, message=trouble)
        elif shop.tracker_id is None:
            found[number] = Access(works=None, message=texts.ACCESS["no-tracker"])
        elif shop.private_key_file is None and not os.environ.get(texts.KEY_VARIABLE):
            found[number] = Access(works=None, message=texts.ACCESS["no-key"])
        elif (key := _key(shop)) is None:
            found[number] = failed("key-file")
        else:
            doors[number] = Door(Tracker(shop.tracker_id, shop.base_url or DEFAULT_BASE_URL), key)
    if doors:
        found |= zip(doors, ask(list(doors.values()), sending), strict=True)
    return [found[number] for number in range(len(shops))]


def _key(shop: Shop) -> Secret | None:
    if shop.private_key_file is not None:
        warn_of_readers(shop.private_key_file)
        return key_of(shop.private_key_file)
    return Secret(os.environ[texts.KEY_VARIABLE].strip())


def _mapping_trouble(shop: Shop) -> str:
    """What is wrong with the shop's mapping file; "" if nothing is."""
    from importer.mapping.load import load  # noqa: PLC0415 - only when needed

    try:
        if shop.mapping is not None:
            load(shop.mapping)
    except UsageError as error:
        return str(error)
    return ""


def _environment() -> list[str]:
    return [name for name in STRONGER if os.environ.get(name)]


def _key_source(shop: Shop) -> str | None:
    """Where the key is, if there is something: what is no file may be a key in the wrong place."""
    if shop.private_key_file is None:
        return texts.KEY_VARIABLE if os.environ.get(texts.KEY_VARIABLE) else None
    return str(shop.private_key_file) if shop.private_key_file.exists() else None


def _object(shop: Shop, access: Access) -> dict[str, Any]:
    said = {
        "name": shop.name,
        "tracker_id": shop.tracker_id,
        "base_url": shop.base_url or DEFAULT_BASE_URL,
        "key_from": _key_source(shop),
        "timezone": shop.timezone,
        "mapping": shop.mapping,
    }
    off = None if access.clock_off is None else round(access.clock_off, 1)
    known = {"works": access.works, "key": access.key, "tracker": access.tracker, "clock_off": off}
    return said | known | {"list": access.lists, "message": access.message}


def _lines(there: Config, found: dict[Shop, Access], broken: Sequence[str]) -> Iterator[str]:
    if not found:
        yield texts.NONE_YET.format(path=there.path)
        return
    yield texts.LISTED.format(shops=counted(len(found), "shop"), path=there.path)
    for shop, access in found.items():
        yield ""
        yield texts.VERDICT[access.works].format(name=shop.name)
        if parts := ", ".join(_parts(shop)):
            yield f"  {parts}"
        yield f"  {access.message}"
    yield ""
    if names := _environment():
        yield texts.ENVIRONMENT.format(names=", ".join(names))
    yield _message(found, broken)


def _parts(shop: Shop) -> Iterator[str]:
    """What the shop says."""
    if shop.tracker_id is not None:
        yield texts.PARTS["tracker"].format(tracker=shop.tracker_id, base_url=shop.base_url or DEFAULT_BASE_URL)
    for name, value in (("key", _key_source(shop)), ("timezone", shop.timezone), ("mapping", shop.mapping)):
        if value is not None:
            yield texts.PARTS[name].format(**{name: value})


def _message(found: dict[Shop, Access], broken: Sequence[str]) -> str:
    if not found:
        return texts.MESSAGES["none"]
    works = sum(access.works is True for access in found.values())
    facts = {"works": works, "shops": counted(len(found), "shop"), "names": ", ".join(broken)}
    return texts.MESSAGES["fails" if broken else "works"].format(
        **facts, do=texts.DO[len(broken) == 1], work=texts.WORK[works == 1]
    )
