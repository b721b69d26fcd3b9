"""Load mappings from the package or from a file, and the tables that they name."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from importer.catalogue.mapping import FILE
from importer.errors import FileError, UsageError
from importer.mapping.file import Mapping
from importer.mapping.one_offs import with_one_offs
from importer.mapping.parse import parse

if TYPE_CHECKING:
    from importer.model import Sheet
    from importer.settings import MappingOptions

BUILT_IN = ("magento", "woocommerce", "shopify", "shoptet", "prestashop", "shopware", "akeneo", "algolia")


def built_in_text(name: str) -> str:
    """The file of a built-in mapping. Raises `UsageError` for an unknown name."""
    if name not in BUILT_IN:
        raise UsageError(FILE["missing"].format(name=name, builtin=", ".join(BUILT_IN)), code="mapping-missing")
    return resources.files("importer.mapping").joinpath("builtin", f"{name}.toml").read_text("utf-8")


def built_in() -> Iterator[Mapping]:
    """All built-in mappings."""
    return (parse(built_in_text(name), name) for name in BUILT_IN)


def load(name: str) -> Mapping:
    """Load a mapping by the name of a built-in one, or by its file. Raises `UsageError` naming file, line and key."""
    if name in BUILT_IN:
        return parse(built_in_text(name), name)
    path = Path(name)
    if not path.exists():
        return parse(built_in_text(name.lower()), name.lower())
    try:
        return parse(path.read_text("utf-8-sig"), name)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(FILE["unreadable"].format(name=name, why=why), code="mapping-unreadable") from None


def chosen(options: MappingOptions) -> Mapping | None:
    """The mapping that the options ask for, one-offs included; `None` for a sheet of our own columns."""
    mapping = load(options.name) if options.name is not None else None
    return with_one_offs(mapping, dict(options.columns), dict(options.constants))


def read_tables(mapping: Mapping) -> dict[str, Sheet]:
    """Read the tables of identities that a mapping names; their paths start from the mapping's folder."""
    from importer.reading import read  # noqa: PLC0415 - few mappings name a table
    from importer.settings import ReadOptions  # noqa: PLC0415

    tables = {}
    for table in mapping.identities:
        if table.file:
            path = Path(mapping.name).parent / Path(table.file).expanduser()
            try:
                tables[table.file] = read(path, ReadOptions(theirs=(table.from_column, table.to_column)))
            except FileError as error:
                mapping.fail("table-missing", (*table.key_path, "file"), file=path, why=error)
    return tables
