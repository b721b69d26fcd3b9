"""`check` and `run_import`: a file's way, station by station, as the README describes it."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Unpack

from importer import options
from importer.api.signing import ServerClock
from importer.catalogue import results as result_texts
from importer.catalogue.errors import ERRORS
from importer.catalogue.outcomes import COMMENTS
from importer.catalogue.run import NOTICES
from importer.catalogue.screen import MESSAGES, counted
from importer.delivery import DeliveryRequest, Hooks, plan_sending
from importer.errors import ImporterError, InterruptedRun, StoppedError, UsageError
from importer.ledger import Ledger
from importer.model import Created, Notice, NotSent, Outcome, Ready, Sheet
from importer.sources import Service, read_sheet, service_of, viewed_ledger

# What stands on pandas is loaded where it is called: by then another process parses the workbook.
if TYPE_CHECKING:
    import os

    from importer.live.plan import UpdatePlan
    from importer.options import Options
    from importer.reporting.report import Report
    from importer.run import Run
    from importer.settings import Secret, Settings, Tracker


USUAL_PACE = 6.0
"""Requests a second that a tracker may send, as published for other APIs of the vendor."""


def understand(path: str | os.PathLike[str], settings: Settings, started: datetime) -> Run:
    """A file read, checked and grouped. Raises `ImporterError` for one that cannot be used."""
    return _check_and_group("check", read_sheet(path, settings), settings, None, started)


def check(
    path: str | os.PathLike[str],
    *,
    show: Callable[[Run], object] | None = None,
    show_sheet: Callable[[Sheet], object] | None = None,
    looking: Hooks | None = None,
    **given: Unpack[Options],
) -> Report:
    """Read and check a file, and say what an import would send. Nothing is sent; no key is needed.

    Where tracker and key are known, what is live is looked at; `looking` is what that calls on its way. `given` are
    the options by the names of the command line's (see `importer.Options`). With `output` the results are written
    there. `show_sheet` is called with the sheet once it is read, `show` with what was found. Raises `ImporterError` for
    a file or an option that cannot be used.
    """
    clock, settings = Stopwatch(), _with_any_key(given)
    sheet = read_sheet(path, settings)
    if show_sheet is not None:
        show_sheet(sheet)
    run = _check_and_group("check", sheet, settings, settings.tracker, clock.started)
    with viewed_ledger(settings) as ledger:
        run = _plan(run, ledger, settings)
        run, _ = _look(run, settings, settings.key, looking, ledger)
    if run.stop is not None and settings.update:
        trouble = InterruptedRun if run.stop.exit_code == InterruptedRun.exit_code else StoppedError
        raise trouble(run.stop.text, code=run.stop.code)
    if run.stop is not None:
        # A check says what it can: only an import stops where the service does not let it in.
        said = Notice("look-denied", NOTICES["look-denied"].format(text=run.stop.text), "warning")
        run = replace(run, stop=None, notices=(*run.notices, said))
    if show is not None:
        show(run)
    run = run.settled(lambda number: run.plan.shown.get(number) or Ready())
    return _report(run, settings, clock, written=settings.output is not None)


def run_import(
    path: str | os.PathLike[str],
    *,
    confirm: Callable[[Run], bool] | None = None,
    hooks: Callable[[int], Hooks] | None = None,
    looking: Hooks | None = None,
    counts: bool = False,
    **given: Unpack[Options],
) -> Report:
    """Read, check, group and send a file, and write the results workbook.

    `given` are the options by the names of the command line's (see `importer.Options`). What is live is looked at
    first; `looking` is what that calls on its way. `confirm` is called with what was found, before anything is sent; if
    it says no, nothing is; `counts` says that it has a person type the number of changes where these are many. `hooks`
    is called with the number of scopes to send and gives what the delivery calls on its way. Blocks until all is done
    or stopped; on the main thread Ctrl-C ends it in good order. Trouble with rows and scopes is in the report. Raises
    `ImporterError` for trouble with the run before anything was sent.
    """
    clock, settings = Stopwatch(), options.settings(given, with_key=True)
    with service_of(settings) as service:
        run = _check_and_group("import", read_sheet(path, settings), settings, service.tracker, clock.started)
        with Ledger.open(service.ledger) as ledger, ledger.claim(service.tracker):
            run = _plan(run, ledger, settings)
            # Who said no has seen all there is to see; who asked for --strict gets the wrong cells marked.
            if settings.strict and run.checked.problems.problem_count:
                return _report(run.settled(lambda _: NotSent(COMMENTS["not-sent-strict"])), settings, clock)
            run, server = _look(run, settings, service.key, looking, ledger)
            if run.stop is not None:
                return _report(run.settled(lambda _: NotSent(COMMENTS["not-sent"])), settings, clock)
            if run.update is not None:
                _guard(run.update, settings, counts=counts)
            if confirm is not None and not confirm(run):
                run = run.settled(lambda _: NotSent(COMMENTS["not-sent-declined"]))
                return _report(run, settings, clock, written=False)
            scopes = len(run.plan.due) + (len(run.update.changes) if run.update else 0)
            sending = hooks(scopes) if hooks is not None else Hooks()
            if server is not None and sending.clock is ServerClock:
                sending = replace(sending, clock=lambda: server)  # what was learnt of the server's time still holds
            return _send(run, service, ledger, settings, sending, clock)


def _send(run: Run, service: Service, ledger: Ledger, settings: Settings, hooks: Hooks, clock: Stopwatch) -> Report:
    from importer.delivery import run_delivery  # noqa: PLC0415 - a check needs no aiohttp
    from importer.delivery.shutdown import listen  # noqa: PLC0415

    request = DeliveryRequest(service.tracker, service.key, settings.sending, run.sheet.file, run.sheet.sha256)
    # Until the workbook is in place no signal ends the run: what was sent is known nowhere else but in the ledger.
    with listen(lambda: None):
        if run.update is None:
            sent = run_delivery(run.scopes, run.plan, request, ledger, hooks)
        else:
            from importer.updating import carry_out_update  # noqa: PLC0415 - most runs update nothing

            sent = carry_out_update(run, run.update, request, ledger, hooks)
        outcomes = _beside(sent.outcomes, run.plan.beside) if run.plan.beside else sent.outcomes
        run = run.settled(outcomes.__getitem__)
        requests = run.requests + sent.requests
        run = replace(run, stop=sent.stop, notices=(*run.notices, *sent.notices), requests=requests)
        report = _report(run, settings, clock, probe=hooks.probe)
        if report.exit_code == 0:
            with contextlib.suppress(sqlite3.Error):
                ledger.fulfil(sent.run)
        elif settings.sending.again:
            report = replace(report, message=f"{report.message} {MESSAGES['again-open']}")
    return report


class Stopwatch:
    """When the run began, by the wall and by a steady clock."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC).astimezone()
        self._steady = time.monotonic()

    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._steady


