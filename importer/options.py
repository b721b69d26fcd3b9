"""Loose options, as a library call or a command line gives them, to `Settings`."""

from __future__ import annotations

import os
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, cast, get_args

from importer.catalogue.errors import ABOVE, ERRORS, OPTION_KINDS
from importer.errors import UsageError
from importer.settings import (
    DEFAULT_BASE_URL,
    DELIMITERS,
    CheckOptions,
    DateOrder,
    MappingOptions,
    ReadOptions,
    Secret,
    SendOptions,
    Settings,
    Tracker,
)
from importer.shops.choose import filled, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from importer.shops.file import Shop


class Options(TypedDict, total=False):
    """The options of `importer.check` and `importer.run_import`, by the names of the command line's options.

    Times are seconds, `max_rate` requests a second. `timezone` is an IANA name such as `Europe/Bratislava`, or
    `local` for this computer's. `map` and `set` are dictionaries by our columns' names, or lists such as
    `["model=basket"]`. `shop` is one of the user's own configuration, or of the file `config`; with `config` alone it
    is the only one there. Without both no configuration is read, and no environment ever is. What is given here wins
    over what the shop says.
    """

    shop: str | None
    config: str | os.PathLike[str] | None
    tracker_id: str | None
    private_key: Secret | str | None
    private_key_file: str | os.PathLike[str] | None
    base_url: str | None
    sandbox: bool
    sheet: str | None
    output: str | os.PathLike[str] | None
    timezone: str | None
    date_order: str | None
    encoding: str | None
    delimiter: str | None
    fill_down: bool
    mapping: str | os.PathLike[str] | None
    map: Mapping[str, str] | Sequence[str]
    set: Mapping[str, str] | Sequence[str]
    ignore_columns: Sequence[str]
    concurrency: int
    timeout: float
    proxy: str | None
    max_rate: float | None
    settle_time: float
    strict: bool
    ledger: str | os.PathLike[str] | None
    again: bool
    create_beside: bool
    no_look: bool
    update: bool
    yes_delete: int | None


def settings(options: Options, *, with_key: bool = False) -> Settings:
    """The settings that the options stand for; a key file is read only `with_key`.

    Raises `UsageError` with one plain sentence for an option that cannot be used, `TypeError` for one that there is
    not.
    """
    options, shop, hint = _complete(options)
    sandbox, path = options.get("sandbox", False), options.get("ledger")
    said = {name: read(value) for name, read in _READERS.items() if (value := options.get(name)) is not None}
    sent = {name: read(value) for name, read in _SENDING.items() if (value := options.get(name)) is not None}
    again, beside = options.get("again", False), options.get("create_beside", False)
    update, yes_delete = options.get("update", False), options.get("yes_delete")
    if update or yes_delete is not None:
        _check_update(options)
    return Settings(
        reading=ReadOptions(
            sheet=options.get("sheet"),
            encoding=said.get("encoding"),
            delimiter=said.get("delimiter"),
            fill_down=options.get("fill_down", False),
            ignore_columns=tuple(options.get("ignore_columns", ())),
        ),
        mapping=_mapping(options, shop) if any(map(options.get, _MAPPED)) else MappingOptions(),
        checking=CheckOptions(
            timezone=said.get("timezone") or (local_timezone() if sandbox else None),
            date_order=said.get("date_order"),
            by_id=update,
        ),
        sending=SendOptions(**sent, again=again, create_beside=beside),
        tracker=None if sandbox else _tracker(options.get("tracker_id"), options.get("base_url")),
        key=_key(options, from_file=with_key and not sandbox),
        output=said.get("output"),
        ledger=None if path is None else Path(path),
        strict=options.get("strict", False),
        look=not options.get("no_look", False),
        update=update,
        yes_delete=yes_delete,
        sandbox=sandbox,
        shop=shop.name if shop else "",
        hint=hint,
    )


def _complete(options: Options) -> tuple[Options, Shop | None, str]:
    """The options with what the shop in force says of those that were not given, that shop, and what to say of shops
    where something is missing. Raises as `settings` does."""
    if strangers := sorted(set(options) - set(Options.__annotations__)):
        raise _no_such_option(strangers)
    for name, value in options.items():
        _check_type(name, value)
    if options.get("shop") is None and options.get("config") is None:
        return options, None, ""
    found = filled(options)
    return cast("Options", found.options), found.shop, found.hint


def _no_such_option(strangers: Sequence[str]) -> TypeError:
    meant = (get_close_matches(each, Options.__annotations__, 1) for each in strangers)
    said = (f"{each} (is {near[0]} meant?)" if near else each for each, near in zip(strangers, meant, strict=True))
    return TypeError(f"no such option: {', '.join(said)}")


def _check_update(options: Options) -> None:
    """Refuse what does not go with an update: there what is live decides, so nothing may leave it out of account."""
    update = options.get("update", False)
    for name in ("again", "create_beside", "no_look"):
        if update and options.get(name, False):
            raise UsageError(ERRORS["update-alone"].format(other=f"--{name.replace('_', '-')}"), code="update-alone")
    if options.get("yes_delete") is not None and not update:
        raise UsageError(ERRORS["yes-delete-alone"], code="yes-delete-alone")


