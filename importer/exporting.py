"""`run_export`: what is live, to a file, row by row as it is read."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Unpack

from importer import options, sources
from importer.catalogue import export as texts
from importer.catalogue.screen import counted, verbs
from importer.columns import BASE_URL, LIVE_SHEET, NO, PINS, REHEARSAL, TRACKER, YES
from importer.errors import ImporterError, InterruptedRun, StoppedError, UsageError
from importer.model import Notice
from importer.pipeline import Stopwatch
from importer.version import __version__

if TYPE_CHECKING:
    import os

    from importer.delivery import Hooks
    from importer.ledger.records import RunEntry
    from importer.live.customization import Live
    from importer.live.export import Everything
    from importer.live.reading import Filters
    from importer.live.service import Service
    from importer.options import Options
    from importer.reporting.export_file import Sink
    from importer.settings import Settings

_NAMED = 5
"""Fields and columns that are named."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The result of an export: the facts of its JSON, typed."""

    file: str
    """Where it was written."""
    customizations: int
    """How many there are."""
    rows: int
    """How many rows they take."""
    without_pins: int
    """Customizations that have no pins."""
    odd: int
    """Customizations with a value that no cell of a sheet can hold."""
    unknown_fields: dict[str, int]
    """Fields that have no column, and how many customizations have them."""
    complete: bool
    """Whether it is surely all that is live and fits."""
    requests: int
    """How many were sent."""
    notices: tuple[Notice, ...]
    """What people should know of it."""
    seconds: float
    """How long it took."""
    exit_code: int
    """0, or 1 for an export that may be incomplete."""
    message: str
    """How it ended, in a sentence or two."""


def run_export(
    path: str | os.PathLike[str],
    *,
    models: Sequence[str] = (),
    tags: Sequence[str] = (),
    target_types: Sequence[str] = (),
    target_identities: Sequence[str] = (),
    replace: bool = False,
    hooks: Hooks | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    **given: Unpack[Options],
) -> ExportReport:
    """Write all live customizations to a workbook or, by the ending, to CSV: one row per pin, dates in `timezone`.

    With `models`, `tags`, `target_types` and `target_identities` only those that have one of each; `given` are tracker,
    key, base URL and the like (see `importer.Options`). The file is there whole or not at all; an older one is replaced
    only with `replace`. `progress` is called with how many were read, and how many there are as the service says.
    Blocks. Raises `ImporterError` where nothing could be written: for an option, the service, or Ctrl-C.
    """
    from importer.live.reading import Filters  # noqa: PLC0415 - heavy
    from importer.reporting.atomic import write_whole  # noqa: PLC0415

    clock, settings, path = Stopwatch(), options.settings(given, with_key=True), Path(path)
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        raise UsageError(texts.ENDING.format(path=path), code="export-ending")
    if path.exists() and not replace:
        raise UsageError(texts.EXISTS.format(path=path), code="export-exists")
    filters = Filters(tuple(models), tuple(tags), tuple(target_types), tuple(target_identities))
    with sources.service_of(settings) as service:
        export = _Export(path, filters, settings, service, clock, hooks, progress)
        try:
            written = write_whole(path, export.write, replace=replace)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise UsageError(texts.UNWRITABLE.format(path=path, why=why), code="export-unwritable") from error
        return export.report(written)