def _check_and_group(
    command: Literal["import", "check"], sheet: Sheet, settings: Settings, tracker: Tracker | None, started: datetime
) -> Run:
    """The sheet checked and grouped. Dates are read in the order of the run that wrote a results workbook, those of an
    export as its mapping says, unless another order is asked for."""
    from importer.checking import check as check_sheet  # noqa: PLC0415 - heavy
    from importer.checking import refuse_missing_columns  # noqa: PLC0415
    from importer.run import Run  # noqa: PLC0415
    from importer.scopes import Scopes  # noqa: PLC0415

    checking = replace(settings.checking, date_order=settings.checking.date_order or sheet.date_order)
    checked = check_sheet(sheet, checking, started)
    refuse_missing_columns(checked)
    scopes = Scopes(checked)
    hint = (Notice("shop", settings.hint),) if settings.hint else ()
    return Run(
        command=command,
        started=started,
        sheet=sheet,
        checked=checked,
        scopes=scopes,
        timezone=str(checking.timezone or ""),
        date_order=checking.date_order or "",
        tracker=tracker,
        rehearsal=settings.sandbox and command == "import",
        shop=settings.shop,
        notices=(*hint, *checked.notices, *scopes.notices),
    )


def _plan(run: Run, ledger: Ledger | None, settings: Settings) -> Run:
    """The run with what is known of its scopes before anything is sent."""
    plan = plan_sending(run.scopes, run.sheet.provenance, ledger, run.tracker, settings.sending, run.started)
    pace = None
    if run.command == "import" and not run.rehearsal and ledger is not None and run.tracker is not None:
        tracker_number = ledger.number_of(run.tracker)
        pace = (ledger.pace(tracker_number) if tracker_number is not None else None) or USUAL_PACE
        pace = min(pace, settings.sending.max_rate or pace)
    return replace(run, plan=plan, pace=pace, notices=(*run.notices, *plan.notices))


