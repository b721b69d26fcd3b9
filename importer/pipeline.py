"""`check` and `run_import`: a file's way, station by station, as the README tells it."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from importer import __version__, options
from importer.catalogue import files, screen
from importer.catalogue import results as result_texts
from importer.catalogue.run import COMMENTS, ERRORS
from importer.catalogue.screen import MESSAGES
from importer.delivery import DeliveryRequest, Earlier, Hooks, judge
from importer.errors import FileError, ImporterError, StoppedError, UsageError
from importer.ledger import Ledger
from importer.model import HeldBack, Notice, NotSent, Outcome, Ready, Report, RunFacts, Said, Sheet, Stop
from importer.reading import read
from importer.settings import MappingOptions

# What stands on pandas is loaded where it is called: by then another process parses the workbook.
if TYPE_CHECKING:
    import os

    from importer.checking import Checked
    from importer.options import Options
    from importer.reporting import Finished
    from importer.scopes import Scopes
    from importer.settings import CheckOptions, Secret, Settings, Target


USUAL_PACE = 6.0
"""Requests a second that a tracker may send, as published for other APIs of the vendor."""


@dataclass(frozen=True)
class Plan:
    """What a file came to before the first request. `earlier.due` are the numbers of the scopes to send."""

    sheet: Sheet
    checked: Checked
    scopes: Scopes
    earlier: Earlier
    target: Target | None
    timezone: str
    rehearsal: bool
    pace: float | None = None
    """Scopes a second that this tracker is known or thought to take; `None` where nothing will be sent."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What people should know before anything is sent."""
        return (*self.sheet.notices, *self.checked.notices, *self.scopes.notices, *self.earlier.notices)

    def outcomes(self, of_due: Callable[[int], Outcome]) -> list[Outcome]:
        """One outcome for each scope: held back, known from before, or what `of_due` says of its number."""
        found: list[Outcome] = []
        for number, blocker in enumerate(self.scopes.blocker.tolist()):
            if blocker:
                found.append(HeldBack(self._because(number, blocker)))
            else:
                found.append(self.earlier.outcomes.get(number) or of_due(number))
        return found

    def _because(self, number: int, blocker: int) -> str:
        """Why a wrong row holds a scope back: it is its only row, one of its rows, or may be one of them."""
        rows = self.scopes.rows(number)
        own = "held-by-row" if len(rows) > 1 else "held-by-itself"
        text = COMMENTS[own if blocker in rows else "held-by-neighbour"]
        return Said(text, self.sheet.row_label, {"row": blocker})


@dataclass(frozen=True)
class Ending:
    """What a plan came to: one outcome for each scope, why it ended early, and what people should know of it."""

    outcomes: Sequence[Outcome]
    stop: Stop | None = None
    notices: tuple[Notice, ...] = ()
    probe: Callable[[str], None] | None = None
    written: bool = True
    requests: int = 0


@dataclass(frozen=True)
class Service:
    """Where a run's scopes go: the live service, or a stand-in that lasts as long as the run."""

    target: Target
    key: Secret
    ledger: Path


def _go_ahead(_: Plan) -> bool:
    return True


def _not_shown(_: Sheet) -> None:
    """Nobody looks at the sheet before it is checked."""


def check(
    path: str | os.PathLike[str],
    *,
    show: Callable[[Plan], object] = _go_ahead,
    show_sheet: Callable[[Sheet], object] = _not_shown,
    **given: Unpack[Options],
) -> Report:
    """Read and check a file, and say what an import would send. Nothing is sent; no key is needed.

    `given` are the options by the names of the command line's (see `importer.Options`). With `output` the results
    are written there. `show_sheet` is called with the sheet once it is read, `show` with what was found. Raises
    `ImporterError` for a file or an option that cannot be used.
    """
    clock, settings = Stopwatch(), options.settings(given)
    sheet, checked, scopes = _understood(path, settings, clock, show_sheet)
    with _viewed_ledger(settings) as ledger:
        earlier = _judged(sheet, scopes, ledger, settings, settings.target, clock)
    plan = Plan(sheet, checked, scopes, earlier, settings.target, _zone(settings), rehearsal=False)
    show(plan)
    ending = Ending(
        plan.outcomes(lambda number: earlier.shown.get(number) or Ready()), written=settings.output is not None
    )
    return _reported("check", plan, ending, settings, clock)


