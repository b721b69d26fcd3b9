"""A configuration file (TOML) to frozen shops, checked key by key. Looks at no other file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from importer.api.endpoint import check_tracker
from importer.catalogue.errors import ERRORS
from importer.catalogue.shops import FILE, KINDS
from importer.errors import UsageError
from importer.mapping.lines import line_of
from importer.mapping.load import BUILT_IN
from importer.settings import DEFAULT_BASE_URL

KEYS = ("tracker_id", "base_url", "private_key_file", "timezone", "mapping")
"""What a shop can say."""

_SECRET = re.compile("key|secret|passw|token", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shop:
    """What one shop says; `None` where it says nothing."""

    name: str
    """What the file calls it."""
    tracker_id: str | None = None
    """Its tracker."""
    base_url: str | None = None
    """The service, where it is not the usual one."""
    private_key_file: Path | None = None
    """Where its private key is; a relative path of the file counts from the file's folder."""
    timezone: str | None = None
    """The zone of dates that name none."""
    mapping: str | None = None
    """A built-in mapping's name, or the path of a mapping file."""


def parse(text: str, path: Path) -> tuple[Shop, ...]:
    """The shops of a configuration file. Raises `UsageError` naming the file, the line and the key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(FILE["toml"].format(where=path, why=error), code="config-toml") from None
    return _Reader(text, path).shops(table)


class _Reader:
    """Reads the parts of one file."""

    def __init__(self, text: str, path: Path) -> None:
        self._text = text
        self._path = path

    def shops(self, table: dict[str, Any]) -> tuple[Shop, ...]:
        """The shops that a whole file names."""
        self._refuse_strangers(table, (), ("shops",))
        shops = table.get("shops", {})
        if not isinstance(shops, dict):
            self._fail("kind", ("shops",), kind=KINDS["shops"])
        return tuple(self._shop(name, each) for name, each in shops.items())

    def _shop(self, name: str, table: Any) -> Shop:
        at = ("shops", name)
        if not isinstance(table, dict):
            self._refuse_strangers({name: table}, ("shops",), (), kind="shop")
        self._refuse_strangers(table, at, KEYS)
        for key, value in table.items():
            if not isinstance(value, str) or not value.strip():
                self._fail("kind", (*at, key), kind=KINDS["text"])
        said = {key: value.strip() for key, value in table.items()}
        self._check(said, at)
        key_file = said.get("private_key_file")
        return Shop(
            name,
            said.get("tracker_id"),
            said.get("base_url"),
            None if key_file is None else self._from_here(key_file, (*at, "private_key_file")),
            said.get("timezone"),
            self._mapping(said.get("mapping"), (*at, "mapping")),
        )

    def _check(self, said: Mapping[str, str], at: tuple[str, ...]) -> None:
        """Refuse a tracker, a base URL and a time zone that cannot be right."""
        for key, tracker, base_url in (
            ("tracker_id", said.get("tracker_id"), DEFAULT_BASE_URL),
            ("base_url", "1", said.get("base_url")),
        ):
            if tracker is not None and base_url is not None:
                try:
                    check_tracker(tracker, base_url)
                except UsageError as error:
                    self._fail("wrong", (*at, key), text=str(error))
        zone = said.get("timezone", "local")
        if zone != "local":
            try:
                ZoneInfo(zone)
            except (KeyError, ValueError, OSError):
                self._fail("wrong", (*at, "timezone"), text=ERRORS["timezone"].format(value=zone))

    def _mapping(self, name: str | None, at: tuple[str, ...]) -> str | None:
        if name is None or name.lower() in BUILT_IN:
            return name and name.lower()
        path = self._from_here(name, at)
        if not path.exists():
            self._fail("no-mapping", at, value=path, builtin=", ".join(BUILT_IN))
        return str(path)

    def _from_here(self, text: str, at: tuple[str, ...]) -> Path:
        try:
            return self._path.parent / Path(text).expanduser()
        except RuntimeError:
            self._fail("no-home", at)

    def _refuse_strangers(
        self, table: Mapping[str, Any], at: tuple[str, ...], known: Sequence[str], *, kind: str = ""
    ) -> None:
        for key in table:
            if key in known:
                continue
            if _SECRET.search(key):
                self._fail("key-inside", (*at, key))
            if kind:
                self._fail("kind", (*at, key), kind=KINDS[kind])
            self._fail("unknown-key", (*at, key), keys=", ".join(known))

    def _where(self, at: Sequence[str]) -> str:
        line = line_of(self._text, at)
        return ", ".join([str(self._path), *([f"line {line}"] if line else []), ".".join(at)])

    def _fail(self, code: str, at: Sequence[str], **facts: object) -> NoReturn:
        raise UsageError(FILE[code].format(where=self._where(at), **facts), code=f"config-{code}")