@dataclass
class _Export:
    """One export under way."""

    path: Path
    filters: Filters
    settings: Settings
    service: sources.Service
    clock: Stopwatch
    hooks: Hooks | None
    progress: Callable[[int, int | None], None] | None
    customizations: int = 0
    rows: int = 0
    without_pins: int = 0
    odd: int = 0
    odd_columns: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    with_unknown: int = 0
    requests: int = 0
    sheets: int = 1
    total: int | None = None
    sure: bool = False

    def write(self, stream: IO[bytes]) -> None:
        """Read all that is live and write it. Raises `ImporterError` where that fails on the way."""
        from importer.live.service import with_service  # noqa: PLC0415 - heavy

        with_service(
            lambda service: self._read(service, stream),
            self.service.tracker,
            self.service.key,
            self.settings.sending,
            self.hooks,
        )

    async def _read(self, service: Service, stream: IO[bytes]) -> None:
        from importer.live.export import Everything  # noqa: PLC0415 - heavy

        sink: list[Sink] = []

        def take(lives: Sequence[Live]) -> None:
            """Add live customizations to the rows, and show how far it is."""
            if not sink:
                self._open(sink, stream, lives)
            for live in lives:
                self._add(live, sink[0])
            if self.progress is not None:
                self.progress(everything.count, everything.total)

        everything = Everything(service, self.filters, take)
        try:
            await service.unless_stopped(everything.read())
            self.requests = service.transport.requests
            self._refuse(everything, service)
            self.total, self.sure = everything.total, everything.is_sure
            if not sink:
                self._open(sink, stream, ())
            self.sheets = sink[0].close([*self._facts()])
        except BaseException:
            for each in sink:
                each.abandon()
            raise

    def _refuse(self, everything: Everything, service: Service) -> None:
        """Raise what ended the reading early."""
        from importer.live.reading import denial  # noqa: PLC0415 - heavy

        trouble, stop = everything.trouble, service.stop
        if stop is not None and stop.code == "interrupted":
            raise InterruptedRun(texts.INTERRUPTED, code="interrupted")
        if trouble is None and stop is None:
            return
        stop = denial(trouble, service) or stop
        if stop is not None:
            raise StoppedError(stop.text, code=stop.code)
        if trouble is not None and trouble.kind == "no-list":
            raise StoppedError(texts.NO_LIST, code="no-list")
        count = counted(everything.count, "customization")
        raise StoppedError(texts.UNREADABLE.format(count=count), code="unreadable")

    def _open(self, sink: list[Sink], stream: IO[bytes], lives: Sequence[Live]) -> None:
        """Begin the file. Metadata have a column unless the service seems to show none at all."""
        from importer.live.rows import Rows  # noqa: PLC0415 - heavy
        from importer.reporting.export_file import CsvSink, WorkbookSink  # noqa: PLC0415

        zone = self.settings.checking.timezone or options.local_timezone()
        shown = not lives or any(live.has_metadata for live in lives)
        self._made = Rows(zone, with_metadata=shown)
        kind = CsvSink if self.path.suffix.lower() == ".csv" else WorkbookSink
        sink.append(kind(stream, self._made.header, texts.TITLE.format(tracker=self.service.tracker.tracker_id)))

    def _add(self, live: Live, sink: Sink) -> None:
        found = self._made.of(live)
        for row in found.rows:
            sink.add(row)
        self.customizations += 1
        self.rows += len(found.rows)
        self.without_pins += PINS in live.fields and not live.fields[PINS]
        self.odd += bool(found.odd)
        self.odd_columns.update(found.odd)
        self.with_unknown += bool(found.unknown)
        self.unknown.update(found.unknown)

    # ── What people should know ────────────────────────────────────────────────────────────────────────────

    def report(self, written: Path) -> ExportReport:
        """The report of it."""
        rows = counted(self.rows, "row")
        customizations = counted(self.customizations, "customization")
        message = texts.DONE.format(customizations=customizations, rows=rows, path=written)
        notices = self._notices()
        if not self.customizations:
            message = texts.NONE.format(path=written)
        if not self.sure:
            message = f"{message} {self._incomplete()}"
        return ExportReport(
            file=str(written),
            customizations=self.customizations,
            rows=self.rows,
            without_pins=self.without_pins,
            odd=self.odd,
            unknown_fields=dict(self.unknown),
            complete=self.sure,
            requests=self.requests,
            notices=notices,
            seconds=self.clock.seconds(),
            exit_code=int(not self.sure),
            message=message,
        )

    def _incomplete(self) -> str:
        if self.total is None:
            return texts.INCOMPLETE_UNTOLD.format(path=self.path)
        return texts.INCOMPLETE.format(path=self.path, total=f"{self.total:,}", count=f"{self.customizations:,}")

    def _notices(self) -> tuple[Notice, ...]:
        return (*self._said(), *self._unsettled())

    def _said(self) -> Iterator[Notice]:
        if self.odd:
            columns = _named(self.odd_columns)
            said = {"customizations": counted(self.odd, "customization"), "columns": columns} | verbs(self.odd)
            yield Notice("export-odd", texts.ODD_VALUES.format(**said), "warning")
        if self.unknown:
            said = {"customizations": counted(self.with_unknown, "customization")} | verbs(self.with_unknown)
            yield Notice("export-unknown", texts.UNKNOWN_FIELDS.format(fields=_named(self.unknown), **said))
        if self.without_pins:
            said = {"customizations": counted(self.without_pins, "customization")} | verbs(self.without_pins)
            yield Notice("export-no-pins", texts.NO_PINS.format(**said))
        if self.sheets > 1:
            names = ", ".join([LIVE_SHEET, *(f"{LIVE_SHEET} {number}" for number in range(2, self.sheets + 1))])
            yield Notice("export-sheets", texts.MORE_SHEETS.format(sheets=names))

    def _unsettled(self) -> Iterator[Notice]:
        """Customizations whose creation an earlier import has not settled."""
        from importer.ledger import Ledger  # noqa: PLC0415 - heavy

        with contextlib.suppress(ImporterError):
            ledger = Ledger.view(self.service.ledger)
            with ledger or contextlib.nullcontext():
                runs = {run.run for run in ledger.upkeep.runs() if self._is_here(run)} if ledger else set()
                count = sum(entry.run in runs for entry in ledger.upkeep.unknown()) if ledger else 0
            if count:
                yield Notice("export-unsettled", texts.UNSETTLED.format(scopes=counted(count, "customization")))

    def _is_here(self, run: RunEntry) -> bool:
        return (run.tracker_id, run.base_url) == (self.service.tracker.tracker_id, self.service.tracker.base_url)

    def _facts(self) -> Iterator[tuple[str, str | int]]:
        yield texts.LABELS["command"], "export"
        yield TRACKER, self.service.tracker.tracker_id
        yield BASE_URL, self.service.tracker.base_url
        yield REHEARSAL, NO
        for name, value in self.filters.pairs():
            yield texts.LABELS["filters"], f"{name}: {value}"
        yield texts.LABELS["started"], self.clock.started.isoformat(" ", "seconds")
        yield texts.LABELS["ended"], datetime.now(UTC).astimezone().isoformat(" ", "seconds")
        yield texts.LABELS["timezone"], str(self.settings.checking.timezone or options.local_timezone())
        yield texts.LABELS["version"], __version__
        yield texts.LABELS["customizations"], self.customizations
        yield texts.LABELS["rows"], self.rows
        yield texts.LABELS["complete"], YES if self.sure else NO
        yield from ((texts.LABELS["notice"], notice.text) for notice in self._said())
        if not self.sure:
            yield texts.LABELS["notice"], self._incomplete()


def _named(counts: Counter[str]) -> str:
    """The most frequent of these, and how many more there are."""
    names = [name for name, _ in counts.most_common(_NAMED)]
    return ", ".join(names) + (" …" if len(counts) > len(names) else "")
