"""Turn a mapping file (TOML) into a frozen `Mapping`, checked key by key (pure)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NoReturn, get_args

from importer.catalogue.mapping import FILE, KINDS
from importer.columns import BY_NAME, METADATA, METADATA_PREFIX
from importer.errors import UsageError
from importer.headers import word_of
from importer.mapping.file import PINNED, Block, Identities, Mapping, Source, is_ours
from importer.settings import DateOrder

_TOP = ("title", "expects", "columns", "constants", "defaults", "values", "pins", "identities", "skip", "date_order")
_BLOCK = ("constants", "defaults", "values", "optional", "otherwise")
_SOURCE = ("column", "columns", "split", "add", "number", "key", "optional")
_IDENTITIES = ("file", "from", "to", "missing", "prefix")


def parse(text: str, name: str) -> Mapping:
    """Read a mapping file's text. Raises `UsageError` naming the file, the line and the key."""
    known = Mapping(name, name, (), (), {}, text=text)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(FILE["toml"].format(where=name, why=error), code="mapping-toml") from None
    return _Reader(known).mapping(table)


class _Reader:
    """Reads the parts of one file."""

    def __init__(self, known: Mapping) -> None:
        """`known` is what messages need of the file."""
        self._known = known

    def mapping(self, table: dict[str, Any]) -> Mapping:
        """The mapping that a whole file says."""
        self._refuse_unknown(table, (), _TOP)
        shared = self._block(table, (), named=self._columns(self._table(table, (), "columns"), ("columns",)))
        pins = table.get("pins", [])
        if not isinstance(pins, list) or not all(isinstance(each, dict) for each in pins):
            self._fail_kind(("pins",), "tables")
        blocks = [self._pins(each, number, shared) for number, each in enumerate(pins)] or [shared]
        for number, block in enumerate(blocks):
            self._refuse_odd_block(block, ("pins", str(number)) if pins else ("columns",))
        self._refuse_same_pins(blocks)
        skip = self._table(table, (), "skip")
        return replace(
            self._known,
            title=self._text(table.get("title", self._known.name), ("title",)),
            expects=self._texts(table.get("expects", []), ("expects",)),
            blocks=tuple(blocks),
            skip={
                theirs: frozenset(map(word_of, self._texts(words, ("skip", theirs)))) for theirs, words in skip.items()
            },
            identities=self._identities(table.get("identities", [])),
            date_order=self._date_order(table.get("date_order")),
        )

    # ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────

    def _pins(self, table: dict[str, Any], number: int, shared: Block) -> Block:
        path = ("pins", str(number))
        ours = {key: each for key, each in table.items() if key not in _BLOCK}
        block = self._block(table, path, named=self._columns(ours, path))
        own = {*block.columns, *block.constants}
        return Block(
            columns={**{name: it for name, it in shared.columns.items() if name not in own}, **block.columns},
            constants={**{name: it for name, it in shared.constants.items() if name not in own}, **block.constants},
            defaults={**shared.defaults, **block.defaults},
            values={**shared.values, **block.values},
            optional=self._flag(table.get("optional", False), (*path, "optional")),
            otherwise=self._flag(table.get("otherwise", False), (*path, "otherwise")),
        )

    def _block(self, table: dict[str, Any], path: tuple[str, ...], named: dict[str, Source]) -> Block:
        constants = self._values(self._table(table, path, "constants"), (*path, "constants"))
        for name in constants.keys() & named.keys():
            first, second = ".".join((*path, "constants")), ".".join(named[name].key_path)
            self._known.fail("set-twice", (*path, "constants", name), column=name, first=first, second=second)
        words = {
            name: {
                word_of(theirs): ours
                for theirs, ours in self._values(each, (*path, "values", name), any_key=True).items()
            }
            for name, each in _flat(self._table(table, path, "values"), depth=1).items()
        }
        for name in words:
            self._refuse_stranger(name, (*path, "values", name))
        return Block(named, constants, self._values(self._table(table, path, "defaults"), (*path, "defaults")), words)

    def _columns(self, table: dict[str, Any], path: tuple[str, ...]) -> dict[str, Source]:
        named = {}
        for name, each in _flat(table).items():
            self._refuse_stranger(name, (*path, name))
            named[name] = self._source(each, (*path, name), name)
        return named

    def _source(self, given: Any, path: tuple[str, ...], name: str) -> Source:
        if isinstance(given, str):
            return Source((given,), key_path=path)
        if not isinstance(given, dict):
            self._fail_kind(path, "source")
        self._refuse_unknown(given, path, _SOURCE)
        number = self._flag(given.get("number", False), (*path, "number"))
        column, columns = given.get("column"), given.get("columns")
        if number and name != "position":
            self._known.fail("number-position", path)
        if (column is None) == (columns is None) and not (number and column is None):
            self._known.fail("no-columns", path)
        if column is not None:
            headers: tuple[str, ...] = (self._text(column, (*path, "column")),)
        elif columns is None:
            headers = ()
        else:
            headers = (columns,) if isinstance(columns, str) else self._texts(columns, (*path, "columns"))
        add = given.get("add", 0)
        if not isinstance(add, int) or isinstance(add, bool):
            self._fail_kind((*path, "add"), "number")
        return Source(
            headers,
            several=columns is not None,
            split=self._text(given.get("split", ""), (*path, "split")),
            add=add,
            number=number,
            key=self._text(given.get("key", ""), (*path, "key")),
            optional=self._flag(given.get("optional", False), (*path, "optional")),
            key_path=path,
        )

    def _refuse_odd_block(self, block: Block, path: tuple[str, ...]) -> None:
        """Refuse a block that pins nothing, or takes one column for two things."""
        if block.pinned is None and not any(name in block.constants for name in PINNED):
            self._known.fail("no-pins", path)
        position = block.columns.get("position")
        pinned = block.pinned
        if position and position.number and not (pinned and any("#" in header for header in pinned.headers)):
            self._known.fail("number-position", position.key_path)
        used: dict[str, str] = {}
        for name, source in block.columns.items():
            for header in source.headers:
                first = used.setdefault(header, name)
                if first != name:
                    self._known.fail("used-twice", source.key_path, header=header, first=first, second=name)

    def _refuse_same_pins(self, blocks: Sequence[Block]) -> None:
        seen = set()
        for block in blocks:
            pinned = block.pinned
            what = (pinned.headers if pinned else (), tuple(sorted(block.constants.items())))
            if what in seen:
                self._known.fail("same-pins", pinned.key_path if pinned else ("pins",))
            seen.add(what)

    def _identities(self, given: Any) -> tuple[Identities, ...]:
        tables = [given] if isinstance(given, dict) else given
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self._fail_kind(("identities",), "table")
        found = []
        for each in tables:
            path = ("identities",)
            self._refuse_unknown(each, path, _IDENTITIES)
            missing = each.get("missing", "problem")
            if missing not in ("problem", "keep"):
                self._fail_kind((*path, "missing"), "missing")
            texts = {key: self._text(each.get(key, ""), (*path, key)) for key in ("file", "from", "to", "prefix")}
            for key in ("from", "to"):
                if not texts[key]:
                    self._fail_kind((*path, key) if key in each else path, "text")
            found.append(Identities(texts["file"], texts["from"], texts["to"], missing, texts["prefix"]))
        return tuple(found)

    def _date_order(self, given: Any) -> DateOrder | None:
        found: DateOrder | None = next((order for order in get_args(DateOrder) if order == given), None)
        if given is not None and found is None:
            self._fail_kind(("date_order",), "date-order")
        return found

    # ── Single values ───────────────────────────────────────────────────────────────────────────────────────

    def _values(self, table: Any, path: tuple[str, ...], *, any_key: bool = False) -> dict[str, str]:
        if not isinstance(table, dict):
            self._fail_kind(path, "table")
        values = {}
        for name, value in (table if any_key else _flat(table)).items():
            if not any_key:
                self._refuse_stranger(name, (*path, name))
            text = cell_text(value)
            if text is None:
                self._fail_kind((*path, name), "value")
            values[name] = text
        return values

    def _table(self, table: dict[str, Any], path: tuple[str, ...], key: str) -> dict[str, Any]:
        found = table.get(key, {})
        if not isinstance(found, dict):
            self._fail_kind((*path, key), "table")
        return found

    def _text(self, given: Any, path: tuple[str, ...]) -> str:
        if not isinstance(given, str):
            self._fail_kind(path, "text")
        return given

    def _texts(self, given: Any, path: tuple[str, ...]) -> tuple[str, ...]:
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            self._fail_kind(path, "texts")
        return tuple(given)

    def _flag(self, given: Any, path: tuple[str, ...]) -> bool:
        if not isinstance(given, bool):
            self._fail_kind(path, "flag")
        return given

    def _refuse_unknown(self, table: dict[str, Any], path: tuple[str, ...], known: Sequence[str]) -> None:
        for key in table:
            if key not in known:
                self._known.fail("unknown-key", (*path, key), keys=", ".join(known))

    def _refuse_stranger(self, name: str, path: tuple[str, ...]) -> None:
        if not is_ours(name):
            self._known.fail("unknown-column", path, keys=", ".join(BY_NAME))

    def _fail_kind(self, path: tuple[str, ...], kind: str) -> NoReturn:
        self._known.fail("kind", path, kind=KINDS[kind])


def cell_text(value: Any) -> str | None:
    """A value of a mapping file as a cell's text; `None` for a list or another value that no cell holds."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case int() | float():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return None


def _flat(table: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """`target_metadata.title = …` written without quotes is a table within a table."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        inner = value if name == METADATA and isinstance(value, dict) and not set(value) & set(_SOURCE) else None
        if inner is not None and all(isinstance(each, dict) for each in inner.values()) >= bool(depth):
            flat |= {METADATA_PREFIX + key: each for key, each in inner.items()}
        else:
            flat[name] = value
    return flat
