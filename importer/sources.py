"""What a run works with: the sheet, the ledger, and the service that its scopes go to."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from importer.catalogue import files, screen
from importer.catalogue import shops as shop_texts
from importer.catalogue.errors import ERRORS
from importer.errors import FileError, StoppedError, UsageError
from importer.ledger import Ledger
from importer.reading import read
from importer.settings import MappingOptions

if TYPE_CHECKING:
    import os

    from importer.model import Sheet
    from importer.settings import Secret, Settings, Tracker


def read_sheet(path: str | os.PathLike[str], settings: Settings) -> Sheet:
    """The sheet of pins: the file's own, or what a mapping makes of another system's export.

    Raises `FileError` for a file that cannot be used, `UsageError` for a mapping that does not fit it.
    """
    sheet = None if settings.mapping == MappingOptions() else _mapped(path, settings)
    if sheet is None:
        try:
            sheet = read(path, settings.reading)
        except FileError as error:
            from importer.mapping.read import FOREIGN, with_hint  # noqa: PLC0415 - most sheets need none

            if error.code not in FOREIGN:
                raise
            raise with_hint(error, path, settings.reading) from error
    if sheet.date_order is None or settings.checking.date_order is not None:
        return sheet
    code = "date-order" if sheet.origin is None else "date-order-mapping"
    said = files.notice(code, order=screen.DATE_ORDERS[sheet.date_order])
    return replace(sheet, notices=(*sheet.notices, said))


def _mapped(path: str | os.PathLike[str], settings: Settings) -> Sheet | None:
    """What the mapping in force makes of the file; `None` where none is."""
    from importer.mapping.load import chosen  # noqa: PLC0415 - most sheets need none
    from importer.mapping.read import read_mapped  # noqa: PLC0415

    mapping = chosen(settings.mapping)
    if mapping is None:
        return None
    try:
        return read_mapped(path, settings.reading, mapping)
    except UsageError as error:
        if error.code != "mapping-expects" or not settings.mapping.shop:
            raise
        said = f"{error} {shop_texts.MAPPING_OF.format(shop=settings.mapping.shop)}"
        raise UsageError(said, code=error.code) from None


@dataclass(frozen=True)
class Service:
    """Where a run's scopes go: the live service, or a stand-in that lasts as long as the run."""

    tracker: Tracker
    """Where requests go."""
    key: Secret
    """What they are signed with."""
    ledger: Path
    """The file that remembers what was sent."""


@contextlib.contextmanager
def viewed_ledger(settings: Settings) -> Iterator[Ledger | None]:
    """The ledger for reading, while the context lasts; `None` where there is none, or no tracker to look for."""
    ledger = Ledger.view(settings.ledger or default_ledger()) if settings.tracker else None
    with ledger or contextlib.nullcontext():
        yield ledger


@contextlib.contextmanager
def service_of(settings: Settings) -> Iterator[Service]:
    """Where the scopes go, while the context lasts. Raises `UsageError` where tracker or key are missing."""
    if settings.sandbox:
        from importer.sandbox import running_sandbox  # noqa: PLC0415 - rehearsals only
        from importer.settings import Secret, Tracker  # noqa: PLC0415

        with running_sandbox() as stand_in, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            tracker = Tracker(stand_in.tracker_id, stand_in.url)
            yield Service(tracker, Secret(stand_in.private_key), Path(folder, "ledger.sqlite"))
        return
    tracker = refuse_without_tracker(settings)
    if settings.key is None:
        raise UsageError(f"{ERRORS['key-missing']} {settings.hint}".strip(), code="key-missing")
    yield Service(tracker, settings.key, settings.ledger or default_ledger())


def refuse_without_tracker(settings: Settings) -> Tracker:
    """Where scopes go. Raises `UsageError` where that was not said."""
    if settings.tracker is None:
        raise UsageError(f"{ERRORS['tracker-missing']} {settings.hint}".strip(), code="tracker-missing")
    return settings.tracker


def default_ledger() -> Path:
    """The user's own ledger, in the folder where this system keeps state."""
    import platformdirs  # noqa: PLC0415 - only when needed

    folder = Path(platformdirs.user_state_dir("pin-importer", appauthor=False))
    if not folder.is_absolute():
        raise StoppedError(ERRORS["no-home"], code="no-home")
    return folder / "ledger.sqlite"