def run_import(
    path: str | os.PathLike[str],
    *,
    confirm: Callable[[Plan], bool] = _go_ahead,
    hooks: Callable[[int], Hooks] = lambda _: Hooks(),
    **given: Unpack[Options],
) -> Report:
    """Read, check, group and send a file, and write the results workbook.

    `given` are the options by the names of the command line's (see `importer.Options`). `confirm` is called with what
    was found, before anything is sent; if it says no, nothing is. `hooks` is called with the number of scopes to send
    and gives what the delivery calls on its way. Blocks until all is done or stopped; on the main thread Ctrl-C
    ends it in good order. Trouble with rows and scopes is in the report. Raises `ImporterError` for trouble with the
    run before anything was sent.
    """
    clock, settings = Stopwatch(), options.settings(given)
    with _service(settings) as service:
        sheet, checked, scopes = _understood(path, settings, clock)
        with Ledger.open(service.ledger) as ledger, ledger.claim(service.target):
            earlier = _judged(sheet, scopes, ledger, settings, service.target, clock)
            pace = _pace(ledger, service.target, settings)
            plan = Plan(sheet, checked, scopes, earlier, service.target, _zone(settings), settings.sandbox, pace)
            refusal = _refusal(plan, settings, confirm)
            if refusal:
                # Who said no has seen all there is to see; who asked for --strict gets the wrong cells marked.
                ending = Ending(
                    plan.outcomes(lambda _: NotSent(COMMENTS[refusal])), written=refusal != "not-sent-declined"
                )
                return _reported("import", plan, ending, settings, clock)
            return _sent(plan, service, ledger, settings, hooks(len(earlier.due)), clock)


def _refusal(plan: Plan, settings: Settings, confirm: Callable[[Plan], bool]) -> str:
    """Why nothing is sent at all; "" if something may be."""
    if settings.strict and plan.checked.problems.problem_count:
        return "not-sent-strict"
    return "" if confirm(plan) else "not-sent-declined"


def _sent(plan: Plan, service: Service, ledger: Ledger, settings: Settings, hooks: Hooks, clock: Stopwatch) -> Report:
    from importer.delivery import run_delivery  # noqa: PLC0415 - a check needs no aiohttp
    from importer.delivery.shutdown import listen  # noqa: PLC0415

    request = DeliveryRequest(service.target, service.key, settings.sending, plan.sheet.file, plan.sheet.sha256)
    # Until the workbook is in place no signal ends the run: what was sent is known nowhere else but in the ledger.
    with listen(lambda: None):
        delivered = run_delivery(plan.scopes, plan.earlier, request, ledger, hooks)
        outcomes = plan.outcomes(delivered.outcomes.__getitem__)
        ending = Ending(outcomes, delivered.stop, delivered.notices, hooks.probe, requests=delivered.requests)
        report = _reported("import", plan, ending, settings, clock)
        if report.exit_code == 0:
            with contextlib.suppress(sqlite3.Error):
                ledger.fulfil(delivered.run)
        elif settings.sending.again:
            report = replace(report, message=f"{report.message} {MESSAGES['again-open']}")
    return report


def _pace(ledger: Ledger, target: Target, settings: Settings) -> float | None:
    """How many scopes a second will be sent, as far as that is known before."""
    if settings.sandbox:
        return None
    place = ledger.place(target)
    known = ledger.pace(place) if place is not None else None
    pace = known or USUAL_PACE
    return min(pace, settings.sending.max_rate or pace)