def _check_type(name: str, value: object) -> None:
    """Refuse a value of another kind than the option's. It is not repeated: it may be a key in the wrong place."""
    match name:
        case "ignore_columns":
            fits = isinstance(value, list | tuple | set | frozenset) and all(isinstance(each, str) for each in value)
        case "sandbox" | "fill_down" | "strict" | "again" | "create_beside" | "no_look" | "update":
            fits = isinstance(value, bool)
        case "yes_delete":
            fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "concurrency" | "timeout" | "max_rate" | "settle_time":
            fits = isinstance(value, int | float) and not isinstance(value, bool)
        case "map" | "set":
            pairs = [*value, *value.values()] if isinstance(value, dict) else value
            fits = isinstance(pairs, list | tuple) and all(isinstance(each, str) for each in pairs)
        case "output" | "ledger" | "mapping" | "config" | "private_key_file":
            fits = isinstance(value, str | os.PathLike)
        case "private_key":
            fits = isinstance(value, str | Secret)
        case _:
            fits = isinstance(value, str)
    if not fits and not (value is None and "None" in str(Options.__annotations__[name])):
        kind = OPTION_KINDS.get(name, OPTION_KINDS["text"])
        given = type(value).__name__
        raise UsageError(ERRORS["option-type"].format(option=name, kind=kind, given=given), code="option-type")


def _mapping(options: Options, shop: Shop | None) -> MappingOptions:
    """How the mapping was given. Raises `UsageError` also for a mapping file that cannot be used."""
    from importer.mapping.load import chosen  # noqa: PLC0415 - most sheets need none
    from importer.mapping.one_offs import pair  # noqa: PLC0415

    name, pairs = options.get("mapping"), []
    for option, given in (("--map", options.get("map") or ()), ("--set", options.get("set") or ())):
        texts = [f"{ours}={theirs}" for ours, theirs in given.items()] if isinstance(given, dict) else given
        pairs.append(tuple(pair(option, text) for text in texts))
    of_shop = shop.name if shop and name and name == shop.mapping else ""
    found = MappingOptions(os.fspath(name) if name else None, pairs[0], pairs[1], of_shop)
    chosen(found)
    return found


def _key(options: Options, *, from_file: bool) -> Secret | None:
    """The key, and nowhere else: what is a tracker or an address is shown, sent and kept."""
    given, path = options.get("private_key"), options.get("private_key_file")
    key = Secret(given) if isinstance(given, str) else given
    if not given and from_file and path is not None and (key := key_of(Path(path))) is None:
        raise UsageError(ERRORS["key-file"], code="key-file")
    text = key.reveal() if key is not None else ""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(ERRORS["key-unusable"], code="key-unusable") from None
    for what, name in ((options.get("tracker_id"), "tracker ID"), (options.get("base_url"), "base URL")):
        if what and text and text in what:
            raise UsageError(ERRORS["key-misplaced"].format(what=name), code="key-misplaced")
    return key


def _proxy(text: str) -> str | None:
    from urllib.parse import urlsplit  # noqa: PLC0415 - only when needed

    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not all("!" <= mark <= "~" for mark in text):
        raise UsageError(ERRORS["proxy"], code="proxy")
    return text


def _tracker(tracker_id: str | None, base_url: str | None) -> Tracker | None:
    from importer.api.endpoint import check_tracker  # noqa: PLC0415 - yarl is slow to import

    return check_tracker(tracker_id, base_url or DEFAULT_BASE_URL) if tracker_id else None


def local_timezone() -> ZoneInfo:
    """This computer's own zone; UTC where the computer does not say."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - only when needed

    import tzlocal  # noqa: PLC0415

    try:
        return ZoneInfo(tzlocal.get_localzone_name())
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        return ZoneInfo("UTC")


def _timezone(name: str) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only when needed

    if not name:
        return None
    if name == "local":
        return local_timezone()
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError(ERRORS["timezone"].format(value=name), code="timezone") from None


def _encoding(name: str) -> str | None:
    """An encoding of texts, by Python's name for it."""
    import codecs  # noqa: PLC0415 - only when needed

    if not name:
        return None
    try:
        info = codecs.lookup(name.strip())
        "".encode(info.name)
    except (LookupError, ValueError, TypeError):
        raise UsageError(ERRORS["encoding"].format(value=name), code="encoding") from None
    return info.name


def _delimiter(text: str) -> str | None:
    """The sign that separates cells: named, as `\\t`, or as it is."""
    if not text:
        return None
    found = {**DELIMITERS, "\\t": "\t"}.get(text.strip().lower(), text)
    if len(found) != 1 or found.isalnum() or found in '"\r\n\0':
        raise UsageError(ERRORS["delimiter"].format(value=text), code="delimiter")
    return found


def _date_order(text: str) -> DateOrder:
    if text not in get_args(DateOrder):
        raise UsageError(ERRORS["date-order"].format(value=text), code="date-order")
    return cast("DateOrder", text)


def _positive(name: str, value: float, *, zero: bool = False) -> float:
    fits = value >= 0 if zero else value > 0
    if not fits or value == float("inf"):
        raise UsageError(ERRORS["number"].format(option=name, value=value, above=ABOVE[zero]), code="number")
    return value


def _output(value: str | os.PathLike[str]) -> Path:
    path = Path(value)
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        raise UsageError(ERRORS["output"].format(value=path), code="output")
    return path


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "encoding": _encoding,
    "delimiter": _delimiter,
    "timezone": _timezone,
    "date_order": _date_order,
    "output": _output,
}
"""What understands an option that is given, and refuses what it cannot be."""

_SENDING: Mapping[str, Callable[[Any], Any]] = {
    "concurrency": lambda value: int(_positive("concurrency", value)),
    "timeout": partial(_positive, "timeout"),
    "proxy": _proxy,
    "max_rate": partial(_positive, "max-rate"),
    "settle_time": partial(_positive, "settle-time", zero=True),
}
"""The same for the options that say how to send, by the names of `SendOptions`."""

_MAPPED = ("mapping", "map", "set")
"""The options that say how another system's sheet is read."""
