"""The configuration file where it is kept, and the shop that is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from importer.catalogue import shops as texts
from importer.errors import UsageError
from importer.settings import Secret

if TYPE_CHECKING:
    from importer.shops.file import Shop

_OF_A_RUN = ("timezone", "mapping")
"""What a shop says that counts in a rehearsal too."""


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file and its shops."""

    path: Path
    """The file."""
    shops: tuple[Shop, ...]
    """Its shops, in their order."""

    @property
    def names(self) -> str:
        """The shops by name, for messages."""
        return ", ".join(shop.name for shop in self.shops)


class Filled(NamedTuple):
    """Options, with what the shop in force says of those that were not given."""

    options: dict[str, Any]
    """The options."""
    shop: Shop | None = None
    """The shop in force, if there is one."""
    unchosen: Config | None = None
    """Shops that there are where none of them was chosen."""
    other_tracker: bool = False
    """Whether another tracker than the shop's was given, so that the shop's key does not count."""

    @property
    def hint(self) -> str:
        """What to say of shops where something is missing; "" if there is nothing to say."""
        if self.unchosen is not None:
            return texts.UNCHOSEN.format(path=self.unchosen.path, names=self.unchosen.names)
        return texts.OTHER_TRACKER.format(shop=self.shop.name) if self.other_tracker and self.shop else ""


def own_config() -> Path | None:
    """Where the user's own configuration is, whether or not there is one; `None` without a home folder."""
    import platformdirs  # noqa: PLC0415 - only when needed

    folder = Path(platformdirs.user_config_dir("pin-importer", appauthor=False))
    return folder / "config.toml" if folder.is_absolute() else None


def read_config(path: Path) -> Config:
    """A configuration file. Raises `UsageError` for one that is missing, unreadable or wrong."""
    from importer.shops.file import parse  # noqa: PLC0415 - most calls need none

    try:
        return Config(path, parse(path.read_text("utf-8-sig"), path))
    except FileNotFoundError:
        raise UsageError(texts.FILE["missing"].format(path=path), code="config-missing") from None
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(texts.FILE["unreadable"].format(path=path, why=why), code="config-unreadable") from None


def filled(options: Mapping[str, Any]) -> Filled:
    """What was given, completed by the shop in force: the one named, else the only one of the configuration.

    Without `shop` and `config` nothing is read; a shop alone is one of the user's own configuration. The shop "" is
    none at all. A shop's key goes with its tracker: where another one is given, it does not count. In a rehearsal only
    the shop's time zone and mapping do. Raises `UsageError` for a configuration that cannot be used, and for a shop
    that it does not name.
    """
    given, name = dict(options), options.get("shop")
    if name == "" or (name is None and given.get("config") is None):
        return Filled(given)
    path = Path(given["config"]).expanduser() if given.get("config") is not None else own_config()
    config = read_config(path) if path is not None else Config(Path("config.toml"), ())
    shop = _chosen(config, name)
    if shop is None:
        return Filled(given, unchosen=config if config.shops else None)
    rehearsal = bool(given.get("sandbox"))
    tracker = given.get("tracker_id") or None
    other = tracker is not None and not rehearsal and tracker != shop.tracker_id
    keyless = other or bool(given.get("private_key") or given.get("private_key_file"))
    for key in _OF_A_RUN if rehearsal else ("tracker_id", "base_url", "private_key_file", *_OF_A_RUN):
        if given.get(key) is None and not (key == "private_key_file" and keyless):
            given[key] = getattr(shop, key)
    given["shop"] = shop.name
    return Filled(given, shop, other_tracker=other)


def _chosen(config: Config, name: str | None) -> Shop | None:
    if name is None:
        return config.shops[0] if len(config.shops) == 1 else None
    for shop in config.shops:
        if shop.name == name:
            return shop
    there = texts.FILE["there-are"].format(names=config.names) if config.shops else texts.FILE["there-are-none"]
    raise UsageError(texts.FILE["no-shop"].format(name=name, path=config.path, there=there), code="no-shop")


def read_key(path: Path) -> str | None:
    """What a key file holds, without the line's end; `None` for one that cannot be read."""
    try:
        return path.read_text("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeError, ValueError):
        return None


def key_of(path: Path) -> Secret | None:
    """The private key that a file holds; `None` where it holds none."""
    text = (read_key(path) or "").strip()
    return Secret(text) if text else None