class Stopwatch:
    """When the run began, by the wall and by a steady clock."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC).astimezone()
        self._steady = time.monotonic()

    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._steady


def _understood(
    path: str | os.PathLike[str],
    settings: Settings,
    clock: Stopwatch,
    show: Callable[[Sheet], object] = _not_shown,
) -> tuple[Sheet, Checked, Scopes]:
    sheet, checking = _as_before(_read(path, settings), settings.checking)
    show(sheet)
    from importer.checking import check as check_sheet  # noqa: PLC0415 - heavy
    from importer.checking.missing import refuse_missing_columns  # noqa: PLC0415
    from importer.scopes import group  # noqa: PLC0415

    checked = check_sheet(sheet, checking, clock.started)
    refuse_missing_columns(checked)
    return sheet, checked, group(checked)


def _read(path: str | os.PathLike[str], settings: Settings) -> Sheet:
    """The sheet of pins: the file's own, or what a mapping makes of another system's export."""
    if settings.mapping != MappingOptions():
        from importer.mapping.load import chosen  # noqa: PLC0415 - most sheets need none
        from importer.mapping.read import read_mapped  # noqa: PLC0415

        if (mapping := chosen(settings.mapping)) is not None:
            return read_mapped(path, settings.reading, mapping)
    try:
        return read(path, settings.reading)
    except FileError as error:
        from importer.mapping.read import FOREIGN, with_hint  # noqa: PLC0415 - most sheets need none

        if error.code not in FOREIGN:
            raise
        raise with_hint(error, path, settings.reading) from error


def _as_before(sheet: Sheet, checking: CheckOptions) -> tuple[Sheet, CheckOptions]:
    """A results workbook's dates are read in the order of the run that wrote it, an export's as its mapping says,
    unless another one is asked for."""
    if sheet.date_order is None or checking.date_order is not None:
        return sheet, checking
    code = "date-order" if sheet.origin is None else "date-order-mapping"
    said = files.notice(code, order=screen.DATE_ORDERS[sheet.date_order])
    return replace(sheet, notices=(*sheet.notices, said)), replace(checking, date_order=sheet.date_order)


def _judged(
    sheet: Sheet, scopes: Scopes, ledger: Ledger | None, settings: Settings, target: Target | None, clock: Stopwatch
) -> Earlier:
    return judge(scopes, sheet.provenance, ledger, target, settings.sending, clock.started)


def _zone(settings: Settings) -> str:
    return str(settings.checking.timezone or "")


@contextlib.contextmanager
def _viewed_ledger(settings: Settings) -> Iterator[Ledger | None]:
    ledger = Ledger.view(settings.ledger or default_ledger()) if settings.target else None
    with ledger or contextlib.nullcontext():
        yield ledger


@contextlib.contextmanager
def _service(settings: Settings) -> Iterator[Service]:
    if settings.sandbox:
        from importer.sandbox import running_sandbox  # noqa: PLC0415 - rehearsals only
        from importer.settings import Secret, Target  # noqa: PLC0415

        with running_sandbox() as stand_in, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            target = Target(stand_in.tracker_id, stand_in.url)
            yield Service(target, Secret(stand_in.private_key), Path(folder, "ledger.sqlite"))
        return
    if settings.target is None:
        raise UsageError(ERRORS["tracker-missing"], code="tracker-missing")
    if settings.key is None:
        raise UsageError(ERRORS["key-missing"], code="key-missing")
    yield Service(settings.target, settings.key, settings.ledger or default_ledger())


def default_ledger() -> Path:
    """The user's own ledger, in the folder where this system keeps state."""
    import platformdirs  # noqa: PLC0415 - only when needed

    folder = Path(platformdirs.user_state_dir("pin-importer", appauthor=False))
    if not folder.is_absolute():
        raise StoppedError(ERRORS["no-home"], code="no-home")
    return folder / "ledger.sqlite"


def _reported(
    command: Literal["import", "check"],
    plan: Plan,
    ending: Ending,
    settings: Settings,
    clock: Stopwatch,
) -> Report:
    """Write the results where they are wanted, and say how the run ended."""
    facts = RunFacts(
        command=command,
        version=__version__,
        started=clock.started,
        ended=datetime.now(UTC).astimezone(),
        tracker_id=plan.target.tracker_id if plan.target else "",
        base_url=plan.target.base_url if plan.target else "",
        rehearsal=plan.rehearsal,
        timezone=plan.timezone,
        date_order=settings.checking.date_order or plan.sheet.date_order or "",
        stop=ending.stop,
        notices=(*plan.checked.notices, *plan.scopes.notices, *plan.earlier.notices, *ending.notices),
        requests=ending.requests,
    )
    from importer.reporting import Finished  # noqa: PLC0415 - heavy
    from importer.reporting import report as verdict  # noqa: PLC0415

    finished = Finished(plan.sheet, plan.checked, plan.scopes, ending.outcomes, facts)
    report = verdict.report(finished, strict=settings.strict)
    if ending.written:
        report = _with_results(report, finished, settings, ending.probe)
    return replace(report, seconds=clock.seconds())


def _with_results(
    report: Report, finished: Finished, settings: Settings, probe: Callable[[str], None] | None
) -> Report:
    try:
        from importer.reporting import write_results  # noqa: PLC0415 - heavy

        path = write_results(finished, settings.output, probe=probe)
    except ImporterError as error:
        return replace(report, message=f"{report.message} {error}", exit_code=max(report.exit_code, 3))
    report = replace(report, results=str(path))
    if settings.output is None or path == settings.output:
        return report
    elsewhere = Notice("results-elsewhere", result_texts.ELSEWHERE.format(wanted=settings.output, path=path))
    return replace(report, notices=(*report.notices, elsewhere))