def _with_any_key(given: Options) -> Settings:
    """The settings of a check, which can do without the key."""
    if not given.get("no_look", False):
        with contextlib.suppress(UsageError):
            return options.settings(given, with_key=True)
    return options.settings(given)


def _guard(update: UpdatePlan, settings: Settings, *, counts: bool) -> None:
    """Refuse to change more than people know of. Raises `UsageError`."""
    count = len(update.changes)
    facts = {"customizations": counted(count, "customization"), "count": count, "live": f"{update.live:,}"}
    if settings.yes_delete is not None and count > settings.yes_delete:
        said = ERRORS["yes-delete-fewer"].format(allowed=settings.yes_delete, **facts)
        raise UsageError(said, code="yes-delete-fewer")
    if update.needs_number and settings.yes_delete is None and not counts:
        raise UsageError(ERRORS["yes-delete-missing"].format(**facts), code="yes-delete-missing")


def _look(
    run: Run, settings: Settings, key: Secret | None, hooks: Hooks | None, ledger: Ledger | None
) -> tuple[Run, ServerClock | None]:
    """The run with what is live taken into account, and the server's time as learnt on the way."""
    if settings.update:
        from importer.updating import plan_update  # noqa: PLC0415 - most runs update nothing

        return plan_update(run, settings, key, hooks, ledger)
    if not settings.look or run.tracker is None or key is None:
        return run, None
    from importer.live.look import look_first  # noqa: PLC0415 - a check without a key needs no aiohttp

    request = DeliveryRequest(run.tracker, key, settings.sending, run.sheet.file, run.sheet.sha256)
    found = look_first(run.plan, run.scopes, request, hooks or Hooks())
    notices = (*run.notices, *found.plan.notices[len(run.plan.notices) :])
    return replace(run, plan=found.plan, notices=notices, requests=found.requests, stop=found.stop), found.clock


def _beside(outcomes: Mapping[int, Outcome], beside: Mapping[int, Sequence[str]]) -> Mapping[int, Outcome]:
    """The outcomes, where each customization that was created beside others on purpose says so."""
    found = dict(outcomes)
    for number, ids in beside.items():
        outcome = found.get(number)
        if ids and isinstance(outcome, Created):
            said = COMMENTS["live-beside"].format(ids=", ".join(ids))
            found[number] = replace(outcome, warning=" ".join(filter(None, (outcome.warning, said))))
    return found


def _report(
    run: Run,
    settings: Settings,
    clock: Stopwatch,
    *,
    probe: Callable[[str], None] | None = None,
    written: bool = True,
) -> Report:
    """Write the results where they are wanted, and say how the run ended."""
    from importer.reporting import report_of, write_results  # noqa: PLC0415 - heavy

    run = replace(run, ended=datetime.now(UTC).astimezone())
    report = report_of(run, strict=settings.strict)
    if written:
        try:
            path = write_results(run, settings.output, probe=probe)
        except ImporterError as error:
            message, code = f"{report.message} {error}", max(report.exit_code, 3)
            report = replace(report, message=message, exit_code=code)
        else:
            report = replace(report, results=str(path))
            if settings.output is not None and path != settings.output:
                text = result_texts.ELSEWHERE.format(wanted=settings.output, path=path)
                report = replace(report, notices=(*report.notices, Notice("results-elsewhere", text)))
    return replace(report, seconds=clock.seconds())
